"""A notebook's own cells: those that hold code, their digest, and how one of them stops a run."""

from __future__ import annotations

import hashlib
import json

from nbformat import NotebookNode

_INJECTED = "injected-parameters"
_SHOWN = 16
_ADDED = frozenset({"injected-parameters", "papermill-error-cell-tag"})


class Stopped(Exception):
    """A notebook did not reach its end.

    Attributes:
        message: What happened, in plain words.
        cell: The code cell it stopped at, counted from 1; None where that is not known.
        notebook: What had been run when it stopped; None where nothing could be kept.
    """

    def __init__(
        self, message: str, cell: int | None = None, notebook: NotebookNode | None = None
    ) -> None:
        super().__init__(message)
        self.message, self.cell, self.notebook = message, cell, notebook


def own_code_cells(notebook: NotebookNode) -> list[NotebookNode]:
    """Return the notebook's cells that hold code, in order, without what papermill injected."""
    return [
        cell
        for cell in notebook.cells
        if cell.cell_type == "code"
        and cell.source.strip()
        and _INJECTED not in cell.metadata.get("tags", ())
    ]


def digest_of_code(notebook: NotebookNode) -> str:
    """Return the digest of a notebook's own cells, code and words: kind, tags and source of each.

    Outputs are left aside, and so are the cells that papermill adds when it runs a notebook.
    """
    own = [
        (cell.cell_type, sorted(cell.metadata.get("tags", ())), cell.source)
        for cell in notebook.cells
        if _ADDED.isdisjoint(cell.metadata.get("tags", ()))
    ]
    return hashlib.sha256(json.dumps(own).encode()).hexdigest()[:_SHOWN]
