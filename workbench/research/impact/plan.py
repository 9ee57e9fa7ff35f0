"""The plan of an analysis of impact: all that is chosen, in one place that it reads.

What cannot be chosen is no part of it: a school whose joining bears no date has no cohort, and one
supported from the first period on has nothing to change from.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict, dataclass, fields
from typing import Literal, get_args, get_type_hints

from workbench.errors import BadInput
from workbench.parameters.research import ImpactRules, load_research

Comparison = Literal["never and not yet", "never"]
Adjusted = Literal["nothing", "earlier numbers"]
Averaged = Literal["cohorts by their schools", "schools and periods alike"]
Within = Literal["group", "nothing"]
Clusters = Literal["trust", "school"]
SupportFrom = Literal["the year of joining", "the year after"]
Departs = Literal["straight line", "lasting gap"]
Alike = Literal["last two grades", "last two grades and their age", "nothing"]
Written = Literal["in part before results", "after results"]
Excluded = Literal["not known as state-funded", "trust became multi-academy", "trust renumbered"]
ExcludedOfGrades = Literal[
    "trust became multi-academy", "trust renumbered", "may have been in another trust before"
]


@dataclass(frozen=True)
class PlannedOutcome:
    """An outcome that was planned for.

    Attributes:
        name: Its name: one of `published.OUTCOMES`, or `published.GRADE_OUTCOME`.
        written: Whether its plan was written before results could be seen. *In part*: comparison,
            estimator and numbers were, the list of outcomes and whom to leave out were not. What
            was planned after results is exploratory: a finding to be tried on other years.
    """

    name: str
    written: Written


@dataclass(frozen=True)
class GradePlan:
    """How grades are compared.

    Attributes:
        years_after: Years since joining in which a first inspection counts.
        years_before: Years before joining in which differences of grades are looked at.
        good_up_to: Poorest grade that is the outcome wanted: 2, good.
        last_grades: Last grades before joining of the schools in the planned effect.
        alike: What equals share beside their group.
        comparison: Equals are schools that had not joined by their own inspection, or never did.
        inspections_since: Inspections since joining that count: the first alone, or more.
        fewest_equals: Comparison schools below which a cell of equals is left out: of one, its own
            luck cannot be told from the rest.
        excluded: Schools left out that could have been kept.
        departs: How schools may have differed before joining for a reason that goes on.
    """

    years_after: int
    years_before: int
    good_up_to: int = 2
    last_grades: tuple[int, ...] = (3,)
    alike: Alike = "last two grades"
    comparison: Comparison = "never and not yet"
    inspections_since: int = 1
    fewest_equals: int = 2
    excluded: tuple[ExcludedOfGrades, ...] = get_args(ExcludedOfGrades)
    departs: Departs = "lasting gap"

    def __post_init__(self) -> None:
        _refuse_unknown(self)


@dataclass(frozen=True)
class Plan:
    """What is analysed, and how.

    Attributes:
        outcomes: The outcomes planned for; any other is a search for questions.
        excluded: Schools left out that could have been kept.
        support_from: The first academic year that counts as one with support.
        averaged: The estimand: the mean over each cohort's periods, cohorts counting by their
            schools; or over all schools and periods alike.
        base: Periods before support began from which changes count: 1, the last before.
        comparison: Schools compared with: never or not yet supported, or never alone.
        within: Whether schools are compared within their group, such as a phase.
        adjusted: Whether supported and other schools are compared at equal numbers in periods
            before (`earlier numbers`), against regression to the mean.
        earlier_periods: How many such periods.
        clusters: What shares its luck: a trust's schools, or each school alone.
        confidence: Nominal coverage of intervals; a check speaks against an effect where its
            interval leaves zero out.
        fewest_schools: A cell with fewer supported or comparison schools is left out.
        fewest_trusts: A cell with supported schools of fewer trusts is left out.
        power: Power at which the smallest effect, and the smallest departure before support, that
            would be found are stated.
        before_level: Level of the test that differences before support began are zero together.
        departs: How paths may have drifted apart before support began and go on to.
        placebo_periods: Periods before the true joining at which none is tried.
        picked_share: Share of the weakest schools shown moving with no support.
        most_comparison_schools: Comparison schools that the mixed model takes.
        grades: How grades are compared.
    """

    fewest_schools: int
    fewest_trusts: int
    power: float
    picked_share: float
    placebo_periods: int
    most_comparison_schools: int
    grades: GradePlan
    outcomes: tuple[PlannedOutcome, ...] = (
        PlannedOutcome("absence_percent", "in part before results"),
        PlannedOutcome("persistent_absence_percent", "in part before results"),
        PlannedOutcome("key_stage_2_expected_percent", "in part before results"),
        PlannedOutcome("attainment_8", "in part before results"),
        PlannedOutcome("good_or_better", "after results"),
    )
    excluded: tuple[Excluded, ...] = get_args(Excluded)
    support_from: SupportFrom = "the year of joining"
    averaged: Averaged = "cohorts by their schools"
    base: int = 1
    comparison: Comparison = "never and not yet"
    within: Within = "group"
    adjusted: Adjusted = "nothing"
    earlier_periods: int = 2
    clusters: Clusters = "trust"
    confidence: float = 0.95
    before_level: float = 0.05
    departs: Departs = "straight line"

    def __post_init__(self) -> None:
        _refuse_unknown(self)
        if self.base < 1 or self.earlier_periods < 1 or self.placebo_periods < 1:
            raise BadInput(
                "changes count from a period before support began",
                rule="base, earlier_periods and placebo_periods are 1 or more",
                mend="write a whole number from 1",
            )

    def written(self, outcome: str) -> Written | None:
        """Return when an outcome's plan was written; None if the outcome was not planned for."""
        return {one.name: one.written for one in self.outcomes}.get(outcome)


