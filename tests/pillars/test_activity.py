"""The improvement activity pillar on a small trust, each figure worked out by hand.

The day described is 31 October 2026; the recent terms begin on 1 January 2026.
"""

from __future__ import annotations

import datetime as dt
import math
from typing import Any

import pytest

from tests.pillars.small import FIRST, SECOND, THIRD, one, scope
from workbench.pillars.activity import MEASURES, activity
from workbench.pillars.indicator import Measured
from workbench.pillars.scope import Scope, pillar_settings
from workbench.trust.load import Trust

Row = dict[str, Any]


def lacking(found: Measured) -> str:
    assert found.value is None
    assert found.rating == "not enough evidence"
    return "; ".join(found.missing)


def projects(*rows: Row) -> list[Row]:
    return [
        {"project_id": f"J{place}", "title": "x", "area": "inclusion", "started": "2023-09-01",
         "stage": "deliver", "prompted_by": "diagnosed need"} | row
        for place, row in enumerate(rows)
    ]  # fmt: skip


def closed(day: str, **more: Any) -> Row:
    return {"stage": "closed", "closed": day, **more}


def test_need_is_the_share_of_open_projects_that_it_prompted() -> None:
    # Need, need, funding, demand; the one that closed before the recent terms is left out: 2 of 4.
    rows = projects(
        {"urn": FIRST},
        {"urn": SECOND, **closed("2026-01-01")},
        {"urn": FIRST, "prompted_by": "funding offered"},
        {"prompted_by": "outside demand"},
        {"urn": FIRST, "prompted_by": "funding offered", **closed("2025-12-31")},
    )
    found = one(MEASURES, "need_diagnosed", projects=rows)
    assert (found.value, found.n, found.rating) == (50, 4, "act")
    assert found.note == "2 of 4; 1 prompted by funding offered, 1 prompted by outside demand"
    assert found.evidence_date == dt.date(2026, 10, 31)
    school = MEASURES["need_diagnosed"](scope(FIRST, projects=rows))
    assert (school.value, school.n) == (50, 2)
    assert MEASURES["need_diagnosed"](scope(THIRD, projects=rows)).rating == "not applicable"


OPEN_SHARES = ("need_diagnosed", "baseline_and_comparator", "fidelity_checked")


@pytest.mark.parametrize("key", OPEN_SHARES)
def test_without_a_project_of_late_a_trust_lacks_evidence(key: str) -> None:
    old = projects(closed("2025-12-31", has_baseline="yes", has_comparator="yes", sites=1,
                          fidelity_checked=1))  # fmt: skip
    assert "projects" in lacking(one(MEASURES, key, projects=old))


@pytest.mark.parametrize("key", ["baseline_and_comparator", "fidelity_checked"])
def test_projects_of_which_nothing_is_said_give_no_share(key: str) -> None:
    assert lacking(one(MEASURES, key, projects=projects({"urn": FIRST}, {"sites": 4})))
    assert lacking(MEASURES[key](scope(FIRST, projects=projects({"urn": FIRST}))))


def test_a_baseline_counts_with_a_comparator() -> None:
    # Both; baseline only; comparator only; baseline said and comparator unsaid: 1 of 3.
    rows = projects(
        {"urn": FIRST, "has_baseline": "yes", "has_comparator": "yes"},
        {"urn": SECOND, "has_baseline": "yes", "has_comparator": "no"},
        {"urn": SECOND, "has_baseline": "no", "has_comparator": "yes"},
        {"urn": FIRST, "has_baseline": "yes"},
    )
    found = one(MEASURES, "baseline_and_comparator", projects=rows)
    assert found.value == pytest.approx(100 / 3)
    # Wilson for 1 of 3 at 95% reaches from 6.15 to 79.23: past the line of 60.
    assert found.interval is not None
    assert (found.interval.lower, found.interval.upper) == pytest.approx((6.15, 79.23), abs=0.01)
    assert found.note == "1 of 3; 1 more project does not say it"
    school = MEASURES["baseline_and_comparator"](scope(SECOND, projects=rows))
    assert (school.value, school.n) == (0, 2)


