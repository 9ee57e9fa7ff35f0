"""Each school gets the earliest term that works, worked out by hand where nothing moves."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tests.scenario.trials import from_share, golden, hand_trial, sized
from workbench import paths
from workbench.growth.setting import Setting
from workbench.measures.intervals import Interval
from workbench.parameters.scenario import read_scenario
from workbench.scenario.dated_plan import (
    DatedPlan,
    Try,
    at_terms,
    dated_plan,
    earliest_terms,
    why,
)
from workbench.scenario.yardstick import yardstick
from workbench.terms import Term
from workbench.trust.load import Trust

WEAK = 1


def settling(*joiners: tuple[int, int], settled_from: int) -> Setting:
    """Three providers from the start and three more from a term on: they joined to settle then."""
    setting = golden(*[2] * 6, joiners=joiners)
    school = setting.school.copy()
    settle = int(setting.params["settle_terms"][0])
    school["join_term"][3:6] = settled_from - settle
    return replace(setting, school=school)


def test_each_joiner_gets_the_first_term_the_golden_rule_allows() -> None:
    # Three providers carry one weak school; a second must wait until three more have settled, in
    # term 6, less the two terms of grace: from term 4 on the rule fails for two terms and no more.
    setting = settling((1, WEAK), (1, WEAK), settled_from=6)
    tries, given, reasons = earliest_terms(hand_trial(), setting)
    assert given == (1, 4)
    assert reasons == ("", "")
    assert [(one.joiner, one.index) for one in tries] == [(1, 1), (2, 1), (2, 2), (2, 3), (2, 4)]
    assert [one.extra.estimate for one in tries] == [0, 1, 1, 1, 0]
    assert [one.binds for one in tries] == ["", *["golden rule"] * 3, ""]


def test_a_school_that_fits_in_no_term_says_why_and_the_next_waits_for_it() -> None:
    setting = settling((1, WEAK), (1, WEAK), (1, WEAK), (2, 2), settled_from=6)
    tries, given, reasons = earliest_terms(hand_trial(), setting)
    assert given == (1, 4)
    assert reasons == ("", "", "extra_risk_exceeds_tolerance", "waits_for_the_one_before")
    # It is tried up to the last term that leaves six of fifteen, and no later.
    assert [one.index for one in tries if one.joiner == 3] == list(range(4, 10))


def test_terms_left_to_be_judged_over_are_declared() -> None:
    setting = settling((1, WEAK), (1, WEAK), settled_from=6)
    assert earliest_terms(hand_trial(judged_terms=11), setting)[1] == (1, 4)
    _, given, reasons = earliest_terms(hand_trial(judged_terms=12), setting)
    assert (given, reasons) == ((1,), ("", "extra_risk_exceeds_tolerance"))
    late = settling((12, 2), settled_from=0)
    assert earliest_terms(hand_trial(), late) == ((), (), ("joins_too_late",))


def test_no_school_joins_before_the_first_of_the_plan_or_the_one_before() -> None:
    setting = golden(*[2] * 6, joiners=((3, WEAK), (5, WEAK)))
    assert earliest_terms(hand_trial(), setting)[1] == (3, 3)


def test_a_trust_beyond_its_limits_is_given_no_term() -> None:
    setting = golden(2, 1, joiners=((1, 2), (2, 2)))
    tries, given, reasons = earliest_terms(hand_trial(), setting)
    assert (tries, given) == ((), ())
    assert reasons == ("already_beyond_limits",) * 2


def test_joiners_are_given_their_terms_and_the_others_dropped() -> None:
    setting = golden(2, joiners=((1, 2), (2, 2), (3, 2)))
    moved = at_terms(setting, [4, 7])
    assert moved.school["join_term"].tolist()[-2:] == [4, 7]
    assert moved.joiners == 2
    assert setting.school["join_term"].tolist()[-3:] == [1, 2, 3]


@pytest.fixture(scope="module")
def plan(demo_trust: Trust) -> DatedPlan:
    steady = read_scenario("steady", paths.scenarios())
    return dated_plan(demo_trust, steady, sized(), replicates=200, seed=7, threads=2)


def test_a_plan_names_terms_and_the_risk_of_each_step(plan: DatedPlan) -> None:
    steps, tried = plan.steps, plan.tried
    assert steps["joiner"].tolist() == [1, 2, 3, 4]
    first = Term.parse("2026/27 spring")
    assert steps["planned"].tolist() == [str(first + int(at)) for at in steps["planned_index"]]
    dated = steps[steps["term"].notna()]
    assert len(dated) == plan.dated > 0
    assert dated["term"].tolist() == [str(first + int(at)) for at in dated["index"]]
    assert dated["index"].is_monotonic_increasing
    assert (dated["upper"] <= plan.tolerance).all()
    assert (dated["reason"] == "").all()
    assert (steps.loc[steps["term"].isna(), "reason"] != "").all()
    # Greedy: no earlier term tried for a school was within the tolerance.
    last = dict(zip(dated["joiner"], dated["index"], strict=True))
    earlier = tried[tried["index"] < tried["joiner"].map(last)]
    assert (earlier["upper"] > plan.tolerance).all()
    assert plan.last == str(first + (15 - plan.judged_terms))


def test_the_plan_is_proved_on_other_luck(plan: DatedPlan) -> None:
    assert plan.proof is not None
    step = plan.steps.iloc[plan.dated - 1]
    assert plan.proof.lower <= plan.proof.estimate <= plan.proof.upper
    assert plan.proof.estimate != step["extra_risk"]
    assert abs(plan.proof.estimate - step["extra_risk"]) < 0.2


def test_too_much_risk_is_said_only_where_the_estimate_of_every_term_is_above() -> None:
    measured = from_share(0.4)
    near = Try(1, 1, Interval(0.09, 0.05, 0.13, 0.95), "")
    above = Try(1, 2, Interval(0.15, 0.05, 0.25, 0.95), "")
    assert why([above], measured) == "extra_risk_exceeds_tolerance"
    assert why([near, above], measured) == "not_shown_within_tolerance"
    assert why([], measured) == "joins_too_late"


def test_a_first_term_that_is_refused_by_the_estimate_alone_is_told_apart() -> None:
    shared, setting = hand_trial(), golden(2, joiners=((9, 2),))
    broken = shared.broken(setting)
    measured = yardstick(shared, setting, broken(0))
    # With so few trajectories and a tolerance of nothing, even no difference is not shown.
    strict = shared.settings.risk.tolerance.model_copy(update={"value": 0.005})
    risk = shared.settings.risk.model_copy(update={"tolerance": strict})
    settings = shared.settings.model_copy(update={"risk": risk})
    assert measured.extra(broken(1)).estimate == 0
    _, given, reasons = earliest_terms(replace(shared, settings=settings), setting)
    assert (given, reasons) == ((), ("not_shown_within_tolerance",))
