"""What is told by a day, and what is asked after it: on files and frames whose history is known."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from pathlib import Path

import pandas as pd
import pytest

from tests.research.history.published import write_history, write_snapshot
from tests.trust.published.synthetic import write_csv
from workbench.errors import BadInput
from workbench.research.backtest.cases import (
    PUBLISHED_WITHIN_DAYS,
    Cases,
    cases_after,
    cases_before,
    known_by,
)
from workbench.research.backtest.inputs import Inputs, months_after, read_inputs, school_year_end
from workbench.research.backtest.layer import figures_known
from workbench.scenario.answers import read_model

ORIGIN, TARGET = dt.date(2018, 7, 31), dt.date(2022, 4, 30)
Visit = tuple[int, str, int]


def listed(day: str | None, visits: Sequence[Visit]) -> pd.DataFrame:
    """A list of one day, or a history where there is none."""
    rows = pd.DataFrame(visits, columns=["urn", "date", "band"])
    rows["date"] = pd.to_datetime(rows["date"]).astype("datetime64[s]")
    rows["listed"] = pd.Series(
        pd.NaT if day is None else pd.Timestamp(day), rows.index, dtype="datetime64[s]"
    )
    return rows.assign(file=str(day), history=day is None, rows=len(rows) if day else 0)


def inputs(*lists: pd.DataFrame) -> Inputs:
    nothing = pd.DataFrame()
    return Inputs(pd.concat(lists, ignore_index=True), nothing, nothing, {}, ())


def told(day: dt.date, *lists: pd.DataFrame) -> list[Visit]:
    """What is known by a day of some lists."""
    rows = known_by(inputs(*lists).visits, day)
    days = rows["date"].dt.strftime("%Y-%m-%d")
    return list(zip(rows["urn"], days, rows["band"], strict=True))


def known(found: Cases, urn: int) -> list[tuple[str, int]]:
    mine = found.told[found.told["urn"].eq(urn)]
    return list(zip(mine["date"].dt.strftime("%Y-%m-%d"), mine["band"], strict=True))


def test_each_school_is_told_of_what_was_known_and_asked_of_what_came_after() -> None:
    """One inspection stands in the history under its last day and in the list under its first."""
    found = cases_after(
        inputs(
            listed("2018-07-31", [(1, "2017-05-10", 1), (2, "2016-01-20", 2)]),
            listed(None, [(1, "2014-02-01", 2), (1, "2017-05-12", 1), (1, "2019-03-01", 2)]),
            listed("2022-04-30", [(1, "2021-10-06", 3), (2, "2016-01-20", 2)]),
        ),
        ORIGIN,
        TARGET,
    )
    assert known(found, 1) == [("2014-02-01", 2), ("2017-05-10", 1)]
    assert found.asked.index.tolist() == [1]
    row = found.asked.loc[1]
    assert (row["band"], row["last"], row["before"], row["graded"]) == (3, 1, 2, 2)
    assert pd.isna(row["third"])
    assert row["waited"] == pytest.approx(4.41, abs=0.01)
    assert found.outcomes.tolist() == [1]


def test_what_happened_by_an_earlier_target_is_not_what_happened_later() -> None:
    lists = inputs(
        listed("2018-07-31", [(1, "2017-05-10", 1), (2, "2017-05-10", 1)]),
        listed("2022-04-30", [(1, "2019-10-06", 0), (2, "2021-10-06", 2)]),
    )
    assert cases_after(lists, ORIGIN, dt.date(2020, 2, 29)).asked.index.tolist() == [1]
    assert cases_after(lists, ORIGIN, TARGET).asked.index.tolist() == [1, 2]


def test_a_later_list_tells_nothing_of_the_past_where_one_of_the_day_speaks() -> None:
    """The list of 2022 knows of a grade of 2015 that nobody had listed by the origin."""
    found = cases_after(
        inputs(
            listed("2018-07-31", [(1, "2017-05-10", 1)]),
            listed("2022-04-30", [(1, "2015-05-10", 3), (1, "2021-10-06", 2)]),
        ),
        ORIGIN,
        TARGET,
    )
    assert known(found, 1) == [("2017-05-10", 1)]


def test_a_grade_that_a_list_of_the_day_lacks_had_not_been_published() -> None:
    """School 1 was inspected in July 2018, its report came out in August.

    School 2's is the list's own inspection under its last day, and school 3's the one before it.
    """
    lists = (
        listed("2018-07-31", [(1, "2014-05-10", 1), (2, "2018-07-03", 2), (3, "2018-06-20", 2)]),
        listed(None, [(1, "2018-07-05", 3), (2, "2018-07-12", 2), (3, "2018-05-20", 0)]),
        listed("2022-04-30", [(1, "2018-07-05", 3), (2, "2021-10-06", 3), (3, "2018-06-20", 2)]),
    )
    assert told(ORIGIN, *lists) == [
        (1, "2014-05-10", 1), (2, "2018-07-03", 2), (3, "2018-05-20", 0), (3, "2018-06-20", 2),
    ]  # fmt: skip
    later = cases_after(inputs(*lists), ORIGIN, TARGET)
    assert later.asked.index.tolist() == [2]


def test_what_a_list_lacked_is_told_once_its_reports_have_come_out() -> None:
    """The list is of the last day of September; grades after it are told on their own day."""
    lists = (
        listed("2017-09-30", [(1, "2014-05-10", 1)]),
        listed(None, [(1, "2017-09-20", 3), (1, "2018-07-05", 2)]),
    )
    out = dt.date(2017, 9, 30) + dt.timedelta(days=PUBLISHED_WITHIN_DAYS)
    before = told(out - dt.timedelta(days=1), *lists)

    assert before == [(1, "2014-05-10", 1)]
    assert told(out, *lists) == [*before, (1, "2017-09-20", 3)]
    assert told(ORIGIN, *lists) == [*before, (1, "2017-09-20", 3), (1, "2018-07-05", 2)]


def test_of_grades_after_the_list_their_own_day_tells() -> None:
    """The list is of a month before: of July it says nothing."""
    lists = (
        listed("2018-06-30", [(1, "2014-05-10", 1), (2, "2014-05-10", 1)]),
        listed(None, [(1, "2018-06-20", 3), (2, "2018-07-05", 3), (3, "2018-07-05", 3)]),
    )
    late = [(2, "2018-07-05", 3), (3, "2018-07-05", 3)]
    assert told(ORIGIN, *lists) == [(1, "2014-05-10", 1), (2, "2014-05-10", 1), *late]


def test_of_schools_that_the_list_lacks_the_last_weeks_are_not_told() -> None:
    """A first grade in July stands in no list yet; that of spring may be of a school closed."""
    first = ORIGIN - dt.timedelta(days=PUBLISHED_WITHIN_DAYS)
    lists = (
        listed("2018-07-31", [(1, "2014-05-10", 1)]),
        listed(None, [(8, str(first), 2), (9, str(first + dt.timedelta(days=1)), 2)]),
    )
    assert told(ORIGIN, *lists) == [(1, "2014-05-10", 1), (8, str(first), 2)]
    # A list of few schools has it: then it was out.
    some = listed("2018-07-15", [(9, str(first), 2)]).assign(rows=0)
    assert [urn for urn, _, _ in told(ORIGIN, *lists, some)] == [1, 8, 9]


def test_without_a_list_by_the_day_or_without_a_history_nothing_is_held_back() -> None:
    """Neither a list of later nor one of no known day tells what was not out."""
    visits: list[Visit] = [(1, "2014-05-10", 1), (1, "2018-07-05", 3)]
    later = listed("2022-04-30", [(1, "2021-10-06", 2)])
    undated = listed(None, [(1, "2014-05-10", 1)]).assign(history=False, rows=1)

    assert told(ORIGIN, listed(None, visits)) == visits
    assert told(ORIGIN, listed(None, visits), later) == visits
    assert told(ORIGIN, listed(None, visits), undated) == visits
    assert told(ORIGIN, listed("2018-07-31", visits), later) == visits


def test_learning_looks_back_whole_school_years_and_only_before_each_grade() -> None:
    """From September 2015 on; a first grade has nothing before it and is not learnt from."""
    lists = inputs(
        listed("2018-07-31", [(1, "2015-09-01", 2), (2, "2015-08-31", 2), (3, "2018-01-01", 1)]),
        listed(None, [(1, "2012-01-01", 1), (2, "2012-01-01", 1)]),
    )
    found = cases_before(lists, ORIGIN, 3, 1)
    assert found.asked.index.tolist() == [1]
    assert known(found, 1) == [("2012-01-01", 1)]
    assert found.asked.loc[1, "last"] == 1
    with pytest.raises(BadInput, match="1 schools have a grade"):
        cases_before(lists, ORIGIN, 3, 2)


def test_a_list_of_few_schools_speaks_for_no_day() -> None:
    many = [(urn, "2017-05-10", 2) for urn in range(1, 6)]
    found = cases_after(
        inputs(
            listed("2018-06-30", many),
            listed("2018-07-31", [(1, "2018-06-01", 0)]),
            listed("2022-04-30", [(urn, "2021-10-06", 2) for urn in range(1, 6)]),
        ),
        ORIGIN,
        TARGET,
    )
    assert len(found.asked) == 5


def test_days_that_cannot_be_tested_are_refused_with_the_reason() -> None:
    lists = inputs(listed("2018-07-31", [(1, "2017-05-10", 1)]))
    with pytest.raises(BadInput, match="not after the origin"):
        cases_after(lists, ORIGIN, ORIGIN)
    with pytest.raises(
        BadInput, match="no school with a grade by 2018-07-31 has a new one"
    ) as said:
        cases_after(lists, ORIGIN, TARGET)
    assert "lists of grades of: 2018-07-31" in str(said.value)
    with pytest.raises(BadInput, match="no grade by 2010-01-01"):
        cases_after(lists, dt.date(2010, 1, 1), TARGET)


def test_school_years_end_in_july_and_figures_come_out_months_later() -> None:
    assert school_year_end("2017/18") == dt.date(2018, 7, 31)
    assert school_year_end("1999/00") == dt.date(2000, 7, 31)
    assert months_after(dt.date(2018, 7, 31), 8) == dt.date(2019, 3, 31)
    assert months_after(dt.date(2018, 7, 31), 7) == dt.date(2019, 2, 28)


def test_published_files_are_read_by_their_headers(tmp_path: Path) -> None:
    write_history(tmp_path, [(900001, "Good", "20150304"), (900001, "Inadequate", "20120304")])
    write_csv(
        tmp_path / "grades_july2018.csv",
        ("URN", "School name", "Ofsted phase", "Inspection date", "Overall effectiveness"),
        [(900001, "A School", "Primary", "05/06/2018", "3"), (900002, "B", "Secondary", "", "9")],
    )
    folder = tmp_path / "2018"
    folder.mkdir()
    write_csv(
        folder / "england_abs.csv",
        ("URN", "PERCTOT", "PPERSABS10"),
        [(900001, "4.5", "SUPP"), (900002, "6.0", "12.5")],
    )
    write_csv(
        folder / "england_census.csv",
        ("URN", "NOR", "NUMFSM", "PSENELK", "PNUMEAL", "PNUMFSMEVER"),
        [(900001, "200", "50", "12.5%", "8.0%", "40.0%")],
    )
    write_snapshot(tmp_path, "20180902", [(900001, 70, "01-09-2015"), (900002, 70, "01-09-2016")])
    found = read_inputs(tmp_path, read_model().start_bands)

    visits = found.visits.sort_values("date")
    assert visits["band"].tolist() == [0, 2, 1]
    assert visits["history"].tolist() == [True, True, False]
    assert visits["listed"].dropna().dt.date.tolist() == [dt.date(2018, 7, 31)]
    assert found.schools["phase"].to_dict() == {900001: "primary", 900002: "secondary"}
    figures = found.figures.sort_values(["urn", "measure"])
    absence = figures[figures["measure"].str.contains("absence")]
    assert absence["value"].tolist() == [4.5, 6.0, 12.5]
    intake = figures.drop(absence.index).set_index("measure")["value"]
    assert intake.to_dict() == {
        "eal_percent": 8.0, "fsm_ever_6_percent": 40.0, "fsm_percent": 25.0,
        "sen_support_percent": 12.5,
    }  # fmt: skip
    assert set(figures["ended"].dt.date) == {dt.date(2018, 7, 31)}
    assert found.members[dt.date(2018, 9, 2)]["trust_uid"].tolist() == [70, 70]


def test_settled_figures_of_a_year_count_before_provisional_ones(tmp_path: Path) -> None:
    """By name alone provisional figures would come before revised ones."""
    write_history(tmp_path)
    for name, scores in (("provisional", {1: "40.0", 2: "50.0", 3: "60.0"}),
                         ("revised", {1: "41.0", 2: "SUPP", 3: "61.0"})):  # fmt: skip
        write_csv(
            tmp_path / "2022-2023" / f"england_ks4{name}.csv", ("URN", "TPUP", "ATT8SCR"),
            [(urn, 150, score) for urn, score in scores.items()],
        )  # fmt: skip
    found = read_inputs(tmp_path, read_model().start_bands)

    told = found.figures.drop_duplicates("urn").set_index("urn")["value"]
    assert told.to_dict() == {1: 41.0, 2: 50.0, 3: 61.0}
    known = figures_known(found, dt.date(2023, 8, 31), 0).values["attainment_8"]
    assert known.to_dict() == pytest.approx({1: -0.965, 2: -0.067, 3: 1.032}, abs=0.001)


def test_a_folder_without_inspections_is_refused(tmp_path: Path) -> None:
    write_snapshot(tmp_path, "20180902", [(900001, 70, "01-09-2015")])
    with pytest.raises(BadInput, match="no inspections"):
        read_inputs(tmp_path, read_model().start_bands)
