"""improve, inspect: true quality moves, and inspectors come to see."""

from __future__ import annotations

from workbench.growth.kernel.compiled import inlined
from workbench.growth.kernel.layout import ATTENTION, SECURE, STRONG, URGENT
from workbench.growth.kernel.world import Array, World, by_band


@inlined
def improve(t: int, w: World, moves: Array) -> None:
    """Move true quality by at most one band; low luck falls, high luck rises.

    The odds of rising grow with the dose of support. The odds of falling fall with it, and rise
    with overstretch, days lent beyond a provider's slack, a new head and the joining dip. A chance
    is odds / (1 + odds): luck is compared without dividing.
    """
    if moves.shape[0] > 0:
        _count(w, moves, 0)
    p, s, need, rise, fall = w.p, w.state, w.derived.need, w.derived.rise, w.derived.fall
    need_0, need_1, need_2, need_3 = need[0], need[1], need[2], need[3]
    rise_0, rise_1, rise_2 = rise[0], rise[1], rise[2]
    fall_1, fall_2, fall_3 = fall[1], fall[2], fall[3]
    full_dose = w.trust.cover * p.process
    support_rise, unsupported_fall = p.support_rise_odds - 1.0, p.unsupported_fall_odds - 1.0
    overstretched = 1.0 + (p.overstretch_fall_odds - 1.0) * w.trust.stretch
    slack, strain = p.provider_slack, (p.lending_fall_odds - 1.0) / p.provider_slack
    turnover, dip, dip_terms = p.turnover_fall_odds, p.dip_odds, p.dip_terms
    frail, sound = w.derived.frail[1], w.derived.frail[0]
    joining, fade = p.joining_odds - 1.0, p.joining_fade_terms
    luck = w.luck.school[t, 0]
    for i in range(w.trust.lanes):
        true, received, age = s.true[i], s.received[i], t - s.joined[i]
        here, weak = s.active[i] > 0.0, true <= ATTENTION
        due = by_band(true, need_0, need_1, need_2, need_3)
        s.true_need[i] = due
        unmet = here & (received < s.need[i])
        s.waiting[i] = s.waiting[i] + 1.0 if unmet else 0.0
        dose = min(1.0, received / due) * full_dose
        lent = s.offered[i] - s.free[i]
        falling = by_band(true, 0.0, fall_1, fall_2, fall_3)
        falling *= 1.0 + unsupported_fall * (1.0 - dose)
        falling *= overstretched * (1.0 + strain * max(0.0, lent - slack))
        falling *= turnover if s.head_effect[i] > 0.0 else 1.0
        falling *= dip if age < dip_terms else 1.0
        rising = by_band(true, rise_0, rise_1, rise_2, 0.0) * (1.0 + support_rise * dose)
        frailty = frail if s.frail[i] > 0.0 else sound
        rising *= frailty if weak else 1.0
        rising *= 1.0 + joining * max(0.0, 1.0 - age / fade)
        falls = luck[i] * (1.0 + falling) < falling
        rises = luck[i] * (1.0 + rising) > 1.0
        step = -1.0 if falls else (1.0 if rises else 0.0)
        after = true + step if here else true
        s.true[i] = after
        first = (s.secured[i] < 0.0) & here & (after >= SECURE)
        s.secured[i] = age + 1.0 if first else s.secured[i]
    if moves.shape[0] > 0:
        _count(w, moves, 1)


@inlined
def _count(w: World, moves: Array, after: int) -> None:
    """Count school terms in each true band before schools move, and how many rose and fell after.

    Between the two calls the band before is kept in `claim`, which is worked out anew each term.
    """
    s = w.state
    for i in range(w.trust.limit):
        if s.active[i] > 0.0:
            if after == 0:
                moves[int(s.true[i]), 0] += 1
                s.claim[i] = int(s.true[i])
            elif s.true[i] > s.claim[i]:
                moves[s.claim[i], 1] += 1
            elif s.true[i] < s.claim[i]:
                moves[s.claim[i], 2] += 1


@inlined
def inspect(t: int, w: World) -> None:
    """Inspect the schools whose time has come; what inspectors see becomes known to all.

    The hazard is uniform over the window of terms since the last inspection, and so certain at its
    end; a school that was already overdue at the start is visited with a hazard of its own, not all
    at once. Inspectors are at most one band off.
    """
    p, s, earliest, latest = w.p, w.state, w.derived.earliest, w.derived.latest
    first_u, first_0, first_1, first_2 = earliest[0], earliest[1], earliest[2], earliest[3]
    last_u, last_0, last_1, last_2 = latest[0], latest[1], latest[2], latest[3]
    overdue, low, high = p.overdue, p.error_low, 1.0 - p.error_high
    visit, verdict = w.luck.school[t, 2], w.luck.school[t, 3]
    for i in range(w.trust.lanes):
        here, judged, true = s.active[i] > 0.0, s.inspected[i], s.true[i]
        since = s.since[i] + 1.0 if here else s.since[i]
        first = first_u if judged < URGENT else by_band(judged, first_0, first_1, first_2, first_2)
        last = last_u if judged < URGENT else by_band(judged, last_0, last_1, last_2, last_2)
        left = last - since + 1.0
        within = left >= 1.0
        comes = (within & (visit[i] * left < 1.0)) | (~within & (visit[i] < overdue))
        visited = here & (since >= first) & comes
        lower, higher = max(true - 1.0, float(URGENT)), min(true + 1.0, float(STRONG))
        seen = lower if verdict[i] < low else (higher if verdict[i] > high else true)
        s.since[i] = 0.0 if visited else since
        s.inspected[i] = seen if visited else judged
        s.known[i] = seen if visited else s.known[i]
        s.intervened[i] = 1.0 if visited & (seen == URGENT) else 0.0
