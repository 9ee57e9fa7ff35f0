"""Every state-funded school of England in one frame: intake, outcomes, place and trust.

An import leaves it with the trust, so that a school can be set beside schools like it long after
the published files are gone. Independent schools and colleges are not in it.
"""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Sequence
from pathlib import Path

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from workbench.trust.published import kinds
from workbench.trust.published.facts import Log
from workbench.trust.published.files import Found, PublishedFile, read
from workbench.trust.published.gias import coordinates, membership, numbers, phases, positions
from workbench.trust.published.national import nearest
from workbench.trust.published.sidecar import Sidecar
from workbench.trust.published.statistics import (
    ACADEMIC_YEAR_BEGINS,
    combine,
    read_statistics,
    settled_first,
)
from workbench.trust.published.text import whole_numbers

REFERENCE = "reference"
ENGLAND_SCHOOLS = "england_schools"
TABLE = f"{REFERENCE}/{ENGLAND_SCHOOLS}.parquet"
SIDECAR = f"{REFERENCE}/{ENGLAND_SCHOOLS}.json"

# Who a school is; what is not known is missing.
IDENTITY = {
    "urn": pa.int64(), "name": pa.string(), "phase": pa.string(), "selective": pa.bool_(),
    "region": pa.string(), "local_authority": pa.string(), "latitude": pa.float64(),
    "longitude": pa.float64(), "trust_uid": pa.int64(), "trust_name": pa.string(),
}  # fmt: skip
INTAKE = (
    "pupils", "fsm_percent", "fsm_ever_6_percent", "eal_percent", "sen_support_percent",
    "ehc_plan_percent",
)  # fmt: skip
OUTCOMES = (
    "absence_percent", "persistent_absence_percent", "absence_pupils", "key_stage_2_pupils",
    "key_stage_2_expected_percent", "key_stage_2_higher_percent", "key_stage_2_reading_progress",
    "key_stage_2_writing_progress", "key_stage_2_maths_progress", "key_stage_2_reading_score",
    "key_stage_2_maths_score", "key_stage_4_pupils", "attainment_8",
    "grade_5_english_maths_percent", "progress_8", "progress_8_pupils", "progress_8_lower",
    "progress_8_upper",
)  # fmt: skip
_SCHEMA = pa.schema([
    *IDENTITY.items(),
    *((name, kind) for measure in (*INTAKE, *OUTCOMES)
      for name, kind in ((measure, pa.float64()), (f"{measure}_period", pa.string()))),
])  # fmt: skip
_DTYPES = {
    name: {"int64": "Int64", "double": "float64", "bool": "boolean"}.get(str(kind), "str")
    for name, kind in zip(_SCHEMA.names, _SCHEMA.types, strict=True)
} | {"urn": "int64"}
_FACTS = ("name", "phase", "selective", "region", "local_authority", "latitude", "longitude",
          "pupils", "fsm_percent", "outside", "closed")  # fmt: skip
# Types in GIAS and in school information that are no state-funded schools.
_OUTSIDE = (
    "independent|further education|sixth form centre|children.s cent|higher education|offshore"
    "|overseas|welsh|service children|funded by other government|secure unit|online provider"
    "|british schools|institution|miscellaneous|special post"
)
_CENSUS_PHASES = {
    "state-funded primary": "primary",
    "state-funded secondary": "secondary",
    "state-funded special school": "special",
    "non-maintained special school": "special",
    "state-funded nursery": "nursery",
    "pupil referral unit": "alternative provision",
    "state-funded alternative provision school": "alternative provision",
}


