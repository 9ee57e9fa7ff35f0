"""Forecasts scored by hand, and how far a skill is certain."""

from __future__ import annotations

import numpy as np
import pytest

from workbench.errors import BadInput
from workbench.measures.forecasts import brier, brier_skill, brier_skill_interval


def test_brier_of_a_case_solved_by_hand() -> None:
    """(.1^2 + .3^2 + .4^2 + .8^2) / 4 = .9 / 4."""
    assert brier([0.9, 0.7, 0.4, 0.8], [1, 1, 0, 0]) == pytest.approx(0.225)
    assert brier([1, 0], [True, False]) == 0.0
    assert brier([0.5, 0.5], [1, 0]) == 0.25


def test_skill_is_against_the_base_rate() -> None:
    """Against a half, .25: 1 - .225 / .25. Against .2, (.64 + .64 + .04 + .04) / 4 = .34."""
    forecasts, outcomes = [0.9, 0.7, 0.4, 0.8], [1, 1, 0, 0]
    assert brier_skill(forecasts, outcomes) == pytest.approx(0.1)
    assert brier_skill(forecasts, outcomes, base_rate=0.2) == pytest.approx(1 - 0.225 / 0.34)
    assert brier_skill([0.5] * 4, outcomes) == pytest.approx(0.0)


def test_skill_is_none_where_nothing_could_be_beaten() -> None:
    assert brier([], []) is None
    assert brier_skill([], []) is None
    assert brier_skill([0.9, 0.8], [1, 1]) is None
    assert brier_skill([0.9, 0.8], [1, 1], base_rate=1.0) is None
    assert brier_skill_interval([0.9, 0.8], [1, 1], seed=1) is None
    assert brier_skill_interval([0.9], [1], base_rate=0.5, seed=1) is None


def test_a_known_base_rate_gives_skill_even_where_all_happened() -> None:
    """(.01 + .04) / 2 against .25."""
    assert brier_skill([0.9, 0.8], [1, 1], base_rate=0.5) == pytest.approx(0.9)


def test_the_interval_keeps_forecast_and_outcome_together() -> None:
    """Nearly perfect forecasts stay so however they are drawn; shuffled they would not."""
    outcomes = [0, 1] * 10
    found = brier_skill_interval([0.1, 0.9] * 10, outcomes, seed=3)
    assert found is not None
    # 1 - 0.01 / 0.25 where as many came as did not, and less for every other draw.
    assert found.estimate == pytest.approx(0.96)
    assert 0.9 < found.lower < found.upper < 0.9600001


def test_few_forecasts_or_all_of_one_skill_have_no_interval() -> None:
    chances, outcomes = [0.9, 0.2, 0.7, 0.4, 0.6], [1, 0, 1, 1, 0]
    assert brier_skill_interval(chances, outcomes, seed=3) is not None
    assert brier_skill_interval(chances[:4], outcomes[:4], seed=3) is None
    assert brier_skill_interval(chances, outcomes, seed=3, fewest=6) is None
    assert brier_skill_interval([0.9, 0.1], [1, 0], seed=3, fewest=1) is None
    # Perfect ones are perfect in every draw: that says nothing of the next.
    assert brier_skill_interval([0, 1] * 10, [0, 1] * 10, seed=3) is None


def test_the_interval_is_the_same_for_the_same_seed() -> None:
    forecasts, outcomes = [0.9, 0.7, 0.4, 0.8, 0.2, 0.1], [1, 1, 0, 0, 0, 1]
    one = brier_skill_interval(forecasts, outcomes, seed=3)
    assert one == brier_skill_interval(forecasts, outcomes, seed=3)
    assert one != brier_skill_interval(forecasts, outcomes, seed=4)
    assert one is not None
    assert one.lower < one.estimate < one.upper
    assert one.confidence == 0.95


def test_the_interval_covers_the_true_skill_most_of_the_time() -> None:
    """True chances .2 or .8, forecast as they are, base rate .5: Brier .16 against .25."""
    rng, covered = np.random.default_rng(5), 0
    for seed in range(200):
        chances = rng.choice([0.2, 0.8], 120)
        happened = rng.random(120) < chances
        found = brier_skill_interval(chances, happened, base_rate=0.5, seed=seed, draws=300)
        assert found is not None
        covered += found.lower <= 0.36 <= found.upper
    assert 0.89 * 200 <= covered <= 0.99 * 200


def test_forecasts_that_cannot_be_scored_are_refused() -> None:
    with pytest.raises(BadInput, match="cannot be held against"):
        brier([0.1], [0, 1])
    with pytest.raises(BadInput, match="a probability of 70"):
        brier([70], [1])
    with pytest.raises(BadInput, match="a probability of nan"):
        brier([np.nan], [1])
    with pytest.raises(BadInput, match="an outcome of 2"):
        brier([0.5], [2])
    with pytest.raises(BadInput, match="an outcome of nan"):
        brier([0.5], [np.nan])
    with pytest.raises(BadInput, match="a base rate of 2"):
        brier_skill([0.5], [1], base_rate=2)
