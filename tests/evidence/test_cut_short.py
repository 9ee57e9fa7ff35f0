"""What is left of a run whose runner is stopped, and what the next runner makes of it."""

from __future__ import annotations

import multiprocessing
import os
import shutil
import time
from pathlib import Path
from typing import Any

import pytest

from tests.evidence.homes import SHOW, make_home
from tests.evidence.sealed import PACKAGE
from workbench import paths
from workbench.evidence import batch as module
from workbench.evidence import sources
from workbench.evidence.batch import BatchResult, run_batch
from workbench.evidence.ledger import add_report
from workbench.evidence.lock import is_held
from workbench.evidence.manifest import files_of
from workbench.evidence.plan import plan
from workbench.evidence.sources import sources_of
from workbench.evidence.store import close_run
from workbench.evidence.verify import verify
from workbench.evidence.watch import Watch
from workbench.trust.load import read_trust

DEMO = paths.demo()
SCHOOLS = [900001, 900002, 900003]


def run_in(outputs: Path) -> Path:
    (run,) = (one for one in outputs.iterdir() if one.name != "latest")
    return run


def made(folder: Path, **more: Any) -> BatchResult:
    given: dict[str, Any] = {"schools": SCHOOLS, "scenarios": [], "out": folder, "jobs": 1}
    return run_batch(DEMO, **(given | more))


