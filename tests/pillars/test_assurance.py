"""The quality assurance pillar on a small trust, each figure worked out by hand.

The day described is 31 October 2026; the recent terms begin on 1 January 2026, the last three years
on 31 October 2023.
"""

from __future__ import annotations

import datetime as dt
import math
from typing import Any

import pytest

from tests.pillars.small import FIRST, SECOND, THIRD, one, scope
from workbench.pillars.assurance import MEASURES, assurance, self_evaluations_reviewed
from workbench.pillars.indicator import Measured
from workbench.pillars.scope import Scope, pillar_settings
from workbench.trust.load import Trust

Row = dict[str, Any]


def lacking(found: Measured) -> str:
    assert found.value is None
    assert found.rating == "not enough evidence"
    return "; ".join(found.missing)


def card(urn: int, day: str, safeguarding: str) -> Row:
    areas = ("inclusion", "curriculum_and_teaching", "achievement", "attendance_and_behaviour",
             "personal_development_and_wellbeing", "leadership_and_governance")  # fmt: skip
    found = {"urn": urn, "inspection_date": day, "safeguarding": safeguarding}
    return found | dict.fromkeys(areas, "expected standard")


def oeif(urn: int, day: str, safeguarding: str | None) -> Row:
    return {"urn": urn, "inspection_date": day, "kind": "graded", "overall": "good",
            "safeguarding_effective": safeguarding}  # fmt: skip


def test_safeguarding_is_read_from_the_judgement_that_stands_in_either_era() -> None:
    # First: met on its card, which has replaced a failing older one. Second: not effective. The
    # third has no judgement: unsaid. 1 of 2.
    tables: dict[str, Any] = {
        "inspections_report_card": [card(FIRST, "2026-03-01", "met")],
        "inspections_oeif": [oeif(FIRST, "2022-03-01", "no"), oeif(SECOND, "2024-03-01", "no")],
    }
    found = one(MEASURES, "safeguarding_met", **tables)
    assert (found.value, found.n, found.rating) == (50, 2, "act")
    assert found.note == "1 of 2; not met at Second Primary; 1 more school does not say it"
    assert (found.interval, found.evidence_date) == (None, dt.date(2026, 3, 1))
    second = MEASURES["safeguarding_met"](scope(SECOND, **tables))
    assert (second.value, second.note) == (0, "0 of 1")
    assert second.rating == "act"
    third = MEASURES["safeguarding_met"](scope(THIRD, **tables))
    assert lacking(third) == "a standing judgement that says whether safeguarding is met"


def test_without_any_judgement_safeguarding_is_not_known_and_not_met() -> None:
    assert "safeguarding" in lacking(one(MEASURES, "safeguarding_met"))


def qa(*rows: Row) -> list[Row]:
    return [
        {"review_id": f"Q{place}", "urn": FIRST, "area": "inclusion", "planned": "2026-03-01"} | row
        for place, row in enumerate(rows)
    ]


REVIEWS = qa(
    {"planned": "2026-01-01", "done": "2026-01-05", "external": "yes"},
    {"planned": "2026-03-01", "done": "2026-03-01", "external": "no", "urn": SECOND},
    {"planned": "2026-10-30", "done": None},
    {"planned": "2026-10-31", "done": None},
    {"planned": "2026-06-01", "done": "2026-06-02", "external": None},
    {"planned": "2025-12-31", "done": "2026-01-01", "external": "no"},
    {"planned": "2025-12-31", "done": "2025-12-31", "external": "yes"},
    {"planned": "2026-11-01", "done": None, "urn": SECOND},
)


def test_reviews_done_are_counted_among_those_planned_for_a_day_that_has_passed() -> None:
    # Planned in the window: 1 January, 1 March, 1 June, 30 October; all but the last done: 3 of 4.
    # What is planned for today, 31 October, may still be done.
    found = one(MEASURES, "qa_reviews_done", qa_reviews=REVIEWS)
    assert (found.value, found.n, found.rating) == (75, 4, "act")
    assert found.evidence_date == dt.date(2026, 6, 1)
    second = MEASURES["qa_reviews_done"](scope(SECOND, qa_reviews=REVIEWS))
    assert (second.value, second.n) == (100, 1)
    assert "planned" in lacking(MEASURES["qa_reviews_done"](scope(THIRD, qa_reviews=REVIEWS)))


