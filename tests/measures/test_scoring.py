"""Scores of forecasts solved by hand, and made forecasts whose rightness is known."""

from __future__ import annotations

import math

import numpy as np
import pytest

from workbench.errors import BadInput
from workbench.measures.scoring import (
    count_chances,
    evenness,
    gain,
    interval_masses,
    log_score,
    pit_histogram,
    randomised_pit,
    reliability_curve,
)


def poisson(cases: int, draws: int, mean: float, seed: int) -> tuple[np.ndarray, np.ndarray]:
    """Counts, and draws from the law that made them."""
    rng = np.random.default_rng(seed)
    return rng.poisson(mean, (draws, cases)), rng.poisson(mean, cases)


def test_log_score_of_a_case_solved_by_hand() -> None:
    """The chances given to what happened are .8 and .75: -(ln .8 + ln .75) / 2 = .25541."""
    assert log_score([0.8, 0.25], [1, 0]) == pytest.approx(-math.log(0.8 * 0.75) / 2)
    assert log_score([0.5, 0.5], [1, 0]) == pytest.approx(math.log(2))
    assert log_score([], []) is None


def test_certain_and_wrong_is_infinite_unless_a_least_chance_is_given() -> None:
    assert log_score([1.0, 1.0], [1, 0]) == math.inf
    held = log_score([1.0, 1.0], [1, 0], least=0.01)
    assert held == pytest.approx(-(math.log(0.99) + math.log(0.01)) / 2)


def test_reliability_groups_hold_equal_forecasts_together() -> None:
    forecasts, outcomes = [0.2] * 10 + [0.8] * 10, [1] + [0] * 9 + [1] * 9 + [0]
    low, high = reliability_curve(forecasts, outcomes)
    assert [low.forecast, high.forecast] == pytest.approx([0.2, 0.8])
    assert [low.seen.estimate, high.seen.estimate] == pytest.approx([0.1, 0.9])
    assert (low.count, high.count) == (10, 10)
    assert low.seen.lower < 0.1 < low.seen.upper


def test_reliability_groups_are_about_one_size_and_in_order() -> None:
    rng = np.random.default_rng(1)
    chances = rng.random(1000)
    groups = reliability_curve(chances, rng.random(1000) < chances, groups=5)
    assert [group.count for group in groups] == [200] * 5
    assert [group.forecast for group in groups] == sorted(group.forecast for group in groups)
    assert all(group.seen.lower - 0.05 < group.forecast < group.seen.upper + 0.05
               for group in groups)  # fmt: skip
    assert reliability_curve([], []) == ()


def test_gain_is_one_less_the_ratio_of_losses() -> None:
    """Losses of 3 in all against 4: a quarter less."""
    found = gain([1.0, 2.0], [2.0, 2.0], ["a", "b"], seed=1)
    assert found is not None
    assert found.share == pytest.approx(0.25)
    assert found.clusters == 2
    # Drawn whole: b alone gives 0, a alone a half.
    assert [found.lower, found.upper] == pytest.approx([0.0, 0.5])


def test_clusters_that_agree_within_make_the_interval_wider() -> None:
    rng = np.random.default_rng(2)
    level = np.repeat(rng.random(50), 20)
    apart = gain(level, np.ones(1000), np.arange(1000), seed=3)
    together = gain(level, np.ones(1000), np.repeat(np.arange(50), 20), seed=3)
    assert apart is not None
    assert together is not None
    assert together.upper - together.lower > 3 * (apart.upper - apart.lower)


def test_there_is_no_gain_where_nothing_can_be_drawn_or_beaten() -> None:
    assert gain([1.0], [2.0], ["a"], seed=1) is None
    assert gain([0.0, 0.0], [0.0, 0.0], ["a", "b"], seed=1) is None
    with pytest.raises(BadInput, match="differ"):
        gain([1.0], [2.0, 1.0], ["a"], seed=1)
    with pytest.raises(BadInput, match="missing or infinite"):
        gain([1.0, math.inf], [2.0, 1.0], ["a", "b"], seed=1)


def test_chances_of_counts_are_shares_of_draws() -> None:
    below, at_most = count_chances([[1, 0], [2, 0], [3, 1], [3, 5]], [3, 0])
    assert below.tolist() == [0.5, 0.0]
    assert at_most.tolist() == [1.0, 0.5]
    with pytest.raises(BadInput, match="do not fit"):
        count_chances([[1, 2]], [1])
    with pytest.raises(BadInput, match="missing"):
        count_chances([[1.0]], [np.nan])


def test_the_transform_of_right_forecasts_is_even_and_of_wrong_ones_is_not() -> None:
    """Poisson counts of mean 1.5, most of them 0 to 3: without randomising, never even."""
    draws, seen = poisson(2000, 400, 1.5, seed=4)
    right = evenness(randomised_pit(*count_chances(draws, seen), seed=5))
    plain = evenness(count_chances(draws, seen)[1])
    wrong = evenness(randomised_pit(*count_chances(draws, seen + 1), seed=5))
    assert right is not None
    assert plain is not None
    assert wrong is not None
    assert right.p_value > 0.01
    assert right.distance < 0.04
    assert plain.p_value < 1e-6
    assert wrong.p_value < 1e-6


def test_the_histogram_is_what_randomising_gives_on_average() -> None:
    """One case, chances .25 to .75: half of it in each of the middle quarters."""
    assert pit_histogram([0.25], [0.75], bins=4).tolist() == pytest.approx([0.0, 0.5, 0.5, 0.0])
    below, at_most = count_chances(*poisson(500, 200, 2.0, seed=6))
    exact = pit_histogram(below, at_most, bins=5)
    drawn = [
        np.histogram(randomised_pit(below, at_most, seed=seed), bins=5, range=(0, 1))[0] / 500
        for seed in range(200)
    ]
    assert exact == pytest.approx(np.mean(drawn, axis=0), abs=0.005)
    assert exact.sum() == pytest.approx(1.0)


def test_chances_that_do_not_fit_are_refused() -> None:
    with pytest.raises(BadInput, match="do not fit"):
        randomised_pit([0.5], [0.4], seed=1)
    with pytest.raises(BadInput, match="do not fit"):
        pit_histogram([0.5, 0.1], [0.6])


def test_interval_masses_of_a_case_solved_by_hand() -> None:
    """Draws 1 to 10: the middle 80% runs from 1 to 9, nine tenths of the draws."""
    draws = np.arange(1, 11)[:, None].repeat(2, axis=1)
    [mass] = interval_masses(draws, [9, 10], levels=(0.8,))
    assert (mass.model, mass.seen, mass.count) == (0.9, 0.5, 2)
    assert mass.difference == pytest.approx(-0.4)


def test_right_forecasts_fill_their_intervals_and_narrow_ones_do_not() -> None:
    draws, seen = poisson(3000, 400, 3.0, seed=7)
    assert all(abs(mass.difference) < 0.03 for mass in interval_masses(draws, seen))
    narrow = np.round((draws - 3.0) / 2.0 + 3.0)
    assert all(mass.difference < -0.1 for mass in interval_masses(narrow, seen))


def test_nothing_to_spread_is_none() -> None:
    assert evenness([]) is None
