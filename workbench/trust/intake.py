"""Checking a trust folder: every fault in one pass, bad rows set aside, nothing lost."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Set
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType

import pandas as pd

from workbench.errors import BadInput
from workbench.trust.columns import TableContract
from workbench.trust.contracts import TABLES
from workbench.trust.crosschecks import Examined, crosscheck
from workbench.trust.document_files import document_faults
from workbench.trust.faults import Fault, Unreadable
from workbench.trust.layout import Grid, lay_out
from workbench.trust.placement import plain_heading
from workbench.trust.reading import FOREIGN, GUIDES, TABULAR, Sheet, read_file, table_named
from workbench.trust.rules import rules_for
from workbench.trust.schemas import Passes, broken, suspects, typed


@dataclass(frozen=True)
class Tally:
    """What became of one table's rows below its headings.

    Raises:
        AssertionError: Rows were lost or made up.
    """

    rows_in: int
    accepted: int
    quarantined: int
    blank: int

    def __post_init__(self) -> None:
        if self.rows_in != self.accepted + self.quarantined + self.blank:
            raise AssertionError(f"rows are not conserved: {self}")


@dataclass(frozen=True)
class Intake:
    """What checking a trust folder found.

    Attributes:
        folder: The folder checked.
        tables: Accepted rows of every table that could be read, typed and sorted by key.
        quarantine: Rows set aside, as written: `file`, `row`, the file's columns, what stands
            beyond its headings, and `reasons`.
        faults: Everything found, by file and row.
        tallies: What became of each table's rows.
        refused: Tables whose file cannot be used at all.
        absent: Tables that are not there.
        unknown: Files and sheets that are no table of a trust.
    """

    folder: Path
    tables: Mapping[str, pd.DataFrame]
    quarantine: Mapping[str, pd.DataFrame]
    faults: tuple[Fault, ...]
    tallies: Mapping[str, Tally]
    refused: tuple[str, ...]
    absent: tuple[str, ...]
    unknown: tuple[str, ...]

    @property
    def to_mend(self) -> tuple[Fault, ...]:
        """The faults, without what was only noted."""
        return tuple(fault for fault in self.faults if fault.effect != "noted")


def check_folder(folder: Path) -> Intake:
    """Check every table of a trust folder in one pass.

    Raises:
        BadInput: The folder is not there.
    """
    if not folder.is_dir():
        raise BadInput(
            f"{folder} is not a folder",
            where=str(folder),
            rule="a trust is a folder of tables (CSV or XLSX)",
            mend="give the path of the folder that holds schools.csv or its workbook",
        )
    faults: list[Fault] = []
    sheets, refused, unknown = _find_tables(folder, faults)
    grids: dict[str, Grid] = {}
    for name, sheet in sheets.items():
        try:
            grids[name] = lay_out(sheet, TABLES[name])
        except Unreadable as fault:
            faults.append(fault.fault(sheet.file, sheet.name))
            refused.add(name)
    suspected = suspects((grid.table, grid.fit_cells) for grid in grids.values())
    examined = {name: _examine(grid, suspected, faults) for name, grid in grids.items()}
    faults.extend(crosscheck(examined))
    faults.extend(document_faults(folder, examined))
    absent = tuple(name for name in TABLES if name not in examined and name not in refused)
    faults.extend(_needed_but_absent(TABLES[name]) for name in absent if TABLES[name].needed)
    faults.sort(key=lambda fault: (fault.file, fault.sheet or "", fault.row or 0))
    split = {name: _split(one, faults) for name, one in examined.items()}
    return Intake(
        folder,
        MappingProxyType({name: parts.accepted for name, parts in split.items()}),
        MappingProxyType({name: parts.quarantined for name, parts in split.items()}),
        tuple(faults),
        MappingProxyType({name: parts.tally for name, parts in split.items()}),
        tuple(name for name in TABLES if name in refused),
        absent,
        tuple(unknown),
    )


def _needed_but_absent(table: TableContract) -> Fault:
    return Fault(
        f"{table.name}.csv", None, None, None, "", "table_absent",
        f"there is no table {table.name}, and every trust folder needs it",
        f"add {table.name}.csv, or a sheet named {table.name}", effect="file refused",
    )  # fmt: skip


def _find_tables(folder: Path, faults: list[Fault]) -> tuple[dict[str, Sheet], set[str], list[str]]:
    """Read every file, and match its sheets to tables.

    Returns:
        The one sheet of each table, tables refused, and names that match no table.
    """
    found: dict[str, list[Sheet]] = {name: [] for name in TABLES}
    refused: set[str] = set()
    unknown: list[str] = []
    for path in sorted(folder.iterdir()):
        if not path.is_file() or path.name.startswith((".", "~$")):
            continue
        stem = table_named(path.stem, tuple(TABLES))
        if path.suffix.casefold() not in TABULAR:
            if path.suffix.casefold() in FOREIGN:
                unknown.append(path.name)
                faults.append(_unknown_file(path.name, None, "a file of this type is not read"))
            continue
        try:
            sheets = read_file(path)
        except Unreadable as fault:
            faults.append(fault.fault(path.name, None))
            refused.update({stem} if stem else ())
            continue
        for table, sheet in _matched(sheets, stem):
            if table is not None:
                found[table].append(sheet)
                continue
            unknown.append(f"{sheet.file}: {sheet.name}" if sheet.name else sheet.file)
            faults.append(_unknown_file(sheet.file, sheet.name, "its name is no table of a trust"))
    for name, sheets_of_one in found.items():
        several = found[name] = _without_untouched(sheets_of_one, TABLES[name])
        if len(several) > 1:
            refused.add(name)
            faults.extend(_twice(sheet, name, several) for sheet in several)
    once = {name: several[0] for name, several in found.items() if len(several) == 1}
    return once, refused, unknown


def _without_untouched(several: list[Sheet], table: TableContract) -> list[Sheet]:
    """Leave out sheets with headings alone, such as a template's, where there is another."""
    used = [sheet for sheet in several if not _untouched(sheet, table)]
    return used or several[:1]


