"""What would change our mind, in words: each change to a plan and what it gains."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from workbench.charts.wording import count, in_twenty, number, percent, signed
from workbench.growth.absorb import Absorption
from workbench.parameters.scenario import Scenario
from workbench.scenario.answers import absorb
from workbench.scenario.levers import Lever, LeverName
from workbench.scenario.results import ScenarioResult
from workbench.trust.load import Trust

MOST_NAMED = 3
# Share by which a chance must rise to be worth saying where its odds in twenty stay the same.
WORTH_SAYING = 0.03


def levers_table(levers: tuple[Lever, ...], result: ScenarioResult) -> pd.DataFrame:
    """Return the levers with the plan as it stands on top, chances to a tenth of a per cent."""
    rows = [("The plan as it stands", result.hold.estimate, "")]
    rows += [
        (change(lever, result.scenario), lever.hold, gained(lever, result)) for lever in levers
    ]
    return pd.DataFrame(
        [(words, in_twenty(hold), _percent(hold), gain) for words, hold, gain in rows],
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


def gained(lever: Lever, result: ScenarioResult) -> str:
    """Say what a lever gains in percentage points, such as `+6.0 points (4.1 to 7.9)`.

    The gain is the difference of the two chances as they are shown, so that a reader's own sum
    comes out the same.
    """
    spread = f"({_tenths(lever.gain.lower)} to {_tenths(lever.gain.upper)})"
    if not lever.is_clear:
        return f"no clear difference {spread}"
    gain = round(lever.hold * 100, 1) - round(result.hold.estimate * 100, 1)
    return f"{'+' if gain > 0 else ''}{number(gain, 1)} points {spread}"


def allowances(
    trust: Trust, levers: tuple[Lever, ...], result: ScenarioResult
) -> dict[LeverName, Absorption]:
    """Ask of each changed plan how many of its schools can be absorbed, with the plan's own luck.

    Fewer schools is no change to how many the trust can absorb, and is left out.

    Args:
        trust: The trust.
        levers: What one change at a time would do.
        result: What the plan as it stands would do.
    """
    return {
        lever.name: absorb(
            trust,
            lever.scenario,
            joiners=range(lever.scenario.joiners.schools + 1),
            replicates=result.replicates,
            seed=result.seed,
        ).absorption
        for lever in levers
        if lever.name != "fewer schools"
    }


def mind(
    levers: tuple[Lever, ...],
    allowed: Mapping[LeverName, Absorption],
    answer: Absorption,
    result: ScenarioResult,
) -> tuple[str, ...]:
    """Say which single changes would change the answer, and whether any is enough by itself.

    Args:
        levers: What one change at a time would do to the chance that every limit holds.
        allowed: How many schools can be absorbed with each change.
        answer: How many can be absorbed under the plan as it stands.
        result: What the plan as it stands would do.
    """
    most = {name: _capacity(absorption) for name, absorption in allowed.items()}
    now, planned = _capacity(answer), result.joiners
    ranked = sorted(levers, key=lambda lever: -most.get(lever.name, now))
    helpful = [
        lever for lever in ranked if most.get(lever.name, now) > now or _rises(lever, result)
    ]
    said = [_helps(lever, most, now, result) for lever in helpful[:MOST_NAMED]]
    if now >= planned:
        return tuple(said) or (
            "No single change that was tried makes it clearly more likely that every limit holds.",
        )
    if any(capacity >= planned for capacity in most.values()):
        return tuple(said)
    plan = f"the plan of {count(planned, 'school')} within the tolerance"
    if not said:
        return (
            f"No single change that was tried brings {plan}, allows more schools, or makes it "
            "clearly more likely that every limit holds. Several at once were not tried.",
        )
    return (*said, f"None of these alone brings {plan}, nor does any other that was tried.")


def _helps(lever: Lever, most: Mapping[LeverName, int], now: int, result: ScenarioResult) -> str:
    """Say what one change does: to how many schools can join, and to the chance that all holds."""
    parts = []
    if lever.name in most and most[lever.name] > now:
        before = "none" if now <= 0 else str(now)
        parts.append(f"allows {count(most[lever.name], 'school')}, not {before}")
    elif lever.name in most and now < result.joiners:
        parts.append("allows no more schools")
    if _rises(lever, result):
        gain = gained(lever, result)
        then, before = in_twenty(lever.hold), in_twenty(result.hold.estimate)
        if then == before:
            then, before = f"{_percent(lever.hold)} of", _percent(result.hold.estimate)
        parts.append(f"every limit then holds in {then} futures, not {before} ({gain})")
    return f"{change(lever, result.scenario)}: {'; '.join(parts)}."


def _rises(lever: Lever, result: ScenarioResult) -> bool:
    """Whether a change makes it clearly more likely that every limit holds, by enough to say."""
    if not lever.is_clear or lever.gain.estimate <= 0:
        return False
    moved = in_twenty(lever.hold) != in_twenty(result.hold.estimate)
    return lever.gain.estimate >= (WORTH_SAYING if not moved else 0.01)


def _capacity(answer: Absorption) -> int:
    """The schools that can be absorbed, with a trust already beyond its limits below none."""
    return -1 if answer.capacity is None else answer.capacity


def _percent(share: float) -> str:
    """Write a chance to a tenth of a per cent, never as 0 or 100 unless it is exactly so."""
    if 0 < share < 0.0005:
        return "less than 0.1%"
    if 0.9995 < share < 1:
        return "more than 99.9%"
    return f"{share * 100:.1f}%"


def _tenths(value: float) -> str:
    """Write an end of an interval in points so that it is zero only where it is exactly so."""
    return number(value * 100, 1) if round(value * 100, 1) else signed(f"{value * 100:.1g}")
