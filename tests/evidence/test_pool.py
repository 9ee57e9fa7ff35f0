"""What a dead worker took along is run again, and nobody waits for what cannot come."""

from __future__ import annotations

import datetime as dt
import errno
import multiprocessing
import signal
import subprocess
import sys
from collections.abc import Generator, Sequence
from multiprocessing.connection import Connection
from multiprocessing.context import SpawnProcess
from pathlib import Path

import pytest

from workbench import paths
from workbench.evidence import pool
from workbench.evidence.lifeline import READY
from workbench.evidence.plan import Part
from workbench.evidence.pool import Results, results_of_parts
from workbench.evidence.provenance import Inputs, inputs_of
from workbench.evidence.store import new_run
from workbench.evidence.worker import DIED, How, PartResult
from workbench.trust.load import Trust


def part(name: str) -> Part:
    return Part("school", name, name, "school_review", {}, name)


class Workers:
    """Stand-ins for worker processes: some parts kill theirs, and none starts without memory."""

    def __init__(self, *killers: str, start: bool = True) -> None:
        self.killers, self.start, self.pools = killers, start, list[tuple[str, int]]()

    def run(
        self, parts: Sequence[Part], run: Path, inputs: Inputs, workers: int, how: How
    ) -> Generator[PartResult, None, tuple[list[Part], list[Part]]]:
        self.pools.append(("".join(one.stem for one in parts), workers))
        if not self.start:
            return [], list(parts)
        for one in parts:
            if one.stem not in self.killers:
                yield PartResult(one, True)
        return [one for one in parts if one.stem in self.killers], []


