"""The command that says whether a run is what it was, and what has changed around it."""

from __future__ import annotations

from dataclasses import asdict
from typing import Annotated

import typer

from workbench.cli.assure import RunFolder, TrustMoved
from workbench.cli.options import AsJson, Jobs
from workbench.cli.printing import print_json, progress
from workbench.cli.stop import stoppable

Rerun = Annotated[
    bool, typer.Option("--rerun", help="Make every report again, elsewhere, and compare results.")
]
_STOPPED = "Stopped before all was compared. The run is as it was."
_SAID = {
    "tampered": "touched",
    "tables": "the trust's tables",
    "parameters": "parameters",
    "code": "code",
    "environment": "environment",
    "result": "result",
    "unfinished": "unfinished",
    "failed": "failed",
}


def verify(
    run: RunFolder,
    trust: TrustMoved = None,
    rerun: Rerun = False,
    jobs: Jobs = None,
    as_json: AsJson = False,
) -> None:
    """Say whether a run's files are as they were made, and whether what they were made from is.

    Exits with 0 where all is as it was, else with the lowest that applies: 3 a file was touched
    or added, 4 the trust's tables or documents changed, 5 parameters, 6 code, 7 environment, 8 a
    result came out otherwise when it was made again, 9 the run never came to its end or a report
    of it failed. It finds accidents and careless hands; whoever can write to the folder can also
    write its seal.
    """
    from workbench.charts.wording import count
    from workbench.evidence.verify import verify as compare

    with stoppable(_STOPPED), progress("Verifying", each="reports" if rerun else "") as bar:
        found = compare(
            run, trust=trust, rerun=rerun, jobs=jobs, progress=lambda total: bar(1, total)
        )
    if as_json:
        print_json({**asdict(found), "exit_code": found.exit_code})
    else:
        for one in found.differences:
            typer.echo(f"{_SAID[one.kind]}: {one.name} {one.words}")
        for name in found.added:
            typer.echo(f"note: {name} was left half-written by a runner that was stopped")
        if not found.differences:
            again = f", {count(found.recomputed, 'report')} made again with equal results"
            typer.echo(
                f"{count(found.files, 'file')} as they were made, from what is there now"
                f"{again if rerun else ''}"
            )
    if found.exit_code:
        raise typer.Exit(found.exit_code)
