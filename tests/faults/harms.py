"""The seven harms a batch is done at a random moment, and how each is taken away again."""

from __future__ import annotations

import errno
import os
import random
import resource
import signal
import subprocess
import tempfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from functools import partial
from pathlib import Path

from tests.faults.small_batch import Batch

Harm = Callable[[Batch, random.Random], None]
DISK_MEGABYTES = 8
CELL_SECONDS = "2"
BALLAST = "ballast"
_MOST_ROOM_KILOBYTES = 200  # a report takes some hundred
_MOST_ROOM_MEGABYTES = 8  # what is left of memory: less than a figure takes, or a little more


def _signal(batch: Batch, draw: random.Random, *, how: signal.Signals) -> None:
    """Send a signal to the runner; Ctrl-C at a terminal, and a shell's end, reach its group too."""
    if how != signal.SIGKILL and draw.random() < 0.5:
        with suppress(ProcessLookupError):
            os.killpg(_runner(batch), how)
    else:
        _kill(_runner(batch), how)


def _kill_another(batch: Batch, draw: random.Random) -> None:
    """Kill an interpreter that runs a notebook; else what it is forked from, or a worker."""
    found = batch.processes()
    found.pop(_runner(batch), None)
    kinds = sorted({kind for kind in found.values() if kind != "other"})
    if not kinds:
        return
    wanted = draw.choice([*kinds, *["child"] * 2 * ("child" in kinds)])
    _kill(draw.choice([one for one, kind in found.items() if kind == wanted]), signal.SIGKILL)


def _limit_memory(batch: Batch, draw: random.Random) -> None:
    """Let one process, or all there are, have hardly more memory than they have."""
    everyone = [_runner(batch), *batch.processes()]
    for one in everyone if draw.random() < 0.7 else [draw.choice(everyone)]:
        with suppress(OSError, ValueError, IndexError):
            pages = int(Path(f"/proc/{one}/statm").read_text().split()[0])
            most = pages * resource.getpagesize() + (draw.randrange(_MOST_ROOM_MEGABYTES) << 20)
            resource.prlimit(one, resource.RLIMIT_AS, (most, most))


def fill_disk(batch: Batch, draw: random.Random) -> None:
    """Fill the disk but for some kilobytes; where none can be mounted, limit the size of files."""
    room = draw.randrange(_MOST_ROOM_KILOBYTES) << 10
    if not os.path.ismount(batch.outputs):
        for one in (_runner(batch), *batch.processes()):
            with suppress(OSError):
                resource.prlimit(one, resource.RLIMIT_FSIZE, (room // 8, room // 8))
        return
    with (batch.outputs / BALLAST).open("wb", buffering=0) as file:
        try:
            while True:
                file.write(bytes(1 << 16))
        except OSError as fault:
            if fault.errno != errno.ENOSPC:
                raise
        file.truncate(max(file.tell() - room, 0))


def _hang(batch: Batch, draw: random.Random) -> None:
    """Let notebooks come to no end, or stop the interpreter of one."""
    children = [one for one, kind in batch.processes().items() if kind == "child"]
    if children and draw.random() < 0.5:
        _kill(draw.choice(children), signal.SIGSTOP)
    else:
        batch.hang.touch()


HARMS: Mapping[str, Harm] = {
    "SIGKILL": partial(_signal, how=signal.SIGKILL),
    "SIGTERM": partial(_signal, how=signal.SIGTERM),
    "SIGINT": partial(_signal, how=signal.SIGINT),
    "killed kernel": _kill_another,
    "memory limit": _limit_memory,
    "full disk": fill_disk,
    "timeout": _hang,
}
GIVEN: Mapping[str, tuple[str, ...]] = {"timeout": ("--cell-seconds", CELL_SECONDS)}


def relieve(batch: Batch) -> None:
    """Take away what a harm has left that would harm the next runner too."""
    batch.hang.unlink(missing_ok=True)
    batch.let_go()
    (batch.outputs / BALLAST).unlink(missing_ok=True)


def can_mount() -> bool:
    """Whether a small disk can be mounted here."""
    with tempfile.TemporaryDirectory() as name, small_disk(Path(name)) as mounted:
        return mounted


@contextmanager
def small_disk(folder: Path) -> Iterator[bool]:
    """Put a small disk of memory at a folder for a while; give False where that is not allowed."""
    mounted = _mount(folder)
    try:
        yield mounted
    finally:
        if mounted:
            subprocess.run(["umount", "--lazy", str(folder)], capture_output=True, check=False)


def _mount(folder: Path) -> bool:
    options = ("-t", "tmpfs", "-o", f"size={DISK_MEGABYTES}m", "tmpfs", str(folder))
    try:
        return subprocess.run(["mount", *options], capture_output=True, check=False).returncode == 0
    except OSError:
        return False


def _runner(batch: Batch) -> int:
    assert batch.runner is not None
    return batch.runner.pid


def _kill(process: int, how: signal.Signals) -> None:
    with suppress(ProcessLookupError):
        os.kill(process, how)
