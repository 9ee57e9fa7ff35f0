"""One runner at a time for a run and for its plan; what a dead one left behind stops nobody."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.evidence.homes import make_home
from workbench import paths
from workbench.errors import BadInput
from workbench.evidence.batch import run_batch
from workbench.evidence.ledger import Request
from workbench.evidence.lock import LOCK, hold, hold_plan, is_held
from workbench.evidence.prepare import digest_of_plan, runs_in
from workbench.evidence.run_file import Paper
from workbench.trust.load import read_trust

DEMO = paths.demo()
HOLDS = (
    "import sys, time, pathlib\n"
    "from workbench.evidence.lock import hold\n"
    "with hold(pathlib.Path(sys.argv[1])):\n"
    "    print('held', flush=True)\n"
    "    time.sleep(600)"
)


def test_a_second_runner_is_refused_and_told_who_was_first(tmp_path: Path) -> None:
    with hold(tmp_path):
        assert is_held(tmp_path)
        with pytest.raises(BadInput, match=f"process {os.getpid()} since"), hold(tmp_path):
            pass
        assert is_held(tmp_path)  # the refused one took nothing away
    assert not is_held(tmp_path)
    assert not (tmp_path / LOCK).exists()


def test_what_a_killed_runner_left_is_taken_over(tmp_path: Path) -> None:
    with subprocess.Popen(
        [sys.executable, "-c", HOLDS, tmp_path], stdout=subprocess.PIPE, text=True
    ) as other:
        assert other.stdout is not None
        assert other.stdout.readline() == "held\n"
        with pytest.raises(BadInput, match=f"process {other.pid} since"), hold(tmp_path):
            pass
        other.kill()
    assert (tmp_path / LOCK).is_file()
    assert not is_held(tmp_path)
    with hold(tmp_path):
        assert is_held(tmp_path)


def test_the_lock_is_let_go_when_the_work_fails(tmp_path: Path) -> None:
    with pytest.raises(RuntimeError), hold(tmp_path):
        raise RuntimeError("no space left")
    assert not is_held(tmp_path)


@pytest.mark.skipif(not Path("/proc/self/fd").exists(), reason="needs to know what is open")
def test_the_lock_goes_where_no_open_file_can_be_removed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = Path.unlink

    def unlink(self: Path, missing_ok: bool = False) -> None:  # as Windows does it
        if self in {one.resolve() for one in Path("/proc/self/fd").iterdir()}:
            raise PermissionError(13, "in use", str(self))
        real(self, missing_ok)

    monkeypatch.setattr(Path, "unlink", unlink)
    with hold(tmp_path), hold_plan(tmp_path, "plan"):
        assert (tmp_path / LOCK).is_file()
    assert list(tmp_path.iterdir()) == []


def test_the_same_command_given_twice_at_once_makes_one_run(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("WORKBENCH_HOME", str(make_home(tmp_path / "home")))
    outputs, refused = tmp_path / "outputs", list[str]()

    def again(*_: object) -> None:
        with pytest.raises(BadInput, match=f"process {os.getpid()} since") as fault:
            run_batch(DEMO, schools=[900001], scenarios=[], out=outputs, jobs=1)
        refused.append(str(fault.value))

    run_batch(DEMO, schools=[900001], scenarios=[], out=outputs, jobs=1, progress=again)
    assert len(refused) == len(runs_in(outputs)) == 1
    assert "these reports are being made already" in refused[0]
    assert "--new" in refused[0]  # how to have two all the same
    assert {one.name for one in outputs.iterdir()} == {runs_in(outputs)[0].name, "latest"}


def test_another_plan_is_made_at_once_and_the_same_where_two_are_wanted(tmp_path: Path) -> None:
    with hold_plan(tmp_path, "a"):
        with hold_plan(tmp_path, "b"), hold_plan(tmp_path, "a", beside=True):
            pass
        with pytest.raises(BadInput, match="being made already"), hold_plan(tmp_path, "a"):
            pass
    with hold_plan(tmp_path, "a"):
        pass


def test_a_plan_is_the_same_only_for_the_same_trust_and_the_same_asked_for() -> None:
    trust = read_trust(DEMO)
    asked = (Request(), Request(schools=(900001,)), Request(paper=Paper(status="For decision")))
    digests = [digest_of_plan(trust, one) for one in asked]
    assert len({*digests}) == len(asked)
    assert digest_of_plan(trust, Request(schools=(900001,))) == digests[1]
