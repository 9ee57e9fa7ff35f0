"""What measured indicators say: strong, weak or uncertain, and what evidence is missing."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from workbench.parameters.pillars import Pillar
from workbench.pillars.indicator import Measured
from workbench.pillars.profile import PillarScore, Profile

HELD_BACK = "held back"
Certainty = Literal["clear", "too close to call", "counted", "no line"]


@dataclass(frozen=True)
class Reading:
    """One pillar's indicators by what they say.

    Attributes:
        strong: On track, and the data leave no doubt of it.
        weak: Beyond the line for watching or acting, and the data leave no doubt of it.
        uncertain: The interval reaches over the line, or an estimate has none: the data cannot
            tell.
        unlined: A value that nobody has set a line for.
        unknown: Not enough evidence.
    """

    strong: tuple[Measured, ...]
    weak: tuple[Measured, ...]
    uncertain: tuple[Measured, ...]
    unlined: tuple[Measured, ...]
    unknown: tuple[Measured, ...]


@dataclass(frozen=True)
class Gap:
    """Something missing, and what it would take to know it.

    Attributes:
        need: What is missing, as the indicators say it.
        indicators: Those that wait for it.
        weight: Weight of those that count in their pillar's score.
        pillars: The pillars they belong to.
    """

    need: str
    indicators: tuple[Measured, ...]
    weight: float
    pillars: tuple[Pillar, ...]


def read(pillar: PillarScore) -> Reading:
    """Sort a pillar's indicators by what they say."""
    held: dict[str, list[Measured]] = {name: [] for name in Reading.__annotations__}
    for one in pillar.indicators:
        where = _place(one)
        if where is not None:
            held[where].append(one)
    return Reading(**{name: tuple(found) for name, found in held.items()})


def certainty(one: Measured) -> Certainty:
    """Say how sure the data are of an indicator's side of its limit.

    Returns:
        "clear" where the whole interval lies on one side of the limit, the limit itself being
        within it; "too close to call" where it reaches over it, and for an estimate that has no
        interval; "counted" where the value was counted whole; "no line" without a limit.
    """
    if one.value is None or (one.limit is None and one.limits is None):
        return "no line"
    if one.interval is None:
        return "too close to call" if one.without_range else "counted"
    low, high = one.interval.lower, one.interval.upper
    if one.limits is not None:
        sure = one.limits[0] <= low and high <= one.limits[1]
        sure = sure or high < one.limits[0] or low > one.limits[1]
    else:
        assert one.limit is not None  # the other kind of limit was handled above
        below, above = high < one.limit, low > one.limit
        sure = (high <= one.limit or above) if _less_is_better(one) else (low >= one.limit or below)
    return "clear" if sure else "too close to call"


def gaps(profile: Profile) -> tuple[Gap, ...]:
    """Return what is missing, that which would tell most first.

    A figure that is held back to keep other answers from being worked out is not missing.
    """
    waiting: dict[str, list[Measured]] = {}
    for one in profile.indicators.values():
        for need in one.missing if one.rating == "not enough evidence" else ():
            if not is_held_back(need):
                waiting.setdefault(need, []).append(one)
    found = [
        Gap(
            need=need,
            indicators=tuple(held),
            weight=sum(one.indicator.weight for one in held if one.indicator.scale is not None),
            pillars=tuple(dict.fromkeys(one.indicator.pillar for one in held)),
        )
        for need, held in waiting.items()
    ]
    return tuple(sorted(found, key=lambda gap: (-gap.weight, -len(gap.indicators), gap.need)))


def is_held_back(need: str) -> bool:
    """Whether a figure is kept back though its evidence is there, and no more of it would help."""
    return need.startswith(HELD_BACK)


def _place(one: Measured) -> str | None:
    if one.rating == "not applicable":
        return None
    if one.rating == "not enough evidence":
        return "unknown"
    sure = certainty(one)
    if sure == "no line":
        return "unlined"
    if sure == "too close to call":
        return "uncertain"
    return "strong" if one.rating == "on track" else "weak"


def _less_is_better(one: Measured) -> bool:
    return one.indicator.direction == "down"
