"""Small notebooks run by each engine, what their cells showed, and whether processes are gone."""

from __future__ import annotations

import json
import os
import re
import time
from pathlib import Path
from typing import Any
from unittest.mock import patch

import nbformat
import papermill
from nbformat import NotebookNode, v4

from workbench.evidence.engines.engine import Choice, named

_RANDOM = re.compile(r"(?<=ipykernel_)\d+/\d+|(?<=\"model_id\": \")\w+")
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
    with patch.dict(os.environ):
        os.environ.pop("PYTEST_CURRENT_TEST", None)  # a kernel that sees it captures less
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
    """Return what each code cell showed, without what papermill wrote beside it.

    Text of one stream is put together: how often it was sent is a matter of time. The process that
    ipykernel names cells by and the random names of widgets are left out, and so is the cell in
    which papermill writes parameters, with the count of cells that it shifts.
    """
    return [
        _shown(cell)
        for cell in done.cells
        if cell.cell_type == "code" and "injected-parameters" not in cell.metadata.get("tags", ())
    ]


def _shown(cell: NotebookNode) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = []
    for output in cell.outputs:
        one = json.loads(_RANDOM.sub("", json.dumps(output)))
        one.pop("execution_count", None)
        if found and one["output_type"] == "stream" and found[-1].get("name") == one["name"]:
            found[-1]["text"] += one["text"]
        else:
            found.append(one)
    return found


def said(done: NotebookNode) -> str:
    """Return the plain text of the last cell's last output."""
    last = done.cells[-1].outputs[-1]
    return str(last.get("text") or last["data"]["text/plain"])


def gone(process: int, seconds: float = 60.0) -> bool:
    """Return whether a process ends in time; one that is dead but not asked for has ended.

    What lingers here does so for 300 seconds: on a busy machine, more patience proves no less.
    """
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        try:
            status = Path(f"/proc/{process}/stat").read_text().rsplit(")", 1)[1].split()[0]
        except (FileNotFoundError, ProcessLookupError):
            return True
        if status == "Z":
            return True
        time.sleep(0.02)
    return False
