"""Bars by number of schools joining: how much risk each adds, against the board's limit."""

from __future__ import annotations

from dataclasses import dataclass
from textwrap import fill

import numpy as np
import pandas as pd
from matplotlib.axes import Axes

from workbench.charts.figure import Figure
from workbench.charts.style import BLUE, INK, ORANGE, PLUM, drawing, frame, to_svg
from workbench.charts.wording import count, percent


@dataclass(frozen=True)
class _Bars:
    """What is drawn, in whole per cent, and where the line falls."""

    joiners: list[int]
    levels: pd.DataFrame  # columns level, low, high
    within: list[bool]
    line: int
    line_name: str
    axis_label: str

    @property
    def line_label(self) -> str:
        """The line as its label says it."""
        return fill(f"{self.line_name}: {self.line}%", 14)


def extra_risk_bars(
    curve: pd.DataFrame,
    *,
    tolerance: float,
    capacity: int | None,
    trust: str,
    scenario: str,
    replicates: int,
    horizon: str,
    baseline: float,
    baseline_ceiling: float,
    agreed: bool,
) -> Figure:
    """Draw the risk that joiners add, hatched where it is not shown to be within tolerance.

    Args:
        curve: One row for each number of joiners: `joiners, extra_risk, extra_lower, extra_upper`.
        tolerance: The extra risk accepted, or proposed.
        capacity: The model's answer: the most schools within tolerance; None where there is none.
        trust: The trust's name.
        scenario: The scenario's title.
        replicates: Simulated futures for each number of joiners.
        horizon: The last term looked at.
        baseline: Chance of breaking a limit with no joiner.
        baseline_ceiling: The baseline chance above which extra risk has no room to show.
        agreed: Whether the board has set the tolerance; else it is only proposed.
    """
    rows = curve[curve["joiners"] > 0]
    levels = _percent(rows, "extra_risk", "extra_lower", "extra_upper")
    joiners = [int(number) for number in rows["joiners"]]
    within = [capacity is not None and number <= capacity for number in joiners]
    bars = _Bars(
        joiners, levels, within, round(tolerance * 100),
        f"{'' if agreed else 'proposed '}limit on extra risk", "extra risk, per cent",
    )  # fmt: skip
    beyond = baseline > baseline_ceiling
    return Figure(
        key="extra-risk",
        headline=_extra_headline(bars, capacity, baseline if beyond else None),
        subtitle=(
            "Chance of breaking a limit that joining schools add (percentage points), "
            f"{trust}, to {horizon}, scenario: {scenario}"
        ),
        alt=_alt(bars, "extra risk"),
        source=_source(replicates),
        data=_table(bars, "Extra risk", "Within tolerance"),
        svg=_svg(bars),
    )


def breach_bars(
    curve: pd.DataFrame,
    *,
    confidence: float,
    capacity: int | None,
    trust: str,
    scenario: str,
    replicates: int,
    horizon: str,
    agreed: bool,
) -> Figure:
    """Draw the chance of breaking any limit, hatched beyond what the confidence asked for leaves.

    Args:
        curve: One row for each number of joiners: `joiners, probability, lower, upper`, where
            probability is that every limit holds.
        confidence: The probability that every limit holds which is asked for.
        capacity: The most schools at that confidence; None where there is none.
        trust: The trust's name.
        scenario: The scenario's title.
        replicates: Simulated futures for each number of joiners.
        horizon: The last term looked at.
        agreed: Whether the board has set the confidence; else it is only proposed.
    """
    broken = pd.DataFrame({
        "level": 1 - curve["probability"],
        "low": 1 - curve["upper"],
        "high": 1 - curve["lower"],
    })  # fmt: skip
    joiners = [int(number) for number in curve["joiners"]]
    within = [capacity is not None and number <= capacity for number in joiners]
    accepted = 1 - confidence
    bars = _Bars(
        joiners, _percent(broken, "level", "low", "high"), within, round(accepted * 100),
        f"{'' if agreed else 'proposed '}limit on the whole chance", "chance, per cent",
    )  # fmt: skip
    return Figure(
        key="breach",
        headline=_breach_headline(bars, capacity),
        subtitle=(
            f"Chance of breaking at least one limit (%), {trust}, to {horizon}, "
            f"scenario: {scenario}"
        ),
        alt=_alt(bars, "chance"),
        source=_source(replicates),
        data=_table(bars, "Chance of breaking a limit", "Within the limit on the chance"),
        svg=_svg(bars),
    )


def _percent(rows: pd.DataFrame, level: str, low: str, high: str) -> pd.DataFrame:
    shown = (rows[[level, low, high]] * 100).round().astype("int64")
    return shown.set_axis(["level", "low", "high"], axis=1).reset_index(drop=True)


def _source(replicates: int) -> str:
    return (
        f"growth model of this workbench, {replicates:,} simulated futures for each number of "
        "schools; lines show how far the figure may be from the model's own true value."
    )


def _svg(bars: _Bars) -> str:
    with drawing(3.6) as (canvas, axes):
        _draw(axes, bars)
        return to_svg(canvas)


