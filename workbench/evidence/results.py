"""The results of a report, apart from how any file shows them: what two runs are compared by.

Pages, PDFs and workbooks hold times and durations; results hold none, so that equal inputs give
equal bytes.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import nbformat

from workbench.evidence.names import results_name
from workbench.evidence.pictures import digest_of_picture
from workbench.evidence.store import publish
from workbench.report.contents import Contents, ShownFigure, ShownTable, contents_of
from workbench.report.emit import Recorded, records

FORM = 2
_FIRST_FORM = 1  # it held neither words nor pictures
_PLACE = re.compile(r"\b0x[0-9a-f]{6,}\b")  # where in memory something printed lay
_LONGEST = 120


def results_of(contents: Contents, recorded: Mapping[str, Recorded]) -> str:
    """Return the results of a report as JSON, equal byte for byte for equal results.

    They are what the notebook recorded, to the last digit; every line it said, every table, and
    of every figure its words, its data and a digest of its picture, as the page shows them. What
    the report was made from, when, and who signed it are left out.

    Args:
        contents: What the finished page shows.
        recorded: What the notebook recorded by name.
    """
    content = {
        "form": FORM,
        "title": contents.title,
        "recorded": dict(recorded),
        "words": [_PLACE.sub("0x", line) for line in contents.words],
        "tables": [_table(table) for table in contents.tables],
        "figures": [_figure(figure) for figure in contents.figures],
        "pictures": [
            {"alt": one.alt, "picture": digest_of_picture(one.picture)} for one in contents.pictures
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
    """Return what differs between two results, each by its name; empty where nothing does.

    Of results kept in the first form, words and pictures are not compared: it had none.
    """
    if then == now:
        return ()
    old, new = json.loads(then), json.loads(now)
    if old["form"] == _FIRST_FORM:
        new = _in_first_form(new)
    before, after = dict(_named(old)), dict(_named(new))
    names = [*before, *(name for name in after if name not in before)]
    found = tuple(_shortened(name) for name in names if before.get(name) != after.get(name))
    return found or (("their order",) if _apart_from_form(old) != _apart_from_form(new) else ())


def _figure(figure: ShownFigure) -> dict[str, Any]:
    return {
        "key": figure.key,
        "headline": figure.headline,
        "subtitle": figure.subtitle,
        "alt": figure.alt,
        "source": figure.source,
        "picture": digest_of_picture(figure.picture),
    } | _table(figure.table)


def _table(table: ShownTable) -> dict[str, Any]:
    return {
        "caption": table.caption,
        "section": table.section,
        "columns": list(table.columns),
        "rows": [list(row) for row in table.rows],
    }


def _in_first_form(content: Mapping[str, Any]) -> dict[str, Any]:
    """Return results without what their first form did not hold."""
    later = {"subtitle", "source", "picture"}
    figures = [{n: v for n, v in one.items() if n not in later} for one in content["figures"]]
    kept = {name: content[name] for name in ("form", "title", "recorded", "tables")}
    return kept | {"figures": figures}


def _apart_from_form(content: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in content.items() if name != "form"}


def _named(content: Mapping[str, Any]) -> Iterator[tuple[str, object]]:
    """Yield each result with words that name it."""
    yield "the title", content["title"]
    for name, value in content["recorded"].items():
        yield f"the recorded {name}", value
    for line, count in Counter(content.get("words", ())).items():
        yield f"the words {line!r}", count
    for number, table in enumerate(content["tables"], start=1):
        yield f"table {number} ({table['caption']})", table
    for figure in content["figures"]:
        yield f"figure {figure['key']}", {**figure, "picture": None}
        yield f"the picture of figure {figure['key']}", figure.get("picture")
    for number, picture in enumerate(content.get("pictures", ()), start=1):
        yield f"picture {number} ({picture['alt']})", picture


def _shortened(name: str) -> str:
    return name if len(name) <= _LONGEST else f"{name[: _LONGEST - 3]}..."
