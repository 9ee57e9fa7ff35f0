"""A folder that cannot be written is refused in words, before any work where that can be seen."""

from __future__ import annotations

import errno
import os
from pathlib import Path

import pytest

from workbench import paths
from workbench.errors import BadInput, RunFailed
from workbench.evidence import batch as module
from workbench.evidence.batch import run_batch
from workbench.evidence.disk import in_words
from workbench.evidence.ledger import open_ledger
from workbench.evidence.names import LEDGER


@pytest.mark.parametrize(
    "number", ["EACCES", "EPERM", "ENOTDIR", "ENOENT", "EROFS", "ENOSPC", "EMFILE", "EAGAIN"]
)
def test_every_way_not_to_be_written_has_words(number: str, tmp_path: Path) -> None:
    code = getattr(errno, number)
    with pytest.raises(RunFailed, match=os.strerror(code)) as failed, in_words(tmp_path):
        raise OSError(code, os.strerror(code))
    assert "the same command goes on" in str(failed.value)


def test_other_faults_stay_what_they_are(tmp_path: Path) -> None:
    with pytest.raises(OSError, match="pipe"), in_words(tmp_path):
        raise OSError(errno.EPIPE, "pipe")


@pytest.mark.parametrize("out", ["file", "file/within", "/proc/nowhere/runs"])
def test_a_folder_that_can_hold_no_run_is_refused_before_any_work(
    out: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    if out.startswith("/proc") and not Path("/proc/self").exists():
        pytest.skip("needs a file system that nothing can be made in")
    (tmp_path / "file").write_text("", encoding="utf-8")

    def never(*_: object) -> None:
        raise AssertionError("work was begun")

    monkeypatch.setattr(module, "workers_of", never)
    with pytest.raises(BadInput, match="no run can be kept in") as refused:
        run_batch(paths.demo(), schools=[900001], scenarios=[], out=tmp_path / out)
    assert "--out" in str(refused.value)


@pytest.mark.parametrize(("to_read", "fault"), [(True, BadInput), (False, RunFailed)])
def test_a_ledger_that_cannot_be_opened_is_told_of_in_words(
    to_read: bool, fault: type[Exception], tmp_path: Path
) -> None:
    run = tmp_path / "gone"
    if to_read:
        run.mkdir()
        (run / LEDGER).mkdir()
    with pytest.raises(fault, match="ledger of this run"), open_ledger(run, to_read=to_read):
        pass
