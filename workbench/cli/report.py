"""The command that makes the reports, and what it says of them when they are made."""

from __future__ import annotations

from typing import TYPE_CHECKING

import typer

from workbench.cli.options import (
    AsJson,
    CellSeconds,
    Classification,
    DryRun,
    Engine,
    Folder,
    Jobs,
    Meeting,
    New,
    NotebooksInZip,
    Out,
    ReportCluster,
    Resume,
    Scenarios,
    Schools,
    StatusOfPaper,
    TrustReview,
)
from workbench.cli.printing import print_json, print_table, progress
from workbench.cli.stop import stoppable
from workbench.errors import BadInput, RunFailed

if TYPE_CHECKING:
    from workbench.evidence.batch import BatchResult
    from workbench.evidence.prepare import Prepared


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
    resume: Resume = None,
    new: New = False,
    dry_run: DryRun = False,
    jobs: Jobs = None,
    cell_seconds: CellSeconds = 300,
    engine: Engine = "auto",
    cluster: ReportCluster = None,
    as_json: AsJson = False,
) -> None:
    """Write the review of the trust, school reviews, scenario reports and their index.

    Each is a page, a PDF, a workbook and the data of its figures; one zip holds them for e-mail.
    All are drafts until signed. Exits with 1 if any report failed; the index says which and why.
    A run of today that was stopped half-way, or has reports that failed, is gone on with where
    nothing it is made from has changed.
    """
    from workbench.evidence.batch import request_of, run_batch
    from workbench.evidence.prepare import find_run, outputs_of
    from workbench.evidence.run_file import Paper, by_name, refuse_no_run

    if new and resume is not None:
        raise BadInput("--new and --resume were both given", rule="a run is new or gone on with")
    if resume is not None:
        resume = by_name(resume, outputs_of(out))
        refuse_no_run(resume)
    paper = Paper(meeting.date() if meeting else None, status, classification)
    request = request_of(schools, scenarios, trust_review, paper, with_notebooks=notebooks_in_zip)
    if resume is None and not new:
        resume = find_run(
            outputs_of(out), folder, request, say=lambda said: typer.echo(said, err=True)
        )
        if resume is not None:
            typer.echo(f"going on with {resume.name}; --new makes another run", err=True)
    if dry_run:
        _print_plan(folder, request, resume, as_json=as_json)
        return
    with stoppable(), progress("Writing reports", each="reports") as bar:
        result = run_batch(
            folder,
            schools=schools,
            scenarios=scenarios,
            trust_review=trust_review,
            paper=paper,
            with_notebooks=notebooks_in_zip,
            out=out,
            resume=resume,
            beside=new,
            jobs=jobs,
            cell_seconds=cell_seconds,
            engine=engine,
            cluster=cluster,
            progress=lambda one, _, total: bar(1, total, failed=not one.complete),
        )
    _print_result(result, resumed=resume is not None, as_json=as_json)
    _say_fallback(result, engine)
    if result.failed:
        raise typer.Exit(RunFailed.exit_code)


def _print_plan(folder: Folder, request: object, resume: Resume, *, as_json: bool) -> None:
    from workbench.evidence.ledger import Request
    from workbench.evidence.prepare import prepare
    from workbench.trust.load import read_trust

    assert isinstance(request, Request)
    prepared = prepare(read_trust(folder), request, resume=resume)
    rows = _rows(prepared)
    if as_json:
        print_json({"run": prepared.folder and prepared.folder.name, "reports": rows})
        return
    print_table(
        ["kind", "key", "notebook", "parameters", "files", "made"],
        [[*list(row.values())[:3], _given(row), row["files"], row["made"]] for row in rows],
    )
    typer.echo(f"{len(prepared.to_make)} of {len(rows)} reports would be made; nothing was")


def _rows(prepared: Prepared) -> list[dict[str, object]]:
    return [
        {
            "kind": one.part.kind,
            "key": one.part.key,
            "notebook": one.part.notebook,
            "parameters": dict(one.part.parameters),
            "files": f"{one.part.stem}.*",
            "made": one.why or "no: it is as it would be made",
        }
        for one in prepared.planned
    ]


def _given(row: dict[str, object]) -> str:
    given = row["parameters"]
    assert isinstance(given, dict)
    return ", ".join(f"{name}={value}" for name, value in given.items() if name != "trust_dir")


def _print_result(result: BatchResult, *, resumed: bool, as_json: bool) -> None:
    failed = {part.part.key: part.message for part in result.failed}
    if as_json:
        print_json(
            {
                "index": result.index,
                "zip": result.zip,
                "complete": len(result.complete),
                "failed": failed,
                "made": _made(result),
                "why": result.why,
                "kept": len(result.kept),
                "without_pdf": result.run.without_pdf or None,
            }
        )
        return
    if resumed:
        for one in result.results:
            if one.part.stem in result.why:
                typer.echo(f"{one.part.kind} {one.part.key} made: {result.why[one.part.stem]}")
    for key, message in failed.items():
        typer.echo(f"{key} failed: {message}", err=True)
    if result.run.without_pdf:
        typer.echo(result.run.without_pdf, err=True)
    typer.echo(_said(result))
    typer.echo(f"{result.zip.name}: all of them to e-mail, as drafts")
    typer.echo(result.index)


def _say_fallback(result: BatchResult, engine: Engine) -> None:
    """Say once where reports were run by another engine than was asked for."""
    from workbench.evidence.engines.engine import chosen

    asked = chosen(engine)
    fresh = [one.engine for one in result.results if one.part.stem in result.why and one.engine]
    others = sorted(set(fresh) - {asked})
    if others:
        number = sum(one != asked for one in fresh)
        typer.echo(
            f"{number} of {len(fresh)} reports were run by the engine {' and '.join(others)}, "
            f"as {asked} was not to be had",
            err=True,
        )


def _made(result: BatchResult) -> dict[str, int]:
    """Count the files there are, by what they are."""
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
    stayed = f", {len(result.kept)} of them as they were" if result.kept else ""
    done = f"{len(result.complete)} of {len(result.results)} reports in {result.seconds:.0f} s"
    return f"{done}{stayed}: {made}" if made else done
