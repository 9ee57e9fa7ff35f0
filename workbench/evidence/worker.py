"""What one worker process does: run a part's notebook, make its page, and publish both."""

from __future__ import annotations

import time
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import nbformat
from nbformat import NotebookNode

from workbench.evidence.execute import CELL_SECONDS, Stopped, execute
from workbench.evidence.kernel import use_own_kernel
from workbench.evidence.plan import Part, notebook_path
from workbench.evidence.provenance import Inputs, provenance
from workbench.evidence.store import STAGING, publish
from workbench.report.emit import records
from workbench.report.exporter import ReportExporter

FAILED = "failed"


@dataclass(frozen=True)
class PartResult:
    """How one part of a run ended.

    Attributes:
        part: The part.
        complete: Whether its report is whole.
        headline: What the report says, in a sentence; empty where it has none.
        message: What went wrong, in plain words; empty where nothing did.
        cell: The code cell that stopped it, counted from 1.
        files: What it left in the run's folder: the page first, then the notebook.
        seconds: Time it took.
    """

    part: Part
    complete: bool
    headline: str = ""
    message: str = ""
    cell: int | None = None
    files: tuple[str, ...] = ()
    seconds: float = 0.0


def start_worker(scratch: Path) -> None:
    """Prepare a worker process: its notebooks run on this Python."""
    use_own_kernel(scratch / "kernel")


def run_part(part: Part, run: Path, inputs: Inputs, cell_seconds: int = CELL_SECONDS) -> PartResult:
    """Run a part and publish its page and notebook, or publish how far a failed notebook came."""
    began = time.perf_counter()
    try:
        executed = execute(
            notebook_path(part.notebook),
            part.parameters,
            scratch=run / STAGING,
            cell_seconds=cell_seconds,
        )
    except Stopped as stopped:
        files: tuple[str, ...] = ()
        if stopped.notebook is not None:
            files = (_publish_failed(run, part, stopped.notebook),)
        return PartResult(
            part, False, message=stopped.message, cell=stopped.cell, files=files,
            seconds=time.perf_counter() - began,
        )  # fmt: skip
    seconds = time.perf_counter() - began
    executed.metadata["workbench"] = provenance(part, executed, inputs, seconds)
    page, _ = _exporter().from_notebook_node(executed)
    names = (f"{part.stem}.html", f"{part.stem}.ipynb")
    publish(run, names[1], nbformat.writes(executed))
    publish(run, names[0], page)
    headline = records(executed).get("headline", "")
    return PartResult(
        part, True, headline=str(headline or ""), files=names,
        seconds=time.perf_counter() - began,
    )  # fmt: skip


@cache
def _exporter() -> ReportExporter:
    return ReportExporter()


def _publish_failed(run: Path, part: Part, notebook: NotebookNode) -> str:
    """Keep a notebook that did not finish, apart from the reports, for whoever mends it."""
    name = f"{FAILED}_{part.stem}.ipynb"
    publish(run, name, nbformat.writes(notebook))
    return name
