"""improve, inspect: true quality moves, and inspectors come to see."""

from __future__ import annotations

from workbench.growth.kernel.compiled import compiled
from workbench.growth.kernel.layout import ATTENTION, NEVER, SECURE, STRONG, URGENT
from workbench.growth.kernel.world import Array, World, in_dip


@compiled
def improve(t: int, w: World, moves: Array) -> None:
    """Move true quality by at most one band; low luck falls, high luck rises."""
    counted = moves.shape[0] > 0
    for i in range(w.school.size):
        own = w.state[i]
        if not own.active:
            continue
        band, step = own.true, 0
        if own.luck < fall_chance(t, w, i):
            step = -1
        elif own.luck > 1.0 - rise_chance(t, w, i):
            step = 1
        own.true = band + step
        if counted:
            moves[band, 0] += 1
            if step:
                moves[band, 1 if step > 0 else 2] += 1
        if own.true >= SECURE and own.secured == NEVER:
            own.secured = t - own.joined + 1


@compiled
def rise_chance(t: int, w: World, i: int) -> float:
    """Return the probability of rising a band: odds grow with the dose of support."""
    own = w.state[i]
    if own.true == STRONG:
        return 0.0
    odds = w.derived.rise[own.true] * (1.0 + (w.p.support_rise_odds - 1.0) * own.dose)
    if own.true <= ATTENTION:
        odds *= w.derived.frail[own.frail]
    age = t - own.joined
    if age < w.p.joining_fade_terms:
        odds *= 1.0 + (w.p.joining_odds - 1.0) * (1.0 - age / w.p.joining_fade_terms)
    return float(odds / (1.0 + odds))


@compiled
def fall_chance(t: int, w: World, i: int) -> float:
    """Return the probability of falling a band.

    Odds fall with the dose and rise with overstretch, days lent beyond a provider's slack, a new
    head and the joining dip.
    """
    own = w.state[i]
    if own.true == URGENT:
        return 0.0
    p = w.p
    odds = w.derived.fall[own.true] * (1.0 + (p.unsupported_fall_odds - 1.0) * (1.0 - own.dose))
    odds *= 1.0 + (p.overstretch_fall_odds - 1.0) * w.trust.stretch
    beyond = own.lent - p.provider_slack
    if beyond > 0.0:
        odds *= 1.0 + (p.lending_fall_odds - 1.0) * (beyond / p.provider_slack)
    if own.head_effect > 0:
        odds *= p.turnover_fall_odds
    if in_dip(w, t, i):
        odds *= p.dip_odds
    return float(odds / (1.0 + odds))


@compiled
def inspect(w: World) -> None:
    """Inspect the schools whose time has come; what inspectors see becomes known to all."""
    for i in range(w.school.size):
        own = w.state[i]
        if own.active:
            own.since += 1
            own.intervened = 0
            if own.visit < inspection_chance(w, i):
                _report(w, i)


@compiled
def _report(w: World, i: int) -> None:
    own = w.state[i]
    seen = own.true
    if own.verdict < w.p.error_low:
        seen = max(URGENT, seen - 1)
    elif own.verdict > 1.0 - w.p.error_high:
        seen = min(STRONG, seen + 1)
    own.inspected = seen
    own.known = seen
    own.since = 0
    own.intervened = 1 if seen == URGENT else 0


@compiled
def inspection_chance(w: World, i: int) -> float:
    """Return the hazard of inspection this term.

    Uniform over the window since the last one, and so certain at its end; a school that was
    already overdue at the start is visited with a hazard of its own, not all at once.
    """
    own = w.state[i]
    p = w.p
    earliest, latest = p.routine_min, p.routine_max
    if own.inspected < URGENT:
        earliest, latest = p.unrated_min, p.unrated_max
    elif own.inspected == URGENT:
        earliest, latest = p.urgent_min, p.urgent_max
    elif own.inspected == ATTENTION:
        earliest, latest = p.attention_min, p.attention_max
    if own.since < earliest:
        return 0.0
    if own.since > latest:
        return float(p.overdue)
    return float(1.0 / (latest - own.since + 1.0))
