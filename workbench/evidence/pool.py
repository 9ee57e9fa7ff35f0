"""Worker processes that run the parts of a batch, and end with whoever started them.

A worker that dies costs only the part it had; workers end at once when the batch is stopped, and
also when the process that started them is killed without warning.
"""

from __future__ import annotations

import contextlib
import multiprocessing
import os
import signal
import sys
import threading
from collections.abc import Callable, Collection, Generator, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from contextlib import ExitStack
from functools import partial
from pathlib import Path

from workbench.evidence import lifeline
from workbench.evidence.engines.leases import share_parent
from workbench.evidence.plan import Part
from workbench.evidence.provenance import Inputs
from workbench.evidence.sources import Sources
from workbench.evidence.store import STAGING
from workbench.evidence.worker import (
    AS_USUAL,
    DIED,
    How,
    PartResult,
    failed_part,
    make_part,
)

_LOOK_SECONDS = 5.0
_MOST = 61 if sys.platform == "win32" else 1024  # Windows waits for no more processes at once
Results = Generator[PartResult, None, None]
Workers = Callable[[Sequence[Part], Path, Inputs], Results]


def results_of_parts(
    parts: Sequence[Part], run: Path, inputs: Inputs, workers: int, how: How = AS_USUAL
) -> Results:
    """Yield each part's result as it comes; closed early, it ends the workers before it returns.

    A dead worker takes its whole pool along. What nobody had begun is run again as before; what
    had been begun is run again last, one at a time: whatever kills its worker is then known.

    Args:
        parts: What to run.
        run: The run's folder.
        inputs: What all reports share.
        workers: Parts run at once.
        how: How notebooks are run.
    """
    waiting, suspects = list(parts), list[Part]()
    while waiting:
        lost = yield from _pooled(waiting, run, inputs, workers, how)
        begun = _begun(run, lost) or lost
        suspects += begun
        waiting = [part for part in lost if part not in begun]
    while suspects:
        lost = yield from _pooled(suspects, run, inputs, 1, how)
        died = _begun(run, lost) or lost  # no worker could even start
        for part in died:
            yield PartResult(part, False, message=DIED)
        suspects = [part for part in lost if part not in died]


@contextlib.contextmanager
def workers_of(
    folder: Path, sources: Sources, jobs: int | None, how: How, cluster: str | None
) -> Iterator[Workers]:
    """Give what runs parts and yields each part's result as it comes, here or on a cluster.

    Args:
        folder: The trust's folder.
        sources: What the reports are made from.
        jobs: Parts run at once on this machine; the number of processors where None.
        how: How notebooks are run.
        cluster: Address of a Dask scheduler; this machine where None.

    Raises:
        BadInput: The cluster does not answer, or would make other reports than this machine.
    """
    if cluster is None:
        yield partial(results_of_parts, workers=jobs or processors(), how=how)
        return
    from workbench.evidence.cluster import over  # noqa: PLC0415 # Dask takes a second to import

    with over(cluster, folder, sources, how) as workers:
        yield workers


