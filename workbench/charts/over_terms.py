"""The pillars over the last terms: one panel each, a score with its doubt at each term's end."""

from __future__ import annotations

import math
from collections.abc import Sequence
from textwrap import fill

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure as Canvas

from workbench.charts.figure import Figure
from workbench.charts.labels import fitted
from workbench.charts.panels import COLUMNS, align_ends, only_words, panels
from workbench.charts.style import BLUE, GREY, MID_BLUE, drawing, frame, to_svg
from workbench.charts.wording import capital, count, listed, number

FULL_MARKS = 100
_TITLE_POINTS = 128.0
Row = tuple[str, str, float | None, float | None, float | None]


def pillars_over_terms(scores: Sequence[Row], *, whose: str, source: str) -> Figure:
    """Draw each pillar's score with its interval at the end of each term, with gaps for none.

    Args:
        scores: Term (in words), pillar, score (0 to 100) and the ends of its interval; None where
            there was no score. Terms and pillars keep the order in which they first occur.
        whose: The trust's or school's name.
        source: Where the scores come from.
    """
    table = pd.DataFrame(scores, columns=["term", "pillar", "score", "lower", "upper"])
    table[["score", "lower", "upper"]] = table[["score", "lower", "upper"]].astype("float64")
    terms, pillars = (list(dict.fromkeys(table[name])) for name in ("term", "pillar"))
    rows = -(-len(pillars) // COLUMNS)
    with drawing(0.75 + 1.25 * rows if pillars else 1.0) as (canvas, axes):
        if pillars:
            _draw(canvas, axes, table, terms, pillars)
        else:
            only_words(axes, "no pillar was measured")
        svg = to_svg(canvas)
    period = f", {terms[0]} to {terms[-1]}" if terms else ""
    return Figure(
        key="pillars-over-terms",
        headline=_headline(table, terms, pillars),
        subtitle=(
            f"Score of each pillar of {whose} at the end of {count(len(terms), 'term')}{period}, "
            f"0 to {FULL_MARKS}; lines hold 19 of 20 ways of measuring and weighing"
        ),
        alt=_alt(table, pillars),
        source=source,
        data=pd.DataFrame(
            {
                "Pillar": [capital(name) for name in table["pillar"]],
                "Term": table["term"].tolist(),
                "Score of 100": [_figure(value) for value in table["score"]],
                "Likely from": [_figure(value) for value in table["lower"]],
                "Likely to": [_figure(value) for value in table["upper"]],
            }
        ),
        svg=svg,
    )


def _draw(
    canvas: Canvas, axes: Axes, table: pd.DataFrame, terms: list[str], pillars: list[str]
) -> None:
    made = panels(canvas, axes, len(pillars), min(COLUMNS, max(len(pillars), 2)))
    for panel, pillar in zip(made, pillars, strict=False):
        rows = table[table["pillar"] == pillar].set_index("term").reindex(terms)
        places = range(len(terms))
        panel.plot(places, rows["score"], color=MID_BLUE, linewidth=1, zorder=1)
        known = rows.assign(at=list(places)).dropna(subset=["score"])
        panel.vlines(known["at"], known["lower"], known["upper"], color=BLUE, linewidth=2.2,
                     zorder=2)  # fmt: skip
        panel.scatter(known["at"], known["score"], s=34, color=BLUE, zorder=3, linewidths=0)
        last = rows["score"].iloc[-1]
        said = "no score now" if pd.isna(last) else f"now {number(last)}"
        if rows["score"].isna().all():
            panel.annotate("not enough evidence", (0.5, 0.5), xycoords="axes fraction",
                           ha="center", va="center", fontsize=8.5, color=GREY)  # fmt: skip
        panel.set_title(
            f"{fitted(capital(pillar), _TITLE_POINTS)}\n{said}", fontsize=8.5, loc="left", pad=4
        )
        frame(panel, grid="y")
    ends = [0, len(terms) - 1] if len(terms) > 1 else [0]
    for panel in made:
        panel.set_xticks(ends, [fill(terms[at], 8) for at in ends])
        align_ends(panel)
    first = made[0]
    first.set_ylim(0, FULL_MARKS)
    first.set_yticks([0, 50, FULL_MARKS])
    first.set_xlim(-0.5, len(terms) - 0.5)
    canvas.supylabel(f"score, 0 to {FULL_MARKS}", fontsize=8.5)


def _moves(table: pd.DataFrame, terms: list[str], pillar: str) -> str | None:
    """Say whether the last score's interval lies clear of the first's: `up`, `down` or `no`."""
    rows = table[(table["pillar"] == pillar) & table["score"].notna()]
    if len(rows) < 2 or rows["term"].iloc[-1] != terms[-1]:
        return None
    first, last = rows.iloc[0], rows.iloc[-1]
    if last["lower"] > first["upper"]:
        return "up"
    return "down" if last["upper"] < first["lower"] else "no"


def _headline(table: pd.DataFrame, terms: list[str], pillars: list[str]) -> str:
    moves = {name: _moves(table, terms, name) for name in pillars}
    compared = [name for name, move in moves.items() if move is not None]
    if not compared:
        return "No pillar has scores of two terms to compare"
    parts = []
    for way, words in (("up", "higher"), ("down", "lower")):
        there = [name for name in compared if moves[name] == way]
        parts += [f"{listed(there)} {'is' if len(there) == 1 else 'are'} {words}"] if there else []
    if not parts:
        where = "the one pillar" if len(compared) == 1 else f"any of {len(compared)} pillars"
        return f"No change beyond doubt in {where} compared since {terms[0]}"
    return f"{capital(listed(parts))} than when first scored, beyond doubt"


def _alt(table: pd.DataFrame, pillars: list[str]) -> str:
    if not pillars:
        return "An empty chart."
    said = []
    for pillar in pillars:
        rows = table[table["pillar"] == pillar]
        known = rows[rows["score"].notna()]
        if known.empty:
            said.append(f"{pillar} without a score")
            continue
        first, last = known.iloc[0], known.iloc[-1]
        gaps = len(rows) - len(known)
        gap = f", {count(gaps, 'term')} without a score" if gaps else ""
        said.append(
            f"{pillar} {number(first['score'])} in {first['term']}, {number(last['score'])} in "
            f"{last['term']}{gap}"
        )
    return f"{capital(count(len(pillars), 'panel'))} on one scale: {'; '.join(said)}."


def _figure(value: float) -> str:
    return "" if math.isnan(value) else number(value)
