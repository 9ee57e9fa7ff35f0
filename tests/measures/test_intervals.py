"""Intervals of a proportion against published values, and what every interval must hold."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import binom
from statsmodels.stats.proportion import proportion_confint

from workbench.errors import BadInput
from workbench.measures.intervals import Method, proportion_interval

# R. G. Newcombe, "Two-sided confidence intervals for the single proportion: comparison of seven
# methods", Statistics in Medicine 17 (1998), 857-872, table I: methods 3 (Wilson) and 5 (exact).
NEWCOMBE = [
    (81, 263, "wilson", 0.2553, 0.3662),
    (15, 148, "wilson", 0.0624, 0.1605),
    (0, 20, "wilson", 0.0000, 0.1611),
    (1, 29, "wilson", 0.0061, 0.1718),
    (81, 263, "exact", 0.2527, 0.3676),
    (15, 148, "exact", 0.0578, 0.1617),
    (0, 20, "exact", 0.0000, 0.1684),
    (1, 29, "exact", 0.0009, 0.1776),
]

# Ends with a closed form, for all or none of n: Wilson 0 and z2 / (n + z2) with z2 = 3.8415;
# exact 1 - .025 ** (1 / n), by which the "rule of three" of J. A. Hanley and A. Lippman-Hand,
# "If nothing goes wrong, is everything all right?", JAMA 249 (1983), abbreviates one-sided limits.
CLOSED = [
    (0, 10, "wilson", 0.0, 3.841459 / 13.841459),
    (10, 10, "wilson", 10 / 13.841459, 1.0),
    (0, 10, "exact", 0.0, 1 - 0.025**0.1),
    (10, 10, "exact", 0.025**0.1, 1.0),
    (0, 1, "exact", 0.0, 0.975),
]


@pytest.mark.parametrize(("successes", "trials", "method", "lower", "upper"), CLOSED)
def test_intervals_of_none_or_all_match_their_closed_form(
    successes: int, trials: int, method: Method, lower: float, upper: float
) -> None:
    found = proportion_interval(successes, trials, method=method)
    assert found is not None
    assert (found.lower, found.upper) == pytest.approx((lower, upper), abs=1e-7)


@pytest.mark.parametrize("trials", [10, 40])
@pytest.mark.parametrize("share", [0.05, 0.3, 0.5])
def test_exact_intervals_cover_at_least_95_per_cent_and_wilson_about(
    share: float, trials: int
) -> None:
    """Coverage itself, summed over every count that may be seen; nothing is drawn."""
    chances = [float(binom.pmf(count, trials, share)) for count in range(trials + 1)]
    covered = {"wilson": 0.0, "exact": 0.0}
    methods: tuple[Method, ...] = ("wilson", "exact")
    for method in methods:
        for successes, chance in enumerate(chances):
            found = proportion_interval(successes, trials, method=method)
            assert found is not None
            covered[method] += chance if found.lower <= share <= found.upper else 0.0
    assert covered["exact"] >= 0.95
    assert 0.91 <= covered["wilson"] <= 0.99
    assert covered["wilson"] <= covered["exact"]


@pytest.mark.parametrize(("successes", "trials", "method", "lower", "upper"), NEWCOMBE)
def test_intervals_match_the_published_table(
    successes: int, trials: int, method: Method, lower: float, upper: float
) -> None:
    found = proportion_interval(successes, trials, method=method)
    assert found is not None
    assert found.estimate == successes / trials
    assert (round(found.lower, 4), round(found.upper, 4)) == (lower, upper)


def test_no_trials_give_no_interval() -> None:
    assert proportion_interval(0, 0) is None


@pytest.mark.parametrize(("successes", "trials"), [(3, 2), (-1, 2), (0, -1)])
def test_impossible_counts_are_refused(successes: int, trials: int) -> None:
    with pytest.raises(BadInput, match="cannot be"):
        proportion_interval(successes, trials)


@pytest.mark.parametrize("confidence", [0.0, 1.0, 95.0])
def test_impossible_confidence_is_refused(confidence: float) -> None:
    with pytest.raises(BadInput, match="confidence"):
        proportion_interval(1, 2, confidence=confidence)


counts = st.integers(1, 400).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n)))


@given(counts)
def test_both_intervals_hold_the_estimate_and_stay_between_0_and_1(pair: tuple[int, int]) -> None:
    methods: tuple[Method, ...] = ("wilson", "exact")
    for method in methods:
        found = proportion_interval(*pair, method=method)
        assert found is not None
        assert 0 <= found.lower <= found.estimate <= found.upper <= 1


@given(counts)
def test_the_exact_ends_leave_the_stated_tails(pair: tuple[int, int]) -> None:
    successes, trials = pair
    found = proportion_interval(successes, trials, method="exact", confidence=0.9)
    assert found is not None
    if successes > 0:
        assert binom.sf(successes - 1, trials, found.lower) == pytest.approx(0.05, abs=1e-9)
    if successes < trials:
        assert binom.cdf(successes, trials, found.upper) == pytest.approx(0.05, abs=1e-9)


def test_an_interval_can_be_given_in_per_cent() -> None:
    share = proportion_interval(15, 148)
    assert share is not None
    percent = share.times(100)
    assert (round(percent.lower, 2), round(percent.upper, 2)) == (6.24, 16.05)
    assert percent.confidence == 0.95


@pytest.mark.parametrize(("method", "name"), [("wilson", "wilson"), ("exact", "beta")])
def test_the_ends_are_those_of_statsmodels(method: Method, name: str) -> None:
    for trials in (1, 7, 250):
        for successes in {0, 1, trials // 2, trials}:
            found = proportion_interval(successes, trials, confidence=0.9, method=method)
            lower, upper = proportion_confint(successes, trials, alpha=0.1, method=name)
            assert found is not None
            assert (found.lower, found.upper) == pytest.approx((lower, upper), abs=1e-12)
