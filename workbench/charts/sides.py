"""What each side says of a school: where sources agree, where they are bands apart, who is silent.

Bands are the trust's own four. What inspectors found is never put on this scale.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from textwrap import fill

import pandas as pd
import seaborn as sns
from matplotlib.axes import Axes
from matplotlib.patches import Rectangle

from workbench.charts.figure import Figure
from workbench.charts.labels import NAME_SIZE, drawable, fitted_names
from workbench.charts.panels import only_words
from workbench.charts.style import (
    BLUE,
    GREY,
    INK,
    MID_BLUE,
    ORANGE,
    PALE_BLUE,
    PALE_GREY,
    PLUM,
    TEAL,
    drawing,
    to_svg,
)
from workbench.charts.wording import capital, count, day, listed
from workbench.pillars.evidence_sides import ITSELF, REVIEW, SIDES
from workbench.trust.contract_parts import OWN_BANDS

APART = 2  # bands from which sources are said to differ
_LETTERS = dict(zip(OWN_BANDS, "UNS+", strict=True))
# Each band has a shape of its own and a letter, so that colour never carries the meaning alone.
_SHAPES = {
    "urgent": ("8", PLUM, "white"),
    "needs attention": ("D", ORANGE, INK),
    "secure": ("s", PALE_BLUE, INK),
    "strong": ("o", BLUE, "white"),
}
# Shapes by kind of source: people of the school, visitors, those who look from afar, itself.
_KINDS = {
    "staff": ("o", BLUE), "parents": ("o", BLUE), "pupils": ("o", BLUE),
    "peer review": ("D", PLUM), "trust visit": ("D", PLUM), "external review": ("D", PLUM),
    REVIEW: ("D", PLUM), "local board": ("^", TEAL), "data": ("^", TEAL), ITSELF: ("s", GREY),
}  # fmt: skip
_LINE, _AIR = 0.155, 0.26  # inches: a line of words in a cell, and what a row has besides
_NUMBERS = ("no", "one", "two", "three")
_NAME_POINTS, _NAMED = 118.0, 5
_STAND_OUT = 3  # schools named in words on the picture; the table holds all


def sides_matrix(frame: pd.DataFrame, *, school: str, period: str, source: str) -> Figure:
    """Draw what each source says of a school, area by area, in the band it says it in.

    Args:
        frame: As `workbench.pillars.evidence_sides.sides` gives it for a school.
        school: The school's name.
        period: The time the judgements are from, in words.
        source: Where they come from.
    """
    areas = {str(area): rows for area, rows in frame.groupby("area", sort=False)}
    heights = {area: _AIR + _LINE * _tallest(rows) for area, rows in areas.items()}
    with drawing(0.5 + max(sum(heights.values()), 0.4)) as (canvas, axes):
        if areas:
            _draw_areas(axes, areas, heights)
        else:
            only_words(axes, "no source says anything of this school")
        svg = to_svg(canvas)
    sources = frame["source"].nunique()
    return Figure(
        key="sides",
        headline=_area_headline(areas),
        subtitle=(
            f"Latest judgement of each area of {school} by {count(sources, 'source')}, in the "
            f"trust's own four bands, {period}; {count(len(frame), 'judgement')}"
        ),
        alt=_area_alt(areas),
        source=source,
        data=pd.DataFrame(
            {
                "Area": [capital(area) for area in frame["area"]],
                "Source": [capital(one) for one in frame["source"]],
                "Band": [capital(band) for band in frame["band"]],
                "Day": [day(pd.Timestamp(one).date()) for one in frame["day"]],
                "Bands between sources": frame["bands_apart"].astype(int).tolist(),
                "To note": [capital(flags) for flags in frame["flags"]],
            }
        ),
        svg=svg,
    )


def sides_of_schools(frame: pd.DataFrame, *, trust: str, period: str, source: str) -> Figure:
    """Draw schools by sources, each cell the middle band of what the source says over areas.

    Args:
        frame: As `workbench.pillars.evidence_sides.sides` gives it for a trust.
        trust: The trust's name.
        period: The time the judgements are from, in words.
        source: Where they come from.
    """
    schools = {int(str(urn)): rows for urn, rows in frame.groupby("urn", sort=False)}
    sources = [one for one in SIDES if one in set(frame["source"])]
    with drawing(1.6 + 0.34 * max(len(schools), 1)) as (canvas, axes):
        if schools:
            _draw_schools(axes, schools, sources)
        else:
            only_words(axes, "no source says anything of any school")
        svg = to_svg(canvas)
    return Figure(
        key="sides-of-schools",
        headline=_school_headline(frame),
        subtitle=(
            f"Middle band over areas of what each of {count(len(sources), 'source')} says of "
            f"{count(len(schools), 'school')} of {trust}, in the trust's own four bands, {period}"
        ),
        alt=_school_alt(schools, sources),
        source=source,
        data=_school_data(schools, sources),
        svg=svg,
    )


def _school_data(schools: Mapping[int, pd.DataFrame], sources: Sequence[str]) -> pd.DataFrame:
    """One row a school and a column a source, as drawn; blank where a source says nothing."""
    rows = []
    for said in schools.values():
        band = dict(zip(said["source"], said["band"], strict=True))
        rows.append(
            {
                "School": str(said["name"].iloc[0]),
                **{capital(source): capital(band.get(source, "")) for source in sources},
                "Areas with sources two bands apart": _areas_apart(said),
                "Bands apart overall": _bands_apart(said),
                "To note": capital(str(said["flags"].iloc[0])),
            }
        )
    return pd.DataFrame(rows)


def _tallest(rows: pd.DataFrame) -> int:
    """Lines that the fullest cell of a row takes; two at least, for the area's own name."""
    return max(int(rows["band"].value_counts().max()), 2)


