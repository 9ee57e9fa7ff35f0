"""Writing an imported trust folder whole or not at all, and never over anybody's own work."""

from __future__ import annotations

import datetime as dt
import shutil
from collections.abc import Mapping
from pathlib import Path

import pandas as pd

from workbench.errors import BadInput
from workbench.trust.contracts import TABLES
from workbench.trust.folders import whole_folder
from workbench.trust.published.england import REFERENCE, SIDECAR, TABLE, write_england
from workbench.trust.published.files import sha256
from workbench.trust.published.sidecar import (
    FOLDER,
    SEAL,
    Sidecar,
    sealed_tables,
    write_seal,
    write_sidecars,
)

# The tables an import writes; every other file in a folder is its owner's and is carried over.
IMPORTED = ("trust", "schools", "inspections_oeif", "inspections_report_card", "school_statistics")


def refuse_unless_ours(target: Path, force: bool) -> None:
    """Raise unless the target may be written: absent, empty, or an earlier import left as it was.

    Raises:
        BadInput: The target is a file, holds something else, or was changed by hand since.
    """
    if target.exists() and not target.is_dir():
        raise BadInput(
            f"{target} is a file",
            where=str(target),
            rule="an import is written to a folder of its own",
            mend="name a folder that does not exist yet",
        )
    if force or not target.exists() or not any(target.iterdir()):
        return
    sealed = sealed_tables(target)
    if sealed is None:
        raise BadInput(
            f"{target} is not empty and holds no earlier import",
            where=str(target),
            rule="an import never overwrites a folder it did not make",
            mend="name a new folder, or ask for the import to be forced",
        )
    changed = [
        name for name, digest in sealed.items()
        if (target / name).is_file() and sha256(target / name) != digest
    ]  # fmt: skip
    if changed:
        raise BadInput(
            f"{', '.join(changed)} in {target} changed since the last import",
            where=str(target),
            rule="an import never overwrites what was filled in by hand",
            mend="import into a new folder and compare, or ask for the import to be forced",
        )


def write_folder(
    target: Path,
    uid: int,
    as_of: dt.date,
    tables: Mapping[str, pd.DataFrame],
    sidecars: tuple[Sidecar, ...],
    *,
    england: pd.DataFrame,
) -> dict[str, int]:
    """Write tables, sidecars and seal beside the target, then put them in its place in one step.

    Tables without rows are not written. Files that an import does not own stay.

    Args:
        target: The trust's folder.
        uid: The trust's UID.
        as_of: The day its membership describes.
        tables: The trust's tables.
        sidecars: The published tables used.
        england: The schools of England, for the folder `reference`.

    Returns:
        Rows written, by table.
    """
    written = {name: table for name, table in tables.items() if len(table)}
    with whole_folder(target) as stage:
        _carry_over(target, stage)
        for name, table in written.items():
            to_csv(table, stage / f"{name}.csv")
        write_sidecars(stage, sidecars)
        reference = write_england(stage, england, as_of, sidecars) if len(england) else ()
        write_seal(stage, uid, as_of, (*(f"{name}.csv" for name in written), *reference))
    return {name: len(table) for name, table in written.items()}


def to_csv(table: pd.DataFrame, path: Path) -> None:
    """Write a table as trust folders have it: UTF-8, ISO dates, decimals, blank for unknown."""
    name = path.stem
    columns = TABLES[name].names
    table.reindex(columns=list(columns)).to_csv(
        path, index=False, encoding="utf-8", lineterminator="\n", date_format="%Y-%m-%d",
        float_format="%.10g",
    )  # fmt: skip


def _carry_over(target: Path, stage: Path) -> None:
    """Copy what the target's owner put there: everything but imported tables, sidecars and seal."""
    if not target.is_dir():
        return
    ours = {FOLDER, SEAL, *(f"{name}.csv" for name in IMPORTED)}
    for item in target.iterdir():
        if item.name in ours:
            continue
        if item.is_dir():
            shutil.copytree(item, stage / item.name, symlinks=True)
            if item.name == REFERENCE:
                _drop_reference(stage)
        else:
            shutil.copy2(item, stage / item.name)


def _drop_reference(stage: Path) -> None:
    """Take an earlier import's schools of England out of what was carried over."""
    for name in (TABLE, SIDECAR):
        (stage / name).unlink(missing_ok=True)
    if not any((stage / REFERENCE).iterdir()):
        (stage / REFERENCE).rmdir()
