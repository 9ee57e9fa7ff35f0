"""A funnel: schools against what chance alone would do at their size, never a rank table."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure as Canvas
from matplotlib.ticker import NullLocator

from workbench.charts.figure import Figure
from workbench.charts.labels import Curve, Named, drawable, fitted_names, name_points
from workbench.charts.style import BLUE, GREY, INK, MID_BLUE, ORANGE, drawing, frame, to_svg
from workbench.charts.wording import capital, count, listed, number
from workbench.measures.funnels import Funnel, limits_over

_POINTS = 120  # of the drawn limits
_COARSE = 3  # every so many of them are enough to keep names off the limits
_NAMED = 6  # schools named in a headline before the others are counted
_NAME_POINTS = 150.0
_SHARES = (0.0, 100.0)  # a share in per cent cannot leave them, nor can a limit for one
_SIDES = ("lower", "upper")
Bounds = tuple[float, float]


def funnel_plot(
    funnel: Funnel,
    names: Mapping[int, str],
    *,
    key: str,
    measure: str,
    unit: str,
    size: str,
    whose: str,
    period: str,
    source: str,
    factor: float = 1.0,
    decimals: int = 1,
    urn: int | None = None,
    left_out: str = "",
    size_factor: float | None = None,
) -> Figure:
    """Draw schools by size and value with the limits that chance alone would keep to.

    Args:
        funnel: The funnel; its units are indexed by URN.
        names: Each school's name.
        key: Short name of the figure.
        measure: What is measured, such as `Absence`.
        unit: Unit of the value, such as `% of sessions`; limits and axis of one that begins with
            `%` stay within 0 to 100.
        size: What the size is, such as `pupils`; named on the axis.
        whose: Trust's name.
        period: The period measured.
        source: Where the numbers come from.
        factor: What values are multiplied by before they are shown (100 for shares).
        decimals: Digits shown.
        urn: A school to point out.
        left_out: Sentence on the schools without a figure.
        size_factor: What a unit's size in the funnel is multiplied by to give the size named. An
            overdispersed funnel, whose size is 1 / error squared, has numbers along its axis only
            with it; else that axis says which way figures grow surer.
    """
    sized = funnel.kind == "binomial" or size_factor is not None
    schools = count(len(funnel.units), "school")
    shown = _shown(funnel, names, factor, size_factor or 1.0)
    bounds = _bounds(unit, shown["value"])
    with drawing(3.7) as (canvas, axes):
        axes.set_ylabel(drawable(unit))
        curves = _draw(axes, funnel, shown, (factor, size_factor or 1.0), bounds)
        _size_axis(axes, size, sized=sized)
        unnamed = _name(canvas, axes, shown, curves, urn)
        svg = to_svg(canvas)
    return Figure(
        key=key,
        headline=_headline(funnel, names, measure),
        subtitle=(
            f"{measure} of {schools} of {whose} by {size}, {period}; {unit}"
            f"{'; ' + left_out if left_out else ''}"
        ),
        alt=_alt(funnel, shown, number(factor * funnel.centre, decimals), unnamed),
        source=source,
        data=pd.DataFrame(
            {
                "School": shown["name"].tolist(),
                **({capital(size): [number(value) for value in shown["size"]]} if sized else {}),
                f"{measure} ({unit})": [number(value, decimals) for value in shown["value"]],
                **_limits_data(funnel, factor, decimals, bounds),
                "Place": [capital(place) for place in shown["place"]],
            }
        ),
        svg=svg,
    )


def _shown(
    funnel: Funnel, names: Mapping[int, str], factor: float, size_factor: float
) -> pd.DataFrame:
    """Return schools as drawn, by URN: `name`, `size`, `value`, `place`, `side`."""
    units = funnel.units
    return pd.DataFrame(
        {
            "name": [names[int(urn)] for urn in units.index],
            "size": size_factor * units["size"],
            "value": factor * units["value"],
            "place": units["place"],
            "side": units["side"],
        }
    )


def _bounds(unit: str, values: pd.Series) -> Bounds:
    """Return what limits and axis may not leave; a school is drawn wherever it is."""
    if not unit.startswith("%"):
        return -np.inf, np.inf
    return min(_SHARES[0], float(values.min())), max(_SHARES[1], float(values.max()))


def _limits_data(
    funnel: Funnel, factor: float, decimals: int, bounds: Bounds
) -> dict[str, list[str]]:
    """Return the limits of each school as columns of the table of what was drawn."""
    return {
        f"{words} limit, {side}": [
            number(value, decimals)
            for value in (factor * funnel.units[f"{side}_{end}"]).clip(*bounds)
        ]
        for end, words in (("95", "95%"), ("998", "99.8%"))
        for side in _SIDES
    }


def _draw(
    axes: Axes,
    funnel: Funnel,
    shown: pd.DataFrame,
    factors: tuple[float, float],
    bounds: Bounds,
) -> list[Curve]:
    """Draw limits, mean and schools; return the limits and the mean as curves."""
    factor, size_factor = factors
    most = float(shown["size"].max()) * 1.08
    least = max(most / _POINTS, float(shown["size"].min()) * 0.6)
    lines = limits_over(funnel, np.linspace(least, most, _POINTS) / size_factor)
    along = size_factor * lines.pop("size")
    lines = (factor * lines).clip(*bounds)
    for end, colour, style in (("95", MID_BLUE, (0, (4, 2))), ("998", GREY, (0, (1, 2)))):
        for side in _SIDES:
            axes.plot(along, lines[f"{side}_{end}"], color=colour, linestyle=style,
                      linewidth=1.3, zorder=1)  # fmt: skip
    axes.axhline(factor * funnel.centre, color=BLUE, linewidth=1, zorder=1)
    for beyond, group in shown.groupby(shown["place"] != "within"):
        axes.scatter(group["size"], group["value"], s=60, zorder=3,
                     color=ORANGE if beyond else BLUE, marker="D" if beyond else "o",
                     edgecolors=INK if beyond else BLUE, linewidths=0.6,
                     clip_on=False)  # fmt: skip
    low, high = axes.get_ylim()
    axes.set_ylim(max(low, bounds[0]), min(high, bounds[1]))
    _name_lines(axes, lines.iloc[-1], factor * funnel.centre)
    axes.set_xlim(0, most)
    frame(axes, grid="y")
    mean = [(0.0, factor * funnel.centre), (most, factor * funnel.centre)]
    return [mean, *(list(zip(along, lines[limit], strict=True))[::_COARSE] for limit in lines)]


def _name_lines(axes: Axes, ends: pd.Series, centre: float) -> None:
    """Name the limits at their right ends, from the outside in, where they stand apart."""
    words = {"upper_998": "99.8% limit", "upper_95": "95% limit", "centre": "mean",
             "lower_95": "95% limit", "lower_998": "99.8% limit"}  # fmt: skip
    low, high = axes.get_ylim()
    taken: list[float] = []
    for line, said in words.items():
        y = centre if line == "centre" else float(ends[line])
        if all(abs(y - other) > 0.05 * (high - low) for other in taken):
            taken.append(y)
            axes.annotate(said, (1, y), xycoords=("axes fraction", "data"), xytext=(4, 0),
                          textcoords="offset points", va="center", fontsize=8.5, color=INK,
                          annotation_clip=False)  # fmt: skip


def _size_axis(axes: Axes, size: str, *, sized: bool) -> None:
    if sized:
        axes.set_xlabel(drawable(capital(size)))
        return
    axes.xaxis.set_major_locator(NullLocator())
    axes.set_xlabel(f"fewer {drawable(size)}, less sure  \u2192  more {drawable(size)}, surer",
                    fontsize=9)  # fmt: skip


def _name(
    canvas: Canvas, axes: Axes, shown: pd.DataFrame, curves: Sequence[Curve], urn: int | None
) -> int:
    """Name schools beyond the limits and the one under review; return how many had no room."""
    beyond = shown["place"] != "within"
    chosen = shown.index == urn
    # The school under review is named first, then those farthest out.
    rows = shown[beyond | chosen].assign(first=~chosen[beyond | chosen])
    rows = rows.sort_values(["first", "place"], ascending=[True, False], kind="stable")
    short = fitted_names(
        {int(str(one)): str(name) for one, name in rows["name"].items()}, _NAME_POINTS
    )
    named = [
        Named(float(row["size"]), float(row["value"]), short[int(str(one))], one == urn)
        for one, row in rows.iterrows()
    ]
    rest = shown.drop(rows.index)
    spots = [(float(x), float(y)) for x, y in zip(rest["size"], rest["value"], strict=True)]
    return len(name_points(canvas, axes, named, spots, curves=curves))


def _headline(funnel: Funnel, names: Mapping[int, str], measure: str) -> str:
    beyond = funnel.units[funnel.units["place"] != "within"]
    if len(funnel.units) == 1 and beyond.empty:
        [only] = (names[int(str(one))] for one in funnel.units.index)
        return f"{measure}: {only} differs from the mean no more than chance would make it"
    if beyond.empty:
        return f"{measure}: schools differ no more than {_noise(funnel)} would make them"
    said = [
        f"{names[int(str(one))]} ({row['side']})" for one, row in beyond.sort_index().iterrows()
    ]
    if len(said) > _NAMED:
        said = [*said[: _NAMED - 1], f"{len(said) - _NAMED + 1} more"]
    return f"{measure}: beyond what {_noise(funnel)} would do at {listed(said)}"


def _noise(funnel: Funnel) -> str:
    return "chance and usual differences" if funnel.tau2 > 0 else "chance"


def _alt(funnel: Funnel, shown: pd.DataFrame, centre: str, unnamed: int) -> str:
    spread = " or as much as schools in general do" if funnel.tau2 > 0 else ""
    beyond = shown[shown["place"] != "within"].sort_index()
    said = listed(
        f"{row['name']} {row['side']} the mean, {row['place']}" for _, row in beyond.iterrows()
    )
    rest = f" {capital(count(unnamed, 'name'))} found no room in the picture." if unnamed else ""
    return (
        f"Dots for {count(len(shown), 'school')} around a mean of {centre}, within two funnels "
        f"at the 95% and 99.8% limits of schools that differ only by chance{spread}. "
        f"{said or 'Every school lies within the inner funnel'}.{rest}"
    )
