"""Run the parts of a batch on a Dask cluster, with the same results as on this machine.

No disk is shared: every worker is sent the trust's folder once, and answers with finished files,
which this process alone publishes. A part may so be made twice where a worker is lost, and is
published once. Workers whose code, parameters or packages differ are refused before any work.
"""

from __future__ import annotations

import contextlib
import math
import pickle
import secrets
import time
import warnings
from collections import deque
from collections.abc import Iterator, Sequence
from concurrent.futures import CancelledError
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path

from distributed import Client, Future, KilledWorker, wait

from workbench.errors import BadInput, RunFailed
from workbench.evidence.engines.engine import Choice
from workbench.evidence.maker import Held, Made, Standing, packed, standing_of, unlike
from workbench.evidence.makers import end, kept, make, standing
from workbench.evidence.plan import Part
from workbench.evidence.pool import Results, Workers
from workbench.evidence.provenance import Inputs
from workbench.evidence.sources import Sources, own_scenarios
from workbench.evidence.store import publish_all
from workbench.evidence.worker import DIED, How, PartResult, failed_part
from workbench.growth.cluster import await_workers, connected, first_line, refuse_unlike

TASK_SECONDS = 1.0  # in a task: handing one out costs some milliseconds
LARGEST_TASK = 16  # reports, whose files are all in memory at once
AHEAD = 2  # tasks for each thread of the cluster: one it works on, and one it goes on with
RETRIES = 1  # of a task that fails on one worker, as where a disk is full
PATIENCE_SECONDS = 120.0  # a cluster without a worker is given so long to start another
LOOK_SECONDS = 2.0


@contextmanager
def over(address: str, folder: Path, sources: Sources, how: How) -> Iterator[Workers]:
    """Give the workers of a cluster to run parts with, as `pool.workers_of` does.

    Args:
        address: The scheduler's address, such as `tcp://10.0.0.5:8786`.
        folder: The trust's folder.
        sources: What the reports are made from.
        how: How notebooks are run.

    Raises:
        BadInput: Nothing answers there, there is no worker, or one would make other reports.
        RunFailed: Every worker, or the scheduler, was lost.
    """
    session = secrets.token_hex(8)
    names = tuple(sorted(Path(n).stem for n in sources.code if n.startswith("notebooks/")))
    with connected(address) as client:
        await_workers(client, address)
        try:
            mine = standing_of(names)
            _refuse_strangers(client, session, how.engine, names, mine)
            about = _About(session, how, names, folder.resolve(), sources, mine)
            yield partial(_results, client, about)
        finally:
            with contextlib.suppress(Exception):  # processes that are not told end by themselves
                client.run(end, session, on_error="ignore")


@dataclass(frozen=True)
class _About:
    """What a sitting on a cluster is about: its name, how and from what its reports are made."""

    session: str
    how: How
    notebooks: tuple[str, ...]
    folder: Path
    sources: Sources
    standing: Standing

    def held(self, parts: Sequence[Part], inputs: Inputs) -> Held:
        """Return what every worker is sent, once."""
        given = {name for part in parts for name in own_scenarios(part)}
        told = self.sources.parameters
        return Held(
            session=self.session,
            how=self.how,
            notebooks=self.notebooks,
            folder=str(self.folder),
            packed=packed(self.folder),
            given={name: Path(name).read_bytes() for name in sorted(given)},
            tables=dict(self.sources.tables),
            parameters={name: told.get(f"given/{Path(name).name}", "") for name in sorted(given)},
            inputs=inputs,
            standing=self.standing,
        )


Task = Future[list[bytes | None]]


@dataclass
class _Queue:
    """Parts that are still to be made, those of them to be made alone, and the tasks that are out.

    How long a part takes is learnt from those that are done.
    """

    left: deque[Part]
    alone: set[str] = field(default_factory=set)
    out: dict[Task, Sequence[Part]] = field(default_factory=dict)
    seconds: float = 0.0
    done: int = 0

    def take(self) -> Sequence[Part]:
        """Take the parts of another task: as many as take about a second."""
        each = self.seconds / self.done if self.done else TASK_SECONDS
        size = min(LARGEST_TASK, max(1, math.floor(TASK_SECONDS / max(each, 1e-3))))
        taken = [self.left.popleft()]
        while (
            self.left and len(taken) < size and not self.alone & {taken[-1].stem, self.left[0].stem}
        ):
            taken.append(self.left.popleft())
        return taken

    def lost(self, parts: Sequence[Part]) -> None:
        """Put parts back that took along every worker that ran them, each for its own task."""
        self.alone.update(part.stem for part in parts)
        self.left.extend(parts)

    def note(self, result: PartResult) -> None:
        """Learn from a result how long a part takes."""
        self.seconds += result.seconds
        self.done += 1


