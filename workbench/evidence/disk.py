"""What is said where the system gives no room, and the check that comes before any work."""

from __future__ import annotations

import contextlib
import errno
import tempfile
from collections.abc import Iterator
from pathlib import Path

from workbench.errors import BadInput, RunFailed

_NO_ROOM = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}
_NO_MORE = {errno.EAGAIN, errno.EMFILE, errno.ENFILE}
_CLOSED = {errno.EROFS, errno.EIO, errno.EACCES, errno.EPERM, errno.ENOTDIR, errno.ENOENT}


@contextlib.contextmanager
def in_words(folder: Path) -> Iterator[None]:
    """Say in words that the machine has no room, or does not let files be opened or written.

    Args:
        folder: The folder that is written.

    Raises:
        RunFailed: There is no room, no memory, nothing more to open, or no way to write there.
    """
    going_on = "the same command goes on with what is missing"
    try:
        yield
    except (MemoryError, OSError) as fault:
        if not isinstance(fault, OSError) or fault.errno == errno.ENOMEM:
            raise RunFailed(
                "there is not enough memory", where=str(folder), mend=f"make room; {going_on}"
            ) from fault
        if fault.errno in _NO_MORE:
            raise RunFailed(
                f"no more files can be opened or processes started: {fault.strerror}",
                where=str(folder),
                mend=f"give a smaller number to --jobs, or raise the limit (ulimit); {going_on}",
            ) from fault
        if fault.errno not in _NO_ROOM | _CLOSED:
            raise
        remedy = "make room" if fault.errno in _NO_ROOM else "let the folder be written to"
        raise RunFailed(
            f"the run cannot be written: {fault.strerror}",
            where=str(fault.filename or folder),
            rule="a run is finished when its index, its record and its seal are on the disk",
            mend=f"{remedy}; {going_on}",
        ) from fault


def refuse_unusable(outputs: Path) -> None:
    """Refuse a folder in which no run can be kept, before any work; nothing is left in its place.

    Args:
        outputs: The folder that is to hold runs.

    Raises:
        BadInput: It is a file, cannot be made, or cannot be written.
    """
    absent = [one for one in (outputs, *outputs.parents) if not one.exists()]
    try:
        outputs.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=outputs):
            pass
        with contextlib.suppress(OSError):  # another runner may be at work in it by now
            for one in absent:
                one.rmdir()
    except OSError as fault:
        if fault.errno in _NO_ROOM:  # nothing is wrong with the folder
            return
        raise BadInput(
            f"no run can be kept in {outputs}: {fault.strerror}",
            where=str(outputs),
            rule="runs are kept in a folder that can be written",
            mend="name another folder with --out, or let this one be written to",
        ) from fault
