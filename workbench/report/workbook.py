"""A report's tables and figures' data as a workbook, and the data of one figure as a file.

The layout is the one the Government Analysis Function asks for (2021, *Releasing statistics in
spreadsheets*): a cover, contents and notes, then one table a sheet, marked as a table, with its
title in the first cell, and no merged cell, hidden sheet or formula anywhere.
"""

from __future__ import annotations

import csv
import datetime as dt
import io
import re
import zipfile
from collections.abc import Iterable, Iterator, Sequence
from copy import copy
from dataclasses import dataclass
from weakref import WeakKeyDictionary

from openpyxl import Workbook
from openpyxl.cell import Cell
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
from openpyxl.styles import Alignment, Font
from openpyxl.styles.cell_style import StyleArray
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.hyperlink import Hyperlink
from openpyxl.worksheet.properties import PageSetupProperties
from openpyxl.worksheet.table import Table, TableStyleInfo
from openpyxl.worksheet.worksheet import Worksheet

from workbench.charts.wording import count
from workbench.report.contents import Contents, ShownFigure, ShownTable
from workbench.report.shown_numbers import Number, for_csv, is_code, number_of
from workbench.trust.formulas import without_formula

LONGEST_CELL = 32_767  # longer, and a spreadsheet program refuses the file
_LONGEST_TITLE = 255
_NARROW, _WIDE = 12, 60
_ENTERED = dt.datetime(1980, 1, 1)  # a moment for every entry, so that equal tables are equal bytes
_MODIFIED = re.compile(rb"(<dcterms:modified[^>]*>)[^<]*(</dcterms:modified>)")
_CORE = "docProps/core.xml"
_AS_TEXT = "@"

_FONT = Font(name="Arial", size=12)
_BOLD = Font(name="Arial", size=12, bold=True)
_TITLE = Font(name="Arial", size=16, bold=True)
_LINK = Font(name="Arial", size=12, color="12436D", underline="single")
_WRAPPED = Alignment(wrap_text=True, vertical="top")
_RIGHT = Alignment(wrap_text=True, vertical="top", horizontal="right")
_STYLE = TableStyleInfo(name="TableStyleLight1", showRowStripes=False)
# By book: the looks of its cells, by number format, font and alignment, which are all above.
_dressed: WeakKeyDictionary[Workbook, dict[tuple[str, int, int], StyleArray]] = WeakKeyDictionary()


@dataclass(frozen=True)
class _Sheet:
    """One sheet: its short name, the lines above its table, and the table."""

    name: str
    title: str
    lines: tuple[str, ...]
    table: ShownTable


def workbook_of(contents: Contents) -> bytes:
    """Return the workbook of a report, equal byte for byte for equal contents.

    Every text is a text, even where it looks like a formula; codes such as URNs stay texts;
    numbers are numbers, in the format in which the page writes them.
    """
    book = Workbook()
    sheets = list(_sheets(contents))
    cover = book.active
    assert isinstance(cover, Worksheet)
    _write_cover(cover, contents, len(sheets))
    _write_sheet(book, _contents_sheet(sheets), links=[sheet.name for sheet in sheets])
    for sheet in sheets:
        _write_sheet(book, sheet)
    book.properties.title = _text(contents.title)[:_LONGEST_TITLE]
    book.properties.creator = "Trust Growth Workbench"
    book.properties.language = "en-GB"
    book.properties.created = _ENTERED
    page = io.BytesIO()
    book.save(page)
    return _without_times(page.getvalue())


def figure_csv(figure: ShownFigure) -> bytes:
    """Return the data of a figure as CSV for a spreadsheet program; no text starts a formula."""
    page = io.StringIO()
    writer = csv.writer(page, lineterminator="\r\n")
    for row in (figure.table.columns, *figure.table.rows):
        writer.writerow([for_csv(text) for text in row])
    return ("\ufeff" + page.getvalue()).encode()


