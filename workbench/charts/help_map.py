"""Who is strong where others have needs, and one way that free days could go."""

from __future__ import annotations

import math
from collections.abc import Container
from textwrap import fill

import pandas as pd
import seaborn as sns
from matplotlib.axes import Axes
from matplotlib.figure import Figure as Canvas
from matplotlib.lines import Line2D

from workbench.charts.figure import Figure
from workbench.charts.labels import NAME_SIZE, Named, drawable, fitted_names, name_points
from workbench.charts.panels import only_words
from workbench.charts.style import (
    BLUE,
    GREY,
    INK,
    MID_BLUE,
    ORANGE,
    PALE_GREY,
    PLUM,
    TEAL,
    drawing,
    to_svg,
)
from workbench.charts.wording import capital, count, listed, number

# Each state has a shape of its own: what is not known is small, never the same as secure.
_MARKS = {
    "strength": ("o", 95, BLUE, "full"),
    "secure": ("o", 60, MID_BLUE, "none"),
    "need": ("x", 60, ORANGE, "full"),
    "urgent need": ("X", 120, PLUM, "full"),
    "unknown": (".", 14, GREY, "full"),
    "not applicable": ("_", 40, GREY, "full"),
}
_NEEDS = ("need", "urgent need")
_DISPUTED = "need, strong to another source"
_NAME_POINTS = 132.0
_KM_PER_DEGREE = 111.2


def help_matrix_figure(
    matrix: pd.DataFrame,
    *,
    trust: str,
    period: str,
    source: str,
    disputed: Container[tuple[int, str]] = (),
) -> Figure:
    """Draw schools by areas: strengths others could draw on, needs, and what is not known.

    Args:
        matrix: As `workbench.research.who_can_help.help_matrix` gives it: `URN`, `School`, then a
            column an area that holds its state.
        trust: The trust's name.
        period: The time the evidence is from, in words.
        source: Where the evidence comes from.
        disputed: URN and area (in small letters) of needs where another source says strong.
    """
    areas = [str(name) for name in matrix.columns[2:]]
    with drawing(1.95 + 0.3 * max(len(matrix), 1)) as (canvas, axes):
        if len(matrix):
            shown = _draw_matrix(axes, matrix, areas, disputed)
            _key(canvas, shown)
        else:
            only_words(axes, "the trust has no schools")
        svg = to_svg(canvas)
    return Figure(
        key="strengths-and-needs",
        headline=_matrix_headline(matrix, areas),
        subtitle=(
            f"What is known of {count(len(matrix), 'school')} of {trust} in "
            f"{count(len(areas), 'area')}, {period}"
        ),
        alt=_matrix_alt(matrix, areas),
        source=source,
        data=_matrix_data(matrix, areas, disputed),
        svg=svg,
    )


def support_links(
    matches: pd.DataFrame, places: pd.DataFrame, *, trust: str, as_of: str, source: str
) -> Figure:
    """Draw schools where they lie, with a line from each helper to the school it could help.

    Args:
        matches: As `workbench.research.allocation.allocate` gives its `allocated`.
        places: Schools: `urn, name, latitude, longitude`.
        trust: The trust's name.
        as_of: The day described, in words.
        source: Where the evidence comes from.
    """
    known = places.dropna(subset=["latitude", "longitude"]).set_index("urn")
    pairs = _pairs(matches)
    drawn = pairs[pairs["Helper URN"].isin(known.index) & pairs["URN"].isin(known.index)]
    unnamed: tuple[Named, ...] = ()
    with drawing(4.6 if len(known) else 1.0) as (canvas, axes):
        if len(known):
            unnamed = _draw_links(canvas, axes, drawn, known)
        else:
            only_words(axes, "no school's place is known")
        svg = to_svg(canvas)
    lost = len(places) - len(known)
    unplaced = f"; {count(lost, 'school')} whose place is not known not drawn" if lost else ""
    return Figure(
        key="support-links",
        headline=_links_headline(matches),
        subtitle=(
            f"Free days a term and needs at {trust}, {as_of}; lines with minutes by road, "
            f"{count(len(places), 'school')}{unplaced}"
        ),
        alt=_links_alt(pairs, unnamed),
        source=source,
        data=pd.DataFrame(
            {
                "School in need": matches["School in need"].tolist(),
                "Area": [capital(area) for area in matches["Area"]],
                "Need": [capital(need) for need in matches["Need"]],
                "Helper": matches["Helper"].tolist(),
                "Days a term": [_or(days, "to be asked") for days in matches["Days"]],
                "Minutes by road": [_or(way, "not known") for way in matches["Minutes by road"]],
            }
        ),
        svg=svg,
    )


