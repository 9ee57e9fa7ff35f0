"""What a batch has to do before it does any of it: which reports, which anew, and why each."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path

from workbench import paths
from workbench.errors import BadInput
from workbench.evidence.ledger import (
    Entry,
    Head,
    Request,
    open_ledger,
    read_entries,
    read_head,
    read_sources,
)
from workbench.evidence.lock import is_held
from workbench.evidence.manifest import is_sealed
from workbench.evidence.names import LEDGER
from workbench.evidence.plan import Part, plan, refuse_unspelled
from workbench.evidence.sources import (
    GROUPS,
    Sources,
    changes,
    digest_of_given,
    own_scenarios,
    sources_of,
)
from workbench.evidence.store import LATEST, STAGING, close_run
from workbench.trust.digests import digest_of_file, digest_of_text
from workbench.trust.load import Trust, read_trust

NEW = "new"
MISSING = "it was never finished"
FAILED = "it failed"
_NAMED = 3
Say = Callable[[str], None]


def _nothing(_: str) -> None:
    """Say nothing."""


@dataclass(frozen=True)
class Planned:
    """One report of a batch, and what is to be done about it.

    Attributes:
        part: The report.
        why: Why it is made; empty where what is there stays.
        kept: The ledger's word on what is there; None where it is made.
    """

    part: Part
    why: str
    kept: Entry | None = None


@dataclass(frozen=True)
class Prepared:
    """A batch that is ready to run.

    Attributes:
        request: What was asked for.
        made: When the run began (UTC).
        planned: Every report of the run, in the order of the plan.
        sources: What they are made from.
        folder: The run's folder; None where there is none yet.
    """

    request: Request
    made: dt.datetime
    planned: tuple[Planned, ...]
    sources: Sources
    folder: Path | None

    @property
    def to_make(self) -> tuple[Part, ...]:
        """The reports that are made."""
        return tuple(one.part for one in self.planned if one.why)

    @property
    def why(self) -> dict[str, str]:
        """Why each of them is made, by stem."""
        return {one.part.stem: one.why for one in self.planned if one.why}


def prepare(
    trust: Trust,
    request: Request,
    *,
    resume: Path | None = None,
    now: dt.datetime | None = None,
) -> Prepared:
    """Plan a batch and say of each report whether it is made, and why. Nothing is written.

    Args:
        trust: The trust.
        request: What is asked for.
        resume: A run to go on with, in place of a new one.
        now: When it begins; now where None. A resumed run keeps its own moment.

    Raises:
        BadInput: Something asked for cannot be made, or the run is another trust's or was asked
            for something else.
    """
    stood = None if resume is None else _stood(resume.resolve())
    return _prepared(trust, request, stood, now or dt.datetime.now(dt.UTC))


def _prepared(trust: Trust, request: Request, stood: _Stood | None, made: dt.datetime) -> Prepared:
    if stood is not None:
        _refuse_other_plan(stood, trust, request)
        made, request = stood.head.made, stood.head.request
    parts = plan(
        trust,
        schools=request.schools,
        scenarios=request.scenarios,
        trust_review=request.trust_review,
        on=request.paper.meeting or made.date(),
    )
    sources = sources_of(trust.folder, parts)
    refuse_unspelled(sources.tables)
    planned = tuple(
        Planned(part, NEW) if stood is None else _judged(part, stood, sources) for part in parts
    )
    return Prepared(request, made, planned, sources, stood.folder if stood else None)


def to_continue(
    outputs: Path, trust: Trust, request: Request, now: dt.datetime, say: Say = _nothing
) -> Path | None:
    """Return the newest run that a new one would only repeat and complete, if there is one.

    It is of the same day and trust, was asked for the same, from the same data, parameters, code
    and environment, and is not finished or has reports that failed.

    Args:
        outputs: The folder that holds runs.
        trust: The trust.
        request: What is asked for.
        now: The moment.
        say: Told of a run that would be gone on with if it were not damaged.
    """
    for folder in runs_in(outputs):
        try:
            with open_ledger(folder, to_read=True) as ledger:
                head = read_head(ledger)
        except BadInput:
            continue
        if head.uid != trust.uid or head.request != request:
            continue
        if head.made.date() != now.date() or not _same_place(head.folder, trust.folder):
            return None
        if is_held(folder):
            continue
        try:
            stood = _stood(folder)
        except BadInput as fault:
            say(f"{folder.name} is not gone on with, and a new run is made: {fault.what}")
            return None
        prepared = _prepared(trust, request, stood, now)
        reasons = set(prepared.why.values())
        # Only what never came to its end: what has changed since makes another run.
        return folder if _is_short(folder, reasons) else None
    return None


def digest_of_plan(trust: Trust, request: Request) -> str:
    """Return the digest by which two runners know that they were asked for the same reports."""
    asked = {"uid": trust.uid, "folder": str(trust.folder.resolve()), "request": asdict(request)}
    return digest_of_text(json.dumps(asked, sort_keys=True, default=str))[:16]


def find_run(outputs: Path, folder: Path, request: Request, say: Say = _nothing) -> Path | None:
    """Return the run that `to_continue` finds for a trust's folder, without reading it in vain.

    Args:
        outputs: The folder that holds runs.
        folder: The trust's folder.
        request: What is asked for.
        say: Told of a run that would be gone on with if it were not damaged.
    """
    if not runs_in(outputs):
        return None
    return to_continue(outputs, read_trust(folder), request, dt.datetime.now(dt.UTC), say)


def runs_in(outputs: Path) -> list[Path]:
    """Return the folders in which a run was begun, the newest first."""
    if not outputs.is_dir():
        return []
    found = (one for one in outputs.iterdir() if one.name != LATEST and not one.is_symlink())
    return sorted(
        (one for one in found if (one / LEDGER).is_file()), key=lambda one: one.name, reverse=True
    )


def open_again(run: Path) -> None:
    """Give a run an empty staging folder, without whatever a runner that was killed left there."""
    close_run(run)
    (run / STAGING).mkdir()


def sweep_stages(outputs: Path) -> None:
    """Remove what killed runners left half-written in runs that nobody is at work on.

    Args:
        outputs: The folder that holds runs.
    """
    for folder in runs_in(outputs):
        # A finished run has a stage only while somebody signs or releases it.
        if (folder / STAGING).is_dir() and not is_sealed(folder) and not is_held(folder):
            close_run(folder)


def _is_short(folder: Path, reasons: set[str]) -> bool:
    only = all(why == MISSING or why.startswith(FAILED) for why in reasons)
    return only and (bool(reasons) or not is_sealed(folder))


def _same_place(folder: str, other: Path) -> bool:
    return Path(folder) == other.resolve()


@dataclass(frozen=True)
class _Stood:
    """A run as its ledger has it: its head, its reports, and what each sitting made them from."""

    folder: Path
    head: Head
    entries: Mapping[str, Entry]
    sources: Mapping[int, Sources]


def _stood(folder: Path) -> _Stood:
    with open_ledger(folder, to_read=True) as ledger:
        entries = read_entries(ledger)
        sessions = {entry.session for entry in entries.values()}
        sources = {session: read_sources(ledger, session) for session in sessions}
        return _Stood(folder, read_head(ledger), entries, sources)


def _refuse_other_plan(stood: _Stood, trust: Trust, request: Request) -> None:
    head = stood.head
    if head.uid != trust.uid:
        raise BadInput(
            f"the run is about {head.trust} (UID {head.uid}), not {trust.name} (UID {trust.uid})",
            where=str(stood.folder),
            rule="a run is resumed with the trust it is about",
            mend="name that trust's folder, or another run",
        )
    if request not in (Request(), head.request):
        raise BadInput(
            "the run was asked for other reports, or for another meeting",
            where=str(stood.folder),
            rule="a run is resumed as it was begun",
            mend="give --resume alone, or leave it out for a new run",
        )


def _judged(part: Part, stood: _Stood, now: Sources) -> Planned:
    """Say whether a report is made again: not where what is there is what would be made."""
    entry = stood.entries.get(part.stem)
    if entry is None:
        return Planned(part, MISSING)
    why = (
        _failed(entry)
        or _told_otherwise(part, entry, stood.head.request)
        or _made_of_other(part, stood.sources[entry.session], now)
        or _touched(entry, stood.folder)
    )
    return Planned(part, why, None if why else entry)


def _failed(entry: Entry) -> str:
    return "" if entry.complete else f"{FAILED}: {' '.join(entry.message.split())[:120]}"


def _told_otherwise(part: Part, entry: Entry, request: Request) -> str:
    same = entry.given == digest_of_given(part, request.paper)
    return "" if same else "what it is told has changed"


def _made_of_other(part: Part, then: Sources, now: Sources) -> str:
    own = own_scenarios(part)
    moved = list(changes(then.of(part.notebook, own), now.of(part.notebook, own)))
    for group, called in GROUPS.items():
        names = [one.name for one in moved if one.group == group]
        if names:
            more = f" and {len(names) - _NAMED} more" if len(names) > _NAMED else ""
            return f"{called} changed: {', '.join(names[:_NAMED])}{more}"
    return ""


def _touched(entry: Entry, folder: Path) -> str:
    for name, digest in entry.artefacts.items():
        if not (folder / name).is_file():
            return f"{name} is gone"
        if digest_of_file(folder / name) != digest:
            return f"{name} was changed after it was made"
    return ""


def outputs_of(out: Path | None) -> Path:
    """Return the folder that holds runs."""
    return (out or paths.outputs()).resolve()
