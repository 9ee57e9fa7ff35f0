"""Ways to spoil one row of each table on vision, people, evidence, improvement and assurance."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial

from tests.faults.spoilers import (
    RowFault,
    Spoiler,
    days_after,
    every_single_fault,
    spoil_row,
    ten_years_on,
)
from tests.faults.trust_copy import Row

LATER = "2026-11-03"  # the demo trust describes 31 October 2026


def _later(table: str, column: str) -> RowFault:
    """A day that had not come when the folder was written, where a day stands."""
    return RowFault(
        f"{table}: {column} in the future", "after_as_of", table, column,
        lambda row: row.text(column) != "", lambda row: {column: LATER},
    )  # fmt: skip


def _later_term(table: str, column: str) -> RowFault:
    return RowFault(
        f"{table}: a later {column}", "after_as_of", table, column, lambda row: True,
        lambda row: {column: ten_years_on(row.text(column))},
    )  # fmt: skip


def _too_early(table: str, column: str, first: str) -> RowFault:
    """A day before the one that it must follow."""
    return RowFault(
        f"{table}: {column} before {first}", f"{column}_before_{first}", table, column,
        lambda row: row.text(column) != "",
        lambda row: {column: days_after(row.text(first), -1)},
    )  # fmt: skip


def _too_many(table: str, column: str, most: str) -> RowFault:
    """A count above the one that it is part of."""
    return RowFault(
        f"{table}: {column} above {most}", f"{column}_over_{most}", table, column,
        lambda row: row.text(most) != "",
        lambda row: {column: str(int(row.text(most)) + 1)},
    )  # fmt: skip


def _of_no_school(table: str, column: str = "urn") -> RowFault:
    return RowFault(
        f"{table}: {column} of no row", "school_unknown", table, column,
        lambda row: row.text(column) != "",
        lambda row: {column: "97" + row.text(column)[2:]},
    )  # fmt: skip


def _has(column: str) -> Callable[[Row], bool]:
    return lambda row: row.text(column) != ""


MORE_ROW_FAULTS = (
    _too_early("kpis", "retired", "adopted"),
    _too_early("priorities", "closed", "set_on"),
    _later("consultations", "held"),
    _later("documents", "dated"),
    RowFault("a document that is not there", "document_missing", "documents", "file",
             lambda row: True, lambda row: {"file": f"lost-{row.text('file')}"}),
    _later("skills", "assessed"),
    RowFault("a successor without readiness", "readiness_of_nobody", "succession",
             "candidate + readiness", lambda row: row.text("readiness") != "no candidate",
             lambda row: {"readiness": "no candidate"}),
    _too_early("talent_audit", "audited", "employed_since"),
    _later_term("executive_time", "term"),
    _later("role_documents", "dated"),
    _of_no_school("networks"),
    _too_many("staffing", "left_the_trust", "staff_at_start"),
    _later_term("staff_survey", "wave"),
    _of_no_school("parent_survey"),
    _of_no_school("pupil_survey"),
    _later("source_judgements", "made"),
    RowFault("a school that reviews itself", "reviewed_by_itself", "peer_reviews", "reviewer_urn",
             _has("reviewer_urn"), lambda row: {"reviewer_urn": row.text("reviewed_urn")}),
    RowFault("the head of a school not named", "head_from_nowhere", "peer_reviews",
             "reviewer_urn + head_took_part", lambda row: row.text("reviewer_urn") == "",
             lambda row: {"head_took_part": "yes"}),
    _of_no_school("pupil_visits", "visiting_urn"),
    _later("board_reports", "received"),
    _of_no_school("admissions"),
    _too_early("attendance", "ends", "begins"),
    _too_many("attendance", "missed_sessions", "possible_sessions"),
    _too_many("attendance", "persistently_absent", "pupils"),
    RowFault("a spread of per cent", "spread_of_percent", "attainment", "spread",
             lambda row: row.text("measure") != "attainment 8", lambda row: {"spread": "12.5"}),
    _later("process_steps", "reviewed"),
    RowFault("a project closed without a day", "closed_without_day", "projects", "stage + closed",
             lambda row: row.text("closed") == "", lambda row: {"stage": "closed"}),
    RowFault("a decision without a day", "decision_without_day", "projects", "decision",
             lambda row: row.text("decided") == "", lambda row: {"decision": "stop"}),
    RowFault("an effect without its error", "effect_without_error", "projects", "effect",
             _has("effect"), lambda row: {"effect_error": ""}),
    RowFault("a day for the decision on no pilot", "pilot_dates_of_no_pilot", "projects",
             "decision_due", lambda row: row.text("is_pilot") == "no",
             lambda row: {"decision_due": "2027-03-26"}),
    _too_many("projects", "fidelity_checked", "sites"),
    RowFault("a review of no project", "project_unknown", "project_reviews", "project_id",
             lambda row: True, lambda row: {"project_id": f"GONE-{row.text('project_id')}"}),
    RowFault("a finding before its review", "finding_before_review", "qa_reviews", "band",
             _has("done"), lambda row: {"done": ""}),
    RowFault("a second finding of nobody", "second_band_of_nobody", "qa_reviews", "second_band",
             _has("second_band"), lambda row: {"second_reviewer": ""}),
    RowFault("one reviewer twice", "second_reviewer_is_first", "qa_reviews", "second_reviewer",
             _has("second_reviewer"), lambda row: {"second_reviewer": row.text("reviewer")}),
    _too_early("qa_actions", "due", "set_on"),
    RowFault("an action of no review", "review_unknown", "qa_actions", "review_id",
             lambda row: True, lambda row: {"review_id": f"GONE-{row.text('review_id')}"}),
    _later("self_evaluations", "made"),
    _later("review_criteria", "adopted"),
    _too_early("forecasts", "resolves", "made"),
    RowFault("a forecast resolved without outcome", "resolved_without_outcome", "forecasts",
             "resolved + happened", _has("resolved"), lambda row: {"happened": ""}),
    _too_early("theory_of_the_case", "reviewed", "stated"),
    RowFault("a test that names no number", "test_without_indicator", "theory_of_the_case",
             "indicator + below + above", _has("indicator"),
             lambda row: {"below": "", "above": ""}),
)  # fmt: skip


def every_fault() -> Iterator[tuple[str, Spoiler]]:
    """Give each way to spoil one cell or row of any table, with its name."""
    yield from every_single_fault()
    for row in MORE_ROW_FAULTS:
        yield row.kind, partial(spoil_row, row)
