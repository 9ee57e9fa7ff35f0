"""The command `national` prints counts for people, JSON for machines, and keeps the tables."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from workbench import cli, paths
from workbench.research.national_picture import country as reading
from workbench.research.national_picture import made_up as making
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
        "room is for schools that add at most 10 percentage points to the risk",
        "could join a trust that surely has room within 60 minutes; all trusts together",
        "Trusts by the schools they surely have room for",
        "Weak schools with a trust with room within so many minutes by road",
        "Those and schools in trusts not shown to hold the golden rule",
        "schools without a judgement are weak: nobody has said",
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


def test_the_word_demo_stands_for_made_up_trusts_and_is_kept_apart(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(paths, "outputs", lambda: tmp_path)
    monkeypatch.setattr(making, "made_up_country", lambda: made_up_country(3, seed=3))
    options = ["--from", "demo", "--joiners", "1", "--replicates", "20", "--json"]
    result = CliRunner().invoke(cli.app, ["national", *options])
    assert result.exit_code == 0, result.stderr
    assert json.loads(result.stdout)["trusts"] == 3
    assert (tmp_path / "national" / "demo" / "trusts.csv").is_file()


@pytest.mark.parametrize("words", [(), ("demo", "--from", "demo")])
@pytest.mark.parametrize("command", ["national", "impact", "calibrate"])
def test_a_folder_is_named_once(command: str, words: tuple[str, ...]) -> None:
    result = CliRunner().invoke(cli.app, [command, *words])
    assert result.exit_code == 2
    assert "name one folder of files as published, or demo" in " ".join(result.stderr.split())


def test_a_place_that_holds_other_things_is_refused_before_any_work(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reading, "read_country", lambda folder: pytest.fail("work was begun"))
    (tmp_path / "kept").mkdir()
    (tmp_path / "kept" / "letter.txt").write_text("mine", encoding="utf-8")
    result = run(tmp_path)
    assert result.exit_code == 2
    assert "holds something else than a national picture" in result.stderr


def test_a_scenario_that_is_not_there_is_refused_before_any_work(tmp_path: Path) -> None:
    result = run(tmp_path, "--scenario", "nowhere")
    assert result.exit_code == 2
    assert "nowhere" in result.stderr
    assert not (tmp_path / "kept").exists()
