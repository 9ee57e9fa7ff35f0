"""A tornado: how far one assumption alone moves the answer, the widest first."""

from __future__ import annotations

import pandas as pd
from matplotlib.axes import Axes

from workbench.charts.asked import (
    factor_lines,
    outcome,
    outcome_from,
    outcome_in_short,
    plan_words,
)
from workbench.charts.figure import Figure
from workbench.charts.labels import NAME_SIZE
from workbench.charts.style import BLUE, INK, MID_BLUE, drawing, frame, to_svg
from workbench.charts.wording import capital, count, inside, percent, points, short


def tornado_bars(
    table: pd.DataFrame,
    *,
    base: float,
    asked: str,
    trust: str,
    scenario: str,
    joiners: int,
    horizon: str,
    replicates: int,
    most: int = 10,
) -> Figure:
    """Draw how the outcome changes as one factor at a time goes to the ends of its belief.

    Args:
        table: One row a factor, widest swing first: `label, low, low_lower, low_upper, high,
            high_lower, high_upper, clear`.
        base: The outcome with every factor at its own value.
        asked: The outcome explained, a key of `asked.OUTCOMES`.
        trust: The trust's name.
        scenario: The scenario's title.
        joiners: Number of schools that join.
        horizon: The last term looked at.
        replicates: Simulated futures for each end.
        most: Most factors drawn.
    """
    rows = table.head(most)
    with drawing(1.0 + 0.5 * max(len(rows), 1)) as (canvas, axes):
        _draw(axes, rows)
        svg = to_svg(canvas)
    return Figure(
        key="tornado",
        headline=_headline(table, base, asked),
        subtitle=(
            f"Change of the {outcome(asked)} (percentage points) as one assumption goes to its "
            f"5th or 95th percentile, all others at their own value ({percent(base)}); "
            f"{plan_words(trust, scenario, joiners, horizon)}"
        ),
        alt=_alt(rows),
        source=(
            f"growth model of this workbench, the same {replicates:,} simulated futures for each "
            "bar; lines hold 19 of 20 repetitions."
        ),
        data=pd.DataFrame({
            "Assumption": [capital(label) for label in rows["label"]],
            "Change at its 5th percentile": [points(change) for change in rows["low"]],
            "Likely low": _ends(rows, "low"),
            "Change at its 95th percentile": [points(change) for change in rows["high"]],
            "Likely high": _ends(rows, "high"),
            "Clear of chance": ["yes" if clear else "no" for clear in rows["clear"]],
        }).rename(columns={"Likely low": "Range at its 5th", "Likely high": "Range at its 95th"}),
        svg=svg,
    )  # fmt: skip


def _ends(rows: pd.DataFrame, end: str) -> list[str]:
    return [
        f"{points(lower)} to {points(upper)}"
        for lower, upper in zip(rows[f"{end}_lower"], rows[f"{end}_upper"], strict=True)
    ]


def _draw(axes: Axes, rows: pd.DataFrame) -> None:
    for place, row in enumerate(rows.to_dict("records")):
        for end, shift, colour in (("low", -0.19, MID_BLUE), ("high", 0.19, BLUE)):
            axes.barh(place + shift, row[end] * 100, height=0.36, color=colour, linewidth=0,
                      hatch="" if end == "high" else "///", edgecolor="white")  # fmt: skip
            axes.plot([row[f"{end}_lower"] * 100, row[f"{end}_upper"] * 100], [place + shift] * 2,
                      color=INK, linewidth=1)  # fmt: skip
    axes.axvline(0, color=INK, linewidth=1)
    axes.set_yticks(
        range(len(rows)), [factor_lines(label) for label in rows["label"]], fontsize=NAME_SIZE
    )
    axes.set_ylim(max(len(rows), 1) - 0.5, -0.5)
    axes.set_xlabel("change, percentage points\nhatched: at its 5th percentile; dark: at its 95th")
    axes.tick_params(axis="y", length=0)
    frame(axes, grid="x")


def _headline(table: pd.DataFrame, base: float, asked: str) -> str:
    clear = table[table["clear"]]
    if clear.empty:
        return f"No assumption on its own clearly moves the {outcome_in_short(asked)}"
    first = clear.iloc[0]
    low, high = (percent(max(0.0, min(1.0, base + first[end]))) for end in ("low", "high"))
    others = len(clear) - 1
    also = f"; {count(others, 'other')} {'moves' if others == 1 else 'move'} it clearly"
    return (
        f"The {outcome_from(asked, low, high)} with one assumption alone, "
        f"{short(str(first['label']))}{also if others else ''}"
    )


def _alt(rows: pd.DataFrame) -> str:
    if rows.empty:
        return "An empty chart: there is nothing to draw."
    said = "; ".join(
        f"{inside(str(row['label']))}, {points(row['low'])} and {points(row['high'])}"
        for row in rows.to_dict("records")
    )
    return f"Two bars for each assumption, its low and its high end, in points: {said}."
