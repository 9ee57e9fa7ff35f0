"""A real trust's folder, built from files as DfE and Ofsted publish them."""

from __future__ import annotations

import datetime as dt
import difflib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from workbench.errors import BadInput
from workbench.trust.published import kinds
from workbench.trust.published.england import TABLE, england_schools
from workbench.trust.published.facts import (
    Log,
    inspection_tables,
    schools_table,
    statistics_table,
)
from workbench.trust.published.files import Found, find
from workbench.trust.published.gias import groups, membership
from workbench.trust.published.national import membership_file
from workbench.trust.published.sidecar import Sidecar, describe
from workbench.trust.published.writing import refuse_unless_ours, write_folder

_NEAREST = 5


@dataclass(frozen=True)
class ImportResult:
    """What an import wrote and what it could not find.

    Args:
        trust_uid: The trust's UID in GIAS.
        name: Its name.
        as_of: The day its membership describes.
        target: The folder written.
        rows: Rows of each table written.
        england: Rows of the reference table of England's schools.
        sources: The published tables used.
        passed_over: Published tables recognised but not used, such as older snapshots.
        unknown: Files whose headers fit no known kind.
        unreadable: Files that could not be opened, each with the reason.
        missing: What was not found, in sentences.
        notes: What was left out, not understood, or taken from a later day, each with how often.
    """

    trust_uid: int
    name: str
    as_of: dt.date
    target: Path
    rows: Mapping[str, int]
    england: int
    sources: tuple[Sidecar, ...]
    passed_over: tuple[str, ...]
    unknown: tuple[str, ...]
    unreadable: tuple[str, ...]
    missing: tuple[str, ...]
    notes: tuple[str, ...]

    def __str__(self) -> str:
        lines = [
            f"{self.name} (UID {self.trust_uid}) as of {self.as_of}, written to {self.target}",
            *(f"  {name}.csv: {count} rows" for name, count in self.rows.items()),
            f"  {TABLE}: {self.england} schools to compare with",
            "used:",
            *(f"  {source.path} ({source.title})" for source in self.sources),
        ]
        for title, entries in (
            ("not found:", self.missing),
            ("to note:", self.notes),
            ("could not be read:", self.unreadable),
            ("known but not needed:", self.passed_over),
            ("not known:", self.unknown),
        ):
            if entries:
                lines += [title, *(f"  {entry}" for entry in entries)]
        return "\n".join(lines)


def import_trust(uid: int, source: Path, target: Path, *, force: bool = False) -> ImportResult:
    """Build a trust folder from a folder of published files, known by their headers.

    The latest group links say which schools the trust has and what day the folder describes
    (`as_of`). No later inspection, statistic or membership is taken in. Where no file up to that
    day gives them, places, phases and opening days come from later files, for they seldom change;
    so do pupil numbers and free school meals, and each such file is named in `notes`. The tables
    trust, schools, inspections_oeif, inspections_report_card and school_statistics are written,
    with a sidecar a source in `sources/` and all schools of England in `reference/`, to compare
    with, whole or not at all. People and support are not
    published; they stay absent.

    Args:
        uid: The trust's group UID in GIAS.
        source: The folder of published files, searched with its subfolders.
        target: The folder to write: new, empty, or an earlier import not edited since. Files there
            that an import does not write are kept.
        force: Write even over a folder that is neither.

    Raises:
        BadInput: No such folder, no group links, no multi-academy trust of that UID, or a target
            that would be overwritten.
    """
    target = target.resolve()
    refuse_unless_ours(target, force)
    found = find(source)
    links, as_of = membership_file(found)
    members = _members(membership(links), uid, found)
    log = Log()
    log.use(links, "trust", "schools")
    joined = _joined(members, as_of, log)
    urns = frozenset(int(urn) for urn in joined["urn"])
    statistics = statistics_table(found, urns, as_of, log)
    schools = schools_table(joined, statistics, found, as_of, log)
    schools = _placed(schools, log)
    oeif, cards = inspection_tables(schools, found, as_of, log)
    name = _tidy(members["trust_name"].iloc[0])
    tables = {
        "trust": pd.DataFrame({"trust_uid": [uid], "name": [name], "as_of": [as_of.isoformat()]}),
        "schools": schools,
        "inspections_oeif": oeif,
        "inspections_report_card": cards,
        "school_statistics": statistics[statistics["urn"].isin(schools["urn"])],
    }
    england = england_schools(found, as_of, log)
    sidecars = tuple(describe(file, tuple(sorted(fed))) for file, fed in log.used.items())
    rows = write_folder(target, uid, as_of, tables, sidecars, england=england)
    return ImportResult(
        trust_uid=uid,
        name=name,
        as_of=as_of,
        target=target,
        rows=rows,
        england=len(england),
        sources=sidecars,
        passed_over=tuple(f.relative for f in found.files if f not in log.used),
        unknown=found.unknown,
        unreadable=found.unreadable,
        missing=_missing(tables, found),
        notes=tuple(f"{what}: {count}" for what, count in sorted(log.notes.items())),
    )


