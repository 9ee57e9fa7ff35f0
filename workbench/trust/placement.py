"""What stands in the wrong place in a sheet: headings, row shapes, merged and hidden cells."""

from __future__ import annotations

import difflib
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Mapping, Sequence, Set
from dataclasses import dataclass, field

import pandas as pd

from workbench.trust.columns import TableContract
from workbench.trust.faults import Effect, Fault
from workbench.trust.reading import Sheet


@dataclass(frozen=True)
class Outline:
    """Where a table's parts are in its sheet.

    Attributes:
        sheet: The sheet.
        table: The table's contract.
        at: Row number of the headings, 0 if there are none.
        headings: Headings as written, up to the last that is not blank.
        places: Positions of each contract column, from 0.
        rows: Numbers of the rows below the headings that hold a value.
    """

    sheet: Sheet
    table: TableContract
    at: int
    headings: tuple[str, ...]
    places: Mapping[str, Sequence[int]]
    rows: tuple[int, ...]

    def fault(
        self,
        row: int | None,
        column: str | None,
        *,
        rule: str,
        message: str,
        mend: str,
        value: str = "",
        effect: Effect = "row quarantined",
    ) -> Fault:
        """Return a fault at a place of this sheet."""
        sheet = self.sheet
        return Fault(sheet.file, sheet.name, row, column, value, rule, message, mend, effect)

    def note(self, row: int | None, column: str | None, rule: str, message: str) -> Fault:
        """Return a note on something out of sight that is read nevertheless."""
        return self.fault(
            row, column, rule=rule, message=f"{message}, and read all the same",
            mend="show it, or take it out", effect="noted",
        )  # fmt: skip


@dataclass
class Findings:
    """What laying out one sheet has found so far; see `layout.Grid` for the sets."""

    faults: list[Fault] = field(default_factory=list)
    misshapen: set[int] = field(default_factory=set)
    unfit: set[int] = field(default_factory=set)
    covered: set[tuple[int, str]] = field(default_factory=set)


def plain_heading(heading: str) -> str:
    """Return a heading without the differences that cannot matter: case and outer spaces."""
    return heading.replace("\u00a0", " ").strip().casefold()


def judge_headings(outline: Outline, written: pd.DataFrame, found: Findings) -> None:
    """Report columns that are unknown, there twice, or missing although every row needs them."""
    missing = [column for column in outline.table.columns if column.name not in outline.places]
    for heading in outline.headings:
        name = plain_heading(heading)
        if name and name not in outline.table.names:
            near = difflib.get_close_matches(name, [column.name for column in missing], n=1)
            found.faults.append(outline.fault(
                outline.at, heading.strip(), value=heading, rule="column_unknown",
                message=f"{outline.table.name} has no column of this name, so it is not read"
                + (f"; did you mean {near[0]}?" if near else ""),
                mend=f"rename it {near[0]}" if near else "take it out, or check its spelling",
                effect="column not read",
            ))  # fmt: skip
    for name, positions in outline.places.items():
        for position in positions[1:]:
            found.unfit.update(written.index[written[positions[0]] != written[position]])
            found.faults.append(outline.fault(
                outline.at, name, value=outline.headings[position], rule="column_twice",
                message=f"the column {name} is there twice; rows where they differ are set aside",
                mend="keep one of them",
            ))  # fmt: skip
    for column in missing:
        if column.required:
            found.unfit.update(outline.rows)
            found.faults.append(outline.fault(
                outline.at, column.name, rule="column_missing",
                message=f"the column {column.name} is missing, and every row needs it",
                mend=f"add it ({column.description.rstrip('.')})",
            ))  # fmt: skip


