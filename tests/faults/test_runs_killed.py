"""A batch that is harmed leaves nothing torn, no process, and is gone on with where it stopped.

A sample of `python -m tests.faults.kills`: each harm once, to one batch, one after another.
"""

from __future__ import annotations

import random
import resource
from pathlib import Path
from typing import cast

import pytest

from tests.faults import lives
from tests.faults.harms import BALLAST, CELL_SECONDS, HARMS, Harm, fill_disk, small_disk
from tests.faults.kills import outside
from tests.faults.lives import Round, live
from tests.faults.small_batch import Batch

pytestmark = pytest.mark.skipif(not Path("/proc/self/environ").exists(), reason="needs /proc")
SCHOOLS = range(900001, 900007)
STOPPED = {"SIGKILL": -9, "SIGTERM": 143, "SIGINT": 130}


def test_through_every_harm_nothing_is_torn_or_lost_and_the_end_is_as_if_there_had_been_none(
    tmp_path: Path,
) -> None:
    batch = Batch(tmp_path, SCHOOLS)
    with small_disk(batch.outputs):
        rounds = live(batch, list(HARMS), random.Random(20261125), early=True)
    assert [(one.kind, one.faults) for one in rounds] == [(kind, []) for kind in HARMS]
    ended = {one.kind: one.code for one in rounds if one.kind in STOPPED and one.mid_run}
    assert ended == {kind: STOPPED[kind] for kind in ended}
    assert len(ended) >= 2  # a ledger that is just being written is not told from none
    (hung,) = (one for one in rounds if one.kind == "timeout")
    assert f"This cell took longer than {CELL_SECONDS} seconds." in hung.failed


def test_where_no_disk_can_be_mounted_files_are_kept_small_and_that_is_lived_through_too(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    limits = list[int]()

    def noted(batch: Batch, draw: random.Random) -> None:
        fill_disk(batch, draw)
        assert batch.runner is not None
        limits.append(resource.prlimit(batch.runner.pid, resource.RLIMIT_FSIZE)[0])
        assert not (batch.outputs / BALLAST).exists()

    monkeypatch.setitem(cast(dict[str, Harm], HARMS), "full disk", noted)
    monkeypatch.setattr(lives, "ORPHAN_SECONDS", 60.0)  # how fast they end is another test's
    batch = Batch(tmp_path, SCHOOLS[:1])
    (one,) = live(batch, ["full disk"], random.Random(20261125), early=True)
    assert 0 <= limits[0] < (200 << 10) // 8
    assert (one.faults, one.mid_run, one.code, one.rough) == ([], True, 1, "")


def test_kinds_whose_harms_mostly_missed_the_run_are_named() -> None:
    rounds = [
        Round(kind, mid_run=place < within)
        for kind, within in (("SIGKILL", 3), ("SIGINT", 2), ("timeout", 1))
        for place in range(4)
    ]
    assert outside(rounds) == ["timeout"]
