"""Small trust folders for tests, written from a few words."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from openpyxl import Workbook
from openpyxl.worksheet.worksheet import Worksheet

TRUST = "trust_uid,name,as_of,reserves_gbp,annual_income_gbp\n90001,Fell Trust,2026-10-31,,\n"
SCHOOLS = (
    "urn,name,phase,joined,pupils\n"
    "900001,Ash School,primary,2020-09-01,210\n"
    "900002,Beech School,secondary,2021-09-01,900\n"
    "900003,Cedar School,special,2022-09-01,\n"
)
SCHOOL_HEADINGS = ["urn", "name", "phase", "joined", "pupils"]


def write_trust(folder: Path, **tables: str) -> Path:
    """Write a trust of three schools, each table replaced or added as CSV text."""
    for name, text in {"trust": TRUST, "schools": SCHOOLS, **tables}.items():
        (folder / f"{name}.csv").write_text(text, encoding="utf-8")
    return folder


def schools_workbook(folder: Path, *rows: list[Any]) -> tuple[Workbook, Worksheet]:
    """Write the trust table, and return a workbook whose sheet `schools` holds these rows."""
    (folder / "trust.csv").write_text(TRUST, encoding="utf-8")
    book = Workbook()
    sheet = book.worksheets[0]
    sheet.title = "schools"
    sheet.append(SCHOOL_HEADINGS)
    for row in rows:
        sheet.append(row)
    return book, sheet
