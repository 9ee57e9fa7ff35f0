"""Collective commitment on a small trust, each figure worked out by hand."""

from __future__ import annotations

import datetime as dt
import math
import random
from collections.abc import Sequence
from typing import Any

import pytest

from tests.pillars.small import FIRST, SECOND, THIRD, one, scope
from workbench.pillars.commitment import MEASURES, commitment
from workbench.pillars.indicator import Measured
from workbench.pillars.scope import Scope, pillar_settings
from workbench.trust.contracts_evidence import COMMITMENT_ITEMS
from workbench.trust.load import Trust

NOW, BEFORE = "2026/27 autumn", "2025/26 summer"  # the recent terms begin on 1 January 2026
Row = dict[str, Any]


def lacking(found: Measured) -> str:
    assert found.value is None
    assert found.rating == "not enough evidence"
    return "; ".join(found.missing)


def deployments(*rows: tuple[int | None, str | None, str | None, float], **more: Any) -> list[Row]:
    """Return rows of support to the third school: provider, started, ended, days."""
    return [
        {"deployment_id": f"S{place}", "provider_urn": urn, "recipient_urn": THIRD,
         "triggered": "2022-01-01", "started": started, "ended": ended, "days": days, **more}
        for place, (urn, started, ended, days) in enumerate(rows)
    ]  # fmt: skip


def judged(*urns: int, grade: str = "good") -> list[Row]:
    return [
        {"urn": urn, "inspection_date": "2023-05-01", "kind": "graded", "overall": grade}
        for urn in urns
    ]


def days(*rows: tuple[int, str, float]) -> list[Row]:
    return [{"urn": urn, "term": term, "days_available": free} for urn, term, free in rows]


def test_provider_schools_that_give_days() -> None:
    # First and second are good, joined long ago and have days to give: two providers; the third
    # is inadequate. The first gives now; the second ended its last before the recent terms.
    tables: dict[str, Any] = {
        "inspections_oeif": [*judged(FIRST, SECOND), *judged(THIRD, grade="inadequate")],
        "support_capacity": days((FIRST, NOW, 5), (SECOND, NOW, 5)),
    }
    support = deployments(
        (FIRST, "2025-03-01", None, 10),
        (SECOND, "2025-03-01", "2025-12-31", 10),
        (SECOND, None, None, 10),
        (SECOND, "2026-11-01", None, 10),
        (None, "2026-03-01", "2026-06-01", 10),
    )
    found = one(MEASURES, "schools_giving_days", support=support, **tables)
    assert (found.value, found.basis, found.rating) == (50, "2 provider schools", "act")
    assert found.interval is None
    support = deployments((FIRST, "2025-03-01", None, 10), (SECOND, "2025-03-01", "2026-01-01", 9))
    assert one(MEASURES, "schools_giving_days", support=support, **tables).value == 100


def test_schools_that_may_be_providers_are_not_counted_as_such() -> None:
    support = deployments((FIRST, "2025-03-01", None, 10))
    inspections = judged(FIRST, SECOND)
    # The second school's days are not declared: whether it could give is not known.
    known = one(MEASURES, "schools_giving_days", support=support, inspections_oeif=inspections,
                support_capacity=days((FIRST, NOW, 5)))  # fmt: skip
    assert (known.value, known.n) == (100, 1)
    assert "1 more school may be able to give" in known.note
    unknown = one(MEASURES, "schools_giving_days", support=support, inspections_oeif=inspections)
    assert lacking(unknown) == "which schools can provide (2 schools may be able to)"
    poor = judged(FIRST, SECOND, THIRD, grade="inadequate")
    none = one(MEASURES, "schools_giving_days", support=support, inspections_oeif=poor)
    assert none.rating == "not applicable"


