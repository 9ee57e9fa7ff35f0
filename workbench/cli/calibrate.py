"""The command `calibrate`: the growth model's rates, fitted to inspections."""

from __future__ import annotations

from dataclasses import asdict
from datetime import date, datetime
from typing import TYPE_CHECKING, Annotated, Any

import typer

from workbench.cli.options import AsJson, Published, PublishedFrom, day_read, folder_named
from workbench.cli.printing import print_json, print_table, progress, records

if TYPE_CHECKING:
    from workbench.research.calibration import Calibration

Until = Annotated[
    datetime | None,
    typer.Option(
        "--until",
        parser=day_read,
        metavar="DATE",
        help="Fit to grades up to this day, and hold the fit against those after it; of made-up "
        "inspections nothing changes.  [default: all grades]",
    ),
]
CheckTo = Annotated[
    datetime | None,
    typer.Option(
        "--check-to",
        parser=day_read,
        metavar="DATE",
        help="Last day of the later grades.  [default: all]",
    ),
]
Frailty = Annotated[
    bool, typer.Option("--frailty", help="Let some schools rise less readily, for good.")
]
Write = Annotated[
    bool,
    typer.Option(
        "--write", help="Write outputs/calibration/model.yaml: the model file as proposed."
    ),
]


def calibrate(
    folder: Published = None,
    source: PublishedFrom = None,
    until: Until = None,
    check_to: CheckTo = None,
    frailty: Frailty = False,
    write: Write = False,
    as_json: AsJson = False,
) -> None:
    """Fit the growth model's rates to inspections.

    A multi-state model observed at inspections: how often schools truly rise and fall, what goes
    with it, and how well inspectors see. The model file in force is never changed: --write makes
    a proposal beside it, of the values that serve the simulation. All that was fitted is kept in
    outputs/calibration/tables/, as Parquet and CSV with a data dictionary. With the folder demo,
    inspections are made up.
    """
    from workbench import paths
    from workbench.growth.calibrate.proposal import write_proposal
    from workbench.parameters.load import load_yaml
    from workbench.parameters.model import ModelParameters
    from workbench.research.calibration import calibrate as fitted_to
    from workbench.research.calibration_tables import keep_calibration

    folder = folder_named(folder, source)
    model = load_yaml(paths.parameters() / "model.yaml", ModelParameters)
    with progress("Fitting"):
        found = fitted_to(
            folder,
            model,
            until=until.date() if until else None,
            check_to=check_to.date() if check_to else None,
            frailty=frailty,
        )
    tables = keep_calibration(found, paths.outputs() / "calibration" / "tables")
    written = None
    if write:
        to = paths.outputs() / "calibration" / "model.yaml"
        fitted_to_grades = (
            f"{found.source}: {found.fitted.visits:,} inspections of "
            f"{found.fitted.schools:,} schools; fitted on {date.today():%d %B %Y}"
        )
        written = write_proposal(to, found.proposed, fitted_to_grades)
    if as_json:
        print_json(_as_json(found) | {"written": written, "tables_in": tables})
        return
    _print(found)
    typer.echo(f"kept as tables with a data dictionary in {tables}")
    if written:
        typer.echo(f"proposed in {written}; nothing in force has changed")


def _as_json(found: Calibration) -> dict[str, Any]:
    fitted, fitness, later = found.fitted, found.fitness, found.later
    numbers = zip(fitted.form.names, fitted.estimates, fitted.errors, strict=True)
    return {
        "source": found.source,
        "schools": fitted.schools,
        "inspections": fitted.visits,
        "log_likelihood": fitted.log_likelihood,
        "numbers": {name: {"estimate": float(e), "error": float(s)} for name, e, s in numbers},
        "proposed": records(found.rates().reset_index(names="parameter")),
        "held_to_their_range": [one.name for one in found.proposed if one.held],
        "seen_and_expected": records(fitness.table),
        "statistic": fitness.statistic,
        "cells": fitness.cells,
        "p_between": fitness.p_between,
        "left_out": dict(found.notes),
        "later": None
        if later is None
        else {
            "shares": records(later.table),
            "growth_model": records(later.growth_model.reset_index(names="by")),
            "recovered": {
                "seen": later.seen,
                "forecast": asdict(later.recovered),
                "forecast_paused": asdict(later.paused),
            },
        },
    }


def _print(found: Calibration) -> None:
    fitted, fitness = found.fitted, found.fitness
    typer.echo(f"{found.source}: {fitted.visits:,} inspections of {fitted.schools:,} schools")
    for what, count in found.notes.items():
        typer.echo(f"  {count:,}: {what}")
    typer.echo("")
    typer.echo(
        "Chances: of ending a term in a higher or lower band, from the band named; and that an "
        "inspection errs a band too low or too high"
    )
    _table(found.rates().reset_index(names="parameter").round(5))
    for one in found.proposed:
        if one.held:
            typer.echo(f"  {one.name} was fitted beyond its range, and is held at the end of it")
    typer.echo("")
    typer.echo(
        "What goes with rising and falling: how many times as often, with the 95% interval (1 is "
        "no difference; it is not what would happen if a school changed)"
    )
    _table(found.effects().reset_index(names="what multiplies moves").round(3))
    typer.echo("")
    typer.echo("Inspections: grades seen and expected, by the grade before and the years between")
    _table(fitness.table.round(1))
    low, high = fitness.p_between
    typer.echo(
        f"sum of (seen - expected)2 / expected {fitness.statistic:.1f} over {fitness.cells} cells: "
        f"p between {low:.2g} and {high:.2g} (below 0.05 the model does not describe all grades)"
    )
    if found.later is not None:
        share = found.later.recovered
        typer.echo("")
        typer.echo("Next grades, seen later and forecast, as shares of the schools of each row")
        _table(found.later.table.round(3))
        typer.echo(
            f"from needing attention to secure or better: seen {found.later.seen:.1%}, forecast "
            f"{share.expected:.1%} (95%: {share.lower:.1%} to {share.upper:.1%}), "
            f"{share.schools:,} schools"
        )
        share = found.later.paused
        typer.echo(
            f"  had nothing moved in the months of the pandemic: {share.expected:.1%} "
            f"({share.lower:.1%} to {share.upper:.1%})"
        )
        typer.echo("")
        typer.echo("The same grades as the growth model expects them (less is better of scores)")
        _table(found.later.growth_model.reset_index(names="by").round(4))


def _table(frame: Any) -> None:
    print_table(list(frame.columns), frame.to_numpy().tolist())
