"""Rules between the cells of one row, each declared once for the checks and the dictionary."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import pandas as pd

OEIF_JUDGEMENTS = (
    "overall", "quality_of_education", "behaviour_and_attitudes", "personal_development",
    "leadership_and_management", "early_years", "sixth_form",
)  # fmt: skip
PERCENT = ("percent", "per cent", "%")
MOST_DAYS_A_TERM = 80  # the longest, autumn, has 16 weeks from September to Christmas


@dataclass(frozen=True)
class RowRule:
    """A rule between the cells of one row: `breaks(values, written)` marks the rows at fault."""

    table: str
    key: str
    columns: tuple[str, ...]
    breaks: Callable[[pd.DataFrame, pd.DataFrame], pd.Series[bool]]
    message: str
    mend: str


def _more_days_than_worked(values: pd.DataFrame, _: pd.DataFrame) -> pd.Series[bool]:
    both = values["started"].notna() & values["ended"].notna()
    known = values[both]
    days = np.busday_count(
        known["started"].to_numpy().astype("datetime64[D]"),
        known["ended"].to_numpy().astype("datetime64[D]") + np.timedelta64(1, "D"),
    )
    worked = pd.Series(days, index=known.index, dtype="float64").reindex(values.index)
    return (values["days"] > worked) & (values["started"] <= values["ended"])


def _more_days_than_a_term(values: pd.DataFrame, written: pd.DataFrame) -> pd.Series[bool]:
    return (values["days"] > MOST_DAYS_A_TERM) & ~_more_days_than_worked(values, written)


def _before(table: str, later: str, earlier: str) -> RowRule:
    """One day of a row may not lie before another."""
    return RowRule(
        table, f"{later}_before_{earlier}", (later,), lambda v, _: v[later] < v[earlier],
        f"{later} is a day before {earlier}", f"check {earlier} and {later}",
    )  # fmt: skip


def _at_most(table: str, less: str, more: str) -> RowRule:
    """One count of a row may not exceed another."""
    return RowRule(
        table, f"{less}_over_{more}", (less,), lambda v, _: v[less] > v[more],
        f"{less} is more than {more}", f"check {less} and {more}",
    )  # fmt: skip


def _same(table: str, pair: tuple[str, str], key: str, message: str, mend: str) -> RowRule:
    """Two cells of a row may not hold the same."""
    one, other = pair
    return RowRule(table, key, (one,), lambda v, _: v[one] == v[other], message, mend)


def _filled_with(table: str, pair: tuple[str, str], key: str, message: str, mend: str) -> RowRule:
    """The first cell is only filled where the second is."""
    one, other = pair
    return RowRule(table, key, (one,), lambda _, w: w[one] & ~w[other], message, mend)


TRUST_RULES = (
    RowRule(
        "schools", "joined_before_opened", ("joined",), lambda v, _: v["joined"] < v["opened"],
        "the school joined before it opened under its URN",
        "check joined and opened; a school may join on the day it opens",
    ),
    RowRule(
        "inspections_oeif", "graded_without_grade", ("overall",),
        lambda v, w: (v["kind"] == "graded") & ~w[list(OEIF_JUDGEMENTS)].any(axis=1),
        "a graded inspection has neither an overall judgement nor any other",
        "fill in its judgements, or correct the kind",
    ),
    RowRule(
        "inspections_oeif", "category_without_inadequate", ("overall", "category"),
        lambda v, _: v["overall"].notna() & (v["overall"] != "inadequate") & v["category"].notna(),
        "a school in a category of concern is judged better than inadequate overall",
        "correct the category or the overall judgement",
    ),
    RowRule(
        "inspections_report_card", "published_before_inspected", ("publication_date",),
        lambda v, _: v["publication_date"] < v["inspection_date"],
        "the report card is published before the inspection", "check both dates",
    ),
    RowRule(
        "people", "person_in_vacancy", ("person",),
        lambda v, w: (v["status"] == "vacant") & w["person"],
        "a vacant post names a person", "leave person blank, or write filled as the status",
    ),
    RowRule(
        "people", "person_missing", ("person",),
        lambda v, w: (v["status"] == "filled") & ~w["person"],
        "a filled post names no person",
        "write the pseudonym, such as P012, or vacant as the status",
    ),
    RowRule(
        "people", "head_without_school", ("urn",), lambda v, w: (v["role"] == "head") & ~w["urn"],
        "the post of a head is at no school",
        "write the school's URN; someone who leads from the central team is an executive",
    ),
    RowRule(
        "people", "until_before_since", ("until",), lambda v, _: v["until"] < v["since"],
        "the spell ends before it begins", "check since and until",
    ),
    RowRule(
        "support", "provider_is_recipient", ("provider_urn",),
        lambda v, _: v["provider_urn"] == v["recipient_urn"],
        "the school that gives the support is the one that receives it",
        "correct one of the two URNs",
    ),
    RowRule(
        "support", "provider_missing", ("provider_urn", "provider_post"),
        lambda _, w: ~w["provider_urn"] & ~w["provider_post"],
        "neither a school nor a post gives the support",
        "fill in the school that gives it, or the post of the central lead",
    ),
    RowRule(
        "support", "started_before_triggered", ("started",),
        lambda v, _: v["started"] < v["triggered"],
        "the support starts before its need was recognised", "check triggered and started",
    ),
    RowRule(
        "support", "ended_without_start", ("started",), lambda v, w: w["ended"] & ~w["started"],
        "the support has ended but has no start", "fill in started, or leave ended blank",
    ),
    RowRule(
        "support", "ended_before_started", ("ended",), lambda v, _: v["ended"] < v["started"],
        "the support ends before it starts", "check started and ended",
    ),
    RowRule(
        "support", "more_days_than_worked", ("days",), _more_days_than_worked,
        "there are more days of support than working days between started and ended",
        "check days, started and ended",
    ),
    RowRule(
        "support", "more_days_than_a_term", ("days",), _more_days_than_a_term,
        f"there are more days of support than the longest term has ({MOST_DAYS_A_TERM})",
        "check days; enter support over several terms as one row a term",
    ),
    RowRule(
        "school_statistics", "value_and_marker", ("value", "marker"),
        lambda v, w: w["value"] & w["marker"],
        "there is both a number and a marker for having none", "keep one of the two",
    ),
    RowRule(
        "school_statistics", "no_value_no_marker", ("value", "marker"),
        lambda v, w: ~w["value"] & ~w["marker"],
        "there is neither a number nor a marker for having none",
        "fill in value, or write the marker that says why there is none",
    ),
    RowRule(
        "school_statistics", "percent_out_of_range", ("value",),
        lambda v, _: v["unit"].str.casefold().isin(PERCENT) & ~v["value"].between(0, 100)
        & v["value"].notna(),
        "a value in percent is below 0 or above 100",
        "check value and unit; 25 percent is written 25",
    ),
)  # fmt: skip

EVIDENCE_RULES = (
    _before("kpis", "retired", "adopted"),
    _before("priorities", "closed", "set_on"),
    _before("talent_audit", "audited", "employed_since"),
    RowRule(
        "succession", "readiness_of_nobody", ("candidate", "readiness"),
        lambda v, _: v["candidate"].notna() & v["readiness"].notna()
        & (v["candidate"].str.startswith("none-") != (v["readiness"] == "no candidate")),
        "a candidate is named without a readiness, or a readiness without a candidate",
        "write none-1 as the candidate together with 'no candidate', or the candidate's pseudonym",
    ),
    _at_most("staffing", "left_the_trust", "staff_at_start"),
    _same("peer_reviews", ("reviewer_urn", "reviewed_urn"), "reviewed_by_itself",
          "the school is reviewed by itself", "correct one of the two URNs"),
    RowRule(
        "peer_reviews", "head_from_nowhere", ("reviewer_urn", "head_took_part"),
        lambda v, w: ~w["reviewer_urn"] & v["head_took_part"].fillna(False).astype(bool),
        "the reviewer is the head of a school that is not named",
        "fill in the school, or write no where the reviewer came from outside the trust",
    ),
    _before("attendance", "ends", "begins"),
    _at_most("attendance", "missed_sessions", "possible_sessions"),
    _at_most("attendance", "persistently_absent", "pupils"),
    RowRule(
        "attainment", "spread_of_percent", ("spread",),
        lambda v, w: w["spread"] & v["measure"].notna() & (v["measure"] != "attainment 8"),
        "a spread is given for a measure in per cent", "leave spread blank",
    ),
    _before("projects", "closed", "started"),
    _before("projects", "decided", "started"),
    _at_most("projects", "fidelity_checked", "sites"),
    RowRule(
        "projects", "closed_without_day", ("stage", "closed"),
        lambda v, w: v["stage"].notna() & ((v["stage"] == "closed") != w["closed"]),
        "a project is closed without a day, or has a day without being closed",
        "fill in closed, or correct the stage",
    ),
    _filled_with("projects", ("decision", "decided"), "decision_without_day",
                 "a decision has no day", "fill in decided, or leave decision blank"),
    _filled_with("projects", ("effect", "effect_error"), "effect_without_error",
                 "an effect has no standard error", "fill in effect_error: an effect without its "
                 "doubt cannot be used"),
    RowRule(
        "projects", "pilot_dates_of_no_pilot", ("decision_due",),
        lambda v, w: w["decision_due"] & ~v["is_pilot"].fillna(True).astype(bool),
        "a project that is no pilot has a day for scaling it up or stopping it",
        "write yes in is_pilot, or leave decision_due blank",
    ),
    _filled_with("qa_reviews", ("band", "done"), "finding_before_review",
                 "a finding is there before the review was done", "fill in done"),
    _filled_with("qa_reviews", ("second_band", "second_reviewer"), "second_band_of_nobody",
                 "a second finding has no second reviewer", "fill in second_reviewer"),
    _same("qa_reviews", ("second_reviewer", "reviewer"), "second_reviewer_is_first",
          "the second reviewer is the first", "a second judgement is another person's"),
    _before("qa_actions", "due", "set_on"),
    _before("qa_actions", "closed", "set_on"),
    _before("forecasts", "resolves", "made"),
    _before("forecasts", "resolved", "made"),
    RowRule(
        "forecasts", "resolved_without_outcome", ("resolved", "happened"),
        lambda _, w: w["resolved"] != w["happened"],
        "a forecast is resolved without an outcome, or has an outcome without a day",
        "fill in both, or leave both blank",
    ),
    _before("theory_of_the_case", "reviewed", "stated"),
    RowRule(
        "theory_of_the_case", "test_without_indicator", ("indicator", "below", "above"),
        lambda _, w: (w["below"] | w["above"]) != w["indicator"],
        "a claim names an indicator without a number that refutes it, or a number without one",
        "fill in indicator and below or above, or leave all three blank",
    ),
)  # fmt: skip

ROW_RULES = TRUST_RULES + EVIDENCE_RULES
