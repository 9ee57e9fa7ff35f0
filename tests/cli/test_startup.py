"""A command starts without the packages it does not need, which take longer to import than to run.

Nothing here measures time, which differs from machine to machine: what is slow is named.
"""

from __future__ import annotations

import json
import subprocess
import sys

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


def test_reading_a_notebook_compiles_no_grammar_of_addresses() -> None:
    code = "import sys, workbench, nbformat; sys.exit('lark' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False, timeout=600).returncode == 0
