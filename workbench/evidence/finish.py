"""What stands over all reports of a run: its record, its index, and one zip for e-mail.

They are written again whenever a report is signed or the pack released, so that none of them says
of a report what is no longer so.
"""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path

from workbench.charts.wording import count, day
from workbench.evidence.names import INDEX, RUN_FILE, all_reports_name
from workbench.evidence.run_file import Run, RunPart, record_of
from workbench.evidence.store import publish_all
from workbench.report.index import Link, Row, Status, index_page

READ_ME = "READ-ME.txt"
_ENTERED = (1980, 1, 1, 0, 0, 0)  # one moment for every entry: equal files are equal zips
_PACKED = {".pdf", ".xlsx"}  # packed already: packing again costs time and saves nothing


def finish_run(run: Run, *, with_notebooks: bool = False) -> Path:
    """Write a run's record, its index and its zip, all of them or none.

    The zip holds pages, PDFs, workbooks and an index; equal files make equal bytes.

    Args:
        run: The run, as it stands now.
        with_notebooks: Whether the zip holds the executed notebooks too.

    Returns:
        The index.
    """
    zipped = zip_of(run, with_notebooks=with_notebooks)
    name = all_reports_name(run.trust.uid, run.on)
    whole = _index(run, run.parts, downloads=_downloads(run, name, len(zipped)))
    publish_all(run.folder, {name: zipped, RUN_FILE: record_of(run), INDEX: whole})
    return run.folder / INDEX


def zip_of(run: Run, *, with_notebooks: bool = False) -> bytes:
    """Return the zip of a run for e-mail, equal byte for byte for equal files.

    It is no board pack: only the release gate makes one. It says so, and that its reports are
    drafts, in its own read-me.
    """
    parts = tuple(_sent(part, with_notebooks=with_notebooks) for part in run.parts)
    page = io.BytesIO()
    with zipfile.ZipFile(page, "w") as packed:
        _pack(packed, READ_ME, _read_me(run).encode())
        _pack(packed, INDEX, _index(run, parts).encode())
        for name in (name for part in parts for name in part.files):
            _pack(packed, name, (run.folder / name).read_bytes())
    return page.getvalue()


def _sent(part: RunPart, *, with_notebooks: bool) -> RunPart:
    """Return a report with the files that are sent: figures' data is in page and workbook."""
    if not part.complete:
        return replace(part, files=type(part.files)())
    notebook = part.files.notebook if with_notebooks else None
    return replace(part, files=replace(part.files, csv=(), notebook=notebook))


def _pack(packed: zipfile.ZipFile, name: str, content: bytes) -> None:
    stored = Path(name).suffix in _PACKED
    entry = zipfile.ZipInfo(name, _ENTERED)
    packed.writestr(entry, content, zipfile.ZIP_STORED if stored else zipfile.ZIP_DEFLATED)


def _read_me(run: Run) -> str:
    whole = [part for part in run.parts if part.complete]
    drafts = sum(not part.assured for part in whole)
    standing = (
        f"DRAFT: no one other than its author has checked {count(drafts, 'report')} of these."
        if drafts
        else "Every report has been signed by its assurer; see the top of each."
    )
    released = (
        f"The board pack released from this run is {run.released}."
        if run.released
        else "Nothing here has passed the release gate: this is not a board pack."
    )
    lines = (
        f"Reports of {run.trust.name} (UID {run.trust.uid}), {day(run.on)}",
        "",
        standing,
        released,
        "",
        f"Open {INDEX} first: it lists {count(len(run.parts), 'report')} and what each says.",
        "Keep all files in one folder, so that its links work.",
    )
    return "\r\n".join((*lines, ""))


def _index(run: Run, parts: Iterable[RunPart], downloads: Iterable[Link] = ()) -> str:
    return index_page(
        [_row(run, part) for part in parts],
        trust=run.trust.name,
        as_of=run.as_of,
        made=run.made,
        left_out=run.left_out,
        notes=[run.without_pdf] if run.without_pdf else [],
        downloads=tuple(downloads),
    )


def _row(run: Run, part: RunPart) -> Row:
    named = (
        ("Page", part.files.html),
        ("PDF", part.files.pdf),
        ("Workbook", part.files.xlsx),
        ("Notebook", part.files.notebook),
    )
    return Row(
        kind=part.kind,
        key=part.key,
        name=part.name,
        status=_status(run, part),
        links=tuple(_link(run, says, name) for says, name in named if name is not None),
        headline=part.headline,
        message=part.message,
        cell=part.cell,
        signed=part.assured,
    )


def _status(run: Run, part: RunPart) -> Status:
    if not part.complete:
        return "failed"
    if not part.assured:
        return "draft"
    return "released" if part.stem in run.in_pack else "assured"


def _link(run: Run, says: str, name: str) -> Link:
    return Link(says, name, (run.folder / name).stat().st_size)


def _downloads(run: Run, name: str, size: int) -> list[Link]:
    """Return the files that hold several reports: the board pack first, where there is one."""
    pack = [_link(run, "Board pack, as released (zip)", run.released)] if run.released else []
    drafts = any(part.complete and not part.assured for part in run.parts)
    says = f"All reports to e-mail{', DRAFT' if drafts else ''} (zip)"
    return [*pack, Link(says, name, size)]
