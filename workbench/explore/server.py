"""Serve the explorer to a browser: on this machine only, behind a key, and gone when it is told."""

from __future__ import annotations

import asyncio
import contextlib
import errno
import logging
import os
import signal
import socket
import tempfile
import threading
import webbrowser
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

import nbformat
from papermill.iorw import load_notebook_node
from papermill.parameterize import parameterize_notebook
from tornado.httpserver import HTTPServer

from workbench.errors import BadInput
from workbench.evidence.declared import Value, check_parameters, declared_parameters
from workbench.evidence.kernel import use_own_kernel
from workbench.explore.server_gate import Gate, gate_for
from workbench.explore.server_kernels import IDLE_SECONDS
from workbench.explore.server_voila import Gated, application_for, start_kernels, voila_for

PORT = 8866
KERNELS = 4
CLOSE_SECONDS = 3.0
_TEMPLATES = Path(__file__).parent


@dataclass(frozen=True)
class Served:
    """What is served, where and to how many.

    Attributes:
        trust: The trust's name.
        notebook: The notebook's file.
        parameters: What the notebook is given, of those it declares.
        host: The address to listen on.
        port: The port to listen on; 0 takes one that is free.
        kernels: Processes at once, those kept warm included: one for each open page.
        warm: Processes kept warm where there is room.
        idle_seconds: How long an untouched page keeps its process.
    """

    trust: str
    notebook: Path
    parameters: Mapping[str, Value]
    host: str = "127.0.0.1"
    port: int = PORT
    kernels: int = KERNELS
    warm: int = 1
    idle_seconds: int = IDLE_SECONDS


def serve(served: Served, *, ready: Callable[[str], None], open_browser: bool = False) -> None:
    """Serve the explorer until the process is told to end.

    Args:
        served: What is served.
        ready: Called with the address to open once the server listens there.
        open_browser: Whether to open it in this machine's browser.

    Raises:
        BadInput: The port is taken or not allowed, the host is none of this machine's, or the
            notebook does not declare what it is given.
    """
    notebook = load_notebook_node(str(served.notebook))
    where = served.notebook.name
    given = check_parameters(
        declared_parameters(notebook, where=where), served.parameters, where=where
    )
    sockets = listen(served.host, served.port)
    with tempfile.TemporaryDirectory(prefix="workbench-", ignore_cleanup_errors=True) as folder:
        scratch = Path(folder)
        _keep_to_ourselves(scratch)
        filled = scratch / "page" / where
        filled.parent.mkdir()
        nbformat.write(parameterize_notebook(notebook, dict(given)), filled)
        asyncio.run(_serve(served, filled, sockets, ready, open_browser))


def listen(host: str, port: int) -> list[socket.socket]:
    """Return sockets that listen on an address.

    Raises:
        BadInput: The port is taken or not allowed, or the host is none of this machine's.
    """
    opened: list[socket.socket] = []
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)
        for family, _, _, _, place in dict.fromkeys(found):
            chosen = opened[0].getsockname()[1] if opened else port
            opened.append(socket.create_server((place[0], chosen), family=family, backlog=128))
            opened[-1].setblocking(False)
    except OSError as fault:
        for one in opened:
            one.close()
        raise _cannot_listen(host, port, fault) from fault
    return opened


def _cannot_listen(host: str, port: int, fault: OSError) -> BadInput:
    taken = fault.errno == errno.EADDRINUSE
    denied = isinstance(fault, PermissionError)
    if taken or denied:
        return BadInput(
            f"port {port} is {'taken by another program' if taken else 'not allowed'}",
            where=f"{host}:{port}",
            rule="the explorer needs a port of its own",
            mend="choose another with --port, or let --port 0 take one that is free",
        )
    return BadInput(
        f"the explorer cannot listen on {host}",
        where=f"--host {host}",
        rule="the host is an address or a name of this machine",
        mend="leave --host away to serve this machine only",
    )


