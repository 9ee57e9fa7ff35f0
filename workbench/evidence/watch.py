"""Whether what a batch is made from stays as it was while its reports are being made."""

from __future__ import annotations

import time
from collections.abc import Collection, Iterator
from pathlib import Path

from workbench import paths
from workbench.evidence.plan import Part
from workbench.evidence.sources import (
    GROUPS,
    Sources,
    changes,
    digests_of_tables,
    own_scenarios,
    sources_of,
)
from workbench.trust.digests import files_of_trust

_LAG = 2.0  # seconds that a finished report may wait before it is looked at

_Seen = dict[Path, tuple[int, int, int]]


class Watch:
    """Looks, as each report comes, whether a table, parameter file or notebook was written to.

    Only their times and sizes are looked at; where one has moved, all digests are taken again. A
    report is doubted where what it is made from differs now, and also where a file was written
    while it was being made: that may have been changed and put back.

    Args:
        folder: The trust's folder.
        parts: What is to be made.
        then: What it is to be made from.
    """

    def __init__(self, folder: Path, parts: Collection[Part], then: Sources) -> None:
        self._folder, self._parts, self._then = folder, tuple(parts), then
        books = {paths.notebooks() / f"{part.notebook}.ipynb" for part in self._parts}
        self._own = books | {Path(name) for part in self._parts for name in own_scenarios(part)}
        self._seen = self._looked()
        # Whatever was written between the plan and this moment is known from here on.
        same = digests_of_tables(folder) == dict(then.tables)
        self._now = then if same else sources_of(folder, self._parts)
        self._written = float("-inf")

    def doubt(self, part: Part, seconds: float) -> str:
        """Return why a report that has just been made cannot be trusted; empty where it can.

        Args:
            part: The report.
            seconds: How long making it took.
        """
        seen, moment = self._looked(), time.monotonic()
        if seen != self._seen:
            self._seen, self._written = seen, moment
            self._now = sources_of(self._folder, self._parts)
        own = own_scenarios(part)
        moved = list(changes(self._then.of(part.notebook, own), self._now.of(part.notebook, own)))
        if moved:
            said = f"{GROUPS[moved[0].group]} changed: {moved[0].name}"
        elif moment - seconds - _LAG <= self._written:
            said = "a file it is made from was written to"
        else:
            return ""
        return f"The data changed while the run was going on: run again ({said})."

    def _looked(self) -> _Seen:
        found = {path: _stat(path) for path in self._files()}
        return {path: stat for path, stat in found.items() if stat is not None}

    def _files(self) -> Iterator[Path]:
        yield from files_of_trust(self._folder).values()
        yield from paths.parameters().rglob("*.yaml")
        yield from self._own


def _stat(path: Path) -> tuple[int, int, int] | None:
    try:
        found = path.stat()
    except OSError:
        return None
    return found.st_mtime_ns, found.st_size, found.st_ino
