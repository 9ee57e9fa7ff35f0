"""What would change our mind, in words: each change to a plan and what it gains."""

from __future__ import annotations

import pandas as pd

from workbench.charts.wording import count, in_twenty, percent, points, signed
from workbench.parameters.scenario import Scenario
from workbench.scenario.levers import Lever
from workbench.scenario.results import ScenarioResult


def levers_table(levers: tuple[Lever, ...], result: ScenarioResult) -> pd.DataFrame:
    """Return the levers with the plan as it stands on top, chances to the whole per cent."""
    rows = [("The plan as it stands", result.hold.estimate, "")]
    rows += [(change(lever, result.scenario), lever.hold, gained(lever)) for lever in levers]
    return pd.DataFrame(
        [(words, in_twenty(hold), percent(hold), gain) for words, hold, gain in rows],
        columns=["Change", "Futures in which every limit holds", "Chance", "Gain (95% interval)"],
    )


def change(lever: Lever, plan: Scenario) -> str:
    """Say what a lever changes in the plan, with the figures before and after."""
    now, then = plan.policy, lever.scenario.policy
    match lever.name:
        case "fewer schools":
            fewer = lever.scenario.joiners.schools
            return (
                f"{count(fewer, 'school').capitalize()} join{'s' if fewer == 1 else ''}, "
                f"not {plan.joiners.schools}"
            )
        case "slower pace":
            slower, faster = lever.scenario.joiners.a_year, plan.joiners.a_year
            return f"Schools join at a pace of {slower:g} a year, not {faster:g}"
        case "earlier hiring":
            earlier = then.hire_ahead_terms - now.hire_ahead_terms
            return f"Leads are hired {count(earlier, 'term')} earlier"
        case "fewer schools a lead":
            return (
                f"Each lead serves {then.schools_per_lead:g} schools, not {now.schools_per_lead:g}"
            )
        case "higher slice":
            return (
                f"{then.top_slice_percent:g}% of income is pooled, not {now.top_slice_percent:g}%"
            )
        case "more intelligence":
            return (
                f"Intelligence is funded at {percent(then.intelligence_investment)} of its full "
                f"cost, not {percent(now.intelligence_investment)}"
            )


def gained(lever: Lever) -> str:
    """Say what a lever gains in percentage points, such as `+6 points (4 to 8)`."""
    gain = lever.gain
    spread = f"({_bound(gain.lower)} to {_bound(gain.upper)})"
    if not lever.is_clear:
        return f"no clear difference {spread}"
    if round(gain.estimate * 100) == 0:
        return f"less than 1 point {spread}"
    sign = "+" if gain.estimate > 0 else ""
    unit = "point" if abs(round(gain.estimate * 100)) == 1 else "points"
    return f"{sign}{points(gain.estimate)} {unit} {spread}"


def _bound(value: float) -> str:
    """Write an end of an interval so that it is zero only where it is exactly so."""
    return points(value) if round(value * 100) else signed(f"{value * 100:.1g}")