def _sheets(contents: Contents) -> Iterator[_Sheet]:
    """Yield the notes, what the report was made from, then figures and tables."""
    yield _Sheet("Notes", "Notes", (), _notes(contents))
    if contents.provenance:
        made = _pairs("Provenance", ("What", "Value"), contents.provenance)
        yield _Sheet("Provenance", "How this report was made", (), made)
    for figure in contents.figures:
        lines = (figure.subtitle, f"Picture: {figure.alt}", f"Source: {figure.source}")
        title = f"Figure {figure.number}: {figure.headline}"
        yield _Sheet(f"Figure_{figure.number}", title, lines, figure.table)
    for number, table in enumerate(contents.tables, start=1):
        under = (f"Section: {table.section}",) if table.section else ()
        yield _Sheet(f"Table_{number}", f"Table {number}: {table.caption}", under, table)


def _notes(contents: Contents) -> ShownTable:
    said = [
        contents.banner or "No status is given on the page.",
        "Every number is rounded as on the page. A percentage is kept as a share of one.",
        "A blank cell has no value: it is not nought.",
        *([contents.track_record] if contents.track_record else []),
        *(f"What the report does not tell: {line}" for line in contents.limitations),
    ]
    rows = [(f"Note {number}", text) for number, text in enumerate(said, start=1)]
    return _pairs("Notes", ("Note", "What it says"), rows)


def _contents_sheet(sheets: Sequence[_Sheet]) -> _Sheet:
    rows = [(sheet.name, sheet.title) for sheet in sheets]
    return _Sheet("Contents", "Contents", (), _pairs("Contents", ("Sheet", "What is on it"), rows))


def _pairs(caption: str, columns: tuple[str, str], rows: Iterable[tuple[str, str]]) -> ShownTable:
    return ShownTable(caption, "", columns, tuple(rows), (False, False))


def _write_cover(sheet: Worksheet, contents: Contents, sheets: int) -> None:
    sheet.title = "Cover"
    lines = [
        contents.trust,
        *contents.masthead,
        contents.banner,
        contents.summary,
        f"This workbook holds {count(sheets + 2, 'sheet')}: this cover, the contents, and one "
        "table on each of the others.",
    ]
    _write(_cell(sheet, 1, 1), contents.title, _TITLE)
    for row, line in enumerate(filter(None, lines), start=2):
        _write(_cell(sheet, row, 1), line, _FONT, _WRAPPED)
    sheet.column_dimensions["A"].width = 90


def _write_sheet(book: Workbook, sheet: _Sheet, links: Sequence[str] = ()) -> None:
    """Add a sheet: its title, what is to be known of its table, and the table."""
    page = book.create_sheet(sheet.name)
    lines = [*sheet.lines, "This sheet holds one table."]
    _write(_cell(page, 1, 1), sheet.title, _TITLE)
    for row, said in enumerate(filter(None, lines), start=2):
        _write(_cell(page, row, 1), said, _FONT)
    top = page.max_row + 1
    table = sheet.table
    columns = _told_apart(table.columns)
    alike = [_all_numbers(table, place) for place in range(len(columns))]
    reckoned = [
        alike[place] or (place > 0 and not is_code(heading))
        for place, heading in enumerate(table.columns)
    ]
    for place, heading in enumerate(columns, start=1):
        _write(_cell(page, top, place), heading, _BOLD, _RIGHT if alike[place - 1] else _WRAPPED)
        texts = [heading, *(row[place - 1] for row in table.rows)]
        page.column_dimensions[get_column_letter(place)].width = _width(texts)
    for row, line in enumerate(table.rows, start=top + 1):
        for place, text in enumerate(line, start=1):
            _write_value(_cell(page, row, place), text, as_number=reckoned[place - 1])
    for row, name in enumerate(links, start=top + 1):
        cell = _cell(page, row, 1)
        cell.hyperlink = Hyperlink(ref=cell.coordinate, location=f"{name}!A1")
        cell.font = _LINK
    _mark_table(page, sheet, top)


def _cell(sheet: Worksheet, row: int, column: int) -> Cell:
    cell = sheet.cell(row, column)
    assert isinstance(cell, Cell), "no cell of a workbook of ours is merged"
    return cell


