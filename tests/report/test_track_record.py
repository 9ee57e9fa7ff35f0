"""Boards read what the model would have said of trusts like theirs, and when it was wrong."""

from __future__ import annotations

import datetime as dt
import io
from typing import Any

import pytest
from openpyxl import load_workbook

from tests.report.cells import executed, opened
from workbench.parameters.track_record import (
    Counted,
    GradesCounted,
    GradesRecord,
    MadeBy,
    SizesRecord,
    Sum,
    TrackRecord,
)
from workbench.report import emit
from workbench.report.contents import contents_of
from workbench.report.exporter import ReportExporter
from workbench.report.track_record import QUESTION, of_record, track_record
from workbench.report.workbook import workbook_of

NUMBERS = "0123456789abcdef"


def record(good: int = 812, held: int = 150) -> TrackRecord:
    """A record of trusts of 6 to 10 schools, made up."""
    total = Sum(forecast=811.6, lower=780, upper=840, seen=good)
    within = Sum(forecast=150.4, lower=142, upper=158, seen=held)
    of_size: dict[str, Any] = {"least": 6, "most": 10, "trusts": 187, "judged": 180, "held": within}
    grades = GradesCounted(
        **of_size, total=total, schools=1003, by_table=790.2, brier=0.13, table=0.15
    )
    every = Sum(forecast=1400.0, lower=1300, upper=1500, seen=1390)
    return TrackRecord(
        version="1",
        place="England",
        made_by=MadeBy(version="2026.4", numbers=NUMBERS),
        figures_known_when="published",
        sources=(),
        digest=NUMBERS,
        grades=GradesRecord(
            origin=dt.date(2018, 7, 31),
            target=dt.date(2022, 4, 30),
            learnt_from=12_000,
            classes=(grades,),
        ),
        sizes=SizesRecord(
            origin=dt.date(2019, 9, 17),
            target=dt.date(2022, 9, 30),
            classes=(Counted(**of_size, total=every),),
        ),
    )


@pytest.mark.parametrize("schools", [6, 10])
def test_the_line_gives_forecast_range_numbers_and_what_happened(schools: int) -> None:
    track = of_record(record(), schools, NUMBERS)
    assert track.line == (
        "From what was published by July 2018 the model would have said that 812 (95%: 780 to "
        "840) of 1,003 schools inspected again by April 2022, in 187 trusts of 6 to 10 schools in "
        "England, would be good or better; 812 were, within its range. Last grades alone would "
        "have said 790. This tests inspections, with settings chosen in hindsight, not what growth "
        "does."
    )
    assert (
        "in September 2022, told what was known by September 2019, held for 150 of 180, 150 "
        "expected: within its range)"
    ) in track.reach
    assert track.reach.endswith("capacity has not been tested against the past.")


@pytest.mark.parametrize(
    ("good", "held", "said"),
    [
        (841, 150, "841 were: too cautious, beyond its range."),
        (779, 150, "779 were: too hopeful, beyond its range."),
        (812, 159, "150 expected: too wide, beyond its range)"),
        (812, 141, "150 expected: too narrow, beyond its range)"),
    ],
)
def test_it_says_when_what_was_seen_lay_beyond_the_range_of_the_forecast(
    good: int, held: int, said: str
) -> None:
    track = of_record(record(good, held), 8, NUMBERS)
    both = f"{track.line} {track.reach}"
    assert said in both
    assert both.count("beyond its range") == both.count("within its range") == 1


def test_it_says_why_nothing_is_known() -> None:
    none = of_record(None, 8, NUMBERS)
    assert none.line == (
        "Not known for a trust like this one: no test against the past is on record."
    )
    other = of_record(record(), 8, "f" * 16)
    assert "made by another version of the model (2026.4)" in other.line
    small = of_record(record(), 5, NUMBERS)
    assert "too few trusts of 5 schools had a school inspected again" in small.line
    for track in (none, other, small):
        assert "would have said" not in track.line + track.reach
        assert "has not been tested against the past" in track.reach


def test_grades_are_told_where_trusts_sizes_are_not_on_record() -> None:
    track = of_record(record().model_copy(update={"sizes": None}), 8, NUMBERS)
    assert "812 were" in track.line
    assert "80% ranges" not in track.reach


def test_the_shipped_record_speaks_of_the_demo_trust_s_size() -> None:
    """A scenario that holds one of the tested rates is no longer the model that was tested."""
    track = track_record(14)
    assert "trusts of 11 or more schools in England, would be good or better;" in track.line
    assert track_record(14, ["levels.vision"]) == track
    own = track_record(14, ["levels.vision", "improve.rise_attention"])
    assert own.line == (
        f"{track.line} A plan here holds some rates of rising, falling or inspection at values of "
        "its own."
    )


def test_page_and_workbook_carry_the_line() -> None:
    track = of_record(record(), 8, NUMBERS)

    def show() -> None:
        opened("A title")
        emit.show_panel("The decision", track.part())

    shown = contents_of(ReportExporter().from_notebook_node(executed(show))[0])
    assert shown.track_record == f"{QUESTION} {track.line}"
    book = load_workbook(io.BytesIO(workbook_of(shown)))
    notes = [cell for row in book["Notes"].iter_rows(values_only=True) for cell in row]
    assert shown.track_record in notes
