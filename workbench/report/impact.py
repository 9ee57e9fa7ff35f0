"""What an analysis of impact found, in words and tables: no school, no trust, no cause claimed."""

from __future__ import annotations

import datetime as dt

import pandas as pd

from workbench.charts.wording import capital, count, number, percent
from workbench.measures.clustered import Estimate
from workbench.measures.differences import told_apart
from workbench.measures.intervals import Interval
from workbench.report.impact_before import before_sentence, departures_table, hangs_on_it
from workbench.research.impact.analysis import Analysis, Subject
from workbench.research.impact.recovery import Recovered

_PLACEBO = "Placebo: a joining that did not happen"


def headline(found: Analysis) -> str:
    """Return the finding in one sentence."""
    planned, unit = found.plain.overall(), unit_of(found.subject)
    said = f"{_signed(planned.value)} {unit} ({_ends(planned)})"
    equal = None if found.equal is None else found.equal.overall()
    if not told_apart(planned.interval):
        if equal is not None and told_apart(equal.interval):
            return (
                f"The answer hangs on what is assumed: {said} by differences, "
                f"{_signed(equal.value)} ({_ends(equal)}) at equal earlier numbers"
            )
        return (
            f"No effect of joining told apart from none: {said}; an effect below "
            f"{number(planned.detectable(found.plan.power), 2)} would mostly be missed"
        )
    against = [
        way.lower()
        for way, one in found.estimates().items()
        if (way == _PLACEBO and told_apart(one.interval))
        or (way != _PLACEBO and not told_apart(one.interval))
    ]
    if found.alike_before is False:
        against.append("differences before joining")
    if against:
        return f"Schools that joined changed by {said} more than others, but doubts remain: " + (
            "; ".join(against)
        )
    if found.two_periods:
        return (
            f"Schools that joined changed by {said} more than others; whether they would have "
            "anyway, two periods cannot tell"
        )
    if hangs_on_it(found.departure):
        return (
            f"Schools that joined changed by {said} more than others; no check speaks against it, "
            "but once a drift as before joining is taken out, none is told apart"
        )
    return f"Schools that joined changed by {said} more than others, and no check speaks against it"


def whose(subject: Subject) -> str:
    """Return whose schools they are."""
    return "Made-up schools" if subject.made_up else "England"


def as_of(subject: Subject) -> dt.date:
    """Return the last day that the numbers describe: the end of the last academic year."""
    if subject.made_up:
        return dt.date(2026, 8, 31)
    return dt.date(int(subject.panel.periods[-1]) + 1, 8, 31)


def effects_frame(found: Analysis) -> pd.DataFrame:
    """Return since, estimate, low and high of each period, for a picture."""
    rows = [
        (since, one.value, one.interval.lower, one.interval.upper)
        for since, one in found.plain.by_since().items()
    ]
    return pd.DataFrame(rows, columns=["since", "estimate", "low", "high"])


def trial_sentences(found: Recovered) -> tuple[str, ...]:
    """Return how often intervals held a planted effect, and placebos nothing."""
    return (
        f"{found.panels} panels with an effect of {number(found.planted, 2)} planted: "
        f"{number(found.mean, 2)} found on average.",
        f"{_share(found.covered_interval())} of intervals of {percent(found.confidence)} held it, "
        f"and {percent(found.found)} left zero out.",
        f"At the placebo date {number(found.placebo_mean, 2)} was found on average, and "
        f"{_share(found.placebo_interval())} of intervals held zero.",
    )


def _share(one: Interval) -> str:
    """Return a share of panels in per cent, with what so many panels leave open."""
    low, high = number(100 * one.lower, 1), number(100 * one.upper, 1)
    return f"{number(100 * one.estimate, 1)}% ({low}% to {high}%, as far as so many panels tell)"


def unit_of(subject: Subject) -> str:
    """Return the unit of a difference: points for points, percentage points for shares."""
    return "percentage points" if subject.unit.startswith("%") else subject.unit


