"""The language of evidence: plain sentences with their numbers, what they rest on, how sure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from workbench.charts.wording import capital, count, day, in_twenty, inside, listed, number
from workbench.measures.intervals import Interval
from workbench.parameters.pillars import Pillar
from workbench.pillars.change import Change, IndicatorChange, PillarChange
from workbench.pillars.indicator import Measured
from workbench.pillars.profile import Profile
from workbench.pillars.reading import certainty, is_held_back
from workbench.report.school_indicators import plain_needs, plain_note
from workbench.report.values import decimals_of, plain_value, range_said, with_unit

FULL_MARKS = 100  # pillars are scored from 0 to 1, and shown out of this
CLEARLY = 0.5  # share of ways of weighing in which a pillar that is called lowest comes out so


def sentence(one: Measured) -> str:
    """Say an indicator in one or two plain sentences: value, basis, range, and the line.

    Never a bare number: each comes with its unit, how many records it rests on and, where it is an
    estimate, the range that the data leave open.
    """
    name = one.indicator.name
    if one.rating == "not enough evidence":
        if all(map(is_held_back, one.missing)):
            return f"{name}: not shown, {listed(one.missing)}."
        return f"{name}: not known. To know it: {plain_needs(one.missing)}."
    if one.value is None:
        return f"{name}: does not apply ({plain_note(one.note)})."
    return " ".join(part for part in (f"{name}: {grounded(one)}.", verdict(one)) if part)


def grounded(one: Measured) -> str:
    """Return a value with what it rests on: `72% of answers (250 answers; likely 66% to 78%)`."""
    value, rests = value_said(one), "; ".join(part for part in (one.basis, range_said(one)) if part)
    if not rests:
        return value
    return f"{value[:-1]}; {rests})" if value.endswith(")") else f"{value} ({rests})"


def value_said(one: Measured) -> str:
    """Return a value with its unit, such as `72% of answers` or `1 day`; in words without one."""
    if one.value is None:
        return "not known" if one.rating == "not enough evidence" else "does not apply"
    return with_unit(one.value, one)


def verdict(one: Measured) -> str:
    """Say which side of its line an indicator is on, and how sure that is; empty without a line."""
    asked = asked_for(one)
    if one.value is None or not asked:
        return ""
    side = "met" if one.rating in {"on track", "watch"} else "missed"
    sure = certainty(one)
    if one.without_range:
        side = f"{side}, but the records are too few to be sure"
    elif sure == "too close to call":
        side = f"{side}, but too narrowly for the data to be sure"
    elif sure == "clear":
        side = f"clearly {side}"
    watch = ", though near the limit" if one.rating == "watch" else ""
    return f"Asked for: {asked}; {side}{watch}."


def asked_for(one: Measured) -> str:
    """Return the line in words, such as `at least 75%`; empty where nobody has set one."""
    if one.limits is not None:
        low, high = (plain_value(line, one) for line in one.limits)
        return f"{low} to {high}"
    if one.limit is None:
        return ""
    end = FULL_MARKS if one.indicator.direction == "up" else 0
    if one.unit.startswith("%") and one.limit == end:
        return plain_value(one.limit, one)
    bound = "at least" if one.indicator.direction == "up" else "at most"
    return f"{bound} {plain_value(one.limit, one)}"


def score_said(interval: Interval) -> str:
    """Return a pillar's score with its range, such as `62 of 100, likely 55 to 70`.

    A score that a failing critical indicator holds at its cap may have no range to speak of.
    """
    value, low, high = (
        number(FULL_MARKS * part) for part in (interval.estimate, interval.lower, interval.upper)
    )
    likely = "" if low == high else f", likely {low} to {high}"
    return f"{value} of {FULL_MARKS}{likely}"


def headline(profile: Profile, whose: str) -> str:
    """Return the finding on a trust or school in two or three sentences.

    Args:
        profile: Its profile.
        whose: Its name.
    """
    scored = profile.scored
    failing = [
        f"{inside(one.indicator.name)} ({value_said(one)}, where {asked_for(one)} is asked for)"
        for one in profile.failing
    ]
    parts = []
    if failing:
        what = "A critical indicator fails" if len(failing) == 1 else "Critical indicators fail"
        parts.append(f"{what} at {whose}: {listed(failing)}. No other strength makes up for that.")
    unknown = [inside(one.indicator.name) for one in profile.unknown_critical]
    if unknown and scored:
        parts.append(
            f"Not known at {whose}: {listed(unknown)}, which no other strength could make up for."
        )
    if not scored:
        return " ".join(
            [*parts, f"Too little is known of {whose} to score any of the seven pillars."]
        )
    ranked = sorted(scored, key=lambda name: (scored[name].score, name))
    lowest = ranked[0]
    if profile.order is None:
        parts.append(f"Only {lowest} can be scored at {whose}: {_of(profile, lowest)}.")
    elif profile.order.first[lowest] < CLEARLY:
        parts.append(
            f"Of {count(len(scored), 'pillar')} that can be scored at {whose}, none is clearly "
            f"lowest: {_of(profile, lowest)} for {lowest}, which comes out lowest in "
            f"{in_twenty(profile.order.first[lowest])} ways of measuring and weighing."
        )
    else:
        parts.append(
            f"Of {count(len(scored), 'pillar')} that can be scored at {whose}, the lowest is "
            f"{lowest} ({_of(profile, lowest)}): it comes out lowest in "
            f"{in_twenty(profile.order.first[lowest])} ways of measuring and weighing."
        )
    unscored = [name for name in profile.pillars if name not in scored]
    if unscored:
        parts.append(f"Too little is known of {listed(unscored)}.")
    return " ".join(parts)


def profile_finding(profile: Profile) -> str:
    """Return what the picture of the pillars shows, in half a sentence or so."""
    scored = profile.scored
    if not scored:
        return "Too little is known to score any of the seven pillars"
    ranked = sorted(scored, key=lambda name: (scored[name].score, name))
    low, high = ranked[0], ranked[-1]
    if low == high:
        return f"Only {low} can be scored: {number(FULL_MARKS * scored[low].score)} of {FULL_MARKS}"
    if profile.order is not None and profile.order.first[low] < CLEARLY:
        ends = [number(FULL_MARKS * scored[name].score) for name in (low, high)]
        return (
            f"No pillar is clearly lowest; scores run from {ends[0]} to {ends[1]} of {FULL_MARKS}"
        )
    held = ", held down by what fails" if scored[low].capped_by else ""
    return (
        f"{capital(low)} is lowest at {number(FULL_MARKS * scored[low].score)} of {FULL_MARKS}"
        f"{held}; {high} is highest at {number(FULL_MARKS * scored[high].score)}"
    )


def robustness(profile: Profile) -> tuple[str, ...]:
    """Say which pillars may be lowest, and which orders no choice of weights or method turns."""
    order = profile.order
    if order is None:
        return ()
    scores = profile.scored
    candidates = sorted(
        ((share, name) for name, share in order.first.items() if share >= 0.05), reverse=True
    )
    lines = [
        "Lowest, over all ways of measuring and weighing: "
        + listed(f"{name} in {in_twenty(share)}" for share, name in candidates)
        + "."
    ]
    sure = [
        (low, high) if chance >= 0.5 else (high, low)
        for (low, high), chance in order.pairs.items()
        if max(chance, 1 - chance) >= 0.95
    ]
    total = len(order.pairs)
    lines.append(
        f"{len(sure)} of {count(total, 'pair')} of pillars keep their order in at least 19 of 20 "
        "such ways; do not read anything into the order of the others."
    )
    capped = [name for name, one in scores.items() if one.capped_by]
    if capped:
        lines.append(
            f"The score of {listed(capped)} is held down by a critical indicator that fails."
        )
    return tuple(lines)


def change_said(change: Change | None) -> tuple[str, ...]:
    """Say what changed since the day compared with, told apart from noise."""
    if change is None:
        return ("There is no earlier term to compare with.",)
    since = f"since {day(change.before)}"
    moved = [one for one in change.pillars if one.told_apart and _shows(one)]
    still = [one.pillar for one in change.pillars if one not in moved]
    lines = [_pillar_moved(one, since) for one in moved]
    if still:
        lines.append(f"No change beyond noise {since} in {listed(still)}.")
    for sure, words in ((True, "beyond noise"), (False, "as counted, with no noise to judge by")):
        for way, better in (("better", True), ("worse", False)):
            found = [
                one
                for one in change.indicators
                if one.told_apart and one.better is better and (one.interval is not None) is sure
            ]
            if found:
                said = listed(_moved(one) for one in found)
                lines.append(f"{capital(way)} {since}, {words}: {said}.")
    if change.gained:
        names = listed(inside(one.indicator.name) for one in change.gained)
        lines.append(f"Known now and not then: {names}.")
    if change.lost:
        names = listed(inside(one.indicator.name) for one in change.lost)
        lines.append(f"Known then and not now: {names}.")
    return tuple(lines) or (f"Nothing that is measured has changed {since}.",)


def sentences(indicators: Iterable[Measured]) -> tuple[str, ...]:
    """Say each of several indicators."""
    return tuple(sentence(one) for one in indicators)


def pillar_words(profile: Profile) -> Mapping[Pillar, str]:
    """Return each pillar's score in words, or why it has none."""
    return {name: capital(_of(profile, name)) for name in profile.pillars}


