"""Run ranges of trajectories on a Dask cluster, with the same bytes as on one machine.

Workers that run other code than this machine are refused before any work. The setting is sent once,
ranges take a fixed time of computing each, and pieces come back in the order of their trajectories;
a worker that is lost costs the time of its ranges and nothing else.
"""

from __future__ import annotations

import asyncio
import hashlib
import platform
import time
import warnings
from collections.abc import Iterator, Mapping
from concurrent.futures import CancelledError, ThreadPoolExecutor
from contextlib import contextmanager
from functools import cache, partial
from math import ceil
from pathlib import Path
from typing import Any

import numba
import numpy as np
from distributed import Client, Future, KilledWorker, Security
from distributed.comm.core import connect
from distributed.versions import VersionMismatchWarning

import workbench
from workbench.errors import BadInput, RunFailed
from workbench.growth.ranges import Held, Piece, Ranges, Work, ranges_of

CONNECT_SECONDS = 8.0  # an address that does not answer by then is taken for a wrong one
WORK_SECONDS = 0.25  # computing in a range: sharing it out costs a few milliseconds
TRIAL_SECONDS = 0.02  # computing enough to tell what a trajectory costs
TRIAL_TRAJECTORIES = 16
PATIENCE_SECONDS = 60.0  # a cluster without a worker is given so long to start another
LOOK_SECONDS = 2.0
ATTEMPTS = 4  # after a range, or the setting itself, was lost with its workers
RETRIES = 2  # of a range that fails on one worker, as where a disk is full

Passport = Mapping[str, str]


@contextmanager
def over(address: str) -> Iterator[Ranges]:
    """Return ranges that are run by the workers of a Dask cluster, open while the context is.

    Args:
        address: The scheduler's address, such as `tcp://10.0.0.5:8786`.

    Raises:
        BadInput: Nothing answers there, there is no worker, or a worker runs other code.
        RunFailed: Workers were lost over and over, or the scheduler was.
    """
    with connected(address) as client:
        _refuse_strangers(client, address)
        yield partial(_ranges, client)


def await_workers(client: Client, address: str) -> None:
    """Wait until a cluster has a worker.

    Raises:
        BadInput: It has none in good time.
    """
    try:
        client.wait_for_workers(1, timeout=CONNECT_SECONDS)
    except TimeoutError as error:
        raise BadInput(
            f"the cluster at {address} has no worker",
            where="the cluster's address",
            rule="a cluster computes on its workers",
            mend=f"start workers with `dask worker {address}`",
        ) from error


@cache  # of what a process has imported, whatever happens to the files later
def passport() -> Passport:
    """Return what must be the same on two machines for the same trajectories, byte for byte."""
    folder, digest = Path(__file__).parent, hashlib.sha256()
    for path in sorted(folder.rglob("*.py")):
        digest.update(f"{path.relative_to(folder).as_posix()}\0".encode() + path.read_bytes())
    return {
        "workbench": workbench.__version__,
        "Python": platform.python_version(),
        "NumPy": np.__version__,
        "Numba": numba.__version__,
        "processor": platform.machine(),
        "source of the model": digest.hexdigest()[:12],
    }


@contextmanager
def connected(address: str) -> Iterator[Client]:
    """Give a client of a Dask cluster, closed at the end.

    Raises:
        BadInput: No scheduler answers at the address.
    """
    try:
        with ThreadPoolExecutor(max_workers=1) as own:  # a notebook's thread has a loop already
            own.submit(asyncio.run, _answer(address)).result()
        with warnings.catch_warnings():
            # Versions that matter are compared one by one, and refused, not warned of.
            warnings.simplefilter("ignore", VersionMismatchWarning)
            client = Client(address, timeout=CONNECT_SECONDS, set_as_default=False)
    except (OSError, ValueError, ImportError, MemoryError) as error:
        raise BadInput(
            f"no Dask scheduler answers at {address!r}",
            where="the cluster's address",
            rule=f"a scheduler answers within {CONNECT_SECONDS:g} seconds ({first_line(error)})",
            mend="start one with `dask scheduler`, and give the address it prints, "
            "such as tcp://10.0.0.5:8786; or leave the cluster out to run on this machine",
        ) from error
    try:
        yield client
    finally:
        client.close()


async def _answer(address: str) -> None:
    """Shake hands with a scheduler in good time.

    A client alone would wait for a mute one, and start a cluster of its own where none is named.
    """
    security = Security().get_connection_args("client")
    comm = await asyncio.wait_for(connect(address, **security), CONNECT_SECONDS)
    await comm.close()


def first_line(error: BaseException) -> str:
    """Return the first line of what an error says, or its kind where it says nothing."""
    return (str(error).splitlines() or [type(error).__name__])[0]


def _refuse_strangers(client: Client, address: str) -> None:
    """Refuse a cluster without workers, or with one that runs other code."""
    await_workers(client, address)
    strange = {
        worker: said
        for worker, theirs in client.run(passport, on_error="return").items()
        if (said := differing(theirs))
    }
    refuse_unlike(
        strange,
        "cannot give the same bytes as",
        "every worker runs the same workbench, Python and packages as this machine",
    )