def england_schools(found: Found, as_of: dt.date, log: Log) -> pd.DataFrame:
    """Return one row for each state-funded school, with its newest published numbers up to a day.

    Each number stands with the academic year it describes in `<measure>_period`; a marker is no
    number, so an older year may speak. Names, phases, places and admissions policies come from the
    snapshot nearest the day, as for a single trust. A school whose phase nothing says is left out.

    Args:
        found: The published files.
        as_of: The day of the membership; no later year and no later membership is taken in.
        log: Where the files used are recorded.

    Returns:
        The columns of `IDENTITY`, then each measure of `INTAKE` and `OUTCOMES` with its period;
        sorted by URN.
    """
    members = _members(found, as_of, log)
    statistics = _newest(found, as_of, log)
    census = _census_phases(found, log)
    facts = _facts(found, as_of, log)
    open_now = facts.index[~facts["closed"].eq(True)]
    urns = pd.Index(sorted({*members.index, *census.index, *open_now}), name="urn")
    out = facts.reindex(urns)
    out["phase"] = out["phase"].fillna(members["phase"].replace("", None)).fillna(census["phase"])
    out["name"] = out["name"].fillna(members["name"])
    outside = out["outside"].eq(True) | (census["outside"].reindex(urns).eq(True))
    out = out[~outside & out["phase"].notna()].drop(columns=["outside", "closed"])
    out = _placed(out, found, as_of, log)
    out["region"] = out["region"].fillna(out["local_authority"].map(_region_of_authority(out)))
    out = out.join(members[["trust_uid", "trust_name"]])
    from_gias = out[["pupils", "fsm_percent"]]
    out = out.drop(columns=["pupils", "fsm_percent"]).join(statistics)
    out = _filled_from_gias(out, from_gias, as_of)
    return out.reset_index().reindex(columns=_SCHEMA.names).astype(_DTYPES)


def write_england(
    folder: Path, schools: pd.DataFrame, as_of: dt.date, sidecars: Sequence[Sidecar]
) -> tuple[str, ...]:
    """Write the reference table and the sidecar of its sources into a folder; return their names.

    The same schools give the same bytes with one version of pyarrow.
    """
    (folder / REFERENCE).mkdir(exist_ok=True)
    table = pa.Table.from_pandas(schools, schema=_SCHEMA, preserve_index=False)
    pq.write_table(
        table.replace_schema_metadata({"as_of": as_of.isoformat()}), folder / TABLE,
        compression="zstd",
    )  # fmt: skip
    about = {
        "title": "State-funded schools of England: intake, outcomes, place and trust",
        "as_of": as_of.isoformat(),
        "rows": len(schools),
        "sources": [
            {"path": one.path, "sheet": one.sheet, "title": one.title, "producer": one.producer,
             "licence": one.licence, "licence_link": one.licence_link, "sha256": one.sha256,
             "snapshot": one.snapshot, "period": one.period}
            for one in sidecars if ENGLAND_SCHOOLS in one.used_for
        ],
    }  # fmt: skip
    text = json.dumps(about, indent=2, ensure_ascii=False)
    (folder / SIDECAR).write_text(f"{text}\n", encoding="utf-8", newline="\n")
    return TABLE, SIDECAR


def read_england(folder: Path) -> tuple[pd.DataFrame, dt.date]:
    """Return the reference table of a trust folder and the day it describes.

    Raises:
        FileNotFoundError: The folder has none.
        OSError, ValueError, KeyError: It cannot be read as an import wrote it.
    """
    with pq.ParquetFile(folder / TABLE, pre_buffer=False) as file:
        table = file.read(use_threads=False)  # started threads would keep a process from forking
    as_of = dt.date.fromisoformat(table.schema.metadata[b"as_of"].decode())
    return table.to_pandas(use_threads=False)[_SCHEMA.names].astype(_DTYPES), as_of


def _members(found: Found, as_of: dt.date, log: Log) -> pd.DataFrame:
    """Return who is in which trust by the latest group links, by URN; a school's last joining."""
    file = found.latest(kinds.GROUP_LINKS)
    if file is None:
        return pd.DataFrame(
            columns=["trust_uid", "trust_name", "phase", "name"], index=pd.Index([], name="urn")
        )
    log.use(file, ENGLAND_SCHOOLS)
    members = membership(file)
    members = members[~members["joined"].gt(pd.Timestamp(as_of))].sort_values(["urn", "joined"])
    out = members.drop_duplicates("urn", keep="last").set_index("urn")
    for name in ("trust_name", "name"):
        out[name] = out[name].map(lambda text: " ".join(text.split()))
    return out