def _draw_matrix(
    axes: Axes, matrix: pd.DataFrame, areas: list[str], disputed: Container[tuple[int, str]]
) -> list[str]:
    """Draw the marks; return the states that occur, for the key."""
    found: dict[str, list[tuple[int, int]]] = {}
    names = fitted_names(dict(zip(matrix["URN"], matrix["School"], strict=True)), _NAME_POINTS)
    for row, (_, school) in enumerate(matrix.iterrows()):
        axes.axhline(row, color=PALE_GREY, linewidth=0.6, zorder=0)
        for place, area in enumerate(areas):
            state = str(school[area])
            found.setdefault(state, []).append((place, row))
            if state in _NEEDS and (int(school["URN"]), area.lower()) in disputed:
                found.setdefault(_DISPUTED, []).append((place, row))
    for state, places in found.items():
        _mark(axes, state, *zip(*places, strict=True))
    axes.set_xlim(-0.6, len(areas) - 0.4)
    axes.set_ylim(len(matrix) - 0.4, -0.6)
    axes.set_yticks(range(len(matrix)), [names[int(urn)] for urn in matrix["URN"]],
                    fontsize=NAME_SIZE)  # fmt: skip
    axes.xaxis.tick_top()
    axes.set_xticks(range(len(areas)), [_two_lines(area) for area in areas], rotation=45,
                    ha="left", rotation_mode="anchor", fontsize=NAME_SIZE)  # fmt: skip
    axes.tick_params(length=0)
    sns.despine(ax=axes, left=True, bottom=True)
    return [state for state in (*_MARKS, _DISPUTED) if state in found]