def _mark_table(page: Worksheet, sheet: _Sheet, top: int) -> None:
    """Mark the table as one, keep its headings in sight, and fit it to the paper's width."""
    page.freeze_panes = _cell(page, top + 1, 1)
    page.page_setup.orientation = "landscape"
    page.page_setup.fitToHeight = 0
    page.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
    if sheet.table.rows:
        end = f"{get_column_letter(len(sheet.table.columns))}{top + len(sheet.table.rows)}"
        marked = Table(displayName=f"{sheet.name}_data", ref=f"A{top}:{end}")
        marked.tableStyleInfo = _STYLE
        page.add_table(marked)


def _all_numbers(table: ShownTable, place: int) -> bool:
    """Return whether a column holds nothing but numbers that are no codes."""
    if is_code(table.columns[place]):
        return False
    filled = [row[place] for row in table.rows if row[place]]
    return bool(filled) and all(number_of(text) for text in filled)


def _write_value(cell: Cell, text: str, *, as_number: bool) -> None:
    number = number_of(text) if as_number else None
    if number is None:
        if text:
            _write(cell, text, _FONT, _WRAPPED)
        return
    _write_number(cell, number)


def _write_number(cell: Cell, number: Number) -> None:
    cell.value = number.value
    _dress(cell, number.format, _FONT, _RIGHT)


def _write(cell: Cell, text: str, font: Font, alignment: Alignment | None = None) -> None:
    """Write a text as a text, whatever it looks like."""
    cell.value = _text(text)
    cell.data_type = "s"
    _dress(cell, _AS_TEXT, font, alignment)
    if without_formula(text) != text:
        cell.quotePrefix = True  # a reader who edits the cell keeps a text, and sees no apostrophe


def _dress(cell: Cell, number_format: str, font: Font, alignment: Alignment | None) -> None:
    """Give a cell its looks, as another of its book where one has them: to set them is slow."""
    book = cell.parent.parent
    assert book is not None, "every cell is made on a sheet of a book"
    known = _dressed.setdefault(book, {})
    looks = (number_format, id(font), id(alignment))
    if looks in known:
        cell._style = copy(known[looks])  # type: ignore[attr-defined] # missing in its stubs
        return
    cell.number_format = number_format
    cell.font = font
    if alignment is not None:
        cell.alignment = alignment
    known[looks] = copy(cell._style)  # type: ignore[attr-defined] # missing in its stubs


def _text(text: str) -> str:
    """Return a text that a cell can hold: no control characters, no more than its length."""
    kept = ILLEGAL_CHARACTERS_RE.sub("", text)
    ending = " ... (cut here: the page has all of it)"
    return kept if len(kept) < LONGEST_CELL else kept[: LONGEST_CELL - len(ending) - 1] + ending


def _told_apart(headings: Sequence[str]) -> list[str]:
    """Return headings none of which is blank or stands twice, as a marked table needs."""
    given = {heading.casefold() for heading in headings}
    told: dict[str, str] = {}
    for heading in headings:
        name = first = heading or "Column"
        again = 1
        while name.casefold() in told or (again > 1 and name.casefold() in given):
            again += 1
            name = f"{first} ({again})"
        told[name.casefold()] = name
    return list(told.values())


def _width(texts: Sequence[str]) -> int:
    """Return a width that shows most texts on one line and wraps the longest."""
    return min(max(max(map(len, texts)) + 3, _NARROW), _WIDE)


def _without_times(book: bytes) -> bytes:
    """Return a workbook whose entries bear one fixed moment instead of that of their writing."""
    page = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(book)) as made, zipfile.ZipFile(page, "w") as kept:
        for name in made.namelist():
            content = made.read(name)
            if name == _CORE:
                moment = f"{_ENTERED.isoformat()}Z".encode()
                content = _MODIFIED.sub(rb"\g<1>" + moment + rb"\g<2>", content)
            kept.writestr(zipfile.ZipInfo(name), content, zipfile.ZIP_DEFLATED)
    return page.getvalue()
