"""An analysis of impact kept as tidy tables with a data dictionary; no school or trust is in it."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import asdict
from pathlib import Path

import pandas as pd

from workbench import __version__
from workbench.measures.clustered import Estimate
from workbench.measures.departure import Departure
from workbench.research.impact.analysis import Analysis
from workbench.research.impact.dictionary import GRADES, IMPACT, NUMBERS
from workbench.research.impact.grade_analysis import GradeAnalysis
from workbench.research.impact.grade_study import GradeStudy
from workbench.research.impact.plan import Plan, digest
from workbench.research.kept_tables import Dictionary, keep_tables

_NOTES = ["note", "count"]


def keep_impact(
    found: Analysis | None = None, grades: GradeAnalysis | None = None, *, folder: Path
) -> Path:
    """Write what was found of numbers, of grades, or of both.

    Args:
        found: The analysis of a number, such as absence.
        grades: That of grades.
        folder: As `kept_tables.keep_tables`.

    Raises:
        BadInput: The folder holds anything else.
    """
    tables: dict[str, pd.DataFrame] = {}
    about: dict[str, object] = {"workbench": __version__}
    if found is not None:
        tables |= tables_of(found)
        subject = found.subject
        about |= {
            "outcome": subject.title, "unit": subject.unit, "source": subject.source,
            "made_up": subject.made_up, "plan_digest": digest(found.plan),
            "plan_written": found.plan.written(subject.outcome),
        }  # fmt: skip
    if grades is not None:
        tables |= tables_of_grades(grades)
        about |= {
            "grades_made_up": grades.planted is not None,
            "grades_plan_digest": digest(grades.plan),
            "grades_plan_written": grades.plan.written("good_or_better"),
        }
    return keep_tables(tables, IMPACT, about, folder)


def tables_of(found: Analysis) -> dict[str, pd.DataFrame]:
    """Return an analysis of numbers as tables, columns in the order of the data dictionary."""
    plain, power = found.plain, found.plan.power
    schools = plain.cells.groupby("since")["schools"].sum()
    ways = [{"way": way} | _numbers(one, power) for way, one in found.estimates().items()]
    periods = [
        {"since": since, "schools": int(schools[since])} | _numbers(one, power)
        for since, one in plain.by_since().items()
    ]
    why = [(f"{what} cannot be had: {reason}", None) for what, reason in found.missing.items()]
    return _ordered(NUMBERS, {
        "estimates": pd.DataFrame(ways),
        "periods": pd.DataFrame(periods),
        "cells": plain.cells,
        "cells_left_out": pd.DataFrame(plain.left_out, columns=["cohort", "period", "reason"]),
        "departures": _departures(found.departure),
        "plan": _plan(found.plan),
        "notes": _notes([*found.subject.notes.items(), *why]),
    })  # fmt: skip


def tables_of_grades(found: GradeAnalysis) -> dict[str, pd.DataFrame]:
    """Return an analysis of grades as tables, columns in the order of the data dictionary."""
    ways = {
        "as planned": found.planned, "equals also by age of the grade": found.aged,
        "all schools, no equals": found.everyone,
    } | {f"last grade {grade}": one for grade, one in found.by_last.items()}  # fmt: skip
    power = found.plan.power
    rows = [{"way": way} | _study(one, power) for way, one in ways.items() if one is not None]
    at_joining = found.at_joining.astype({"joined": "Int64"})
    few = at_joining["joined"] < found.plan.fewest_schools
    for column in ("joined", "joined_share"):
        at_joining[column] = at_joining[column].mask(few)
    why = [(f"{what} cannot be had: {reason}", None) for what, reason in found.missing.items()]
    return _ordered(GRADES, {
        "grade_estimates": pd.DataFrame(rows),
        "grade_years": found.planned.by_since,
        "grade_departures": _departures(found.planned.departure),
        "grades_at_joining": at_joining,
        "grade_plan": _plan(found.plan),
        "grade_notes": _notes([*found.history.notes.items(), *why]),
    })  # fmt: skip


def _ordered(dictionary: Dictionary, tables: Mapping[str, pd.DataFrame]) -> dict[str, pd.DataFrame]:
    return {name: table[list(dictionary.columns[name])] for name, table in tables.items()}


def _numbers(one: Estimate, power: float) -> dict[str, float]:
    return {
        "estimate": one.value, "low": one.interval.lower, "high": one.interval.upper,
        "error": one.error, "degrees": one.degrees, "detectable": one.detectable(power),
    }  # fmt: skip


def _study(one: GradeStudy, power: float) -> dict[str, float | int | None]:
    return _numbers(one.overall, power) | {
        "schools": one.schools, "trusts": one.trusts, "unmatched": one.unmatched,
        "before_p": None if one.before is None else one.before.p_value,
    }  # fmt: skip


def _departures(one: Departure | None) -> pd.DataFrame:
    rows: list[tuple[str, float, float | None, float, float]] = []
    if one is not None:
        for name, size, effect in (("none", 0.0, one.effect), ("seen", one.fitted.value, one.net)):
            ends = effect.interval
            rows.append((name, size, effect.value, ends.lower, ends.upper))
        missed = {"detectable": one.detectable, "not ruled out": one.not_ruled_out}
        for name, most in missed.items():
            if most is not None:
                rows.append((name, most, None, *one.ends_with(most)))
    frame = pd.DataFrame(rows, columns=["departure", "size", "estimate", "low", "high"])
    return frame.astype(dict.fromkeys(("size", "estimate", "low", "high"), "float64"))


def _plan(plan: Plan) -> pd.DataFrame:
    own = asdict(plan)
    of_grades = own.pop("grades")
    parts = own | {f"grades.{part}": choice for part, choice in of_grades.items()}
    rows = [
        (part, choice if isinstance(choice, str) else json.dumps(choice))
        for part, choice in parts.items()
    ]
    return pd.DataFrame(rows, columns=["part", "choice"])


def _notes(rows: Iterable[tuple[str, int | None]]) -> pd.DataFrame:
    return pd.DataFrame(list(rows), columns=_NOTES).astype({"note": "str", "count": "Int64"})
