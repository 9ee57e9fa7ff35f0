"""One parent process for all workers of a batch, whoever of them ends first."""

from __future__ import annotations

import multiprocessing
import os
import signal
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from multiprocessing.connection import Connection
from multiprocessing.process import BaseProcess
from pathlib import Path

import pytest

from tests.evidence.engines.notebooks import gone
from workbench.evidence.engines.leases import can_fork, lend, share_parent, take_parent

pytestmark = pytest.mark.skipif(not can_fork(), reason="this system cannot fork")
SECONDS = 60


def worker(share: socket.socket | None, said: Connection) -> None:
    """Have interpreters forked when asked, and say the process of each and of its parent."""
    if share is not None:
        take_parent(share)
    while said.recv():
        lease = lend("/", SECONDS)
        above = Path(f"/proc/{lease.process}/stat").read_text().rsplit(")", 1)[1].split()[1]
        said.send((lease.process, int(above)))


class Worker:
    """A worker of a test."""

    def __init__(self, process: BaseProcess, line: Connection) -> None:
        self.process, self._line = process, line

    def lend(self) -> tuple[int, int]:
        """Return the process of a new interpreter, and that which it was forked from."""
        self._line.send(True)
        assert self._line.poll(SECONDS)
        process, above = self._line.recv()
        return process, above

    def end(self) -> None:
        self.process.kill()
        self.process.join()


@contextmanager
def two_workers(share: socket.socket | None) -> Iterator[tuple[Worker, Worker]]:
    spawn, started = multiprocessing.get_context("spawn"), list[Worker]()
    for _ in range(2):
        ours, theirs = spawn.Pipe()
        process = spawn.Process(target=worker, args=(share, theirs))
        process.start()
        theirs.close()
        started.append(Worker(process, ours))
    try:
        yield started[0], started[1]
    finally:
        for one in started:
            one.end()


def test_workers_share_one_parent_and_each_takes_its_own_interpreters_along() -> None:
    with share_parent() as share, two_workers(share) as (first, second):
        (one, above), (other, other_above) = first.lend(), second.lend()
        assert above == other_above
        first.end()
        assert gone(one)
        os.kill(other, 0)
        assert second.lend()[1] == above
        second.end()
        assert gone(other)
        os.kill(above, 0)  # the process that started it may start more workers
    assert gone(above)


def test_a_shared_parent_that_was_killed_is_replaced_by_one_of_each_workers_own() -> None:
    with share_parent() as share, two_workers(share) as (first, second):
        _, above = first.lend()
        os.kill(above, signal.SIGKILL)
        assert gone(above)
        own, other = first.lend()[1], second.lend()[1]
        assert len({above, own, other}) == 3


def test_workers_that_are_given_none_have_one_each() -> None:
    with two_workers(None) as (first, second):
        assert first.lend()[1] != second.lend()[1]


def test_where_no_process_can_be_started_nothing_is_shared(monkeypatch: pytest.MonkeyPatch) -> None:
    def starved(*_: object, **__: object) -> None:
        raise OSError("Cannot allocate memory")

    monkeypatch.setattr("workbench.evidence.engines.leases.subprocess.Popen", starved)
    with share_parent() as share:
        assert share is None
