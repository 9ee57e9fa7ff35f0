"""Levers are worded with the figures of the plan and of the change."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest

from tests.scenario.trials import sized
from workbench import paths
from workbench.growth.absorb import Answer
from workbench.measures.intervals import Interval
from workbench.parameters.levers import load_lever_sizes
from workbench.parameters.scenario import NamedJoiner, read_scenario
from workbench.report.levers import allowances, change, mind
from workbench.scenario.answers import absorb, simulate
from workbench.scenario.changes import LeverName, Plan
from workbench.scenario.levers import Lever, changed_plans, try_levers
from workbench.scenario.trial import Broken, Trial
from workbench.scenario.yardstick import Yardstick
from workbench.trust.load import Trust

PLAN = read_scenario("steady", paths.scenarios())
SIZES = load_lever_sizes()
NOTHING = Interval(0.0, 0.0, 0.0, 0.95)


def said(**sizes: Any) -> list[str]:
    return [
        change(Lever(name, changed.scenario, 0.5, NOTHING, changed.further_leads), PLAN)
        for name, changed in changed_plans(PLAN, sized(**sizes)).items()
    ]


def test_every_lever_is_worded_with_its_own_figures() -> None:
    assert said() == [
        "2 schools join, not 4",
        "Schools join at a pace of 0.75 a year, not 1.5",
        "All schools that join are secure or better, where 25% are weak",
        "Schools that join lie within 10 km of the centre, not 18 km",
        "1 more lead in post from the first term",
        "Leads are hired 2 terms earlier",
        "Each lead serves 4 schools, not 5.5",
        "6% of income is pooled, not 5%",
        "Intelligence is funded at 100% of its full cost, not 0%",
    ]


def test_one_school_and_parts_of_a_lead_are_worded() -> None:
    words = said(schools_kept=0.25, further_leads=0.5)
    assert words[0] == "1 school joins, not 4"
    assert "0.5 more leads in post from the first term" in words
    assert "2 more leads in post from the first term" in said(further_leads=2.0)


def test_named_schools_are_worded_with_the_others() -> None:
    far = NamedJoiner(
        term="2028/29 autumn", phase="primary", band="urgent", pupils=200, distance_km=40.0
    )
    joiners = PLAN.joiners.model_copy(update={"named": (far,)})
    named = PLAN.model_copy(update={"joiners": joiners})
    words = [
        change(Lever(name, changed.scenario, 0.5, NOTHING), named)
        for name, changed in changed_plans(named, SIZES).items()
        if name in ("stronger joiners", "joiners nearby")
    ]
    assert words == [
        "All schools that join are secure or better",
        "Schools that join lie within 10 km of the centre, not 40 km",
    ]


@pytest.fixture(scope="module")
def tried(demo_trust: Trust) -> tuple[Any, ...]:
    result = simulate(demo_trust, PLAN, replicates=100)
    levers = try_levers(demo_trust, result, SIZES)
    return result, levers, allowances(demo_trust, levers, result)


def test_allowances_are_of_every_change_to_what_can_be_absorbed(tried: tuple[Any, ...]) -> None:
    result, levers, allowed = tried
    assert set(allowed) == {lever.name for lever in levers} - {"fewer schools"}
    assert all(
        one.capacity is None or one.capacity <= result.scenario.joiners.schools
        for one in allowed.values()
    )


def test_a_change_that_does_nothing_allows_what_the_plan_does(
    tried: tuple[Any, ...], demo_trust: Trust
) -> None:
    result = tried[0]
    levers = try_levers(demo_trust, result, sized(higher_slice=1e-12))
    (idle,) = [lever for lever in levers if lever.name == "higher slice"]
    allowed = allowances(demo_trust, (idle,), result)
    asked = absorb(demo_trust, PLAN, joiners=range(5), replicates=100).absorption
    assert idle.gain.estimate == 0
    assert allowed["higher slice"].capacity == asked.capacity
    assert mind(levers, allowed, asked, result)


def test_what_is_said_to_allow_more_holds_on_the_fresh_futures_of_packages(
    tried: tuple[Any, ...], demo_trust: Trust, monkeypatch: pytest.MonkeyPatch
) -> None:
    result, levers, _ = tried
    put: list[LeverName] = []

    def fresh(shared: Trial, plans: Mapping[LeverName, Plan]) -> dict[LeverName, Answer]:
        put.extend(plans)
        return {name: Answer(place + 3, "x") for place, name in enumerate(plans)}

    def some(broken: Broken, measured: Yardstick, *, most: int, arriving: int) -> Answer:
        return next(answers)

    answers = iter([Answer(2, "x"), Answer(4, "x")] + [Answer(1, "x")] * len(levers))
    monkeypatch.setattr("workbench.report.levers.held_on_fresh", fresh)
    monkeypatch.setattr(
        "workbench.report.levers.yardstick.capacity", lambda *given, **named: Answer(1, "x")
    )
    monkeypatch.setattr("workbench.report.levers.yardstick.allowed", some)
    allowed = allowances(demo_trust, levers, result)
    first, second = [lever.name for lever in levers if lever.name != "fewer schools"][:2]
    assert put == [first, second]
    assert allowed[first] == Answer(3, "x")
    assert allowed[second] == Answer(4, "limit_of_search")  # as many as are planned