def test_reviews_from_outside_are_counted_among_those_done() -> None:
    # Done in the window: yes on 5 January, no on 1 March, unsaid on 2 June, no on 1 January, though
    # planned before: 1 of 3.
    found = one(MEASURES, "qa_reviews_external", qa_reviews=REVIEWS)
    assert found.value == pytest.approx(100 / 3)
    assert (found.n, found.rating) == (3, "on track")
    assert found.note == "1 of 3; 1 more review does not say it"
    assert found.evidence_date == dt.date(2026, 1, 5)
    second = MEASURES["qa_reviews_external"](scope(SECOND, qa_reviews=REVIEWS))
    assert (second.value, second.n) == (0, 1)


def test_without_reviews_of_late_neither_share_is_known() -> None:
    old = qa({"planned": "2025-12-31", "done": "2025-12-31", "external": "yes"})
    ahead = qa({"planned": "2026-11-01"})
    for rows in (old, ahead):
        assert "planned for" in lacking(one(MEASURES, "qa_reviews_done", qa_reviews=rows))
        assert "done in" in lacking(one(MEASURES, "qa_reviews_external", qa_reviews=rows))
    unsaid = qa({"done": "2026-03-01"})
    assert "who took part" in lacking(one(MEASURES, "qa_reviews_external", qa_reviews=unsaid))


def judged(*pairs: tuple[str, str | None, str]) -> list[Row]:
    return qa(*(
        {"planned": day, "done": day, "reviewer": "P1", "band": band,
         "second_reviewer": "P2" if second else None, "second_band": second}
        for band, second, day in pairs
    ))  # fmt: skip


def test_kappa_of_two_reviewers_with_quadratic_weights() -> None:
    # Pairs (bands 0 to 3): 1-1, 1-2, 2-2, 2-2. Mean squared distance seen: 1 / 4. By chance the
    # first gives 1 and 2 in halves, the second 1 in a quarter and 2 in three: they differ in
    # 1/2 x 3/4 + 1/2 x 1/4 = 1/2 of pairs. Kappa 1 - (1/4) / (1/2) = 0.5 (Cohen 1968).
    rows = judged(
        ("needs attention", "needs attention", "2023-10-31"),
        ("needs attention", "secure", "2024-10-31"),
        ("secure", "secure", "2025-10-31"),
        ("secure", "secure", "2026-10-31"),
        ("secure", None, "2026-10-01"),
        ("secure", "urgent", "2023-10-30"),  # a day too old
    )
    found = one(MEASURES, "reviewer_kappa", qa_reviews=rows)
    assert found.value == pytest.approx(0.5)
    assert (found.n, found.note) == (4, "the same band in 3 of 4")
    assert found.basis == "4 reviews judged twice"
    assert found.evidence_date == dt.date(2025, 10, 31)
    assert found.interval is not None
    assert -1 <= found.interval.lower < 0.5 < found.interval.upper <= 1


def test_without_second_reviewers_or_different_bands_there_is_no_kappa() -> None:
    single = judged(("secure", None, "2026-10-01"))
    alike = judged(("secure", "secure", "2026-10-01"), ("secure", "secure", "2026-10-02"))
    for rows in (single, alike):
        assert "second, independent" in lacking(one(MEASURES, "reviewer_kappa", qa_reviews=rows))


def own(*rows: tuple[int, str, str]) -> list[Row]:
    return [{"urn": urn, "area": "inclusion", "made": day, "band": band} for urn, day, band in rows]


def found_by_review(*rows: tuple[int, str, str | None]) -> list[Row]:
    return qa(*(
        {"urn": urn, "planned": day, "done": day, "reviewer": "P1", "band": band}
        for urn, day, band in rows
    ))  # fmt: skip


