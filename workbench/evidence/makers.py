"""What a Dask worker does for a run: hand parts to processes of its own, one for each at a time.

The processes are started, never forked: a worker has threads and connections. They are kept
between tasks of a run, and end with the run, with the worker, or when they are no longer asked.
Orders and answers pass through as bytes, so that a worker imports next to nothing of the workbench.
"""

from __future__ import annotations

import contextlib
import os
import pickle
import shutil
import subprocess
import sys
import tempfile
import threading
from asyncio import to_thread
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

import workbench

START = "import sys; sys.path[:1] = []; from workbench.evidence.maker import main; main()"
SETTLED = b"settled"
PATIENCE_SECONDS = 5.0


@dataclass
class Maker:
    """A process that makes reports.

    Attributes:
        process: The process.
        folder: Where it works.
        settled: Whether it has been given what the run's reports share.
    """

    process: subprocess.Popen[bytes]
    folder: str
    settled: bool = False

    def ask(self, order: bytes) -> bytes:
        """Return its answer to an order.

        Raises:
            EOFError: It died.
        """
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        try:
            send(self.process.stdin, order)
            return receive(self.process.stdout)
        except (OSError, ValueError, pickle.UnpicklingError) as fault:
            raise EOFError("the process is gone") from fault

    def end(self) -> None:
        """End it with everything it started."""
        self.process.kill()
        self.process.wait()
        for pipe in (self.process.stdin, self.process.stdout):
            if pipe is not None:
                with contextlib.suppress(OSError):
                    pipe.close()
        shutil.rmtree(self.folder, ignore_errors=True)


def send(to: IO[bytes], content: bytes) -> None:
    """Write an order or an answer."""
    pickle.dump(content, to, protocol=pickle.HIGHEST_PROTOCOL)
    to.flush()


def receive(source: IO[bytes]) -> bytes:
    """Read an order or an answer.

    Raises:
        EOFError: The other side is gone.
    """
    content: bytes = pickle.load(source)
    return content


_lock = threading.Lock()
_all: dict[str, list[Maker]] = {}
_free: dict[str, list[Maker]] = {}
_over: set[str] = set()  # sessions that have ended


def kept(held: bytes) -> bytes:
    """Hold what a run's reports share; run as a task, so that a lost copy is made again."""
    return held


def make(session: str, engine: str, held: bytes, orders: Sequence[bytes]) -> list[bytes | None]:
    """Make parts, one after another; run as a task, on whichever worker is free.

    Nothing is written outside this worker: whoever gets the answers publishes them, so that a task
    may be run twice.

    Args:
        session: Name of the sitting.
        engine: Whether notebooks' interpreters are forked or started.
        held: What the run's reports share.
        orders: The parts.

    Returns:
        An answer to each order; None where the process that was at it died twice.
    """
    from distributed import get_worker  # noqa: PLC0415 # only a worker needs it

    folder = get_worker().local_directory
    return [_made(session, engine, held, order, folder) for order in orders]


async def standing(session: str, engine: str, order: bytes, dask_worker: Any) -> bytes:
    """Return what a worker would make a run's reports with, and get it ready to; run on each."""
    return await to_thread(_standing, session, engine, order, dask_worker.local_directory)


async def end(session: str) -> None:
    """End a run's processes, whatever they are at; run on each worker."""
    with _lock:
        _over.add(session)
        _free.pop(session, None)
        found = _all.pop(session, [])
    for maker in found:
        await to_thread(maker.end)


def _standing(session: str, engine: str, order: bytes, folder: str) -> bytes:
    with _borrowed(session, engine, folder) as maker:
        return maker.ask(order)


def _made(session: str, engine: str, held: bytes, order: bytes, folder: str) -> bytes | None:
    """Make a part, and once again if the process that made it died."""
    for _ in range(2):
        with contextlib.suppress(EOFError), _borrowed(session, engine, folder) as maker:
            if not maker.settled:
                answer = maker.ask(held)
                if answer != SETTLED:
                    return answer  # it refuses, and says why
                maker.settled = True
            return maker.ask(order)
    return None


@contextlib.contextmanager
def _borrowed(session: str, engine: str, folder: str) -> Iterator[Maker]:
    """Lend a process that makes reports, a new one where none is free.

    Raises:
        EOFError: The run has ended.
    """
    with _lock:
        free = _free.setdefault(session, []) if session not in _over else []
        maker = free.pop() if free else None
    if maker is not None and maker.process.poll() is not None:
        _forget(session, maker)
        maker = None
    if maker is None:
        maker = _new(session, engine, folder)
    try:
        yield maker
    except BaseException:
        _forget(session, maker)
        raise
    with _lock:
        if session in _free:
            _free[session].append(maker)


def _new(session: str, engine: str, folder: str) -> Maker:
    """Start a process for a run that has not ended, even while it was being started."""
    if session not in _over:
        maker = _started(engine, folder)
        with _lock:
            if session not in _over:
                _all.setdefault(session, []).append(maker)
                return maker
        maker.end()
    raise EOFError("the run has ended")


def _forget(session: str, maker: Maker) -> None:
    """End a process that is of no more use."""
    maker.end()
    with _lock:
        if maker in _all.get(session, ()):
            _all[session].remove(maker)


def _started(engine: str, folder: str) -> Maker:
    own = tempfile.mkdtemp(prefix="reports-", dir=folder)
    home = str(Path(workbench.__file__).parents[1])
    found = os.pathsep.join(filter(None, (home, os.environ.get("PYTHONPATH"))))
    process = subprocess.Popen(
        [sys.executable, "-c", START, own, engine],
        cwd=own,
        env=os.environ | {"PYTHONPATH": found},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        start_new_session=True,
    )
    return Maker(process, own)
