"""What the report command is told, and what it says was made."""

from __future__ import annotations

import datetime as dt
import json
import os
import re
import shutil
from pathlib import Path

import pytest

from tests.cli.test_commands import run
from tests.evidence.homes import make_home
from workbench import paths
from workbench.errors import BadInput
from workbench.evidence.engines.leases import can_fork
from workbench.evidence.ledger import open_ledger, read_entries
from workbench.evidence.run_file import Paper, read_run

DEMO = paths.demo()


@pytest.fixture
def _small_notebooks(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A workbench folder whose notebooks say one thing each."""
    monkeypatch.setenv("WORKBENCH_HOME", str(make_home(tmp_path / "home")))


@pytest.mark.usefixtures("_small_notebooks")
def test_a_meeting_stands_on_the_page_and_in_every_name_and_what_was_made_is_said(
    tmp_path: Path,
) -> None:
    own = Path(shutil.copy(paths.scenarios() / "steady.yaml", tmp_path / "five.yaml"))
    result = run(
        "report", DEMO, "--schools", "none", "--scenarios", own, "--meeting", "2026-12-09",
        "--status", "For  decision", "--classification", "Official", "--out", tmp_path / "runs",
    )  # fmt: skip
    assert result.exit_code == 0, result.stderr
    made, zipped, index = result.stdout.splitlines()
    assert re.fullmatch(r"1 of 1 reports in \d+ s: 1 page, (1 PDF, )?1 workbook", made)
    assert zipped.startswith("2026-12-09_all-reports_UID90001.zip: ")
    finished = read_run(Path(index).parent)
    assert finished.paper == Paper(dt.date(2026, 12, 9), "For decision", "Official")
    (part,) = finished.parts
    assert part.stem == "2026-12-09_growth_five_UID90001"
    page = (finished.folder / str(part.files.html)).read_text(encoding="utf-8")
    for words in ("9 December 2026", "For decision", "Official", "scenario five.yaml"):
        assert words in page
    assert str(tmp_path) not in page


@pytest.mark.usefixtures("_small_notebooks")
def test_json_says_where_the_files_are(tmp_path: Path) -> None:
    result = run(
        "report", DEMO, "--schools", "none", "--scenarios", "steady", "--json", "--out",
        tmp_path / "runs",
    )  # fmt: skip
    assert result.exit_code == 0, result.stderr
    content = json.loads(result.stdout)
    assert content["made"]["page"] == content["complete"] == 1
    assert Path(content["zip"]).parent == Path(content["index"]).parent
    assert Path(content["zip"]).is_file()


@pytest.mark.usefixtures("_small_notebooks")
def test_the_engine_asked_for_runs_the_notebooks(tmp_path: Path) -> None:
    result = run(
        "report", DEMO, "--schools", "none", "--scenarios", "steady", "--engine", "kernel",
        "--out", tmp_path / "runs",
    )  # fmt: skip
    assert result.exit_code == 0, result.stderr
    with open_ledger(tmp_path / "runs" / "latest", to_read=True) as ledger:
        assert [entry.engine for entry in read_entries(ledger).values()] == ["kernel"]


@pytest.mark.parametrize(
    ("option", "value", "said"),
    [
        ("--engine", "spoon", "spoon"),
        ("--cluster", "nonsense://here", "no Dask scheduler answers"),
        ("--meeting", "9 December", "9 December"),
        ("--status", "x" * 61, "61 letters"),
        ("--scenarios", "plans/absent.yaml", "is not a scenario file"),
    ],
)
def test_what_cannot_be_used_is_refused_before_anything_is_made(
    tmp_path: Path, option: str, value: str, said: str
) -> None:
    result = run("report", DEMO, "--schools", "none", option, value, "--out", tmp_path / "runs")
    assert result.exit_code == 2
    assert said in " ".join(result.stderr.split())
    assert not (tmp_path / "runs").exists()


@pytest.mark.skipif(not can_fork(), reason="this system cannot fork")
@pytest.mark.usefixtures("_small_notebooks")
def test_the_engine_that_ran_is_written_down_and_a_fallback_is_said_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "site").mkdir()
    (tmp_path / "site" / "sitecustomize.py").write_text(
        "import os, sys\nif 'engines.parent' in ' '.join(sys.orig_argv): os._exit(3)\n"
    )
    monkeypatch.setenv("PYTHONPATH", f"{tmp_path / 'site'}:{os.environ.get('PYTHONPATH', '')}")
    result = run(
        "report", DEMO, "--schools", "none", "--scenarios", "steady,ambitious",
        "--engine", "fork", "--out", tmp_path / "runs",
    )  # fmt: skip
    assert result.exit_code == 0, result.stderr
    said = "3 of 3 reports were run by the engine kernel, as fork was not to be had"
    assert result.stderr.count(said) == 1
    with open_ledger(Path(result.stdout.splitlines()[-1]).parent, to_read=True) as ledger:
        assert [entry.engine for entry in read_entries(ledger).values()] == ["kernel"] * 3


@pytest.mark.parametrize("new", [False, True])
def test_only_a_run_that_is_asked_for_as_new_is_made_beside_another(
    new: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refused(*_: object, beside: bool, **__: object) -> None:
        raise BadInput(f"asked with {beside}")

    monkeypatch.setattr("workbench.evidence.batch.run_batch", refused)
    result = run("report", DEMO, "--out", tmp_path, *["--new"] * new)
    assert f"asked with {new}" in result.stderr