def _newest(found: Found, as_of: dt.date, log: Log) -> pd.DataFrame:
    """Return each school's newest number of each measure with its year, one column each."""
    frames = []
    for file in settled_first(found.of(*kinds.STATISTIC_KINDS)):
        if file.period is None or file.kind == kinds.SCHOOL_WORKFORCE:
            continue
        frame, _ = read_statistics(file)
        frame = frame[frame["measure"].isin([*INTAKE, *OUTCOMES]) & frame["value"].notna()]
        if len(frame):
            frames.append(frame)
            log.use(file, ENGLAND_SCHOOLS)
    rows = combine(frames, as_of).sort_values("period", kind="stable")
    latest = rows.drop_duplicates(["urn", "measure"], keep="last")
    values = latest.pivot(index="urn", columns="measure", values="value")
    periods = latest.pivot(index="urn", columns="measure", values="period").add_suffix("_period")
    out = values.join(periods)
    kinds_of = {
        name: kind
        for one in (*INTAKE, *OUTCOMES)
        for name, kind in ((one, "float64"), (f"{one}_period", "object"))
    }
    return out.reindex(columns=list(kinds_of)).astype(kinds_of)


def _census_phases(found: Found, log: Log) -> pd.DataFrame:
    """Return phase by the census's own types, newest year first, and who is no state school."""
    files = [file for file in found.of(kinds.SCHOOL_CENSUS) if file.period is not None]
    frames = []
    for file in sorted(files, key=lambda one: str(one.period), reverse=True):
        texts, _ = read(file, ["URN", "SCHOOLTYPE"])
        kind = texts["SCHOOLTYPE"].str.casefold()
        frames.append(pd.DataFrame({
            "urn": whole_numbers(texts["URN"]),
            "phase": kind.map(_CENSUS_PHASES),
            "outside": kind.str.contains("independent"),
        }))  # fmt: skip
    if not frames:
        return pd.DataFrame(columns=["phase", "outside"], index=pd.Index([], name="urn"))
    out = pd.concat(frames).dropna(subset=["urn"])
    return out.drop_duplicates("urn").set_index("urn")


def _facts(found: Found, as_of: dt.date, log: Log) -> pd.DataFrame:
    """Return what GIAS (open schools) and then school information say of each school, by URN."""
    out = pd.DataFrame(columns=list(_FACTS), index=pd.Index([], name="urn"), dtype="object")
    sources = (
        *((file, _from_gias) for file in nearest(found.of(kinds.ESTABLISHMENTS), as_of)),
        *((file, _from_information) for file in nearest(found.of(kinds.SCHOOL_INFORMATION), as_of)),
    )
    for file, reader in sources:
        before = int(out.notna().to_numpy().sum())
        out = out.combine_first(reader(file))
        if int(out.notna().to_numpy().sum()) > before:
            log.use(file, ENGLAND_SCHOOLS)
    return out[list(_FACTS)]


def _from_gias(file: PublishedFile) -> pd.DataFrame:
    table, _ = read(
        file,
        ["URN", "EstablishmentName", "TypeOfEstablishment (name)", "EstablishmentStatus (name)",
         "PhaseOfEducation (name)", "LA (name)", "GOR (name)", "AdmissionsPolicy (name)",
         "NumberOfPupils", "PercentageFSM", "Easting", "Northing"],
    )  # fmt: skip
    table = table[table["EstablishmentStatus (name)"].str.casefold().str.startswith("open")]
    types = table["TypeOfEstablishment (name)"]
    latitude, longitude = positions(table["Easting"], table["Northing"])
    return _by_urn(
        table,
        name=table["EstablishmentName"],
        phase=phases(table["PhaseOfEducation (name)"], types),
        selective=_selective(table["AdmissionsPolicy (name)"]),
        region=table["GOR (name)"],
        local_authority=table["LA (name)"],
        latitude=latitude,
        longitude=longitude,
        pupils=whole_numbers(table["NumberOfPupils"]),
        fsm_percent=numbers(table["PercentageFSM"]).where(lambda v: v.between(0, 100)),
        outside=types.str.contains(_OUTSIDE, case=False, regex=True),
    )


