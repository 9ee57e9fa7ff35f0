"""join: schools arrive by plan or by offer, past a gate, and commitment dilutes."""

from __future__ import annotations

from workbench.growth.kernel.compiled import inlined
from workbench.growth.kernel.layout import ATTENTION, SECURE, STRONG, URGENT
from workbench.growth.kernel.world import World, golden_margin


@inlined
def join(t: int, w: World) -> None:
    """Let in the schools that arrive this term, and mix their commitment with the trust's."""
    before = w.trust.schools
    brought = 0.0
    arrived = 0
    for i in range(w.trust.existing, w.trust.limit):
        if not _stands_at_gate(t, w, i):
            continue
        if _gate_is_open(t, w, i):
            _let_in(t, w, i)
            brought += _commitment_of(w, i)
            arrived += 1
        elif w.state[i].deferred >= w.policy.defer_terms:
            w.state[i].declined = 1
        else:
            w.state[i].deferred += 1
    if arrived > 0:
        w.trust.commitment = (before * w.trust.commitment + brought) / (before + arrived)


@inlined
def _stands_at_gate(t: int, w: World, i: int) -> bool:
    own = w.state[i]
    if own.active or own.declined or t < w.school[i].join_term:
        return False
    if w.policy.offered and not own.offer_open:
        if w.luck.offer[t, 0, i] >= w.policy.offer_chance:
            return False
        own.offer_open = 1
        if w.luck.offer[t, 1, i] < w.p.vision_attracts * w.trust.vision and own.true < STRONG:
            own.true += 1
            own.known = max(own.known, own.true)
            if own.true >= SECURE:
                own.secured = 0
    return True


@inlined
def _gate_is_open(t: int, w: World, i: int) -> bool:
    gate = w.policy.gate
    if gate == 1 or gate == 4:  # noqa: PLR1714 - numba compiles the plain comparison faster
        weight = 0.0
        if w.state[i].inspected == URGENT:
            weight = w.policy.weight_urgent
        elif w.state[i].inspected == ATTENTION:
            weight = w.policy.weight_attention
        if golden_margin(w, t) < w.policy.providers_per_weight * weight:
            return False
    if (gate == 2 or gate == 4) and w.trust.schools + 1 > w.trust.span:  # noqa: PLR1714
        return False
    floor = w.policy.reserves_floor * w.trust.income
    return not ((gate == 3 or gate == 4) and w.trust.reserves < floor)  # noqa: PLR1714


@inlined
def _let_in(t: int, w: World, i: int) -> None:
    own = w.state[i]
    own.active = 1
    own.joined = t
    if own.inspected < URGENT:
        own.since = 0
    income = w.school[i].pupils * w.derived.income[w.school[i].phase]
    cost = w.p.joining_cost
    if own.known <= ATTENTION:
        cost += w.p.joining_cost_weak
    w.trust.reserves += w.p.joiner_reserves_share * income + w.p.joining_grant - cost
    w.trust.income += income
    w.order[w.trust.schools] = i
    w.trust.schools += 1


@inlined
def _commitment_of(w: World, i: int) -> float:
    hours = w.km[i, w.school.size] * w.p.road_factor / w.p.road_speed
    kept = 1.0 - w.p.distance_dilution * hours
    return float(w.p.joiner_commitment * max(0.0, kept))
