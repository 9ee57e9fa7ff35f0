"""One runner at a time, for a run and for what it makes: a second is refused, a dead one forgotten.

The lock is held by the operating system, which lets go of it when the process that held it ends,
however it ended. The file left behind says who held it and locks nothing.
"""

from __future__ import annotations

import contextlib
import datetime as dt
import os
import sys
import time
from collections.abc import Iterator
from pathlib import Path

from workbench.errors import BadInput

LOCK = ".lock"
_MAKING = ".making-"
_LOCKED_BYTE = 1 << 20  # far behind the words: a lock may keep readers out


@contextlib.contextmanager
def hold(run: Path) -> Iterator[None]:
    """Hold a run for this process alone.

    Args:
        run: The run's folder.

    Raises:
        BadInput: Another runner is at work on it.
    """
    with _held(
        run / LOCK,
        "another runner is at work on this run",
        rule="one runner at a time makes the reports of a run",
        mend="wait until it is done, or stop it; whatever it leaves can be resumed",
    ):
        yield


@contextlib.contextmanager
def hold_plan(outputs: Path, plan: str, *, beside: bool = False) -> Iterator[None]:
    """Make what was planned in this process alone, so that no two runs come of one command.

    Args:
        outputs: The folder that holds runs; it is made where there is none.
        plan: Digest of what was planned, by which another runner knows it.
        beside: Whether to go on where another runner is at the same: two runs are wanted.

    Raises:
        BadInput: Another runner is making the same.
    """
    outputs.mkdir(parents=True, exist_ok=True)
    with contextlib.ExitStack() as kept:
        try:
            kept.enter_context(
                _held(
                    outputs / f"{_MAKING}{plan}",
                    "these reports are being made already, by another runner",
                    rule="the same reports are made once at a time in one folder of runs",
                    mend="wait until it is done; or stop it and give the same command again, which "
                    "goes on with what it made; or make another run beside it with --new",
                )
            )
        except BadInput:
            if not beside:
                raise
        yield


@contextlib.contextmanager
def _held(path: Path, said: str, *, rule: str, mend: str) -> Iterator[None]:
    handle = _taken(path)
    if isinstance(handle, str):
        what = f"{said}: {handle or 'a process'}"
        raise BadInput(what, where=str(path.parent), rule=rule, mend=mend)
    try:
        os.ftruncate(handle, 0)
        now = dt.datetime.now(dt.UTC)
        os.write(handle, f"process {os.getpid()} since {now:%Y-%m-%d %H:%M:%S} UTC\n".encode())
        yield
    finally:
        gone = _removed(path)  # while it is held: nobody can take it between the two
        os.close(handle)
        if not gone:  # Windows removes no file that is open, by whomever
            _removed(path)


def _removed(path: Path) -> bool:
    try:
        path.unlink(missing_ok=True)
    except OSError:
        return False
    return True


def is_held(run: Path) -> bool:
    """Whether a runner is at work on a run."""
    try:
        handle = os.open(run / LOCK, os.O_RDWR)
    except OSError:
        return False
    try:
        return not _try(handle)
    finally:
        os.close(handle)


def _taken(path: Path) -> int | str:
    """Open and lock a file; return its handle, or what it says of whoever has locked it."""
    patience = 5
    while True:
        handle = os.open(path, os.O_RDWR | os.O_CREAT, 0o644)
        if not _try(handle):
            if patience:  # somebody may only be looking whether it is held
                patience -= 1
                os.close(handle)
                time.sleep(0.02)
                continue
            said = os.read(handle, 200).decode(errors="replace").strip()
            os.close(handle)
            return said
        # Whoever held it before may have removed the file between our opening and our locking it.
        with contextlib.suppress(OSError):
            if path.stat().st_ino == os.fstat(handle).st_ino:
                return handle
        os.close(handle)


def _try(handle: int) -> bool:
    """Lock an open file if nobody else has; True where it is ours now."""
    try:
        if sys.platform == "win32":
            import msvcrt  # noqa: PLC0415

            os.lseek(handle, _LOCKED_BYTE, os.SEEK_SET)
            msvcrt.locking(handle, msvcrt.LK_NBLCK, 1)
            os.lseek(handle, 0, os.SEEK_SET)
        else:
            import fcntl  # noqa: PLC0415

            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return False
    return True
