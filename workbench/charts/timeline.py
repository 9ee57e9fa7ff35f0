"""A school's inspections in order of date, each era under its own name and in its own words."""

from __future__ import annotations

import datetime as dt
import textwrap
from dataclasses import dataclass

import matplotlib.dates as mdates
import pandas as pd
import seaborn as sns
from matplotlib.axes import Axes

from workbench.charts.figure import Figure
from workbench.charts.style import BLUE, GREY, PLUM, drawing, to_svg
from workbench.charts.wording import age, count, day

REPORT_CARDS_BEGIN = dt.date(2025, 11, 10)
_LABEL_WIDTH = 40  # letters: less than half the picture, so a label fits on one side of its mark


@dataclass(frozen=True)
class _Line:
    """What is drawn: days of inspection, what each found, whose URN; joining; today."""

    days: list[dt.date]
    found: list[str]
    own: list[bool]
    joined: dt.date
    as_of: dt.date
    latest_given: dt.date | None

    @property
    def files_given(self) -> str:
        """How far the files reach: what is not in them may still have happened."""
        if self.latest_given is None:
            return "in the files given, which hold no inspection"
        return f"in the files given, whose latest inspection is of {day(self.latest_given)}"


def inspection_timeline(
    inspections: pd.DataFrame,
    *,
    school: str,
    joined: dt.date,
    as_of: dt.date,
    latest_given: dt.date | None,
) -> Figure:
    """Draw a school's inspections along the years, with the day it joined and the change of era.

    Args:
        inspections: One row for each inspection: `inspection_date` (a day), `found` (in words),
            `own` (whether it was made under the school's present URN).
        school: The school's name.
        joined: The day it joined its trust.
        as_of: The day the data describes.
        latest_given: Day of the latest inspection of any school in the files given.
    """
    rows = inspections.sort_values("inspection_date", ignore_index=True)
    line = _Line(
        days=[pd.Timestamp(when).date() for when in rows["inspection_date"]],
        found=[str(words) for words in rows["found"]],
        own=[bool(mine) for mine in rows["own"]],
        joined=joined,
        as_of=as_of,
        latest_given=latest_given,
    )
    with drawing(1.05 + 0.46 * max(len(line.days), 1)) as (canvas, axes):
        _draw(axes, line)
        svg = to_svg(canvas)
    return Figure(
        key="inspections",
        headline=_headline(line),
        subtitle=(
            f"Inspections of {school} to {day(as_of)}; the words of the two frameworks are not "
            "comparable"
        ),
        alt=_alt(line),
        source="Ofsted inspections in the trust's own folder.",
        data=pd.DataFrame({
            "Date": [day(when) for when in line.days],
            "Framework": [_framework(when) for when in line.days],
            "Found": line.found,
            "Under": ["present URN" if mine else "earlier URN" for mine in line.own],
        }),
        svg=svg,
    )  # fmt: skip


def _draw(axes: Axes, line: _Line) -> None:
    left = _number(min([*line.days, line.joined, line.as_of]))
    width = max(_number(line.as_of) - left, 365.0)
    for row, (when, words, mine) in enumerate(zip(line.days, line.found, line.own, strict=True)):
        x = _number(when)
        axes.scatter(
            x, row, s=80, marker="o" if when < REPORT_CARDS_BEGIN else "D",
            facecolors=BLUE if mine else "white", edgecolors=BLUE, linewidths=1.6, zorder=3,
        )  # fmt: skip
        late = x > left + 0.5 * width
        label = textwrap.fill(words if mine else f"{words} (earlier URN)", _LABEL_WIDTH)
        said = axes.annotate(
            label, (x, row), xytext=(-9 if late else 9, 0),
            textcoords="offset points", ha="right" if late else "left", va="center", fontsize=9,
            bbox={"boxstyle": "square,pad=0.1", "facecolor": "white", "edgecolor": "none"},
        )  # fmt: skip
        said.set_in_layout(False)
    change = _number(REPORT_CARDS_BEGIN)
    if left < change < left + width:
        axes.axvline(change, color=GREY, linewidth=1, linestyle=(0, (2, 3)), zorder=1)
        _name(axes, "report cards begin", change, -0.75, GREY, late=True)
    joining = _number(line.joined)
    axes.axvline(joining, color=PLUM, linewidth=1.2, zorder=1)
    _name(axes, "joined the trust", joining, -1.3, PLUM, late=joining > left + 0.5 * width)
    axes.set_xlim(left - 0.04 * width, left + 1.04 * width)
    axes.set_ylim(max(len(line.days), 1) - 0.4, -1.7)
    axes.xaxis.set_major_locator(_ticks())
    axes.xaxis.set_major_formatter(_date_format("%Y" if width > 900 else "%b %Y"))
    axes.set_yticks([])
    sns.despine(ax=axes, left=True)


def _name(axes: Axes, words: str, x: float, y: float, colour: str, *, late: bool) -> None:
    axes.annotate(
        words, (x, y), xytext=(-3 if late else 3, 0), textcoords="offset points", color=colour,
        ha="right" if late else "left", va="center", fontsize=8.5,
    )  # fmt: skip


def _number(when: dt.date) -> float:
    """A day on matplotlib's scale of dates."""
    return float(mdates.date2num(when))  # type: ignore[no-untyped-call]


def _ticks() -> mdates.AutoDateLocator:
    return mdates.AutoDateLocator(minticks=2, maxticks=7)  # type: ignore[no-untyped-call]


def _date_format(pattern: str) -> mdates.DateFormatter:
    return mdates.DateFormatter(pattern)  # type: ignore[no-untyped-call]


def _framework(when: dt.date) -> str:
    return "report card" if when >= REPORT_CARDS_BEGIN else "before report cards"


def _headline(line: _Line) -> str:
    days, found, own = line.days, line.found, line.own
    if not days:
        return f"No inspection of this school {line.files_given}"
    if not any(own):
        return (
            f"No inspection under the school's present URN {line.files_given}; under an earlier "
            f"URN, {_lower(found[-1])} on {day(days[-1])}"
        )
    last = max(place for place, mine in enumerate(own) if mine)
    ago = age(days[last], line.as_of)
    return f"Last inspected {ago} ago, on {day(days[last])}: {_lower(found[last])}"


def _lower(words: str) -> str:
    return words[:1].lower() + words[1:]


def _alt(line: _Line) -> str:
    if not line.days:
        return f"An empty line of dates; the school joined the trust on {day(line.joined)}."
    parts = [
        f"{day(when)}, {_lower(words)}{'' if mine else ' (earlier URN)'}"
        for when, words, mine in zip(line.days, line.found, line.own, strict=True)
    ]
    return (
        f"Line of dates with {count(len(line.days), 'inspection')}: {'; '.join(parts)}. "
        f"The school joined the trust on {day(line.joined)}."
    )
