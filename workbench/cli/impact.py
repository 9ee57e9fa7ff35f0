"""The command `impact`: did joining a trust change an outcome, and what could feign it?"""

from __future__ import annotations

import json
from dataclasses import asdict
from typing import TYPE_CHECKING, Annotated, Any

import typer

from workbench.cli.options import AsJson, Published, PublishedFrom, Seed, folder_named
from workbench.cli.printing import print_json, print_table, progress, records
from workbench.scenario.defaults import SEED

if TYPE_CHECKING:
    from workbench.measures.clustered import Estimate
    from workbench.measures.departure import Departure
    from workbench.research.impact.analysis import Analysis
    from workbench.research.impact.grade_analysis import GradeAnalysis
    from workbench.research.impact.grade_study import GradeStudy

Looked = Annotated[
    str,
    typer.Option(
        "--outcome",
        metavar="NAME",
        help="absence_percent, persistent_absence_percent, key_stage_2_expected_percent, "
        "attainment_8 or good_or_better (grades at inspections).",
    ),
]


def impact(
    folder: Published = None,
    source: PublishedFrom = None,
    outcome: Looked = "absence_percent",
    seed: Seed = SEED,
    as_json: AsJson = False,
) -> None:
    """Estimate what joining a trust did, by differences, with what could feign an effect.

    Schools that join are compared with those that never or not yet did. The numbers are kept in
    outputs/impact/, also as Parquet and CSV with a data dictionary. With the folder demo, schools
    are made up, with one outcome beside grades, and the planted effect is named.
    """
    from workbench import paths
    from workbench.research.impact.analysis import DEMO, analyse, subject_of
    from workbench.research.impact.grade_analysis import GRADE_OUTCOME, analyse_grades
    from workbench.research.impact.keep import keep_impact
    from workbench.research.impact.published import OUTCOMES, no_outcome

    folder = folder_named(folder, source)
    grades = outcome == GRADE_OUTCOME
    if not grades and outcome not in OUTCOMES:
        raise no_outcome(outcome)
    with progress("Estimating"):
        if grades:
            studied = analyse_grades(folder, seed=seed)
            record, found = _grades_as_json(studied), None
        else:
            found, studied = analyse(subject_of(folder, outcome, seed=seed)), None
            record = _as_json(found)
    name = f"{DEMO}_{outcome}" if grades else DEMO
    to = paths.outputs() / "impact" / f"{name if folder == DEMO else outcome}.json"
    tables = keep_impact(found, studied, folder=to.with_suffix(""))
    to.write_text(f"{json.dumps(record, indent=1)}\n", encoding="utf-8", newline="\n")
    if as_json:
        print_json(record | {"kept_in": to, "tables_in": tables})
        return
    if studied is not None:
        _print_grades(studied)
    if found is not None:
        _print(found)
    typer.echo(f"kept in {to}; as tables with a data dictionary in {tables}")


def _as_json(found: Analysis) -> dict[str, Any]:
    from workbench.research.impact.plan import digest

    subject = found.subject
    return {
        "source": subject.source,
        "outcome": subject.title,
        "unit": subject.unit,
        "periods": subject.panel.periods.tolist(),
        "schools": len(subject.panel.urn),
        "two_periods": found.two_periods,
        "plan": asdict(found.plan),
        "plan_digest": digest(found.plan),
        "plan_written": found.plan.written(subject.outcome),
        "departure": _departure(found.departure),
        "planted": None if subject.planted is None else subject.planted.effect,
        "estimates": {way: _one(one, found.plan.power) for way, one in found.estimates().items()},
        "by_since": {
            str(since): _one(one, found.plan.power) for since, one in found.plain.by_since().items()
        },
        "cells": records(found.plain.cells),
        "left_out": [list(one) for one in found.plain.left_out],
        "bounce": None if found.bounce is None else asdict(found.bounce),
        "parts": None if found.parts is None else asdict(found.parts),
        "missing": found.missing,
        "notes": subject.notes,
    }


def _grades_as_json(found: GradeAnalysis) -> dict[str, Any]:
    from workbench.report import impact_grades as words
    from workbench.research.impact.grade_analysis import GRADE_OUTCOME
    from workbench.research.impact.plan import digest

    power = found.plan.power
    ways = {"As planned": found.planned, "By age of the last grade": found.aged,
            "All schools, no equals": found.everyone}  # fmt: skip
    return {
        "outcome": words.MEASURE,
        "unit": words.UNIT,
        "schools": len(found.history.joined),
        "inspections": len(found.history.day),
        "plan": asdict(found.plan),
        "plan_digest": digest(found.plan),
        "plan_written": found.plan.written(GRADE_OUTCOME),
        "departure": _departure(found.planned.departure),
        "planted": None if found.planted is None else found.planted.effect,
        "estimates": {way: _study(one, power) for way, one in ways.items() if one is not None},
        "by_last_grade": {str(grade): _study(one, power) for grade, one in found.by_last.items()},
        "by_since": records(found.planned.by_since),
        "missing": found.missing,
        "notes": found.history.notes,
    }


def _study(one: GradeStudy, power: float) -> dict[str, Any]:
    return _one(one.overall, power) | {
        "schools": one.schools,
        "trusts": one.trusts,
        "unmatched": one.unmatched,
        "before": None if one.before is None else asdict(one.before),
    }


def _departure(one: Departure | None) -> dict[str, Any] | None:
    return None if one is None else asdict(one) | {"undone_by": one.undone_by}


def _one(one: Estimate, power: float) -> dict[str, float]:
    return {
        "estimate": one.value,
        "low": one.interval.lower,
        "high": one.interval.upper,
        "error": one.error,
        "degrees": one.degrees,
        "detectable": one.detectable(power),
    }


def _print(found: Analysis) -> None:
    from workbench.report import impact as words
    from workbench.report import impact_plan as plan_words

    subject = found.subject
    typer.echo(f"{subject.title} ({subject.unit}), {subject.source}")
    typer.echo(words.headline(found))
    typer.echo(plan_words.written_sentence(found.plan, subject.outcome))
    for sentence in plan_words.plan_sentences(found.plan):
        typer.echo(f"  {sentence}")
    for table in (words.ways_table(found), words.periods_table(found), words.drift_table(found)):
        typer.echo("")
        print_table(list(table.columns), table.to_numpy().tolist())
    typer.echo("")
    for sentence in words.doubts(found):
        typer.echo(f"- {sentence}")


def _print_grades(found: GradeAnalysis) -> None:
    from workbench.report import impact_grades as words
    from workbench.report import impact_plan as plan_words

    typer.echo(words.headline(found))
    for sentence in plan_words.grade_plan_sentences(found.plan):
        typer.echo(f"  {sentence}")
    for table in (words.ways_table(found), words.years_table(found.planned),
                  words.gap_table(found), words.last_grades_table(found)):  # fmt: skip
        typer.echo("")
        print_table(list(table.columns), table.to_numpy().tolist())
    typer.echo("")
    for sentence in words.doubts(found):
        typer.echo(f"- {sentence}")