def _refuse_strangers(
    client: Client, session: str, engine: Choice, notebooks: Sequence[str], mine: Standing
) -> None:
    """Refuse a cluster with a worker that would make other reports."""
    order = pickle.dumps(tuple(notebooks))
    found = client.run(standing, session, engine, order, on_error="return")
    strange = {
        worker: said
        for worker, theirs in found.items()
        if (
            said := f"the workbench cannot be run there ({first_line(theirs)})"
            if isinstance(theirs, BaseException)
            else _unlike(theirs, mine)
        )
    }
    refuse_unlike(
        strange,
        "would make other reports than",
        "every worker makes reports with the same code, parameters and packages",
    )


def _unlike(answer: bytes, mine: Standing) -> str:
    theirs = pickle.loads(answer)
    return unlike(theirs, mine) if isinstance(theirs, Standing) else first_line(theirs)


def _results(
    client: Client, about: _About, parts: Sequence[Part], run: Path, inputs: Inputs
) -> Results:
    """Yield each part's result as it comes, its files published in the run's folder."""
    if not parts:
        return
    queue = _Queue(deque(parts))
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", message="Sending large graph")  # once, and as bytes
        held = client.submit(kept, pickle.dumps(about.held(parts, inputs)), pure=False)
    try:
        while queue.left or queue.out:
            most = AHEAD * max(1, sum(client.nthreads().values()))
            while queue.left and len(queue.out) < most:
                task = queue.take()
                orders = [pickle.dumps(part) for part in task]
                given = (about.session, about.how.engine, held, orders)
                future = client.submit(make, *given, pure=False, retries=RETRIES)
                queue.out[future] = task
            for future in _finished(client, queue):
                for made in _made(queue, future):
                    queue.note(made.result)
                    yield _kept(run, made)
    except (CancelledError, OSError) as error:
        raise _lost(f"the cluster's scheduler was lost ({first_line(error)})") from error
    finally:
        with contextlib.suppress(Exception):
            client.cancel([held, *queue.out])


def _finished(client: Client, queue: _Queue) -> list[Task]:
    """Wait until a task is done, or give up where no worker is left to do it."""
    seen = time.monotonic()
    while time.monotonic() - seen < PATIENCE_SECONDS:
        with contextlib.suppress(TimeoutError), client.as_current():
            wait([*queue.out], timeout=LOOK_SECONDS, return_when="FIRST_COMPLETED")
        done = [future for future in queue.out if future.done()]
        if done:
            return done
        if client.status != "running":
            raise _lost("the cluster's scheduler was lost")
        if client.nthreads():
            seen = time.monotonic()
    raise _lost(f"the cluster has had no worker for {PATIENCE_SECONDS:g} seconds")


def _made(queue: _Queue, future: Task) -> list[Made]:
    """Return what a task has made; what it was lost with is put back.

    Raises:
        BadInput: The worker would make other reports.
    """
    parts = queue.out.pop(future)
    fault = future.exception() if future.status == "error" else None
    if isinstance(fault, KilledWorker) and len(parts) > 1:
        queue.lost(parts)
        return []
    if isinstance(fault, KilledWorker):
        return [Made(PartResult(parts[0], False, message="Every worker that ran it was lost."))]
    if isinstance(fault, Exception):
        return [Made(failed_part(part, fault)) for part in parts]
    found = [_read(part, one) for part, one in zip(parts, future.result(), strict=True)]
    future.release()
    return found


def _read(part: Part, answer: bytes | None) -> Made:
    """Return what a worker's answer says."""
    if answer is None:
        return Made(PartResult(part, False, message=DIED))
    said = pickle.loads(answer)
    if isinstance(said, BadInput):
        raise said
    return said if isinstance(said, Made) else Made(failed_part(part, said))


def _kept(run: Path, made: Made) -> PartResult:
    try:
        publish_all(run, made.files)
    except Exception as fault:  # as where the disk is full
        lost = failed_part(made.result.part, fault)
        return replace(lost, seconds=made.result.seconds, engine=made.result.engine)
    return made.result


def _lost(what: str) -> RunFailed:
    return RunFailed(
        what,
        mend="look at the workers' logs (memory, above all); what was made is kept, and the same "
        "command goes on with it, on a cluster or on this machine",
    )
