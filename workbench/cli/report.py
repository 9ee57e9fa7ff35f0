"""The command that makes the reports, and what it says of them when they are made."""

from __future__ import annotations

from typing import TYPE_CHECKING

import typer

from workbench.cli.options import (
    AsJson,
    Classification,
    Folder,
    Jobs,
    Meeting,
    NotebooksInZip,
    Out,
    Scenarios,
    Schools,
    StatusOfPaper,
    TrustReview,
)
from workbench.cli.printing import print_json, progress
from workbench.errors import RunFailed

if TYPE_CHECKING:
    from workbench.evidence.batch import BatchResult


def report(
    folder: Folder,
    schools: Schools = None,
    scenarios: Scenarios = None,
    trust_review: TrustReview = None,
    meeting: Meeting = None,
    status: StatusOfPaper = "",
    classification: Classification = "",
    notebooks_in_zip: NotebooksInZip = False,
    out: Out = None,
    jobs: Jobs = None,
    as_json: AsJson = False,
) -> None:
    """Write the review of the trust, school reviews, scenario reports and their index.

    Each is a page, a PDF, a workbook and the data of its figures; one zip holds them for e-mail.
    All are drafts until signed. Exits with 1 if any report failed; the index says which and why.
    """
    from workbench.evidence.batch import run_batch
    from workbench.evidence.run_file import Paper

    with progress("Writing reports") as bar:
        result = run_batch(
            folder,
            schools=schools,
            scenarios=scenarios,
            trust_review=trust_review,
            paper=Paper(meeting.date() if meeting else None, status, classification),
            with_notebooks=notebooks_in_zip,
            out=out,
            jobs=jobs,
            progress=lambda _, __, total: bar(1, total),
        )
    failed = {part.part.key: part.message for part in result.failed}
    if as_json:
        print_json(
            {
                "index": result.index,
                "zip": result.zip,
                "complete": len(result.complete),
                "failed": failed,
                "made": _made(result),
                "without_pdf": result.run.without_pdf or None,
            }
        )
    else:
        for key, message in failed.items():
            typer.echo(f"{key} failed: {message}", err=True)
        if result.run.without_pdf:
            typer.echo(result.run.without_pdf, err=True)
        typer.echo(_said(result))
        typer.echo(f"{result.zip.name}: all of them to e-mail, as drafts")
        typer.echo(result.index)
    if failed:
        raise typer.Exit(RunFailed.exit_code)


def _made(result: BatchResult) -> dict[str, int]:
    """Count the files made, by what they are."""
    files = [part.files for part in result.complete]
    return {
        "page": len(files),
        "PDF": sum(one.pdf is not None for one in files),
        "workbook": sum(one.xlsx is not None for one in files),
        "data file": sum(len(one.csv) for one in files),
    }


def _said(result: BatchResult) -> str:
    from workbench.charts.wording import count

    made = ", ".join(count(number, what) for what, number in _made(result).items() if number)
    done = f"{len(result.complete)} of {len(result.results)} reports in {result.seconds:.0f} s"
    return f"{done}: {made}" if made else done
