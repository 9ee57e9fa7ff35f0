"""The client's side of forking: the parent process of this process, and children lent by it.

A parent that a process starts may be shared with those that it starts: all ask it over one socket,
whose messages are whole, and each request has a line of its own. It ends when the last is gone.
"""

from __future__ import annotations

import atexit
import contextlib
import json
import math
import os
import select
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from workbench.evidence.engines.parent import INTERRUPT, LONGEST, hung_up

START = "import sys; sys.path[:1] = []; from workbench.evidence.engines.parent import main; main()"
PATIENCE_SECONDS = 5.0
_BYTECODE = "PYTHONPYCACHEPREFIX"
# Read when a kernel starts, not when a library is loaded: a parent need not have them.
_LATE = ("JUPYTER_", "IPYTHONDIR", "PYDEVD_", "PYTEST_", _BYTECODE)


class NoFork(Exception):
    """No interpreter can be forked here; an ordinary one has to be started."""


@dataclass
class Lease:
    """A forked interpreter, lent to run one notebook.

    Attributes:
        requests: The channel of requests and replies.
        outputs: The channel of outputs.
        line: The line to the parent, which tells how the interpreter ended.
        process: Its process.
    """

    requests: socket.socket
    outputs: socket.socket
    line: socket.socket
    process: int
    _ended: int | None = field(default=None)

    def alive(self) -> bool:
        """Return whether it has not ended."""
        return self._wait(0.0) is None

    def interrupt(self) -> None:
        """Interrupt what it does, as Ctrl-C would."""
        with contextlib.suppress(OSError):
            self.line.send(INTERRUPT)

    def kill(self) -> None:
        """End it now, with whatever it started."""
        for one in (self.requests, self.outputs, self.line):
            one.close()
        self._ended = -9 if self._ended is None else self._ended

    def end(self, patience: float = PATIENCE_SECONDS) -> None:
        """Let it end by itself, and end it where that takes long."""
        with contextlib.suppress(OSError):
            self.requests.shutdown(socket.SHUT_WR)
        self._wait(patience)
        self.kill()

    def _wait(self, patience: float) -> int | None:
        """Return how it ended; None while it lives."""
        if self._ended is None and _said_something(self.line, patience):
            try:
                said = self.line.recv(LONGEST)
            except OSError:
                said = b""
            self._ended = int(json.loads(said)["ended"]) if said else -9
        return self._ended


def can_fork() -> bool:
    """Return whether interpreters can be forked on this system."""
    return sys.platform == "linux" and hasattr(os, "fork") and hasattr(os, "pidfd_open")


class Parent:
    """A parent process as one of its clients knows it: how to ask it, and where it was started."""

    def __init__(
        self, control: socket.socket, process: subprocess.Popen[bytes] | None = None
    ) -> None:
        """Ask a parent over its socket; `process` is its own where this one has started it."""
        self.owner, self.environment = os.getpid(), _read_early()
        self._control, self._process = control, process

    def usable(self) -> bool:
        """Return whether it is this process's own, of the environment of now, and alive."""
        return self.owner == os.getpid() and self.environment == _read_early() and self._alive()

    @property
    def process(self) -> int:
        """Its process; 0 where another has started it."""
        return self._process.pid if self._process is not None else 0

    def _alive(self) -> bool:
        """Return whether it has neither ended nor closed its end of the socket."""
        if self._process is not None and self._process.poll() is not None:
            return False
        return not hung_up(self._control)

    def lend(self, folder: str, patience: float, connection: str = "", trust: str = "") -> Lease:
        """Have an interpreter forked.

        Args:
            folder: Where the notebook works.
            patience: Seconds to wait for it.
            connection: Jupyter connection file of a whole kernel; a shell where there is none.
            trust: Folder of a trust that the parent is to have read; none where empty.

        Raises:
            NoFork: It could not be forked, or not in time.
        """
        pairs = _pairs()
        own = [pair[0] for pair in pairs]
        asked = {"folder": folder, "connection": connection, "trust": trust}
        request = json.dumps({**asked, "environment": dict(os.environ)}).encode()
        try:
            socket.send_fds(self._control, [request], [theirs.fileno() for _, theirs in pairs])
        except OSError as fault:
            _close(own)
            raise NoFork("the parent process is gone") from fault
        finally:
            _close(theirs for _, theirs in pairs)
        process = self._process_of(own[2], patience)
        if process is None:
            _close(own)
            raise NoFork("no interpreter was forked in time")
        return Lease(own[0], own[1], own[2], process)

    def _process_of(self, line: socket.socket, patience: float) -> int | None:
        until = time.monotonic() + patience
        while (left := until - time.monotonic()) > 0 and self._alive():
            if _said_something(line, min(left, 0.2)):
                said = line.recv(LONGEST)
                return int(json.loads(said)["process"]) if said else None
        return None

    def close(self) -> None:
        """End it and every child it has; one that is shared ends with the last of its clients."""
        self._control.close()
        if self._process is None or self.owner != os.getpid():
            return
        try:
            self._process.wait(PATIENCE_SECONDS)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()