def _draw_areas(
    axes: Axes, areas: Mapping[str, pd.DataFrame], heights: Mapping[str, float]
) -> None:
    """Draw in inches downwards and bands along, so that lines of words fit whatever the rows."""
    top, ticks, words = 0.0, [], []
    for area, rows in areas.items():
        low = top + heights[area]
        axes.axhline(low, color=PALE_GREY, linewidth=0.8)
        _draw_range(axes, rows, top, heights[area])
        for place, band in enumerate(OWN_BANDS):
            for line, one in enumerate(rows.loc[rows["band"] == band, "source"]):
                _draw_source(axes, str(one), place, top + _AIR + _LINE * line)
        ticks.append(top + heights[area] / 2)
        words.append(_area_words(area, rows))
        top = low
    for place in range(1, len(OWN_BANDS)):
        axes.axvline(place, color=PALE_GREY, linewidth=0.8)
    axes.set_xlim(0, len(OWN_BANDS))
    axes.set_ylim(top, 0)
    axes.set_yticks(ticks, words, fontsize=NAME_SIZE)
    axes.set_xticks(
        [place + 0.5 for place in range(len(OWN_BANDS))],
        [capital(band) for band in OWN_BANDS],
        weight="bold",
    )
    axes.xaxis.tick_top()
    axes.tick_params(length=0)
    sns.despine(ax=axes, left=True, bottom=True)


def _draw_range(axes: Axes, rows: pd.DataFrame, top: float, height: float) -> None:
    """Shade a row from its lowest to its highest band, and say so where they are far apart."""
    apart = int(rows["bands_apart"].max())
    if apart < APART:
        return
    places = [OWN_BANDS.index(band) for band in rows["band"]]
    low, high = min(places), max(places)
    axes.add_patch(
        Rectangle((low, top), high - low + 1, height, facecolor="#F6F6F6", linewidth=0, zorder=0)
    )
    y = top + 0.11
    axes.plot([low + 0.1, high + 0.9], [y, y], color=INK, linewidth=1.6, marker="|", zorder=2)
    axes.annotate(
        f"{_NUMBERS[apart]} bands apart", ((low + high + 1) / 2, y), ha="center", va="center",
        fontsize=8, weight="bold", zorder=3,
        bbox={"boxstyle": "square,pad=0.15", "facecolor": "#F6F6F6", "edgecolor": "none"},
    )  # fmt: skip


