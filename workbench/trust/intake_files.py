"""What a check hands back on disk: accepted rows, quarantined rows with reasons, all faults."""

from __future__ import annotations

from pathlib import Path

import pandas as pd

from workbench.trust.columns import ColumnContract, TableContract
from workbench.trust.contracts import TABLES
from workbench.trust.faults import faults_frame
from workbench.trust.formulas import without_formula
from workbench.trust.intake import Intake


def write_intake(intake: Intake, out: Path) -> None:
    """Write `faults.csv`, and `accepted/` and `quarantine/` with one CSV file a table.

    Files of an earlier check in the same place are replaced. Text that a spreadsheet program
    would run as a formula gets an apostrophe before it.
    """
    out.mkdir(parents=True, exist_ok=True)
    _write(faults_frame(intake.faults), out / "faults.csv")
    for part in ("accepted", "quarantine"):
        (out / part).mkdir(exist_ok=True)
        for name in TABLES:
            (out / part / f"{name}.csv").unlink(missing_ok=True)
    for name, rows in intake.tables.items():
        _write(as_text(TABLES[name], rows), out / "accepted" / f"{name}.csv")
    for name, rows in intake.quarantine.items():
        if not rows.empty:
            _write(rows, out / "quarantine" / f"{name}.csv")


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
