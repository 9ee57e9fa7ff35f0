"""The command that tests the model against what happened, for a person and for a machine."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from tests.research.history.published import write_history
from workbench import cli
from workbench.parameters.track_record import load_track_record
from workbench.research.backtest import run as testing


def run(*arguments: object) -> Result:
    return CliRunner().invoke(cli.app, ["backtest", *(str(argument) for argument in arguments)])


DEMO = ("--origin", "2014-08-31", "--target", "2018-08-31", "--from", "demo")


def test_it_prints_scores_parts_and_counts_and_keeps_a_record(tmp_path: Path) -> None:
    file = tmp_path / "record.yaml"
    result = run(*DEMO, "--record", file, "--to", tmp_path / "kept")

    assert result.exit_code == 0, result.output
    assert "last grade table in hindsight" in result.output
    assert "model, figures published" in result.output
    assert "schools in the trust, 2015-08-31" in result.output
    assert "golden rule met by" in result.output
    assert "once the school year that they describe has ended" in result.output
    assert "Not tested: what growth does to a trust's capacity" in result.output
    gained = next(line for line in result.output.splitlines() if line.startswith("last grade"))
    assert re.search(r"\+6\.0% +\+4\.\d% to \+7\.\d%$", gained), gained
    assert result.output.endswith(f"kept in {file}\n")
    assert f"kept in {tmp_path / 'kept'}\n" in result.output
    assert (tmp_path / "kept" / "data_dictionary.csv").is_file()
    kept = load_track_record(file)
    assert kept is not None
    assert kept.place == "made-up schools"
    assert len(kept.grades.classes) == 4
    assert "--from demo --record parameters/track_record.yaml" in file.read_text(encoding="utf-8")


def test_a_machine_gets_json_and_the_strict_reading_is_its_own() -> None:
    result = run(*DEMO, "--as-published", "--json")

    said = json.loads(result.stdout)
    assert {"schools", "brier", "log_score", "pit"} <= set(said)
    assert said["figures_known_when"] == "published"
    assert said["kept_in"] is said["record"] is None
    assert said["notes"] == []
    parts = {part["part"]: part["brier"] for part in said["parts"]}
    assert said["brier"]["model"] == parts["model, figures published"]


def test_a_folder_that_lacks_what_an_origin_needs_is_bad_input(tmp_path: Path) -> None:
    write_history(tmp_path, [(900001, "Good", "20150304")])

    result = run("--origin", "2018-07-31", "--target", "2022-04-30", "--from", tmp_path, "--json")

    assert result.exit_code == 2
    assert "no school with a grade by 2018-07-31" in result.output


@pytest.mark.parametrize("day", ["31/07/2018", "2018-02-30", "July 2018", ""])
def test_a_day_of_another_form_is_refused_with_an_example(day: str) -> None:
    result = run("--origin", day, "--target", "2022-04-30", "--from", "demo")
    assert result.exit_code == 2
    assert "is no day written as year, month and day, such as 2018-07-31" in " ".join(
        result.stderr.split()
    )
    assert "%" not in result.stderr


def test_a_target_before_the_origin_is_refused_before_any_file_is_read() -> None:
    result = run("--origin", "2022-04-30", "--target", "2018-07-31", "--from", "no-such-folder")
    assert result.exit_code == 2
    assert "the target 2018-07-31 is not after the origin 2022-04-30" in result.stderr


@pytest.mark.parametrize("option", ["--to", "--record"])
def test_where_nothing_could_be_kept_is_refused_before_any_work(
    tmp_path: Path, option: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(testing, "backtest", lambda *_, **__: pytest.fail("work was begun"))
    (tmp_path / "letter.txt").write_text("mine", encoding="utf-8")
    place = tmp_path if option == "--to" else tmp_path / "nowhere" / "record.yaml"
    result = run(*DEMO, option, place)
    assert result.exit_code == 2
    assert str(tmp_path) in result.stderr
