"""One trajectory's world: everything a mechanism may read or change, by name."""

from __future__ import annotations

from typing import Any, NamedTuple

from workbench.growth.kernel.compiled import inlined
from workbench.growth.kernel.layout import ATTENTION, SECURE, URGENT

Record = Any  # one element of a structured array, whose fields numba reads by name
Array = Any


class World(NamedTuple):
    """What one trajectory works on.

    Loops over all schools are written without branches and read parameters beforehand, so that the
    compiler works on eight schools at once; what happens seldom, or in turn, is written as usual.

    Attributes:
        p: One draw of the parameters.
        policy: Levers and limits (`layout.POLICY`).
        derived: What follows from `p` for the whole trajectory (`layout.DERIVED`).
        school: What is given of each school, length n (`layout.SCHOOL`).
        below: P(true band < 1), P(< 2), P(< 3) of each school at the start, n x 3.
        km: Distances between schools, n x (n + 1); the last column is the trust's centre.
        nearest: For each school the others, nearest first, n x (n - 1).
        state: What changes of each school (`layout.STATE`).
        trust: What changes of the trust (`layout.TRUST`).
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
    state: Record
    trust: Record
    lead: Array
    luck: Any


@inlined
def by_band(band: float, urgent: float, attention: float, secure: float, strong: float) -> float:
    """Return what belongs to a band, without a branch."""
    weak = urgent if band == URGENT else attention
    sound = secure if band == SECURE else strong
    return weak if band <= ATTENTION else sound


@inlined
def golden_margin(w: World, t: int) -> float:
    """Return providers beyond those the golden rule asks for; negative when it fails.

    Providers are settled, judged secure or better, and have not declared that they have no day to
    offer; an unrated school is neutral. Providers and recipients alike count by their last
    judgement, never by what only the trust or the model knows: a trust that looks away gains
    nothing by it.
    """
    s, settle = w.state, w.p.settle_terms
    providers, urgent, attention = 0, 0, 0
    for i in range(w.trust.lanes):
        here, judged = s.active[i] > 0.0, s.inspected[i]
        able = (judged >= SECURE) & (t - s.joined[i] >= settle) & (s.days[i] != 0.0)
        providers += 1 if here & able else 0
        urgent += 1 if here & (judged == URGENT) else 0
        attention += 1 if here & (judged == ATTENTION) else 0
    weight = urgent * w.policy.weight_urgent + attention * w.policy.weight_attention
    return float(providers - w.policy.providers_per_weight * weight)
