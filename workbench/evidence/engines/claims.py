"""What an engine adds to papermill: names that carry code are refused, and so is a false success.

Papermill writes any name it is given into the notebook as code. It takes a notebook that left by
`raise SystemExit(0)` for one that reached its end, and says of a cell that was cut short, and of
all behind it, that they completed.
"""

from __future__ import annotations

import keyword
from typing import Any

from nbformat import NotebookNode, v4

from workbench.errors import BadInput
from workbench.evidence.declared import declared_parameters

_PENDING = "pending"
_NOT_RUN = "The notebook ended before this cell was run."


def refuse_names(notebook: NotebookNode) -> None:
    """Refuse parameters of a notebook that papermill has filled in, unless they are plain names.

    Where the notebook declares its parameters as the workbench's do, only those may be given.

    Raises:
        BadInput: A name is none that Python knows, or it is not declared.
    """
    given = notebook.metadata.get("papermill", {}).get("parameters") or {}
    declared = _declared(notebook)
    for name in given:
        if not isinstance(name, str) or not name.isidentifier() or keyword.iskeyword(name):
            raise BadInput(
                f"{name!r} is no name of a parameter",
                rule="a name reaches the notebook as code: letters, digits and underscores only",
                mend="give the name as the notebook declares it",
            )
        if declared is not None and name not in declared:
            raise BadInput(
                f"there is no parameter {name!r}",
                rule="a run gives only parameters that the notebook declares",
                mend=f"use one of: {', '.join(declared)}",
            )


def complete(manager: Any, *, cut_short: bool) -> None:
    """Have papermill complete a notebook and save it, with cells said to be as they are.

    Args:
        manager: Papermill's keeping of the notebook.
        cut_short: Whether the run was ended by something other than an error of a cell.
    """
    cells = manager.nb.cells
    waiting = [cell for cell in cells if _status(cell) == _PENDING]
    begun = [cell for cell in cells if cell.metadata.papermill["start_time"]]
    if cut_short:
        manager.nb.metadata.papermill["exception"] = True
        if begun:
            manager.cell_exception(begun[-1])
    manager.cleanup_pbar()
    manager.notebook_complete()
    if any(_status(cell) != _PENDING for cell in waiting):
        for cell in waiting:
            cell.metadata.papermill["status"] = _PENDING
        manager.save()


def refuse_early_end(notebook: NotebookNode) -> None:
    """Let papermill find an error in a cell that was not run, where it would find none.

    It then raises it, and stores the notebook with the cell marked.
    """
    waiting = [
        cell
        for cell in notebook.cells
        if cell.cell_type == "code" and cell.source.strip() and _status(cell) == _PENDING
    ]
    errors = [
        output
        for cell in notebook.cells
        for output in cell.get("outputs", ())
        if output.output_type == "error"
    ]
    if waiting and all(one.ename == "SystemExit" and one.evalue in ("", "0") for one in errors):
        waiting[0].outputs.append(
            v4.new_output("error", ename="NotRun", evalue=_NOT_RUN, traceback=[_NOT_RUN])
        )


def _status(cell: NotebookNode) -> str:
    return str(cell.metadata.papermill["status"])


def _declared(notebook: NotebookNode) -> list[str] | None:
    """Return the names a notebook declares; None where it declares them in another way."""
    try:
        return [one.name for one in declared_parameters(notebook, where="the notebook")]
    except BadInput:
        return None
