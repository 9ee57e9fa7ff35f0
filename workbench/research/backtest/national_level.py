"""How far a school year as a whole was judged better or worse than the model had it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import numpy.typing as npt
import pandas as pd
from scipy import special

from workbench.measures.shocks import YearlyLevels, draw_years, fit_years
from workbench.research.backtest.cases import YEAR_BEGINS

Floats = npt.NDArray[np.float64]
Integers = npt.NDArray[np.int64]

_ATTENUATION = (16.0 * 3.0**0.5 / (15.0 * np.pi)) ** 2  # of log-odds by a normal effect


def years_after(dates: pd.Series, day: dt.date) -> Integers:
    """Return how many school years after that of a day each date lies; 0 where it is missing."""
    own = dates.dt.year - dates.dt.month.lt(YEAR_BEGINS)
    began = day.year - (day.month < YEAR_BEGINS)
    return np.asarray((own - began).fillna(0), dtype=np.int64)


def national_level(
    chances: Floats, years: Integers, trusts: pd.Series, *, spread: float, scale: float
) -> YearlyLevels:
    """Return what is believed of how the level of log-odds moves from school year to school year.

    Shocks have their prior alone (`fit_years`). The years learnt from do not tell them: of a school
    only the latest grade is learnt from, so those of earlier years are of schools that nobody came
    back to, which were the better ones, and levels of years differ for that more than for any
    shock. Forecasts are right on average over the years learnt from; the level is in doubt since
    those years had shocks too, and by the errors of their outcomes, which allow for what schools of
    one trust have in common.

    Args:
        chances: Forecast of each outcome learnt from.
        years: School year of each, as whole numbers.
        trusts: The trust of each; missing where none.
        spread: Variance of what schools of one trust have in common, in log-odds.
        scale: Scale of the half normal prior, a standard deviation of log-odds.
    """
    _, place = np.unique(years, return_inverse=True)
    by_chance = chances * (1.0 - chances)
    told = np.bincount(place, by_chance)
    each = pd.DataFrame({"trust": trusts.to_numpy(float, na_value=np.nan),
                         "told": by_chance, "alone": by_chance**2})  # fmt: skip
    sums = each.dropna().groupby("trust")[["told", "alone"]].sum()
    shared = spread * float((sums["told"] ** 2 - sums["alone"]).sum())
    found = fit_years([0.0], [[1.0]], [0.0], scale=scale, trend=False)
    covariances = np.zeros_like(found.covariances)
    weights = told / told.sum()
    covariances[:, 0, 0] = (told.sum() + shared) / told.sum() ** 2
    covariances[:, 0, 0] += (weights**2).sum() * found.spreads**2
    return replace(found, covariances=covariances)


def draw_log_odds(
    chances: Floats,
    place: Integers,
    years: Integers,
    *,
    spread: float,
    levels: Sequence[YearlyLevels],
    draws: int,
    seed: int,
) -> Integers:
    """Return how many of each group happened in futures of all groups together, draws x groups.

    In each draw every group has an effect of its own, and every school year has some for all,
    normal in log-odds. Log-odds are stretched so that chances stay what they are on average over
    them (S. L. Zeger, K.-Y. Liang and P. S. Albert, "Models for longitudinal data", Biometrics 44,
    1988).

    Args:
        chances: Of each case; 0 and 1 are certain.
        place: Group of each.
        years: School year of each, counted from 0.
        spread: Variance of groups' effects.
        levels: What all cases of a year have in common, each drawn by itself; none for nothing.
        draws: How many.
        seed: The same seed gives the same futures.
    """
    stream = np.random.Generator(np.random.Philox(seed))
    groups, common, beyond = int(place.max()) + 1, np.zeros((draws, int(years.max()) + 1)), 0.0
    for level in levels:
        lines, shocks = draw_years(level, common.shape[1], draws, stream)
        common = common + lines[:, :1] + shocks
        beyond += float(level.chances @ (level.spreads**2 + level.covariances[:, 0, 0]))
        beyond += float(level.chances @ (level.lines[:, 0] - level.line[0]) ** 2)
    sure = (chances <= 0.0) | (chances >= 1.0)
    stretch = np.sqrt(1.0 + _ATTENUATION * (spread + beyond))
    odds = special.logit(np.where(sure, 0.5, chances)) * stretch
    out = np.empty((draws, groups), dtype=np.int64)
    for row, shared in zip(out, common, strict=True):
        own = np.sqrt(spread) * stream.standard_normal(groups)
        drawn = np.where(sure, chances, special.expit(odds + own[place] + shared[years]))
        row[:] = np.bincount(place[stream.random(len(chances)) < drawn], minlength=groups)
    return out
