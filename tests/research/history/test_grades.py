"""Each inspection is counted once, for the school that was inspected."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from tests.research.history.published import (
    write_academies,
    write_history,
    write_snapshot,
    write_urn_links,
)
from tests.trust.published.synthetic import (
    EARLY,
    MANAGEMENT_INFORMATION,
    card,
    oeif,
    rows_of,
    write_csv,
    write_report_cards,
)
from workbench.research.history import ask, build, inspection_history, school_chain

MEMBER = (900010, 70, "01-09-2015")
LATEST, PREVIOUS = "Latest inspection date", "Previous inspection date"
GRADE, FORMER_GRADE = (
    "Overall effectiveness: how good is the school",
    "previous overall effectiveness",
)
OWN = "Does the latest full inspection relate to the URN of the current school?"
WHOSE = "URN at time of latest full inspection"


def write_early(folder: Path, *records: dict[str, object]) -> None:
    """Write management information of May 2015, which gives predecessors' grades unmarked."""
    path = folder / "mi_31_May_2015.csv"
    write_csv(path, EARLY, rows_of(EARLY, records, ""))


def write_mi(folder: Path, *records: dict[str, object]) -> None:
    """Write management information of December 2019, which says whose grade it is."""
    rows = rows_of(MANAGEMENT_INFORMATION, records, "NULL")
    write_csv(folder / "mi_31_Dec_2019.csv", MANAGEMENT_INFORMATION, rows)


def told(
    folder: Path, links: list[tuple[int, int, str, str]] | None = None
) -> list[tuple[Any, ...]]:
    """Build the panel and return (urn, day, grade, chain, inherited) of each inspection."""
    write_snapshot(folder, "20190917", [MEMBER])
    write_academies(folder, "20211231", [(900010, "Academy converter", "01-09-2015")])
    if links is not None:
        write_urn_links(folder, "20200110", links)
    table = inspection_history(build(folder, folder / "panel"), graded_only=False)
    days = table["date"].dt.strftime("%Y-%m-%d")
    grades = table["grade"].astype("object").where(table["grade"].notna(), None)
    return list(zip(table["urn"], days, grades, table["chain"], table["inherited"], strict=True))


CONVERTED = [(900010, 900001, "Predecessor", "01-09-2015")]


def unjoined(folder: Path) -> list[str]:
    table = pd.read_csv(folder / "panel" / "could_not_join" / "grades.csv")
    return sorted(table["finding"])


def test_a_grade_before_the_school_opened_counts_for_its_predecessor(tmp_path: Path) -> None:
    write_early(tmp_path, {"URN": 900010, LATEST: "10/03/2012", GRADE: "3"})

    assert told(tmp_path, CONVERTED) == [(900001, "2012-03-10", 3, 900001, True)]


def test_the_walk_goes_to_the_school_that_was_open_on_the_day(tmp_path: Path) -> None:
    write_early(tmp_path, {"URN": 900010, LATEST: "10/03/2012", GRADE: "3",
                           PREVIOUS: "10/03/2008", FORMER_GRADE: "4"})  # fmt: skip
    chain = [*CONVERTED, (900001, 900000, "Predecessor", "01-09-2010")]

    assert told(tmp_path, chain) == [
        (900000, "2008-03-10", 4, 900000, True),
        (900001, "2012-03-10", 3, 900000, True),
    ]


def test_a_predecessor_inspected_again_keeps_its_own_urn_in_the_chain(tmp_path: Path) -> None:
    write_history(tmp_path, [(900001, "Good", "20140505"), (900010, "Outstanding", "20180606"),
                             (900001, "Satisfactory", "20100404")])  # fmt: skip

    assert told(tmp_path, CONVERTED) == [
        (900001, "2010-04-04", 3, 900001, False),
        (900001, "2014-05-05", 2, 900001, False),
        (900010, "2018-06-06", 1, 900001, False),
    ]


def test_a_grade_given_by_both_schools_rows_is_one_inspection(tmp_path: Path) -> None:
    write_history(tmp_path, [(900001, "Good", "20120308")])
    write_early(tmp_path, {"URN": 900010, LATEST: "10/03/2012", GRADE: "2"})

    assert told(tmp_path, CONVERTED) == [(900001, "2012-03-08", 2, 900001, False)]


def test_the_predecessors_own_record_wins_where_grades_differ(tmp_path: Path) -> None:
    write_history(tmp_path, [(900001, "Good", "20120308")])
    write_early(tmp_path, {"URN": 900010, LATEST: "10/03/2012", GRADE: "3"})

    assert told(tmp_path, CONVERTED) == [(900001, "2012-03-08", 2, 900001, False)]
    disputed = pd.read_csv(tmp_path / "panel" / "could_not_join" / "disputed_grades.csv")
    assert disputed["grades"].tolist() == ["2 history.csv; 3 mi_31_May_2015.csv"]


