"""What running a notebook costs the processor beyond its cells, and how much memory it takes."""

from __future__ import annotations

import os
import resource
from collections.abc import Callable
from pathlib import Path
from typing import Any

import nbformat
from nbformat import NotebookNode

from benchmarks.cells import Alone, alone
from workbench.evidence.engines.engine import Choice
from workbench.evidence.engines.leases import start_parent
from workbench.evidence.execute import execute
from workbench.report.exporter import ReportExporter
from workbench.report.pdf import pdf_of

ENGINES: tuple[Choice, ...] = ("warm", "fork")
_PRIVATE = (
    "print(sum(int(line.split()[1]) for line in open('/proc/self/smaps_rollup')"
    " if line.startswith('Private')) / 1e3)"
)
_exporters: list[ReportExporter] = []


def costs(notebook: Path, rounds: int, folder: Path) -> dict[str, float]:
    """Return what a notebook costs; of the rounds the best counts, and all take turns.

    Args:
        notebook: The notebook, run as it stands.
        rounds: How often.
        folder: Where to write.

    Returns:
        Processor seconds of its `cells` in a fresh interpreter and `cells_again` in the same one,
        of each engine, this process, its parent and the notebook's interpreter together, and of
        `page_and_pdf`; `beyond_` the cells for each engine; `megabytes` that a forked interpreter
        has to itself in the end.
    """
    done = execute(notebook, {}, scratch=folder, engine="fork")
    page_and_pdf(done)
    rows = []
    with alone(notebook) as cells:
        for _ in range(rounds):
            rows.append(_one_round(notebook, done, cells, folder))
    taken = {name: round(min(row[name] for row in rows), 4) for name in rows[0]}
    beyond = {f"beyond_{name}": round(taken[name] - taken["cells"], 4) for name in ENGINES}
    return {**taken, **beyond, "megabytes": private_megabytes(notebook, folder)}


def _one_round(notebook: Path, done: NotebookNode, cells: Alone, folder: Path) -> dict[str, float]:
    first, again = cells.seconds()
    row = {"cells": first, "cells_again": again}
    for engine in ENGINES:
        row[engine] = processor_seconds(
            lambda engine=engine: execute(notebook, {}, scratch=folder, engine=engine)  # type: ignore[misc]
        )
    row["page_and_pdf"] = processor_seconds(lambda: page_and_pdf(done))
    return row


def page_and_pdf(done: NotebookNode) -> tuple[str, bytes]:
    """Return the page and the PDF of an executed notebook, by an exporter that is kept."""
    if not _exporters:
        _exporters.append(ReportExporter())
    page, _ = _exporters[0].from_notebook_node(done)
    return page, pdf_of(page)


def processor_seconds(work: Callable[[], object]) -> float:
    """Return the processor seconds of work, of this process, its forking parent and its children.

    What the parent itself imports is left out, as it has been used before.
    """
    process = start_parent()._process.pid
    began = _used(process)
    work()
    return _used(process) - began


def _used(parent: int) -> float:
    """Return processor seconds of this process, and of a parent process with its ended children."""
    fields = Path(f"/proc/{parent}/stat").read_text().rsplit(")", 1)[1].split()
    ticks = sum(int(one) for one in fields[11:15])
    own = resource.getrusage(resource.RUSAGE_SELF)
    return own.ru_utime + own.ru_stime + ticks / os.sysconf("SC_CLK_TCK")


def private_megabytes(notebook: Path, folder: Path) -> float:
    """Return the megabytes that a forked interpreter has to itself after a notebook's cells."""
    cells: Any = nbformat.read(notebook, as_version=4)
    cells.cells.append(nbformat.v4.new_code_cell(_PRIVATE))
    path = folder / f"memory-{notebook.name}"
    nbformat.write(cells, path)
    done = execute(path, {}, scratch=folder, engine="fork")
    return round(float(done.cells[-1].outputs[0].text), 1)
