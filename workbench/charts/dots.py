"""Twenty equally likely futures, as marks to be counted: dots that hold, crosses that do not."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd
import seaborn as sns
from matplotlib.axes import Axes
from matplotlib.ticker import MaxNLocator

from workbench.charts.fan import COUNTS, said
from workbench.charts.figure import Figure
from workbench.charts.measures import MEASURES, Measure
from workbench.charts.style import BLUE, ORANGE, PLUM, drawing, frame, to_svg
from workbench.charts.wording import FUTURES, capital, count, listed

HOLDS = "every limit holds"
_STACKS = 24  # more would not stand clear of each other


def first_limit_dots(first_limit: pd.Series, *, trust: str, scenario: str, horizon: str) -> Figure:
    """Draw twenty futures by the limit each breaks first.

    Args:
        first_limit: For each simulated future the limit broken first; empty where all hold.
        trust: The trust's name.
        scenario: The scenario's title.
        horizon: The last term looked at.
    """
    outcomes = first_limit.where(first_limit != "", HOLDS)
    counts = outcomes.value_counts(sort=False)
    order = sorted(counts.index, key=lambda name: (name != HOLDS, -counts[name], name))
    marks = shares_of_twenty({name: int(counts[name]) for name in order})
    seen = {name: number for name, number in marks.items() if number}
    with drawing(0.62 + 0.36 * max(len(seen), 1)) as (canvas, axes):
        _draw_outcomes(axes, seen)
        svg = to_svg(canvas)
    return Figure(
        key="futures-first-limit",
        headline=_outcome_headline(marks, horizon),
        subtitle=(
            f"Twenty equally likely futures of {trust} by the limit broken first, to {horizon}, "
            f"scenario: {scenario}"
        ),
        alt=_outcome_alt(marks),
        source=f"growth model of this workbench, {len(first_limit):,} simulated futures.",
        data=pd.DataFrame({
            "Broken first": [capital(name) for name in marks],
            "Futures in 20": list(marks.values()),
        }),
        svg=svg,
    )  # fmt: skip


def shares_of_twenty(counts: Mapping[str, int]) -> dict[str, int]:
    """Share twenty marks in proportion to counts, by largest remainder; all zero without counts."""
    total = sum(counts.values())
    if total == 0:
        return dict.fromkeys(counts, 0)
    exact = {name: FUTURES * number / total for name, number in counts.items()}
    marks = {name: int(share) for name, share in exact.items()}
    # Ties go to the commoner outcome, then to the one named first, on every machine alike.
    spare = sorted(exact, key=lambda name: (marks[name] - exact[name], -counts[name]))
    for name in spare[: FUTURES - sum(marks.values())]:
        marks[name] += 1
    return marks


def value_dots(
    values: pd.Series, measure: str, *, limit: float, trust: str, scenario: str, horizon: str
) -> Figure:
    """Draw twenty futures of one measure on its scale, crosses for those beyond the limit.

    Args:
        values: The measure at the end of each simulated future.
        measure: A key of `MEASURES`.
        limit: The board's limit on the simulated value.
        trust: The trust's name.
        scenario: The scenario's title.
        horizon: The term the values describe.
    """
    shown = MEASURES[measure]
    levels = _twenty(values, shown)
    line = round(limit * shown.scale, shown.decimals)
    beyond = [level < line if shown.low_is_bad else level > line for level in levels]
    marks = _Marks(levels, beyond, line, 10.0**-shown.decimals)
    with drawing(max(2.5, 0.9 + 0.15 * marks.tallest)) as (canvas, axes):
        _draw_values(axes, marks, shown)
        svg = to_svg(canvas)
    side = "below" if shown.low_is_bad else "above"
    bound = said(shown, limit)
    return Figure(
        key=f"futures-{measure.replace('_', '-')}",
        headline=(
            f"{capital(count(sum(beyond), 'future'))} of {len(levels)} "
            f"end{'s' if sum(beyond) == 1 else ''} with {shown.label} {side} {bound}"
            if levels
            else f"No future was simulated for {shown.label}"
        ),
        subtitle=(
            f"{capital(shown.label)} ({COUNTS.get(measure, shown.unit)}) in {horizon}: "
            f"each mark is a 1 in 20 chance; {trust}, scenario: {scenario}"
        ),
        alt=_value_alt(levels, beyond, shown, side, bound),
        source=f"growth model of this workbench, {len(values):,} simulated futures.",
        data=pd.DataFrame({
            "Future": range(1, len(levels) + 1),
            f"{capital(shown.label)} ({shown.unit})": levels,
            f"{capital(side)} {bound}": ["yes" if cross else "no" for cross in beyond],
        }),
        svg=svg,
    )  # fmt: skip


def _twenty(values: pd.Series, shown: Measure) -> list[float]:
    if values.empty:
        return []
    points = (np.arange(FUTURES) + 0.5) / FUTURES
    levels = np.quantile(values.to_numpy(dtype=float), points, method="inverted_cdf")
    return [float(level) + 0.0 for level in np.round(levels * shown.scale, shown.decimals)]


def _draw_outcomes(axes: Axes, marks: Mapping[str, int]) -> None:
    names = list(marks)
    for row, name in enumerate(names):
        holds = name == HOLDS
        axes.scatter(
            np.arange(marks[name]) + 1, [row] * marks[name], s=95,
            marker="o" if holds else "X", color=BLUE if holds else ORANGE, linewidths=0,
        )  # fmt: skip
        axes.annotate(
            str(marks[name]), (marks[name] + 1, row), va="center", ha="center", weight="bold"
        )
    axes.set_yticks(range(len(names)), [capital(name) for name in names])
    axes.set_ylim(len(names) - 0.5, -0.6)
    axes.set_xlim(0.2, FUTURES + 1.8)
    axes.set_xticks([])
    axes.set_xlabel("futures in 20")
    sns.despine(ax=axes, left=True, bottom=True)
    axes.tick_params(length=0)


@dataclass(frozen=True)
class _Marks:
    """Values as drawn, which of them lie beyond the limit, the limit, and the measure's step."""

    levels: list[float]
    beyond: list[bool]
    line: float
    step: float

    @property
    def ends(self) -> tuple[float, float]:
        """Least and most of what is drawn."""
        return min([self.line, *self.levels]), max([self.line, *self.levels])

    @property
    def width(self) -> float:
        """How far apart stacks stand: whole steps of the measure, no more stacks than fit."""
        low, high = self.ends
        return max(1, int(np.ceil(round((high - low) / self.step) / _STACKS))) * self.step

    @property
    def columns(self) -> list[int]:
        """The stack nearest each value, from the limit; one beyond the limit is drawn beyond."""
        return [
            round((level - self.line) / self.width)
            or (int(np.sign(level - self.line)) if out else 0)
            for level, out in zip(self.levels, self.beyond, strict=True)
        ]

    @property
    def tallest(self) -> int:
        """Marks in the tallest stack."""
        return max(Counter(self.columns).values(), default=1)


