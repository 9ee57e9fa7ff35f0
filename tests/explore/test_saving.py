"""A saved plan is a scenario file that reports read, and nothing is written over or in part."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from tests.report.hostile import PAYLOADS
from workbench import paths
from workbench.errors import BadInput, RunFailed
from workbench.explore.controls import State
from workbench.explore.plans import plan_of, state_of
from workbench.explore.reporting import report_of
from workbench.explore.saving import save, scenario_text, titled
from workbench.parameters.scenario import Scenario, read_scenario


def made(name: str = "ambitious", **moved: float) -> tuple[Scenario, Scenario, State]:
    base = read_scenario(name, paths.scenarios())
    state = state_of(base).but(**moved)
    return plan_of(base, state), base, state


@pytest.mark.parametrize("name", ["steady", "ambitious", "rescue"])
def test_a_saved_plan_is_read_back_as_it_was(tmp_path: Path, name: str) -> None:
    plan = titled(*made(name, schools=3, weak=100 / 3, leads=1.5, intelligence=30.0), "Three soon")
    path = save(plan, tmp_path)
    assert path.name == "three-soon.yaml"
    assert read_scenario("three-soon", tmp_path) == plan
    assert state_of(read_scenario("three-soon", tmp_path)) == state_of(plan)


def test_its_question_is_about_the_plan_and_not_the_one_it_began_from() -> None:
    plan = titled(*made(schools=3, weak=50.0), "Three soon")
    assert plan.question == "Can we take on 3 schools, at 3.5 a year and 50% of the mix weak?"
    assert "Ambitious growth" in plan.description


@pytest.mark.parametrize("title", ["", "  ", "ab", "x" * 121])
def test_a_title_the_schema_refuses_is_refused_in_words(title: str) -> None:
    with pytest.raises(BadInput, match="title"):
        titled(*made(), title)


def test_no_scenario_is_written_over(tmp_path: Path) -> None:
    save(titled(*made(schools=3), "Three soon"), tmp_path)
    with pytest.raises(BadInput, match="already") as caught:
        save(titled(*made(schools=4), "Three soon!"), tmp_path)
    assert caught.value.mend == "give the plan another name"
    assert read_scenario("three-soon", tmp_path).joiners.schools == 3


def test_a_title_that_another_scenario_bears_is_refused_as_reports_would_be(
    tmp_path: Path,
) -> None:
    shutil.copy(paths.scenarios() / "steady.yaml", tmp_path)
    (tmp_path / "half.yaml").write_text("title: [", encoding="utf-8")
    held = read_scenario("steady", tmp_path).title
    with pytest.raises(BadInput, match="bears the title") as caught:
        save(titled(*made(schools=3), held), tmp_path)
    assert caught.value.mend == "give the plan another name"
    assert sorted(path.stem for path in tmp_path.iterdir()) == ["half", "steady"]
    assert save(titled(*made(schools=3), f"{held}, but slower"), tmp_path).is_file()


def test_saving_the_same_twice_is_no_fault(tmp_path: Path) -> None:
    plan = titled(*made(schools=3), "Three soon")
    assert save(plan, tmp_path) == save(plan, tmp_path)


@pytest.mark.parametrize("text", [*PAYLOADS, "a: b # c", "'quoted'", "- item", "!!python/none x"])
def test_any_title_comes_back_letter_by_letter(tmp_path: Path, text: str) -> None:
    title = " ".join(text.split())[:100]
    plan = titled(*made(schools=2), f"{title} x")
    path = save(plan, tmp_path)
    assert path.parent == tmp_path
    assert read_scenario(path.stem, tmp_path).title == f"{title} x"


def test_a_folder_that_cannot_be_written_to_is_named(tmp_path: Path) -> None:
    with pytest.raises(RunFailed, match="could not be written"):
        save(titled(*made(), "Three soon"), tmp_path / "missing")


def test_the_file_names_its_schema_and_leaves_out_what_says_nothing() -> None:
    text = scenario_text(titled(*made(), "Three soon"))
    assert text.startswith("# yaml-language-server: $schema=scenario.schema.json\n")
    assert "named" not in text
    assert "null" not in text


def test_a_report_that_was_not_made_says_why() -> None:
    with pytest.raises(RunFailed, match="the report of 'three-soon' was not made") as caught:
        report_of(2, "", "there is no scenario 'three-soon'", "three-soon")
    assert caught.value.rule == "there is no scenario 'three-soon'"
    with pytest.raises(RunFailed) as silent:
        report_of(1, "not json", "", "three-soon")
    assert silent.value.rule == "not json"
