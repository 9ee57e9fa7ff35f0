"""The seven pillars side by side: score, doubt, last term, and what is not known."""

from __future__ import annotations

from dataclasses import dataclass
from textwrap import fill

import numpy as np
import pandas as pd
from matplotlib.axes import Axes

from workbench.charts.figure import Figure
from workbench.charts.style import BLUE, GREY, INK, ORANGE, PALE_GREY, drawing, frame, to_svg
from workbench.charts.wording import capital, count, listed, number, percent

FULL_MARKS = 100
_BELOW = 0.27  # of a row: where the term before stands, clear of the score
_LEGEND_WIDTH = 66  # letters


@dataclass(frozen=True)
class PillarMark:
    """One pillar as it is drawn.

    Attributes:
        pillar: Its name.
        score: 0 to 100; None where too little is measured.
        lower: Lower end of the interval.
        upper: Upper end of the interval.
        measured: Share of the weight of its scored indicators that is measured; None for none.
        indicators: How many indicators make up the score.
        held_down_by: Names of critical indicators that fail.
        before: Score at the end of the term before, over the same indicators; None where unknown.
    """

    pillar: str
    score: float | None
    lower: float | None
    upper: float | None
    measured: float | None
    indicators: int
    held_down_by: tuple[str, ...] = ()
    before: float | None = None


def pillar_profile(marks: list[PillarMark], *, headline: str, whose: str, as_of: str) -> Figure:
    """Draw the pillars as dots with their intervals, in the article's order.

    Args:
        marks: One for each pillar.
        headline: The finding in a sentence.
        whose: The trust's or school's name.
        as_of: The day described, in words.
    """
    with drawing(1.05 + 0.44 * max(len(marks), 1)) as (canvas, axes):
        _draw(axes, marks)
        svg = to_svg(canvas)
    return Figure(
        key="pillar-profile",
        headline=headline,
        subtitle=(
            f"Score of each pillar of {whose} on {as_of}, 0 to {FULL_MARKS}; lines hold 19 of 20 "
            "ways of measuring and weighing"
        ),
        alt=_alt(marks),
        source="the trust's own tables, by the indicators that the workbench declares.",
        data=pd.DataFrame(
            {
                "Pillar": [capital(mark.pillar) for mark in marks],
                "Score of 100": [_figure(mark.score) for mark in marks],
                "Likely from": [_figure(mark.lower) for mark in marks],
                "Likely to": [_figure(mark.upper) for mark in marks],
                "Indicators": [mark.indicators for mark in marks],
                "Weight measured": [
                    "" if mark.measured is None else percent(mark.measured) for mark in marks
                ],
                "Held down by": [listed(mark.held_down_by) for mark in marks],
                "Term before, same indicators": [_figure(mark.before) for mark in marks],
            }
        ),
        svg=svg,
    )


def _draw(axes: Axes, marks: list[PillarMark]) -> None:
    for row, mark in enumerate(marks):
        axes.axhline(row, color=PALE_GREY, linewidth=0.6, zorder=0)
        if mark.score is None or mark.lower is None or mark.upper is None:
            axes.annotate(
                "not enough evidence for a score", (2, row), va="center", fontsize=9, color=GREY,
                bbox={"boxstyle": "square,pad=0.15", "facecolor": "white", "edgecolor": "none"},
            )  # fmt: skip
            continue
        failing = bool(mark.held_down_by)
        colour = ORANGE if failing else BLUE
        axes.plot([mark.lower, mark.upper], [row, row], color=colour, linewidth=3, zorder=2,
                  solid_capstyle="butt")  # fmt: skip
        axes.scatter(mark.score, row, s=105, color=colour, marker="X" if failing else "o",
                     edgecolors="white", linewidths=0.6, zorder=4)  # fmt: skip
        if mark.before is not None:
            axes.scatter(mark.before, row + _BELOW, s=22, facecolors="white", edgecolors=INK,
                         linewidths=1, marker="D", zorder=3)  # fmt: skip
        held = "\nheld down" if failing else ""
        axes.annotate(
            f"{number(mark.score)} ({number(mark.lower)} to {number(mark.upper)}){held}",
            (1, row), xycoords=("axes fraction", "data"), xytext=(6, 0), fontsize=9,
            textcoords="offset points", va="center", annotation_clip=False,
        )  # fmt: skip
    axes.set_yticks(np.arange(len(marks)), [_label(mark) for mark in marks])
    axes.set_ylim(max(len(marks), 1) - 0.5, -0.6)
    axes.set_xlim(0, FULL_MARKS)
    axes.set_xlabel(_legend(marks), fontsize=9)
    axes.tick_params(axis="y", length=0)
    frame(axes, grid="x")


def _label(mark: PillarMark) -> str:
    share = "" if mark.measured is None else f"\n{percent(mark.measured)} measured"
    return f"{capital(mark.pillar)}{share}"


def _legend(marks: list[PillarMark]) -> str:
    parts = ["Score (0 to 100)"]
    if any(mark.before is not None for mark in marks):
        parts.append("diamond: the same indicators a term before")
    if any(mark.held_down_by for mark in marks):
        parts.append("cross: held down by a critical indicator that fails")
    return fill("; ".join(parts), _LEGEND_WIDTH)


def _alt(marks: list[PillarMark]) -> str:
    said = []
    for mark in marks:
        if mark.score is None or mark.lower is None or mark.upper is None:
            said.append(f"{mark.pillar} without a score")
            continue
        held = f", held down by {listed(mark.held_down_by)}" if mark.held_down_by else ""
        said.append(
            f"{mark.pillar} {number(mark.score)} ({number(mark.lower)} to {number(mark.upper)}"
            f"{held})"
        )
    if not marks:
        return "An empty chart: there are no pillars to draw."
    return f"Dots with lines for {count(len(marks), 'pillar')}: {'; '.join(said)}."


def _figure(value: float | None) -> str:
    return "" if value is None else number(value)
