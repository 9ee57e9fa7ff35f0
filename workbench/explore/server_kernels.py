"""The notebook's processes: some kept warm, never more than allowed, none left behind."""

from __future__ import annotations

import asyncio
import contextlib
import os
import subprocess
import sys
import weakref
from collections.abc import Awaitable
from pathlib import Path
from typing import Any, NamedTuple

from jupyter_server._tz import utcnow
from jupyter_server.services.kernels.kernelmanager import AsyncMappingKernelManager
from traitlets.config import Config
from voila.app import Voila
from voila.voila_kernel_manager import voila_kernel_manager_factory

IDLE_SECONDS = 45 * 60
ABANDONED_SECONDS = 90
LOOK_EVERY = 2.0
PATIENCE_SECONDS = 2.0
HANDED_AT_MOST = 3  # kernels that die while they are heated before a visitor is told so
# A page draws itself first: the next process waits until then for its share of the machine.
REFILL_SECONDS = 3.0
_LONGEST_SOCKET = 100  # of the name, in bytes: macOS allows 103 and Linux 107
_SOCKET_NAME = len("/kernel-00000000-0000-0000-0000-000000000000-ipc-1")
# What a page may ask of its process: to move widgets, and never to run code.
_MESSAGES = (
    "comm_open", "comm_close", "comm_msg", "comm_info_request", "kernel_info_request",
    "shutdown_request",
)  # fmt: skip
# What a process says beside its page is for nobody.
_QUIET = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}

_Preheated: Any = voila_kernel_manager_factory(
    AsyncMappingKernelManager, preheat_kernel=True, default_pool_size=0
)


class Drawn(NamedTuple):
    """A page as far as its process has drawn it.

    Attributes:
        kernel: Name of its process.
        parts: What is drawn.
        rest: What is still being drawn: parts from the first on, and what makes further ones.
    """

    kernel: str
    parts: list[str]
    rest: Awaitable[tuple[list[str], Any]]


