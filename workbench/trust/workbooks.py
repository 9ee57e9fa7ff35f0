"""Excel workbooks as text: what each cell holds, and what a reader would not see.

The sheet's own XML is read, since the usual readers turn an uncached formula into a blank,
drop the marks of hidden rows and merged cells, or build every cell up to one far corner.
"""

from __future__ import annotations

import datetime as dt
import posixpath
import re
import zipfile
import zlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO
from xml.etree import ElementTree

from openpyxl.styles.numbers import BUILTIN_FORMATS, is_date_format
from openpyxl.utils import column_index_from_string
from openpyxl.utils.datetime import CALENDAR_MAC_1904, CALENDAR_WINDOWS_1900, from_excel

from workbench.trust.cell_letters import (
    ABSENT,
    BOOLEAN,
    DATE,
    ERROR,
    NUMBER,
    PERCENT,
    TEXT,
    UNCACHED,
)
from workbench.trust.faults import Unreadable

MOST_ROWS = 1_048_576
MOST_CELLS = 20_000_000

_REFERENCE = re.compile(r"([A-Z]{1,3})([0-9]{1,7})")
_ESCAPED = re.compile(r"_x([0-9A-Fa-f]{4})_")
_BROKEN = (
    KeyError, IndexError, ValueError, EOFError, RuntimeError, zlib.error,
    ElementTree.ParseError,
)  # fmt: skip
_CELL_TYPES = {"e": ERROR, "d": DATE}


@dataclass
class WorkbookSheet:
    """One sheet: rows of text in step with rows of type letters, and what is hidden or merged."""

    name: str
    hidden: bool = False
    rows: list[Sequence[str]] = field(default_factory=list)
    types: list[str] = field(default_factory=list)
    merged: tuple[tuple[int, int, int, int], ...] = ()
    hidden_rows: tuple[int, ...] = ()
    hidden_columns: tuple[int, ...] = ()


@dataclass(frozen=True)
class _Book:
    strings: tuple[str, ...]
    formats: tuple[str, ...]  # type letter of a number in each cell style
    epoch: dt.datetime


def read_workbook(path: Path) -> list[WorkbookSheet]:
    """Read every sheet of an .xlsx file.

    Raises:
        Unreadable: Its parts do not fit together, or its cells sprawl.
        zipfile.BadZipFile: The file is not a zip archive.
    """
    with zipfile.ZipFile(path) as archive:
        try:
            return list(_sheets(archive))
        except _BROKEN as fault:
            raise Unreadable(
                f"the workbook's parts do not fit together ({fault})",
                "open it in a spreadsheet program and save it again as an Excel workbook (.xlsx)",
            ) from fault


def _local(tag: str) -> str:
    return tag.rpartition("}")[2]


def _parsed(archive: zipfile.ZipFile, part: str) -> ElementTree.Element:
    with archive.open(part) as stream:
        return ElementTree.parse(stream).getroot()


def _sheets(archive: zipfile.ZipFile) -> Iterator[WorkbookSheet]:
    links = {
        link.get("Id"): posixpath.normpath(posixpath.join("xl", link.get("Target", ""))).lstrip("/")
        for link in _parsed(archive, "xl/_rels/workbook.xml.rels")
    }
    root = _parsed(archive, "xl/workbook.xml")
    book = _Book(tuple(_strings(archive)), tuple(_formats(archive)), _epoch(root))
    for entry in root.iterfind("{*}sheets/{*}sheet"):
        identity = next(value for name, value in entry.items() if _local(name) == "id")
        part = links[identity]
        if "worksheets/" not in part:
            continue  # a chart sheet
        sheet = WorkbookSheet(entry.get("name", ""), entry.get("state", "visible") != "visible")
        with archive.open(part) as stream:
            _fill(sheet, stream, book)
        yield sheet


def _epoch(root: ElementTree.Element) -> dt.datetime:
    properties = root.find("{*}workbookPr")
    from_1904 = properties is not None and properties.get("date1904") in {"1", "true"}
    return CALENDAR_MAC_1904 if from_1904 else CALENDAR_WINDOWS_1900


def _strings(archive: zipfile.ZipFile) -> Iterator[str]:
    if "xl/sharedStrings.xml" in archive.namelist():
        with archive.open("xl/sharedStrings.xml") as stream:
            for _, element in ElementTree.iterparse(stream):
                if _local(element.tag) == "si":
                    yield _text_of(element)
                    element.clear()


def _text_of(item: ElementTree.Element) -> str:
    """Join a string's runs, leaving out phonetic guides."""
    runs = [
        part.text or ""
        for path in ("{*}t", "{*}r/{*}t")
        for part in item.iterfind(path)
    ]  # fmt: skip
    return _unescaped("".join(runs))


def _unescaped(text: str) -> str:
    return _ESCAPED.sub(lambda match: chr(int(match[1], 16)), text) if "_x" in text else text


def _formats(archive: zipfile.ZipFile) -> Iterator[str]:
    if "xl/styles.xml" not in archive.namelist():
        return
    root = _parsed(archive, "xl/styles.xml")
    named = dict(BUILTIN_FORMATS)
    for entry in root.iterfind("{*}numFmts/{*}numFmt"):
        named[int(entry.get("numFmtId", "0"))] = entry.get("formatCode", "")
    for style in root.iterfind("{*}cellXfs/{*}xf"):
        code = named.get(int(style.get("numFmtId", "0")), "General")
        yield DATE if is_date_format(code) else PERCENT if "%" in code else NUMBER


