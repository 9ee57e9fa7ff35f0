"""A kernel that is this very Python, whatever kernels a machine has installed."""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path

KERNEL = "python3"
# One thread for each notebook's linear algebra: several notebooks run side by side.
_SINGLE = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "VECLIB_MAXIMUM_THREADS")


def use_own_kernel(folder: Path) -> None:
    """Make every notebook started by this process run on this Python, and on nothing else.

    Writes a kernel specification to `folder` and puts it first on this process's Jupyter path;
    start-up files and history of the user's own IPython are left out of the run.
    """
    spec = folder / "kernels" / KERNEL
    spec.mkdir(parents=True, exist_ok=True)
    (spec / "kernel.json").write_text(json.dumps(_specification()), encoding="utf-8")
    os.environ["JUPYTER_PATH"] = str(folder)
    os.environ["IPYTHONDIR"] = str(folder / "ipython")
    os.environ["PYDEVD_DISABLE_FILE_VALIDATION"] = "1"
    if os.environ.pop("PYTHONDONTWRITEBYTECODE", None):
        # Compiled once for the run rather than once a notebook, and swept away with it.
        os.environ["PYTHONPYCACHEPREFIX"] = str(folder / "bytecode")
    for name in _SINGLE:
        os.environ[name] = "1"


def _specification() -> dict[str, object]:
    return {
        "argv": [
            sys.executable, "-m", "ipykernel_launcher", "-f", "{connection_file}",
            "--HistoryManager.enabled=False", "--log-level=CRITICAL",
        ],
        "display_name": "Trust Growth Workbench",
        "language": "python",
    }  # fmt: skip
