"""Levers change one thing of a plan within what a scenario allows, and are compared in pairs."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pytest

from tests.scenario.trials import sized
from workbench import paths
from workbench.errors import BadInput
from workbench.parameters.levers import load_lever_sizes
from workbench.parameters.scenario import MAXIMUM_JOINERS, Scenario, read_scenario
from workbench.scenario.answers import absorb, simulate
from workbench.scenario.changes import LEVERS, LeverName, Plan, change
from workbench.scenario.levers import (
    Worth,
    changed_plans,
    numbers_to_try,
    try_levers,
    worth_frame,
    worth_of_levers,
)
from workbench.scenario.trial import changed_setting, trial
from workbench.trust.load import Trust

SIZES = load_lever_sizes()
FEW = 100


def plan(part: str = "policy", **changes: Any) -> Scenario:
    """The steady scenario with some fields of one part changed."""
    content = read_scenario("steady", paths.scenarios()).model_dump()
    content[part] |= changes
    return Scenario.model_validate(content)


def moved(before: Scenario, after: Scenario) -> list[tuple[str, Any, Any]]:
    was, now = before.model_dump(), after.model_dump()
    return [
        (field, was[part][field], now[part][field])
        for part in ("joiners", "policy")
        for field in was[part]
        if was[part][field] != now[part][field]
    ]


def test_each_lever_changes_one_field_by_its_declared_size() -> None:
    plans = changed_plans(plan(), SIZES)
    fields = {name: moved(plan(), changed.scenario) for name, changed in plans.items()}
    kinds = {name: fields.pop(name) for name in ("stronger joiners", "joiners nearby")}
    assert fields == {
        "fewer schools": [("schools", 4, 2)],
        "slower pace": [("a_year", 1.5, 0.75)],
        "one more lead": [],
        "earlier hiring": [("hire_ahead_terms", 2, 4)],
        "fewer schools a lead": [("schools_per_lead", 5.5, 4.0)],
        "higher slice": [("top_slice_percent", 5.0, 6.0)],
        "more intelligence": [("intelligence_investment", 0.0, 1.0)],
    }
    assert {name: changed.further_leads for name, changed in plans.items()} == (
        dict.fromkeys(LEVERS, 0.0) | {"one more lead": 1.0}
    )
    ((_, _, stronger),) = kinds["stronger joiners"]
    assert [kind["band"] for kind in stronger] == ["secure"] * 3
    ((_, _, nearby),) = kinds["joiners nearby"]
    assert [kind["distance_km"] for kind in nearby] == [10, 10, 10]


def test_a_second_step_goes_as_far_again() -> None:
    twice = {name: change(Plan(plan()), name, SIZES, 2) for name in LEVERS}
    assert twice["one more lead"].further_leads == 2
    assert twice["earlier hiring"].scenario.policy.hire_ahead_terms == 6
    assert twice["fewer schools a lead"].scenario.policy.schools_per_lead == 2.5
    assert twice["higher slice"].scenario.policy.top_slice_percent == 7
    assert twice["slower pace"].scenario.joiners.a_year == 0.375
    assert twice["fewer schools"].scenario.joiners.schools == 1


@pytest.mark.parametrize(
    ("field", "at", "bound", "name"),
    [
        ("hire_ahead_terms", 8, 9, "earlier hiring"),
        ("schools_per_lead", 2.5, 2.0, "fewer schools a lead"),
        ("top_slice_percent", 14.5, 15.0, "higher slice"),
    ],
)
def test_a_lever_stops_at_the_bound_its_field_declares(
    field: str, at: float, bound: float, name: LeverName
) -> None:
    changed = changed_plans(plan("policy", **{field: at}), SIZES)
    assert getattr(changed[name].scenario.policy, field) == bound


def test_a_lever_that_cannot_move_is_left_out() -> None:
    most = plan(hire_ahead_terms=9, intelligence_investment=1.0)
    assert not {"earlier hiring", "more intelligence"} & set(changed_plans(most, SIZES))
    nobody = plan("joiners", schools=0)
    of_joiners = {"fewer schools", "slower pace", "stronger joiners", "joiners nearby"}
    assert not of_joiners & set(changed_plans(nobody, SIZES))


def test_numbers_are_tried_beyond_the_plan_but_not_beyond_what_a_scenario_may_hold() -> None:
    further = int(SIZES.further_schools.value)
    assert numbers_to_try(plan(), SIZES) == range(4 + further + 1)
    assert numbers_to_try(plan("joiners", schools=MAXIMUM_JOINERS), SIZES)[-1] == MAXIMUM_JOINERS


def test_a_changed_setting_is_the_setting_of_the_changed_scenario(demo_trust: Trust) -> None:
    shared = trial(demo_trust, plan(), SIZES, replicates=FEW, seed=1)
    before = shared.prepared(plan()).setting
    changed = Plan(plan())
    for lever in ("earlier hiring", "fewer schools a lead", "higher slice", "more intelligence"):
        changed = change(changed, lever, SIZES)
    whole, short = shared.prepared(changed.scenario).setting, changed_setting(before, changed)
    assert short.policy == whole.policy
    assert (short.params == whole.params).all()
    assert before.policy != short.policy, "the setting it is made from keeps its own"
    led = changed_setting(before, change(Plan(plan()), "one more lead", SIZES))
    assert led.params["leads"] == pytest.approx(before.params["leads"] + 1)
    assert (led.params["reserves"] == before.params["reserves"]).all()


def test_levers_are_tried_on_the_same_luck_best_first(demo_trust: Trust) -> None:
    result = simulate(demo_trust, plan(), replicates=FEW)
    levers = try_levers(demo_trust, result, SIZES)
    gains = [lever.gain for lever in levers]
    assert [gain.estimate for gain in gains] == sorted(
        (gain.estimate for gain in gains), reverse=True
    )
    for lever in levers:
        assert lever.hold - lever.gain.estimate == pytest.approx(result.hold.estimate)
        assert lever.gain.lower <= lever.gain.estimate <= lever.gain.upper
        if not lever.further_leads:
            alone = simulate(demo_trust, lever.scenario, replicates=FEW)
            assert lever.hold == alone.hold.estimate
    assert any(gain.lower < gain.estimate for gain in gains)


def test_levers_are_tried_on_as_many_schools_as_were_simulated(demo_trust: Trust) -> None:
    result = simulate(demo_trust, plan(), joiners=2, replicates=FEW)
    assert result.joiners != result.scenario.joiners.schools
    levers = {lever.name: lever for lever in try_levers(demo_trust, result, SIZES)}
    assert levers["fewer schools"].scenario.joiners.schools == 1
    lever = levers["higher slice"]
    alone = simulate(demo_trust, lever.scenario, joiners=2, replicates=FEW)
    assert lever.hold == alone.hold.estimate
    assert lever.gain.estimate == pytest.approx(alone.hold.estimate - result.hold.estimate)


@pytest.fixture(scope="module")
def worths(demo_trust: Trust) -> tuple[Worth, ...]:
    return worth_of_levers(demo_trust, plan(), SIZES, replicates=FEW, seed=3, threads=2)


def test_the_worth_of_a_lever_agrees_with_absorption_asked_of_the_changed_plan(
    worths: Sequence[Worth], demo_trust: Trust
) -> None:
    numbers = numbers_to_try(plan(), SIZES)
    asked = absorb(demo_trust, plan(), joiners=numbers, replicates=FEW, seed=3).absorption
    for one in worths:
        assert (one.planned.capacity, one.planned.reason) == (asked.capacity, asked.reason)
        if one.lever.name in ("higher slice", "stronger joiners", "slower pace"):
            own = absorb(
                demo_trust, one.lever.scenario, joiners=numbers, replicates=FEW, seed=3
            ).absorption
            assert (one.own.capacity, one.own.reason) == (own.capacity, own.reason)


def test_a_lever_is_worth_what_it_allows_more_than_the_plan(worths: Sequence[Worth]) -> None:
    assert {one.lever.name for one in worths} == set(LEVERS)
    for one in worths:
        now, then = one.planned.capacity or 0, one.capacity.capacity or 0
        assert one.judged_at == now + 1
        if one.lever.name == "fewer schools":
            assert one.extra_schools is None
            assert one.pounds_a_school is None
        else:
            assert one.extra_schools is not None
            assert one.extra_schools <= max(then - now, 0) or then < now
        assert one.is_clear == (one.risk_change.lower > 0 or one.risk_change.upper < 0)
        if (one.extra_schools or 0) > 0:
            assert one.pounds_a_school == one.cost.pounds / (one.extra_schools or 0)
    nothing = next(one for one in worths if one.lever.name == "joiners nearby")
    assert nothing.cost.pounds == pytest.approx(0, abs=20_000)


def test_the_change_of_risk_is_read_one_beyond_what_the_plan_allows(
    worths: Sequence[Worth], demo_trust: Trust
) -> None:
    at = worths[0].judged_at
    assert at != plan().joiners.schools, "else another number would do as well"
    before = simulate(demo_trust, plan(), joiners=at, replicates=FEW, seed=3).hold.estimate
    asked = ("fewer schools a lead", "higher slice", "more intelligence", "stronger joiners")
    for one in worths:
        if one.lever.name in asked:
            scenario = one.lever.scenario
            after = simulate(demo_trust, scenario, joiners=at, replicates=FEW, seed=3).hold
            assert one.risk_change.estimate == pytest.approx(before - after.estimate)


def test_a_proof_has_luck_of_its_own_and_more_futures(demo_trust: Trust) -> None:
    shared = trial(demo_trust, plan(), SIZES, replicates=FEW, seed=1)
    proof = shared.proof()
    assert proof.seed != shared.seed
    assert proof.replicates == SIZES.proof_factor.value * FEW
    with pytest.raises(BadInput, match="19 replicates"):
        trial(demo_trust, plan(), SIZES, replicates=19)


def test_a_lever_that_only_spends_costs_its_price(worths: Sequence[Worth]) -> None:
    frame = worth_frame(worths)
    costs = {one.lever.name: one.cost for one in worths}
    assert costs["higher slice"].pounds == pytest.approx(costs["higher slice"].from_schools)
    assert costs["more intelligence"].for_leads == pytest.approx(0, abs=20_000)
    assert costs["more intelligence"].pounds > 0
    assert costs["one more lead"].for_leads > 0
    assert (frame["pounds_low"] <= frame["pounds"]).all()
    assert (frame["pounds"] <= frame["pounds_high"]).all()
    missing = frame.isna().any()
    assert set(missing[missing].index) <= {
        "capacity", "own_capacity", "extra_schools", "pounds_a_school",
    }  # fmt: skip


def test_threads_change_nothing(worths: Sequence[Worth], demo_trust: Trust) -> None:
    again = worth_of_levers(demo_trust, plan(), SIZES, replicates=FEW, seed=3, threads=1)
    assert worth_frame(again).equals(worth_frame(worths))


def test_a_lever_of_no_size_is_worth_nothing(demo_trust: Trust) -> None:
    still = sized(
        further_leads=1e-12, higher_slice=1e-12, intelligence=0.0, hire_earlier=0.0,
        fewer_schools_a_lead=0.0, pace_kept=1.0, joiners_within=300.0, schools_kept=1.0,
    )  # fmt: skip
    secure = tuple(kind | {"band": "secure"} for kind in plan().model_dump()["joiners"]["mix"])
    found = worth_of_levers(demo_trust, plan("joiners", mix=secure), still, replicates=FEW, seed=3)
    assert {one.lever.name for one in found} == {"one more lead", "higher slice"}
    for one in found:
        assert (one.extra_schools, one.is_clear) == (0, False)
        assert np.isclose(one.cost.pounds, 0, atol=1)
