"""The command `backtest`: the model told only what was known by a day, and scored."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from workbench.cli.options import AsJson
from workbench.cli.printing import print_json, print_table, progress

if TYPE_CHECKING:
    from workbench.research.backtest.run import Backtest

_DAY = ["%Y-%m-%d"]
Origin = Annotated[
    datetime, typer.Option("--origin", formats=_DAY, metavar="DATE", help="Last day known.")
]
Reached = Annotated[
    datetime,
    typer.Option("--target", formats=_DAY, metavar="DATE", help="Last day of what is scored."),
]
Published = Annotated[
    str,
    typer.Option("--from", metavar="FOLDER", help="Folder of files as published, or demo."),
]
MembersOrigin = Annotated[
    datetime | None,
    typer.Option(
        "--membership-origin",
        formats=_DAY,
        metavar="DATE",
        help="Last day known of who is in which trust.  [default: the origin]",
    ),
]
MembersTarget = Annotated[
    datetime | None,
    typer.Option(
        "--membership-target",
        formats=_DAY,
        metavar="DATE",
        help="Last day of lists of trusts that are scored.  [default: the target]",
    ),
]
Strictly = Annotated[
    bool,
    typer.Option(
        "--as-published",
        help="Take a figure for known when it is published, not when its school year ends.",
    ),
]
Kept = Annotated[
    Path | None,
    typer.Option(
        "--record",
        metavar="FILE",
        help="Write what was forecast and seen by size of trust, as board reports quote it "
        "(parameters/track_record.yaml).",
    ),
]
KeptIn = Annotated[
    Path | None,
    typer.Option(
        "--to",
        metavar="FOLDER",
        help="Write every school's and trust's forecasts and all scores there, as Parquet and CSV "
        "with a data dictionary.",
    ),
]


def backtest(
    origin: Origin,
    target: Reached,
    source: Published,
    membership_origin: MembersOrigin = None,
    membership_target: MembersTarget = None,
    as_published: Strictly = False,
    record: Kept = None,
    to: KeptIn = None,
    as_json: AsJson = False,
) -> None:
    """Test the model against what happened, told only what was known by a day.

    Each school's next grade is forecast for its own day and scored beside simpler forecasts fitted
    to the same past; so are the schools of each trust where lists of trusts allow it.
    """
    from workbench.research.backtest.run import backtest as tested
    from workbench.research.backtest.run import summary

    with progress(f"Reading {source}, fitting and simulating"):
        found = tested(
            source,
            origin.date(),
            target.date(),
            membership_origin=membership_origin.date() if membership_origin else None,
            membership_target=membership_target.date() if membership_target else None,
            known="published" if as_published else "ended",
        )
    if record is not None:
        _keep(found, record)
    if to is not None:
        from workbench.research.backtest.keep import keep_backtest

        keep_backtest(found, to)
    if as_json:
        print_json(summary(found))
    else:
        _print(found)
        for where in (place for place in (to, record) if place is not None):
            typer.echo(f"kept in {where}")


def _keep(found: Backtest, file: Path) -> None:
    from workbench.research.backtest.record import record_of, write_record
    from workbench.scenario.answers import read_model

    write_record(record_of(found, read_model()), file)


def _print(found: Backtest) -> None:
    from workbench.research.backtest.run import intervals

    test = found.grades
    typer.echo(
        f"{found.source}: {len(test.cases):,} schools with a new grade after {test.origin} and by "
        f"{test.target}; learnt from {test.learnt_from:,} grades before"
    )
    seen, said = test.cases["good"].mean(), test.cases["model"].mean()
    typer.echo(f"good or better: {seen:.1%} seen, {said:.1%} forecast")
    typer.echo("")
    scores = test.scores(found.rules.least_chance.value)
    rows = [
        [name.replace("_", " "), f"{brier:.4f}", f"{scores['log_score'][name]:.4f}"]
        for name, brier in scores["brier"].items()
    ]
    print_table(["forecast", "Brier score", "log score"], rows)
    typer.echo("")
    typer.echo("What earns what (share of Brier score below the last-grade table's)")
    print_table(["part", "Brier score", "gain"],
                [[part, f"{brier:.4f}", f"{gain:+.1%}"]
                 for part, brier, gain in test.parts.itertuples(index=False)])  # fmt: skip
    if test.closed is not None and len(test.closed):
        typer.echo("")
        typer.echo("Closed schools whose successor was graded, which the scores above leave out")
        print_table(["schools", "count", "seen", "forecast", "Brier score", "last grade table",
                     "gain"],
                    [[which, count, f"{seen:.1%}", f"{said:.1%}", f"{own:.4f}", f"{table:.4f}",
                      f"{gain:+.1%}"] for which, count, seen, said, own, table, gain
                     in test.with_successors().itertuples(index=False)])  # fmt: skip
    for count in found.counts:
        typer.echo("")
        typer.echo(
            f"{count.what}, {count.day}: {count.trusts:,} trusts, {count.forecast:.2f} forecast, "
            f"{count.seen:.2f} seen; transform {count.evenness.distance:.3f} from even: "
            f"{count.joint.p_value:.1%} of the model's own futures are as far "
            f"({count.joint.shape_p_value:.1%} apart from their level); "
            f"p = {count.evenness.p_value:.3g} were trusts independent of each other"
        )
    if found.no_sizes:
        typer.echo(f"schools in trusts not tested: {found.no_sizes}")
    table = intervals(found)
    if len(table):
        typer.echo("")
        typer.echo("Intervals: the model's own chance of them, and the share of counts in them")
        print_table(list(table.columns), table.round(3).to_numpy().tolist())
    rule = found.golden_rule
    if rule is not None:
        typer.echo(
            f"golden rule met by {rule.met_at_origin:.1%} of {rule.trusts:,} trusts at the origin, "
            f"{rule.met_at_target:.1%} at the target; forecast {rule.forecast:.1%} "
            f"({rule.lower:.1%} to {rule.upper:.1%}), Brier score {rule.brier:.3f} against "
            f"{rule.persistence:.3f} had nothing changed"
        )
