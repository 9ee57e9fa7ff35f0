"""Who can help whom in few words: sources counted and named, days and ways only where known."""

from __future__ import annotations

import pandas as pd
import pytest

from workbench.report.help_words import help_given_said, helpers_table, known_from, needs_table
from workbench.research.who_can_help import MATCH_HEADINGS


def matches(*rows: dict[str, object]) -> pd.DataFrame:
    whole: dict[str, object] = {
        "URN": 1, "School in need": "Ash", "Area": "inclusion", "Need": "need",
        "How known": "data: needs attention (May 2026)", "Helper URN": 2, "Helper": "Beech",
        "Why": "two sources find it strong.", "Minutes by road": 12.4, "Days free": "6 days",
    }  # fmt: skip
    table = pd.DataFrame([whole | row for row in rows], columns=list(MATCH_HEADINGS))
    return table.astype({"Helper URN": "Int64", "Minutes by road": "float64"})


NOBODY: dict[str, object] = {
    "Helper URN": None, "Helper": "Nobody in the trust", "Why": "no school is known to be strong",
    "Minutes by road": None, "Days free": None,
}  # fmt: skip


@pytest.mark.parametrize(
    ("how", "said"),
    [
        ("data: needs attention (May 2026)", "1 source: data"),
        ("staff: urgent (May 2026); data: urgent (June 2026)", "2 sources: staff and data"),
        ("a: x; b: x; c: x; d: x", "4 sources: a, b and 2 more"),
        ("pupils: urgent (May 2026); but staff: strong (May 2026)",
         "1 source: pupils; but staff: strong"),
        ("inspected (May 2026)", "inspected"),
    ],
)  # fmt: skip
def test_who_tells_of_a_need_is_counted_and_named(how: str, said: str) -> None:
    assert known_from(how) == said


def test_a_need_has_one_row_with_its_helpers_in_order() -> None:
    table = needs_table(matches({}, {"Helper URN": 3, "Helper": "Cedar", "Minutes by road": None}))
    assert table.to_dict("records") == [
        {
            "School in need": "Ash", "Area": "Inclusion", "Need": "Need",
            "Who says so": "1 source: data",
            "Could help, best first": "Beech (12 minutes, 6 days free); Cedar (6 days free)",
        }
    ]  # fmt: skip


def test_days_not_known_are_never_free() -> None:
    [cell] = needs_table(matches({"Days free": "days not known"}))["Could help, best first"]
    assert cell == "Beech (12 minutes, days not known)"


def test_a_need_that_nobody_can_meet_says_why() -> None:
    [cell] = needs_table(matches(NOBODY))["Could help, best first"]
    assert cell == "Nobody in the trust: no school is known to be strong"


def test_no_need_is_a_table_without_rows() -> None:
    table = needs_table(matches())
    assert table.empty
    assert next(iter(table.columns)) == "School in need"
    assert help_given_said(matches(), 1) == ()
    assert helpers_table(matches(), 1).empty


def test_a_school_reads_of_its_needs_and_of_what_it_could_give() -> None:
    rows = matches({}, {"URN": 2, "School in need": "Beech", "Helper URN": 1, "Helper": "Ash",
                        "Area": "achievement"})  # fmt: skip
    assert helpers_table(rows, 1).to_dict("records") == [
        {
            "Needs help with": "Inclusion", "Who says so": "1 source: data",
            "Could help": "Beech", "Minutes by road": "12", "Days free": "6 days",
            "Why": "Two sources find it strong.",
        }
    ]  # fmt: skip
    assert help_given_said(rows, 1) == (
        "Could help with achievement at Beech (12 minutes by road).",
    )
    assert help_given_said(rows, 9) == ()
    assert helpers_table(rows, 9).empty


def test_a_need_that_nobody_can_meet_keeps_its_row() -> None:
    [row] = helpers_table(matches(NOBODY), 1).to_dict("records")
    assert (row["Could help"], row["Minutes by road"], row["Days free"]) == (
        "Nobody in the trust", "", "",
    )  # fmt: skip
    assert row["Why"] == "No school is known to be strong."


def test_reasons_leave_out_what_has_a_column() -> None:
    why = (
        "Strong in inclusion: staff: strong (May 2026). Same phase (primary). 12 minutes by road. "
        "6 days declared, none committed. 2 specialist leaders trained to deliver"
    )
    [row] = helpers_table(matches({"Why": why}), 1).to_dict("records")
    assert row["Why"] == (
        "Strong in inclusion: staff: strong (May 2026). Same phase (primary). 2 specialist leaders "
        "trained to deliver."
    )


def test_one_minute_is_one() -> None:
    rows = matches({"Minutes by road": 1.2})
    assert "(1 minute, " in needs_table(rows)["Could help, best first"].iloc[0]
    assert "(1 minute by road)" in help_given_said(rows, 2)[0]


def test_a_hostile_name_passes_as_text() -> None:
    rows = matches({"Helper": "<script>alert(1)</script>", "School in need": "=cmd()"})
    assert helpers_table(rows, 1)["Could help"].tolist() == ["<script>alert(1)</script>"]
    assert "=cmd()" in help_given_said(rows, 2)[0]
