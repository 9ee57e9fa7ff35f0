"""hire, account: people leave, arrive and learn; vision and commitment renew; money moves."""

from __future__ import annotations

import math

from workbench.growth.kernel.compiled import inlined
from workbench.growth.kernel.world import World
from workbench.terms import TERMS_A_YEAR


@inlined
def hire(t: int, w: World) -> None:
    """Renew vision and commitment, let heads and leads leave, and fill posts."""
    _renew(t, w)
    _turn_over_heads(t, w)
    wanted = leads_wanted(t, w)
    w.trust.posts = max(w.trust.posts, min(math.ceil(wanted), w.lead.size))
    for post in range(w.trust.posts):
        asked = min(1.0, max(0.0, wanted - post))
        _turn_over_lead(w, post, asked, w.luck.lead[t, 0, post], w.luck.lead[t, 1, post])


@inlined
def _renew(t: int, w: World) -> None:
    trust, p = w.trust, w.p
    trust.vision -= p.vision_decay * trust.vision
    every = w.policy.vision_revisit_terms
    if every > 0 and (t + 1) % every == 0:
        trust.vision += p.vision_revisit_gain * (1.0 - trust.vision)
    gap = p.commitment_ceiling - trust.commitment
    if gap > 0.0:
        trust.commitment += p.commitment_recovery * trust.vision * gap
    invested = p.intelligence_gain * w.policy.intelligence_investment
    trust.intelligence += invested * (1.0 - trust.intelligence)
    trust.sle_trained += (
        p.sle_training * (1.0 - trust.sle_trained) - p.sle_attrition * trust.sle_trained
    )
    trust.pipeline += (
        p.pipeline_training * (1.0 - trust.pipeline) - p.pipeline_attrition * trust.pipeline
    )


@inlined
def _turn_over_heads(t: int, w: World) -> None:
    p, s, luck = w.p, w.state, w.luck.head[t]
    new, settled, changed = p.head_leaves_new, p.head_leaves, p.intervention_head_change
    effect = float(int(p.head_effect_terms))
    for i in range(w.trust.lanes):
        here, age = s.active[i] > 0.0, s.head_age[i]
        chance = new if age < TERMS_A_YEAR else settled
        chance = max(chance, changed) if s.intervened[i] > 0.0 else chance
        leaves = luck[i] < chance
        older = 0.0 if leaves else age + 1.0
        felt = effect if leaves else max(0.0, s.head_effect[i] - 1.0)
        s.head_age[i] = older if here else age
        s.head_effect[i] = felt if here else s.head_effect[i]


@inlined
def leads_wanted(t: int, w: World) -> float:
    """Return the leads (FTE) the policy asks for, looking ahead to schools still to come.

    They are asked for in parts of a post, so that one school more opens no whole one. A school that
    only chance may offer is not expected until it is offered.
    """
    s, schools, soon = w.state, w.trust.schools, t + w.policy.hire_ahead_terms
    by_chance = w.policy.offered > 0
    for i in range(w.trust.existing, w.trust.limit):
        expected = (s.offer_open[i] > 0.0) | (not by_chance)
        out = (s.active[i] == 0.0) & (s.declined[i] == 0.0)
        schools += 1 if out & expected & (s.joined[i] <= soon) else 0
    if schools <= w.policy.executive_alone:
        return 0.0
    parts = math.ceil(schools / w.policy.schools_per_lead / w.p.post_part)
    return float(parts * w.p.post_part)


@inlined
def _turn_over_lead(w: World, number: int, asked: float, leaving: float, arriving: float) -> None:
    """Let a lead leave, or fill the post: as much of it as is asked for, or all that was there.

    Args:
        w: The trajectory's world.
        number: The post.
        asked: How much of this post (FTE) the policy asks for; the last may be part-time.
        leaving: Uniform draw for leaving.
        arriving: Uniform draw for an appointment.
    """
    post, p = w.lead[number], w.p
    lean = w.trust.vision - p.vision_middling
    chance = p.lead_appoint * (1.0 + p.vision_recruits * lean)
    chance *= 1.0 + p.pipeline_recruits * w.trust.pipeline
    appointed = arriving < min(p.surest_appointment, chance)
    if post.in_post:
        if leaving < p.lead_leaves * (1.0 - p.vision_retains * lean):
            post.in_post = 0
        else:
            post.terms += 1
            if appointed:
                post.fte = max(post.fte, asked)
    elif appointed:
        post.in_post = 1
        post.terms = 0
        post.fte = asked if asked > 0.0 else post.fte


@inlined
def account(w: World) -> None:
    """Take the top-slice, pay for improvement, and carry the schools' own balance."""
    trust, p, policy = w.trust, w.p, w.policy
    in_post = 0.0
    for post in range(trust.posts):
        if w.lead[post].in_post:
            in_post += w.lead[post].fte
    budget = trust.income * policy.top_slice * (1.0 - p.central_share)
    intelligence = policy.intelligence_investment * p.intelligence_cost * trust.schools
    yearly = budget + trust.income * p.in_year_balance - in_post * p.lead_cost - intelligence
    trust.reserves += yearly / TERMS_A_YEAR - trust.lent * p.sle_day_cost
