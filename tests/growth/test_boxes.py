"""Peeling, adjusting and pruning of one box, on cases whose answer is known."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import stats

from workbench.growth.boxes import Box, adjusted, find_box, grown, peel, prune, quality, quasi_p
from workbench.parameters.distributions import Floats

INF = np.inf


def open_box(factors: int) -> Box:
    return Box(np.full(factors, -INF), np.full(factors, INF))


def grid(rows: int = 400) -> Floats:
    """Two factors spread evenly, in no relation to each other."""
    rng = np.random.default_rng(1)
    even = (np.arange(rows) + 0.5) / rows
    return np.column_stack([even, rng.permutation(even)])


def test_a_box_holds_its_low_end_and_not_its_high_end() -> None:
    box = open_box(2).moved(0, "low", 0.2).moved(0, "high", 0.4)
    rows = np.array([[0.2, 9.0], [0.4, 9.0], [0.3, -9.0], [0.1, 0.0]])
    assert box.holds(rows).tolist() == [True, False, True, False]
    assert box.restricted == [0]
    assert box.freed(0).restricted == []


def test_quality_is_the_gain_in_density_by_the_root_of_the_mass() -> None:
    """A quarter of the rows all fail of a share of .4: .6 x .5."""
    outcome = np.array([1.0] * 25 + [0.2] * 75)
    inside = np.arange(100) < 25
    assert quality(inside, outcome) == pytest.approx((1.0 - 0.4) * 0.5)
    assert quality(np.zeros(100, bool), outcome) == 0.0


def test_each_slice_is_a_twentieth_and_the_one_that_leaves_most_failures() -> None:
    values = grid()
    outcome = (values[:, 0] > 0.5).astype(float)
    steps = peel(values, outcome, 0.5, [0, 1])
    assert [(step.factor, step.side) for step in steps[1:4]] == [(0, "low")] * 3
    assert steps[1].limit == pytest.approx(0.05)
    assert steps[2].limit == pytest.approx(0.05 + 0.95 * 0.05, abs=1 / 400)
    masses = [step.box.holds(values).mean() for step in steps]
    assert min(masses) >= 0.5
    assert masses == sorted(masses, reverse=True)


def test_only_factors_that_may_be_are_restricted() -> None:
    values = grid()
    steps = peel(values, (values[:, 0] > 0.5).astype(float), 0.5, [1])
    assert {step.factor for step in steps[1:]} == {1}


def test_rows_of_equal_value_go_together_and_a_constant_is_never_cut() -> None:
    values = np.column_stack([np.repeat([0.0, 1.0, 2.0, 3.0], 25), np.ones(100)])
    outcome = (values[:, 0] >= 2).astype(float)
    limits = {step.limit for step in peel(values, outcome, 0.1, [0, 1])[1:]}
    assert limits <= {0.5, 1.5, 2.5}
    box, _, _ = find_box(values, outcome, 0.1)
    assert (box.low[0], box.high[0]) == (1.5, INF)
    assert box.restricted == [0]


def test_limits_move_out_and_in_to_where_failure_begins() -> None:
    values = grid()
    outcome = ((values[:, 0] >= 0.6) & (values[:, 1] < 0.5)).astype(float)
    for low, high in ((0.72, 0.4), (0.5, 0.55)):
        rough = open_box(2).moved(0, "low", low).moved(1, "high", high)
        box = adjusted(rough, values, outcome, 0.05)
        assert box.low[0] == pytest.approx(0.6, abs=0.01)
        assert box.high[1] == pytest.approx(0.5, abs=0.01)


def test_quasi_p_is_binomial_where_rows_fail_or_do_not() -> None:
    """Bryant and Lempert 2010: 8 of 10 within, 12 of 40 without the restriction."""
    values = np.arange(40.0)[:, None]
    outcome = np.zeros(40)
    outcome[[0, 1, 2, 3, *range(30, 38)]] = 1.0
    box = open_box(1).moved(0, "low", 29.5)
    assert quasi_p(box, 0, values, outcome) == pytest.approx(stats.binom.sf(7, 10, 12 / 40))


def test_quasi_p_of_chances_is_that_of_a_random_choice_of_rows() -> None:
    """Against 20,000 random choices of 30 of 100 rows."""
    rng = np.random.default_rng(3)
    values, outcome = np.arange(100.0)[:, None], rng.uniform(0.2, 0.6, 100)
    box = open_box(1).moved(0, "low", 69.5)
    spread = outcome.std(ddof=1) * np.sqrt(0.7 / 30)
    outcome[70:] += (outcome.mean() + 1.9 * spread - outcome[70:].mean()) / 0.7
    seen = outcome[70:].mean()
    chosen = rng.permuted(np.tile(outcome, (20_000, 1)), axis=1)[:, :30].mean(axis=1)
    assert quasi_p(box, 0, values, outcome) == pytest.approx((chosen >= seen).mean(), abs=0.008)


def test_a_box_is_found_among_many_factors_and_much_noise() -> None:
    """Failure in 60% of a fifth of 1,000 futures, in 20% elsewhere, among twenty factors."""
    for seed in range(3):
        rng = np.random.default_rng(seed)
        values = rng.uniform(size=(1000, 20))
        chance = np.where((values[:, 3] > 0.6) & (values[:, 7] < 0.5), 0.6, 0.2)
        outcome = (rng.uniform(size=1000) < chance).astype(float)
        assert find_box(values, outcome, 0.1)[0].restricted == [3, 7], seed


def test_a_cut_that_peeling_passed_by_is_made_and_one_by_luck_is_not() -> None:
    values = grid()
    outcome = ((values[:, 0] >= 0.6) & (values[:, 1] < 0.5)).astype(float)
    half = open_box(2).moved(0, "low", 0.6)
    box = grown(half, values, outcome, 0.05)
    assert box.restricted == [0, 1]
    assert box.high[1] == pytest.approx(0.5, abs=0.01)
    assert grown(half, values, outcome, 0.39).restricted == [0]  # too few rows would be left
    luck = np.random.default_rng(2).integers(0, 2, 400).astype(float)
    assert grown(open_box(2), values, luck, 0.05).restricted == []


def test_a_restriction_that_chance_explains_or_that_adds_nothing_is_freed() -> None:
    values = grid()
    outcome = (values[:, 0] >= 0.6).astype(float)
    box = open_box(2).moved(0, "low", 0.6).moved(1, "high", 0.9)
    assert prune(box, values, outcome).restricted == [0]
    slight = (values[:, 0] >= 0.6) * 0.9 + (values[:, 1] < 0.9) * 0.005
    assert quasi_p(box, 1, values, slight) < 0.001
    assert prune(box, values, slight).restricted == [0]
