"""What a check hands back on disk: accepted rows with their documents, quarantined rows, faults."""

from __future__ import annotations

import csv
import shutil
from pathlib import Path

import pandas as pd

from workbench.errors import BadInput
from workbench.trust.columns import ColumnContract, TableContract
from workbench.trust.contracts import TABLES
from workbench.trust.document_files import FOLDER, locate
from workbench.trust.faults import Unreadable, faults_frame
from workbench.trust.folders import whole_folder
from workbench.trust.formulas import without_formula
from workbench.trust.intake import Intake

FAULTS = "faults.csv"
PARTS = ("accepted", "quarantine")


def write_intake(intake: Intake, out: Path) -> None:
    """Write `faults.csv`, and `accepted/` and `quarantine/` with one CSV file a table.

    The folder is written whole or not at all, and takes the place of an earlier check's. Text that
    a spreadsheet program would run as a formula gets an apostrophe before it. The documents that
    accepted rows name are copied, so that `accepted/` is a trust's folder in itself.

    Raises:
        BadInput: The folder holds anything but an earlier check's files, or a document has gone
            since the check.
    """
    out = out.resolve()
    _refuse_unless_ours(out)
    with whole_folder(out) as stage:
        _write(faults_frame(intake.faults), stage / FAULTS)
        for part in PARTS:
            (stage / part).mkdir()
        for name, rows in intake.tables.items():
            _write(as_text(TABLES[name], rows), stage / "accepted" / f"{name}.csv")
        if not (documents := intake.tables.get("documents", pd.DataFrame())).empty:
            _copy_documents(intake.folder, documents["file"].tolist(), stage / "accepted" / FOLDER)
        for name, rows in intake.quarantine.items():
            if not rows.empty:
                _write(rows, stage / "quarantine" / f"{name}.csv")


def _refuse_unless_ours(out: Path) -> None:
    if not out.exists():
        return
    ours = {
        FAULTS,
        *(f"{part}/{name}.csv" for part in PARTS for name in TABLES),
        *(f"accepted/{FOLDER}/{name}" for name in _documents_of(out)),
    }
    found = [path for path in out.rglob("*") if not path.is_dir()] if out.is_dir() else [out]
    strange = [path for path in found if path.relative_to(out).as_posix() not in ours]
    if strange or (found and not (out / FAULTS).is_file()):
        raise BadInput(
            f"{out} holds something else than an earlier check",
            where=str((strange or found)[0]),
            rule="what a check found is written to a new or empty folder, or over an earlier check",
            mend="name a folder that does not exist yet",
        )


def _copy_documents(folder: Path, names: list[str], target: Path) -> None:
    target.mkdir()
    for name in names:
        try:
            shutil.copyfile(locate(folder, name), target / name)
        except Unreadable as fault:
            raise BadInput(
                f"the document {name} was there when it was checked and is gone",
                where=str(folder / FOLDER),
                rule="what is accepted is written with the documents it names",
                mend="check the trust's folder again",
            ) from fault


def _documents_of(out: Path) -> set[str]:
    """Return the documents that an earlier check copied, by what its own table names."""
    table = out / "accepted" / "documents.csv"
    if not table.is_file():
        return set()
    with table.open(encoding="utf-8-sig", errors="replace", newline="") as stream:
        return {row.get("file") or "" for row in csv.DictReader(stream)}


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