def test_giving_is_even_when_each_gives_as_it_could() -> None:
    # 4 of 8 days and 2 of 4: the same share, hence 0.
    tables = {"support_capacity": days((FIRST, NOW, 8), (SECOND, NOW, 4))}
    support = deployments((FIRST, "2026-09-01", "2026-10-01", 4),
                          (SECOND, "2026-09-01", "2026-10-02", 2))  # fmt: skip
    found = one(MEASURES, "giving_gini", support=support, **tables)
    assert found.value == pytest.approx(0)
    assert (found.basis, found.rating) == ("2 schools", "on track")
    assert found.evidence_date == dt.date(2026, 10, 2)


def test_giving_by_one_of_two_is_uneven_and_counts_declared_terms_only() -> None:
    # The first gives 6 of 6 days, the second 0 of 6. Lorenz curve: (0, 0), (1/2, 0), (1, 1): the
    # area below is 1/4 and Gini 1 - 2/4 = 0.5. The first's 9 days of the summer, for which it
    # declared nothing, are left out, as are those that still run, are too old or came from the
    # central team; the third school declared no days.
    tables = {"support_capacity": days((FIRST, NOW, 6), (SECOND, NOW, 4), (SECOND, BEFORE, 2),
                                       (SECOND, "2024/25 autumn", 100))}  # fmt: skip
    support = deployments(
        (FIRST, "2026-09-01", "2026-10-01", 6),
        (FIRST, "2026-05-01", "2026-06-01", 9),
        (SECOND, "2026-09-01", None, 50),
        (SECOND, "2024-09-01", "2024-10-01", 50),
        (None, "2026-09-01", "2026-10-01", 50),
    )
    found = one(MEASURES, "giving_gini", support=support, **tables)
    assert found.value == pytest.approx(0.5)
    assert found.rating == "act"
    assert "6 of 12 days that could be given" in found.note
    assert "1 school declared none and is left out" in found.note
    assert "1 deployment left out" in found.note


def test_without_two_schools_that_could_give_or_any_gift_there_is_no_gini() -> None:
    support = deployments((FIRST, "2026-09-01", "2026-10-01", 6))
    for declared in (days((FIRST, NOW, 6), (SECOND, NOW, 0)), days((FIRST, "2020/21 spring", 6))):
        found = one(MEASURES, "giving_gini", support=support, support_capacity=declared)
        assert "two schools or more" in lacking(found)
    declared = days((THIRD, NOW, 6), (SECOND, NOW, 6))
    none = one(MEASURES, "giving_gini", support=support, support_capacity=declared)
    assert "ended deployments by schools" in lacking(none)


def survey(urn: int, people: Sequence[Sequence[int]]) -> list[Row]:
    return [
        {"wave": NOW, "respondent": f"R{urn}{place:03d}", "urn": urn,
         **dict(zip(COMMITMENT_ITEMS, points, strict=True))}
        for place, points in enumerate(people)
    ]  # fmt: skip


# Every item follows the person, with one point of wobble on each in turn: they hang together.
TOGETHER = [
    [level + (place == wobble) for place in range(5)]
    for level in (1, 2, 3, 4)
    for wobble in range(5)
]


def loosely() -> list[list[int]]:
    """Return people whose answers have more to do with chance than with the person."""
    draw = random.Random(5)
    people = [draw.gauss(3, 0.5) for _ in range(60)]
    return [
        [max(1, min(5, round(person + draw.gauss(0, 1)))) for _ in range(5)] for person in people
    ]


def test_the_commitment_scale_is_the_mean_of_five_statements() -> None:
    # Levels 1 to 4, one item in five a point higher: (1 + 2 + 3 + 4) / 4 + 1/5 = 2.7.
    rows = [*survey(FIRST, TOGETHER), *survey(SECOND, [[5, 5, 5, 5, 4]] * 12)]
    school = MEASURES["commitment_scale"](scope(FIRST, staff_survey=rows))
    assert school.value == pytest.approx(2.7)
    assert (school.n, school.evidence_date) == (20, dt.date(2026, 9, 1))
    # Twenty people at 2.7 and twelve at 4.8: (54 + 57.6) / 32 = 3.4875.
    trust = one(MEASURES, "commitment_scale", staff_survey=rows)
    assert trust.value == pytest.approx(3.4875)
    assert trust.interval is not None
    assert trust.interval.lower < 3.4875 < trust.interval.upper
    assert "over 5 statements and 32 answers of the whole trust" in trust.note
    # The second school answers as one, so that its own scale has no reliability: the trust's has.
    alike = MEASURES["commitment_scale"](scope(SECOND, staff_survey=rows))
    assert alike.value == pytest.approx(4.8)


