"""The plan: every school and scenario, named safely, refused whole when anything is wrong."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.evidence.homes import write_notebook
from workbench.errors import BadInput
from workbench.evidence.plan import plan, slug
from workbench.trust.load import Trust


def test_the_trust_every_school_and_scenario_are_planned_by_default(demo_trust: Trust) -> None:
    parts = plan(demo_trust)
    kinds = [part.kind for part in parts]
    assert kinds == ["trust", *["school"] * 14, *["scenario"] * 3, "comparison"]
    assert parts[0].key == str(demo_trust.uid)
    assert parts[0].stem == f"trust_{demo_trust.uid}_{slug(demo_trust.name)}"
    assert set(parts[0].parameters) == {"trust_dir"}
    assert parts[1].stem == "school_900001_quillmarsh-primary-school"
    assert {part.stem for part in parts[15:]} == {
        "scenario_ambitious", "scenario_rescue", "scenario_steady", "comparison",
    }  # fmt: skip


def test_two_scenarios_or_more_are_compared(demo_trust: Trust) -> None:
    two = plan(demo_trust, schools=[], scenarios=["steady", "rescue"])
    assert [part.kind for part in two] == ["scenario", "scenario", "comparison"]
    assert two[-1].parameters["scenarios"] == "steady,rescue"
    assert two[-1].name == "2 scenarios compared"
    (one,) = plan(demo_trust, schools=[], scenarios=["steady"])
    assert one.kind == "scenario"


def test_only_what_is_named_is_planned(demo_trust: Trust) -> None:
    parts = plan(demo_trust, schools=[900003], scenarios=[])
    assert [part.key for part in parts] == ["900003"]
    assert parts[0].parameters["urn"] == 900003


def test_the_trusts_own_review_is_made_if_asked_for_or_nothing_else_is_named(
    demo_trust: Trust,
) -> None:
    asked = plan(demo_trust, schools=[900003], scenarios=[], trust_review=True)
    assert [part.kind for part in asked] == ["trust", "school"]
    alone = plan(demo_trust, schools=[], scenarios=[], trust_review=True)
    assert [part.kind for part in alone] == ["trust"]
    without = plan(demo_trust, trust_review=False)
    assert {part.kind for part in without} == {"school", "scenario", "comparison"}
    assert {part.kind for part in plan(demo_trust, scenarios=[])} == {"school"}


def test_a_school_of_another_trust_is_refused(demo_trust: Trust) -> None:
    with pytest.raises(BadInput, match="123456 is not a school of"):
        plan(demo_trust, schools=[900001, 123456])


def test_an_unknown_scenario_is_refused(demo_trust: Trust) -> None:
    with pytest.raises(BadInput, match="no scenario 'stedy'"):
        plan(demo_trust, schools=[], scenarios=["stedy"])


def test_the_same_report_twice_is_refused(demo_trust: Trust) -> None:
    with pytest.raises(BadInput, match="same file"):
        plan(demo_trust, schools=[900001, 900001], scenarios=[])


def test_nothing_to_do_is_refused(demo_trust: Trust) -> None:
    with pytest.raises(BadInput, match="no report to make"):
        plan(demo_trust, schools=[], scenarios=[])


def test_a_notebook_that_does_not_declare_what_it_is_given_is_refused(
    demo_trust: Trust, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "parameters").mkdir()
    (tmp_path / "parameters" / "model.yaml").touch()
    write_notebook(tmp_path / "notebooks" / "school_review.ipynb", "urn: int = 1")
    monkeypatch.setenv("WORKBENCH_HOME", str(tmp_path))
    with pytest.raises(BadInput, match="'trust_dir'"):
        plan(demo_trust, schools=[900001], scenarios=[])


def test_hostile_names_make_harmless_files(demo_trust: Trust) -> None:
    schools = demo_trust.schools.copy()
    schools["name"] = "../../{x} http://evil \u202e=cmd|"
    hostile = replace(demo_trust, tables={**demo_trust.tables, "schools": schools})
    for part in plan(replace(hostile, name="../{x} =cmd|"), scenarios=[], trust_review=True):
        assert re.fullmatch(r"(school|trust)_\d+_[a-z0-9-]+", part.stem)


@given(st.text())
def test_a_slug_is_always_a_safe_file_name(text: str) -> None:
    made = slug(text)
    assert re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", made)
    assert len(made) <= 40
    assert slug(made) == made
