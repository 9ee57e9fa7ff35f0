"""The index of a run: what is there, what failed and where, and nothing alive."""

from __future__ import annotations

import datetime as dt

import pytest

from tests.report.elements import alive
from tests.report.hostile import PAYLOADS
from workbench.report.index import Row, index_page

MADE = dt.datetime(2026, 5, 1, 9, 30, tzinfo=dt.UTC)
WHOLE = Row("school", "900001", "Alder", "a.html", "a.ipynb", headline="Provider.")
FAILED = Row("scenario", "steady", "Steady", None, None, message="no memory", cell=4)


def page(*rows: Row, trust: str = "Alder Trust") -> str:
    return index_page(rows, trust=trust, as_of=dt.date(2026, 4, 30), made=MADE)


def test_all_complete_is_said_and_nothing_of_failure() -> None:
    text = page(WHOLE)
    assert "1 school review, all complete. Made on 1 May 2026 at 09:30 UTC." in text
    assert "What failed" not in text


def test_a_comparison_is_listed_before_the_scenarios_it_compares() -> None:
    compared = Row("comparison", "a,b", "2 scenarios compared", "c.html", "c.ipynb", "None.")
    plan = Row("scenario", "a", "A", "a.html", "a.ipynb")
    text = page(plan, compared, WHOLE)
    assert "1 comparison of scenarios, 1 scenario report and 1 school review" in text
    assert text.index("The scenarios compared") < text.index("Scenario reports for the board")
    assert "2 comparisons of scenarios" in page(compared, compared)


def test_a_failure_is_said_with_its_cell_and_has_no_link() -> None:
    text = page(WHOLE, FAILED)
    assert "1 school review complete; 1 report failed." in text
    assert "Cell 4 of the notebook stopped. no memory" in text
    assert 'href="None"' not in text


def test_a_run_in_which_everything_failed_says_so() -> None:
    assert "No report is complete; 1 report failed." in page(FAILED)


def test_what_was_left_out_is_said_at_the_top() -> None:
    text = index_page(
        [WHOLE], trust="Alder", as_of=dt.date(2026, 4, 30), made=MADE, left_out=["5 of 14 schools."]
    )
    assert "<strong>Left out:</strong> 5 of 14 schools.</p>" in text.split("<h2>")[0]
    assert "Left out" not in page(WHOLE)


@pytest.mark.parametrize("payload", PAYLOADS)
def test_hostile_names_and_messages_are_shown_as_text(payload: str) -> None:
    bad = Row("school", payload, payload, "a.html", None, headline=payload)
    text = page(bad, Row("scenario", payload, payload, None, None, message=payload), trust=payload)
    assert set(alive(text)) == {"style", "a href=a.html"}
