"""What one worker process does: run a part's notebook and publish what is made from it."""

from __future__ import annotations

import contextlib
import logging
import socket
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

import nbformat
from nbformat import NotebookNode
from papermill.translators import PythonTranslator

from workbench.evidence.code_cells import Stopped
from workbench.evidence.declared import Value
from workbench.evidence.engines.engine import Choice, engine_of
from workbench.evidence.engines.leases import NoFork, can_fork, start_parent, take_parent
from workbench.evidence.execute import CELL_SECONDS, execute
from workbench.evidence.kernel import use_own_kernel
from workbench.evidence.lifeline import ended_if_late
from workbench.evidence.names import failed_name
from workbench.evidence.plan import Part, notebook_path
from workbench.evidence.provenance import Inputs, paper_facts, provenance
from workbench.evidence.publish import PAPER, publish_report
from workbench.evidence.results import publish_results
from workbench.evidence.run_file import Files
from workbench.evidence.store import STAGING, publish
from workbench.report.emit import records

_INJECTED = "injected-parameters"


@dataclass(frozen=True)
class How:
    """How notebooks are run.

    Attributes:
        engine: Whether their interpreters are forked or started; forked where that can be, by
            default.
        cell_seconds: Longest time one cell may take.
        making_seconds: Longest time a worker may take to make a report's files of its notebook,
            which takes a second: whatever sets the type may come to no end.
    """

    engine: Choice = "auto"
    cell_seconds: int = CELL_SECONDS
    making_seconds: int = 120


AS_USUAL = How()
DIED = (
    "The process that ran it died twice, for lack of memory or as its page and PDF"
    " took minutes to make."
)
_mortal = False  # whether this process is a worker, started again when it dies


@dataclass(frozen=True)
class PartResult:
    """How one part of a run ended.

    Attributes:
        part: The part.
        complete: Whether its report is whole.
        headline: What the report says, in a sentence; empty where it has none.
        message: What went wrong, in plain words; empty where nothing did.
        cell: The code cell that stopped it, counted from 1.
        files: What it left in the run's folder.
        seconds: Time it took.
        engine: The papermill engine it was really run by; empty where none ran it.
    """

    part: Part
    complete: bool
    headline: str = ""
    message: str = ""
    cell: int | None = None
    files: Files = field(default_factory=Files)
    seconds: float = 0.0
    engine: str = ""


def start_worker(
    scratch: Path, engine: Choice = "auto", parent: socket.socket | None = None
) -> None:
    """Prepare a worker process: its notebooks run on this Python, forked where that can be.

    Args:
        scratch: A folder for what it needs while it works.
        engine: How its notebooks are run.
        parent: To ask what interpreters are forked from, where workers share one.
    """
    global _mortal  # noqa: PLW0603 # it is one of the process
    _mortal = True
    # A cell that is cut short leaves a coroutine waiting, which would be told of in the terminal.
    logging.getLogger("asyncio").setLevel(logging.CRITICAL)
    use_own_kernel(scratch / "kernel")
    if parent is not None:
        take_parent(parent)
    elif engine != "kernel" and can_fork():
        with contextlib.suppress(NoFork):  # then each notebook asks for one again
            start_parent()  # it imports the stack while this process goes on


def make_part(
    part: Part,
    run: Path,
    inputs: Inputs,
    how: How = AS_USUAL,
    shown: Mapping[str, Value] | None = None,
) -> PartResult:
    """Run a part as `run_part` does, and write its results beside its report: both or neither."""
    result = run_part(part, run, inputs, how, shown)
    if result.complete:
        try:
            publish_results(run, part.stem, str(result.files.html), str(result.files.notebook))
        except BaseException:
            for name in result.files:
                (run / name).unlink(missing_ok=True)
            raise
    return result