def test_no_worker_outlives_the_lock_of_a_run_that_is_stopped(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("WORKBENCH_HOME", str(make_home(tmp_path / "home", SHOW)))
    before, left = set(multiprocessing.active_children()), list[tuple[bool, int]]()

    def closed(folder: Path) -> None:
        if list(folder.glob("*.html")):  # at the end, just before the run is let go
            left.append((is_held(folder), len(set(multiprocessing.active_children()) - before)))
        close_run(folder)

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
    monkeypatch.setattr(sources, "_package", lambda: PACKAGE)
    rows = list[str]()

    def add(ledger: Any, entry: Any, sizes: Any) -> None:
        rows.append(entry.stem)
        if len(rows) == 2:
            raise KeyboardInterrupt
        add_report(ledger, entry, sizes)

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
    assert verify(run).exit_code == 9


READS = """
from workbench.trust.load import read_trust
from pathlib import Path
emit.record('schools', len(read_trust(Path(trust_dir)).schools))
"""


@pytest.mark.parametrize("put_back", [False, True])
def test_tables_that_are_edited_during_a_run_make_no_report_that_is_called_whole(
    put_back: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("WORKBENCH_HOME", str(make_home(tmp_path / "home", READS, SHOW)))
    monkeypatch.setattr(sources, "_package", lambda: PACKAGE)
    trust = Path(shutil.copytree(DEMO, tmp_path / "trust"))
    table = trust / "schools.csv"
    was = table.read_text(encoding="utf-8")

    def edit(_: object, done: int, of: int) -> None:
        if done == 1:
            table.write_text("".join(was.splitlines(keepends=True)[:-1]), encoding="utf-8")
        if done == of and put_back:
            table.write_text(was, encoding="utf-8")

    batch = run_batch(
        trust, schools=SCHOOLS, scenarios=[], out=tmp_path / "outputs", jobs=1, progress=edit
    )
    assert [one.complete for one in batch.results] == [True, False, False]
    assert all("changed while the run was going on" in one.message for one in batch.failed)
    assert "schools.csv" in batch.failed[0].message
    assert [path.name for path in batch.folder.glob("*.html") if "90000" in path.name] == [
        batch.complete[0].files.html
    ]
    assert verify(batch.folder).exit_code == (9 if put_back else 4)
    table.write_text(was, encoding="utf-8")
    again = run_batch(trust, resume=batch.folder, out=tmp_path / "outputs", jobs=1)
    assert (again.exit_code, len(again.kept)) == (0, 1)


def test_a_table_that_was_changed_and_put_back_within_one_report_is_noticed(tmp_path: Path) -> None:
    trust = Path(shutil.copytree(DEMO, tmp_path / "trust"))
    (part,) = plan(read_trust(trust), schools=[900001], scenarios=[])
    watch = Watch(trust, [part], sources_of(trust, [part]))
    (trust / "~$schools.xlsx").write_bytes(b"opened")
    assert watch.doubt(part, 1.0) == ""
    table = trust / "schools.csv"
    os.utime(table, ns=(0, 0))  # the same bytes, written anew
    assert "was written to" in watch.doubt(part, 1.0)
    assert "was written to" in watch.doubt(part, 1000.0)  # it was at work then
    assert watch.doubt(part, -1000.0) == ""  # it was begun later


def test_a_package_that_is_upgraded_while_reports_are_made_is_noticed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.syspath_prepend(installed(tmp_path / "packages", "1.0").parent)
    (part,) = plan(read_trust(DEMO), schools=[900001], scenarios=[])
    watch = Watch(DEMO, [part], sources_of(DEMO, [part]))
    (tmp_path / "packages" / "thing.py").write_text("", encoding="utf-8")
    assert watch.doubt(part, 1.0) == ""  # nothing that says what is installed
    shutil.rmtree(tmp_path / "packages" / "thing-1.0.dist-info")
    installed(tmp_path / "packages", "2.0")
    assert "the environment changed: thing" in watch.doubt(part, 1.0)
    assert "the environment changed: thing" in watch.doubt(part, -1000.0)  # begun later
    shutil.rmtree(tmp_path / "packages" / "thing-2.0.dist-info")
    installed(tmp_path / "packages", "1.0")
    assert "was written to" in watch.doubt(part, 1.0)  # and put back, while it was at work


def test_code_of_the_workbench_that_is_edited_while_reports_are_made_is_noticed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    package = tmp_path / "workbench"
    (package / "growth").mkdir(parents=True)
    module = package / "growth" / "late.py"
    module.write_text("VALUE = 1\n", encoding="utf-8")
    monkeypatch.setattr(sources, "PACKAGE", package)
    (part,) = plan(read_trust(DEMO), schools=[900001], scenarios=[])
    watch = Watch(DEMO, [part], sources_of(DEMO, [part]))
    (package / "growth" / "__pycache__").mkdir()  # compiled from it: says nothing
    (package / "growth" / "__pycache__" / "late.pyc").write_bytes(b"1")
    assert watch.doubt(part, 1.0) == ""
    (package / "growth" / "new.py").write_text("", encoding="utf-8")
    assert "the code changed: workbench/growth/new.py" in watch.doubt(part, 1.0)
    (package / "growth" / "new.py").unlink()
    module.write_text("VALUE = 2\n", encoding="utf-8")
    assert "the code changed: workbench/growth/late.py" in watch.doubt(part, -1000.0)
    module.write_text("VALUE = 1\n", encoding="utf-8")
    assert "was written to" in watch.doubt(part, 1.0)  # and put back, while it was at work
    assert watch.doubt(part, -1000.0) == ""


def test_code_that_is_edited_and_put_back_within_a_run_leaves_no_report_of_it_whole(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("WORKBENCH_HOME", str(make_home(tmp_path / "home")))
    package = tmp_path / "workbench"
    package.mkdir()
    (package / "late.py").write_text("VALUE = 1\n", encoding="utf-8")
    monkeypatch.setattr(sources, "PACKAGE", package)

    def edit(_: object, done: int, of: int) -> None:
        if done in {1, of}:
            (package / "late.py").write_text(f"VALUE = {1 + (done < of)}\n", encoding="utf-8")

    batch = made(tmp_path / "outputs", progress=edit)
    assert [one.complete for one in batch.results] == [True, False, False]
    assert "the code changed: workbench/late.py" in batch.failed[0].message


def test_what_was_written_between_the_plan_and_the_first_report_is_noticed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("WORKBENCH_HOME", str(make_home(tmp_path / "home")))
    (part,) = plan(read_trust(DEMO), schools=[900001], scenarios=[])
    then = sources_of(DEMO, [part])
    with (tmp_path / "home" / "parameters" / "model.yaml").open("a", encoding="utf-8") as file:
        file.write("# edited\n")
    assert "parameter files changed: model.yaml" in Watch(DEMO, [part], then).doubt(part, 1.0)


def test_a_file_of_the_same_length_whose_time_was_set_back_is_noticed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("WORKBENCH_HOME", str(make_home(tmp_path / "home")))
    (part,) = plan(read_trust(DEMO), schools=[900001], scenarios=[])
    model = tmp_path / "home" / "parameters" / "model.yaml"
    was, at = model.read_text(encoding="utf-8"), model.stat()
    watch = Watch(DEMO, [part], sources_of(DEMO, [part]))

    def written(text: str) -> None:
        model.write_text(text, encoding="utf-8")
        os.utime(model, ns=(at.st_atime_ns, at.st_mtime_ns))

    written(was.replace("a", "b", 1))
    assert "parameter files changed: model.yaml" in watch.doubt(part, -1000.0)
    written(was)
    assert "was written to" in watch.doubt(part, 1.0)


def test_a_link_that_a_backup_makes_to_a_file_is_no_change(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("WORKBENCH_HOME", str(make_home(tmp_path / "home")))
    (part,) = plan(read_trust(DEMO), schools=[900001], scenarios=[])
    watch = Watch(DEMO, [part], sources_of(DEMO, [part]))
    os.link(tmp_path / "home" / "parameters" / "model.yaml", tmp_path / "backup.yaml")
    assert watch.doubt(part, 1.0) == ""


def test_looking_at_packages_costs_a_report_next_to_nothing() -> None:
    (part,) = plan(read_trust(DEMO), schools=[900001], scenarios=[])
    watch = Watch(DEMO, [part], sources_of(DEMO, [part]))
    began = time.process_time()
    for _ in range(20):
        assert watch.doubt(part, 1.0) == ""
    assert (time.process_time() - began) / 20 < 0.05


def installed(folder: Path, version: str) -> Path:
    """Lay down what an installed package says of itself."""
    about = folder / f"thing-{version}.dist-info"
    about.mkdir(parents=True)
    said = f"Metadata-Version: 2.1\nName: thing\nVersion: {version}\n"
    (about / "METADATA").write_text(said, encoding="utf-8")
    return about