def _from_information(file: PublishedFile) -> pd.DataFrame:
    table, _ = read(
        file,
        ["URN", "SCHNAME", "LANAME", "SCHSTATUS", "MINORGROUP", "SCHOOLTYPE", "ISPRIMARY",
         "ISSECONDARY", "AGEHIGH", "ADMPOL"],
    )  # fmt: skip
    primary, secondary = table["ISPRIMARY"].eq("1"), table["ISSECONDARY"].eq("1")
    middle = whole_numbers(table["AGEHIGH"]).lt(16)  # deemed secondary, as in GIAS
    phase = pd.Series("", index=table.index).mask(primary, "primary").mask(secondary, "secondary")
    phase = phase.mask(primary & secondary & ~middle.fillna(False), "all-through")
    types = table["SCHOOLTYPE"]
    return _by_urn(
        table,
        name=table["SCHNAME"],
        phase=phase.mask(types.str.contains("special", case=False), "special")
        .mask(types.str.contains("alternative provision|referral", case=False),
              "alternative provision")
        .mask(types.str.contains("16.19|16 to 19", case=False, regex=True), "16 plus"),
        selective=_selective(table["ADMPOL"]),
        local_authority=table["LANAME"],
        outside=types.str.contains(_OUTSIDE, case=False, regex=True)
        | table["MINORGROUP"].str.contains("independent|college", case=False),
        closed=table["SCHSTATUS"].str.casefold().str.startswith("closed"),
    )  # fmt: skip


def _by_urn(table: pd.DataFrame, **columns: pd.Series) -> pd.DataFrame:
    """Return columns by URN with blanks missing."""
    out = pd.DataFrame(columns).astype("object").replace("", None)
    out.insert(0, "urn", whole_numbers(table["URN"]))
    return out.dropna(subset=["urn"]).drop_duplicates("urn", keep="last").set_index("urn")


def _selective(policies: pd.Series) -> pd.Series:
    """Return whether admission is by ability; missing where no policy is given."""
    said = policies.str.casefold()
    out = pd.Series(pd.NA, index=policies.index, dtype="boolean")
    return out.mask(said.ne(""), said.eq("selective")).astype("object").where(said.ne(""), None)


def _placed(out: pd.DataFrame, found: Found, as_of: dt.date, log: Log) -> pd.DataFrame:
    """Fill positions that GIAS does not give, both numbers together."""
    for file in nearest(found.of(kinds.COORDINATES), as_of):
        lacking = out["latitude"].isna() | out["longitude"].isna()
        known = coordinates(file, frozenset(int(urn) for urn in out.index[lacking]))
        if known.empty:
            continue
        log.use(file, ENGLAND_SCHOOLS)
        out.loc[known.index, ["latitude", "longitude"]] = known[["latitude", "longitude"]]
    return out


def _region_of_authority(out: pd.DataFrame) -> dict[str, str]:
    """Return the region of each local authority whose schools are all said to be in one."""
    regions: dict[str, str] = {}
    for name, group in out.dropna(subset=["region", "local_authority"]).groupby("local_authority"):
        [first, *others] = sorted(set(group["region"]))
        if not others:
            regions[str(name)] = str(first)
    return regions


def _filled_from_gias(out: pd.DataFrame, said: pd.DataFrame, as_of: dt.date) -> pd.DataFrame:
    """Fill pupils and free school meals that no census gives, dated by the membership's year."""
    first = as_of.year if as_of.month >= ACADEMIC_YEAR_BEGINS else as_of.year - 1
    for name in ("pupils", "fsm_percent"):
        gap = out[name].isna() & said[name].notna()
        out.loc[gap, name] = said.loc[gap, name].astype("float64")
        out.loc[gap, f"{name}_period"] = f"{first}/{(first + 1) % 100:02d}"
    return out
