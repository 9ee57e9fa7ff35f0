"""Where the folders of a workbench checkout are."""

from __future__ import annotations

import os
from pathlib import Path

from workbench.errors import BadInput


def home() -> Path:
    """Return the workbench's top folder: `$WORKBENCH_HOME`, else the checkout this package is in.

    Raises:
        BadInput: The folder holds no `parameters/model.yaml`.
    """
    named = os.environ.get("WORKBENCH_HOME")
    folder = Path(named) if named else Path(__file__).resolve().parent.parent
    if not (folder / "parameters" / "model.yaml").is_file():
        raise BadInput(
            f"{folder} is not a workbench folder",
            where="WORKBENCH_HOME" if named else str(folder),
            rule="the folder holds parameters/model.yaml and notebooks/",
            mend="run from a checkout, or set WORKBENCH_HOME to one",
        )
    return folder.resolve()


def parameters() -> Path:
    """Return the folder of parameter files."""
    return home() / "parameters"


def scenarios() -> Path:
    """Return the folder of scenario files."""
    return parameters() / "scenarios"


def notebooks() -> Path:
    """Return the folder of notebooks."""
    return home() / "notebooks"


def outputs() -> Path:
    """Return the folder that runs write to."""
    return home() / "outputs"


def demo() -> Path:
    """Return the demo trust's folder."""
    return home() / "data" / "demo"


def england() -> Path | None:
    """Return the folder of published data for trying and testing, or None where it is absent.

    `$WORKBENCH_ENGLAND` wins; else `../shared/england` beside the checkout.
    """
    named = os.environ.get("WORKBENCH_ENGLAND")
    folder = Path(named) if named else home().parent / "shared" / "england"
    return folder if folder.is_dir() else None
