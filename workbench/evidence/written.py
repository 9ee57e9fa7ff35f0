"""What is written down of a batch: a row of the ledger for each report, and the record over all.

Both say of a file what the ledger said when it was made, and never what lies there later: what
somebody saved over it meanwhile is found here, before anything is sealed.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from workbench import __version__
from workbench.errors import RunFailed
from workbench.evidence.ledger import Entry, Head, add_report, read_entries
from workbench.evidence.names import results_name
from workbench.evidence.plan import Part
from workbench.evidence.prepare import Prepared
from workbench.evidence.run_file import Files, Run, RunPart, RunTrust
from workbench.evidence.sources import digest_of_given
from workbench.evidence.worker import PartResult
from workbench.report.found_left_out import left_out
from workbench.report.pdf import pdf_refusal
from workbench.trust.digests import digest_of_file
from workbench.trust.load import Trust

_MADE = ("folder", "version", "trust", "as_of", "parts", "left_out", "without_pdf")
_CHANGED = "was changed while the run was going on"


def head_of(trust: Trust, prepared: Prepared) -> Head:
    """Return what the ledger says of a run as a whole."""
    folder = str(trust.folder.resolve())
    return Head(prepared.made, trust.uid, trust.name, folder, trust.as_of, prepared.request)


def entry_of(session: int, result: PartResult, prepared: Prepared, folder: Path) -> Entry:
    """Return the row of a report that has just been made, with the digest of each of its files."""
    part = result.part
    return Entry(
        session=session,
        stem=part.stem,
        kind=part.kind,
        key=part.key,
        name=part.name,
        notebook=part.notebook,
        parameters=part.parameters,
        given=digest_of_given(part, prepared.request.paper),
        why=prepared.why[part.stem],
        complete=result.complete,
        headline=result.headline,
        message=result.message,
        cell=result.cell,
        seconds=result.seconds,
        files=result.files,
        artefacts={name: digest_of_file(folder / name) for name in all_of(result)},
        engine=result.engine,
    )


def all_of(result: PartResult) -> tuple[str, ...]:
    """Return every file of a report, its results among them."""
    return (*result.files, *([results_name(result.part.stem)] if result.complete else []))


def result_of(part: Part, kept: Entry) -> PartResult:
    """Return how a report ended that was there already, and stayed."""
    return PartResult(
        part, kept.complete, headline=kept.headline, files=kept.files, seconds=kept.seconds,
        engine=kept.engine,
    )  # fmt: skip


def fail_changed(
    folder: Path,
    ledger: sqlite3.Connection,
    session: int,
    results: Sequence[PartResult],
    signed: Collection[str] = (),
) -> tuple[PartResult, ...]:
    """Return results, failed where a file is no longer what the ledger says; so the ledger says.

    Args:
        folder: The run's folder.
        ledger: Its ledger, which holds every result.
        session: The sitting.
        results: One for each report of the run.
        signed: Stems of reports that were signed, which are never made again in place.

    Raises:
        RunFailed: The file is one of a report that was signed.
    """
    entries = read_entries(ledger)
    kept = []
    for result in results:
        entry = entries[result.part.stem]
        changed = next(_changed(folder, entry), None)
        if changed is None:
            kept.append(result)
            continue
        if entry.stem in signed:
            raise RunFailed(
                f"{changed} {_CHANGED}",
                where=str(folder),
                rule="a report that was signed stays as it was read",
                mend="put the file back as it was; the same command goes on",
            )
        said = f"{changed} {_CHANGED}: run again." if entry.complete else entry.message
        failed = replace(
            entry, session=session, complete=False, headline="", message=said, files=Files(),
            artefacts={},
        )  # fmt: skip
        add_report(ledger, failed, {})
        lost = replace(result, complete=False, headline="", message=said, files=Files())
        kept.append(lost)
    return tuple(kept)


def _changed(folder: Path, entry: Entry) -> Iterator[str]:
    """Yield each file of a report that is not what was written down when it was made."""
    for name, digest in entry.artefacts.items():
        path = folder / name
        if path.is_symlink() or not path.is_file() or digest_of_file(path) != digest:
            yield name


def run_of(
    folder: Path,
    trust: Trust,
    prepared: Prepared,
    results: Sequence[PartResult],
    *,
    stood: Run | None,
    entries: Mapping[str, Entry],
) -> Run:
    """Return the record of a run whose reports are all made or failed.

    Reports that were signed or released have stayed as they were, and so has what says so.

    Args:
        folder: The run's folder.
        trust: The trust.
        prepared: What was to be made.
        results: One for each report of the run.
        stood: The record as it stood before, where the run was finished before.
        entries: The ledger's word on each report, by stem.
    """
    before = {part.stem: part for part in stood.parts} if stood else {}
    parts = tuple(
        _part(result, entries[result.part.stem], before.get(result.part.stem)) for result in results
    )
    fresh = Run(
        folder=folder,
        made=prepared.made,
        version=__version__,
        trust=RunTrust(trust.uid, trust.name, str(trust.folder.resolve())),
        as_of=trust.as_of,
        paper=prepared.request.paper,
        parts=parts,
        left_out=tuple(left_out(trust)),
        without_pdf=pdf_refusal() or "",
    )
    if stood is None:
        return fresh
    changed = {name: getattr(fresh, name) for name in _MADE}
    return replace(stood, **changed)  # what was signed or released meanwhile stays written down


def _part(result: PartResult, entry: Entry, before: RunPart | None) -> RunPart:
    sha256 = {name: entry.artefacts[name] for name in result.files}
    stayed = before is not None and result.complete and dict(before.sha256) == sha256
    return RunPart(
        kind=result.part.kind,
        key=result.part.key,
        name=result.part.name,
        stem=result.part.stem,
        complete=result.complete,
        headline=result.headline,
        message=result.message,
        cell=result.cell,
        files=result.files,
        sha256=sha256,
        assured=before.assured if before and stayed else "",
    )
