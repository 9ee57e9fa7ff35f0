"""Room for schools by size of trust: how many could take none, one or more; nobody is named."""

from __future__ import annotations

import pandas as pd
from matplotlib.axes import Axes

from workbench.charts.figure import Figure
from workbench.charts.style import (
    BLUE,
    GREY,
    INK,
    PALE_BLUE,
    PALE_GREY,
    TEAL,
    drawing,
    frame,
    to_svg,
)
from workbench.charts.wording import capital, count, points

BEYOND = "already beyond its limits"
_ANSWERS = (BEYOND, "none", "1 school", "2 schools", "3 or more")
_LOOKS = ((PALE_GREY, "xx"), (GREY, ""), (PALE_BLUE, "//"), (TEAL, ""), (BLUE, ".."))
_SIZES = ((1, 1), (2, 2), (3, 5), (6, 10), (11, 20), (21, None))


def national_room(
    trusts: pd.DataFrame, *, scenario: str, tolerance: float, where: str, as_of: str, source: str
) -> Figure:
    """Draw the share of trusts of each size by the schools they surely have room for.

    Args:
        trusts: One row a trust: schools, room_sure, reason, replicates.
        scenario: Title of the scenario whose schools join.
        tolerance: Extra risk accepted.
        where: Which country.
        as_of: The day described, in words.
        source: Where the numbers come from.
    """
    counts = _counts(trusts)
    with drawing(0.9 + 0.45 * len(counts)) as (canvas, axes):
        _draw(axes, counts)
        canvas.legend(loc="outside lower center", ncols=3, frameon=False, fontsize=9)
        svg = to_svg(canvas)
    able = int((trusts["room_sure"] > 0).sum())
    futures = int(trusts["replicates"].max())
    return Figure(
        key="national-room",
        headline=(
            f"{able} of {count(len(trusts), 'trust')} surely {'has' if able == 1 else 'have'} room "
            f"for at least one school as {scenario} brings them"
        ),
        subtitle=(
            f"Schools a trust can take with at most {points(tolerance)} points more risk of "
            f"breaking a limit, trusts of {where} by size, {as_of}; {futures} simulated futures "
            "of each number of schools"
        ),
        alt=_alt(counts),
        source=source,
        data=counts.rename(columns=capital).rename_axis("Schools in the trust").reset_index(),
        svg=svg,
    )


def _counts(trusts: pd.DataFrame) -> pd.DataFrame:
    """Return trusts by size (rows) and answer (columns); sizes without a trust are left out."""
    room = trusts["room_sure"].clip(upper=3).map(dict(enumerate(_ANSWERS[1:])))
    answer = room.mask(trusts["reason"] == "already_beyond_limits", BEYOND)
    rows = {}
    for least, most in _SIZES:
        own = trusts["schools"].between(least, float("inf") if most is None else most)
        if own.any():
            found = answer[own].value_counts().reindex(list(_ANSWERS)).fillna(0)
            rows[_said(least, most)] = found.astype("int64")
    return pd.DataFrame(rows).T[list(_ANSWERS)]


def _said(least: int, most: int | None) -> str:
    if most is None:
        return f"{least} or more"
    return str(least) if least == most else f"{least} to {most}"


def _draw(axes: Axes, counts: pd.DataFrame) -> None:
    totals = counts.sum(axis=1)
    labels = [f"{size}  (n = {totals[size]})" for size in counts.index]
    left = pd.Series(0.0, index=counts.index)
    for (answer, column), (colour, hatch) in zip(counts.items(), _LOOKS, strict=True):
        share = 100 * column / totals
        axes.barh(labels, share, left=left, color=colour, hatch=hatch, edgecolor=INK,
                  linewidth=0.5, height=0.7, label=capital(str(answer)))  # fmt: skip
        left = left + share
    axes.invert_yaxis()
    axes.set_xlim(0, 100)
    axes.set_xlabel("Share of trusts (%)")
    axes.set_ylabel("Schools in the trust")
    frame(axes, grid="x")


def _alt(counts: pd.DataFrame) -> str:
    totals, able = counts.sum(axis=1), counts[list(_ANSWERS[2:])].sum(axis=1)
    said = "; ".join(f"{size} schools: {able[size]} of {totals[size]}" for size in counts.index)
    return f"Stacked bars, one a size of trust. Trusts with room for one school or more, {said}."
