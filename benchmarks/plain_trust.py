"""The trust in plain Python, for the SimPy and Mesa versions of the growth model."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from types import SimpleNamespace
from typing import Any

import numpy as np

from benchmarks.luck import Drawn, drawn
from benchmarks.plain_school import (
    ATTENTION,
    NEVER,
    SECURE,
    STRONG,
    TERMS_A_YEAR,
    URGENT,
    Post,
    School,
)
from workbench.growth.kernel.layout import NOT_JOINED, ROUNDING, SERIES
from workbench.growth.setting import Setting
from workbench.growth.simulate import Trajectories, events_of

AT_ONCE = 256  # trajectories whose random numbers are drawn together
WAITING_MOST = 999


def namespace(record: Any) -> SimpleNamespace:
    """Return the fields of one structured element as plain Python numbers and lists."""
    return SimpleNamespace(**{name: record[name].tolist() for name in record.dtype.names})


class Given:
    """What holds for every trajectory of a setting, as plain numbers.

    Args:
        setting: What is simulated.
    """

    def __init__(self, setting: Setting) -> None:
        self.setting, self.terms = setting, setting.terms
        self.policy = namespace(setting.policy[0])
        self.schools = [namespace(row) for row in setting.school]
        self.km, self.nearest = setting.distances().tolist(), setting.nearest().tolist()
        self.slots, self.existing = setting.lead_slots(), setting.existing

    def draw(self, number: int) -> tuple[SimpleNamespace, SimpleNamespace, list[list[float]]]:
        """Return one draw of the parameters, what follows from it, and the bands at the start."""
        p = namespace(self.setting.params[number])
        p.needs = (p.need_urgent, p.need_attention, p.need_secure, p.need_strong)
        routine = (p.routine_min, p.routine_max)
        urgent, attention = (p.urgent_min, p.urgent_max), (p.attention_min, p.attention_max)
        p.windows = (urgent, attention, routine, routine, (p.unrated_min, p.unrated_max))
        derived = namespace(self.setting.derived[number])
        lost, centre = derived.loss_per_km, [row[-1] for row in self.km]
        p.reaches = [max(p.least_efficiency, 1.0 - km * lost) for km in centre]
        p.tolls = [1.0 / reach for reach in p.reaches]
        return p, derived, self.setting.below[number].tolist()


class Trust:
    """A trust and its schools through one trajectory.

    Args:
        given: What holds for every trajectory.
        draw: The trajectory's parameters, from `Given.draw`.
        luck: Its random numbers.
    """

    def __init__(
        self,
        given: Given,
        draw: tuple[SimpleNamespace, SimpleNamespace, list[list[float]]],
        luck: Drawn,
    ) -> None:
        p, derived, below = draw
        self.given, self.policy, self.p, self.derived, self.luck = (
            given, given.policy, p, derived, luck,
        )  # fmt: skip
        self.vision, self.commitment, self.intelligence = p.vision, p.commitment, p.intelligence
        self.sle_trained, self.pipeline, self.reserves = p.sle_trained, p.pipeline, p.reserves
        self.schools = [
            School(i, given.schools[i], (p, derived), below[i], luck.start[i])
            for i in range(len(given.schools))
        ]
        self.members = [school for school in self.schools if school.active]
        self.income = 0.0
        for school in self.members:
            self.income += self._income_of(school)
        self.breach = [NEVER] * 5
        self.over = self.golden = self.unmet_terms = self.fallen = 0
        self.start_secure = self._existing_secure()
        self.posts: list[Post] = []
        left = p.leads
        while left > 0.0 and len(self.posts) < given.slots:
            self.posts.append(Post(min(1.0, left), 99, True))
            left -= self.posts[-1].fte
        wanted = math.ceil(self.leads_wanted(0))
        self.open_posts(max(len(self.posts) + int(p.lead_vacancies), wanted))
        self.plan()
        self.over = 0
        self._offer(0)

    def _income_of(self, school: School) -> float:
        return float(school.given.pupils * self.derived.income[school.given.phase])

    def open_posts(self, count: int) -> list[Post]:
        """Open posts until there are `count`, and return the new ones."""
        new = [Post() for _ in range(min(count, self.given.slots) - len(self.posts))]
        self.posts += new
        return new

    def leads_wanted(self, t: int) -> float:
        """Return the leads (FTE) the policy asks for, in parts of a post, looking ahead.

        A school that only chance may offer is not expected until it is offered.
        """
        policy, part, count = self.policy, self.p.post_part, len(self.members)
        soon, by_chance = t + policy.hire_ahead_terms, policy.offered
        for school in self.schools[self.given.existing :]:
            if not school.active and not school.declined and school.given.join_term <= soon:
                count += school.offer_open or not by_chance
        if count <= policy.executive_alone:
            return 0.0
        return float(math.ceil(count / policy.schools_per_lead / part) * part)

    def stand_at_gate(self, t: int, school: School) -> float | None:
        """Let a joiner in, defer or decline it; return the commitment it brings if it enters."""
        if t < school.given.join_term:
            return None
        if self.policy.offered and not school.offer_open and not self._makes_an_offer(t, school):
            return None
        if not self._gate_is_open(t, school):
            if school.deferred >= self.policy.defer_terms:
                school.declined = True
            else:
                school.deferred += 1
            return None
        return self._let_in(t, school)

    def _makes_an_offer(self, t: int, school: School) -> bool:
        comes, better, _, _ = self.luck.offer[t][school.number]
        if comes >= self.policy.offer_chance:
            return False
        school.offer_open = True
        if better < self.p.vision_attracts * self.vision and school.true < STRONG:
            school.true += 1
            school.known = max(school.known, school.true)
            school.secured = 0 if school.true >= SECURE else school.secured
        return True

    def _gate_is_open(self, t: int, school: School) -> bool:
        gate, policy = self.policy.gate, self.policy
        if gate in (1, 4):
            margin = self._golden_margin(t)
            if margin < policy.providers_per_weight * self._weight(school):
                return False
        if gate in (2, 4) and len(self.members) + 1 > self.span:
            return False
        return not (gate in (3, 4) and self.reserves < policy.reserves_floor * self.income)

    def _let_in(self, t: int, school: School) -> float:
        p = self.p
        school.active, school.joined = True, t
        if school.inspected < URGENT:
            school.since = 0
        income = self._income_of(school)
        cost = p.joining_cost + (p.joining_cost_weak if school.known <= ATTENTION else 0.0)
        self.reserves += p.joiner_reserves_share * income + p.joining_grant - cost
        self.income += income
        self.members = [school for school in self.schools if school.active]
        hours = self.given.km[school.number][-1] * p.road_factor / p.road_speed
        return float(p.joiner_commitment * max(0.0, 1.0 - p.distance_dilution * hours))

    def mix(self, before: int, brought: float) -> None:
        """Mix the commitment that newcomers bring with the trust's, weighted by schools."""
        if len(self.members) > before:
            mixed = before * self.commitment + brought
            self.commitment = mixed / len(self.members)

    def sight(self) -> float:
        """Return the chance that the trust sees the true quality of a settled school."""
        p = self.p
        assured = p.sense_assurance * p.assurance
        strength = (1.0 - p.sense_assurance) * self.intelligence + assured
        aimed = strength * (1.0 - p.sense_vision * (1.0 - self.vision))
        return float(p.sense_floor + (p.sense_full - p.sense_floor) * aimed)

    def plan(self) -> None:
        """Work out the span of leadership and its cover."""
        p, schools = self.p, len(self.members)
        fte = 0.0
        for post in self.posts:
            if post.in_post:
                fte += post.fte * min(1.0, (post.terms + 1.0) / (p.ramp_terms + 1.0))
        self.span = p.lead_span * fte + p.exec_span * (1.0 - min(1.0, fte / p.leads_to_release))
        self.cover = min(1.0, self.span / schools)
        self.over = self.over + 1 if schools > self.span else 0
        self.stretch = 1.0 - self.cover if self.over >= p.overstretch_terms else 0.0

    def _offer(self, t: int) -> None:
        strong, secure = self.p.provider_days_strong, self.p.provider_days_secure
        given = self.commitment * self.sle_trained
        for school in self.members:
            school.offered = 0.0
            if school.provides(t):
                days = school.given.days
                if days < 0.0:
                    days = strong if school.known == STRONG else secure
                school.offered = days * given
            school.free = school.offered

    def support(self, t: int) -> None:
        """Give days: worst known first, then longest waiting; leads, then nearest provider.

        Where leads have days for all, nobody queues.
        """
        self._offer(t)
        self.pool = self.p.lead_days * (self.span / self.p.lead_span)
        asked = 0.0
        for school in self.members:
            school.received = school.need
            asked += school.need * self.p.tolls[school.number]
        if asked > self.pool:
            for school in sorted(self.members, key=_claim):
                self._serve(school)
        given = self.cover * self.p.process
        needed = met = 0.0
        for school in self.members:
            school.waiting = 0 if school.received >= school.need else school.waiting + 1
            school.lent = school.offered - school.free
            useful = min(school.received, school.true_need)
            school.dose = useful / school.true_need * given
            needed += school.true_need
            met += useful
        self.unmet = 1.0 - met / needed

    def _serve(self, school: School) -> None:
        asked = school.need * self.p.tolls[school.number]
        if asked <= self.pool:
            self.pool -= asked
            return
        left = school.need - self.pool * self.p.reaches[school.number]
        self.pool = 0.0
        if school.known < SECURE:
            left = self._lend(school.number, left)
        school.received = school.need - left

    def _lend(self, number: int, left: float) -> float:
        """Let providers lend to a school, nearest first; return the days still wanting."""
        least, lost, km = self.p.least_efficiency, self.derived.loss_per_km, self.given.km[number]
        for near in self.given.nearest[number]:
            other = self.schools[near]
            free = other.free
            if free > 0.0:
                share = max(least, 1.0 - km[near] * lost)
                if free * share >= left:
                    other.free = max(0.0, free - left / share)
                    return 0.0
                other.free = 0.0
                left -= free * share
        return left

    def hire(self, t: int) -> tuple[float, list[Post]]:
        """Open posts for the leads the policy asks for; return their FTE, and the new posts."""
        wanted = self.leads_wanted(t)
        return wanted, self.open_posts(math.ceil(wanted))

    def renew(self, t: int) -> tuple[float, float]:
        """Renew vision, commitment and skills; return the chances that leads leave and come."""
        p, every = self.p, self.policy.vision_revisit_terms
        self.vision -= p.vision_decay * self.vision
        if every > 0 and (t + 1) % every == 0:
            self.vision += p.vision_revisit_gain * (1.0 - self.vision)
        gap = max(0.0, p.commitment_ceiling - self.commitment)
        self.commitment += p.commitment_recovery * self.vision * gap
        invested = p.intelligence_gain * self.policy.intelligence_investment
        self.intelligence += invested * (1.0 - self.intelligence)
        untrained, unready = 1.0 - self.sle_trained, 1.0 - self.pipeline
        self.sle_trained += p.sle_training * untrained - p.sle_attrition * self.sle_trained
        self.pipeline += p.pipeline_training * unready - p.pipeline_attrition * self.pipeline
        lean = self.vision - p.vision_middling
        arrives = p.lead_appoint * (1.0 + p.vision_recruits * lean)
        arrives *= 1.0 + p.pipeline_recruits * self.pipeline
        return p.lead_leaves * (1.0 - p.vision_retains * lean), min(p.surest_appointment, arrives)

    def account(self) -> None:
        """Take the top-slice, pay for improvement, and carry the schools' own balance."""
        p, policy = self.p, self.policy
        lent = 0.0
        for school in self.members:
            lent += school.lent
        budget = self.income * policy.top_slice * (1.0 - p.central_share)
        invested = policy.intelligence_investment * p.intelligence_cost * len(self.members)
        leads = self.leads_in_post() * p.lead_cost
        yearly = budget + self.income * p.in_year_balance - leads - invested
        self.reserves += yearly / TERMS_A_YEAR - lent * p.sle_day_cost

    def leads_in_post(self) -> float:
        """Return full-time equivalents in post."""
        total = 0.0
        for post in self.posts:
            if post.in_post:
                total += post.fte
        return total

    def _weight(self, school: School) -> float:
        if school.inspected == URGENT:
            return float(self.policy.weight_urgent)
        return float(self.policy.weight_attention) if school.inspected == ATTENTION else 0.0

    def _golden_margin(self, t: int) -> float:
        weight, providers, settled = 0.0, 0, self.p.settle_terms
        for school in self.members:
            if school.inspected >= SECURE:
                providers += t - school.joined >= settled and school.given.days != 0.0
            elif school.inspected >= URGENT:
                weight += self._weight(school)
        return providers - float(self.policy.providers_per_weight) * weight

    def _existing_secure(self) -> float:
        existing = self.schools[: self.given.existing]
        return sum(school.true >= SECURE for school in existing) / len(existing)

    def judge(self, t: int) -> None:
        """Note the first term of a breach of each limit."""
        policy, grace = self.policy, self.policy.grace_terms
        self.margin = self._golden_margin(t)
        fallen = self._existing_secure() < self.start_secure - policy.existing_fall - ROUNDING
        self.golden = self.golden + 1 if self.margin < 0.0 else 0
        self.unmet_terms = self.unmet_terms + 1 if self.unmet > policy.unmet_need else 0
        self.fallen = self.fallen + 1 if fallen else 0
        beyond = (
            self.golden > grace,
            self.over >= self.p.overstretch_terms,
            self.unmet_terms > grace,
            self.fallen > grace,
            self.reserves < policy.reserves_floor * self.income,
        )
        for limit, is_beyond in enumerate(beyond):
            if is_beyond and policy.apply[limit] and self.breach[limit] == NEVER:
                self.breach[limit] = t

    def measures(self) -> list[float]:
        """Return what `layout.SERIES` names."""
        members, filled = self.members, sum(post.in_post for post in self.posts)
        secure = [school for school in members if school.true >= SECURE]
        pupils = sum(school.given.pupils for school in members)
        return [
            len(members), len(secure) / len(members), self._existing_secure(),
            sum(school.given.pupils for school in secure) / pupils,
            len(members) / self.span, self.margin, self.unmet,
            self.commitment, self.vision, self.intelligence,
            self.leads_in_post(), len(self.posts) - filled, self.reserves / self.income,
        ]  # fmt: skip


