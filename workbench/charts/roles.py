"""The golden rule as a picture: who gives, who may give, who needs, and where one school is."""

from __future__ import annotations

import pandas as pd
import seaborn as sns
from matplotlib.axes import Axes

from workbench.charts.figure import Figure
from workbench.charts.style import BLUE, GREY, INK, ORANGE, TEAL, drawing, to_svg
from workbench.charts.wording import capital, count, number

_A_LINE = 15
# Each role has a shape of its own, so that colour never carries the meaning alone.
_MARKS = {
    "provider": ("o", BLUE, "full"),
    "possible provider": ("o", BLUE, "none"),
    "neutral": ("s", GREY, "none"),
    "unrated": ("D", TEAL, "none"),
    "recipient": ("X", ORANGE, "full"),
}
ROLES = tuple(_MARKS)


def golden_rule_roles(
    roles: pd.DataFrame,
    *,
    providers: int,
    needed: tuple[float, float],
    trust: str,
    as_of: str,
    policy: str,
    urn: int | None = None,
) -> Figure:
    """Draw every school of a trust by its role under the golden rule.

    Args:
        roles: One row for each school: `urn, name, role, reason`.
        providers: Schools certain to be providers.
        needed: Providers asked for in the lenient and in the strict reading.
        trust: The trust's name.
        as_of: The day the data describes, in words.
        policy: Title of the reading of the rule.
        urn: A school to mark as the one under review.
    """
    held = {name: roles[roles["role"] == name].sort_values("urn") for name in ROLES}
    shown = {name: rows for name, rows in held.items() if len(rows)}
    lines = sum(-(-len(rows) // _A_LINE) for rows in shown.values())
    with drawing(0.75 + 0.42 * max(lines, 1)) as (canvas, axes):
        place = _draw(axes, shown, urn)
        _point_out(axes, place)
        svg = to_svg(canvas)
    ordered = pd.concat(shown.values()) if shown else roles
    return Figure(
        key="golden-rule-roles",
        headline=_headline(providers, len(held["possible provider"]), needed),
        subtitle=(
            f"{capital(count(len(roles), 'school'))} of {trust} by role, {as_of}; "
            f"reading of the rule: {policy}"
        ),
        alt=_alt(shown, urn),
        source="inspections and declared days in the trust's own folder.",
        data=pd.DataFrame({
            "URN": ordered["urn"].astype(str).tolist(),
            "School": ordered["name"].tolist(),
            "Role": [capital(role) for role in ordered["role"]],
            "Why": [capital(reason) for reason in ordered["reason"]],
        }),
        svg=svg,
    )  # fmt: skip


def _draw(
    axes: Axes, shown: dict[str, pd.DataFrame], urn: int | None
) -> tuple[float, float] | None:
    place: tuple[float, float] | None = None
    line, ticks, words = 0, [], []
    for name, rows in shown.items():
        shape, colour, fill = _MARKS[name]
        ticks.append(line)
        words.append(f"{capital(name)}: {len(rows)}")
        places = {
            int(school): (float(position % _A_LINE), float(line + position // _A_LINE))
            for position, school in enumerate(rows["urn"])
        }
        axes.scatter(
            [x for x, _ in places.values()], [y for _, y in places.values()], s=120, marker=shape,
            edgecolors=colour, linewidths=1.6, facecolors=colour if fill == "full" else "white",
            zorder=3,
        )  # fmt: skip
        place = place if urn is None else places.get(urn, place)
        line += -(-len(rows) // _A_LINE)
    axes.set_yticks(ticks, words)
    axes.set_xticks([])
    axes.set_xlim(-0.8, _A_LINE - 0.2)
    axes.set_ylim(max(line, 1) - 0.4, -0.9)
    axes.tick_params(length=0)
    sns.despine(ax=axes, left=True, bottom=True)
    return place


def _point_out(axes: Axes, place: tuple[float, float] | None) -> None:
    if place is None:
        return
    axes.scatter(*place, s=420, marker="o", facecolors="none", edgecolors=INK, linewidths=1.6)
    axes.annotate(
        "this school", place, xytext=(0, 13), textcoords="offset points", ha="center",
        va="bottom", fontsize=9, weight="bold", annotation_clip=False,
    )  # fmt: skip


def _headline(providers: int, possible: int, needed: tuple[float, float]) -> str:
    lenient, strict = needed
    has = count(providers, "provider")
    if possible:
        has += f" and {possible} that may be"
    if strict == 0:
        return f"No school needs support, and the trust has {has}"
    if lenient == strict:
        return f"The rule asks for {_asked(strict)} and the trust has {has}"
    return (
        f"The rule asks for {number(lenient, int(lenient % 1 > 0))} to {_asked(strict)}, "
        f"depending on how unrated schools are read, and the trust has {has}"
    )


def _asked(needed: float) -> str:
    return f"{number(needed, int(needed % 1 > 0))} provider{'' if needed == 1 else 's'}"


def _alt(shown: dict[str, pd.DataFrame], urn: int | None) -> str:
    if not shown:
        return "An empty chart: the trust has no schools."
    counts = ", ".join(f"{name} {len(rows)}" for name, rows in shown.items())
    mine = [name for name, rows in shown.items() if urn is not None and urn in set(rows["urn"])]
    ring = f" The school under review is ringed among those marked {mine[0]}." if mine else ""
    return f"Rows of marks, one for each school, by role: {counts}.{ring}"
