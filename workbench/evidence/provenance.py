"""What a report was made from: notebook, parameters, data and their digests, day and duration."""

from __future__ import annotations

import datetime as dt
import hashlib
import platform
from dataclasses import dataclass

from nbformat import NotebookNode

from workbench import __version__, paths
from workbench.charts.wording import day
from workbench.evidence.execute import own_code_cells
from workbench.evidence.plan import Part
from workbench.trust.digests import digest_of_files, digest_of_tables
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
    """

    folder: str
    as_of: dt.date
    data: str
    parameters: str
    started: dt.datetime


def inputs_of(trust: Trust, started: dt.datetime) -> Inputs:
    """Take the digests that all reports of a run share."""
    return Inputs(
        folder=trust.folder.resolve().name,
        as_of=trust.as_of,
        data=digest_of_tables(trust.folder)[:_SHOWN],
        parameters=digest_of_files(paths.parameters().rglob("*.yaml"))[:_SHOWN],
        started=started,
    )


def provenance(
    part: Part, notebook: NotebookNode, inputs: Inputs, seconds: float
) -> dict[str, str]:
    """Return what a report was made from, as names and values for its last section."""
    given = {name: value for name, value in part.parameters.items() if name != "trust_dir"}
    return {
        "Notebook": f"{part.notebook}.ipynb",
        "Digest of its code": digest_of_code(notebook),
        "Given to it": ", ".join(f"{name} {value}" for name, value in given.items()),
        "Data": f"folder {inputs.folder}, as of {day(inputs.as_of)}",
        "Digest of the data": inputs.data,
        "Digest of the parameter files": inputs.parameters,
        "Workbench": f"version {__version__}, Python {platform.python_version()}",
        "Run": f"{day(inputs.started.date())} at {inputs.started:%H:%M} UTC",
        "Time to run": f"{seconds:.1f} seconds",
        "Checked by": "nobody yet",
    }


def digest_of_code(notebook: NotebookNode) -> str:
    """Return the digest of a notebook's own code, its outputs left aside."""
    code = "\n\0\n".join(cell.source for cell in own_code_cells(notebook))
    return hashlib.sha256(code.encode()).hexdigest()[:_SHOWN]
