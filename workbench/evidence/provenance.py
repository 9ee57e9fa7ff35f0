"""What a report was made from: notebook, parameters, data and their digests, day and duration."""

from __future__ import annotations

import datetime as dt
import platform
from dataclasses import dataclass, field
from pathlib import Path

from nbformat import NotebookNode

from workbench import __version__, paths
from workbench.charts.wording import day
from workbench.evidence.code_cells import digest_of_code
from workbench.evidence.plan import Part
from workbench.evidence.run_file import Paper
from workbench.evidence.sources import own_scenarios, told
from workbench.trust.digests import digest_of_file, digest_of_files, digest_of_tables
from workbench.trust.load import Trust

_SHOWN = 16


@dataclass(frozen=True)
class Inputs:
    """What all reports of a run share.

    Attributes:
        folder: Name of the trust's folder, without the path to it.
        as_of: The day the trust's data describes.
        data: Digest of the trust's tables.
        parameters: Digest of the parameter and scenario files.
        started: When the run began (UTC).
        paper: The meeting it is for, and what its papers say of themselves.
    """

    folder: str
    as_of: dt.date
    data: str
    parameters: str
    started: dt.datetime
    paper: Paper = field(default_factory=Paper)


def inputs_of(trust: Trust, started: dt.datetime, paper: Paper | None = None) -> Inputs:
    """Take the digests that all reports of a run share."""
    return Inputs(
        folder=trust.folder.resolve().name,
        as_of=trust.as_of,
        data=digest_of_tables(trust.folder)[:_SHOWN],
        parameters=digest_of_files(paths.parameters().rglob("*.yaml"))[:_SHOWN],
        started=started,
        paper=paper or Paper(),
    )


def paper_facts(paper: Paper) -> dict[str, str]:
    """Return what a report's page is told of the meeting it is for; nothing that was not given."""
    facts = {
        "meeting": paper.meeting.isoformat() if paper.meeting else "",
        "status": paper.status,
        "classification": paper.classification,
    }
    return {name: value for name, value in facts.items() if value}


def provenance(
    part: Part, notebook: NotebookNode, inputs: Inputs, seconds: float
) -> dict[str, str]:
    """Return what a report was made from, as names and values for its last section."""
    given = told(part.parameters)
    return {
        "Notebook": f"{part.notebook}.ipynb",
        "Digest of its code": digest_of_code(notebook),
        "Given to it": ", ".join(f"{name} {value}" for name, value in given.items()) or "nothing",
        "Data": f"folder {inputs.folder}, as of {day(inputs.as_of)}",
        "Digest of the data": inputs.data,
        "Digest of the parameter files": inputs.parameters,
        **_own_scenarios(part),
        "Workbench": f"version {__version__}, Python {platform.python_version()}",
        "Run": f"{day(inputs.started.date())} at {inputs.started:%H:%M} UTC",
        "Time to run": f"{seconds:.1f} seconds",
        "Checked by": "nobody yet",
    }


def _own_scenarios(part: Part) -> dict[str, str]:
    """Return the digest of each scenario that was given by its file."""
    files = map(Path, own_scenarios(part))
    return {f"Digest of {file.name}": digest_of_file(file)[:_SHOWN] for file in files}
