"""Differences with their intervals, a line each, against the line that matters."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd
from matplotlib.axes import Axes

from workbench.charts.figure import Figure
from workbench.charts.labels import fitted
from workbench.charts.style import BLUE, GREY, INK, ORANGE, PLUM, drawing, frame, to_svg
from workbench.charts.wording import capital, count, listed, number
from workbench.growth.absorb import INTERVAL_LEVEL

_NAME_POINTS = 205.0


@dataclass(frozen=True)
class _Rows:
    """What is drawn, in percentage points."""

    names: list[str]
    levels: pd.DataFrame  # columns level, low, high
    line: float
    line_name: str
    axis: str
    level: float = INTERVAL_LEVEL


def extra_risk_by_scenario(
    overview: pd.DataFrame, *, tolerance: float, agreed: bool, trust: str, futures: int
) -> Figure:
    """Draw the risk that each scenario's joiners add, against the board's tolerance.

    Args:
        overview: One row a scenario: `scenario, extra_risk, extra_lower, extra_upper, extra_level`.
        tolerance: The extra risk accepted, or proposed.
        agreed: Whether the board has set the tolerance; else it is only proposed.
        trust: The trust's name.
        futures: How many futures of each scenario were simulated.
    """
    order = overview.sort_values("extra_risk", kind="stable", ignore_index=True)
    levels = _points(order, "extra_risk", "extra_lower", "extra_upper")
    name = f"{'' if agreed else 'proposed '}tolerance"
    rows = _Rows(
        order["scenario"].astype(str).tolist(), levels, round(tolerance * 100, 1), name,
        "risk added, percentage points", float(order["extra_level"].iloc[0]),
    )  # fmt: skip
    return Figure(
        key="extra-risk-by-scenario",
        headline=_risk_headline(rows),
        subtitle=(
            "Chance of breaking a limit that each plan's joining schools add (percentage "
            f"points), {trust}, over the whole period"
        ),
        alt=_alt(rows),
        source=_source(futures, rows.level),
        data=_table(rows, "Scenario", "Risk added (points)"),
        svg=_svg(rows),
    )


def hold_differences(differences: pd.DataFrame, *, trust: str, futures: int) -> Figure:
    """Draw by how much each scenario is likelier than another to keep every limit, paired.

    Each pair is drawn the way round that makes the difference positive.

    Args:
        differences: One row a pair and measure: `scenario, other, measure, difference, lower,
            upper`; those of the measure `hold` are drawn.
        trust: The trust's name.
        futures: How many futures of each scenario were simulated.
    """
    ahead = _ahead(differences[differences["measure"] == "hold"])
    levels = _points(ahead, "difference", "lower", "upper")
    names = [
        f"{one} over {other}" for one, other in zip(ahead["scenario"], ahead["other"], strict=True)
    ]
    rows = _Rows(names, levels, 0.0, "no difference", "points more likely that every limit holds")
    return Figure(
        key="hold-differences",
        headline=_pairs_headline(rows),
        subtitle=(
            "Difference in the chance that every limit holds, future by future on the same luck "
            f"(percentage points), {trust}"
        ),
        alt=_alt(rows),
        source=_source(futures, rows.level),
        data=_table(rows, "Pair", "Difference (points)"),
        svg=_svg(rows),
    )


def _ahead(rows: pd.DataFrame) -> pd.DataFrame:
    """Turn each pair so that the first is the better, the clearest pair first."""
    turned = rows.copy()
    behind = rows["difference"] < 0
    turned.loc[behind, ["scenario", "other"]] = rows.loc[behind, ["other", "scenario"]].to_numpy()
    turned.loc[behind, ["difference", "lower", "upper"]] = -rows.loc[
        behind, ["difference", "upper", "lower"]
    ].to_numpy()
    return turned.sort_values("difference", ascending=False, kind="stable", ignore_index=True)


def _points(rows: pd.DataFrame, level: str, low: str, high: str) -> pd.DataFrame:
    shown = (rows[[level, low, high]] * 100).round(1) + 0.0
    return shown.set_axis(["level", "low", "high"], axis=1).reset_index(drop=True)


def _svg(rows: _Rows) -> str:
    with drawing(0.85 + 0.42 * max(len(rows.names), 1)) as (canvas, axes):
        _draw(axes, rows)
        return to_svg(canvas)


def _draw(axes: Axes, rows: _Rows) -> None:
    for place, row in enumerate(rows.levels.to_dict("records")):
        beyond = rows.line > 0 and row["high"] > rows.line
        colour = ORANGE if beyond else BLUE
        axes.plot([row["low"], row["high"]], [place, place], color=colour, linewidth=2.4)
        axes.plot(row["level"], place, marker="X" if beyond else "o", color=colour, markersize=8)
        axes.annotate(
            number(row["level"], 1), (row["high"], place), xytext=(7, 0),
            textcoords="offset points", va="center", fontsize=9, color=INK,
        )  # fmt: skip
    colour = PLUM if rows.line else GREY
    axes.axvline(rows.line, color=colour, linewidth=1.6, linestyle=(0, (5, 3)))
    axes.annotate(
        f"{rows.line_name}{f': {rows.line:g}' if rows.line else ''}", (rows.line, 1),
        xycoords=("data", "axes fraction"), xytext=(0, 3), textcoords="offset points",
        ha="center", va="bottom", fontsize=9, color=colour, annotation_clip=False,
    )  # fmt: skip
    reach = [rows.line, 0.0, *rows.levels["low"], *rows.levels["high"]]
    span = (max(reach) - min(reach)) or 1.0
    axes.set_xlim(min(reach) - 0.04 * span, max(reach) + 0.14 * span)
    axes.set_ylim(len(rows.names) - 0.5, -0.6)
    axes.set_yticks(
        range(len(rows.names)), [fitted(name, _NAME_POINTS, 9.5) for name in rows.names]
    )
    axes.tick_params(axis="y", length=0)
    axes.set_xlabel(rows.axis)
    frame(axes, grid="x")


def _risk_headline(rows: _Rows) -> str:
    within = [name for name, high in zip(rows.names, rows.levels["high"], strict=True)
              if high <= rows.line]  # fmt: skip
    line = f"the {rows.line_name} of {rows.line:g} points"
    least = f"{rows.names[0]} adds least, {number(rows.levels['level'][0], 1)}"
    if not within:
        return f"No plan is shown to keep within {line}; {least}"
    if len(within) == len(rows.names):
        every = "Both plans" if len(within) == 2 else f"All {len(within)} plans"
        return f"{every} keep within {line}; {least}"
    return f"{capital(listed(within))} {'keeps' if len(within) == 1 else 'keep'} within {line}"


def _pairs_headline(rows: _Rows) -> str:
    clear = int((rows.levels["low"] > 0).sum())
    if not clear:
        return "No plan is clearly likelier than another to keep every limit"
    most = number(rows.levels["level"][0], 1)
    told = "the one pair" if len(rows.names) == 1 else f"{clear} of {len(rows.names)} pairs"
    return (
        f"The chance that every limit holds differs beyond doubt in {told}, most for "
        f"{rows.names[0]}: {most} points"
    )


def _alt(rows: _Rows) -> str:
    parts = [
        f"{name} {number(row['level'], 1)}, between {number(row['low'], 1)} and "
        f"{number(row['high'], 1)}"
        for name, row in zip(rows.names, rows.levels.to_dict("records"), strict=True)
    ]
    return (
        f"Dots with {_level(rows.level)} intervals on {count(len(parts), 'line')}, and a dashed "
        f"line at {rows.line:g} points: {'; '.join(parts)}."
    )


def _table(rows: _Rows, first: str, value: str) -> pd.DataFrame:
    return pd.DataFrame({
        first: rows.names,
        value: rows.levels["level"],
        "From": rows.levels["low"],
        "To": rows.levels["high"],
    })  # fmt: skip


def _source(futures: int, level: float) -> str:
    return (
        f"growth model of this workbench, {futures:,} simulated futures of each plan, on the "
        f"same luck; lines are {_level(level)} intervals of the paired difference."
    )


def _level(level: float) -> str:
    return f"{level * 100:g}%"
