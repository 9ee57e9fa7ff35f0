"""What rendering costs beside a notebook's cells: page, PDF and workbook, in processor seconds.

Run by `python -m benchmarks.rendering RUN` over the reports of a run: prints the seconds of each,
and the share that rendering adds to what the cells took by the clock on the wall.

What sets the type may remember what it has set, and a page of the same words again would cost it
half: so nothing is rendered twice, and what is loaded once for a process is loaded beforehand.
"""

from __future__ import annotations

import sys
from functools import cache
from pathlib import Path
from typing import Any

import nbformat
from nbformat import NotebookNode

from benchmarks.measure import seconds
from workbench.report.contents import contents_of
from workbench.report.exporter import ReportExporter
from workbench.report.pdf import pdf_of
from workbench.report.workbook import workbook_of

PARTS = ("html", "pdf", "workbook")


def rendering_seconds(executed: NotebookNode) -> dict[str, float]:
    """Return the seconds of the processor that rendering an executed notebook takes.

    Args:
        executed: The notebook with its outputs; one that this process has not rendered before.

    Returns:
        Seconds of `html`, `pdf`, `workbook` and `html_and_pdf`; beside them `cells`, what the
        notebook's cells took by the clock on the wall, as papermill noted it.
    """
    exporter = _ready()
    made: dict[str, Any] = {}

    def page() -> None:
        made["page"], _ = exporter.from_notebook_node(executed)

    taken = {
        "html": seconds(page),
        "pdf": seconds(lambda: pdf_of(made["page"])),
        "workbook": seconds(lambda: workbook_of(contents_of(made["page"]))),
    }
    noted = [cell.metadata.get("papermill", {}).get("duration") for cell in executed.cells]
    return taken | {
        "html_and_pdf": taken["html"] + taken["pdf"],
        "cells": float(sum(duration or 0.0 for duration in noted)),
    }


@cache
def _ready() -> ReportExporter:
    """Return an exporter, once all that a process loads once is loaded."""
    exporter = ReportExporter()
    cell = nbformat.v4.new_markdown_cell("# A page")
    page, _ = exporter.from_notebook_node(nbformat.v4.new_notebook(cells=[cell]))
    pdf_of(page)
    workbook_of(contents_of(page))
    return exporter


def main() -> None:
    """Measure the reports of a run, and print what each part took."""
    every = []
    for notebook in sorted(Path(sys.argv[1]).glob("notebooks/*.ipynb")):
        every.append(rendering_seconds(nbformat.read(notebook, as_version=4)))
        shown = "  ".join(f"{name} {taken:.3f}" for name, taken in every[-1].items())
        print(f"{notebook.stem:60.60} {shown}")
    rendered = sum(one[part] for one in every for part in PARTS)
    cells = sum(one["cells"] for one in every)
    if cells:
        print(f"rendering adds {rendered / cells:.1%}: {rendered:.1f} s to {cells:.1f} s of cells")


if __name__ == "__main__":
    main()
