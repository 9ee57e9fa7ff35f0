"""A school beside schools with a like intake, each measure on an axis of its own."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from textwrap import fill

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure as Canvas
from matplotlib.ticker import MaxNLocator

from workbench.charts.figure import Figure
from workbench.charts.panels import only_words
from workbench.charts.style import BLUE, GREY, INK, MID_BLUE, ORANGE, drawing, frame, to_svg
from workbench.charts.wording import capital, count, listed, number
from workbench.research.neighbours import VARIABLES, Comparison, Neighbours

# Measures of the panel in a reader's words: what, unit.
WORDS = {
    "absence_percent": ("absence", "% of sessions"),
    "persistent_absence_percent": ("persistent absence", "% of pupils"),
    "key_stage_2_expected_percent": ("expected standard, key stage 2", "% of pupils"),
    "key_stage_2_higher_percent": ("higher standard, key stage 2", "% of pupils"),
    "key_stage_2_reading_progress": ("reading progress, key stage 2", "points"),
    "key_stage_2_writing_progress": ("writing progress, key stage 2", "points"),
    "key_stage_2_maths_progress": ("maths progress, key stage 2", "points"),
    "key_stage_2_reading_score": ("reading score, key stage 2", "points"),
    "key_stage_2_maths_score": ("maths score, key stage 2", "points"),
    "attainment_8": ("Attainment 8", "points"),
    "progress_8": ("Progress 8", "points"),
    "grade_5_english_maths_percent": ("grade 5 in English and maths", "% of pupils"),
    "pupils": ("pupils on roll", "pupils"),
    "fsm_percent": ("eligible for free school meals", "% of pupils"),
    "eal_percent": ("English as an additional language", "% of pupils"),
    "sen_support_percent": ("SEN support", "% of pupils"),
    "ehc_plan_percent": ("education, health and care plan", "% of pupils"),
}
_FINE = ("reading_progress", "writing_progress", "maths_progress", "progress_8")


@dataclass(frozen=True)
class _Strip:
    """One measure as it is drawn."""

    group: str
    what: str
    unit: str
    value: float
    low: float
    middle: float
    high: float
    n: int
    period: str
    decimals: int

    @property
    def place(self) -> str:
        """Where the school stands to its neighbours' middle half."""
        value, low, high = (round(one, self.decimals) for one in (self.value, self.low, self.high))
        return "below" if value < low else "above" if value > high else "within"

    def said(self, value: float) -> str:
        """A value of this measure, rounded as it is drawn."""
        return number(value, self.decimals)


def neighbour_comparison(
    found: Neighbours,
    outcomes: Sequence[Comparison],
    *,
    school: str,
    source: str,
    fewest: float,
    words: Mapping[str, tuple[str, str]] = WORDS,
) -> Figure:
    """Draw a school's outcomes and intake against its neighbours' middle half and median.

    Args:
        found: The school and its neighbours; their intake is drawn from here.
        outcomes: Outcomes compared, in the order wanted.
        school: The school's name.
        source: Where the numbers come from.
        fewest: Neighbours with a number that it takes to draw their middle half of intake: the
            declared `fewest_compared`.
        words: What each measure is called, and its unit.
    """
    strips = [*(_outcome(one, words) for one in outcomes), *_intake(found, words, fewest)]
    groups = len({strip.group for strip in strips})
    with drawing(0.6 + 0.62 * max(len(strips), 1) + 0.3 * groups) as (canvas, axes):
        if strips:
            _draw(canvas, axes, strips)
        else:
            only_words(axes, "nothing can be compared")
        svg = to_svg(canvas)
    return Figure(
        key="neighbours",
        headline=_headline(strips, school),
        subtitle=(
            f"{school} against {count(len(found.schools), 'school')} with the most like intake "
            f"({found.group}; match: {found.alike}), {found.scope}"
        ),
        alt=_alt(strips),
        source=source,
        data=pd.DataFrame(
            [
                (strip.group, capital(strip.what), strip.unit, strip.period,
                 strip.said(strip.value), strip.said(strip.middle), strip.said(strip.low),
                 strip.said(strip.high), strip.n, capital(strip.place))
                for strip in strips
            ],
            columns=["Group", "Measure", "Unit", "Year", "School", "Neighbours' median",
                     "Middle half from", "Middle half to", "Neighbours with a number",
                     "School against the middle half"],
        ),
        svg=svg,
    )  # fmt: skip


