"""Readers of Get Information about Schools: membership, establishments, groups, URN links."""

from __future__ import annotations

from collections.abc import Iterable
from types import MappingProxyType

import numpy as np
import pandas as pd

from workbench.trust.published.files import PublishedFile, read
from workbench.trust.published.grid import to_latitude_longitude
from workbench.trust.published.kinds import UK_DATES
from workbench.trust.published.text import dates, number, whole_numbers

MULTI_ACADEMY_TRUST = "multi-academy trust"
MEMBERSHIP = ("urn", "trust_uid", "trust_name", "joined", "phase", "type", "name")
ESTABLISHMENT = MappingProxyType({
    "name": "str", "type": "str", "phase": "str", "opened": "datetime64[s]", "pupils": "Int64",
    "fsm_percent": "float64", "latitude": "float64", "longitude": "float64",
})  # fmt: skip
LATITUDES, LONGITUDES = (49.0, 61.0), (-9.0, 3.0)

_PHASES = {
    "nursery": "nursery",
    "primary": "primary",
    "middle deemed primary": "primary",
    "secondary": "secondary",
    "middle deemed secondary": "secondary",
    "all through": "all-through",
    "16 plus": "16 plus",
}


def group_links(file: PublishedFile) -> pd.DataFrame:
    """Return every school's every open group of any type, from GIAS group links of any year.

    The rows of these files are one field shorter than their header, and a school has a row for each
    group it is in: its trust, its sponsor, an umbrella trust.

    Returns:
        One row a school and group: urn, trust_uid (Int64), trust_name, company_number, group_type
        (without capitals), joined (date), phase and type (as the trust tables spell them), name.
    """
    links, _ = read(
        file,
        ["URN", "Linked UID", "Group UID", "Group Name", "Group Type", "Group Status",
         "Companies House Number", "Joined date", "EstablishmentName",
         "TypeOfEstablishment (name)", "PhaseOfEducation (name)"],
    )  # fmt: skip
    uids = links["Linked UID"].where(links["Linked UID"].ne(""), links["Group UID"])
    out = pd.DataFrame(
        {
            "urn": whole_numbers(links["URN"]),
            "trust_uid": whole_numbers(uids),
            "trust_name": links["Group Name"],
            "company_number": links["Companies House Number"],
            "group_type": links["Group Type"].str.casefold(),
            "joined": dates(links["Joined date"], UK_DATES),
            "phase": phases(links["PhaseOfEducation (name)"], links["TypeOfEstablishment (name)"]),
            "type": school_types(links["TypeOfEstablishment (name)"]),
            "name": links["EstablishmentName"],
        }
    )
    wanted = (
        links["Group Status"].str.casefold().str.startswith("open")
        & out["urn"].notna()
        & out["trust_uid"].notna()
    )
    ordered = out[wanted].sort_values(["trust_uid", "urn", "joined"], kind="stable")
    return ordered.drop_duplicates(["trust_uid", "urn"], keep="last").reset_index(drop=True)


def membership(file: PublishedFile) -> pd.DataFrame:
    """Return who is in which open multi-academy trust, from GIAS group links of any year.

    Only `Group Type` = Multi-academy trust counts (a school also has rows for its sponsor).

    Returns:
        One row a school and trust: urn, trust_uid (Int64), trust_name, joined (date), phase and
        type (as the trust tables spell them), name.
    """
    links = group_links(file)
    members = links[links["group_type"].eq(MULTI_ACADEMY_TRUST)]
    return members[list(MEMBERSHIP)].reset_index(drop=True)


def groups(file: PublishedFile) -> pd.DataFrame:
    """Return the groups GIAS knows, whatever became of them.

    Returns:
        uid (Int64), name, type, status, company_number, incorporated and closed (dates). The open
        date of multi-academy trusts is blank: `incorporated` stands for it.
    """
    table, _ = read(
        file,
        ["Group UID", "Group Name", "Group Type", "Group Status", "Companies House Number",
         "Incorporated on (open date)", "Closed Date"],
    )  # fmt: skip
    return pd.DataFrame(
        {
            "uid": whole_numbers(table["Group UID"]),
            "name": table["Group Name"],
            "type": table["Group Type"],
            "status": table["Group Status"],
            "company_number": table["Companies House Number"],
            "incorporated": dates(table["Incorporated on (open date)"], UK_DATES),
            "closed": dates(table["Closed Date"], UK_DATES),
        }
    )


def urn_links(file: PublishedFile) -> pd.DataFrame:
    """Return predecessor and successor links: urn, linked_urn, link (as published), date or NaT.

    A quarter have no date and some dates are yet to come; links may run both ways or in circles.
    """
    table, _ = read(file, ["URN", "LinkURN", "LinkType", "LinkEstablishedDate"])
    return pd.DataFrame(
        {
            "urn": whole_numbers(table["URN"]),
            "linked_urn": whole_numbers(table["LinkURN"]),
            "link": table["LinkType"],
            "date": dates(table["LinkEstablishedDate"], UK_DATES),
        }
    )