def judge_row_shapes(outline: Outline, found: Findings) -> None:
    """Report rows longer or shorter than the headings, and values that have no heading."""
    sheet, width = outline.sheet, len(outline.headings)
    is_text, full = not sheet.types, len(sheet.rows[outline.at - 1])
    bare = [i for i, heading in enumerate(outline.headings) if not heading.strip()]
    merged = _under_merged_headings(outline)
    for number in outline.rows:
        row = sheet.rows[number - 1]
        if is_text and len(row) != full:
            found.misshapen.add(number)
            found.faults.append(outline.fault(
                number, None, value=",".join(row[full:]),
                rule="row_long" if len(row) > full else "row_short",
                message=f"the row has {len(row)} cells and the headings have {full}",
                mend="quote cells that hold a comma, and write one cell for each heading",
            ))  # fmt: skip
            continue
        outside = [i for i in (*bare, *range(width, len(row))) if row[i : i + 1] and row[i].strip()]
        if outside and merged.issuperset(outside):
            found.unfit.add(number)
        elif outside:
            found.faults.append(outline.fault(
                number, None, value=", ".join(row[i] for i in outside),
                rule="cell_without_heading",
                message="the row has a value in a column without a heading",
                mend="move the value to its column, or give the column its heading",
            ))  # fmt: skip


def _under_merged_headings(outline: Outline) -> set[int]:
    """Return the positions whose heading is lost in a merged one."""
    return {
        position
        for first_row, first, last_row, last in outline.sheet.merged
        if first_row <= outline.at <= last_row
        for position in range(first, last)
    }


def judge_merged_cells(outline: Outline, found: Findings) -> None:
    """Report merged cells among the headings and the rows."""
    width = len(outline.headings)
    for first_row, first, last_row, last in outline.sheet.merged:
        if last_row < outline.at or first > width:
            continue
        heading = outline.headings[first - 1].strip() or None
        if first_row <= outline.at:
            found.faults.append(outline.fault(
                outline.at, heading, rule="headings_merged",
                message="headings are merged, so a column under them has none",
                mend="unmerge the cells and give each column its heading",
            ))  # fmt: skip
            continue
        rows = outline.rows[
            bisect_left(outline.rows, first_row) : bisect_right(outline.rows, last_row)
        ]
        if not rows:
            continue
        names = [plain_heading(text) for text in outline.headings[first - 1 : last]]
        found.unfit.update(rows)
        found.covered.update((row, name) for row in rows for name in names)
        found.faults.append(outline.fault(
            first_row, heading, value="".join(outline.sheet.rows[first_row - 1][first - 1 : first]),
            rule="cells_merged",
            message=f"cells are merged as far as row {last_row}, so all but the first are lost",
            mend="unmerge the cells and write every value in its own",
        ))  # fmt: skip


def note_unread(outline: Outline, found: Findings) -> None:
    """Note rows above the headings."""
    for number in range(1, outline.at):
        filled = [text for text in outline.sheet.rows[number - 1] if text.strip()]
        if filled:
            found.faults.append(outline.fault(
                number, None, value=filled[0], rule="above_headings",
                message="the row stands above the headings and is not read",
                mend="nothing, if it is a title", effect="noted",
            ))  # fmt: skip


def note_unseen(outline: Outline, found: Findings) -> None:
    """Note what a reader of the file would not see: its encoding, hidden rows and columns."""
    sheet = outline.sheet
    if sheet.encoding == "Windows-1252":
        found.faults.append(outline.fault(
            None, None, rule="windows_1252", message="the file is read as Windows-1252, not UTF-8",
            mend="save it as CSV UTF-8, so that no letter can be mistaken", effect="noted",
        ))  # fmt: skip
    if sheet.hidden:
        found.faults.append(outline.note(None, None, "sheet_hidden", "the sheet is hidden"))
    for first, last in _runs(set(outline.rows).intersection(sheet.hidden_rows)):
        what = f"rows {first} to {last} are hidden" if last > first else "the row is hidden"
        found.faults.append(outline.note(first, None, "row_hidden", what))
    for column in sheet.hidden_columns:
        heading = "".join(outline.headings[column - 1 : column]).strip()
        if heading:
            found.faults.append(
                outline.note(outline.at, heading, "column_hidden", "the column is hidden")
            )


def _runs(numbers: Set[int]) -> Iterator[tuple[int, int]]:
    """Give the first and last of each run of consecutive numbers."""
    start = None
    for number in sorted(numbers):
        start = number if start is None else start
        if number + 1 not in numbers:
            yield start, number
            start = None
