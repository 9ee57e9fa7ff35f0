"""Files that are whole or absent: staged on the same file system, synced, then renamed."""

from __future__ import annotations

import contextlib
import datetime as dt
import os
import shutil
from pathlib import Path

STAGING = ".staging"
LATEST = "latest"


def new_run(outputs: Path, slug: str, now: dt.datetime) -> Path:
    """Make the folder of a new run, named by date, time and trust, and its staging folder."""
    outputs.mkdir(parents=True, exist_ok=True)
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
        return folder


def publish(run: Path, name: str, content: str) -> Path:
    """Write a file of a run so that it appears under its name only when it is complete."""
    staged = run / STAGING / name
    with staged.open("w", encoding="utf-8", newline="\n") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    final = run / name
    final.parent.mkdir(exist_ok=True)
    staged.replace(final)
    _sync_folder(final.parent)
    return final


def close_run(run: Path) -> None:
    """Remove what a run left in its staging folder."""
    shutil.rmtree(run / STAGING, ignore_errors=True)


def point_latest(outputs: Path, run: Path) -> Path:
    """Make `latest` lead to a run, in one step: a link, or a file naming it where links fail."""
    latest, fresh = outputs / LATEST, outputs / f".{LATEST}-{run.name}"
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


def _sync_folder(folder: Path) -> None:
    """Make a rename outlive a power cut; systems that cannot open folders do so by themselves."""
    try:
        handle = os.open(folder, os.O_RDONLY)
    except OSError:
        return
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
