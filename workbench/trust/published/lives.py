"""When each school opened, was seen open and closed, and what kind it was, as published."""

from __future__ import annotations

import pandas as pd

from workbench.trust.published import kinds
from workbench.trust.published.files import PublishedFile, read
from workbench.trust.published.gias import group_links, phases, school_types
from workbench.trust.published.kinds import UK_DATES
from workbench.trust.published.text import dates, whole_numbers

LIFE = ("urn", "name", "phase", "type", "academy", "open_date", "close_date", "is_open")
LIFE_KINDS = (
    kinds.ESTABLISHMENTS, kinds.SCHOOL_INFORMATION, kinds.GROUP_LINKS, kinds.REPORT_CARDS,
    kinds.MANAGEMENT_INFORMATION, kinds.EARLY_MANAGEMENT_INFORMATION, kinds.OFSTED_GRADES,
)  # fmt: skip
_ACADEMY = "academ|free school|university technical|studio school"


def school_lives(file: PublishedFile) -> pd.DataFrame:
    """Return what one published file says of when schools opened and closed, and their kind.

    Args:
        file: A file of one of `LIFE_KINDS`.

    Returns:
        One row a school: urn (Int64), name, phase and type (as the trust tables spell them; blank
        where the file does not say), academy (boolean), open_date and close_date (NaT where not
        said), is_open (boolean: whether the file lists it as open; missing where it does not say).
    """
    if file.kind == kinds.GROUP_LINKS:
        out = lives_of_links(group_links(file))
    elif file.kind == kinds.SCHOOL_INFORMATION:
        out = _from_school_information(file)
    elif file.kind == kinds.ESTABLISHMENTS:
        out = _from_establishments(file)
    else:
        out = _from_ofsted(file)
    out = out.dropna(subset=["urn"]).drop_duplicates("urn", keep="last")
    return out[list(LIFE)].reset_index(drop=True)


def lives_of_links(links: pd.DataFrame) -> pd.DataFrame:
    """Return what group links, as `gias.group_links` reads them, say in the same columns."""
    once = links.drop_duplicates("urn", keep="last")
    unsaid = pd.Series(pd.NaT, index=once.index, dtype="datetime64[s]")
    listed = pd.Series(True, index=once.index, dtype="boolean")
    out = once.assign(academy=listed, open_date=unsaid, close_date=unsaid, is_open=listed)
    return out[list(LIFE)]


def _from_establishments(file: PublishedFile) -> pd.DataFrame:
    table, _ = read(
        file,
        ["URN", "EstablishmentName", "TypeOfEstablishment (name)", "PhaseOfEducation (name)",
         "OpenDate", "CloseDate", "EstablishmentStatus (name)"],
    )  # fmt: skip
    types = table["TypeOfEstablishment (name)"]
    return _life(
        table["URN"],
        table["EstablishmentName"],
        types,
        phases(table["PhaseOfEducation (name)"], types),
        opened=table["OpenDate"],
        closed=table["CloseDate"],
        status=table["EstablishmentStatus (name)"],
    )


def _from_school_information(file: PublishedFile) -> pd.DataFrame:
    table, _ = read(
        file,
        ["URN", "SCHNAME", "SCHOOLTYPE", "SCHSTATUS", "OPENDATE", "CLOSEDATE", "ISPRIMARY",
         "ISSECONDARY"],
    )  # fmt: skip
    primary, secondary = table["ISPRIMARY"].eq("1"), table["ISSECONDARY"].eq("1")
    phase = pd.Series("", index=table.index, dtype="str")
    phase = phase.mask(primary, "primary").mask(secondary, "secondary")
    phase = phase.mask(primary & secondary, "all through")
    return _life(
        table["URN"],
        table["SCHNAME"],
        table["SCHOOLTYPE"],
        phases(phase, table["SCHOOLTYPE"]),
        opened=table["OPENDATE"],
        closed=table["CLOSEDATE"],
        status=table["SCHSTATUS"],
    )


def _from_ofsted(file: PublishedFile) -> pd.DataFrame:
    table, _ = read(
        file, ["URN", "School name", "Type of school", "Type of education", "Ofsted phase"]
    )
    types = table["Type of education"].where(
        table["Type of education"].ne(""), table["Type of school"]
    )
    blank = pd.Series("", index=table.index, dtype="str")
    phase = phases(table["Ofsted phase"], types)
    words = table["Ofsted phase"].str.casefold()
    phase = phase.mask(words.eq("special"), "special")
    phase = phase.mask(words.str.contains("alternative|pru|referral"), "alternative provision")
    return _life(
        table["URN"], table["School name"], types, phase, opened=blank, closed=blank, status=blank
    )


def _life(
    urns: pd.Series,
    names: pd.Series,
    types: pd.Series,
    phase: pd.Series,
    *,
    opened: pd.Series,
    closed: pd.Series,
    status: pd.Series,
) -> pd.DataFrame:
    words = status.str.casefold()
    said = words.str.startswith("open") | words.str.startswith("closed")
    return pd.DataFrame(
        {
            "urn": whole_numbers(urns),
            "name": names,
            "phase": phase,
            "type": school_types(types),
            "academy": types.str.contains(_ACADEMY, case=False, regex=True)
            .astype("boolean")
            .mask(types.eq("")),
            "open_date": dates(opened, UK_DATES),
            "close_date": dates(closed, UK_DATES),
            "is_open": words.str.startswith("open").astype("boolean").mask(~said),
        }
    )
