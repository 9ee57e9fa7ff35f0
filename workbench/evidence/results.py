"""The results of a report, apart from how any file shows them: what two runs are compared by.

Pages, PDFs and workbooks hold times and durations; results hold none, so that equal inputs give
equal bytes.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import nbformat

from workbench.evidence.names import results_name
from workbench.evidence.store import publish
from workbench.report.contents import Contents, ShownTable, contents_of
from workbench.report.emit import Recorded, records

FORM = 1


def results_of(contents: Contents, recorded: Mapping[str, Recorded]) -> str:
    """Return the results of a report as JSON, equal byte for byte for equal results.

    They are what the notebook recorded, every table, and the data of every figure, as the page
    shows them. What the report was made from, when, and who signed it are left out.

    Args:
        contents: What the finished page shows.
        recorded: What the notebook recorded by name.
    """
    content = {
        "form": FORM,
        "title": contents.title,
        "recorded": dict(recorded),
        "tables": [_table(table) for table in contents.tables],
        "figures": [
            {"key": figure.key, "headline": figure.headline, "alt": figure.alt}
            | _table(figure.table)
            for figure in contents.figures
        ],
    }
    return json.dumps(content, ensure_ascii=False, sort_keys=True, indent=1, allow_nan=False) + "\n"


def publish_results(run: Path, stem: str, page: str, notebook: str) -> None:
    """Write the results of a report that has just been published.

    Args:
        run: The run's folder.
        stem: Name of the report's files without their endings.
        page: Its page, by its path within that folder.
        notebook: Its executed notebook, likewise.
    """
    shown = contents_of((run / page).read_text(encoding="utf-8"))
    recorded = records(nbformat.read(run / notebook, as_version=4))
    publish(run, results_name(stem), results_of(shown, recorded))


def differences(then: str, now: str) -> tuple[str, ...]:
    """Return what differs between two results, each by its name; empty where nothing does."""
    if then == now:
        return ()
    before, after = dict(_named(json.loads(then))), dict(_named(json.loads(now)))
    names = [*before, *(name for name in after if name not in before)]
    found = tuple(name for name in names if before.get(name) != after.get(name))
    return found or ("their order",)


def _table(table: ShownTable) -> dict[str, Any]:
    return {
        "caption": table.caption,
        "section": table.section,
        "columns": list(table.columns),
        "rows": [list(row) for row in table.rows],
    }


def _named(content: Mapping[str, Any]) -> Iterator[tuple[str, object]]:
    """Yield each result with words that name it."""
    yield "the title", content["title"]
    for name, value in content["recorded"].items():
        yield f"the recorded {name}", value
    for number, table in enumerate(content["tables"], start=1):
        yield f"table {number} ({table['caption']})", table
    for figure in content["figures"]:
        yield f"figure {figure['key']}", figure
