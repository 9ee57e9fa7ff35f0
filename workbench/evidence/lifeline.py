"""What a worker process does: it ends with whoever started it, from before its long imports.

A worker unpickles what starts it first of all, so nothing that takes long is imported here.
"""

from __future__ import annotations

import contextlib
import os
import signal
import threading
from collections.abc import Iterator
from multiprocessing.connection import Connection
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import socket

    from workbench.evidence.engines.engine import Choice


START_SECONDS = 120  # by then a worker has begun, or never will
THREAD_SECONDS = 30  # by then a thread has begun, which takes moments, or never will


READY = "ready"  # for orders: what a worker says when it has begun


def serve(
    orders: Connection,
    scratch: Path,
    lifeline: Connection,
    engine: Choice,
    parent: socket.socket | None = None,
) -> None:
    """Be a worker: say that it is ready, then make what is ordered, until the orders are closed.

    Args:
        orders: A part, a run's folder, what its reports share and how its notebooks are run come in
            by it; a result goes out for each.
        scratch: As for `start`, and so are the others.
        lifeline: Nothing is ever sent over it.
        engine: How the worker's notebooks are run.
        parent: To ask what its interpreters are forked from.
    """
    start(scratch, lifeline, engine, parent)
    from workbench.evidence.worker import failed_part, make_part  # noqa: PLC0415

    with contextlib.suppress(EOFError, ConnectionError):
        orders.send(READY)
        while True:
            part, run, inputs, how = orders.recv()
            try:
                result = make_part(part, run, inputs, how)
            except Exception as fault:
                result = failed_part(part, fault)
            orders.send(result)


def start(
    scratch: Path, lifeline: Connection, engine: Choice, parent: socket.socket | None = None
) -> None:
    """Prepare a worker: it ends when the other end of its lifeline is closed, however that came.

    Args:
        scratch: A folder for what it needs while it works.
        lifeline: Nothing is ever sent over it.
        engine: How the worker's notebooks are run.
        parent: To ask what its interpreters are forked from; where None it starts its own.
    """
    alarm = getattr(signal, "alarm", None)
    if alarm is not None:  # for want of memory a thread may die unseen, and be waited for for ever
        alarm(THREAD_SECONDS)
    threading.Thread(target=_end_with, args=(lifeline,), daemon=True).start()
    if alarm is not None:
        alarm(START_SECONDS)
    # Ctrl-C reaches every process of a terminal: the one that started the others answers it.
    signal.signal(signal.SIGINT, lambda *_: None)
    from workbench.evidence.worker import start_worker  # noqa: PLC0415 # a second of imports

    start_worker(scratch, engine, parent)
    if alarm is not None:
        alarm(0)


@contextlib.contextmanager
def ended_if_late(seconds: int) -> Iterator[None]:
    """End this process where something takes longer: for machine code, which hears no exception.

    Short of memory, it may wait for itself for ever. For a process that is started again when it
    dies, and only where the system can.
    """
    alarm = getattr(signal, "alarm", None)
    if alarm is None:
        yield
        return
    alarm(seconds)
    try:
        yield
    finally:
        alarm(0)


def _end_with(lifeline: Connection) -> None:
    with contextlib.suppress(EOFError, OSError):
        lifeline.recv()
    os._exit(1)
