"""What every column of the tables of an analysis of impact means, in one place."""

from __future__ import annotations

from types import MappingProxyType

from workbench.research.kept_tables import Dictionary

_UNIT = "unit of about.json"
_POINTS = "percentage points"
_Meanings = dict[str, tuple[str, str]]


def _estimate(what: str, unit: str) -> _Meanings:
    return {
        "estimate": (what, unit),
        "low": ("Lower end of its interval, of the confidence that the plan names.", unit),
        "high": ("Upper end of its interval.", unit),
    }


def _doubt(unit: str) -> _Meanings:
    return {
        "error": ("Its standard error, a trust's schools taken for one cluster as declared.", unit),
        "degrees": ("Degrees of freedom of the t distribution that it is held against.", ""),
        "detectable": ("Smallest true effect that would be found with the plan's power.", unit),
    }


def _departures(unit: str) -> _Meanings:
    return {
        "departure": ("No departure before joining; the one seen; the one that tests find with the "
                      "plan's power; the largest one not ruled out.", ""),
        "size": ("Its size: a drift for each period or a lasting gap, as the plan says.", unit),
        "estimate": ("The effect if it goes on; missing where it may go either way.", unit),
        "low": ("Lower end of the effect's interval, the departure going the worse way.", unit),
        "high": ("Upper end, the departure going the other way.", unit),
    }  # fmt: skip


_STUDIED = {
    "schools": ("Schools that joined, and have a number or an equal.", "schools"),
    "trusts": ("Their trusts.", "trusts"),
}
_SINCE = ("Since support began, or since joining: 0 is the first, below 0 before it.", "periods")
_PLAN: _Meanings = {
    "part": ("A part of the plan; those after `grades.` are of grades alone.", ""),
    "choice": ("What was chosen.", ""),
}
_NOTES: _Meanings = {
    "note": ("What was left out, or could not be had and why.", ""),
    "count": ("How many schools or numbers; missing where it is no count.", ""),
}

NUMBERS = Dictionary(
    "an analysis of impact",
    MappingProxyType({
        "estimates": "One row a way of looking at the average effect; the placebo is one.",
        "periods": "One row a period since support began; below 0 there is none yet.",
        "cells": "One row a cohort and period.",
        "cells_left_out": "One row a cohort and period with too little to compare.",
        "departures": "One row a departure of schools that joined from the others before that.",
        "plan": "One row a part of the plan.",
        "notes": "One row a note.",
    }),
    MappingProxyType({
        "estimates": {
            "way": ("The way of looking.", ""),
            **_estimate("The average effect.", _UNIT), **_doubt(_UNIT),
        },
        "periods": {
            "since": _SINCE, "schools": _STUDIED["schools"],
            **_estimate("Difference of changes in the period.", _UNIT), **_doubt(_UNIT),
        },
        "cells": {
            "cohort": ("First period with support.", "period"),
            "period": ("The period; of published files, the year in which it begins.", "period"),
            "since": _SINCE, **_STUDIED,
            "comparison": ("Schools compared with.", "schools"),
            **_estimate("The cohort's change less that of the others.", _UNIT),
        },
        "cells_left_out": {
            "cohort": ("First period with support.", "period"),
            "period": ("The period.", "period"),
            "reason": ("What there was too little of.", ""),
        },
        "departures": _departures(_UNIT),
        "plan": _PLAN,
        "notes": _NOTES,
    }),
)  # fmt: skip

GRADES = Dictionary(
    "an analysis of impact",
    MappingProxyType({
        "grade_estimates": "One row a way of looking, or a last grade before joining.",
        "grade_years": "One row a year since joining that has enough schools.",
        "grade_departures": "One row a departure of equals from each other before joining.",
        "grades_at_joining": "One row a last grade before joining.",
        "grade_plan": "One row a part of the plan.",
        "grade_notes": "One row a note.",
    }),
    MappingProxyType({
        "grade_estimates": {
            "way": ("The way of looking; `last grade n` compares equals with that last grade.", ""),
            **_estimate("Share good or better of schools that joined less that of equals.",
                        _POINTS),
            **_doubt(_POINTS), **_STUDIED,
            "unmatched": ("Schools that joined and were inspected, but have no equal.", "schools"),
            "before_p": ("Probability of as much before joining were it nothing; missing where it "
                         "cannot be tested.", "probability"),
        },
        "grade_years": {
            "since": _SINCE, **_STUDIED,
            "comparison": ("Their equals.", "schools"),
            "joined_percent": ("Good or better, of schools that joined.", "%"),
            "others_percent": ("Good or better, of their equals.", "%"),
            **_estimate("The one less the other.", _POINTS),
            "detectable": ("Smallest true difference found with the plan's power.", _POINTS),
        },
        "grade_departures": _departures(_POINTS),
        "grades_at_joining": {
            "grade": ("1 outstanding, 2 good, 3 requires improvement, 4 inadequate.", ""),
            "joined": ("Schools that joined with it; missing below the plan's fewest.", "schools"),
            "joined_share": ("Share of all that joined; missing likewise.", "share"),
            "others_share": ("Its share of schools that had not joined on the same days.",
                             "share"),
        },
        "grade_plan": _PLAN,
        "grade_notes": _NOTES,
    }),
)  # fmt: skip

IMPACT = Dictionary(
    "an analysis of impact", {**NUMBERS.tables, **GRADES.tables},
    {**NUMBERS.columns, **GRADES.columns},
)  # fmt: skip
