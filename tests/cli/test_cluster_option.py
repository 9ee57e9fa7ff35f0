"""Commands on a cluster of two processes print the bytes of one machine, whoever is lost."""

from __future__ import annotations

import os
import signal
from collections.abc import Iterator
from typing import Any

import pytest
from distributed import Client, Future, LocalCluster
from typer.testing import CliRunner, Result

from workbench import cli, paths
from workbench.growth import cluster

STEADY = ("--scenario", "steady")
COMMANDS = {
    "absorb": (*STEADY, "--joiners", 2, "--replicates", 400),
    "simulate": (*STEADY, "--replicates", 400),
    "compare": (*STEADY, "--scenario", "rescue", "--replicates", 400),
}
KILLED_AFTER = 4  # pieces of 40


@pytest.fixture(scope="module")
def workers() -> Iterator[LocalCluster]:
    """A scheduler and two worker processes on this machine."""
    with LocalCluster(
        n_workers=2, threads_per_worker=1, processes=True, dashboard_address=":0"
    ) as two:
        yield two


def run(command: str, *arguments: object) -> Result:
    asked = [command, str(paths.demo()), *map(str, arguments), "--json"]
    return CliRunner().invoke(cli.app, asked)


@pytest.mark.parametrize("command", COMMANDS)
def test_a_cluster_prints_the_bytes_of_one_machine(command: str, workers: LocalCluster) -> None:
    arguments = COMMANDS[command]
    far = run(command, *arguments, "--cluster", workers.scheduler_address)
    assert far.exit_code == 0, far.output
    assert far.stdout_bytes == run(command, *arguments, "--threads", 2).stdout_bytes


@pytest.mark.parametrize("command", COMMANDS)
def test_an_address_where_nothing_answers_is_refused(
    command: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(cluster, "CONNECT_SECONDS", 0.5)
    result = run(command, *COMMANDS[command], "--cluster", "nonsense://here")
    assert result.exit_code == 2
    assert "no Dask scheduler answers" in result.stderr


def test_a_worker_killed_midway_changes_no_byte(
    workers: LocalCluster, monkeypatch: pytest.MonkeyPatch
) -> None:
    waited, pieces, lost = cluster._waited, [], []

    def killing(client: Client, future: Future[Any]) -> Any:
        """Wait for a piece, and kill the busiest worker after the first few."""
        pieces.append(waited(client, future))
        if len(pieces) == KILLED_AFTER:
            busy = {at: len(tasks) for at, tasks in client.processing().items()}
            worst = max(busy, key=lambda at: busy[at])
            lost.append(busy[worst])
            os.kill(client.run(os.getpid, workers=[worst])[worst], signal.SIGKILL)
        return pieces[-1]

    monkeypatch.setattr(cluster, "_waited", killing)
    monkeypatch.setattr(cluster, "chunk_of", lambda _: 500)
    arguments = (*STEADY, "--joiners", 3, "--replicates", 20_000)
    far = run("absorb", *arguments, "--cluster", workers.scheduler_address)
    assert far.exit_code == 0, far.output
    assert len(lost) == 1
    assert lost[0] > 0, "it had work in hand"
    assert len(pieces) > KILLED_AFTER
    assert far.stdout_bytes == run("absorb", *arguments).stdout_bytes
