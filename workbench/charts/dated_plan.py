"""When each next school could join: its earliest term within the risk accepted, beside the plan."""

from __future__ import annotations

from dataclasses import dataclass
from textwrap import fill

import pandas as pd
from matplotlib.axes import Axes

from workbench.charts.figure import Figure
from workbench.charts.style import BLUE, GREY, INK, PLUM, drawing, frame, to_svg
from workbench.charts.wording import capital, count, signed, together_add
from workbench.scenario.dated_plan import DatedPlan
from workbench.terms import Term

_WHY = {
    "already_beyond_limits": "the trust is likely to break a limit with none joining",
    "joins_too_late": "would join too late to be judged",
    "extra_risk_exceeds_tolerance": "is estimated to add too much risk in every term tried",
    "not_shown_within_tolerance": "is not shown to be within the limit in any term tried",
    "waits_for_the_one_before": "waits for the one before it",
}
_MOST_YEARS = 3  # named along the axis
_LETTERS = 36  # of a line of words
_OVER = -0.8  # where what stands over the rows is written
# Not what breaks first of all: futures in which the trust alone breaks a limit are left out.
_FIRST = "Limit that goes first where only the plan breaks one"


@dataclass(frozen=True)
class _Row:
    """One school: in words, its terms as counted from the first, its risk and why it has none."""

    name: str
    planned: int
    at: int | None
    risk: str
    why: str
    waits: bool

    @property
    def words(self) -> str:
        """What stands in the column on the right."""
        return self.risk if self.at is not None else fill(self.why, _LETTERS)


def dated_plan_chart(plan: DatedPlan, *, agreed: bool, trust: str, scenario: str) -> Figure:
    """Draw each school's earliest term within the risk accepted, and the term the plan gives it.

    Args:
        plan: The dated plan.
        agreed: Whether the board has set the tolerance; else it is only proposed.
        trust: The trust's name.
        scenario: The scenario's title.
    """
    limit = f"{'' if agreed else 'proposed '}limit on extra risk of {round(plan.tolerance * 100)}%"
    with drawing(1.15 + 0.42 * len(plan.steps)) as (canvas, axes):
        _draw(axes, plan)
        svg = to_svg(canvas)
    return Figure(
        key="dated-plan",
        headline=_headline(plan, limit),
        subtitle=(
            f"Earliest term in which each school can join, {trust}, scenario: {scenario}; "
            "per cent: extra risk of the plan up to that school, 95% interval"
        ),
        alt=_alt(plan),
        source=_source(plan),
        data=_table(plan),
        svg=svg,
    )


