"""What is left of a run whose runner is stopped, and what the next runner makes of it."""

from __future__ import annotations

import multiprocessing
from pathlib import Path
from typing import Any

import pytest

from tests.evidence.homes import SHOW, make_home
from workbench import paths
from workbench.evidence import batch as module
from workbench.evidence.batch import BatchResult, run_batch
from workbench.evidence.lock import is_held
from workbench.evidence.manifest import files_of
from workbench.evidence.verify import verify

DEMO = paths.demo()
SCHOOLS = [900001, 900002, 900003]


def run_in(outputs: Path) -> Path:
    (run,) = (one for one in outputs.iterdir() if one.name != "latest")
    return run


def made(folder: Path, **more: Any) -> BatchResult:
    return run_batch(
        DEMO, **({"schools": SCHOOLS, "scenarios": [], "out": folder, "jobs": 1} | more)
    )


def test_no_worker_outlives_the_lock_of_a_run_that_is_stopped(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("WORKBENCH_HOME", str(make_home(tmp_path / "home", SHOW)))
    before, left = set(multiprocessing.active_children()), list[tuple[bool, int]]()
    closes = module.close_run

    def closed(folder: Path) -> None:
        if list(folder.glob("*.html")):  # at the end, just before the run is let go
            left.append((is_held(folder), len(set(multiprocessing.active_children()) - before)))
        closes(folder)

    def stop(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(module, "close_run", closed)
    with pytest.raises(KeyboardInterrupt):  # which keeps what was at work, as a caller may
        made(tmp_path / "outputs", schools=list(range(900001, 900007)), jobs=2, progress=stop)
    assert left == [(True, 0)]


def test_what_was_published_and_never_written_down_does_not_pass_for_a_report_that_failed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    flag = tmp_path / "flag"
    fails = f"import pathlib\nif urn == 900002 and pathlib.Path({str(flag)!r}).exists(): 1 / 0"
    monkeypatch.setenv("WORKBENCH_HOME", str(make_home(tmp_path / "home", SHOW, fails)))
    adds, rows = module.add_report, list[str]()

    def add(ledger: Any, entry: Any, sizes: Any) -> None:
        rows.append(entry.stem)
        if len(rows) == 2:
            raise KeyboardInterrupt
        adds(ledger, entry, sizes)

    with monkeypatch.context() as cut:
        cut.setattr(module, "add_report", add)
        with pytest.raises(KeyboardInterrupt):
            made(tmp_path / "outputs")
    run = run_in(tmp_path / "outputs")
    assert [name for name in files_of(run) if "900002" in name and name.endswith(".html")]
    flag.touch()
    batch = made(tmp_path / "outputs", resume=run)
    assert [one.part.key for one in batch.failed] == ["900002"]
    of_it = [name for name in files_of(run) if "900002" in name]
    assert of_it == list(batch.failed[0].files)
    assert verify(run).exit_code == 0
