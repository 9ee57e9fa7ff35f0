"""A trust's schools where they lie, by phase and by need; no map beneath, only a scale."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure as Canvas
from matplotlib.legend_handler import HandlerTuple
from matplotlib.lines import Line2D

from workbench.charts.figure import Figure
from workbench.charts.labels import NAME_SIZE, Named, fitted_names, name_points
from workbench.charts.panels import only_words
from workbench.charts.style import BLUE, GREY, INK, ORANGE, PLUM, TEAL, drawing, to_svg
from workbench.charts.wording import capital, count, listed
from workbench.parameters.distributions import Floats
from workbench.scenario.places import centre, kilometres

NEEDS = ("need", "urgent need")
_SHAPES: Mapping[str, str] = MappingProxyType({
    "primary": "o", "secondary": "s", "all-through": "D", "special": "^", "nursery": "v",
    "alternative provision": "p", "16 plus": "h",
})  # fmt: skip
_JOINER = "joins under the plan"
# Fill, outline, its width, and a sign within: a need is seen without its colour.
_LOOKS: Mapping[str, tuple[str, str, float, str]] = MappingProxyType({
    "no need known": (BLUE, BLUE, 1.0, ""),
    "need": ("white", ORANGE, 2.2, ""),
    "urgent need": ("white", PLUM, 2.2, "o"),
    "nothing known": ("white", GREY, 0.9, ""),
    _JOINER: ("white", TEAL, 1.6, "+"),
})  # fmt: skip
_MARK_SIZE = 80
_SIGN_SHARE = 0.13  # of a mark, for the sign within it
_WIDER = MappingProxyType({"+": 3.0})  # a sign of lines only takes more room to be seen
_NAME_POINTS = 132.0
_KM_A_MILE = 1.609344
_STEPS_KM = (1, 2, 5, 10, 20, 50, 100)
_LEAST_KM = 6.0  # span of the picture, for schools side by side
_BAR_SHARE = 0.3  # of the picture's width that its scale takes at most


@dataclass(frozen=True)
class Joining:
    """A school that a plan lets join at a known place.

    Attributes:
        name: What to write beside it, such as `primary, 2027/28 autumn`.
        phase: Its phase.
        latitude: Degrees north.
        longitude: Degrees east.
    """

    name: str
    phase: str
    latitude: float
    longitude: float


def school_map(
    schools: pd.DataFrame,
    *,
    trust: str,
    as_of: str,
    source: str,
    joining: Sequence[Joining] = (),
    unplaced: int = 0,
) -> Figure:
    """Draw schools where they lie: shape for the phase, outline for the need.

    Args:
        schools: One row for each: `urn, name, phase, latitude, longitude, state`; the state is
            `no need known`, `need`, `urgent need` or `nothing known`.
        trust: The trust's name.
        as_of: The day described, in words.
        source: Where the evidence comes from.
        joining: Schools that a plan lets join at a known place.
        unplaced: Schools of the plan whose place is not known.
    """
    known = _placed(schools, joining)
    unnamed: tuple[Named, ...] = ()
    with drawing(4.5 if len(known) else 1.0) as (canvas, axes):
        if len(known):
            unnamed = _draw(canvas, axes, known)
        else:
            only_words(axes, "no school's place is known")
        svg = to_svg(canvas)
    own = known[known["state"] != _JOINER]
    lost = len(schools) - len(own)
    parts = [f"{capital(count(len(schools), 'school'))} of {trust}, {as_of}", "as the crow flies"]
    parts += [f"{count(lost, 'school')} whose place is not known not drawn"] * (lost > 0)
    parts += [f"{count(unplaced, 'school')} of the plan without a place not drawn"] * (unplaced > 0)
    return Figure(
        key="school-map",
        headline=_headline(own),
        subtitle="; ".join(parts),
        alt=_alt(known, unnamed),
        source=source,
        data=_data(schools, known),
        svg=svg,
    )


def _placed(schools: pd.DataFrame, joining: Sequence[Joining]) -> pd.DataFrame:
    """Return all with a place, those of the plan last, in kilometres from the schools' middle."""
    columns = ["urn", "name", "phase", "latitude", "longitude", "state"]
    rows = [*schools[columns].itertuples(index=False, name=None)]
    rows += [
        (-place, one.name, one.phase, one.latitude, one.longitude, _JOINER)
        for place, one in enumerate(joining, 1)
    ]
    both = pd.DataFrame(rows, columns=columns).dropna(subset=["latitude", "longitude"])
    middle = centre(schools) or centre(both)
    if middle is None:
        return both.assign(x=[], y=[])
    place = kilometres(both["latitude"].to_numpy(float), both["longitude"].to_numpy(float), middle)
    return both.assign(x=place[:, 0], y=place[:, 1]).set_index("urn")


