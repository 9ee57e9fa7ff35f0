"""The command `national` prints counts for people, JSON for machines, and keeps the tables."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from workbench import cli
from workbench.research.national_picture import country as reading
from workbench.research.national_picture.made_up import made_up_country


@pytest.fixture(autouse=True)
def _made_up(monkeypatch: pytest.MonkeyPatch) -> None:
    """Read a made-up country, whatever the folder holds."""
    monkeypatch.setattr(reading, "read_country", lambda folder: made_up_country(8, seed=3))


def run(folder: Path, *arguments: object) -> Result:
    options = ["--joiners", 2, "--replicates", 40, "--threads", 1, "--to", folder / "kept"]
    words = ["national", folder, *options, *arguments]
    return CliRunner().invoke(cli.app, [str(word) for word in words])


def test_people_read_counts_their_doubt_and_what_is_not_known(tmp_path: Path) -> None:
    result = run(tmp_path)
    assert result.exit_code == 0, result.stderr
    for words in (
        "8 trusts, 40 futures of each number of joining schools under Rescue",
        "Trusts by the schools they surely have room for",
        "Weak schools with a trust with room by road (least and most in brackets)",
        "schools have no judgement: nobody knows which of them are weak",
        "assumed from declared priors",
        f"kept in {tmp_path / 'kept'}",
    ):
        assert words in result.stdout
    assert (tmp_path / "kept" / "trusts.parquet").is_file()
    assert "nan" not in result.stdout.casefold()


def test_machines_read_json_alone(tmp_path: Path) -> None:
    result = run(tmp_path, "--json")
    assert result.exit_code == 0, result.stderr
    said = json.loads(result.stdout)
    assert said["source"] == "demo"
    assert sum(said["room"].values()) == said["trusts"] == 8
    assert {row["minutes"] for row in said["reach"]} == {20, 40, 60}
    assert said["kept_in"] == str(tmp_path / "kept")


def test_a_scenario_that_is_not_there_is_refused_before_any_work(tmp_path: Path) -> None:
    result = run(tmp_path, "--scenario", "nowhere")
    assert result.exit_code == 2
    assert "nowhere" in result.stderr
    assert not (tmp_path / "kept").exists()
