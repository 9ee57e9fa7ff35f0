"""The process pillar: is support mobilised swiftly, and by protocol rather than by one person?"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from types import MappingProxyType

import pandas as pd

from workbench.measures.resampling import median_interval
from workbench.pillars.indicator import Measured, counted, measured, not_applicable, not_enough
from workbench.pillars.measuring import (
    Measure,
    borne,
    due_by_now,
    measure,
    middle_day,
    share_of,
)
from workbench.pillars.scope import Scope

SLOWEST = 0.9  # the tenth that waits longest begins here


def process(scope: Scope) -> tuple[Measured, ...]:
    """Measure the process pillar of a trust or school, in the declared order."""
    return measure(scope, "process", MEASURES)


def projects_open(scope: Scope) -> pd.DataFrame:
    """Return the projects that were open at any time in the recent terms."""
    projects = scope.rows("projects")
    closed = projects["closed"]
    return projects[closed.isna() | (closed >= pd.Timestamp(scope.recent_from))]


def _days_to_deploy(scope: Scope) -> Measured:
    return _days(scope, "days_to_deploy", 0.5)


def _days_to_deploy_slowest(scope: Scope) -> Measured:
    return _days(scope, "days_to_deploy_slowest", SLOWEST)


def _days(scope: Scope, key: str, quantile: float) -> Measured:
    """A quantile of days from trigger to start; who still waits counts at the days so far.

    To leave them out would let a trust look swift by never starting. Their days so far are fewer
    than they will be, so with some still waiting the quantile is a lower bound, and says so.
    """
    asked = scope.rows("support", "recipient_urn")
    begun = scope.between(asked, "started")
    waiting = asked[asked["started"].isna()]
    if begun.empty and waiting.empty:
        if scope.urn is not None:
            return not_applicable(key, scope.indicator(key), "no support to it began of late")
        return not_enough(key, scope.indicator(key), "support that began in the recent terms")
    so_far = pd.Timestamp(scope.as_of) - waiting["triggered"]
    waits = pd.concat([begun["started"] - begun["triggered"], so_far])
    days = waits.dt.days.astype(float)
    note = ""
    if len(waiting):
        note = (
            f"at least: {counted(len(waiting), 'deployment')} of these not begun, counted at the "
            f"days so far, the oldest at {counted(int(so_far.max().days), 'day')}"
        )
    return measured(
        key, scope.indicator(key), float(days.quantile(quantile)),
        as_of=scope.as_of, n=len(days), n_of="deployment",
        evidence_date=middle_day(begun["started"]) or scope.as_of,
        interval=borne(
            scope, len(days), median_interval(days.to_list(), scope.confidence, quantile)
        ),
        estimated=True, note=note,
    )  # fmt: skip


def over_projects(
    scope: Scope, key: str, measured_on: Callable[[pd.DataFrame], Measured]
) -> Measured:
    """Measure something on the projects open of late; a school without any has nothing to answer.

    Args:
        scope: The trust or school.
        key: The indicator.
        measured_on: Works it out on the projects.
    """
    projects = projects_open(scope)
    if projects.empty and scope.urn is not None:
        return not_applicable(key, scope.indicator(key), "it had no project in the recent terms")
    return measured_on(projects)


def _projects_ready(scope: Scope) -> Measured:
    return over_projects(scope, "projects_ready", partial(_ready, scope))


def _ready(scope: Scope, projects: pd.DataFrame) -> Measured:
    said = projects["has_diagnosis"].notna() & projects["has_exit_criteria"].notna()
    ready = projects["has_diagnosis"] & projects["has_exit_criteria"] & projects["owner"].notna()
    return share_of(
        scope, "projects_ready", ready.where(said),
        n_of="project", lacking="projects of the recent terms with their diagnosis, owner and end",
    )  # fmt: skip


def _project_reviews_held(scope: Scope) -> Measured:
    reviews = scope.trust.tables["project_reviews"]
    key = "project_reviews_held"
    own = reviews[reviews["project_id"].isin(scope.rows("projects")["project_id"])]
    due = due_by_now(scope, scope.between(own, "due"), "due", "held")
    if due.empty and scope.urn is not None:
        return not_applicable(key, scope.indicator(key), "no review of a project of it was due")
    return share_of(
        scope, key, due["held"].notna(),
        n_of="review due|reviews due",
        lacking="reviews of projects that were due in the recent terms",
        dates=due["due"],
    )  # fmt: skip


def _steps_without_executive(scope: Scope) -> Measured:
    steps = scope.trust.tables["process_steps"]
    return share_of(
        scope, "steps_without_executive", steps["runs_without_executive"],
        n_of="step", lacking="whether each step runs without the executive",
        dates=steps["reviewed"], estimated=False,
    )  # fmt: skip


MEASURES: Mapping[str, Measure] = MappingProxyType({
    "days_to_deploy": _days_to_deploy,
    "days_to_deploy_slowest": _days_to_deploy_slowest,
    "projects_ready": _projects_ready,
    "project_reviews_held": _project_reviews_held,
    "steps_without_executive": _steps_without_executive,
})  # fmt: skip
