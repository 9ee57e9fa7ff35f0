"""sense, plan, support: what the trust sees, how far it reaches, and the days it gives."""

from __future__ import annotations

from workbench.growth.kernel.compiled import inlined
from workbench.growth.kernel.layout import SECURE, STRONG
from workbench.growth.kernel.world import World, in_dip, is_provider

WAITING_MOST = 999
RANKS_A_BAND = WAITING_MOST + 1
PLACES = 65536  # a power of two: the last sixteen bits of a claim are the school


@inlined
def sight(w: World) -> float:
    """Return the chance that the trust sees a settled school's true quality this term."""
    p = w.p
    strength = (1.0 - p.sense_assurance) * w.trust.intelligence + p.sense_assurance * p.assurance
    aimed = strength * (1.0 - p.sense_vision * (1.0 - w.trust.vision))
    return float(p.sense_floor + (p.sense_full - p.sense_floor) * aimed)


@inlined
def sense(t: int, w: World) -> None:
    """See the true quality of some schools; what is not seen cannot be supported."""
    settled = sight(w)
    newly_joined = settled * w.p.sense_joiner
    for i in range(w.trust.limit):
        own = w.state[i]
        if own.active and own.known != own.true:
            chance = newly_joined if in_dip(w, t, i) else settled
            if w.luck.school[t, 1, i] < chance:
                own.known = own.true


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
    for s in range(w.trust.posts):
        if w.lead[s].in_post:
            ramp = min(1.0, (w.lead[s].terms + 1.0) / (w.p.ramp_terms + 1.0))
            total += w.lead[s].fte * ramp
    return total


@inlined
def support(t: int, w: World) -> None:
    """Give days: worst known first, then longest waiting; leads first, then nearest provider.

    The executive, while it still leads improvement itself, gives days in proportion to its span.
    """
    trust = w.trust
    trust.lead_pool = w.p.lead_days * (trust.span / w.p.lead_span)
    trust.providers_free = 0
    for i in range(trust.limit):
        own = w.state[i]
        if own.active:
            own.need = w.derived.need[own.known]
            own.received = 0.0
            offered = offer(w, i)
            own.offered = offered if is_provider(w, t, i) else 0.0
            w.free[i] = own.offered
            trust.providers_free += own.offered > 0.0
    _queue(w)
    for place in range(trust.schools):
        _serve(w, w.order[place] & (PLACES - 1))


@inlined
def offer(w: World, i: int) -> float:
    """Return the days a provider offers: its own figure, or the model's, times commitment."""
    days, secure, strong = w.school[i].days, w.p.provider_days_secure, w.p.provider_days_strong
    if days < 0.0:
        days = strong if w.state[i].known == STRONG else secure
    return float(days * w.trust.commitment * w.trust.sle_trained)


@inlined
def _queue(w: World) -> None:
    """Sort schools by claim to support; insertion sort, as the order changes little in a term."""
    for place in range(w.trust.schools):
        i = w.order[place] & (PLACES - 1)
        own = w.state[i]
        claim = (own.known * RANKS_A_BAND - min(own.waiting, WAITING_MOST)) * PLACES + i
        back = place - 1
        while back >= 0 and w.order[back] > claim:
            w.order[back + 1] = w.order[back]
            back -= 1
        w.order[back + 1] = claim


@inlined
def _serve(w: World, i: int) -> None:
    own = w.state[i]
    left = own.need
    if w.trust.lead_pool > 0.0:
        given = min(left, w.trust.lead_pool * own.reach)
        w.trust.lead_pool = max(0.0, w.trust.lead_pool - given * own.toll)
        left -= given
    if own.known < SECURE and left > 0.0:
        left = _lend(w, i, left)
    own.received = own.need - max(0.0, left)


@inlined
def _lend(w: World, i: int, left: float) -> float:
    """Let providers lend to a school, nearest first, and return the days still wanting."""
    for place in range(w.school.size - 1):
        if left <= 0.0 or w.trust.providers_free == 0:
            break
        j = w.nearest[i, place]
        free = w.free[j]
        if free > 0.0:
            share = efficiency(w, w.km[i, j])
            used = min(free, left / share)
            w.free[j] = free - used
            w.trust.providers_free -= used == free
            left -= used * share
    return left


@inlined
def efficiency(w: World, km: float) -> float:
    """Return the share of a day that is left for support after travel both ways."""
    return float(max(w.p.least_efficiency, 1.0 - km * w.derived.loss_per_km))
