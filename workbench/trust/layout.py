"""Where the table lies in a sheet: its headings, its rows, and what stands in the wrong place."""

from __future__ import annotations

import difflib
from collections.abc import Iterator, Sequence, Set
from dataclasses import dataclass

import pandas as pd

from workbench.trust import workbooks
from workbench.trust.contracts import ColumnContract, TableContract
from workbench.trust.faults import Effect, Fault, Unreadable
from workbench.trust.reading import Sheet

DEEPEST_HEADING = 20
_SPACES = " \t\r\n"
_HARD_SPACES = "[\u00a0\u2007\u202f]"
_CHANGED = {workbooks.NUMBER: "a number", workbooks.DATE: "a date", workbooks.BOOLEAN: "TRUE/FALSE"}


@dataclass(frozen=True)
class Grid:
    """One table as it lies in a file, its rows numbered as a spreadsheet program shows them.

    Attributes:
        table: The table's contract.
        file: File name.
        sheet: Sheet name, or None.
        heading_row: Row number of the headings.
        headings: Headings as written, in order.
        written: Every cell as written, one column a heading (by position); rows with a value only.
        cells: The contract's columns that are present, spaces tidied; same rows.
        blank: How many rows below the headings are blank.
        faults: What is wrong with headings, row shapes and cell types, and what is only noted.
        misshapen: Rows whose cells cannot be told apart; their cells are not judged.
        unfit: Rows set aside on account of a heading or a merged cell, already reported.
        covered: Cells hidden under a merged one, as (row, column name); they are not judged.
    """

    table: TableContract
    file: str
    sheet: str | None
    heading_row: int
    headings: tuple[str, ...]
    written: pd.DataFrame
    cells: pd.DataFrame
    blank: int
    faults: tuple[Fault, ...]
    misshapen: frozenset[int]
    unfit: frozenset[int]
    covered: frozenset[tuple[int, str]]

    @property
    def stray_headings(self) -> bool:
        """Whether some column is not the contract's, so a missing one may be misspelt."""
        return any(name and name not in self.table.names for name in map(_name, self.headings))


@dataclass
class _Findings:
    """What laying out one sheet has found so far."""

    sheet: Sheet
    faults: list[Fault]
    misshapen: set[int]
    unfit: set[int]
    covered: set[tuple[int, str]]

    def add(  # noqa: PLR0913 - a fault's own parts
        self, row: int | None, column: str | None, value: str, rule: str, message: str, mend: str,
        effect: Effect = "row quarantined",
    ) -> None:  # fmt: skip
        self.faults.append(
            Fault(self.sheet.file, self.sheet.name, row, column, value, rule, message, mend, effect)
        )


def lay_out(sheet: Sheet, table: TableContract) -> Grid:
    """Find a table's headings and rows in a sheet.

    Raises:
        Unreadable: A key column is missing or there twice.
    """
    at = _heading_row(sheet.rows, table)
    headings = _headings(sheet.rows[at - 1]) if at else ()
    _refuse_without_key(sheet, table, at, headings)
    found = _Findings(sheet, [], set(), set(), set())
    numbers = [n for n in range(at + 1, len(sheet.rows) + 1) if not _is_blank(sheet.rows[n - 1])]
    written = _frame([sheet.rows[n - 1] for n in numbers], numbers, len(headings))
    _judge_headings(found, table, at, headings, written)
    _judge_shapes(found, at, headings, numbers)
    _judge_merged(found, at, headings, numbers)
    _note_the_unseen(found, at, headings, numbers)
    places = {name: headings_at for name, headings_at in _places(headings, table).items()}
    cells = written[[where[0] for where in places.values()]].set_axis(list(places), axis=1)
    if sheet.types:
        letters = _frame([sheet.types[n - 1] for n in numbers], numbers, len(headings))
        letters = letters[[where[0] for where in places.values()]].set_axis(list(places), axis=1)
        _judge_types(found, table, cells, letters)
    return Grid(
        table, sheet.file, sheet.name, at, headings, written, _tidied(found, table, cells),
        len(sheet.rows) - at - len(numbers), tuple(found.faults), frozenset(found.misshapen),
        frozenset(found.unfit), frozenset(found.covered),
    )  # fmt: skip


def _name(heading: str) -> str:
    """Return a heading without the differences that cannot matter."""
    return heading.replace("\u00a0", " ").strip().casefold()


def _is_blank(row: Sequence[str]) -> bool:
    return not any(text.strip() for text in row)


def _heading_row(rows: Sequence[Sequence[str]], table: TableContract) -> int:
    """Return the number of the first row with all key columns, else of the likeliest one."""
    best, most = 0, 0
    for number, row in enumerate(rows[:DEEPEST_HEADING], start=1):
        names = {_name(text) for text in row}
        if names.issuperset(table.key):
            return number
        known = len(names.intersection(table.names))
        if known > most or (not best and not _is_blank(row)):
            best, most = number, known
    return best


