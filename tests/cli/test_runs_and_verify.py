"""What the commands say of runs: planned, stopped half-way, listed and verified."""

from __future__ import annotations

import contextlib
import json
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
import typer

from tests.cli.test_commands import run
from tests.evidence.sealed import PACKAGE, Sealed, copy_of, make_sealed
from workbench import paths
from workbench.cli.stop import stoppable
from workbench.evidence import sources
from workbench.evidence.manifest import unseal


@pytest.fixture(scope="module")
def sealed(tmp_path_factory: pytest.TempPathFactory) -> Sealed:
    return make_sealed(tmp_path_factory.mktemp("sealed"))


@pytest.fixture
def spoilt(sealed: Sealed, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Sealed:
    copied = copy_of(sealed, tmp_path)
    monkeypatch.setenv("WORKBENCH_HOME", str(copied.home))
    monkeypatch.setattr(sources, "_package", lambda: PACKAGE)
    return Sealed(copied.home, sealed.trust, copied.run)


def asked(spoilt: Sealed, *more: object) -> list[object]:
    return [
        "report", spoilt.trust, "--schools", "900001,900002", "--scenarios", "steady",
        "--out", spoilt.run.parent, *more,
    ]  # fmt: skip


def test_a_dry_run_of_a_new_run_makes_nothing(tmp_path: Path) -> None:
    out = tmp_path / "o"
    result = run("report", paths.demo(), "--schools", "900001", "--dry-run", "--out", out)
    assert result.exit_code == 0, result.stderr
    heading, first, *_ = result.stdout.splitlines()
    assert heading.split() == ["kind", "key", "notebook", "parameters", "files", "made"]
    assert first.split()[:4] == ["school", "900001", "school_review", "urn=900001"]
    assert first.endswith("_school-review_URN900001_UID90001.*  new")
    assert "reports would be made; nothing was" in result.stdout
    assert not out.exists()


def test_a_dry_run_says_of_each_report_why(spoilt: Sealed) -> None:
    result = run(*asked(spoilt, "--dry-run", "--json"))
    assert result.exit_code == 0, result.stderr
    content = json.loads(result.stdout)
    assert content["run"] == spoilt.run.name  # it has a report that failed
    assert [one["made"] for one in content["reports"]] == [
        "no: it is as it would be made",
        "it failed: no data for 900002",
        "no: it is as it would be made",
    ]
    fresh = json.loads(run(*asked(spoilt, "--dry-run", "--new", "--json")).stdout)
    assert fresh["run"] is None
    assert {one["made"] for one in fresh["reports"]} == {"new"}


def test_where_parameters_changed_a_new_run_is_made_and_a_resumed_one_makes_all(
    spoilt: Sealed,
) -> None:
    with (spoilt.home / "parameters" / "trust.yaml").open("a") as file:
        file.write("# changed\n")
    fresh = json.loads(run(*asked(spoilt, "--dry-run", "--json")).stdout)
    assert fresh["run"] is None
    resumed = run("report", spoilt.trust, "--resume", spoilt.run, "--dry-run", "--json")
    made = [one["made"] for one in json.loads(resumed.stdout)["reports"]]
    assert made[0] == "parameter files changed: trust.yaml"
    assert made[1].startswith("it failed")


def test_new_and_resumed_at_once_is_refused(spoilt: Sealed) -> None:
    result = run(*asked(spoilt, "--new", "--resume", spoilt.run))
    assert result.exit_code == 2
    assert "both given" in result.stderr


def test_runs_are_listed_with_how_they_stand(spoilt: Sealed) -> None:
    (one,) = json.loads(run("runs", "--out", spoilt.run.parent, "--json").stdout)
    assert (one["reports"], one["complete"], one["failed"]) == (3, 2, 1)
    assert (one["standing"], one["trust"]) == ("draft", "Merrowfen Learning Trust")
    assert one["seconds"] > 0
    unseal(spoilt.run)
    table = run("runs", "--out", spoilt.run.parent).stdout.splitlines()
    assert len(table) == 2
    assert "unfinished" in table[1]
    assert spoilt.run.name in table[1]


def test_where_there_are_no_runs_it_says_so(tmp_path: Path) -> None:
    assert "no runs yet" in run("runs", "--out", tmp_path).stdout
    result = run("runs", "--out", tmp_path / "absent")
    assert result.exit_code == 2
    assert "there is no folder" in result.stderr


def test_verify_says_what_differs_and_exits_by_its_kind(spoilt: Sealed) -> None:
    result = run("verify", spoilt.run)
    assert result.exit_code == 9
    assert result.stdout.startswith("failed: ")
    assert result.stdout.endswith("has no report: no data for 900002\n")
    page = next(spoilt.run.glob("*growth*.html"))
    page.write_text("better", encoding="utf-8")
    result = run("verify", spoilt.run)
    assert result.exit_code == 3
    assert f"touched: {page.name} was changed after the run was made" in result.stdout
    content = json.loads(run("verify", spoilt.run, "--json").stdout)
    assert content["exit_code"] == 3
    assert content["differences"][0]["name"] == page.name


def test_help_of_verify_documents_every_exit_code() -> None:
    from workbench.evidence.verify import EXIT_CODES

    said = " ".join(run("verify", "--help").stdout.split())
    for code in (0, *EXIT_CODES.values()):
        assert f" {code} " in said


def test_what_is_stopped_says_how_to_go_on(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(typer.Exit) as stop, stoppable():
        raise KeyboardInterrupt
    assert stop.value.exit_code == 130
    assert "the same command goes on with it" in capsys.readouterr().err


def test_making_again_that_is_stopped_says_so_and_leaves_nothing_behind(
    spoilt: Sealed, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    said: list[tuple[int, int | None]] = []

    @contextlib.contextmanager
    def stopped(_: str, *, each: str) -> Iterator[object]:
        def advance(count: int, of: int | None = None) -> None:
            said.append((count, of))
            assert [one.name.startswith("workbench-verify") for one in scratch.iterdir()] == [True]
            raise KeyboardInterrupt

        assert each == "reports"
        yield advance

    scratch = tmp_path / "scratch"
    scratch.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(scratch))
    monkeypatch.setattr("workbench.cli.verify.progress", stopped)
    result = run("verify", spoilt.run, "--rerun", "--jobs", "1")
    assert (result.exit_code, said) == (130, [(1, 2)])
    assert result.stderr == "Stopped before all was compared. The run is as it was.\n"
    assert list(scratch.iterdir()) == []


def test_a_run_is_found_by_its_name(spoilt: Sealed) -> None:
    outputs = spoilt.home / "outputs"
    outputs.mkdir(exist_ok=True)
    (outputs / spoilt.run.name).symlink_to(spoilt.run, target_is_directory=True)
    result = run("verify", spoilt.run.name)
    assert result.exit_code == 9, result.stderr
    named = run(*asked(spoilt, "--resume", spoilt.run.name, "--dry-run", "--json"))
    assert json.loads(named.stdout)["run"] == spoilt.run.name


def test_a_mistyped_run_or_trust_is_refused(spoilt: Sealed, tmp_path: Path) -> None:
    for result in (
        run("report", spoilt.trust, "--resume", tmp_path / "mistyped"),
        run("report", spoilt.trust, "--resume", "mistyped", "--dry-run"),
        run("verify", "mistyped"),
    ):
        assert result.exit_code == 2
        assert "mistyped is not a run" in result.stderr
    result = run("verify", spoilt.run, "--trust", tmp_path / "mistyped")
    assert result.exit_code == 2
    assert "holds no tables of a trust" in result.stderr