def test_fidelity_counts_sites_and_not_projects() -> None:
    # 6 of 8 sites and 0 of 2: 6 of 10. Counted by project it would be (75 + 0) / 2 = 37.5.
    rows = projects(
        {"urn": FIRST, "sites": 8, "fidelity_checked": 6},
        {"urn": SECOND, "sites": 2, "fidelity_checked": 0},
        {"sites": 9},
    )
    found = one(MEASURES, "fidelity_checked", projects=rows)
    assert (found.value, found.n, found.basis) == (60, 10, "10 sites")
    assert found.note == "6 of 10; in 2 projects; 1 more project not said"
    school = MEASURES["fidelity_checked"](scope(FIRST, projects=rows))
    assert (school.value, school.n) == (75, 8)


def test_pilots_count_when_their_decision_was_due_whoever_decided_late() -> None:
    # Due in the last three years: on the first day of them and in time; a day late; never; in time
    # on the day itself, today. 2 of 4. A day too old, a day ahead, due today and not decided yet,
    # and no pilot: left out.
    rows = projects(
        {"is_pilot": "yes", "decision_due": "2023-10-31", "decided": "2023-10-01"},
        {"is_pilot": "yes", "decision_due": "2024-05-01", "decided": "2024-05-02"},
        {"is_pilot": "yes", "decision_due": "2025-05-01"},
        {"is_pilot": "yes", "decision_due": "2026-10-31", "decided": "2026-10-31"},
        {"is_pilot": "yes", "decision_due": "2023-10-30", "decided": "2023-10-01"},
        {"is_pilot": "yes", "decision_due": "2026-11-01"},
        {"is_pilot": "yes", "decision_due": "2026-10-31"},
        {"is_pilot": "no", "decision_due": "2025-05-01"},
        {"decision_due": "2025-05-01"},
    )
    found = one(MEASURES, "pilots_decided", projects=rows)
    assert (found.value, found.n, found.rating) == (50, 4, "act")
    assert found.evidence_date == dt.date(2025, 5, 1)


def test_without_a_pilot_due_there_is_no_share() -> None:
    rows = projects({"is_pilot": "yes", "decision_due": "2026-11-01"}, {"is_pilot": "yes"})
    assert lacking(one(MEASURES, "pilots_decided", projects=rows)) == (
        "pilots whose decision was due in the last 3 years"
    )


def effect(urn: int | None, value: float, error: float = 0.2, day: str = "2025-06-01") -> Row:
    return {"urn": urn, **closed(day, effect=value, effect_error=error)}


def test_the_mean_effect_of_two_projects_makes_room_for_their_spread() -> None:
    # 0.1 and 0.5, both +- 0.2: centre 0.3, squares 0.04 + 0.04. Chance alone allows 0.04 in all, so
    # tau2 solves 0.08 / (0.04 + tau2) = 1: 0.04 (Paule and Mandel 1982), and its root is 0.20. The
    # centre's error is the root of (0.04 + 0.04) / 2: 0.2. Student's t with one degree of freedom
    # reaches 12.7062 of them: 2.54124 (Knapp and Hartung 2003).
    rows = projects(
        effect(FIRST, 0.1), effect(SECOND, 0.5, day="2026-02-01"), {**closed("2026-05-01")},
        {"urn": FIRST},
    )  # fmt: skip
    found = one(MEASURES, "mean_effect", projects=rows)
    assert found.value == pytest.approx(0.3)
    assert found.interval is not None
    assert found.interval.lower == pytest.approx(-2.24124, abs=1e-4)
    assert found.interval.upper == pytest.approx(2.84124, abs=1e-4)
    assert (found.rating, found.basis) == ("not rated", "2 closed projects with an effect")
    assert found.evidence_date == dt.date(2026, 2, 1)
    assert found.note == (
        "projects differ from each other by 0.20 beyond what chance would do; "
        "1 more closed project has no effect on record"
    )


