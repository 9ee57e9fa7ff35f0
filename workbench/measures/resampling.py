"""Intervals for a mean, a quantile, and any statistic by resampling."""

from __future__ import annotations

import warnings
from collections.abc import Callable, Sequence
from typing import Any, Literal

import numpy as np
import numpy.typing as npt
from scipy import special, stats

from workbench.errors import BadInput
from workbench.measures.intervals import Interval

Resampling = Literal["percentile", "basic", "BCa"]
Floats = npt.NDArray[np.float64]


def bootstrap_interval(
    samples: Sequence[float] | Sequence[Sequence[float]],
    statistic: Callable[..., Any],
    *,
    confidence: float = 0.95,
    resamples: int = 2000,
    seed: int,
    method: Resampling = "BCa",
) -> Interval | None:
    """Estimate a statistic of one or more independent samples with its bootstrap interval.

    `BCa` corrects the percentiles for bias and skewness (B. Efron, "Better bootstrap confidence
    intervals", JASA 82, 1987). The same seed gives the same interval. Samples without any
    variation give an interval without width: they say nothing of what was not seen.

    Args:
        samples: One sample of numbers, or several samples.
        statistic: Takes each sample as an argument, returns a number. When it has an argument
            `axis`, it must work along it.
        confidence: Nominal coverage, between 0 and 1.
        resamples: Number of resamples, at least 1.
        seed: Seed of the resampling.
        method: Which interval.

    Returns:
        The interval; None where a sample has fewer than two values, or where the resamples of
        varying data agree so much that the method is undefined (such as the median of many ties).

    Raises:
        BadInput: A value is missing or infinite, or the confidence or the resamples are impossible.
    """
    _check_share(confidence, "confidence")
    if resamples < 1:
        raise BadInput(f"{resamples} resamples cannot be", rule="resamples >= 1", mend="use 2000")
    first: Any = next(iter(samples), 0.0)
    nested = np.ndim(first) > 0
    groups = [_numbers(group) for group in (samples if nested else [samples])]
    if min(len(group) for group in groups) < 2:
        return None
    estimate = float(statistic(*groups))
    if all((group == group[0]).all() for group in groups):
        return Interval(estimate, estimate, estimate, confidence)
    with warnings.catch_warnings():
        # An undefined interval is told by its value, below.
        warnings.simplefilter("ignore", stats.DegenerateDataWarning)
        warnings.simplefilter("ignore", RuntimeWarning)
        ends = stats.bootstrap(
            groups,
            statistic,
            n_resamples=resamples,
            confidence_level=confidence,
            method=method,
            rng=np.random.default_rng(seed),
        ).confidence_interval
    lower, upper = float(ends.low), float(ends.high)
    if not (np.isfinite(lower) and np.isfinite(upper)):
        return None
    return Interval(estimate, lower, upper, confidence)


def mean_interval(values: Sequence[float], confidence: float = 0.95) -> Interval | None:
    """Estimate a mean with its t interval; None for fewer than two values.

    Student (W. S. Gosset), "The probable error of a mean", Biometrika 6 (1908). Values that are
    all equal give an interval without width.

    Raises:
        BadInput: A value is missing or infinite, or the confidence is impossible.
    """
    _check_share(confidence, "confidence")
    sample = _numbers(values)
    if len(sample) < 2:
        return None
    mean = float(sample.mean())
    if (sample == sample[0]).all():
        return Interval(float(sample[0]), float(sample[0]), float(sample[0]), confidence)
    error = sample.std(ddof=1) / np.sqrt(len(sample))
    half = float(special.stdtrit(len(sample) - 1, 0.5 + confidence / 2) * error)
    return Interval(mean, mean - half, mean + half, confidence)


def median_interval(
    values: Sequence[float], confidence: float = 0.95, quantile: float = 0.5
) -> Interval | None:
    """Estimate a median, or another quantile, with an interval between two of the values.

    The ends are the values whose ranks leave at most half of the doubt on either side under the
    binomial distribution, so that coverage is never below `confidence`, whatever the values'
    distribution (W. J. Conover, "Practical nonparametric statistics", 3rd edition 1999, section
    3.2). The estimate interpolates between the two nearest values.

    Args:
        values: The sample.
        confidence: Coverage at least, between 0 and 1.
        quantile: Share of the population below the quantile, between 0 and 1.

    Returns:
        The interval; None where even the smallest and the largest value do not reach the
        confidence: for a median at 95%, fewer than six values.

    Raises:
        BadInput: A value is missing or infinite, or the confidence or quantile is impossible.
    """
    _check_share(confidence, "confidence")
    _check_share(quantile, "quantile")
    ordered = np.sort(_numbers(values))
    count, tail = len(ordered), (1 - confidence) / 2
    below = np.arange(count + 1)
    # Ranks from 1: as high a lower rank, and as low an upper one, as the tails allow.
    lower_rank = int((special.bdtr(below, count, quantile) <= tail).sum())
    upper_rank = count + 1 - int((special.bdtrc(below - 1, count, quantile) <= tail).sum())
    if lower_rank < 1 or upper_rank > count:
        return None
    return Interval(
        float(np.quantile(ordered, quantile)),
        float(ordered[lower_rank - 1]),
        float(ordered[upper_rank - 1]),
        confidence,
    )


def _numbers(values: Any) -> Floats:
    sample = np.asarray(values, dtype=float)
    if not np.isfinite(sample).all():
        place = int(np.flatnonzero(~np.isfinite(sample))[0])
        raise BadInput(
            f"a value of {sample[place]} cannot be used",
            where=f"value {place + 1} of {len(sample)}",
            rule="every value is a number",
            mend="leave the value out and say so",
        )
    return sample


def _check_share(share: float, name: str) -> None:
    if not 0 < share < 1:
        raise BadInput(
            f"a {name} of {share:g} cannot be",
            rule=f"0 < {name} < 1",
            mend="write 0.95 for 95%",
        )
