"""What would change our mind, in words: each change to a plan and what it gains."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from workbench.charts.wording import capital, count, in_twenty, number, percent, signed
from workbench.growth.absorb import Absorption, Answer, joiners_within_horizon
from workbench.parameters.levers import LeverSizes, load_lever_sizes
from workbench.parameters.scenario import Joiners, Scenario
from workbench.scenario import yardstick
from workbench.scenario.changes import LeverName, Plan
from workbench.scenario.levers import Lever, as_simulated
from workbench.scenario.packages import held_on_fresh
from workbench.scenario.results import ScenarioResult
from workbench.scenario.trial import trial
from workbench.trust.load import Trust

MOST_NAMED = 3
WEAK = ("urgent", "needs attention")
ALONE_TOO_MUCH = "the change by itself may add more risk than the tolerance before any joins"
# Share by which a chance must rise to be worth saying where its odds in twenty stay the same.
WORTH_SAYING = 0.03


def levers_table(levers: tuple[Lever, ...], result: ScenarioResult) -> pd.DataFrame:
    """Return the levers with the plan as it stands on top, chances to a tenth of a per cent."""
    rows = [("The plan as it stands", result.hold.estimate, "")]
    rows += [
        (change(lever, as_simulated(result)), lever.hold, gained(lever, result)) for lever in levers
    ]
    return pd.DataFrame(
        [(words, in_twenty(hold), _percent(hold), gain) for words, hold, gain in rows],
        columns=["Change", "Futures in which every limit holds", "Chance", "Gain (95% interval)"],
    )


def change(lever: Lever, plan: Scenario) -> str:
    """Say what a lever changes in the plan, with the figures before and after."""
    return said_of(lever.name, lever.plan, plan)


def said_of(name: LeverName, changed: Plan, plan: Scenario) -> str:
    """Say what one lever changes in a plan, of which others may be changed too."""
    now, then = plan.policy, changed.scenario.policy
    match name:
        case "fewer schools" | "slower pace" | "stronger joiners" | "joiners nearby":
            said = _said_of_joiners(name, changed.scenario.joiners, plan.joiners)
        case "one more lead":
            leads = changed.further_leads
            posts = (
                count(int(leads), "more lead") if leads.is_integer() else f"{leads:g} more leads"
            )
            said = f"{capital(posts)} in post from the first term"
        case "earlier hiring":
            earlier = then.hire_ahead_terms - now.hire_ahead_terms
            said = f"Leads are hired {count(earlier, 'term')} earlier"
        case "fewer schools a lead":
            said = (
                f"Each lead serves {then.schools_per_lead:g} schools, not {now.schools_per_lead:g}"
            )
        case "higher slice":
            said = (
                f"{then.top_slice_percent:g}% of income is pooled, not {now.top_slice_percent:g}%"
            )
        case "more intelligence":
            said = (
                f"Intelligence is funded at {percent(then.intelligence_investment)} of its full "
                f"cost, not {percent(now.intelligence_investment)}"
            )
    return said


def _said_of_joiners(name: LeverName, then: Joiners, now: Joiners) -> str:
    if name == "fewer schools":
        joins = "joins" if then.schools == 1 else "join"
        return f"{capital(count(then.schools, 'school'))} {joins}, not {now.schools}"
    if name == "slower pace":
        return f"Schools join at a pace of {then.a_year:.3g} a year, not {now.a_year:.3g}"
    if name == "stronger joiners":
        weak = sum(kind.share for kind in now.mix if kind.band in WEAK)
        where = f", where {percent(weak)} are weak" if not now.named else ""
        return f"All schools that join are secure or better{where}"
    near, far = _furthest(then), _furthest(now)
    return f"Schools that join lie within {near:g} km of the centre, not {far:g} km"


def _furthest(joiners: Joiners) -> float:
    """Return the distance of the furthest school whose distance is given, in km."""
    named = [school.distance_km for school in joiners.named if school.distance_km is not None]
    return max([*(kind.distance_km for kind in joiners.mix), *named])


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
    trust: Trust,
    levers: tuple[Lever, ...],
    result: ScenarioResult,
    sizes: LeverSizes | None = None,
) -> dict[LeverName, Answer]:
    """Say of each changed plan how many of its schools it allows, with the plan's own luck.

    Extra risk is measured from the trust as it stands, with no joiner and no change (see
    `workbench.scenario.yardstick`), so that a change that harms the trust allows no more. Fewer
    schools is no change to how many the trust can absorb, and is left out. What seems to allow more
    than the plan is put to the fresh futures on which packages are proved, and what holds on these
    is said: the two would contradict each other otherwise.

    Args:
        trust: The trust.
        levers: What one change at a time would do.
        result: What the plan as it stands would do.
        sizes: How far levers are pulled; those of `parameters/levers.yaml` if None.
    """
    plan = as_simulated(result)
    shared = trial(
        trust,
        plan,
        sizes or load_lever_sizes(),
        replicates=result.replicates,
        seed=result.seed,
    )
    stands = shared.setting(Plan(plan))
    broken = shared.broken(stands)
    measured = yardstick.yardstick(shared, stands, broken(0))
    arriving = joiners_within_horizon(stands)
    now = yardstick.capacity(broken, measured, most=result.joiners, arriving=arriving)
    found: dict[LeverName, Answer] = {}
    for lever in levers:
        if lever.name != "fewer schools":
            setting = shared.setting(lever.plan)
            found[lever.name] = yardstick.allowed(
                shared.broken(setting),
                measured,
                most=lever.scenario.joiners.schools,
                arriving=joiners_within_horizon(setting),
            )
    more = {
        lever.name: lever.plan
        for lever in levers
        if lever.name in found and _capacity(found[lever.name]) > _capacity(now)
    }
    return found | {
        name: _at_most(held, result.joiners) for name, held in held_on_fresh(shared, more).items()
    }


def _at_most(answer: Answer, schools: int) -> Answer:
    """Return an answer as of a search that looks no further than some number of schools."""
    return answer if _capacity(answer) < schools else Answer(schools, "limit_of_search")


def mind(
    levers: tuple[Lever, ...],
    allowed: Mapping[LeverName, Absorption | Answer],
    answer: Absorption,
    result: ScenarioResult,
) -> tuple[str, ...]:
    """Say which single changes would change the answer, and whether any is enough by itself.

    The change that most raises the chance that every limit holds is always among those named.

    Args:
        levers: What one change at a time would do to the chance that every limit holds.
        allowed: How many schools can be absorbed with each change.
        answer: How many can be absorbed under the plan as it stands.
        result: What the plan as it stands would do.
    """
    most = {name: _capacity(one) for name, one in allowed.items()}
    now, planned = _capacity(answer), result.joiners
    ranked = sorted(levers, key=lambda lever: -most.get(lever.name, now))
    helpful = [
        lever for lever in ranked if most.get(lever.name, now) > now or _rises(lever, result)
    ]
    named = helpful[:MOST_NAMED]
    strongest = max(levers, key=lambda lever: lever.gain.estimate, default=None)
    if strongest in helpful and strongest not in named:
        named[-1] = strongest
    said = [_helps(lever, allowed, now, result) for lever in named]
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


def _helps(
    lever: Lever,
    allowed: Mapping[LeverName, Absorption | Answer],
    now: int,
    result: ScenarioResult,
) -> str:
    """Say what one change does: to how many schools can join, and to the chance that all holds."""
    parts = []
    if lever.name in allowed:
        parts.append(_allows(allowed[lever.name], now, result.joiners))
    if _rises(lever, result):
        gain = gained(lever, result)
        then, before = in_twenty(lever.hold), in_twenty(result.hold.estimate)
        if then == before:
            then, before = f"{_percent(lever.hold)} of", _percent(result.hold.estimate)
        parts.append(f"every limit then holds in {then} futures, not {before} ({gain})")
    return f"{change(lever, as_simulated(result))}: {'; '.join(part for part in parts if part)}."


def _allows(answer: Absorption | Answer, now: int, planned: int) -> str:
    """Say what a change does to how many schools can join; nothing where more are not asked for."""
    most, before = _capacity(answer), "none" if now <= 0 else str(now)
    if most > now:
        return f"allows {count(most, 'school')}, not {before}"
    if max(most, 0) < min(now, planned):
        why = f", as {ALONE_TOO_MUCH}" if answer.reason == "change_exceeds_tolerance" else ""
        return f"allows fewer schools to join ({max(most, 0) or 'none'}, not {before}){why}"
    return "allows no more schools" if now < planned else ""


def _rises(lever: Lever, result: ScenarioResult) -> bool:
    """Whether a change makes it clearly more likely that every limit holds, by enough to say."""
    if not lever.is_clear or lever.gain.estimate <= 0:
        return False
    moved = in_twenty(lever.hold) != in_twenty(result.hold.estimate)
    return lever.gain.estimate >= (WORTH_SAYING if not moved else 0.01)


def _capacity(answer: Absorption | Answer) -> int:
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
