"""A country's weak schools where they lie, by the way to a trust with room; nobody is named."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

import numpy as np
import pandas as pd
from matplotlib.axes import Axes

from workbench.charts.figure import Figure
from workbench.charts.panels import only_words
from workbench.charts.style import BLUE, INK, ORANGE, PALE_GREY, PLUM, TEAL, drawing, to_svg
from workbench.charts.wording import capital, count, listed
from workbench.parameters.distributions import Floats
from workbench.scenario.places import centre, kilometres

_HEIGHT = 6.6
# Colour, shape and size of a mark by distance: each is seen without its colour.
_LOOKS = ((BLUE, "o", 14.0), (TEAL, "s", 16.0), (ORANGE, "^", 26.0), (PLUM, "x", 24.0))
_SQUARE_KM, _SQUARE_SIZE = 10, 11.0
_BAR_KM = (10, 20, 50, 100)
_BAR_SHARE = 0.3
_KM_A_MILE = 1.609344
_COLUMNS: Mapping[str, str] = MappingProxyType({
    "near": "trusts_near", "middle": "trusts_middle", "far": "trusts_far",
})  # fmt: skip


def national_map(
    weak: pd.DataFrame,
    schools: pd.DataFrame,
    *,
    minutes: tuple[float, float, float],
    where: str,
    as_of: str,
    source: str,
) -> Figure:
    """Draw weak schools by the distance of the nearest trust with room, all others as pale ground.

    Args:
        weak: One row a weak school: latitude, longitude, trusts_near, trusts_middle, trusts_far.
        schools: All schools: latitude, longitude.
        minutes: The three distances by road.
        where: Which country.
        as_of: The day described, in words.
        source: Where the numbers come from.
    """
    bands = _bands(weak, minutes)
    middle = centre(schools)
    with drawing(_HEIGHT if middle is not None else 1.0) as (canvas, axes):
        if middle is None:
            only_words(axes, "no school's place is known")
        else:
            _draw(axes, weak, schools, bands, _names(minutes))
            canvas.legend(loc="outside lower center", ncols=2, frameon=False, fontsize=9)
        svg = to_svg(canvas)
    known = bands.notna()
    counts = {name: int((bands == name).sum()) for name in _names(minutes)}
    lost = int((~known).sum())
    unseen = f"; {count(lost, 'weak school')} whose place is not known not drawn" if lost else ""
    return Figure(
        key="national-map",
        headline=_headline(counts, minutes),
        subtitle=(
            f"Weak schools of {where} by minutes by road to the nearest trust that surely has room "
            f"and a school of their phase, {as_of}; as the crow flies{unseen}"
        ),
        alt=(
            f"Marks for {count(int(known.sum()), 'weak school')} over pale squares with schools. "
            f"{capital(listed(f'{name}: {number}' for name, number in counts.items()))}."
        ),
        source=source,
        data=pd.DataFrame(
            {
                "Nearest trust with room": [capital(name) for name in counts],
                "Weak schools": list(counts.values()),
            }
        ),
        svg=svg,
    )


def _names(minutes: tuple[float, float, float]) -> tuple[str, ...]:
    near, middle, far = (f"{one:g}" for one in minutes)
    return (
        f"within {near} minutes",
        f"{near} to {middle} minutes",
        f"{middle} to {far} minutes",
        f"none within {far} minutes",
    )


def _bands(weak: pd.DataFrame, minutes: tuple[float, float, float]) -> pd.Series:
    """Return for each weak school the band of its nearest trust with room; missing: no place."""
    names = _names(minutes)
    out = pd.Series(names[-1], index=weak.index, dtype="str")
    for name, column in reversed(list(zip(names[:-1], _COLUMNS.values(), strict=True))):
        out = out.mask(weak[column].fillna(0).gt(0).to_numpy(bool), name)
    return out.mask(weak[_COLUMNS["far"]].isna().to_numpy(bool))


def _draw(
    axes: Axes,
    weak: pd.DataFrame,
    schools: pd.DataFrame,
    bands: pd.Series,
    names: tuple[str, ...],
) -> None:
    """Draw ground and marks on one scale both ways, and that scale."""
    middle = centre(schools)
    assert middle is not None, "a map without a place is not drawn"
    squares = _squares(schools, middle)
    axes.scatter(squares[:, 0], squares[:, 1], s=_SQUARE_SIZE, marker="s", color=PALE_GREY,
                 linewidths=0, zorder=1,
                 label=f"Square of {_SQUARE_KM} km with a school")  # fmt: skip
    for name, (colour, shape, size) in zip(names, _LOOKS, strict=True):
        own = weak[bands.eq(name).to_numpy(bool)]
        if own.empty:
            continue
        at = kilometres(own["latitude"].to_numpy(float), own["longitude"].to_numpy(float), middle)
        axes.scatter(at[:, 0], at[:, 1], s=size, marker=shape, color=colour, linewidths=0.9,
                     zorder=3, label=f"{capital(name)}: {len(own)}")  # fmt: skip
    axes.set_aspect("equal")
    axes.set_axis_off()
    _scale(axes, squares)


def _squares(schools: pd.DataFrame, middle: tuple[float, float]) -> Floats:
    """Return the middles of the squares that hold a school: a mark each would weigh too much."""
    known = schools.dropna(subset=["latitude", "longitude"])
    place = kilometres(
        known["latitude"].to_numpy(float), known["longitude"].to_numpy(float), middle
    )
    return np.unique(np.round(place / _SQUARE_KM), axis=0) * _SQUARE_KM


def _scale(axes: Axes, squares: Floats) -> None:
    """Draw a bar of whole kilometres under the picture."""
    (west, south), (east, _) = squares.min(axis=0), squares.max(axis=0)
    fits = [step for step in _BAR_KM if step <= _BAR_SHARE * (east - west)]
    wide, foot = max(fits, default=_BAR_KM[0]), south - 2.5 * _SQUARE_KM
    axes.plot([west, west + wide], [foot, foot], color=INK, linewidth=1.4)
    axes.annotate(f"{wide} km ({wide / _KM_A_MILE:.2g} miles); north is up", (west + wide, foot),
                  xytext=(6, 0), textcoords="offset points", va="center", fontsize=8.5)  # fmt: skip


def _headline(counts: Mapping[str, int], minutes: tuple[float, float, float]) -> str:
    total, none = sum(counts.values()), list(counts.values())[-1]
    if total == 0:
        return "No weak school has a known place"
    near, far = next(iter(counts.values())), f"{minutes[2]:g} minutes"
    said = (
        f"{near} of {count(total, 'weak school')} surely {'has' if near == 1 else 'have'} a trust"
    )
    if none == 0:
        return f"{said} with room within {minutes[0]:g} minutes, and all within {far}"
    has = "has" if none == 1 else "have"
    return f"{said} with room within {minutes[0]:g} minutes; {none} {has} none within {far}"
