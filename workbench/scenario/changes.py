"""A plan and what can be changed about it: one lever, by a declared size, one or more steps.

How far a step goes is declared in `parameters/levers.yaml`; no change goes beyond what the
scenario's own schema allows.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import Any, Literal

from workbench.parameters.levers import LeverSizes
from workbench.parameters.scenario import BANDS, Joiners, Policy, Scenario

LeverName = Literal[
    "fewer schools",
    "slower pace",
    "stronger joiners",
    "joiners nearby",
    "one more lead",
    "earlier hiring",
    "fewer schools a lead",
    "higher slice",
    "more intelligence",
]


@dataclass(frozen=True)
class Plan:
    """A scenario, and leads in post from its first term beyond those the trust has.

    Attributes:
        scenario: Who joins, when, and the policies.
        further_leads: Leads added to those in post at the start, in full-time posts. Each makes a
            post of its own, kept and filled again when its holder leaves.
    """

    scenario: Scenario
    further_leads: float = 0.0


def changed_plans(scenario: Scenario, sizes: LeverSizes) -> dict[LeverName, Plan]:
    """Return the plan with each lever pulled one step; a lever that cannot move is left out."""
    plan = Plan(scenario)
    pulled = {name: change(plan, name, sizes) for name in LEVERS}
    return {name: changed for name, changed in pulled.items() if changed != plan}


def change(plan: Plan, lever: LeverName, sizes: LeverSizes, steps: int = 1) -> Plan:
    """Return a plan with one lever pulled by some steps of its declared size.

    Args:
        plan: The plan.
        lever: What is changed.
        sizes: How far one step goes.
        steps: How many steps; shares of pace and of schools are taken once for each.
    """
    return LEVERS[lever](plan, sizes, steps)


def _fewer_schools(plan: Plan, sizes: LeverSizes, steps: int) -> Plan:
    kept = sizes.schools_kept.value**steps
    return _joiners(plan, schools=plan.scenario.joiners.schools * kept)


def _slower_pace(plan: Plan, sizes: LeverSizes, steps: int) -> Plan:
    if not plan.scenario.joiners.schools:
        return plan
    return _joiners(plan, a_year=plan.scenario.joiners.a_year * sizes.pace_kept.value**steps)


def _stronger_joiners(plan: Plan, sizes: LeverSizes, steps: int) -> Plan:
    """Take secure schools in place of weak ones; there is no second step."""
    secure = BANDS.index("secure")
    return _mix(plan, lambda kind: {"band": BANDS[max(secure, BANDS.index(kind["band"]))]})


def _joiners_nearby(plan: Plan, sizes: LeverSizes, steps: int) -> Plan:
    within = sizes.joiners_within.value / steps

    def nearer(kind: dict[str, Any]) -> dict[str, Any]:
        # A school at known coordinates cannot lie elsewhere.
        km = kind["distance_km"]
        return {} if km is None else {"distance_km": min(km, within)}

    return _mix(plan, nearer)


def _one_more_lead(plan: Plan, sizes: LeverSizes, steps: int) -> Plan:
    further = plan.further_leads + steps * sizes.further_leads.value
    return replace(plan, further_leads=further)


def _earlier_hiring(plan: Plan, sizes: LeverSizes, steps: int) -> Plan:
    now = plan.scenario.policy.hire_ahead_terms
    return _policy(plan, hire_ahead_terms=now + steps * sizes.hire_earlier.value)


def _fewer_schools_a_lead(plan: Plan, sizes: LeverSizes, steps: int) -> Plan:
    now = plan.scenario.policy.schools_per_lead
    return _policy(plan, schools_per_lead=now - steps * sizes.fewer_schools_a_lead.value)


def _higher_slice(plan: Plan, sizes: LeverSizes, steps: int) -> Plan:
    now = plan.scenario.policy.top_slice_percent
    return _policy(plan, top_slice_percent=now + steps * sizes.higher_slice.value)


def _more_intelligence(plan: Plan, sizes: LeverSizes, steps: int) -> Plan:
    now = plan.scenario.policy.intelligence_investment
    raised = max(now, steps * sizes.intelligence.value)
    return _policy(plan, intelligence_investment=raised)


LEVERS: Mapping[LeverName, Callable[[Plan, LeverSizes, int], Plan]] = MappingProxyType({
    "fewer schools": _fewer_schools,
    "slower pace": _slower_pace,
    "stronger joiners": _stronger_joiners,
    "joiners nearby": _joiners_nearby,
    "one more lead": _one_more_lead,
    "earlier hiring": _earlier_hiring,
    "fewer schools a lead": _fewer_schools_a_lead,
    "higher slice": _higher_slice,
    "more intelligence": _more_intelligence,
})  # fmt: skip


def within(model: type[Joiners | Policy], field: str, value: float) -> float:
    """Return a value moved to the nearest bound its field declares, if it lies beyond one."""
    for bound in model.model_fields[field].metadata:
        value = max(value, getattr(bound, "ge", value))
        value = min(value, getattr(bound, "le", value))
    return value


def _joiners(plan: Plan, **values: float) -> Plan:
    return _changed(plan, "joiners", Joiners, values)


def _policy(plan: Plan, **values: float) -> Plan:
    return _changed(plan, "policy", Policy, values)


def _changed(
    plan: Plan, part: str, model: type[Joiners | Policy], values: Mapping[str, float]
) -> Plan:
    """Return the plan with fields at other values, checked anew as if read from a file."""
    content = plan.scenario.model_dump()
    for field, value in values.items():
        kind = type(content[part][field])  # whole numbers stay whole, rounded down
        content[part][field] = kind(within(model, field, value))
    return replace(plan, scenario=Scenario.model_validate(content))


def _mix(plan: Plan, new: Callable[[dict[str, Any]], dict[str, Any]]) -> Plan:
    if not plan.scenario.joiners.schools:
        return plan
    return replace(plan, scenario=with_other_joiners(plan.scenario, new))


def with_other_joiners(
    scenario: Scenario, new: Callable[[dict[str, Any]], dict[str, Any]]
) -> Scenario:
    """Return a scenario whose joiners, of the mix or named, have some fields at other values.

    Args:
        scenario: The scenario.
        new: Gives for one joiner's fields those that change.
    """
    content = scenario.model_dump()
    for part in ("mix", "named"):
        if content["joiners"].get(part):
            kinds = tuple(kind | new(kind) for kind in content["joiners"][part])
            content["joiners"][part] = kinds
    return Scenario.model_validate(content)
