"""Worker processes that run the parts of a batch, and end with whoever started them.

A worker that dies costs only the part it had; workers end at once when the batch is stopped, and
also when the process that started them is killed without warning.
"""

from __future__ import annotations

import contextlib
import multiprocessing
import os
import signal
import threading
from collections.abc import Generator, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from concurrent.futures.process import BrokenProcessPool
from multiprocessing.connection import Connection
from pathlib import Path

from workbench.evidence.execute import CELL_SECONDS
from workbench.evidence.plan import Part
from workbench.evidence.provenance import Inputs
from workbench.evidence.results import publish_results
from workbench.evidence.store import STAGING
from workbench.evidence.worker import PartResult, failed_part, run_part, start_worker


def results_of_parts(
    parts: Sequence[Part],
    run: Path,
    inputs: Inputs,
    workers: int,
    cell_seconds: int = CELL_SECONDS,
) -> Iterator[PartResult]:
    """Yield each part's result as it comes.

    Args:
        parts: What to run.
        run: The run's folder.
        inputs: What all reports share.
        workers: Parts run at once.
        cell_seconds: Longest time one cell may take.
    """
    unfinished = yield from _pooled(parts, run, inputs, workers, cell_seconds)
    for part in unfinished:
        # A dead worker takes its whole pool along: what was lost is run again, each part alone.
        if (yield from _pooled([part], run, inputs, 1, cell_seconds)):
            yield PartResult(part, False, message="The process that ran it died twice.")


def processors() -> int:
    """Return how many processors this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def _pooled(
    parts: Sequence[Part], run: Path, inputs: Inputs, workers: int, cell_seconds: int
) -> Generator[PartResult, None, list[Part]]:
    """Yield results as they come, and return the parts that dead workers took along."""
    spawn = multiprocessing.get_context("spawn")
    theirs, ours = spawn.Pipe(duplex=False)
    pool = ProcessPoolExecutor(
        min(workers, max(len(parts), 1)), spawn, _start, (run / STAGING, theirs)
    )
    lost: list[Part] = []
    with theirs, ours, pool:
        futures = {pool.submit(_make, part, run, inputs, cell_seconds): part for part in parts}
        try:
            for future in as_completed(futures):
                try:
                    yield future.result()
                except BrokenProcessPool:
                    lost.append(futures[future])
                except Exception as fault:
                    yield failed_part(futures[future], fault)
        except BaseException:
            ours.close()  # no part is waited for
            pool.shutdown(wait=False, cancel_futures=True)
            raise
    return lost


def _make(part: Part, run: Path, inputs: Inputs, cell_seconds: int) -> PartResult:
    """Run a part in a worker, and write its results beside its report: both or neither."""
    result = run_part(part, run, inputs, cell_seconds)
    if result.complete:
        try:
            publish_results(run, part.stem, str(result.files.html), str(result.files.notebook))
        except BaseException:
            for name in result.files:
                (run / name).unlink(missing_ok=True)
            raise
    return result


def _start(scratch: Path, lifeline: Connection) -> None:
    """Prepare a worker: it ends when the other end of its lifeline is closed, however that came."""
    threading.Thread(target=_end_with, args=(lifeline,), daemon=True).start()
    # Ctrl-C reaches every process of a terminal: the one that started the others answers it.
    signal.signal(signal.SIGINT, lambda *_: None)
    start_worker(scratch)


def _end_with(lifeline: Connection) -> None:
    with contextlib.suppress(EOFError, OSError):
        lifeline.recv()
    os._exit(1)
