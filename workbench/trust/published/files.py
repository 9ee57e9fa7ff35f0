"""Finding published files in a folder tree by their headers, and dating each snapshot."""

from __future__ import annotations

import datetime as dt
import hashlib
import re
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from workbench.errors import BadInput
from workbench.trust.published.kinds import Kind, kind_of
from workbench.trust.published.text import (
    CSV_SUFFIXES,
    WORKBOOK_SUFFIXES,
    Row,
    Sheet,
    dates,
    frame,
    read_sheets,
)

# Titles and notes may stand above a header, never more than this many rows of them.
DEEPEST_HEADER = 15
MONTHS = (
    "january", "february", "march", "april", "may", "june", "july", "august", "september",
    "october", "november", "december",
)  # fmt: skip
_MONTH = "(?P<month>[a-z]{3,9})"
_NAMED_DATES = (
    re.compile(r"(?<!\d)(?P<year>20\d\d)[-_. ]?(?P<number>0[1-9]|1[0-2])[-_. ]?"
               r"(?P<day>0[1-9]|[12]\d|3[01])(?!\d)"),
    re.compile(rf"(?<!\d)(?P<day>\d{{1,2}})[-_. ]*{_MONTH}[-_. ]*(?P<year>20\d\d)(?!\d)"),
    re.compile(rf"(?<![a-z\d])(?<!\d[-_. ]){_MONTH}[-_. ]*(?P<year>20\d\d)(?!\d)"),
)  # fmt: skip
_TWO_YEARS = re.compile(r"(?<!\d)(?P<first>20\d\d)[-_/ ]?(?:20)?(?P<second>\d\d)(?!\d)")
_ONE_YEAR = re.compile(r"(?<!\d)(?P<year>20\d\d)(?!\d)")


@dataclass(frozen=True)
class PublishedFile:
    """One table of one file, recognised by its header.

    Args:
        path: Where the file is.
        source: The folder it was found under.
        sheet: The sheet's name; None in a CSV file.
        kind: What it is.
        header: Its column names as published.
        header_row: Rows above the header.
        snapshot: The day it describes, or None where nothing says.
        dated_from: `file name`, `content` or `nothing`.
        period: The academic year a yearly table describes, such as `2018/19`; else None.
        rows: Rows with anything in them under the header; None where they are not yet counted.
    """

    path: Path
    source: Path
    sheet: str | None
    kind: Kind
    header: tuple[str, ...]
    header_row: int
    snapshot: dt.date | None
    dated_from: str
    period: str | None = None
    rows: int | None = None

    @property
    def relative(self) -> str:
        """The file's place under the source folder, and its sheet."""
        place = self.path.relative_to(self.source).as_posix()
        return place if self.sheet is None else f"{place} [{self.sheet}]"


@dataclass(frozen=True)
class Found:
    """What a folder tree holds.

    Args:
        files: The tables recognised.
        unknown: Files whose headers fit no kind.
        unreadable: Files that could not be opened, each with the reason.
    """

    files: tuple[PublishedFile, ...]
    unknown: tuple[str, ...]
    unreadable: tuple[str, ...]

    def of(self, *kinds: Kind) -> tuple[PublishedFile, ...]:
        """Return the files of some kinds, latest snapshot first, undated last."""
        chosen = [file for file in self.files if file.kind in kinds]
        return tuple(sorted(chosen, key=lambda file: file.snapshot or dt.date.min, reverse=True))

    def latest(self, kind: Kind) -> PublishedFile | None:
        """Return the latest snapshot of a kind, or None where there is none."""
        return next(iter(self.of(kind)), None)


def find(source: Path) -> Found:
    """Return every published table under a folder, known by its header and not by its name.

    A snapshot is dated by its file name where that holds a date (`20220915`, `31_Dec_2014`,
    `july2018`, the end of that month), else by the latest date in the columns its kind names.

    Raises:
        BadInput: The folder does not exist.
    """
    if not source.is_dir():
        raise BadInput(
            f"there is no folder {source}",
            where=str(source),
            rule="--from names a folder of files as DfE and Ofsted publish them",
            mend="check the path, or make the folder and put the downloads in it",
        )
    files: list[PublishedFile] = []
    unknown: list[str] = []
    unreadable: list[str] = []
    for path in sorted(source.rglob("*")):
        suffix = path.suffix.lower()
        if suffix not in CSV_SUFFIXES | WORKBOOK_SUFFIXES or path.name.startswith((".", "~$")):
            continue
        if not path.is_file():
            continue
        try:
            known = _recognise(path, source)
        except BadInput as fault:
            unreadable.append(f"{path.relative_to(source).as_posix()}: {fault.what}")
            continue
        files.extend(known)
        if not known:
            unknown.append(path.relative_to(source).as_posix())
    return Found(tuple(files), tuple(unknown), tuple(unreadable))