def _untouched(sheet: Sheet, table: TableContract) -> bool:
    filled = [row for row in sheet.rows if any(map(str.strip, row))]
    return not filled or (
        len(filled) == 1 and {plain_heading(text) for text in filled[0]}.issuperset(table.key)
    )


def _matched(sheets: tuple[Sheet, ...], stem: str | None) -> Iterator[tuple[str | None, Sheet]]:
    """Match sheets to tables by sheet name, else the first filled sheet by the file's name.

    The guides of a template are passed over, unless a workbook holds nothing else.
    """
    sheets = tuple(s for s in sheets if (s.name or "").strip().casefold() not in GUIDES) or sheets
    named = {i: table_named(sheet.name or "", tuple(TABLES)) for i, sheet in enumerate(sheets)}
    if stem and not any(named.values()):
        first = next((i for i, sheet in enumerate(sheets) if sheet.rows), 0)
        named[first] = stem
    for i, sheet in enumerate(sheets):
        if named[i] or sheet.rows:
            yield named[i], sheet


def _unknown_file(file: str, sheet: str | None, message: str) -> Fault:
    return Fault(
        file, sheet, None, None, "", "table_unknown", f"{message}, so it is not read",
        f"take it out, or name it after one of: {', '.join(TABLES)} (.csv or .xlsx)",
        effect="noted",
    )  # fmt: skip


def _twice(sheet: Sheet, table: str, several: list[Sheet]) -> Fault:
    others = ", ".join(
        other.file + (f" (sheet {other.name})" if other.name else "")
        for other in several
        if other is not sheet
    )
    return Fault(
        sheet.file, sheet.name, None, None, "", "table_twice",
        f"the table {table} is also in {others}", "keep one of them", effect="file refused",
    )  # fmt: skip


