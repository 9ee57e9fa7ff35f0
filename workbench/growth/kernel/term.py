"""A trajectory: join, sense, plan, support, improve, inspect, hire, account, term after term."""

from __future__ import annotations

import math

from workbench.growth.kernel.compiled import compiled, inlined
from workbench.growth.kernel.improving import improve, inspect
from workbench.growth.kernel.joining import join
from workbench.growth.kernel.judging import existing_secure_share, judge
from workbench.growth.kernel.layout import LANES, NEVER, NOT_JOINED, SECURE, UNRATED
from workbench.growth.kernel.staffing import account, hire, leads_wanted
from workbench.growth.kernel.supporting import efficiency, plan, sense, support
from workbench.growth.kernel.world import Array, World


@compiled
def trajectory(  # noqa: PLR0917 - compiled code takes arrays one by one
    w: World, terms: int, breach: Array, secured: Array, series: Array, moves: Array
) -> None:
    """Run one trajectory and write what came of it.

    Args:
        w: The trajectory's world; its state is overwritten.
        terms: Number of terms.
        breach: Out, length 5: first term each limit was breached, or -1.
        secured: Out, length n or 0: terms from joining to first truly secure.
        series: Out, terms x 13 or 0 x 13: what `layout.SERIES` names, at each term's end.
        moves: Out, 4 x 3 or 0 x 3: school terms in each true band, and how many rose and fell.
    """
    begin(w, w.school.size)
    breach[:] = NEVER
    moves[:] = 0
    for t in range(terms):
        one_term(t, w, breach, moves)
        if series.shape[0] > 0:
            _record(w, series[t])
    for i in range(secured.size):
        secured[i] = w.state.secured[i] if w.state.active[i] > 0.0 else NOT_JOINED


@inlined
def one_term(t: int, w: World, breach: Array, moves: Array) -> None:
    """Live through one term, and judge it."""
    join(t, w)
    sense(t, w)
    plan(w)
    support(t, w)
    improve(t, w, moves)
    inspect(t, w)
    hire(t, w)
    account(w)
    judge(t, w, breach)


@compiled
def begin(w: World, limit: int) -> None:
    """Set everything to the start: draw the truth, staff the trust.

    Args:
        w: The trajectory's world.
        limit: Schools considered: the existing ones and the first joiners.
    """
    trust, p = w.trust, w.p
    trust.vision, trust.commitment, trust.intelligence = p.vision, p.commitment, p.intelligence
    trust.sle_trained, trust.pipeline, trust.reserves = p.sle_trained, p.pipeline, p.reserves
    trust.limit, trust.schools, trust.existing, trust.income = limit, 0, 0, 0.0
    trust.lanes = (limit + LANES - 1) // LANES * LANES
    trust.over_terms, trust.golden_terms, trust.unmet_terms, trust.fall_terms = 0, 0, 0, 0
    for i in range(limit):
        _begin_school(w, i)
    leave_out(w, limit)
    trust.start_secure = existing_secure_share(w)
    begin_leads(w)


@inlined
def leave_out(w: World, limit: int) -> None:
    """Keep schools from `limit` on out of the trust, whatever an earlier trajectory left there."""
    for i in range(limit, max(w.school.size, w.trust.lanes)):
        w.state.active[i] = 0.0
        w.state.free[i] = 0.0


@inlined
def _begin_school(w: World, i: int) -> None:
    given, s = w.school[i], w.state
    truth = w.luck.start[0, i]
    band = 0
    band += truth >= w.below[i, 0]
    band += truth >= w.below[i, 1]
    band += truth >= w.below[i, 2]
    s.true[i] = band
    s.frail[i] = 1.0 if w.luck.start[1, i] < w.derived.frail_share[band] else 0.0
    s.inspected[i], s.known[i] = given.rated, given.rated
    if given.rated == UNRATED:
        s.known[i] = band if w.luck.start[2, i] < w.p.intelligence else SECURE
    s.joined[i], s.head_age[i] = given.join_term, given.head_terms
    # Counted on before inspectors choose; an unrated school's first term in the trust counts.
    s.since[i] = given.since if given.rated == UNRATED else given.since - 1.0
    s.head_effect[i] = max(0.0, float(int(w.p.head_effect_terms)) - given.head_terms)
    s.secured[i] = 0.0 if band >= SECURE else float(NEVER)
    s.active[i], s.days[i] = given.existing, given.days
    s.declined[i], s.offer_open[i], s.deferred[i] = 0.0, 0.0, 0.0
    s.intervened[i], s.waiting[i], s.offered[i], s.free[i] = 0.0, 0.0, 0.0, 0.0
    s.received[i] = 0.0
    s.reach[i] = efficiency(w.km[i, w.school.size], w.derived.loss_per_km, w.p.least_efficiency)
    s.toll[i] = 1.0 / s.reach[i]
    if given.existing:
        w.trust.schools += 1
        w.trust.existing += 1
        w.trust.income += given.pupils * w.derived.income[given.phase]


@inlined
def begin_leads(w: World) -> None:
    """Fill posts with the leads in post, the last perhaps part-time, then leave vacancies open."""
    left = w.p.leads
    posts = 0
    for s in range(w.lead.size):
        post = w.lead[s]
        post.in_post, post.fte, post.terms = 0, 1.0, 0
        if left > 0.0:
            post.in_post, post.fte, post.terms = 1, min(1.0, left), 99
            left -= post.fte
            posts += 1
    posts += int(w.p.lead_vacancies)
    w.trust.posts = min(w.lead.size, max(posts, math.ceil(leads_wanted(0, w))))
    plan(w)
    w.trust.over_terms = 0


@inlined
def _record(w: World, out: Array) -> None:
    trust = w.trust
    secure = 0.0
    pupils = 0.0
    pupils_secure = 0.0
    for i in range(w.trust.limit):
        if w.state.active[i] > 0.0:
            pupils += w.school[i].pupils
            if w.state.true[i] >= SECURE:
                secure += 1.0
                pupils_secure += w.school[i].pupils
    in_post = 0.0
    vacant = 0.0
    for s in range(trust.posts):
        if w.lead[s].in_post:
            in_post += w.lead[s].fte
        else:
            vacant += 1.0
    out[0] = trust.schools
    out[1] = secure / trust.schools
    out[2] = existing_secure_share(w)
    out[3] = pupils_secure / pupils
    out[4] = trust.schools / trust.span
    out[5] = trust.golden_margin
    out[6] = trust.unmet_share
    out[7] = trust.commitment
    out[8] = trust.vision
    out[9] = trust.intelligence
    out[10] = in_post
    out[11] = vacant
    out[12] = trust.reserves / trust.income
