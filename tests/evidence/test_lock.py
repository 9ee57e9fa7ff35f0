"""One runner at a time; what a dead one left behind stops nobody."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from workbench.errors import BadInput
from workbench.evidence.lock import LOCK, hold, is_held

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