def _draw(canvas: Canvas, axes: Axes, known: pd.DataFrame) -> tuple[Named, ...]:
    """Draw schools, scale and key; return those whose names found no room."""
    for _, school in known.iterrows():
        _mark(axes, school)
    _set_limits(axes, known)
    _scale(axes)
    axes.set_axis_off()
    shown = [state for state in _LOOKS if state in set(known["state"])]
    _key(canvas, shown, [*dict.fromkeys(known["phase"])])
    names = zip(known.index, known["name"], strict=True)
    short = fitted_names({int(urn): str(name) for urn, name in names}, _NAME_POINTS)
    first = sorted(known.index, key=lambda urn: known["state"][urn] not in (*NEEDS, _JOINER))
    named = [
        Named(float(known["x"][urn]), float(known["y"][urn]), short[urn],
              bold=known["state"][urn] in NEEDS)
        for urn in first
    ]  # fmt: skip
    return name_points(canvas, axes, named)


def _mark(axes: Axes, school: pd.Series) -> None:
    fill, edge, wide, sign = _LOOKS[school["state"]]
    axes.scatter(school["x"], school["y"], s=_MARK_SIZE, marker=_SHAPES[school["phase"]],
                 facecolors=fill, edgecolors=edge, linewidths=wide, zorder=3)  # fmt: skip
    if sign:
        axes.scatter(school["x"], school["y"], s=_MARK_SIZE * _SIGN_SHARE * _WIDER.get(sign, 1.0),
                     marker=sign, color=edge, linewidths=1.0, zorder=4)  # fmt: skip


def _set_limits(axes: Axes, known: pd.DataFrame) -> None:
    """Leave room for names at the sides and for the scale below, both ways on one scale."""
    x, y = known["x"], known["y"]
    span = max(float(x.max() - x.min()), float(y.max() - y.min()), _LEAST_KM)
    middle = float(x.max() + x.min()) / 2
    axes.update_datalim([
        (middle - 0.62 * span, float(y.min()) - 0.2 * span),
        (middle + 0.62 * span, float(y.max()) + 0.1 * span),
    ])  # fmt: skip
    axes.autoscale_view()
    axes.set_aspect("equal", adjustable="datalim")


def _scale(axes: Axes) -> None:
    """Draw a bar of whole kilometres, and the way north, at the foot."""
    axes.figure.draw_without_rendering()  # type: ignore[union-attr]
    (left, right), (low, high) = axes.get_xlim(), axes.get_ylim()
    wide = max((step for step in _STEPS_KM if step <= _BAR_SHARE * (right - left)), default=1)
    foot, cap = low + 0.05 * (high - low), 0.012 * (high - low)
    begin = left + 0.02 * (right - left)
    for start, end in (
        ((begin, foot), (begin + wide, foot)),
        ((begin, foot - cap), (begin, foot + cap)),
        ((begin + wide, foot - cap), (begin + wide, foot + cap)),
    ):
        axes.plot(*zip(start, end, strict=True), color=INK, linewidth=1.4, scalex=False,
                  scaley=False)  # fmt: skip
    axes.annotate(
        f"{wide} km ({wide / _KM_A_MILE:.2g} miles); north is up", (begin + wide, foot),
        xytext=(7, 0), textcoords="offset points", va="center", fontsize=NAME_SIZE,
    ).set_in_layout(False)  # fmt: skip


