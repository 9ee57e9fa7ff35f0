"""Workbooks, read twice: sheet by sheet as people meet them, and part by part as they are stored.

The second reading meets what a spreadsheet program does not show: strings that no cell uses any
longer, properties of the document, defined names, comments, headers and alt texts.
"""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterator
from pathlib import PurePosixPath

import openpyxl
from openpyxl.worksheet.worksheet import Worksheet

from workbench.report.gate import opened
from workbench.report.gate.markup import INLINE, open_markup
from workbench.report.gate.parts import Grid, Opened, Piece, Unread, joined

_CONTENTS = "[Content_Types].xml"
_MAIN = "xl/workbook.xml"
# Runs of one string: a name cut in two by a change of font is one name.
_RUNS = INLINE | frozenset({
    "r", "rpr", "t", "rph", "phoneticpr", "rfont", "sz", "color", "family", "scheme", "charset",
    "vertalign", "x:r", "x:t", "x:rpr",
})  # fmt: skip
_READ = (".xml", ".rels", ".vml")
# Codes of headers and footers, which stick to the words: those of letters, those that part words.
_LAYOUT = re.compile(
    r"&(?:\"[^\"]*\"|\d+|K(?:[0-9A-F]{6}|\d\d[+-]\d{3})|[BIUESXYOH])", re.IGNORECASE
)
_PARTING = re.compile(r"&[LCRPNDTFAGZ]", re.IGNORECASE)
_NAMESPACES = ("http://schemas.", "http://purl.org/", "http://www.w3.org/", "urn:schemas-")


def is_workbook(archive: zipfile.ZipFile) -> bool:
    """Say whether an archive is an Excel workbook."""
    return {_CONTENTS, _MAIN} <= set(archive.namelist())


def open_workbook(data: bytes, archive: zipfile.ZipFile, place: str, depth: int) -> Opened:
    """Read a workbook's cells, and then every part it is stored in."""
    try:
        book = openpyxl.load_workbook(io.BytesIO(data), rich_text=False)
    except Exception as fault:  # a damaged workbook can break its reader in any way
        return Opened(unread=(Unread(place or "the file", f"it is a damaged workbook ({fault})"),))
    shown = [_sheet(sheet, place) for sheet in book.worksheets]
    named = tuple(
        Piece(_at(place, f"defined name {name}"), f"{name} {refers}", "hidden")
        for name, refers in _names(book)
    )
    seen = joined([*shown, Opened(named)])
    return joined([seen, joined(_stored(archive, place, depth))])


def _names(book: openpyxl.Workbook) -> Iterator[tuple[str, str]]:
    for held in (book.defined_names, *(sheet.defined_names for sheet in book.worksheets)):
        for name, defined in held.items():
            yield name, str(defined.attr_text or "")


def _sheet(sheet: Worksheet, place: str) -> Opened:
    state = "" if sheet.sheet_state == "visible" else " (hidden)"
    at = _at(place, f"sheet {sheet.title!r}{state}")
    pieces = [Piece(_at(at, "its name"), sheet.title)]
    unread: list[Unread] = []
    rows: list[tuple[str, ...]] = []
    for cells in sheet.iter_rows():
        rows.append(tuple("" if cell.value is None else _plain(cell.value) for cell in cells))
        for cell, text in zip(cells, rows[-1], strict=True):
            if text.strip():
                pieces.append(Piece(f"{at}, cell {cell.coordinate}", text))
            if cell.data_type == "f":
                unread.append(
                    Unread(f"{at}, cell {cell.coordinate}", "its formula can spell anything")
                )
            if cell.comment is not None:
                pieces.append(
                    Piece(
                        f"{at}, comment on cell {cell.coordinate}",
                        f"{cell.comment.author}: {cell.comment.text}",
                        "hidden",
                    )
                )
            if cell.hyperlink is not None:
                leads = cell.hyperlink.target or f"#{cell.hyperlink.location or ''}"
                pieces.append(Piece(f"{at}, link of cell {cell.coordinate}", leads, "link"))
    return Opened(tuple(pieces), (Grid(at, tuple(rows), lettered=True),), tuple(unread))


def _stored(archive: zipfile.ZipFile, place: str, depth: int) -> Iterator[Opened]:
    for member in archive.infolist():
        at = _at(place, f"part {member.filename}")
        content = archive.read(member)
        if member.filename.endswith(_READ):
            found = open_markup(
                content.decode("utf-8", "replace"),
                at,
                lambda address, where: opened.open_address(address, where, depth + 1),
                _RUNS,
            )
            yield Opened(tuple(_without_standards(found.pieces)), (), found.unread)
        else:
            yield opened.open_bytes(
                content, PurePosixPath(member.filename).suffix.casefold(), at, depth + 1
            )
    if archive.comment:
        said = archive.comment.decode("utf-8", "replace")
        yield Opened((Piece(_at(place, "comment of the archive"), said, "hidden"),))


def _without_standards(pieces: tuple[Piece, ...]) -> Iterator[Piece]:
    """Leave out addresses that name a standard, and links from part to part of the workbook."""
    for piece in pieces:
        if piece.text.startswith(_NAMESPACES):
            continue
        inner = piece.kind == "link" and ":" not in piece.text and not piece.text.startswith("//")
        if inner:
            continue
        yield Piece(piece.place, piece.text, "link" if piece.kind == "link" else "hidden")
        if "&" in piece.text and piece.kind != "link":
            yield Piece(piece.place, _PARTING.sub(" ", _LAYOUT.sub("", piece.text)), "hidden")


def _plain(value: object) -> str:
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value)


def _at(place: str, part: str) -> str:
    return f"{place}, {part}" if place else part