def _draw(axes: Axes, plan: DatedPlan) -> None:
    rows, first = _rows(plan), _first(plan)
    last = Term.parse(plan.last) - first
    for y, row in enumerate(rows):
        axes.scatter(
            row.planned, y, s=70, facecolors="none", edgecolors=GREY, linewidths=1.4, zorder=2
        )
        if row.at is not None:
            axes.plot([row.planned, row.at], [y, y], color=GREY, linewidth=1, zorder=1)
            axes.scatter(row.at, y, s=46, marker="D", color=BLUE, zorder=3)
        _beside(axes, y, row.words, GREY if row.waits else INK)
    axes.axvline(last, color=PLUM, linewidth=1.2, linestyle=(0, (5, 3)), zorder=0)
    left = min(row.planned for row in rows)
    right = max(last, *(max(row.planned, row.at or 0) for row in rows))
    late = last > (left + right) / 2  # its words stand where there is more room
    axes.annotate(
        "last term tried", (last, _OVER), xytext=(-4 if late else 4, 0), color=PLUM,
        textcoords="offset points", ha="right" if late else "left", va="center", fontsize=8.5,
    )  # fmt: skip
    _beside(axes, _OVER, _heading(rows), INK, bold=True)
    axes.set_xlim(left - 0.6, right + 0.6)
    axes.set_ylim(len(rows) - 0.4, -1.3)
    terms = [at for at in range(left, right + 1) if (first + at).season == 0] or [left]
    terms = terms[:: -(-len(terms) // _MOST_YEARS)]
    axes.set_xticks(terms, [str(first + at).split()[0] for at in terms])
    axes.set_xlabel("school year (circle: as planned; diamond: earliest)", loc="left")
    axes.set_yticks(range(len(rows)), [row.name for row in rows])
    frame(axes, grid="x")


def _beside(axes: Axes, y: float, words: str, colour: str, *, bold: bool = False) -> None:
    """Write on the right of all terms, where words cannot be taken for a mark in time."""
    axes.annotate(
        words, (1, y), xycoords=axes.get_yaxis_transform(), xytext=(8, 0),
        textcoords="offset points", ha="left", va="center", fontsize=8.5, color=colour,
        weight="bold" if bold else "normal", annotation_clip=False,
    )  # fmt: skip


def _heading(rows: list[_Row]) -> str:
    dated = sum(row.at is not None for row in rows)
    parts = [*(["extra risk"] * (dated > 0)), *(["why no term"] * (dated < len(rows)))]
    return capital(", or ".join(parts))


def _first(plan: DatedPlan) -> Term:
    step = plan.steps.iloc[0]
    return Term.parse(str(step["planned"])) + -int(step["planned_index"])


def _rows(plan: DatedPlan) -> list[_Row]:
    return [
        _Row(
            name=f"{step['joiner']}: {step['phase']}, {step['band']}",
            planned=int(step["planned_index"]),
            at=None if pd.isna(step["index"]) else int(step["index"]),
            risk=_risk(step),
            why=_WHY.get(str(step["reason"]), ""),
            waits=step["reason"] == "waits_for_the_one_before",
        )
        for _, step in plan.steps.iterrows()
    ]


def _risk(step: pd.Series) -> str:
    if pd.isna(step["extra_risk"]):
        return ""
    value, low, high = (_percent(step[end]) for end in ("extra_risk", "lower", "upper"))
    return f"{value} ({low} to {high})"


def _percent(share: float) -> str:
    return signed(f"{round(share * 100) + 0}%")


def _headline(plan: DatedPlan, limit: str) -> str:
    steps, dated = plan.steps, plan.dated
    if dated == 0:
        return f"No school can be given a term: the first {_WHY[steps['reason'].iloc[0]]}"
    latest = str(steps["term"].iloc[dated - 1])
    who = "the school" if len(steps) == 1 else f"{_some(dated, len(steps))} schools"
    out = f"{capital(who)} can join within the {limit} by {latest}"
    if dated < len(steps):
        out += f"; the next {_WHY[steps['reason'].iloc[dated]]}"
    return out if plan.proved else f"{out}; on fresh futures the plan is not shown to hold"


def _some(dated: int, planned: int) -> str:
    return f"all {planned}" if dated == planned else f"{dated} of {planned}"


def _source(plan: DatedPlan) -> str:
    said = (
        f"growth model of this workbench, {plan.replicates:,} simulated futures for each term "
        f"tried; no school is given a term after {plan.last}, which leaves it "
        f"{count(plan.judged_terms, 'term')} to be judged over"
    )
    if plan.proof is None:
        return f"{said}."
    whole = plan.proof
    return (
        f"{said}. On fresh futures {together_add(plan.dated)} "
        f"{_percent(whole.estimate)} ({_percent(whole.lower)} to {_percent(whole.upper)})."
    )


def _alt(plan: DatedPlan) -> str:
    said = []
    for step, row in zip(plan.steps.to_dict("records"), _rows(plan), strict=True):
        end = f"earliest {step['term']}, {row.risk}" if row.at is not None else row.why
        said.append(f"school {row.name}, planned {step['planned']}, {end}")
    return f"Terms along, schools down. {capital('; '.join(said))}."


def _table(plan: DatedPlan) -> pd.DataFrame:
    rows = _rows(plan)
    return pd.DataFrame({
        "School": [row.name for row in rows],
        "Planned": plan.steps["planned"].tolist(),
        "Earliest": [
            "none" if row.at is None else str(term)
            for row, term in zip(rows, plan.steps["term"], strict=True)
        ],
        "Extra risk up to this school": [row.risk for row in rows],
        "Why none": [capital(row.why) for row in rows],
        _FIRST: [capital(limit) for limit in plan.steps["binds"]],
    })  # fmt: skip
