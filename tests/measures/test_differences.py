"""Differences of two estimates against published values, and what every difference must hold."""

from __future__ import annotations

import numpy as np
import pytest

from workbench.errors import BadInput
from workbench.measures.differences import difference, told_apart
from workbench.measures.intervals import Interval, proportion_interval

# R. G. Newcombe, "Interval estimation for the difference between independent proportions",
# Statistics in Medicine 17 (1998), 873-890, table II, method 10.
NEWCOMBE = [
    ((56, 70), (48, 80), 0.2, 0.0524, 0.3339),
    ((9, 10), (3, 10), 0.6, 0.1705, 0.8090),
    ((6, 7), (2, 7), 4 / 7, 0.0582, 0.8062),
    ((5, 56), (0, 29), 5 / 56, -0.0381, 0.1926),
    ((0, 10), (0, 20), 0.0, -0.1611, 0.2775),
    ((10, 10), (0, 20), 1.0, 0.6791, 1.0000),
]


def share(successes: int, trials: int, confidence: float = 0.95) -> Interval:
    found = proportion_interval(successes, trials, confidence=confidence)
    assert found is not None
    return found


@pytest.mark.parametrize(("now", "before", "estimate", "lower", "upper"), NEWCOMBE)
def test_differences_of_shares_match_the_published_table(
    now: tuple[int, int], before: tuple[int, int], estimate: float, lower: float, upper: float
) -> None:
    found = difference(share(*now), share(*before))
    assert found.estimate == pytest.approx(estimate)
    assert (round(found.lower, 4), round(found.upper, 4)) == (lower, upper)
    assert found.confidence == 0.95


def test_exchanging_the_two_turns_the_interval_round() -> None:
    one, other = share(9, 10), share(3, 10)
    forth, back = difference(one, other), difference(other, one)
    assert (back.estimate, back.lower, back.upper) == pytest.approx(
        (-forth.estimate, -forth.upper, -forth.lower)
    )


def test_symmetric_intervals_give_the_usual_root_of_squares() -> None:
    found = difference(Interval(10, 7, 13, 0.9), Interval(4, 0, 8, 0.9))
    assert (found.estimate, found.lower, found.upper) == (6, 1, 11)


def test_differences_cover_the_truth_about_95_times_in_100() -> None:
    """Shares of .9 in 40 and .6 in 25."""
    rng = np.random.default_rng(4)
    draws = zip(rng.binomial(40, 0.9, 2000), rng.binomial(25, 0.6, 2000), strict=True)
    found = [difference(share(int(now), 40), share(int(then), 25)) for now, then in draws]
    covered = np.mean([interval.lower <= 0.3 <= interval.upper for interval in found])
    assert 0.936 <= covered <= 0.97


def test_intervals_of_different_confidence_are_not_compared() -> None:
    with pytest.raises(BadInput, match="same confidence"):
        difference(share(5, 10), share(5, 10, 0.9))


@pytest.mark.parametrize(
    ("lower", "upper", "apart"),
    [(0.1, 0.3, True), (-0.3, -0.1, True), (-0.1, 0.3, False), (0.0, 0.3, False), (-1, 0, False)],
)
def test_two_are_told_apart_where_zero_is_left_out(lower: float, upper: float, apart: bool) -> None:
    assert told_apart(Interval((lower + upper) / 2, lower, upper, 0.95)) is apart
