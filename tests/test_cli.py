"""The command line: what people and machines read, and the exit codes they rely on."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner, Result

from workbench import __version__, cli, paths
from workbench.errors import BadInput, RunFailed

COMMANDS = ("check", "import", "lab")


def run(*arguments: object) -> Result:
    """Run the command line in this process."""
    return CliRunner().invoke(cli.app, [str(argument) for argument in arguments])


@pytest.fixture
def trust_folder(tmp_path: Path) -> Path:
    """A copy of the demo trust that a test may spoil."""
    return Path(shutil.copytree(paths.demo(), tmp_path / "trust"))


@pytest.fixture
def spoilt_folder(trust_folder: Path) -> Path:
    """A trust with one wrong phase."""
    schools = trust_folder / "schools.csv"
    text = schools.read_text(encoding="utf-8")
    assert ",secondary," in text
    schools.write_text(text.replace(",secondary,", ",upper school,", 1), encoding="utf-8")
    return trust_folder


def test_help_names_every_command_and_the_exit_codes() -> None:
    result = run("--help")
    assert result.exit_code == 0
    assert all(f"\n  {command} " in result.stdout for command in COMMANDS)
    assert "Exit codes: 0 done, 1 failed, 2 bad usage or bad input." in result.stdout


@pytest.mark.parametrize("command", COMMANDS)
def test_help_of_every_command_shows_examples(command: str) -> None:
    result = run(command, "--help")
    assert result.exit_code == 0
    assert f"\n    workbench {command}" in result.stdout


def test_help_comes_at_once() -> None:
    installed = Path(sys.executable).with_name("workbench")

    def seconds() -> float:
        start = time.perf_counter()
        subprocess.run([installed, "--help"], check=True, timeout=60, capture_output=True)
        return time.perf_counter() - start

    assert min(seconds() for _ in range(3)) < 0.5


def test_help_imports_no_heavy_package() -> None:
    code = "import sys, workbench.cli; print(*sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert not {"pandas", "numpy", "numba", "matplotlib", "rich"} & set(done.stdout.split())


def test_version_is_the_packages() -> None:
    assert run("--version").stdout == f"workbench {__version__}\n"


@pytest.mark.parametrize(
    "arguments", [["chek"], ["check"], ["check", ".", "--jason"], ["import", "--trust", "many"]]
)
def test_bad_usage_exits_with_2_and_says_so_on_stderr(arguments: list[str]) -> None:
    result = run(*arguments)
    assert result.exit_code == 2
    assert "Error: " in result.stderr
    assert result.stdout == ""


def test_a_sound_trust_has_nothing_to_mend(trust_folder: Path) -> None:
    result = run("check", trust_folder)
    assert result.exit_code == 0
    assert "nothing to mend" in result.stdout


def test_a_spoilt_trust_exits_with_2_and_says_where(spoilt_folder: Path) -> None:
    result = run("check", spoilt_folder)
    assert result.exit_code == 2
    assert "column phase" in result.stdout
    assert "upper school" in result.stdout
    assert "1 to mend" in result.stdout


def test_check_as_json_holds_faults_rows_and_quarantine(spoilt_folder: Path) -> None:
    result = run("check", spoilt_folder, "--json")
    assert result.exit_code == 2
    content: dict[str, Any] = json.loads(result.stdout)
    (fault,) = content["faults"]
    assert (fault["file"], fault["column"], fault["value"]) == (
        "schools.csv",
        "phase",
        "upper school",
    )
    tally = content["tables"]["schools"]
    assert tally["rows_in"] == tally["accepted"] + tally["quarantined"] + tally["blank"]
    assert tally["quarantined"] == len(content["quarantine"]["schools"]) == 1


def test_an_error_says_what_where_rule_and_remedy_without_a_traceback(tmp_path: Path) -> None:
    result = run("check", tmp_path / "nowhere")
    assert result.exit_code == 2
    assert result.stdout == ""
    assert result.stderr.startswith("Error: ")
    assert all(f"\n  {label}: " in result.stderr for label in ("where", "rule", "mend"))
    assert "Traceback" not in result.stderr


def test_an_error_asked_for_as_json_is_json_on_stderr(tmp_path: Path) -> None:
    result = run("check", tmp_path / "nowhere", "--json")
    assert result.exit_code == 2
    assert result.stdout == ""
    error = json.loads(result.stderr)["error"]
    assert set(error) == {"what", "where", "rule", "mend"}
    assert "nowhere" in error["what"]


@pytest.mark.parametrize(("error", "code"), [(BadInput("wrong"), 2), (RunFailed("stopped"), 1)])
def test_every_known_error_becomes_its_exit_code(
    monkeypatch: pytest.MonkeyPatch, error: Exception, code: int
) -> None:
    def fail() -> None:
        raise error

    monkeypatch.setattr(paths, "home", fail)
    result = run("lab")
    assert result.exit_code == code
    assert result.stderr == f"Error: {error}\n"


def test_an_unknown_error_is_not_hidden(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail() -> None:
        raise ZeroDivisionError

    monkeypatch.setattr(paths, "home", fail)
    result = run("lab")
    assert result.exit_code == 1
    assert isinstance(result.exception, ZeroDivisionError)


def test_lab_opens_jupyterlab_on_the_notebooks(monkeypatch: pytest.MonkeyPatch) -> None:
    started: list[list[str]] = []
    monkeypatch.setattr("os.execv", lambda _, command: started.append(command))
    assert run("lab").exit_code == 0
    (command,) = started
    assert command[:3] == [sys.executable, "-m", "jupyterlab"]
    assert f"--ServerApp.root_dir={paths.home()}" in command
