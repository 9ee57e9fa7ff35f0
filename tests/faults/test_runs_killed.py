"""A batch that is harmed leaves nothing torn, no process, and is gone on with where it stopped.

A sample of `python -m tests.faults.kills`: each harm once, to one batch, one after another.
"""

from __future__ import annotations

import random
from pathlib import Path

import pytest

from tests.faults.harms import CELL_SECONDS, HARMS, small_disk
from tests.faults.lives import Round, live
from tests.faults.small_batch import Batch
from workbench.evidence.verify import verify

pytestmark = pytest.mark.skipif(not Path("/proc/self/environ").exists(), reason="needs /proc")
SCHOOLS = range(900001, 900009)
STOPPED = {"SIGKILL": -9, "SIGTERM": 143, "SIGINT": 130}


def test_through_every_harm_nothing_is_torn_or_lost_and_the_end_is_as_if_there_had_been_none(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    batch = Batch(tmp_path, SCHOOLS)
    with small_disk(batch.outputs):
        rounds = live(batch, list(HARMS), random.Random(20261125), early=True)
        assert_as_if_there_had_been_none(batch, rounds, monkeypatch)


def assert_as_if_there_had_been_none(
    batch: Batch, rounds: list[Round], patch: pytest.MonkeyPatch
) -> None:
    assert [(one.kind, one.faults) for one in rounds] == [(kind, []) for kind in HARMS]
    assert {one.kind: one.code for one in rounds if one.kind in STOPPED and one.mid_run} == STOPPED
    (hung,) = (one for one in rounds if one.kind == "timeout")
    assert f"This cell took longer than {CELL_SECONDS} seconds." in hung.failed
    assert batch.run is not None
    patch.setenv("WORKBENCH_HOME", str(batch.home))
    verified = verify(batch.run, rerun=True, jobs=2)  # a run that nobody touches
    assert verified.differences == ()
    assert verified.recomputed == len(SCHOOLS)
