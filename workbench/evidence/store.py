"""Files that are whole or absent: staged on the same file system, synced, then renamed."""

from __future__ import annotations

import contextlib
import datetime as dt
import errno
import os
import shutil
import tempfile
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import BinaryIO

STAGING = ".staging"
LATEST = "latest"
_CANNOT_SYNC = {errno.EINVAL, errno.ENOTSUP, errno.EBADF}
# What a file is to hold; what is too large for memory writes itself into the staged file.
Content = str | bytes | Callable[[BinaryIO], None]


def new_run(outputs: Path, slug: str, now: dt.datetime) -> Path:
    """Make the folder of a new run, named by date, time and trust, and its staging folder."""
    _make_folder(outputs)
    name = f"{now:%Y-%m-%d_%H%M%S}-{slug}"
    number = 1
    while True:
        folder = outputs / (name if number == 1 else f"{name}-{number}")
        try:
            folder.mkdir()
        except FileExistsError:
            number += 1
            continue
        (folder / STAGING).mkdir()
        sync_folder(outputs)
        return folder


def publish(run: Path, name: str, content: str | bytes) -> Path:
    """Write a file of a run so that it appears under its name only when it is complete."""
    return publish_all(run, {name: content})[0]


def publish_all(run: Path, contents: Mapping[str, Content | None]) -> tuple[Path, ...]:
    """Write files of a run so that all of them appear, each complete, or none does.

    All are staged and synced before the first is renamed. Where a rename fails, files that stood
    there before stand there again. Readers that look between two renames may see some of each.

    Args:
        run: The run's folder.
        contents: What to write, by path within that folder, in the order to be staged and to
            appear; None for a file that is to go.
    """
    with _stage(run) as stage:
        staged = {
            run / name: None if content is None else _written(stage / f"{number}", content)
            for number, (name, content) in enumerate(contents.items())
        }
        _appear(staged, stage)
    return tuple(final for final, fresh in staged.items() if fresh is not None)


@contextlib.contextmanager
def _stage(run: Path) -> Iterator[Path]:
    """Give a folder on the run's own file system; a closed run is left as it was found."""
    reopened = not (run / STAGING).exists()
    (run / STAGING).mkdir(exist_ok=True)
    try:
        with tempfile.TemporaryDirectory(dir=run / STAGING) as folder:
            yield Path(folder)
    finally:
        if reopened:
            close_run(run)


def _written(path: Path, content: Content) -> Path:
    with path.open("wb") as file:
        if callable(content):
            content(file)
        else:
            file.write(content.encode() if isinstance(content, str) else content)
        file.flush()
        os.fsync(file.fileno())
    return path


def _appear(staged: Mapping[Path, Path | None], stage: Path) -> None:
    """Rename staged files to their names; put everything back where one of them fails."""
    earlier: dict[Path, Path | None] = {}
    try:
        for number, (final, fresh) in enumerate(staged.items()):
            _make_folder(final.parent)
            kept = stage / f"{number}.earlier" if final.is_file() else None
            if kept is not None:
                shutil.copyfile(final, kept)
            earlier[final] = kept
            if fresh is None:
                final.unlink(missing_ok=True)
            else:
                fresh.replace(final)
        for folder in {final.parent for final in staged}:
            sync_folder(folder)
    except BaseException:
        for final, kept in earlier.items():
            with contextlib.suppress(OSError):
                final.unlink(missing_ok=True) if kept is None else kept.replace(final)
        raise


def _make_folder(folder: Path) -> None:
    """Make a folder with those above it, each of which outlives a power cut."""
    absent = [one for one in (folder, *folder.parents) if not one.is_dir()]
    folder.mkdir(parents=True, exist_ok=True)
    for one in absent:
        sync_folder(one.parent)


def close_run(run: Path) -> None:
    """Remove what a run left in its staging folder."""
    shutil.rmtree(run / STAGING, ignore_errors=True)


def point_latest(outputs: Path, run: Path) -> Path:
    """Make `latest` lead to a run, in one step: a link, or a file naming it where links fail."""
    latest, fresh = outputs / LATEST, outputs / f".{LATEST}-{run.name}"
    with contextlib.suppress(OSError):
        fresh.unlink()  # as a runner leaves it that was killed between the two steps
    try:
        fresh.symlink_to(run.name, target_is_directory=True)
    except OSError:
        fresh.write_text(f"{run.name}\n", encoding="utf-8")
    try:
        fresh.replace(latest)
    except OSError:
        # A folder of that name, or a system that will not replace a link: leave it be.
        with contextlib.suppress(OSError):
            fresh.unlink()
    return latest


def sync_folder(folder: Path) -> None:
    """Make what came or went in a folder outlive a power cut.

    Systems that cannot open or sync folders do so by themselves.
    """
    try:
        handle = os.open(folder, os.O_RDONLY)
    except OSError:
        return
    try:
        os.fsync(handle)
    except OSError as fault:
        if fault.errno not in _CANNOT_SYNC:
            raise
    finally:
        os.close(handle)
