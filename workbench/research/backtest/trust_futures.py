"""Futures of all trusts together, simulated from what is known of each."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from workbench.measures.lasting import lasting_nodes, variance
from workbench.measures.shocks import draw_years
from workbench.research.backtest.trust_growth import Rate, TrustGrowth, by_class

Floats = npt.NDArray[np.float64]
Integers = npt.NDArray[np.int64]

STEPS_A_YEAR = 4
_LEAST_SPREAD = 1e-9  # a division's guard: smaller spreads are none
_CLOSE = 1e-9  # years this close to a whole one are whole


def simulate_sizes(
    growth: TrustGrowth, sizes: pd.Series, years: Sequence[float], *,
    schools: float, draws: int, seed: int,
) -> Integers:  # fmt: skip
    """Return sizes of trusts after some years, len(years) x draws x trusts; 0 once ended.

    One draw is one future of all trusts: its levels of joining, leaving and ending, and the shocks
    of each of its years, are those of every trust. Each trust in it has its own lasting factors,
    that of joining by what was seen of the trust, and a factor of joining of its own each year.

    Trusts share the schools that are in none. Each of these joins at the rate at which all joined
    at the origin, so that joining slows as fewer are left and nobody joins when none is: simple
    saturation, as in the susceptibles of a closed epidemic (W. O. Kermack and A. G. McKendrick,
    Proceedings of the Royal Society A 115, 1927). A trend that few lists tell badly would otherwise
    have futures in which trusts hold many times the schools there are.

    Args:
        growth: The process.
        sizes: Schools of each trust at the origin, 1 or more, by uid.
        years: When to look, in years since the origin, growing.
        schools: Schools there are, in trusts or not; infinite where nobody knows.
        draws: How many futures.
        seed: The same seed gives the same futures.
    """
    stream = np.random.Generator(np.random.Philox(seed))
    now = np.tile(sizes.to_numpy(dtype=np.int64), (draws, 1))
    many = int(np.ceil(max(years) - _CLOSE))
    joining = _joining(growth, sizes, many, draws, stream)
    leaving = _common(growth.leaving, many, draws, stream)
    ending = _common(growth.ending, many, draws, stream)
    own_leaving = _factors(stream, by_class(growth.leaving.spreads, now), now.shape)
    found, time, year = [], 0.0, -1
    outside = schools - float(sizes.sum())
    passing = np.ones(now.shape)
    for look in years:
        steps = max(1, round((look - time) * STEPS_A_YEAR))
        length = (look - time) / steps
        for _ in range(steps):
            logs, alive = np.log(np.maximum(now, 1)), now > 0
            if int(time + _CLOSE) > year:
                year = int(time + _CLOSE)
                passing = _factors(stream, variance(growth.joining.passing, logs), now.shape)
            rate = passing * joining.rates(logs, time + length / 2, year)
            joined = stream.poisson(_of_those_left(rate * alive * length, now, schools, outside))
            rate = own_leaving * _rates(growth.leaving, leaving, logs, year)
            left = np.minimum(stream.poisson(rate * length), np.maximum(now - 1, 0))
            hazard = _rates(growth.ending, ending, logs, year) * length
            ended = stream.random(now.shape) < -np.expm1(-hazard)
            now = np.where(alive & ~ended, now + joined - left, 0)
            time += length
        found.append(now)
    return np.stack(found)


def _of_those_left(wanted: Floats, now: Integers, schools: float, outside: float) -> Floats:
    """Return how many join each trust on average, draws x trusts, of schools still in none.

    Args:
        wanted: How many would join, were as many in none as at the origin.
        now: Schools of each trust.
        schools: Schools there are.
        outside: Of them in no trust at the origin.
    """
    if not np.isfinite(schools):
        return wanted
    total = np.maximum(wanted.sum(axis=1, keepdims=True), _LEAST_SPREAD)
    left = np.maximum(schools - now.sum(axis=1, keepdims=True), 0.0)
    return np.asarray(wanted / total * left * -np.expm1(-total / outside))


@dataclass(frozen=True, eq=False)
class _Joining:
    lines: Floats
    shocks: Floats
    slopes: Floats
    own: Floats  # draws x trusts: lasting factors
    middle: float

    def rates(self, logs: Floats, time: float, year: int) -> Floats:
        """Return schools joining each trust a year, draws x trusts."""
        common = self.lines[:, 0] + self.lines[:, 1] * time + self.shocks[:, year]
        by_size = self.slopes[:, None] * (logs - self.middle)
        return np.asarray(self.own * np.exp(common[:, None] + by_size))


def _joining(
    growth: TrustGrowth, sizes: pd.Series, years: int, draws: int, stream: np.random.Generator
) -> _Joining:
    """Return what one future has of joining: common numbers, and each trust's lasting factor."""
    known = growth.joining
    lines, shocks = draw_years(growth.joining_years, years, draws, stream)
    slopes = known.by_size + np.sqrt(known.covariance[-1, -1]) * stream.standard_normal(draws)
    place = pd.Index(known.units).get_indexer(sizes.index)
    before, factors = lasting_nodes(known.lasting, sizes.to_numpy(float))
    there = place[:, None] >= 0
    weights = np.where(there, known.weights[place], before)
    factors = np.where(there, known.factors[place], factors)
    sums = np.cumsum(weights, axis=1)
    own = np.empty((draws, len(sizes)))
    chosen = stream.random(own.shape) * sums[:, -1]
    for trust in range(len(sizes)):
        own[:, trust] = factors[trust, np.searchsorted(sums[trust], chosen[:, trust], "right")]
    return _Joining(lines, shocks, slopes, own, known.middle)


def _common(rate: Rate, years: int, draws: int, stream: np.random.Generator) -> Floats:
    """Return the level of each future's years beyond the rate itself, draws x years."""
    lines, shocks = draw_years(rate.years, years, draws, stream)
    return np.asarray(lines[:, :1] + shocks)


def _rates(rate: Rate, common: Floats, logs: Floats, year: int) -> Floats:
    level = rate.numbers[0] + rate.numbers[1] * logs + common[:, year, None]
    return np.asarray(np.exp(level))


def _factors(stream: np.random.Generator, spread: Floats, shape: tuple[int, ...]) -> Floats:
    """Return factors of mean 1 and the variances given; all 1 where that is 0."""
    varied = np.maximum(spread, _LEAST_SPREAD)
    return np.where(spread > 0, stream.gamma(1.0 / varied, varied, shape), 1.0)
