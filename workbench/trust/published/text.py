"""Published files read as text: nothing is guessed, no column shifts, every raw value is kept.

Spreadsheet libraries turn `NA` into a missing value, `1E5` into a number and `03/04/2024` into the
fourth of March. Here a cell stays what was published until a declared format is asked for.
"""

from __future__ import annotations

import csv
import datetime as dt
import io
import zipfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

import pandas as pd
from python_calamine import CalamineError, CalamineWorkbook

from workbench.errors import BadInput
from workbench.trust.faults import Unreadable
from workbench.trust.sizes import LONGEST_CELL, refuse_large

CSV_SUFFIXES = frozenset({".csv", ".txt"})
WORKBOOK_SUFFIXES = frozenset({".xlsx", ".xlsm", ".xls", ".ods"})
NO_VALUE = frozenset({"", "null"})

# The marks DfE and Ofsted publish in place of a number, in the spelling the trust tables use.
# `NA` ("not applicable" in performance tables) is the mark the statistics code of practice calls z.
MARKERS: Mapping[str, str] = {
    "z": "z",
    "x": "x",
    "c": "c",
    "low": "low",
    "u": "u",
    "supp": "SUPP",
    "lowcov": "LOWCOV",
    "ne": "NE",
    "np": "NP",
    "na": "z",
}

Row = list[str]


@dataclass(frozen=True)
class Sheet:
    """One table of text as it stands in a file, header and titles included.

    Args:
        name: The sheet's name; None in a CSV file.
        rows: Every row read, top to bottom.
    """

    name: str | None
    rows: list[Row]


@dataclass(frozen=True)
class Number:
    """A published value: a number, or the marker that stands in its place, never both.

    Args:
        value: The number, or None.
        marker: The marker, or None.
        raw: What was published.
    """

    value: float | None
    marker: str | None
    raw: str


def read_sheets(path: Path, limit: int | None = None, only: str | None = None) -> list[Sheet]:
    """Return the tables in a CSV file or a workbook as text.

    Args:
        path: A `.csv`, `.txt`, `.xlsx`, `.xls` or `.ods` file.
        limit: Read only this many rows of a CSV file (sheets are always read whole).
        only: Read only this sheet of a workbook.

    Raises:
        BadInput: The file is too large, or cannot be opened as what its ending says.
    """
    _refuse_large(path)
    if path.suffix.lower() in CSV_SUFFIXES:
        return [Sheet(None, list(islice(csv_rows(path, limit), limit)))]
    try:
        workbook = CalamineWorkbook.from_path(path)
        return [
            Sheet(name, [_row_text(row) for row in workbook.get_sheet_by_name(name).to_python()])
            for name in workbook.sheet_names
            if only is None or name == only
        ]
    except (CalamineError, OSError, ValueError) as fault:
        raise BadInput(
            f"{path.name} cannot be read as a workbook: {fault}",
            where=str(path),
            rule="a workbook opens without repair or password",
            mend="open it in a spreadsheet program and save it again, or take it out of the folder",
        ) from fault


def _refuse_large(path: Path) -> None:
    try:
        refuse_large(path)
    except (Unreadable, OSError, zipfile.BadZipFile) as fault:
        raise BadInput(
            f"{path.name} cannot be read: {fault}",
            where=str(path),
            rule="a published file is of a size that fits in memory, and opens without repair",
            mend="download it again, split it, or take it out of the folder",
        ) from fault


def csv_rows(path: Path, limit: int | None = None) -> Iterator[Row]:
    """Yield the rows of a CSV file in UTF-8 (with or without a byte order mark) or Windows-1252."""
    content = path.read_bytes() if limit is None else _first_lines(path, limit)
    csv.field_size_limit(LONGEST_CELL)
    try:
        yield from csv.reader(io.StringIO(decode(content), newline=""))
    except csv.Error as fault:
        raise BadInput(
            f"{path.name} cannot be read as CSV: {fault}",
            where=str(path),
            rule="a CSV file has quoted or plain text fields with commas between",
            mend="download the file again, or take it out of the folder",
        ) from fault


