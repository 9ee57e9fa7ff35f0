"""The fan: where a measure may go, term by term, with bands that say how likely."""

from __future__ import annotations

import pandas as pd
import seaborn as sns
from matplotlib.axes import Axes

from workbench.charts.figure import Figure
from workbench.charts.measures import MEASURES, Measure
from workbench.charts.style import (
    BLUE,
    INK,
    MID_BLUE,
    PALE_BLUE,
    PLUM,
    drawing,
    frame,
    to_svg,
)
from workbench.charts.wording import capital, count
from workbench.errors import BadInput

_QUANTILES = ("p05", "p25", "p50", "p75", "p95")


def fan(
    fans: pd.DataFrame,
    measure: str,
    *,
    trust: str,
    scenario: str,
    futures: int,
    limit: float | None = None,
) -> Figure:
    """Draw the fan of one measure.

    Args:
        fans: One row for each measure and term: `measure, term, index, p05 … p95`.
        measure: A key of `MEASURES`.
        trust: The trust's name.
        scenario: The scenario's title.
        futures: How many futures were simulated.
        limit: The board's limit on the simulated value, where it has one.

    Raises:
        BadInput: The frame has no row of this measure.
    """
    shown = MEASURES[measure]
    rows = fans[fans["measure"] == measure].sort_values("index", ignore_index=True)
    if rows.empty:
        raise BadInput(f"the simulation has no measure {measure!r}", where="fan")
    levels = (rows[list(_QUANTILES)] * shown.scale).round(shown.decimals) + 0.0
    terms = [str(term) for term in rows["term"]]
    line = None if limit is None else round(limit * shown.scale, shown.decimals)
    with drawing(3.5) as (canvas, axes):
        _draw(axes, levels, terms, shown, line)
        svg = to_svg(canvas)
    first, last = terms[0], terms[-1]
    return Figure(
        key=f"fan-{measure.replace('_', '-')}",
        headline=_headline(levels, terms, shown, line),
        subtitle=(
            f"{capital(shown.label)} ({shown.unit}), {trust}, {first} to {last}, "
            f"scenario: {scenario}"
        ),
        alt=_alt(levels, terms, shown, line),
        source=f"growth model of this workbench, {futures} simulated futures.",
        data=_table(levels, terms, shown),
        svg=svg,
    )


def _draw(
    axes: Axes, levels: pd.DataFrame, terms: list[str], shown: Measure, line: float | None
) -> None:
    steps = list(range(len(terms)))
    axes.fill_between(steps, levels["p05"], levels["p95"], color=PALE_BLUE, linewidth=0)
    axes.fill_between(steps, levels["p25"], levels["p75"], color=MID_BLUE, linewidth=0)
    sns.lineplot(x=steps, y=levels["p50"].tolist(), ax=axes, color=BLUE, linewidth=2.2)
    end = levels.iloc[-1]
    drawn = [levels["p05"].min(), levels["p95"].max(), *([] if line is None else [line])]
    span = max(drawn) - min(drawn) or 1.0
    words = [
        (end["p50"], "middle future", BLUE),
        (end["p75"], "half end in\nthe dark band", INK),
        (end["p95"], "9 in 10 futures\nend in the pale band", INK),
    ]
    spot = -float("inf")
    for level, text, colour in words:
        # Labels sit at the top of their band, and never run into the one below.
        spot = max(level, spot + 0.12 * span)
        axes.annotate(
            text, (steps[-1] + 0.2, spot), color=colour, fontsize=8.5, va="center",
            annotation_clip=False, weight="bold" if colour == BLUE else "normal",
        )  # fmt: skip
    if line is not None:
        axes.axhline(line, color=PLUM, linewidth=1.6, linestyle=(0, (5, 3)))
        above = shown.low_is_bad
        axes.annotate(
            f"the board's limit, {shown.show(line / shown.scale)}", (0, line), color=PLUM,
            xytext=(2, -3 if above else 3), textcoords="offset points", fontsize=9,
            va="top" if above else "bottom",
            bbox={"boxstyle": "square,pad=0.1", "facecolor": "#FFFFFFCC", "edgecolor": "none"},
        )  # fmt: skip
    ticks = steps[:: 3 if len(steps) > 6 else 1]
    axes.set_xticks(ticks, [terms[tick].replace(" ", "\n") for tick in ticks])
    axes.set_xlim(0, steps[-1])
    axes.set_ylabel(shown.unit if shown.unit != "%" else "per cent")
    axes.set_xlabel("")
    frame(axes)


def _beyond(values: pd.Series, line: float, shown: Measure) -> pd.Series:
    return values < line if shown.low_is_bad else values > line


def _worst(shown: Measure) -> str:
    return "p05" if shown.low_is_bad else "p95"


def _headline(levels: pd.DataFrame, terms: list[str], shown: Measure, line: float | None) -> str:
    start, end = levels["p50"].iloc[0], levels["p50"].iloc[-1]
    here, there = (shown.show(value / shown.scale) for value in (start, end))
    if start == end:
        moves = f"stays near {there}"
    else:
        moves = f"{'rises' if end > start else 'falls'} from {here} to {there}"
    sentence = f"{capital(shown.label)}: the middle future {moves} by {terms[-1]}"
    if line is None:
        low, high = (shown.show(levels[q].iloc[-1] / shown.scale) for q in ("p25", "p75"))
        return f"{sentence}, and half of futures end between {low} and {high}"
    limit = shown.show(line / shown.scale)
    middle = _beyond(levels["p50"], line, shown)
    if middle.any():
        return f"{sentence}, and first passes the limit of {limit} in {terms[int(middle.argmax())]}"
    worst = _beyond(levels[_worst(shown)], line, shown)
    if worst.any():
        return (
            f"{sentence}; the worst 1 in 20 first pass the limit of {limit} "
            f"in {terms[int(worst.argmax())]}"
        )
    return f"{sentence}; in every term fewer than 1 in 20 pass the limit of {limit}"


def _alt(levels: pd.DataFrame, terms: list[str], shown: Measure, line: float | None) -> str:
    def say(quantile: str, at: int) -> str:
        return shown.show(levels[quantile].iloc[at] / shown.scale)

    limit = "" if line is None else f" A dashed line marks {shown.show(line / shown.scale)}."
    return (
        f"Fan chart over {count(len(terms), 'term')}. In {terms[0]}, 9 in 10 futures lie between "
        f"{say('p05', 0)} and {say('p95', 0)}; in {terms[-1]}, between {say('p05', -1)} and "
        f"{say('p95', -1)}, half of them between {say('p25', -1)} and {say('p75', -1)}.{limit}"
    )


def _table(levels: pd.DataFrame, terms: list[str], shown: Measure) -> pd.DataFrame:
    table = levels.rename(
        columns={
            "p05": "1 in 20 below",
            "p25": "1 in 4 below",
            "p50": "Middle",
            "p75": "1 in 4 above",
            "p95": "1 in 20 above",
        }
    )
    if shown.decimals == 0:
        table = table.astype("int64")
    table.insert(0, "Term", terms)
    return table
