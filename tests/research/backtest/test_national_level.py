"""Levels of school years with planted shifts, found again; counts drawn with and without them."""

from __future__ import annotations

import datetime as dt

import numpy as np
import pandas as pd
import pytest

from workbench.measures.shocks import fit_years
from workbench.research.backtest.national_level import (
    draw_log_odds,
    national_level,
    years_after,
)


def test_school_years_begin_in_september() -> None:
    days = pd.to_datetime(pd.Series(["2018-08-31", "2018-09-01", "2021-01-01", None]))
    assert years_after(days, dt.date(2018, 7, 31)).tolist() == [0, 1, 3, 0]
    assert years_after(days[1:2], dt.date(2018, 9, 1)).tolist() == [0]


def test_the_level_is_in_doubt_for_shocks_of_the_years_learnt_from_and_for_chance() -> None:
    """Four equal years: a quarter of a shock's variance, and 1 / (1,600 x .25) by chance."""
    years, chances = np.repeat(np.arange(4), 400), np.full(1600, 0.5)
    found = national_level(chances, years, pd.Series(np.nan, range(1600)), spread=0.0, scale=0.2)
    assert found.spread == pytest.approx(0.2 * np.sqrt(2.0 / np.pi), rel=0.03)
    assert found.line.tolist() == [0.0, 0.0]
    assert found.covariances[:, 0, 0] == pytest.approx(found.spreads**2 / 4 + 1 / 400)


def test_what_trusts_have_in_common_adds_to_the_doubt() -> None:
    """Two trusts of four schools at a half: eight pairs and more, 2 x (1 - 4 / 16) of them."""
    years, chances, trusts = np.zeros(8, dtype=np.int64), np.full(8, 0.5), pd.Series([7, 8] * 4)
    apart, shared = (
        national_level(chances, years, trusts, spread=spread, scale=0.2).covariances[0, 0, 0]
        for spread in (0.0, 0.6)
    )
    assert shared - apart == pytest.approx(0.6 * 2 * (1.0 - 4 / 16) / 4.0)


def test_a_common_year_keeps_the_mean_and_moves_all_groups_together() -> None:
    chances, place = np.full(2000, 0.7), np.repeat(np.arange(100), 20)
    years = np.zeros(2000, dtype=np.int64)
    level = fit_years([0.5, -0.5, 0.5, -0.5], 1e-3 * np.eye(4), range(4), scale=0.5, trend=False)
    apart, together = (
        draw_log_odds(chances, place, years, spread=0.0, levels=each, draws=2000, seed=4)
        for each in ([], [level])
    )
    assert apart.mean() == pytest.approx(14.0, abs=0.05)
    assert together.mean() == pytest.approx(14.0, abs=0.3)
    assert apart.mean(axis=1).std() < 0.3
    assert together.mean(axis=1).std() > 1.0


def test_what_schools_in_trusts_have_in_common_comes_on_top() -> None:
    """Two independent levels of a half each: the variance of a future's mean doubles, about."""
    chances, place = np.full(2000, 0.5), np.repeat(np.arange(100), 20)
    years = np.zeros(2000, dtype=np.int64)
    level = fit_years([0.5, -0.5, 0.5, -0.5], 1e-3 * np.eye(4), range(4), scale=0.5, trend=False)
    one, two = (
        draw_log_odds(chances, place, years, spread=0.0, levels=[level] * many, draws=3000, seed=6)
        .mean(axis=1).var()
        for many in (1, 2)
    )  # fmt: skip
    assert two / one == pytest.approx(1.9, abs=0.25)


def test_the_certain_stays_certain() -> None:
    level = fit_years([0.5, -0.5], np.eye(2), range(2), scale=0.5, trend=False)
    counts = draw_log_odds(np.array([0.0, 1.0]), np.array([0, 1]), np.array([0, 1]), spread=0.5,
                           levels=[level], draws=50, seed=5)  # fmt: skip
    assert (counts == [0, 1]).all()
