"""Where the table lies in a sheet: its headings, its rows and its cells."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import pandas as pd

from workbench.trust.cell_types import judge_types, tidied
from workbench.trust.columns import TableContract
from workbench.trust.faults import Fault, Unreadable
from workbench.trust.placement import (
    Findings,
    Outline,
    judge_headings,
    judge_merged_cells,
    judge_row_shapes,
    note_unread,
    note_unseen,
    plain_heading,
)
from workbench.trust.reading import Sheet

DEEPEST_HEADING = 20
_SEPARATORS = {";": "semicolons", "\t": "tabs"}


@dataclass(frozen=True)
class Grid:
    """One table as it lies in a file, its rows numbered as a spreadsheet program shows them.

    Attributes:
        table: The table's contract.
        file: File name.
        sheet: Sheet name, or None.
        headings: Headings as written, in order.
        written: Every cell as written, one column a heading (by position); rows with a value only.
        cells: The contract's columns that are present, spaces tidied; same rows.
        beyond: Cells to the right of the last heading, joined by commas, by row.
        blank: How many rows below the headings are blank.
        faults: What is wrong with headings, row shapes and cell types, and what is only noted.
        misshapen: Rows whose cells cannot be told apart; their cells are not judged.
        unfit: Rows set aside on account of a heading or a merged cell, already reported.
        covered: Cells of merged ranges, as (row, column name); they are not judged.
    """

    table: TableContract
    file: str
    sheet: str | None
    headings: tuple[str, ...]
    written: pd.DataFrame
    cells: pd.DataFrame
    beyond: Mapping[int, str]
    blank: int
    faults: tuple[Fault, ...]
    misshapen: frozenset[int]
    unfit: frozenset[int]
    covered: frozenset[tuple[int, str]]

    @property
    def fit_cells(self) -> pd.DataFrame:
        """The cells of rows that have the shape of the headings."""
        return self.cells.drop(index=list(self.misshapen)) if self.misshapen else self.cells

    @property
    def stray_headings(self) -> bool:
        """Whether some column is not the contract's, so a missing one may be misspelt."""
        names = (plain_heading(heading) for heading in self.headings)
        return any(name and name not in self.table.names for name in names)


def lay_out(sheet: Sheet, table: TableContract) -> Grid:
    """Find a table's headings and rows in a sheet.

    Raises:
        Unreadable: A key column is missing or there twice.
    """
    outline = _outline(sheet, table)
    _refuse_without_key(outline)
    found = Findings()
    written = _frame(sheet.rows, outline)
    judge_headings(outline, written, found)
    judge_row_shapes(outline, found)
    judge_merged_cells(outline, found)
    note_unread(outline, found)
    note_unseen(outline, found)
    cells = _contract_columns(written, outline)
    if sheet.types:
        judge_types(outline, cells, _contract_columns(_frame(sheet.types, outline), outline), found)
    return Grid(
        table=table,
        file=sheet.file,
        sheet=sheet.name,
        headings=outline.headings,
        written=written,
        cells=tidied(outline, cells, found),
        beyond=_beyond(outline),
        blank=len(sheet.rows) - outline.at - len(outline.rows),
        faults=tuple(found.faults),
        misshapen=frozenset(found.misshapen),
        unfit=frozenset(found.unfit),
        covered=frozenset(found.covered),
    )


def _outline(sheet: Sheet, table: TableContract) -> Outline:
    at = _heading_row(sheet.rows, table)
    row = sheet.rows[at - 1] if at else ()
    width = max((i for i, text in enumerate(row, start=1) if text.strip()), default=0)
    places: dict[str, list[int]] = {}
    for position, heading in enumerate(row[:width]):
        if plain_heading(heading) in table.names:
            places.setdefault(plain_heading(heading), []).append(position)
    filled = tuple(
        number for number in range(at + 1, len(sheet.rows) + 1) if any(_filled(sheet, number))
    )
    return Outline(sheet, table, at, tuple(row[:width]), places, filled)


def _filled(sheet: Sheet, number: int) -> list[str]:
    return [text for text in sheet.rows[number - 1] if text.strip()]


def _heading_row(rows: Sequence[Sequence[str]], table: TableContract) -> int:
    """Return the number of the first row with all key columns, else of the likeliest; 0 if none."""
    best, most = 0, 0
    for number, row in enumerate(rows[:DEEPEST_HEADING], start=1):
        names = {plain_heading(text) for text in row} - {""}
        if names.issuperset(table.key):
            return number
        known = len(names.intersection(table.names))
        if known > most or (names and not best):
            best, most = number, known
    return best


def _refuse_without_key(outline: Outline) -> None:
    table = outline.table
    missing = [name for name in table.key if name not in outline.places]
    if missing:
        _refuse_other_separators(outline)
        mend = f"give row {max(outline.at, 1)} the headings {', '.join(table.names)}"
        raise Unreadable(
            f"the table {table.name} lacks its key column {' and '.join(missing)}", mend,
            rule="key_column_missing", row=outline.at or None, column=" + ".join(missing),
        )  # fmt: skip
    for name in table.key:
        if len(outline.places[name]) > 1:
            raise Unreadable(
                f"the key column {name} is there {len(outline.places[name])} times",
                "keep one of them", rule="key_column_twice", row=outline.at, column=name,
            )  # fmt: skip


def _refuse_other_separators(outline: Outline) -> None:
    """Refuse a sheet whose key columns are all there once other separators are taken for commas."""
    for number, row in enumerate(outline.sheet.rows[:DEEPEST_HEADING], start=1):
        for separator, name in _SEPARATORS.items():
            headings = {plain_heading(text.strip('"')) for text in ",".join(row).split(separator)}
            if headings.issuperset(outline.table.key):
                raise Unreadable(
                    f"the columns seem to be separated by {name}, not by commas",
                    "open the file in a spreadsheet program and save it as an Excel workbook "
                    "(.xlsx), or as CSV UTF-8 with the comma as separator; numbers keep a point, "
                    "not a comma", rule="separator", row=number,
                )  # fmt: skip


def _frame(rows: Sequence[Sequence[str]], outline: Outline) -> pd.DataFrame:
    """Return the filled rows below the headings, as wide as the headings, by row number."""
    width = len(outline.headings)
    padded = [
        (*row[:width], *([""] * (width - len(row))))
        for row in (rows[number - 1] for number in outline.rows)
    ]
    return pd.DataFrame(padded, index=list(outline.rows), columns=range(width), dtype="str")


def _beyond(outline: Outline) -> dict[int, str]:
    width = len(outline.headings)
    rows = ((number, outline.sheet.rows[number - 1][width:]) for number in outline.rows)
    return {number: ",".join(cells) for number, cells in rows if any(cells)}


def _contract_columns(frame: pd.DataFrame, outline: Outline) -> pd.DataFrame:
    """Return the first column of each contract name, so named."""
    first = [places[0] for places in outline.places.values()]
    return frame[first].set_axis(list(outline.places), axis=1)
