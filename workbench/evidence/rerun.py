"""Make reports again from what their ledger says, elsewhere, and compare their results."""

from __future__ import annotations

import contextlib
import datetime as dt
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import cast, get_args

from workbench.evidence.engines.engine import Choice
from workbench.evidence.ledger import Entry, Head
from workbench.evidence.names import Kind, results_name
from workbench.evidence.plan import Part
from workbench.evidence.pool import processors, results_of_parts
from workbench.evidence.prepare import open_again
from workbench.evidence.provenance import inputs_of
from workbench.evidence.results import differences
from workbench.evidence.worker import AS_USUAL, How, PartResult
from workbench.trust.digests import digest_of_file
from workbench.trust.load import read_trust


def rerun_reports(
    folder: Path,
    trust_dir: Path,
    head: Head,
    entries: Sequence[Entry],
    *,
    asked: Mapping[int, tuple[str, int | None]],
    jobs: int | None,
) -> Iterator[tuple[Entry, tuple[str, ...]]]:
    """Yield each report with what of its results is not what it was, in words.

    Nothing is written to the run. Compared are the results the ledger vouches for: those of a
    file that was changed since are called lost.

    Args:
        folder: The run's folder.
        trust_dir: The trust's folder of tables.
        head: What the ledger says of the run.
        entries: The reports to make again.
        asked: The engine and the longest time of a cell that each sitting was asked for.
        jobs: Notebooks run at once; the number of processors where None.

    Raises:
        BadInput: The trust cannot be read.
    """
    trust = read_trust(trust_dir)
    inputs = inputs_of(trust, dt.datetime.now(dt.UTC), head.request.paper)
    kept = {entry.stem: entry for entry in entries}
    alike: dict[How, list[Part]] = {}
    for entry in entries:
        how = _how(*asked.get(entry.session, ("", None)))
        alike.setdefault(how, []).append(_part(entry, trust.folder))
    with tempfile.TemporaryDirectory(prefix="workbench-verify-") as name:
        again = Path(name)
        open_again(again)
        for how, parts in alike.items():
            made = results_of_parts(parts, again, inputs, jobs or processors(), how)
            with contextlib.closing(made):
                for result in made:
                    entry = kept[result.part.stem]
                    yield entry, _compared(folder, again, entry, result)


def _how(engine: str, cell_seconds: int | None) -> How:
    """Return how a sitting ran its notebooks, as far as that was written down."""
    known = get_args(Choice)
    chosen = cast(Choice, engine) if engine in known else AS_USUAL.engine
    return How(chosen, cell_seconds or AS_USUAL.cell_seconds)


def _part(entry: Entry, trust: Path) -> Part:
    given = dict(entry.parameters)
    if "trust_dir" in given:
        given["trust_dir"] = str(trust.resolve())
    return Part(
        kind=cast(Kind, entry.kind),
        key=entry.key,
        name=entry.name,
        notebook=entry.notebook,
        parameters=given,
        stem=entry.stem,
    )


def _compared(folder: Path, again: Path, entry: Entry, result: PartResult) -> tuple[str, ...]:
    if not result.complete:
        return (f"could not be made again: {result.message}",)
    name = results_name(entry.stem)
    if not (folder / name).is_file():
        return ("has no results left to compare with",)
    if digest_of_file(folder / name) != entry.artefacts.get(name):
        return ("has no results left to compare with: they were changed after they were made",)
    fresh = (again / name).read_text(encoding="utf-8")
    try:
        moved = differences((folder / name).read_text(encoding="utf-8"), fresh)
    except (ValueError, KeyError, TypeError):
        return ("is too damaged to be compared",)
    return tuple(f"came out otherwise: {one}" for one in moved)
