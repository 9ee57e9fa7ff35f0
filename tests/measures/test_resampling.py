"""Intervals by resampling, by t and by ranks: known answers, coverage, and their limits."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import binom

from workbench.errors import BadInput
from workbench.measures.intervals import Interval
from workbench.measures.resampling import (
    Resampling,
    bootstrap_interval,
    mean_interval,
    median_interval,
)

# W. S. Gosset ("Student"), "The probable error of a mean", Biometrika 6 (1908): additional hours of
# sleep gained by ten patients from one drug over another; mean 1.58.
SLEEP = [1.2, 2.4, 1.3, 1.3, 0.0, 1.0, 1.8, 0.8, 4.6, 1.4]


def formed(interval: Interval | None) -> Interval:
    assert interval is not None
    return interval


def covered(
    interval: Callable[[Sequence[float]], Interval | None], truth: float, samples: Any
) -> float:
    found = [formed(interval(sample)) for sample in samples]
    return float(np.mean([one.lower <= truth <= one.upper for one in found]))


def test_the_t_interval_matches_the_first_ever_published_sample() -> None:
    """Mean 1.58, standard deviation 1.23 (n - 1), t(9) 2.262: 1.58 -+ 0.88."""
    found = formed(mean_interval(SLEEP))
    assert found.estimate == pytest.approx(1.58)
    assert (round(found.lower, 2), round(found.upper, 2)) == (0.70, 2.46)


def test_t_intervals_of_a_small_sample_cover_the_mean_95_times_in_100() -> None:
    samples = np.random.default_rng(5).normal(3, 2, (4000, 4))
    assert 0.94 <= covered(mean_interval, 3, samples) <= 0.96


def test_t_intervals_widen_with_confidence() -> None:
    narrow, wide = formed(mean_interval(SLEEP, 0.8)), formed(mean_interval(SLEEP, 0.99))
    assert wide.lower < narrow.lower < narrow.upper < wide.upper
    assert (narrow.confidence, wide.confidence) == (0.8, 0.99)


# Ranks r and n - r + 1 around a median with at least 95% coverage, from the binomial distribution
# of n and 1/2; the exact coverage beside them (6: 1 - 2/64; 10: 1 - 2 x 11/1024).
RANKS = [(6, 1, 0.96875), (8, 1, 0.9921875), (9, 2, 0.9609375), (10, 2, 0.978515625)]


@pytest.mark.parametrize(("count", "rank", "coverage"), RANKS)
def test_the_ends_around_a_median_are_the_ranks_of_the_binomial_table(
    count: int, rank: int, coverage: float
) -> None:
    found = formed(median_interval(list(range(count, 0, -1))))
    assert (found.lower, found.upper) == (rank, count - rank + 1)
    assert found.estimate == (count + 1) / 2
    assert 1 - 2 * binom.cdf(rank - 1, count, 0.5) == pytest.approx(coverage)


def test_five_values_do_not_bound_a_median_at_95_per_cent() -> None:
    assert median_interval([1, 2, 3, 4, 5]) is None
    assert median_interval([]) is None


def test_a_tail_of_exactly_half_the_doubt_is_enough() -> None:
    """Smallest and largest of five hold the median with 1 - 2/32 = .9375."""
    found = formed(median_interval([1, 2, 3, 4, 5], confidence=0.9375))
    assert (found.lower, found.upper) == (1, 5)


@given(
    count=st.integers(1, 120),
    quantile=st.floats(0.05, 0.95),
    confidence=st.sampled_from([0.5, 0.8, 0.95]),
)
def test_rank_intervals_hold_the_estimate_and_leave_no_more_than_the_tails(
    count: int, quantile: float, confidence: float
) -> None:
    found = median_interval(list(range(1, count + 1)), confidence, quantile)
    if found is None:
        # Not even the smallest and the largest value leave small enough tails on both sides.
        tails = (1 - quantile) ** count, quantile**count
        assert max(tails) > (1 - confidence) / 2
        return
    assert found.lower <= found.estimate <= found.upper
    below = binom.cdf(found.lower - 1, count, quantile)
    above = binom.sf(found.upper - 1, count, quantile)
    assert max(below, above) <= (1 - confidence) / 2 + 1e-9
    inside = binom.cdf(found.lower, count, quantile), binom.sf(found.upper - 2, count, quantile)
    assert min(inside) > (1 - confidence) / 2


def test_rank_intervals_of_a_quartile_cover_it_at_least_95_times_in_100() -> None:
    samples = np.random.default_rng(6).exponential(1, (2000, 30))
    upper_quartile = math.log(4)
    found = covered(lambda sample: median_interval(sample, 0.95, 0.75), upper_quartile, samples)
    assert 0.945 <= found <= 0.985


@pytest.mark.parametrize("method", ["BCa", "percentile", "basic"])
def test_bootstrap_intervals_cover_a_known_mean_about_95_times_in_100(method: Resampling) -> None:
    samples = np.random.default_rng(7).normal(3, 2, (400, 40))

    def interval(sample: Sequence[float]) -> Interval | None:
        return bootstrap_interval(sample, np.mean, resamples=500, seed=1, method=method)

    assert 0.91 <= covered(interval, 3, samples) <= 0.97


def test_the_same_seed_gives_the_same_interval_and_another_another() -> None:
    first = bootstrap_interval(SLEEP, np.mean, seed=1)
    assert first == bootstrap_interval(SLEEP, np.mean, seed=1)
    assert first != bootstrap_interval(SLEEP, np.mean, seed=2)


def test_a_bootstrap_interval_of_a_mean_is_near_the_t_interval() -> None:
    values = np.random.default_rng(8).normal(50, 10, 200).tolist()
    by_t, resampled = (
        formed(mean_interval(values)),
        formed(bootstrap_interval(values, np.mean, seed=3)),
    )
    assert resampled.estimate == pytest.approx(by_t.estimate)
    assert resampled.lower == pytest.approx(by_t.lower, abs=0.2)
    assert resampled.upper == pytest.approx(by_t.upper, abs=0.2)


def test_a_statistic_of_two_samples_takes_them_as_two_arguments() -> None:
    def gap(one: Any, other: Any) -> float:
        return float(np.mean(one) - np.mean(other))

    found = formed(bootstrap_interval([SLEEP, [1.0, 2.0, 3.0, 4.0]], gap, seed=4))
    assert found.estimate == pytest.approx(1.58 - 2.5)
    assert found.lower < found.estimate < found.upper


def test_a_column_of_a_table_is_one_sample() -> None:
    column = pd.Series(SLEEP, index=[f"unit {place}" for place in range(10)])
    assert bootstrap_interval(column.tolist(), np.mean, seed=1) == bootstrap_interval(
        column,  # type: ignore[arg-type]
        np.mean,
        seed=1,
    )


def test_fewer_than_two_values_give_no_interval() -> None:
    assert mean_interval([1.0]) is None
    assert mean_interval([]) is None
    assert bootstrap_interval([1.0], np.mean, seed=1) is None
    assert bootstrap_interval([], np.mean, seed=1) is None
    assert bootstrap_interval([[1.0, 2.0], [1.0]], np.mean, seed=1) is None


def test_equal_values_give_an_interval_without_width() -> None:
    same = Interval(0.1, 0.1, 0.1, 0.95)
    assert mean_interval([0.1] * 3) == same
    assert bootstrap_interval([0.1] * 4, np.median, seed=1) == same


def test_a_median_of_many_ties_has_no_corrected_bootstrap_interval() -> None:
    assert bootstrap_interval([1.0, 1.0, 1.0, 1.0, 2.0], np.median, seed=1) is None
    found = bootstrap_interval([1.0, 1.0, 1.0, 1.0, 2.0], np.median, seed=1, method="percentile")
    assert formed(found).lower == 1


@pytest.mark.parametrize("bad", [math.nan, math.inf])
def test_missing_or_infinite_values_are_refused(bad: float) -> None:
    with pytest.raises(BadInput, match="value 2 of 3"):
        mean_interval([1.0, bad, 2.0])
    with pytest.raises(BadInput, match="value 2 of 3"):
        median_interval([1.0, bad, 2.0])
    with pytest.raises(BadInput, match="value 2 of 3"):
        bootstrap_interval([[1.0, 2.0], [1.0, bad, 2.0]], np.mean, seed=1)


@pytest.mark.parametrize("share", [0.0, 1.0, 95.0])
def test_impossible_confidence_quantile_or_resamples_are_refused(share: float) -> None:
    with pytest.raises(BadInput, match="confidence"):
        mean_interval(SLEEP, share)
    with pytest.raises(BadInput, match="quantile"):
        median_interval(SLEEP, quantile=share)
    with pytest.raises(BadInput, match="confidence"):
        bootstrap_interval(SLEEP, np.mean, confidence=share, seed=1)
    with pytest.raises(BadInput, match="resamples"):
        bootstrap_interval(SLEEP, np.mean, resamples=0, seed=1)
