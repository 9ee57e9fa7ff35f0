"""Jupyter's own Python kernel without its sockets: it reads requests and sends outputs itself.

Shell, display, widgets and errors are ipykernel's, so that what a cell shows is what it would show
there. Only the network, its threads and the stop of the process are left out.
"""

from __future__ import annotations

import asyncio
import os
import socket
import sys
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from types import SimpleNamespace
from typing import Any

from ipykernel import ipkernel
from ipykernel.ipkernel import IPythonKernel
from ipykernel.kernelapp import IPKernelApp
from jupyter_client.session import Session
from traitlets.config import Config

from workbench.evidence.engines.frames import Gone, Inbox, framed, packed
from workbench.evidence.engines.preload import libraries_filters_first
from workbench.evidence.engines.streams import Printed

REPLY, OUTPUT = "reply", "output"
_SHOWN = {"display_data", "update_display_data", "execute_result"}
_WHOLE = b'{"header":%b,"parent_header":%b,"metadata":%b,"content":%b}'
# A kernel sleeps after each cell, for outputs to be sent before the reply; ours are sent at once.
OPTIONS = {
    "HistoryManager": {"enabled": False},
    "IPythonKernel": {"_execute_sleep": 0.0},
    "SocketKernelApp": {"log_level": "CRITICAL"},
}
KERNEL_OPTIONS = ["--HistoryManager.enabled=False", "--log-level=CRITICAL"]


class SocketSession(Session):
    """A Jupyter session that sends over plain sockets, and signs nothing: nobody else listens."""

    def attach(self, replies: socket.socket, outputs: socket.socket) -> None:
        """Say where replies and outputs go."""
        self._to, self._owner = {REPLY: replies, OUTPUT: outputs}, os.getpid()
        self._sending = threading.RLock()

    def send(  # noqa: PLR0917 # as ipykernel calls it
        self,
        stream: Any,
        msg_or_type: Any,
        content: Any = None,
        parent: Any = None,
        ident: Any = None,
        buffers: Any = None,
        track: bool = False,
        header: Any = None,
        metadata: Any = None,
    ) -> Any:
        """Send a message as a reply or an output; a process that a cell has forked sends none."""
        if os.getpid() != self._owner:
            return None
        message = msg_or_type
        if not isinstance(message, dict):
            message = self.msg(
                msg_or_type, content=content, parent=parent, header=header, metadata=metadata
            )
        buffers = buffers or message.pop("buffers", None) or []
        whole = self._packed(message, buffers)
        with self._sending:
            self._to[stream].sendall(whole)
        return message

    def _packed(self, message: dict[str, Any], buffers: Sequence[Any]) -> bytes:
        """Pack a message as any session does, with its warnings, and its errors in what is shown.

        Half a letter that is said in any other way is replaced, where a kernel's own loses it all.
        """
        try:
            parts = self.serialize(message)[-4:]
        except UnicodeEncodeError:
            if message["header"]["msg_type"] in _SHOWN:
                raise
            return packed(message, buffers)
        return framed(_WHOLE % tuple(parts), buffers)


class SocketKernelApp(IPKernelApp):
    """Jupyter's kernel application, with everything that has to do with ports left out."""

    def parse_command_line(self, argv: Any = None) -> None:
        """There is none; what it would say comes as configuration, which takes less time."""

    def init_connection_file(self) -> None:
        """There is none."""

    def init_poller(self) -> None:
        """The system ends it with its parent."""

    def init_sockets(self) -> None:
        """There are none but those of the session."""

    def init_heartbeat(self) -> None:
        """A closed socket tells."""

    def write_connection_file(self, **given: Any) -> None:
        """There is nothing to connect to."""

    def log_connection_info(self) -> None:
        """There is nothing to connect to."""

    def init_io(self) -> None:
        """Send what is printed as outputs."""
        for stream in (sys.stdout, sys.stderr):
            if stream is not None:
                stream.flush()
        sys.stdout, sys.stderr = (
            Printed(name, below, self._send_text) for name, below in (("stdout", 1), ("stderr", 2))
        )
        self.patch_io()  # type: ignore[no-untyped-call]

    def _send_text(self, name: str, text: str) -> None:
        kernel = getattr(self, "kernel", None)
        parent = kernel.get_parent() if kernel is not None else None
        self.session.send(OUTPUT, "stream", {"name": name, "text": text}, parent=parent)

    def init_kernel(self) -> None:
        """Make the kernel."""
        thread = SimpleNamespace(parent_thread=threading.main_thread())
        self.kernel = IPythonKernel.instance(
            parent=self, session=self.session, iopub_socket=OUTPUT, shell_channel_thread=thread,
            log=self.log, profile_dir=self.profile_dir, user_ns=self.user_ns,
        )  # fmt: skip


@contextmanager
def modules_unlisted() -> Iterator[None]:
    """Spare a kernel its list of all modules, which a debugger would read and there is none.

    To look at thousands of modules is to copy the memory they share with the parent.
    """
    own = vars(ipkernel)
    own["sys"] = SimpleNamespace(**{**vars(sys), "modules": {}})
    try:
        yield
    finally:
        own["sys"] = sys


def run_shell(requests: socket.socket, outputs: socket.socket) -> None:
    """Answer requests until the channel is closed or a cell has asked for the exit."""
    session = SocketSession(key=b"")
    session.attach(requests, outputs)
    app = SocketKernelApp.instance(session=session, config=Config(OPTIONS))
    loop = asyncio.new_event_loop()
    asyncio.set_event_loop(loop)
    with modules_unlisted():
        app.initialize()  # type: ignore[no-untyped-call]
    libraries_filters_first()
    loop.run_until_complete(_answer(app.kernel, Inbox(requests)))


async def _answer(kernel: Any, inbox: Inbox) -> None:
    while not kernel.shell.exit_now:
        try:
            message = await inbox.get()
        except Gone:
            return
        handle = kernel.shell_handlers.get(message["header"]["msg_type"])
        if handle is None:
            continue
        message["msg_type"] = message["header"]["msg_type"]
        kernel.set_parent([], message)
        kernel.pre_handler_hook()
        try:
            done = handle(REPLY, [], message)
            if done is not None:
                await done
        finally:
            kernel.post_handler_hook()
        sys.stdout.flush()
        sys.stderr.flush()
        kernel.session.send(OUTPUT, "status", {"execution_state": "idle"}, parent=message)
