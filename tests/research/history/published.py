"""Small published files that tell a known history, for tests; every school is invented."""

from __future__ import annotations

import csv
from collections.abc import Mapping, Sequence
from pathlib import Path

from tests.trust.published.synthetic import link, write_csv, write_links

URN_LINKS = ("URN", "LinkURN", "LinkName", "LinkType", "LinkEstablishedDate")
GROUPS = ("Group UID", "Group ID", "Group Name", "Companies House Number", "Group Type (code)",
          "Group Type", "Closed Date", "Open date", "Incorporated on (open date)",
          "Group Status (code)", "Group Status")  # fmt: skip
ACADEMIES = (
    "URN", "EstablishmentName", "TypeOfEstablishment (name)", "EstablishmentStatus (name)",
    "OpenDate", "CloseDate", "PhaseOfEducation (name)",
)  # fmt: skip

Member = tuple[int, int, str]


def write_snapshot(
    folder: Path, day: str, members: Sequence[Member], singles: Sequence[Member] = ()
) -> Path:
    """Write group links of one day (yyyymmdd): URN, trust UID, joining day of each school."""
    records = [link(urn, uid, joined, **_company(uid)) for urn, uid, joined in members]
    records += [
        link(urn, uid, joined, **{"Group Type": "Single-academy trust"}, **_company(uid))
        for urn, uid, joined in singles
    ]
    path = folder / f"grouplinks_edubaseallacademiesandfree{day}.csv"
    write_links(path, records)
    return path


def write_history(folder: Path, rows: Sequence[tuple[int, str, str]] = ((1, "Good", "20100101"),)) \
        -> Path:  # fmt: skip
    """Write a ratings history: URN, rating, day (yyyymmdd)."""
    return write_csv(folder / "history.csv", ("URN", "Rating", "Inspection Date"), rows)


def write_urn_links(folder: Path, day: str, rows: Sequence[tuple[int, int, str, str]]) -> Path:
    """Write predecessor links: URN, linked URN, type, day (dd-mm-yyyy or blank)."""
    return write_csv(
        folder / f"links_edubasealldata{day}.csv",
        URN_LINKS,
        [[urn, other, "A School", kind, on] for urn, other, kind, on in rows],
    )


def write_groups(folder: Path, day: str, records: Sequence[Mapping[str, object]]) -> Path:
    """Write the list of groups."""
    rows = [[record.get(name, "") for name in GROUPS] for record in records]
    return write_csv(folder / f"allgroupsdata{day}.csv", GROUPS, rows)


def write_academies(
    folder: Path,
    day: str,
    rows: Sequence[tuple[int, str, str]],
    closed: Mapping[int, str] | None = None,
) -> Path:
    """Write the academies of one day: URN, type, opening day (dd-mm-yyyy); closing days by URN."""
    ends = closed or {}
    return write_csv(
        folder / f"edubaseallacademiesandfree{day}.csv",
        ACADEMIES,
        [
            [urn, f"School {urn}", kind, "Closed" if urn in ends else "Open", opened,
             ends.get(urn, ""), "Primary"]
            for urn, kind, opened in rows
        ],
    )  # fmt: skip


def cells(path: Path) -> list[list[str]]:
    """Return a CSV file's rows as text."""
    with path.open(encoding="cp1252", newline="") as file:
        return list(csv.reader(file))


def _company(uid: int) -> dict[str, object]:
    # UIDs 70 and 9070 are one company under two numbers, and so on.
    return {"Companies House Number": f"{uid % 9000:08d}"}
