"""The command `impact` says what was found, what could feign it, and keeps the numbers."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from workbench import cli, paths


@pytest.fixture(autouse=True)
def _apart(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(paths, "outputs", lambda: tmp_path)


def run(*arguments: object) -> Result:
    return CliRunner().invoke(cli.app, ["impact", *map(str, arguments)])


def test_people_read_the_plan_the_effect_and_the_doubts(tmp_path: Path) -> None:
    result = run("demo")
    assert result.exit_code == 0, result.stderr
    for words in (
        "Schools that joined changed by +",
        "Compared with: schools that never joined, or had not yet",
        "Placebo: a joining that did not happen",
        "the planted effect is +2.00 points",
        "Regression to the mean: 48 schools",
    ):
        assert words in result.stdout
    assert json.loads((tmp_path / "impact" / "demo.json").read_text())["planted"] == 2.0


def test_machines_read_estimates_with_their_doubt() -> None:
    record = json.loads(run("demo", "--json").stdout)
    planned = record["estimates"]["As planned"]
    assert planned["low"] < 2.0 < planned["high"]
    assert planned["detectable"] > planned["error"] > 0
    assert set(record["by_since"]) == {"-4", "-3", "-2", "0", "1", "2"}
    assert not record["two_periods"]


@pytest.mark.parametrize("made_up", [False, True])
def test_an_unknown_outcome_is_refused(tmp_path: Path, made_up: bool) -> None:
    result = run("demo" if made_up else tmp_path, "--outcome", "happiness")
    assert result.exit_code == 2
    assert "there is no outcome happiness" in result.stderr


def test_grades_are_compared_between_equals_and_kept_apart(tmp_path: Path) -> None:
    result = run("demo", "--outcome", "good_or_better")
    assert result.exit_code == 0, result.stderr
    for words in (
        "Schools at requires improvement that joined were good or better",
        "the same last two grades on the day of joining",
        "the planted effect is +12.0 percentage points",
    ):
        assert words in result.stdout
    record = json.loads((tmp_path / "impact" / "demo_good_or_better.json").read_text())
    planned = record["estimates"]["As planned"]
    assert planned["low"] < 12.0 < planned["high"]
    assert planned["detectable"] > planned["error"] > 0
    assert planned["before"]["p_value"] > 0.05
    assert len(record["plan_digest"]) == 12
