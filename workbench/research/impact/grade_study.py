"""An event study of grades: how often schools are found good or better, by years since joining.

Each school that joined is held against schools that had not joined by the day of the inspection
that is compared: never, or later. Cohorts are those that joined on one day, and only inspections in
the same year since that day are compared. These are the group-time effects of B. Callaway and P. H.
C. Sant'Anna, "Difference-in-differences with multiple time periods", Journal of Econometrics 225
(2021), 200-230, with not-yet-treated comparisons; the covariates are few and whole, so that their
outcome regression is the mean of each cell of equals. Matching at the day of joining on what was
known by then: Y. P. Li, K. J. Propert and P. R. Rosenbaum, "Balanced risk set matching", Journal of
the American Statistical Association 96 (2001), 870-882.

What is compared is the plan's (`plan.GradePlan`). As declared only the first inspection after the
day counts: of schools at requires improvement or below it is a full one whoever they are, and no
comparison school is lost by a joining that it brought about.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from workbench.errors import BadInput
from workbench.measures.clustered import Estimate
from workbench.measures.departure import Departure
from workbench.measures.joint import Joint
from workbench.research.impact.departures import departure_of_grades, grades_before
from workbench.research.impact.grade_history import NEVER_JOINED, GradeHistory
from workbench.research.impact.plan import Alike, GradePlan, Plan, declared_plan

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
Mask = npt.NDArray[np.bool_]

_YEAR = 365.25  # days


@dataclass(frozen=True)
class GradeStudy:
    """What the comparison of grades found, in percentage points of schools good or better.

    Attributes:
        overall: Mean effect at the first inspection after joining, each school counting alike.
        by_since: One row a year since joining that is shown: since (below zero before it), schools,
            trusts, comparison (schools), joined_percent and others_percent (found good or better,
            or the change of that), estimate, low, high, detectable.
        before: Test that all differences before joining are zero; missing with fewer than two.
        departure: How far equals may have differed before; missing where no year is shown.
        schools: Schools that joined and have an equal.
        trusts: Their trusts.
        unmatched: Schools that joined and were inspected, but have no equal.
        hidden: Years left out for having too few schools or trusts.
    """

    overall: Estimate
    by_since: pd.DataFrame
    before: Joint | None
    departure: Departure | None
    schools: int
    trusts: int
    unmatched: int
    hidden: int


@dataclass(frozen=True)
class _Rows:
    """Inspections compared: one row an inspection, cohort and side."""

    cell: Ints
    since: Ints
    school: Ints
    joined: Mask
    outcome: Floats

    def of(self, chosen: Mask) -> _Rows:
        return _Rows(self.cell[chosen], self.since[chosen], self.school[chosen],
                     self.joined[chosen], self.outcome[chosen])  # fmt: skip


def grade_study(
    history: GradeHistory,
    plan: Plan | None = None,
    *,
    last_grades: tuple[int, ...] | None = None,
    alike: Alike | None = None,
) -> GradeStudy:
    """Compare grades by years since joining.

    Args:
        history: Schools and their inspections.
        plan: The analysis plan; the declared one if none is given.
        last_grades: Grades at the last inspection before joining of the schools that are compared,
            where not the planned ones.
        alike: What equals share beside their group, where not as planned: the last two grades; or
            also the age of the last, to two years; or nothing. With nothing the change from the
            last grade is compared, which takes the rise from a grade that was low by luck for an
            effect.

    Raises:
        BadInput: Too few schools or trusts joined that have an equal.
    """
    plan = plan or declared_plan()
    asked = plan.grades
    rows = _collected(history, asked, last_grades or asked.last_grades, alike or asked.alike)
    after = rows.joined & (rows.since >= 0)
    inspected = len(np.unique(rows.school[after]))
    rows = _with_equals(rows, asked.fewest_equals)
    after = rows.since >= 0
    found = _effect(rows.of(after), history, plan)
    if found is None:
        raise BadInput(
            "too few schools that joined have an equal that had not",
            rule=f"{plan.fewest_schools} schools of {plan.fewest_trusts} trusts on either side",
            mend="bring more years of inspections and memberships",
        )
    shown, hidden, early, years = [], 0, [], []
    for since in np.unique(rows.since):
        one = _effect(rows.of(rows.since == since), history, plan)
        if one is None:
            hidden += 1
            continue
        shown.append(_row(int(since), one, plan))
        if since < 0:
            early.append((one.estimate, one.pull))
            years.append(int(since))
    mean_since = float(rows.since[after & rows.joined].mean())
    return GradeStudy(
        overall=found.estimate, by_since=pd.DataFrame(shown), before=grades_before(early),
        departure=departure_of_grades(
            (found.estimate, found.pull), early, years, mean_since, plan
        ),
        schools=found.schools, trusts=found.trusts, unmatched=inspected - found.schools,
        hidden=hidden,
    )  # fmt: skip


def _collected(
    history: GradeHistory, plan: GradePlan, last_grades: tuple[int, ...], alike: Alike
) -> _Rows:
    """Return every inspection compared, cohort by cohort."""
    starts = np.searchsorted(history.school, np.arange(len(history.joined) + 1))
    parts: list[_Rows] = []
    cells = 0
    last = history.joined.max(initial=0, where=history.joined < NEVER_JOINED)
    for day in np.unique(history.joined[history.joined <= last]):
        one = _cohort(history, starts, int(day), plan=plan, last_grades=last_grades, alike=alike)
        if one is not None:
            parts.append(_Rows(one.cell + cells, one.since, one.school, one.joined, one.outcome))
            cells += int(one.cell.max()) + 1
    if not parts:
        nothing = np.empty(0, dtype=np.int64)
        return _Rows(nothing, nothing, nothing, nothing.astype(bool), nothing.astype(float))
    return _Rows(*(np.concatenate([getattr(one, name) for one in parts])
                   for name in ("cell", "since", "school", "joined", "outcome")))  # fmt: skip


def _cohort(
    history: GradeHistory, starts: Ints, day: int, *, plan: GradePlan,
    last_grades: tuple[int, ...], alike: Alike,
) -> _Rows | None:  # fmt: skip
    """Return what is compared for the schools that joined on a day; None without any."""
    schools, at = last_before(history, starts, day)
    wanted = np.isin(history.grade[at - 1], last_grades)
    schools, at = schools[wanted], at[wanted]
    if not (history.joined[schools] == day).any():
        return None
    used = 1 if alike == "nothing" else 2
    chosen, place = _inspections(starts, schools, at, used, plan.inspections_since)
    own, when = schools[chosen], history.day[place]
    since = np.floor((when - day) / _YEAR).astype("int64")
    mine = history.joined[own] == day
    kept = (since >= -plan.years_before) & (since < plan.years_after)
    until = when if plan.comparison == "never and not yet" else NEVER_JOINED - 1
    kept &= mine | (history.joined[own] > until)
    if not kept.any():
        return None
    outcome = np.where(history.grade[place] <= plan.good_up_to, 100.0, 0.0)
    if alike == "nothing":
        outcome -= np.where(history.grade[at - 1] <= plan.good_up_to, 100.0, 0.0)[chosen]
    equals = _equals(history, starts, day, schools=schools, at=at, alike=alike)[chosen]
    number = np.unique((equals * 1000 + since + 500)[kept], return_inverse=True)[1]
    return _Rows(number, since[kept], own[kept], mine[kept], outcome[kept])


def last_before(history: GradeHistory, starts: Ints, day: int) -> tuple[Ints, Ints]:
    """Return schools that had not joined before a day and were inspected before it.

    Args:
        history: Schools and their inspections.
        starts: Place of each school's first inspection, and the number of all: n + 1.
        day: The day.

    Returns:
        The schools, and the place of the inspection after each one's last before the day.
    """
    counted = np.concatenate([[0], np.cumsum(history.day < day)])
    earlier = counted[starts[1:]] - counted[starts[:-1]]
    schools = np.flatnonzero((history.joined >= day) & (earlier > 0))
    return schools, starts[schools] + earlier[schools]


def _inspections(
    starts: Ints, schools: Ints, at: Ints, used: int, counted: int
) -> tuple[Ints, Ints]:
    """Return whose inspection, and its place: those counted since, and those before the used."""
    chosen, places = [], []
    for ahead in range(counted):
        has = np.flatnonzero(at + ahead < starts[schools + 1])
        chosen.append(has)
        places.append(at[has] + ahead)
    earlier = at - starts[schools]
    for back in range(used + 1, int(earlier.max()) + 1):
        has = np.flatnonzero(earlier >= back)
        chosen.append(has)
        places.append(at[has] - back)
    return np.concatenate(chosen), np.concatenate(places)


def _equals(
    history: GradeHistory, starts: Ints, day: int, *, schools: Ints, at: Ints, alike: Alike
) -> Ints:
    """Return a number that schools share with their equals alone."""
    if alike == "nothing":
        return history.group[schools]
    # Zero stands for no grade before the last: such schools are equals of each other.
    two = at - starts[schools] > 1
    numbers = np.where(two, history.grade[at - 2], 0) + 10 * history.grade[at - 1]
    numbers = numbers + 100 * history.group[schools]
    if alike == "last two grades":
        return numbers
    age = np.floor((day - history.day[at - 1]) / (2 * _YEAR)).astype("int64")
    return np.asarray(numbers * 100 + np.minimum(age, 99), dtype=np.int64)


def _with_equals(rows: _Rows, fewest: int) -> _Rows:
    """Return the rows of cells with a school that joined and enough that had not."""
    mine = np.bincount(rows.cell, rows.joined)
    others = np.bincount(rows.cell, ~rows.joined)
    return rows.of(((mine > 0) & (others >= fewest))[rows.cell])


@dataclass(frozen=True)
class _Effect:
    """An effect with what it rests on; pull: what each cluster bears on it, by cluster's number."""

    estimate: Estimate
    joined_mean: float
    others_mean: float
    schools: int
    trusts: int
    comparison: int
    pull: pd.Series


