"""A trajectory: join, sense, plan, support, improve, inspect, hire, account, term after term."""

from __future__ import annotations

from workbench.growth.kernel.compiled import compiled, inlined
from workbench.growth.kernel.improving import improve, inspect
from workbench.growth.kernel.joining import join
from workbench.growth.kernel.judging import existing_secure_share, judge
from workbench.growth.kernel.layout import (
    ATTENTION,
    NEVER,
    NOT_JOINED,
    SECURE,
    STRONG,
    UNRATED,
    URGENT,
)
from workbench.growth.kernel.staffing import account, hire, posts_wanted
from workbench.growth.kernel.supporting import efficiency, offer, plan, sense, support
from workbench.growth.kernel.world import Array, World, is_provider


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
        secured[i] = w.state[i].secured if w.state[i].active else NOT_JOINED


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
    trust.over_terms, trust.golden_terms, trust.unmet_terms, trust.fall_terms = 0, 0, 0, 0
    w.free[:] = 0.0
    for i in range(limit):
        _begin_school(w, i)
    trust.start_secure = existing_secure_share(w)
    begin_leads(w)
    for i in range(trust.existing):
        w.state[i].offered = offer(w, i) if is_provider(w, 0, i) else 0.0


@inlined
def _begin_school(w: World, i: int) -> None:
    given, own = w.school[i], w.state[i]
    truth = w.luck.start[0, i]
    own.true = STRONG
    if truth < w.below[i, 0]:
        own.true = URGENT
    elif truth < w.below[i, 1]:
        own.true = ATTENTION
    elif truth < w.below[i, 2]:
        own.true = SECURE
    own.frail = 1 if w.luck.start[1, i] < _frail_chance(w, own.true) else 0
    own.inspected = given.rated
    own.known = given.rated
    if given.rated == UNRATED:
        own.known = own.true if w.luck.start[2, i] < w.p.intelligence else SECURE
    own.active = given.existing
    own.declined, own.offer_open, own.intervened, own.deferred, own.waiting = 0, 0, 0, 0, 0
    own.joined, own.since = given.join_term, given.since
    own.head_age = given.head_terms
    own.head_effect = max(0, int(w.p.head_effect_terms) - own.head_age)
    own.secured = 0 if own.true >= SECURE else NEVER
    own.need, own.true_need, own.offered, own.lent = 0.0, 0.0, 0.0, 0.0
    own.received, own.dose = 0.0, 0.0
    own.reach = efficiency(w, w.km[i, w.school.size])
    own.toll = 1.0 / own.reach
    if given.existing:
        w.order[w.trust.schools] = i
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
    w.trust.posts = min(w.lead.size, max(posts, posts_wanted(0, w)))
    plan(w)
    w.trust.over_terms = 0


@inlined
def _frail_chance(w: World, band: int) -> float:
    """Return the chance that a school is frail, given its true band at the start.

    The declared share is of weak schools. Frail schools stay weak longer, by the ratio of their
    odds of rising, so that among sound schools the odds of being frail are lower by that ratio.
    """
    if band <= ATTENTION:
        return float(w.p.frail_share)
    odds = _odds(w.p.frail_share) * w.p.frail_odds
    return float(odds / (1.0 + odds))


@inlined
def _odds(probability: float) -> float:
    return probability / (1.0 - probability)


@inlined
def _record(w: World, out: Array) -> None:
    trust = w.trust
    secure = 0.0
    pupils = 0.0
    pupils_secure = 0.0
    for i in range(w.trust.limit):
        if w.state[i].active:
            pupils += w.school[i].pupils
            if w.state[i].true >= SECURE:
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
