"""A school's inspections: the last that counts is said, earlier URNs are marked, none is said."""

from __future__ import annotations

import datetime as dt

import pandas as pd

from workbench.charts.figure import Figure
from workbench.charts.timeline import inspection_timeline


def timeline(*rows: tuple[str, str, bool], joined: dt.date = dt.date(2021, 9, 1)) -> Figure:
    frame = pd.DataFrame(rows, columns=["inspection_date", "found", "own"])
    frame["inspection_date"] = pd.to_datetime(frame["inspection_date"])
    return inspection_timeline(
        frame,
        school="Alder School",
        joined=joined,
        as_of=dt.date(2026, 10, 31),
        latest_given=None if frame.empty else dt.date(2026, 6, 10),
    )


def test_the_last_inspection_under_the_present_urn_leads() -> None:
    figure = timeline(("2023-05-10", "Requires improvement", True), ("2018-05-01", "Good", False))
    assert figure.headline == (
        "Last inspected 3 years and 5 months ago, on 10 May 2023: requires improvement"
    )
    assert "1 May 2018, good (earlier URN)" in figure.alt
    assert list(figure.data["Under"]) == ["earlier URN", "present URN"]


def test_each_era_keeps_its_name() -> None:
    figure = timeline(("2025-11-09", "Good", True), ("2025-11-10", "Report card", True))
    assert list(figure.data["Framework"]) == ["before report cards", "report card"]


def test_only_an_earlier_urn_is_said_to_be_so() -> None:
    figure = timeline(("2023-11-22", "Requires improvement", False))
    assert figure.headline == (
        "No inspection under the school's present URN in the files given, whose latest inspection "
        "is of 10 June 2026; under an earlier URN, requires improvement on 22 November 2023"
    )


def test_no_inspection_is_said_and_drawn() -> None:
    figure = timeline()
    assert figure.headline == (
        "No inspection of this school in the files given, which hold no inspection"
    )
    assert "1 September 2021" in figure.alt
    assert figure.data.empty


def test_a_school_that_joined_on_the_day_is_drawn() -> None:
    assert timeline(joined=dt.date(2026, 10, 31)).svg.startswith("<svg")
