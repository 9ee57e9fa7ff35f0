"""A trust as the rest of the workbench sees it: typed tables, none of them missing."""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from types import MappingProxyType

import pandas as pd

from workbench.errors import BadInput
from workbench.trust.contracts import TABLES
from workbench.trust.faults import Fault, describe
from workbench.trust.intake import Intake, check_folder
from workbench.trust.reading import table_named

_FAULTS_SHOWN = 5
_TABLES = {".csv", ".xlsx"}


@dataclass(frozen=True, eq=False)
class Trust:
    """One trust on one day. Two are equal only where they are one: frames have no equality.

    Attributes:
        uid: The trust's group UID.
        name: Its name.
        as_of: The day the tables describe.
        folder: Where they were read from.
        tables: Every contract table, typed and sorted by key; absent ones without rows. Every
            URN in them is a URN of `schools`.
        absent: Tables that were not in the folder, or whose file was refused.
        quarantined: Rows set aside for faults, by table.
        set_aside: Sound rows left out because the school they name was quarantined, by table.
    """

    uid: int
    name: str
    as_of: dt.date
    folder: Path
    tables: Mapping[str, pd.DataFrame]
    absent: tuple[str, ...] = ()
    quarantined: Mapping[str, int] = field(default_factory=dict)
    set_aside: Mapping[str, int] = field(default_factory=dict)

    @property
    def schools(self) -> pd.DataFrame:
        """One row a school."""
        return self.tables["schools"]

    @property
    def inspections_oeif(self) -> pd.DataFrame:
        """Inspections before 10 November 2025."""
        return self.tables["inspections_oeif"]

    @property
    def inspections_report_card(self) -> pd.DataFrame:
        """Inspections since 10 November 2025."""
        return self.tables["inspections_report_card"]

    @property
    def people(self) -> pd.DataFrame:
        """Spells of leadership posts."""
        return self.tables["people"]

    @property
    def support(self) -> pd.DataFrame:
        """Deployments of support."""
        return self.tables["support"]

    @property
    def support_capacity(self) -> pd.DataFrame:
        """Days each school could give, by term."""
        return self.tables["support_capacity"]

    @property
    def returns(self) -> pd.DataFrame:
        """Data returns asked for and received."""
        return self.tables["returns"]

    @property
    def school_statistics(self) -> pd.DataFrame:
        """Published numbers by school, period and measure."""
        return self.tables["school_statistics"]


# By its folder: what the folder held when it was read, and the trust.
_held: dict[Path, tuple[str, Trust]] = {}


def hold_trust(folder: Path) -> Trust | None:
    """Read a trust folder for the processes forked from this one, where it is not held already.

    The first `read_trust` of each finds it read already, where no file has changed since. Only one
    trust is held at a time.

    Returns:
        The trust, where it was held already and nothing has changed; None where it was read now.

    Raises:
        BadInput: As `read_trust`.
    """
    place, now = folder.resolve(), _digest(folder)
    if place in _held and _held[place][0] == now:
        return _held[place][1]
    _held.clear()
    _held[place] = (now, _read(folder))
    return None


def read_trust(folder: Path) -> Trust:
    """Read a trust folder, leaving quarantined rows out.

    Raises:
        BadInput: A table every trust needs is absent, refused, or without an accepted row.
    """
    if _held:  # given away, as whoever has it may change its frames
        then, trust = _held.pop(folder.resolve(), ("", None))
        if trust is not None and then == _digest(folder):
            # The same one where it can be: what has been worked out of it is remembered by it.
            return trust if trust.folder == folder else replace(trust, folder=folder)
    return _read(folder)


def _digest(folder: Path) -> str:
    """Return a digest of a folder: of its tables' content, and of what other files look like."""
    digest = hashlib.sha256()
    for path in sorted(folder.rglob("*")):
        seen = path.stat()
        digest.update(f"{path.relative_to(folder)}\0{seen.st_size}\0{seen.st_mtime_ns}\0".encode())
        if path.suffix.lower() in _TABLES and path.is_file():
            digest.update(path.read_bytes())
    return digest.hexdigest()


def _read(folder: Path) -> Trust:
    intake = check_folder(folder)
    for table in TABLES.values():
        if table.needed and intake.tables.get(table.name, table.empty()).empty:
            raise _unusable(intake, table.name)
    tables, set_aside = of_schools_there(intake.tables)
    [trust] = tables["trust"].to_dict("records")
    return Trust(
        uid=int(trust["trust_uid"]),
        name=str(trust["name"]),
        as_of=pd.Timestamp(trust["as_of"]).date(),
        folder=folder,
        tables=MappingProxyType(tables),
        absent=tuple(name for name in TABLES if name in {*intake.absent, *intake.refused}),
        quarantined=MappingProxyType(
            {name: tally.quarantined for name, tally in intake.tallies.items()}
        ),
        set_aside=MappingProxyType(set_aside),
    )


def of_schools_there(
    tables: Mapping[str, pd.DataFrame],
) -> tuple[dict[str, pd.DataFrame], dict[str, int]]:
    """Keep rows that name schools of `schools` only, and count the others.

    Args:
        tables: Typed tables by name, `schools` among them; others may be absent.

    Returns:
        Every contract table, absent ones without rows; and the rows left out, by table.
    """
    kept, set_aside = {}, {}
    urns = tables["schools"]["urn"]
    for table in TABLES.values():
        rows = tables[table.name] if table.name in tables else table.empty()
        keep = pd.Series(True, index=rows.index)
        for column in table.references:
            keep &= rows[column].isna() | rows[column].isin(urns)
        kept[table.name] = rows[keep].reset_index(drop=True)
        if not keep.all():
            set_aside[table.name] = int((~keep).sum())
    return kept, set_aside


def _concerns(fault: Fault, table: str) -> bool:
    names = (Path(fault.file).stem, fault.sheet or "")
    return any(table_named(name, (table,)) for name in names)


def _unusable(intake: Intake, table: str) -> BadInput:
    if table in intake.absent:
        what = f"the trust folder {intake.folder} has no table {table}"
    elif table in intake.refused:
        what = f"the table {table} in {intake.folder} cannot be read"
    else:
        what = f"the table {table} in {intake.folder} has no row without a fault"
    own = sorted(intake.to_mend, key=lambda fault: not _concerns(fault, table))
    first = [f"\n    {describe(fault)}" for fault in own[:_FAULTS_SHOWN]]
    more = len(own) - len(first)
    rest = f"\n    and {more} more" if more > 0 else ""
    return BadInput(
        what,
        where="".join([f"{len(intake.to_mend)} faults", *first, rest]),
        rule="a trust needs the tables trust and schools, each with an accepted row",
        mend=f"run `workbench check {intake.folder}` for every fault, mend them, and try again",
    )
