"""Trusts to review, from full to bare, and what every word and table of a review keeps to."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import replace
from typing import Any

import pandas as pd
from markupsafe import Markup

from tests.charts.words import check_words
from tests.report.elements import alive
from workbench.charts.figure import Figure
from workbench.report import html
from workbench.trust.contracts import TABLES
from workbench.trust.load import Trust, of_schools_there

PUBLISHED = ("trust", "schools", "inspections_oeif", "school_statistics")
HOSTILE = (
    "<script>alert(1)</script>",
    "=cmd()",
    "A school with a name that goes on " + "& on " * 17 + "& on",
)
_BAD = re.compile(
    r"\b(nan|None|NaT|<NA>|inf)\b|  | ,| \.|\.\.|;\.|: ?$|\(\)|(?<![.,\d])1 [a-z]+s\b"
)
# Words of one thing that end in s, which the pattern above would take for several.
_SINGULAR = re.compile(r"\b1 (is|has|lies|differs|waits|was|stands)\b")


def imported(trust: Trust) -> Trust:
    """The trust as an import of published files leaves it."""
    empty = {name: TABLES[name].empty() for name in TABLES if name not in PUBLISHED}
    return replace(trust, tables={**trust.tables, **empty}, absent=tuple(empty))


def only(trust: Trust, *urns: int) -> Trust:
    """The trust with no other schools than these."""
    schools = trust.schools[trust.schools["urn"].isin(urns)].reset_index(drop=True)
    kept, _ = of_schools_there({**trust.tables, "schools": schools})
    return replace(trust, tables=kept)


def schools_changed(trust: Trust, **columns: Any) -> Trust:
    """The trust with columns of its schools replaced."""
    schools = trust.schools.assign(**columns)
    return replace(trust, tables={**trust.tables, "schools": schools})


def hostile(trust: Trust) -> Trust:
    """The trust with its first schools renamed to what would run, compute or overflow."""
    names = trust.schools["name"].tolist()
    return schools_changed(trust, name=[*HOSTILE, *names[len(HOSTILE) :]])


def well_said(texts: Iterable[str]) -> None:
    """Check texts for what no reader should meet."""
    for text in texts:
        assert text
        assert text.strip() == text, repr(text)
        plain = text.replace(HOSTILE[1], "a name")
        found = _BAD.search(_SINGULAR.sub("one", plain))
        assert found is None, f"{found!r} in {text!r}"
        assert not re.search(r"\w_\w", text), text


def words_of(part: Markup) -> list[str]:
    """Return what a part of a page says, element by element; none may be empty."""
    assert "<li></li>" not in part
    assert not alive(str(part))
    return [Markup(one).unescape() for one in re.findall(r">([^<>]+)<", part)]


def well_set(frame: pd.DataFrame) -> None:
    """Check that a table has headings a reader knows and no cell that says nothing."""
    assert not [name for name in frame.columns if "_" in str(name)]
    assert all(not str(name)[:1].islower() for name in frame.columns), list(frame.columns)
    well_said(str(cell) for cell in frame.astype(object).to_numpy().ravel() if str(cell) != "")
    part = str(html.table_html(frame, caption="A table"))
    assert not alive(part)
    for line in html.csv_text(frame).splitlines():
        assert not line.startswith(("=", "+", "@"))


def well_drawn(figures: Iterable[Figure]) -> None:
    """Check figures' words, data and page."""
    for figure in figures:
        well_said([figure.headline, figure.subtitle, figure.alt, figure.source])
        well_set(figure.data)
        assert not alive(str(html.figure_html(figure)))
        check_words(figure.svg)