def declared_plan(
    *,
    comparison: Comparison = "never and not yet",
    adjusted: Adjusted = "nothing",
    rules: ImpactRules | None = None,
) -> Plan:
    """Return the declared choices with the numbers of `parameters/research.yaml`.

    Args:
        comparison: Schools compared with.
        adjusted: What they are compared at.
        rules: The declared numbers; read if not given.
    """
    rules = rules or load_research().impact
    return Plan(
        fewest_schools=int(rules.fewest_schools.value),
        fewest_trusts=int(rules.fewest_trusts.value),
        power=rules.power.value,
        picked_share=rules.picked_share.value,
        placebo_periods=int(rules.placebo_periods.value),
        most_comparison_schools=int(rules.most_comparison_schools.value),
        grades=GradePlan(int(rules.grade_years_after.value), int(rules.grade_years_before.value)),
        comparison=comparison,
        adjusted=adjusted,
    )


def digest(plan: Plan) -> str:
    """Return twelve figures that change with any part of a plan.

    A plan is registered by its digest: written down before an outcome is looked at, it shows
    afterwards whether this was the plan.
    """
    written = json.dumps(asdict(plan), sort_keys=True)
    return hashlib.sha256(written.encode()).hexdigest()[:12]


def _refuse_unknown(plan: Plan | GradePlan) -> None:
    """Refuse a choice that the analysis does not know, which it would otherwise pass over."""
    hints = get_type_hints(type(plan))
    for field in fields(plan):
        value, known = getattr(plan, field.name), get_args(hints[field.name])
        if field.name == "excluded":
            known = get_args(known[0])
        chosen = value if field.name == "excluded" else [value] if isinstance(value, str) else []
        strange = [one for one in chosen if one not in known]
        if strange:
            raise BadInput(
                f"a plan knows no {field.name} {strange[0]!r}",
                rule=f"one of {', '.join(map(str, known))}",
                mend="write one of them",
            )
