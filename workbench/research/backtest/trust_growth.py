"""How trusts grow and shrink, fitted to dated lists of who was in which trust, and simulated on.

Schools join at a rate that grows with a trust's size, differs from trust to trust for good, and
goes up or down by a constant share a year; trusts end, and schools leave trusts that go on, at
rates of their own. A trust is followed under its UID: one that is renumbered counts as ended.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import numpy.typing as npt
import pandas as pd
import statsmodels.api as sm

from workbench.errors import BadInput, RunFailed

Floats = npt.NDArray[np.float64]
Integers = npt.NDArray[np.int64]

DAYS_A_YEAR = 365.25
STEPS_A_YEAR = 4
CLASSES = (2, 5, 10)  # schools up to which a trust is of each class of size; the last has no end
_LEAST_SPREAD = 1e-9  # a division's guard: smaller spreads are none


@dataclass(frozen=True, eq=False)
class TrustGrowth:
    """A fitted process.

    Attributes:
        joining: Constant, slope by the logarithm of size, and slope by years, of the logarithm of
            schools joining a trust a year.
        joining_covariance: Their covariance, 3 x 3.
        spreads: How unlike trusts of each class of size are in joining: variance of their lasting
            factor, whose mean is 1.
        ending: Constant and slope by the logarithm of size of the logarithm of ends a year.
        leaving: The same of schools leaving a trust that goes on, a year.
        leaving_spreads: How unlike they are in leaving.
        origin: The last day told, from which years are counted.
    """

    joining: Floats
    joining_covariance: Floats
    spreads: Floats
    ending: Floats
    leaving: Floats
    leaving_spreads: Floats
    origin: dt.date


def differences(snapshots: Mapping[dt.date, pd.DataFrame]) -> pd.DataFrame:
    """Return what became of each trust from each list to the next.

    Args:
        snapshots: Members on each day: `urn` and `trust_uid`, a school once.

    Returns:
        One row a trust and list but the last: trust_uid, start and end (dates), years, size (at
        the start), joined, left, ended (whether it is listed no more).
    """
    days, rows = sorted(snapshots), []
    for start, end in pairwise(days):
        before, after = snapshots[start], snapshots[end]
        both = before.merge(after, on="urn", how="outer", suffixes=("_was", "_is"))
        moved = both["trust_uid_was"].ne(both["trust_uid_is"])
        size = before.groupby("trust_uid").size()
        out = pd.DataFrame({"size": size})
        for name, column in (("joined", "trust_uid_is"), ("left", "trust_uid_was")):
            counts = both[moved & both[column].notna()].groupby(column).size()
            out[name] = counts.reindex(size.index).fillna(0).astype("int64")
        out["ended"] = ~out.index.isin(after["trust_uid"])
        years = (end - start).days / DAYS_A_YEAR
        rows.append(out.reset_index().assign(start=start, end=end, years=years))
    if not rows:
        raise BadInput(
            "trust growth cannot be fitted to fewer than two lists of members",
            where=f"lists by the origin: {', '.join(map(str, days)) or 'none'}",
            rule="what joined and left is the difference of two lists",
            mend="add group links of an earlier day to the folder",
        )
    return pd.concat(rows, ignore_index=True)


def fit_trust_growth(changes: pd.DataFrame) -> TrustGrowth:
    """Fit the process to what became of trusts.

    Joining and leaving are negative binomial with exposure (J. M. Hilbe, "Negative Binomial
    Regression", 2011), their spread by moments;
    ending is binomial with a complementary log-log link, so that its rate is one a year (R. L.
    Prentice and L. A. Gloeckler, Biometrics 34, 1978). With lists of one period only there is no
    telling a trend, and none is assumed.

    Args:
        changes: As `differences` returns them.

    Raises:
        RunFailed: Too little changed to fit rates to.
    """
    origin = max(changes["end"])
    middle = [(start, end) for start, end in zip(changes["start"], changes["end"], strict=True)]
    when = np.array([((b - origin).days + (a - origin).days) / 2 for a, b in middle]) / DAYS_A_YEAR
    size, years = np.log(changes["size"].to_numpy(float)), changes["years"].to_numpy(float)
    ones, several = np.ones(len(size)), len(np.unique(when)) > 1
    wanted = [ones, size, when] if several else [ones, size]
    schools = changes["size"].to_numpy(float)
    joining, covariance, spreads = _counts(
        changes["joined"], np.column_stack(wanted), years, schools
    )
    if not several:
        joining = np.append(joining, 0.0)
        covariance = np.pad(covariance, (0, 1))
    on = ~changes["ended"].to_numpy(bool)
    simple = np.column_stack([ones, size])
    leaving, _, leaving_spreads = _counts(changes["left"][on], simple[on], years[on], schools[on])
    family = sm.families.Binomial(link=sm.families.links.CLogLog())
    ended = changes["ended"].to_numpy(float)
    if not 0 < ended.sum() < len(ended):
        raise RunFailed(
            "no trust ended, or all did: the rate of ending cannot be told",
            mend="give group links of more trusts, or of days further apart",
        )
    ending = sm.GLM(ended, simple, family=family, offset=np.log(years)).fit().params
    return TrustGrowth(
        joining, covariance, spreads, np.asarray(ending), leaving, leaving_spreads, origin
    )


def _counts(
    counts: pd.Series, x: Floats, years: Floats, sizes: Floats
) -> tuple[Floats, Floats, Floats]:
    """Return coefficients, their covariance and spreads by size (negative binomial)."""
    seen = counts.to_numpy(float)
    if not seen.any():
        raise RunFailed(
            "the rates at which schools join and leave trusts cannot be told: none did",
            rule="some schools joined, and some left, trusts that went on",
            mend="give group links of more trusts, or of days further apart",
        )
    offset, every = np.log(years), np.array([], dtype=float)
    found = sm.GLM(seen, x, family=sm.families.Poisson(), offset=offset).fit()
    alike = float(_spreads(seen, found.fittedvalues, sizes, every)[0])
    if alike > _LEAST_SPREAD:
        family = sm.families.NegativeBinomial(alpha=alike)
        found = sm.GLM(seen, x, family=family, offset=offset).fit()
    spreads = _spreads(seen, found.fittedvalues, sizes, np.array(CLASSES, dtype=float))
    return np.asarray(found.params), np.asarray(found.cov_params()), spreads


def simulate_sizes(
    growth: TrustGrowth, sizes: npt.ArrayLike, years: Sequence[float], *,
    draws: int, seed: int,
) -> Integers:  # fmt: skip
    """Return sizes of trusts after some years, len(years) x draws x trusts; 0 once ended.

    Each draw has its own numbers of the joining rate, so that a national rate that turns out
    otherwise is part of the doubt; each trust in it has its own lasting factors.

    Args:
        growth: The process.
        sizes: Schools of each trust at the origin, 1 or more.
        years: When to look, in years since the origin, growing.
        draws: How many futures.
        seed: The same seed gives the same futures.
    """
    stream = np.random.Generator(np.random.Philox(seed))
    now = np.tile(np.asarray(sizes, dtype=np.int64), (draws, 1))
    numbers = stream.multivariate_normal(growth.joining, growth.joining_covariance, draws)
    own = _factors(stream, _by_class(growth.spreads, now), now.shape)
    own_leaving = _factors(stream, _by_class(growth.leaving_spreads, now), now.shape)
    found, time = [], 0.0
    for look in years:
        steps = max(1, round((look - time) * STEPS_A_YEAR))
        length = (look - time) / steps
        for _ in range(steps):
            logs, alive = np.log(np.maximum(now, 1)), now > 0
            level = numbers[:, :1] + numbers[:, 1:2] * logs + numbers[:, 2:] * (time + length / 2)
            joined = stream.poisson(own * np.exp(level) * length)
            rate = own_leaving * np.exp(growth.leaving[0] + growth.leaving[1] * logs)
            left = np.minimum(stream.poisson(rate * length), np.maximum(now - 1, 0))
            hazard = np.exp(growth.ending[0] + growth.ending[1] * logs) * length
            ended = stream.random(now.shape) < -np.expm1(-hazard)
            now = np.where(alive & ~ended, now + joined - left, 0)
            time += length
        found.append(now)
    return np.stack(found)


def _factors(stream: np.random.Generator, spread: Floats, shape: tuple[int, ...]) -> Floats:
    """Return lasting factors of mean 1 and the variances given; all 1 where that is 0."""
    varied = np.maximum(spread, _LEAST_SPREAD)
    return np.where(spread > 0, stream.gamma(1.0 / varied, varied, shape), 1.0)


def _by_class(spreads: Floats, sizes: Integers) -> Floats:
    return np.asarray(spreads[np.searchsorted(CLASSES, sizes, side="left")])


def _spreads(counts: Floats, expected: Floats, sizes: Floats, edges: Floats) -> Floats:
    """Return how unlike trusts of each class of size are, by moments.

    N. E. Breslow, "Extra-Poisson variation in log-linear models", Applied Statistics 33, 1984.
    """
    place = np.searchsorted(edges, sizes, side="left")
    beyond = np.bincount(place, (counts - expected) ** 2 - expected, len(edges) + 1)
    squares = np.bincount(place, expected**2, len(edges) + 1)
    return np.maximum(np.divide(beyond, squares, out=np.zeros_like(beyond), where=squares > 0), 0.0)
