"""Counts with planted lasting and passing differences, found again."""

from __future__ import annotations

from types import SimpleNamespace

import numpy as np
import pytest
from scipy import optimize, stats

from workbench.errors import BadInput, RunFailed
from workbench.measures import lasting
from workbench.measures.lasting import (
    LastingCounts,
    VarianceBelief,
    fit_lasting,
    lasting_nodes,
    variance,
)

BELIEF = VarianceBelief(0.3, 1.5, 0.5)


def planted(
    seed: int, units: int, *, lasting: float, passing: float
) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    """Counts, sizes, periods, units and lasting factors of units watched over three years."""
    rng = np.random.default_rng(seed)
    size = rng.geometric(0.2, units)
    factor = np.exp(np.sqrt(lasting) * rng.standard_normal(units) - lasting / 2)
    rate = 0.5 * size**0.8 * factor * np.array([[1.0], [0.7], [0.5]])
    shape = (3, units)
    counts = rng.poisson(rate * rng.gamma(1 / passing, passing, shape))
    periods, names = np.repeat([0, 1, 2], units), np.tile(np.arange(units) + 70, 3)
    return counts.ravel(), np.tile(size, 3), periods, names, factor


@pytest.fixture(scope="module")
def found() -> LastingCounts:
    counts, sizes, periods, units, _ = planted(1, 1500, lasting=0.5, passing=0.3)
    return fit_lasting(counts, sizes, np.ones(len(counts)), periods, units, belief=BELIEF)


def test_planted_levels_slope_and_variances_are_found_again(found: LastingCounts) -> None:
    levels = np.log(0.5 * np.array([1.0, 0.7, 0.5])) + 0.8 * found.middle
    errors = np.sqrt(np.diag(found.covariance))
    assert np.abs(found.levels - levels).max() < 3.5 * errors[:3].max()
    assert found.by_size == pytest.approx(0.8, abs=3.5 * errors[3])
    assert errors.max() < 0.08
    assert variance(found.lasting, np.log([5.0])) == pytest.approx([0.5], abs=0.12)
    assert variance(found.passing, np.log([5.0])) == pytest.approx([0.3], abs=0.12)


def test_what_was_seen_of_a_unit_tells_of_its_lasting_factor(found: LastingCounts) -> None:
    factor = planted(1, 1500, lasting=0.5, passing=0.3)[4]
    known = (found.weights * found.factors).sum(axis=1)
    assert found.weights.sum(axis=1) == pytest.approx(np.ones(1500))
    assert known.mean() == pytest.approx(1.0, abs=0.05)
    assert stats.spearmanr(known, factor).statistic > 0.6


def test_passing_differences_are_not_taken_for_lasting_ones() -> None:
    counts, sizes, periods, units, _ = planted(2, 1500, lasting=1e-9, passing=0.8)
    found = fit_lasting(counts, sizes, np.ones(len(counts)), periods, units, belief=BELIEF)
    assert variance(found.lasting, np.log([5.0]))[0] < 0.08
    assert variance(found.passing, np.log([5.0]))[0] == pytest.approx(0.8, abs=0.2)


def test_twice_the_exposure_is_half_the_rate() -> None:
    counts, sizes, periods, units, _ = planted(3, 400, lasting=0.3, passing=0.3)
    one, two = (
        fit_lasting(counts, sizes, np.full(len(counts), years), periods, units, belief=BELIEF)
        for years in (1.0, 2.0)
    )
    assert two.levels == pytest.approx(one.levels - np.log(2.0), abs=0.01)


def test_factors_of_unknown_units_have_mean_one_and_their_variance() -> None:
    """A lognormal with variance s of its logarithm has variance exp(s) - 1."""
    chances, factors = lasting_nodes(np.array([np.log(0.4), 0.0]), [1.0, 9.0])
    assert factors @ chances == pytest.approx([1.0, 1.0])
    assert factors**2 @ chances - 1.0 == pytest.approx(np.full(2, np.exp(0.4) - 1.0), rel=1e-3)


def test_counts_that_cannot_be_fitted_are_refused() -> None:
    with pytest.raises(BadInput, match="differ in length"):
        fit_lasting([1, 2], [1, 1], [1, 1], [0], [7], belief=BELIEF)
    with pytest.raises(BadInput, match="not above 0"):
        fit_lasting([1, 2], [1, 0], [1, 1], [0, 0], [7, 8], belief=BELIEF)
    with pytest.raises(RunFailed, match="nothing was counted in period 2"):
        fit_lasting([1, 0], [1, 1], [1, 1], [0, 1], [7, 7], belief=BELIEF)
    with pytest.raises(BadInput, match="above 0"):
        fit_lasting([1], [1], [1], [0], [7], belief=VarianceBelief(0.0, 1.5, 0.5))


def test_what_counts_cannot_tell_stays_as_it_was_believed() -> None:
    """A belief sure of itself is held to; 300 units that differ move one that is not."""
    counts, sizes, periods, units, _ = planted(4, 300, lasting=0.6, passing=0.1)
    wide, narrow = (
        fit_lasting(counts, sizes, np.ones(len(counts)), periods, units,
                    belief=VarianceBelief(0.02, width, 0.05))
        for width in (2.0, 0.02)
    )  # fmt: skip
    assert variance(narrow.lasting, [0.0]) == pytest.approx([0.02], rel=0.1)
    assert variance(wide.lasting, [0.0])[0] > 0.3


def test_units_of_one_size_tell_no_slope_and_are_refused() -> None:
    """One unit in one period: any slope fits as well as another."""
    with pytest.raises(RunFailed, match="did not end at a maximum"):
        fit_lasting([2], [1], [1.0], [0], [7], belief=BELIEF)


def test_a_search_that_has_not_ended_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    """It is stopped where it began, and left one of Newton's steps, which is a long one."""

    def stopped(_: object, start: np.ndarray, **__: object) -> SimpleNamespace:
        return SimpleNamespace(x=start)

    monkeypatch.setattr(optimize, "minimize", stopped)
    monkeypatch.setattr(lasting, "_MOST_STEPS", 1)
    counts, sizes, periods, units, _ = planted(5, 200, lasting=0.5, passing=0.3)
    with pytest.raises(RunFailed, match="did not end at a maximum"):
        fit_lasting(counts, sizes, np.ones(len(counts)), periods, units, belief=BELIEF)
