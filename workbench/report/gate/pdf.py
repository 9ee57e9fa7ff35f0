"""PDF files: what is printed, and what is kept beside it, tables read by their tags."""

from __future__ import annotations

import io
import logging
import re
import warnings
from collections.abc import Iterator
from pathlib import PurePosixPath
from typing import Any

import pypdf
from pypdf.generic import ArrayObject, DictionaryObject, IndirectObject

from workbench.report.gate import opened
from workbench.report.gate.parts import Grid, Kind, Opened, Piece, Unread, joined

_SAID = ("/Alt", "/ActualText", "/E", "/T", "/Title", "/Contents", "/TU", "/V", "/Subj", "/NM")
_HYPHENATED = re.compile(r"(?<=[^\W\d_])-\n(?=[a-z])")
_DEEPEST = 60
_Marked = dict[tuple[int, int], str]  # page and number of marked content: its text


def open_pdf(data: bytes, place: str, depth: int) -> Opened:
    """Read a PDF: pages, alt texts, tables, metadata, links, notes and attached files."""
    log = logging.getLogger("pypdf")
    level = log.level
    log.setLevel(logging.CRITICAL + 1)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            reader = pypdf.PdfReader(io.BytesIO(data))
            if reader.is_encrypted:
                return Opened(unread=(Unread(place or "the file", "it is encrypted"),))
            return _read(reader, place, depth)
    except Exception as fault:  # a damaged file can break its reader in any way
        why = f"it is a damaged PDF ({type(fault).__name__}: {fault})"
        return Opened(unread=(Unread(place or "the file", why),))
    finally:
        log.setLevel(level)


def _read(reader: pypdf.PdfReader, place: str, depth: int) -> Opened:
    pieces: list[Piece] = []
    marked: _Marked = {}
    for number, page in enumerate(reader.pages, start=1):
        text = _page_text(page, number, marked)
        at = _at(place, f"page {number}")
        pieces += [Piece(at, part) for part in _HYPHENATED.sub("", text).split("\n\n") if part]
    pieces += _kept_beside(reader, place)
    grids = tuple(_tables(reader, marked, place))
    cells = tuple(
        Piece(grid.cell(row, column), cell)
        for grid in grids
        for row, line in enumerate(grid.rows)
        for column, cell in enumerate(line)
        if cell
    )
    attached = [
        opened.open_bytes(
            content,
            PurePosixPath(name).suffix.casefold(),
            _at(place, f"attachment {name}"),
            depth + 1,
        )
        for name, contents in reader.attachments.items()
        for content in contents
    ]
    named = tuple(
        Piece(_at(place, "name of an attachment"), n, "hidden") for n in reader.attachments
    )
    return joined([Opened((*pieces, *cells, *named), grids), *attached])


def _page_text(page: pypdf.PageObject, number: int, marked: _Marked) -> str:
    """Return a page's text, and note the text of each piece of marked content."""
    inside: list[int | None] = []

    def before(operator: bytes, operands: Any, _: Any, __: Any) -> None:
        if operator in {b"BDC", b"BMC"}:
            kept = operands[1] if len(operands) > 1 else None
            found = kept.get("/MCID") if isinstance(kept, DictionaryObject) else None
            inside.append(None if found is None else int(found))
        elif operator == b"EMC" and inside:
            inside.pop()

    def text(said: str, *_: Any) -> None:
        for one in reversed(inside):
            if one is not None:
                marked[number, one] = marked.get((number, one), "") + said
                break

    return page.extract_text(visitor_operand_before=before, visitor_text=text)


def _kept_beside(reader: pypdf.PdfReader, place: str) -> Iterator[Piece]:
    """Yield what is not printed: properties, alt texts, notes, outlines, links, scripts."""
    for name, value in (reader.metadata or {}).items():
        yield Piece(_at(place, f"property {name.lstrip('/')}"), str(value), "hidden")
    xmp = reader.root_object.get("/Metadata")
    if xmp is not None:
        text = xmp.get_object().get_data().decode("utf-8", "replace")
        yield Piece(_at(place, "XMP metadata"), re.sub(r"<[^>]*>", " ", text), "hidden")
        yield from _attributes_of(text, place)
    pages = {
        page.indirect_reference.idnum: number
        for number, page in enumerate(reader.pages, start=1)
        if page.indirect_reference is not None
    }
    for item, where in _objects(reader, pages):
        kind = str(item.get("/S", item.get("/Type", "object"))).lstrip("/")
        for name in _SAID:
            if isinstance(item.get(name), str | bytes) and str(item[name]).strip():
                label = "alt text" if name == "/Alt" else name.lstrip("/")
                at = _at(place, f"{where}{label} of {kind}")
                yield Piece(at, str(item[name]), "hidden")
        for name in ("/URI", "/F", "/JS"):
            value = item.get(name)
            if isinstance(value, str | bytes) and item.get("/Type") != "/EmbeddedFile":
                sort: Kind = "hidden" if name == "/JS" else "link"
                yield Piece(_at(place, f"{where}{name.lstrip('/')} of {kind}"), str(value), sort)


