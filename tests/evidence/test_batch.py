"""A batch: every report whole or absent, one failure stops no other, the index says all of it."""

from __future__ import annotations

import datetime as dt
import errno
import hashlib
import json
import shutil
import signal
from pathlib import Path
from typing import Any

import pytest

from tests.evidence.homes import SHOW, make_home, stem
from tests.evidence.sealed import PACKAGE
from tests.report.elements import Elements
from workbench import paths
from workbench.errors import BadInput, RunFailed
from workbench.evidence import batch as module
from workbench.evidence import sources
from workbench.evidence.batch import BatchResult, run_batch
from workbench.evidence.engines.engine import chosen
from workbench.evidence.finish import finish_run
from workbench.evidence.ledger import open_ledger, read_entries
from workbench.evidence.manifest import read_sums
from workbench.evidence.names import LEDGER, MANIFEST, results_name
from workbench.evidence.plan import plan
from workbench.evidence.pool import results_of_parts
from workbench.evidence.provenance import inputs_of
from workbench.evidence.run_file import Run, read_run
from workbench.evidence.store import STAGING, new_run
from workbench.evidence.verify import verify
from workbench.evidence.worker import How, PartResult, run_part
from workbench.trust.load import read_trust

DEMO = paths.demo()
FAILS = "if urn == 900002: raise ValueError('<b>no</b> data for 900002')"
# Its worker started the notebook's process; where it was forked, from what the runner started.
DIES = """
import os, signal
from pathlib import Path
def said(pid):
    return (Path("/proc") / str(pid) / "cmdline").read_bytes()
def parent(pid):
    return int((Path("/proc") / str(pid) / "stat").read_text().rsplit(")", 1)[1].split()[1])
worker = os.getppid()
if Path("/proc/self").exists() and b"engines.parent" in said(worker):
    worker = parent(worker)
    if b"spawn_main" not in said(worker):
        every = [int(one.name) for one in Path("/proc").iterdir() if one.name.isdigit()]
        (worker,) = [one for one in every if b"spawn_main" in said(one) and parent(one) == worker]
if urn == 900003:
    os.kill(worker, signal.SIGKILL)
"""


def everything_in(run: Path) -> list[str]:
    """Return every file of a run but those still staged, by its place in the folder."""
    files = (path.relative_to(run) for path in run.rglob("*") if path.is_file())
    return sorted(path.as_posix() for path in files if path.parts[0] != STAGING)


@pytest.fixture(scope="module")
def batch(tmp_path_factory: pytest.TempPathFactory) -> BatchResult:
    """Two schools and a scenario of the demo trust; one school's notebook fails."""
    folder, demo = tmp_path_factory.mktemp("batch"), paths.demo()
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("WORKBENCH_HOME", str(make_home(folder / "home", FAILS, "urn")))
        return run_batch(
            demo, schools=[900001, 900002], scenarios=["steady"], out=folder / "outputs", jobs=2
        )


def test_one_failure_stops_no_other_and_makes_the_batch_fail(batch: BatchResult) -> None:
    assert [result.complete for result in batch.results] == [True, False, True]
    assert batch.exit_code == 1
    assert [result.part.key for result in batch.failed] == ["900002"]


def test_the_folder_holds_whole_reports_and_no_leftovers(batch: BatchResult) -> None:
    whole = [stem("school-review_URN900001"), stem("growth_steady")]
    assert everything_in(batch.folder) == sorted(
        [
            "index.html",
            "run.json",
            "ledger.sqlite",
            "ro-crate-metadata.json",
            "SHA256SUMS",
            f"{stem('all-reports')}.zip",
            f"notebooks/failed_{stem('school-review_URN900002')}.ipynb",
            *(f"{name}.{ending}" for name in whole for ending in ("html", "pdf", "xlsx")),
            *(f"notebooks/{name}.ipynb" for name in whole),
            *(f"results/{name}.json" for name in whole),
        ]
    )


