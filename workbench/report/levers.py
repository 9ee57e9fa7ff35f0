"""What would change our mind: the same plan with one thing changed, on the same luck."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import pandas as pd

from workbench.charts.wording import in_twenty, percent, signed
from workbench.parameters.scenario import Scenario
from workbench.scenario.answers import simulate
from workbench.scenario.results import ScenarioResult
from workbench.trust.load import Trust


@dataclass(frozen=True)
class Lever:
    """One change to a plan and what it does to the chance that every limit holds.

    Attributes:
        change: The change, in words.
        hold: Chance that every limit holds with it.
        gain: That chance less the plan's own.
    """

    change: str
    hold: float
    gain: float


def try_levers(trust: Trust, result: ScenarioResult) -> tuple[Lever, ...]:
    """Simulate the plan with each lever pulled on its own, best first.

    Every simulation shares the plan's seed, so a gain is the lever's and not luck's.
    """
    found = []
    for change, pull in _LEVERS:
        changed = pull(result.scenario)
        if changed is None:
            continue
        other = simulate(trust, changed, replicates=result.replicates, seed=result.seed)
        gain = other.hold.estimate - result.hold.estimate
        found.append(Lever(change, other.hold.estimate, gain))
    return tuple(sorted(found, key=lambda lever: -lever.gain))


def levers_table(levers: tuple[Lever, ...], result: ScenarioResult) -> pd.DataFrame:
    """Return the levers with the plan as it stands on top, chances to the whole per cent."""
    rows = [("The plan as it stands", result.hold.estimate, "")]
    rows += [(lever.change, lever.hold, _points(lever.gain)) for lever in levers]
    return pd.DataFrame(
        [(change, in_twenty(hold), percent(hold), gain) for change, hold, gain in rows],
        columns=["Change", "Futures in which every limit holds", "Chance", "Points gained"],
    )


def _points(gain: float) -> str:
    points = round(gain * 100)
    return "none" if points == 0 else signed(f"{points:+d}")


def _fewer(scenario: Scenario) -> Scenario | None:
    schools = scenario.joiners.schools // 2
    return None if schools == scenario.joiners.schools else _joiners(scenario, schools=schools)


def _slower(scenario: Scenario) -> Scenario | None:
    if scenario.joiners.schools == 0:
        return None
    return _joiners(scenario, a_year=scenario.joiners.a_year / 2)


def _earlier(scenario: Scenario) -> Scenario | None:
    return _policy(scenario, hire_ahead_terms=min(scenario.policy.hire_ahead_terms + 2, 9))


def _more_leads(scenario: Scenario) -> Scenario | None:
    return _policy(scenario, schools_per_lead=max(scenario.policy.schools_per_lead - 1.5, 2.0))


def _higher_slice(scenario: Scenario) -> Scenario | None:
    return _policy(scenario, top_slice_percent=min(scenario.policy.top_slice_percent + 1.0, 15.0))


def _watching(scenario: Scenario) -> Scenario | None:
    if scenario.policy.intelligence_investment == 1.0:
        return None
    return _policy(scenario, intelligence_investment=1.0)


def _joiners(scenario: Scenario, **changes: float) -> Scenario:
    return scenario.model_copy(update={"joiners": scenario.joiners.model_copy(update=changes)})


def _policy(scenario: Scenario, **changes: float) -> Scenario:
    return scenario.model_copy(update={"policy": scenario.policy.model_copy(update=changes)})


_LEVERS: tuple[tuple[str, Callable[[Scenario], Scenario | None]], ...] = (
    ("Half as many schools join", _fewer),
    ("Schools join at half the pace", _slower),
    ("Leads are hired two terms earlier", _earlier),
    ("Each lead serves one or two schools fewer", _more_leads),
    ("One per cent more of income is pooled", _higher_slice),
    ("All that the trust can spend on intelligence is spent", _watching),
)
