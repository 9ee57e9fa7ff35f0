"""The index of a run: every report with its finding, and what failed, in plain words."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from workbench import __version__
from workbench.charts.wording import count, day, listed
from workbench.report.page import TEMPLATES, style

_SECTIONS = {
    "trust": "The trust",
    "comparison": "The scenarios compared, for the board",
    "scenario": "Scenario reports for the board",
    "school": "School reviews",
}


@dataclass(frozen=True)
class Row:
    """One report of a run.

    Attributes:
        kind: `trust`, `comparison`, `scenario` or `school`.
        key: UID of the trust, URN, or name of the scenario or scenarios.
        name: The trust's or school's name or the scenario's title.
        page: The report's file; None where it failed.
        notebook: The executed notebook's file; None where none was kept.
        headline: What the report says.
        message: What went wrong.
        cell: The code cell that stopped it.
    """

    kind: str
    key: str
    name: str
    page: str | None
    notebook: str | None
    headline: str = ""
    message: str = ""
    cell: int | None = None

    @property
    def fault(self) -> str:
        """What went wrong and where, in plain words."""
        place = "" if self.cell is None else f"Cell {self.cell} of the notebook stopped. "
        return f"{place}{self.message}"


def index_page(
    rows: Iterable[Row],
    *,
    trust: str,
    as_of: dt.date,
    made: dt.datetime,
    left_out: Sequence[str] = (),
) -> str:
    """Return the index of a run as a page.

    Args:
        rows: The reports, in the order to list them.
        trust: The trust's name.
        as_of: The day its data describes.
        made: When the run began (UTC).
        left_out: What of the trust's folder no report could use, a sentence each.
    """
    listed_rows = list(rows)
    environment = Environment(
        loader=FileSystemLoader(TEMPLATES), autoescape=True, undefined=StrictUndefined
    )
    sections = [
        (title, [row for row in listed_rows if row.kind == kind])
        for kind, title in _SECTIONS.items()
    ]
    return environment.get_template("index/index.html.j2").render(
        trust=trust,
        as_of=day(as_of),
        made=f"{day(made.date())} at {made:%H:%M} UTC",
        summary=_summary(listed_rows),
        left_out=left_out,
        failed=[row for row in listed_rows if row.page is None],
        sections=[(title, chosen) for title, chosen in sections if chosen],
        style=style(),
        version=__version__,
    )


def _summary(rows: list[Row]) -> str:
    kinds = {
        "trust": "trust review",
        "comparison": "comparison of scenarios",
        "scenario": "scenario report",
        "school": "school review",
    }
    whole = {kind: sum(row.kind == kind and row.page is not None for row in rows) for kind in kinds}
    several = {"comparison": "comparisons of scenarios"}
    made = listed(
        count(number, kinds[kind], several.get(kind)) for kind, number in whole.items() if number
    )
    failed = sum(row.page is None for row in rows)
    if not failed:
        return f"{made}, all complete."
    complete = f"{made} complete; " if made else "No report is complete; "
    return f"{complete}{count(failed, 'report')} failed."