def _key(canvas: Canvas, states: Sequence[str], phases: Sequence[str]) -> None:
    marks: list[tuple[str, tuple[Line2D, ...]]] = [
        (phase, (_handle(_SHAPES[phase], GREY, GREY),)) for phase in phases
    ]
    for state in states:
        fill, edge, wide, sign = _LOOKS[state]
        share = _SIGN_SHARE * _WIDER.get(sign, 1.0)
        within = (_handle(sign, edge, edge, 1.0, share),) if sign else ()
        marks.append((state, (_handle("o", fill, edge, wide), *within)))
    canvas.legend(
        handles=[drawn for _, drawn in marks],  # tuples of marks, one upon the other
        labels=[capital(words) for words, _ in marks],
        handler_map={tuple: HandlerTuple(ndivide=1)}, loc="outside lower center", ncols=4,
        frameon=False, fontsize=9, handletextpad=0.2, columnspacing=1.2,
    )  # fmt: skip


def _handle(shape: str, fill: str, edge: str, wide: float = 1.0, share: float = 1.0) -> Line2D:
    return Line2D([], [], linestyle="none", marker=shape, markersize=math.sqrt(_MARK_SIZE * share),
                  markerfacecolor=fill, markeredgecolor=edge, markeredgewidth=wide)  # fmt: skip


def _apart(one: pd.DataFrame, other: pd.DataFrame) -> Floats:
    """Return kilometres between each of some schools and each of others."""
    east = one["x"].to_numpy(float)[:, None] - other["x"].to_numpy(float)
    north = one["y"].to_numpy(float)[:, None] - other["y"].to_numpy(float)
    return np.asarray(np.hypot(east, north), float)


def _headline(own: pd.DataFrame) -> str:
    if own.empty:
        return "Where the schools lie is not known"
    needy, able = own[own["state"].isin(NEEDS)], own[own["state"] == "no need known"]
    if len(own) == 1:
        return f"The one school has {'a need' if len(needy) else 'no known need'}"
    far = f"no two are more than {_km(float(_apart(own, own).max()))} apart"
    if needy.empty:
        return f"No school is known to have a need, and {far}"
    share = f"{len(needy)} of {count(len(own), 'school')} {'has' if len(needy) == 1 else 'have'}"
    if able.empty:
        return f"{share} a need, and no other is known to be free of one; {far}"
    nearest = _apart(needy, able).min(axis=1)
    farthest = int(nearest.argmax())
    whose = needy["name"].iloc[farthest]
    if len(needy) == 1:
        return f"{share} a need: {whose}, {_km(float(nearest[0]))} from the nearest school without"
    return (
        f"{share} a need; {whose} lies farthest from a school without, at "
        f"{_km(float(nearest[farthest]))}"
    )


def _km(distance: float) -> str:
    return f"{math.ceil(distance - 1e-9)} km"


def _alt(known: pd.DataFrame, unnamed: tuple[Named, ...]) -> str:
    if known.empty:
        return "An empty picture."
    said = []
    for state in _LOOKS:
        names = known.loc[known["state"] == state, "name"]
        if len(names):
            said.append(f"{state}: {listed(names)}")
    phases = known["phase"].value_counts(sort=False)
    kinds = listed(f"{number} {phase}" for phase, number in phases.items())
    rest = f" No room in the picture for {count(len(unnamed), 'name')}." if unnamed else ""
    return f"Marks where schools lie, {kinds}. {capital('; '.join(said))}.{rest}"


def _data(schools: pd.DataFrame, known: pd.DataFrame) -> pd.DataFrame:
    lost = schools[~schools["urn"].isin(known.index)]
    rows = [
        (school["name"], school["phase"], school["state"], _place(school["x"], school["y"]))
        for _, school in known.iterrows()
    ]
    rows += [(one["name"], one["phase"], one["state"], "Not known") for _, one in lost.iterrows()]
    return pd.DataFrame(
        [(name, capital(phase), capital(state), place) for name, phase, state, place in rows],
        columns=["School", "Phase", "Need", "Place from the schools' middle"],
    )


def _place(x: float, y: float) -> str:
    north = f"{abs(y):.0f} km {'north' if y > 0 else 'south'}" if round(y) else ""
    east = f"{abs(x):.0f} km {'east' if x > 0 else 'west'}" if round(x) else ""
    return ", ".join(filter(None, (north, east))) or "Within 1 km"
