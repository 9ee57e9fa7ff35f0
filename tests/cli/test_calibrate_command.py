"""The command `calibrate`: made-up inspections in, a proposal out, nothing in force changed."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from workbench import cli, paths
from workbench.parameters.load import load_yaml
from workbench.parameters.model import ModelParameters


def test_a_proposal_is_written_beside_the_model_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(paths, "outputs", lambda: tmp_path)
    in_force = (paths.parameters() / "model.yaml").read_bytes()
    result = CliRunner().invoke(cli.app, ["calibrate", "demo", "--write", "--json"])
    assert result.exit_code == 0, result.stderr
    said = json.loads(result.stdout)
    written = load_yaml(tmp_path / "calibration" / "model.yaml", ModelParameters)
    proposed = {row["parameter"]: row["proposed"] for row in said["proposed"]}
    before = load_yaml(paths.parameters() / "model.yaml", ModelParameters)
    assert written.improve.fall_secure.value == proposed["improve.fall_secure"]
    assert written.improve.rise_attention == before.improve.rise_attention
    assert "of 3,000 schools; fitted on " in written.improve.fall_secure.source.title
    by = [row["by"] for row in said["later"]["growth_model"]]
    assert by == [
        "seen", "fitted model", "growth model, as believed before", "growth model, in force",
        "growth model, proposed", "proposed, and rise_attention", "proposed, and error_low",
        "proposed, and rise_urgent and fall_attention", "growth model, all as fitted",
    ]  # fmt: skip
    assert said["later"]["recovered"]["forecast"]["schools"] > 100
    assert said["schools"] == 3000
    assert (paths.parameters() / "model.yaml").read_bytes() == in_force


def test_a_folder_that_is_not_there_is_bad_input() -> None:
    result = CliRunner().invoke(cli.app, ["calibrate", "nowhere-at-all"])
    assert result.exit_code == 2
    assert "there is no folder" in result.stderr