def refuse_unlike(strange: Mapping[str, str], doing: str, rule: str) -> None:
    """Refuse a cluster of which some workers differ from this machine.

    Args:
        strange: What is said of each worker that differs, by its address.
        doing: What such a worker does to this machine, in words.
        rule: What every worker has to have.

    Raises:
        BadInput: A worker differs.
    """
    if strange:
        worker, said = min(strange.items())
        raise BadInput(
            f"{len(strange)} of the cluster's workers {doing} this machine; the first: {said}",
            where=f"worker {worker}",
            rule=rule,
            mend="install the same checkout from the same lock on each, and start them again",
        )


def differing(theirs: Passport | BaseException) -> str:
    """Say in what a worker differs from this machine; nothing if it does not."""
    if isinstance(theirs, BaseException):
        return f"the workbench cannot be imported there ({first_line(theirs)})"
    return ", ".join(
        f"{name} {theirs.get(name, 'unknown')} there and {mine} here"
        for name, mine in passport().items()
        if theirs.get(name) != mine
    )


def _ranges(
    client: Client, work: Work[Held, Piece], setting: Held, trajectories: int
) -> Iterator[tuple[int, Piece]]:
    """Run work as `Ranges` asks, beginning again at the first piece that was lost for good."""
    done = lost = 0
    while done < trajectories:
        try:
            for count, piece in _gathered(client, work, setting, done, trajectories):
                done += count
                yield count, piece
        except (CancelledError, KilledWorker, OSError) as error:
            lost += 1
            if lost == ATTEMPTS or client.status != "running":
                raise RunFailed(
                    f"the cluster lost its workers {lost} times with {done} of {trajectories} "
                    "trajectories done" if client.status == "running"
                    else f"the cluster's scheduler was lost with {done} of {trajectories} "
                    "trajectories done",
                    mend="look at the workers' logs (memory, above all), or run on this machine; "
                    "the result is the same",
                ) from error  # fmt: skip


def _gathered(
    client: Client, work: Work[Held, Piece], setting: Held, begin: int, end: int
) -> Iterator[tuple[int, Piece]]:
    """Run trajectories `begin` to `end` (not included) in ranges of equal cost, in order."""
    try:
        client.wait_for_workers(1, timeout=PATIENCE_SECONDS)
    except TimeoutError as error:
        raise _deserted() from error
    held = client.scatter(setting, broadcast=True, hash=False)
    trial = client.submit(seconds_each, work, held, end, pure=False, retries=RETRIES)
    bounds = [
        (begin + first, begin + last)
        for first, last in ranges_of(end - begin, chunk_of(_waited(client, trial)))
    ]
    pieces = [
        client.submit(
            _piece, work, held, first, last, passport(), pure=False, retries=RETRIES
        )
        for first, last in bounds
    ]  # fmt: skip
    pieces.reverse()
    for first, last in bounds:
        yield last - first, _waited(client, pieces.pop())


def _piece(
    work: Work[Held, Piece], setting: Held, first: int, last: int, wanted: Passport
) -> Piece:
    """Run one range on a worker, which may have joined after the others were looked at."""
    if passport() != wanted:
        raise BadInput(
            "a worker that joined the cluster later runs other code than the rest",
            where=platform.node(),
            rule="every worker runs the same workbench, Python and packages",
            mend="stop that worker, or install the same checkout from the same lock on it",
        )
    return work(setting, first, last)


def seconds_each(work: Work[Held, Any], setting: Held, trajectories: int) -> float:
    """Measure the seconds of computing that a trajectory takes here, compiling it first if new."""
    count = min(TRIAL_TRAJECTORIES, trajectories)
    work(setting, 0, count)
    while True:
        start = time.thread_time()
        work(setting, 0, count)
        spent = time.thread_time() - start
        if spent >= TRIAL_SECONDS or count == trajectories:
            return spent / count
        count = min(4 * count, trajectories)


def chunk_of(seconds: float) -> int:
    """Return how many trajectories of so many seconds each make a range worth sending out."""
    return max(1, ceil(WORK_SECONDS / max(seconds, 1e-9)))


def _waited(client: Client, future: Future[Any]) -> Any:
    """Return a future's result, or give up where no worker is left to bring it."""
    without = 0.0
    while without < PATIENCE_SECONDS:
        try:
            return future.result(timeout=LOOK_SECONDS)
        except TimeoutError:
            if future.done():  # it came just then, or the work itself timed out
                return future.result()
            without = 0.0 if client.nthreads() else without + LOOK_SECONDS
    raise _deserted()


def _deserted() -> RunFailed:
    return RunFailed(
        f"the cluster has had no worker for {PATIENCE_SECONDS:g} seconds",
        mend="start workers again, or run on this machine; the result is the same",
    )
