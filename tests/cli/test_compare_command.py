"""The command that compares scenarios: words, JSON, kept files, and refusals."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from typer.testing import CliRunner, Result

from workbench import cli, paths
from workbench.scenario import keep
from workbench.scenario.keep import read_kept
from workbench.scenario.waterfall import waterfalls
from workbench.trust.load import Trust

TWO = ("--scenario", "steady", "--scenario", "rescue", "--replicates", 40)


def run(*arguments: object) -> Result:
    return CliRunner().invoke(cli.app, [str(argument) for argument in arguments])


def test_it_says_which_plan_and_how_surely() -> None:
    result = run("compare", paths.demo(), *TWO)
    assert result.exit_code == 0, result.output
    assert "2 scenarios compared" in result.stdout
    assert "The model's answer: " in result.stdout
    assert "Steady growth less Rescue" in result.stdout


def test_json_is_the_same_bytes_twice_and_what_is_kept_can_be_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def few(trust: Trust, scenarios: Any, **options: Any) -> pd.DataFrame:
        return waterfalls(trust, scenarios, **options | {"replicates": 20})

    monkeypatch.setattr(keep, "waterfalls", few)
    one = run("compare", paths.demo(), *TWO, "--json")
    two = run("compare", paths.demo(), *TWO, "--json", "--threads", 1, "--to", tmp_path / "kept")
    assert one.stdout == two.stdout
    content = json.loads(one.stdout)
    kept = read_kept(tmp_path / "kept")
    assert kept.tables["overview"]["hold"].tolist() == [row["hold"] for row in content["overview"]]


def test_one_scenario_is_nothing_to_compare() -> None:
    result = run("compare", paths.demo(), "--scenario", "steady")
    assert result.exit_code == 2
    assert "1 scenarios to compare" in result.stderr
