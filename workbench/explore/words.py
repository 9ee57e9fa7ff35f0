"""What the picture says: the verdict, the odds, what goes first, and how sure the figures are."""

from __future__ import annotations

import pandas as pd

from workbench.charts.wording import capital, count, in_twenty, number, percent, points
from workbench.explore.controls import Control, State
from workbench.explore.engine import Picture
from workbench.growth.absorb import Absorption
from workbench.parameters.limits import TrustSettings
from workbench.parameters.scenario import Scenario


def verdict(picture: Picture) -> str:
    """Return the answer in one line: how many can be absorbed, and whether the plan is within."""
    answer, planned = picture.absorption.headline, picture.state.schools
    capacity = answer.capacity
    if capacity is None:
        return "Not yet: limits are likely to be broken with no school joining"
    if answer.reason == "limit_of_pace" and capacity < planned:
        return _limited_by_pace(capacity, picture.terms[-1])
    if capacity == 0:
        return _none_can(answer.reason)
    most = f"{capacity} or more" if answer.reason == "limit_of_search" else str(capacity)
    noun = "school" if most == "1" else "schools"
    if capacity < planned:
        return f"Too many: {most} of {count(planned, 'school')} can be absorbed"
    yes = f"Yes: {count(planned, 'school')} can join; " if planned else ""
    return f"{yes}{most} {noun} can be absorbed"


def _limited_by_pace(capacity: int, horizon: str) -> str:
    if not capacity:
        return f"Not known: no school can join by {horizon}"
    return f"Only {count(capacity, 'school')} can join in time, and all can be absorbed"


def _none_can(reason: str) -> str:
    if reason == "not_shown_within_tolerance":
        return "Not sure: too few futures to show that one school can be absorbed"
    return "No: not even one school can be absorbed"


def odds(picture: Picture, settings: TrustSettings) -> str:
    """Return in plain odds what the plan risks, and how much of it is growth's own."""
    planned, horizon = picture.state.schools, picture.terms[-1]
    row, none = _row(picture, planned), _row(picture, 0)
    alone = in_twenty(1 - none["probability"])
    if planned == 0:
        return f"With no school joining, {alone} futures break a limit by {horizon}."
    accepted = settings.risk.tolerance
    which = "accepted" if accepted.verified else "the proposed tolerance"
    adds = f"{points(row['extra_risk'])} points ({points(row['extra_lower'])} to "
    return (
        f"With {count(planned, 'school')} {joining(picture)}, "
        f"{in_twenty(1 - row['probability'])} futures break a limit by {horizon}; with none, "
        f"{alone}. Joining adds {adds}{points(row['extra_upper'])}); {which} is "
        f"{points(accepted.value)}."
    )


def joining(picture: Picture) -> str:
    """Say that the schools planned join, or how many of them do before the last term ends."""
    if picture.state.schools <= picture.arriving:
        return "joining"
    return f"planned, {in_time(picture)} by {picture.terms[-1]}"


def in_time(picture: Picture) -> str:
    """Return how many schools join in time, such as `7 join`."""
    return f"{picture.arriving or 'none'} join{'s' if picture.arriving < 2 else ''}"


def further(picture: Picture, settings: TrustSettings) -> tuple[str, ...]:
    """Return what goes first, the stricter test, and what was assumed of the trust."""
    answer = picture.absorption
    first = _goes_first(answer, min(answer.binding_at, picture.arriving))
    return (first, _stricter(answer, settings), *picture.notes)


def shown(picture: Picture, futures: int) -> str:
    """Return how many futures the picture rests on."""
    now = f"{picture.absorption.replicates:,} simulated futures for each number of schools"
    return f"{now}." if picture.final else f"{now}; refining to {futures:,}."


def binds(answer: Absorption) -> str | None:
    """Return the limit that goes first at the first number of schools beyond the capacity."""
    first = answer.binding.iloc[0]
    return str(first["limit"]) if first["first_share"] > 0 else None


def state_said(state: State, known: dict[str, Control]) -> str:
    """Return the controls in words, such as `10 schools joining, 40% weak schools among them`."""
    return ", ".join(
        f"{one.label.lower()}: {value_said(one, getattr(state, name))}"
        for name, one in known.items()
    )


def value_said(control: Control, value: float) -> str:
    """Write where a control stands, with its unit; a value off its steps keeps its decimals."""
    exact = round(value, control.decimals) == value
    written = number(value, control.decimals if exact else control.decimals + 2)
    gap = "" if control.unit.startswith("%") else " "
    return f"{written}{gap}{control.unit}"


def described(plan: Scenario, base: Scenario, state: State, title: str) -> Scenario:
    """Return a plan under a title of its own, with a question and description that fit it.

    Args:
        plan: The plan the controls make.
        base: The scenario they started from.
        state: Where they stand.
        title: What the plan is to be called; it keeps to the scenario's schema.
    """
    weak = f"{number(state.weak)}% of the mix weak"
    return plan.model_copy(
        update={
            "title": title,
            "question": (
                f"Can we take on {count(state.schools, 'school')}, at {state.pace:g} a year and "
                f"{weak}?"
            ),
            "description": (
                f"Made in the explorer from the scenario {base.title}: {weak}, further leads "
                f"{state.leads:g}, leads sought {_terms(state.ahead)} ahead, "
                f"{number(state.intelligence)}% of full investment in intelligence, "
                f"{state.slice:g}% of income pooled, {state.ratio:g} schools for each lead."
            ),
        }
    )


def _terms(ahead: int) -> str:
    return f"{ahead} term{'' if ahead == 1 else 's'}"


def _goes_first(answer: Absorption, at: int) -> str:
    with_them = count(at, "school") if at else "no school"
    limit = binds(answer)
    if limit is None:
        return f"With {with_them} joining, no simulated future breaks a limit."
    share = percent(float(answer.binding["first_share"].iloc[0]))
    return (
        f"With {with_them} joining, the {limit} limit goes first: in {share} of the futures that "
        "break a limit."
    )


def _stricter(answer: Absorption, settings: TrustSettings) -> str:
    strict = answer.absolute.capacity
    proposed = "" if settings.risk.confidence.verified else "a proposed "
    if strict is None:
        passes = "no number passes, not even none"
    elif strict == 0:
        passes = "only none joining passes"
    else:
        passes = f"{count(strict, 'school')} can join"
    return capital(
        f"by the stricter test, that every limit holds with {proposed}"
        f"{percent(answer.confidence)} confidence, {passes}."
    )


def _row(picture: Picture, joiners: int) -> pd.Series:
    return picture.absorption.curve.iloc[joiners]
