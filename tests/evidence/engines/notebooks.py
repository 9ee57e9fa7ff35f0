"""Small notebooks run by each engine, and what their cells showed."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import nbformat
import papermill
from nbformat import NotebookNode, v4

from workbench.evidence.engines.engine import Choice, named

SPEC = {"name": "python3", "display_name": "Python 3", "language": "python"}


def notebook(*cells: str) -> NotebookNode:
    """Return a notebook of code cells."""
    made: NotebookNode = v4.new_notebook(
        cells=[v4.new_code_cell(cell, id=f"cell-{number}") for number, cell in enumerate(cells)],
        metadata={"kernelspec": SPEC},
    )
    return made


def run(engine: Choice, folder: Path, *cells: str, seconds: int = 60) -> NotebookNode:
    """Execute cells with papermill and return the notebook."""
    path = folder / "in.ipynb"
    nbformat.write(notebook(*cells), path)
    done: NotebookNode = papermill.execute_notebook(
        str(path),
        str(folder / f"{engine}.ipynb"),
        engine_name=named(engine),
        kernel_name="python3",
        progress_bar=False,
        execution_timeout=seconds,
        cwd=str(folder),
    )
    return done


def shown(done: NotebookNode) -> list[list[dict[str, Any]]]:
    """Return what each code cell showed, without what papermill wrote beside it."""
    return [[dict(one) for one in cell.outputs] for cell in done.cells if cell.cell_type == "code"]


def said(done: NotebookNode) -> str:
    """Return the plain text of the last cell's last output."""
    last = done.cells[-1].outputs[-1]
    return str(last.get("text") or last["data"]["text/plain"])