def test_the_chance_of_a_good_effect_is_that_of_its_distance_from_nothing() -> None:
    # Centre 0.3 and error 0.2 as above: 1.5 errors above zero. Student's t with one degree of
    # freedom is Cauchy's distribution: 1/2 + arctan(1.5) / pi = 0.8128.
    rows = projects(effect(FIRST, 0.1), effect(SECOND, 0.5))
    found = one(MEASURES, "effect_probability", projects=rows)
    assert found.value == pytest.approx(0.8128, abs=1e-4)
    assert (found.rating, found.interval) == ("on track", None)
    assert found.without_range, "two projects are too few to be sure of a chance"
    rows = projects(*(effect(FIRST, number / 10) for number in range(5)))
    five = one(MEASURES, "effect_probability", projects=rows)
    assert not five.estimated, "a chance holds its own doubt"


FOUR = projects(
    effect(FIRST, 0.0), effect(SECOND, 0.2), effect(SECOND, 0.4), effect(FIRST, 0.6),
    effect(None, 0.3, 5.0),
)  # fmt: skip


def test_a_schools_effect_is_drawn_to_the_trusts() -> None:
    # 0, 0.2, 0.4, 0.6, all +- 0.2: centre 0.3, squares 0.2; 0.2 / (0.04 + tau2) = 3 gives 0.0267.
    # Chance is 0.04 / 0.0667 = 0.6 of the variance, times (4 - 3) / (4 - 1) a pull of 0.2. So 0.2
    # becomes 0.22 and 0.4 becomes 0.38: their mean is 0.30, as reported 0.30.
    rows = FOUR[:4]
    second = MEASURES["mean_effect"](scope(SECOND, projects=rows))
    assert second.value == pytest.approx(0.3)
    # Variance of each given the centre (Morris 1983): 0.04 x 0.8 + 0.08 x 0.1^2 = 0.0328, with 2/3
    # x 1/3 x 0.6^2 = 0.08 for the doubt about the pull; half of that for two. The centre's own,
    # 0.0667 / 4, counts once by the pull of 0.2: 0.00333. Of 0.01973, 1.96 roots are 0.2753.
    assert second.interval is not None
    assert second.interval.upper - 0.3 == pytest.approx(0.2753, abs=2e-4)
    assert second.note == "shrunk towards the trust's mean of 0.30; as reported 0.30"
    alone = projects(effect(THIRD, 0.0), *FOUR[1:4])
    third = MEASURES["mean_effect"](scope(THIRD, projects=alone))
    assert third.value == pytest.approx(0.06), "0.3 - 0.8 x 0.3"
    assert third.n == 1


def test_a_hopelessly_vague_effect_hardly_moves_the_mean() -> None:
    assert one(MEASURES, "mean_effect", projects=FOUR).value == pytest.approx(0.3, abs=0.005)


def test_one_effect_says_nothing_of_how_effects_differ() -> None:
    rows = projects(effect(FIRST, 0.4), {**closed("2026-01-01")})
    for key in ("mean_effect", "effect_probability"):
        assert lacking(one(MEASURES, key, projects=rows)) == (
            "two closed projects with an effect and its standard error"
        )


def test_a_school_without_a_closed_project_has_no_effect_to_show() -> None:
    found = MEASURES["mean_effect"](scope(THIRD, projects=FOUR))
    assert (found.rating, found.value) == ("not applicable", None)


def test_an_absent_table_is_named_at_both_levels() -> None:
    assert [found.key for found in activity(scope())] == list(MEASURES)
    assert {lacking(found) for found in activity(scope())} == {"the table projects"}
    assert [found.key for found in activity(scope(FIRST))] == [*OPEN_SHARES, "mean_effect"]


def test_every_indicator_of_the_demo_trust_has_a_value_or_a_reason(demo_trust: Trust) -> None:
    settings = pillar_settings()
    for urn in (None, *demo_trust.schools["urn"]):
        for found in activity(Scope(demo_trust, settings, urn)):
            assert found.value is not None or found.missing or found.note, found.key
            assert found.value is None or math.isfinite(found.value), found.key
