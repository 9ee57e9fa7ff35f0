"""A plan is all that is chosen: its digest changes with any part, and each part is read."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from dataclasses import fields, replace
from functools import cache
from typing import Any

import pandas as pd
import pytest

from workbench import paths
from workbench.errors import BadInput
from workbench.report import impact as words
from workbench.report import impact_grades as grade_words
from workbench.report.impact_plan import (
    grade_plan_sentences,
    plan_sentences,
    registered_sentence,
    written_sentence,
)
from workbench.research.impact.analysis import Subject, analyse
from workbench.research.impact.grade_analysis import analyse_grades
from workbench.research.impact.made_up import Planted, made_up_panel
from workbench.research.impact.panel import impact_panel
from workbench.research.impact.plan import GradePlan, Plan, PlannedOutcome, declared_plan, digest
from workbench.research.impact.published import GRADE_OUTCOME, OUTCOMES, why_not_joined

PLAN = declared_plan()
# Another choice of each part. What is read of published files alone is tried below.
OTHER: dict[str, Any] = {
    "fewest_schools": 41,
    "fewest_trusts": 7,
    "power": 0.9,
    "picked_share": 0.3,
    "placebo_periods": 1,
    "most_comparison_schools": 20,
    "outcomes": (PlannedOutcome("absence_percent", "after results"),),
    "excluded": (),
    "support_from": "the year after",
    "averaged": "schools and periods alike",
    "base": 2,
    "comparison": "never",
    "within": "nothing",
    "adjusted": "earlier numbers",
    "earlier_periods": 3,
    "clusters": "school",
    "confidence": 0.9,
    "before_level": 0.1,
    "departs": "lasting gap",
}
OTHER_OF_GRADES: dict[str, Any] = {
    "years_after": 2,
    "years_before": 8,
    "good_up_to": 3,
    "last_grades": (2,),
    "alike": "nothing",
    "comparison": "never",
    "inspections_since": 2,
    "fewest_equals": 200,
    "excluded": (),
    "departs": "straight line",
}
OF_FILES = {"excluded", "support_from"}


def changed(name: str) -> Plan:
    """The declared plan with another choice of one part; `grades.x` is a part of that of grades."""
    if not name.startswith("grades."):
        return replace(PLAN, **{name: OTHER[name]})
    part = name.removeprefix("grades.")
    return replace(PLAN, grades=replace(PLAN.grades, **{part: OTHER_OF_GRADES[part]}))


PARTS = [*OTHER, *(f"grades.{part}" for part in OTHER_OF_GRADES)]


def test_every_part_of_a_plan_is_tried() -> None:
    assert set(OTHER) == {field.name for field in fields(Plan)} - {"grades"}
    assert set(OTHER_OF_GRADES) == {field.name for field in fields(GradePlan)}


@pytest.mark.parametrize("name", PARTS)
def test_any_part_of_a_plan_changes_its_digest(name: str) -> None:
    assert digest(changed(name)) != digest(PLAN)


@cache
def subject() -> Subject:
    """Made-up schools of two groups, few enough that a plan is carried out in a moment."""
    table = made_up_panel(Planted(trusts=13, schools=(4, 8), comparison=60))
    table["group"] = table["urn"].mod(2).map({0: "one", 1: "two"})
    return Subject(
        impact_panel(table), "absence_percent", "Absence", "points", True, "made up", True, {}
    )


def looks(plan: Plan) -> str:
    """What readers see of numbers analysed by a plan."""
    found = analyse(subject(), plan)
    tables = (words.ways_table(found), words.periods_table(found), words.drift_table(found))
    said = (written_sentence(plan, "absence_percent"), *words.doubts(found))
    return "\n".join((*(table.to_csv() for table in tables), *said))


def looks_of_grades(plan: Plan) -> str:
    """What readers see of grades analysed by a plan."""
    try:
        found = analyse_grades("demo", plan)
    except BadInput as reason:  # made-up schools are all good or weak: no other line parts them
        return reason.what
    tables = (
        grade_words.ways_table(found), grade_words.years_table(found.planned),
        grade_words.gap_table(found),
    )  # fmt: skip
    return "\n".join((*(table.to_csv() for table in tables), *grade_words.doubts(found)))


# Read only beside another choice.
BESIDE: dict[str, dict[str, Any]] = {"earlier_periods": {"adjusted": "earlier numbers"}}
AS_DECLARED: dict[str, Callable[[], str]] = {
    "numbers": cache(lambda: looks(PLAN)),
    "grades": cache(lambda: looks_of_grades(PLAN)),
}


@pytest.mark.parametrize("name", sorted(set(OTHER) - OF_FILES))
def test_numbers_are_analysed_as_the_plan_says(name: str) -> None:
    beside = BESIDE.get(name, {})
    before = looks(replace(PLAN, **beside)) if beside else AS_DECLARED["numbers"]()
    assert looks(replace(changed(name), **beside)) != before


@pytest.mark.parametrize("name", sorted(set(OTHER_OF_GRADES) - OF_FILES))
def test_grades_are_compared_as_the_plan_says(name: str) -> None:
    assert looks_of_grades(changed(f"grades.{name}")) != AS_DECLARED["grades"]()


def test_each_way_into_a_trust_is_left_out_only_where_the_plan_says_so() -> None:
    day = pd.Timestamp("2019-09-01")
    first = pd.DataFrame(
        {
            "how": ["new academy", "trust renumbered", "trust became multi-academy", "new academy"],
            "joined": [day, day, day, pd.NaT],
        }
    )
    assert why_not_joined(first, PLAN.excluded).notna().tolist() == [False, True, True, True]
    some = why_not_joined(first, ("trust renumbered",))
    assert some.notna().tolist() == [False, True, False, True]


@pytest.mark.parametrize("part", ["comparison", "averaged", "clusters", "departs", "excluded"])
def test_a_choice_that_the_analysis_does_not_know_is_refused(part: str) -> None:
    strange: dict[str, Any] = {part: ("the best",) if part == "excluded" else "the best"}
    with pytest.raises(BadInput, match=f"knows no {part} 'the best'"):
        replace(PLAN, **strange)
    with pytest.raises(BadInput, match="knows no alike"):
        replace(PLAN.grades, alike="the best")  # type: ignore[arg-type]
    with pytest.raises(BadInput, match="1 or more"):
        replace(PLAN, base=0)


def test_the_plan_in_words_says_every_choice_that_it_makes() -> None:
    quiet = {"most_comparison_schools", "picked_share", "earlier_periods", "grades.departs",
             "grades.inspections_since"}  # fmt: skip
    said = "\n".join((*plan_sentences(PLAN), *grade_plan_sentences(PLAN)))
    for name in PARTS:
        other = "\n".join((*plan_sentences(changed(name)), *grade_plan_sentences(changed(name))))
        assert (other != said) or name in quiet, name


def test_every_outcome_says_whether_its_plan_came_before_results() -> None:
    assert {one.name for one in PLAN.outcomes} == {*OUTCOMES, GRADE_OUTCOME}
    assert "Exploratory" in written_sentence(PLAN, GRADE_OUTCOME)
    assert "Exploratory" in "\n".join(grade_plan_sentences(PLAN))
    assert "Written while they could be" in written_sentence(PLAN, "absence_percent")
    assert "not planned for" in written_sentence(PLAN, "happiness")
    assert "made up" in written_sentence(PLAN, "demo")


def test_the_notebook_carries_out_the_registered_plan() -> None:
    """Who changes the plan registers the new one, in the same change, for all to see."""
    path = paths.notebooks() / "research" / "impact_of_support.ipynb"
    cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
    parameters = next(one for one in cells if "parameters" in one["metadata"].get("tags", []))
    written = re.search(r'registered: str = "(\w{12})"', "".join(parameters["source"]))
    assert written is not None
    assert written[1] == digest(PLAN)
    text = "".join("".join(map(str, one.get("outputs", []))) for one in cells)
    assert registered_sentence(PLAN, written[1]) in text


def test_another_plan_is_said_to_be_no_answer() -> None:
    assert "registered one" in registered_sentence(PLAN, digest(PLAN))
    said = registered_sentence(replace(PLAN, adjusted="earlier numbers"), digest(PLAN))
    assert "NOT the registered plan" in said
