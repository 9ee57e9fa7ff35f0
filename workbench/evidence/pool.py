"""Worker processes that run the parts of a batch, and end with whoever started them.

A worker that dies costs only the part it had; workers end at once when the batch is stopped, and
also when the process that started them is killed without warning. Whoever gives out the work does
it without threads: short of memory, one dies unseen and is waited for for ever
(`docs/decisions/0018-workers-without-threads.md`).
"""

from __future__ import annotations

import contextlib
import multiprocessing
import os
import sys
from collections import deque
from collections.abc import Callable, Generator, Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from functools import partial
from multiprocessing.connection import Connection, wait
from multiprocessing.context import SpawnProcess
from pathlib import Path

from workbench.evidence import lifeline
from workbench.evidence.engines.leases import share_parent
from workbench.evidence.plan import Part
from workbench.evidence.provenance import Inputs
from workbench.evidence.sources import Sources
from workbench.evidence.store import STAGING
from workbench.evidence.worker import AS_USUAL, DIED, How, PartResult

_LOOK_SECONDS = 1.0  # after which dead workers are looked for, whatever was heard
_LEAVE_SECONDS = 5.0  # that idle workers have to end by themselves
NONE_STARTED = (
    "No process could be started to run it, for lack of memory or as what it imports is damaged or"
    " takes minutes to load."
)
_MOST = 61 if sys.platform == "win32" else 1024  # Windows waits for no more at once
Results = Generator[PartResult, None, None]
Workers = Callable[[Sequence[Part], Path, Inputs], Results]


def results_of_parts(
    parts: Sequence[Part], run: Path, inputs: Inputs, workers: int, how: How = AS_USUAL
) -> Results:
    """Yield each part's result as it comes; closed early, it ends the workers before it returns.

    The part that a worker had when it died is run again last, when no other takes memory; so are
    all that are left where no worker could start. A part that no worker ever began says so.

    Args:
        parts: What to run.
        run: The run's folder.
        inputs: What all reports share.
        workers: Parts run at once.
        how: How notebooks are run.
    """
    lost, left = yield from _pooled(parts, run, inputs, workers, how)
    again = [*lost, *left]
    died, left = (yield from _pooled(again, run, inputs, 1, how)) if again else ([], [])
    for part in died:
        yield PartResult(part, False, message=DIED)
    for part in left:
        yield PartResult(part, False, message=NONE_STARTED)


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


@dataclass(eq=False)
class _Worker:
    """A worker process.

    Attributes:
        process: The process.
        pipe: Orders go out and results come in by it.
        ready: Whether it has said that it is ready for orders.
        part: What it is at; None where it is at nothing.
    """

    process: SpawnProcess
    pipe: Connection
    ready: bool = False
    part: Part | None = None

    def heard(self) -> object:
        """Return what it has said: that it is ready, or a result; None where it said nothing.

        Raises:
            EOFError: It is dead.
        """
        alive = self.process.is_alive()  # asked first: what it said before it died counts
        try:
            if self.pipe.poll():
                return self.pipe.recv()
        except OSError as fault:
            raise EOFError from fault
        if not alive:
            raise EOFError
        return None

    def end(self, *, gently: bool = False) -> None:
        """End it: where it is at nothing, gently, so that it ends what it has started.

        It may have ended already: whoever ended it may have been stopped before it was let go.
        """
        self.pipe.close()
        if gently and self.part is None and self.ready:
            self.process.join(_LEAVE_SECONDS)
        self.process.kill()
        self.process.join()


def _pooled(
    parts: Sequence[Part], run: Path, inputs: Inputs, workers: int, how: How
) -> Generator[PartResult, None, tuple[list[Part], list[Part]]]:
    """Yield results as they come; return the parts that dead workers took along, and those left.

    Parts are left where no worker could start.
    """
    waiting, lost, staff = deque(parts), list[Part](), list[_Worker]()
    most = min(workers, _MOST)
    spawn = multiprocessing.get_context("spawn")
    theirs, ours = spawn.Pipe(duplex=False)
    with ExitStack() as held:
        parent = None if how.engine == "kernel" else held.enter_context(share_parent())
        held.enter_context(theirs)
        held.enter_context(ours)
        given = (run / STAGING, theirs, how.engine, parent)
        held.callback(_dismiss, staff)
        while waiting or any(one.part for one in staff):
            busy = sum(one.part is not None for one in staff)
            if not _filled(staff, min(most, len(waiting) + busy), given):
                most = len(staff)
            if not staff:  # none could start
                break
            wait([one.pipe for one in staff], _LOOK_SECONDS)
            for one in tuple(staff):
                try:
                    said = one.heard()
                    if said == lifeline.READY:
                        one.ready = True
                    elif isinstance(said, PartResult):
                        one.part = None
                        yield said
                    if one.ready and one.part is None and waiting:
                        one.part = waiting.popleft()
                        one.pipe.send((one.part, run, inputs, how))
                except (EOFError, ConnectionError):
                    staff.remove(one)
                    one.end()
                    if one.part is not None:
                        lost.append(one.part)
                    most -= not one.ready  # what kills it while it starts would kill others too
        for one in staff:  # all are told before any is waited for: each takes a while to leave
            one.pipe.close()
        for one in staff:
            one.end(gently=True)
        staff.clear()
    return lost, [*waiting]


def _filled(staff: list[_Worker], wanted: int, given: tuple[object, ...]) -> bool:
    """Start workers until there are as many as wanted; return False where no more can be started.

    Raises:
        OSError: There is none, and none can be started.
    """
    while len(staff) < wanted:
        try:
            staff.append(_hired(given))
        except OSError:  # for want of files, processes or memory: those that there are go on
            if not staff:
                raise
            return False
    return True


def _hired(given: tuple[object, ...]) -> _Worker:
    spawn = multiprocessing.get_context("spawn")
    mine, its = spawn.Pipe()
    with its:  # the worker has it too, and with it alone its death is heard
        process = spawn.Process(target=lifeline.serve, args=(its, *given))
        try:
            process.start()
        except BaseException:
            mine.close()
            raise
    return _Worker(process, mine)


def _dismiss(staff: Sequence[_Worker]) -> None:
    """End workers in the middle of their work: afterwards none writes anything more."""
    for one in staff:  # all at once: whoever stops a batch may lose patience and stop it again
        one.process.kill()
    for one in staff:
        one.end()
