"""The waterfall: from the trust without joiners to the trust with them, mechanism by mechanism."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd
from matplotlib.axes import Axes

from workbench.charts.figure import Figure
from workbench.charts.labels import fitted
from workbench.charts.style import BLUE, GREY, INK, ORANGE, TEAL, drawing, frame, to_svg
from workbench.charts.wording import capital, count, listed, number, percent

# What each outcome is called, and whether more of it is worse.
OUTCOMES = {
    "breach": ("the chance of breaking a limit", True),
    "existing_secure_share": ("the share of today's schools secure or better", False),
}
_NAME_POINTS = 190.0
_HIDDEN = 0.5  # points: smaller contributions are drawn together,
_HIDDEN_SHARE = 0.1  # unless they are a larger share than this of the largest
_COARSE = 10.0  # points: where a contribution is as large, whole points are fine enough


@dataclass(frozen=True)
class _Bar:
    """One bar, in per cent or percentage points."""

    name: str
    start: float
    end: float
    whole: bool  # a level of the trust rather than a change of it

    @property
    def change(self) -> float:
        return self.end - self.start


def waterfall(
    steps: pd.DataFrame, outcome: str, *, trust: str, scenario: str, futures: int
) -> Figure:
    """Draw what each mechanism contributes to the change that joining schools bring.

    Args:
        steps: One row an outcome and step, in order: `outcome, step, contribution, lower, upper,
            start, end`; the first and last step of an outcome are levels, those between changes.
        outcome: A key of `OUTCOMES`.
        trust: The trust's name.
        scenario: The scenario's title.
        futures: How many futures of each set of mechanisms were simulated.
    """
    rows = steps[steps["outcome"] == outcome].reset_index(drop=True)
    label, more_is_worse = OUTCOMES[outcome]
    bars = _bars(rows)
    with drawing(0.75 + 0.34 * len(bars)) as (canvas, axes):
        _draw(axes, bars, more_is_worse)
        svg = to_svg(canvas)
    return Figure(
        key=f"waterfall-{outcome.replace('_', '-')}-{_key(scenario)}",
        headline=_headline(rows, label, scenario),
        subtitle=(
            f"{capital(label)} (%): what each mechanism adds or takes (percentage points), "
            f"{trust}, over the whole period, scenario: {scenario}"
        ),
        alt=_alt(bars),
        source=(
            f"growth model of this workbench, {futures:,} simulated futures for every set of "
            "mechanisms, on the same luck; shares by Shapley values, which add up exactly before "
            f"they are rounded. {_ends(rows)}"
        ),
        data=_table(rows),
        svg=svg,
    )


def _ends(rows: pd.DataFrame) -> str:
    """Say how far the two levels may lie from figures that rest on other or on more futures."""
    levels = rows.iloc[[0, -1]][["end", "lower", "upper"]] * 100
    first, last = (
        f"{number(level)}% ({number(low)} to {number(high)})"
        for level, low, high in levels.itertuples(index=False)
    )
    return (
        f"These futures are its own: its ends, {first} and {last}, 95% intervals, may differ from "
        "figures elsewhere that rest on more."
    )


def _bars(rows: pd.DataFrame) -> list[_Bar]:
    """Return the bars in order, contributions too small to see drawn as one."""
    levels = rows.assign(**{name: rows[name] * 100 for name in ("contribution", "start", "end")})
    first, last = levels.iloc[0], levels.iloc[-1]
    changes = levels.iloc[1:-1]
    sizes = changes["contribution"].abs()
    hidden = min(_HIDDEN, _HIDDEN_SHARE * float(sizes.max()))
    seen, unseen = changes[sizes >= hidden], changes[sizes < hidden]
    bars = [_Bar(str(first["step"]), 0.0, float(first["end"]), True)]
    parts = [(str(row["step"]), float(row["contribution"])) for _, row in seen.iterrows()]
    if len(unseen) == 1:
        parts.append((str(unseen["step"].iloc[0]), float(unseen["contribution"].iloc[0])))
    elif len(unseen):
        parts.append(
            (f"{len(unseen)} others, each far smaller", float(unseen["contribution"].sum()))
        )
    at = bars[0].end
    for name, part in parts:
        bars.append(_Bar(name, at, at + part, False))
        at += part
    return [*bars, _Bar(str(last["step"]), 0.0, float(last["end"]), True)]


def _draw(axes: Axes, bars: list[_Bar], more_is_worse: bool) -> None:
    reach = [level for bar in bars for level in (bar.end, *([] if bar.whole else [bar.start]))]
    low, high = min(reach), max(reach)
    # Levels far from zero leave their changes unseen: the scale then starts where changes show.
    spread = max(high - low, 1.0)
    left = 0.0 if low < 3 * spread else low - 0.6 * spread
    decimals = _decimals(bars)
    for place, bar in enumerate(bars):
        worse = (bar.change > 0) == more_is_worse
        if bar.whole and left > 0:  # a bar that does not start at zero would mislead
            axes.plot(bar.end, place, marker="D", markersize=9, color=BLUE)
        else:
            colour = BLUE if bar.whole else ORANGE if worse else TEAL
            thin = abs(bar.change) < 0.02 * (high - left)  # an edge of its own would hide it
            axes.barh(place, bar.change, left=bar.start, height=0.62, color=colour,
                      hatch="////" if worse and not bar.whole and not thin else None,
                      edgecolor=colour if thin else "white")  # fmt: skip
        if place + 1 < len(bars):
            axes.plot([bar.end, bar.end], [place, place + 1], color=GREY, linewidth=0.9, zorder=0)
        axes.annotate(
            _label(bar, decimals), (max(bar.end, 0.0 if bar.whole else bar.start), place),
            xytext=(9, 0), textcoords="offset points", va="center", ha="left", fontsize=9,
            color=INK,
        )  # fmt: skip
    axes.set_xlim(left, high + 0.17 * (high - left))
    axes.set_ylim(len(bars) - 0.4, -0.6)
    names = [fitted(capital(bar.name), _NAME_POINTS, 9.5) for bar in bars]
    axes.set_yticks(range(len(bars)), names)
    axes.tick_params(axis="y", length=0)
    axes.set_xlabel(
        "per cent (hatched: for the worse)" if left == 0
        else f"per cent, from {number(left)} (hatched: for the worse)"
    )  # fmt: skip
    frame(axes, grid="x")


def _decimals(bars: list[_Bar]) -> int:
    return 0 if max((abs(bar.change) for bar in bars if not bar.whole), default=0) >= _COARSE else 1


def _label(bar: _Bar, decimals: int) -> str:
    if bar.whole:
        if 99.5 < bar.end < 100:
            return ">99%"
        return f"{number(bar.end, decimals)}%"
    return signed_points(bar.change, 1 if abs(bar.change) < 1 else decimals)


def signed_points(change: float, decimals: int = 1) -> str:
    """Write percentage points with their sign."""
    text = number(change, decimals)
    return f"+{text}" if round(change, decimals) > 0 else text


def _headline(rows: pd.DataFrame, label: str, scenario: str) -> str:
    whole = rows["end"].iloc[-1] - rows["end"].iloc[0]
    decimals = 0 if abs(whole) * 100 >= _COARSE else 1
    changes = rows.iloc[1:-1]
    same_way = changes[(changes["contribution"] * whole) > 0]
    if abs(whole) * 100 < _HIDDEN or same_way.empty:
        return f"{scenario}: joining schools hardly move {label}"
    # Only what lies on its side of zero beyond doubt may explain the change.
    clear = same_way[(same_way["lower"] > 0) | (same_way["upper"] < 0)]
    order = clear.reindex(clear["contribution"].abs().sort_values(ascending=False).index)
    moves = f"{scenario}: {label} {'rises' if whole > 0 else 'falls'} by " + (
        f"{number(abs(whole) * 100, decimals)} points"
    )
    if order.empty:
        return f"{moves}, and no single mechanism explains it beyond doubt"
    first = order.iloc[0]
    said = f"{first['step']} ({signed_points(first['contribution'] * 100, decimals)})"
    return f"{moves}, mostly through {said}"


def _alt(bars: list[_Bar]) -> str:
    parts = [f"{bar.name} {signed_points(bar.change, 1)}" for bar in bars if not bar.whole]
    return (
        f"Waterfall of {count(len(bars), 'bar')}, from {percent(bars[0].end / 100)} to "
        f"{percent(bars[-1].end / 100)}: {listed(parts)}."
    )


def _table(rows: pd.DataFrame) -> pd.DataFrame:
    shown = (rows[["contribution", "lower", "upper"]] * 100).round(1) + 0.0
    return pd.DataFrame({
        "Step": [capital(str(step)) for step in rows["step"]],
        "Per cent or points": shown["contribution"],
        "From": shown["lower"],
        "To": shown["upper"],
    })  # fmt: skip


def _key(scenario: str) -> str:
    kept = "".join(sign if sign.isascii() and sign.isalnum() else "-" for sign in scenario.lower())
    return "-".join(part for part in kept.split("-") if part) or "scenario"