def _attributes_of(xmp: str, place: str) -> Iterator[Piece]:
    for name, value in re.findall(r"\s([\w:]+)=\"([^\"]*)\"", xmp):
        if not name.startswith("xmlns") and value:
            yield Piece(_at(place, f"XMP metadata, {name}"), value, "hidden")


def _objects(
    reader: pypdf.PdfReader, pages: dict[int, int]
) -> Iterator[tuple[DictionaryObject, str]]:
    """Yield every dictionary of the file, used or not, with the page it names."""
    for number in range(1, int(str(reader.trailer["/Size"]))):
        try:
            item = IndirectObject(number, 0, reader).get_object()
        except pypdf.errors.PyPdfError:
            continue
        for one in _dictionaries(item, 0):
            at = one.raw_get("/Pg") if "/Pg" in one else one.raw_get("/P") if "/P" in one else None
            page = pages.get(at.idnum) if isinstance(at, IndirectObject) else None
            yield one, f"page {page}, " if page else ""


def _dictionaries(item: object, depth: int) -> Iterator[DictionaryObject]:
    """Yield dictionaries within an object, not following references: those are met anyway."""
    if depth > _DEEPEST:
        return
    if isinstance(item, DictionaryObject):
        yield item
        for name in item:
            value = item.raw_get(name)
            if isinstance(value, DictionaryObject | ArrayObject):
                yield from _dictionaries(value, depth + 1)
    elif isinstance(item, ArrayObject):
        for value in list.__iter__(item):
            if isinstance(value, DictionaryObject | ArrayObject):
                yield from _dictionaries(value, depth + 1)


def _tables(reader: pypdf.PdfReader, marked: _Marked, place: str) -> Iterator[Grid]:
    """Yield the tables that a tagged PDF declares."""
    root = reader.root_object.get("/StructTreeRoot")
    if root is None:
        return
    pages = {
        page.indirect_reference.idnum: number
        for number, page in enumerate(reader.pages, start=1)
        if page.indirect_reference is not None
    }
    for table in _tagged(root.get_object(), "/Table", 0):
        captions = [_said(one, marked, pages, None) for one in _tagged(table, "/Caption", 0)]
        rows = tuple(
            tuple(
                _said(cell, marked, pages, None)
                for cell in _children(row)
                if cell.get("/S") in {"/TD", "/TH"}
            )
            for row in _tagged(table, "/TR", 0)
        )
        caption = " ".join(captions)
        if rows:
            yield Grid(_at(place, f"table {caption!r}" if caption else "table"), rows, caption)


def _children(item: DictionaryObject) -> Iterator[DictionaryObject]:
    kids = item.get("/K")
    for kid in kids if isinstance(kids, ArrayObject) else [kids]:
        found = kid.get_object() if isinstance(kid, IndirectObject) else kid
        if isinstance(found, DictionaryObject):
            yield found


def _tagged(item: DictionaryObject, tag: str, depth: int) -> Iterator[DictionaryObject]:
    if depth > _DEEPEST:
        return
    for child in _children(item):
        if child.get("/S") == tag:
            yield child
        else:
            yield from _tagged(child, tag, depth + 1)


def _said(item: DictionaryObject, marked: _Marked, pages: dict[int, int], page: int | None) -> str:
    """Return the text that an element of the structure marks on its pages."""
    if "/Pg" in item:
        held = item.raw_get("/Pg")
        page = pages.get(held.idnum, page) if isinstance(held, IndirectObject) else page
    said: list[str] = []
    kids = item.get("/K")
    for kid in kids if isinstance(kids, ArrayObject) else [kids]:
        found = kid.get_object() if isinstance(kid, IndirectObject) else kid
        if isinstance(found, int):
            said.append(marked.get((page or 0, int(found)), ""))
        elif isinstance(found, DictionaryObject) and "/MCID" in found:
            held = found.raw_get("/Pg") if "/Pg" in found else None
            on = pages.get(held.idnum, page) if isinstance(held, IndirectObject) else page
            said.append(marked.get((on or 0, int(str(found["/MCID"]))), ""))
        elif isinstance(found, DictionaryObject):
            said.append(_said(found, marked, pages, page))
    return " ".join(" ".join(said).split())


def _at(place: str, part: str) -> str:
    return f"{place}, {part}" if place else part
