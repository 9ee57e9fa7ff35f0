"""The command that lists runs."""

from __future__ import annotations

from dataclasses import asdict

import typer

from workbench.cli.options import AsJson, Out
from workbench.cli.printing import print_json, print_table


def runs(out: Out = None, as_json: AsJson = False) -> None:
    """List the runs in the outputs folder, the newest first.

    A run is unfinished where it was stopped: the same report command goes on with it, or
    report --resume RUN.
    """
    from workbench import paths
    from workbench.evidence.runs import list_runs

    found = list_runs(out or paths.outputs())
    if as_json:
        print_json([asdict(one) for one in found])
        return
    if not found:
        typer.echo("no runs yet: make one with `workbench report`")
        return
    print_table(
        ["run", "when (UTC)", "trust", "reports", "complete", "failed", "standing", "seconds"],
        [
            [
                one.name,
                f"{one.made:%Y-%m-%d %H:%M}" if one.made else "",
                one.trust,
                one.reports,
                one.complete,
                one.failed,
                one.standing,
                "" if one.seconds is None else f"{one.seconds:.0f}",
            ]
            for one in found
        ],
    )