def processors() -> int:
    """Return how many processors this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def _pooled(
    parts: Sequence[Part], run: Path, inputs: Inputs, workers: int, how: How
) -> Generator[PartResult, None, list[Part]]:
    """Yield results as they come, and return the parts that dead workers took along."""
    spawn = multiprocessing.get_context("spawn")
    theirs, ours = spawn.Pipe(duplex=False)
    lost: list[Part] = []
    with ExitStack() as held:
        parent = None if how.engine == "kernel" else held.enter_context(share_parent())
        held.enter_context(theirs)
        held.enter_context(ours)
        given = (run / STAGING, theirs, how.engine, parent)
        most = min(workers, max(len(parts), 1), _MOST)
        pool = held.enter_context(ProcessPoolExecutor(most, spawn, lifeline.start, given))
        try:
            with _in_time():
                futures = {pool.submit(_make, part, run, inputs, how): part for part in parts}
            for future in _as_they_come(pool, futures):
                try:
                    yield future.result()
                except BrokenProcessPool:
                    lost.append(futures[future])
                except Exception as fault:
                    yield failed_part(futures[future], fault)
        except BaseException:
            ours.close()
            _end(pool)
            raise
    return lost


def _as_they_come(
    pool: ProcessPoolExecutor, futures: Collection[Future[PartResult]]
) -> Iterator[Future[PartResult]]:
    """Yield futures as they are done, and let a pool that waits for nothing come to its end.

    Where memory is wanting, a thread may die before it says that it has started, and whoever
    started it waits for that for ever. So may the pool for the thread that hands work to its
    workers: all of its workers are then ended, and it is told that the thread has started. Or the
    thread that tends the workers dies in the middle of it: then nobody tells what became of them.
    """
    waiting = set(futures)
    while waiting:
        unborn = _unborn(pool)
        done, waiting = wait(waiting, timeout=_LOOK_SECONDS, return_when=FIRST_COMPLETED)
        yield from done
        if done:
            continue
        tender = _tender(pool)
        if tender is not None and not tender.is_alive():
            _kill_workers(pool)
            for future in waiting:
                if not future.done():
                    future.set_exception(BrokenProcessPool("nobody tends the workers any longer"))
        elif unborn is not None and unborn is _unborn(pool):
            _kill_workers(pool)
            unborn._started.set()  # type: ignore[attr-defined] # nothing public can end the wait


@contextlib.contextmanager
def _in_time() -> Iterator[None]:
    """Give up what should take moments, where a thread that is waited for died before it ran.

    Raises:
        MemoryError: It took longer than a start may take.
    """
    if threading.current_thread() is not threading.main_thread() or not hasattr(
        signal, "setitimer"
    ):
        yield
        return

    def late(*_: object) -> None:
        raise MemoryError("what tends the workers could not be started")

    usual = signal.signal(signal.SIGALRM, late)
    left = signal.setitimer(signal.ITIMER_REAL, lifeline.START_SECONDS)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, *left)
        signal.signal(signal.SIGALRM, usual)


def _tender(pool: ProcessPoolExecutor) -> threading.Thread | None:
    """Return the thread that tends the workers, where it was started."""
    thread: threading.Thread | None = vars(pool)["_executor_manager_thread"]
    return thread


def _unborn(pool: ProcessPoolExecutor) -> threading.Thread | None:
    """Return the thread that hands work to the workers, where it was started and never ran."""
    queue = vars(pool)["_call_queue"]
    thread: threading.Thread | None = getattr(queue, "_thread", None)
    return thread if thread is not None and thread.ident is None else None


def _kill_workers(pool: ProcessPoolExecutor) -> None:
    for process in list((pool._processes or {}).values()):
        process.kill()


def _end(pool: ProcessPoolExecutor) -> None:
    """End a pool's workers in the middle of their work: afterwards none writes anything more."""
    _kill_workers(pool)
    tender = _tender(pool)
    unborn = tender is not None and tender.ident is None
    pool.shutdown(wait=not unborn, cancel_futures=True)


def _begun(run: Path, parts: Sequence[Part]) -> list[Part]:
    """Return the parts that a worker had begun, and forget that it had."""
    begun = [part for part in parts if _mark(run, part).exists()]
    for part in begun:
        _mark(run, part).unlink()
    return begun


def _mark(run: Path, part: Part) -> Path:
    return run / STAGING / f"begun-{part.stem}"


def _make(part: Part, run: Path, inputs: Inputs, how: How) -> PartResult:
    """Make a part in a worker, and leave a mark while it is made, which a dead worker leaves."""
    with contextlib.suppress(OSError):  # a full disk: then whatever was lost is suspected
        _mark(run, part).touch()
    result = make_part(part, run, inputs, how)
    _mark(run, part).unlink(missing_ok=True)
    return result
