"""England as published: who is in which trust, and which judgement stands at each school."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from pathlib import Path

import pandas as pd

from workbench.errors import BadInput
from workbench.trust.contract_parts import REPORT_CARDS_BEGIN
from workbench.trust.contracts import TABLES
from workbench.trust.inspections import standing_judgements
from workbench.trust.published import kinds
from workbench.trust.published.files import Found, PublishedFile, count_rows, find
from workbench.trust.published.gias import establishments, membership
from workbench.trust.published.inspections import combine_cards, combine_oeif
from workbench.trust.published.ofsted import read_inspections

# The ratings history lists every inspection ever: not what stood at each school on one day.
_SNAPSHOTS = tuple(kind for kind in kinds.INSPECTION_KINDS if kind != kinds.RATINGS_HISTORY)


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


def national_judgements(source: Path) -> pd.DataFrame:
    """Return the judgement that stands at each school of England on the membership's day.

    Both eras are read as for a single trust and stand side by side (`standing_judgements`): report
    cards, grades of the older framework, and the sub-judgements of 2024-25 without an overall
    grade. Grades of predecessors rate nobody, and nothing after the membership's day is taken in.

    One snapshot is used: the latest on or before that day, else the first after it. Where that day
    is since report cards began, only Ofsted's management information since November 2025 counts if
    there is any, for no other file has both eras. A file with fewer than half the rows of the
    fullest lists only some schools (a year's inspections, independent schools) and is passed over.

    Args:
        source: A folder of published files.

    Returns:
        One row for each school with an inspection in the file, sorted by URN, in the columns of
        `standing_judgements`; a school that is not there is unrated. `attrs` holds `as_of` (the
        membership's day), `file`, `snapshot` (the file's own day; None where nothing dates it), and
        `latest_inspection` (the last day of an inspection taken from it; None where there is none).

    Raises:
        BadInput: There is no such folder, or it lacks group links or any file of inspections.
    """
    found = find(source)
    _, as_of = membership_file(found)
    file = _judgements_file(found, as_of, source)
    read = read_inspections(file)
    urns = frozenset(int(urn) for urn in pd.concat([read.oeif["urn"], read.cards["urn"]]))
    facts, _ = establishments(nearest(found.of(kinds.ESTABLISHMENTS), as_of), urns)
    opened = facts["opened"].astype("datetime64[s]")
    oeif, _ = combine_oeif([read], opened, pd.Series(dtype="Int64"), as_of)
    cards, _ = combine_cards([read], as_of)
    out = standing_judgements(
        _typed("inspections_oeif", oeif),
        _typed("inspections_report_card", cards),
        sorted({*oeif["urn"], *cards["urn"]}),
    ).astype({"urn": "int64"})
    snapshot = file.snapshot and file.snapshot.isoformat()
    days = pd.concat([oeif["inspection_date"], cards["inspection_date"]]).dropna()
    out.attrs = {
        "as_of": as_of.isoformat(),
        "file": file.relative,
        "snapshot": snapshot,
        "latest_inspection": f"{days.max():%Y-%m-%d}" if len(days) else None,
    }
    return out


def membership_file(found: Found, day: dt.date | None = None) -> tuple[PublishedFile, dt.date]:
    """Return the group links that say who was in which trust, and the day they describe.

    Args:
        found: The published files.
        day: The day asked about. It is answered by the first list dated on or after it, whose
            joining dates say who was in a trust by then; by the last one before it where none
            follows. The latest list if not given.

    Raises:
        BadInput: There are none, or nothing dates them.
    """
    files = found.of(kinds.GROUP_LINKS)  # the latest first, and last those that nothing dates
    if not files:
        have = sorted({known.kind.title for known in found.files}) or ["nothing known"]
        lack = sorted(kind.title for kind in kinds.KINDS if not found.of(kind))
        raise BadInput(
            "there are no GIAS group links among the files, so no trust can be made out",
            where="; ".join(["found: " + ", ".join(have), "not found: " + ", ".join(lack)]),
            rule="group links have URN, Linked UID, Group Type, Group Status and Joined date",
            mend="download the group links of academies from Get Information about Schools",
        )
    since = [f for f in files if day and f.snapshot and f.snapshot >= day]
    file = since[-1] if since else files[0]
    if file.snapshot is None:
        raise BadInput(
            f"{file.relative} has no date in its name and no joining dates",
            where=file.relative,
            rule="a membership snapshot is dated by its name or by its latest joining date",
            mend="name the file with its date, as GIAS does: grouplinks_…20260915.csv",
        )
    return file, file.snapshot


def nearest(files: Sequence[PublishedFile], day: dt.date) -> tuple[PublishedFile, ...]:
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


def _judgements_file(found: Found, as_of: dt.date, source: Path) -> PublishedFile:
    """Return the snapshot of inspections that speaks for a day (see `national_judgements`)."""
    rows = {file: count_rows(file) for file in found.of(*_SNAPSHOTS)}
    if not rows:
        raise BadInput(
            f"there are no inspections in {source}",
            where=str(source),
            rule="one file of Ofsted management information or DfE school information is needed",
            mend="download one and put it in the folder; it is known by its header, not its name",
        )
    whole = [file for file, count in rows.items() if 2 * count >= max(rows.values())]
    both_eras = [file for file in whole if file.kind == kinds.REPORT_CARDS]
    chosen = both_eras if both_eras and as_of >= REPORT_CARDS_BEGIN else whole
    return nearest(chosen, as_of)[0]


def _typed(name: str, records: pd.DataFrame) -> pd.DataFrame:
    """Return records typed as a trust's own table of them: blank words missing, yes and no true."""
    columns = TABLES[name].columns
    known = records.replace("", None)
    answers = {
        column.name: known[column.name].map({"yes": True, "no": False})
        for column in columns
        if column.kind == "yes/no"
    }
    return known.assign(**answers).astype({column.name: column.dtype for column in columns})
