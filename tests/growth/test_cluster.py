"""On a cluster of two processes the bytes are those of one machine, even when a process dies."""

from __future__ import annotations

import os
import signal
import socket
import time
from collections.abc import Callable, Iterator
from functools import partial
from threading import Thread
from typing import Any

import numba
import numpy as np
import pytest
from distributed import Client, LocalCluster

from tests.growth.pieces import joined
from tests.growth.settings import random_setting
from workbench.errors import BadInput, RunFailed
from workbench.growth import cluster
from workbench.growth.cluster import over
from workbench.growth.ranges import Ranges, threaded
from workbench.growth.setting import Setting
from workbench.growth.simulate import Trajectories, run_curve, run_range

EVENTS = 4
ANY_PORT = ":0"
R = 1200


@pytest.fixture(scope="module")
def workers() -> Iterator[LocalCluster]:
    """A scheduler and two worker processes on this machine."""
    with LocalCluster(
        n_workers=2, threads_per_worker=1, processes=True, dashboard_address=ANY_PORT
    ) as two:
        yield two


@pytest.fixture(scope="module")
def setting() -> Setting:
    """A random trust with joiners, with R trajectories to run."""
    return random_setting(3, draws=R // EVENTS)


def simulated(ranges: Ranges, setting: Setting, work: Callable[..., Any] = run_range) -> bytes:
    """All bytes of R trajectories run over ranges."""
    whole = partial(work, events=EVENTS, record=True)
    return content(joined([piece for _, piece in ranges(whole, setting, R)]))


def content(result: Trajectories) -> bytes:
    """The bytes of a result."""
    parts = (result.breach, result.secured, result.series, result.moves)
    return b"".join(np.ascontiguousarray(part).tobytes() for part in parts)


def slowly(setting: Setting, first: int, last: int, *, seconds: float, **options: Any) -> Any:
    """The model on a machine so slow that there is time to kill it; its trial is spared."""
    if first > 0:
        time.sleep(seconds)
    return run_range(setting, first, last, **options)


@pytest.mark.parametrize("work_seconds", [0.004, 0.25])
def test_a_cluster_gives_the_bytes_of_one_machine(
    workers: LocalCluster, setting: Setting, work_seconds: float, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(cluster, "WORK_SECONDS", work_seconds)
    alone = {simulated(threaded(n, chunk), setting) for n, chunk in ((1, R), (2, 256), (4, 7))}
    with over(workers.scheduler_address) as ranges:
        assert {simulated(ranges, setting)} == alone


def test_a_curve_over_joiners_is_the_same_bytes_too(
    workers: LocalCluster, setting: Setting
) -> None:
    with over(workers.scheduler_address) as ranges:
        far = run_curve(setting, R, first=R // 2, ranges=ranges)
    near = run_curve(setting, R, first=R // 2)
    assert [breach.tobytes() for breach in far] == [breach.tobytes() for breach in near]
    assert len(far) == setting.joiners + 1


def test_a_killed_worker_costs_time_and_no_result(
    workers: LocalCluster, setting: Setting, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(cluster, "chunk_of", lambda _: 50)
    work = partial(slowly, seconds=0.1, events=EVENTS, record=True)
    pieces: list[Trajectories] = []
    with over(workers.scheduler_address) as ranges:
        for count, piece in ranges(work, setting, R):
            pieces.append(piece)
            assert count == len(piece.breach) == 50
            if len(pieces) == 6:
                kill(workers, 1)
    assert content(joined(pieces)) == simulated(threaded(2), setting)


def kill(workers: LocalCluster, count: int) -> None:
    """Kill worker processes outright."""
    with Client(workers.scheduler_address, set_as_default=False) as client:
        client.wait_for_workers(2, timeout=60)  # another test may have killed one
        processes = list(client.run(os.getpid).values())
    for process in processes[:count]:
        os.kill(process, signal.SIGKILL)


def test_the_setting_is_sent_again_when_all_that_held_it_died(
    workers: LocalCluster, setting: Setting, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(cluster, "chunk_of", lambda _: 300)
    sent: list[int] = []
    gathered = cluster._gathered

    def noted(client: Client, work: Any, setting: Setting, begin: int, end: int) -> Any:
        sent.append(begin)
        return gathered(client, work, setting, begin, end)

    monkeypatch.setattr(cluster, "_gathered", noted)
    work = partial(slowly, seconds=1.0, events=EVENTS, record=True)
    pieces = []
    with over(workers.scheduler_address) as ranges:
        for _, piece in ranges(work, setting, R):
            pieces.append(piece)
            if len(pieces) == 1:
                kill(workers, 2)
    assert sent == [0, 300], "from the first trajectory that was lost, once"
    assert content(joined(pieces)) == simulated(threaded(2), setting)


def failing(_: Setting, first: int, __: int) -> int:
    """Work with a fault of its own."""
    raise ZeroDivisionError(f"at {first}")


def test_a_fault_of_the_work_itself_is_not_hidden(workers: LocalCluster, setting: Setting) -> None:
    with (
        over(workers.scheduler_address) as ranges,
        pytest.raises(ZeroDivisionError, match="at 0"),
    ):
        list(ranges(failing, setting, R))


def test_a_cluster_that_lost_every_worker_is_given_up_on(
    setting: Setting, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(cluster, "PATIENCE_SECONDS", 1.0)
    monkeypatch.setattr(cluster, "LOOK_SECONDS", 0.5)
    monkeypatch.setattr(cluster, "chunk_of", lambda _: 300)
    work = partial(slowly, seconds=5.0, events=EVENTS)
    with (
        LocalCluster(n_workers=1, processes=False, dashboard_address=ANY_PORT) as one,
        over(one.scheduler_address) as ranges,
    ):
        pieces = ranges(work, setting, R)
        next(pieces)
        one.scale(0)
        with pytest.raises(RunFailed, match="no worker for 1 seconds"):
            list(pieces)


def test_an_address_where_nothing_answers_is_refused(
    unused: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert cluster.CONNECT_SECONDS <= 10
    monkeypatch.setattr(cluster, "CONNECT_SECONDS", 1.0)
    for address in (f"tcp://127.0.0.1:{unused}", f"127.0.0.1:{unused}", "nonsense://here", ""):
        with pytest.raises(BadInput, match="no Dask scheduler answers") as raised, over(address):
            pass
        assert raised.value.mend


@pytest.fixture
def unused() -> int:
    """A port that nobody listens on."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])


def test_a_port_that_is_no_scheduler_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cluster, "CONNECT_SECONDS", 1.0)
    for said in (b"", b"HTTP/1.1 400 Bad Request\r\n\r\n"):
        with socket.create_server(("127.0.0.1", 0)) as other:
            Thread(target=answer, args=(other, said), daemon=True).start()
            address = f"tcp://127.0.0.1:{other.getsockname()[1]}"
            with pytest.raises(BadInput, match="no Dask scheduler answers"), over(address):
                pass


def answer(server: socket.socket, said: bytes) -> None:
    """Say something to the first caller, and hold the line until it hangs up."""
    caller, _ = server.accept()
    with caller:
        caller.sendall(said)
        while caller.recv(1024):
            pass


def test_a_cluster_without_workers_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cluster, "CONNECT_SECONDS", 1.0)
    with (
        LocalCluster(n_workers=0, dashboard_address=ANY_PORT) as none,
        pytest.raises(BadInput, match="has no worker"),
        over(none.scheduler_address),
    ):
        pass


def test_workers_of_another_version_are_refused_before_anything_runs(
    workers: LocalCluster, monkeypatch: pytest.MonkeyPatch
) -> None:
    with over(workers.scheduler_address):
        pass
    monkeypatch.setattr(numba, "__version__", "0.1")
    monkeypatch.setattr(cluster, "passport", cluster.passport.__wrapped__)  # not remembered
    with (
        pytest.raises(BadInput, match="workers cannot give the same bytes") as raised,
        over(workers.scheduler_address),
    ):
        pytest.fail("it was let in")
    assert "Numba" in raised.value.what
    assert "there and 0.1 here" in raised.value.what
    assert str(raised.value.where).startswith("worker tcp://")


def test_a_worker_without_the_workbench_is_told_apart() -> None:
    assert cluster.differing(cluster.passport()) == ""
    said = cluster.differing(ModuleNotFoundError("No module named 'workbench'"))
    assert "cannot be imported there (No module named 'workbench')" in said
    assert "Python unknown there" in cluster.differing({})


def test_ranges_grow_with_the_speed_of_a_trajectory(setting: Setting) -> None:
    assert cluster.chunk_of(cluster.WORK_SECONDS / 1000) == 1000
    assert cluster.chunk_of(10.0) == 1
    assert cluster.chunk_of(0.0) > 10**6, "too fast to measure"
    assert cluster.WORK_SECONDS >= 0.1, "a tenth of a second or more: what sharing out costs"
    cost = cluster.seconds_each(partial(run_range, events=EVENTS), setting, R)
    assert 1e-7 < cost < 1e-2