def test_the_record_of_a_run_is_what_was_made(batch: BatchResult) -> None:
    run = read_run(batch.folder.parent / "latest")
    assert run == batch.run
    assert [part.complete for part in run.parts] == [True, False, True]
    assert run.parts[1].cell == 3
    for part in run.parts:
        assert dict(part.sha256) == {
            name: hashlib.sha256((run.folder / name).read_bytes()).hexdigest()
            for name in part.files
        }


def test_the_index_links_what_is_there_and_says_what_failed(batch: BatchResult) -> None:
    text = batch.index.read_text(encoding="utf-8")
    links = {str(link["href"]) for link in Elements(text).named("a")}
    files = {link for link in links if not link.startswith("#")}
    proof = {"run.json", "ledger.sqlite", "ro-crate-metadata.json", "SHA256SUMS"}
    shown = {name for name in everything_in(batch.folder) if not name.startswith("results/")}
    assert files == shown - {"index.html"} - proof
    assert "1 scenario report and 1 school review complete; 1 report failed." in text
    assert "Cell 3 of the notebook stopped. &lt;b&gt;no&lt;/b&gt; data for 900002" in text
    assert text.count(">It is well</td>") == 2


def test_the_engine_is_written_down_with_each_report(batch: BatchResult) -> None:
    with open_ledger(batch.folder, to_read=True) as ledger:
        engines = [entry.engine for entry in read_entries(ledger).values()]
    assert engines == [chosen("auto")] * 3
    manifest = json.loads((batch.folder / MANIFEST).read_text(encoding="utf-8"))
    actions = [one for one in manifest["@graph"] if one["@type"] == "CreateAction"]
    said = f"Run by the papermill engine {chosen('auto')!r}."
    assert [one["description"] for one in actions] == [said] * 3


def test_latest_leads_to_it(batch: BatchResult) -> None:
    assert (batch.folder.parent / "latest" / "index.html").read_bytes() == batch.index.read_bytes()


def test_a_report_says_what_it_was_made_from_without_a_path(batch: BatchResult) -> None:
    page = (batch.folder / str(batch.results[0].files.html)).read_text(encoding="utf-8")
    assert "Digest of the data" in page
    assert "folder demo, as of 31 October 2026" in page
    assert str(paths.home()) not in page


