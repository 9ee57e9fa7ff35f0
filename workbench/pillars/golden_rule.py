"""The golden rule: does a trust have enough schools that can give support for those that need it?

Each school is a provider, a recipient, neutral, unrated, or a *possible provider*: one that meets
every condition that could be looked at, while the data on another (its free days, its date of
joining) is lacking. The rule is met when it holds without the possible providers, failed when it
does not hold even with all of them, and undecided in between: what is not known is never read
as zero.

Unrated schools are read in two ways, as the policy says: strictly (they may need support) and
leniently (neutral). Where the two readings differ, the verdict as a whole is undecided.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Literal

import pandas as pd

from workbench.parameters.golden_rule import READINGS, GoldenRulePolicy, Reading
from workbench.pillars.indicator import counted
from workbench.pillars.once import once_a_trust
from workbench.pillars.standings import Standing, standings
from workbench.trust.load import Trust

RoleName = Literal["provider", "possible provider", "neutral", "recipient", "unrated"]
Verdict = Literal["met", "failed", "no recipients", "undecided"]
_TOLERANCE = 1e-9


@dataclass(frozen=True)
class Role:
    """What one school is under a policy.

    Attributes:
        name: Provider, possible provider, neutral, recipient or unrated.
        reason: Why, in words.
        strict: Weight as a recipient if unrated schools may need support.
        lenient: Weight as a recipient if unrated schools are neutral.
        lacking: What is not known about the school and would matter.
    """

    name: RoleName
    reason: str
    strict: float = 0.0
    lenient: float = 0.0
    lacking: tuple[str, ...] = ()


@dataclass(frozen=True)
class Answer:
    """The rule in one reading of unrated schools.

    Attributes:
        reading: "strict" or "lenient".
        providers: Schools certain to be providers.
        possible_providers: Further schools that may be.
        recipients: Schools with a recipient weight.
        weight: Sum of the recipient weights.
        needed: Providers asked for: ratio x weight.
        verdict: Met, failed, no recipients or undecided.
    """

    reading: Reading
    providers: int
    possible_providers: int
    recipients: int
    weight: float
    needed: float
    verdict: Verdict

    @property
    def margin(self) -> float:
        """Providers to spare (negative: missing), counting only those that are certain."""
        return self.providers - self.needed

    @property
    def possible_margin(self) -> float:
        """Providers to spare if every possible provider is one."""
        return self.margin + self.possible_providers


@dataclass(frozen=True)
class GoldenRuleVerdict:
    """The golden rule for one trust under one policy.

    Attributes:
        policy: Title of the policy.
        schools: Number of schools.
        unrated: Schools without a judgement under their present URN.
        strict: The answer that takes unrated schools for recipients, as the policy weighs them.
        lenient: The answer that leaves them neutral.
        by_school: Each school's role, by URN.
        lacking: What the data does not say and might change the verdict, in words.
    """

    policy: str
    schools: int
    unrated: int
    strict: Answer
    lenient: Answer
    by_school: Mapping[int, Role]
    lacking: tuple[str, ...]

    def schools_as(self, role: RoleName) -> list[int]:
        """Return the URNs of the schools with a role."""
        return [urn for urn, found in self.by_school.items() if found.name == role]

    @property
    def roles(self) -> pd.DataFrame:
        """One row per school: urn, role, weight_strict, weight_lenient, reason."""
        columns = {"urn": "int64", "role": "str", "weight_strict": "float64"}
        columns |= {"weight_lenient": "float64", "reason": "str"}
        rows = [(u, r.name, r.strict, r.lenient, r.reason) for u, r in self.by_school.items()]
        return pd.DataFrame(rows, columns=list(columns)).astype(columns)

    @property
    def verdict(self) -> Verdict:
        """The verdict on which both readings agree, else undecided."""
        same = self.strict.verdict == self.lenient.verdict
        return self.strict.verdict if same else "undecided"


def judge(standings: pd.DataFrame, policy: GoldenRulePolicy) -> GoldenRuleVerdict:
    """Judge a trust by the golden rule.

    Args:
        standings: One row per school, as `workbench.pillars.standings.standings` gives it.
        policy: The reading of the rule.
    """
    roles = [role_of(standing, policy) for standing in Standing.each(standings)]
    strict, lenient = (_answer(reading, roles, policy) for reading in READINGS)
    return GoldenRuleVerdict(
        policy=policy.title,
        schools=len(roles),
        unrated=sum(role.name == "unrated" for role in roles),
        strict=strict,
        lenient=lenient,
        by_school={int(urn): role for urn, role in zip(standings["urn"], roles, strict=True)},
        lacking=tuple(_lacking(roles, strict, lenient)),
    )


@once_a_trust
def verdict_on(trust: Trust, policy: GoldenRulePolicy) -> GoldenRuleVerdict:
    """Return the verdict on a trust under a policy, where its schools stand on its own day."""
    return judge(standings(trust), policy)


def role_of(standing: Standing, policy: GoldenRulePolicy) -> Role:
    """Decide what one school is under a policy, and say why."""
    if not standing.rated:
        before = standing.predecessor_inspected
        seen = f"; its predecessor was inspected on {_day(before)}" if before else ""
        return Role(
            "unrated",
            f"no judgement under its present URN{seen}",
            policy.unrated.strict.value,
            policy.unrated.lenient.value,
            ("a judgement under the present URN",),
        )
    weight, why = _weight(standing, policy)
    found = f"{_found(standing)} ({_day(standing.inspection_date)})"
    if weight > 0:
        return Role("recipient", f"{found}: {why}, weight {weight:g}", weight, weight)
    shortfalls, unknown, met = _conditions(standing, policy)
    if shortfalls:
        return Role("neutral", f"{found}, but {'; '.join(shortfalls)}")
    if unknown:
        reason = f"{', '.join([found, *met])}; {' and '.join(unknown)} not known"
        return Role("possible provider", reason, lacking=tuple(unknown))
    return Role("provider", ", ".join([found, *met]))


def _weight(standing: Standing, policy: GoldenRulePolicy) -> tuple[float, str]:
    """The heaviest recipient weight that applies, with its reason; each era by its own words."""
    weights = policy.weights
    worst = standing.worst_judgement
    attention = standing.below_expected_areas - standing.urgent_areas
    applies = (
        (standing.category is not None, weights.category, "in a category of concern"),
        (standing.safeguarding_met is False, weights.category, "safeguarding not met"),
        (standing.urgent_areas > 0, weights.urgent, "urgent improvement needed"),
        (
            standing.leadership_needs_attention,
            weights.leadership_needs_attention,
            "leadership and governance below the expected standard",
        ),
        (attention > 0, weights.needs_attention, "an area needs attention"),
        (worst == "inadequate", weights.inadequate, "below good"),
        (worst == "requires improvement", weights.requires_improvement, "below good"),
    )
    found = [(quantity.value, why) for holds, quantity, why in applies if holds]
    return max(found, key=lambda pair: pair[0], default=(0.0, ""))


def _conditions(
    standing: Standing, policy: GoldenRulePolicy
) -> tuple[list[str], list[str], list[str]]:
    """What keeps a sound school from providing, what is not known, and what it meets."""
    shortfalls: list[str] = []
    unknown: list[str] = []
    met: list[str] = []
    asked = (
        (policy.settled_terms.value, standing.terms_in_trust, "in the trust", "date of joining"),
        (policy.sustained_terms.value, standing.terms_sustained, "sustained", "date of judgement"),
    )
    for least, terms, what, named in asked:
        if least == 0:
            continue
        if terms is None:
            unknown.append(named)
        elif terms < least:
            shortfalls.append(f"{what} for {counted(terms, 'term')} where {least:g} are asked")
        else:
            met.append(f"{what} for {counted(terms, 'term')}")
    if policy.spare_days is not None:
        declared = standing.spare_days_age is not None and (
            standing.spare_days_age <= policy.declared_terms.value
        )
        days = standing.spare_days if declared else None
        if days is None:
            unknown.append("spare days")
        elif days <= policy.spare_days.value:
            shortfalls.append(f"{days:g} days to give this term")
        else:
            met.append(f"{days:g} days to give")
    return shortfalls, unknown, met


def _answer(reading: Reading, roles: list[Role], policy: GoldenRulePolicy) -> Answer:
    weights = [role.strict if reading == "strict" else role.lenient for role in roles]
    providers = sum(role.name == "provider" for role in roles)
    possible = sum(role.name == "possible provider" for role in roles)
    weight = sum(weights)
    needed = policy.ratio.value * weight
    return Answer(
        reading=reading,
        providers=providers,
        possible_providers=possible,
        recipients=sum(weight > 0 for weight in weights),
        weight=weight,
        needed=needed,
        verdict=_verdict(weight, providers, possible, needed),
    )


def _verdict(weight: float, providers: int, possible: int, needed: float) -> Verdict:
    if weight == 0:
        return "no recipients"
    if providers >= needed - _TOLERANCE:
        return "met"
    if providers + possible < needed - _TOLERANCE:
        return "failed"
    return "undecided"


def _lacking(roles: list[Role], strict: Answer, lenient: Answer) -> Iterable[str]:
    """Name what is lacking, with the number of schools, where it could change the verdict."""
    in_doubt = "undecided" in (strict.verdict, lenient.verdict)
    judged_otherwise = strict.verdict != lenient.verdict or (
        in_doubt and strict.weight != lenient.weight
    )
    counts: dict[str, int] = {}
    for role in roles:
        matters = judged_otherwise if role.name == "unrated" else in_doubt
        for what in role.lacking if matters else ():
            counts[what] = counts.get(what, 0) + 1
    for what, count in counts.items():
        yield f"{what} of {counted(count, 'school')}"


def _found(standing: Standing) -> str:
    if standing.framework == "report card":
        below = standing.below_expected_areas
        areas = counted(below, "area") if below else "no area"
        return f"report card with {areas} below the expected standard"
    if standing.overall is not None:
        return str(standing.overall)
    return f"no overall grade, lowest judgement {standing.worst_judgement}"


def _day(day: pd.Timestamp | None) -> str:
    return f"{day.day} {day:%B %Y}" if day is not None else "date not known"
