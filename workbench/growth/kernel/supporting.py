"""sense, plan, support: what the trust sees, how far it reaches, and the days it gives."""

from __future__ import annotations

from workbench.growth.kernel.compiled import inlined
from workbench.growth.kernel.layout import SECURE, STRONG, URGENT
from workbench.growth.kernel.world import World, by_band

WAITING_MOST = 999.0
RANKS_A_BAND = WAITING_MOST + 1.0
PLACES = 65536.0  # more than there can be schools: a claim ends in the school's number


@inlined
def sense(t: int, w: World) -> None:
    """See the true quality of some schools; what is not seen cannot be supported."""
    p, s = w.p, w.state
    strength = (1.0 - p.sense_assurance) * w.trust.intelligence + p.sense_assurance * p.assurance
    aimed = strength * (1.0 - p.sense_vision * (1.0 - w.trust.vision))
    settled = p.sense_floor + (p.sense_full - p.sense_floor) * aimed
    newly_joined, dip = settled * p.sense_joiner, p.dip_terms
    luck = w.luck.school[t, 1]
    for i in range(w.trust.lanes):
        chance = newly_joined if t - s.joined[i] < dip else settled
        seen = (s.active[i] > 0.0) & (luck[i] < chance)
        s.known[i] = s.true[i] if seen else s.known[i]


@inlined
def plan(w: World) -> None:
    """Work out the span of leadership, its cover, and whether the trust is overstretched."""
    trust = w.trust
    trust.lead_fte = _effective_leads(w)
    released = min(1.0, trust.lead_fte / w.p.leads_to_release)
    trust.span = w.p.lead_span * trust.lead_fte + w.p.exec_span * (1.0 - released)
    trust.cover = min(1.0, trust.span / trust.schools)
    trust.over_terms = trust.over_terms + 1 if trust.schools > trust.span else 0
    overstretched = trust.over_terms >= w.p.overstretch_terms
    trust.stretch = 1.0 - trust.cover if overstretched else 0.0


@inlined
def _effective_leads(w: World) -> float:
    """Add up leads in post, each counting in part until ramped up."""
    total = 0.0
    for post in range(w.trust.posts):
        if w.lead[post].in_post:
            ramp = min(1.0, (w.lead[post].terms + 1.0) / (w.p.ramp_terms + 1.0))
            total += w.lead[post].fte * ramp
    return total


@inlined
def support(t: int, w: World) -> None:
    """Give days: worst known first, then longest waiting; leads first, then nearest provider.

    The executive, while it still leads improvement itself, gives days in proportion to its span.
    """
    trust = w.trust
    trust.lead_pool = w.p.lead_days * (trust.span / w.p.lead_span)
    trust.lent = 0.0
    trust.providers_free = _offer(t, w)
    asked = _asked(w)
    if asked <= trust.lead_pool:
        trust.lead_pool -= asked
        return
    _queue(w)
    for place in range(trust.schools):
        _serve(w, w.order[place])


@inlined
def _asked(w: World) -> float:
    """Return the leads' days that all needs together ask for: where these suffice, all are met."""
    asked = 0.0
    for i in range(w.trust.limit):
        asked += w.state.asked[i]
    return asked


@inlined
def _offer(t: int, w: World) -> int:
    """Work out needs, claims and offers, and return how many have something to offer.

    A provider is settled, known and judged secure or better (a school with no grade is judged by
    what the trust knows), and so in no category. It offers its own figure, or the model's, times
    commitment and the share of specialist leaders trained.
    """
    p, s, days = w.p, w.state, w.derived.need
    urgent, attention, secure, strong = days[0], days[1], days[2], days[3]
    settle, days_secure, days_strong = (
        p.settle_terms,
        p.provider_days_secure,
        p.provider_days_strong,
    )
    given = w.trust.commitment * w.trust.sle_trained
    offering = 0
    for i in range(w.trust.lanes):
        known, judged = s.known[i], s.inspected[i]
        here, need = s.active[i] > 0.0, by_band(known, urgent, attention, secure, strong)
        s.need[i] = need
        s.received[i] = need if here else 0.0
        s.asked[i] = need * s.toll[i] if here else 0.0
        s.claim[i] = (known * RANKS_A_BAND - min(s.waiting[i], WAITING_MOST)) * PLACES + i
        settled = here & (t - s.joined[i] >= settle)
        sound = (known >= SECURE) & ((judged >= SECURE) | (judged < URGENT))
        usual = days_strong if known == STRONG else days_secure
        offered = (usual if s.days[i] < 0.0 else s.days[i]) * given
        offered = offered if settled & sound else 0.0
        s.offered[i] = offered
        s.free[i] = offered
        offering += 1 if offered > 0.0 else 0
    return offering


@inlined
def _queue(w: World) -> None:
    """Sort schools by claim to support; insertion sort, as the order changes little in a term."""
    claim = w.state.claim
    for place in range(1, w.trust.schools):
        i = w.order[place]
        own = claim[i]
        back = place - 1
        while back >= 0 and claim[w.order[back]] > own:
            w.order[back + 1] = w.order[back]
            back -= 1
        w.order[back + 1] = i


@inlined
def _serve(w: World, i: int) -> None:
    """Give a school leads' days while there are any, then, if it is weak, those of providers."""
    s, pool, need = w.state, w.trust.lead_pool, w.state.need[i]
    if s.asked[i] <= pool:
        w.trust.lead_pool = pool - s.asked[i]
        return
    left = need - pool * s.reach[i]
    w.trust.lead_pool = 0.0
    if s.known[i] < SECURE:
        left = _lend(w, i, left)
    s.received[i] = need - left


@inlined
def _lend(w: World, i: int, left: float) -> float:
    """Let providers lend to a school, nearest first, and return the days still wanting."""
    free = w.state.free
    for place in range(w.school.size - 1):
        if w.trust.providers_free == 0:
            break
        j = w.nearest[i, place]
        days = free[j]
        if days > 0.0:
            share = efficiency(w, w.km[i, j])
            if days * share >= left:
                used = left / share
                free[j] = max(0.0, days - used)
                w.trust.lent += used
                return 0.0
            free[j] = 0.0
            w.trust.providers_free -= 1
            w.trust.lent += days
            left -= days * share
    return left


@inlined
def efficiency(w: World, km: float) -> float:
    """Return the share of a day that is left for support after travel both ways."""
    return float(max(w.p.least_efficiency, 1.0 - km * w.derived.loss_per_km))
