"""One trajectory's world: everything a mechanism may read or change, by name."""

from __future__ import annotations

from typing import Any, NamedTuple

from workbench.growth.kernel.compiled import compiled
from workbench.growth.kernel.layout import SECURE, URGENT
from workbench.growth.kernel.philox import philox

Record = Any  # one element of a structured array, whose fields numba reads by name
Array = Any
Words = Any


class World(NamedTuple):
    """What one trajectory works on.

    Attributes:
        replicate: Number of the trajectory.
        p: One draw of the parameters.
        policy: Levers and limits (`layout.POLICY`).
        derived: What follows from `p` for the whole trajectory (`layout.DERIVED`).
        school: What is given of each school, length n (`layout.SCHOOL`).
        below: P(true band < 1), P(< 2), P(< 3) of each school at the start, n x 3.
        km: Distances between schools, n x (n + 1); the last column is the trust's centre.
        nearest: For each school the others, nearest first, n x (n - 1).
        state: What changes of each school, length n (`layout.STATE`).
        order: Schools in order of claim to support, length n.
        trust: What changes of the trust (`layout.TRUST`).
        lead: Improvement-lead posts, in the order they were made (`layout.LEAD`).
        head_words: Random words for heads, four terms at a time, n x 4.
        keys: Key words of the random streams, 5 x 2.
    """

    replicate: int
    p: Record
    policy: Record
    derived: Record
    school: Array
    below: Array
    km: Array
    nearest: Array
    state: Array
    order: Array
    trust: Record
    lead: Array
    head_words: Array
    keys: Array


@compiled
def draw(w: World, stream: int, who: int, term: int) -> Words:
    """Return the four random words of one address."""
    return philox(who, term, w.replicate, 0, w.keys[stream, 0], w.keys[stream, 1])


@compiled
def in_dip(w: World, t: int, i: int) -> bool:
    """Say whether a school is still in its joining dip."""
    return bool(t - w.state[i].joined < w.p.dip_terms)


@compiled
def is_provider(w: World, t: int, i: int) -> bool:
    """Say whether a school may support others.

    It is in the trust and settled, known and judged secure or better (a school with no grade is
    judged by what the trust knows), and so in no category.
    """
    own = w.state[i]
    if not own.active or own.known < SECURE or t - own.joined < w.p.settle_terms:
        return False
    return bool(own.inspected >= SECURE or own.inspected < URGENT)


@compiled
def golden_margin(w: World, t: int) -> float:
    """Return providers beyond those the golden rule asks for; negative when it fails.

    Providers are settled, judged secure or better, and have days to offer; an unrated school is
    neutral. Recipients count by their last judgement, never by what only the model knows.
    """
    providers = 0
    weight = 0.0
    for i in range(w.school.size):
        own = w.state[i]
        if not own.active:
            continue
        if own.inspected == URGENT:
            weight += w.policy.weight_urgent
        elif own.inspected == URGENT + 1:
            weight += w.policy.weight_attention
        elif own.inspected >= SECURE and own.offered > 0.0 and is_provider(w, t, i):
            providers += 1
    return float(providers - w.policy.providers_per_weight * weight)