def address(host: str, port: int, gate: Gate) -> str:
    """Return the address to open, with its key."""
    shown = socket.gethostname() if gate.any_address else host
    return f"http://{f'[{shown}]' if ':' in shown else shown}:{port}/?token={gate.token}"


async def _serve(
    served: Served,
    notebook: Path,
    sockets: list[socket.socket],
    ready: Callable[[str], None],
    open_browser: bool,
) -> None:
    stopped = _told_to_stop()
    port = int(sockets[0].getsockname()[1])
    gate = gate_for(served.host, port, own_name=socket.gethostname())
    connections = notebook.parent.parent / "run"
    connections.mkdir()
    voila = voila_for(
        notebook, served.trust, port=port, connections=connections, idle=served.idle_seconds
    )
    server = HTTPServer(Gated(gate, application_for(voila, gate)))
    kernels = start_kernels(voila, most=served.kernels, warm=served.warm, connections=connections)
    tended = asyncio.create_task(kernels.tend())
    shown = address(served.host, port, gate)
    door = _door(shown, connections) if open_browser else None
    try:
        server.add_sockets(sockets)
        ready(shown)
        if door:
            threading.Thread(target=webbrowser.open, args=(door.as_uri(),), daemon=True).start()
        await stopped.wait()
    finally:
        if door:
            door.unlink(missing_ok=True)
        server.stop()
        tended.cancel()
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(kernels.close(), CLOSE_SECONDS)


def _told_to_stop() -> asyncio.Event:
    """Return what is set by the first Ctrl-C or request to end; a second one ends at once."""
    stopped, loop = asyncio.Event(), asyncio.get_running_loop()
    signals = [one for name in ("SIGINT", "SIGTERM", "SIGHUP") if (one := getattr(signal, name, 0))]
    hung_up = getattr(signal, "SIGHUP", 0)
    if hung_up and signal.getsignal(hung_up) is signal.SIG_IGN:
        signals.remove(hung_up)  # started with `nohup`, to outlive its terminal

    def stop() -> None:
        stopped.set()
        for one in signals:
            loop.remove_signal_handler(one)

    with contextlib.suppress(NotImplementedError):  # Windows, where Ctrl-C ends it all the same
        for one in signals:
            loop.add_signal_handler(one, stop)
    return stopped


def _keep_to_ourselves(scratch: Path) -> None:
    """Run on this Python with our own template, and read no setting of the user's Jupyter."""
    writes_none = os.environ.get("PYTHONDONTWRITEBYTECODE")
    use_own_kernel(scratch / "kernel")
    if writes_none:
        # A folder of bytecode, as a batch has, would keep a server from ending at once.
        del os.environ["PYTHONPYCACHEPREFIX"]
        os.environ["PYTHONDONTWRITEBYTECODE"] = writes_none
    os.environ["JUPYTER_PATH"] += f"{os.pathsep}{_TEMPLATES}"
    os.environ["JUPYTER_DATA_DIR"] = str(scratch / "data")
    os.environ["JUPYTER_NO_CONFIG"] = "1"
    logging.getLogger("tornado.application").setLevel(logging.ERROR)
    for name in ("tornado.general", "traitlets"):
        logging.getLogger(name).setLevel(logging.CRITICAL)


def _door(url: str, folder: Path) -> Path:
    """Return a page that leads on to the address, as others can read a program's arguments.

    Args:
        url: The address, with its key.
        folder: Where the page is kept if the user has no home to write to. Browsers in a sandbox
            of their own (snap) see another folder of temporary files and no hidden ones.
    """
    try:
        opened, name = tempfile.mkstemp(".html", "workbench-explorer-", Path.home())
    except (OSError, RuntimeError):
        opened, name = tempfile.mkstemp(".html", "workbench-explorer-", folder)
    with os.fdopen(opened, "w", encoding="utf-8") as page:
        page.write(f'<meta http-equiv="refresh" content="0;url={url}">')
    return Path(name)