def _examine(grid: Grid, suspected: Set[Passes], faults: list[Fault]) -> Examined:
    """Judge a table's cells one by one, add what is found, and type the sound ones."""
    faults.extend(grid.faults)
    cells = grid.fit_cells
    bad = broken(grid.table, cells, suspected)
    spoilt = {(fault.row, fault.column) for fault in grid.faults if fault.effect != "noted"}
    spoilt |= grid.covered
    filled = cells != ""
    sound = filled.copy()
    for row, column, key in bad.itertuples(index=False):
        sound.at[row, column] = False
        if (row, column) not in spoilt:
            faults.append(_cell_fault(grid, row, column, key))
    for row, column in spoilt:
        if row in sound.index and column in sound:
            sound.at[row, column] = False
    written = filled.reindex(columns=list(grid.table.names), fill_value=False)
    for row, column in grid.covered:
        if row in written.index and column in written:
            written.at[row, column] = True
    return Examined(
        grid,
        typed(grid.table, cells.where(sound, "") if len(bad) or spoilt else cells),
        written,
        sound.reindex(columns=list(grid.table.names), fill_value=False),
    )


def _cell_fault(grid: Grid, row: int, column: str, key: str) -> Fault:
    rule = next(r for r in rules_for(grid.table.column(column)) if r.key == key)
    value = str(grid.cells.at[row, column])
    return Fault(
        grid.file, grid.sheet, int(row), column, value, key, rule.says(value), rule.mends(value)
    )


@dataclass(frozen=True)
class _Split:
    accepted: pd.DataFrame
    quarantined: pd.DataFrame
    tally: Tally


def _split(one: Examined, faults: list[Fault]) -> _Split:
    """Part a table's rows into accepted and quarantined, with the reasons beside each."""
    grid = one.grid
    reasons: dict[int, list[str]] = {}
    for fault in faults:
        here = (fault.file, fault.sheet) == (grid.file, grid.sheet)
        if here and fault.row is not None and fault.effect == "row quarantined":
            reasons.setdefault(fault.row, []).append(
                f"{fault.column}: {fault.message}" if fault.column else fault.message
            )
    for row in grid.unfit:
        reasons.setdefault(row, ["see the fault reported for the headings or merged cells"])
    accepted = one.values
    if reasons:
        accepted = accepted.loc[grid.written.index[~grid.written.index.isin(list(reasons))]]
    dtypes = {column.name: column.dtype for column in grid.table.columns}
    others = {name: kind for name, kind in dtypes.items() if accepted[name].dtype != kind}
    accepted = accepted.astype(others).sort_values(
        list(grid.table.key), kind="stable", ignore_index=True
    )
    quarantined = _as_written(grid, reasons)
    rows_in = len(grid.written) + grid.blank
    tally = Tally(rows_in, len(accepted), len(quarantined), grid.blank)
    return _Split(accepted, quarantined, tally)


def _as_written(grid: Grid, reasons: Mapping[int, list[str]]) -> pd.DataFrame:
    """Return rows as they stand in the file, each heading made unique, with the reasons beside."""
    at = grid.written.index
    rows = grid.written[at.isin(list(reasons))] if reasons else grid.written.iloc[:0]
    columns: dict[str, object] = {"file": grid.file, "row": rows.index}
    for position, heading in enumerate(grid.headings):
        name = heading.strip() or "(no heading)"
        while name in {*columns, "reasons"}:
            name += " again"
        columns[name] = rows[position].array
    if any(row in grid.beyond for row in rows.index):
        columns["(beyond the headings)"] = [grid.beyond.get(row, "") for row in rows.index]
    columns["reasons"] = ["; ".join(reasons[row]) for row in rows.index]
    return pd.DataFrame(columns, index=range(len(rows)))
