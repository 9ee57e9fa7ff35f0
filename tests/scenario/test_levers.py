"""Levers change one thing of a plan within what a scenario allows, and are compared in pairs."""

from __future__ import annotations

from typing import Any

import pytest

from workbench import paths
from workbench.parameters.levers import load_lever_sizes
from workbench.parameters.scenario import MAXIMUM_JOINERS, Scenario, read_scenario
from workbench.scenario.answers import simulate
from workbench.scenario.levers import changed_plans, numbers_to_try, try_levers
from workbench.trust.load import Trust

SIZES = load_lever_sizes()


def plan(part: str = "policy", **changes: Any) -> Scenario:
    """The steady scenario with some fields of one part changed."""
    content = read_scenario("steady", paths.scenarios()).model_dump()
    content[part] |= changes
    return Scenario.model_validate(content)


def test_each_lever_changes_one_field_by_its_declared_size() -> None:
    before = plan().model_dump()
    moved = {}
    for name, changed in changed_plans(plan(), SIZES).items():
        after = changed.model_dump()
        moved[name] = [
            (field, before[part][field], after[part][field])
            for part in ("joiners", "policy")
            for field in before[part]
            if before[part][field] != after[part][field]
        ]
    assert moved == {
        "fewer schools": [("schools", 4, 2)],
        "earlier hiring": [("hire_ahead_terms", 2, 4)],
        "fewer schools a lead": [("schools_per_lead", 5.5, 4.0)],
        "higher slice": [("top_slice_percent", 5.0, 6.0)],
        "more intelligence": [("intelligence_investment", 0.0, 1.0)],
        "slower pace": [("a_year", 1.5, 0.75)],
    }


@pytest.mark.parametrize(
    ("field", "at", "bound", "name"),
    [
        ("hire_ahead_terms", 8, 9, "earlier hiring"),
        ("schools_per_lead", 2.5, 2.0, "fewer schools a lead"),
        ("top_slice_percent", 14.5, 15.0, "higher slice"),
    ],
)
def test_a_lever_stops_at_the_bound_its_field_declares(
    field: str, at: float, bound: float, name: str
) -> None:
    changed = {
        str(key): one for key, one in changed_plans(plan("policy", **{field: at}), SIZES).items()
    }
    assert getattr(changed[name].policy, field) == bound


def test_a_lever_that_cannot_move_is_left_out() -> None:
    most = plan(hire_ahead_terms=9, intelligence_investment=1.0)
    assert not {"earlier hiring", "more intelligence"} & set(changed_plans(most, SIZES))
    nobody = plan("joiners", schools=0)
    assert not {"fewer schools", "slower pace"} & set(changed_plans(nobody, SIZES))


def test_numbers_are_tried_beyond_the_plan_but_not_beyond_what_a_scenario_may_hold() -> None:
    further = int(SIZES.further_schools.value)
    assert numbers_to_try(plan(), SIZES) == range(4 + further + 1)
    assert numbers_to_try(plan("joiners", schools=MAXIMUM_JOINERS), SIZES)[-1] == MAXIMUM_JOINERS


def test_levers_are_tried_on_the_same_luck_best_first(demo_trust: Trust) -> None:
    result = simulate(demo_trust, plan(), replicates=100)
    levers = try_levers(demo_trust, result, SIZES)
    gains = [lever.gain for lever in levers]
    assert [gain.estimate for gain in gains] == sorted(
        (gain.estimate for gain in gains), reverse=True
    )
    for lever in levers:
        assert lever.hold - lever.gain.estimate == pytest.approx(result.hold.estimate)
        assert lever.gain.lower <= lever.gain.estimate <= lever.gain.upper
    assert any(gain.lower < gain.estimate for gain in gains)
