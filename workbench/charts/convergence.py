"""Lines of sensitivity indices over growing samples: have they settled?"""

from __future__ import annotations

import pandas as pd
from matplotlib.axes import Axes

from workbench.charts.asked import factor_lines, outcome, plan_words
from workbench.charts.figure import Figure
from workbench.charts.labels import NAME_SIZE
from workbench.charts.style import BLUE, ORANGE, PALE_GREY, PLUM, TEAL, drawing, frame, to_svg
from workbench.charts.wording import capital, inside, number

_LINES = ((BLUE, "-", "o"), (ORANGE, "--", "s"), (PLUM, "-.", "^"), (TEAL, ":", "D"))
_APART = 0.16  # share of the axis that a name of three lines needs


def index_convergence(
    convergence: pd.DataFrame,
    *,
    change: float,
    widest: float,
    tolerance: float,
    asked: str,
    trust: str,
    scenario: str,
    joiners: int,
    horizon: str,
) -> Figure:
    """Draw the total order of the largest factors over growing beginnings of one sample.

    Args:
        convergence: One row a size, factor and order: `size, label, order, index, lower, upper`.
        change: Largest change of any index in the last doubling.
        widest: Largest half-width of any interval at the last size.
        tolerance: Largest change that counts as settled; an interval may reach twice as far.
        asked: The outcome explained, a key of `asked.OUTCOMES`.
        trust: The trust's name.
        scenario: The scenario's title.
        joiners: Number of schools that join.
        horizon: The last term looked at.
    """
    totals = convergence[convergence["order"] == "total"]
    last = totals[totals["size"] == totals["size"].max()]
    order = [str(label) for label in last.sort_values("index", ascending=False)["label"]]
    with drawing(3.6) as (canvas, axes):
        _draw(axes, totals, order)
        svg = to_svg(canvas)
    return Figure(
        key="index-convergence",
        headline=_headline(change, widest, tolerance),
        subtitle=(
            f"Share of the variance of the {outcome(asked)} that an assumption has a part in, by "
            f"size of the sample; {plan_words(trust, scenario, joiners, horizon)}"
        ),
        alt=_alt(totals, order),
        source=(
            "growth model of this workbench, beginnings of one low-discrepancy sequence; bands "
            "hold 19 of 20 resamples."
        ),
        data=_table(convergence, order),
        svg=svg,
    )


def _table(convergence: pd.DataFrame, order: list[str]) -> pd.DataFrame:
    rows = convergence.assign(place=convergence["label"].map(order.index))
    rows = rows.sort_values(["place", "order", "size"], kind="stable")
    return pd.DataFrame({
        "Assumption": [capital(str(label)) for label in rows["label"]],
        "Share": ["alone" if name == "first" else "with others" for name in rows["order"]],
        "Size of the sample": rows["size"].to_list(),
        "Index": [number(value, 2) for value in rows["index"]],
        "Range": [
            f"{number(low, 2)} to {number(high, 2)}"
            for low, high in zip(rows["lower"], rows["upper"], strict=True)
        ],
    })  # fmt: skip


def _draw(axes: Axes, totals: pd.DataFrame, order: list[str]) -> None:
    sizes = sorted(int(size) for size in totals["size"].unique())
    above = None
    reach = float(totals["upper"].max())
    for place, label in reversed(list(enumerate(order))):
        rows = totals[totals["label"] == label].sort_values("size")
        named = place < len(_LINES)
        colour, style, marker = _LINES[place] if named else (PALE_GREY, "-", "")
        axes.plot(rows["size"], rows["index"], color=colour, linestyle=style, marker=marker,
                  markersize=5, linewidth=1.8 if named else 1, zorder=1 + 2 * named)  # fmt: skip
        if named:
            axes.fill_between(rows["size"], rows["lower"], rows["upper"], color=colour, alpha=0.12,
                              linewidth=0)  # fmt: skip
    for place, label in enumerate(order[: len(_LINES)]):
        rows = totals[totals["label"] == label].sort_values("size")
        level = float(rows["index"].iloc[-1]) / reach
        above = level if above is None else min(level, above - _APART)
        axes.annotate(
            factor_lines(label, 24), (sizes[-1], float(rows["index"].iloc[-1])),
            xytext=(1.02, above), textcoords="axes fraction", va="center", fontsize=NAME_SIZE,
            color=_LINES[place][0], annotation_clip=False,
        )  # fmt: skip
    axes.set_xscale("log", base=2)
    axes.set_xticks(sizes, [str(size) for size in sizes])
    axes.minorticks_off()
    axes.set_ylim(0, reach)
    axes.set_xlabel("size of the sample (points of the sequence)")
    axes.set_ylabel("share of the variance, with others")
    frame(axes)


def _headline(change: float, widest: float, tolerance: float) -> str:
    allowed = number(tolerance, 2)
    if change > tolerance:
        return (
            f"The indices have not settled: one still moved by {number(change, 2)} in the last "
            f"doubling of the sample, more than {allowed}"
        )
    if widest > 2 * tolerance:
        return (
            f"The indices have not settled: none moved by more than {allowed} in the last "
            f"doubling, but one is known to \N{PLUS-MINUS SIGN}{number(widest, 2)} only"
        )
    return (
        f"The indices have settled: none moved by more than {number(change, 2)} in the last "
        "doubling of the sample"
    )


def _alt(totals: pd.DataFrame, order: list[str]) -> str:
    if not order:
        return "An empty chart: there is nothing to draw."
    said = []
    for label in order[: len(_LINES)]:
        rows = totals[totals["label"] == label].sort_values("size")
        path = ", ".join(number(value, 2) for value in rows["index"])
        said.append(f"{inside(label)}: {path}")
    return f"Lines over growing samples for the largest factors. {capital('; '.join(said))}."
