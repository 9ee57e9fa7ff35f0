"""Execute one notebook from top to bottom, or say in plain words which cell stopped it and why."""

from __future__ import annotations

import logging
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

import nbformat
from nbformat import NotebookNode

from workbench import paths
from workbench.evidence.code_cells import Stopped, own_code_cells
from workbench.evidence.declared import Value
from workbench.evidence.engines.engine import Choice, named
from workbench.evidence.kernel import KERNEL

if TYPE_CHECKING:
    from papermill.exceptions import PapermillExecutionError

CELL_SECONDS = 300
START_SECONDS = 120
# After a cell has answered, until all it showed has come: nbclient's four are few where a machine
# is busy or short of memory, and a cell that shows nothing more takes no time.
SHOWING_SECONDS = 60
# In what nbclient then says, by an error that it has for long cells too.
_SHOWN_LATE = "The message was: Timeout waiting for IOPub output"


def execute(
    notebook: Path,
    parameters: Mapping[str, Value],
    *,
    scratch: Path,
    cell_seconds: int = CELL_SECONDS,
    engine: Choice = "auto",
) -> NotebookNode:
    """Execute a notebook with papermill and return it with its outputs.

    Args:
        notebook: The notebook's file.
        parameters: Values already checked against what it declares.
        scratch: A folder for the unfinished notebook.
        cell_seconds: Longest time one cell may take.
        engine: Whether its interpreter is forked or started; forked where that can be, by default.

    Raises:
        Stopped: A cell failed or took too long, the kernel died, or a cell was never reached.
    """
    import papermill  # noqa: PLC0415 # it takes long, and much that imports this runs nothing
    from nbclient.exceptions import CellTimeoutError, DeadKernelError  # noqa: PLC0415
    from papermill.exceptions import PapermillExecutionError  # noqa: PLC0415

    logging.getLogger("papermill").setLevel(logging.CRITICAL)  # what it says is raised too
    kept: list[NotebookNode] = []
    with tempfile.TemporaryDirectory(dir=scratch) as folder:
        unfinished = Path(folder) / notebook.name
        try:
            executed: NotebookNode = papermill.execute_notebook(
                _literal(notebook),
                _literal(unfinished),
                parameters=dict(parameters),
                kernel_name=KERNEL,
                engine_name=named(engine),
                kept=kept,
                trust=_trust_of(parameters),
                progress_bar=False,
                autosave_cell_every=0,
                request_save_on_cell_execute=False,  # it is kept in memory
                execution_timeout=cell_seconds,
                start_timeout=START_SECONDS,
                iopub_timeout=SHOWING_SECONDS,
                cwd=str(notebook.parent),
            )
        except PapermillExecutionError as error:
            raise _cell_failed(error, nbformat.read(unfinished, as_version=4)) from error
        except CellTimeoutError as error:
            raise _cut_short(_too_late(error, cell_seconds), kept[0]) from error
        except DeadKernelError as error:
            said = "The notebook's process died here, often for lack of memory."
            raise _cut_short(said, kept[0]) from error
    _refuse_pending(executed)
    return executed


def _trust_of(parameters: Mapping[str, Value]) -> str:
    """Return the folder of the trust that a notebook is given; empty where it is given none."""
    given = parameters.get("trust_dir")
    return str(paths.home() / given) if isinstance(given, str) and given else ""


def _literal(path: Path) -> str:
    """A path in which papermill finds no template: it would fill in braces."""
    return str(path).replace("{", "{{").replace("}", "}}")


def _cell_failed(error: PapermillExecutionError, notebook: NotebookNode) -> Stopped:
    failed = [
        number
        for number, cell in enumerate(own_code_cells(notebook), start=1)
        if any(output.output_type == "error" for output in cell.outputs)
    ]
    said = str(error.evalue).strip() or str(error.ename)
    return Stopped(said, failed[0] if failed else None, notebook)


def _too_late(error: Exception, cell_seconds: int) -> str:
    """Say what took too long: a cell, or what it showed to come once it had answered."""
    if _SHOWN_LATE in str(error):
        return f"What this cell showed did not come within {SHOWING_SECONDS} seconds of its end."
    return f"This cell took longer than {cell_seconds} seconds."


def _cut_short(message: str, notebook: NotebookNode) -> Stopped:
    """Say where a notebook was when it was cut short."""
    # Papermill calls every cell completed at the end; only those that began have a time.
    begun = [
        number
        for number, cell in enumerate(own_code_cells(notebook), start=1)
        if cell.metadata.get("papermill", {}).get("start_time")
    ]
    return Stopped(message, begun[-1] if begun else None, notebook)


def _refuse_pending(notebook: NotebookNode) -> None:
    """Refuse a notebook that ended early while claiming success, as after `raise SystemExit(0)`."""
    cells = list(enumerate(own_code_cells(notebook), start=1))
    for number, cell in cells:
        if cell.execution_count is None:
            raise Stopped("The notebook ended before this cell was run.", number, notebook)
    for number, cell in cells:
        if cell.metadata.get("papermill", {}).get("status") != "completed":
            raise Stopped("This cell did not complete.", number, notebook)
