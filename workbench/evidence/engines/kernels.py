"""Whole Jupyter kernels that are forked: reached by sockets with names, in a private folder."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import zmq
from jupyter_client.asynchronous.client import AsyncKernelClient
from jupyter_client.connect import write_connection_file
from nbclient.util import run_sync
from zmq.error import ZMQError

from workbench.evidence.engines.leases import Lease, NoFork, lend
from workbench.evidence.engines.lines import Manager

_PATIENCE_SECONDS = 1.0  # by then a kernel has done what its notebook left to be done at exit


class LentClient(AsyncKernelClient):
    """A kernel's client that asks the lease whether the kernel lives, not its heart."""

    lease: Lease

    async def _async_is_alive(self) -> bool:
        return self.lease.alive()

    is_alive = _async_is_alive


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
        lease = client.lease = lend(folder, patience, connection, trust)
        try:
            try:
                client.load_connection_file()
                client.start_channels(hb=False, stdin=False)
                run_sync(client._async_wait_for_ready)(timeout=patience)
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
