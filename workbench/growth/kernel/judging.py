"""Which limits a trust is beyond at the end of a term, and for how long."""

from __future__ import annotations

from workbench.growth.kernel.compiled import inlined
from workbench.growth.kernel.layout import ROUNDING, SECURE
from workbench.growth.kernel.world import Array, World, golden_margin


@inlined
def judge(t: int, w: World, breach: Array) -> None:
    """Write the first term of a breach of each limit; -1 stays where there is none.

    Limits, in order: golden rule, overstretch, unmet need, existing schools, reserves.
    """
    trust, policy = w.trust, w.policy
    trust.golden_margin = golden_margin(w, t)
    trust.unmet_share = unmet_share(w)
    least = trust.start_secure - policy.existing_fall
    fallen = existing_secure_share(w) < least - ROUNDING  # a fall of just the limit is within it
    trust.golden_terms = trust.golden_terms + 1 if trust.golden_margin < 0.0 else 0
    trust.unmet_terms = trust.unmet_terms + 1 if trust.unmet_share > policy.unmet_need else 0
    trust.fall_terms = trust.fall_terms + 1 if fallen else 0
    _note(t, w, breach, 0, trust.golden_terms > policy.grace_terms)
    _note(t, w, breach, 1, trust.over_terms >= w.p.overstretch_terms)
    _note(t, w, breach, 2, trust.unmet_terms > policy.grace_terms)
    _note(t, w, breach, 3, trust.fall_terms > policy.grace_terms)
    _note(t, w, breach, 4, trust.reserves < policy.reserves_floor * trust.income)


@inlined
def _note(t: int, w: World, breach: Array, limit: int, beyond: bool) -> None:
    if beyond and w.policy.apply[limit] and breach[limit] < 0:
        breach[limit] = t


@inlined
def unmet_share(w: World) -> float:
    """Return the share of the days its schools truly need that the trust left unmet."""
    s, needed, met = w.state, 0.0, 0.0
    for i in range(w.trust.limit):
        due = s.true_need[i] if s.active[i] > 0.0 else 0.0
        needed += due
        met += min(s.received[i], due)
    return float(1.0 - met / needed)


@inlined
def existing_secure_share(w: World) -> float:
    """Return the share of the schools already there that are truly secure or strong."""
    s, secure = w.state, 0
    for i in range(w.trust.existing):
        secure += 1 if s.true[i] >= SECURE else 0
    return float(secure / w.trust.existing)