def decode(content: bytes) -> str:
    """Return published bytes as text: UTF-8 where they are valid UTF-8, else Windows-1252.

    Five bytes mean nothing in Windows-1252; each becomes the replacement character, because one
    spoilt letter in an address is no reason to refuse a national file.
    """
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return content.decode("cp1252", errors="replace")


def cell_text(cell: object) -> str:
    """Return a spreadsheet cell as text: whole numbers without `.0`, dates as `YYYY-MM-DD`."""
    if isinstance(cell, dt.datetime):
        return cell.date().isoformat()
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    return str(cell)


def heading(text: str) -> str:
    """Return a column name in the form names are compared in: one space between words, no case."""
    return " ".join(text.replace("\ufeff", "").split()).casefold()


def frame(
    rows: Iterable[Row],
    header: Row,
    columns: Iterable[str],
    urns: frozenset[int] | None = None,
) -> tuple[pd.DataFrame, int]:
    """Return the wanted columns of a table as text, and how many rows were set aside.

    A row shorter than the header lacks its last fields (GIAS group links never fill the last
    header): missing fields are blank and nothing shifts. A row with text beyond the header cannot
    be trusted to line up, so it is set aside and counted. Published `NULL` reads as blank.

    Args:
        rows: The rows under the header.
        header: The header as published.
        columns: Names to take, in any case; one that the header lacks becomes a blank column.
        urns: Keep only rows whose `URN` is among these.
    """
    places = {heading(name): place for place, name in reversed(list(enumerate(header)))}
    wanted = [(name, places.get(heading(name))) for name in columns]
    urn_place = places.get("urn")
    width, set_aside = len(header), 0
    taken: list[Row] = []
    for row in rows:
        if urns is not None and (urn_place is None or _urn_of(row, urn_place) not in urns):
            continue
        if any(extra.strip() for extra in row[width:]):
            set_aside += 1
        elif any(row):
            taken.append([_field(row, place) for _, place in wanted])
    return pd.DataFrame(taken, columns=[name for name, _ in wanted], dtype="str"), set_aside


def dates(texts: pd.Series, formats: tuple[str, ...]) -> pd.Series:
    """Return text as dates, each read by the first declared format it fits; NaT where none does."""
    out = pd.Series(pd.NaT, index=texts.index, dtype="datetime64[s]")
    for form in formats:
        gap = out.isna() & texts.ne("")
        if gap.any():
            out[gap] = pd.to_datetime(texts[gap], format=form, errors="coerce").astype(
                "datetime64[s]"
            )
    return out


def whole_numbers(texts: pd.Series) -> pd.Series:
    """Return text as nullable whole numbers; anything but digits is missing."""
    digits = texts.str.fullmatch(r"\d{1,15}")
    return pd.to_numeric(texts.where(digits)).astype("Int64")


def number(raw: str) -> Number | None:
    """Return a published value as a number or a marker; None where nothing was published.

    Thousands commas, a leading pound sign and a trailing per cent sign are read; percentages stay
    out of a hundred.

    Raises:
        ValueError: The text is neither a number nor a known marker.
    """
    text = raw.strip()
    if text.casefold() in NO_VALUE:
        return None
    if text.casefold() in MARKERS:
        return Number(None, MARKERS[text.casefold()], text)
    plain = text.removeprefix("£").removesuffix("%").replace(",", "")
    if not plain or not set(plain) <= set("0123456789.-"):
        raise ValueError(f"'{text}' is neither a number nor a known marker")
    return Number(float(plain), None, text)


def _row_text(row: Sequence[object]) -> Row:
    # Most cells are text already, and a national workbook has half a million of them.
    return [cell if type(cell) is str else cell_text(cell) for cell in row]


def _first_lines(path: Path, limit: int) -> bytes:
    with path.open("rb") as file:
        return b"".join(islice(file, limit))


def _urn_of(row: Row, place: int) -> int | None:
    text = row[place].strip() if place < len(row) else ""
    return int(text) if text.isdecimal() else None


def _field(row: Row, place: int | None) -> str:
    text = row[place].strip() if place is not None and place < len(row) else ""
    return "" if text.casefold() == "null" else text