class Kernels(_Preheated):  # type: ignore[misc] # made by a function that is not typed
    """Voila's preheated kernels, within a bound, and tended."""

    def __init__(self, parent: Voila, *, most: int, warm: int, connections: Path) -> None:
        """Start the first kernels to keep warm; needs a running event loop.

        Args:
            parent: Voila as `server_voila` sets it up.
            most: Kernels at once, those kept warm included.
            warm: Kernels kept warm where there is room.
            connections: A folder for their connection files.
        """
        self.most, self.warm = most, warm
        self.visitors: set[str] = set()
        self._coming = 0
        self._closing = False
        self._refill: asyncio.TimerHandle | None = None
        self._unseen: dict[str, float] = {}
        self._made: weakref.WeakSet[Any] = weakref.WeakSet()
        super().__init__(
            parent=parent,
            connection_dir=str(connections),
            kernel_spec_manager=parent.kernel_spec_manager,
            allowed_message_types=list(_MESSAGES),
        )

    async def has_room(self) -> bool:
        """Return whether there may be a kernel for one more page.

        Waits a moment where there may not: a page loaded again asks before its old kernel is gone.
        """
        until = asyncio.get_running_loop().time() + PATIENCE_SECONDS
        while self._in_use >= self.most:
            if asyncio.get_running_loop().time() > until:
                return False
            await asyncio.sleep(0.05)
        return True

    @property
    def _in_use(self) -> int:
        return len(self.visitors) + self._coming

    def fill_if_needed(self, delay: float | None = None, **given: Any) -> None:
        """Heat kernels up to the bound, after a while; does nothing once the server is closing."""
        if self._refill is not None:
            self._refill.cancel()
            self._refill = None
        if self._closing:
            return
        if delay is None:
            # Not on Voila's list until it begins: a visitor would be handed what only waits.
            loop = asyncio.get_running_loop()
            self._refill = loop.call_later(REFILL_SECONDS, self.fill_if_needed, 0)
            return
        room = min(self.warm, self.most - self._in_use)
        self.kernel_pools_config = {"default": {"pool_size": room, "kernel_env_variables": {}}}
        given |= {"notebook_name": self.notebook_path, **_QUIET}
        # What was asked by one visitor is no setting of the next one's kernel.
        given.pop("extra_kernel_env_variables", None)
        super().fill_if_needed(delay=delay, **given)

    async def open_page(self) -> Drawn:
        """Hand a kernel over to a visitor, heated just now where none is warm."""
        self._coming += 1
        try:
            for _ in range(HANDED_AT_MOST):
                await self._sweep_pool()
                if not self.get_pool_size(self.notebook_path):
                    one = {"pool_size": 1, "kernel_env_variables": {}}
                    self.kernel_pools_config = {"default": one}
                    super().fill_if_needed(delay=0, notebook_name=self.notebook_path, **_QUIET)
                rest, parts, kernel = await self.get_rendered_notebook(self.notebook_path)
                if await self.is_running(kernel):
                    break  # it did not die while it was being heated
            self.get_kernel(kernel).last_activity = utcnow()  # being kept warm was no idling
            self.visitors.add(kernel)
        finally:
            self._coming -= 1
        return Drawn(kernel, list(parts), rest)

    def pre_start_kernel(self, *given: Any, **named: Any) -> Any:
        """Prepare a kernel as Jupyter does, and remember it: a half-started one is on no list."""
        if self._closing:
            raise RuntimeError("the explorer is closing")
        made = super().pre_start_kernel(*given, **named)
        self._made.add(made[0])
        return made

    async def shutdown_kernel(self, kernel_id: str, *given: Any, **named: Any) -> None:
        """Stop a kernel, and make room for the next visitor."""
        self.visitors.discard(kernel_id)
        self._unseen.pop(kernel_id, None)
        await super().shutdown_kernel(kernel_id, *given, **named)
        self.fill_if_needed()

    async def stop(self, kernel: str) -> None:
        """Stop a visitor's kernel at once, if it has not gone already."""
        try:
            if kernel in self.visitors:
                await self.shutdown_kernel(kernel, now=True)
        except asyncio.CancelledError:
            if not self._closing:  # the whole server ends, and has ended this kernel with it
                raise

    async def cull_kernel_if_idle(self, kernel_id: str) -> None:
        """Stop a visitor's kernel that nobody has touched for long; one kept warm may wait."""
        # While it starts it is neither busy nor idle.
        if kernel_id in self.visitors and self.get_kernel(kernel_id).execution_state == "idle":
            await super().cull_kernel_if_idle(kernel_id)

    async def is_running(self, kernel_id: str) -> bool:
        """Return whether a visitor's kernel is there and its process lives."""
        return kernel_id in self and bool(await self.get_kernel(kernel_id).is_alive())

    async def _sweep_pool(self) -> None:
        """Take from the warm kernels those that could not be started or have died since."""
        pool = self._pools.get(self.notebook_path, [])
        for heated in [task for task in pool if task.done()]:
            if heated.cancelled() or heated.exception() is not None:
                if heated in pool:
                    pool.remove(heated)
                self.fill_if_needed()
            elif not await self.is_running(kernel := heated.result()["kernel_id"]):
                if heated in pool:  # no visitor took it meanwhile
                    pool.remove(heated)
                with contextlib.suppress(Exception):  # gone of its own accord meanwhile
                    await self.shutdown_kernel(kernel, now=True)

    async def tend(self) -> None:
        """Every other second, sweep away kernels that died and those whose page has gone."""
        while True:
            await asyncio.sleep(LOOK_EVERY)
            await self._sweep_pool()
            for kernel in tuple(self.visitors):
                if self._is_abandoned(kernel) or not await self.is_running(kernel):
                    with contextlib.suppress(Exception):  # gone of its own accord meanwhile
                        await self.shutdown_kernel(kernel, now=True)

    def _is_abandoned(self, kernel: str) -> bool:
        """Count how long no page has been connected; a moment without is a lost line."""
        if self._kernel_connections.get(kernel, 0):
            self._unseen.pop(kernel, None)
            return False
        now = asyncio.get_running_loop().time()
        return now - self._unseen.setdefault(kernel, now) > ABANDONED_SECONDS

    async def close(self) -> None:
        """End every kernel at once, those still starting too, with whatever they started."""
        self._closing = True
        self.fill_if_needed()  # which calls off what was to be heated
        starting = [task for pool in self._pools.values() for task in pool]
        starting += self._pending_kernels.values()
        for task in starting:
            task.cancel()
        await asyncio.gather(*starting, return_exceptions=True)
        for kernel in tuple(self._made):
            if kernel.has_kernel:
                provisioner = kernel.provisioner  # a kernel being stopped already lets go of it
                await provisioner.kill()  # and the group of processes it is in
                await provisioner.wait()


def kernel_config(connections: Path, idle_seconds: int = IDLE_SECONDS) -> Config:
    """Return what is set of kernels: how they are reached, and when they are stopped.

    A kernel is stopped after `idle_seconds` without a touch, even if its page is still open, and is
    never started again behind a page that would not know.

    Args:
        connections: The folder of their connection files.
        idle_seconds: How long an untouched kernel is kept.
    """
    config = Config()
    config.MappingKernelManager.cull_idle_timeout = idle_seconds
    config.MappingKernelManager.cull_interval = max(1, min(60, idle_seconds // 2))
    config.MappingKernelManager.cull_connected = True
    config.KernelManager.autorestart = False
    config.KernelManager.transport = _transport(connections)
    return config


def _transport(connections: Path) -> str:
    """Sockets with names where they can be, as two servers may race for one numbered port."""
    fits = len(os.fsencode(connections)) + _SOCKET_NAME <= _LONGEST_SOCKET
    return "ipc" if fits and sys.platform != "win32" else "tcp"
