"""Whether what a batch is made from stays as it was while its reports are being made."""

from __future__ import annotations

import contextlib
import os
import sys
import time
from collections.abc import Collection, Iterator
from pathlib import Path

from workbench import paths
from workbench.evidence.plan import Part
from workbench.evidence.sources import (
    GROUPS,
    LOCK_FILE,
    Sources,
    changes,
    files_of_package,
    own_scenarios,
    sources_of,
)
from workbench.trust.digests import files_of_trust

_LAG = 2.0  # seconds that a finished report may wait before it is looked at

_INSTALLED = (".dist-info", ".egg-info")
_Stat = tuple[int, int, int, int]  # times, size and number; last what no program can set back
_Seen = dict[Path, _Stat]


class Watch:
    """Looks, as each report comes, whether a table, parameter file or notebook was written to.

    So it does at the workbench's own code, of which much is read only when a notebook needs it, and
    at the packages: one that is upgraded meanwhile may lie in one half of the reports, or half in
    one of them. Only times and sizes are looked at; where one has moved, all digests are taken
    again. A report is doubted where what it is made from differs now, and also where a file was
    written while it was being made: that may have been changed and put back. Whatever differs from
    the plan already when the first report is begun is doubted too.

    Args:
        folder: The trust's folder.
        parts: What is to be made.
        then: What it is to be made from.
    """

    def __init__(self, folder: Path, parts: Collection[Part], then: Sources) -> None:
        self._folder, self._parts, self._then = folder, tuple(parts), then
        books = {paths.notebooks() / f"{part.notebook}.ipynb" for part in self._parts}
        self._own = books | {Path(name) for part in self._parts for name in own_scenarios(part)}
        self._places: tuple[_Stat | None, ...] = ()
        self._packages: _Seen = {}
        self._folders: _Seen = {}
        self._code: tuple[Path, ...] = ()
        self._seen = self._looked()
        # Whatever was written between the plan and this moment is known from here on.
        self._now = sources_of(folder, self._parts)
        self._written = float("-inf")

    def doubt(self, part: Part, seconds: float) -> str:
        """Return why a report that has just been made cannot be trusted; empty where it can.

        Args:
            part: The report.
            seconds: How long making it took.
        """
        seen, moment = self._looked(), time.monotonic()
        if seen != self._seen:
            now = sources_of(self._folder, self._parts)
            # A copy made for a backup also moves the last time that a system keeps of a file.
            if now != self._now or _without_last(seen) != _without_last(self._seen):
                self._written = moment
            self._seen, self._now = seen, now
        own = own_scenarios(part)
        moved = list(changes(self._then.of(part.notebook, own), self._now.of(part.notebook, own)))
        if moved:
            said = f"{GROUPS[moved[0].group]} changed: {moved[0].name}"
        elif moment - seconds - _LAG <= self._written:
            said = "a file it is made from was written to"
        else:
            return ""
        return f"What it is made from changed while the run was going on: run again ({said})."

    def _looked(self) -> _Seen:
        places = tuple(_stat(Path(place)) for place in sys.path)
        if places != self._places:  # whatever comes or goes in a folder changes the folder's time
            self._places, self._packages = places, _stats(_packages())
        return _stats(self._files()) | self._packages

    def _files(self) -> Iterator[Path]:
        yield from files_of_trust(self._folder).values()
        yield from paths.parameters().rglob("*.yaml")
        yield paths.home() / LOCK_FILE
        yield from self._own
        yield from self._own_code()

    def _own_code(self) -> tuple[Path, ...]:
        """Return the package's files, listed again where one of its folders is another."""
        if not self._code or self._folders != _stats(iter(self._folders)):
            self._code = tuple(files_of_package())
            self._folders = _stats(iter({path.parent for path in self._code}))
        return self._code


def _packages() -> Iterator[Path]:
    """Yield the folder in which each installed package says what it is; its name has its version.

    Source: Ziadé (2009), PEP 376, Database of Installed Python Distributions.
    """
    for place in sys.path:
        with contextlib.suppress(OSError), os.scandir(place or ".") as found:
            yield from (Path(one) for one in found if one.name.endswith(_INSTALLED))


def _stats(files: Iterator[Path]) -> _Seen:
    found = {path: _stat(path) for path in files}
    return {path: stat for path, stat in found.items() if stat is not None}


def _stat(path: Path) -> _Stat | None:
    try:
        found = path.stat()
    except OSError:
        return None
    return found.st_mtime_ns, found.st_size, found.st_ino, found.st_ctime_ns


def _without_last(seen: _Seen) -> dict[Path, tuple[int, ...]]:
    return {path: stat[:-1] for path, stat in seen.items()}
