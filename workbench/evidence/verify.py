"""Whether a run is still what it was, and whether its sources are: each difference by its name."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from workbench.errors import BadInput
from workbench.evidence.ledger import (
    Entry,
    Head,
    asked_of,
    open_ledger,
    read_entries,
    read_head,
    read_sources,
)
from workbench.evidence.ledger_file import undo_half_written
from workbench.evidence.lock import LOCK, is_held
from workbench.evidence.manifest import is_seal_gone, is_sealed, read_sums
from workbench.evidence.names import LEDGER, MANIFEST, SUMS, results_name
from workbench.evidence.plan import NOTEBOOKS
from workbench.evidence.run_file import by_name, refuse_no_run
from workbench.evidence.sources import (
    Sources,
    changes,
    current_sources,
    own_files,
)
from workbench.evidence.store import STAGING
from workbench.trust.digests import digest_of_file, files_of_trust

Kind = Literal[
    "tampered", "tables", "parameters", "code", "environment", "result", "unfinished", "failed"
]
# Where several differ, the lowest decides: a file that was touched outweighs a reason to differ.
EXIT_CODES: Mapping[Kind, int] = {
    "tampered": 3,
    "tables": 4,
    "parameters": 5,
    "code": 6,
    "environment": 7,
    "result": 8,
    "unfinished": 9,
    "failed": 9,
}


@dataclass(frozen=True)
class Difference:
    """One thing that is not as it was when the run was made.

    Attributes:
        kind: What sort of thing.
        name: The file, table, package or report.
        words: What became of it.
    """

    kind: Kind
    name: str
    words: str


@dataclass(frozen=True)
class Verified:
    """What was found of a run.

    Attributes:
        folder: The run's folder.
        differences: What is not as it was.
        files: Files whose digest was taken.
        added: Files that a runner left half-written when it was killed.
        recomputed: Reports that were made again and compared.
    """

    folder: Path
    differences: tuple[Difference, ...]
    files: int
    added: tuple[str, ...] = ()
    recomputed: int = 0

    @property
    def exit_code(self) -> int:
        """0 where everything is as it was, else that of the lowest kind found."""
        return min((EXIT_CODES[one.kind] for one in self.differences), default=0)


Progress = Callable[[int], object]


def verify(
    folder: Path,
    *,
    trust: Path | None = None,
    rerun: bool = False,
    jobs: int | None = None,
    progress: Progress = lambda _: None,
) -> Verified:
    """Compare a run with what was written down when it was made.

    Args:
        folder: The run's folder, a link to it, or its bare name.
        trust: Where the trust's tables lie, if they have been moved.
        rerun: Whether to make every report again, elsewhere, and compare its results.
        jobs: Notebooks run at once; the number of processors where None.
        progress: Called after each report that was made again, with how many there are.

    Raises:
        BadInput: It is no run, was made before runs had ledgers, or somebody is at work on it; or
            no tables lie where they are said to.
    """
    folder = by_name(folder).resolve()
    refuse_no_run(folder)
    _refuse_others(folder, trust)
    undo_half_written(folder)
    whole = is_sealed(folder) or is_seal_gone(folder)
    touched, added, count = _files(folder) if whole else _unfinished(folder)
    differences = list(touched)
    recomputed = 0
    if any(one.name == LEDGER for one in touched):  # what it says is worth nothing any more
        return Verified(folder, touched, count, added)
    kind: Kind = "tampered" if whole else "unfinished"
    try:
        with open_ledger(folder, to_read=True) as ledger:
            head, entries = read_head(ledger), read_entries(ledger)
            sessions = {one.session for one in entries.values()}
            then = {n: read_sources(ledger, n) for n in sessions}
            asked = {n: asked_of(ledger, n) for n in sessions}
    except BadInput as error:
        differences.append(Difference(kind, LEDGER, error.what))
        return Verified(folder, tuple(differences), count, added)
    known = {one.name for one in differences}
    said = _against_ledger(folder, entries, kind)
    differences += [one for one in said if one.name not in known]
    if whole:
        place = trust or Path(head.folder)
        differences += _sources(place, entries, then)
        if rerun:
            found, recomputed = _recomputed(
                folder, place, head, entries, asked=asked, jobs=jobs, progress=progress
            )
            differences += found
    differences += [
        Difference("failed", one.stem, f"has no report: {' '.join(one.message.split())}")
        for one in entries.values()
        if not one.complete
    ]
    return Verified(folder, tuple(differences), count, added, recomputed)


def _refuse_others(folder: Path, trust: Path | None) -> None:
    if is_held(folder):
        raise BadInput(
            "a runner is at work on this run",
            where=str(folder),
            rule="a run is verified when it is finished",
            mend="wait until it is done",
        )
    if trust is not None and not files_of_trust(trust):
        raise BadInput(
            f"{trust} holds no tables of a trust",
            where=str(trust),
            rule="a run is compared with the tables it was made from",
            mend="name the folder of the trust's tables with --trust",
        )


def _unfinished(folder: Path) -> tuple[tuple[Difference, ...], tuple[str, ...], int]:
    gone = Difference("unfinished", folder.name, "never came to its end; resume it")
    return (gone,), (), 0


def _files(folder: Path) -> tuple[tuple[Difference, ...], tuple[str, ...], int]:
    """Return which files of a finished run were touched or added, and how many it has.

    In between: what a runner that was killed had staged, which is nobody's tampering.
    """
    found: list[Difference] = []
    unlisted = {SUMS}
    try:
        sums = read_sums(folder)
    except (BadInput, FileNotFoundError):
        words = "was changed after the run was made" if is_sealed(folder) else "is gone"
        found.append(Difference("tampered", SUMS, words))
        sums = _listed_in_manifest(folder)
        unlisted |= {MANIFEST, LEDGER}
    found += _compared(folder, sums)
    strangers = _strangers(folder, {*sums, *unlisted}) if sums else []
    stopped = (folder / LOCK).is_file()
    left = tuple(name for name in strangers if stopped and name.startswith(f"{STAGING}/"))
    found += [
        Difference("tampered", name, "is no file of this run")
        for name in strangers
        if name not in left
    ]
    return tuple(found), left, len(sums) + 1


def _strangers(folder: Path, known: set[str]) -> list[str]:
    """Return whatever lies in a run's folder beside its own files; links, wherever they lead."""
    there = (path for path in folder.rglob("*") if path.is_symlink() or not path.is_dir())
    names = {path.relative_to(folder).as_posix() for path in there}
    lock = {LOCK} if (folder / LOCK).is_file() and not (folder / LOCK).is_symlink() else set()
    return sorted(names - known - lock)