def _draw_values(axes: Axes, marks: _Marks, shown: Measure) -> None:
    low, high = marks.ends
    line, tall = marks.line, marks.tallest
    heights: Counter[int] = Counter()
    for column, cross in zip(marks.columns, marks.beyond, strict=True):
        heights[column] += 1
        axes.scatter(
            line + column * marks.width, heights[column], s=95, marker="X" if cross else "o",
            color=ORANGE if cross else BLUE, linewidths=0,
        )  # fmt: skip
    axes.set_xlim(low - 1.5 * marks.width, high + 1.5 * marks.width)
    axes.xaxis.set_major_locator(MaxNLocator(steps=[1, 2, 5, 10], integer=shown.decimals == 0))
    axes.axvline(line, color=PLUM, linewidth=1.6, linestyle=(0, (5, 3)), zorder=0)
    right = 2 * line > low + high
    axes.annotate(
        f"limit {said(shown, line / shown.scale)}", (line, tall + 1.1), color=PLUM, fontsize=9,
        xytext=(-4 if right else 4, 0), textcoords="offset points", va="center",
        ha="right" if right else "left",
    )  # fmt: skip
    axes.set_ylim(0.3, tall + 1.6)
    axes.set_yticks([])
    axes.set_xlabel("per cent" if shown.unit == "%" else shown.unit)
    frame(axes, grid=None)
    axes.spines["left"].set_visible(False)


def _outcome_headline(marks: Mapping[str, int], horizon: str) -> str:
    total = sum(marks.values())
    if total == 0:
        return "No future was simulated"
    holding = marks.get(HOLDS, 0)
    if holding == total:
        return f"In all but a few futures every limit holds to {horizon}"
    broken = {name: number for name, number in marks.items() if name != HOLDS}
    worst = max(broken.values())
    first = listed(name for name, number in broken.items() if number == worst)
    opening = "none" if holding == 0 else f"about {holding}"
    return (
        f"Every limit holds in {opening} of {total} equally likely futures; "
        f"most often broken first: {first}"
    )


def _outcome_alt(marks: Mapping[str, int]) -> str:
    if sum(marks.values()) == 0:
        return "An empty chart: there is nothing to draw."
    parts = [f"{name}: {number}" for name, number in marks.items()]
    return (
        "Rows of marks, one for each of twenty futures; dots where every limit holds, crosses "
        f"by the limit broken first. {capital('; '.join(parts))}."
    )


def _value_alt(
    levels: list[float], beyond: list[bool], shown: Measure, side: str, bound: str
) -> str:
    if not levels:
        return "An empty chart: there is nothing to draw."
    low, high = (said(shown, level / shown.scale) for level in (levels[0], levels[-1]))
    return (
        f"Dot plot of twenty marks from {low} to {high}: {sum(beyond)} crosses {side} the dashed "
        f"line at {bound} and {len(levels) - sum(beyond)} dots on the other side."
    )