def _draw_source(axes: Axes, source: str, place: int, y: float) -> None:
    shape, colour = _KINDS.get(source, ("o", MID_BLUE))
    axes.scatter(place + 0.09, y, s=24, marker=shape, color=colour, linewidths=0, zorder=3)
    axes.annotate(
        drawable(source), (place + 0.09, y), xytext=(6, 0), textcoords="offset points",
        va="center_baseline", fontsize=8.5, zorder=3,
    )  # fmt: skip


def _area_words(area: str, rows: pd.DataFrame) -> str:
    notes = [
        flag for flag in str(rows["flags"].iloc[0]).split("; ") if flag and "apart" not in flag
    ]
    lines = [fill(capital(area), 20), *(fill(f"({note})", 20) for note in notes)]
    return "\n".join(lines)


def _area_headline(areas: Mapping[str, pd.DataFrame]) -> str:
    if not areas:
        return "No source says anything of this school in these terms"
    apart = [area for area, rows in areas.items() if int(rows["bands_apart"].max()) >= APART]
    urgent = [area for area, rows in areas.items() if (rows["band"] == "urgent").any()]
    if apart:
        out = f"Sources are two or more bands apart on {listed(apart)}"
    else:
        out = f"Sources differ by no more than one band in {_all(len(areas))}"
    return f"{out}; somebody calls {listed(urgent)} urgent" if urgent else out


def _all(areas: int) -> str:
    return "the one area judged" if areas == 1 else f"all {areas} areas judged"


def _area_alt(areas: Mapping[str, pd.DataFrame]) -> str:
    if not areas:
        return "An empty chart."
    said = []
    for area, rows in areas.items():
        bands = [
            f"{band} by {listed(rows.loc[rows['band'] == band, 'source'])}"
            for band in OWN_BANDS
            if (rows["band"] == band).any()
        ]
        said.append(f"{area}: {', '.join(bands)}")
    return f"Areas in rows, four bands in columns, the sources named in each. {_joined(said)}"


def _joined(sentences: Sequence[str]) -> str:
    return " ".join(f"{capital(one)}." for one in sentences)


def _draw_schools(axes: Axes, schools: Mapping[int, pd.DataFrame], sources: Sequence[str]) -> None:
    names = fitted_names(
        {urn: str(rows["name"].iloc[0]) for urn, rows in schools.items()}, _NAME_POINTS
    )
    found: dict[str, list[tuple[int, int]]] = {}
    for row, rows in enumerate(schools.values()):
        axes.axhline(row + 0.5, color=PALE_GREY, linewidth=0.6, zorder=0)
        for source, band in zip(rows["source"], rows["band"], strict=True):
            found.setdefault(str(band), []).append((sources.index(source), row))
        axes.annotate(
            _apart_words(rows), (len(sources) - 0.4, row), va="center", fontsize=8,
            weight="bold",
        )  # fmt: skip
    for band, places in found.items():
        _draw_band(axes, band, places)
    axes.set_xlim(-0.6, len(sources) + 2.7)
    axes.set_ylim(len(schools) - 0.5, -0.5)
    axes.set_yticks(range(len(schools)), list(names.values()), fontsize=NAME_SIZE)
    axes.xaxis.tick_top()
    heads = [capital(drawable(source)) for source in sources]
    axes.set_xticks(
        [*range(len(sources)), len(sources) + 0.6], [*heads, "Sources apart"],
        rotation=40, ha="left", rotation_mode="anchor", fontsize=NAME_SIZE,
    )  # fmt: skip
    key = ", ".join(f"{letter} {band}" for band, letter in _LETTERS.items())
    axes.set_xlabel(f"{key}; blank: no evidence\noverall: between the bands shown", fontsize=9)
    axes.xaxis.set_label_position("bottom")
    axes.tick_params(length=0)
    sns.despine(ax=axes, left=True, bottom=True)


