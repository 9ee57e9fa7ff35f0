"""Make the board's report of a saved scenario, in a process of its own."""

from __future__ import annotations

import json
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

from workbench.errors import RunFailed
from workbench.evidence.run_file import read_run
from workbench.trust.load import Trust

_LONGEST = 2000  # letters of what a failed run said that are shown


@dataclass(frozen=True)
class Report:
    """A finished report.

    Attributes:
        page: Its page.
        headline: What it says, in a sentence.
    """

    page: Path
    headline: str


def make_report(trust: Trust, scenario: str) -> Report:
    """Run `workbench report` for one scenario and wait for it.

    Args:
        trust: The trust.
        scenario: Name of a saved scenario.

    Raises:
        RunFailed: It ended without the report.
    """
    command = [
        sys.executable, "-m", "workbench", "report", str(trust.folder),
        "--schools", "none", "--scenarios", scenario, "--json",
    ]  # fmt: skip
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    return report_of(done.returncode, done.stdout, done.stderr, scenario)


def report_of(code: int, said: str, complained: str, scenario: str) -> Report:
    """Return the report that a finished command tells of.

    Args:
        code: The command's exit code.
        said: What it printed.
        complained: What it printed of faults.
        scenario: Name of the scenario.

    Raises:
        RunFailed: It ended without the report.
    """
    try:
        index = Path(json.loads(said)["index"])
    except (ValueError, KeyError, TypeError):
        raise _failed(scenario, code, complained or said) from None
    run = read_run(index.parent)
    part = next((one for one in run.parts if one.key == scenario), None)
    if part is None or part.files.html is None:
        raise _failed(scenario, code, (part.message if part else "") or complained)
    return Report(run.folder / part.files.html, part.headline)


def _failed(scenario: str, code: int, words: str) -> RunFailed:
    return RunFailed(
        f"the report of {scenario!r} was not made",
        rule=words.strip()[-_LONGEST:] or f"the command ended with exit code {code}",
        mend="run `workbench report` in a terminal to see all it says",
    )