def test_a_self_evaluation_meets_the_review_that_followed_it() -> None:
    # First: strong (3), reviewed as secure (2): +1; and later secure, reviewed the very day as
    # secure: 0. Second: secure (2), reviewed as strong: -1; and, a year on, as needs attention (1):
    # that is 366 days after, still of the year: +1. The mean of 1, 0, -1, 1 is 0.25.
    table = own(
        (FIRST, "2024-09-01", "urgent"),  # replaced by the next before any review
        (FIRST, "2025-09-01", "strong"),
        (FIRST, "2026-02-01", "secure"),
        (SECOND, "2025-03-01", "secure"),
        (THIRD, "2025-01-01", "strong"),
    )
    reviews = found_by_review(
        (FIRST, "2025-12-01", "secure"),
        (FIRST, "2026-02-01", "secure"),
        (SECOND, "2025-06-01", "strong"),
        (SECOND, "2026-03-02", "needs attention"),
        (THIRD, "2026-01-03", "urgent"),  # 367 days after: no longer about the same year
        (THIRD, "2024-12-31", "urgent"),  # before it
        (SECOND, "2026-05-01", None),  # finds nothing
    )
    tables: dict[str, Any] = {"self_evaluations": table, "qa_reviews": reviews}
    met = self_evaluations_reviewed(scope(**tables))
    assert sorted(met["gap"]) == [-1, 0, 1, 1]
    found = one(MEASURES, "self_evaluation_gap", **tables)
    assert found.value == pytest.approx(0.25)
    assert (found.n, found.rating) == (4, "on track")
    assert found.note == "above the review in 2, below it in 1, the same in 1"
    assert found.evidence_date == dt.date(2026, 2, 1)
    # t with 3 degrees of freedom, 3.182, on a standard deviation of 0.957 over root 4: +- 1.523.
    assert found.interval is not None
    assert found.interval.upper - 0.25 == pytest.approx(1.523, abs=1e-3)
    first = MEASURES["self_evaluation_gap"](scope(FIRST, **tables))
    assert (first.value, first.n) == (0.5, 2)
    assert "review of the area followed" in lacking(
        MEASURES["self_evaluation_gap"](scope(THIRD, **tables))
    )


def test_one_review_gives_a_gap_without_a_range_and_another_area_none() -> None:
    tables: dict[str, Any] = {
        "self_evaluations": own((FIRST, "2026-01-01", "strong")),
        "qa_reviews": found_by_review((FIRST, "2026-02-01", "needs attention")),
    }
    found = one(MEASURES, "self_evaluation_gap", **tables)
    assert (found.value, found.interval, found.rating) == (2, None, "act")
    other = {**tables, "self_evaluations": [
        {**tables["self_evaluations"][0], "area": "achievement"}
    ]}  # fmt: skip
    assert lacking(one(MEASURES, "self_evaluation_gap", **other))


def actions(*rows: tuple[int, str, str | None, str | None]) -> list[Row]:
    return [
        {"action_id": f"A{place}", "review_id": "Q0", "urn": urn, "set_on": "2025-09-01",
         "due": due, "closed": closed, "verified": verified}
        for place, (urn, due, closed, verified) in enumerate(rows)
    ]  # fmt: skip


def test_actions_count_when_closed_in_time_and_verified() -> None:
    # In time and verified, on the very day; in time and not verified; late; open; in time and
    # unsaid: 1 of 4. A day before the window, a day ahead and one open that is due today are left
    # out.
    rows = actions(
        (FIRST, "2026-01-01", "2026-01-01", "yes"),
        (FIRST, "2026-03-01", "2026-02-01", "no"),
        (SECOND, "2026-04-01", "2026-04-02", "yes"),
        (SECOND, "2026-10-30", None, None),
        (SECOND, "2026-10-31", None, None),
        (SECOND, "2026-06-01", "2026-05-01", None),
        (SECOND, "2025-12-31", "2025-12-01", "yes"),
        (SECOND, "2026-11-01", "2026-05-01", "yes"),
    )
    found = one(MEASURES, "actions_closed", qa_actions=rows)
    assert (found.value, found.n, found.rating) == (25, 4, "act")
    assert found.basis == "4 actions due"
    assert found.note == "1 of 4; 2 actions late or open; 1 more action due does not say it"
    assert found.evidence_date == dt.date(2026, 4, 1)
    first = MEASURES["actions_closed"](scope(FIRST, qa_actions=rows))
    assert (first.value, first.note) == (50, "1 of 2")
    assert lacking(MEASURES["actions_closed"](scope(THIRD, qa_actions=rows)))


def test_actions_of_which_nothing_is_said_or_not_yet_due_give_no_share() -> None:
    unsaid = actions((FIRST, "2026-06-01", "2026-05-01", None))
    ahead = actions((FIRST, "2026-11-01", None, None))
    for rows in (unsaid, ahead):
        assert "actions that were due" in lacking(one(MEASURES, "actions_closed", qa_actions=rows))


