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


ROW_RULES = (
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
