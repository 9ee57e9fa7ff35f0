"""The oracle's parts: a school, a lead's post, its odds, and random numbers in plain integers."""

from __future__ import annotations

from dataclasses import dataclass
from types import SimpleNamespace
from typing import Any

MASK = 0xFFFFFFFF
URGENT, ATTENTION, SECURE = range(3)


def philox(counter: tuple[int, int, int, int], key: tuple[int, int]) -> tuple[int, int, int, int]:
    """Return the four words of a Philox4x32-10 block in plain integers."""
    x0, x1, x2, x3 = counter
    y0, y1 = key
    for _ in range(10):
        left, right = 0xD2511F53 * x0, 0xCD9E8D57 * x2
        x0, x1, x2, x3 = (right >> 32) ^ x1 ^ y0, right & MASK, (left >> 32) ^ x3 ^ y1, left & MASK
        y0, y1 = (y0 + 0x9E3779B9) & MASK, (y1 + 0xBB67AE85) & MASK
    return x0, x1, x2, x3


@dataclass
class School:
    """A school as the oracle follows it."""

    given: SimpleNamespace
    number: int
    true: int = SECURE
    known: int = SECURE
    inspected: int = -1
    frail: bool = False
    active: bool = False
    declined: bool = False
    offer_open: bool = False
    intervened: bool = False
    joined: int = 0
    since: int = 0
    waiting: int = 0
    deferred: int = 0
    head_age: int = 0
    head_effect: int = 0
    secured: int = -1
    need: float = 0.0
    true_need: float = 0.0
    offered: float = 0.0
    free: float = 0.0
    asked: float = 0.0
    lent: float = 0.0
    received: float = 0.0
    dose: float = 0.0


@dataclass
class Post:
    """An improvement-lead post."""

    fte: float = 1.0
    terms: int = 0
    in_post: bool = False


def in_dip(p: SimpleNamespace, s: School, t: int) -> bool:
    """Whether a school is in its joining dip."""
    return bool(t - s.joined < p.dip_terms)


def chance(odds: float) -> float:
    """Return the probability that odds stand for."""
    return odds / (1.0 + odds)


def happens_low(u: float, odds: float) -> bool:
    """Whether what has these odds happens, by low luck: u < odds / (1 + odds), undivided."""
    return u * (1.0 + odds) < odds


def happens_high(u: float, odds: float) -> bool:
    """Whether what has these odds happens, by high luck: u > 1 - odds / (1 + odds), undivided."""
    return u * (1.0 + odds) > 1.0


def rise_odds(p: SimpleNamespace, derived: SimpleNamespace, s: School, t: int) -> float:
    """Return the odds of rising a band this term."""
    odds = derived.rise[s.true] * (1.0 + (p.support_rise_odds - 1.0) * s.dose)
    if s.true <= ATTENTION:
        odds *= derived.frail[s.frail]
    age = t - s.joined
    if age < p.joining_fade_terms:
        odds *= 1.0 + (p.joining_odds - 1.0) * (1.0 - age / p.joining_fade_terms)
    return float(odds)


def fall_odds(
    p: SimpleNamespace, derived: SimpleNamespace, s: School, t: int, stretch: float
) -> float:
    """Return the odds of falling a band this term."""
    odds = derived.fall[s.true] * (1.0 + (p.unsupported_fall_odds - 1.0) * (1.0 - s.dose))
    overstretched = 1.0 + (p.overstretch_fall_odds - 1.0) * stretch
    strain = (p.lending_fall_odds - 1.0) / p.provider_slack
    odds *= overstretched * (1.0 + strain * max(0.0, s.lent - p.provider_slack))
    odds *= p.turnover_fall_odds if s.head_effect > 0 else 1.0
    odds *= p.dip_odds if in_dip(p, s, t) else 1.0
    return float(odds)


def window(p: SimpleNamespace, s: School) -> tuple[float, float]:
    """Return the first and last term since the last inspection in which the next is due."""
    return {
        -1: (p.unrated_min, p.unrated_max),
        URGENT: (p.urgent_min, p.urgent_max),
        ATTENTION: (p.attention_min, p.attention_max),
    }.get(s.inspected, (p.routine_min, p.routine_max))


def hazard(p: SimpleNamespace, s: School) -> float:
    """Return the chance of an inspection this term."""
    earliest, latest = window(p, s)
    if s.since < earliest:
        return 0.0
    return float(p.overdue if s.since > latest else 1.0 / (latest - s.since + 1.0))


def is_visited(p: SimpleNamespace, s: School, u: float) -> bool:
    """Whether inspectors come, at the hazard of the school's window: u < hazard, undivided."""
    earliest, latest = window(p, s)
    if s.since < earliest:
        return False
    return bool(u < p.overdue if s.since > latest else u * (latest - s.since + 1.0) < 1.0)


def need(p: SimpleNamespace, band: int) -> float:
    """Return the days a term that a school of this band needs."""
    return float((p.need_urgent, p.need_attention, p.need_secure, p.need_strong)[band])


def efficiency(p: SimpleNamespace, loss_per_km: float, km: float) -> float:
    """Return the share of a day left for support after travel both ways."""
    return float(max(p.least_efficiency, 1.0 - km * loss_per_km))


def leads_in_post(posts: list[Post]) -> float:
    """Return full-time equivalents in post."""
    total = 0.0
    for post in posts:
        total += post.fte if post.in_post else 0.0
    return total


def weight_of(policy: SimpleNamespace, s: School) -> float:
    """Return a school's weight as a recipient under the golden rule."""
    if s.inspected == URGENT:
        return float(policy.weight_urgent)
    return float(policy.weight_attention) if s.inspected == ATTENTION else 0.0


def is_provider(p: SimpleNamespace, s: School, t: int) -> bool:
    """Whether a school may support others: settled, known and judged secure or better."""
    judged_well = s.inspected >= SECURE or s.inspected == -1
    return bool(s.active and s.known >= SECURE and t - s.joined >= p.settle_terms and judged_well)


def namespace(record: Any) -> SimpleNamespace:
    """Return the fields of one structured element as plain Python numbers and lists."""
    return SimpleNamespace(**{name: record[name].tolist() for name in record.dtype.names})