def criteria(*origins: str) -> list[Row]:
    return [
        {"criterion_id": f"C{place}", "criterion": "x", "traces_to": origin,
         "adopted": f"2024-0{place + 1}-01"}
        for place, origin in enumerate(origins)
    ]  # fmt: skip


def test_criteria_serve_children_by_their_needs_or_the_vision() -> None:
    # Needs, vision, framework, other: 2 of 4, counted whole.
    rows = criteria("pupils' needs", "own vision", "inspection framework", "other")
    found = one(MEASURES, "criteria_traceable", review_criteria=rows)
    assert (found.value, found.n, found.interval) == (50, 4, None)
    assert (found.basis, found.rating) == ("4 criteria", "act")
    assert found.evidence_date == dt.date(2024, 3, 1)


def forecasts(*rows: tuple[float, str | None, str | None]) -> list[Row]:
    return [
        {"forecast_id": f"F{place}", "urn": FIRST, "event": "x", "made": "2023-01-01",
         "probability": chance, "resolves": "2026-12-01", "resolved": day, "happened": came}
        for place, (chance, day, came) in enumerate(rows)
    ]  # fmt: skip


def test_skill_is_judged_against_the_base_rate() -> None:
    # Forecast 0.9, 0.8, 0.3, 0.2; the first three and then the last did not: came 1, 1, 0, 0.
    # Brier: (0.01 + 0.04 + 0.09 + 0.04) / 4 = 0.045; the base rate of one half always gets 0.25.
    # Skill 1 - 0.045 / 0.25 = 0.82.
    rows = forecasts(
        (0.9, "2023-10-31", "yes"),
        (0.8, "2026-10-31", "yes"),
        (0.3, "2026-01-01", "no"),
        (0.2, "2025-01-01", "no"),
        (0.9, "2023-10-30", "no"),  # a day too old
        (0.9, None, None),
        (0.9, "2026-02-01", None),  # nobody said whether it came true
    )
    found = one(MEASURES, "forecast_skill", forecasts=rows)
    assert found.value == pytest.approx(0.82)
    assert (found.n, found.note) == (4, "2 of 4 came true")
    assert (found.rating, found.evidence_date) == ("on track", dt.date(2026, 1, 1))
    # Four forecasts bear no range; a fifth, 0.1 for what did not come, does.
    assert found.without_range
    more = one(MEASURES, "forecast_skill", forecasts=[*rows, *forecasts((0.1, "2025-02-01", "no"))])
    assert more.interval is not None
    assert more.interval.lower <= more.interval.estimate <= more.interval.upper <= 1


def test_forecasts_that_all_came_true_leave_nothing_to_tell_apart() -> None:
    alike = forecasts((0.9, "2026-01-01", "yes"), (0.8, "2026-01-01", "yes"))
    for rows in (alike, forecasts((0.9, None, None)), forecasts((0.9, "2026-01-01", None))):
        assert "others that did not, in the last 3 years" in lacking(
            one(MEASURES, "forecast_skill", forecasts=rows)
        )


def test_an_absent_table_is_named_at_both_levels() -> None:
    found = {one.key: one for one in assurance(scope())}
    assert list(found) == list(MEASURES)
    named = {key: "; ".join(one.missing) for key, one in found.items() if key != "safeguarding_met"}
    assert named == {
        "qa_reviews_done": "the table qa_reviews",
        "qa_reviews_external": "the table qa_reviews",
        "reviewer_kappa": "the table qa_reviews",
        "self_evaluation_gap": "the table qa_reviews; the table self_evaluations",
        "actions_closed": "the table qa_actions",
        "criteria_traceable": "the table review_criteria",
        "forecast_skill": "the table forecasts",
    }
    assert [one.key for one in assurance(scope(FIRST))] == [
        "safeguarding_met", "qa_reviews_done", "qa_reviews_external", "self_evaluation_gap",
        "actions_closed",
    ]  # fmt: skip


def test_every_indicator_of_the_demo_trust_has_a_value_or_a_reason(demo_trust: Trust) -> None:
    settings = pillar_settings()
    for urn in (None, *demo_trust.schools["urn"]):
        for found in assurance(Scope(demo_trust, settings, urn)):
            assert found.value is not None or found.missing or found.note, found.key
            assert found.value is None or math.isfinite(found.value), found.key
