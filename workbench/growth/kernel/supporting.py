"""sense, plan, support: what the trust sees, how far it reaches, and the days it gives."""

from __future__ import annotations

from workbench.growth.kernel.compiled import compiled
from workbench.growth.kernel.layout import ATTENTION, SECURE, STRONG, URGENT
from workbench.growth.kernel.world import World, in_dip, is_provider

WAITING_MOST = 999
RANKS_A_BAND = WAITING_MOST + 1
OUTSIDE = 8 * RANKS_A_BAND


@compiled
def sense(t: int, w: World) -> None:
    """See the true quality of some schools; what is not seen cannot be supported."""
    p = w.p
    strength = (1.0 - p.sense_assurance) * w.trust.intelligence + p.sense_assurance * p.assurance
    aimed = strength * (1.0 - p.sense_vision * (1.0 - w.trust.vision))
    settled = p.sense_floor + (p.sense_full - p.sense_floor) * aimed
    for i in range(w.school.size):
        own = w.state[i]
        if own.active:
            chance = settled * p.sense_joiner if in_dip(w, t, i) else settled
            if own.sight < chance:
                own.known = own.true


@compiled
def plan(w: World) -> None:
    """Work out each school's need in days, the span of leadership and its cover."""
    for i in range(w.school.size):
        own = w.state[i]
        if own.active:
            own.need = _need(w, own.known)
            own.true_need = _need(w, own.true)
    trust = w.trust
    trust.lead_fte = _effective_leads(w)
    released = min(1.0, trust.lead_fte / w.p.leads_to_release)
    trust.span = w.p.lead_span * trust.lead_fte + w.p.exec_span * (1.0 - released)
    trust.cover = min(1.0, trust.span / trust.schools)
    trust.over_terms = trust.over_terms + 1 if trust.schools > trust.span else 0
    overstretched = trust.over_terms >= w.p.overstretch_terms
    trust.stretch = 1.0 - trust.cover if overstretched else 0.0


@compiled
def _need(w: World, band: int) -> float:
    if band == URGENT:
        return float(w.p.need_urgent)
    if band == ATTENTION:
        return float(w.p.need_attention)
    if band == SECURE:
        return float(w.p.need_secure)
    return float(w.p.need_strong)


@compiled
def _effective_leads(w: World) -> float:
    """Add up leads in post, each counting in part until ramped up."""
    total = 0.0
    for s in range(w.trust.posts):
        if w.lead[s].in_post:
            ramp = min(1.0, (w.lead[s].terms + 1.0) / (w.p.ramp_terms + 1.0))
            total += w.lead[s].fte * ramp
    return total


@compiled
def support(t: int, w: World) -> None:
    """Give days: worst known first, then longest waiting; leads first, then nearest provider."""
    trust = w.trust
    trust.lead_pool = w.p.lead_days * trust.lead_fte
    for i in range(w.school.size):
        own = w.state[i]
        own.lent = 0.0
        own.received = 0.0
        own.offered = offer(w, i) if is_provider(w, t, i) else 0.0
    _queue(w)
    for place in range(w.trust.schools):
        _serve(w, w.order[place])
    for i in range(w.school.size):
        own = w.state[i]
        if own.active:
            own.waiting = 0 if own.received >= own.need else own.waiting + 1
            met = min(1.0, own.received / own.true_need)
            own.dose = met * trust.cover * w.p.process


@compiled
def offer(w: World, i: int) -> float:
    """Return the days a provider offers: its own figure, or the model's, times commitment."""
    days = w.school[i].days
    if days < 0.0:
        days = w.p.provider_days_secure
        if w.state[i].known == STRONG:
            days = w.p.provider_days_strong
    return float(days * w.trust.commitment * w.trust.sle_trained)


@compiled
def _queue(w: World) -> None:
    """Sort schools by claim to support; insertion sort, as the order changes little in a term."""
    for i in range(w.school.size):
        own = w.state[i]
        waiting = min(own.waiting, WAITING_MOST)
        own.rank = own.known * RANKS_A_BAND - waiting if own.active else OUTSIDE
    for place in range(1, w.school.size):
        i = w.order[place]
        rank = w.state[i].rank
        back = place - 1
        while back >= 0 and _goes_after(w, w.order[back], rank, i):
            w.order[back + 1] = w.order[back]
            back -= 1
        w.order[back + 1] = i


@compiled
def _goes_after(w: World, other: int, rank: int, i: int) -> bool:
    """Say whether `other` has a weaker claim than school `i` of this rank; ties by place."""
    theirs = w.state[other].rank
    return bool(theirs > rank or (theirs == rank and other > i))


@compiled
def _serve(w: World, i: int) -> None:
    own = w.state[i]
    left = own.need
    efficiency = _efficiency(w, w.km[i, w.school.size])
    given = min(left, w.trust.lead_pool * efficiency)
    w.trust.lead_pool = max(0.0, w.trust.lead_pool - given / efficiency)
    left -= given
    if own.known < SECURE:
        for place in range(w.school.size - 1):
            if left <= 0.0:
                break
            other = w.state[w.nearest[i, place]]
            free = other.offered - other.lent
            if free <= 0.0:
                continue
            efficiency = _efficiency(w, w.km[i, w.nearest[i, place]])
            used = min(free, left / efficiency)
            other.lent += used
            left -= used * efficiency
    own.received = own.need - max(0.0, left)


@compiled
def _efficiency(w: World, km: float) -> float:
    """Return the share of a day that is left for support after travel both ways."""
    return float(max(w.p.least_efficiency, 1.0 - km * w.derived.loss_per_km))
