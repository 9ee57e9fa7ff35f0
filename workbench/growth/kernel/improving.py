"""improve, inspect: true quality moves, and inspectors come to see."""

from __future__ import annotations

from workbench.growth.kernel.compiled import inlined
from workbench.growth.kernel.layout import ATTENTION, NEVER, SECURE, STRONG, URGENT
from workbench.growth.kernel.world import Array, World, in_dip


@inlined
def improve(t: int, w: World, moves: Array) -> None:
    """Move true quality by at most one band; low luck falls, high luck rises.

    A chance is odds / (1 + odds): luck is compared without dividing.
    """
    counted = moves.shape[0] > 0
    full_dose = w.trust.cover * w.p.process
    overstretched = 1.0 + (w.p.overstretch_fall_odds - 1.0) * w.trust.stretch
    strain = (w.p.lending_fall_odds - 1.0) / w.p.provider_slack
    for i in range(w.trust.limit):
        own = w.state[i]
        if not own.active:
            continue
        _take_in(w, i, full_dose)
        band, step, luck = own.true, 0, w.luck.school[t, 0, i]
        falling = fall_odds(t, w, i, overstretched, strain)
        if luck * (1.0 + falling) < falling:
            step = -1
        elif luck * (1.0 + rise_odds(t, w, i)) > 1.0:
            step = 1
        own.true = band + step
        if counted:
            moves[band, 0] += 1
            if step:
                moves[band, 1 if step > 0 else 2] += 1
        if own.secured == NEVER and own.true >= SECURE:
            own.secured = t - own.joined + 1


@inlined
def _take_in(w: World, i: int, full_dose: float) -> None:
    """Turn the days received into a dose of support, and count terms of waiting."""
    own = w.state[i]
    own.lent = own.offered - w.free[i]
    own.true_need = w.derived.need[own.true]
    own.waiting = 0 if own.received >= own.need else own.waiting + 1
    own.dose = min(1.0, own.received / own.true_need) * full_dose


@inlined
def rise_odds(t: int, w: World, i: int) -> float:
    """Return the odds of rising a band: they grow with the dose of support."""
    own = w.state[i]
    odds = w.derived.rise[own.true] * (1.0 + (w.p.support_rise_odds - 1.0) * own.dose)
    frailty = w.derived.frail[own.frail]
    odds *= frailty if own.true <= ATTENTION else 1.0
    age = t - own.joined
    if age < w.p.joining_fade_terms:
        odds *= 1.0 + (w.p.joining_odds - 1.0) * (1.0 - age / w.p.joining_fade_terms)
    return float(odds)


@inlined
def fall_odds(t: int, w: World, i: int, overstretched: float, strain: float) -> float:
    """Return the odds of falling a band.

    They fall with the dose and rise with overstretch, days lent beyond a provider's slack, a new
    head and the joining dip.

    Args:
        t: Term.
        w: The trajectory's world.
        i: School.
        overstretched: Factor for the whole trust's overstretch.
        strain: Relative rise for each day lent beyond the slack.
    """
    own, p = w.state[i], w.p
    turnover, dip = p.turnover_fall_odds, p.dip_odds
    odds = w.derived.fall[own.true] * (1.0 + (p.unsupported_fall_odds - 1.0) * (1.0 - own.dose))
    odds *= overstretched * (1.0 + strain * max(0.0, own.lent - p.provider_slack))
    odds *= turnover if own.head_effect > 0 else 1.0
    odds *= dip if in_dip(w, t, i) else 1.0
    return float(odds)


@inlined
def inspect(t: int, w: World) -> None:
    """Inspect the schools whose time has come; what inspectors see becomes known to all."""
    for i in range(w.trust.limit):
        own = w.state[i]
        if own.active:
            own.since += 1
            own.intervened = 0
            if _is_visited(t, w, i):
                _report(t, w, i)


@inlined
def _is_visited(t: int, w: World, i: int) -> bool:
    """Say whether inspectors come.

    The hazard is uniform over the window of terms since the last inspection, and so certain at its
    end; a school that was already overdue at the start is visited with a hazard of its own, not all
    at once.
    """
    own, visit = w.state[i], w.luck.school[t, 2, i]
    left = w.derived.latest[own.inspected + 1] - own.since + 1.0
    within, open_yet = left >= 1.0, own.since >= w.derived.earliest[own.inspected + 1]
    comes = (within & (visit * left < 1.0)) | (~within & (visit < w.p.overdue))
    return bool(open_yet & comes)


@inlined
def _report(t: int, w: World, i: int) -> None:
    own = w.state[i]
    seen, verdict = own.true, w.luck.school[t, 3, i]
    if verdict < w.p.error_low:
        seen = max(URGENT, seen - 1)
    elif verdict > 1.0 - w.p.error_high:
        seen = min(STRONG, seen + 1)
    own.inspected = seen
    own.known = seen
    own.since = 0
    own.intervened = 1 if seen == URGENT else 0