def _headings(row: Sequence[str]) -> tuple[str, ...]:
    last = max((i for i, text in enumerate(row, start=1) if text.strip()), default=0)
    return tuple(row[:last])


def _places(headings: Sequence[str], table: TableContract) -> dict[str, list[int]]:
    places: dict[str, list[int]] = {}
    for position, heading in enumerate(headings):
        if _name(heading) in table.names:
            places.setdefault(_name(heading), []).append(position)
    return places


def _refuse_without_key(
    sheet: Sheet, table: TableContract, at: int, headings: Sequence[str]
) -> None:
    places = _places(headings, table)
    missing = [name for name in table.key if name not in places]
    if missing:
        mend = f"give row {max(at, 1)} the headings {', '.join(table.names)}"
        if len(headings) == 1 and (";" in headings[0] or "\t" in headings[0]):
            mend = "separate the columns by commas, not by semicolons or tabs"
        raise Unreadable(
            f"the table {table.name} lacks its key column {' and '.join(missing)}", mend,
            rule="key_column_missing", row=at or None, column=" + ".join(missing),
        )  # fmt: skip
    for name in table.key:
        if len(places[name]) > 1:
            raise Unreadable(
                f"the key column {name} is there {len(places[name])} times",
                "keep one of them", rule="key_column_twice", row=at, column=name,
            )  # fmt: skip


def _frame(rows: Sequence[Sequence[str]], numbers: list[int], width: int) -> pd.DataFrame:
    padded = [(*row[:width], *([""] * (width - len(row)))) for row in rows]
    return pd.DataFrame(padded, index=numbers, columns=range(width), dtype="str")


def _judge_headings(
    found: _Findings, table: TableContract, at: int, headings: Sequence[str], written: pd.DataFrame
) -> None:
    places = _places(headings, table)
    missing = [c for c in table.columns if c.name not in places]
    for heading in headings:
        if _name(heading) and _name(heading) not in table.names:
            near = difflib.get_close_matches(_name(heading), [c.name for c in missing], n=1)
            mend = f"rename it {near[0]}" if near else "take it out, or check its spelling"
            found.add(
                at, heading.strip(), heading, "column_unknown",
                f"{table.name} has no column of this name, so it is not read", mend,
                "column not read",
            )  # fmt: skip
    for name, positions in places.items():
        for position in positions[1:]:
            found.add(
                at, name, headings[position], "column_twice",
                f"the column {name} is there twice; rows in which the two differ are set aside",
                "keep one of them",
            )  # fmt: skip
            found.unfit.update(written.index[written[positions[0]] != written[position]])
    for column in missing:
        if column.required:
            found.add(
                at, column.name, "", "column_missing",
                f"the column {column.name} is missing, and every row needs it",
                f"add it: {column.description}",
            )  # fmt: skip
            found.unfit.update(written.index)


def _judge_shapes(
    found: _Findings, at: int, headings: Sequence[str], numbers: Sequence[int]
) -> None:
    rows, is_text = found.sheet.rows, not found.sheet.types
    full = len(rows[at - 1])
    bare = [i for i, heading in enumerate(headings) if not heading.strip()]
    merged = _merged_over(found.sheet, at)
    for number in numbers:
        row = rows[number - 1]
        if is_text and len(row) != full:
            longer = len(row) > full
            found.misshapen.add(number)
            found.add(
                number, None, ",".join(row[full:]) if longer else "",
                "row_long" if longer else "row_short",
                f"the row has {len(row)} cells and the headings have {full}",
                "quote cells that hold a comma, and write one cell for each heading",
            )  # fmt: skip
            continue
        outside = [i for i in (*bare, *range(len(headings), len(row)))
                   if i < len(row) and row[i].strip()]  # fmt: skip
        if any(i + 1 not in merged for i in outside):
            found.add(
                number, None, ", ".join(row[i] for i in outside), "cell_without_heading",
                "the row has a value in a column without a heading",
                "move the value to its column, or give the column its heading",
            )  # fmt: skip
        elif outside:
            found.unfit.add(number)


def _merged_over(sheet: Sheet, at: int) -> set[int]:
    """Return the columns whose heading is hidden under a merged one."""
    return {
        column
        for first_row, first, last_row, last in sheet.merged
        if first_row <= at <= last_row
        for column in range(first + 1, last + 1)
    }