def _listed_in_manifest(folder: Path) -> dict[str, str]:
    """Return the digests that the manifest has, as a second witness; none where it has none."""
    try:
        graph = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))["@graph"]
        return {str(one["@id"]): str(one["sha256"]) for one in graph if one["@type"] == "File"}
    except (OSError, ValueError, KeyError, TypeError):
        return {}


def _compared(folder: Path, sums: Mapping[str, str]) -> Iterator[Difference]:
    for name, digest in sums.items():
        if (folder / name).is_symlink():
            yield Difference("tampered", name, "is a link in the place of the file")
        elif not (folder / name).is_file():
            yield Difference("tampered", name, "is gone")
        elif digest_of_file(folder / name) != digest:
            yield Difference("tampered", name, "was changed after the run was made")


def _against_ledger(folder: Path, entries: Mapping[str, Entry], kind: Kind) -> Iterator[Difference]:
    """Yield each file of a report that is not what the ledger says.

    In a run that never came to its end a runner that was killed may have left it so.
    """
    for entry in entries.values():
        for one in _compared(folder, entry.artefacts):
            yield Difference(kind, one.name, f"{one.words}, says the ledger")


def _sources(
    folder: Path, entries: Mapping[str, Entry], then: Mapping[int, Sources]
) -> Iterator[Difference]:
    """Yield each source that is not as it was when a report was made from it, once."""
    if not folder.is_dir():
        yield Difference(
            "tables", folder.name, "is not where the trust's tables were; name it with --trust"
        )
    books = [one.notebook for one in entries.values() if one.notebook in NOTEBOOKS.values()]
    given = [name for one in entries.values() for name in own_files(one.parameters)]
    now = current_sources(folder, books, given)
    seen: set[tuple[str, str]] = set()
    for entry in entries.values():
        own = own_files(entry.parameters)
        before, after = then[entry.session].of(entry.notebook, own), now.of(entry.notebook, own)
        for change in changes(before, after):
            if change.group == "tables" and not folder.is_dir():
                continue
            if (change.group, change.name) not in seen:
                seen.add((change.group, change.name))
                yield Difference(change.group, change.name, change.words)


def _recomputed(
    folder: Path,
    trust: Path,
    head: Head,
    entries: Mapping[str, Entry],
    *,
    asked: Mapping[int, tuple[str, int | None]],
    jobs: int | None,
    progress: Progress,
) -> tuple[list[Difference], int]:
    from workbench.evidence.rerun import rerun_reports  # noqa: PLC0415 (brings the notebooks' stack)

    found: list[Difference] = []
    whole = [entry for entry in entries.values() if entry.complete]
    for entry, words in rerun_reports(folder, trust, head, whole, asked=asked, jobs=jobs):
        found += [Difference("result", results_name(entry.stem), one) for one in words]
        progress(len(whole))
    return found, len(whole)