def _fill(sheet: WorkbookSheet, stream: IO[bytes], book: _Book) -> None:
    hidden_rows: list[int] = []
    hidden_columns: list[int] = []
    merged: list[tuple[int, int, int, int]] = []
    cells = 0  # counted as they come, and again with the gaps between them
    for _, element in ElementTree.iterparse(stream):
        match _local(element.tag):
            case "c":
                cells += 1
                if cells > MOST_CELLS:
                    raise _sprawling(sheet)
            case "row":
                number = int(element.get("r", len(sheet.rows) + 1))
                row = list(_row(element, book))
                cells += len(row)
                if cells > MOST_CELLS or not len(sheet.rows) < number <= MOST_ROWS:
                    raise _sprawling(sheet)
                _place(sheet, number, row)
                if element.get("hidden") in {"1", "true"} and row:
                    hidden_rows.append(number)
                element.clear()
            case "col" if element.get("hidden") in {"1", "true"}:
                last = min(int(element.get("max", "0")), 1_000)
                hidden_columns.extend(range(int(element.get("min", "1")), last + 1))
            case "mergeCell":
                merged.append(_range(element.get("ref", "")))
    _drop_blank_tail(sheet)
    sheet.hidden_rows, sheet.hidden_columns = tuple(hidden_rows), tuple(hidden_columns)
    sheet.merged = tuple(merged)


def _sprawling(sheet: WorkbookSheet) -> Unreadable:
    return Unreadable(
        f"sheet {sheet.name} holds cells far outside a table, or out of order",
        "copy the table to a new sheet, and save that",
    )


def _place(sheet: WorkbookSheet, number: int, row: list[tuple[str, str]]) -> None:
    gap = number - len(sheet.rows) - 1
    sheet.rows.extend([()] * gap)
    sheet.types.extend([""] * gap)
    sheet.rows.append(tuple(text for text, _ in row))
    sheet.types.append("".join(letter for _, letter in row))


def _drop_blank_tail(sheet: WorkbookSheet) -> None:
    """Forget rows after the last value: formatting alone is not a row of the table."""
    last = len(sheet.rows)
    while last and not any(text.strip() for text in sheet.rows[last - 1]):
        last -= 1
    del sheet.rows[last:], sheet.types[last:]


def _range(reference: str) -> tuple[int, int, int, int]:
    first, _, last = reference.partition(":")
    (row, column), (last_row, last_column) = _position(first), _position(last or first)
    return row, column, last_row, last_column


def _position(reference: str) -> tuple[int, int]:
    match = _REFERENCE.fullmatch(reference)
    if match is None:
        raise ValueError(f"cell reference {reference!r}")
    return int(match[2]), column_index_from_string(match[1])


def _row(element: ElementTree.Element, book: _Book) -> Iterator[tuple[str, str]]:
    """Give each cell's text and type letter, absent cells included, up to the last one."""
    column = 0
    for cell in element:
        if _local(cell.tag) != "c":
            continue
        column += 1
        reference = cell.get("r")
        if reference is not None:
            _, at = _position(reference)
            if at < column:
                raise ValueError(f"cell {reference} is out of order")
            for _ in range(at - column):
                yield "", ABSENT
            column = at
        yield _cell(cell, book)


def _cell(cell: ElementTree.Element, book: _Book) -> tuple[str, str]:
    parts = {_local(part.tag): part for part in cell}
    kind = cell.get("t", "n")
    if kind == "inlineStr":
        return (_text_of(parts["is"]) if "is" in parts else ""), TEXT
    value = parts["v"].text if "v" in parts else None
    if value:
        return _value(value, kind, int(cell.get("s", "0")), book)
    if "f" in parts and not ("v" in parts and kind == "str"):
        return f"={parts['f'].text or ''}", UNCACHED
    return "", ABSENT


def _value(value: str, kind: str, style: int, book: _Book) -> tuple[str, str]:
    match kind:
        case "n":
            letter = book.formats[style] if style < len(book.formats) else NUMBER
            return _number(value, letter, book.epoch)
        case "s":
            return book.strings[int(value)], TEXT
        case "b":
            return ("TRUE" if value == "1" else "FALSE"), BOOLEAN
        case _:
            return _unescaped(value), _CELL_TYPES.get(kind, TEXT)


def _number(value: str, letter: str, epoch: dt.datetime) -> tuple[str, str]:
    if letter == DATE:
        return _day(value, epoch), DATE
    number = float(value)
    if number.is_integer() and abs(number) < 1e15:
        return str(int(number)), letter
    return _plain(number), letter


def _plain(number: float) -> str:
    """Write a number without an exponent, in as few digits as name it."""
    text = repr(number)
    return f"{number:.20f}".rstrip("0") if "e-" in text else text


def _day(value: str, epoch: dt.datetime) -> str:
    try:
        moment = from_excel(float(value), epoch)
    except (OverflowError, ValueError):
        return value
    if isinstance(moment, dt.datetime) and moment.time() == dt.time():
        return moment.date().isoformat()
    return str(moment)
