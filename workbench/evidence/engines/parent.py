"""The parent process: it has imported the stack, and forks a fresh interpreter for each notebook.

Started with `python -c`, with one end of a socket and its client's process as arguments. A request
comes with three sockets: the notebook's two channels, which go to the child, and a line that stays
here. Over the line the client is told the child's process and how it ended, and may interrupt it; a
closed line is a client that is gone, and its child is ended with everything it started. So is every
child when the parent's own socket is closed.

Besides importing it reads the trust that a request names, once for all that name it: it is as
single-threaded as an import, and each child checks that no file has changed since. Where a second
request names it, there are many to come: what they share is worked out before they are forked.
"""

from __future__ import annotations

import contextlib
import ctypes
import gc
import json
import os
import select
import selectors
import signal
import socket
import sys
import warnings
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any, NoReturn
from weakref import WeakSet

from workbench.evidence.engines.preload import preload, threads

LONGEST = 1 << 20
INTERRUPT = b"interrupt"
THREADED = 3
_CHANNELS = 3  # that come with a request
_END_WITH_PARENT = 1  # PR_SET_PDEATHSIG of Linux's prctl
_ADOPT = 36  # PR_SET_CHILD_SUBREAPER: orphans of children become this process's own
_ahead: WeakSet[Any] = WeakSet()  # trusts of which it has been worked out what reviews share


@dataclass(frozen=True)
class Child:
    """A forked interpreter: its process, a handle that tells its end, and its client's line."""

    process: int
    handle: int
    line: socket.socket


def main() -> None:
    """Import the stack, then fork on request until the client is gone."""
    control, client = socket.socket(fileno=int(sys.argv[1])), int(sys.argv[2])
    del sys.argv[1:]
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the client decides what ends
    _end_with_parent(client, signal.SIGKILL)  # one import may take longer than it may live on
    preload(partial(hung_up, control))
    if threads() > 1:
        raise SystemExit(THREADED)
    _end_with_parent(client, 0)  # from here the socket tells, and there are children to be ended
    serve(control)


def hung_up(control: socket.socket) -> bool:
    """Return whether nobody is left at the other end of a socket."""
    watched = select.poll()
    watched.register(control, 0)
    return bool(watched.poll(0))


def serve(control: socket.socket) -> None:
    """Fork a child for each request, and tend the children until the socket is closed."""
    children: dict[int, Child] = {}
    ctypes.CDLL(None).prctl(_ADOPT, 1)
    with selectors.DefaultSelector() as waiting:
        waiting.register(control, selectors.EVENT_READ, None)
        while True:
            for key, _ in waiting.select():
                if key.data is None:
                    request, handles, _, _ = socket.recv_fds(control, LONGEST, _CHANNELS)
                    if not request:
                        _end_all(children)
                        return
                    if len(handles) < _CHANNELS:  # this process may not open so many files
                        for handle in handles:
                            os.close(handle)
                        continue
                    _fork(request, handles, control, waiting, children)
                elif key.data in children:  # it may have ended in this same round
                    _tend(key, waiting, children)


def _fork(
    request: bytes,
    handles: list[int],
    control: socket.socket,
    waiting: selectors.BaseSelector,
    children: dict[int, Child],
) -> None:
    requests, outputs, line = (socket.socket(fileno=handle) for handle in handles)
    asked = json.loads(request)
    hold(asked["trust"], partial(hung_up, control))
    parent = os.getpid()
    try:
        process = os.fork()
    except OSError:  # too many processes, or too little memory: the client sees its line closed
        for one in (requests, outputs, line):
            one.close()
        return
    if process == 0:
        waiting.close()
        for one in (control, line):
            one.close()
        for other in children.values():
            other.line.close()
            os.close(other.handle)
        _live(asked, requests, outputs, parent)
    requests.close()
    outputs.close()
    try:
        child = Child(process, os.pidfd_open(process), line)
    except OSError:
        os.kill(process, signal.SIGKILL)
        os.waitpid(process, 0)
        line.close()
        return
    children[process] = child
    waiting.register(child.handle, selectors.EVENT_READ, process)
    waiting.register(line, selectors.EVENT_READ, process)
    _tell(child, {"process": process})


