"""What the cells of a notebook cost by themselves: the limit of how fast a notebook can be run.

Run by `python -m benchmarks.cells NOTEBOOK [TRUST]`, a process that has imported what a batch's
parent imports, and read what it reads of a trust where one is named. For each line it is sent it
forks itself; the child runs the cells in a bare shell, twice, and the processor seconds of both
times are printed. The first time is what any interpreter that is used for one notebook takes; the
second finds filled what libraries fill once. A line that says `here` is answered without a fork,
once and last: so nothing is copied that a child has in common with its parent.
"""

from __future__ import annotations

import contextlib
import io
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import nbformat
from IPython.core.interactiveshell import InteractiveShell

from workbench import paths
from workbench.evidence.engines.parent import hold
from workbench.evidence.engines.preload import preload

_HERE = "here"


class BareShell(InteractiveShell):
    """A shell with nothing around it: what it shows is formatted, and printed as text."""

    def enable_gui(self, gui: str | None = None) -> None:
        """Have no windows; figures are drawn as in a notebook."""


class Alone:
    """A process that times the cells of a notebook whenever it is asked."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        """Talk to a process."""
        self._process = process

    def seconds(self, *, forked: bool = True) -> tuple[float, float]:
        """Return processor seconds of the cells, the first and the second time.

        Args:
            forked: Whether a child runs them; else the process itself does, which it can do once.

        Raises:
            RuntimeError: A cell failed.
        """
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write("\n" if forked else f"{_HERE}\n")
        self._process.stdin.flush()
        said = self._process.stdout.readline().split()
        if len(said) != 2:
            raise RuntimeError("the cells cannot be run alone")
        return float(said[0]), float(said[1])


@contextmanager
def alone(notebook: Path, trust: str = "") -> Iterator[Alone]:
    """Start a process that times a notebook's cells, and end it.

    Args:
        notebook: The notebook.
        trust: Folder of a trust that it has read before; none where empty.
    """
    command = [sys.executable, "-m", "benchmarks.cells", str(notebook), trust]
    with subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, cwd=paths.home()
    ) as process:
        try:
            yield Alone(process)
        finally:
            process.kill()


def main() -> None:
    """Time the cells for each line that comes."""
    path = Path(sys.argv[1])
    read = nbformat.read(path, as_version=4)
    cells = [cell.source for cell in read.cells if cell.cell_type == "code"]
    preload()
    for _ in range(2):  # what notebooks share is worked out for the second that names a trust
        hold(sys.argv[2])
    os.chdir(path.parent)
    for asked in sys.stdin:
        if asked.strip() == _HERE:
            print(*_timed(cells), flush=True)
            return
        child = os.fork()
        if child == 0:
            status = 1
            try:
                print(*_timed(cells), flush=True)
                status = 0
            finally:
                os._exit(status)
        if os.waitpid(child, 0)[1]:
            print("failed", flush=True)


def _timed(cells: list[str]) -> list[float]:
    """Return processor seconds of the cells, run two times."""
    shell = BareShell.instance(history_length=0)
    shell.enable_matplotlib("inline")  # type: ignore[no-untyped-call]
    taken = []
    for _ in range(2):
        with contextlib.redirect_stdout(io.StringIO()):
            began = time.process_time()
            for cell in cells:
                shell.run_cell(cell).raise_error()  # type: ignore[no-untyped-call]
            taken.append(time.process_time() - began)
    return taken


if __name__ == "__main__":
    main()
