"""Did joining a trust change grades? The planned comparison, and what it must be held against."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd

from workbench.errors import BadInput
from workbench.research.impact.grade_history import NEVER_JOINED, GradeHistory, published_grades
from workbench.research.impact.grade_study import GradeStudy, grade_study, last_before
from workbench.research.impact.made_up_inspections import PlantedGrades, made_up_inspections
from workbench.research.impact.plan import Plan, declared_plan
from workbench.research.impact.published import GRADE_OUTCOME

__all__ = ["GRADE_OUTCOME", "GradeAnalysis", "analyse_grades", "last_grades_at_joining"]

GRADES = (1, 2, 3, 4)


@dataclass(frozen=True)
class GradeAnalysis:
    """What was compared and what came of it; what cannot be had is missing, with the reason.

    Attributes:
        history: Schools and their inspections.
        plan: The plan.
        planned: As planned: schools last at requires improvement, equals by their last two grades.
        aged: The same, equals also by the age of the last grade.
        everyone: All schools with an earlier grade, equals by nothing but their group.
        by_last: One study of equals for each last grade that has enough schools.
        at_joining: See `last_grades_at_joining`.
        missing: What could not be had, with the reason.
        planted: The planted effect, where schools are made up.
    """

    history: GradeHistory
    plan: Plan
    planned: GradeStudy
    aged: GradeStudy | None
    everyone: GradeStudy | None
    by_last: dict[int, GradeStudy]
    at_joining: pd.DataFrame
    missing: dict[str, str]
    planted: PlantedGrades | None = None

    @property
    def alike_before(self) -> bool | None:
        """Whether the planned test tells earlier grades apart from none; None if it cannot."""
        test = self.planned.before
        return None if test is None else test.p_value >= self.plan.before_level


def analyse_grades(source: str, plan: Plan | None = None, *, seed: int = 2026) -> GradeAnalysis:
    """Carry out the plan for grades.

    Args:
        source: `demo` for made-up schools, else a folder of published files or a built panel.
        plan: The analysis plan; the declared one if none is given.
        seed: Seed of made-up schools.

    Raises:
        BadInput: The folder cannot be read, or too few schools joined that have an equal.
    """
    plan = plan or declared_plan()
    planted = PlantedGrades() if source == "demo" else None
    if planted is None:
        history = published_grades(Path(source), plan)
    else:
        history = made_up_inspections(planted, seed=seed)
    missing: dict[str, str] = {}
    by_last = {}
    for grade in GRADES:
        try:
            by_last[grade] = grade_study(history, plan, last_grades=(grade,))
        except BadInput as reason:
            missing[f"last grade {grade}"] = reason.what
    planned_for = plan.grades.last_grades
    planned = by_last.get(planned_for[0]) if len(planned_for) == 1 else None
    if planned is None:
        planned = grade_study(history, plan)
    aged = everyone = None
    try:
        aged = grade_study(history, plan, alike="last two grades and their age")
    except BadInput as reason:
        missing["equals by age of the grade"] = reason.what
    try:
        everyone = grade_study(history, plan, last_grades=GRADES, alike="nothing")
    except BadInput as reason:
        missing["all schools"] = reason.what
    return GradeAnalysis(
        history, plan, planned, aged, everyone, by_last,
        last_grades_at_joining(history), missing, planted,
    )  # fmt: skip


def last_grades_at_joining(history: GradeHistory) -> pd.DataFrame:
    """Return which last grades schools had that joined, and others on the same days.

    Returns:
        One row a grade: grade, joined (schools that joined with it), joined_share and others_share
        (of all that had a grade; each day's schools outside count by how many joined on it).
    """
    starts = np.searchsorted(history.school, np.arange(len(history.joined) + 1))
    joined, others = np.zeros(len(GRADES)), np.zeros(len(GRADES))
    for day in np.unique(history.joined[history.joined < NEVER_JOINED]):
        schools, at = last_before(history, starts, int(day))
        mine, last = history.joined[schools] == day, history.grade[at - 1] - 1
        inside = np.bincount(last[mine], minlength=len(GRADES))
        beside = np.bincount(last[~mine], minlength=len(GRADES))
        joined += inside
        if beside.sum():
            others += inside.sum() * beside / beside.sum()
    return pd.DataFrame(
        {
            "grade": GRADES,
            "joined": joined.astype("int64"),
            "joined_share": joined / max(joined.sum(), 1.0),
            "others_share": others / max(others.sum(), 1.0),
        }
    )
