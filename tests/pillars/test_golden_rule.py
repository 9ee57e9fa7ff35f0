"""Who provides, who receives, and when the golden rule is met, failed or undecided."""

from __future__ import annotations

from typing import Any

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from workbench.parameters.golden_rule import GoldenRulePolicy, load_golden_rule
from workbench.pillars.golden_rule import GoldenRuleVerdict, judge
from workbench.pillars.standings import standings
from workbench.trust.load import Trust

RULE = load_golden_rule()
ARTICLE, WORKBENCH = RULE.policy("article"), RULE.policy("workbench")
School = dict[str, Any]
SETTLED: School = {
    "terms_in_trust": 9,
    "terms_sustained": 9,
    "spare_days": 5.0,
    "spare_days_age": 0,
}
GOOD: School = {
    "rated": True, "framework": "oeif", "overall": "good", "worst_judgement": "good", **SETTLED,
}  # fmt: skip
RI: School = {**GOOD, "overall": "requires improvement", "worst_judgement": "requires improvement"}
INADEQUATE: School = {**GOOD, "overall": "inadequate", "worst_judgement": "inadequate"}
CARD: School = {
    "rated": True, "framework": "report card", "safeguarding_met": True,
    "below_expected_areas": 0, "urgent_areas": 0, "leadership_needs_attention": False, **SETTLED,
}  # fmt: skip
UNRATED: School = {"rated": False, **SETTLED}
DAYS_UNKNOWN: School = {**GOOD, "spare_days": None, "spare_days_age": None}


def _judge(policy: GoldenRulePolicy, *schools: School) -> GoldenRuleVerdict:
    rows = [{"urn": 900001 + number, **school} for number, school in enumerate(schools)]
    return judge(pd.DataFrame(rows), policy)


def _role(policy: GoldenRulePolicy, school: School) -> tuple[str, float, float]:
    role = _judge(policy, school).by_school[900001]
    return role.name, role.strict, role.lenient


def test_the_article_asks_three_good_schools_for_a_weak_one() -> None:
    assert _judge(ARTICLE, RI, GOOD, GOOD, GOOD).verdict == "met"
    assert _judge(ARTICLE, RI, GOOD, GOOD).verdict == "failed"
    assert _judge(ARTICLE, INADEQUATE, RI, *[GOOD] * 6).verdict == "met"
    assert _judge(ARTICLE, GOOD).verdict == "no recipients"


def test_the_article_leaves_unrated_schools_out_of_both_sides() -> None:
    assert _judge(ARTICLE, RI, GOOD, GOOD, GOOD, UNRATED).verdict == "met"
    assert _judge(ARTICLE, RI, GOOD, GOOD, UNRATED).verdict == "failed"
    assert _role(ARTICLE, UNRATED) == ("unrated", 0.0, 0.0)


@pytest.mark.parametrize(
    ("school", "weight"),
    [
        (RI, 1.0),
        (INADEQUATE, 2.0),
        ({**INADEQUATE, "category": "special measures"}, 2.0),
        ({**CARD, "below_expected_areas": 1}, 1.0),
        ({**CARD, "below_expected_areas": 5}, 1.0),
        ({**CARD, "below_expected_areas": 1, "leadership_needs_attention": True}, 1.5),
        ({**CARD, "below_expected_areas": 2, "urgent_areas": 1}, 2.0),
        ({**CARD, "category": "requires significant improvement"}, 2.0),
        ({**CARD, "safeguarding_met": False}, 2.0),
        ({**GOOD, "safeguarding_met": False}, 2.0),
        ({**RI, "overall": None}, 1.0),
    ],
)
def test_a_recipient_weighs_as_its_heaviest_finding(school: School, weight: float) -> None:
    assert _role(WORKBENCH, school) == ("recipient", weight, weight)
    assert _role(ARTICLE, school) == ("recipient", 1.0, 1.0)


@pytest.mark.parametrize("school", [GOOD, CARD, {**GOOD, "overall": "outstanding"}])
def test_a_sound_settled_school_with_days_provides(school: School) -> None:
    assert _role(WORKBENCH, school) == ("provider", 0.0, 0.0)


@pytest.mark.parametrize(
    ("column", "short", "enough", "reason"),
    [
        ("terms_in_trust", 2, 3, "in the trust for 2 terms where 3 are asked"),
        ("terms_sustained", 2, 3, "sustained for 2 terms where 3 are asked"),
        ("spare_days", 0.0, 0.5, "0 days to give this term"),
    ],
)
def test_a_sound_school_that_falls_short_is_neutral_and_told_why(
    column: str, short: float, enough: float, reason: str
) -> None:
    role = _judge(WORKBENCH, {**GOOD, column: short}).by_school[900001]
    assert (role.name, role.strict) == ("neutral", 0.0)
    assert reason in role.reason
    assert _role(WORKBENCH, {**GOOD, column: enough})[0] == "provider"
    assert _role(ARTICLE, {**GOOD, column: short})[0] == "provider"