def hold(trust: str, abandoned: Callable[[], bool] = lambda: False) -> None:
    """Have a trust read for the children, which then need not; they meet what is wrong with it.

    Args:
        trust: Its folder; nothing is read where empty.
        abandoned: Asked between reading and what takes longer; where it says so, that is left out.

    Raises:
        SystemExit: Reading has started threads, which no child would have.
    """
    if not trust:
        return
    from workbench.report.ahead import review_ahead  # noqa: PLC0415 # only a batch needs it
    from workbench.trust.load import hold_trust  # noqa: PLC0415

    with contextlib.suppress(Exception), warnings.catch_warnings(action="ignore"):
        held = hold_trust(Path(trust))
        if held is None or held not in _ahead:
            if held is not None and not abandoned():
                _ahead.add(held)
                review_ahead(held)
            gc.collect()
            gc.freeze()
    if threads() > 1:
        raise SystemExit(THREADED)


def _live(
    request: dict[str, Any], requests: socket.socket, outputs: socket.socket, parent: int
) -> NoReturn:
    """Be the child: nothing of the parent's loop is ever returned to."""
    status = 1
    try:
        os.setsid()  # so that whatever the notebook starts can be ended with it
        _end_with_parent(parent, signal.SIGKILL)
        from workbench.evidence.engines import child  # noqa: PLC0415 # only a child needs it

        child.live(request, requests, outputs)
        status = 0
    finally:
        os._exit(status)


def _end_with_parent(parent: int, by: int) -> None:
    """Have the system end this process with its parent by a signal, or no longer by any."""
    ctypes.CDLL(None).prctl(_END_WITH_PARENT, by)
    if os.getppid() != parent:
        os._exit(1)


def _tend(
    key: selectors.SelectorKey, waiting: selectors.BaseSelector, children: dict[int, Child]
) -> None:
    child = children[key.data]
    if key.fileobj is child.line:
        try:
            said = child.line.recv(LONGEST)
        except OSError:
            said = b""
        if said == INTERRUPT:
            with contextlib.suppress(ProcessLookupError):
                os.kill(child.process, signal.SIGINT)
        if said:
            return
        waiting.unregister(child.line)
        _end_group(child)
        return
    waiting.unregister(child.handle)
    with contextlib.suppress(KeyError):
        waiting.unregister(child.line)
    _end_group(child)  # what it started does not outlive it
    _, status = os.waitpid(child.process, 0)
    _tell(child, {"ended": os.waitstatus_to_exitcode(status)})
    os.close(child.handle)
    child.line.close()
    del children[child.process]
    if not children:  # else it may belong to one that goes on
        _end_adopted()


def _tell(child: Child, what: dict[str, int]) -> None:
    with contextlib.suppress(OSError):
        child.line.send(json.dumps(what).encode())


def _end_group(child: Child) -> None:
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(child.process, signal.SIGKILL)
    with contextlib.suppress(ProcessLookupError):
        os.kill(child.process, signal.SIGKILL)


def _end_all(children: dict[int, Child]) -> None:
    for child in children.values():
        _end_group(child)
    for child in children.values():
        with contextlib.suppress(ChildProcessError):
            os.waitpid(child.process, 0)
    _end_adopted()


def _end_adopted() -> None:
    """End what notebooks that are over had detached from themselves, and what that started."""
    own = str(os.getpid())
    while _any_child():
        killed = False
        for about in Path("/proc").glob("[0-9]*/stat"):
            with contextlib.suppress(OSError):
                if about.read_text().rsplit(")", 1)[1].split()[1] == own:
                    os.kill(int(about.parent.name), signal.SIGKILL)
                    killed = True
        if not killed:  # another user's: it is not waited for
            return
        os.waitpid(-1, 0)


def _any_child() -> bool:
    try:
        os.waitpid(-1, os.WNOHANG)
    except ChildProcessError:
        return False
    return True
