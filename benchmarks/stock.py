"""How notebooks are run without the workbench: papermill's command, a loop, a process pool.

All of it in an interpreter that is given, with nothing of the workbench's own settings around it.
"""

from __future__ import annotations

import os
import subprocess
from dataclasses import dataclass
from pathlib import Path

_OURS = ("JUPYTER_", "IPYTHON", "PYDEVD_", "PYTHON", "OMP_", "OPENBLAS_", "MKL_", "VECLIB_")
_LOOP = """
import sys, papermill
notebook, folder, count = sys.argv[1:]
for number in range(int(count)):
    papermill.execute_notebook(
        notebook, f"{folder}/loop-{number}.ipynb", {"seed": number}, progress_bar=False
    )
"""
_POOL = """
import sys, papermill
from concurrent.futures import ProcessPoolExecutor
notebook, folder, count = sys.argv[1:]
with ProcessPoolExecutor(2) as pool:
    running = [
        pool.submit(
            papermill.execute_notebook, notebook, f"{folder}/pool-{number}.ipynb",
            {"seed": number}, progress_bar=False,
        )
        for number in range(int(count))
    ]
    for one in running:
        one.result()
"""


@dataclass(frozen=True)
class Stock:
    """Papermill as anyone has it.

    Attributes:
        python: The interpreter it is installed for.
        notebook: The notebook, with a parameter `seed`.
        folder: Where to write.
    """

    python: Path
    notebook: Path
    folder: Path

    def commands(self, count: int) -> None:
        """Run papermill's own command for each notebook."""
        for number in range(count):
            self._command(number)

    def three_commands(self, count: int) -> None:
        """Run each notebook and make its page and its PDF, with a command each."""
        for number in range(count):
            out = self._command(number)
            page, pdf = str(out.with_suffix(".html")), str(out.with_suffix(".pdf"))
            self._call("-m", "nbconvert", "--to", "html", "--log-level", "ERROR", str(out))
            self._call("-m", "weasyprint", "--quiet", page, pdf)

    def loop(self, count: int) -> None:
        """Call papermill for each notebook, in one process."""
        self._call("-c", _LOOP, str(self.notebook), str(self.folder), str(count))

    def pool(self, count: int) -> None:
        """Call papermill in two processes."""
        self._call("-c", _POOL, str(self.notebook), str(self.folder), str(count))

    def _command(self, number: int) -> Path:
        out = self.folder / f"command-{number}.ipynb"
        seed = ("-p", "seed", str(number))
        self._call(
            "-m", "papermill", "--no-progress-bar", *seed, str(self.notebook), str(out)
        )  # fmt: skip
        return out

    def _call(self, *arguments: str) -> None:
        """Run the interpreter as its user would, without what a batch sets for its workers.

        Raises:
            RuntimeError: It failed; with the end of what it said.
        """
        theirs = {name: value for name, value in os.environ.items() if not name.startswith(_OURS)}
        done = subprocess.run(
            [self.python, *arguments],
            check=False, capture_output=True, text=True, env=theirs, cwd=self.folder,
        )  # fmt: skip
        if done.returncode:
            raise RuntimeError(f"{' '.join(arguments[:2])} failed: {done.stderr[-2000:]}")
