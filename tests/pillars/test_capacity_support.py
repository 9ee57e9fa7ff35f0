"""Days of support of one term, and what a trust of one school asks for, worked out by hand."""

from __future__ import annotations

from typing import Any

import pytest

from tests.pillars.small import FIRST, SECOND, THIRD, Rows, frame, one
from workbench.pillars.capacity_support import MEASURES, days_of_term
from workbench.terms import Term

Row = dict[str, Any]
NOW = Term.parse("2026/27 autumn")
LEAD: Rows = [
    {"post_id": "L1", "role": "improvement lead", "fte": 1, "status": "filled", "person": "P1",
     "since": "2020-01-01", "days_a_term": 30},
]  # fmt: skip
NONE_DECLARED: Rows = [
    {"urn": urn, "term": str(NOW), "days_available": 0} for urn in (FIRST, SECOND, THIRD)
]


def work(started: str | None, ended: str | None = None, days: int = 12, **more: Any) -> Row:
    return {"deployment_id": f"{started} {ended}", "provider_urn": FIRST, "recipient_urn": SECOND,
            "triggered": started or "2026-09-01", "started": started, "ended": ended,
            "days": days} | more  # fmt: skip


def test_days_are_spread_evenly_over_the_terms_a_deployment_touches() -> None:
    rows = [
        work(None),  # waiting: all of them now
        work("2026-09-10"),  # within this term
        work("2025-09-10"),  # autumn, spring, summer and now: a quarter
        work("2026-06-10", "2026-09-10"),  # summer and now: a half
        work("2026-09-02", "2026-09-30"),
        work("2026-06-10", "2026-08-31"),  # over before this term
    ]
    table = frame("support", rows).set_index("deployment_id")
    days = days_of_term(table, NOW)
    assert days[[str(row["deployment_id"]) for row in rows]].to_list() == [12, 12, 3, 6, 12, 0]
    assert days_of_term(table.iloc[:0], NOW).empty


def test_a_year_long_deployment_asks_of_a_term_what_falls_to_it() -> None:
    # 30 days of the lead. 120 days over four terms are 30 now, as 30 days within the term are.
    values = [
        one(MEASURES, "support_days_ratio", people=LEAD, support_capacity=NONE_DECLARED,
            support=[row]).value
        for row in (work("2025-09-10", days=120), work("2026-09-10", days=30))
    ]  # fmt: skip
    assert values[0] == pytest.approx(values[1])
    assert values[0] == pytest.approx(1, abs=0.05)


def test_a_trust_of_one_school_with_a_central_lead_has_no_way_to_travel() -> None:
    alone = [{"urn": FIRST, "name": "Only Primary", "phase": "primary", "joined": "2018-09-01"}]
    row = work("2026-09-10", days=10, provider_urn=None, recipient_urn=FIRST, provider_post="L1")
    found = one(
        MEASURES, "support_days_ratio", schools=alone, people=LEAD, support=[row],
        support_capacity=NONE_DECLARED[:1],
    )  # fmt: skip
    assert found.value == pytest.approx(3)
    assert found.missing == ()


def test_work_that_ended_before_the_term_is_not_asked_for() -> None:
    row = work("2026-06-10", "2026-08-31")
    found = one(MEASURES, "support_days_ratio", people=LEAD, support_capacity=NONE_DECLARED,
                support=[row])  # fmt: skip
    assert found.rating == "not applicable"
    assert found.value is None
