"""The same plan with one thing changed at a time, on the same luck: what would help, and how much.

How far each lever is pulled is declared in `parameters/levers.yaml`; a lever never goes beyond what
the scenario's own schema allows.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import pandas as pd

from workbench.growth.absorb import INTERVAL_LEVEL, Answer, joiners_within_horizon
from workbench.growth.setting import Setting
from workbench.growth.simulate import Progress
from workbench.measures.intervals import Interval
from workbench.measures.nested import Outcomes, nested_difference
from workbench.parameters.levers import LeverSizes
from workbench.parameters.scenario import Scenario
from workbench.scenario.changes import LeverName, Plan, changed_plans
from workbench.scenario.costs import Cost, Spending, cost, spending
from workbench.scenario.results import ScenarioResult
from workbench.scenario.trial import Broken, Trial, numbers_to_try, trial
from workbench.scenario.yardstick import (
    Yardstick,
    allowed,
    capacity,
    gained,
    judged,
    own_capacity,
    yardstick,
)
from workbench.trust.load import Trust


@dataclass(frozen=True)
class Lever:
    """One change to a plan and what it does to the chance that every limit holds.

    Attributes:
        name: What is changed.
        scenario: The plan with the change.
        hold: Chance that every limit holds with it.
        gain: That chance less the plan's own, with the interval of the paired difference.
        further_leads: Leads in post from the first term beyond those the trust has.
    """

    name: LeverName
    scenario: Scenario
    hold: float
    gain: Interval
    further_leads: float = 0.0

    @property
    def is_clear(self) -> bool:
        """Whether the interval of the gain leaves out no difference at all."""
        return self.gain.lower > 0 or self.gain.upper < 0

    @property
    def plan(self) -> Plan:
        """The changed plan."""
        return Plan(self.scenario, self.further_leads)


@dataclass(frozen=True)
class Worth:
    """What one change is worth in schools, and what it costs.

    Attributes:
        lever: The change.
        capacity: Schools it allows, measured from the trust as it stands: no joiner, no change.
        own: Schools it allows by absorption of the changed plan, measured from itself.
        planned: Schools the plan allows as it stands.
        extra_schools: `capacity` less `planned`, none counting as nothing; schools that would join
            too late to be judged are not counted as gained. None for fewer schools, which changes
            no capacity.
        judged_at: Number of joiners at which the change of risk is read: one beyond `planned`.
        risk_change: Chance of breaking a limit with that many, less that of the plan, paired.
        cost: What the change costs a year with the schools planned.
    """

    lever: Lever
    capacity: Answer
    own: Answer
    planned: Answer
    extra_schools: int | None
    judged_at: int
    risk_change: Interval
    cost: Cost

    @property
    def is_clear(self) -> bool:
        """Whether the change of risk stands clear of noise."""
        return self.risk_change.lower > 0 or self.risk_change.upper < 0

    @property
    def pounds_a_school(self) -> float | None:
        """Expected pounds a year for each school gained; None where none is."""
        if self.extra_schools is None or self.extra_schools <= 0:
            return None
        return self.cost.pounds / self.extra_schools


@dataclass(frozen=True)
class AsItStands:
    """The plan as it stands: what every change is set beside.

    Attributes:
        broken: What tells for a number of joiners which trajectories break a limit.
        measured: Where extra risk is measured from.
        answer: Schools the plan allows.
        spends: What it spends with the schools planned.
        judged: Joiners that join early enough to be judged.
    """

    broken: Broken
    measured: Yardstick
    answer: Answer
    spends: Spending
    judged: int


def try_levers(
    trust: Trust, result: ScenarioResult, sizes: LeverSizes, *, threads: int | None = None
) -> tuple[Lever, ...]:
    """Simulate the plan with each lever pulled on its own, best first.

    Every simulation shares the plan's seed, so a gain is the lever's and not luck's: it is
    estimated from the same futures, paired. The plan has as many schools joining as were simulated.

    Args:
        trust: The trust.
        result: What the plan as it stands would do.
        sizes: How far each lever is pulled.
        threads: Worker threads (default: all cores); no answer depends on it.
    """
    plan = as_simulated(result)
    shared = trial(
        trust, plan, sizes, replicates=result.replicates, seed=result.seed, threads=threads
    )
    before, events = _holds(result), result.replicates // result.draws
    found = []
    for name, changed in changed_plans(plan, sizes).items():
        holds = ~shared.broken(shared.setting(changed))(changed.scenario.joiners.schools)
        found.append(_lever(name, changed, holds, before, events))
    return _best_first(found)


def as_simulated(result: ScenarioResult) -> Scenario:
    """Return a result's scenario with as many schools joining as were simulated."""
    scenario = result.scenario
    joiners = scenario.joiners.model_copy(update={"schools": result.joiners})
    return scenario.model_copy(update={"joiners": joiners})


