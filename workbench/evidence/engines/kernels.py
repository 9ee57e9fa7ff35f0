"""Whole Jupyter kernels that are forked: reached by sockets with names, in a private folder."""

from __future__ import annotations

import os
import tempfile
import time
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from queue import Empty
from typing import Any

import zmq
from jupyter_client.asynchronous.client import AsyncKernelClient
from jupyter_client.connect import write_connection_file
from nbclient.util import run_sync
from zmq.error import ZMQError

from workbench.evidence.engines.leases import Lease, NoFork, lend
from workbench.evidence.engines.lines import Manager

_AGAIN_SECONDS = 0.5  # after which a kernel that has not answered is asked again
_HEARD_SECONDS = 0.05  # after which one that has answered, but not on the other channel, is
_CONNECT_MILLISECONDS = 5  # after which a channel looks again whether the kernel has opened it
_PATIENCE_SECONDS = 1.0  # by then a kernel has done what its notebook left to be done at exit


class LentClient(AsyncKernelClient):
    """A kernel's client that asks the lease whether the kernel lives, not its heart."""

    lease: Lease

    async def _async_is_alive(self) -> bool:
        return self.lease.alive()

    is_alive = _async_is_alive

    async def ready(self, patience: float) -> None:
        """Wait until the kernel answers on both channels.

        What it says on that of outputs is lost until it has heard that somebody listens, so it is
        asked until its answer has come there. Jupyter's own wait lets a fifth of a second pass in
        which nothing is said; to see the end of an answer takes no such time.

        Args:
            patience: Seconds to wait.

        Raises:
            RuntimeError: The kernel does not answer in time, or has ended.
        """
        until = time.monotonic() + patience
        while time.monotonic() < until and self.lease.alive():
            asked = self.kernel_info()
            with suppress(Empty):
                await _answered(self.get_shell_msg, asked, "kernel_info_reply", _AGAIN_SECONDS)
                await _answered(self.get_iopub_msg, asked, "status", _HEARD_SECONDS)
                return
        raise RuntimeError("the kernel does not answer")


async def _answered(
    get: Callable[..., Awaitable[Any]], asked: str, by: str, patience: float
) -> None:
    """Wait for the answer to a request; of a status, for the one that says it is done.

    Raises:
        Empty: Nothing more came for a while.
    """
    while True:
        message = await get(timeout=patience)
        if message["parent_header"].get("msg_id") != asked or message["msg_type"] != by:
            continue
        if message["content"].get("execution_state", "idle") == "idle":
            return


@contextmanager
def forked_kernel(folder: str, patience: float, trust: str = "") -> Iterator[tuple[Any, Any]]:
    """Lend a forked kernel.

    Args:
        folder: Where the notebook works.
        patience: Seconds to wait for it.
        trust: Folder of a trust that the parent is to have read; none where empty.

    Yields:
        Its manager and client, as nbclient knows them.

    Raises:
        NoFork: There is none to be had, or it does not answer.
    """
    with tempfile.TemporaryDirectory(prefix="kernel-") as private:
        connection = str(Path(private) / "kernel.json")
        at = str(Path(private) / "at")
        if len(os.fsencode(f"{at}-0")) > zmq.IPC_PATH_MAX_LEN:
            raise NoFork("the path of its folder is too long for that of a socket")
        write_connection_file(connection, transport="ipc", ip=at)
        client = LentClient(connection_file=connection)
        client.context.setsockopt(zmq.RECONNECT_IVL, _CONNECT_MILLISECONDS)
        lease = client.lease = lend(folder, patience, connection, trust)
        try:
            try:
                client.load_connection_file()
                client.start_channels(hb=False, stdin=False)
                run_sync(client.ready)(patience)
            except (RuntimeError, ZMQError) as fault:
                raise NoFork("the forked kernel does not answer") from fault
            client.allow_stdin = False
            yield Manager(lease), client
            client.shutdown()
            lease.end(_PATIENCE_SECONDS)
        finally:
            lease.kill()
            with suppress(ZMQError):  # it makes a channel that is not there
                client.stop_channels()
            client.context.destroy(linger=0)  # with a socket that never was a channel's