def test_a_scale_that_does_not_hang_together_gives_no_figure() -> None:
    found = one(MEASURES, "commitment_scale", staff_survey=survey(FIRST, loosely()))
    assert lacking(found) == "a scale whose statements hang together (omega 0.7 or more)"
    assert found.note.startswith("omega 0.")


def test_a_small_school_has_no_scale_and_nobody_answering_alike_has_none() -> None:
    rows = [*survey(FIRST, TOGETHER), *survey(THIRD, TOGETHER[:6])]
    assert lacking(MEASURES["commitment_scale"](scope(THIRD, staff_survey=rows))).startswith(
        "fewer than 10"
    )
    assert "held back" in lacking(MEASURES["commitment_scale"](scope(FIRST, staff_survey=rows)))
    alike = survey(FIRST, [[4] * 5] * 12)
    assert "how reliable" in lacking(one(MEASURES, "commitment_scale", staff_survey=alike))


def reviews(*rows: tuple[int | None, str, str | None]) -> list[Row]:
    return [
        {"review_id": f"V{place}", "held": held, "reviewed_urn": THIRD, "reviewer_urn": urn,
         "reviewer": f"P{place}", "head_took_part": head}
        for place, (urn, held, head) in enumerate(rows)
    ]  # fmt: skip


def test_heads_who_took_part_in_peer_review() -> None:
    # First: once no, once yes. Second: too long ago. Third: sent nobody. 1 of 3 heads.
    rows = reviews(
        (FIRST, "2026-02-01", "no"), (FIRST, "2026-03-01", "yes"), (SECOND, "2025-10-30", "yes"),
        (None, "2026-03-01", "yes"), (FIRST, "2026-05-01", None),
    )  # fmt: skip
    found = one(MEASURES, "heads_in_peer_review", peer_reviews=rows)
    assert found.value == pytest.approx(100 / 3)
    assert (found.n, found.rating, found.evidence_date) == (3, "act", dt.date(2026, 5, 1))
    # The second school's part in a review is not said: it is left out, 1 of 2.
    unsaid = [*rows, *reviews((SECOND, "2026-02-01", None))]
    found = one(MEASURES, "heads_in_peer_review", peer_reviews=unsaid)
    assert (found.value, found.n) == (50, 2)
    assert "1 more school does not say it" in found.note


def test_a_year_without_a_review_or_without_a_word_on_heads_gives_no_share() -> None:
    for rows in (reviews((FIRST, "2024-02-01", "yes")), reviews((FIRST, "2026-02-01", None))):
        assert "last 12 months" in lacking(one(MEASURES, "heads_in_peer_review", peer_reviews=rows))


def documents(*rows: tuple[str, str, str | None, str | None]) -> list[Row]:
    return [
        {"document_id": f"D{place}", "kind": kind, "dated": dated, "senior": senior,
         "trust_wide": wide}
        for place, (kind, dated, senior, wide) in enumerate(rows)
    ]  # fmt: skip


def test_senior_job_descriptions_with_a_duty_to_the_whole_trust() -> None:
    # Senior: yes, no and unsaid; not senior: yes; not said whether senior: yes; to come: no.
    rows = documents(
        ("job description", "2022-09-01", "yes", "yes"),
        ("job description", "2024-09-01", "yes", "no"),
        ("job description", "2024-09-01", "yes", None),
        ("job description", "2024-09-01", "no", "yes"),
        ("job description", "2024-09-01", None, "yes"),
        ("job description", "2026-12-01", "yes", "no"),
        ("appraisal", "2026-05-01", "yes", "yes"),
    )
    found = one(MEASURES, "job_descriptions_trust_wide", role_documents=rows)
    assert (found.value, found.n, found.rating) == (50, 2, "act")
    assert "1 job description left out" in found.note
    assert "1 more senior job description does not say it" in found.note
    none = documents(("job description", "2024-09-01", "no", "yes"))
    assert "senior" in lacking(one(MEASURES, "job_descriptions_trust_wide", role_documents=none))


