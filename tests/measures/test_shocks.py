"""Levels of years with planted shocks, found again and drawn on."""

from __future__ import annotations

import numpy as np
import pytest

from workbench.errors import BadInput
from workbench.measures.shocks import draw_years, fit_years

SCALE = 0.2
HALF_NORMAL_MEAN = SCALE * np.sqrt(2.0 / np.pi)


def test_many_years_tell_the_spread_of_shocks_and_the_line() -> None:
    rng, when = np.random.default_rng(1), -np.arange(80.0)
    levels = 0.5 + 0.01 * when + 0.3 * rng.standard_normal(80)
    found = fit_years(levels, np.zeros((80, 80)), when, scale=SCALE, trend=True)
    assert found.spread == pytest.approx(0.3, abs=0.07)
    assert found.line == pytest.approx([0.5, 0.01], abs=0.2)
    assert found.line[1] == pytest.approx(0.01, abs=0.004)


def test_what_the_levels_own_errors_explain_is_no_shock() -> None:
    rng, when = np.random.default_rng(2), -np.arange(80.0)
    levels = 0.3 * rng.standard_normal(80)
    found = fit_years(levels, 0.09 * np.eye(80), when, scale=SCALE, trend=False)
    assert found.spread < 0.12


def test_one_year_leaves_the_prior_and_tells_no_trend() -> None:
    """Half of a normal curve of scale .2 has mean .2 x sqrt(2 / pi) = .16."""
    found = fit_years([0.4], [[0.01]], [-0.5], scale=SCALE, trend=True)
    assert found.spread == pytest.approx(HALF_NORMAL_MEAN, rel=0.03)
    assert found.line.tolist() == pytest.approx([0.4, 0.0])
    assert (found.covariances[:, 1] == 0).all()


def test_a_few_years_far_apart_widen_the_prior_and_level_ones_narrow_it() -> None:
    apart, alike = (
        fit_years(levels, 1e-4 * np.eye(4), [-4, -3, -2, -1], scale=SCALE, trend=False)
        for levels in ([0.5, -0.5, 0.4, -0.4], [0.01, -0.01, 0.0, 0.0])
    )
    assert apart.spread > 1.5 * HALF_NORMAL_MEAN
    assert alike.spread < 0.5 * HALF_NORMAL_MEAN


def test_drawn_years_have_the_line_its_doubt_and_shocks_of_their_own() -> None:
    """Two years of levels 0 and 0: their line's error is that of their mean, and one shock each."""
    found = fit_years([0.0, 0.0], 0.02 * np.eye(2), [-2, -1], scale=SCALE, trend=False)
    stream = np.random.Generator(np.random.Philox(3))
    lines, shocks = draw_years(found, 4, 40_000, stream)
    assert lines[:, 1] == pytest.approx(0.0, abs=1e-4)
    doubt = found.chances @ found.covariances[:, 0, 0]
    assert lines[:, 0].var() == pytest.approx(doubt, rel=0.05)
    assert shocks.var(axis=0) == pytest.approx(
        np.full(4, found.chances @ found.spreads**2), rel=0.1
    )
    assert (shocks[:, 0] * shocks[:, 1]).mean() == pytest.approx(0.0, abs=0.002)


def test_levels_that_do_not_fit_are_refused() -> None:
    with pytest.raises(BadInput, match="do not fit"):
        fit_years([0.1, 0.2], np.eye(3), [0, 1], scale=SCALE, trend=False)
    with pytest.raises(BadInput, match="cannot be"):
        fit_years([0.1], [[1.0]], [0], scale=0.0, trend=False)
