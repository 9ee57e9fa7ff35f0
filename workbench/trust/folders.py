"""Folders that are written whole or not at all."""

from __future__ import annotations

import shutil
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


@contextmanager
def whole_folder(target: Path) -> Iterator[Path]:
    """Give an empty folder to fill, and put it in the target's place once it is filled.

    Where anything fails, the target stays as it was.
    """
    target.parent.mkdir(parents=True, exist_ok=True)
    token = uuid.uuid4().hex[:8]
    stage = target.parent / f".{target.name}.new-{token}"
    aside = target.parent / f".{target.name}.old-{token}"
    stage.mkdir()
    try:
        yield stage
        if target.exists():
            target.rename(aside)
        try:
            stage.rename(target)
        except OSError:
            if aside.exists():
                aside.rename(target)
            raise
    finally:
        shutil.rmtree(stage, ignore_errors=True)
    shutil.rmtree(aside, ignore_errors=True)