def _two_lines(words: str) -> str:
    """Break a heading in two: slanted, three lines would reach into the next."""
    whole = drawable(words)
    return whole if len(whole) < 16 else fill(whole, max(14, len(whole) // 2 + 4))


def _mark(axes: Axes, state: str, x: tuple[int, ...], y: tuple[int, ...]) -> None:
    """Draw every mark of one state."""
    if state == _DISPUTED:
        axes.scatter(x, y, s=190, marker="o", facecolors="none", edgecolors=INK, linewidths=1.2,
                     zorder=3)  # fmt: skip
        return
    shape, size, colour, fill_style = _MARKS[state]
    if shape in ("x", "_"):
        axes.scatter(x, y, s=size, marker=shape, color=colour, linewidths=2, zorder=2)
        return
    axes.scatter(x, y, s=size, marker=shape, edgecolors=colour, linewidths=1.3, zorder=2,
                 facecolors=colour if fill_style == "full" else "white")  # fmt: skip


def _key(canvas: Canvas, states: list[str]) -> None:
    handles = []
    for state in states:
        shape, size, colour, filled = _MARKS.get(state, ("o", 190, INK, "none"))
        handles.append(
            Line2D([], [], linestyle="none", marker=shape, color=colour, label=state,
                   markersize=math.sqrt(size) * 0.9, markeredgewidth=1.3,
                   markerfacecolor=colour if filled == "full" else "white")
        )  # fmt: skip
    canvas.legend(handles=handles, loc="outside lower center", ncols=4, frameon=False,
                  fontsize=9, handletextpad=0.2, columnspacing=1.2)  # fmt: skip


def _matrix_headline(matrix: pd.DataFrame, areas: list[str]) -> str:
    if matrix.empty:
        return "No school to compare by area"
    cells = matrix[areas]
    urgent, needs = int((cells == "urgent need").sum().sum()), int(cells.isin(_NEEDS).sum().sum())
    if not needs:
        known = int((cells == "strength").sum().sum())
        return f"No need is known in any area; {count(known, 'strength')} known"
    alone = [
        area.lower()
        for area in areas
        if cells[area].isin(_NEEDS).any() and not (cells[area] == "strength").any()
    ]
    graver = f", {urgent} of them urgent" if urgent else ""
    if not alone:
        return f"{capital(count(needs, 'need'))}{graver}, each in an area where a school is strong"
    return (
        f"{capital(count(needs, 'need'))}{graver}; no school is known to be strong in "
        f"{listed(alone, 'or')}"
    )


def _matrix_alt(matrix: pd.DataFrame, areas: list[str]) -> str:
    if matrix.empty:
        return "An empty chart."
    said = []
    for area in areas:
        states = matrix[area].value_counts()
        counts = [f"{state} {states[state]}" for state in _MARKS if state in states]
        said.append(f"{area.lower()}: {', '.join(counts)}")
    return f"Grid of schools by areas with a mark in each cell. {capital('; '.join(said))}."


def _matrix_data(
    matrix: pd.DataFrame, areas: list[str], disputed: Container[tuple[int, str]]
) -> pd.DataFrame:
    out: dict[str, list[str]] = {
        "School": [str(name) for name in matrix["School"]],
        "URN": [str(urn) for urn in matrix["URN"]],
    }
    for area in areas:
        out[area] = [
            f"{capital(state)}, disputed"
            if state in _NEEDS and (int(urn), area.lower()) in disputed
            else capital(state)
            for urn, state in zip(matrix["URN"], matrix[area], strict=True)
        ]
    return pd.DataFrame(out)


def _pairs(matches: pd.DataFrame) -> pd.DataFrame:
    """Return one row a helper and school: `areas`, `days` (missing if to be asked), `minutes`."""
    rows = []
    for (helper, urn), group in matches.groupby(["Helper URN", "URN"], sort=False):
        rows.append(
            {
                "Helper URN": helper, "URN": urn,
                "Helper": group["Helper"].iloc[0], "School": group["School in need"].iloc[0],
                "areas": listed(group["Area"]),
                "days": group["Days"].sum(min_count=1),
                "minutes": group["Minutes by road"].iloc[0],
            }
        )  # fmt: skip
    columns = ["Helper URN", "URN", "Helper", "School", "areas", "days", "minutes"]
    return pd.DataFrame(rows, columns=columns)


def _draw_links(
    canvas: Canvas, axes: Axes, pairs: pd.DataFrame, known: pd.DataFrame
) -> tuple[Named, ...]:
    """Draw schools and links; return the schools whose names found no room."""
    # Kilometres east and north of the schools' middle: no map, only where they lie to each other.
    north = known["latitude"] - known["latitude"].mean()
    shrink = math.cos(math.radians(float(known["latitude"].mean())))
    y, x = _KM_PER_DEGREE * north, _KM_PER_DEGREE * shrink * (
        known["longitude"] - known["longitude"].mean()
    )  # fmt: skip
    helped, helping = set(pairs["URN"]), set(pairs["Helper URN"])
    for _, pair in pairs.iterrows():
        start, end = pair["Helper URN"], pair["URN"]
        asked = pd.isna(pair["days"])
        axes.annotate(
            "", (x[end], y[end]), (x[start], y[start]), zorder=1,
            arrowprops={"arrowstyle": "-|>", "color": TEAL, "linewidth": 1.6, "shrinkA": 6,
                        "shrinkB": 7, "linestyle": (0, (3, 2)) if asked else "solid"},
        )  # fmt: skip
    for urn in known.index:
        shape, colour = ("X", ORANGE) if urn in helped else ("o", BLUE if urn in helping else GREY)
        axes.scatter(x[urn], y[urn], s=75 if urn in helped | helping else 30, marker=shape,
                     color=colour, linewidths=0, zorder=3)  # fmt: skip
    # Room for names at the edges, as part of what is drawn: else an equal scale would take it.
    room = 0.12 * max(float(x.max() - x.min()), float(y.max() - y.min()), 2.0)
    corners = [(x.min() - room, y.min() - room), (x.max() + room, y.max() + room)]
    axes.update_datalim([(float(one), float(other)) for one, other in corners])
    axes.autoscale_view()
    axes.set_aspect("equal", adjustable="datalim")
    axes.set_xlabel("kilometres, east to the right", fontsize=9)
    axes.set_ylabel("kilometres, north up", fontsize=9)
    _links_key(canvas, pairs)
    sns.despine(ax=axes)
    spots = pd.DataFrame({"name": known["name"], "x": x, "y": y})
    return _name_links(canvas, axes, pairs, spots)


def _name_links(
    canvas: Canvas, axes: Axes, pairs: pd.DataFrame, spots: pd.DataFrame
) -> tuple[Named, ...]:
    """Write minutes on the lines and names by the schools that a line touches."""
    places = {
        urn: (float(x), float(y))
        for urn, x, y in zip(spots.index, spots["x"], spots["y"], strict=True)
    }
    linked = [urn for urn in places if urn in {*pairs["URN"], *pairs["Helper URN"]}]
    short = fitted_names({int(urn): str(spots["name"][urn]) for urn in linked}, _NAME_POINTS)
    named = [Named(*places[urn], short[int(urn)]) for urn in linked]
    lines = [
        (places[start], places[end], f"{way:.0f} min")
        for start, end, way in zip(pairs["Helper URN"], pairs["URN"], pairs["minutes"], strict=True)
        if pd.notna(way)
    ]
    rest = [place for urn, place in places.items() if urn not in linked]
    return name_points(canvas, axes, named, rest, lines)


def _links_key(canvas: Canvas, pairs: pd.DataFrame) -> None:
    marks = [("o", BLUE, "could help"), ("X", ORANGE, "has a need"), (".", GREY, "other school")]
    handles = [
        Line2D([], [], linestyle="none", marker=shape, color=colour, label=words, markersize=8)
        for shape, colour, words in marks
    ]
    if pairs["days"].notna().any():
        handles.append(Line2D([], [], color=TEAL, label="free days known"))
    if pairs["days"].isna().any():
        handles.append(Line2D([], [], color=TEAL, linestyle=(0, (3, 2)), label="days to be asked"))
    canvas.legend(handles=handles, loc="outside lower center", ncols=3, frameon=False, fontsize=9)


def _links_headline(matches: pd.DataFrame) -> str:
    if matches.empty:
        return "No need can be matched with a school that could help"
    needs = matches[["URN", "Area"]].drop_duplicates()
    sure = matches[matches["Days"].notna()]
    met = len(sure[["URN", "Area"]].drop_duplicates())
    helpers = matches["Helper URN"].nunique()
    asked = len(needs) - met
    days = number(float(sure["Days"].sum()), 0)
    free = "free day" if days == "1" else "free days"
    parts = [f"{days} {free} a term for {count(met, 'need')}"] * (met > 0)
    parts += [f"{count(asked, 'need')} to ask about"] * (asked > 0)
    able = "school could help" if helpers == 1 else "schools could help"
    return f"One possible allocation: {helpers} {able}, {listed(parts)}"


def _links_alt(pairs: pd.DataFrame, unnamed: tuple[Named, ...]) -> str:
    if pairs.empty:
        return "Schools where they lie, with no line between them."
    said = []
    for _, pair in pairs.iterrows():
        days = "days to be asked" if pd.isna(pair["days"]) else f"{number(pair['days'], 1)} days"
        way = "" if pd.isna(pair["minutes"]) else f", {pair['minutes']:.0f} minutes"
        said.append(f"{pair['Helper']} to {pair['School']} in {pair['areas']}, {days}{way}")
    rest = f" No room in the picture for {count(len(unnamed), 'name')}." if unnamed else ""
    return f"Lines between schools: {'; '.join(said)}.{rest}"


def _or(value: float, words: str) -> str:
    return words if math.isnan(value) else number(value, int(value % 1 > 0))
