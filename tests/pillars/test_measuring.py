"""The shapes that most indicators share: a share of records, a middle day, a missing table."""

from __future__ import annotations

import datetime as dt
import math

import pandas as pd
import pytest

from tests.pillars.small import FIRST, one, scope
from workbench.measures.intervals import Interval
from workbench.pillars.indicator import Measured, not_applicable
from workbench.pillars.measuring import borne, due_by_now, measure, middle_day, share_of
from workbench.pillars.process import MEASURES
from workbench.pillars.scope import Scope

KEY = "projects_ready"


def share(*hits: bool | None, dates: list[str] | None = None, estimated: bool = True) -> Measured:
    days = None if dates is None else pd.Series(pd.to_datetime(dates))
    return share_of(
        scope(), KEY, pd.Series(list(hits), dtype="boolean"),
        n_of="criterion|criteria", lacking="criteria", dates=days, note="so far",
        estimated=estimated,
    )  # fmt: skip


def test_what_is_not_said_is_left_out_and_counted() -> None:
    # True, false, true of three said, two unsaid.
    found = share(True, None, False, None, True)
    assert found.value == pytest.approx(200 / 3)
    assert (found.n, found.basis) == (3, "3 criteria")
    assert found.note == "2 of 3; so far; 2 more criteria do not say it"
    assert share(True, None).note == "1 of 1; so far; 1 more criterion does not say it"
    assert share(True).note == "1 of 1; so far"


def test_the_interval_is_wilsons_and_a_register_has_none() -> None:
    # Wilson for 9 of 10 at 95%: 59.58 to 98.21 (E. B. Wilson, JASA 22, 1927).
    found = share(*[True] * 9, False).interval
    assert found is not None
    assert (found.estimate, found.confidence) == (90, 0.95)
    assert (found.lower, found.upper) == pytest.approx((59.58, 98.21), abs=0.01)
    assert share(*[True] * 9, False, estimated=False).interval is None


def test_all_and_none_are_shares_too() -> None:
    for value, hits in ((100.0, [True] * 4), (0.0, [False] * 4)):
        found = share(*hits)
        assert found.value == value
        assert found.interval is not None
        assert 0 <= found.interval.lower <= value <= found.interval.upper <= 100


@pytest.mark.parametrize("hits", [(), (None, None)])
def test_no_record_that_says_it_gives_no_share(hits: tuple[None, ...]) -> None:
    found = share(*hits)
    assert (found.value, found.missing) == (None, ("criteria",))
    assert found.rating == "not enough evidence"


def test_the_day_is_that_of_the_records_counted() -> None:
    days = ["2026-01-01", "2026-02-01", "2026-03-01"]
    assert share(True, False, True, dates=days).evidence_date == dt.date(2026, 2, 1)
    assert share(None, None, True, dates=days).evidence_date == dt.date(2026, 3, 1)
    assert share(True).evidence_date == dt.date(2026, 10, 31)


def test_the_middle_day_is_the_later_of_two_and_none_of_none() -> None:
    days = pd.to_datetime(pd.Series(["2026-03-01", None, "2026-01-01"]))
    assert middle_day(days) == dt.date(2026, 3, 1)
    assert middle_day(days.iloc[1:2]) is None


def test_a_table_without_rows_is_named_and_its_indicator_not_worked_out() -> None:
    def refuse(_: Scope) -> Measured:
        raise AssertionError("worked out without its table")

    found = measure(scope(), "process", dict.fromkeys(MEASURES, refuse))
    assert [measured.key for measured in found] == list(MEASURES)
    assert found[3].missing == ("the table projects", "the table project_reviews")


def test_an_estimate_is_known_by_its_interval_or_by_being_said() -> None:
    assert share(True, False).estimated
    assert not share(True, False, estimated=False).estimated
    assert not share(True, False).without_range


def test_few_records_that_are_alike_bear_no_interval() -> None:
    # Five are declared as enough.
    alike, apart = Interval(1, 1, 1, 0.95), Interval(1, 0, 2, 0.95)
    assert [borne(scope(), n, alike) for n in (1, 4)] == [None, None]
    assert borne(scope(), 5, alike) == alike
    assert borne(scope(), 2, apart) == apart
    assert borne(scope(), 9, None) is None


def test_what_is_due_today_counts_only_when_it_is_done() -> None:
    # Due yesterday: done, and not. Due today (31 October): done, done tomorrow, and not.
    rows = pd.DataFrame({
        "due": ["2026-10-30", "2026-10-30", "2026-10-31", "2026-10-31", "2026-10-31"],
        "done": ["2026-10-30", None, "2026-10-31", "2026-11-01", None],
    }).astype("datetime64[us]")  # fmt: skip
    assert list(due_by_now(scope(), rows, "due", "done").index) == [0, 1, 2]


def test_only_indicators_of_the_level_are_measured() -> None:
    here = scope(FIRST)
    levels = {
        found.key: found.indicator.level for found in measure(here, "process", MEASURES)
    }  # fmt: skip
    assert set(levels.values()) == {"both"}
    assert "steps_without_executive" not in levels


def test_an_indicator_without_its_measure_is_an_error_and_not_silence() -> None:
    step = {"step_id": "S1", "step": "x", "reviewed": "2026-01-01"}
    with pytest.raises(KeyError, match="steps_without_executive"):
        measure(scope(process_steps=[step]), "process", {})


def test_what_does_not_apply_says_why_and_has_no_number() -> None:
    found = not_applicable(KEY, scope().indicator(KEY), "it had no project")
    assert (found.value, found.n, found.interval, found.basis) == (None, None, None, "")
    assert found.shown == "not applicable: it had no project"
    assert found.score is None


def test_values_are_finite_numbers() -> None:
    found = one(MEASURES, "steps_without_executive", process_steps=[
        {"step_id": "S1", "step": "x", "reviewed": "2026-01-01", "runs_without_executive": "no"}
    ])  # fmt: skip
    assert found.value == 0
    assert found.score is not None
    assert math.isfinite(found.score)
