"""The plan: every school and scenario, named safely, refused whole when anything is wrong."""

from __future__ import annotations

import datetime as dt
import os
import re
import shutil
from dataclasses import replace
from pathlib import Path

import pytest

from tests.evidence.homes import write_notebook
from workbench import paths
from workbench.errors import BadInput
from workbench.evidence.ledger import Request
from workbench.evidence.plan import plan
from workbench.evidence.prepare import prepare
from workbench.trust.load import Trust, read_trust


def test_the_trust_every_school_and_scenario_are_planned_by_default(demo_trust: Trust) -> None:
    parts = plan(demo_trust, on=dt.date(2026, 12, 9))
    kinds = [part.kind for part in parts]
    assert kinds == ["trust", *["school"] * 14, *["scenario"] * 3, "comparison"]
    assert parts[0].key == str(demo_trust.uid)
    assert parts[0].stem == "2026-12-09_trust-review_UID90001"
    assert set(parts[0].parameters) == {"trust_dir"}
    assert parts[1].stem == "2026-12-09_school-review_URN900001_UID90001"
    assert {part.stem for part in parts[15:]} == {
        f"2026-12-09_{about}_UID90001"
        for about in ("growth_ambitious", "growth_rescue", "growth_steady", "scenarios-compared")
    }


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
        assert re.fullmatch(r"\d{4}-\d\d-\d\d_[a-z-]+(_URN\d{6})?_UID90001", part.stem)


def copied(folder: Path, name: str, title: str | None = None) -> str:
    """Copy the steady scenario to a file of its own, with another title where one is given."""
    folder.mkdir(parents=True, exist_ok=True)
    path = Path(shutil.copy(paths.scenarios() / "steady.yaml", folder / name))
    if title is not None:
        text = path.read_text(encoding="utf-8")
        path.write_text(re.sub(r"(?m)^title: .*$", f"title: {title}", text), encoding="utf-8")
    return str(path)


def test_a_scenario_is_given_by_the_path_of_its_file_too(demo_trust: Trust, tmp_path: Path) -> None:
    own = copied(tmp_path / "plans", "five.yaml", "Five schools")
    parts = plan(demo_trust, schools=[], scenarios=["steady", own], on=dt.date(2026, 12, 9))
    assert [part.key for part in parts] == ["steady", "five", "steady,five"]
    assert parts[1].name == "Five schools"
    assert parts[1].parameters["scenario"] == own
    assert parts[1].stem == "2026-12-09_growth_five_UID90001"


@pytest.mark.parametrize("name", ["plans/absent.yaml", "plans", "plans/notes.txt", ".yaml"])
def test_a_path_that_is_no_scenario_file_is_refused(
    demo_trust: Trust, tmp_path: Path, name: str
) -> None:
    (tmp_path / "plans").mkdir()
    (tmp_path / "plans" / "notes.txt").write_text("title: x")
    with pytest.raises(BadInput, match="is not a scenario file"):
        plan(demo_trust, schools=[], scenarios=[str(tmp_path / name)])


def test_a_file_that_says_something_else_than_a_scenario_is_refused(
    demo_trust: Trust, tmp_path: Path
) -> None:
    (tmp_path / "shopping.yaml").write_text("milk: 2")
    with pytest.raises(BadInput, match="milk") as refused:
        plan(demo_trust, schools=[], scenarios=[str(tmp_path / "shopping.yaml")])
    assert refused.value.rule == "the schema of Scenario"


def test_a_path_with_a_comma_is_refused(demo_trust: Trust, tmp_path: Path) -> None:
    own = copied(tmp_path / "one, two", "five.yaml", "Five schools")
    with pytest.raises(BadInput, match="comma"):
        plan(demo_trust, schools=[], scenarios=[own])


def test_two_scenarios_of_one_title_are_refused_before_anything_is_run(
    demo_trust: Trust, tmp_path: Path
) -> None:
    twin = copied(tmp_path, "twin.yaml")
    with pytest.raises(BadInput, match="'steady' and 'twin' bear one title"):
        plan(demo_trust, schools=[], scenarios=["steady", twin])


def test_two_scenario_files_of_one_name_are_refused(demo_trust: Trust, tmp_path: Path) -> None:
    twins = [copied(tmp_path / name, "five.yaml", f"Five {name}") for name in ("a", "b")]
    with pytest.raises(BadInput, match="same file"):
        plan(demo_trust, schools=[], scenarios=twins)


def test_a_path_that_is_no_text_is_refused_before_anything_is_planned(demo_trust: Trust) -> None:
    odd = os.fsdecode(b"/somewhere/caf\xe9")
    with pytest.raises(BadInput, match=r"caf\\udce9.* cannot be written down"):
        plan(replace(demo_trust, folder=Path(odd)), schools=[900001], scenarios=[])
    with pytest.raises(BadInput, match=r"caf\\udce9.* cannot be written down"):
        plan(demo_trust, schools=[], scenarios=[f"{odd}/own.yaml"])


def test_a_table_whose_name_is_no_text_is_refused_before_anything_is_made(tmp_path: Path) -> None:
    folder = Path(shutil.copytree(paths.demo(), tmp_path / "trust"))
    odd = Path(os.fsdecode(os.fsencode(folder) + b"/documents/caf\xe9.txt"))
    try:
        odd.write_text("Ours.", encoding="utf-8")
    except OSError:
        pytest.skip("this file system has no such names")
    trust = replace(read_trust(paths.demo()), folder=folder)
    with pytest.raises(BadInput, match=r"caf\\udce9.* cannot be written down"):
        prepare(trust, Request((900001,), ()))
