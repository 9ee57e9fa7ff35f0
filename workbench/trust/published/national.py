"""England as published: who is in which trust, and each school's grade on that day."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pandas as pd

from workbench.errors import BadInput
from workbench.trust.published import kinds
from workbench.trust.published.files import Found, PublishedFile, find
from workbench.trust.published.gias import establishments, membership
from workbench.trust.published.inspections import combine_oeif
from workbench.trust.published.ofsted import read_inspections

GRADES = ("urn", "inspection_date", "overall", "category")


def national_membership(source: Path) -> pd.DataFrame:
    """Return every school of every open multi-academy trust, from the latest group links.

    Args:
        source: A folder of published files.

    Returns:
        urn, trust_uid (int64), trust_name, joined (date), phase, name; `attrs` holds `as_of` (ISO
        date of the snapshot) and `file`.

    Raises:
        BadInput: There is no such folder, or no group links in it.
    """
    file, as_of = membership_file(find(source))
    members = membership(file).astype({"urn": "int64", "trust_uid": "int64"})
    out = members[["urn", "trust_uid", "trust_name", "joined", "phase", "name"]]
    out.attrs = {"as_of": as_of.isoformat(), "file": file.relative}
    return out


def national_grades(source: Path) -> pd.DataFrame:
    """Return each school's latest grade under its own URN, as known on the membership's day.

    One snapshot is used: the latest taken on or before the day of the latest membership file (else
    the first after it), of Ofsted's management information or DfE's school information. Grades of
    predecessors and inspections after that day are left out; report cards are no grade.

    Args:
        source: A folder of published files.

    Returns:
        urn (int64), inspection_date, overall, category, one row a school; `overall` is missing
        where the latest graded inspection had none (since September 2024). `attrs` holds `as_of`
        and `file`.

    Raises:
        BadInput: There is no such folder, or it lacks group links or any file of grades.
    """
    found = find(source)
    _, as_of = membership_file(found)
    snapshots = [kind for kind in kinds.INSPECTION_KINDS if kind != kinds.RATINGS_HISTORY]
    file = next(iter(nearest(found.of(*snapshots), as_of)), None)
    if file is None:
        raise BadInput(
            f"there are no grades in {source}",
            where=str(source),
            rule="one file of Ofsted management information or DfE school information is needed",
            mend="download one and put it in the folder; it is known by its header, not its name",
        )
    read = read_inspections(file)
    urns = frozenset(int(urn) for urn in read.oeif["urn"].dropna())
    facts, _ = establishments(nearest(found.of(kinds.ESTABLISHMENTS), as_of), urns)
    opened = facts["opened"].astype("datetime64[s]")
    records, _ = combine_oeif([read], opened, pd.Series(dtype="Int64"), as_of)
    graded = records[records["urn_at_inspection"].isna() & records["kind"].ne("ungraded")]
    latest = graded.sort_values("inspection_date", kind="stable").drop_duplicates(
        "urn", keep="last"
    )
    out = latest.sort_values("urn").reset_index(drop=True)[list(GRADES)].astype({"urn": "int64"})
    out.attrs = {"as_of": as_of.isoformat(), "file": file.relative}
    return out


def membership_file(found: Found) -> tuple[PublishedFile, dt.date]:
    """Return the latest group links and the day they describe.

    Raises:
        BadInput: There are none, or nothing dates them.
    """
    file = found.latest(kinds.GROUP_LINKS)
    if file is None:
        have = sorted({known.kind.title for known in found.files}) or ["nothing known"]
        lack = sorted(kind.title for kind in kinds.KINDS if not found.of(kind))
        raise BadInput(
            "there are no GIAS group links among the files, so no trust can be made out",
            where="; ".join(["found: " + ", ".join(have), "not found: " + ", ".join(lack)]),
            rule="group links have URN, Linked UID, Group Type, Group Status and Joined date",
            mend="download the group links of academies from Get Information about Schools",
        )
    if file.snapshot is None:
        raise BadInput(
            f"{file.relative} has no date in its name and no joining dates",
            where=file.relative,
            rule="a membership snapshot is dated by its name or by its latest joining date",
            mend="name the file with its date, as GIAS does: grouplinks_…20260915.csv",
        )
    return file, file.snapshot


def nearest(files: tuple[PublishedFile, ...], day: dt.date) -> tuple[PublishedFile, ...]:
    """Return files in the order they speak for a day.

    First those on or before it, latest first; then those after it, earliest first; last those
    that nothing dates.
    """

    def distance(file: PublishedFile) -> tuple[int, int]:
        if file.snapshot is None:
            return 2, 0
        days = (file.snapshot - day).days
        return (0, -days) if days <= 0 else (1, days)

    return tuple(sorted(files, key=distance))
