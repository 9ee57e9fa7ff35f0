"""The same plan with one thing changed at a time, on the same luck: what would help, and how much.

How far each lever is pulled is declared in `parameters/levers.yaml`; a lever never goes beyond what
the scenario's own schema allows.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from workbench.growth.absorb import INTERVAL_LEVEL
from workbench.measures.intervals import Interval
from workbench.measures.nested import Outcomes, nested_difference
from workbench.parameters.levers import LeverSizes
from workbench.parameters.scenario import Joiners, Policy, Scenario
from workbench.scenario.answers import simulate
from workbench.scenario.results import ScenarioResult
from workbench.trust.load import Trust

LeverName = Literal[
    "fewer schools",
    "slower pace",
    "earlier hiring",
    "fewer schools a lead",
    "higher slice",
    "more intelligence",
]


@dataclass(frozen=True)
class Lever:
    """One change to a plan and what it does to the chance that every limit holds.

    Attributes:
        name: What is changed.
        scenario: The plan with the change.
        hold: Chance that every limit holds with it.
        gain: That chance less the plan's own, with the interval of the paired difference.
    """

    name: LeverName
    scenario: Scenario
    hold: float
    gain: Interval

    @property
    def is_clear(self) -> bool:
        """Whether the interval of the gain leaves out no difference at all."""
        return self.gain.lower > 0 or self.gain.upper < 0


def numbers_to_try(plan: Scenario, sizes: LeverSizes) -> range:
    """Return 0, 1, ... up to some schools more than planned, as far as a scenario may go."""
    most = plan.joiners.schools + sizes.further_schools.value
    return range(int(_within(Joiners, "schools", most)) + 1)


def try_levers(trust: Trust, result: ScenarioResult, sizes: LeverSizes) -> tuple[Lever, ...]:
    """Simulate the plan with each lever pulled on its own, best first.

    Every simulation shares the plan's seed, so a gain is the lever's and not luck's: it is
    estimated from the same futures, paired.

    Args:
        trust: The trust.
        result: What the plan as it stands would do.
        sizes: How far each lever is pulled.
    """
    before, events = _holds(result), result.replicates // result.draws
    found = []
    for name, changed in changed_plans(result.scenario, sizes).items():
        other = simulate(trust, changed, replicates=result.replicates, seed=result.seed)
        gain = nested_difference(_holds(other), before, events, INTERVAL_LEVEL)
        found.append(Lever(name, changed, other.hold.estimate, gain))
    return tuple(sorted(found, key=lambda lever: -lever.gain.estimate))


def changed_plans(plan: Scenario, sizes: LeverSizes) -> dict[LeverName, Scenario]:
    """Return the plan with each lever pulled; a lever that cannot move is left out."""
    joiners, policy = plan.joiners, plan.policy
    pulled: dict[LeverName, Scenario] = {
        "fewer schools": _changed(
            plan, "joiners", "schools", joiners.schools * sizes.schools_kept.value
        ),
        "earlier hiring": _changed(
            plan, "policy", "hire_ahead_terms",
            policy.hire_ahead_terms + sizes.hire_earlier.value,
        ),
        "fewer schools a lead": _changed(
            plan, "policy", "schools_per_lead",
            policy.schools_per_lead - sizes.fewer_schools_a_lead.value,
        ),
        "higher slice": _changed(
            plan, "policy", "top_slice_percent",
            policy.top_slice_percent + sizes.higher_slice.value,
        ),
        "more intelligence": _changed(
            plan, "policy", "intelligence_investment",
            max(policy.intelligence_investment, sizes.intelligence.value),
        ),
    }  # fmt: skip
    if joiners.schools:
        pulled["slower pace"] = _changed(
            plan, "joiners", "a_year", joiners.a_year * sizes.pace_kept.value
        )
    return {name: changed for name, changed in pulled.items() if changed != plan}


def _changed(
    plan: Scenario, part: Literal["joiners", "policy"], field: str, value: float
) -> Scenario:
    """Return the plan with one field at another value, checked anew as if read from a file."""
    model = Joiners if part == "joiners" else Policy
    content = plan.model_dump()
    kind = type(content[part][field])  # whole numbers stay whole, rounded down
    content[part][field] = kind(_within(model, field, value))
    return Scenario.model_validate(content)


def _within(model: type[Joiners | Policy], field: str, value: float) -> float:
    """Return a value moved to the nearest bound its field declares, if it lies beyond one."""
    for bound in model.model_fields[field].metadata:
        value = max(value, getattr(bound, "ge", value))
        value = min(value, getattr(bound, "le", value))
    return value


def _holds(result: ScenarioResult) -> Outcomes:
    """Return for each future whether every limit holds."""
    breached: Outcomes = result.futures["breached"].to_numpy(dtype=bool)
    return ~breached
