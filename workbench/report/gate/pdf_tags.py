"""A tagged PDF by its tags: its blocks of text, and its tables cell by cell."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import pypdf
from pypdf.generic import ArrayObject, DictionaryObject, IndirectObject

from workbench.report.gate.parts import Grid, Kind, Piece

Marked = dict[tuple[int, int], str]  # page and number of marked content: its text
_INLINE = frozenset({
    "/Span", "/Link", "/Strong", "/Em", "/Code", "/Quote", "/Reference", "/Annot", "/Sub", "/Form",
})  # fmt: skip
_DEEPEST = 60


class Tags:
    """The structure of a PDF, with the text that its pages mark for it.

    Args:
        reader: The PDF.
        marked: The text of each piece of marked content.
    """

    def __init__(self, reader: pypdf.PdfReader, marked: Marked) -> None:
        root = reader.root_object.get("/StructTreeRoot")
        found = None if root is None else root.get_object()
        self.root = found if isinstance(found, DictionaryObject) else None
        self.marked = marked
        self.pages = {
            page.indirect_reference.idnum: number
            for number, page in enumerate(reader.pages, start=1)
            if page.indirect_reference is not None
        }

    def blocks(self) -> Iterator[Piece]:
        """Yield each block of text once: a paragraph, a heading, a cell."""
        if self.root is not None:
            yield from self._blocks(self.root, None, 0)

    def tables(self) -> Iterator[Grid]:
        """Yield the tables."""
        for table in self._tagged(self.root, "/Table", 0) if self.root is not None else ():
            caption = " ".join(self._text(one, None) for one in self._tagged(table, "/Caption", 0))
            rows = tuple(
                tuple(
                    self._text(cell, None)
                    for cell in _children(row)
                    if cell.get("/S") in {"/TD", "/TH"}
                )
                for row in self._tagged(table, "/TR", 0)
            )
            if rows:
                yield Grid(f"table {caption!r}" if caption else "table", rows, caption)

    def _blocks(self, item: DictionaryObject, page: int | None, depth: int) -> Iterator[Piece]:
        """Yield what an element says itself, inline elements included, then its own blocks."""
        page = self._page(item, page)
        own = [kid for kid in _kids(item) if not _is_block(kid)]
        text = self._joined(own, page, 0)
        if text:
            # The labels of a chart run together; its numbers stand in the table beside it.
            kind: Kind = "printed" if item.get("/S") == "/Figure" else "text"
            yield Piece(f"page {page}" if page else "in print", text, kind)
        within = [kid for kid in _children(item) if _is_block(kid)]
        if depth < _DEEPEST:
            for kid in within:
                yield from self._blocks(kid, page, depth + 1)

    def _text(self, item: DictionaryObject, page: int | None, depth: int = 0) -> str:
        """Return the text that an element marks, with that of everything within it."""
        return self._joined(list(_kids(item)), self._page(item, page), depth)

    def _joined(self, kids: Sequence[object], page: int | None, depth: int) -> str:
        """Return what kids mark: a new line is a new mark, an inline element goes on within one."""
        said = ""
        after_mark = False
        for kid in kids:
            is_mark = not isinstance(kid, DictionaryObject) or "/MCID" in kid
            said += " " if is_mark and after_mark else ""
            if isinstance(kid, DictionaryObject) and not is_mark:
                said += self._text(kid, page, depth + 1) if depth < _DEEPEST else ""
            else:
                said += self._marked_by(kid, page)
            after_mark = is_mark
        return " ".join(said.split()) if depth == 0 else said

    def _marked_by(self, kid: object, page: int | None) -> str:
        if isinstance(kid, DictionaryObject) and "/MCID" in kid:
            page, kid = self._page(kid, page), int(str(kid["/MCID"]))
        return self.marked.get((page or 0, kid), "") if isinstance(kid, int) else ""

    def _page(self, item: DictionaryObject, page: int | None) -> int | None:
        held = item.raw_get("/Pg") if "/Pg" in item else None
        return self.pages.get(held.idnum, page) if isinstance(held, IndirectObject) else page

    def _tagged(self, item: DictionaryObject, tag: str, depth: int) -> Iterator[DictionaryObject]:
        if depth > _DEEPEST:
            return
        for child in _children(item):
            if child.get("/S") == tag:
                yield child
            else:
                yield from self._tagged(child, tag, depth + 1)


def _is_block(kid: object) -> bool:
    return isinstance(kid, DictionaryObject) and "/S" in kid and str(kid["/S"]) not in _INLINE


def _kids(item: DictionaryObject) -> Iterator[object]:
    kids = item.get("/K")
    for kid in kids if isinstance(kids, ArrayObject) else [kids]:
        yield kid.get_object() if isinstance(kid, IndirectObject) else kid


def _children(item: DictionaryObject) -> Iterator[DictionaryObject]:
    return (kid for kid in _kids(item) if isinstance(kid, DictionaryObject))