@pytest.mark.parametrize(
    ("key", "kind"),
    [("appraisals_trust_wide", "appraisal"), ("recruitment_packs_trust_wide", "recruitment pack")],
)
def test_appraisals_and_recruitment_packs_of_the_year(key: str, kind: str) -> None:
    # Within the year: yes, yes, no, unsaid: 2 of 3. A year and a day ago and next month: left out.
    rows = documents(
        (kind, "2025-10-31", None, "yes"), (kind, "2026-03-01", None, "yes"),
        (kind, "2026-10-31", None, "no"), (kind, "2026-03-01", None, None),
        (kind, "2025-10-30", None, "no"), (kind, "2026-11-01", None, "no"),
        ("job description", "2026-03-01", "yes", "no"),
    )  # fmt: skip
    found = one(MEASURES, key, role_documents=rows)
    assert found.value == pytest.approx(200 / 3)
    assert (found.n, found.evidence_date) == (3, dt.date(2026, 3, 1))
    assert found.interval is not None
    for old in (documents((kind, "2024-03-01", None, "yes")),
                documents((kind, "2026-03-01", None, None))):  # fmt: skip
        assert "last 12 months" in lacking(one(MEASURES, key, role_documents=old))


def meetings(*rows: tuple[int, str, str]) -> list[Row]:
    return [
        {"network": "Heads", "held": held, "urn": urn, "attended": came} for urn, held, came in rows
    ]


def test_invitations_to_networks_taken_up() -> None:
    # Recent: yes, no, yes, yes: 3 of 4; the first school 1 of 2.
    rows = meetings(
        (FIRST, "2026-01-01", "yes"), (FIRST, "2026-05-01", "no"), (SECOND, "2026-05-01", "yes"),
        (SECOND, "2026-10-31", "yes"), (FIRST, "2025-12-31", "no"), (FIRST, "2026-11-01", "no"),
    )  # fmt: skip
    found = one(MEASURES, "network_attendance", networks=rows)
    assert (found.value, found.n, found.evidence_date) == (75, 4, dt.date(2026, 5, 1))
    assert MEASURES["network_attendance"](scope(FIRST, networks=rows)).value == 50
    assert "meetings" in lacking(MEASURES["network_attendance"](scope(THIRD, networks=rows)))


def test_contributions_that_were_celebrated() -> None:
    # Ended in the recent terms: yes, no and unsaid: 1 of 2; the running and the old one are not.
    ended = [
        deployments((FIRST, "2025-09-01", day, 5), celebrated=said)[0] | {"deployment_id": f"S{at}"}
        for at, (day, said) in enumerate(
            [("2026-02-01", "yes"), ("2026-03-01", "no"), ("2026-03-01", None),
             (None, None), ("2025-12-31", "yes")]
        )
    ]  # fmt: skip
    found = one(MEASURES, "contributions_celebrated", support=ended)
    assert (found.value, found.n) == (50, 2)
    assert "1 more deployment does not say it" in found.note
    assert "celebrated" in lacking(one(MEASURES, "contributions_celebrated", support=ended[2:]))


def audit(*rows: tuple[str | None, str | None, str | None]) -> list[Row]:
    return [
        {"person": f"P{place}", "urn": FIRST, "employed_since": "2020-09-01", "audited": audited,
         "could_support": could, "stretch_offered": offered}
        for place, (audited, could, offered) in enumerate(rows)
    ]  # fmt: skip


