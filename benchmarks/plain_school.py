"""A school and a lead's post in plain Python, for the SimPy and Mesa versions of the growth model.

Both frameworks say who acts when; what an actor then does is the same and is written once, with
slots and without detours, as one would who cared for speed.
"""

from __future__ import annotations

from types import SimpleNamespace

URGENT, ATTENTION, SECURE, STRONG = range(4)
UNRATED, NEVER = -1, -1
TERMS_A_YEAR = 3


class School:
    """A school through one trajectory.

    Args:
        number: Its place among the setting's schools.
        given: What is given of it (`layout.SCHOOL`).
        rates: The trajectory's parameters, and what follows from them.
        bounds: P(true band < 1), P(< 2), P(< 3) at the start.
        luck: Its four uniforms of the start.
    """

    __slots__ = (
        "active", "declined", "deferred", "derived", "dose", "free", "given", "head_age",
        "head_effect", "inspected", "intervened", "joined", "known", "lent", "need", "number",
        "offer_open", "offered", "p", "received", "secured", "since", "slowed", "true",
        "true_need", "waiting",
    )  # fmt: skip

    def __init__(
        self,
        number: int,
        given: SimpleNamespace,
        rates: tuple[SimpleNamespace, SimpleNamespace],
        bounds: list[float],
        luck: list[float],
    ) -> None:
        self.number, self.given = number, given
        self.p, self.derived = p, derived = rates
        self.true = sum(luck[0] >= bound for bound in bounds)
        self.slowed = derived.frail[luck[1] < derived.frail_share[self.true]]
        self.inspected = self.known = given.rated
        if given.rated == UNRATED:
            self.known = self.true if luck[2] < p.intelligence else SECURE
        self.joined, self.head_age = given.join_term, given.head_terms
        self.since = given.since - (given.rated != UNRATED)  # counted on before inspectors choose
        self.head_effect = max(0, int(p.head_effect_terms) - self.head_age)
        self.secured = 0 if self.true >= SECURE else NEVER
        self.active = bool(given.existing)
        self.declined = self.offer_open = self.intervened = False
        self.deferred = self.waiting = 0
        self.need = self.true_need = self.received = self.dose = 0.0
        self.offered = self.free = self.lent = 0.0

    def sense(self, t: int, chance: float, sight: float) -> None:
        """Show the trust its true quality, perhaps; then work out its needs."""
        if t - self.joined < self.p.dip_terms:
            chance *= self.p.sense_joiner
        if sight < chance:
            self.known = self.true
        self.need, self.true_need = self.p.needs[self.known], self.p.needs[self.true]

    def provides(self, t: int) -> bool:
        """Say whether it may support others: settled, known and judged secure or better."""
        return (
            self.known >= SECURE
            and self.active
            and t - self.joined >= self.p.settle_terms
            and (self.inspected >= SECURE or self.inspected == UNRATED)
        )

    def live(self, t: int, stretch: float, luck: list[float], head: float) -> None:
        """Improve or worsen, be inspected, and perhaps change heads."""
        self._improve(t, stretch, luck[0])
        self._meet_inspectors(luck[2], luck[3])
        p = self.p
        chance = p.head_leaves_new if self.head_age < TERMS_A_YEAR else p.head_leaves
        if self.intervened:
            chance = max(chance, p.intervention_head_change)
        if head < chance:
            self.head_age, self.head_effect = 0, int(p.head_effect_terms)
        else:
            self.head_age += 1
            if self.head_effect:
                self.head_effect -= 1

    def _improve(self, t: int, stretch: float, luck: float) -> None:
        true = self.true
        fall = self._fall_odds(t, stretch) if true > URGENT else 0.0
        if luck * (1.0 + fall) < fall:
            self.true = true - 1
        elif true < STRONG and luck * (1.0 + self._rise_odds(t)) > 1.0:
            self.true = true + 1
            if true == ATTENTION and self.secured == NEVER:
                self.secured = t - self.joined + 1

    def _rise_odds(self, t: int) -> float:
        p = self.p
        odds: float = self.derived.rise[self.true] * (1.0 + (p.support_rise_odds - 1.0) * self.dose)
        if self.true <= ATTENTION:
            odds *= self.slowed
        age = t - self.joined
        if age < p.joining_fade_terms:
            odds *= 1.0 + (p.joining_odds - 1.0) * (1.0 - age / p.joining_fade_terms)
        return odds

    def _fall_odds(self, t: int, stretch: float) -> float:
        p = self.p
        odds: float = self.derived.fall[self.true]
        odds *= 1.0 + (p.unsupported_fall_odds - 1.0) * (1.0 - self.dose)
        odds *= 1.0 + (p.overstretch_fall_odds - 1.0) * stretch
        beyond = self.lent - p.provider_slack
        if beyond > 0.0:
            odds *= 1.0 + (p.lending_fall_odds - 1.0) * (beyond / p.provider_slack)
        if self.head_effect:
            odds *= p.turnover_fall_odds
        if t - self.joined < p.dip_terms:
            odds *= p.dip_odds
        return odds

    def _meet_inspectors(self, visit: float, verdict: float) -> None:
        self.since += 1
        self.intervened = False
        earliest, latest = self.p.windows[self.inspected]
        if self.since < earliest:
            return
        gap = latest - self.since
        if visit >= self.p.overdue if gap < 0.0 else visit * (gap + 1.0) >= 1.0:
            return
        seen = self.true
        if verdict < self.p.error_low:
            seen = max(URGENT, seen - 1)
        elif verdict > 1.0 - self.p.error_high:
            seen = min(STRONG, seen + 1)
        self.inspected = self.known = seen
        self.since, self.intervened = 0, seen == URGENT


class Post:
    """An improvement-lead post: vacant until someone is appointed."""

    __slots__ = ("fte", "in_post", "terms")

    def __init__(self, fte: float = 1.0, terms: int = 0, in_post: bool = False) -> None:
        self.fte, self.terms, self.in_post = fte, terms, in_post

    def turn_over(self, luck: list[float], leaves: float, arrives: float, asked: float) -> None:
        """Let the lead go, or a new one come, with the chances given.

        Args:
            luck: Uniforms for leaving and for an appointment.
            leaves: Chance that a lead leaves.
            arrives: Chance that an appointment succeeds.
            asked: Leads (FTE) asked for that no post before this one gives; a whole post at most.
        """
        if not self.in_post:
            if luck[1] < arrives:
                self.in_post, self.terms = True, 0
                if asked > 0.0:
                    self.fte = min(1.0, asked)
        elif luck[0] < leaves:
            self.in_post = False
        else:
            self.terms += 1
            if luck[1] < arrives:
                self.fte = max(self.fte, min(1.0, asked))
