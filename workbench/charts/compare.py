"""Scenarios side by side: one small panel each on the same axes, so that eyes can compare them."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.ticker import MaxNLocator

from workbench.charts.fan import COUNTS, said
from workbench.charts.figure import Figure
from workbench.charts.labels import fitted
from workbench.charts.measures import MEASURES, Measure
from workbench.charts.panels import COLUMNS, align_ends, panels
from workbench.charts.style import (
    BLUE,
    GREY,
    INK,
    MID_BLUE,
    ORANGE,
    PALE_BLUE,
    PLUM,
    drawing,
    frame,
    to_svg,
)
from workbench.charts.wording import capital, count, in_twenty, listed, number, percent
from workbench.errors import BadInput

_TITLE_POINTS = 132.0
_QUANTILES = ["p05", "p25", "p50", "p75", "p95"]
Panels = Mapping[str, pd.DataFrame]


def fans_side_by_side(
    fans: pd.DataFrame, measure: str, *, trust: str, futures: int, limit: float | None = None
) -> Figure:
    """Draw the fan of one measure for every scenario, on the same axes.

    Args:
        fans: One row a scenario, measure and term: `scenario, measure, term, index, p05 ... p95`.
        measure: A key of `MEASURES`.
        trust: The trust's name.
        futures: How many futures of each scenario were simulated.
        limit: The board's limit on the simulated value, where it has one.

    Raises:
        BadInput: The frame has no row of this measure.
    """
    shown = MEASURES[measure]
    rows = fans[fans["measure"] == measure].copy()
    rows[_QUANTILES] = (rows[_QUANTILES] * shown.scale).round(shown.decimals) + 0.0
    by_scenario = _by_scenario(rows, measure)
    line = None if limit is None else round(limit * shown.scale, shown.decimals)
    ends = {name: float(own["p50"].iloc[-1]) for name, own in by_scenario.items()}

    def one(panel: Axes, name: str) -> None:
        own = by_scenario[name]
        panel.fill_between(own["index"], own["p05"], own["p95"], color=PALE_BLUE, linewidth=0)
        panel.fill_between(own["index"], own["p25"], own["p75"], color=MID_BLUE, linewidth=0)
        panel.plot(own["index"], own["p50"], color=BLUE, linewidth=2)
        if line is not None:
            panel.axhline(line, color=PLUM, linewidth=1.4, linestyle=(0, (5, 3)))

    end_words = {name: f"middle ends at {_show(end, shown)}" for name, end in ends.items()}
    svg = _svg(by_scenario, one, end_words, _axis(shown))
    dashed = "" if line is None else f" A dashed line marks {_show(line, shown)}."
    return Figure(
        key=f"fans-{measure.replace('_', '-')}",
        headline=_highest_and_lowest(ends, shown),
        subtitle=(
            f"{capital(shown.label)} ({COUNTS.get(measure, shown.unit)}), {trust}, "
            f"{_period(by_scenario)}; half of futures lie in the dark band, 9 in 10 in the pale"
            + ("" if line is None else f"; dashed: the limit of {_show(line, shown)}")
        ),
        alt=(
            f"{_panels_said(by_scenario)} In the last term "
            + "; ".join(
                f"{name}: 9 in 10 futures between {_show(own['p05'].iloc[-1], shown)} and "
                f"{_show(own['p95'].iloc[-1], shown)}"
                for name, own in by_scenario.items()
            )
            + f".{dashed}"
        ),
        source=_source(futures),
        data=_fan_table(by_scenario, shown),
        svg=svg,
    )


def breach_side_by_side(breach: pd.DataFrame, limit: str, *, trust: str, futures: int) -> Figure:
    """Draw the chance that a limit has been broken, term by term, with joiners and without.

    Args:
        breach: One row a scenario, limit, term and `with_joiners`: `probability, lower, upper`.
        limit: Which limit, or any limit.
        trust: The trust's name.
        futures: How many futures of each scenario were simulated.

    Raises:
        BadInput: The frame has no row of this limit.
    """
    rows = breach[breach["limit"] == limit].copy()
    rows[["probability", "lower", "upper"]] *= 100
    by_scenario = _by_scenario(rows, limit)
    ends = {name: _ends(own) for name, own in by_scenario.items()}

    def one(panel: Axes, name: str) -> None:
        own = by_scenario[name]
        joining, alone = own[own["with_joiners"]], own[~own["with_joiners"]]
        panel.fill_between(joining["index"], joining["lower"], joining["upper"], color=PALE_BLUE,
                           linewidth=0)  # fmt: skip
        panel.plot(joining["index"], joining["probability"], color=BLUE, linewidth=2)
        panel.plot(alone["index"], alone["probability"], color=ORANGE, linewidth=1.6,
                   linestyle=(0, (4, 2)))  # fmt: skip
        panel.set_ylim(0, 100)

    words = {
        name: f"joining {_short(end)}, none {_short(alone)}" for name, (end, alone) in ends.items()
    }
    svg = _svg(by_scenario, one, words, "chance so far, per cent")
    what = "a limit" if limit == "any limit" else f"the limit on {limit}"
    fewest = min(ends, key=lambda name: ends[name][0])
    return Figure(
        key="breach-by-term",
        headline=(
            f"Fewest futures break {what} with {fewest}: {in_twenty(ends[fewest][0] / 100)} by the "
            f"last term, against {in_twenty(ends[fewest][1] / 100)} if none join"
        ),
        subtitle=(
            f"Chance that {what} has been broken by each term (%), {trust}, "
            f"{_period(by_scenario)}; solid: schools join; dashed: the same policy and none join"
        ),
        alt=(
            f"{_panels_said(by_scenario)} Two rising lines in each; by the last term "
            + "; ".join(
                f"{name} {percent(end / 100)} with joiners and {percent(alone / 100)} without"
                for name, (end, alone) in ends.items()
            )
            + "."
        ),
        source=f"{_source(futures)} The band is the 95% interval of the estimate.",
        data=_breach_table(by_scenario),
        svg=svg,
    )


def effect_side_by_side(effect: pd.DataFrame, measure: str, *, trust: str, futures: int) -> Figure:
    """Draw what joining schools do to the schools already there, term by term.

    Args:
        effect: One row a scenario, measure and term: `difference, lower, upper` (shares).
        measure: A key of `MEASURES`, such as today's schools secure or better.
        trust: The trust's name.
        futures: How many futures of each scenario were simulated.

    Raises:
        BadInput: The frame has no row of this measure.
    """
    shown = MEASURES[measure]
    rows = effect[effect["measure"] == measure].copy()
    rows[["difference", "lower", "upper"]] *= 100
    by_scenario = _by_scenario(rows, measure)
    ends = {name: own.iloc[-1] for name, own in by_scenario.items()}

    def one(panel: Axes, name: str) -> None:
        own = by_scenario[name]
        panel.axhline(0, color=GREY, linewidth=1)
        panel.fill_between(own["index"], own["lower"], own["upper"], color=MID_BLUE, linewidth=0)
        panel.plot(own["index"], own["difference"], color=BLUE, linewidth=2)

    words = {name: f"{_points(row['difference'])} points at the end" for name, row in ends.items()}
    svg = _svg(by_scenario, one, words, "percentage points")
    hurt = [name for name, row in ends.items() if row["upper"] < 0]
    helped = [name for name, row in ends.items() if row["lower"] > 0]
    return Figure(
        key=f"effect-{measure.replace('_', '-')}",
        headline=_effect_headline(shown, hurt, helped, ends),
        subtitle=(
            f"{capital(shown.label)}: with joining schools less without, in the same futures "
            f"(percentage points), {trust}, {_period(by_scenario)}"
        ),
        alt=(
            f"{_panels_said(by_scenario)} A line with its 95% band about zero; in the last term "
            + "; ".join(
                f"{name} {_points(row['difference'])} points, between {_points(row['lower'])} and "
                f"{_points(row['upper'])}"
                for name, row in ends.items()
            )
            + "."
        ),
        source=f"{_source(futures)} The band is the 95% interval of the paired difference.",
        data=_effect_table(by_scenario),
        svg=svg,
    )


def _by_scenario(rows: pd.DataFrame, what: str) -> dict[str, pd.DataFrame]:
    if rows.empty:
        raise BadInput(f"the comparison has nothing on {what!r}", where="scenarios side by side")
    return {
        str(name): own.sort_values("index", ignore_index=True)
        for name, own in rows.groupby("scenario", sort=False)
    }


def _svg(
    by_scenario: Panels, one: Callable[[Axes, str], None], ends: Mapping[str, str], axis: str
) -> str:
    """Draw one panel a scenario on the same axes, its name and how it ends above it."""
    columns = min(COLUMNS, max(2, len(by_scenario)))
    rows = -(-len(by_scenario) // columns)
    with drawing(0.7 + 1.75 * rows) as (canvas, axes):
        made = panels(canvas, axes, len(by_scenario), columns)
        room = _TITLE_POINTS * COLUMNS / columns
        for panel, name in zip(made, by_scenario, strict=True):
            one(panel, name)
            panel.set_title(
                f"{fitted(name, room)}\n{fitted(ends[name], room)}", fontsize=8.5, loc="left",
                color=INK, pad=4,
            )  # fmt: skip
            frame(panel)
        _name_terms(made, next(iter(by_scenario.values())), len(_starts(by_scenario)) == 1)
        canvas.supylabel(axis, fontsize=8.5)
        return to_svg(canvas)


def _name_terms(made: list[Axes], own: pd.DataFrame, dated: bool) -> None:
    """Name the first and last term: by date where all scenarios start together, else by number."""
    last = int(own["index"].max())
    terms = own.drop_duplicates("index").set_index("index")["term"]
    words = [str(terms[at]) if dated else f"term {at + 1}" for at in (0, last)]
    for panel in made:
        panel.set_xticks([0, last], [word.replace(" ", "\n") for word in words])
        align_ends(panel)
        panel.yaxis.set_major_locator(MaxNLocator(nbins=6, steps=[1, 2, 5, 10]))
    made[0].set_xlim(0, last)


def _starts(by_scenario: Panels) -> set[str]:
    return {str(own["term"].iloc[0]) for own in by_scenario.values()}


def _period(by_scenario: Panels) -> str:
    own = next(iter(by_scenario.values()))
    if len(_starts(by_scenario)) == 1:
        return f"{own['term'].iloc[0]} to {own['term'].iloc[-1]}"
    return f"{count(own['index'].nunique(), 'term')} from each plan's own start"


def _panels_said(by_scenario: Panels) -> str:
    return f"{capital(count(len(by_scenario), 'panel'))} on one scale: {listed(by_scenario)}."


def _source(futures: int) -> str:
    return (
        f"growth model of this workbench, {futures:,} simulated futures of each plan, on the "
        "same luck."
    )


def _axis(shown: Measure) -> str:
    return "per cent" if shown.unit == "%" else shown.unit


def _show(value: float, shown: Measure) -> str:
    return said(shown, value / shown.scale)


def _points(value: float) -> str:
    """Write percentage points to a tenth, with their sign."""
    text = number(value, 1)
    return f"+{text}" if round(value, 1) > 0 else text


def _highest_and_lowest(ends: Mapping[str, float], shown: Measure) -> str:
    high, low = (pick(ends, key=lambda name: ends[name]) for pick in (max, min))
    what = f"{capital(shown.label)}: the middle future"
    if ends[high] == ends[low]:
        return f"{what} ends at {_show(ends[high], shown)} under every plan"
    return (
        f"{what} ends highest with {high} ({_show(ends[high], shown)}) and lowest with {low} "
        f"({_show(ends[low], shown)})"
    )


def _ends(own: pd.DataFrame) -> tuple[float, float]:
    """Return the last chance with joiners and without, in per cent."""
    last = own[own["index"] == own["index"].max()].set_index("with_joiners")["probability"]
    return float(last[True]), float(last[False])


def _short(chance: float) -> str:
    """Write per cent in few signs, never as 0% or 100% unless it is exactly so."""
    if 99.5 < chance < 100:
        return ">99%"
    return "<1%" if 0 < chance < 0.5 else f"{chance:.0f}%"


def _effect_headline(
    shown: Measure, hurt: list[str], helped: list[str], ends: Mapping[str, pd.Series]
) -> str:
    parts = []
    if hurt:
        worst = min(hurt, key=lambda name: ends[name]["difference"])
        lost = f"{_points(ends[worst]['difference'])} points by the last term"
        every = "every plan" if len(hurt) == len(ends) else listed(hurt)
        parts.append(
            f"growth lowers the share under {every}, most with {worst} ({lost})"
            if len(hurt) > 1
            else f"growth lowers the share under {worst} ({lost})"
        )
    if helped:
        parts.append(f"growth raises it under {listed(helped)}")
    if not parts:
        parts.append("no plan moves the share beyond doubt by the last term")
    return f"{capital(shown.label)}: {', and '.join(parts)}"


def _fan_table(by_scenario: Panels, shown: Measure) -> pd.DataFrame:
    whole = pd.concat(by_scenario.values(), ignore_index=True)
    table = whole[["scenario", "term", *_QUANTILES]].set_axis(
        ["Scenario", "Term", "1 in 20 below", "1 in 4 below", "Middle", "1 in 4 above",
         "1 in 20 above"], axis=1,
    )  # fmt: skip
    if shown.decimals == 0:
        table = table.astype(dict.fromkeys(table.columns[2:], "int64"))
    return table


def _breach_table(by_scenario: Panels) -> pd.DataFrame:
    whole = pd.concat(by_scenario.values(), ignore_index=True)
    return pd.DataFrame({
        "Scenario": whole["scenario"],
        "Term": whole["term"],
        "Schools": ["join" if joining else "none join" for joining in whole["with_joiners"]],
        "Chance so far (%)": whole["probability"].round(1),
        "From": whole["lower"].round(1),
        "To": whole["upper"].round(1),
    })  # fmt: skip


def _effect_table(by_scenario: Panels) -> pd.DataFrame:
    whole = pd.concat(by_scenario.values(), ignore_index=True)
    return pd.DataFrame({
        "Scenario": whole["scenario"],
        "Term": whole["term"],
        "With joining schools (%)": (whole["with_joiners"] * 100).round(1),
        "Without (%)": (whole["without"] * 100).round(1),
        "Difference (points)": whole["difference"].round(1) + 0.0,
        "From": whole["lower"].round(1) + 0.0,
        "To": whole["upper"].round(1) + 0.0,
    })  # fmt: skip
