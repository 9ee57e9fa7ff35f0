"""The command `impact`: did joining a trust change an outcome, and what could feign it?"""

from __future__ import annotations

import json
from dataclasses import asdict
from typing import TYPE_CHECKING, Annotated, Any

import typer

from workbench.cli.options import AsJson, Seed
from workbench.cli.printing import print_json, print_table, progress, records
from workbench.scenario.defaults import SEED

if TYPE_CHECKING:
    from workbench.measures.clustered import Estimate
    from workbench.research.impact.analysis import Analysis

Published = Annotated[
    str, typer.Argument(metavar="FOLDER", help="Folder of files as published, or demo.")
]
Looked = Annotated[
    str,
    typer.Option(
        "--outcome",
        metavar="NAME",
        help="absence_percent, persistent_absence_percent, key_stage_2_expected_percent or "
        "attainment_8.",
    ),
]


def impact(
    folder: Published,
    outcome: Looked = "absence_percent",
    seed: Seed = SEED,
    as_json: AsJson = False,
) -> None:
    """Estimate what joining a trust did, by differences, with what could feign an effect.

    Schools that join are compared with those that never or not yet did. The numbers are kept in
    outputs/impact/. With the folder demo, schools are made up and the planted effect is named.
    """
    from workbench import paths
    from workbench.research.impact.analysis import analyse, subject_of

    with progress("Estimating"):
        found = analyse(subject_of(folder, outcome, seed=seed))
    record = _as_json(found)
    to = paths.outputs() / "impact" / f"{'demo' if found.subject.made_up else outcome}.json"
    to.parent.mkdir(parents=True, exist_ok=True)
    to.write_text(f"{json.dumps(record, indent=1)}\n", encoding="utf-8", newline="\n")
    if as_json:
        print_json(record | {"kept_in": to})
        return
    _print(found)
    typer.echo(f"kept in {to}")


def _as_json(found: Analysis) -> dict[str, Any]:
    subject = found.subject
    return {
        "source": subject.source,
        "outcome": subject.title,
        "unit": subject.unit,
        "periods": subject.panel.periods.tolist(),
        "schools": len(subject.panel.urn),
        "two_periods": found.two_periods,
        "plan": asdict(found.plan),
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

    subject = found.subject
    typer.echo(f"{subject.title} ({subject.unit}), {subject.source}")
    typer.echo(words.headline(found))
    for sentence in words.plan_sentences(found.plan):
        typer.echo(f"  {sentence}")
    for table in (words.ways_table(found), words.periods_table(found)):
        typer.echo("")
        print_table(list(table.columns), table.to_numpy().tolist())
    typer.echo("")
    for sentence in words.doubts(found):
        typer.echo(f"- {sentence}")