def _judge_merged(
    found: _Findings, at: int, headings: Sequence[str], numbers: Sequence[int]
) -> None:
    known = set(numbers)
    for first_row, first, last_row, last in found.sheet.merged:
        if last_row < at or first > len(headings):
            continue
        heading = headings[first - 1].strip() or None
        if first_row <= at:
            found.add(
                at, heading, "", "headings_merged",
                "headings are merged, so a column under them has none",
                "unmerge the cells and give each column its heading",
            )  # fmt: skip
            continue
        rows = known.intersection(range(first_row, last_row + 1))
        if rows:
            found.unfit.update(rows)
            found.covered.update(
                (row, _name(headings[column - 1]))
                for row in rows
                for column in range(first, min(last, len(headings)) + 1)
            )
            found.add(
                first_row, heading, found.sheet.rows[first_row - 1][first - 1], "cells_merged",
                f"cells are merged as far as row {last_row}, so all but the first are lost",
                "unmerge the cells and write every value in its own",
            )  # fmt: skip


def _note_the_unseen(
    found: _Findings, at: int, headings: Sequence[str], numbers: Sequence[int]
) -> None:
    sheet = found.sheet
    known = set(numbers)
    for number in range(1, at):
        if not _is_blank(sheet.rows[number - 1]):
            found.add(
                number, None, next(t for t in sheet.rows[number - 1] if t.strip()),
                "above_headings", "the row stands above the headings and is not read",
                "nothing, if it is a title", "noted",
            )  # fmt: skip
    if sheet.encoding == "Windows-1252":
        found.add(
            None, None, "", "windows_1252", "the file is read as Windows-1252, not UTF-8",
            "save it as CSV UTF-8 so that no letter can be mistaken", "noted",
        )  # fmt: skip
    if sheet.hidden:
        found.add(
            None, None, "", "sheet_hidden", "the sheet is hidden, and it is read",
            "show it, or take it out", "noted",
        )  # fmt: skip
    for first, last in _runs(known.intersection(sheet.hidden_rows)):
        found.add(
            first, None, "", "row_hidden",
            f"rows {first} to {last} are hidden, and they are read" if last > first
            else "the row is hidden, and it is read", "show it, or take it out", "noted",
        )  # fmt: skip
    for column in sheet.hidden_columns:
        if column <= len(headings) and headings[column - 1].strip():
            found.add(
                at, headings[column - 1].strip(), "", "column_hidden",
                "the column is hidden, and it is read", "show it, or take it out", "noted",
            )  # fmt: skip


def _runs(numbers: Set[int]) -> Iterator[tuple[int, int]]:
    start = None
    for number in sorted(numbers):
        start = number if start is None else start
        if number + 1 not in numbers:
            yield start, number
            start = None


def _judge_types(
    found: _Findings, table: TableContract, cells: pd.DataFrame, letters: pd.DataFrame
) -> None:
    for name in cells:
        column = table.column(str(name))
        changed = _letters_that_change(column)
        suspect = letters[name].isin([workbooks.UNCACHED, workbooks.PERCENT, *changed])
        for row, letter in letters.loc[suspect, name].items():
            value = str(cells.at[row, name])
            if (row, name) in found.covered:
                continue
            if letter == workbooks.UNCACHED:
                found.add(
                    row, column.name, value, "formula_without_value",
                    "the cell holds a formula that was saved without its result",
                    "open the file in a spreadsheet program and save it, or write the value",
                )  # fmt: skip
            elif letter in changed:
                found.add(
                    row, column.name, value, "changed_by_spreadsheet",
                    f"the spreadsheet program holds this as {_CHANGED[letter]}, and may have "
                    "changed what was typed",
                    "format the column as Text and type the value again",
                )  # fmt: skip
            elif column.kind == "number":
                found.add(
                    row, column.name, value, "percent_format",
                    f"the cell shows {float(value):.4g} as a percentage, a hundred times as much",
                    "format the column as Number and write 25 for 25 percent",
                )  # fmt: skip


def _letters_that_change(column: ColumnContract) -> tuple[str, ...]:
    if column.kind == "code":
        return workbooks.NUMBER, workbooks.DATE, workbooks.BOOLEAN
    if column.kind == "text" and not column.verbatim:
        return workbooks.DATE, workbooks.BOOLEAN
    return ()


def _tidied(found: _Findings, table: TableContract, cells: pd.DataFrame) -> pd.DataFrame:
    """Take hard and outer spaces away, and note each cell that had any."""
    tidy = {}
    for name in cells:
        texts = cells[name]
        clean = texts.str.replace(_HARD_SPACES, " ", regex=True).str.strip(_SPACES)
        if table.column(str(name)).verbatim:
            clean = texts.where(clean != "", "")
        tidy[str(name)] = clean
        for row in texts.index[(clean != texts) & (clean != "")]:
            if row in found.misshapen:
                continue
            found.add(
                row, str(name), str(texts[row]), "untidy_space",
                "the cell has spaces around it or hard spaces in it, and is read without",
                "nothing, or type it afresh", "noted",
            )  # fmt: skip
    return pd.DataFrame(tidy, index=cells.index, dtype="str")
