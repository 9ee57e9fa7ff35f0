"""Files as they are: rectangles of text with nothing turned into numbers or dates by guess."""

from __future__ import annotations

import csv
import io
import zipfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from workbench.trust.faults import Unreadable
from workbench.trust.sizes import LONGEST_CELL, refuse_large

if TYPE_CHECKING:
    from workbench.trust.workbooks import WorkbookSheet

TABULAR = (".csv", ".xlsx")
FOREIGN = (".tsv", ".txt", ".xls", ".xlsm", ".xlsb", ".ods", ".numbers")

# Sheets of a template that are for people alone; the check skips them.
COVER, DICTIONARY, EXAMPLES, LISTS = GUIDES = ("read me", "dictionary", "examples", "lists")

_UTF_16 = (b"\xff\xfe", b"\xfe\xff")


@dataclass(frozen=True)
class Sheet:
    """The cells of one CSV file or one sheet of a workbook, as text.

    Attributes:
        file: File name.
        name: Sheet name, or None for a CSV file.
        rows: `rows[i]` holds the cells of the row a spreadsheet program numbers `i + 1`;
            an empty sequence is a blank row.
        types: One letter a cell, in step with `rows`; empty for a CSV file. Letters are those
            of `cell_letters`.
        merged: Merged ranges as (first row, first column, last row, last column), from 1.
        hidden_rows: Row numbers hidden from view.
        hidden_columns: Column numbers hidden from view, from 1.
        hidden: Whether the whole sheet is hidden.
        encoding: How a CSV file's bytes were read; empty for a workbook.
    """

    file: str
    name: str | None
    rows: Sequence[Sequence[str]]
    types: Sequence[str] = ()
    merged: tuple[tuple[int, int, int, int], ...] = ()
    hidden_rows: tuple[int, ...] = ()
    hidden_columns: tuple[int, ...] = ()
    hidden: bool = False
    encoding: str = ""


def table_named(text: str, tables: Sequence[str]) -> str | None:
    """Return the table a file stem or sheet name stands for, or None."""
    name = text.strip().casefold().replace(" ", "_").replace("-", "_")
    return name if name in tables else None


def read_file(path: Path) -> tuple[Sheet, ...]:
    """Read a CSV file or every sheet of a workbook as text.

    Raises:
        Unreadable: The file cannot be read; its text says why.
    """
    try:
        refuse_large(path)
        if path.suffix.casefold() == ".csv":
            return (_read_csv(path),)
        # Imported here: a trust of CSV files starts half a second sooner without openpyxl.
        from workbench.trust.workbooks import read_workbook  # noqa: PLC0415

        return tuple(_from_workbook(path.name, sheet) for sheet in read_workbook(path))
    except OSError as fault:
        raise Unreadable(
            f"the file cannot be opened ({fault.strerror})", "close it elsewhere, or copy it anew"
        ) from fault
    except zipfile.BadZipFile as fault:
        raise Unreadable(
            "the file is not a workbook a spreadsheet program wrote, or has a password",
            "open it, take off any password, and save it as an Excel workbook (.xlsx)",
        ) from fault


def _from_workbook(file: str, sheet: WorkbookSheet) -> Sheet:
    return Sheet(
        file, sheet.name, sheet.rows, sheet.types, sheet.merged, sheet.hidden_rows,
        sheet.hidden_columns, sheet.hidden,
    )  # fmt: skip


def _read_csv(path: Path) -> Sheet:
    text, encoding = _decoded(path.read_bytes())
    return Sheet(path.name, None, tuple(_records(text)), encoding=encoding)


def _decoded(data: bytes) -> tuple[str, str]:
    if data.startswith(_UTF_16):
        raise Unreadable("the file is saved as UTF-16", "save it as CSV UTF-8")
    if b"\x00" in data:
        row = _row_of_nul(data)
        raise Unreadable(
            f"row {row} holds a NUL byte, which is not text",
            f"type row {row} afresh and save the table as CSV UTF-8", row=row,
        )  # fmt: skip
    try:
        return data.decode("utf-8-sig"), "UTF-8"
    except UnicodeDecodeError:
        pass
    try:
        return data.decode("cp1252"), "Windows-1252"
    except UnicodeDecodeError as fault:
        raise Unreadable(
            "the file's letters are neither UTF-8 nor Windows-1252", "save it as CSV UTF-8"
        ) from fault


def _row_of_nul(data: bytes) -> int:
    """Return the number of the row in which the first NUL byte stands."""
    before = data[: data.index(b"\x00")].decode("cp1252", errors="replace")
    csv.field_size_limit(len(before) + 1)
    lines = io.StringIO(f"{before}.", newline="")
    return sum(1 for _ in csv.reader(lines))


def _records(text: str) -> Iterator[Sequence[str]]:
    csv.field_size_limit(LONGEST_CELL)
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    count = 0
    try:
        for count, record in enumerate(reader, start=1):  # noqa: B007 - used when it fails
            yield record
    except csv.Error as fault:
        raise Unreadable(
            f"the quotation marks or cell lengths of row {count + 1} do not make sense ({fault})",
            "look there for a quotation mark opened and not closed, or one within a cell, which is "
            "written twice, and save the file again",
            row=count + 1,
        ) from fault
