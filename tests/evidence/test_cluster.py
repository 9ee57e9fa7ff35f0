"""On a cluster that shares no disk, reports come out as here, even when a worker is lost."""

from __future__ import annotations

import json
import os
import pickle
import shutil
import signal
import subprocess
import sys
import threading
import time
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from tests.evidence.homes import SHOW, make_home
from tests.evidence.test_maker import standing
from workbench import paths
from workbench.errors import BadInput
from workbench.evidence.batch import BatchResult, run_batch
from workbench.evidence.cluster import LARGEST_TASK, _Queue, _refuse_strangers
from workbench.evidence.plan import Part
from workbench.evidence.prepare import runs_in
from workbench.evidence.worker import PartResult

DEMO = paths.demo()
SCHOOLS = tuple(range(900001, 900006))
HELD_UP = SCHOOLS[2]
PATIENCE_SECONDS = 300.0  # on a machine that does much else
pytestmark = pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="needs /proc")
# The first to make this school's report says which process it is, and waits to be killed.
WAITS = """
import os, pathlib, time
begun, lost = pathlib.Path({folder!r}, "begun"), pathlib.Path({folder!r}, "lost")
end = time.monotonic() + {patience}
if urn == {school} and not lost.exists():
    begun.with_suffix(".part").write_text(str(os.getpid()))
    begun.with_suffix(".part").rename(begun)
    while not lost.exists() and time.monotonic() < end:
        time.sleep(0.1)
"""


@dataclass(frozen=True)
class Machines:
    """A scheduler and two workers, each started by its command in a session of its own."""

    address: str
    workers: tuple[subprocess.Popen[bytes], ...]
    folder: Path

    def lose_the_one_that_began(self) -> None:
        """Kill the worker in whose hands the held-up report is, with all that it consists of."""
        begun = self.folder / "begun"
        end = time.monotonic() + PATIENCE_SECONDS
        while not begun.exists() and time.monotonic() < end:
            time.sleep(0.1)
        above = set(ancestors(int(begun.read_text())))
        (worker,) = (one for one in self.workers if one.pid in above)
        os.killpg(worker.pid, signal.SIGKILL)
        worker.wait()
        (self.folder / "lost").touch()


def ancestors(process: int) -> Iterator[int]:
    """Yield the process that started a process, and the one before, and so on."""
    while process > 1:
        stat = Path(f"/proc/{process}/stat").read_text()
        process = int(stat.rsplit(")", 1)[1].split()[1])
        yield process


@pytest.fixture(scope="module")
def machines(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Machines]:
    """The documented commands, on this machine, and notebooks of which one waits."""
    folder = tmp_path_factory.mktemp("machines")
    waits = WAITS.format(folder=str(folder), patience=PATIENCE_SECONDS, school=HELD_UP)
    home = make_home(folder / "home", SHOW, waits)
    (folder / "lost").touch()  # until a test removes it, nothing waits
    told = folder / "scheduler.json"
    log = (folder / "log").open("wb")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("WORKBENCH_HOME", str(home))
        patch.setenv("PYTHONPATH", str(Path(__file__).parents[2]))
        started = [command(log, "scheduler", "--scheduler-file", told, "--port", 0)]
        try:
            started += [
                command(log, "worker", "--scheduler-file", told, "--nthreads", 1,
                        "--local-directory", folder / f"worker-{number}")
                for number in range(2)
            ]  # fmt: skip
            end = time.monotonic() + PATIENCE_SECONDS
            while not told.exists() and time.monotonic() < end:
                time.sleep(0.1)
            yield Machines(address_in(told), tuple(started[1:]), folder)
        finally:
            for one in started:
                if one.poll() is None:
                    os.killpg(one.pid, signal.SIGKILL)
                    one.wait()
            log.close()


def command(log: Any, *arguments: object) -> subprocess.Popen[bytes]:
    """Start one of Dask's commands."""
    here = ("--host", "127.0.0.1", "--no-dashboard")
    return subprocess.Popen(
        [sys.executable, "-m", "dask", *map(str, arguments), *here],
        stdout=log,
        stderr=log,
        start_new_session=True,
    )


def address_in(told: Path) -> str:
    return str(json.loads(told.read_text())["address"])


def results_in(run: Path) -> dict[str, bytes]:
    """Return the results of each report of a run: what has neither time nor place in it."""
    return {path.name: path.read_bytes() for path in sorted(run.glob("results/*.json"))}


def names_in(run: Path) -> list[str]:
    return sorted(path.relative_to(run).as_posix() for path in run.rglob("*") if path.is_file())


