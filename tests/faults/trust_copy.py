"""A clean trust folder held as plain rows, to be spoilt on purpose and written out again.

Nothing here knows the checker, only where the demo lies: files are read and written by the csv
module and openpyxl.
"""

from __future__ import annotations

import csv
import datetime as dt
import re
import shutil
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

from openpyxl import Workbook
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet

from workbench.paths import demo

Form = Literal["csv", "one workbook", "workbook each"]

KEPT_AS_TEXT = {"raw"}  # published values, pasted into a column formatted as text

_NUMBER = re.compile(r"-?(0|[1-9][0-9]*)(\.[0-9]+)?")
_DAY = re.compile(r"[12][0-9]{3}-[0-9]{2}-[0-9]{2}")


@dataclass(frozen=True)
class ExcelCell:
    """A cell only a workbook can hold: a value with a number format, or a formula."""

    value: object
    number_format: str = "General"


Value = str | ExcelCell


@dataclass(eq=False)
class Row:
    """One row; `tail` holds cells beyond the headings, `short` how many are cut off."""

    cells: dict[str, Value]
    tail: list[str] = field(default_factory=list)
    short: int = 0
    hidden: bool = False
    merge: tuple[str, str] | None = None

    def text(self, column: str) -> str:
        """Return a cell that holds plain text."""
        value = self.cells[column]
        assert isinstance(value, str)
        return value


@dataclass(eq=False)
class Table:
    """One table: headings (as they will be written), rows, titles above; None is a blank row."""

    name: str
    columns: list[str]
    rows: list[Row | None]
    titles: list[str] = field(default_factory=list)
    headings: dict[str, str] = field(default_factory=dict)
    hidden_columns: list[str] = field(default_factory=list)
    merged_headings: tuple[str, str] | None = None
    encoding: str = "utf-8"

    @property
    def heading_row(self) -> int:
        """Number of the row of headings."""
        return len(self.titles) + 1

    def number(self, row: Row) -> int:
        """Return a row's number as a spreadsheet program shows it."""
        return self.heading_row + 1 + next(i for i, other in enumerate(self.rows) if other is row)

    def grid(self) -> list[list[Value]]:
        """Return everything as a list of rows of cells."""
        above: list[list[Value]] = [[title] for title in self.titles]
        headings: list[Value] = [self.headings.get(name, name) for name in self.columns]
        return [*above, headings, *(self._cells(row) for row in self.rows)]

    def _cells(self, row: Row | None) -> list[Value]:
        if row is None:
            return []
        cells: list[Value] = [row.cells.get(name, "") for name in self.columns]
        return [*cells[: len(cells) - row.short], *row.tail]


def read_copy(folder: Path) -> dict[str, Table]:
    """Read every CSV file of a clean trust folder."""
    tables = {}
    for path in sorted(folder.glob("*.csv")):
        with path.open(encoding="utf-8", newline="") as stream:
            headings, *records = csv.reader(stream)
        rows: list[Row | None] = [Row(dict(zip(headings, r, strict=True))) for r in records]
        tables[path.stem] = Table(path.stem, headings, rows)
    return tables


def write_copy(tables: dict[str, Table], folder: Path, form: Form) -> None:
    """Write the tables as CSV files, as sheets of one workbook, or as a workbook each.

    The documents of the demo trust come along, for a table names them.
    """
    shutil.copytree(demo() / "documents", folder / "documents", dirs_exist_ok=True)
    if form == "csv":
        for table in tables.values():
            _write_csv(table, folder / f"{table.name}.csv")
        return
    book = Workbook()
    for table in tables.values():
        sheet = book.create_sheet(table.name)
        _fill(sheet, table)
        if form == "workbook each":
            book.remove(book.worksheets[0])
            book.save(folder / f"{table.name}.xlsx")
            book = Workbook()
    if form == "one workbook":
        book.remove(book.worksheets[0])
        book.save(folder / "trust data.xlsx")


def place(table: Table, form: Form) -> tuple[str, str | None]:
    """Return the file and sheet a table is written to."""
    if form == "csv":
        return f"{table.name}.csv", None
    return ("trust data.xlsx" if form == "one workbook" else f"{table.name}.xlsx"), table.name


def _write_csv(table: Table, path: Path) -> None:
    with path.open("w", encoding=table.encoding, newline="") as stream:
        csv.writer(stream).writerows(table.grid())


def _fill(sheet: Worksheet, table: Table) -> None:
    for number, cells in enumerate(table.grid(), start=1):
        for column, value in enumerate(cells, start=1):
            as_text = number <= table.heading_row or table.columns[column - 1] in KEPT_AS_TEXT
            if value != "":
                _put(sheet, number, column, value, as_text=as_text)
    for row in table.rows:
        if row is not None and row.hidden:
            sheet.row_dimensions[table.number(row)].hidden = True
        if row is not None and row.merge:
            _merge(sheet, table, table.number(row), row.merge)
    if table.merged_headings:
        _merge(sheet, table, table.heading_row, table.merged_headings)
    for name in table.hidden_columns:
        letter = get_column_letter(table.columns.index(name) + 1)
        sheet.column_dimensions[letter].hidden = True


def _merge(sheet: Worksheet, table: Table, number: int, columns: tuple[str, str]) -> None:
    first, last = (table.columns.index(name) + 1 for name in columns)
    sheet.merge_cells(start_row=number, end_row=number, start_column=first, end_column=last)


def _put(sheet: Worksheet, number: int, column: int, value: Value, *, as_text: bool) -> None:
    """Write numbers as numbers and dates as dates, as a spreadsheet program would."""
    cell = sheet.cell(number, column)
    if isinstance(value, ExcelCell):
        cell.value = value.value  # type: ignore[assignment] # any value openpyxl can write
        cell.number_format = value.number_format
    elif as_text:
        cell.value = value
    elif _NUMBER.fullmatch(value):
        cell.value = float(value) if "." in value else int(value)
    elif _DAY.fullmatch(value) and _real(value):
        cell.value = dt.date.fromisoformat(value)
    else:
        cell.value = value
        if value.startswith("="):
            cell.data_type = "s"


def _real(text: str) -> bool:
    try:
        dt.date.fromisoformat(text)
    except ValueError:
        return False
    return int(text[:4]) >= 1900
