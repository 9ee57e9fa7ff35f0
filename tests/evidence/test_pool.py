"""What a dead worker took along is run again: together, but for what may have killed it."""

from __future__ import annotations

import datetime as dt
import subprocess
import sys
from collections.abc import Generator, Sequence
from pathlib import Path

import pytest

from workbench import paths
from workbench.evidence import pool
from workbench.evidence.plan import Part
from workbench.evidence.provenance import Inputs, inputs_of
from workbench.evidence.store import new_run
from workbench.evidence.worker import How, PartResult
from workbench.trust.load import Trust


def part(name: str) -> Part:
    return Part("school", name, name, "school_review", {}, name)


class Workers:
    """Stand-ins for worker processes: some parts kill theirs, and none starts without memory."""

    def __init__(self, *killers: str, start: bool = True) -> None:
        self.killers, self.start, self.pools = killers, start, list[tuple[str, int]]()

    def run(
        self, parts: Sequence[Part], run: Path, inputs: Inputs, workers: int, how: How
    ) -> Generator[PartResult, None, list[Part]]:
        self.pools.append(("".join(one.stem for one in parts), workers))
        if not self.start:
            return list(parts)
        for number, one in enumerate(parts):
            if one.stem in self.killers:
                begun = parts[number : number + workers]  # the others work on theirs
                for other in begun:
                    (run / ".staging" / f"begun-{other.stem}").touch()
                return list(parts[number:])
            yield PartResult(one, True)
        return []


def results(
    workers: Workers, trust: Trust, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> dict[str, bool]:
    monkeypatch.setattr(pool, "_pooled", workers.run)
    now = dt.datetime.now(dt.UTC)
    run, inputs = new_run(tmp_path, "x", now), inputs_of(trust, now)
    found = list(pool.results_of_parts([part(name) for name in "abcdefgh"], run, inputs, 2))
    assert len(found) == 8
    return {one.part.stem: one.complete for one in found}


def test_only_what_was_begun_when_a_worker_died_is_run_alone(
    demo_trust: Trust, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    workers = Workers("b", "e")
    whole = results(workers, demo_trust, tmp_path, monkeypatch)
    assert {name for name in whole if not whole[name]} == {"b", "e"}
    assert workers.pools == [
        ("abcdefgh", 2), ("defgh", 2), ("gh", 2), ("bcef", 1), ("cef", 1), ("f", 1),
    ]  # fmt: skip


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


_STARVED = """
import concurrent.futures.process, datetime, pathlib, sys, threading
from workbench import paths
from workbench.evidence import lifeline, pool
from workbench.evidence.plan import Part
from workbench.evidence.provenance import inputs_of
from workbench.evidence.store import new_run
from workbench.trust.load import read_trust

which, born = sys.argv[2], threading.Thread._bootstrap_inner
Tender = concurrent.futures.process._ExecutorManagerThread

def starved(thread):
    kinds = {
        "feeder": "QueueFeeder" in thread.name,
        "tender": isinstance(thread, Tender),
        "lifeline": vars(thread).get("_target") is lifeline._end_with,
    }
    if not kinds.get(which):
        born(thread)

def failing(thread):
    raise MemoryError

threading.Thread._bootstrap_inner = starved
if which == "tender, later":
    Tender.run = failing
pool._LOOK_SECONDS, lifeline.START_SECONDS = 1.0, 5

if __name__ == "__main__":
    now = datetime.datetime.now(datetime.UTC)
    run = new_run(pathlib.Path(sys.argv[1]), "x", now)
    inputs = inputs_of(read_trust(paths.home() / "data" / "demo"), now)
    parts = [Part("school", name, name, "school_review", {}, name) for name in "ab"]
    try:
        made = list(pool.results_of_parts(parts, run, inputs, 2))
    except MemoryError:
        print("out of memory")
    else:
        print(sorted((one.part.stem, one.complete) for one in made))
"""


@pytest.mark.parametrize(
    ("which", "said"),
    [
        ("feeder", "[('a', False), ('b', False)]\n"),
        ("tender", "out of memory\n"),
        ("tender, later", "[('a', False), ('b', False)]\n"),
        ("lifeline", "[('a', False), ('b', False)]\n"),
    ],
)
def test_a_thread_that_died_for_want_of_memory_before_it_ran_is_not_waited_for(
    which: str, said: str, tmp_path: Path
) -> None:
    code = tmp_path / "starved.py"
    code.write_text(_STARVED, encoding="utf-8")
    done = subprocess.run(
        [sys.executable, str(code), str(tmp_path), which],
        capture_output=True, text=True, timeout=300, check=False, cwd=paths.home(),
    )  # fmt: skip
    assert done.stdout == said, done.stderr
    assert done.returncode == 0
