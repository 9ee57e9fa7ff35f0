"""Refine a picture beside the messages of the kernel, and leave off at the next one."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Generator
from typing import TypeVar

from workbench.explore.engine import Array, Engine, Picture, Works

Done = TypeVar("Done")


class Refiner:
    """At most one refinement at a time, on the loop that runs where it was asked for.

    Pieces run in the engine's threads, so the loop is free: a message that comes meanwhile is
    handled at once. In a program without a running loop there is nothing to run beside, and
    nothing is refined.
    """

    def __init__(self, engine: Engine) -> None:
        """Refine what this engine simulates."""
        self._engine = engine
        self._task: asyncio.Task[None] | None = None

    def begin(self, steps: Callable[[], Generator[Works, list[Array], Picture]],
              done: Callable[[Picture], None]) -> None:  # fmt: skip
        """Leave off what is being refined, wait for a pause, then refine.

        Args:
            steps: Gives the pieces (`Engine.refining`), once the pause is over.
            done: Called with the refined picture, unless something else began before.
        """
        self.leave_off()
        try:
            loop = asyncio.get_running_loop()
        except RuntimeError:
            return
        self._task = loop.create_task(self._refine(steps, done))

    def leave_off(self) -> None:
        """Stop refining; pieces in hand run out, which takes less than 30 ms, and count nothing."""
        if self._task is not None and not self._task.done():
            self._task.cancel()  # at once: once the loop has turned, the picture may be done
        self._task = None

    async def _refine(
        self,
        steps: Callable[[], Generator[Works, list[Array], Picture]],
        done: Callable[[Picture], None],
    ) -> None:
        await asyncio.sleep(self._engine.sizes.pause.value)
        loop, going = asyncio.get_running_loop(), steps()
        try:
            works = next(going)
            while True:
                found = await asyncio.gather(
                    *(loop.run_in_executor(self._engine.pool, work) for work in works)
                )
                works = going.send(list(found))
        except StopIteration as stop:
            if self._task is asyncio.current_task():
                done(stop.value)
