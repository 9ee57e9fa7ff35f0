"""What stands over all reports of a run: its record, its index, and one zip for e-mail.

They are written again whenever a report is signed or the pack released, so that none of them says
of a report what is no longer so.
"""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterable, Mapping
from dataclasses import replace
from pathlib import Path
from types import MappingProxyType
from typing import BinaryIO

from workbench.charts.wording import count, day
from workbench.errors import RunFailed
from workbench.evidence.names import INDEX, RUN_FILE, all_reports_name
from workbench.evidence.run_file import Run, RunPart, record_of
from workbench.evidence.store import Content, publish_all
from workbench.report.index import Link, Row, Status, index_page
from workbench.trust.digests import digest_of_bytes

READ_ME = "READ-ME.txt"
Fresh = Mapping[str, str | bytes | None]
_PACKED = {".pdf", ".xlsx"}  # packed already: packing again costs time and saves nothing


def finish_run(run: Run, *, with_notebooks: bool = False) -> Path:
    """Write a run's record, its index and its zip, all of them or none.

    The zip holds pages, PDFs, workbooks and an index; equal files make equal bytes.

    Args:
        run: The run, as it stands now.
        with_notebooks: Whether the zip holds the executed notebooks too, from now on.

    Returns:
        The index.
    """
    kept = replace(run, notebooks_in_zip=run.notebooks_in_zip or with_notebooks)
    publish_all(run.folder, finished(kept))
    return run.folder / INDEX


def finished(run: Run, fresh: Fresh = MappingProxyType({})) -> dict[str, Content]:
    """Return what stands over all reports of a run; its record comes last, and makes it so.

    The zip writes itself into its file, and the index, which tells its size, comes after it.

    Args:
        run: The run, as it is to stand.
        fresh: Files of the run that are to be written with it, by their paths in its folder.
    """
    name = all_reports_name(run.trust.uid, run.on)
    sizes: dict[str, int] = {}

    def zipped(file: BinaryIO) -> None:
        _pack_all(file, run, with_notebooks=run.notebooks_in_zip, fresh=fresh)
        sizes[name] = file.tell()

    def index(file: BinaryIO) -> None:
        downloads = _downloads(run, Link("", name, sizes[name]), fresh)
        file.write(_index(run, run.parts, fresh, downloads).encode())

    return {name: zipped, INDEX: index, RUN_FILE: record_of(run)}


def zip_of(run: Run, *, with_notebooks: bool = False, fresh: Fresh = MappingProxyType({})) -> bytes:
    """Return the zip of a run for e-mail, equal byte for byte for equal files.

    It is no board pack: only the release gate makes one. It says so, and that its reports are
    drafts, in its own read-me.
    """
    page = io.BytesIO()
    _pack_all(page, run, with_notebooks=with_notebooks, fresh=fresh)
    return page.getvalue()


def _pack_all(file: BinaryIO, run: Run, *, with_notebooks: bool, fresh: Fresh) -> None:
    """Write the zip of a run into a file, one member at a time."""
    parts = tuple(_sent(part, with_notebooks=with_notebooks) for part in run.parts)
    with zipfile.ZipFile(file, "w") as packed:
        _pack(packed, READ_ME, _read_me(run).encode())
        _pack(packed, INDEX, _index(run, parts, fresh).encode())
        for part in parts:
            for name in part.files:
                _pack(packed, name, _as_told(run, part, name, fresh))


def _as_told(run: Run, part: RunPart, name: str, fresh: Fresh) -> bytes:
    """Return what stands in a file of a report, which the record must vouch for.

    Raises:
        RunFailed: It was changed since the report was made.
    """
    content = _content(run, name, fresh)
    if fresh.get(name) is None and digest_of_bytes(content) != part.sha256.get(name):
        raise RunFailed(
            f"{name} was changed while the run was being finished",
            where=str(run.folder),
            rule="what is packed and sealed is what was made",
            mend="give the command again that was cut short, or `workbench report`, which makes "
            "anew what was changed; `workbench verify` names it",
        )
    return content


def _content(run: Run, name: str, fresh: Fresh) -> bytes:
    content = fresh.get(name)
    if content is None:
        return (run.folder / name).read_bytes()
    return content.encode() if isinstance(content, str) else content


def _sent(part: RunPart, *, with_notebooks: bool) -> RunPart:
    """Return a report with the files that are sent: figures' data is in page and workbook."""
    if not part.complete:
        return replace(part, files=type(part.files)())
    notebook = part.files.notebook if with_notebooks else None
    return replace(part, files=replace(part.files, csv=(), notebook=notebook))


def _pack(packed: zipfile.ZipFile, name: str, content: bytes) -> None:
    stored = Path(name).suffix in _PACKED
    entry = zipfile.ZipInfo(
        name
    )  # of one fixed moment, as it is told none: equal files, equal zips
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


def _index(run: Run, parts: Iterable[RunPart], fresh: Fresh, downloads: Iterable[Link] = ()) -> str:
    return index_page(
        [_row(run, part, fresh) for part in parts],
        trust=run.trust.name,
        as_of=run.as_of,
        made=run.made,
        left_out=run.left_out,
        notes=[run.without_pdf] if run.without_pdf else [],
        downloads=tuple(downloads),
    )


def _row(run: Run, part: RunPart, fresh: Fresh) -> Row:
    named = (
        ("Page", part.files.html),
        ("PDF", part.files.pdf),
        ("Workbook", part.files.xlsx),
        ("Notebook", part.files.notebook),
    )
    status = _status(run, part)
    who = run.released_by if status == "released" else ""
    return Row(
        kind=part.kind,
        key=part.key,
        name=part.name,
        status=status,
        links=tuple(_link(run, says, name, fresh) for says, name in named if name is not None),
        headline=part.headline,
        message=part.message,
        cell=part.cell,
        signed=f"Assured by {part.assured}" if part.assured else "",
        released=f"Released by {who}" if who else "",
    )


def _status(run: Run, part: RunPart) -> Status:
    if not part.complete:
        return "failed"
    if not part.assured:
        return "draft"
    return "released" if part.stem in run.in_pack else "assured"


def _link(run: Run, says: str, name: str, fresh: Fresh) -> Link:
    new = fresh.get(name) is not None
    size = len(_content(run, name, fresh)) if new else (run.folder / name).stat().st_size
    return Link(says, name, size)


def _downloads(run: Run, zipped: Link, fresh: Fresh) -> list[Link]:
    """Return the files that hold several reports: the board pack first, where there is one."""
    pack = []
    if run.released:
        pack = [_link(run, "Board pack, as released (zip)", run.released, fresh)]
    drafts = any(part.complete and not part.assured for part in run.parts)
    says = f"All reports to e-mail{', DRAFT' if drafts else ''} (zip)"
    return [*pack, replace(zipped, says=says)]
