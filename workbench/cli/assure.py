"""The command that signs reports as assured, and takes that back."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from workbench.cli.options import AsJson
from workbench.cli.printing import print_json, progress
from workbench.errors import BadInput

RunFolder = Annotated[
    Path, typer.Argument(metavar="RUN", help="A run's folder or name, such as latest.")
]
Reports = Annotated[
    list[str] | None,
    typer.Option(
        "--report",
        metavar="STEM",
        help="A report, by its files' name without ending; may be repeated.  [default: all]",
    ),
]
TrustMoved = Annotated[
    Path | None,
    typer.Option(
        "--trust", metavar="DIR", help="Where the trust's tables lie, if they were moved."
    ),
]
Analyst = Annotated[
    str, typer.Option(metavar="ROLE", help="Role of whoever made the reports; never a name.")
]
Assurer = Annotated[
    str, typer.Option(metavar="ROLE", help="Role of whoever checked them; another role.")
]
Statement = Annotated[str, typer.Option(metavar="TEXT", help="What the assurer says of them.")]
Limitations = Annotated[
    list[str] | None,
    typer.Option(
        "--limitation",
        metavar="TEXT",
        help="What they must not be used for; may be repeated.",
    ),
]
Decisions = Annotated[
    list[str] | None,
    typer.Option(
        "--decision", metavar="TEXT", help="What was decided on the way; may be repeated."
    ),
]
Withdraw = Annotated[
    bool, typer.Option("--withdraw", help="Take signatures back: the reports are drafts again.")
]


def assure(
    run: RunFolder,
    assurer: Assurer,
    analyst: Analyst = "",
    statement: Statement = "",
    limitations: Limitations = None,
    decisions: Decisions = None,
    reports: Reports = None,
    withdraw: Withdraw = False,
    trust: TrustMoved = None,
    as_json: AsJson = False,
) -> None:
    """Sign reports of a run as assured, by another role than the one that made them.

    They are made again with a banner in place of DRAFT. The logs of checks, assumptions, decisions
    and data are kept in the run's folder, and only ever added to.
    """
    from workbench.evidence import assure as signing
    from workbench.evidence.acts import Signing
    from workbench.evidence.assurance_log import READABLE

    if withdraw:
        with progress("Withdrawing"):
            signed = signing.withdraw(
                run, assurer, statement=statement, reports=reports or (), trust=trust
            )
    else:
        if not analyst:
            raise BadInput(
                "nobody is named as the analyst",
                where="--analyst",
                rule="a report is signed by another role than the one that made it",
                mend="give both, such as --analyst 'R&D lead' --assurer 'Director of standards'",
            )
        given = Signing(
            analyst, assurer, statement, tuple(limitations or ()), tuple(decisions or ()),
            tuple(reports or ()),
        )  # fmt: skip
        with progress("Signing"):
            signed = signing.assure(run, given, trust=trust)
    standing = {part.stem: part.assured for part in signed.parts}
    if as_json:
        print_json({"log": signed.folder / READABLE, "assured": standing})
        return
    for stem, who in standing.items():
        typer.echo(f"{stem}: {f'assured, {who}' if who else 'DRAFT - NOT ASSURED'}")
    typer.echo(signed.folder / READABLE)
