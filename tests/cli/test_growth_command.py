"""The commands that simulate one plan: results kept as files, and numbers of joiners refused."""

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

STEADY = (paths.demo(), "--scenario", "steady", "--replicates", 40)


def run(*arguments: object) -> Result:
    return CliRunner().invoke(cli.app, [str(argument) for argument in arguments])


@pytest.fixture
def few(monkeypatch: pytest.MonkeyPatch) -> None:
    """Waterfalls of few futures."""

    def made(trust: Trust, scenarios: Any, **options: Any) -> pd.DataFrame:
        return waterfalls(trust, scenarios, **options | {"replicates": 20})

    monkeypatch.setattr(keep, "waterfalls", made)


@pytest.mark.usefixtures("few")
def test_a_simulation_is_kept_as_it_is_printed(tmp_path: Path) -> None:
    result = run("simulate", *STEADY, "--json", "--to", tmp_path / "kept")
    assert result.exit_code == 0, result.stderr
    assert result.stdout == run("simulate", *STEADY, "--json").stdout
    kept = read_kept(tmp_path / "kept")
    assert kept.kind == "scenario"
    said = json.loads(result.stdout)["breach"]
    assert kept.tables["breach"]["probability"].tolist() == [row["probability"] for row in said]
    assert (
        f"kept in {tmp_path / 'kept'}" in run("simulate", *STEADY, "--to", tmp_path / "kept").stdout
    )


def test_an_absorption_is_kept_as_it_is_printed(tmp_path: Path) -> None:
    asked = ("absorb", *STEADY, "--joiners", 2)
    result = run(*asked, "--json", "--to", tmp_path / "kept")
    assert result.exit_code == 0, result.stderr
    assert result.stdout == run(*asked, "--json").stdout
    kept = read_kept(tmp_path / "kept")
    assert kept.kind == "absorption"
    said = json.loads(result.stdout)["curve"]
    assert kept.tables["curve"]["probability"].tolist() == [row["probability"] for row in said]
    assert f"kept in {tmp_path / 'kept'}" in run(*asked, "--to", tmp_path / "kept").stdout


def test_results_are_kept_over_nothing_else(tmp_path: Path) -> None:
    (tmp_path / "notes.txt").write_text("mine", encoding="utf-8")
    result = run("absorb", *STEADY, "--joiners", 1, "--to", tmp_path)
    assert result.exit_code == 2
    assert "something else than kept results" in result.stderr


@pytest.mark.parametrize("joiners", ["0..10000", "61"])
def test_more_joiners_than_there_may_be_are_refused_by_that_rule(joiners: str) -> None:
    result = run("absorb", *STEADY, "--joiners", joiners)
    assert result.exit_code == 2
    assert "at most 60 joiners" in result.stderr


@pytest.mark.parametrize("joiners", ["1..3", "-1"])
def test_joiners_that_do_not_run_from_none_are_refused_with_the_reason(joiners: str) -> None:
    result = run("absorb", *STEADY, "--joiners", joiners)
    assert result.exit_code == 2
    assert f"'{joiners}' is not of the form 0..20: joiners run from 0 upwards" in " ".join(
        result.stderr.split()
    )
