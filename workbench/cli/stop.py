"""What a command says that is stopped half-way: by Ctrl-C, or told to end by the system."""

from __future__ import annotations

import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

import typer

KEPT = "Stopped. What was made is kept: the same command goes on with it."
INTERRUPTED = 130
TERMINATED = 143


class _Terminated(KeyboardInterrupt):
    """The system told the command to end; it ends as if by Ctrl-C."""


@contextmanager
def stoppable(said: str = KEPT) -> Iterator[None]:
    """End in good order when stopped, and say how it stands: exit code 130, or 143 if terminated.

    Args:
        said: What is said.
    """
    inside = threading.current_thread() is threading.main_thread()
    earlier = signal.signal(signal.SIGTERM, _terminate) if inside else None
    try:
        yield
    except KeyboardInterrupt as stop:
        typer.echo(said, err=True)
        raise typer.Exit(TERMINATED if isinstance(stop, _Terminated) else INTERRUPTED) from stop
    finally:
        if inside:
            signal.signal(signal.SIGTERM, earlier or signal.SIG_DFL)


def _terminate(_: int, __: FrameType | None) -> None:
    raise _Terminated
