"""What would let a trust absorb more, in words: worth of levers, packages, dates and warnings."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from types import MappingProxyType

import pandas as pd

from workbench.charts.measures import MEASURES
from workbench.charts.wording import capital, count, number, signed
from workbench.parameters.scenario import Scenario
from workbench.report.levers import ALONE_TOO_MUCH, change, said_of
from workbench.scenario.changes import LeverName
from workbench.scenario.costs import Cost
from workbench.scenario.levers import Worth
from workbench.scenario.packages import Cheapest, Package, Packages
from workbench.scenario.tripwires import Tripwire
from workbench.terms import TERMS_A_YEAR

THOUSAND = 1000
LATER: LeverName = "slower pace"
COUNTED = (
    "Pounds count leads in post, intelligence, a larger share taken from schools' budgets, and "
    "what schools that join later than planned do not bring for improvement."
)
_TENTHS = 10
_WHEN: Mapping[str, str] = MappingProxyType({
    "capacity_use": "use of leadership capacity reaches {}",
    "golden_margin": "the golden-rule margin falls to {}",
    "unmet_share": "support needed but not given reaches {}",
    "vacancies": "vacant lead posts reach {}",
    "leads": "improvement leads in post fall to {}",
    "reserves_share": "reserves fall to {} of income",
    "commitment": "collective commitment falls to {}",
})  # fmt: skip
_NOW: Mapping[str, str] = MappingProxyType({
    "capacity_use": "use of leadership capacity is {}",
    "golden_margin": "the golden-rule margin is {}",
    "unmet_share": "support needed but not given is {}",
    "vacancies": "vacant lead posts are {}",
    "leads": "improvement leads in post are {}",
    "reserves_share": "reserves are {} of income",
    "commitment": "collective commitment is {}",
})  # fmt: skip
_NO_PACKAGE = {
    "no_package_allows_them": "no package tried allows so many",
    "none_proved": "packages that seemed to did not hold on fresh futures",
    "limit_of_search": "more than the schools looked at",
}


def worth_table(worths: Sequence[Worth], plan: Scenario) -> pd.DataFrame:
    """Return what each change allows and costs, most schools first.

    Args:
        worths: As `workbench.scenario.levers.worth_of_levers` gives them.
        plan: The plan as it stands.
    """
    return pd.DataFrame(
        [
            (
                change(one.lever, plan),
                _can_join(one),
                _further(one),
                _risk(one),
                pounds_a_year(one.cost),
                _each(one.cost, one.extra_schools or 0),
            )
            for one in worths
        ],
        columns=[
            "Change",
            "Schools that can join, as found",
            "More than the plan allows, as found",
            "Chance of breaking a limit, with one school more than the plan allows",
            "Pounds a year",
            "Pounds a year for each further school",
        ],
    )


def _can_join(one: Worth) -> str:
    most, now = one.capacity.capacity, one.planned.capacity or 0
    if most is not None:
        late = one.extra_schools is not None and most - now > one.extra_schools
        beyond = f": those after {now + (one.extra_schools or 0)} join too late to be judged"
        return f"{most}{beyond if late else ''}"
    return (
        f"none: {ALONE_TOO_MUCH}" if one.capacity.reason == "change_exceeds_tolerance" else "none"
    )


def _further(one: Worth) -> str:
    if one.extra_schools is None:
        return "does not apply"
    return signed(f"{one.extra_schools:+d}") if one.extra_schools else "0"


def _risk(one: Worth) -> str:
    low, high = number(one.risk_change.lower * 100, 1), number(one.risk_change.upper * 100, 1)
    if not one.is_clear:
        return f"no clear difference ({low} to {high} points)"
    value = one.risk_change.estimate * 100
    return f"{'+' if value > 0 else ''}{number(value, 1)} points ({low} to {high})"


def pounds_a_year(cost: Cost) -> str:
    """Say a cost to the thousand, with its 5th to 95th percentile over the draws."""
    return _pounds(cost.pounds, cost.low, cost.high)


def _pounds(value: float, low: float, high: float) -> str:
    if max(abs(value), abs(low), abs(high)) < THOUSAND / 2:
        return "nothing"
    if value < 0:
        return f"saves {_money(-value)} ({_money(-high)} to {_money(-low)})"
    return f"{_money(value)} ({_money(low)} to {_money(high)})"


def _money(value: float) -> str:
    return signed(f"£{round(value / THOUSAND) * THOUSAND:,}".replace("£-", "-£"))


def cost_said(package: Package) -> str:
    """Say what a package costs a year in all, and for each school where it lets several join."""
    cost, schools = package.cost, package.extra_schools
    amount, _, spread = pounds_a_year(cost).partition(" (")
    if not spread:
        return "It costs nothing"
    in_all = f"{capital(amount)} a year in all ({spread}"
    if schools < 2 or cost.pounds <= 0:
        return in_all
    return f"{in_all}, {_money(cost.pounds / schools)} for each further school"


def _each(cost: Cost, schools: int) -> str:
    if schools <= 0 or cost.pounds <= 0:
        return ""  # a saving spread over more schools would look like a smaller one
    return _pounds(cost.pounds / schools, cost.low / schools, cost.high / schools)


def packages_table(packages: Packages, plan: Scenario) -> pd.DataFrame:
    """Return the cheapest package for each number of further schools, as proved on fresh futures.

    Args:
        packages: As `workbench.scenario.packages.cheapest_packages` gives them.
        plan: The plan as it stands.
    """
    return pd.DataFrame(
        [_package_row(one, plan) for one in packages.cheapest],
        columns=[
            "Further schools",
            "Cheapest package",
            "Schools that can join",
            "Pounds a year",
            "Pounds a year for each further school",
            "When first found",
        ],
    )


def _package_row(one: Cheapest, plan: Scenario) -> tuple[str, ...]:
    asked = f"{one.further} or more"
    if one.proved is None or one.package is None:
        return asked, f"None: {_NO_PACKAGE[one.reason]}", "", "", "", ""
    held, found = one.proved, one.package
    said = package_said(held, plan)
    return (
        asked,
        f"{said} (only takes schools later)" if only_later(held) else said,
        str(held.answer.capacity),
        pounds_a_year(held.cost),
        _each(held.cost, held.extra_schools),
        f"{signed(f'{found.extra_schools:+d}')} {_schools(found.extra_schools)}, "
        f"{pounds_a_year(found.cost)}",
    )


def _schools(number: int) -> str:
    return "school" if number == 1 else "schools"


def package_said(package: Package, plan: Scenario) -> str:
    """Say what a package changes, each change with its figures."""
    first, *others = (said_of(lever, package.plan, plan) for lever, _ in package.changes)
    return "; ".join([first, *(said[0].lower() + said[1:] for said in others)])


def only_later(package: Package) -> bool:
    """Say whether a package does nothing but take schools later than planned."""
    return all(lever == LATER for lever, _ in package.changes)


def recommended(packages: Packages) -> Package | None:
    """Return the proved package to name first; None where none is proved.

    One that does more than take schools later goes before one that does not. Of those, the one that
    saves most, of savings that read alike the one that allows more schools; where none saves, the
    one with the least pounds for each further school.
    """
    held = [one.proved for one in packages.cheapest if one.proved is not None]
    doing = [one for one in held if not only_later(one)]
    return min(doing or held, key=_by_value, default=None)


def _by_value(package: Package) -> tuple[bool, float, int]:
    pounds, schools = package.cost.pounds, package.extra_schools
    if pounds <= 0:
        # To the thousand, as it is said. For each school, the smaller saving would win.
        return False, float(round(pounds / THOUSAND)), -schools
    return True, pounds / schools, -schools


def cheapest_said(packages: Packages, plan: Scenario) -> str:
    """Say the package to name first and what it costs, or why there is none."""
    best = recommended(packages)
    if best is None:
        why = _NO_PACKAGE[packages.cheapest[0].reason]
        return f"No package of changes lets another school join: {why}."
    schools, each = (
        count(best.extra_schools, "further school"),
        _each(best.cost, best.extra_schools),
    )
    way = (
        f"Taking schools later allows {schools}"
        if only_later(best)
        else f"Of the cheapest ways to {schools}, the one of fewest changes"
    )
    return (
        f"{way}: {package_said(best, plan)}. Pounds a year: {pounds_a_year(best.cost)}"
        f"{f'; for each further school: {each}' if each else ''}. It was found with "
        f"{packages.replicates} futures and holds on {packages.proof_replicates} fresh ones; "
        f"what a table of single changes says was not put to these. {COUNTED}"
    )


def tripwire_sentences(wires: Sequence[Tripwire]) -> tuple[str, ...]:
    """Say each tripwire with its present value: those already past first, the others to watch."""
    if not wires:
        return ("No single measure warns of a broken limit in time, beyond the skill asked for.",)
    in_order = sorted(wires, key=lambda wire: not wire.is_crossed_now)
    return tuple(_tripwire_said(wire) for wire in in_order)


def _tripwire_said(wire: Tripwire) -> str:
    broken = (
        f"in {_in_ten(wire.then_broken)} such futures a limit is broken within {_span(wire.within)}"
    )
    now, at = _value(wire, wire.present), _value(wire, wire.threshold)
    if wire.is_crossed_now:
        return (
            f"Already past, so act now: {_NOW[wire.measure].format(now)}; at {at} or "
            f"{_beyond(wire)}, {broken}."
        )
    return f"If {_WHEN[wire.measure].format(at)}, {broken}; now {now}."


def _beyond(wire: Tripwire) -> str:
    return "more" if wire.high_is_bad else "less"


def _in_ten(share: float) -> str:
    """Say a share as a count of ten, never rounded to certainty."""
    tenths = round(share * _TENTHS)
    if tenths == _TENTHS and share < 1:
        return f"more than {_TENTHS - 1} of {_TENTHS}"
    if tenths == 0 and share > 0:
        return f"fewer than 1 of {_TENTHS}"
    return f"{tenths} of {_TENTHS}"


def tripwires_table(wires: Sequence[Tripwire]) -> pd.DataFrame:
    """Return the tripwires with how well each warned on draws not used to choose it."""
    return pd.DataFrame(
        [
            (
                capital(MEASURES[wire.measure].label),
                f"{_value(wire, wire.threshold)} or {_beyond(wire)}",
                _value(wire, wire.present),
                f"{wire.hit_rate:.0%}",
                f"{wire.false_alarm:.0%}",
                f"{wire.then_broken:.0%} of {wire.crossed}",
                f"{wire.otherwise:.0%}",
                f"{wire.terms_of_warning:g}",
            )
            for wire in wires
        ],
        columns=[
            "What to watch",
            "Act at",
            "Now",
            "Broken limits it warned of",
            "False alarms",
            f"Futures past it that break a limit{_within(wires)}",
            "Trust terms without a warning that end so",
            "Terms of warning, middle future",
        ],
    )


def _within(wires: Sequence[Tripwire]) -> str:
    return f" within {_span(wires[0].within)}" if wires else ""


def _span(terms: int) -> str:
    years, left = divmod(terms, TERMS_A_YEAR)
    if left:
        return count(terms, "term")
    return "a year" if years == 1 else count(years, "year")


def _value(wire: Tripwire, value: float) -> str:
    measure = MEASURES[wire.measure]
    return signed(f"{round(value * measure.scale, 1):g}{'%' if measure.unit == '%' else ''}")
