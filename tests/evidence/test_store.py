"""Files of a run appear whole under their names, runs never share a folder, latest always leads."""

from __future__ import annotations

import contextlib
import datetime as dt
import errno
import os
import stat
from pathlib import Path

import pytest

from workbench.evidence.store import (
    LATEST,
    STAGING,
    close_run,
    new_run,
    point_latest,
    publish,
    publish_all,
)

NOW = dt.datetime(2026, 5, 1, 9, 30, 15, tzinfo=dt.UTC)


def test_runs_of_one_second_have_folders_of_their_own(tmp_path: Path) -> None:
    names = [new_run(tmp_path, "alder", NOW).name for _ in range(3)]
    assert names == [
        "2026-05-01_093015-alder", "2026-05-01_093015-alder-2", "2026-05-01_093015-alder-3",
    ]  # fmt: skip


def test_a_file_that_cannot_be_finished_leaves_nothing_under_its_name(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    run = new_run(tmp_path, "alder", NOW)
    publish(run, "index.html", "first")

    def full(_: int) -> None:
        raise OSError("no space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(OSError, match="no space"):
        publish(run, "index.html", "second")
    with pytest.raises(OSError, match="no space"):
        publish(run, "report.html", "new")
    assert (run / "index.html").read_text() == "first"
    assert not (run / "report.html").exists()


def test_latest_moves_from_run_to_run_and_the_stage_is_swept(tmp_path: Path) -> None:
    for number in (1, 2):
        run = new_run(tmp_path, "alder", NOW)
        publish(run, "index.html", f"run {number}")
        close_run(run)
        point_latest(tmp_path, run)
        assert (tmp_path / LATEST / "index.html").read_text() == f"run {number}"
        assert not (run / STAGING).exists()
    assert sorted(path.name for path in tmp_path.iterdir())[-1] == LATEST


def test_where_links_cannot_be_made_a_file_names_the_run(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise OSError("links are not allowed")

    monkeypatch.setattr(Path, "symlink_to", refuse)
    run = new_run(tmp_path, "alder", NOW)
    point_latest(tmp_path, run)
    assert (tmp_path / LATEST).read_text() == f"{run.name}\n"


def test_latest_moves_though_a_runner_was_killed_between_the_two_steps(tmp_path: Path) -> None:
    run = new_run(tmp_path, "alder", NOW)
    (tmp_path / f".{LATEST}-{run.name}").symlink_to(run.name, target_is_directory=True)
    point_latest(tmp_path, run)
    assert (tmp_path / LATEST).resolve() == run
    assert sorted(path.name for path in tmp_path.iterdir()) == [run.name, LATEST]
    (tmp_path / f".{LATEST}-{run.name}").write_text("half", encoding="utf-8")
    point_latest(tmp_path, run)
    assert (tmp_path / LATEST).resolve() == run


def synced(monkeypatch: pytest.MonkeyPatch) -> list[Path]:
    """Return the folders that are synced from now on, as they are."""
    found: list[Path] = []
    real = os.fsync

    def sync(handle: int) -> None:
        path = Path(f"/proc/self/fd/{handle}")
        if path.is_dir():
            found.append(path.readlink())
        real(handle)

    monkeypatch.setattr(os, "fsync", sync)
    return found


@pytest.mark.skipif(not Path("/proc/self/fd").exists(), reason="needs to know what is synced")
def test_every_folder_that_is_made_is_synced_in_the_one_it_lies_in(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    found = synced(monkeypatch)
    run = new_run(tmp_path / "a" / "outputs", "alder", NOW)
    assert set(found) == {tmp_path, tmp_path / "a", tmp_path / "a" / "outputs"}
    found.clear()
    publish_all(run, {"data/one/a.csv": "1"})
    assert set(found) == {run, run / "data", run / "data" / "one"}
    found.clear()
    publish_all(run, {"data/one/b.csv": "1", "c.html": "2"})
    assert set(found) == {run, run / "data" / "one"}


@pytest.mark.parametrize(("number", "kept"), [(errno.EIO, False), (errno.EINVAL, True)])
def test_where_a_folder_cannot_be_synced_nothing_appears_unless_none_ever_can(
    number: int, kept: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    run = new_run(tmp_path, "alder", NOW)
    publish(run, "a.html", "first")
    real = os.fsync

    def fail(handle: int) -> None:
        if stat.S_ISDIR(os.fstat(handle).st_mode):
            raise OSError(number, os.strerror(number))
        real(handle)

    monkeypatch.setattr(os, "fsync", fail)
    with contextlib.nullcontext() if kept else pytest.raises(OSError, match=os.strerror(number)):
        publish_all(run, {"a.html": "second", "b.html": "new"})
    assert (run / "a.html").read_text() == ("second" if kept else "first")
    assert (run / "b.html").exists() == kept


def test_files_that_belong_together_appear_together_or_not_at_all(tmp_path: Path) -> None:
    run = new_run(tmp_path, "alder", NOW)
    publish_all(run, {"a.html": "one", "data/a.csv": b"1"})
    (run / "b.pdf").mkdir()  # in the way of the third
    with pytest.raises(OSError, match=r"b\.pdf"):
        publish_all(run, {"a.html": "two", "new.xlsx": b"2", "b.pdf": b"3"})
    assert (run / "a.html").read_text() == "one"
    assert not (run / "new.xlsx").exists()
    assert (run / "data" / "a.csv").read_bytes() == b"1"


def test_a_closed_run_is_written_to_and_closed_again(tmp_path: Path) -> None:
    run = new_run(tmp_path, "alder", NOW)
    close_run(run)
    publish(run, "a.html", "one")
    assert [path.name for path in run.iterdir()] == ["a.html"]


def test_what_is_to_go_goes_with_what_appears_or_stays(tmp_path: Path) -> None:
    run = new_run(tmp_path, "alder", NOW)
    publish_all(run, {"a.html": "one", "a.pdf": "one"})
    (run / "b.pdf").mkdir()  # in the way
    with pytest.raises(OSError, match=r"b\.pdf"):
        publish_all(run, {"a.html": "two", "a.pdf": None, "b.pdf": b"3"})
    assert (run / "a.pdf").read_text() == "one"
    publish_all(run, {"a.html": "two", "a.pdf": None, "never.pdf": None})
    assert (run / "a.html").read_text() == "two"
    assert not (run / "a.pdf").exists()
