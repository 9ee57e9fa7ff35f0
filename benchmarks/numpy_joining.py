"""join, in the NumPy version of the growth model: a joiner at a time, all trajectories at once."""

from __future__ import annotations

import numpy as np

from benchmarks.numpy_state import (
    ATTENTION,
    SECURE,
    STRONG,
    URGENT,
    Array,
    Batch,
    flat_places,
    rows_within,
)


def join(b: Batch, t: int) -> None:
    """Let in the schools that arrive this term, and mix their commitment with the trust's."""
    due = [i for i in b.open_rows if b.given.join_term[i] <= t]
    if not due:
        return
    before, brought, arrived = b.schools.copy(), np.zeros(b.lanes), np.zeros(b.lanes)
    offers = b.luck.offer(t) if b.given.policy.offered else None
    for i in due:
        waiting = ~(b.active[i] | b.declined[i])
        if offers is not None:
            waiting &= _with_an_offer(b, i, waiting, offers[:, i])
        enters = waiting & _gate_is_open(b, t, i)
        _let_in(b, t, i, enters)
        hours = b.given.km[i, -1] * b.p.road_factor / b.p.road_speed
        kept = np.maximum(0.0, 1.0 - b.p.distance_dilution * hours)
        brought += np.where(enters, b.p.joiner_commitment * kept, 0.0)
        arrived += enters
        turned_away = waiting & ~enters
        b.declined[i] |= turned_away & (b.deferred[i] >= b.given.policy.defer_terms)
        b.deferred[i] += turned_away & ~b.declined[i]
    mixed = (before * b.commitment + brought) / (before + arrived)
    b.commitment = np.where(arrived > 0.0, mixed, b.commitment)
    b.open_rows = [i for i in b.open_rows if not (b.active[i] | b.declined[i]).all()]
    joined = np.flatnonzero(b.active.any(axis=1))
    b.top = int(joined[-1]) + 1
    b.full = bool(b.active[: b.top].all())


def _with_an_offer(b: Batch, i: int, waiting: Array, luck: Array) -> Array:
    made = waiting & ~b.offer_open[i] & (luck[0] < b.given.policy.offer_chance)
    b.offer_open[i] |= made
    better = made & (luck[1] < b.p.vision_attracts * b.vision) & (b.true[i] < STRONG)
    lane = np.flatnonzero(better)
    at = i * b.lanes + lane
    b.turn(at, b.true[i, lane] + np.int8(1))
    b.learn(at, np.maximum(b.known[i, lane], b.true[i, lane]))
    b.secured[i] = np.where(better & (b.true[i] >= SECURE), 0, b.secured[i])
    return np.asarray(b.offer_open[i])


def _gate_is_open(b: Batch, t: int, i: int) -> Array:
    gate, policy = b.given.policy.gate, b.given.policy
    is_open = np.ones(b.lanes, np.bool_)
    if gate in (1, 4):
        weight = np.where(b.inspected[i] == URGENT, policy.weight_urgent, 0.0)
        weight = np.where(b.inspected[i] == ATTENTION, policy.weight_attention, weight)
        is_open &= golden_margin(b, t, b.given.count) >= policy.providers_per_weight * weight
    if gate in (2, 4):
        is_open &= b.schools + 1 <= b.span
    if gate in (3, 4):
        is_open &= b.reserves >= policy.reserves_floor * b.income
    return is_open


def golden_margin(b: Batch, t: int, top: int) -> Array:
    """Return providers beyond those the golden rule asks for; negative when it fails.

    Only the first `top` schools are looked at. A school not in the trust is never settled.
    """
    policy, inspected = b.given.policy, b.inspected[:top]
    provides = inspected >= SECURE
    provides &= b.given.has_days[:top]
    for i in rows_within(b, t, b.p.settle_terms, top):
        provides[i] &= t - b.joined[i] >= b.p.settle_terms
    urgent, attention = inspected == URGENT, inspected == ATTENTION
    if not (b.full and top <= b.top):
        urgent &= b.active[:top]
        attention &= b.active[:top]
    weight = b.counted(urgent) * policy.weight_urgent
    weight = weight + b.counted(attention) * policy.weight_attention
    return np.asarray(b.counted(provides) - policy.providers_per_weight * weight)


def _let_in(b: Batch, t: int, i: int, enters: Array) -> None:
    p = b.p
    b.active[i] |= enters
    b.joined[i] = np.where(enters, np.int16(t), b.joined[i])
    b.latest_joined[i] = int(b.joined[i].max())
    lane = flat_places(enters)
    rated = b.inspected[i, lane]
    last = np.where(rated < URGENT, t - 1, t - b.given.school["since"][i])
    b.await_inspectors(i * b.lanes + lane, rated, last)
    income = np.where(enters, b.school_income[i], 0.0)
    weak = b.known[i] <= ATTENTION
    cost = np.where(weak, p.joining_cost + p.joining_cost_weak, p.joining_cost)
    gained = p.joiner_reserves_share * income + p.joining_grant - cost
    b.reserves += np.where(enters, gained, 0.0)
    b.income = b.income + income
    b.schools += enters
