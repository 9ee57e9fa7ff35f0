"""Bars of Sobol indices: how much of the difference between futures each assumption explains."""

from __future__ import annotations

import numpy as np
import pandas as pd
from matplotlib.axes import Axes

from workbench.charts.asked import factor_lines, outcome, outcome_in_short, plan_words
from workbench.charts.figure import Figure
from workbench.charts.labels import NAME_SIZE
from workbench.charts.style import BLUE, GREY, INK, MID_BLUE, PALE_GREY, drawing, frame, to_svg
from workbench.charts.wording import capital, inside, number, percent, short


def index_bars(
    table: pd.DataFrame,
    *,
    settled: bool,
    noise: float | None,
    rest: float | None,
    asked: str,
    trust: str,
    scenario: str,
    joiners: int,
    horizon: str,
    evaluations: int,
) -> Figure:
    """Draw first and total order of each factor with intervals and the part that is noise.

    Args:
        table: One row a factor, largest total first: `label, first, first_lower, first_upper,
            total, total_lower, total_upper, noise, above_noise`.
        settled: Whether the indices have settled.
        noise: Share of the variance that is simulation noise; None where it is not told apart.
        rest: Share of the variance that factors not shown have a part in; None where unknown.
        asked: The outcome explained, a key of `asked.OUTCOMES`.
        trust: The trust's name.
        scenario: The scenario's title.
        joiners: Number of schools that join.
        horizon: The last term looked at.
        evaluations: Sets of assumptions simulated.
    """
    with drawing(1.1 + 0.46 * max(len(table), 1)) as (canvas, axes):
        _draw(axes, table)
        svg = to_svg(canvas)
    return Figure(
        key="indices",
        headline=_headline(table, asked, settled=settled),
        subtitle=(
            f"Share of the variance of the {outcome(asked)} that each assumption explains, alone "
            f"and together with others; {plan_words(trust, scenario, joiners, horizon)}"
        ),
        alt=_alt(table),
        source=f"growth model of this workbench, {evaluations:,} sets of assumptions"
        f"{_caveats(noise, rest)}; lines hold 19 of 20 resamples.",
        data=pd.DataFrame({
            "Assumption": [capital(label) for label in table["label"]],
            "Alone": [number(value, 2) for value in table["first"]],
            "Alone, range": _ends(table, "first"),
            "With others": [number(value, 2) for value in table["total"]],
            "With others, range": _ends(table, "total"),
            "Of which noise": [
                "" if np.isnan(value) else number(value, 2) for value in table["noise"]
            ],
            "Above the noise": ["yes" if above else "no" for above in table["above_noise"]],
        }),
        svg=svg,
    )  # fmt: skip


def _caveats(noise: float | None, rest: float | None) -> str:
    said = "" if noise is None else f"; {percent(noise)} of their variance is simulation noise"
    if rest is None:
        return said
    return f"{said}; assumptions not shown have a part in {percent(min(1.0, rest))} of the whole"


def _ends(table: pd.DataFrame, order: str) -> list[str]:
    return [
        f"{number(lower, 2)} to {number(upper, 2)}"
        for lower, upper in zip(table[f"{order}_lower"], table[f"{order}_upper"], strict=True)
    ]


def _draw(axes: Axes, table: pd.DataFrame) -> None:
    for place, row in enumerate(table.to_dict("records")):
        axes.barh(place, row["total"], height=0.7, color=MID_BLUE, linewidth=0)
        if not np.isnan(row["noise"]):
            axes.barh(place, min(row["noise"], row["total"]), height=0.7, color=PALE_GREY,
                      hatch="///", edgecolor=GREY, linewidth=0)  # fmt: skip
        axes.barh(place, max(0.0, row["first"]), height=0.3, color=BLUE, linewidth=0)
        for order, shift in (("first", 0.0), ("total", 0.27)):
            ends = [max(0.0, row[f"{order}_lower"]), max(0.0, row[f"{order}_upper"])]
            axes.plot(ends, [place + shift] * 2, color=INK, linewidth=1)
    axes.set_yticks(
        range(len(table)), [factor_lines(label) for label in table["label"]], fontsize=NAME_SIZE
    )
    axes.set_ylim(max(len(table), 1) - 0.5, -0.5)
    axes.set_xlim(left=0)
    axes.set_xlabel("share of the variance\ndark: alone; pale: with others; grey: noise")
    axes.tick_params(axis="y", length=0)
    frame(axes, grid="x")


def _headline(table: pd.DataFrame, asked: str, *, settled: bool) -> str:
    above = table[table["above_noise"]]
    if above.empty:
        return (
            f"No assumption is shown to move the {outcome_in_short(asked)} beyond simulation noise"
        )
    first = above.iloc[0]
    share, alone = percent(min(1.0, first["total"])), percent(max(0.0, first["first"]))
    sentence = (
        f"{capital(short(str(first['label'])))} has a part in {share} of what moves the "
        f"{outcome_in_short(asked)}, {alone} of it alone"
        if alone != share
        else f"{capital(short(str(first['label'])))} explains {share} of what moves the "
        f"{outcome_in_short(asked)}"
    )
    return sentence if settled else f"{sentence}; the figures have not settled"


def _alt(table: pd.DataFrame) -> str:
    if table.empty:
        return "An empty chart: there is nothing to draw."
    said = "; ".join(
        f"{inside(str(row['label']))}, {number(row['first'], 2)} and {number(row['total'], 2)}"
        for row in table.to_dict("records")
    )
    return f"Bars for each assumption, its share alone and with others: {said}."
