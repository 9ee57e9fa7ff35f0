"""One record of each inspection, told apart by whose it is and cut off at the folder's day."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from pathlib import Path

import pandas as pd
import pytest

from tests.trust.published.synthetic import card, write_csv, write_report_cards
from workbench.trust.published.files import find
from workbench.trust.published.inspections import combine_cards, combine_oeif, continues
from workbench.trust.published.ofsted import Read, read_inspections

AS_OF = dt.date(2022, 9, 15)
NO_LINKS = pd.Series(dtype="Int64")
OPENED = pd.Series(pd.to_datetime(["2012-09-01"]), index=[900101])


def grades_file(folder: Path, rows: list[list[str]], *, listed: bool = False) -> Read:
    """Return grades as read from a ratings history, or from a list that may hold predecessors'."""
    header = ("URN", "Inspection Date", "Overall effectiveness" if listed else "Rating")
    folder.mkdir()
    write_csv(folder / "grades.csv", header, rows)
    [file] = find(folder).files
    return read_inspections(file)


def test_one_inspection_under_its_first_and_last_day_is_one_record(tmp_path: Path) -> None:
    first = grades_file(tmp_path / "a", [["900101", "20150512", "Good"]])
    last = grades_file(tmp_path / "b", [["900101", "13/05/2015", "2"]], listed=True)

    table, notes = combine_oeif([last, first], OPENED, NO_LINKS, AS_OF)

    assert table["inspection_date"].dt.date.tolist() == [dt.date(2015, 5, 12)]
    assert table["overall"].tolist() == ["good"]
    assert not notes


def test_inspections_months_apart_stay_two(tmp_path: Path) -> None:
    read = grades_file(tmp_path / "a", [["900101", "20150512", "Inadequate"],
                                        ["900101", "20150901", "Good"]])  # fmt: skip

    table, _ = combine_oeif([read], OPENED, NO_LINKS, AS_OF)

    assert len(table) == 2


def test_records_go_on_within_a_fortnight_of_the_one_before_and_never_across_schools() -> None:
    days = pd.Series(pd.to_datetime(["2015-05-01", "2015-05-15", "2015-05-29", "2015-06-13"] * 2))
    days[4:] = days[4:].sort_values().to_numpy() + pd.Timedelta(days=45)
    urns = pd.Series([900101] * 4 + [900102] * 4, dtype="Int64")
    assert continues(urns, days).tolist() == [False, True, True, False] * 2
    assert not continues(urns, days.where(urns.eq(900101), days[3]))[4]


def test_where_files_disagree_the_more_trusted_counts_and_it_is_noted(tmp_path: Path) -> None:
    trusted = grades_file(tmp_path / "a", [["900101", "20150512", "Good"]])
    other = grades_file(tmp_path / "b", [["900101", "20150513", "Outstanding"]])

    table, notes = combine_oeif([trusted, other], OPENED, NO_LINKS, AS_OF)

    assert table["overall"].tolist() == ["good"]
    assert notes == {"inspection whose overall grade differs between files": 1}


def test_a_grade_from_before_the_school_opened_is_its_predecessors(tmp_path: Path) -> None:
    read = grades_file(tmp_path / "a", [["900101", "28/03/2008", "1"]], listed=True)
    predecessors = pd.Series([800101], index=[900101], dtype="Int64")

    table, _ = combine_oeif([read], OPENED, predecessors, AS_OF)
    unnamed, notes = combine_oeif([read], OPENED, NO_LINKS, AS_OF)

    assert table["urn_at_inspection"].tolist() == [800101]
    assert unnamed.empty
    assert notes == {"grade of a predecessor whose URN is not known": 1}


def test_a_list_that_may_hold_predecessors_is_not_believed_without_an_opening_date(
    tmp_path: Path,
) -> None:
    read = grades_file(tmp_path / "a", [["900101", "28/03/2008", "1"]], listed=True)

    table, notes = combine_oeif([read], pd.Series(dtype="datetime64[s]"), NO_LINKS, AS_OF)

    assert table.empty
    assert sum(notes.values()) == 1


@pytest.mark.parametrize(("day", "kept"), [("20220915", 1), ("20220916", 0)])
def test_nothing_after_the_folders_day_is_taken(tmp_path: Path, day: str, kept: int) -> None:
    read = grades_file(tmp_path / "a", [["900101", day, "Good"]])

    table, notes = combine_oeif([read], OPENED, NO_LINKS, AS_OF)

    assert len(table) == kept
    assert sum(notes.values()) == 1 - kept


def cards_of(folder: Path, *rows: dict[str, object]) -> tuple[pd.DataFrame, Counter[str]]:
    write_report_cards(folder / "mi.csv", rows)
    [file] = find(folder).files
    return combine_cards([read_inspections(file)], dt.date(2026, 3, 1))


def test_report_cards_of_predecessors_and_of_later_days_are_left_out(tmp_path: Path) -> None:
    whose = "URN at time of latest full inspection"
    own = "Does the latest full inspection relate to the URN of the current school?"

    table, notes = cards_of(
        tmp_path,
        card(900101, "12/01/2026"),
        card(900102, "12/01/2026") | {own: "No", whose: 800102},
        card(900103, "02/03/2026"),
        card(900104, "12/01/2026", **{"Inclusion - date of grade": "05/03/2026"}),
    )

    assert table["urn"].tolist() == [900101]
    assert notes == {
        "report card of a predecessor": 1,
        "report card of an inspection after 2026-03-01": 1,
        "report card with a grade revised after 2026-03-01": 1,
    }