def _claim(school: School) -> tuple[int, int, int]:
    return school.known, -min(school.waiting, WAITING_MOST), school.number


Live = Callable[[Trust, list[list[float]] | None], None]


def run_plain(live: Live, setting: Setting, replicates: int, *, record: bool) -> Trajectories:
    """Run trajectories one after another, each lived by a framework.

    Args:
        live: Takes a trust through its terms, and appends each term's measures where asked.
        setting: What is simulated.
        replicates: Number of trajectories; a multiple of the setting's draws.
        record: Keep the series of each term.

    Raises:
        ValueError: `replicates` is not a multiple of the number of draws, or luck is shared.
    """
    given, events = Given(setting), events_of(setting, replicates)
    breach = np.empty((replicates, 5), np.int16)
    secured = np.empty((replicates, len(setting.school)), np.int16)
    series = np.empty((replicates, setting.terms if record else 0, len(SERIES)))
    for replicate, luck in enumerate(_luck(setting, replicates)):
        if replicate % events == 0:
            draw = given.draw(replicate // events)
        trust = Trust(given, draw, luck)
        rows: list[list[float]] | None = [] if record else None
        live(trust, rows)
        breach[replicate] = trust.breach
        secured[replicate] = [s.secured if s.active else NOT_JOINED for s in trust.schools]
        if record:
            series[replicate] = rows
    return Trajectories(breach, secured, series, np.zeros((replicates, 0, 3), np.int32), events)


def _luck(setting: Setting, replicates: int) -> Iterator[Drawn]:
    for first in range(0, replicates, AT_ONCE):
        yield from drawn(setting, first, min(first + AT_ONCE, replicates))