def _outcome(one: Comparison, words: Mapping[str, tuple[str, str]]) -> _Strip:
    what, unit = words.get(one.measure, (one.measure.replace("_", " "), "as published"))
    return _Strip(
        "Outcomes", what, unit, one.value, one.lower_quartile, one.median, one.upper_quartile,
        one.n, one.period, 2 if one.measure.endswith(_FINE) else 1,
    )  # fmt: skip


def _intake(found: Neighbours, words: Mapping[str, tuple[str, str]], fewest: float) -> list[_Strip]:
    out = []
    for name in found.variables:
        theirs = found.schools[name].dropna().astype(float)
        if len(theirs) < max(fewest, 1) or pd.isna(found.own[name]):
            continue
        what, unit = words.get(name, (VARIABLES[name], "as published"))
        low, middle, high = (float(theirs.quantile(q)) for q in (0.25, 0.5, 0.75))
        years = found.own.get(f"{name}_period")
        year = "" if years is None or pd.isna(years) else str(years)
        out.append(
            _Strip("Intake", what, unit, float(found.own[name]), low, middle, high, len(theirs),
                   year, 0 if name == "pupils" else 1)
        )  # fmt: skip
    return out


def _draw(canvas: Canvas, axes: Axes, strips: Sequence[_Strip]) -> None:
    axes.remove()
    made = canvas.subplots(len(strips), 1, squeeze=False)[:, 0]
    for place, (strip, panel) in enumerate(zip(strips, made, strict=True)):
        if place == 0 or strips[place - 1].group != strip.group:
            panel.set_title(strip.group, loc="left", fontsize=10, weight="bold", pad=8)
        _draw_strip(panel, strip)
    canvas.supxlabel(
        "bar: middle half of the neighbours; line: their median; circle: the school within it, "
        "\ndiamond: outside it", fontsize=9,
    )  # fmt: skip


def _draw_strip(axes: Axes, strip: _Strip) -> None:
    outside = strip.place != "within"
    axes.fill_betweenx(
        [-0.35, 0.35], strip.low, strip.high, color=MID_BLUE, alpha=0.55, linewidth=0
    )
    axes.plot([strip.middle] * 2, [-0.45, 0.45], color=BLUE, linewidth=2)
    axes.scatter(strip.value, 0, s=75, marker="D" if outside else "o", zorder=3,
                 color=ORANGE if outside else BLUE, edgecolors=INK, linewidths=0.8)  # fmt: skip
    drawn = (strip.value, strip.low, strip.high)
    room = 0.18 * max(max(drawn) - min(drawn), 10.0**-strip.decimals)
    axes.set_xlim(min(drawn) - room, max(drawn) + room)
    axes.set_ylim(-0.7, 0.7)
    axes.xaxis.set_major_locator(MaxNLocator(4, steps=[1, 2, 5, 10]))
    axes.tick_params(axis="x", labelsize=8, pad=2, length=3)
    axes.set_yticks([0], [fill(f"{capital(strip.what)} ({strip.unit})", 28)], fontsize=8.5)
    axes.tick_params(axis="y", length=0)
    axes.annotate(
        f"{strip.said(strip.value)}, {strip.place}\nmedian {strip.said(strip.middle)}, n {strip.n}",
        (1, 0.5), xycoords="axes fraction", xytext=(6, 0), textcoords="offset points",
        va="center", fontsize=8.5, annotation_clip=False,
    )  # fmt: skip
    frame(axes, grid=None)
    axes.spines["left"].set_visible(False)
    axes.spines["bottom"].set_color(GREY)


def _headline(strips: Sequence[_Strip], school: str) -> str:
    outcomes = [strip for strip in strips if strip.group == "Outcomes"]
    if not outcomes:
        return f"No outcome of {school} can be set beside schools with a like intake"
    parts = []
    for place in ("above", "below"):
        there = [strip.what for strip in outcomes if strip.place == place]
        parts += [f"{place} the middle half of like schools in {listed(there)}"] if there else []
    if not parts:
        those = "the one outcome" if len(outcomes) == 1 else f"all {len(outcomes)} outcomes"
        return f"{school} lies within the middle half of like schools in {those} compared"
    return f"{school} lies {listed(parts)}"


def _alt(strips: Sequence[_Strip]) -> str:
    if not strips:
        return "An empty chart."
    said = "; ".join(
        f"{strip.what} {strip.said(strip.value)} against {strip.said(strip.low)} to "
        f"{strip.said(strip.high)}, median {strip.said(strip.middle)}"
        for strip in strips
    )
    return f"{capital(count(len(strips), 'strip'))}, each on its own scale: {said}."
