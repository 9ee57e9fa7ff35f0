"""The plan of an analysis of impact, written down before its outcome is looked at."""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict, dataclass
from typing import Literal

from workbench.parameters.research import ImpactRules, load_research

Comparison = Literal["never and not yet", "never"]
Adjusted = Literal["nothing", "earlier numbers"]


@dataclass(frozen=True)
class Plan:
    """What is analysed, and how.

    Attributes:
        fewest_schools: A cell with fewer supported or comparison schools is left out.
        fewest_trusts: A cell with supported schools of fewer trusts is left out.
        power: Power at which the detectable effect is stated.
        picked_share: Share of the weakest schools shown moving with no support.
        placebo_periods: Periods before the true joining at which none is tried.
        most_comparison_schools: Comparison schools that the mixed model takes.
        grade_years_after: Years since joining in which a first inspection counts.
        grade_years_before: Years before joining in which differences of grades are looked at.
        comparison: Schools compared with: never or not yet supported, or never alone.
        adjusted: Whether supported and other schools are compared at equal numbers in the two
            periods before (`earlier numbers`), against regression to the mean.
        confidence: Nominal coverage of intervals.
    """

    fewest_schools: int
    fewest_trusts: int
    power: float
    picked_share: float
    placebo_periods: int
    most_comparison_schools: int
    grade_years_after: int
    grade_years_before: int
    comparison: Comparison = "never and not yet"
    adjusted: Adjusted = "nothing"
    confidence: float = 0.95


def declared_plan(
    *,
    comparison: Comparison = "never and not yet",
    adjusted: Adjusted = "nothing",
    rules: ImpactRules | None = None,
) -> Plan:
    """Return a plan with the numbers of `parameters/research.yaml`.

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
        grade_years_after=int(rules.grade_years_after.value),
        grade_years_before=int(rules.grade_years_before.value),
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
