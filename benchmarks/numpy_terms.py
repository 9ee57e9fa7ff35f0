"""improve, inspect, hire, account, in the NumPy version of the growth model.

Few schools change in a term, so each mechanism finds the places where something happens, by
comparing whole arrays, and works there alone.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from benchmarks.numpy_state import (
    NEVER,
    SECURE,
    STRONG,
    URGENT,
    Array,
    Batch,
    flat_places,
    rows_within,
)
from workbench.terms import TERMS_A_YEAR


def improve(b: Batch, t: int, luck: Array, met: Array) -> None:
    """Move true quality by at most one band; low luck falls, high luck rises.

    Luck is turned into odds once: it is below a chance where its odds are below the chance's odds,
    which saves a division for each. What holds for a whole trust is multiplied once.
    """
    top = b.top
    fall, rise = _fall_odds(b, t, met), _rise_odds(b, t, met)
    odds = np.subtract(1.0, luck)
    np.divide(luck, odds, out=odds)
    falls = odds < fall
    rise *= odds
    rises = rise > 1.0
    rises &= ~falls
    if not b.full:
        falls &= b.active[:top]
        rises &= b.active[:top]
    true = b.true.ravel()
    down, up = flat_places(falls), flat_places(rises)
    b.turn(down, true[down] - np.int8(1))
    b.turn(up, true[up] + np.int8(1))
    secured = b.secured.ravel()
    at = up[(true[up] == SECURE) & (secured[up] == NEVER)]
    secured[at] = t - b.joined.take(at) + 1


def _rise_odds(b: Batch, t: int, met: Array) -> Array:
    p = b.p
    odds = met * (b.cover * p.process * (p.support_rise_odds - 1.0))
    odds += 1.0
    odds *= b.rise[: b.top]
    for i in rows_within(b, t, p.joining_fade_terms, b.top):
        age = t - b.joined[i]
        fading = 1.0 + (p.joining_odds - 1.0) * (1.0 - age / p.joining_fade_terms)
        odds[i] *= np.where(age < p.joining_fade_terms, fading, 1.0)
    return np.asarray(odds)


def _fall_odds(b: Batch, t: int, met: Array) -> Array:
    p, top = b.p, b.top
    overstretched = 1.0 + (p.overstretch_fall_odds - 1.0) * b.stretch
    helped = b.cover * p.process * (1.0 - p.unsupported_fall_odds) * overstretched
    odds = met * helped
    odds += p.unsupported_fall_odds * overstretched
    odds *= b.fall[:top]
    flat = odds.ravel()
    if b.strained is not None:
        at, factor = b.strained
        flat[at] *= factor
    at = flat_places(b.head_age[:top] < np.trunc(p.head_effect_terms))
    flat[at] *= b.of(p.turnover_fall_odds, at)
    for i in rows_within(b, t, p.dip_terms, top):
        odds[i] *= np.where(t - b.joined[i] < p.dip_terms, p.dip_odds, 1.0)
    return np.asarray(odds)


def inspect(b: Batch, t: int, visit: Array, verdict: Array) -> Array:
    """Inspect the schools whose time has come; what inspectors see becomes known to all.

    Returns:
        Flat places of the schools found urgent, whose heads are now at risk.
    """
    at = flat_places(b.due[: b.top] <= t)
    gap = b.latest.take(at) - t
    luck = visit.take(at)
    visited = luck * (gap + 1.0) < 1.0
    overdue = flat_places(gap < 0.0)
    visited[overdue] = luck[overdue] < b.of(b.p.overdue, at[overdue])
    at = at[visited]
    seen, luck = b.true.take(at), verdict.take(at)
    low, high = luck < b.of(b.p.error_low, at), luck > 1.0 - b.of(b.p.error_high, at)
    better = np.where(high, np.minimum(STRONG, seen + 1), seen)
    seen = np.where(low, np.maximum(URGENT, seen - 1), better).astype(np.int8)
    b.inspected.ravel()[at] = seen
    b.learn(at, seen)
    b.await_inspectors(at, seen, t)
    return np.asarray(at[seen == URGENT])


def hire(b: Batch, t: int, urgent: Array) -> None:
    """Renew vision and commitment, let heads and leads leave, and fill posts."""
    _renew(b, t)
    _turn_over_heads(b, t, urgent)
    wanted = leads_wanted(b, t)
    b.posts = np.maximum(b.posts, np.minimum(np.ceil(wanted), b.given.slots))
    _turn_over_leads(b, t, wanted)


def _renew(b: Batch, t: int) -> None:
    p, policy = b.p, b.given.policy
    b.vision -= p.vision_decay * b.vision
    every = policy.vision_revisit_terms
    if every > 0 and (t + 1) % every == 0:
        b.vision += p.vision_revisit_gain * (1.0 - b.vision)
    gap = np.maximum(0.0, p.commitment_ceiling - b.commitment)
    b.commitment += p.commitment_recovery * b.vision * gap
    invested = p.intelligence_gain * policy.intelligence_investment
    b.intelligence += invested * (1.0 - b.intelligence)
    trained, ready = b.sle_trained, b.pipeline
    b.sle_trained = trained + (p.sle_training * (1.0 - trained) - p.sle_attrition * trained)
    b.pipeline = ready + (p.pipeline_training * (1.0 - ready) - p.pipeline_attrition * ready)


def _turn_over_heads(b: Batch, t: int, urgent: Array) -> None:
    """A head in post for less than a year leaves at a rate of their own, so does one at risk."""
    p, ages, luck = b.p, b.head_age.ravel(), b.luck.head(t).ravel()
    rows = b.top * b.lanes
    usual = np.maximum(p.head_leaves_new, p.head_leaves)
    unlucky = luck[:rows].reshape(b.top, b.lanes) < usual
    if not b.full:
        unlucky &= b.active[: b.top]
    at = flat_places(unlucky)
    chance = np.where(ages[at] < TERMS_A_YEAR, b.of(p.head_leaves_new, at), b.of(p.head_leaves, at))
    leaving = at[luck[at] < chance]
    forced = urgent[luck[urgent] < b.of(p.intervention_head_change, urgent)]
    b.head_age[: b.top] += 1 if b.full else b.active[: b.top]
    ages[leaving] = 0
    ages[forced] = 0


def leads_wanted(b: Batch, t: int) -> Array:
    """Return the leads (FTE) the policy asks for, in parts of a post, looking ahead.

    A school that only chance may offer is not expected until it is offered.
    """
    policy = b.given.policy
    soon = t + policy.hire_ahead_terms
    coming = [i for i in b.open_rows if b.given.join_term[i] <= soon]
    schools = b.schools
    if coming:
        expected = ~(b.active[coming] | b.declined[coming])
        if policy.offered:
            expected &= b.offer_open[coming]
        schools = schools + b.counted(expected)
    parts = np.ceil(schools / policy.schools_per_lead / b.p.post_part)
    return np.where(schools <= policy.executive_alone, 0.0, parts * b.p.post_part)


def _turn_over_leads(b: Batch, t: int, wanted: Array) -> None:
    """Let leads leave, and fill posts, or more of them, as far as they are asked for."""
    p, most = b.p, int(b.posts.max())
    leaving, arriving = b.luck.lead(t, most)
    in_post, fte, terms = b.in_post[:most], b.fte[:most], b.post_terms[:most]
    lean = b.vision - p.vision_middling
    leaves = in_post & (leaving < p.lead_leaves * (1.0 - p.vision_retains * lean))
    chance = p.lead_appoint * (1.0 + p.vision_recruits * lean)
    chance = chance * (1.0 + p.pipeline_recruits * b.pipeline)
    appointed = arriving < np.minimum(p.surest_appointment, chance)
    post = np.arange(most)[:, None]
    arrives = appointed & ~in_post & (post < b.posts)
    terms += 1.0
    np.copyto(terms, 0.0, where=arrives)
    in_post &= ~leaves
    asked = np.minimum(1.0, wanted - post)
    np.copyto(fte, asked, where=(arrives & (asked > 0.0)) | (appointed & in_post & (fte < asked)))
    in_post |= arrives


def account(b: Batch) -> None:
    """Take the top-slice, pay for improvement, and carry the schools' own balance."""
    p, policy = b.p, b.given.policy
    budget = b.income * policy.top_slice * (1.0 - p.central_share)
    invested = policy.intelligence_investment * p.intelligence_cost * b.schools
    leads = leads_in_post(b) * p.lead_cost
    yearly = budget + b.income * p.in_year_balance - leads - invested
    lent: Any = 0.0 if b.lent is None else b.lent
    b.reserves += yearly / TERMS_A_YEAR - lent * p.sle_day_cost


def leads_in_post(b: Batch) -> Array:
    """Return full-time equivalents in post."""
    return np.asarray((b.fte * b.in_post).sum(axis=0))
