"""Boxes of assumptions in which a plan mostly fails, or mostly holds, in sentences and as bars."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, Literal

import pandas as pd
from matplotlib.axes import Axes

from workbench.charts.asked import factor_lines, plan_words, with_unit
from workbench.charts.figure import Figure
from workbench.charts.labels import NAME_SIZE
from workbench.charts.style import BLUE, INK, ORANGE, PALE_GREY, drawing, frame, to_svg
from workbench.charts.wording import capital, inside, listed, percent, short

Ending = Literal["fails", "holds"]
_CAUGHT: Mapping[Ending, str] = MappingProxyType(
    {"fails": "of all failures", "holds": "of all that hold"}
)


def box_ranges(
    boxes: pd.DataFrame,
    limits: pd.DataFrame,
    *,
    ending: Ending,
    share: float,
    trust: str,
    scenario: str,
    joiners: int,
    horizon: str,
    futures: int,
) -> Figure:
    """Draw for each box which part of what is believed of an assumption it takes in.

    Args:
        boxes: One row a box: `box, fresh_density, fresh_coverage, fresh_mass`.
        limits: One row a box and restricted factor: `box, label, unit, low, high, low_place,
            high_place, restricts, quasi_p, reproduced`.
        ending: What the futures in the boxes have in common.
        share: Share of all futures that end so.
        trust: The trust's name.
        scenario: The scenario's title.
        joiners: Number of schools that join.
        horizon: The last term looked at.
        futures: Sets of assumptions drawn.
    """
    with drawing(0.9 + 0.48 * max(len(limits) + len(boxes), 1)) as (canvas, axes):
        _draw(axes, boxes, limits, ending)
        svg = to_svg(canvas)
    sentences = box_sentences(boxes, limits, ending)
    return Figure(
        key=f"boxes-{ending}",
        headline=_headline(boxes, ending),
        subtitle=(
            f"Part of what is believed of each assumption that lies within the box; the plan "
            f"{ending} in {percent(share)} of all futures; "
            f"{plan_words(trust, scenario, joiners, horizon)}"
        ),
        alt=_alt(limits, sentences),
        source=(
            f"growth model of this workbench, {futures:,} draws of all assumptions; shares are of "
            "the third of them that no box was made from."
        ),
        data=_table(boxes, limits, ending),
        svg=svg,
    )


def box_sentences(boxes: pd.DataFrame, limits: pd.DataFrame, ending: Ending) -> list[str]:
    """Say each box in a sentence, such as the plan failing in 80% of futures with few leads.

    Args:
        boxes: As for `box_ranges`.
        limits: As for `box_ranges`.
        ending: What the futures in the boxes have in common.
    """
    said = []
    for box in boxes.to_dict("records"):
        if pd.isna(box["fresh_density"]) or pd.isna(box["fresh_coverage"]):
            continue
        where = [_restricted(row) for row in limits[limits["box"] == box["box"]].to_dict("records")]
        others = " other" if box["box"] != boxes["box"].iloc[0] else ""
        said.append(
            f"The plan {ending} in {percent(box['fresh_density'])} of{others} futures with "
            f"{listed(where)}; those are {_share(box['fresh_coverage'])} {_CAUGHT[ending]}"
        )
    return said


def _headline(boxes: pd.DataFrame, ending: Ending) -> str:
    """Say how well the boxes tell, and leave what they are to the sentences and to the bars."""
    known = boxes.dropna(subset=["fresh_density", "fresh_coverage"])
    if known.empty:
        return f"No part of what is believed stands out as where the plan {ending}"
    first = known.iloc[0]
    return (
        f"Box {first['box']:g} takes in {percent(first['fresh_coverage'])} {_CAUGHT[ending]}; "
        f"the plan {ending} in {percent(first['fresh_density'])} of the futures in it"
    )


def _restricted(row: Mapping[Any, Any]) -> str:
    """Say which values of a factor a box takes in, within a sentence after "with"."""
    name, limit = short(str(row["label"])), _limit(row)
    named = f"a {name}" if name.startswith("chance") else name
    unit = str(row["unit"])
    # Schools for each lead above 5.6, not above 5.6 schools.
    return f"{named} {limit.removesuffix(f' {unit}') if name.startswith(unit) else limit}"


def _limit(row: Mapping[Any, Any]) -> str:
    if row["restricts"] == "between":
        low = with_unit(row["low"], "ratio")
        return f"between {low} and {with_unit(row['high'], row['unit'])}"
    end = row["low"] if row["restricts"] == "above" else row["high"]
    return f"{row['restricts']} {with_unit(end, row['unit'])}"


def _table(boxes: pd.DataFrame, limits: pd.DataFrame, ending: Ending) -> pd.DataFrame:
    known = {box["box"]: box for box in boxes.to_dict("records")}
    rows = [
        {
            "Box": row["box"],
            "Assumption": capital(str(row["label"])),
            "Limit": _limit(row),
            f"The plan {ending} in": _share(known[row["box"]]["fresh_density"]),
            f"Share {_CAUGHT[ending]}": _share(known[row["box"]]["fresh_coverage"]),
            "Share of futures": _share(known[row["box"]]["fresh_mass"]),
            "Chance of such a limit by luck": percent(row["quasi_p"]),
            "Found again in half-samples": percent(row["reproduced"]),
        }
        for row in limits.to_dict("records")
    ]
    return pd.DataFrame(rows)


def _share(value: float | None) -> str:
    return "" if value is None or pd.isna(value) else percent(value)


def _draw(axes: Axes, boxes: pd.DataFrame, limits: pd.DataFrame, ending: Ending) -> None:
    colour = ORANGE if ending == "fails" else BLUE
    place, ticks, names = 0, [], []
    for box in boxes.to_dict("records"):
        axes.annotate(
            f"Box {box['box']}: {ending} in {_share(box['fresh_density'])} of its futures, "
            f"{_share(box['fresh_coverage'])} {_CAUGHT[ending]}",
            (0, place + 0.1), va="center", fontsize=9, weight="bold", color=INK,
        )  # fmt: skip
        place += 1
        for row in limits[limits["box"] == box["box"]].to_dict("records"):
            axes.barh(place, 100, height=0.18, color=PALE_GREY, linewidth=0)
            low, high = row["low_place"] * 100, row["high_place"] * 100
            axes.barh(place, high - low, left=low, height=0.42, color=colour, linewidth=0)
            axes.annotate(_limit(row), (100, place), xytext=(6, 0), textcoords="offset points",
                          va="center", fontsize=NAME_SIZE, annotation_clip=False)  # fmt: skip
            ticks.append(place)
            names.append(factor_lines(str(row["label"]), 30))
            place += 1
    axes.set_yticks(ticks, names, fontsize=NAME_SIZE)
    axes.set_ylim(max(place, 1) - 0.4, -0.5)
    axes.set_xlim(0, 100)
    axes.set_xlabel("part of what is believed, lowest to highest, per cent")
    axes.tick_params(axis="y", length=0)
    frame(axes, grid=None)


def _alt(limits: pd.DataFrame, others: list[str]) -> str:
    if limits.empty:
        return "An empty chart: there is nothing to draw."
    said = "; ".join(
        f"{inside(str(row['label']))} from {percent(row['low_place'])} to "
        f"{percent(row['high_place'])}"
        for row in limits.to_dict("records")
    )
    more = "".join(f" {sentence}." for sentence in others)
    return f"Bars from 0 to 100%, lowest to highest belief, filled within the box: {said}.{more}"
