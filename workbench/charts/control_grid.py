"""Control charts of many schools as small multiples: whose absence gives a signal, and which way.

Each panel is one school's absence less the median of its peers, so that the season is
out of it. No school is ranked: panels keep the order given.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure as Canvas
from matplotlib.ticker import MaxNLocator

from workbench.charts.control import draw_points, points_said
from workbench.charts.figure import Figure
from workbench.charts.labels import NAME_SIZE, fitted_names
from workbench.charts.panels import COLUMNS, align_ends, only_words, panels
from workbench.charts.style import INK, drawing, frame, to_svg
from workbench.charts.wording import capital, count, listed, number
from workbench.measures.control_charts import ControlChart
from workbench.research.trends import Trend

MOST_PANELS = 24
_NAMED = 5  # schools named in a headline before the others are counted
_STAND_OUT = 3  # schools named in words on the picture, of those with either signal
_TITLE_POINTS = 130.0  # room over a panel
_MEASURE = "Absence less the median of peers (percentage points)"
Word = Literal["worse", "better", "no signal", "too few points"]
_SIGNS = {"worse": "\u25c6", "better": "\u25a0", "no signal": "\u25cf", "too few points": "\u25cb"}


@dataclass(frozen=True)
class _Panel:
    """One school: its trend, the word for it, and its name as written over its panel."""

    trend: Trend
    word: Word
    name: str
    title: str

    @property
    def said(self) -> str:
        """The word, with what weakens it."""
        against = "" if self.trend.own_phase else ", against all phases"
        return f"{self._tried}{against}"

    @property
    def written(self) -> str:
        """The same as over a panel, where a star stands for the longest words."""
        return f"{self._tried}{'' if self.trend.own_phase else '*'}"

    @property
    def _tried(self) -> str:
        chart = self.trend.chart
        trial = isinstance(chart, ControlChart) and chart.limits == "trial limits"
        return f"{self.word}{', trial limits' if trial else ''}"


def control_grid(
    trends: Sequence[Trend],
    names: Mapping[int, str],
    *,
    whose: str,
    source: str,
    key: str = "absence-signals",
) -> Figure:
    """Draw each school's control chart small, all to one scale, with a word for what it tells.

    Where there are more than 24 schools only those with a signal at their end are drawn, those of
    concern first, and the others are counted.

    Args:
        trends: Each school's absence less that of the others, in percentage points.
        names: Each school's name by URN.
        whose: The trust's name.
        source: Where the numbers come from.
        key: Short name of the figure.
    """
    titles = fitted_names({one.urn: names[one.urn] for one in trends}, _TITLE_POINTS)
    held = [_Panel(one, word_for(one), names[one.urn], titles[one.urn]) for one in trends]
    shown = _shown(held)
    rows = -(-len(shown) // COLUMNS)
    with drawing(1.0 if not shown else 0.75 + 1.25 * rows) as (canvas, axes):
        if shown:
            _draw(canvas, axes, shown)
        else:
            only_words(axes, "no signal to draw" if held else "no school has numbers to compare")
        svg = to_svg(canvas)
    return Figure(
        key=key,
        headline=_headline(held),
        subtitle=_subtitle(held, shown, whose),
        alt=_alt(shown),
        source=source,
        data=_data(shown),
        svg=svg,
    )


def word_for(trend: Trend) -> Word:
    """Say in a word what a trend tells at its end; more absence than before is worse."""
    if not isinstance(trend.chart, ControlChart):
        return "too few points"
    if trend.chart.variation == "common cause":
        return "no signal"
    return "worse" if trend.chart.variation == "concern" else "better"


def _shown(held: list[_Panel]) -> list[_Panel]:
    if len(held) <= MOST_PANELS:
        return held
    signals = [one for one in held if one.word in ("worse", "better")]
    if len(signals) > MOST_PANELS:
        signals.sort(key=lambda one: one.word != "worse")
    return signals[:MOST_PANELS]


def _draw(canvas: Canvas, axes: Axes, shown: list[_Panel]) -> None:
    longest = max(shown, key=lambda one: len(one.trend.periods)).trend.periods
    made = panels(canvas, axes, len(shown), min(COLUMNS, max(len(shown), 2)), common=False)
    reach = _reach(shown)
    for panel, one in zip(made, shown, strict=False):
        # All end at the same half-term: a shorter series begins later.
        late = len(longest) - len(one.trend.values)
        draw_points(panel, one.trend.chart, one.trend.values, direction="down", size=16, start=late)
        panel.set_title(one.title, fontsize=NAME_SIZE, loc="left", pad=15)
        panel.annotate(
            f"{_SIGNS[one.word]} {one.written}", (0, 1), xycoords="axes fraction", xytext=(0, 3),
            textcoords="offset points", fontsize=8.5, color=INK, va="bottom",
            weight="normal" if one.word in ("no signal", "too few points") else "bold",
        )  # fmt: skip
        middle = sum(_ends(one.trend)) / 2
        panel.set_ylim(middle - reach, middle + reach)
        panel.set_xlim(-0.8, len(longest) - 0.2)
        panel.yaxis.set_major_locator(MaxNLocator(4, steps=[1, 2, 5, 10]))
        ends = [0, len(longest) - 1] if len(longest) > 1 else [0]
        panel.set_xticks(ends, [longest[at] for at in ends])
        align_ends(panel)
        frame(panel, grid="y")
    canvas.supylabel("percentage points", fontsize=8.5)
    mixed = any(not one.trend.own_phase for one in shown)
    star = "\n* against schools of all phases: too few of its own" if mixed else ""
    canvas.supxlabel(f"{points_said('down')}{star}", fontsize=8.5)


def _ends(trend: Trend) -> tuple[float, float]:
    """Lowest and highest of what a panel shows."""
    drawn = list(trend.values)
    if isinstance(trend.chart, ControlChart):
        drawn += [trend.chart.lower, trend.chart.upper]
    return min(drawn), max(drawn)


def _reach(shown: list[_Panel]) -> float:
    """Half the height of every panel: one step is as high everywhere, wherever a school stands."""
    heights = [high - low for low, high in (_ends(one.trend) for one in shown)]
    return 0.55 * max(*heights, 1.0)


def _headline(held: list[_Panel]) -> str:
    if not held:
        return "No school has half-terms of absence to set beside the other schools'"
    of = {word: [one.name for one in held if one.word == word] for word in _SIGNS}
    said = []
    if of["worse"]:
        said.append(f"of concern at {_some(of['worse'])}")
    if of["better"]:
        said.append(f"of improvement at {_some(of['better'])}")
    if said:
        return f"Absence against the trust's other schools shows a signal {listed(said)}"
    if len(of["too few points"]) == len(held):
        return "Too few half-terms to tell a signal in absence from noise at any school"
    judged = len(of["no signal"])
    where = "any school" if judged == len(held) else f"the {count(judged, 'school')} judged"
    return f"Absence against the trust's other schools shows no signal at {where}"


def _some(names: list[str]) -> str:
    if len(names) <= _NAMED + 1:
        return listed(names)
    return listed([*names[:_NAMED], f"{len(names) - _NAMED} more"])


def _subtitle(held: list[_Panel], shown: list[_Panel], whose: str) -> str:
    periods = [one.trend.periods for one in shown] or [one.trend.periods for one in held]
    longest: tuple[str, ...] = max(periods, key=len, default=())
    period = f", half-terms from {longest[0]} to {longest[-1]}" if longest else ""
    out = f"{_MEASURE} at {count(len(held), 'school')} of {whose}{period}"
    rest = [one for one in held if one not in shown]
    if not rest:
        return out
    silent = sum(one.word == "no signal" for one in rest)
    few = sum(one.word == "too few points" for one in rest)
    signals = len(rest) - silent - few
    parts = [f"{count(silent, 'school')} without a signal"] if silent else []
    parts += [f"{count(few, 'school')} with too few points"] if few else []
    parts += [f"{count(signals, 'more school')} with a signal"] if signals else []
    return f"{out}; not drawn: {listed(parts)}"


def _alt(shown: list[_Panel]) -> str:
    if not shown:
        return "An empty chart."
    found = {
        word: sorted((one for one in shown if one.word == word), key=_off_mean, reverse=True)
        for word in _SIGNS
    }
    tally = listed(f"{len(them)} {word}" for word, them in found.items() if them)
    named = [one for word in ("worse", "better") for one in found[word][:_STAND_OUT]]
    ends = "; ".join(
        f"{one.name} ends at {number(one.trend.values[-1], 1)}, {one.said}" for one in named
    )
    far = f" In percentage points against the others, farthest from their means: {ends}."
    return (
        f"{capital(count(len(shown), 'small control chart'))} to one scale, each with a mean and "
        f"limits where it has points enough: {tally}.{far if named else ''}"
    )


def _off_mean(one: _Panel) -> float:
    """Return how far a school ends from its own mean, either way; nothing without a mean."""
    chart = one.trend.chart
    return abs(one.trend.values[-1] - chart.mean) if isinstance(chart, ControlChart) else 0.0


def _data(shown: list[_Panel]) -> pd.DataFrame:
    """One row a school, as there is one panel each; a column a half-term."""
    longest = max((one.trend.periods for one in shown), key=len, default=())
    periods = dict.fromkeys([*longest, *(name for one in shown for name in one.trend.periods)])
    rows = []
    for one in shown:
        values = dict(zip(one.trend.periods, one.trend.values, strict=True))
        written = {name: number(values[name], 1) if name in values else "" for name in periods}
        rows.append(
            {"School": one.name, "At its end": capital(one.said), **_limits(one.trend), **written}
        )
    return pd.DataFrame(rows)


def _limits(trend: Trend) -> dict[str, str]:
    """Mean, limits and signals; blank where there are too few points for them."""
    chart = trend.chart
    if not isinstance(chart, ControlChart):
        return {"Mean": "", "Lower limit": "", "Upper limit": "", "Signals": ""}
    signals = []
    for signal in chart.signals:
        ends = dict.fromkeys((trend.periods[signal.points[0]], trend.periods[signal.points[-1]]))
        signals.append(f"{signal.rule}: {' to '.join(ends)}")
    return {
        "Mean": number(chart.mean, 1),
        "Lower limit": number(chart.lower, 1),
        "Upper limit": number(chart.upper, 1),
        "Signals": "; ".join(signals),
    }
