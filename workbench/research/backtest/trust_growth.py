"""How trusts grow and shrink, fitted to dated lists of who was in which trust.

Schools join at a rate that grows with a trust's size, differs from trust to trust for good and from
year to year by chance, and moves for all trusts together; trusts end, and schools leave trusts that
go on, at rates of their own. A trust is followed under its UID: one that is renumbered counts as
ended.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd
import statsmodels.api as sm

from workbench.errors import BadInput, RunFailed
from workbench.measures.lasting import LastingCounts, VarianceBelief, fit_lasting
from workbench.measures.shocks import YearlyLevels, fit_years
from workbench.parameters.research import BacktestRules
from workbench.research.backtest.joining_year import JoiningYear, caught_up, joining_year

Floats = npt.NDArray[np.float64]
Integers = npt.NDArray[np.int64]

CLASSES = (2, 5, 10)  # schools up to which a trust is of each class of size; the last has no end
_LEAST_SPREAD = 1e-9  # a division's guard: smaller spreads are none
_HALF = (
    0.5  # added to counts whose logarithm is taken, so that none has one (J. B. S. Haldane 1956)
)


@dataclass(frozen=True, eq=False)
class Rate:
    """A rate a year by size, and how it moves for all trusts together.

    Attributes:
        numbers: Constant and slope by the logarithm of size of the logarithm of the rate.
        years: The line about that of all years, and shocks of single ones.
        spreads: How unlike trusts of each class of size are: variance of their lasting factor,
            whose mean is 1.
    """

    numbers: Floats
    years: YearlyLevels
    spreads: Floats


@dataclass(frozen=True, eq=False)
class TrustGrowth:
    """A fitted process.

    Attributes:
        joining: Schools joining a trust a year, with what is known of each trust.
        joining_years: The level of joining through the years, and shocks of single ones.
        ending: Ends a year.
        leaving: Schools leaving a trust that goes on, a year.
        origin: The last day told, from which years are counted.
    """

    joining: LastingCounts
    joining_years: YearlyLevels
    ending: Rate
    leaving: Rate
    origin: dt.date


def fit_told(
    told: Mapping[dt.date, pd.DataFrame], rules: BacktestRules
) -> tuple[TrustGrowth, JoiningYear]:
    """Return the process fitted to lists of members, and the year by which it counts.

    Args:
        told: Members on each day known: `urn`, `trust_uid` and, where known, `joined`.
        rules: As for `fit_trust_growth`.

    Raises:
        BadInput: There are fewer than two lists.
        RunFailed: Too little changed to fit rates to, or a fit did not end.
    """
    changes = differences(caught_up(told))
    year = joining_year(told)
    both = zip(changes["start"], changes["end"], strict=True)
    changes["years"] = [year.years(start, end) for start, end in both]
    return fit_trust_growth(changes, rules), year


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
        years = JoiningYear(None).years(start, end)
        rows.append(out.reset_index().assign(start=start, end=end, years=years))
    if not rows:
        raise BadInput(
            "trust growth cannot be fitted to fewer than two lists of members",
            where=f"lists by the origin: {', '.join(map(str, days)) or 'none'}",
            rule="what joined and left is the difference of two lists",
            mend="add group links of an earlier day to the folder",
        )
    return pd.concat(rows, ignore_index=True)


def fit_trust_growth(changes: pd.DataFrame, rules: BacktestRules) -> TrustGrowth:
    """Fit the process to what became of trusts.

    Joining is fitted by `fit_lasting`, with a level for each period. Leaving, which is rare, is
    negative binomial with exposure (J. M. Hilbe, "Negative Binomial Regression", 2011), its spread
    by moments; ending is binomial with a complementary log-log link, so that its rate is one a year
    (R. L. Prentice and L. A. Gloeckler, Biometrics 34, 1978). How each moves from year to year for
    all trusts together is estimated from its levels by `fit_years`; joining has a trend where there
    are lists of more than one period.

    Args:
        changes: As `differences` returns them.
        rules: The declared numbers of the back-test: beliefs about shocks and variances.

    Raises:
        RunFailed: Too little changed to fit rates to, or a fit did not end.
    """
    starts, periods = np.unique(changes["start"].to_numpy(), return_inverse=True)
    lengths = changes.groupby("start")["years"].first().reindex(starts).to_numpy(float)
    when = np.cumsum(lengths) - lengths.sum() - lengths / 2
    if not changes["joined"].any():
        raise _nobody_moved()
    scale = rules.year_shock.value
    joining = fit_lasting(
        changes["joined"], changes["size"], changes["years"], periods, changes["trust_uid"],
        belief=VarianceBelief(
            rules.trust_variance.value, rules.trust_variance_width.value,
            rules.trust_variance_by_size.value,
        ),
    )  # fmt: skip
    own = joining.covariance[: len(starts), : len(starts)]
    on = ~changes["ended"].to_numpy(bool)
    return TrustGrowth(
        joining,
        fit_years(joining.levels, own, when, scale=scale, trend=True),
        _ending(changes, periods, when, scale),
        _leaving(changes[on], periods[on], when, scale),
        max(changes["end"]),
    )


def _ending(changes: pd.DataFrame, periods: Integers, when: Floats, scale: float) -> Rate:
    size, years = np.log(changes["size"].to_numpy(float)), changes["years"].to_numpy(float)
    family = sm.families.Binomial(link=sm.families.links.CLogLog())
    ended = changes["ended"].to_numpy(float)
    if not 0 < ended.sum() < len(ended):
        raise RunFailed(
            "no trust ended, or all did: the rate of ending cannot be told",
            mend="give group links of more trusts, or of days further apart",
        )
    x = np.column_stack([np.ones(len(size)), size])
    found = _converged(sm.GLM(ended, x, family=family, offset=np.log(years)).fit())
    fitted = np.asarray(found.fittedvalues)
    levels = fit_years(*_levels(ended, fitted, fitted, periods), when, scale=scale, trend=False)
    return Rate(np.asarray(found.params), levels, np.zeros(len(CLASSES) + 1))


def _leaving(changes: pd.DataFrame, periods: Integers, when: Floats, scale: float) -> Rate:
    """Return the rate of leaving, its spreads by size by moments."""
    seen, sizes = changes["left"].to_numpy(float), changes["size"].to_numpy(float)
    if not seen.any():
        raise _nobody_moved()
    offset, every = np.log(changes["years"].to_numpy(float)), np.array([], dtype=float)
    x = np.column_stack([np.ones(len(seen)), np.log(sizes)])
    found = _converged(sm.GLM(seen, x, family=sm.families.Poisson(), offset=offset).fit())
    alike = float(_spreads(seen, found.fittedvalues, sizes, every)[0])
    if alike > _LEAST_SPREAD:
        family = sm.families.NegativeBinomial(alpha=alike)
        found = _converged(sm.GLM(seen, x, family=family, offset=offset).fit())
    fitted = np.asarray(found.fittedvalues)
    spreads = _spreads(seen, fitted, sizes, np.array(CLASSES, dtype=float))
    beyond = fitted + by_class(spreads, sizes) * fitted**2
    levels = fit_years(*_levels(seen, fitted, beyond, periods), when, scale=scale, trend=False)
    return Rate(np.asarray(found.params), levels, spreads)


def _levels(
    seen: Floats, fitted: Floats, variances: Floats, periods: Integers
) -> tuple[Floats, Floats]:
    """Return how what was seen in each period lies about what one rate gives, and its errors."""
    total, expected, doubt = (np.bincount(periods, each) for each in (seen, fitted, variances))
    known = np.diag((doubt + _HALF) / (expected + _HALF) ** 2)
    return np.log((total + _HALF) / (expected + _HALF)), known


def by_class(spreads: Floats, sizes: npt.ArrayLike) -> Floats:
    """Return spreads of trusts by their size, from those of each class of size."""
    return np.asarray(spreads[np.searchsorted(CLASSES, sizes, side="left")])


def _converged(found: Any) -> Any:
    """Return a fit of statsmodels that ended.

    Raises:
        RunFailed: It did not.
    """
    if not found.converged:
        raise RunFailed(
            "the rates at which schools leave trusts, or trusts end, could not be fitted",
            mend="give group links of more trusts, or of days further apart",
        )
    return found


def _nobody_moved() -> RunFailed:
    return RunFailed(
        "the rates at which schools join and leave trusts cannot be told: none did",
        rule="some schools joined, and some left, trusts that went on",
        mend="give group links of more trusts, or of days further apart",
    )


def _spreads(counts: Floats, expected: Floats, sizes: Floats, edges: Floats) -> Floats:
    """Return how unlike trusts of each class of size are, by moments.

    N. E. Breslow, "Extra-Poisson variation in log-linear models", Applied Statistics 33, 1984.
    """
    place = np.searchsorted(edges, sizes, side="left")
    beyond = np.bincount(place, (counts - expected) ** 2 - expected, len(edges) + 1)
    squares = np.bincount(place, expected**2, len(edges) + 1)
    return np.maximum(np.divide(beyond, squares, out=np.zeros_like(beyond), where=squares > 0), 0.0)
