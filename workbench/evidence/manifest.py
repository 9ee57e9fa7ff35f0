"""The seal of a finished run: the digest of every file, and what was made from what.

`SHA256SUMS` is in the form of the common tool, so that `sha256sum --check` reads it without the
workbench; its last line is the digest of the lines above. `ro-crate-metadata.json` describes the
run as a Process Run Crate: each report is an action with its notebook, sources and files.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Collection, Mapping
from dataclasses import replace
from pathlib import Path

from workbench.errors import BadInput, RunFailed
from workbench.evidence.assurance_log import LOG, READABLE
from workbench.evidence.crate import crate_of
from workbench.evidence.ledger import Entry, add_report, open_ledger, read_entries, read_sources
from workbench.evidence.lock import LOCK
from workbench.evidence.names import (
    INDEX,
    LEDGER,
    MANIFEST,
    RUN_FILE,
    SUMS,
    all_reports_name,
    results_name,
)
from workbench.evidence.releases import RECORD, read_releases
from workbench.evidence.run_file import Run
from workbench.evidence.sources import Sources
from workbench.evidence.store import STAGING, publish_all, sync_folder
from workbench.trust.digests import digest_of_file, digest_of_text

_RECORDS = {LOG, READABLE, RECORD}
_LINE = re.compile(r"([0-9a-f]{64})  (\S[^\n]*)")
_LAST = re.compile(r"# sha256 of the lines above: ([0-9a-f]{64})")


def seal(run: Run, published: Collection[str] = ()) -> None:
    """Write down the digest of every file that a finished run made, and how each was made.

    Reports' digests are those of the ledger, which has them since they were made: what was done to
    a file since then is found by whoever compares, and never sealed as genuine. A run made before
    there were ledgers is left as it is.

    Args:
        run: The run, as its record has it.
        published: Stems of reports that were published again, signed or as drafts.

    Raises:
        RunFailed: The record says of a report that was not published again what the ledger does
            not say.
    """
    if not (run.folder / LEDGER).is_file():
        return
    with open_ledger(run.folder) as ledger:
        entries = read_entries(ledger)
        for part in run.parts:
            entry = entries.get(part.stem)
            if entry is None:
                continue
            results = {n: d for n, d in entry.artefacts.items() if n == results_name(part.stem)}
            artefacts = {**part.sha256, **results}
            if dict(entry.artefacts) != artefacts:
                if part.stem not in published:
                    raise _unlike(run, part.stem)
                again = replace(
                    entry,
                    files=part.files,
                    artefacts=artefacts,
                    why=f"published again: {part.assured or 'signature withdrawn'}",
                )
                sizes = {name: (run.folder / name).stat().st_size for name in artefacts}
                add_report(ledger, again, sizes)
                entries[part.stem] = again
        sources = {
            session: read_sources(ledger, session)
            for session in {entry.session for entry in entries.values()}
        }
    _write(run, entries, sources)


def _unlike(run: Run, stem: str) -> RunFailed:
    return RunFailed(
        f"record and ledger differ on {stem}",
        where=str(run.folder / RUN_FILE),
        rule="a report is sealed as the ledger has it",
        mend="begin a new run with `workbench report --new`",
    )


def unseal(folder: Path) -> None:
    """Take the seal off a run that is worked on again: until it is finished, it is not whole.

    The manifest goes with it: where that stays alone, somebody else took the seal away.
    """
    (folder / SUMS).unlink(missing_ok=True)
    (folder / MANIFEST).unlink(missing_ok=True)
    sync_folder(folder)  # a power cut must not bring it back over what is written from here on


def is_seal_gone(folder: Path) -> bool:
    """Whether a run came to its end and its seal was taken away, by no runner that was stopped."""
    stopped = (folder / LOCK).is_file()  # a runner that was killed leaves it behind
    return (folder / MANIFEST).is_file() and not is_sealed(folder) and not stopped


def is_sealed(folder: Path) -> bool:
    """Whether a run came to its end."""
    return (folder / SUMS).is_file()


def read_sums(folder: Path) -> dict[str, str]:
    """Return the digest of each file of a run, by its path in the run's folder.

    Raises:
        BadInput: The list of digests was changed.
    """
    written = (folder / SUMS).read_bytes().decode("utf-8", "replace")
    *lines, last = written.removesuffix("\n").split("\n")
    own = _LAST.fullmatch(last)
    found = [_LINE.fullmatch(line) for line in lines]
    told = "".join(f"{line}\n" for line in lines)
    ends = written.endswith("\n")
    matched = [(one[2], one[1]) for one in found if one is not None]
    if not ends or own is None or len(matched) < len(found) or digest_of_text(told) != own[1]:
        raise BadInput(
            f"{SUMS} was changed after the run was made",
            where=str(folder / SUMS),
            rule="its last line is the digest of all the others",
            mend="put it back from a backup, or make the run again",
        )
    return dict(matched)


def files_of(folder: Path) -> list[str]:
    """Return every file of a run but its seal, by its path in the run's folder."""
    found = (path.relative_to(folder) for path in folder.rglob("*") if path.is_file())
    kept = (path for path in found if path.parts[0] not in {STAGING, LOCK, SUMS})
    return sorted(path.as_posix() for path in kept)


def _known(run: Run, entries: Mapping[str, Entry]) -> set[str]:
    """Return what a run may hold: nobody vouches for what else lies in its folder."""
    over = {LEDGER, RUN_FILE, INDEX, all_reports_name(run.trust.uid, run.on)}
    packs = {
        str(name)
        for one in read_releases(run.folder)
        for name in (one["pack"], one.get("withdrawn", {}).get("now", ""))
    }
    reports = {name for entry in entries.values() for name in entry.artefacts}
    return over | packs | reports | {n for part in run.parts for n in part.files} | _RECORDS


def _write(run: Run, entries: Mapping[str, Entry], sources: Mapping[int, Sources]) -> None:
    known = _known(run, entries)
    names = [name for name in files_of(run.folder) if name in known]
    told = {name: sha for entry in entries.values() for name, sha in entry.artefacts.items()}
    sums = {name: told.get(name) or digest_of_file(run.folder / name) for name in names}
    sizes = {name: (run.folder / name).stat().st_size for name in names}
    crate = json.dumps(crate_of(run, entries, sources, sums, sizes), ensure_ascii=False, indent=1)
    sums[MANIFEST] = hashlib.sha256(f"{crate}\n".encode()).hexdigest()
    lines = "".join(f"{digest}  {name}\n" for name, digest in sorted(sums.items()))
    last = f"# sha256 of the lines above: {digest_of_text(lines)}\n"
    publish_all(run.folder, {MANIFEST: f"{crate}\n", SUMS: lines + last})
