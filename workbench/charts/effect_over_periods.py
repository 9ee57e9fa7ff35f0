"""How supported schools differed from others, period by period, before and after support began."""

from __future__ import annotations

import pandas as pd
from matplotlib.axes import Axes

from workbench.charts.figure import Figure
from workbench.charts.labels import drawable
from workbench.charts.style import BLUE, GREY, INK, ORANGE, drawing, frame, to_svg
from workbench.charts.wording import capital, count, number

_CHANGE = "change since the last period before joining, schools that joined less others"


def effect_over_periods(
    effects: pd.DataFrame,
    *,
    headline: str,
    measure: str,
    unit: str,
    source: str,
    said: str = _CHANGE,
    from_last: bool = True,
    period: str = "period",
    key: str = "effect-over-periods",
) -> Figure:
    """Draw each period's difference with its interval; the last before joining is zero by making.

    Before joining an interval should hold zero: there is no support yet, so whatever is seen there
    is another path or luck.

    Args:
        effects: since (periods since joining), estimate, low, high; sorted by since.
        headline: The finding in words.
        measure: The outcome in words.
        unit: Unit of a difference.
        source: Where the numbers come from.
        said: What a difference is, in words.
        from_last: Whether changes count from the last period before joining, which is then marked.
        period: What a period is, such as `year`.
        key: The figure's key, told apart from other figures of a page.
    """
    with drawing(3.4) as (canvas, axes):
        _draw(axes, effects, unit, period, from_last=from_last)
        canvas.legend(loc="outside lower center", ncols=3, frameon=False, fontsize=9)
        svg = to_svg(canvas)
    differences = [number(one, 2) for one in effects["estimate"]]
    ends = zip(effects["low"], effects["high"], strict=True)
    return Figure(
        key=key,
        headline=headline,
        subtitle=f"{measure}: {said}, {unit}; bars are 95% intervals",
        alt=_alt(effects, period),
        source=source,
        data=pd.DataFrame(
            {
                f"{capital(period)}s since joining": effects["since"].tolist(),
                f"Difference ({unit})": differences,
                "Interval": [f"{number(low, 2)} to {number(high, 2)}" for low, high in ends],
            }
        ),
        svg=svg,
    )


def _draw(axes: Axes, effects: pd.DataFrame, unit: str, period: str, *, from_last: bool) -> None:
    axes.axhline(0.0, color=GREY, linewidth=1, zorder=1)
    axes.axvline(-0.5, color=GREY, linewidth=1, linestyle=(0, (1, 2)), zorder=1)
    sides = (
        (effects["since"] < 0, "Before joining: should hold zero", GREY, "s"),
        (effects["since"] >= 0, "Since joining", BLUE, "o"),
    )
    for chosen, words, colour, marker in sides:
        rows = effects[chosen]
        if rows.empty:
            continue
        axes.vlines(rows["since"], rows["low"], rows["high"], color=colour, linewidth=2, zorder=2)
        axes.scatter(rows["since"], rows["estimate"], color=colour, marker=marker, s=42, zorder=3,
                     edgecolors=INK, linewidths=0.5, label=words)  # fmt: skip
    shown = {int(since) for since in effects["since"]}
    if from_last:
        shown.add(-1)
        axes.scatter([-1], [0], color=ORANGE, marker="D", s=34, zorder=3, edgecolors=INK,
                     linewidths=0.5, label="Counted from here")  # fmt: skip
    axes.set_xticks(sorted(shown))
    first = "the period of joining" if from_last else f"the first {period} after it"
    axes.set_xlabel(f"{capital(period)}s since joining (0 is {first})")
    axes.set_ylabel(drawable(f"Difference ({unit})"))
    frame(axes, grid="y")


def _alt(effects: pd.DataFrame, period: str) -> str:
    before, after = effects[effects["since"] < 0], effects[effects["since"] >= 0]
    out = (after["low"] > 0) | (after["high"] < 0)
    odd = (before["low"] > 0) | (before["high"] < 0)
    return (
        f"Marks with bars, one a {period}. Of {count(len(after), period)} since joining, "
        f"{int(out.sum())} leave zero out; of {count(len(before), period)} before it, "
        f"{int(odd.sum())}."
    )
