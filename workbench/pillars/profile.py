"""The seven pillars of a trust or school side by side, with all that leaves their scores open.

A pillar's score is the mean of its indicators on their declared scales. What is not measured is
left out of the score and widens its interval; a failing critical indicator caps it; and where too
little is measured there is no score at all.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from types import MappingProxyType

from workbench.measures.composites import Composite, Part, composite
from workbench.measures.ordering import Ordering, ordering
from workbench.parameters.pillars import PILLARS, Pillar, Pillars
from workbench.pillars.activity import activity
from workbench.pillars.assurance import assurance
from workbench.pillars.capacity import capacity
from workbench.pillars.commitment import commitment
from workbench.pillars.indicator import Measured, counted, scored
from workbench.pillars.intelligence import intelligence
from workbench.pillars.process import process
from workbench.pillars.scope import Scope
from workbench.pillars.vision import vision

MEASURED_BY: Mapping[Pillar, Callable[[Scope], tuple[Measured, ...]]] = MappingProxyType({
    "vision": vision,
    "capacity": capacity,
    "collective commitment": commitment,
    "intelligence": intelligence,
    "process": process,
    "improvement activity": activity,
    "quality assurance": assurance,
})  # fmt: skip


@dataclass(frozen=True)
class PillarScore:
    """One pillar of a trust or school.

    Attributes:
        pillar: Which.
        indicators: All its indicators at this level, in the declared order.
        composite: Its score with its doubt; None where too little is measured.
        measured_share: Share of the weight of its scored indicators that is measured, 0 to 1;
            indicators that do not apply here have no weight. None where none is scored.
        why_not: Why there is no score; empty where there is one.
    """

    pillar: Pillar
    indicators: tuple[Measured, ...]
    composite: Composite | None
    measured_share: float | None
    why_not: str = ""

    def rated(self, rating: str) -> tuple[Measured, ...]:
        """Return the indicators of one rating."""
        return tuple(one for one in self.indicators if one.rating == rating)

    @property
    def scored(self) -> tuple[Measured, ...]:
        """The indicators that make up the score."""
        return tuple(one for one in self.indicators if one.score is not None)


@dataclass(frozen=True)
class Profile:
    """The seven pillars of a trust or school on one day.

    Attributes:
        scope: What was measured.
        pillars: Each pillar, in the article's order.
        order: How robust the order of the scored pillars is; None where fewer than two are scored.
    """

    scope: Scope
    pillars: Mapping[Pillar, PillarScore]
    order: Ordering | None

    @property
    def scored(self) -> Mapping[Pillar, Composite]:
        """The composites of the pillars that have a score."""
        return {
            name: one.composite for name, one in self.pillars.items() if one.composite is not None
        }

    @property
    def indicators(self) -> Mapping[str, Measured]:
        """Every indicator by key."""
        return {one.key: one for pillar in self.pillars.values() for one in pillar.indicators}

    @property
    def failing(self) -> tuple[Measured, ...]:
        """Critical indicators that fail: no average can buy them off."""
        return tuple(one for one in self.indicators.values() if fails(one))

    @property
    def unknown_critical(self) -> tuple[Measured, ...]:
        """Critical indicators of which it is not known whether they fail."""
        return tuple(one for one in self.indicators.values() if _may_fail(one))


def profile(scope: Scope) -> Profile:
    """Measure all pillars of a trust or school and put them side by side."""
    pillars = {
        name: pillar_score(scope, name, measured_by(scope))
        for name, measured_by in MEASURED_BY.items()
    }
    scores: dict[str, Composite] = {
        name: one.composite for name, one in pillars.items() if one.composite is not None
    }
    return Profile(
        scope=scope,
        pillars=MappingProxyType({name: pillars[name] for name in PILLARS}),
        order=ordering(scores) if len(scores) > 1 else None,
    )


def pillar_score(scope: Scope, pillar: Pillar, indicators: tuple[Measured, ...]) -> PillarScore:
    """Put one pillar's measured indicators together."""
    counting = [
        one
        for one in indicators
        if one.indicator.scale is not None and one.rating != "not applicable"
    ]
    known = [one for one in counting if one.value is not None]
    weight = sum(one.indicator.weight for one in counting)
    measured = sum(one.indicator.weight for one in known)
    share = measured / weight if weight else None
    declared = scope.settings.pillars
    least = declared.profile.least_measured.value
    if share is None or not known or share < least:
        return PillarScore(pillar, indicators, None, share, _too_little(known, counting, least))
    found = composed(
        [part(one) for one in known], declared, missing=weight - measured, of=_name(scope, pillar)
    )
    if found is not None and any(map(_may_fail, indicators)):
        # What is not known may be the failure that would hold the score down: silence buys nothing.
        floor = min(found.lower, declared.profile.floor.value)
        found = replace(found, lower=floor)
    return PillarScore(pillar, indicators, found, share)


def composed(parts: list[Part], declared: Pillars, *, missing: float, of: str) -> Composite | None:
    """Make a composite with the declared floor, spread of weights, draws and seed."""
    rules = declared.profile
    return composite(
        parts,
        missing_weight=missing,
        floor=rules.floor.value,
        weight_spread=rules.weight_spread.value,
        draws=int(rules.draws.value),
        seed=int(rules.seed.value),
        of=of,
        confidence=declared.windows.confidence.value,
    )


def part(one: Measured) -> Part:
    """Return a measured indicator as a part of its pillar's score.

    An estimate whose range is not known may have any score.
    """
    score = one.score
    assert score is not None  # callers keep those with a value and a scale
    ends = [0.0, score, 1.0] if one.without_range else [score]
    if one.interval is not None:
        found = (scored(end, one.indicator) for end in (one.interval.lower, one.interval.upper))
        ends += [end for end in found if end is not None]
        line = one.indicator.threshold
        if line is not None and line.limits is not None:
            low, high = one.interval.lower, one.interval.upper
            ends += [1.0] if low <= line.limits[1] and high >= line.limits[0] else []
    return Part(
        key=one.key,
        score=score,
        lower=min(ends),
        upper=max(ends),
        weight=one.indicator.weight,
        critical_failed=fails(one),
        confidence=Part.confidence if one.interval is None else one.interval.confidence,
    )


def fails(one: Measured) -> bool:
    """Whether a critical indicator is beyond its limit."""
    return one.indicator.critical and one.rating == "act"


def _may_fail(one: Measured) -> bool:
    return one.indicator.critical and one.rating == "not enough evidence"


def _name(scope: Scope, pillar: Pillar) -> str:
    """Name a composite so that its errors of measurement are its own."""
    return f"{pillar} of {scope.urn or scope.trust.uid} in {scope.term}"


def _too_little(known: list[Measured], counting: list[Measured], least: float) -> str:
    if not counting:
        return "none of its scored indicators applies here"
    return (
        f"{len(known)} of {counted(len(counting), 'scored indicator')} measured, "
        f"less than the {least:.0%} of their weight that a score asks for"
    )
