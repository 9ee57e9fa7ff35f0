"""Whether a run is still what it was, and whether its sources are: each difference by its name."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
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
    undo_half_written,
)
from workbench.evidence.lock import is_held
from workbench.evidence.manifest import files_of, is_sealed, read_sums
from workbench.evidence.names import LEDGER, MANIFEST, RUN_FILE, SUMS, results_name
from workbench.evidence.plan import NOTEBOOKS
from workbench.evidence.sources import (
    Sources,
    changes,
    current_sources,
    own_files,
)
from workbench.trust.digests import digest_of_file

Kind = Literal["tampered", "tables", "parameters", "code", "environment", "result", "unfinished"]
# Where several differ, the lowest decides: a file that was touched outweighs a reason to differ.
EXIT_CODES: Mapping[Kind, int] = {
    "tampered": 3,
    "tables": 4,
    "parameters": 5,
    "code": 6,
    "environment": 7,
    "result": 8,
    "unfinished": 9,
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
        added: Files that no runner of the workbench made.
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


def verify(
    folder: Path, *, trust: Path | None = None, rerun: bool = False, jobs: int | None = None
) -> Verified:
    """Compare a run with what was written down when it was made.

    Args:
        folder: The run's folder, or a link to it.
        trust: Where the trust's tables lie, if they have been moved.
        rerun: Whether to make every report again, elsewhere, and compare its results.
        jobs: Notebooks run at once; the number of processors where None.

    Raises:
        BadInput: It is no run, was made before runs had ledgers, or somebody is at work on it.
    """
    folder = folder.resolve()
    _refuse_others(folder)
    undo_half_written(folder)
    sealed, touched, added, count = _files(folder)
    if not sealed:
        gone = Difference("unfinished", folder.name, "never came to its end; resume it")
        return Verified(folder, (gone,), 0)
    differences = list(touched)
    recomputed = 0
    if any(one.name == LEDGER for one in touched):  # what it says is worth nothing any more
        return Verified(folder, touched, count, added)
    try:
        with open_ledger(folder, to_read=True) as ledger:
            head, entries = read_head(ledger), read_entries(ledger)
            sessions = {one.session for one in entries.values()}
            then = {n: read_sources(ledger, n) for n in sessions}
            asked = {n: asked_of(ledger, n) for n in sessions}
    except BadInput as error:
        differences.append(Difference("tampered", LEDGER, error.what))
        return Verified(folder, tuple(differences), count, added)
    known = {one.name for one in differences}
    differences += [one for one in _against_ledger(folder, entries) if one.name not in known]
    place = trust or Path(head.folder)
    differences += _sources(place, entries, then)
    if rerun:
        found, recomputed = _recomputed(folder, place, head, entries, asked=asked, jobs=jobs)
        differences += found
    return Verified(folder, tuple(differences), count, added, recomputed)


def _refuse_others(folder: Path) -> None:
    if not ((folder / LEDGER).is_file() or (folder / SUMS).is_file()):
        old = (folder / RUN_FILE).is_file()
        raise BadInput(
            f"{folder.name} was made before runs had ledgers" if old else f"{folder} is not a run",
            where=str(folder),
            rule=f"a run is verified by its {LEDGER} and its {SUMS}",
            mend="name a folder that `workbench report` made" + (", or make it again" * old),
        )
    if is_held(folder):
        raise BadInput(
            "a runner is at work on this run",
            where=str(folder),
            rule="a run is verified when it is finished",
            mend="wait until it is done",
        )


def _files(folder: Path) -> tuple[bool, tuple[Difference, ...], tuple[str, ...], int]:
    """Return whether a run is sealed, which files were touched or added, and how many there are."""
    if not is_sealed(folder):
        return False, (), (), 0
    found: list[Difference] = []
    try:
        sums = read_sums(folder)
    except BadInput:
        found.append(Difference("tampered", SUMS, "was changed after the run was made"))
        sums = _listed_in_manifest(folder)
    found += _compared(folder, sums)
    there = files_of(folder)
    unlisted = {MANIFEST, LEDGER} if found and found[0].name == SUMS else set()
    added = tuple(name for name in there if name not in sums and name not in unlisted)
    return True, tuple(found), added, len(sums) + 1


def _listed_in_manifest(folder: Path) -> dict[str, str]:
    """Return the digests that the manifest has, as a second witness; none where it has none."""
    try:
        graph = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))["@graph"]
        return {str(one["@id"]): str(one["sha256"]) for one in graph if one["@type"] == "File"}
    except (OSError, ValueError, KeyError, TypeError):
        return {}


def _compared(folder: Path, sums: Mapping[str, str]) -> Iterator[Difference]:
    for name, digest in sums.items():
        if not (folder / name).is_file():
            yield Difference("tampered", name, "is gone")
        elif digest_of_file(folder / name) != digest:
            yield Difference("tampered", name, "was changed after the run was made")


def _against_ledger(folder: Path, entries: Mapping[str, Entry]) -> Iterator[Difference]:
    for entry in entries.values():
        for one in _compared(folder, entry.artefacts):
            yield Difference("tampered", one.name, f"{one.words}, says the ledger")


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
) -> tuple[list[Difference], int]:
    from workbench.evidence.rerun import rerun_reports  # noqa: PLC0415 (brings the notebooks' stack)

    found: list[Difference] = []
    whole = [entry for entry in entries.values() if entry.complete]
    for entry, words in rerun_reports(folder, trust, head, whole, asked=asked, jobs=jobs):
        found += [Difference("result", results_name(entry.stem), one) for one in words]
    return found, len(whole)
