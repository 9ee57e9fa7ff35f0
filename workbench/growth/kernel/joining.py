"""join: schools arrive by plan or by offer, past a gate, and commitment dilutes."""

from __future__ import annotations

from workbench.growth.kernel.compiled import inlined
from workbench.growth.kernel.layout import ATTENTION, SECURE, STRONG, URGENT
from workbench.growth.kernel.world import World, golden_margin


@inlined
def join(t: int, w: World) -> None:
    """Let in the schools that arrive this term, and mix their commitment with the trust's."""
    s, before = w.state, w.trust.schools
    brought = 0.0
    arrived = 0
    for i in range(w.trust.existing, w.trust.limit):
        if not _stands_at_gate(t, w, i):
            continue
        if _gate_is_open(t, w, i):
            _let_in(t, w, i)
            brought += _commitment_of(w, i)
            arrived += 1
        elif s.deferred[i] >= w.policy.defer_terms:
            s.declined[i] = 1.0
        else:
            s.deferred[i] += 1.0
    if arrived > 0:
        w.trust.commitment = (before * w.trust.commitment + brought) / (before + arrived)


@inlined
def _stands_at_gate(t: int, w: World, i: int) -> bool:
    s = w.state
    if s.active[i] > 0.0 or s.declined[i] > 0.0 or t < w.school[i].join_term:
        return False
    if w.policy.offered and s.offer_open[i] == 0.0:
        if w.luck.offer[t, 0, i] >= w.policy.offer_chance:
            return False
        s.offer_open[i] = 1.0
        stronger = w.luck.offer[t, 1, i] < w.p.vision_attracts * w.trust.vision
        if stronger and s.true[i] < STRONG:
            s.true[i] += 1.0
            s.known[i] = max(s.known[i], s.true[i])
            if s.true[i] >= SECURE:
                s.secured[i] = 0.0
    return True


@inlined
def _gate_is_open(t: int, w: World, i: int) -> bool:
    gate = w.policy.gate
    if gate == 1 or gate == 4:  # noqa: PLR1714 - numba compiles the plain comparison faster
        weight = 0.0
        if w.state.inspected[i] == URGENT:
            weight = w.policy.weight_urgent
        elif w.state.inspected[i] == ATTENTION:
            weight = w.policy.weight_attention
        if golden_margin(w, t) < w.policy.providers_per_weight * weight:
            return False
    if (gate == 2 or gate == 4) and w.trust.schools + 1 > w.trust.span:  # noqa: PLR1714
        return False
    floor = w.policy.reserves_floor * w.trust.income
    return not ((gate == 3 or gate == 4) and w.trust.reserves < floor)  # noqa: PLR1714


@inlined
def _let_in(t: int, w: World, i: int) -> None:
    s = w.state
    s.active[i] = 1.0
    s.joined[i] = t
    if s.inspected[i] < URGENT:
        s.since[i] = 0.0
    income = w.school[i].pupils * w.derived.income[w.school[i].phase]
    cost = w.p.joining_cost
    if s.known[i] <= ATTENTION:
        cost += w.p.joining_cost_weak
    w.trust.reserves += w.p.joiner_reserves_share * income + w.p.joining_grant - cost
    w.trust.income += income
    w.trust.schools += 1


@inlined
def _commitment_of(w: World, i: int) -> float:
    hours = w.km[i, w.school.size] * w.p.road_factor / w.p.road_speed
    kept = 1.0 - w.p.distance_dilution * hours
    return float(w.p.joiner_commitment * max(0.0, kept))