def results(
    workers: Workers, trust: Trust, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> dict[str, bool]:
    monkeypatch.setattr(pool, "_pooled", workers.run)
    now = dt.datetime.now(dt.UTC)
    run, inputs = new_run(tmp_path, "x", now), inputs_of(trust, now)
    found = list(pool.results_of_parts([part(name) for name in "abcdefgh"], run, inputs, 2))
    assert len(found) == 8
    return {one.part.stem: one.complete for one in found}


def test_what_killed_its_worker_is_run_again_last_and_alone(
    demo_trust: Trust, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    workers = Workers("b", "e")
    whole = results(workers, demo_trust, tmp_path, monkeypatch)
    assert {name for name in whole if not whole[name]} == {"b", "e"}
    assert workers.pools == [("abcdefgh", 2), ("be", 1)]


def test_where_no_worker_can_start_everything_fails_and_nothing_is_tried_for_ever(
    demo_trust: Trust, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    workers = Workers(start=False)
    whole = results(workers, demo_trust, tmp_path, monkeypatch)
    assert not any(whole.values())
    assert workers.pools == [("abcdefgh", 2), ("abcdefgh", 1)]


def test_a_worker_watches_its_lifeline_before_anything_long_is_imported() -> None:
    code = (
        "import sys\nfrom workbench.evidence import lifeline\n"
        "long = {'papermill', 'nbformat', 'numpy', 'pandas', 'workbench.evidence.worker'}\n"
        "print(sorted(long & set(sys.modules)))"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=paths.home()
    )
    assert done.stdout == "[]\n"


def test_a_worker_whose_starter_is_gone_ends_while_it_imports(tmp_path: Path) -> None:
    code = (
        "import builtins, multiprocessing, sys, time\nfrom pathlib import Path\n"
        "from workbench.evidence import lifeline\n"
        "real = builtins.__import__\n"
        "def slow(name, *rest):\n"
        "    if name.endswith('evidence.worker'):\n"
        "        print('imports', flush=True)\n        other.close()\n        time.sleep(300)\n"
        "    return real(name, *rest)\n"
        "mine, other = multiprocessing.Pipe(duplex=False)\n"
        "builtins.__import__ = slow\n"
        f"lifeline.start(Path({str(tmp_path)!r}), mine, 'kernel')"
    )
    done = subprocess.run(
        [sys.executable, "-c", code],
        capture_output=True, text=True, check=False, cwd=paths.home(), timeout=120,
    )  # fmt: skip
    assert (done.stdout, done.stderr, done.returncode) == ("imports\n", "", 1)


# Imported by the workers too, which then make parts in this way.
_MAKES = """
import collections, datetime, os, pathlib, signal, sys, threading, time
from workbench import paths
from workbench.evidence import lifeline, pool, worker
from workbench.evidence.plan import Part
from workbench.evidence.provenance import inputs_of
from workbench.evidence.store import new_run
from workbench.trust.load import read_trust

folder, which = pathlib.Path(sys.argv[1]), sys.argv[2]
born = threading.Thread._bootstrap_inner

def made(part, run, inputs, how):
    (folder / f"{part.stem} {os.getpid()}").touch()
    if part.stem == "b":
        os.kill(os.getpid(), signal.SIGKILL)
    if part.stem == "c":
        raise ValueError("no such school")
    if part.stem == "d" and which == "late":
        with lifeline.ended_if_late(1):
            time.sleep(300)
    return worker.PartResult(part, True)

def starved(thread):
    if vars(thread).get("_target") is not lifeline._end_with:
        born(thread)

worker.make_part = made
if which == "starved":
    lifeline.THREAD_SECONDS, threading.Thread._bootstrap_inner = 3, starved

if __name__ == "__main__":
    now = datetime.datetime.now(datetime.UTC)
    run = new_run(folder, "x", now)
    inputs = inputs_of(read_trust(paths.home() / "data" / "demo"), now)
    parts = [Part("school", name, name, "school_review", {}, name) for name in "abcdef"]
    threads, found = threading.active_count(), {}
    for one in pool.results_of_parts(parts, run, inputs, 2, worker.How("kernel")):
        found[one.part.stem] = one.message
        threads = max(threads, threading.active_count())
    tries = collections.Counter(one.name[0] for one in folder.iterdir() if " " in one.name)
    print(threads, sorted(found.items()), sorted(tries.items()))
"""
NO_SUCH = "The report could not be made: no such school"


def made(tmp_path: Path, which: str) -> str:
    code = tmp_path / "makes.py"
    code.write_text(_MAKES, encoding="utf-8")
    done = subprocess.run(
        [sys.executable, str(code), str(tmp_path), which],
        capture_output=True, text=True, timeout=300, check=False, cwd=paths.home(),
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_a_dead_worker_costs_the_part_it_had_and_whoever_gives_out_work_has_no_threads(
    tmp_path: Path,
) -> None:
    found = dict.fromkeys("abcdef", "") | {"b": DIED, "c": NO_SUCH}
    tries = dict.fromkeys("abcdef", 1) | {"b": 2}
    assert made(tmp_path, "") == f"1 {sorted(found.items())} {sorted(tries.items())}\n"


@pytest.mark.skipif(not hasattr(signal, "alarm"), reason="this system ends no process by itself")
def test_a_worker_that_is_late_is_ended_and_another_goes_on(tmp_path: Path) -> None:
    found = dict.fromkeys("abcdef", "") | {"b": DIED, "c": NO_SUCH, "d": DIED}
    tries = dict.fromkeys("abcdef", 1) | {"b": 2, "d": 2}
    assert made(tmp_path, "late") == f"1 {sorted(found.items())} {sorted(tries.items())}\n"


@pytest.mark.skipif(not hasattr(signal, "alarm"), reason="this system ends no process by itself")
def test_a_worker_whose_thread_died_for_want_of_memory_before_it_ran_is_not_waited_for(
    tmp_path: Path,
) -> None:
    found = dict.fromkeys("abcdef", pool.NONE_STARTED)
    assert made(tmp_path, "starved") == f"1 {sorted(found.items())} []\n"


class Staff:
    """Workers that have answered before they are asked, by processes that end at once.

    Args:
        parts: What they answer, in turns.
        most: Workers that can be started; no file can be opened for another.
    """

    def __init__(self, parts: Sequence[Part], most: int) -> None:
        self.answers = [parts[place::most] for place in range(most)]
        self.hired, self.theirs = list[SpawnProcess](), list[Connection]()

    def hire(self, _: object) -> pool._Worker:
        if len(self.hired) == len(self.answers):
            raise OSError(errno.EMFILE, "Too many open files")
        mine, its = multiprocessing.Pipe()
        for said in (READY, *(PartResult(one, True) for one in self.answers[len(self.hired)])):
            its.send(said)
        process = multiprocessing.get_context("spawn").Process(target=int)
        process.start()
        self.hired.append(process)
        self.theirs.append(its)
        return pool._Worker(process, mine)


def pooled(staff: Staff, parts: Sequence[Part], trust: Trust, tmp_path: Path) -> Results:
    run = new_run(tmp_path, "x", dt.datetime.now(dt.UTC))
    return results_of_parts(parts, run, inputs_of(trust, dt.datetime.now(dt.UTC)), 2, How("kernel"))


def test_where_no_more_workers_can_be_started_those_that_there_are_go_on(
    demo_trust: Trust, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    parts = [part(name) for name in "abcd"]
    staff = Staff(parts, 1)
    monkeypatch.setattr(pool, "_hired", staff.hire)
    assert [one.part for one in pooled(staff, parts, demo_trust, tmp_path)] == parts
    monkeypatch.setattr(pool, "_hired", Staff(parts, 0).hire)
    with pytest.raises(OSError, match="Too many open files"):
        next(pooled(staff, parts, demo_trust, tmp_path))


def test_a_batch_that_is_stopped_while_its_workers_leave_is_stopped_and_nothing_else(
    demo_trust: Trust, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    end = pool._Worker.end

    def stopped(worker: pool._Worker, *, gently: bool = False) -> None:
        end(worker, gently=gently)
        if gently:
            raise KeyboardInterrupt

    parts = [part(name) for name in "abcd"]
    staff = Staff(parts, 2)
    monkeypatch.setattr(pool, "_hired", staff.hire)
    monkeypatch.setattr(pool._Worker, "end", stopped)
    made = pooled(staff, parts, demo_trust, tmp_path)
    assert len([next(made) for _ in parts]) == 4
    with pytest.raises(KeyboardInterrupt):
        next(made)
    assert [one.is_alive() for one in staff.hired] == [False, False]
