"""The people behind capacity, and who gave support, worked out by hand on a trust of three."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from tests.pillars.small import FIRST, SECOND, THIRD, Rows, one, scope
from workbench.pillars.capacity import MEASURES, capacity
from workbench.pillars.indicator import Measured
from workbench.pillars.scope import Scope, pillar_settings
from workbench.trust.contracts_people import SKILLS
from workbench.trust.load import Trust

Row = dict[str, Any]


def _lead(post: str, status: str, since: str, until: str | None = None, **more: str) -> Row:
    person = "P" + post if status == "filled" else None
    return {"post_id": post, "role": "improvement lead", "fte": 1, "status": status,
            "person": person, "since": since, "until": until, **more}  # fmt: skip


def _schools(count: int) -> Rows:
    return [
        {"urn": 900001 + place, "name": f"School {place}", "phase": "primary",
         "joined": "2019-09-01", "latitude": 53.6, "longitude": 1.3}
        for place in range(count)
    ]  # fmt: skip


# Weeks to fill a lead post


def test_weeks_to_fill_is_the_median_of_vacancies_that_somebody_filled() -> None:
    # 1 to 28 September: 28 days, 4 weeks. 1 January to 10 March 2026: 69 days. Median (4 + 69/7)/2.
    found = one(
        MEASURES,
        "weeks_to_fill_lead",
        people=[
            _lead("A", "vacant", "2025-09-01", "2025-09-28"),
            _lead("A", "filled", "2025-09-29"),
            _lead("B", "vacant", "2026-01-01", "2026-03-10"),
            _lead("B", "filled", "2026-03-11"),
            _lead("C", "vacant", "2023-01-01", "2023-10-30"),  # ended one day too long ago
            _lead("C", "filled", "2023-10-31"),
            _lead("D", "vacant", "2026-02-01", "2026-03-01"),  # the post was closed
            _lead("E", "vacant", "2026-08-01"),  # still vacant
            _lead("F", "vacant", "2026-09-01", "2026-10-31"),  # its last day is today
        ],
    )
    assert found.value == pytest.approx((4 + 69 / 7) / 2)
    assert (found.n, found.n_of, found.interval) == (2, "appointment", None)
    assert found.evidence_date == dt.date(2026, 3, 10)
    assert found.note == (
        "2 more still vacant and not counted; 1 more ended without anyone in post and not counted"
    )


def test_weeks_to_fill_counts_a_vacancy_that_ended_three_years_ago_to_the_day() -> None:
    people = [
        _lead("A", "vacant", "2023-10-25", "2023-10-31"),
        _lead("A", "filled", "2023-11-01"),
    ]
    assert one(MEASURES, "weeks_to_fill_lead", people=people).value == pytest.approx(1.0)


def test_without_a_vacancy_that_ended_no_weeks_are_given() -> None:
    found = one(MEASURES, "weeks_to_fill_lead", people=[_lead("A", "vacant", "2026-01-01")])
    assert found.missing == ("a vacancy of a lead post that was filled in the last 3 years",)


def test_weeks_to_fill_do_not_apply_where_no_lead_post_stood_empty() -> None:
    # The vacancy ended a day before the three years; one post passed on overnight, one is shared.
    people = [
        _lead("A", "vacant", "2023-01-01", "2023-10-30"),
        _lead("A", "filled", "2023-10-31", "2025-08-31"),
        _lead("A", "filled", "2025-09-01"),
        _lead("B", "filled", "2020-01-01", "2026-08-31"),
        _lead("B", "filled", "2021-01-01", "2024-08-31"),
        _lead("B", "filled", "2025-09-01"),
        _lead("C", "vacant", "2026-11-01"),  # tomorrow
    ]
    found = one(MEASURES, "weeks_to_fill_lead", people=people)
    assert (found.rating, found.note) == (
        "not applicable",
        "no lead post stood empty in the last 3 years",
    )


def test_days_between_two_leads_that_no_row_covers_may_be_a_vacancy() -> None:
    for since, rating in (
        ("2026-01-01", "not applicable"),
        ("2026-01-02", "not enough evidence"),
    ):
        people = [_lead("A", "filled", "2022-09-01", "2025-12-31"), _lead("A", "filled", since)]
        assert one(MEASURES, "weeks_to_fill_lead", people=people).rating == rating
    long_ago = [
        _lead("A", "filled", "2020-09-01", "2021-12-31"),
        _lead("A", "filled", "2022-09-01"),
    ]
    assert one(MEASURES, "weeks_to_fill_lead", people=long_ago).rating == "not applicable"


def test_weeks_to_fill_are_not_known_where_the_table_has_no_lead_posts() -> None:
    head = {**_lead("H", "filled", "2020-09-01"), "role": "head", "urn": FIRST}
    closed = _lead("A", "filled", "2020-09-01", "2023-10-30")
    for people in ([head], [head, closed], [head, _lead("B", "filled", "2026-11-01")]):
        found = one(MEASURES, "weeks_to_fill_lead", people=people)
        assert found.missing == ("improvement lead posts in the table people in the last 3 years",)
    last_day = one(MEASURES, "weeks_to_fill_lead", people=[head, {**closed, "until": "2023-10-31"}])
    assert last_day.rating == "not applicable"


# Executive days

_EXECUTIVES: Rows = [
    {"post_id": "CEO", "role": "executive", "fte": 1, "status": "filled", "person": "P1",
     "since": "2020-09-01"},
    {"post_id": "DEP", "role": "executive", "fte": 1, "status": "filled", "person": "P2",
     "since": "2020-09-01"},
]  # fmt: skip


def _days(post: str, term: str, days: float) -> Row:
    return {"post_id": post, "term": term, "improvement_days": days}


def test_executive_days_are_those_of_the_last_full_term() -> None:
    found = one(
        MEASURES,
        "executive_days",
        schools=_schools(5),
        people=_EXECUTIVES,
        executive_time=[
            _days("CEO", "2025/26 summer", 12), _days("DEP", "2025/26 summer", 3.5),
            _days("CEO", "2025/26 spring", 40), _days("CEO", "2026/27 autumn", 50),
        ],
    )  # fmt: skip
    assert (found.value, found.rating, found.n) == (15.5, "act", 2)
    assert (found.note, found.evidence_date) == ("2025/26 summer", dt.date(2026, 8, 31))


def test_up_to_four_schools_the_executive_may_lead_improvement() -> None:
    days = [_days("CEO", "2025/26 summer", 12)]
    found = one(MEASURES, "executive_days", schools=_schools(4), executive_time=days)
    assert found.rating == "not applicable"
    assert one(MEASURES, "executive_days", schools=_schools(5), executive_time=days).value == 12


def test_no_days_are_not_claimed_while_an_executive_is_silent() -> None:
    schools = _schools(5)
    none = [_days("CEO", "2025/26 summer", 0)]
    found = one(
        MEASURES, "executive_days", schools=schools, people=_EXECUTIVES, executive_time=none
    )
    assert found.missing == ("days of 1 more executive in 2025/26 summer",)
    some = [_days("CEO", "2025/26 summer", 2)]
    found = one(
        MEASURES, "executive_days", schools=schools, people=_EXECUTIVES, executive_time=some
    )
    assert (found.value, found.note) == (
        2,
        "2025/26 summer; at least: 1 executive did not say",
    )


def test_days_of_other_terms_are_not_those_of_the_last() -> None:
    found = one(
        MEASURES,
        "executive_days",
        schools=_schools(5),
        executive_time=[_days("CEO", "2025/26 spring", 12)],
    )
    assert found.missing == ("days of executives on improvement in 2025/26 summer",)


# Successors, specialist leaders, skills, talents


def _successor(role: str, candidate: str, readiness: str, reviewed: str) -> Row:
    return {"role_id": role, "candidate": candidate, "readiness": readiness, "reviewed": reviewed}


def test_a_successor_ready_for_two_roles_is_one_successor() -> None:
    # P1 and P2 are ready, for three roles; the fourth role was reviewed tomorrow: 2 / 3.
    found = one(
        MEASURES,
        "ready_successors",
        succession=[
            _successor("CEO", "P1", "ready now", "2026-01-10"),
            _successor("HEAD-1", "P1", "ready now", "2026-02-10"),
            _successor("HEAD-1", "P2", "ready now", "2026-02-10"),
            _successor("HEAD-2", "P3", "within a year", "2026-03-10"),
            _successor("HEAD-3", "P4", "ready now", "2026-11-01"),
        ],
    )
    assert found.value == pytest.approx(2 / 3)
    assert (found.n, found.rating) == (3, "act")
    assert found.note.endswith("1 of 3 roles have nobody ready")
    assert found.evidence_date == dt.date(2026, 2, 10)


def test_a_role_without_candidates_has_no_successor_and_a_later_review_is_not_known_yet() -> None:
    bare = [_successor("CEO", "none-1", "no candidate", "2026-01-10")]
    assert one(MEASURES, "ready_successors", succession=bare).value == 0
    later = [_successor("CEO", "P1", "ready now", "2026-11-10")]
    found = one(MEASURES, "ready_successors", succession=later)
    assert found.rating == "not enough evidence"


def test_specialist_leaders_of_whom_it_is_not_said_are_left_out() -> None:
    people = [
        {"post_id": f"S{place}", "role": "specialist leader", "fte": 1, "status": status,
         "person": f"P{place}", "since": "2024-09-01", "trained_to_lead": trained}
        for place, (status, trained) in enumerate(
            [("filled", "yes"), ("filled", "no"), ("filled", "yes"), ("filled", None),
             ("vacant", "no")]
        )
    ]  # fmt: skip
    found = one(MEASURES, "sles_trained_to_lead", people=people)
    assert found.value == pytest.approx(100 * 2 / 3)
    assert (found.n, found.interval) == (3, None)
    assert found.note == "2 of 3; 1 more specialist leader does not say it"
    silent = [{**row, "trained_to_lead": None} for row in people]
    found = one(MEASURES, "sles_trained_to_lead", people=silent)
    assert found.rating == "not enough evidence"


def _skill(person: str, skill: str, level: str, assessed: str = "2026-02-01") -> Row:
    return {"person": person, "skill": skill, "level": level, "assessed": assessed}


_LEADS: Rows = [_lead("A", "filled", "2024-09-01"), _lead("B", "filled", "2024-09-01")]


def test_a_skill_counts_where_one_lead_in_post_holds_it() -> None:
    # Six held between two leads; both are still developing the seventh: 6 / 7.
    rows = [_skill("PA" if place % 2 else "PB", skill, "secure") for place, skill in
            enumerate(SKILLS[:6])]  # fmt: skip
    rows += [_skill("PA", SKILLS[6], "developing"), _skill("PB", SKILLS[6], "developing")]
    rows += [_skill("PX", SKILLS[6], "expert")]  # not a lead in post
    found = one(MEASURES, "lead_skill_coverage", people=_LEADS, skills=rows)
    assert found.value == pytest.approx(100 * 6 / 7)
    assert (found.n, found.rating) == (2, "act")
    assert found.note == f"held by nobody: {SKILLS[6]}"


def test_a_skill_nobody_was_assessed_in_is_not_a_skill_nobody_has() -> None:
    rows = [_skill("PA", skill, "expert") for skill in SKILLS[:6]]
    found = one(MEASURES, "lead_skill_coverage", people=_LEADS, skills=rows)
    assert found.missing == (f"an assessment of every lead in post in {SKILLS[6]}",)
    one_of_two = [*rows, _skill("PA", SKILLS[6], "developing")]
    found = one(MEASURES, "lead_skill_coverage", people=_LEADS, skills=one_of_two)
    assert found.value is None
    whole = [*one_of_two, _skill("PB", SKILLS[6], "developing", "2026-11-01")]  # tomorrow
    assert one(MEASURES, "lead_skill_coverage", people=_LEADS, skills=whole).value is None


def test_what_is_known_to_be_lacking_settles_it_though_not_all_is_known() -> None:
    # Five held, one held by neither lead, one that only PA was assessed in: at least 5 / 7.
    rows = [_skill("PA", skill, "expert") for skill in SKILLS[:5]]
    rows += [_skill(person, SKILLS[5], "developing") for person in ("PA", "PB")]
    rows += [_skill("PA", SKILLS[6], "developing")]
    found = one(MEASURES, "lead_skill_coverage", people=_LEADS, skills=rows)
    assert found.value == pytest.approx(100 * 5 / 7)
    assert found.note == (
        f"held by nobody: {SKILLS[5]}; at least: not every lead has been assessed in {SKILLS[6]}"
    )


def test_without_leads_or_assessments_of_them_there_is_no_coverage() -> None:
    rows = [_skill("PX", skill, "expert") for skill in SKILLS]
    found = one(MEASURES, "lead_skill_coverage", people=_LEADS, skills=rows)
    assert found.missing == ("an assessment of the skills of the leads in post",)
    vacant = [_lead("A", "vacant", "2024-09-01")]
    found = one(MEASURES, "lead_skill_coverage", people=vacant, skills=rows)
    assert found.rating == "not applicable"


_STAFF: Rows = [
    {"person": "P1", "urn": FIRST, "employed_since": "2020-09-01", "audited": "2024-10-31"},
    {"person": "P2", "urn": FIRST, "employed_since": "2020-09-01", "audited": "2024-10-30"},
    {"person": "P3", "urn": FIRST, "employed_since": "2020-09-01"},
    {"person": "P4", "urn": SECOND, "employed_since": "2020-09-01", "audited": "2026-05-01"},
    {"person": "P5", "employed_since": "2026-09-01"},
    {"person": "P6", "urn": FIRST, "employed_since": "2026-11-01"},
]


def test_an_audit_counts_for_two_years_and_staff_to_come_do_not() -> None:
    # P1 two years ago to the day and P4, of P1 to P5.
    found = one(MEASURES, "talent_audit_coverage", talent_audit=_STAFF)
    assert (found.value, found.n, found.note) == (40.0, 5, "2 of 5")
    at_school = MEASURES["talent_audit_coverage"](scope(FIRST, talent_audit=_STAFF))
    assert at_school.value == pytest.approx(100 / 3)
    bare = MEASURES["talent_audit_coverage"](scope(THIRD, talent_audit=_STAFF))
    assert bare.rating == "not enough evidence"


# Support


def _deployment(name: str, post: str | None, days: float, ended: str | None) -> Row:
    return {"deployment_id": name, "provider_post": post, "provider_urn": FIRST,
            "recipient_urn": THIRD, "triggered": "2025-09-01", "started": "2025-09-10",
            "ended": ended, "days": days}  # fmt: skip


def test_the_two_who_give_most_are_found_among_deployments_that_ended() -> None:
    # Within 1 January to 31 October 2026: A 10, B 6, C 3, D 1 of 20 days: A and B give 16 / 20.
    support = [
        _deployment("D1", "A", 4, "2026-01-01"), _deployment("D2", "A", 6, "2026-05-01"),
        _deployment("D3", "B", 6, "2026-05-02"), _deployment("D4", "C", 3, "2026-06-01"),
        _deployment("D5", "D", 1, "2026-10-31"), _deployment("D6", "D", 90, "2025-12-31"),
        _deployment("D7", "E", 90, None), _deployment("D8", None, 90, "2026-06-01"),
    ]  # fmt: skip
    found = one(MEASURES, "top_two_share", support=support)
    assert (found.value, found.n, found.rating) == (80.0, 5, "act")
    assert found.note == "4 posts gave 20 days in all; 1 more deployment without a named post"
    for bare in (support[5:7], support[7:]):
        found = one(MEASURES, "top_two_share", support=bare)
        assert found.rating == "not enough evidence"


def test_support_that_began_after_the_day_described_is_still_waited_for() -> None:
    support = [{**_deployment("D1", "A", 7, None), "started": "2026-11-02"}]
    assert MEASURES["days_waiting"](scope(THIRD, support=support)).value == 7


def test_every_indicator_of_the_demo_trust_has_a_value_or_a_reason(demo_trust: Trust) -> None:
    settings = pillar_settings()
    for urn in (None, *demo_trust.schools["urn"]):
        indicators = capacity(Scope(demo_trust, settings, urn))
        assert indicators
        for found in indicators:
            _has_a_value_or_a_reason(found)


def _has_a_value_or_a_reason(found: Measured) -> None:
    assert found.value is not None or found.missing or found.note
    assert found.value is None or abs(found.value) < float("inf")
    assert "nan" not in found.shown.casefold().split()