def _draw(axes: Axes, bars: _Bars) -> None:
    x = np.arange(len(bars.joiners))
    level = bars.levels["level"].to_numpy()
    for spot, height, inside in zip(x, level, bars.within, strict=True):
        axes.bar(
            spot, height, width=0.74,
            color=BLUE if inside else "white", edgecolor=BLUE if inside else ORANGE,
            hatch=None if inside else "////", linewidth=1.2,
        )  # fmt: skip
    reach = np.abs(bars.levels[["low", "high"]].to_numpy().T - level)
    axes.errorbar(x, level, yerr=reach, fmt="none", ecolor=INK, elinewidth=1, capsize=2.5)
    axes.axhline(bars.line, color=PLUM, linewidth=1.6, linestyle=(0, (5, 3)))
    top = max(float(bars.levels["high"].max()), bars.line) if len(x) else bars.line
    bottom = min(float(bars.levels["low"].min()), 0.0) if len(x) else 0.0
    for place in _labelled(bars):
        axes.annotate(
            f"{level[place]}%", (place, bars.levels["high"][place]), xytext=(0, 3),
            textcoords="offset points", ha="center", va="bottom", fontsize=9, zorder=4,
            bbox={"boxstyle": "square,pad=0.1", "facecolor": "white", "edgecolor": "none"},
        )  # fmt: skip
    axes.set_ylim(bottom, min(top * 1.18 + 1, 100.0))
    axes.set_xlim(-1.0, max(len(x) - 0.4, 0.6))
    axes.annotate(
        bars.line_label, (1, bars.line), xycoords=("axes fraction", "data"), color=PLUM,
        xytext=(5, 0), textcoords="offset points", ha="left", va="center", fontsize=9,
        annotation_clip=False,
    )  # fmt: skip
    axes.set_xticks(x, [str(number) for number in bars.joiners])
    axes.set_xlabel("schools joining (hatched: not shown to be within the limit)")
    axes.set_ylabel(bars.axis_label)
    frame(axes)


def _labelled(bars: _Bars) -> list[int]:
    """Bars worth a number: the first, the last, and those either side of the line."""
    if not bars.joiners:
        return []
    last = len(bars.joiners) - 1
    inside = sum(bars.within)
    return sorted({0, last} | {place for place in (inside - 1, inside) if 0 <= place <= last})


def _extra_headline(bars: _Bars, capacity: int | None, beyond: float | None) -> str:
    if beyond is not None:
        return (
            "The trust is likely to break a limit with no school joining "
            f"({percent(beyond)}), so added risk has little room to show"
        )
    if not bars.joiners:
        return "No number of joining schools was tried"
    if not capacity:
        return f"Even one joining school may add more than the {_line(bars)}: {_reach(bars, 0)}"
    if capacity >= bars.joiners[-1]:
        return f"All numbers tried, up to {capacity}, keep within the {_line(bars)}"
    place = bars.joiners.index(capacity)
    return (
        f"{'Up to ' if capacity > 1 else ''}{count(capacity, 'school')} can join within the "
        f"{_line(bars)}; with {bars.joiners[place + 1]} it may reach "
        f"{bars.levels['high'][place + 1]}%"
    )


def _line(bars: _Bars) -> str:
    return f"{bars.line_name} of {bars.line}%"


def _reach(bars: _Bars, place: int) -> str:
    row = bars.levels.iloc[place]
    more = f", and perhaps {row['high']}%" if row["high"] > row["level"] else ""
    return f"{row['level']}%{more}"


def _between(row: pd.Series) -> str:
    """A figure with its range, where rounding leaves it one."""
    if row["low"] == row["high"]:
        return f"{row['level']}%"
    return f"{row['level']}% (between {row['low']}% and {row['high']}%)"


def _breach_headline(bars: _Bars, capacity: int | None) -> str:
    if capacity is None:
        sure = bars.levels["low"].iloc[0] > bars.line
        return (
            f"With no school joining, the chance of breaking a limit is "
            f"{bars.levels['level'].iloc[0]}%, "
            f"{'above' if sure else 'not shown to be within'} the {_line(bars)}"
        )
    if capacity >= bars.joiners[-1]:
        return f"All numbers tried, up to {capacity}, keep the chance at or below {bars.line}%"
    place = bars.joiners.index(capacity)
    return (
        f"With {count(capacity, 'joining school')} the chance of breaking a limit is "
        f"{bars.levels['level'][place]}%; beyond that it may pass the {_line(bars)}"
    )


def _alt(bars: _Bars, what: str) -> str:
    if not bars.joiners:
        return "An empty chart: there is nothing to draw."
    first, last = bars.levels.iloc[0], bars.levels.iloc[-1]
    return (
        f"Bar chart of {what} by number of schools joining, with a dashed line at {bars.line}%. "
        f"It goes from {_between(first)} with {bars.joiners[0]} to {_between(last)} with "
        f"{bars.joiners[-1]}. {sum(bars.within)} of {len(bars.joiners)} bars are solid; "
        "the others are hatched."
    )


def _table(bars: _Bars, level: str, within: str) -> pd.DataFrame:
    return pd.DataFrame({
        "Schools joining": bars.joiners,
        f"{level} (%)": bars.levels["level"].tolist(),
        "Low end (%)": bars.levels["low"].tolist(),
        "High end (%)": bars.levels["high"].tolist(),
        within: ["yes" if inside else "no" for inside in bars.within],
    })  # fmt: skip
