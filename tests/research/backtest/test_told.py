"""Where files end before a day that was asked for, a back-test says so."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

import pandas as pd
import pytest

from workbench.research.backtest.inputs import Inputs
from workbench.research.backtest.made_up import ORIGIN, TARGET, made_up_inputs
from workbench.research.backtest.told import what_is_not_reached

LATE = dt.date(2030, 1, 1)


@pytest.fixture(scope="module")
def inputs() -> Inputs:
    return made_up_inputs(schools=60, trusts=10)


def said(
    inputs: Inputs,
    grades: tuple[dt.date, dt.date] = (ORIGIN, TARGET),
    members: tuple[dt.date, dt.date] = (ORIGIN, TARGET),
    months: int = 0,
) -> tuple[str, ...]:
    return what_is_not_reached(inputs, grades, members, months)


def test_nothing_is_said_where_files_reach_every_day(inputs: Inputs) -> None:
    assert said(inputs) == ()


def test_a_target_beyond_the_latest_list_of_grades_is_told(inputs: Inputs) -> None:
    (note,) = said(inputs, grades=(ORIGIN, LATE))
    latest = inputs.visits["listed"].max()
    assert note == (
        f"The latest list of grades is of {latest:%Y-%m-%d}: what was graded after it, by "
        "2030-01-01, is not scored."
    )


def test_an_origin_before_the_first_list_is_told(inputs: Inputs) -> None:
    early = inputs.visits["listed"].min().date() - dt.timedelta(days=1)
    (note,) = said(inputs, grades=(early, TARGET))
    assert "schools that closed between are left out" in note


def test_a_target_beyond_the_latest_list_of_trusts_is_told(inputs: Inputs) -> None:
    (note,) = said(inputs, members=(ORIGIN, LATE))
    assert note.startswith(f"The latest list of trusts is of {max(inputs.members)}")
    assert said(replace(inputs, members={}), members=(ORIGIN, LATE)) == ()


def test_figures_that_were_not_yet_known_are_told(inputs: Inputs) -> None:
    known = inputs.figures[inputs.figures["ended"].gt(pd.Timestamp(ORIGIN))]
    untold = replace(inputs, figures=known)
    (note,) = said(untold)
    assert "grades, phase and type alone" in note
    (note,) = said(replace(untold, schools=inputs.schools.assign(deprivation=3)))
    assert "grades, phase, type and deprivation alone" in note
