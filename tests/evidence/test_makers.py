"""A run's processes on a worker end with the run, whatever they are at."""

from __future__ import annotations

import asyncio
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from workbench.evidence import makers
from workbench.evidence.makers import Maker

RUN = "a run"
# Answers each order with it, as a process that makes reports does.
ECHO = "import pickle, sys\nwhile True: pickle.dump(pickle.load(i), o); o.flush()".replace(
    "while", "i, o = sys.stdin.buffer, sys.stdout.buffer\nwhile"
)


@pytest.fixture
def started(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[list[Maker]]:
    """Light processes in place of those that import the stack, as they are started."""
    found: list[Maker] = []

    def start(engine: str, folder: str) -> Maker:
        process = subprocess.Popen(
            [sys.executable, "-c", ECHO], stdin=subprocess.PIPE, stdout=subprocess.PIPE
        )
        own = tmp_path / f"{engine}-{len(found)}"
        own.mkdir()
        found.append(Maker(process, str(own)))
        return found[-1]

    for name in ("_all", "_free"):
        monkeypatch.setattr(makers, name, {})
    monkeypatch.setattr(makers, "_over", set())
    monkeypatch.setattr(makers, "_started", start)
    yield found
    for one in found:
        one.end()


def ask(order: bytes) -> bytes:
    return makers._standing(RUN, "kernel", order, "")


def ended(maker: Maker) -> bool:
    """Whether a process has been ended, asked for, and its folder taken away."""
    return maker.process.returncode is not None and not Path(maker.folder).exists()


def test_a_process_is_kept_for_the_next_order_and_ends_with_the_run(started: list[Maker]) -> None:
    assert [ask(b"1"), ask(b"2")] == [b"1", b"2"]
    (only,) = started
    assert not ended(only)
    asyncio.run(makers.end(RUN))
    assert ended(only)


def test_a_process_that_starts_while_the_run_ends_is_ended(
    started: list[Maker], monkeypatch: pytest.MonkeyPatch
) -> None:
    start = makers._started

    def slowly(engine: str, folder: str) -> Maker:
        maker = start(engine, folder)
        asyncio.run(makers.end(RUN))
        return maker

    monkeypatch.setattr(makers, "_started", slowly)
    assert makers._made(RUN, "kernel", b"held", b"order", "") is None
    assert [ended(one) for one in started] == [True]
    assert makers._all == makers._free == {}


def test_a_run_that_has_ended_starts_nothing_more(started: list[Maker]) -> None:
    asyncio.run(makers.end(RUN))
    with pytest.raises(EOFError):
        ask(b"1")
    assert started == []


def test_a_process_that_died_unasked_is_taken_away_and_another_answers(
    started: list[Maker],
) -> None:
    ask(b"1")
    started[0].process.kill()
    started[0].process.wait()
    assert ask(b"2") == b"2"
    assert [ended(one) for one in started] == [True, False]
    assert makers._all == {RUN: [started[1]]}
