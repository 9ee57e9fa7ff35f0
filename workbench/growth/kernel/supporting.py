"""sense, plan, support: what the trust sees, how far it reaches, and the days it gives."""

from __future__ import annotations

import numpy as np

from workbench.growth.kernel.compiled import inlined
from workbench.growth.kernel.layout import SECURE, STRONG, URGENT
from workbench.growth.kernel.world import World, by_band

WAITING_MOST = 999.0
RANKS_A_BAND = WAITING_MOST + 1.0
PLACES = 1 << 16  # more than there can be schools: a claim ends in the school's number
BEFORE_ALL, NOBODY = -(1 << 62), 1 << 62  # no claim is as strong, or as weak


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
        true, known = s.true[i], s.known[i]  # read both: a read on condition is a branch
        seen = (s.active[i] > 0.0) & (luck[i] < chance)
        s.known[i] = true if seen else known


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
    if _asked(w) <= trust.lead_pool:
        _meet_all(w)
    else:
        _serve_in_turn(w)


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
        s.received[i] = 0.0
        s.asked[i] = need * s.toll[i] if here else 0.0
        claim = (known * RANKS_A_BAND - min(s.waiting[i], WAITING_MOST)) * PLACES + i
        s.claim[i] = int(claim) if here else NOBODY
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
def _meet_all(w: World) -> None:
    """Give every school the days it needs."""
    s = w.state
    for i in range(w.trust.lanes):
        s.received[i] = s.need[i] if s.active[i] > 0.0 else 0.0


@inlined
def _serve_in_turn(w: World) -> None:
    """Give schools leads' days while there are any, then, to the weak, those of providers.

    Who comes next is looked for when its turn comes, not sorted beforehand: as the weak come first,
    and once the leads' days are gone nobody else is given anything, few ever have their turn.
    """
    s, pool = w.state, w.trust.lead_pool
    claim = _next_claim(w, BEFORE_ALL)
    while claim != NOBODY:
        i = claim & (PLACES - 1)
        if s.asked[i] <= pool:
            pool -= s.asked[i]
            s.received[i] = s.need[i]
        else:
            weak = s.known[i] < SECURE
            if pool == 0.0 and not (weak and w.trust.providers_free > 0):
                break  # none of those still waiting can be given anything
            left = s.need[i] - pool * s.reach[i]
            pool = 0.0
            if weak and left > 0.0:
                left = _lend(w, i, left)
            s.received[i] = s.need[i] - left
        claim = _next_claim(w, claim)


@inlined
def _next_claim(w: World, served: int) -> int:
    """Return the strongest claim after those served; `NOBODY` after the last."""
    claim, strongest = w.state.claim, NOBODY
    for i in range(w.trust.lanes):
        own = claim[i]
        strongest = min(strongest, own if own > served else NOBODY)
    return strongest


@inlined
def _lend(w: World, i: int, left: float) -> float:
    """Let providers lend to a school, nearest first, and return the days still wanting.

    Schools without free days are not passed over: what they take from `left`, which is more than
    nought, is nothing, and to ask who they are would be a branch that goes either way.
    """
    trust, free, least, loss = w.trust, w.state.free, w.p.least_efficiency, w.derived.loss_per_km
    offering, lent = trust.providers_free, trust.lent
    for place in range(w.school.size - 1):
        if offering == 0:
            break
        j = np.uint16(w.nearest[i, place])
        days, share = free[j], efficiency(w.km[i, j], loss, least)
        if days * share >= left:
            used = left / share
            free[j] = max(0.0, days - used)
            lent += used
            left = 0.0
            break
        free[j] = 0.0
        offering -= days > 0.0
        lent += days
        left -= days * share
    trust.providers_free, trust.lent = offering, lent
    return left


@inlined
def efficiency(km: float, loss_per_km: float, least: float) -> float:
    """Return the share of a day that is left for support after travel both ways."""
    return float(max(least, 1.0 - km * loss_per_km))
