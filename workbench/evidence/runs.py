"""The runs of a folder, each in a line: when, about whom, how it ended, how long it took."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from pathlib import Path

from workbench.errors import BadInput
from workbench.evidence.ledger import (
    open_ledger,
    planned_in,
    read_entries,
    read_head,
    seconds_of,
)
from workbench.evidence.lock import is_held
from workbench.evidence.manifest import is_sealed
from workbench.evidence.names import LEDGER, RUN_FILE
from workbench.evidence.run_file import Run, read_run
from workbench.evidence.store import LATEST


@dataclass(frozen=True)
class RunLine:
    """One run in a line.

    Attributes:
        name: Its folder's name.
        made: When it began (UTC); None where its files cannot be read.
        trust: Whom it is about.
        reports: Reports it is to have.
        complete: Those that are whole.
        failed: Those that failed.
        standing: `at work`, `unfinished`, `draft`, `assured`, `released` or `unreadable`.
        seconds: Time its sittings took; None where that is not known.
    """

    name: str
    made: dt.datetime | None
    trust: str
    reports: int
    complete: int
    failed: int
    standing: str
    seconds: float | None


def list_runs(outputs: Path) -> tuple[RunLine, ...]:
    """Return the runs in a folder, the newest first.

    Args:
        outputs: The folder that holds runs.

    Raises:
        BadInput: There is no such folder.
    """
    if not outputs.is_dir():
        raise BadInput(
            f"there is no folder {outputs}",
            where=str(outputs),
            rule="runs are listed from the folder that holds them",
            mend="make a run with `workbench report`, or name its folder with --out",
        )
    folders = (one for one in outputs.iterdir() if one.name != LATEST and not one.is_symlink())
    runs = [one for one in folders if (one / LEDGER).is_file() or (one / RUN_FILE).is_file()]
    return tuple(_line(one) for one in sorted(runs, key=lambda one: one.name, reverse=True))


def _line(folder: Path) -> RunLine:
    try:
        if not (folder / LEDGER).is_file():
            return _finished(folder, read_run(folder), None)
        with open_ledger(folder, to_read=True) as ledger:
            if is_sealed(folder) and not is_held(folder):
                return _finished(folder, read_run(folder), seconds_of(ledger))
            head, entries = read_head(ledger), read_entries(ledger).values()
            complete = sum(one.complete for one in entries)
            return RunLine(
                name=folder.name,
                made=head.made,
                trust=head.trust,
                reports=planned_in(ledger),
                complete=complete,
                failed=len(entries) - complete,
                standing="at work" if is_held(folder) else "unfinished",
                seconds=seconds_of(ledger),
            )
    except BadInput:
        return RunLine(folder.name, None, "", 0, 0, 0, "unreadable", None)


def _finished(folder: Path, run: Run, seconds: float | None) -> RunLine:
    complete = [part for part in run.parts if part.complete]
    signed = bool(complete) and all(part.assured for part in complete)
    standing = "released" if run.released else "assured" if signed else "draft"
    return RunLine(
        name=folder.name,
        made=run.made,
        trust=run.trust.name,
        reports=len(run.parts),
        complete=len(complete),
        failed=len(run.parts) - len(complete),
        standing=standing,
        seconds=seconds,
    )
