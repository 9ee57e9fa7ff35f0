"""A grid of mixes of joiners by pace: how many schools can be absorbed, printed in each cell."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
import seaborn as sns
from matplotlib.axes import Axes
from matplotlib.colors import LinearSegmentedColormap
from matplotlib.patches import Rectangle

from workbench.charts.figure import Figure
from workbench.charts.labels import NAME_SIZE, fitted_names
from workbench.charts.style import BLUE, INK, MID_BLUE, PALE_BLUE, PALE_GREY, drawing, to_svg
from workbench.charts.wording import capital, count, listed, number

_SHADES = LinearSegmentedColormap.from_list("schools", ["white", PALE_BLUE, MID_BLUE, BLUE])
_NAME_POINTS = 90.0
_DARK = 0.66  # of the darkest shade, from which words on it are white
_STOPS = {
    "extra_risk_exceeds_tolerance": "one more adds too much risk",
    "not_shown_within_tolerance": "one more is not shown to be within the limit",
    "limit_of_pace": "all that join by the horizon are within",
    "limit_of_search": "all numbers tried are within",
    "already_beyond_limits": "the trust is likely to break a limit with none",
}


@dataclass(frozen=True)
class _Grid:
    """What is drawn: a cell for each mix (rows) and pace (columns)."""

    mixes: list[str]
    paces: list[float]
    cells: dict[tuple[str, float], pd.Series]
    limit: str

    @property
    def most(self) -> int:
        """The largest capacity in the grid; 0 where no cell has one."""
        return max((_schools(cell) or 0 for cell in self.cells.values()), default=0)


def frontier_grid(
    frontier: pd.DataFrame, *, tolerance: float, agreed: bool, trust: str, scenario: str,
    horizon: str,
) -> Figure:  # fmt: skip
    """Draw how many schools can be absorbed for each mix of joiners and pace.

    Args:
        frontier: As `workbench.scenario.frontier.absorption_frontier` gives it.
        tolerance: The extra risk accepted, or proposed.
        agreed: Whether the board has set the tolerance; else it is only proposed.
        trust: The trust's name.
        scenario: The scenario's title.
        horizon: The last term looked at.
    """
    grid = _Grid(
        mixes=list(dict.fromkeys(frontier["mix"])),
        paces=sorted(set(frontier["pace"])),
        cells={(row["mix"], row["pace"]): row for _, row in frontier.iterrows()},
        limit=f"{'' if agreed else 'proposed '}limit on extra risk of {round(tolerance * 100)}%",
    )
    with drawing(0.75 + 0.58 * len(grid.mixes)) as (canvas, axes):
        _draw(axes, grid)
        svg = to_svg(canvas)
    return Figure(
        key="frontier",
        headline=_headline(grid),
        subtitle=(
            f"Schools that can join by kind of joiner and pace, {trust}, to {horizon}, "
            f"scenario: {scenario}; small: how far the extra risk may reach with one more"
        ),
        alt=_alt(grid),
        source=(
            f"growth model of this workbench, {int(frontier['n'].iloc[0]):,} simulated futures for "
            "each number of schools in each cell."
        ),
        data=_table(grid),
        svg=svg,
    )


def _schools(cell: pd.Series) -> int | None:
    return None if pd.isna(cell["capacity"]) else int(cell["capacity"])


def _draw(axes: Axes, grid: _Grid) -> None:
    for (mix, pace), cell in grid.cells.items():
        x, y = grid.paces.index(pace), grid.mixes.index(mix)
        shade = (_schools(cell) or 0) / max(grid.most, 1)
        axes.add_patch(
            Rectangle((x, y), 1, 1, facecolor=_SHADES(shade), edgecolor=PALE_GREY, linewidth=0.8)
        )
        ink = "white" if shade > _DARK else INK
        axes.annotate(
            _number(cell), (x + 0.5, y + 0.38), ha="center", va="center", fontsize=14,
            weight="bold", color=ink,
        )  # fmt: skip
        axes.annotate(
            _small(cell), (x + 0.5, y + 0.78), ha="center", va="center", fontsize=8, color=ink
        )
    axes.set_xlim(0, len(grid.paces))
    axes.set_ylim(len(grid.mixes), 0)
    axes.set_xticks(np.arange(len(grid.paces)) + 0.5, [f"{pace:g}" for pace in grid.paces])
    names = fitted_names({row: capital(mix) for row, mix in enumerate(grid.mixes)}, _NAME_POINTS)
    axes.set_yticks(np.arange(len(grid.mixes)) + 0.5, list(names.values()), fontsize=NAME_SIZE)
    axes.set_xlabel("schools joining each year")
    axes.tick_params(length=0)
    sns.despine(ax=axes, left=True, bottom=True)


def _number(cell: pd.Series) -> str:
    schools = _schools(cell)
    if schools is None:
        return "none"
    return f"{schools}{'+' if cell['reason'] == 'limit_of_search' else ''}"


def _small(cell: pd.Series) -> str:
    if not pd.isna(cell["beyond_risk"]):
        return f"one more: {_tenths(cell['beyond_upper'])}"
    return {"limit_of_pace": "all that join", "limit_of_search": "all tried"}.get(
        str(cell["reason"]), ""
    )


def _percent(share: float) -> str:
    return f"{number(share * 100)}%"


def _tenths(share: float) -> str:
    """To a tenth of a per cent: it is this figure that is held against the limit."""
    return f"{number(share * 100, 1)}%"


def _headline(grid: _Grid) -> str:
    if all(_schools(cell) is None for cell in grid.cells.values()):
        return (
            "The trust is likely to break a limit with no school joining, so no kind or pace of "
            "joiner can be told apart by the risk it adds"
        )
    none = [mix for mix in grid.mixes if not any(_row(grid, mix))]
    if grid.most == 0:
        return f"No kind or pace tried lets even one school join within the {grid.limit}"
    best = [mix for mix in grid.mixes if max(_row(grid, mix)) == grid.most]
    paces = [
        f"{pace:g}" for pace in grid.paces
        if any((_schools(grid.cells[mix, pace]) or 0) == grid.most for mix in best)
    ]  # fmt: skip
    at = (
        "at any pace tried" if len(paces) == len(grid.paces) else f"at {listed(paces, 'or')} a year"
    )
    first = (
        f"At most {count(grid.most, 'school')} can join within the {grid.limit}, {at}, "
        f"with joiners {listed(best, 'or')}"
    )
    return f"{first}; not one {listed(none, 'or')}" if none else first


def _row(grid: _Grid, mix: str) -> list[int]:
    return [_schools(grid.cells[mix, pace]) or 0 for pace in grid.paces]


def _alt(grid: _Grid) -> str:
    rows = [
        f"{mix}: {listed(_number(grid.cells[mix, pace]) for pace in grid.paces)}"
        for mix in grid.mixes
    ]
    return (
        "Grid with kinds of joiner in rows and paces of "
        f"{listed(f'{pace:g}' for pace in grid.paces)} a year in columns; each cell holds the "
        f"number of schools and is darker the larger it is. {capital('; '.join(rows))}."
    )


def _table(grid: _Grid) -> pd.DataFrame:
    rows = []
    for mix in grid.mixes:
        for pace in grid.paces:
            cell = grid.cells[mix, pace]
            more, reach = cell["beyond_risk"], cell["beyond_upper"]
            rows.append(
                {
                    "Joiners": capital(mix),
                    "Schools a year": f"{pace:g}",
                    "Schools that can join": _number(cell),
                    "What stops it": capital(_STOPS[str(cell["reason"])]),
                    "Extra risk with one more": "" if pd.isna(more) else _percent(more),
                    "It may reach": "" if pd.isna(reach) else _tenths(reach),
                }
            )
    return pd.DataFrame(rows)