def test_able_staff_who_were_offered_a_stretch_role() -> None:
    # Able: three, of whom one was offered a role by the day: 1 of 3. One is not able, one was not
    # asked, of one it is not said.
    rows = audit(
        ("2025-01-01", "yes", "2026-01-01"), ("2025-02-01", "yes", None),
        ("2025-03-01", "yes", "2026-11-01"), ("2025-03-01", "no", "2026-01-01"),
        (None, None, None), ("2025-03-01", None, None),
    )  # fmt: skip
    found = one(MEASURES, "stretch_roles_offered", talent_audit=rows)
    assert found.value == pytest.approx(100 / 3)
    assert (found.basis, found.evidence_date) == ("3 able staff members", dt.date(2025, 2, 1))
    assert "not known of 2 more staff members" in found.note
    assert "an audit" in lacking(one(MEASURES, "stretch_roles_offered", talent_audit=rows[4:]))
    none_able = one(MEASURES, "stretch_roles_offered", talent_audit=rows[3:])
    assert none_able.rating == "not applicable"


def spells(*rows: tuple[str, str | None, str, str | None]) -> list[Row]:
    return [
        {"post_id": post, "role": "specialist leader", "urn": FIRST, "fte": 1, "person": person,
         "status": "vacant" if person is None else "filled", "since": since, "until": until}
        for post, person, since, until in rows
    ]  # fmt: skip


def test_lenders_in_post_a_year_after_their_last_deployment() -> None:
    # P1 lent twice, the last ended 2025-06-01, and moved to another post: there on 2026-06-01.
    # P2's ended 2024-06-01 and left on 2025-05-31: gone a day too soon, whoever has the post since
    # then. P3 is there still.
    # P4's ended too lately to tell, P5's too long ago. One deployment names no post: 2 of 3.
    people = spells(
        ("A", "P1", "2020-09-01", "2025-08-31"), ("B", "P1", "2025-09-01", None),
        ("C", "P2", "2020-09-01", "2025-05-31"), ("C", None, "2025-06-01", "2025-12-31"),
        ("C", "P8", "2026-01-01", None),
        ("D", "P3", "2023-09-01", None), ("D", "P9", "2020-09-01", "2023-08-31"),
        ("E", "P4", "2020-09-01", None), ("F", "P5", "2020-09-01", "2023-09-01"),
    )  # fmt: skip
    ends = [("A", "2024-01-01", "2024-02-01"), ("A", "2025-02-01", "2025-06-01"),
            ("C", "2024-01-01", "2024-06-01"), ("D", "2023-09-01", "2025-10-31"),
            ("E", "2025-02-01", "2025-11-01"), ("F", "2023-01-01", "2023-10-30"),
            (None, "2024-01-01", "2024-06-01")]  # fmt: skip
    support = [
        deployments((FIRST, started, ended, 5), provider_post=post)[0] | {"deployment_id": f"S{at}"}
        for at, (post, started, ended) in enumerate(ends)
    ]
    found = one(MEASURES, "lenders_retained", people=people, support=support)
    assert found.value == pytest.approx(200 / 3)
    assert found.basis == "3 lenders"
    assert found.interval is not None
    assert "1 deployment left out, not known who gave the days" in found.note
    assert found.evidence_date == dt.date(2026, 6, 1)
    nobody = one(MEASURES, "lenders_retained", people=people, support=support[-1:])
    assert "who gave the days" in lacking(nobody)
    lately = one(MEASURES, "lenders_retained", people=people, support=support[4:6])
    assert "one to 3 years ago" in lacking(lately)


def test_an_absent_table_is_named() -> None:
    found = commitment(scope())
    assert {one.key for one in found} == set(MEASURES)
    assert all("the table" in lacking(one) for one in found)
    school = commitment(scope(FIRST))
    assert [one.key for one in school] == ["commitment_scale", "network_attendance"]


def test_every_indicator_of_the_demo_trust_has_a_value_or_a_reason(demo_trust: Trust) -> None:
    settings = pillar_settings()
    for urn in (None, *demo_trust.schools["urn"]):
        for found in commitment(Scope(demo_trust, settings, urn)):
            assert found.value is not None or found.missing or found.note, found.key
            assert found.value is None or math.isfinite(found.value), found.key