def _effect(rows: _Rows, history: GradeHistory, plan: Plan) -> _Effect | None:
    """Return the mean over schools that joined of their outcome less that of their equals.

    Its doubt is the spread between clusters of what each bears on it (its influence function), a
    comparison school's residual being freed of what its cell's mean took (HC2). The t distribution
    has the number of trusts that equals theirs in doubt, less one, where their schools are unequal
    in number (A. V. Carter, K. T. Schnepel and D. G. Steigerwald, "Asymptotic behavior of a t-test
    robust to cluster heterogeneity", Review of Economics and Statistics 99 (2017), 698-709, whose
    measure this is where clusters differ in size alone).
    """
    mine = rows.joined
    schools, trusts = np.unique(rows.school[mine]), history.cluster[rows.school[mine]]
    sizes = np.unique(trusts, return_counts=True)[1]
    comparison = len(np.unique(rows.school[~mine]))
    if min(len(schools), comparison) < plan.fewest_schools or len(sizes) < plan.fewest_trusts:
        return None
    inside = np.bincount(rows.cell, mine)
    beside = np.bincount(rows.cell, ~mine)
    means = np.bincount(rows.cell, rows.outcome * ~mine) / np.maximum(beside, 1)
    expected, total = means[rows.cell], mine.sum()
    value = float((rows.outcome - expected)[mine].mean())
    weight = (inside / np.sqrt(np.maximum(beside * (beside - 1.0), 1.0)))[rows.cell]
    residual = rows.outcome - expected
    pull = np.where(mine, residual - value, -weight * residual) / total
    by_cluster = pd.Series(pull).groupby(history.cluster[rows.school]).sum()
    alike = float(sizes.sum() ** 2 / (sizes**2).sum())
    variance = float((by_cluster**2).sum()) * alike / (alike - 1) if alike > 1 else 0.0
    if variance <= 0.0:
        return None
    estimate = Estimate(value, float(np.sqrt(variance)), alike - 1, plan.confidence)
    return _Effect(
        estimate, float(rows.outcome[mine].mean()), float(expected[mine].mean()), len(schools),
        len(sizes), comparison, by_cluster,
    )  # fmt: skip


def _row(since: int, one: _Effect, plan: Plan) -> dict[str, float | int]:
    interval = one.estimate.interval
    return {
        "since": since, "schools": one.schools, "trusts": one.trusts,
        "comparison": one.comparison, "joined_percent": one.joined_mean,
        "others_percent": one.others_mean, "estimate": one.estimate.value,
        "low": interval.lower, "high": interval.upper,
        "detectable": one.estimate.detectable(plan.power),
    }  # fmt: skip