@pytest.fixture(scope="module")
def stopped_and_resumed(machines: Machines) -> tuple[BatchResult, int]:
    """A batch that was stopped on the cluster by Ctrl-C, and finished on this machine."""
    outputs, seen = machines.folder / "stopped", []

    def stop(result: PartResult, done: int, _: int) -> None:
        seen.append(result.complete)
        if done == 2:
            raise KeyboardInterrupt

    own = Path(shutil.copy(paths.scenarios() / "steady.yaml", machines.folder / "own.yaml"))
    with pytest.raises(KeyboardInterrupt):
        run_batch(
            DEMO, schools=SCHOOLS, scenarios=[str(own)], out=outputs, cluster=machines.address,
            progress=stop,
        )  # fmt: skip
    assert seen == [True, True]
    (run,) = runs_in(outputs)
    return run_batch(DEMO, resume=run, out=outputs, jobs=1), len(seen)


def test_a_batch_stopped_on_a_cluster_is_gone_on_with_here(
    stopped_and_resumed: tuple[BatchResult, int],
) -> None:
    batch, before = stopped_and_resumed
    assert batch.failed == ()
    assert len(batch.why) == len(SCHOOLS) + 1 - before
    assert set(batch.why.values()) == {"it was never finished"}


def test_a_lost_worker_costs_time_and_nothing_else(
    machines: Machines, stopped_and_resumed: tuple[BatchResult, int]
) -> None:
    (machines.folder / "lost").unlink()
    killer = threading.Thread(target=machines.lose_the_one_that_began)
    killer.start()
    batch = run_batch(
        DEMO, schools=SCHOOLS, scenarios=[str(machines.folder / "own.yaml")],
        out=machines.folder / "lost-a-worker", cluster=machines.address, engine="warm",
    )  # fmt: skip
    killer.join()
    assert [one.poll() is None for one in machines.workers].count(True) == 1, "one was killed"
    assert batch.failed == ()
    assert {result.engine for result in batch.results} == {"warm"}
    here = stopped_and_resumed[0]
    assert results_in(batch.folder) == results_in(here.folder)
    assert len(results_in(batch.folder)) == len(SCHOOLS) + 1
    assert names_in(batch.folder) == names_in(here.folder)
    for path in batch.folder.rglob("*"):
        if path.is_file() and path.suffix in {".ipynb", ".html", ".json"}:
            assert "/worker-" not in path.read_text(encoding="utf-8"), path


@dataclass(frozen=True)
class Cluster:
    """A cluster whose workers answer as they are told to."""

    answers: dict[str, object]

    def run(self, *_: object, **__: object) -> dict[str, object]:
        return self.answers


def test_a_cluster_with_a_stranger_is_refused_by_name() -> None:
    mine = standing()
    same, other = pickle.dumps(mine), pickle.dumps(standing(Python="3.12"))
    client: Any = Cluster({"tcp://a:1": same})
    _refuse_strangers(client, "s", "auto", [], mine)
    for answer, said in (
        (other, "Python"),
        (pickle.dumps(ImportError("no weasyprint")), "no weasyprint"),
        (ModuleNotFoundError("No module named 'workbench'"), "cannot be run there"),
    ):
        client = Cluster({"tcp://a:1": same, "tcp://b:1": answer})
        with pytest.raises(BadInput, match=said) as refused:
            _refuse_strangers(client, "s", "auto", [], mine)
        assert refused.value.where == "worker tcp://b:1"
        assert "1 of the cluster's workers" in refused.value.what


def parts(number: int) -> list[Part]:
    return [Part("school", str(n), "", "school_review", {}, f"stem-{n}") for n in range(number)]


def test_tasks_grow_until_they_take_a_second_and_never_too_large() -> None:
    queue = _Queue(deque(parts(100)))
    assert len(queue.take()) == 1, "before anything is known"
    for seconds, size in ((0.25, 4), (2.0, 1), (0.001, LARGEST_TASK)):
        queue.seconds, queue.done = 0.0, 0
        queue.note(PartResult(parts(1)[0], True, seconds=seconds))
        assert len(queue.take()) == size


def test_parts_that_took_their_worker_along_are_run_again_each_alone() -> None:
    queue = _Queue(deque(), seconds=0.001, done=1)
    queue.lost(parts(3))
    assert [len(queue.take()) for _ in range(3)] == [1, 1, 1]


def test_jobs_and_a_cluster_are_not_given_together(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="a cluster"):
        run_batch(DEMO, out=tmp_path / "outputs", jobs=2, cluster="tcp://127.0.0.1:1")
    assert not (tmp_path / "outputs").exists()