def test_a_predecessor_that_is_ambiguous_is_never_chosen(tmp_path: Path) -> None:
    write_early(tmp_path, {"URN": 900010, LATEST: "10/03/2012", GRADE: "3"})
    infants_and_juniors = [*CONVERTED, (900010, 900002, "Predecessor", "01-09-2015")]

    assert told(tmp_path, infants_and_juniors) == []
    assert unjoined(tmp_path) == [
        "counted for nobody: of a predecessor, and no link to it can be followed"
    ]


def test_without_links_a_predecessors_grade_counts_for_nobody(tmp_path: Path) -> None:
    write_early(tmp_path, {"URN": 900010, LATEST: "10/03/2012", GRADE: "3"})

    assert told(tmp_path) == []
    assert unjoined(tmp_path) == ["counted for nobody: of a predecessor that no link names"]


def test_the_urn_a_file_names_is_believed_without_any_link(tmp_path: Path) -> None:
    write_mi(tmp_path, {"URN": 900010, "Inspection start date": "10/03/2012",
                        "Overall effectiveness": "2", OWN: "No", WHOSE: "900005"})  # fmt: skip

    assert told(tmp_path) == [(900005, "2012-03-10", 2, 900005, True)]


def test_a_school_whose_opening_nobody_knows_may_owe_its_grade_to_another(tmp_path: Path) -> None:
    write_early(tmp_path, {"URN": 900020, LATEST: "10/03/2012", GRADE: "3"})
    undated = [(900020, 900021, "Predecessor", ""), (900020, 900022, "Predecessor", "")]

    assert told(tmp_path, undated) == []
    assert "perhaps of a predecessor" in unjoined(tmp_path)[0]


@pytest.mark.parametrize(("earlier", "counted"), [("20110101", True), ("20130101", False)])
def test_unless_it_is_sure_to_have_been_open_by_then(
    tmp_path: Path, earlier: str, counted: bool
) -> None:
    write_history(tmp_path, [(900020, "Good", earlier)])
    write_early(tmp_path, {"URN": 900020, LATEST: "10/03/2012", GRADE: "3"})
    undated = [(900020, 900021, "Predecessor", ""), (900020, 900022, "Predecessor", "")]

    assert ((900020, "2012-03-10", 3, 900020, False) in told(tmp_path, undated)) == counted


def test_a_maintained_school_without_predecessors_owns_its_grades(tmp_path: Path) -> None:
    write_early(tmp_path, {"URN": 900020, LATEST: "10/03/2012", GRADE: "3"})

    assert told(tmp_path) == [(900020, "2012-03-10", 3, 900020, False)]


def test_an_inspection_without_overall_grade_is_kept_apart(tmp_path: Path) -> None:
    write_mi(tmp_path, {"URN": 900010, "Inspection start date": "10/10/2019",
                        "Overall effectiveness": "Not judged", OWN: "Yes",
                        "Quality of education": "2"})  # fmt: skip

    assert told(tmp_path) == [(900010, "2019-10-10", None, 900010, False)]
    assert inspection_history(tmp_path / "panel").empty


def test_report_cards_stand_apart_from_the_older_grades(tmp_path: Path) -> None:
    write_report_cards(
        tmp_path / "mi_31_Oct_2026.csv",
        [card(900010, "12/01/2026") | oeif(900010, "05/05/2022", "3")],
    )

    assert told(tmp_path) == [(900010, "2022-05-05", 3, 900010, False)]
    cards = ask(tmp_path / "panel", "select * from report_cards order by area")
    assert set(cards["judgement"]) == {"expected standard", "met"}
    assert cards["date"].unique().tolist() == [pd.Timestamp("2026-01-12")]
    assert len(cards) == 7


def test_schools_say_what_kind_they_are_and_since_when(tmp_path: Path) -> None:
    write_history(tmp_path, [(900001, "Good", "20140505")])
    told(tmp_path, CONVERTED)

    schools = school_chain(tmp_path / "panel").set_index("urn")

    kind = {name: schools[name].to_dict()[900010] for name in ("type", "phase", "open_from")}
    assert kind == {"type": "converter", "phase": "primary", "open_from": "register"}
    assert schools["sponsor_led"].eq(False).to_dict()[900010]
    assert schools.loc[900010, "open_date"] == pd.Timestamp("2015-09-01")
    assert schools["place"].to_dict() == {900001: 0, 900010: 1}