def test_a_killed_worker_costs_only_its_own_report(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("WORKBENCH_HOME", str(make_home(tmp_path / "home", DIES)))
    demo = tmp_path / "demo"
    shutil.copytree(Path(__file__).parents[2] / "data" / "demo", demo)
    seen: list[tuple[int, int]] = []
    batch = run_batch(
        demo, schools=[900003, 900004], scenarios=[], out=tmp_path / "outputs", jobs=1,
        progress=lambda _, done, total: seen.append((done, total)),
    )  # fmt: skip
    assert [result.complete for result in batch.results] == [False, True]
    assert "died" in batch.failed[0].message
    assert seen == [(1, 2), (2, 2)]


def test_a_cell_that_took_too_long_is_told_of_by_its_report_alone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    home = make_home(tmp_path / "home", "import time\ntime.sleep(300)")
    monkeypatch.setenv("WORKBENCH_HOME", str(home))
    batch = run_batch(
        DEMO, schools=[900001], scenarios=[], out=tmp_path / "outputs", jobs=1, cell_seconds=1
    )
    assert [one.message for one in batch.failed] == ["This cell took longer than 1 seconds."]
    assert capfd.readouterr() == ("", "")


# A named result that is no mapping: what reads a notebook back cannot make sense of it.
SPOILS = (
    "from IPython.display import display\n"
    "if urn == 900002: display({'application/vnd.workbench.record+json': 3}, raw=True)"
)


def test_a_report_that_cannot_be_made_a_page_costs_only_itself(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("WORKBENCH_HOME", str(make_home(tmp_path / "home", SPOILS)))
    batch = run_batch(
        DEMO, schools=[900001, 900002], scenarios=[], out=tmp_path / "outputs", jobs=1
    )
    assert [result.complete for result in batch.results] == [True, False]
    assert "could not be made" in batch.failed[0].message
    assert [name for name in everything_in(batch.folder) if "URN900002" in name] == [
        f"notebooks/failed_{stem('school-review_URN900002')}.ipynb"
    ]


def test_a_file_that_cannot_be_written_costs_only_its_own_report(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    in_the_way = f"{stem('school-review_URN900002')}.html"
    # The kernel's start-up folder lies in the run's staging folder: that is how a cell finds it.
    cell = (
        "import os, pathlib\n"
        "if urn == 900002:\n"
        "    run = pathlib.Path(os.environ['IPYTHONDIR']).parents[2]\n"
        f"    (run / {in_the_way!r}).mkdir(parents=True)"
    )
    monkeypatch.setenv("WORKBENCH_HOME", str(make_home(tmp_path / "home", cell)))
    batch = run_batch(
        DEMO, schools=[900001, 900002], scenarios=[], out=tmp_path / "outputs", jobs=1
    )
    assert [result.complete for result in batch.results] == [True, False]
    assert "could not be made" in batch.failed[0].message
    kept = f"notebooks/failed_{stem('school-review_URN900002')}.ipynb"
    assert list(batch.failed[0].files) == [kept]
    assert [name for name in everything_in(batch.folder) if "URN900002" in name] == [kept]
    assert batch.index.is_file()


def test_a_kernel_that_does_not_start_costs_only_its_own_report(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    home = make_home(tmp_path / "home")
    monkeypatch.setenv("WORKBENCH_HOME", str(home))
    (part,) = plan(read_trust(DEMO), schools=[900001], scenarios=[])
    run = new_run(tmp_path / "outputs", "x", dt.datetime.now(dt.UTC))
    monkeypatch.setenv("JUPYTER_PATH", str(tmp_path / "kernel"))
    spec = tmp_path / "kernel" / "kernels" / "python3"
    spec.mkdir(parents=True)
    (spec / "kernel.json").write_text('{"argv": ["/nowhere/python"], "language": "python"}')
    inputs = inputs_of(read_trust(DEMO), dt.datetime.now(dt.UTC))
    result = run_part(part, run, inputs, How(engine="kernel"))
    assert not result.complete
    assert result.message
    assert everything_in(run) == []


# What sets the type is machine code, which hears no exception: it waits for itself for ever.
_WAITS = """
import threading
class TypstError(Exception): ...
class Fonts:
    def __init__(self, **_): ...
def compile(*_, **__):
    held = threading.Lock()
    held.acquire()
    held.acquire()
"""


@pytest.mark.skipif(not hasattr(signal, "alarm"), reason="this system ends no process by itself")
def test_a_page_that_is_never_set_costs_only_its_own_report(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("WORKBENCH_HOME", str(make_home(tmp_path / "home")))
    (tmp_path / "typst.py").write_text(_WAITS)
    monkeypatch.syspath_prepend(tmp_path)  # a worker's too
    parts = plan(read_trust(DEMO), schools=[900001], scenarios=[])
    now = dt.datetime.now(dt.UTC)
    run, inputs = new_run(tmp_path / "outputs", "x", now), inputs_of(read_trust(DEMO), now)
    (result,) = results_of_parts(parts, run, inputs, 1, How(making_seconds=5))
    assert not result.complete
    assert "died twice" in result.message
    assert everything_in(run) == []


@pytest.mark.parametrize("short_of", [OSError(errno.ENOSPC, "No space left"), MemoryError()])
def test_a_machine_that_has_no_room_left_is_told_of_in_words(
    short_of: Exception, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(_: Path) -> None:
        raise short_of

    monkeypatch.setattr("workbench.evidence.batch.open_again", fail)
    with pytest.raises(RunFailed, match=r"No space left|not enough memory") as failed:
        run_batch(DEMO, schools=[900001], scenarios=[], out=tmp_path / "outputs")
    assert "the same command goes on" in str(failed.value)


@pytest.mark.parametrize("what", ["html", "pdf", "notebook", "results"])
def test_a_file_that_was_changed_before_the_run_was_sealed_is_never_sealed_as_made(
    what: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("WORKBENCH_HOME", str(make_home(tmp_path / "home", SHOW)))
    monkeypatch.setattr(sources, "_package", lambda: PACKAGE)
    forged = []

    def forge(result: PartResult, done: int, _: int) -> None:
        (run,) = (one for one in (tmp_path / "outputs").iterdir() if (one / LEDGER).is_file())
        name = results_name(result.part.stem) if what == "results" else getattr(result.files, what)
        if done == 1 and name is not None:
            (run / name).write_bytes(b"forged")
            forged.append(name)

    batch = run_batch(
        DEMO, schools=[900001, 900002], scenarios=[], out=tmp_path / "outputs", jobs=1,
        progress=forge,
    )  # fmt: skip
    if not forged:
        pytest.skip("no PDF can be made here")
    assert [result.complete for result in batch.results] == [False, True]
    said = f"{forged[0]} was changed while the run was going on: run again."
    assert batch.failed[0].message == said
    assert [name for name in everything_in(batch.folder) if "URN900001" in name] == []
    found = [(one.kind, one.words) for one in verify(batch.folder).differences]
    assert found == [("failed", f"has no report: {said}")]
    again = run_batch(DEMO, resume=batch.folder, jobs=1)
    assert (again.exit_code, len(again.kept)) == (0, 1)
    assert verify(batch.folder).differences == ()


def test_a_report_that_stayed_and_was_changed_during_a_resumed_run_fails_too(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    flag = tmp_path / "flag"
    fails = f"import pathlib\nif urn == 900002 and not pathlib.Path({str(flag)!r}).exists(): 1 / 0"
    monkeypatch.setenv("WORKBENCH_HOME", str(make_home(tmp_path / "home", fails)))
    monkeypatch.setattr(sources, "_package", lambda: PACKAGE)
    first = run_batch(
        DEMO, schools=[900001, 900002], scenarios=[], out=tmp_path / "outputs", jobs=1
    )
    flag.touch()
    page = first.folder / str(first.complete[0].files.html)

    def forge(*_: object) -> None:
        page.write_text("better", encoding="utf-8")

    second = run_batch(DEMO, resume=first.folder, jobs=1, progress=forge)
    assert [result.complete for result in second.results] == [False, True]
    assert second.kept == ()
    assert [one.kind for one in verify(first.folder).differences] == ["failed"]


@pytest.mark.parametrize("name", ["page", "zip"])
def test_what_is_changed_while_a_run_is_finished_is_found_afterwards(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("WORKBENCH_HOME", str(make_home(tmp_path / "home")))
    monkeypatch.setattr(sources, "_package", lambda: PACKAGE)

    def finish(run: Run, **given: Any) -> Path:
        page = run.folder / str(run.parts[0].files.html)
        if name == "zip":
            page.write_text("better", encoding="utf-8")
        index = finish_run(run, **given)
        page.write_text("better", encoding="utf-8")
        return index

    monkeypatch.setattr(module, "finish_run", finish)
    given: dict[str, Any] = {"schools": [900001], "scenarios": [], "out": tmp_path / "outputs"}
    if name == "zip":
        with pytest.raises(RunFailed, match="changed while the run was being finished"):
            run_batch(DEMO, **given)
        return
    batch = run_batch(DEMO, **given)
    found = [(one.kind, one.name) for one in verify(batch.folder).differences]
    page = str(batch.results[0].files.html)
    assert found == [("tampered", page)]
    assert read_sums(batch.folder)[page] == batch.run.parts[0].sha256[page]


def test_nothing_is_made_when_anything_asked_for_is_wrong(tmp_path: Path) -> None:
    for wrong in ({"schools": [1]}, {"scenarios": ["no such"]}, {"jobs": 0}, {"cell_seconds": 0}):
        with pytest.raises(BadInput):
            run_batch(paths.demo(), out=tmp_path / "outputs", **wrong)
    assert not (tmp_path / "outputs").exists()