def read(
    file: PublishedFile, columns: Iterable[str], urns: frozenset[int] | None = None
) -> tuple[pd.DataFrame, int]:
    """Return the wanted columns of a published table as text, and how many rows were set aside.

    Args:
        file: The table.
        columns: Column names to take; one the table lacks is blank throughout.
        urns: Keep only rows of these schools.
    """
    [sheet] = read_sheets(file.path, only=file.sheet)
    return frame(sheet.rows[file.header_row + 1 :], list(file.header), columns, urns)


def count_rows(file: PublishedFile) -> int:
    """Return how many rows with anything in them stand under the header."""
    if file.rows is not None:
        return file.rows
    [sheet] = read_sheets(file.path, only=file.sheet)
    return _filled(sheet.rows[file.header_row + 1 :])


def sha256(path: Path) -> str:
    """Return the SHA-256 of a file's bytes."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def date_in_name(name: str) -> dt.date | None:
    """Return the date a file name holds, or None; a month without a day means its last day."""
    text = name.casefold()
    for pattern in _NAMED_DATES:
        for match in pattern.finditer(text):
            parts = match.groupdict()
            month = int(parts["number"]) if "number" in parts else _month(parts["month"])
            if month is None:
                continue
            try:
                if "day" in parts:
                    return dt.date(int(parts["year"]), month, int(parts["day"]))
                after = dt.date(int(parts["year"]) + month // 12, month % 12 + 1, 1)
                return after - dt.timedelta(days=1)
            except ValueError:
                continue
    return None


def academic_year(path: Path, source: Path) -> str | None:
    """Return the academic year a file's name or nearest folder names, such as `2018/19`, or None.

    `2018-2019`, `2018-19` and `201819` name both years; a year alone, as performance tables use it,
    is the year the academic year ends in (a folder counts only when the year is its whole name:
    `downloads 2026` may hold anything).
    """
    folders = [source.name, *path.relative_to(source).parts[:-1]]
    for place, text in enumerate((path.stem, *reversed(folders))):
        for match in _TWO_YEARS.finditer(text):
            if (int(match["first"]) + 1) % 100 == int(match["second"]):
                return f"{match['first']}/{match['second']}"
        single = _ONE_YEAR.fullmatch(text) if place else _ONE_YEAR.search(text)
        if single:
            end = int(single["year"])
            return f"{end - 1}/{end % 100:02d}"
    return None


def _recognise(path: Path, source: Path) -> list[PublishedFile]:
    """Return the tables a file holds that are of a known kind, at most one a sheet."""
    is_csv = path.suffix.lower() in CSV_SUFFIXES
    known = []
    for sheet in read_sheets(path, DEEPEST_HEADER + 1 if is_csv else None):
        header = next(
            ((place, kind) for place, row in enumerate(sheet.rows[:DEEPEST_HEADER])
             if (kind := kind_of(row)) is not None),
            None,
        )  # fmt: skip
        if header is None:
            continue
        place, kind = header
        snapshot, dated_from, rows = date_in_name(path.stem), "file name", None
        if snapshot is None:
            whole = read_sheets(path)[0] if is_csv else sheet
            snapshot = _latest_date(whole, place, kind)
            dated_from = "content" if snapshot else "nothing"
            rows = _filled(whole.rows[place + 1 :])
        elif not is_csv:
            rows = _filled(sheet.rows[place + 1 :])
        known.append(
            PublishedFile(
                path, source, sheet.name, kind, tuple(sheet.rows[place]), place, snapshot,
                dated_from, academic_year(path, source) if kind.yearly else None, rows,
            )
        )  # fmt: skip
    return known


def _filled(rows: list[Row]) -> int:
    return sum(any(cell.strip() for cell in row) for row in rows)


def _latest_date(sheet: Sheet, place: int, kind: Kind) -> dt.date | None:
    """Return the latest date in the first of a kind's dating columns that holds any."""
    if not kind.dated_by:
        return None
    texts, _ = frame(sheet.rows[place + 1 :], sheet.rows[place], kind.dated_by)
    latest = (dates(texts[name], kind.date_formats).max() for name in kind.dated_by)
    return next((day.date() for day in latest if not pd.isna(day)), None)


def _month(word: str) -> int | None:
    if len(word) < 3:
        return None
    return next((n for n, name in enumerate(MONTHS, 1) if name.startswith(word[:3])
                 and (name.startswith(word) or word == "sept")), None)  # fmt: skip
