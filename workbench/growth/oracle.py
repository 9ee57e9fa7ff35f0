"""The same model in plain Python, written from the specification, to check the compiled one.

It is given the same arrays (`Setting` and what that works out of them) and shares no mechanism with
the compiled model, nor its random numbers: only the arithmetic, in the same order, so that
trajectories must agree to the last bit. That proves that both say the same; that it is what the
specification says is for `tests/growth/test_model.py`, and for the reader.
"""

from __future__ import annotations

import math

from workbench.growth.kernel.layout import SERIES, STREAMS
from workbench.growth.kernel.philox import stream_key
from workbench.growth.oracle_parts import (
    Post,
    School,
    efficiency,
    fall_odds,
    happens_high,
    happens_low,
    in_dip,
    is_provider,
    is_visited,
    leads_in_post,
    namespace,
    need,
    philox,
    rise_odds,
    weight_of,
)
from workbench.growth.setting import Setting
from workbench.parameters.limits import LIMITS

URGENT, ATTENTION, SECURE, STRONG = range(4)


class Oracle:
    """One trajectory of a setting in plain Python.

    Args:
        setting: What is simulated.
        replicate: Number of the trajectory.
        events: Trajectories for each draw of the parameters.
    """

    def __init__(self, setting: Setting, replicate: int, events: int) -> None:
        self.setting = setting
        self.replicate = replicate % events if setting.shared_luck else replicate
        self.p = namespace(setting.params[replicate // events])
        self.derived = namespace(setting.derived[replicate // events])
        self.policy = namespace(setting.policy[0])
        self.keys = {name: stream_key(setting.seed, name) for name in STREAMS}
        self.below = setting.below[replicate // events].tolist()
        self.km = setting.distances().tolist()
        self.nearest = setting.nearest().tolist()
        self.slots = setting.lead_slots()
        self.schools = [School(namespace(row), i) for i, row in enumerate(setting.school)]
        self.breach = dict.fromkeys(LIMITS, -1)
        self.in_a_row = dict.fromkeys(("over", "golden", "unmet", "fall"), 0)
        self.series, self.moves = list[list[float]](), [[0, 0, 0] for _ in range(4)]
        self._begin()
        for t in range(setting.terms):
            self._term(t)
            self._judge(t)
            self.series.append([float(self._now()[name]) for name in SERIES])

    def secured(self) -> list[int]:
        """Terms from joining to first truly secure; -1 never, -2 never joined."""
        return [s.secured if s.active else -2 for s in self.schools]

    def _uniforms(self, stream: str, who: int, term: int) -> list[float]:
        words = philox((who, term, self.replicate, 0), self.keys[stream])
        return [(word + 0.5) * 2.0**-32 for word in words]

    def _members(self) -> list[School]:
        return [s for s in self.schools if s.active]

    def _begin(self) -> None:
        p = self.p
        self.vision, self.commitment, self.intelligence = p.vision, p.commitment, p.intelligence
        self.sle_trained, self.pipeline, self.reserves = p.sle_trained, p.pipeline, p.reserves
        self.income = 0.0
        for s in self.schools:
            self._begin_school(s)
        self.start_secure = self._existing_secure()
        self.posts: list[Post] = []
        left = p.leads
        while left > 0.0 and len(self.posts) < self.slots:
            self.posts.append(Post(min(1.0, left), 99, True))
            left -= self.posts[-1].fte
        wanted = max(len(self.posts) + int(p.lead_vacancies), math.ceil(self._leads_wanted(0)))
        self.posts += [Post() for _ in range(min(self.slots, wanted) - len(self.posts))]
        self._plan()
        self.in_a_row["over"] = 0
        for s in self.schools:
            s.offered = self._offer(s) if is_provider(self.p, s, 0) else 0.0

    def _begin_school(self, s: School) -> None:
        u, given = self._uniforms("school start", s.given.key, 0), s.given
        bounds = self.below[s.number]
        s.true = next((band for band, bound in enumerate(bounds) if u[0] < bound), STRONG)
        s.frail = u[1] < self.derived.frail_share[s.true]
        s.inspected = s.known = given.rated
        if given.rated == -1:
            s.known = s.true if u[2] < self.p.intelligence else SECURE
        s.joined, s.head_age = given.join_term, given.head_terms
        s.since = given.since - (given.rated >= URGENT)  # counted on before inspectors choose
        s.head_effect = max(0, int(self.p.head_effect_terms) - s.head_age)
        s.secured = 0 if s.true >= SECURE else -1
        s.active = bool(given.existing)
        if s.active:
            self.income += given.pupils * self.derived.income[s.given.phase]

    def _term(self, t: int) -> None:
        self._join(t)
        luck = {s.number: self._uniforms("school term", s.given.key, t) for s in self._members()}
        self._sense(t, luck)
        self._plan()
        self._support(t)
        self._improve(t, luck)
        self._inspect(luck)
        self._hire(t)
        self._account()

    def _join(self, t: int) -> None:
        before, brought, arrived = len(self._members()), 0.0, 0
        for s in self.schools:
            if not self._at_gate(t, s):
                continue
            if self._gate_is_open(t, s):
                self._let_in(t, s)
                hours = self.km[s.number][-1] * self.p.road_factor / self.p.road_speed
                kept = 1.0 - self.p.distance_dilution * hours
                brought += self.p.joiner_commitment * max(0.0, kept)
                arrived += 1
            elif s.deferred >= self.policy.defer_terms:
                s.declined = True
            else:
                s.deferred += 1
        if arrived:
            self.commitment = (before * self.commitment + brought) / (before + arrived)

    def _at_gate(self, t: int, s: School) -> bool:
        if s.active or s.declined or t < s.given.join_term:
            return False
        if self.policy.offered and not s.offer_open:
            u = self._uniforms("offer term", s.given.key, t)
            if u[0] >= self.policy.offer_chance:
                return False
            s.offer_open = True
            if u[1] < self.p.vision_attracts * self.vision and s.true < STRONG:
                s.true += 1
                s.known = max(s.known, s.true)
                s.secured = 0 if s.true >= SECURE else s.secured
        return True

    def _gate_is_open(self, t: int, s: School) -> bool:
        gate, policy = self.policy.gate, self.policy
        if gate in (1, 4):
            added = policy.providers_per_weight * weight_of(self.policy, s)
            if self._golden_margin(t) < added:
                return False
        if gate in (2, 4) and len(self._members()) + 1 > self.span:
            return False
        return not (gate in (3, 4) and self.reserves < policy.reserves_floor * self.income)

    def _let_in(self, t: int, s: School) -> None:
        s.active, s.joined = True, t
        if s.inspected == -1:
            s.since = 0
        income = s.given.pupils * self.derived.income[s.given.phase]
        weak = s.known <= ATTENTION
        cost = self.p.joining_cost + self.p.joining_cost_weak if weak else self.p.joining_cost
        self.reserves += self.p.joiner_reserves_share * income + self.p.joining_grant - cost
        self.income += income

    def _sense(self, t: int, luck: dict[int, list[float]]) -> None:
        p = self.p
        strength = (1.0 - p.sense_assurance) * self.intelligence + p.sense_assurance * p.assurance
        aimed = strength * (1.0 - p.sense_vision * (1.0 - self.vision))
        settled = p.sense_floor + (p.sense_full - p.sense_floor) * aimed
        for s in self._members():
            if luck[s.number][1] < (settled * p.sense_joiner if in_dip(p, s, t) else settled):
                s.known = s.true

    def _plan(self) -> None:
        p, members = self.p, self._members()
        for s in members:
            s.need, s.true_need = need(p, s.known), need(p, s.true)
        self.lead_fte = 0.0
        for post in self.posts:
            if post.in_post:
                self.lead_fte += post.fte * min(1.0, (post.terms + 1.0) / (p.ramp_terms + 1.0))
        released = min(1.0, self.lead_fte / p.leads_to_release)
        self.span = p.lead_span * self.lead_fte + p.exec_span * (1.0 - released)
        self.cover = min(1.0, self.span / len(members))
        self._count("over", len(members) > self.span)
        overstretched = self.in_a_row["over"] >= p.overstretch_terms
        self.stretch = 1.0 - self.cover if overstretched else 0.0

    def _count(self, what: str, beyond: bool) -> None:
        self.in_a_row[what] = self.in_a_row[what] + 1 if beyond else 0

    def _offer(self, s: School) -> float:
        strong = s.known == STRONG
        days = self.p.provider_days_strong if strong else self.p.provider_days_secure
        if s.given.days >= 0.0:
            days = s.given.days
        return float(days * (self.commitment * self.sle_trained))

    def _support(self, t: int) -> None:
        self.pool = self.p.lead_days * (self.span / self.p.lead_span)
        self.lent, members, asked = 0.0, self._members(), 0.0
        for s in members:
            s.offered = s.free = self._offer(s) if is_provider(self.p, s, t) else 0.0
            s.received, s.asked = s.need, s.need * (1.0 / self._efficiency(self.km[s.number][-1]))
            asked += s.asked
        queue = sorted(members, key=lambda s: (s.known, -min(s.waiting, 999), s.number))
        for s in queue if asked > self.pool else []:
            self._serve(s)
        self.pool -= asked if asked <= self.pool else 0.0
        for s in members:
            s.waiting = 0 if s.received >= s.need else s.waiting + 1
            s.lent = s.offered - s.free
            s.dose = min(1.0, s.received / s.true_need) * (self.cover * self.p.process)

    def _serve(self, s: School) -> None:
        if s.asked <= self.pool:
            self.pool -= s.asked
            return
        left, self.pool = s.need - self.pool * self._efficiency(self.km[s.number][-1]), 0.0
        others = self.nearest[s.number] if s.known < SECURE else []
        for other in (self.schools[j] for j in others):
            share = self._efficiency(self.km[s.number][other.number])
            if other.free > 0.0 and left > 0.0:
                enough = other.free * share >= left
                used = left / share if enough else other.free
                left = 0.0 if enough else left - other.free * share
                other.free = max(0.0, other.free - used) if enough else 0.0
                self.lent += used
        s.received = s.need - left

    def _efficiency(self, km: float) -> float:
        return efficiency(self.p, self.derived.loss_per_km, km)

    def _improve(self, t: int, luck: dict[int, list[float]]) -> None:
        p = self.p
        for s in self._members():
            u = luck[s.number][0]
            self.moves[s.true][0] += 1
            if happens_low(u, fall_odds(p, self.derived, s, t, self.stretch)):
                self.moves[s.true][2] += 1
                s.true -= 1
            elif happens_high(u, rise_odds(p, self.derived, s, t)):
                self.moves[s.true][1] += 1
                s.true += 1
            if s.true >= SECURE and s.secured == -1:
                s.secured = t - s.joined + 1

    def _inspect(self, luck: dict[int, list[float]]) -> None:
        p = self.p
        for s in self._members():
            s.since, s.intervened = s.since + 1, False
            _, _, visit, verdict = luck[s.number]
            if not is_visited(p, s, visit):
                continue
            low, high = verdict < p.error_low, verdict > 1.0 - p.error_high
            seen = max(URGENT, s.true - 1) if low else s.true
            seen = min(STRONG, seen + 1) if high and not low else seen
            s.inspected = s.known = seen
            s.since, s.intervened = 0, seen == URGENT

    def _hire(self, t: int) -> None:
        self._renew(t)
        for s in self._members():
            self._head(s, self._uniforms("head term", s.given.key, t // 4)[t % 4])
        wanted = self._leads_wanted(t)
        more = min(math.ceil(wanted), self.slots) - len(self.posts)
        self.posts += [Post() for _ in range(more)]
        lean = self.vision - self.p.vision_middling
        for number, post in enumerate(self.posts):
            u = self._uniforms("lead term", number, t // 2)[2 * (t % 2) :]
            self._fill_or_empty(post, min(1.0, max(0.0, wanted - number)), (u[0], u[1]), lean)

    def _renew(self, t: int) -> None:
        p, every = self.p, self.policy.vision_revisit_terms
        self.vision -= p.vision_decay * self.vision
        if every > 0 and (t + 1) % every == 0:
            self.vision += p.vision_revisit_gain * (1.0 - self.vision)
        gap = p.commitment_ceiling - self.commitment
        if gap > 0.0:
            self.commitment += p.commitment_recovery * self.vision * gap
        invested = p.intelligence_gain * self.policy.intelligence_investment
        self.intelligence += invested * (1.0 - self.intelligence)
        untrained, unready = 1.0 - self.sle_trained, 1.0 - self.pipeline
        self.sle_trained += p.sle_training * untrained - p.sle_attrition * self.sle_trained
        self.pipeline += p.pipeline_training * unready - p.pipeline_attrition * self.pipeline

    def _head(self, s: School, u: float) -> None:
        p = self.p
        chance = p.head_leaves_new if s.head_age < 3 else p.head_leaves
        if s.intervened:
            chance = max(chance, p.intervention_head_change)
        if u < chance:
            s.head_age, s.head_effect = 0, int(p.head_effect_terms)
        else:
            s.head_age, s.head_effect = s.head_age + 1, max(0, s.head_effect - 1)

    def _leads_wanted(self, t: int) -> float:
        soon, by_chance = t + self.policy.hire_ahead_terms, self.policy.offered
        out = [s for s in self.schools if not s.active and not s.declined]
        expected = [s for s in out if s.given.join_term <= soon and (s.offer_open or not by_chance)]
        count = len(self._members()) + len(expected)
        parts = math.ceil(count / self.policy.schools_per_lead / self.p.post_part)
        return 0.0 if count <= self.policy.executive_alone else parts * self.p.post_part

    def _fill_or_empty(
        self, post: Post, asked: float, luck: tuple[float, float], lean: float
    ) -> None:
        p, (leaving, arriving) = self.p, luck
        chance = p.lead_appoint * (1.0 + p.vision_recruits * lean)
        chance *= 1.0 + p.pipeline_recruits * self.pipeline
        appointed = arriving < min(p.surest_appointment, chance)
        if post.in_post and leaving < p.lead_leaves * (1.0 - p.vision_retains * lean):
            post.in_post = False
        elif post.in_post:
            post.terms += 1
            post.fte = max(post.fte, asked) if appointed else post.fte
        elif appointed:
            post.in_post, post.terms, post.fte = True, 0, asked if asked > 0.0 else post.fte

    def _account(self) -> None:
        p, policy = self.p, self.policy
        budget = self.income * policy.top_slice * (1.0 - p.central_share)
        invested = policy.intelligence_investment * p.intelligence_cost * len(self._members())
        leads = leads_in_post(self.posts) * p.lead_cost
        yearly = budget + self.income * p.in_year_balance - leads - invested
        self.reserves += yearly / 3.0 - self.lent * p.sle_day_cost

    def _golden_margin(self, t: int) -> float:
        members, policy, settle = self._members(), self.policy, self.p.settle_terms
        settled = [s for s in members if t - s.joined >= settle and s.given.days != 0.0]
        providers = sum(s.inspected >= SECURE for s in settled)
        urgent = sum(s.inspected == URGENT for s in members)
        attention = sum(s.inspected == ATTENTION for s in members)
        weight = urgent * policy.weight_urgent + attention * policy.weight_attention
        return float(providers - policy.providers_per_weight * weight)

    def _unmet(self) -> float:
        needed = met = 0.0
        for s in self._members():
            needed += s.true_need
            met += min(s.received, s.true_need)
        return 1.0 - met / needed

    def _existing_secure(self) -> float:
        existing = [s for s in self.schools if s.given.existing]
        return sum(s.true >= SECURE for s in existing) / len(existing)

    def _judge(self, t: int) -> None:
        policy = self.policy
        self.golden_margin, self.unmet = self._golden_margin(t), self._unmet()
        fallen = self._existing_secure() < self.start_secure - policy.existing_fall - 1e-9
        self._count("golden", self.golden_margin < 0.0)
        self._count("unmet", self.unmet > policy.unmet_need)
        self._count("fall", fallen)
        beyond = {
            "golden rule": self.in_a_row["golden"] > policy.grace_terms,
            "overstretch": self.in_a_row["over"] >= self.p.overstretch_terms,
            "unmet need": self.in_a_row["unmet"] > policy.grace_terms,
            "existing schools": self.in_a_row["fall"] > policy.grace_terms,
            "reserves": self.reserves < policy.reserves_floor * self.income,
        }
        for applies, (limit, is_beyond) in zip(policy.apply, beyond.items(), strict=True):
            if applies and is_beyond and self.breach[limit] == -1:
                self.breach[limit] = t

    def _now(self) -> dict[str, float]:
        members, secure, pupils, pupils_secure = self._members(), 0, 0.0, 0.0
        for s in members:
            pupils += s.given.pupils
            if s.true >= SECURE:
                secure, pupils_secure = secure + 1, pupils_secure + s.given.pupils
        return {
            "schools": len(members),
            "secure_share": secure / len(members),
            "existing_secure_share": self._existing_secure(),
            "pupils_secure_share": pupils_secure / pupils,
            "capacity_use": len(members) / self.span,
            "golden_margin": self.golden_margin,
            "unmet_share": self.unmet,
            "commitment": self.commitment,
            "vision": self.vision,
            "intelligence": self.intelligence,
            "leads": leads_in_post(self.posts),
            "vacancies": sum(not post.in_post for post in self.posts),
            "reserves_share": self.reserves / self.income,
        }
