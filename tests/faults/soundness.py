"""Whether what a batch left behind is sound: nothing torn, and no success that is none."""

from __future__ import annotations

import csv
import io
import json
import sqlite3
import zipfile
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

import nbformat
from pypdf import PdfReader

from tests.faults.small_batch import Batch, copied, ledger_of
from workbench.errors import BadInput
from workbench.evidence.code_cells import own_code_cells
from workbench.evidence.ledger import Entry
from workbench.evidence.manifest import files_of, is_sealed, read_sums
from workbench.evidence.names import LEDGER, SUMS, notebook_name, page_name, results_name
from workbench.evidence.run_file import read_run
from workbench.evidence.strays import files_of_report
from workbench.trust.digests import digest_of_file


def torn(run: Path) -> list[str]:
    """Return what bears a final name in a run and is not whole, each with what is wrong."""
    found = []
    for name in files_of(run):
        if name.startswith(LEDGER):
            continue
        try:
            wrong = _wrong(run / name)
        except Exception as fault:
            wrong = f"{type(fault).__name__}: {fault}"
        if wrong:
            found.append(f"{name}: {wrong}")
    return [*found, *_wrong_with_ledger(run)]


def false_successes(batch: Batch, code: int | None) -> list[str]:
    """Return what is called done and is not: by the ledger, the seal, or the command."""
    run = batch.run
    if run is None:
        return ["the command said it was done, and there is no run"] if code == 0 else []
    entries = ledger_of(run) or {}
    found = [f"{stem}: {why}" for stem in entries for why in _missing_of(run, entries[stem])]
    whole = {stem for stem, entry in entries.items() if entry.complete}
    if is_sealed(run):
        found += _wrong_with_seal(run)
        found += _unvouched(run, entries)
    if code == 0 and not (is_sealed(run) and whole == set(batch.stems.values())):
        found.append(f"the command said it was done with {len(whole)} reports")
    return found


def whole_in(run: Path | None) -> set[str]:
    """Return the reports of a run that are whole, by its ledger and their digests."""
    entries = (ledger_of(run) or {}) if run else {}
    return {
        stem
        for stem, entry in entries.items()
        if run and entry.complete and not list(_missing_of(run, entry))
    }


def canonical(run: Path) -> dict[str, str]:
    """Return the digest of every canonical result and every table of figures' data of a run."""
    kept = ("results/", "data/")
    return {n: digest_of_file(run / n) for n in files_of(run) if n.startswith(kept)}


def _wrong(path: Path) -> str:
    """Return what is wrong with a file by its ending; empty where nothing is."""
    look = _LOOKS.get(path.suffix)
    return look(path.read_bytes()) if look else "is of no known kind"


def _wrong_page(content: bytes) -> str:
    return "" if content.rstrip().endswith(b"</html>") else "has no end"


def _wrong_json(content: bytes) -> str:
    json.loads(content)
    return ""


def _wrong_notebook(content: bytes) -> str:
    notebook = nbformat.reads(content.decode(), as_version=4)
    nbformat.validate(notebook)
    return ""


def _wrong_pdf(content: bytes) -> str:
    return "" if len(PdfReader(io.BytesIO(content), strict=True).pages) else "has no page"


def _wrong_zip(content: bytes) -> str:
    with zipfile.ZipFile(io.BytesIO(content)) as packed:
        return packed.testzip() or ""


def _wrong_table(content: bytes) -> str:
    widths = {len(row) for row in csv.reader(content.decode("utf-8-sig").splitlines()) if row}
    return "" if content.endswith(b"\n") and len(widths) == 1 else "is cut off"


_LOOKS: Mapping[str, Callable[[bytes], str]] = {
    ".html": _wrong_page,
    ".json": _wrong_json,
    ".ipynb": _wrong_notebook,
    ".pdf": _wrong_pdf,
    ".xlsx": _wrong_zip,
    ".zip": _wrong_zip,
    ".csv": _wrong_table,
}


def _unvouched(run: Path, entries: Mapping[str, Entry]) -> Iterator[str]:
    """Yield files that pass for a report's own and that the ledger knows nothing of."""
    for stem, entry in entries.items():
        for name in sorted(files_of_report(run, stem) - set(entry.artefacts)):
            yield f"{name} lies in a sealed run, and the ledger does not vouch for it"


def _pending(path: Path) -> Iterator[str]:
    """Yield that a notebook that is called whole has cells that never ran."""
    cells = own_code_cells(nbformat.read(path, as_version=4))
    pending = [cell for cell in cells if cell.execution_count is None]
    if pending:
        yield f"{path.name} has {len(pending)} cells that never ran"


def _wrong_with_ledger(run: Path) -> Iterator[str]:
    with copied(run) as copy:
        if copy is None:
            return
        connection = sqlite3.connect(copy / LEDGER)
        try:
            said = connection.execute("pragma integrity_check").fetchone()[0]
            if said != "ok":
                yield f"{LEDGER}: {said}"
        except sqlite3.DatabaseError as fault:
            yield f"{LEDGER}: {fault}"
        finally:
            connection.close()


def _missing_of(run: Path, entry: Entry) -> Iterator[str]:
    if not entry.complete:
        return
    asked = {page_name(entry.stem), notebook_name(entry.stem), results_name(entry.stem)}
    for name in (asked | set(entry.files)) - set(entry.artefacts):
        yield f"{name} is not in the ledger"
    for name, digest in entry.artefacts.items():
        if not (run / name).is_file():
            yield f"{name} is not there"
        elif digest_of_file(run / name) != digest:
            yield f"{name} is not what the ledger says"
        elif name == notebook_name(entry.stem):
            yield from _pending(run / name)


def _wrong_with_seal(run: Path) -> Iterator[str]:
    try:
        sums, record = read_sums(run), read_run(run)
    except BadInput as fault:
        yield f"sealed, and {fault.what}"
        return
    for name, digest in sums.items():
        if not (run / name).is_file() or digest_of_file(run / name) != digest:
            yield f"{name} is not what {SUMS} says"
    entries = ledger_of(run) or {}
    for part in record.parts:
        if part.complete and not entries[part.stem].complete:
            yield f"{part.stem} is whole by the record and not by the ledger"
