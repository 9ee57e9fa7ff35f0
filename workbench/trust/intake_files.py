"""What a check hands back on disk: accepted rows, quarantined rows with reasons, all faults."""

from __future__ import annotations

from pathlib import Path

import pandas as pd

from workbench.errors import BadInput
from workbench.trust.columns import ColumnContract, TableContract
from workbench.trust.contracts import TABLES
from workbench.trust.faults import faults_frame
from workbench.trust.folders import whole_folder
from workbench.trust.formulas import without_formula
from workbench.trust.intake import Intake

FAULTS = "faults.csv"
PARTS = ("accepted", "quarantine")


def write_intake(intake: Intake, out: Path) -> None:
    """Write `faults.csv`, and `accepted/` and `quarantine/` with one CSV file a table.

    The folder is written whole or not at all, and takes the place of an earlier check's. Text that
    a spreadsheet program would run as a formula gets an apostrophe before it.

    Raises:
        BadInput: The folder holds anything but an earlier check's files.
    """
    out = out.resolve()
    _refuse_unless_ours(out)
    with whole_folder(out) as stage:
        _write(faults_frame(intake.faults), stage / FAULTS)
        for part in PARTS:
            (stage / part).mkdir()
        for name, rows in intake.tables.items():
            _write(as_text(TABLES[name], rows), stage / "accepted" / f"{name}.csv")
        for name, rows in intake.quarantine.items():
            if not rows.empty:
                _write(rows, stage / "quarantine" / f"{name}.csv")


def _refuse_unless_ours(out: Path) -> None:
    if not out.exists():
        return
    ours = {FAULTS, *(f"{part}/{name}.csv" for part in PARTS for name in TABLES)}
    found = [path for path in out.rglob("*") if not path.is_dir()] if out.is_dir() else [out]
    strange = [path for path in found if path.relative_to(out).as_posix() not in ours]
    if strange or (found and not (out / FAULTS).is_file()):
        raise BadInput(
            f"{out} holds something else than an earlier check",
            where=str((strange or found)[0]),
            rule="what a check found is written to a new or empty folder, or over an earlier check",
            mend="name a folder that does not exist yet",
        )


def as_text(table: TableContract, rows: pd.DataFrame) -> pd.DataFrame:
    """Return typed rows as the text a trust folder holds; missing values as blanks."""
    return pd.DataFrame(
        {column.name: _text_of(column, rows[column.name]) for column in table.columns},
        index=rows.index,
        dtype="str",
    )


def _text_of(column: ColumnContract, values: pd.Series) -> pd.Series[str]:
    text: pd.Series
    match column.kind:
        case "date":
            text = values.dt.strftime("%Y-%m-%d")
        case "yes/no":
            text = values.map({True: "yes", False: "no"})
        case "number":
            text = values.map(_plain, na_action="ignore")
        case _:
            text = values.astype("str")
    known: pd.Series[str] = text.astype("str").where(values.notna(), "")
    return known


def _plain(number: float) -> str:
    """Write a number in full, without an exponent."""
    if number.is_integer():
        return str(int(number))
    text = repr(number)
    return f"{number:.30f}".rstrip("0") if "e" in text else text


def _write(frame: pd.DataFrame, path: Path) -> None:
    """Write a frame as CSV that a spreadsheet program opens in the right letters."""
    safe = frame.astype("str").where(frame.notna(), "").map(without_formula)
    safe.columns = pd.Index([without_formula(str(name)) for name in frame.columns])
    safe.to_csv(path, index=False, encoding="utf-8-sig", lineterminator="\n")
