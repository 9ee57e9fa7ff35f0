"""The fan: where a measure may go, term by term, with bands that say how likely."""

from __future__ import annotations

import pandas as pd
import seaborn as sns
from matplotlib.axes import Axes
from matplotlib.ticker import MaxNLocator

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

_GAP = 0.12  # between two labels beside the fan, as a share of what the axis spans
# What a measure counts, where its name alone does not say it.
COUNTS = {
    "golden_margin": "providers beyond those the rule asks for, by schools' last judgement",
}
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
            f"{capital(shown.label)} ({COUNTS.get(measure, shown.unit)}), {trust}, "
            f"{first} to {last}, scenario: {scenario}"
        ),
        alt=_alt(levels, terms, shown, line),
        source=f"growth model of this workbench, {futures:,} simulated futures.",
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
    if line is not None:
        axes.axhline(line, color=PLUM, linewidth=1.6, linestyle=(0, (5, 3)))
    _name_levels(axes, levels, steps[-1] + 0.2, shown, line)
    ticks = _ticks(len(steps))
    axes.set_xticks(ticks, [terms[tick].replace(" ", "\n") for tick in ticks])
    axes.set_xlim(0, steps[-1])
    axes.yaxis.set_major_locator(
        MaxNLocator(nbins=7, steps=[1, 2, 5, 10], integer=shown.decimals == 0)
    )
    axes.set_ylabel(shown.unit if shown.unit != "%" else "per cent")
    axes.set_xlabel("")
    frame(axes)


def _name_levels(
    axes: Axes, levels: pd.DataFrame, x: float, shown: Measure, line: float | None
) -> None:
    """Name the middle, the bands and the limit beside the fan, where no label hides a line."""
    end = levels.iloc[-1]
    words = [
        (float(end["p50"]), "middle future", BLUE),
        (float(end["p75"]), "half end in\nthe dark band", INK),
        (float(end["p95"]), "9 in 10 futures\nend in the pale band", INK),
    ]
    drawn = [float(levels["p05"].min()), float(levels["p95"].max())]
    if line is not None:
        words.append((line, f"the board's limit,\n{said(shown, line / shown.scale)}", PLUM))
        drawn.append(line)
    words.sort(key=lambda label: label[0])
    spots = _spread([level for level, _, _ in words], min(drawn), max(drawn))
    for spot, (_, text, colour) in zip(spots, words, strict=True):
        axes.annotate(
            text, (x, spot), color=colour, fontsize=8.5, va="center",
            annotation_clip=False, weight="bold" if colour == BLUE else "normal",
        )  # fmt: skip


def _spread(levels: list[float], low: float, high: float) -> list[float]:
    """Move labels, given from the lowest, as little as keeps each clear of the one below."""
    gap = _GAP * ((high - low) or 1.0)
    spots: list[float] = []
    for level in levels:
        spots.append(max(level, spots[-1] + gap) if spots else level)
    ceiling = max(high, low + gap * (len(levels) - 1))
    for place in reversed(range(len(spots))):
        spots[place] = min(spots[place], ceiling)
        ceiling = spots[place] - gap
    return spots


def _ticks(terms: int) -> list[int]:
    """Terms to name along the axis: the first, the last and every third that leaves them room."""
    every = 3 if terms > 6 else 1
    last = terms - 1
    return [*(tick for tick in range(0, last, every) if tick == 0 or last - tick >= every), last]


def said(shown: Measure, value: float) -> str:
    """Write a simulated value with its unit, in the singular for exactly one."""
    text = shown.show(value)
    return (
        text[:-1]
        if text.startswith(("1 ", "\N{MINUS SIGN}1 ")) and shown.unit.endswith("s")
        else text
    )


def _beyond(values: pd.Series, line: float, shown: Measure) -> pd.Series:
    return values < line if shown.low_is_bad else values > line


def _worst(shown: Measure) -> str:
    return "p05" if shown.low_is_bad else "p95"


def _headline(levels: pd.DataFrame, terms: list[str], shown: Measure, line: float | None) -> str:
    start, end = levels["p50"].iloc[0], levels["p50"].iloc[-1]
    here, there = (said(shown, value / shown.scale) for value in (start, end))
    if start == end:
        moves = f"stays near {there}"
    else:
        moves = f"{'rises' if end > start else 'falls'} from {here} to {there}"
    sentence = f"{capital(shown.label)}: the middle future {moves} by {terms[-1]}"
    if line is None:
        low, high = (said(shown, levels[q].iloc[-1] / shown.scale) for q in ("p25", "p75"))
        half = f"at {low}" if low == high else f"between {low} and {high}"
        return f"{sentence}, and half of futures end {half}"
    limit = said(shown, line / shown.scale)
    middle = _beyond(levels["p50"], line, shown)
    falls = "falls below" if shown.low_is_bad else "rises above"
    fall = "fall below" if shown.low_is_bad else "rise above"
    if middle.any():
        when = terms[int(middle.argmax())]
        if when == terms[0]:
            side = "below" if shown.low_is_bad else "above"
            return f"{sentence}, and is {side} the limit of {limit} from the first term"
        return f"{sentence}, and first {falls} the limit of {limit} in {when}"
    worst = _beyond(levels[_worst(shown)], line, shown)
    if worst.any():
        return (
            f"{sentence}; the worst 1 in 20 first {fall} the limit of {limit} "
            f"in {terms[int(worst.argmax())]}"
        )
    return f"{sentence}; in every term fewer than 1 in 20 {fall} the limit of {limit}"


def _alt(levels: pd.DataFrame, terms: list[str], shown: Measure, line: float | None) -> str:
    def say(quantile: str, at: int) -> str:
        return said(shown, levels[quantile].iloc[at] / shown.scale)

    limit = "" if line is None else f" A dashed line marks {said(shown, line / shown.scale)}."
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
