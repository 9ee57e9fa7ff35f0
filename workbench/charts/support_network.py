"""Who supports whom: days from each giver to each school, and the schools in need that get none."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Literal

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure as Canvas
from matplotlib.lines import Line2D

from workbench.charts.figure import Figure
from workbench.charts.labels import NAME_SIZE, Line, fitted_names, name_points
from workbench.charts.panels import only_words
from workbench.charts.style import BLUE, INK, MID_BLUE, ORANGE, drawing, to_svg
from workbench.charts.wording import capital, count, listed, number

CENTRE = 0  # stands for the central team where the givers are numbered by URN
Way = Literal["solid", "dashed", "dotted"]
_ROW = 0.36  # inches a school
_LEFT, _RIGHT = 0.0, 1.0
_THIN, _WIDE = 0.9, 6.0  # points: lines of hardly any days and of the most
_NAME_POINTS = 128.0
_NAMED = 2  # schools named in a headline; more are counted
# Each state has a way of line of its own; the latter are drawn above the former.
_LINES: Mapping[str, tuple[str, Way]] = MappingProxyType({
    "ended": (MID_BLUE, "dotted"),
    "waiting": (ORANGE, "dashed"),
    "running": (BLUE, "solid"),
})  # fmt: skip
_ASIDE: Mapping[str, float] = MappingProxyType({"running": 0.0, "waiting": -0.3, "ended": 0.3})
NOW = ("running", "waiting")


@dataclass(frozen=True)
class Deployment:
    """Support from one giver to one school.

    Attributes:
        giver: URN of the school that gives it, or `CENTRE`.
        receiver: URN of the school that gets it.
        area: What it is about, in words.
        days: Days of support in all.
        state: `running`, `waiting` (asked for and not begun) or `ended` (in the recent terms).
    """

    giver: int
    receiver: int
    area: str
    days: float
    state: str


@dataclass(frozen=True)
class _Sides:
    """Who stands on which side at which height, the names as drawn."""

    givers: Mapping[int, float]
    receivers: Mapping[int, float]
    short: Mapping[int, str]
    rows: int


def support_network(
    deployments: Sequence[Deployment],
    names: Mapping[int, str],
    needs: Mapping[int, str],
    *,
    trust: str,
    as_of: str,
    recent: str,
    source: str,
) -> Figure:
    """Draw givers on the left, schools on the right, and a line for the days between them.

    Args:
        deployments: What runs, waits, or ended in the recent terms.
        names: Each school's name by URN.
        needs: `need` or `urgent need` by URN of every school that has one.
        trust: The trust's name.
        as_of: The day described, in words.
        recent: The recent terms, in words.
        source: Where the evidence comes from.
    """
    names = {**names, CENTRE: "Central team"}
    lines, gaps = _by_pair(deployments), _gaps(deployments, needs)
    sides = _sides(lines, needs, names)
    with drawing(1.2 + _ROW * max(sides.rows, 1) if sides.rows else 1.0) as (canvas, axes):
        if sides.rows:
            written = _draw_lines(axes, lines, sides)
            _draw_schools(axes, sides, needs, gaps)
            _key(canvas, {one.state for one in lines}, gaps)
            name_points(canvas, axes, (), lines=written, near_end=True)
        else:
            only_words(axes, "no support is recorded and no need is known")
        svg = to_svg(canvas)
    return Figure(
        key="support-network",
        headline=network_said(deployments, names, needs),
        subtitle=f"Days of support at {trust}: running and waiting on {as_of}; ended in {recent}",
        alt=_alt(lines, gaps, names),
        source=source,
        data=_data(deployments, gaps, names, needs),
        svg=svg,
    )


def network_said(
    deployments: Sequence[Deployment], names: Mapping[int, str], needs: Mapping[int, str]
) -> str:
    """Say who has support running or waiting, and which schools in need have none."""
    now = [one for one in deployments if one.state in NOW]
    gaps = _gaps(deployments, needs)
    helped, days = len({one.receiver for one in now}), sum(one.days for one in now)
    said = "No support is running or waiting"
    if now:
        said = (
            f"{capital(count(helped, 'school'))} {'has' if helped == 1 else 'have'} support "
            f"running or waiting, {_days(days)} {'day' if days == 1 else 'days'} in all"
        )
    if not gaps:
        return f"{said}; no school with a need is without"
    who = listed(names[urn] for urn in gaps) if len(gaps) <= _NAMED else count(len(gaps), "school")
    return f"{said}; {who} {'has' if len(gaps) == 1 else 'have'} a need and no support"


def _gaps(deployments: Sequence[Deployment], needs: Mapping[int, str]) -> list[int]:
    """Return the schools with a need for which nothing runs or waits."""
    helped = {one.receiver for one in deployments if one.state in NOW}
    return [urn for urn in needs if urn not in helped]


def _by_pair(deployments: Sequence[Deployment]) -> tuple[Deployment, ...]:
    """Add up what one giver gives one school in one state; the areas are listed."""
    held: dict[tuple[int, int, str], list[Deployment]] = {}
    for one in deployments:
        held.setdefault((one.giver, one.receiver, one.state), []).append(one)
    return tuple(
        Deployment(giver, receiver, listed(dict.fromkeys(one.area for one in them)),
                   sum(one.days for one in them), state)
        for (giver, receiver, state), them in sorted(held.items())
    )  # fmt: skip


def _sides(
    lines: Sequence[Deployment], needs: Mapping[int, str], names: Mapping[int, str]
) -> _Sides:
    """Order receivers by name, and givers by whom they give to, so that few lines cross."""
    supported = {one.receiver for one in lines}
    receivers = sorted(
        supported | set(needs), key=lambda urn: (urn not in supported, names[urn], urn)
    )
    height = {urn: float(place) for place, urn in enumerate(receivers)}
    reached: dict[int, list[tuple[float, float]]] = {}
    for one in lines:
        reached.setdefault(one.giver, []).append((one.days * height[one.receiver], one.days))
    middle = {
        giver: sum(high for high, _ in them) / max(sum(days for _, days in them), 1e-9)
        for giver, them in reached.items()
    }
    givers = sorted(middle, key=lambda giver: (middle[giver], names[giver], giver))
    step = max(1.0, (len(receivers) - 1) / max(len(givers) - 1, 1))
    rows = max(len(receivers), round(step * (len(givers) - 1)) + 1 if givers else 0)
    short = fitted_names({urn: names[urn] for urn in {*givers, *receivers}}, _NAME_POINTS)
    return _Sides({urn: place * step for place, urn in enumerate(givers)}, height, short, rows)


def _draw_lines(axes: Axes, lines: Sequence[Deployment], sides: _Sides) -> list[Line]:
    """Draw the lines, the present ones on top; return each with the days to write on it."""
    most = max((one.days for one in lines), default=0.0)
    written = []
    for state, (colour, way) in _LINES.items():
        for one in [one for one in lines if one.state == state]:
            aside = _ASIDE[state]  # of one giver to one school, lines lie side by side
            start = (_LEFT, sides.givers[one.giver] + aside)
            end = (_RIGHT, sides.receivers[one.receiver] + aside)
            share = one.days / most if most else 0.0
            axes.plot(*zip(start, end, strict=True), color=colour, linestyle=way,
                      linewidth=_THIN + (_WIDE - _THIN) * share, solid_capstyle="butt",
                      zorder=1)  # fmt: skip
            written.append((start, end, _days(one.days)))
    return written


def _draw_schools(axes: Axes, sides: _Sides, needs: Mapping[int, str], gaps: Sequence[int]) -> None:
    for urn, high in sides.givers.items():
        axes.scatter(_LEFT, high, s=60, marker="D" if urn == CENTRE else "o", color=INK, zorder=3)
        _write(axes, (_LEFT, high), sides.short[urn], -9, "right")
    for urn, high in sides.receivers.items():
        gap = urn in gaps
        axes.scatter(_RIGHT, high, s=60, marker="X" if gap else "o", zorder=3,
                     color=ORANGE if gap else INK)  # fmt: skip
        line = f"{sides.short[urn]}\n{needs[urn]}, no support now" if gap else sides.short[urn]
        _write(axes, (_RIGHT, high), line, 9, "left", bold=gap)
    axes.set_xlim(-0.05, 1.05)
    axes.set_ylim(sides.rows - 0.4, -0.6)
    axes.set_axis_off()


def _days(days: float) -> str:
    return number(days, int(days % 1 > 0))


def _write(
    axes: Axes, place: tuple[float, float], words: str, off: float, side: str, *, bold: bool = False
) -> None:
    axes.annotate(words, place, xytext=(off, 0), textcoords="offset points", ha=side, va="center",
                  fontsize=NAME_SIZE, weight="bold" if bold else "normal", color=INK,
                  annotation_clip=False)  # fmt: skip


def _key(canvas: Canvas, states: set[str], gaps: Sequence[int]) -> None:
    words = {"running": "running", "waiting": "waiting to begin", "ended": "ended in recent terms"}
    handles = [
        Line2D([], [], color=_LINES[state][0], linestyle=_LINES[state][1], linewidth=2,
               label=f"{label}, days")
        for state, label in words.items() if state in states
    ]  # fmt: skip
    if gaps:
        handles.append(Line2D([], [], linestyle="none", marker="X", color=ORANGE, markersize=8,
                              label="need, no support now"))  # fmt: skip
    if handles:
        canvas.legend(handles=handles, loc="outside lower center", ncols=2, frameon=False,
                      fontsize=9)  # fmt: skip


def _alt(lines: Sequence[Deployment], gaps: Sequence[int], names: Mapping[int, str]) -> str:
    said = []
    for state in reversed(list(_LINES)):
        held = [
            f"{names[one.giver]} to {names[one.receiver]} {_days(one.days)}"
            for one in lines if one.state == state
        ]  # fmt: skip
        if held:
            said.append(f"{capital(state)}, in days: {'; '.join(held)}.")
    without = listed(names[urn] for urn in gaps)
    said += [f"Crosses: {without}."] * bool(gaps)
    return " ".join(["Lines from givers on the left to schools on the right.", *said])


def _data(
    deployments: Sequence[Deployment], gaps: Sequence[int], names: Mapping[int, str],
    needs: Mapping[int, str],
) -> pd.DataFrame:  # fmt: skip
    order = list(reversed(list(_LINES)))
    rows = [
        (names[one.giver], names[one.receiver], capital(one.area),
         _days(one.days), capital(one.state))
        for one in sorted(deployments, key=lambda one: (order.index(one.state), one.receiver))
    ]  # fmt: skip
    rows += [("Nobody", names[urn], capital(needs[urn]), "", "No support now") for urn in gaps]
    return pd.DataFrame(rows, columns=["From", "To", "About", "Days", "State"])
