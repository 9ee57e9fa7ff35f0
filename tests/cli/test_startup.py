"""A command starts without the packages it does not need, which take longer to import than to run.

Nothing here measures time, which differs from machine to machine: what is slow is named.
"""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from workbench import paths

SLOW = (
    "dask", "distributed", "IPython", "matplotlib", "nbconvert", "openpyxl", "pandera",
    "ruamel.yaml", "seaborn", "SALib", "typst",
)  # fmt: skip
ABSORB = f"""
import json, sys
from workbench.cli import main

sys.argv = ["workbench", "absorb", {str(paths.demo())!r}, "--scenario", "steady",
            "--joiners", "2", "--replicates", "20", "--json"]
try:
    main()
except SystemExit as end:
    assert not end.code, end.code
print(json.dumps([name for name in {SLOW!r} if name in sys.modules]))
"""


RUNS_NOTEBOOKS = ("IPython", "jupyter_client", "nbclient", "nbconvert", "papermill")


def imported() -> list[str]:
    """The slow packages in a process that has run `absorb` on the demo trust."""
    done = subprocess.run(
        [sys.executable, "-c", ABSORB], capture_output=True, text=True, check=True, timeout=600
    )
    found: list[str] = json.loads(done.stdout.splitlines()[-1])
    return found


def test_absorb_imports_no_slow_package_that_it_does_not_need() -> None:
    imported()  # a first run compiles, and parses the parameters
    assert imported() == []


@pytest.mark.parametrize("command", [("runs", "--out"), ("verify",)])
def test_what_runs_no_notebook_imports_nothing_that_would(
    command: tuple[str, ...], tmp_path: Path
) -> None:
    code = (
        "import sys\nfrom workbench.cli import main\n"
        f"sys.argv = ['workbench', *{command!r}, {str(tmp_path)!r}]\n"
        "try:\n    main()\nexcept SystemExit:\n    pass\n"
        f"found = [name for name in {RUNS_NOTEBOOKS!r} if name in sys.modules]\n"
        f"assert 'workbench.evidence.{command[0]}' in sys.modules\nassert not found, found"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=False, timeout=600
    )
    assert done.returncode == 0, done.stderr


def test_reading_a_notebook_compiles_no_grammar_of_addresses() -> None:
    code = "import sys, workbench, nbformat; sys.exit('lark' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False, timeout=600).returncode == 0
