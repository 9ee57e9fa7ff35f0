"""An explorer's server in a process of its own, and what asks it things."""

from __future__ import annotations

import http.client
import json
import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

import nbformat
import nbformat.v4 as nb

from workbench import paths

PARAMETERS = 'trust_dir: str = "data/demo"\nscenario: str = "steady"'
_START = """
import json, sys
from pathlib import Path
from workbench.explore import server_kernels
from workbench.explore.server import Served, serve
given = json.loads(sys.argv[1])
server_kernels.REFILL_SECONDS = given.pop("refill_seconds", server_kernels.REFILL_SECONDS)
given["notebook"] = Path(given["notebook"])
serve(Served(**given), ready=lambda address: print(address, flush=True))
"""


@dataclass(frozen=True)
class Reply:
    """What the server answered."""

    status: int
    headers: Mapping[str, str]
    text: str


# What came of opening the page, its cookie, and the name of its kernel.
Opened = tuple[Reply, str, str]


@dataclass(frozen=True)
class Running:
    """A server that listens, and how to ask it."""

    address: str
    process: subprocess.Popen[str]

    @property
    def host(self) -> str:
        """Its name and port."""
        return urlsplit(self.address).netloc

    @property
    def page(self) -> str:
        """The page's path, with the key."""
        return self.address.removeprefix(f"http://{self.host}")

    def ask(self, path: str, method: str = "GET", **headers: str) -> Reply:
        """Ask for a path; an underscore in a header's name stands for a hyphen."""
        connection = http.client.HTTPConnection(self.host, timeout=60)
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        try:
            connection.request(method, path, headers=named)
            got = connection.getresponse()
            # A web socket stays open: there is nothing to read to the end.
            text = "" if got.status == 101 else got.read().decode()
            return Reply(got.status, {k.lower(): v for k, v in got.getheaders()}, text)
        finally:
            connection.close()

    def open_page(self) -> Opened:
        """Open the page as a visitor: what came, its cookie and the name of its kernel."""
        reply = self.ask(self.page)
        cookie = reply.headers.get("set-cookie", "").partition(";")[0]
        kernel = re.search(r'"kernelId": "([^"]+)"', reply.text)
        return reply, cookie, kernel[1] if kernel else ""

    def leave(self, kernel: str, cookie: str) -> Reply:
        """Leave a page, as its script does."""
        own = f"http://{self.host}"
        return self.ask(f"/leave/{kernel}", "POST", Cookie=cookie, Origin=own)

    def alive(self, kernel: str, cookie: str) -> int:
        """Ask whether a page's kernel lives."""
        return self.ask(f"/alive/{kernel}", Cookie=cookie).status

    def processes(self) -> set[int]:
        """Return the processes the server started, and theirs."""
        return _below(self.process.pid)

    def kernels(self, kernel: str) -> set[int]:
        """Return the processes that run a kernel."""
        return {process for process in self.processes() if kernel in _command(process)}

    @staticmethod
    def still_running(processes: set[int]) -> set[int]:
        """Return those of the processes that still run."""
        return processes & {one for one, _, state in _table() if not state.startswith("Z")}


def _command(process: int) -> str:
    """Return how a process was started; nothing where it has ended meanwhile."""
    try:
        return Path(f"/proc/{process}/cmdline").read_text(encoding="utf-8")
    except (FileNotFoundError, ProcessLookupError):
        return ""


def wait_until(true: object, seconds: float = 30.0) -> bool:
    """Wait for a question to be answered with yes."""
    assert callable(true)
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        if true():
            return True
        time.sleep(0.1)
    return bool(true())


def write_notebook(path: Path, *cells: str) -> Path:
    """Write a notebook that declares what the explorer's notebook declares, and does little."""
    first = nb.new_code_cell(PARAMETERS, metadata={"tags": ["parameters"]})
    title = nb.new_markdown_cell("# How many schools can we absorb?")
    notebook = nb.new_notebook(cells=[title, first, *map(nb.new_code_cell, cells)])
    notebook.metadata["kernelspec"] = {
        "name": "python3", "display_name": "Python 3", "language": "python",
    }  # fmt: skip
    nbformat.write(notebook, path)
    return path


@contextmanager
def served(notebook: Path, errors: Path, **given: object) -> Iterator[Running]:
    """Serve a notebook on a free port until the block ends; what it complains of goes to a file."""
    asked = {
        "trust": "Merrowfen <b>Learning</b> Trust", "notebook": str(notebook), "port": 0,
        "parameters": {"trust_dir": str(paths.demo()), "scenario": "ambitious"}, **given,
    }  # fmt: skip
    with started([sys.executable, "-c", _START, json.dumps(asked)], errors) as running:
        yield running


@contextmanager
def started(command: list[str], errors: Path) -> Iterator[Running]:
    """Run what serves an explorer until the block ends; what it complains of goes to a file."""
    # The folder of its sockets must have a short name, as a user's temporary folder has.
    environment = {**os.environ, "TMPDIR": "/tmp"}
    with errors.open("w") as complaints:
        process = subprocess.Popen(
            command, stdout=subprocess.PIPE, stderr=complaints, text=True, env=environment,
        )  # fmt: skip
    try:
        assert process.stdout is not None
        address = process.stdout.readline().strip()
        assert address, errors.read_text()
        yield Running(address, process)
    finally:
        if process.poll() is None:
            process.send_signal(signal.SIGTERM)
        process.wait(30)
        if process.stdout is not None:
            process.stdout.close()


def _below(parent: int) -> set[int]:
    table = _table()
    found, new = set[int](), {parent}
    while new:
        new = {process for process, above, _ in table if above in new}
        found |= new
    return found


def _table() -> list[tuple[int, int, str]]:
    listed = subprocess.run(
        ["ps", "-eo", "pid=,ppid=,stat="], capture_output=True, text=True, check=True
    ).stdout
    rows = (line.split() for line in listed.splitlines())
    return [(int(process), int(above), state) for process, above, state in rows]