def establishments(
    files: Iterable[PublishedFile], urns: frozenset[int], known: pd.DataFrame | None = None
) -> tuple[pd.DataFrame, tuple[PublishedFile, ...]]:
    """Return what GIAS says of some schools, and which files said it.

    Each value comes from the first file that gives it, so put the latest snapshot first. Columns
    that GIAS has dropped (Ofsted ratings, regional commissioners) are never asked for.

    Args:
        files: Academies or all-data extracts, latest first.
        urns: The schools.
        known: What earlier calls returned; only its gaps are filled.
    """
    schools = pd.Index(sorted(urns), name="urn", dtype="Int64")
    out, used = pd.DataFrame(index=schools) if known is None else known, []
    for file in files:
        said = _establishments(file, urns)
        if said.empty:
            continue
        before = int(out.notna().to_numpy().sum())
        out = out.combine_first(said)
        if int(out.notna().to_numpy().sum()) > before:
            used.append(file)
    return out.reindex(columns=list(ESTABLISHMENT)).astype(dict(ESTABLISHMENT)), tuple(used)


def coordinates(file: PublishedFile, urns: frozenset[int]) -> pd.DataFrame:
    """Return published latitudes and longitudes of some schools, indexed by URN."""
    table, _ = read(file, ["URN", "Latitude", "Longitude"], urns)
    out = pd.DataFrame(
        {
            "urn": whole_numbers(table["URN"]),
            "latitude": numbers(table["Latitude"]).where(lambda v: v.between(*LATITUDES)),
            "longitude": numbers(table["Longitude"]).where(lambda v: v.between(*LONGITUDES)),
        }
    ).dropna()
    return out.drop_duplicates("urn").set_index("urn")


def phases(published: pd.Series, types: pd.Series) -> pd.Series:
    """Return phases in the trust tables' words; blank where neither phase nor type says.

    GIAS gives special schools and alternative provision no phase, so their type decides.
    """
    kind = types.str.casefold()
    words = published.str.casefold().str.replace("-", " ")  # "All through" until 2018
    out = words.map(_PHASES).fillna("")
    provision = kind.str.contains("alternative provision|pupil referral", regex=True)
    out = out.mask(kind.str.contains("special", regex=False), "special")
    out = out.mask(provision, "alternative provision")
    return out.mask(kind.str.contains(r"16.19|16 to 19", regex=True), "16 plus")


def school_types(types: pd.Series) -> pd.Series:
    """Return how each school became an academy, in the trust tables' words; blank if unsaid."""
    kind = types.str.casefold()
    out = pd.Series("other", index=types.index, dtype="str").mask(kind.eq(""), "")
    out = out.mask(kind.str.contains("converter", regex=False), "converter")
    out = out.mask(kind.str.contains("sponsor", regex=False), "sponsor led")
    return out.mask(kind.str.contains("free school", regex=False), "free school")


def _establishments(file: PublishedFile, urns: frozenset[int]) -> pd.DataFrame:
    table, _ = read(
        file,
        ["URN", "EstablishmentName", "TypeOfEstablishment (name)", "PhaseOfEducation (name)",
         "OpenDate", "NumberOfPupils", "PercentageFSM", "Easting", "Northing"],
        urns,
    )  # fmt: skip
    latitude, longitude = positions(table["Easting"], table["Northing"])
    types = table["TypeOfEstablishment (name)"]
    out = pd.DataFrame(
        {
            "urn": whole_numbers(table["URN"]),
            "name": table["EstablishmentName"].replace("", None),
            "type": school_types(types).replace("", None),
            "phase": phases(table["PhaseOfEducation (name)"], types).replace("", None),
            "opened": dates(table["OpenDate"], UK_DATES),
            "pupils": whole_numbers(table["NumberOfPupils"]),
            "fsm_percent": numbers(table["PercentageFSM"]).where(lambda v: v.between(0, 100)),
            "latitude": latitude,
            "longitude": longitude,
        }
    )
    return out.dropna(subset=["urn"]).drop_duplicates("urn", keep="last").set_index("urn")


def positions(easting: pd.Series, northing: pd.Series) -> tuple[pd.Series, pd.Series]:
    """Return latitude and longitude; missing where the grid reference is blank or nowhere."""
    east, north = numbers(easting), numbers(northing)
    known = (east > 1) & (north > 1)
    latitude, longitude = to_latitude_longitude(
        east.where(known).to_numpy(np.float64), north.where(known).to_numpy(np.float64)
    )
    lat = pd.Series(latitude.round(6), index=easting.index)
    lon = pd.Series(longitude.round(6), index=easting.index)
    inside = lat.between(*LATITUDES) & lon.between(*LONGITUDES)
    return lat.where(inside), lon.where(inside)


def numbers(texts: pd.Series) -> pd.Series:
    """Return text as numbers; a marker, a blank or anything else is missing."""

    def value(text: str) -> float:
        try:
            found = number(text)
        except ValueError:
            return float("nan")
        return float("nan") if found is None or found.value is None else found.value

    return texts.map(value).astype("float64")