def _members(everyone: pd.DataFrame, uid: int, found: Found) -> pd.DataFrame:
    """Return the trust's rows, or say which UIDs come near."""
    members = everyone[everyone["trust_uid"].eq(uid)]
    if len(members):
        return members
    names = everyone.drop_duplicates("trust_uid").set_index("trust_uid")["trust_name"]
    alike = difflib.get_close_matches(str(uid), [str(known) for known in names.index], _NEAREST, 0)
    near = ", ".join(f"{known} {_tidy(names[int(known)])}" for known in alike)
    raise BadInput(
        f"there is no open multi-academy trust with UID {uid} in the group links"
        + _known_otherwise(uid, found),
        where=f"--trust {uid}",
        rule="the UID is the trust's `Linked UID` in GIAS group links",
        mend=f"nearest UIDs: {near}" if near else "check that the group links hold trusts",
    )


def _known_otherwise(uid: int, found: Found) -> str:
    """Return what else GIAS has under a UID, where the groups file is at hand."""
    file = found.latest(kinds.GROUPS)
    if file is None:
        return ""
    table = groups(file)
    same = table[table["uid"].eq(uid)]
    if same.empty:
        return ""
    group = same.iloc[0]
    return f" (GIAS has {_tidy(group['name'])}: {group['type']}, {group['status'].lower()})"


def _joined(members: pd.DataFrame, as_of: dt.date, log: Log) -> pd.DataFrame:
    """Return the schools that had joined by `as_of`."""
    undated = members["joined"].isna()
    for urn in members.loc[undated, "urn"]:
        log.notes[f"school {urn} left out: the group links give no joining date"] += 1
    later = members["joined"].gt(pd.Timestamp(as_of))
    for urn in members.loc[later, "urn"]:
        log.notes[f"school {urn} left out: it joins after {as_of}"] += 1
    kept: pd.DataFrame = members.loc[~undated & ~later]
    return kept.assign(name=kept["name"].map(_tidy))


def _placed(schools: pd.DataFrame, log: Log) -> pd.DataFrame:
    """Leave out schools whose phase nothing says, for every school of a trust has one."""
    known = schools["phase"].notna() & schools["phase"].ne("")
    for urn in schools.loc[~known, "urn"]:
        log.notes[f"school {urn} left out: no file gives its phase"] += 1
    return schools[known]


def _missing(tables: Mapping[str, pd.DataFrame], found: Found) -> tuple[str, ...]:
    """Return what was not found: values of schools, ratings, kinds of file."""
    schools = tables["schools"]
    lines = []
    for column in ("type", "pupils", "latitude", "opened", "fsm_percent"):
        lacking = schools.loc[schools[column].isna(), "urn"]
        if len(lacking):
            lines.append(f"{column} of {_some_schools(lacking, len(schools))}")
    oeif, cards = tables["inspections_oeif"], tables["inspections_report_card"]
    own = oeif.loc[oeif["urn_at_inspection"].isna() & oeif["kind"].ne("ungraded"), "urn"]
    unrated = schools.loc[~schools["urn"].isin([*own, *cards["urn"]]), "urn"]
    if len(unrated):
        lines.append(f"a grade under the present URN of {_some_schools(unrated, len(schools))}")
    lines += [f"no file of: {kind.title}" for kind in kinds.KINDS if not found.of(kind)]
    return tuple(lines)


def _some_schools(urns: pd.Series, of: int, shown: int = 5) -> str:
    listed = ", ".join(str(urn) for urn in sorted(urns)[:shown])
    more = f" and {len(urns) - shown} more" if len(urns) > shown else ""
    return f"{len(urns)} of {of} schools: {listed}{more}"


def _tidy(text: str) -> str:
    return " ".join(str(text).split())