def drift_table(found: Analysis) -> pd.DataFrame:
    """Return what the effect would be if schools had been on another path before."""
    return departures_table(
        found.departure, found.plan.departs, unit=unit_of(found.subject), period="period",
        power=found.plan.power, digits=2,
    )  # fmt: skip


def ways_table(found: Analysis) -> pd.DataFrame:
    """Return the average effect by each way of looking, with what could have been found."""
    rows = [
        (way, _signed(one.value), _ends(one), number(one.detectable(found.plan.power), 2))
        for way, one in found.estimates().items()
    ]
    unit = unit_of(found.subject)
    headings = ["Way of looking", f"Effect ({unit})", "Interval", "Smallest effect mostly found"]
    return pd.DataFrame(rows, columns=headings)


def periods_table(found: Analysis) -> pd.DataFrame:
    """Return the effect by periods since joining; before it, what should be nothing."""
    cells = found.plain.cells.groupby("since")["schools"].sum()
    rows = [
        (
            since_words(since), _signed(one.value), _ends(one),
            number(one.detectable(found.plan.power), 2), int(cells[since]),
        )
        for since, one in found.plain.by_since().items()
    ]  # fmt: skip
    headings = [
        "Period",
        f"Difference ({unit_of(found.subject)})",
        "Interval",
        "Smallest effect mostly found",
        "Schools that joined",
    ]
    return pd.DataFrame(rows, columns=headings)


def since_words(since: int) -> str:
    """Return a period since joining in words."""
    if since == 0:
        return "The period of joining"
    return f"{count(abs(since), 'period')} {'after' if since > 0 else 'before'} it"


def doubts(found: Analysis) -> tuple[str, ...]:
    """Return what could feign or hide an effect, each with its number."""
    subject, said = found.subject, []
    if subject.planted is not None:
        said.append(
            f"Schools are made up; the planted effect is {_signed(subject.planted.effect)} "
            f"{unit_of(subject)}."
        )
    if found.two_periods:
        said.append(
            "There are only two periods for each school that joined: whether it was on the same "
            "path as the others before cannot be seen. The estimate rests on it."
        )
    if found.departure is not None:
        plan = found.plan
        said.append(
            before_sentence(
                found.plain.before(),
                found.departure,
                plan.departs,
                unit=unit_of(subject),
                period="period",
                power=plan.power,
                level=plan.before_level,
                digits=2,
            )
        )
    if found.equal is not None:
        said.append(
            "By differences, schools would have kept their distance; at equal earlier numbers, "
            "schools alike before would have stayed alike. Neither can be proved. Where one of "
            "them holds, the truth lies about its estimate; where they differ, both are the answer."
        )
    if found.bounce is not None:
        said.append(_bounced(found, subject))
    if found.parts is not None:
        parts = found.parts
        said.append(
            f"Mixed model, {parts.rows} numbers: standard deviation {number(parts.trust, 1)} "
            f"between trusts, {number(parts.school, 1)} between schools, {number(parts.luck, 1)} "
            f"of one school between periods; its effect {_signed(parts.effect)} (standard error "
            f"{number(parts.error, 2)}) also leans on levels and does not replace the planned one."
        )
    said += [f"{what} cannot be had: {why}." for what, why in found.missing.items()]
    said += [f"{capital(why)}: {n}." for why, n in subject.notes.items() if n]
    said.append(
        "Schools choose or are chosen to join. What else changed for them at the same time counts "
        "as an effect here."
    )
    return tuple(said)


def _bounced(found: Analysis, subject: Subject) -> str:
    one = found.bounce
    if one is None:
        return ""
    return (
        f"Regression to the mean: {count(one.picked, 'school')} with the weakest numbers in period "
        f"{one.period}, none of which joined, changed by {_signed(one.risen.value)} "
        f"{unit_of(subject)} more than others by the next ({_ends(one.risen)}), with no support. "
        "Equal earlier numbers guard against it."
    )


def _signed(value: float) -> str:
    return f"{'+' if round(value, 2) > 0 else ''}{number(value, 2)}"


def _ends(one: Estimate) -> str:
    return f"{_signed(one.interval.lower)} to {_signed(one.interval.upper)}"