def worth_of_levers(
    trust: Trust,
    plan: Scenario,
    sizes: LeverSizes,
    *,
    replicates: int,
    seed: int,
    threads: int | None = None,
    progress: Progress | None = None,
) -> tuple[Worth, ...]:
    """Say of each lever what it gains in chance and in schools, and what it costs; best first.

    Args:
        trust: The trust.
        plan: The plan as it stands.
        sizes: How far each lever is pulled.
        replicates: Trajectories for each plan and number of joiners.
        seed: Seed of every stream.
        threads: Worker threads (default: all cores); no answer depends on it.
        progress: Called with the trajectories just finished.
    """
    shared = trial(
        trust, plan, sizes, replicates=replicates, seed=seed, threads=threads, progress=progress
    )
    stands = as_it_stands(shared, shared.setting(Plan(plan)))
    found = [
        _worth(shared, name, changed, stands)
        for name, changed in changed_plans(plan, sizes).items()
    ]
    return tuple(
        sorted(found, key=lambda one: (-(one.extra_schools or 0), -one.lever.gain.estimate))
    )


def worth_frame(worths: Sequence[Worth]) -> pd.DataFrame:
    """Return one row a lever: its gain in chance and in schools, and its cost a year."""
    return pd.DataFrame(
        [
            {
                "lever": one.lever.name,
                "hold": one.lever.hold,
                "gain": one.lever.gain.estimate,
                "gain_lower": one.lever.gain.lower,
                "gain_upper": one.lever.gain.upper,
                "capacity": one.capacity.capacity,
                "reason": one.capacity.reason,
                "own_capacity": one.own.capacity,
                "extra_schools": one.extra_schools,
                "judged_at": one.judged_at,
                "risk_change": one.risk_change.estimate,
                "risk_lower": one.risk_change.lower,
                "risk_upper": one.risk_change.upper,
                "is_clear": one.is_clear,
                "pounds": one.cost.pounds,
                "pounds_low": one.cost.low,
                "pounds_high": one.cost.high,
                "from_schools": one.cost.from_schools,
                "for_leads": one.cost.for_leads,
                "for_intelligence": one.cost.for_intelligence,
                "lost_slice": one.cost.lost_slice,
                "pounds_a_school": one.pounds_a_school,
            }
            for one in worths
        ]
    ).astype({"capacity": "Int64", "own_capacity": "Int64", "extra_schools": "Int64"})


def as_it_stands(shared: Trial, setting: Setting) -> AsItStands:
    """Return what the plan as it stands allows and spends."""
    broken = shared.broken(setting)
    measured = yardstick(shared, setting, broken(0))
    answer = capacity(broken, measured, most=shared.most, arriving=joiners_within_horizon(setting))
    planned = setting.with_joiners(shared.scenario.joiners.schools)
    spends = spending(planned, shared.run(planned, record=True))
    return AsItStands(
        broken, measured, answer, spends, judged(setting, int(shared.sizes.judged_terms.value))
    )


def _worth(shared: Trial, name: LeverName, plan: Plan, stands: AsItStands) -> Worth:
    setting, schools = shared.setting(plan), plan.scenario.joiners.schools
    broken, arriving = shared.broken(setting), joiners_within_horizon(setting)
    own = own_capacity(broken, stands.measured, most=shared.most, arriving=arriving)
    answer = allowed(broken, stands.measured, most=shared.most, arriving=arriving)
    at = min(shared.most, (stands.answer.capacity or 0) + 1)
    events = stands.measured.events
    before = ~stands.broken(shared.scenario.joiners.schools)
    funded = setting.with_joiners(shared.scenario.joiners.schools)
    late = judged(setting, int(shared.sizes.judged_terms.value))
    return Worth(
        lever=_lever(name, plan, ~broken(schools), before, events),
        capacity=answer,
        own=own,
        planned=stands.answer,
        extra_schools=None if name == "fewer schools" else gained(answer, stands.answer, late),
        judged_at=at,
        risk_change=nested_difference(broken(at), stands.broken(at), events, INTERVAL_LEVEL),
        cost=cost(spending(funded, shared.run(funded, record=True)), stands.spends),
    )


def _lever(name: LeverName, plan: Plan, holds: Outcomes, before: Outcomes, events: int) -> Lever:
    gain = nested_difference(holds, before, events, INTERVAL_LEVEL)
    return Lever(name, plan.scenario, float(holds.mean()), gain, plan.further_leads)


def _best_first(levers: Sequence[Lever]) -> tuple[Lever, ...]:
    return tuple(sorted(levers, key=lambda lever: -lever.gain.estimate))


def _holds(result: ScenarioResult) -> Outcomes:
    """Return for each future whether every limit holds."""
    breached: Outcomes = result.futures["breached"].to_numpy(dtype=bool)
    return ~breached


__all__ = [
    "Lever", "LeverName", "Worth", "as_simulated", "changed_plans", "numbers_to_try", "try_levers",
    "worth_frame", "worth_of_levers",
]  # fmt: skip
