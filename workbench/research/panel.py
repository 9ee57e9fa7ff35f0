"""The panel of England: each state-funded school's newest published intake and outcomes."""

from __future__ import annotations

import datetime as dt
import json
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from workbench.errors import BadInput
from workbench.pillars.once import once_a_trust
from workbench.trust.load import Trust
from workbench.trust.published.england import (
    IDENTITY,
    INTAKE,
    OUTCOMES,
    SIDECAR,
    TABLE,
    england_schools,
    read_england,
)
from workbench.trust.published.facts import Log
from workbench.trust.published.files import find
from workbench.trust.published.national import membership_file


@dataclass(frozen=True, eq=False)
class Panel:
    """Schools to compare with.

    Attributes:
        schools: One row a school, sorted by `urn`: who it is (`urn`, `name`, `phase`, `selective`,
            `region`, `local_authority`, `latitude`, `longitude`, `trust_uid`, `trust_name`), then
            each measure of `INTAKE` and `OUTCOMES` with the academic year it describes in
            `<measure>_period`. What is not known is missing.
        as_of: The day whose membership and latest numbers these are.
        sources: The published files they were read from.
        of_england: False where the schools are those of one trust only.
    """

    schools: pd.DataFrame
    as_of: dt.date
    sources: tuple[str, ...]
    of_england: bool = True


def build_panel(source: Path) -> Panel:
    """Return the panel read afresh from a folder of published files (some seconds).

    Raises:
        BadInput: There is no such folder, or no group links in it.
    """
    found = find(source)
    _, as_of = membership_file(found)
    log = Log()
    schools = england_schools(found, as_of, log)
    return Panel(schools, as_of, tuple(sorted(file.relative for file in log.used)))


def read_panel(folder: Path) -> Panel | None:
    """Return the panel that an import left in a trust's folder; None where it left none.

    Raises:
        BadInput: It is there and cannot be read.
    """
    if not (folder / TABLE).is_file():
        return None
    try:
        schools, as_of = read_england(folder)
        about = json.loads((folder / SIDECAR).read_text(encoding="utf-8"))
        sources = tuple(sorted({str(source["path"]) for source in about["sources"]}))
    except (OSError, ValueError, KeyError, TypeError) as fault:
        raise BadInput(
            f"the schools of England cannot be read: {fault}",
            where=str(folder / TABLE),
            rule=f"{TABLE} and {SIDECAR} are as `workbench import` writes them",
            mend="import the trust again, or delete the folder reference to do without",
        ) from fault
    return Panel(schools, as_of, sources)


@once_a_trust
def panel_given(trust: Trust) -> Panel | None:
    """Return the panel in a trust's folder, as `read_panel`; nobody may change it.

    Raises:
        BadInput: It is there and cannot be read.
    """
    return read_panel(trust.folder)


@once_a_trust
def panel_of_trust(trust: Trust) -> Panel:
    """Return the trust's own schools as a panel, for a trust whose folder holds no other."""
    schools = trust.schools[["urn", "name", "phase", "latitude", "longitude"]].set_index("urn")
    numbers = trust.school_statistics
    numbers = numbers[numbers["value"].notna()].sort_values("period", kind="stable")
    for measure in (*INTAKE, *OUTCOMES):
        latest = numbers[numbers["measure"].eq(measure)].drop_duplicates("urn", keep="last")
        latest = latest.set_index("urn").reindex(schools.index)
        schools[measure] = latest["value"].astype("float64")
        schools[f"{measure}_period"] = latest["period"]
    for measure in ("pupils", "fsm_percent"):
        said = trust.schools.set_index("urn")[measure].astype("float64")
        schools[measure] = schools[measure].fillna(said)
    missing = {name: None for name in IDENTITY if name not in {"urn", *schools.columns}}
    out = schools.assign(**missing).assign(trust_uid=trust.uid, trust_name=trust.name)
    out = out.reset_index().sort_values("urn", ignore_index=True)
    out["selective"] = out["selective"].astype("boolean")
    return Panel(out, trust.as_of, ("school_statistics", "schools"), of_england=False)
