"""The command that builds the panel of England's history, for a person and for a machine."""

from __future__ import annotations

import json
from pathlib import Path

from typer.testing import CliRunner, Result

from tests.research.history.published import write_history, write_snapshot
from workbench import cli


def run(*arguments: object) -> Result:
    return CliRunner().invoke(cli.app, ["history", *(str(argument) for argument in arguments)])


def publish(folder: Path) -> Path:
    write_snapshot(folder, "20190917", [(900002, 70, "01-09-2015")])
    write_snapshot(folder, "20200915", [(900002, 71, "01-02-2020")])
    write_history(folder, [(900002, "Good", "20180606")])
    return folder


def test_it_prints_movements_and_what_could_not_be_joined(tmp_path: Path) -> None:
    result = run("--from", publish(tmp_path / "published"), "--to", tmp_path / "panel")

    assert result.exit_code == 0, result.output
    assert "changed  trust merged" in result.output
    assert "left, and nothing says why" in result.output
    assert (tmp_path / "panel" / "memberships.parquet").is_file()


def test_a_machine_gets_the_same_as_json(tmp_path: Path) -> None:
    result = run("--from", publish(tmp_path / "published"), "--to", tmp_path / "panel", "--json")

    said = json.loads(result.stdout)
    [move] = said["movements"]
    assert (move["to_snapshot"], move["move"], move["schools"]) == ("2020-09-15", "changed", 1)
    assert {"about", "finding", "count", "of", "list"} == set(said["quality"][0])


def test_a_folder_without_group_links_is_bad_input(tmp_path: Path) -> None:
    write_history(tmp_path, [(900002, "Good", "20180606")])

    result = run("--from", tmp_path)

    assert result.exit_code == 2
    assert "no GIAS group links" in result.output
