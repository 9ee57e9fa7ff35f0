"""Schools that closed before they were graded again, and what is told of them by successors."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pandas as pd
import pytest

from tests.research.backtest.test_cases import ORIGIN, TARGET, inputs, listed
from tests.research.history.published import write_academies, write_history, write_urn_links
from workbench.research.backtest.cases import Cases, cases_after
from workbench.research.backtest.closed import EVERY, successors_after, what_became
from workbench.research.backtest.inputs import Inputs, no_closings, read_inputs
from workbench.scenario.answers import read_model


def told() -> Inputs:
    """Six schools by the origin: 1 and 15 are graded again, 2 to 5 close, 6 is not seen again.

    Of the closed, 2 became 12, graded good; 3 has no successor; 4 became 14, never graded; 5 became
    15, which is asked about itself.
    """
    known = [(1, "2017-05-10", 1), (2, "2016-05-10", 0), (3, "2016-05-10", 1),
             (4, "2016-05-10", 2), (5, "2016-05-10", 2), (6, "2016-05-10", 2),
             (15, "2016-05-10", 2)]  # fmt: skip
    later = [(1, "2019-10-06", 2), (12, "2021-10-06", 2), (15, "2019-11-06", 0),
             (6, "2016-05-10", 2)]  # fmt: skip
    whole = inputs(listed("2018-07-31", known), listed("2022-04-30", later))
    closings = pd.DataFrame(
        {
            "closed": pd.to_datetime(["2018-12-31"] * 4).astype("datetime64[s]"),
            "successor": pd.array([12, pd.NA, 14, 15], dtype="Int64"),
        },
        index=pd.Index([2, 3, 4, 5], name="urn"),
    )
    return Inputs(whole.visits, whole.figures, whole.schools, {}, (), closings)


def asked(whole: Inputs) -> tuple[Cases, Cases]:
    test = cases_after(whole, ORIGIN, TARGET)
    return test, successors_after(whole, ORIGIN, TARGET, test)


def test_a_closed_school_is_told_of_as_open_and_scored_on_its_successors_grade() -> None:
    test, later = asked(told())
    assert test.asked.index.tolist() == [1, 15]
    assert later.asked.index.tolist() == [2]
    row = later.asked.loc[2]
    assert (row["date"], row["band"], row["last"]) == (pd.Timestamp("2021-10-06"), 2, 0)
    assert later.outcomes.tolist() == [1]
    both = test.with_others(later)
    assert both.asked.index.tolist() == [1, 2, 15]
    assert sorted(both.told["urn"].unique()) == [1, 2, 15]


def test_every_school_asked_about_is_counted_once_by_what_became_of_it() -> None:
    whole = told()
    counts = what_became(whole, ORIGIN, TARGET, *asked(whole)).set_index("last")
    names = ["asked", "graded", "closed", "followed", "successors_graded", "successors_good",
             "neither"]  # fmt: skip
    assert list(counts[names].loc[EVERY]) == [7, 2, 4, 3, 1, 1, 1]
    assert list(counts[names].loc["secure"]) == [4, 1, 2, 2, 0, 0, 1]
    assert counts.loc["strong", "asked"] == 0
    assert (counts["graded"] + counts["closed"] + counts["neither"] == counts["asked"]).all()


def test_what_closed_after_the_target_had_not_closed() -> None:
    whole = told()
    after = whole.closings.assign(closed=pd.Timestamp("2022-05-01").as_unit("s"))
    late = Inputs(whole.visits, whole.figures, whole.schools, {}, (), after)
    test, later = asked(late)
    assert later.asked.empty
    assert test.with_others(later) is test
    assert what_became(late, ORIGIN, TARGET, test, later).iloc[-1]["closed"] == 0


def test_without_closings_nothing_closed() -> None:
    whole = inputs(
        listed("2018-07-31", [(1, "2017-05-10", 1)]), listed("2022-04-30", [(1, "2019-10-06", 2)])
    )
    test, later = asked(whole)
    assert no_closings().empty
    assert later.asked.empty
    assert what_became(whole, ORIGIN, TARGET, test, later).iloc[-1]["closed"] == 0


def test_closings_and_successors_are_read_from_published_files(tmp_path: Path) -> None:
    """1 became 11 alone; 2 was split; 3 closed and nothing followed."""
    write_history(tmp_path, [(urn, "Good", "20150304") for urn in (1, 2, 3)])
    write_academies(
        tmp_path,
        "20211231",
        [(urn, "Academy converter", "01-09-2019" if urn > 10 else "01-09-2010")
         for urn in (1, 2, 3, 11, 12, 13)],
        {1: "31-08-2019", 2: "31-08-2019", 3: "31-12-2020"},
    )  # fmt: skip
    write_urn_links(
        tmp_path,
        "20200110",
        [(11, 1, "Predecessor", "01-09-2019"), (12, 2, "Predecessor", "01-09-2019"),
         (13, 2, "Predecessor", "01-09-2019")],
    )  # fmt: skip
    found = read_inputs(tmp_path, read_model().start_bands).closings
    assert found["closed"].dt.date.to_dict() == {
        1: dt.date(2019, 8, 31), 2: dt.date(2019, 8, 31), 3: dt.date(2020, 12, 31),
    }  # fmt: skip
    assert found.loc[1, "successor"] == 11
    assert found["successor"].isna().to_dict() == {1: False, 2: True, 3: True}
    for file in tmp_path.glob("links_*"):
        file.unlink()
    alone = read_inputs(tmp_path, read_model().start_bands).closings
    assert alone.index.tolist() == [1, 2, 3]
    assert alone["successor"].isna().all()


@pytest.mark.parametrize("day", [dt.date(2018, 12, 30), dt.date(2019, 1, 1)])
def test_a_successor_graded_after_the_target_is_not_yet(day: dt.date) -> None:
    whole = told()
    test = cases_after(whole, ORIGIN, TARGET)
    assert successors_after(whole, ORIGIN, day, test).asked.empty