def _of(profile: Profile, name: Pillar) -> str:
    pillar = profile.pillars[name]
    if pillar.composite is None:
        return f"no score: {pillar.why_not}"
    found = pillar.composite
    return score_said(Interval(found.score, found.lower, found.upper, found.confidence))


def _pillar_moved(one: PillarChange, since: str) -> str:
    way = "up" if one.interval.estimate > 0 else "down"
    by = number(FULL_MARKS * abs(one.interval.estimate))
    low, high = sorted(FULL_MARKS * abs(end) for end in (one.interval.lower, one.interval.upper))
    return (
        f"{capital(one.pillar)} went {way} by {by} of {FULL_MARKS} {since} "
        f"(likely {number(low)} to {number(high)}; {count(one.compared, 'indicator')} compared)."
    )


def _shows(one: PillarChange) -> bool:
    """Whether a change is more than nothing once it is rounded as scores are."""
    return abs(one.interval.estimate) >= 0.5 / FULL_MARKS


def _moved(one: IndicatorChange) -> str:
    assert one.before.value is not None  # a change has a value on both days
    before = number(one.before.value, decimals_of(one.before.value, one.now))
    sign = "%" if one.now.unit.startswith("%") else ""
    return f"{inside(one.now.indicator.name)} (from {before}{sign} to {value_said(one.now)})"
