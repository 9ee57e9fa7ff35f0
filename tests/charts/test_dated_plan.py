"""The dated plan says by when, for how many, and why the next has no term."""

from __future__ import annotations

from dataclasses import replace

import pandas as pd
import pytest
from matplotlib.figure import Figure as Canvas

from tests.charts.drawn import HOSTILE, sound
from workbench.charts.dated_plan import dated_plan_chart
from workbench.charts.figure import Figure
from workbench.measures.intervals import Interval
from workbench.scenario.dated_plan import DatedPlan
from workbench.terms import Term

FIRST = Term(2026, 1)


def step(joiner: int, planned: int, at: int | None, reason: str = "", risk: float = 0.05) -> dict:  # type: ignore[type-arg]
    waits = reason == "waits_for_the_one_before"
    return {
        "joiner": joiner, "phase": "primary", "band": "secure",
        "planned": str(FIRST + planned), "planned_index": planned,
        "term": None if at is None else str(FIRST + at), "index": at,
        "extra_risk": float("nan") if waits else risk,
        "lower": float("nan") if waits else risk - 0.02,
        "upper": float("nan") if waits else risk + 0.02,
        "reason": reason, "binds": "" if waits else "overstretch",
    }  # fmt: skip


def plan(*steps: dict, proof: float | None = 0.06) -> DatedPlan:  # type: ignore[type-arg]
    whole = None if proof is None else Interval(proof, proof - 0.01, proof + 0.01, 0.95)
    frame = pd.DataFrame(steps).astype({"index": "Int64", "term": "object"})
    return DatedPlan(frame, pd.DataFrame(), whole, 0.1, str(FIRST + 9), 6, 2000)


def drawn(made: DatedPlan, trust: str = "Alder Trust", agreed: bool = False) -> Figure:
    return sound(lambda: dated_plan_chart(made, agreed=agreed, trust=trust, scenario="Steady"))


SOME = plan(
    step(1, 2, 2), step(2, 4, 6), step(3, 6, None, "extra_risk_exceeds_tolerance", 0.15),
    step(4, 8, None, "waits_for_the_one_before"),
)  # fmt: skip


def test_the_headline_says_how_many_by_when_and_what_stops_the_next() -> None:
    figure = drawn(SOME)
    assert figure.headline == (
        "2 of 4 schools can join within the proposed limit on extra risk of 10% by 2028/29 spring; "
        "the next is estimated to add too much risk in every term tried"
    )
    assert (
        "school 2: primary, secure, planned 2027/28 summer, earliest 2028/29 spring" in figure.alt
    )
    assert "together add 6% (5% to 7%)" in figure.source
    assert "after 2029/30 spring, which leaves it 6 terms" in figure.source


def test_a_row_of_data_is_a_school() -> None:
    data = drawn(SOME).data
    assert data["Earliest"].tolist() == ["2027/28 autumn", "2028/29 spring", "none", "none"]
    assert data["Extra risk up to this school"].tolist() == [
        "5% (3% to 7%)", "5% (3% to 7%)", "15% (13% to 17%)", "",
    ]  # fmt: skip
    assert data["Why none"].tolist()[2:] == [
        "Is estimated to add too much risk in every term tried", "Waits for the one before it",
    ]  # fmt: skip
    assert data["Limit that goes first where only the plan breaks one"].tolist() == [
        "Overstretch"
    ] * 3 + [""]


def test_words_of_rows_stand_in_a_column_beyond_every_mark_and_the_last_term(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    made: list[Canvas] = []

    def keep(canvas: Canvas) -> str:
        made.append(canvas)
        return ""

    late = step(5, 12, None, "waits_for_the_one_before")  # planned after the last term tried
    with monkeypatch.context() as patch:
        patch.setattr("workbench.charts.dated_plan.to_svg", keep)
        for steps in (SOME.steps.to_dict("records"), [*SOME.steps.to_dict("records"), late]):
            dated_plan_chart(plan(*steps), agreed=True, trust="T", scenario="S")
    for page in made:
        axes = page.axes[0]
        page.draw_without_rendering()
        words = {one.get_text(): one.get_window_extent() for one in axes.texts}
        words.pop("last term tried")
        assert {"Extra risk, or why no term", "waits for the one before it"} <= set(words)
        last = axes.transData.transform((9, 0))[0]
        marks = [one.get_window_extent().x1 for one in axes.collections]
        assert min(box.x0 for box in words.values()) > max(last, *marks)
        assert len({round(box.x0) for box in words.values()}) == 1
    assert "\N{MULTIPLICATION SIGN}" not in drawn(SOME).svg  # reads as a mark in time


def test_a_plan_that_fails_on_fresh_futures_is_said_to() -> None:
    failing = plan(step(1, 2, 2), proof=0.095)
    assert not failing.proved
    assert drawn(failing).headline.endswith("on fresh futures the plan is not shown to hold")
    assert plan(step(1, 2, 2), proof=0.09).proved
    assert not plan(step(1, 2, None, "joins_too_late"), proof=None).proved


def test_all_one_and_none_are_worded() -> None:
    assert drawn(plan(step(1, 2, 2), step(2, 2, 3))).headline.startswith("All 2 schools can join")
    assert drawn(plan(step(1, 2, 2)), agreed=True).headline == (
        "The school can join within the limit on extra risk of 10% by 2027/28 autumn"
    )
    none = drawn(plan(step(1, 2, None, "joins_too_late"), proof=None))
    assert none.headline == (
        "No school can be given a term: the first would join too late to be judged"
    )
    assert none.source.endswith("to be judged over.")


def test_many_schools_and_hostile_names_are_drawn() -> None:
    many = plan(*(step(j, j, j + 1) for j in range(1, 25)))
    assert HOSTILE in drawn(many, trust=HOSTILE).subtitle
    beyond = replace(plan(step(1, 1, None, "already_beyond_limits"), proof=None))
    assert "likely to break a limit" in drawn(beyond).headline


def test_a_long_reason_beside_the_last_school_stays_in_the_picture() -> None:
    # "secondary, needs attention" takes room on the left, and no term after the last is tried.
    rows = [step(1, 2, 2), step(2, 9, None, "already_beyond_limits", 0.15)]
    drawn(plan(*(row | {"phase": "secondary", "band": "needs attention"} for row in rows)))
