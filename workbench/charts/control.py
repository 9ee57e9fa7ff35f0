"""A control chart: what a measure does from period to period, signal told from noise."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd
from matplotlib.axes import Axes

from workbench.charts.figure import Figure
from workbench.charts.labels import drawable
from workbench.charts.style import BLUE, GREY, INK, ORANGE, TEAL, drawing, frame, to_svg
from workbench.charts.wording import count, listed, number
from workbench.measures.control_charts import ControlChart, Direction, TooFewPoints

_MOST_TICKS = 7
_APART = 0.075  # labels nearer than this part of the picture's height would touch


def control_plot(
    chart: ControlChart | TooFewPoints,
    values: list[float],
    periods: list[str],
    *,
    key: str,
    measure: str,
    unit: str,
    whose: str,
    source: str,
    decimals: int = 1,
    direction: Direction | None = None,
) -> Figure:
    """Draw a control chart; without limits where there are too few points for them.

    Args:
        chart: The chart, or that there are too few points.
        values: The values, oldest first.
        periods: The name of each one's period, on the same order.
        key: Short name of the figure.
        measure: What is measured.
        unit: Its unit.
        whose: The school's or trust's name.
        source: Where the numbers come from.
        decimals: Digits shown.
        direction: Where better lies, to tell signals of improvement from those of concern; one
            mark for both without it.
    """
    with drawing(3.1) as (canvas, axes):
        draw_points(axes, chart, values, direction=direction, size=44)
        _name_lines(axes, chart, len(values))
        step = max(1, -(-len(values) // _MOST_TICKS))
        ticks = list(range(len(values)))[::-step][::-1]  # the latest always has its name
        axes.set_xticks(ticks, [drawable(periods[at]).replace(" ", "\n", 1) for at in ticks])
        axes.tick_params(axis="x", labelsize=8.5)
        axes.set_ylabel(drawable(unit))
        if isinstance(chart, ControlChart):
            axes.set_xlabel(points_said(direction), fontsize=8.5)
        frame(axes, grid="y")
        svg = to_svg(canvas)
    period = f", {periods[0]} to {periods[-1]}" if periods else ""
    marked = marked_by(chart)
    return Figure(
        key=key,
        headline=_headline(chart, measure, whose),
        subtitle=f"{measure} of {whose}{period}; {unit}, {count(len(values), 'point')}",
        alt=_alt(chart, values, decimals),
        source=source,
        data=pd.DataFrame(
            {
                "Period": periods,
                f"{measure} ({unit})": [number(value, decimals) for value in values],
                "Signal": [", ".join(marked.get(at, [])) for at in range(len(values))],
            }
        ),
        svg=svg,
    )


def marked_by(chart: ControlChart | TooFewPoints) -> dict[int, list[str]]:
    """Return the rules that each point breaks, by its place in the series."""
    found: dict[int, list[str]] = {}
    if isinstance(chart, ControlChart):
        for signal in chart.signals:
            for at in signal.points:
                if signal.rule not in found.setdefault(at, []):
                    found[at].append(signal.rule)
    return found


def points_said(direction: Direction | None) -> str:
    """Say in words what the marks of `draw_points` mean."""
    if direction is None:
        return "diamond: part of a signal; line: mean; dashes: limits of noise"
    return (
        "diamond: part of a signal of concern; square: of improvement; line: mean; dashes: limits"
    )


def draw_points(
    axes: Axes,
    chart: ControlChart | TooFewPoints,
    values: Sequence[float],
    *,
    direction: Direction | None,
    size: float,
    start: int = 0,
) -> None:
    """Draw a series with its mean and limits, signals by shape and colour.

    Args:
        axes: Where.
        chart: The chart, or that there are too few points.
        values: The series, oldest first.
        direction: Where better lies; None draws every signal alike.
        size: Size of a mark, in square points.
        start: Place of the first value along the axis.
    """
    places = range(start, start + len(values))
    axes.plot(places, values, color=GREY, linewidth=1, zorder=2)
    better = {"up": "above", "down": "below"}.get(direction or "")
    good: dict[int, bool] = {}
    if isinstance(chart, ControlChart):
        good = {at: one.side == better for one in chart.signals for at in one.points}
        dashes = (0, (4, 2)) if chart.limits == "limits" else (0, (1, 2))
        axes.axhline(chart.mean, color=TEAL, linewidth=1.2, zorder=1)
        for line in (chart.lower, chart.upper):
            axes.axhline(line, color=TEAL, linewidth=1.2, linestyle=dashes, zorder=1)
    # A dark edge tells the squares from the lines, which share their colour.
    marks = {None: ("o", BLUE, BLUE), False: ("D", ORANGE, INK), True: ("s", TEAL, INK)}
    for kind, (shape, colour, edge) in marks.items():
        held = [at for at in range(len(values)) if good.get(at) is kind]
        if held:
            axes.scatter([start + at for at in held], [values[at] for at in held], s=size, zorder=3,
                         color=colour, marker=shape, edgecolors=edge, linewidths=0.6)  # fmt: skip


def _name_lines(axes: Axes, chart: ControlChart | TooFewPoints, points: int) -> None:
    """Name the mean and the limits at their right end, each clear of the others."""
    if not isinstance(chart, ControlChart):
        return
    kind = "trial limit" if chart.limits == "trial limits" else "limit"
    lines = [(chart.lower, f"lower {kind}"), (chart.mean, "mean"), (chart.upper, f"upper {kind}")]
    low, high = axes.get_ylim()
    if chart.upper - chart.lower < 2 * _APART * (high - low):
        lines = [(chart.mean, "mean and limits")]
    axes.set_xlim(-0.5, points - 0.5)
    for line, words in lines:
        axes.annotate(words, (1, line), xycoords=("axes fraction", "data"), xytext=(4, 0),
                      textcoords="offset points", va="center", fontsize=8.5, color=INK,
                      annotation_clip=False)  # fmt: skip


def _headline(chart: ControlChart | TooFewPoints, measure: str, whose: str) -> str:
    if isinstance(chart, TooFewPoints):
        are = "is" if chart.points == 1 else "are"
        return (
            f"{measure} at {whose}: {count(chart.points, 'point')} {are} not enough to tell signal "
            f"from noise; {chart.needed} are needed"
        )
    trial = " (trial limits)" if chart.limits == "trial limits" else ""
    if chart.variation == "common cause" and chart.signals:
        return f"{measure} at {whose} shows no signal at its end, though it did before{trial}"
    if chart.variation == "common cause":
        return f"{measure} at {whose} varies as it always has: no signal at its end{trial}"
    return f"{measure} at {whose} shows a signal of {chart.variation}, beyond noise{trial}"


def _alt(chart: ControlChart | TooFewPoints, values: list[float], decimals: int) -> str:
    if not values:
        return "An empty chart: there is no point."
    run = (
        f"Line of {count(len(values), 'point')} from {number(values[0], decimals)} to "
        f"{number(values[-1], decimals)}"
    )
    if isinstance(chart, TooFewPoints):
        return f"{run}, without limits."
    rules = listed(dict.fromkeys(signal.rule for signal in chart.signals))
    signals = f"Signals by the rules: {rules}." if rules else "No point or run is a signal."
    return (
        f"{run}, around a mean of {number(chart.mean, decimals)} with limits "
        f"{number(chart.lower, decimals)} and {number(chart.upper, decimals)}. {signals}"
    )
