"""PDF files: what is printed, and what is kept beside it, tables read by their tags."""

from __future__ import annotations

import io
import logging
import re
import warnings
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import replace
from pathlib import PurePosixPath
from typing import Any

import pypdf
from pypdf.generic import (
    ArrayObject,
    DictionaryObject,
    IndirectObject,
    NameObject,
    StreamObject,
)

from workbench.report.gate import opened
from workbench.report.gate.parts import Kind, Opened, Piece, Unread, joined
from workbench.report.gate.pdf_tags import Marked, Tags

_SAID = ("/Alt", "/ActualText", "/E", "/T", "/Title", "/Contents", "/TU", "/V", "/Subj", "/NM")
_HYPHENATED = re.compile(r"(?<=[^\W\d_])-\n(?=[a-z])")
_PATH = re.compile(rb"^[-\d. ]+ (?:m|l|c|v|y|re)\r?\n|^h\r?\n", re.MULTILINE)
_NO_LETTER = re.compile("[\x00-\x08\ufffd]")
_DEEPEST = 60


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
    seen: set[int] = set()
    for item in _every_object(reader):
        _read_in_two_bytes(item)
    for page in reader.pages:
        _leave_out_paths(page, seen)
    marked: Marked = {}
    printed = [
        (_at(place, f"page {number}"), _HYPHENATED.sub("", _page_text(page, number, marked)))
        for number, page in enumerate(reader.pages, start=1)
    ]
    tags = Tags(reader, marked)
    blocks = [replace(one, place=_at(place, one.place)) for one in tags.blocks()]
    # On a page as a whole the cells of a table run together: only words are looked for in it.
    whole: Kind = "printed" if blocks else "text"
    pages = [Piece(at, text, whole) for at, text in printed if text]
    grids = tuple(replace(grid, place=_at(place, grid.place)) for grid in tags.tables())
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
    beside = _kept_beside(reader, place)
    pictures = tuple(
        Unread(at, "it holds a picture made of dots, and what it shows cannot be searched")
        for (at, _), page in zip(printed, reader.pages, strict=True)
        if len(page.images)
    )
    garbled = tuple(
        Unread(at, "its letters cannot be told from one another")
        for at, text in printed
        if _NO_LETTER.search(text)
    )
    unread = (*pictures, *garbled)
    return joined([Opened((*pages, *blocks, *beside, *named), grids, unread), *attached])


def _read_in_two_bytes(item: object) -> None:
    """Let a font that a letter of another script has given a table of its own be read as all are.

    The printer of pages gives such a font codes of two bytes as it does others, and its list of
    letters goes by these codes; pypdf would take each byte for a letter.
    """
    if isinstance(item, DictionaryObject) and item.get("/Subtype") == "/Type0":
        encoding = item.get("/Encoding")
        if isinstance(encoding, StreamObject | IndirectObject) and "/ToUnicode" in item:
            item[NameObject("/Encoding")] = NameObject("/Identity-H")


def _leave_out_paths(page: DictionaryObject, seen: set[int]) -> None:
    """Leave out where lines of drawings run: nine tenths of what a page with charts holds."""
    contents = page.get("/Contents")
    drawn = [] if contents is None else [contents]
    held = page.get("/Resources")
    resources = None if held is None else held.get_object()
    if isinstance(resources, DictionaryObject) and "/XObject" in resources:
        forms = resources["/XObject"].get_object()
        drawn += [forms[name] for name in forms] if isinstance(forms, DictionaryObject) else []
    for one in drawn:
        streams = one if isinstance(one, ArrayObject) else [one]
        for held in streams:
            stream = held.get_object()
            if id(stream) in seen or not isinstance(stream, StreamObject):
                continue
            seen.add(id(stream))
            if stream.get("/Subtype") != "/Image":
                kept = _PATH.sub(b"", stream.get_data())
                stream.set_data(kept)
                if "/Resources" in stream:
                    _leave_out_paths(stream, seen)


def _page_text(page: pypdf.PageObject, number: int, marked: Marked) -> str:
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
    for item in _every_object(reader):
        for one in _dictionaries(item, 0):
            at = one.raw_get("/Pg") if "/Pg" in one else one.raw_get("/P") if "/P" in one else None
            page = pages.get(at.idnum) if isinstance(at, IndirectObject) else None
            yield one, f"page {page}, " if page else ""


def _every_object(reader: pypdf.PdfReader) -> Iterator[object]:
    for number in range(1, int(str(reader.trailer["/Size"]))):
        with suppress(pypdf.errors.PyPdfError):
            yield IndirectObject(number, 0, reader).get_object()


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


def _at(place: str, part: str) -> str:
    return f"{place}, {part}" if place else part