@pytest.mark.parametrize(
    ("column", "named"),
    [
        ("terms_in_trust", "date of joining"),
        ("terms_sustained", "date of judgement"),
        ("spare_days", "spare days"),
    ],
)
def test_what_is_not_known_makes_a_possible_provider_never_a_zero(column: str, named: str) -> None:
    found = _judge(WORKBENCH, {**GOOD, column: None}, RI, GOOD, GOOD)
    assert found.by_school[900001].name == "possible provider"
    assert found.verdict == "undecided"
    assert found.lacking == (f"{named} of 1 school",)


def test_days_declared_too_long_ago_are_not_known() -> None:
    assert _role(WORKBENCH, {**GOOD, "spare_days_age": 1})[0] == "provider"
    assert _role(WORKBENCH, {**GOOD, "spare_days_age": 2})[0] == "possible provider"


def test_days_unknown_leave_a_trust_undecided_only_where_they_could_decide() -> None:
    assert _judge(WORKBENCH, RI, *[DAYS_UNKNOWN] * 3).verdict == "undecided"
    assert _judge(WORKBENCH, RI, *[DAYS_UNKNOWN] * 2).verdict == "failed"
    assert _judge(WORKBENCH, RI, *[GOOD] * 3, DAYS_UNKNOWN).verdict == "met"
    assert _judge(WORKBENCH, *[DAYS_UNKNOWN] * 3).verdict == "no recipients"
    assert _judge(WORKBENCH, RI, *[DAYS_UNKNOWN] * 3).lacking == ("spare days of 3 schools",)


def test_unrated_schools_are_read_strictly_and_leniently() -> None:
    found = _judge(WORKBENCH, RI, *[GOOD] * 3, UNRATED)
    assert (found.strict.verdict, found.lenient.verdict) == ("failed", "met")
    assert (found.strict.margin, found.lenient.margin) == (-3.0, 0.0)
    assert found.verdict == "undecided"
    assert found.lacking == ("a judgement under the present URN of 1 school",)
    assert _judge(WORKBENCH, RI, *[GOOD] * 6, UNRATED).verdict == "met"


def test_an_unrated_school_is_never_a_provider() -> None:
    found = _judge(WORKBENCH, UNRATED, UNRATED, UNRATED, RI)
    assert found.lenient.providers == 0
    assert found.verdict == "failed"


schools = st.fixed_dictionaries(
    {
        "rated": st.booleans(),
        "framework": st.just("oeif"),
        "worst_judgement": st.sampled_from(
            ["outstanding", "good", "requires improvement", "inadequate"]
        ),
        "terms_in_trust": st.none() | st.integers(0, 6),
        "terms_sustained": st.none() | st.integers(0, 6),
        "spare_days": st.none() | st.sampled_from([0.0, 4.0]),
        "spare_days_age": st.integers(0, 3),
    }
)
trusts = st.lists(schools, min_size=1, max_size=12)


@given(trusts, st.data())
def test_a_settled_verdict_holds_however_the_unknown_turns_out(
    trust: list[School], data: st.DataObject
) -> None:
    before = _judge(WORKBENCH, *trust)
    known = [
        {
            key: data.draw(st.integers(0, 6)) if value is None else value
            for key, value in school.items()
        }
        | {"spare_days_age": 0 if school["spare_days"] is None else school["spare_days_age"]}
        for school in trust
    ]
    after = _judge(WORKBENCH, *known)
    for one, other in ((before.strict, after.strict), (before.lenient, after.lenient)):
        assert one.verdict in ("undecided", other.verdict)
        assert one.margin <= other.margin <= one.possible_margin


@given(trusts)
def test_the_strict_reading_never_asks_less(trust: list[School]) -> None:
    found = _judge(WORKBENCH, *trust)
    assert found.strict.weight >= found.lenient.weight
    assert found.strict.providers == found.lenient.providers
    assert (found.lenient.verdict == "failed") <= (found.strict.verdict == "failed")


@given(trusts)
def test_one_more_provider_never_turns_met_into_failed(trust: list[School]) -> None:
    before, after = _judge(WORKBENCH, *trust), _judge(WORKBENCH, *trust, GOOD)
    assert after.strict.margin == before.strict.margin + 1
    assert before.strict.verdict != "met" or after.strict.verdict == "met"


def test_the_demo_trust_meets_the_article_and_fails_the_workbench(demo_trust: Trust) -> None:
    table = standings(demo_trust)
    article, workbench = judge(table, ARTICLE), judge(table, WORKBENCH)
    assert (article.verdict, article.lenient.margin) == ("met", 1.0)
    assert (workbench.verdict, workbench.lenient.margin) == ("failed", -4.0)
    assert workbench.strict.margin == -7.0
    assert workbench.schools_as("recipient") == [900006, 900008, 900012]
    assert workbench.schools_as("unrated") == [900010]
    assert workbench.schools_as("neutral") == [900009, 900014]
    assert workbench.roles["weight_strict"].sum() == workbench.strict.weight == 5.0


def test_a_predecessors_inspection_is_named_in_the_reason(demo_trust: Trust) -> None:
    role = judge(standings(demo_trust), WORKBENCH).by_school[900010]
    assert "predecessor was inspected on 22 November 2023" in role.reason
