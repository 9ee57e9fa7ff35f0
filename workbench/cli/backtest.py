"""The command `backtest`: the model told only what was known by a day, and scored."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from workbench.cli.options import AsJson, day_read
from workbench.cli.printing import print_json, print_table, progress
from workbench.errors import BadInput

if TYPE_CHECKING:
    from workbench.research.backtest.run import Backtest

Origin = Annotated[
    datetime, typer.Option("--origin", parser=day_read, metavar="DATE", help="Last day known.")
]
Reached = Annotated[
    datetime,
    typer.Option("--target", parser=day_read, metavar="DATE", help="Last day of what is scored."),
]
Published = Annotated[
    str,
    typer.Option("--from", metavar="FOLDER", help="Folder of files as published, or demo."),
]
MembersOrigin = Annotated[
    datetime | None,
    typer.Option(
        "--membership-origin",
        parser=day_read,
        metavar="DATE",
        help="Last day known of who is in which trust.  [default: the origin]",
    ),
]
MembersTarget = Annotated[
    datetime | None,
    typer.Option(
        "--membership-target",
        parser=day_read,
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


_KNOWN = {
    "ended": "figures of schools count as known once the school year that they describe has ended",
    "published": "figures of schools count as known once they are published",
}


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

    _refuse_places(to, record)
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
        print_json(summary(found) | {"kept_in": to, "record": record})
    else:
        _print(found)
        for where in (place for place in (to, record) if place is not None):
            typer.echo(f"kept in {where}")


def _keep(found: Backtest, file: Path) -> None:
    from workbench.research.backtest.record import record_of, write_record
    from workbench.scenario.answers import read_model

    write_record(record_of(found, read_model()), file)


def _refuse_places(to: Path | None, record: Path | None) -> None:
    """Refuse, before minutes of work, where nothing could be kept after them."""
    from workbench.research.backtest.dictionary import BACKTEST
    from workbench.research.kept_tables import refuse_unless_ours

    if to is not None:
        refuse_unless_ours(to, BACKTEST.what)
    if record is not None and not record.parent.is_dir():
        raise BadInput(
            f"there is no folder {record.parent}",
            where=str(record),
            rule="--record names a file in a folder that exists",
            mend="make the folder, or give another file",
        )


def _print(found: Backtest) -> None:
    test = found.grades
    typer.echo(
        f"{found.source}: {len(test.cases):,} schools with a new grade after {test.origin} and by "
        f"{test.target}; learnt from {test.learnt_from:,} grades before"
    )
    typer.echo(_KNOWN[found.known])
    for note in found.notes:
        typer.echo(f"Note: {note}")
    seen, said = test.cases["good"].mean(), test.cases["model"].mean()
    typer.echo(f"good or better: {seen:.1%} seen, {said:.1%} forecast")
    typer.echo("")
    _print_scores(found)
    if test.closed is not None and len(test.closed):
        typer.echo("")
        typer.echo("Closed schools whose successor was graded, which the scores above leave out")
        print_table(["schools", "count", "seen", "forecast", "Brier score", "last grade table",
                     "gain"],
                    [[which, count, f"{seen:.1%}", f"{said:.1%}", f"{own:.4f}", f"{table:.4f}",
                      f"{gain:+.1%}"] for which, count, seen, said, own, table, gain
                     in test.with_successors().itertuples(index=False)])  # fmt: skip
    _print_counts(found)
    rule = found.golden_rule
    if rule is not None:
        typer.echo("")
        typer.echo(
            f"golden rule met by {rule.met_at_origin:.1%} of {rule.trusts:,} trusts at the origin, "
            f"{rule.met_at_target:.1%} at the target; forecast {rule.forecast:.1%} "
            f"({rule.lower:.1%} to {rule.upper:.1%} in 95% of futures), Brier score "
            f"{rule.brier:.3f} against {rule.persistence:.3f} had nothing changed"
        )
    typer.echo("")
    typer.echo("Not tested: what growth does to a trust's capacity. See docs/methods/backtest.md.")


def _print_scores(found: Backtest) -> None:
    """Print every forecast's scores, what the model gains on each, and what earns it."""
    from workbench.research.backtest.run import SEED

    test = found.grades
    typer.echo(
        "How far chances lay from what happened: a Brier score of 0 is perfect, 0.25 is to say 50% "
        "of every school"
    )
    scores = test.scores(found.rules.least_chance.value)
    gains = test.gains(found.rules, SEED)
    rows = []
    for name, brier in scores["brier"].items():
        gain = gains.get(name)
        said = ("", "") if gain is None else (
            f"{gain.share:+.1%}", f"{gain.lower:+.1%} to {gain.upper:+.1%}",
        )  # fmt: skip
        log = f"{scores['log_score'][name]:.4f}"
        rows.append([name.replace("_", " "), f"{brier:.4f}", log, *said])
    print_table(["forecast", "Brier score", "log score", "model's gain on it", "95%"], rows)
    typer.echo("A gain is the share by which the model's Brier score is below the other's.")
    typer.echo("")
    typer.echo("What earns what (share of Brier score below the last-grade table's)")
    print_table(["part", "Brier score", "gain"],
                [[part, f"{brier:.4f}", f"{gain:+.1%}"]
                 for part, brier, gain in test.parts.itertuples(index=False)])  # fmt: skip
    typer.echo(
        "The chain is what the growth simulation shares with this model; the layer learns from "
        "schools' figures, and no report uses it."
    )


def _print_counts(found: Backtest) -> None:
    """Print counts of trusts, forecast and seen, and whether they speak against the model."""
    from workbench.research.backtest.run import intervals

    for count in found.counts:
        typer.echo("")
        typer.echo(
            f"{count.what}, {count.day}: {count.trusts:,} trusts, {count.forecast:.2f} forecast, "
            f"{count.seen:.2f} seen (means)"
        )
        typer.echo(
            f"  were the model right, {count.joint.p_value:.1%} of futures would lie as far from "
            f"it as what was seen, {count.joint.shape_p_value:.1%} apart from their level; under "
            "5% speaks against it"
        )
        typer.echo(
            f"  transform {count.evenness.distance:.3f} from even; "
            f"p = {count.evenness.p_value:.3g} were trusts independent of each other"
        )
    if found.no_sizes:
        typer.echo("")
        typer.echo(f"schools in trusts not tested: {found.no_sizes}")
    table = intervals(found)
    if len(table):
        typer.echo("")
        typer.echo(
            "Intervals: the model's own chance of them, the share of counts in them, the "
            "difference, and how much that varies from future to future"
        )
        print_table(list(table.columns), table.round(3).to_numpy().tolist())
