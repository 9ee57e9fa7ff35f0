"""A forked child: made like a new process in what a fork would carry over, then a shell or kernel.

What is set anew is what libraries draw or read once: random numbers, the drawing backend, the
standard streams, the signals. The rest of a parent that only imports is as good as new.
"""

from __future__ import annotations

import asyncio
import atexit
import contextlib
import gc
import os
import signal
import socket
import sys
from collections.abc import Mapping
from typing import Any

from workbench.evidence.engines.preload import INLINE, libraries_filters_first
from workbench.evidence.engines.shell import KERNEL_OPTIONS, modules_unlisted, run_shell

# Objects made until young ones are searched for cycles, and how many searches until older ones are:
# an interpreter of one notebook is gone before much that nobody uses any more can come together.
SELDOM = (20_000, 20, 20)
_PATIENCE_SECONDS = 1.0


def live(request: dict[str, Any], requests: socket.socket, outputs: socket.socket) -> None:
    """Run a notebook's interpreter to its end, with what was registered to be done at exit.

    Args:
        request: `folder`, where the notebook works; `environment`; `connection`, a Jupyter
            connection file, where a whole kernel is wanted.
        requests: The channel of requests and replies.
        outputs: The channel of outputs.
    """
    as_new(request["folder"], request["environment"])
    if request.get("connection"):
        requests.close()
        outputs.close()
        _run_kernel(request["connection"])
    else:
        gc.set_threshold(*SELDOM)
        run_shell(requests, outputs)
        gc.freeze()  # all of it is gone in a moment: a last search for cycles would be for nothing
    with contextlib.suppress(Exception):
        atexit._run_exitfuncs()
    for stream in (sys.stdout, sys.stderr):
        with contextlib.suppress(Exception):
            stream.flush()


def as_new(folder: str, environment: Mapping[str, str]) -> None:
    """Undo what a fork carries over."""
    signal.signal(signal.SIGINT, signal.default_int_handler)
    with open(os.devnull, "rb") as nothing:  # noqa: PTH123
        os.dup2(nothing.fileno(), 0)
    os.chdir(folder)
    os.environ.clear()
    os.environ.update(environment)
    os.environ.setdefault("MPLBACKEND", INLINE)
    sys.pycache_prefix = environment.get("PYTHONPYCACHEPREFIX") or None
    sys.dont_write_bytecode = bool(environment.get("PYTHONDONTWRITEBYTECODE"))
    asyncio.set_event_loop(None)
    numpy = sys.modules.get("numpy")
    if numpy is not None:
        numpy.random.seed()
    matplotlib = sys.modules.get("matplotlib")
    if matplotlib is not None:
        matplotlib.rcParams["backend"] = os.environ["MPLBACKEND"]


def _run_kernel(connection: str) -> None:
    """Run Jupyter's own kernel, as it is run when started by name."""
    from ipykernel.kernelapp import IPKernelApp  # noqa: PLC0415 # already imported by the parent

    app = IPKernelApp.instance()
    with modules_unlisted():
        app.initialize(["-f", connection, *KERNEL_OPTIONS])  # type: ignore[no-untyped-call]
    libraries_filters_first()
    app.start()  # type: ignore[no-untyped-call]
    # Its last output has to be out before the thread that sends outputs is ended, for which it
    # would otherwise wait for seconds.
    app.control_thread.join(_PATIENCE_SECONDS)