def _draw_band(axes: Axes, band: str, places: Sequence[tuple[int, int]]) -> None:
    """Draw every cell of one band, its shape and its letter."""
    shape, colour, ink = _SHAPES[band]
    across, down = zip(*places, strict=True)
    axes.scatter(across, down, s=150 if shape == "D" else 200, marker=shape, color=colour,
                 linewidths=0, zorder=2)  # fmt: skip
    for place in places:
        axes.annotate(_LETTERS[band], place, ha="center", va="center_baseline", fontsize=8.5,
                      color=ink, weight="bold", zorder=3)  # fmt: skip


def _apart_words(rows: pd.DataFrame) -> str:
    """Say in how many areas sources are apart, and how far in their middle bands over all."""
    areas, overall = _areas_apart(rows), _bands_apart(rows)
    parts = [f"in {count(areas, 'area')}"] if areas else []
    parts += [f"overall: {overall} bands"] if overall >= APART else []
    return "\n".join(parts)


def _areas_apart(rows: pd.DataFrame) -> int:
    return int(rows["areas_apart"].max())


def _bands_apart(rows: pd.DataFrame) -> int:
    return int(rows["bands_apart"].max())


def schools_apart(frame: pd.DataFrame) -> tuple[list[str], list[str]]:
    """Return the schools whose sources are two bands apart or more, in one list of two parts.

    Args:
        frame: As `workbench.pillars.evidence_sides.sides` gives it for a trust.

    Returns:
        Names of those where they are so within some area, and of those where they are so only
        overall: in their middle bands over all areas, which may rest on different areas.
    """
    first = frame.drop_duplicates("urn")
    inside = first["areas_apart"] > 0
    overall = ~inside & (first["bands_apart"] >= APART)
    return first.loc[inside, "name"].tolist(), first.loc[overall, "name"].tolist()


def _school_headline(frame: pd.DataFrame) -> str:
    schools = frame["urn"].nunique()
    if not schools:
        return "No source says anything of any school in these terms"
    inside, overall = schools_apart(frame)
    if not inside and not overall:
        return f"Sources say much the same of {_every(schools)}"
    parts = [f"in some area at {_some(inside)}"] if inside else []
    parts += [f"only overall at {_some(overall)}"] if overall else []
    return (
        f"Sources are two or more bands apart at {len(inside) + len(overall)} of "
        f"{count(schools, 'school')}: {'; '.join(parts)}"
    )


def _some(names: Sequence[str]) -> str:
    if len(names) <= _NAMED:
        return listed(names)
    return listed([*names[:_NAMED], f"{len(names) - _NAMED} more"])


def _every(schools: int) -> str:
    return "the one school with evidence" if schools == 1 else f"all {schools} schools"


def _school_alt(schools: Mapping[int, pd.DataFrame], sources: Sequence[str]) -> str:
    """Say what the grid holds and where sources are farthest apart; the table has every cell."""
    if not schools:
        return "An empty chart."
    bands = pd.concat(list(schools.values()))["band"].value_counts()
    tally = listed(f"{bands.get(band, 0)} {band}" for band in reversed(OWN_BANDS))
    apart = [one for one in schools.values() if _areas_apart(one) or _bands_apart(one) >= APART]
    apart.sort(key=lambda rows: (-_bands_apart(rows), -_areas_apart(rows)))
    said = [
        f"Grid of {count(len(schools), 'school')} by {count(len(sources), 'source')}, a letter "
        f"and a shape in a cell for the band, blank where a source says nothing: {tally}."
    ]
    said += [f"{rows['name'].iloc[0]}: {_ends(rows)}." for rows in apart[:_STAND_OUT]]
    if len(apart) > _STAND_OUT:
        said.append(f"Two bands or more at {count(len(apart) - _STAND_OUT, 'other school')}.")
    return " ".join(said)


def _ends(rows: pd.DataFrame) -> str:
    """Say who gives a school its lowest band and who its highest."""
    bands = sorted(set(rows["band"]), key=OWN_BANDS.index)
    return ", ".join(
        f"{band} by {listed(rows.loc[rows['band'] == band, 'source'])}"
        for band in dict.fromkeys((bands[0], bands[-1]))
    )
