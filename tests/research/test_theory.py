"""The theory of the case: refuted, standing, not to be told or without a test, and due again."""

from __future__ import annotations

from typing import Any

import pytest

from tests.pillars.made import beside, together, unknown, value
from tests.pillars.small import FIRST, SECOND, THIRD, scope
from workbench.pillars.indicator import Measured
from workbench.research.theory import Claim, claims, stage

SCHOOLS = [
    {"urn": urn, "name": f"School {urn}", "phase": "primary", "joined": "2018-09-01"}
    for urn in (FIRST, SECOND, THIRD)
]


def judged(*found: Measured, **row: Any) -> Claim:
    """Judge one claim of a trust of three schools, last reviewed on the day described."""
    said = {
        "claim_id": "T1", "stated": "2024-01-01", "pillar": "process", "claim": "Swift help helps",
        "refuted_if": "It does not", "reviewed": "2026-10-31", "schools_at_review": 3,
    } | row  # fmt: skip
    here = scope(schools=SCHOOLS, theory_of_the_case=[said])
    [claim] = claims(together(*found, here=here))
    return claim


DAYS = ("days_to_deploy", 21)


@pytest.mark.parametrize(
    ("likely", "verdict"),
    [
        ((22, 40), "refuted"),
        ((21, 40), "cannot be told"),  # 21 itself is not above 21
        ((10, 22), "cannot be told"),
        ((10, 21), "stands"),
    ],
)
def test_an_estimate_refutes_only_with_its_whole_range(
    likely: tuple[float, float], verdict: str
) -> None:
    days = value("days_to_deploy", sum(likely) / 2, likely)
    found = judged(days, indicator="days_to_deploy", above=21)
    assert found.verdict == verdict
    assert found.indicator == days
    assert found.above == 21
    assert ("whole range" in found.why) == (verdict != "cannot be told")


@pytest.mark.parametrize(("steps", "verdict"), [(89.9, "refuted"), (90, "stands"), (100, "stands")])
def test_what_was_counted_whole_refutes_or_not(steps: float, verdict: str) -> None:
    found = judged(value("steps_without_executive", steps), indicator="steps_without_executive",
                   below=90)  # fmt: skip
    assert found.verdict == verdict
    assert "range" not in found.why


@pytest.mark.parametrize(
    ("likely", "verdict"),
    [
        ((10, 20), "refuted"),
        ((80, 90), "refuted"),
        ((40, 60), "stands"),
        ((20, 60), "cannot be told"),
        ((40, 80), "cannot be told"),
    ],
)
def test_a_claim_may_be_refuted_on_both_sides(likely: tuple[float, float], verdict: str) -> None:
    share = value("own_vision_kpis", sum(likely) / 2, likely)
    assert judged(share, indicator="own_vision_kpis", below=30, above=70).verdict == verdict


@pytest.mark.parametrize("days", [3, 30])
def test_an_estimate_without_a_range_tells_nothing(days: float) -> None:
    few = value("days_to_deploy", days, estimated=True)
    found = judged(few, indicator="days_to_deploy", above=21)
    assert found.verdict == "cannot be told"
    assert found.why == "the records are too few to give the indicator a range"


def test_without_a_value_nothing_is_told() -> None:
    named = {"indicator": "days_to_deploy", "above": 21}
    lacking = judged(unknown("days_to_deploy", "x"), **named)
    assert (lacking.verdict, lacking.why) == (
        "cannot be told", "the indicator cannot be measured yet"
    )  # fmt: skip
    aside = judged(beside("days_to_deploy", "there was no support"), **named)
    assert aside.why == "the indicator does not apply here: there was no support"
    strange = judged(indicator="happiness", above=21)
    assert (strange.verdict, strange.indicator) == ("cannot be told", None)
    assert strange.why == "the indicator named is not one of those declared"
    school = judged(indicator="days_waiting", above=21)
    assert school.why == "the indicator named is measured for schools, not for a trust"


def test_a_claim_that_nothing_could_refute_has_no_test() -> None:
    for row in ({}, {"indicator": "days_to_deploy"}):
        found = judged(value("days_to_deploy", 20), **row)
        assert (found.verdict, found.indicator) == ("no test", None)


@pytest.mark.parametrize(
    ("schools", "stage_of"),
    [(1, 0), (2, 1), (3, 2), (5, 2), (6, 3), (10, 3), (11, 4), (20, 4), (21, 5), (30, 5), (31, 6),
     (80, 6)],
)  # fmt: skip
def test_stages_are_the_bands_in_which_trusts_are_counted(schools: int, stage_of: int) -> None:
    # 1, 2, 3-5, 6-10, 11-20, 21-30, 31 and more: Department for Education, statistics of trusts.
    assert stage(schools) == stage_of


@pytest.mark.parametrize(
    ("then", "due"),
    [
        (3, ""),
        (5, ""),  # three schools or five: the same stage
        (6, "the trust had 6 schools when it was last reviewed and has 3: another stage"),
        (1, "the trust had 1 school when it was last reviewed and has 3: another stage"),
    ],
)
def test_a_claim_is_due_at_each_stage_of_growth(then: int, due: str) -> None:
    assert judged(schools_at_review=then).due == due


@pytest.mark.parametrize(
    ("reviewed", "due"),
    [
        ("2025-10-31", ""),  # 365 days
        ("2025-10-30", "it was last reviewed 366 days ago"),
        (None, "it was stated 1034 days ago and never reviewed"),
    ],
)
def test_a_claim_is_due_by_age(reviewed: str | None, due: str) -> None:
    assert judged(reviewed=reviewed).due == due


def test_a_claim_never_reviewed_is_of_the_stage_it_was_stated_at() -> None:
    found = judged(reviewed=None, stated="2026-10-01", schools_at_review=2)
    assert found.due == "the trust had 2 schools when it was stated and has 3: another stage"
    assert found.reviewed is None