def run_part(
    part: Part,
    run: Path,
    inputs: Inputs,
    how: How = AS_USUAL,
    shown: Mapping[str, Value] | None = None,
) -> PartResult:
    """Run a part and publish its files, or publish how far a failed notebook came.

    Nothing that goes wrong with one part is raised: it is that part's result, and no other's loss.

    Args:
        part: The part.
        run: The run's folder.
        inputs: What all reports share.
        how: How the notebook is run.
        shown: Parameters as the executed notebook shows them, where its files lay elsewhere when
            it was run; as it was given them where None.
    """
    began = time.perf_counter()
    try:
        headline, files, engine = _make(part, run, inputs, how, shown)
    except Exception as fault:
        stopped = fault if isinstance(fault, Stopped) else Stopped(_said(fault))
        if stopped.notebook is not None and shown is not None:
            _show(stopped.notebook, part.parameters, shown)
        return PartResult(
            part, False, message=stopped.message, cell=stopped.cell,
            files=_publish_failed(run, part, stopped.notebook),
            seconds=time.perf_counter() - began, engine=engine_of(stopped.notebook),
        )  # fmt: skip
    seconds = time.perf_counter() - began
    return PartResult(part, True, headline=headline, files=files, seconds=seconds, engine=engine)


def failed_part(part: Part, fault: Exception) -> PartResult:
    """Return the result of a part whose worker could not even hand back a result."""
    return PartResult(part, False, message=_said(fault))


def _make(
    part: Part,
    run: Path,
    inputs: Inputs,
    how: How,
    shown: Mapping[str, Value] | None,
) -> tuple[str, Files, str]:
    """Run a part's notebook and publish its files, all of them or none.

    Returns:
        The report's headline, the files published, and the engine that ran the notebook.

    Raises:
        Stopped: The notebook did not reach its end, or it could not be made a page or published.
    """
    began = time.perf_counter()
    executed = execute(
        notebook_path(part.notebook),
        part.parameters,
        scratch=run / STAGING,
        cell_seconds=how.cell_seconds,
        engine=how.engine,
    )
    seconds = time.perf_counter() - began
    if shown is not None:
        _show(executed, part.parameters, shown)
    executed.metadata["workbench"] = provenance(part, executed, inputs, seconds)
    executed.metadata[PAPER] = paper_facts(inputs.paper)
    try:
        headline = records(executed).get("headline", "")
        with ended_if_late(how.making_seconds) if _mortal else contextlib.nullcontext():
            files = publish_report(run, part.stem, executed)
    except Exception as fault:
        raise Stopped(_said(fault), notebook=executed) from fault
    return str(headline or ""), files, engine_of(executed)


def _show(notebook: NotebookNode, given: Mapping[str, Value], shown: Mapping[str, Value]) -> None:
    """Let an executed notebook show other parameters than it was given: paths, as they were asked.

    The cell that papermill wrote holds a line for each.
    """
    written = {
        f"{name} = {PythonTranslator.translate(value)}":
        f"{name} = {PythonTranslator.translate(shown[name])}"
        for name, value in given.items()
    }  # fmt: skip
    for cell in notebook.cells:
        if _INJECTED in cell.metadata.get("tags", ()):
            lines = cell.source.split("\n")
            cell.source = "\n".join(written.get(line, line) for line in lines)
    kept = notebook.metadata.get("papermill", {})
    kept.pop("output_path", None)  # a folder that is gone
    if "parameters" in kept:
        kept["parameters"] = dict(shown)


def _said(fault: Exception) -> str:
    return f"The report could not be made: {str(fault).strip() or type(fault).__name__}"


def _publish_failed(run: Path, part: Part, notebook: NotebookNode | None) -> Files:
    """Keep a notebook that did not finish, apart from the reports, for whoever mends it."""
    if notebook is None:
        return Files()
    name = failed_name(part.stem)
    try:
        publish(run, name, nbformat.writes(notebook))
    except Exception:  # it is a courtesy: the fault that led here is the one to report
        return Files()
    return Files(notebook=name)
