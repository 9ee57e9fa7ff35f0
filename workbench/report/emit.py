"""What a notebook calls to show something: every output is escaped HTML, or a named result.

Named results travel as a private MIME type that no page shows; `records` reads them back from an
executed notebook, and so does the index of a run.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Mapping
from typing import TYPE_CHECKING, Any

import pandas as pd
from IPython.display import display
from markupsafe import Markup

from workbench.charts.figure import Figure
from workbench.charts.wording import day
from workbench.errors import BadInput
from workbench.report import html

if TYPE_CHECKING:  # a notebook that only shows things starts a second sooner without it
    from nbformat import NotebookNode

RECORD = "application/vnd.workbench.record+json"
Recorded = str | int | float | bool | None
_display: Callable[..., None] = display


def open_report(title: str, *, trust: str, as_of: dt.date, purpose: str, summary: str = "") -> None:
    """Begin a report: its title as the page's one main heading, and what the masthead says.

    Args:
        title: The question or subject of the report.
        trust: The trust's name.
        as_of: The day the data describes.
        purpose: Who it is for and why, such as `For decision by the board`.
        summary: One sentence that says what the report is.
    """
    record("title", title)
    record("trust", trust)
    record("as_of", day(as_of))
    record("purpose", purpose)
    _show(Markup("<h1>{}</h1>").format(title) + html.paragraphs(*([summary] if summary else [])))


def show_figure(figure: Figure) -> None:
    """Show a figure with its headline, picture, source and data."""
    _show(html.figure_html(figure))


def show_figures(figures: Iterable[Figure]) -> None:
    """Show several figures, or nothing where there is none."""
    for figure in figures:
        show_figure(figure)


def show_table(frame: pd.DataFrame, caption: str) -> None:
    """Show a table whose columns are headed as a reader understands them.

    Raises:
        BadInput: A heading is a raw column name, with an underscore in it.
    """
    _show(_table(frame, caption))


def show_folded_table(frame: pd.DataFrame, caption: str, summary: str) -> None:
    """Show a table that a reader opens when it is wanted, such as a long list behind a figure.

    On paper it is left out: the report's workbook has it.

    Args:
        frame: The table.
        caption: What it is.
        summary: The words that open it, such as `All 43 schools`.

    Raises:
        BadInput: A heading is a raw column name, with an underscore in it.
    """
    _show(html.folded(summary, _table(frame, caption)))


def say(*sentences: str) -> None:
    """Show each text as a paragraph."""
    _show(html.paragraphs(*sentences))


def say_list(*sentences: str) -> None:
    """Show texts as a list."""
    _show(html.bullets(sentences))


def show_panel(title: str, *parts: Markup) -> None:
    """Show parts of a page in a frame with a heading: what a reader should not miss."""
    frame = Markup('<section class="panel"><h2>{}</h2>{}</section>')
    _show(frame.format(title, Markup("").join(parts)))


def show_parts(*parts: Markup) -> None:
    """Show parts of a page, one after another."""
    _show(Markup("").join(parts))


def record(name: str, value: Recorded) -> None:
    """Keep a named result with the notebook, unseen: it reaches the index of the run."""
    _display({RECORD: {"name": name, "value": value}}, raw=True)


def records(notebook: NotebookNode) -> dict[str, Recorded]:
    """Return the named results of an executed notebook; a later one replaces an earlier."""
    found: dict[str, Recorded] = {}
    for cell in notebook.cells:
        for output in cell.get("outputs", ()):
            content: Mapping[str, Any] = output.get("data", {}).get(RECORD, {})
            if "name" in content:
                found[str(content["name"])] = content.get("value")
    return found


def _table(frame: pd.DataFrame, caption: str) -> Markup:
    raw = [str(column) for column in frame.columns if "_" in str(column)]
    if raw:
        raise BadInput(
            f"{', '.join(raw)} cannot head a column of a report",
            where=caption,
            rule="headings are words a reader understands",
            mend="rename the columns before showing the table",
        )
    return html.table_html(frame, caption=caption)


def _show(part: Markup) -> None:
    _display({"text/html": str(part)}, raw=True)
