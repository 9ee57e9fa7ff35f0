"""What has changed between two days, and whether that is more than noise."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from workbench.errors import BadInput
from workbench.measures.composites import Composite
from workbench.measures.differences import difference, told_apart
from workbench.measures.intervals import Interval
from workbench.parameters.pillars import PILLARS, Pillar, Pillars
from workbench.pillars.indicator import Measured
from workbench.pillars.once import once_a_trust
from workbench.pillars.profile import PillarScore, Profile, composed, part, profile
from workbench.pillars.scope import Scope
from workbench.trust.history import as_known_on, term_ends
from workbench.trust.load import Trust

_SAME = 1e-9


@dataclass(frozen=True)
class IndicatorChange:
    """How one indicator changed.

    Attributes:
        now: As measured now.
        before: As measured then.
        by: Now less before, in the indicator's unit.
        interval: The range of that difference; None where both were counted whole, and where
            either is an estimate without a range.
        told_apart: Whether it is more than noise; for what was counted whole, whether it crossed
            its line or moved by the declared share of its scale. Never so where either is an
            estimate without a range.
        better: Whether it went the way that is better; None where it did not move, or moved
            between its two limits.
    """

    now: Measured
    before: Measured
    by: float
    interval: Interval | None
    told_apart: bool
    better: bool | None


@dataclass(frozen=True)
class PillarChange:
    """How one pillar's score changed, over the indicators measured on both days.

    Attributes:
        pillar: Which.
        interval: Now less before, in points of the score (0 to 1), with its range.
        compared: How many indicators were measured on both days.
        told_apart: Whether it is more than noise.
    """

    pillar: Pillar
    interval: Interval
    compared: int
    told_apart: bool


@dataclass(frozen=True)
class Change:
    """What changed from one day to another.

    Attributes:
        before: The day compared with.
        now: The day described.
        pillars: Pillars with enough measured on both days.
        indicators: Indicators with a value on both days.
        gained: Indicators that have a value only now.
        lost: Indicators that had a value only then.
    """

    before: dt.date
    now: dt.date
    pillars: tuple[PillarChange, ...]
    indicators: tuple[IndicatorChange, ...]
    gained: tuple[Measured, ...]
    lost: tuple[Measured, ...]


def profiles_over(scope: Scope, terms: int) -> tuple[Profile, ...]:
    """Return profiles at the end of earlier terms, oldest first, and of the day described last.

    Each is measured on what was known by its day (`workbench.trust.history`). Terms before the
    trust, or the school, was there are left out.

    Args:
        scope: The trust or school.
        terms: How many earlier terms.
    """
    found = []
    for day in term_ends(scope.trust, terms):
        earlier = _on(scope, day)
        if earlier is not None:
            found.append(profile(earlier))
    return (*found, profile(scope))


def change_since_last_term(scope: Scope, now: Profile | None = None) -> Change | None:
    """Compare with the end of the term before; None where there was nothing to compare with.

    Args:
        scope: The trust or school.
        now: Its profile, where that is at hand.
    """
    days = term_ends(scope.trust, 1)
    earlier = _on(scope, days[0]) if days else None
    return None if earlier is None else compare(now or profile(scope), profile(earlier))


def compare(now: Profile, before: Profile) -> Change:
    """Compare two profiles of one trust or school.

    A difference of two estimates has Newcombe's interval, as if their errors were independent. The
    recent terms of two days overlap, so that noise is if anything made too much of: what is told
    apart here is so all the more.
    """
    then, found = before.indicators, now.indicators
    declared = now.scope.settings.pillars
    both = [
        (one, then[key])
        for key, one in found.items()
        if one.value is not None and key in then and then[key].value is not None
    ]
    return Change(
        before=before.scope.as_of,
        now=now.scope.as_of,
        pillars=tuple(
            change
            for name in PILLARS
            if (change := _pillar(now.pillars[name], before.pillars[name], now)) is not None
        ),
        indicators=tuple(_indicator(*pair, declared) for pair in both),
        gained=_only(now, before),
        lost=_only(before, now),
    )


def _on(scope: Scope, day: dt.date) -> Scope | None:
    try:
        return Scope(_earlier(scope.trust, day), scope.settings, scope.urn)
    except BadInput:  # the trust had no school by then, or not this one
        return None


@once_a_trust
def _earlier(trust: Trust, day: dt.date) -> Trust:
    return as_known_on(trust, day)


def _only(one: Profile, other: Profile) -> tuple[Measured, ...]:
    there = other.indicators
    return tuple(
        found
        for key, found in one.indicators.items()
        if found.value is not None and (key not in there or there[key].value is None)
    )


def _indicator(now: Measured, before: Measured, declared: Pillars) -> IndicatorChange:
    assert now.value is not None  # callers keep pairs of values
    assert before.value is not None
    by = now.value - before.value
    interval = None
    if now.without_range or before.without_range:
        apart = False
    elif now.interval is not None or before.interval is not None:
        confidence = declared.windows.confidence.value
        interval = difference(_interval(now, confidence), _interval(before, confidence))
        apart = told_apart(interval)
    else:
        apart = _noticed(now, before, declared.profile.noticeable.value)
    return IndicatorChange(
        now=now,
        before=before,
        by=by,
        interval=interval,
        told_apart=apart,
        better=_better(now, before, by),
    )


def _better(now: Measured, before: Measured, by: float) -> bool | None:
    """Say whether a move is for the better; between two limits, by the score."""
    if now.indicator.direction == "within":
        by = (now.score or 0.0) - (before.score or 0.0)
    if abs(by) <= _SAME:
        return None
    return by < 0 if now.indicator.direction == "down" else by > 0


def _noticed(now: Measured, before: Measured, noticeable: float) -> bool:
    if now.rating != before.rating:
        return True
    if now.score is None or before.score is None:
        return False
    return abs(now.score - before.score) >= noticeable - _SAME


def _interval(one: Measured, confidence: float) -> Interval:
    """Return an indicator's interval; for what was counted whole, its value alone."""
    if one.interval is not None:
        return one.interval
    assert one.value is not None
    return Interval(one.value, one.value, one.value, confidence)


def _pillar(now: PillarScore, before: PillarScore, profiled: Profile) -> PillarChange | None:
    """Compare like with like: the indicators that were scored on both days."""
    if now.composite is None or before.composite is None:
        return None
    then = {one.key for one in before.scored}
    keys = [one.key for one in now.scored if one.key in then]
    if not keys:
        return None
    first, last = (
        _over(keys, score.indicators, profiled, f"{now.pillar} {when}")
        for score, when in ((before, "before"), (now, "now"))
    )
    apart = last.draws - first.draws
    confidence = last.confidence
    lower, upper = np.quantile(apart, [0.5 - confidence / 2, 0.5 + confidence / 2])
    by = last.score - first.score
    interval = Interval(by, min(by, float(lower)), max(by, float(upper)), confidence)
    return PillarChange(now.pillar, interval, len(keys), told_apart(interval))


def _over(
    keys: Sequence[str], indicators: Sequence[Measured], profiled: Profile, of: str
) -> Composite:
    parts = [part(one) for one in indicators if one.key in keys]
    found = composed(parts, profiled.scope.settings.pillars, missing=0.0, of=of)
    assert found is not None  # there is at least one part
    return found
