"""The command that writes templates: what it says, and the exit codes."""

from __future__ import annotations

import json
from pathlib import Path

from typer.testing import CliRunner, Result

from workbench import cli, paths
from workbench.trust.contracts import TABLES


def run(*arguments: object) -> Result:
    """Run the command line in this process."""
    return CliRunner().invoke(cli.app, [str(argument) for argument in arguments])


def test_it_names_every_file_and_table_and_what_to_do_next(tmp_path: Path) -> None:
    result = run("templates", tmp_path / "out", "--trust", paths.demo())

    assert result.exit_code == 0
    assert all(name in result.stdout for name in TABLES)
    assert f"4 workbooks, {len(TABLES)} tables" in result.stdout
    assert f"workbench check {paths.demo()}" in result.stdout
    assert len(list((tmp_path / "out").glob("*.xlsx"))) == 4


def test_it_refuses_to_write_over_what_is_there_unless_forced(tmp_path: Path) -> None:
    assert run("templates", tmp_path).exit_code == 0

    refused = run("templates", tmp_path)

    assert refused.exit_code == 2
    assert "mend:" in refused.stderr
    assert run("templates", tmp_path, "--force").exit_code == 0


def test_its_json_holds_the_tables_of_each_file(tmp_path: Path) -> None:
    written = json.loads(run("templates", tmp_path, "--json").stdout)

    assert sorted(name for tables in written.values() for name in tables) == sorted(TABLES)
    assert all(Path(path).is_file() for path in written)


def test_a_trust_that_is_not_there_is_bad_input_and_nothing_is_written(tmp_path: Path) -> None:
    result = run("templates", tmp_path / "out", "--trust", tmp_path / "none")

    assert result.exit_code == 2
    assert not (tmp_path / "out").exists()
