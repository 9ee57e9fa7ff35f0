"""The index of a run: one page to find every report, what it says, and what failed."""

from __future__ import annotations

import base64
import datetime as dt
import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Literal

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from workbench import __version__
from workbench.charts.wording import count, day, listed
from workbench.report.page import TEMPLATES, style

_ROWS_TOGETHER = 200
Status = Literal["failed", "draft", "assured", "released"]
_SECTIONS = {
    "trust": "The trust",
    "comparison": "The scenarios compared, for the board",
    "scenario": "Scenario reports for the board",
    "school": "School reviews",
}
_KINDS = {
    "trust": "trust review",
    "comparison": "comparison of scenarios",
    "scenario": "scenario report",
    "school": "school review",
}
_SEVERAL = {"comparison": "comparisons of scenarios"}
_STATUSES: dict[Status, str] = {
    "failed": "Failed",
    "draft": "Complete, draft",
    "assured": "Complete, assured",
    "released": "Complete, released",
}


@dataclass(frozen=True)
class Link:
    """One file of a run.

    Attributes:
        says: What it is, such as `PDF`.
        href: Its path from the index.
        size: Its size in bytes.
    """

    says: str
    href: str
    size: int

    @property
    def weight(self) -> str:
        """Its size in words, such as `310 KB`."""
        return said_size(self.size)


@dataclass(frozen=True)
class Row:
    """One report of a run.

    Attributes:
        kind: `trust`, `comparison`, `scenario` or `school`.
        key: UID of the trust, URN, or name of the scenario or scenarios.
        name: The trust's or school's name or the scenario's title.
        status: How far it came: a whole report is a draft until somebody signs it.
        links: Its files, the page first; of a failed report, what was kept for whoever mends it.
        headline: What the report says.
        message: What went wrong.
        cell: The code cell that stopped it.
        signed: Who signed it and when, in words.
        released: Who released it, and who checked that, in words.
    """

    kind: str
    key: str
    name: str
    status: Status
    links: tuple[Link, ...] = ()
    headline: str = ""
    message: str = ""
    cell: int | None = None
    signed: str = ""
    released: str = ""

    @property
    def fault(self) -> str:
        """What went wrong and where, in plain words."""
        place = "" if self.cell is None else f"Cell {self.cell} of the notebook stopped. "
        return f"{place}{self.message}"

    @property
    def standing(self) -> str:
        """Its status in words."""
        return _STATUSES[self.status]

    @property
    def found_by(self) -> str:
        """What a reader may type to find it."""
        return f"{self.name} {self.key}".casefold()


@dataclass(frozen=True)
class _Group:
    """Reports that stand in one table, and which of their kind they are."""

    places: str
    says: str
    rows: Sequence[Row]


@dataclass(frozen=True)
class _Choice:
    """One entry of a filter: what it stands for, what it says, and how many it keeps."""

    value: str
    says: str
    number: int


def index_page(
    rows: Iterable[Row],
    *,
    trust: str,
    as_of: dt.date,
    made: dt.datetime,
    left_out: Sequence[str] = (),
    notes: Sequence[str] = (),
    downloads: Sequence[Link] = (),
) -> str:
    """Return the index of a run as a page that needs no other file.

    Where there are very many of a kind they stand in folded tables of 200, in rows that say nothing
    twice, so that the page is half as large and opens as quickly as a small one. Its search and
    filters are one small script, which the page allows by its digest and no other; without it every
    report is shown.

    Args:
        rows: The reports, in the order to list them.
        trust: The trust's name.
        as_of: The day its data describes.
        made: When the run began (UTC).
        left_out: What of the trust's folder no report could use, a sentence each.
        notes: What else a reader should know of the run, a sentence each.
        downloads: Files that hold several reports.
    """
    reports = list(rows)
    environment = Environment(
        loader=FileSystemLoader(TEMPLATES), autoescape=True, undefined=StrictUndefined
    )
    sections = [
        (kind, title, _groups([row for row in reports if row.kind == kind]))
        for kind, title in _SECTIONS.items()
    ]
    script = _read("index/find.js")
    return environment.get_template("index/index.html.j2").render(
        trust=trust,
        as_of=day(as_of),
        made=f"{day(made.date())} at {made:%H:%M} UTC",
        summary=_summary(reports),
        banner=_banner(reports),
        left_out=left_out,
        notes=notes,
        downloads=downloads,
        failed=[row for row in reports if row.status == "failed"],
        sections=[section for section in sections if section[2]],
        kinds=_kinds(reports),
        statuses=_statuses(reports),
        style=style() + _read("index/index.css"),
        script=script,
        digest=_digest(script),
        version=__version__,
    )


def said_size(size: int) -> str:
    """Return a size in bytes as people say it, such as `310 KB` or `2.4 MB`."""
    if size < 999_500:
        return f"{max(1, round(size / 1000))} KB"
    return f"{size / 1_000_000:.1f} MB"


def _groups(rows: Sequence[Row]) -> list[_Group]:
    """Part the reports of a kind, as many to a table as a reader may take in."""
    parts = [(at, rows[at : at + _ROWS_TOGETHER]) for at in range(0, len(rows), _ROWS_TOGETHER)]
    return [
        _Group(f"{at + 1} to {at + len(part)}", f"from {part[0].name} to {part[-1].name}", part)
        for at, part in parts
    ]


def _read(name: str) -> Markup:
    return Markup((TEMPLATES / name).read_text(encoding="utf-8"))


def _digest(script: str) -> str:
    """Return the digest by which the page's policy knows its script."""
    return base64.b64encode(hashlib.sha256(script.encode()).digest()).decode("ascii")


def _kinds(rows: Sequence[Row]) -> list[_Choice]:
    numbers = {kind: sum(row.kind == kind for row in rows) for kind in _KINDS}
    return [
        _Choice(kind, _KINDS[kind].capitalize(), number)
        for kind, number in numbers.items()
        if number
    ]


def _statuses(rows: Sequence[Row]) -> list[_Choice]:
    complete = sum(row.status != "failed" for row in rows)
    numbers = {status: sum(row.status == status for row in rows) for status in _STATUSES}
    choices = [_Choice("complete", "Complete", complete)] if complete else []
    choices += [
        _Choice(status, status.capitalize(), number) for status, number in numbers.items() if number
    ]
    return choices


def _banner(rows: Sequence[Row]) -> str:
    """Return the warning over a run that holds drafts; empty where every report is signed."""
    drafts = sum(row.status == "draft" for row in rows)
    whole = sum(row.status != "failed" for row in rows)
    if not drafts:
        return ""
    if drafts == whole:
        return "No one other than its author has checked these reports."
    have = "has" if drafts == 1 else "have"
    return f"{drafts} of {whole} reports {have} been checked by no one other than the author."


def _summary(rows: Sequence[Row]) -> str:
    whole = {
        kind: sum(row.kind == kind and row.status != "failed" for row in rows) for kind in _KINDS
    }
    made = listed(
        count(number, _KINDS[kind], _SEVERAL.get(kind)) for kind, number in whole.items() if number
    )
    failed = sum(row.status == "failed" for row in rows)
    if not failed:
        return f"{made}, all complete."
    complete = f"{made} complete; " if made else "No report is complete; "
    return f"{complete}{count(failed, 'report')} failed."