def _started() -> Parent:
    """Start a parent process; it imports while this one goes on."""
    ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    with contextlib.ExitStack() as failed, theirs:
        failed.enter_context(ours)
        process = subprocess.Popen(
            [sys.executable, "-c", START, str(theirs.fileno()), str(os.getpid())],
            pass_fds=[theirs.fileno()],
            cwd="/",
            env=_with_bytecode(),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )
        failed.pop_all()
    return Parent(ours, process)


_lock = threading.Lock()
_parents: list[Parent] = []


@contextmanager
def share_parent() -> Iterator[socket.socket | None]:
    """Start a parent process for those that are started within, and give the socket to ask it.

    None where nothing can be forked. A process that is started can be given the socket as it is.
    What they share is imported, and a trust read, once for all of them. Where it dies, each starts
    one of its own. In the end it is waited for, so that they must be gone by then.
    """
    parent = None
    if can_fork():
        with contextlib.suppress(OSError):  # for want of memory: whoever can start one does
            parent = _started()
    try:
        yield None if parent is None else parent._control
    finally:
        if parent is not None:
            parent.close()


def take_parent(control: socket.socket) -> None:
    """Use the parent of the process that started this one, in the environment it left this one."""
    with _lock:
        _keep(Parent(control))


def start_parent() -> Parent:
    """Return the parent process of this one, started where none has the environment of now.

    Raises:
        NoFork: The system cannot fork, or files, processes or memory are wanting.
    """
    if not can_fork():
        raise NoFork("this system cannot fork")
    with _lock:
        if _parents and _parents[0].usable():
            return _parents[0]
        try:
            return _keep(_started())
        except OSError as fault:
            raise NoFork("no parent process can be started") from fault


def _keep(parent: Parent) -> Parent:
    """Have this process use a parent instead of what it had, and end it in the end."""
    end_parent()
    atexit.unregister(end_parent)
    atexit.register(end_parent)
    _parents.append(parent)
    return parent


def end_parent() -> None:
    """End the parent process of this one, if it has one."""
    while _parents:
        _parents.pop().close()


def lend(folder: str, patience: float, connection: str = "", trust: str = "") -> Lease:
    """Return a freshly forked interpreter; a parent that died is started again, once.

    Args:
        folder: Where the notebook works.
        patience: Seconds to wait for it.
        connection: Jupyter connection file of a whole kernel; a shell where there is none.
        trust: Folder of a trust that the parent is to have read; none where empty.

    Raises:
        NoFork: There is none to be had.
    """
    parent = start_parent()
    try:
        return parent.lend(folder, patience, connection, trust)
    except NoFork:
        if parent.usable():
            raise
    return start_parent().lend(folder, patience, connection, trust)


def _read_early() -> dict[str, str]:
    """Return the environment without what is read late."""
    return {name: value for name, value in os.environ.items() if not name.startswith(_LATE)}


def _with_bytecode() -> dict[str, str]:
    """Return an environment in which imports find the bytecode there is.

    A folder of bytecode that was begun for a run holds little of the stack: all the rest would be
    compiled again, for each parent.
    """
    given = dict(os.environ)
    if given.pop(_BYTECODE, None):
        given["PYTHONDONTWRITEBYTECODE"] = "1"
    return given


def _pairs() -> list[tuple[socket.socket, socket.socket]]:
    """Return the two channels and the line of an interpreter, each with both of its ends.

    Raises:
        NoFork: This process may not open so many files.
    """
    kinds = (socket.SOCK_STREAM, socket.SOCK_STREAM, socket.SOCK_SEQPACKET)
    pairs: list[tuple[socket.socket, socket.socket]] = []
    try:
        for kind in kinds:
            pairs.append(socket.socketpair(socket.AF_UNIX, kind))
    except OSError as fault:
        _close(one for pair in pairs for one in pair)
        raise NoFork("no channel to an interpreter can be opened") from fault
    return pairs


def _said_something(line: socket.socket, patience: float) -> bool:
    """Return whether there is something to read within some seconds, or the line is closed."""
    watched = select.poll()  # unlike select() it knows of more files than a thousand
    watched.register(line, select.POLLIN)
    return bool(watched.poll(math.ceil(patience * 1000)))


def _close(sockets: Iterable[socket.socket]) -> None:
    for one in sockets:
        one.close()
