"""One trajectory's world: everything a mechanism may read or change, by name."""

from __future__ import annotations

from typing import Any, NamedTuple

from workbench.growth.kernel.compiled import inlined
from workbench.growth.kernel.layout import ATTENTION, SECURE, URGENT

Record = Any  # one element of a structured array, whose fields numba reads by name
Array = Any


class World(NamedTuple):
    """What one trajectory works on.

    Attributes:
        p: One draw of the parameters.
        policy: Levers and limits (`layout.POLICY`).
        derived: What follows from `p` for the whole trajectory (`layout.DERIVED`).
        school: What is given of each school, length n (`layout.SCHOOL`).
        below: P(true band < 1), P(< 2), P(< 3) of each school at the start, n x 3.
        km: Distances between schools, n x (n + 1); the last column is the trust's centre.
        nearest: For each school the others, nearest first, n x (n - 1).
        state: What changes of each school, length n (`layout.STATE`).
        order: Claims to support, the strongest first: the first `trust.schools` of n; the last
            bits of a claim are the school's number.
        free: Days each school has left to lend this term, length n.
        trust: What changes of the trust (`layout.TRUST`), length 1.
        lead: Improvement-lead posts, in the order they were made (`layout.LEAD`).
        luck: The trajectory's uniform draws (`luck.Luck`).
    """

    p: Record
    policy: Record
    derived: Record
    school: Array
    below: Array
    km: Array
    nearest: Array
    state: Array
    order: Array
    free: Array
    trust: Record
    lead: Array
    luck: Any


@inlined
def in_dip(w: World, t: int, i: int) -> bool:
    """Say whether a school is still in its joining dip."""
    return bool(t - w.state[i].joined < w.p.dip_terms)


@inlined
def is_provider(w: World, t: int, i: int) -> bool:
    """Say whether a school of the trust may support others.

    It is settled, known and judged secure or better (a school with no grade is judged by what the
    trust knows), and so in no category.
    """
    own = w.state[i]
    settled = t - own.joined >= w.p.settle_terms
    judged_well = (own.inspected >= SECURE) | (own.inspected < URGENT)
    return bool((own.known >= SECURE) & settled & judged_well)


@inlined
def golden_margin(w: World, t: int) -> float:
    """Return providers beyond those the golden rule asks for; negative when it fails.

    Providers are settled, judged secure or better, and have not declared that they have no day to
    offer; an unrated school is neutral. Providers and recipients alike count by their last
    judgement, never by what only the trust or the model knows: a trust that looks away gains
    nothing by it.
    """
    providers = 0
    weight = 0.0
    urgent, attention = w.policy.weight_urgent, w.policy.weight_attention
    for i in range(w.trust.limit):
        own = w.state[i]
        if own.active:
            lighter = attention if own.inspected == ATTENTION else 0.0
            weight += urgent if own.inspected == URGENT else lighter
            settled = t - own.joined >= w.p.settle_terms
            providers += (own.inspected >= SECURE) & settled & (w.school[i].days != 0.0)
    return float(providers - w.policy.providers_per_weight * weight)
