"""What nbclient asks of a kernel's client and manager, answered by a lent interpreter.

Timeouts, the reading of outputs, displays and widgets, and the order of things stay nbclient's own.
"""

from __future__ import annotations

import asyncio
import uuid
from queue import Empty
from types import SimpleNamespace
from typing import Any

from nbclient.exceptions import DeadKernelError

from workbench.evidence.engines.frames import Gone, Inbox, Message, packed
from workbench.evidence.engines.leases import Lease


class Channel:
    """Messages of one channel, as nbclient waits for them."""

    def __init__(self, inbox: Inbox) -> None:
        """Read from an inbox."""
        self._inbox = inbox

    async def get_msg(self, timeout: float | None = None) -> Message:
        """Return the next message.

        Raises:
            Empty: None came in time.
            DeadKernelError: The interpreter has ended.
        """
        try:
            if timeout is None:
                message = await self._inbox.get()
            else:
                message = await asyncio.wait_for(self._inbox.get(), timeout)
        except TimeoutError as fault:
            raise Empty from fault
        except Gone as fault:
            raise DeadKernelError("Kernel died") from fault
        message["msg_type"] = message["header"]["msg_type"]
        return message

    def stop(self) -> None:
        """Wait no longer."""
        self._inbox.stop()


class Client:
    """A kernel's client over the channels of a lease."""

    allow_stdin = False

    def __init__(self, lease: Lease) -> None:
        """Take over a lease."""
        self._lease = lease
        self.shell_channel = Channel(Inbox(lease.requests))
        self.iopub_channel = Channel(Inbox(lease.outputs))
        # Widgets that collect outputs answer by these two of a real client.
        self.shell_channel.send = self._send  # type: ignore[attr-defined]
        self.session = SimpleNamespace(msg=_message)

    def execute(self, code: str, store_history: bool = True, stop_on_error: bool = True) -> str:
        """Ask for the execution of a cell and return the request's name."""
        return self._send(
            _message(
                "execute_request",
                {
                    "code": code, "silent": False, "store_history": store_history,
                    "user_expressions": {}, "allow_stdin": False, "stop_on_error": False,
                },
            )
        )  # fmt: skip

    def kernel_info(self) -> str:
        """Ask what the kernel is and return the request's name."""
        return self._send(_message("kernel_info_request", {}))

    def is_alive(self) -> bool:
        """Return whether the interpreter has not ended."""
        return self._lease.alive()

    def stop_channels(self) -> None:
        """Wait on the channels no longer; they belong to the lease."""
        self.shell_channel.stop()
        self.iopub_channel.stop()

    def _send(self, message: Message) -> str:
        try:
            self._lease.requests.sendall(packed(message))
        except OSError as fault:
            raise DeadKernelError("Kernel died") from fault
        return str(message["header"]["msg_id"])


class Manager:
    """A kernel's manager over a lease."""

    has_kernel = True

    def __init__(self, lease: Lease) -> None:
        """Take over a lease."""
        self._lease = lease

    def is_alive(self) -> bool:
        """Return whether the interpreter has not ended."""
        return self._lease.alive()

    def interrupt_kernel(self) -> None:
        """Interrupt what the interpreter does."""
        self._lease.interrupt()


def _message(
    msg_type: str,
    content: dict[str, Any] | None = None,
    parent: Message | None = None,
    metadata: dict[str, Any] | None = None,
) -> Message:
    """Return a message, from what nbclient calls its parts."""
    header = {"msg_id": uuid.uuid4().hex, "msg_type": msg_type, "session": "", "username": ""}
    return {
        "header": header, "msg_id": header["msg_id"], "msg_type": msg_type,
        "parent_header": parent or {}, "metadata": metadata or {}, "content": content or {},
    }  # fmt: skip
