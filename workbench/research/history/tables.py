"""The tables of the panel of England's history: columns, types, units and meaning of each.

The schema is frozen: a column keeps its name, type and meaning; new ones are added at the end.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

SCHEMA_VERSION = 1
_KINDS = MappingProxyType({
    "whole number": (pa.int64(), "Int64"),
    "text": (pa.string(), "str"),
    "day": (pa.date32(), "datetime64[s]"),
    "yes or no": (pa.bool_(), "boolean"),
})  # fmt: skip


@dataclass(frozen=True)
class Column:
    """One column of a table.

    Attributes:
        name: Its name.
        kind: `whole number`, `text`, `day` or `yes or no`.
        meaning: What it says, and when it is missing.
        unit: What a number counts; blank for names and days.
        required: Whether every row has it.
    """

    name: str
    kind: str
    meaning: str
    unit: str = ""
    required: bool = False


@dataclass(frozen=True)
class Table:
    """One table of the panel.

    Attributes:
        name: Its name; its file is `<name>.parquet`.
        holds: What one row is.
        key: The columns that tell rows apart, by which the table is sorted.
        columns: Its columns.
    """

    name: str
    holds: str
    key: tuple[str, ...]
    columns: tuple[Column, ...]

    @property
    def names(self) -> list[str]:
        """The names of its columns, in order."""
        return [column.name for column in self.columns]

    @property
    def dtypes(self) -> dict[str, str]:
        """The pandas type of each column."""
        return {
            column.name: "int64"
            if column.required and column.kind == "whole number"
            else _KINDS[column.kind][1]
            for column in self.columns
        }

    @property
    def schema(self) -> pa.Schema:
        """The Parquet schema; each field's metadata holds its unit and meaning."""
        return pa.schema([
            pa.field(
                column.name,
                _KINDS[column.kind][0],
                nullable=not column.required,
                metadata={"unit": column.unit, "meaning": column.meaning},
            )
            for column in self.columns
        ])  # fmt: skip

    def typed(self, frame: pd.DataFrame) -> pd.DataFrame:
        """Return a frame with this table's columns, types and order of rows; blanks missing."""
        out = frame.reindex(columns=self.names)
        texts = [column.name for column in self.columns if column.kind == "text"]
        out[texts] = out[texts].astype("object").replace("", None)
        return out.astype(self.dtypes).sort_values(list(self.key), ignore_index=True)


def _urn(meaning: str = "The school's unique reference number.") -> Column:
    return Column("urn", "whole number", meaning, required=True)


_CHAIN = Column(
    "chain", "whole number",
    "URN of the first school of the chain of predecessors this one ends; its own without any.",
    required=True,
)  # fmt: skip
_UID = Column("trust_uid", "whole number", "The trust's group UID in GIAS.", required=True)
_TRUST_NAME = Column("trust_name", "text", "Its name as last published in that time.")
_SOURCE = Column("source", "text", "The published file that says so.")

SNAPSHOTS = Table(
    "snapshots",
    "a school in a multi-academy or single-academy trust on the day of a group-links file",
    ("snapshot", "urn", "trust_uid"),
    (
        Column("snapshot", "day", "The day the file describes.", required=True),
        _urn(), _UID, _TRUST_NAME,
        Column("company_number", "text", "The trust's number at Companies House."),
        Column("group_type", "text", "multi-academy trust or single-academy trust.", required=True),
        Column("joined", "day", "The joining day that file gives."),
    ),
)  # fmt: skip

MEMBERSHIPS = Table(
    "memberships",
    "a school's unbroken time in a multi-academy trust, as a sequence of snapshots shows it",
    ("urn", "first_seen"),
    (
        _urn(), _UID, _TRUST_NAME,
        Column("joined", "day", "The day it joined, as last published; missing if never said."),
        Column("left", "day", "The day it left; missing while it is still in. Where `left_exact` "
               "is no, the day of the first snapshot without it: it left by then."),
        Column("how", "text", "How it began; see `memberships.how` in the dictionary's codes.",
               required=True),
        Column("how_left", "text", "How it ended, or `still in`.", required=True),
        Column("first_seen", "day", "The first snapshot that lists it there.", required=True),
        Column("last_seen", "day", "The last snapshot in a row that does.", required=True),
        Column("gone_by", "day", "The next snapshot after that; missing if it is still in."),
        Column("left_exact", "yes or no", "Whether `left` is a published day; missing while in."),
        Column("listed_late", "yes or no", "Whether it had joined by an earlier snapshot that did "
               "not list it; missing in the first."),
        Column("first_joined", "day", "The joining day as first published, where corrected since."),
        _CHAIN,
    ),
)  # fmt: skip

MOVEMENTS = Table(
    "movements",
    "a school whose multi-academy trust differs between one snapshot and the next",
    ("to_snapshot", "urn"),
    (
        Column("from_snapshot", "day", "The earlier snapshot.", required=True),
        Column("to_snapshot", "day", "The next one.", required=True),
        _urn(),
        Column("move", "text", "joined, left, or changed: in another trust.", required=True),
        Column("from_uid", "whole number", "The trust it was in; missing where it joined."),
        Column("to_uid", "whole number", "The trust it is in; missing where it left."),
        Column("how", "text", "As `memberships.how`; for those who left, `how_left`.",
               required=True),
        Column("date", "day", "The day it happened, where published."),
        Column("listed_late", "yes or no", "Whether that day is on or before `from_snapshot`."),
        _CHAIN,
    ),
)  # fmt: skip

TRUSTS = Table(
    "trusts",
    "a multi-academy trust that a snapshot or the list of groups names",
    ("trust_uid",),
    (
        _UID, _TRUST_NAME,
        Column("company_number", "text", "Its number at Companies House."),
        Column("incorporated", "day", "The day it was incorporated, from the list of groups."),
        Column("closed", "day", "The day it closed, from the list of groups."),
        Column("status", "text", "Open or closed, as the list of groups has it."),
        Column("first_seen", "day", "First snapshot with a school in it; missing if never."),
        Column("last_seen", "day", "Last snapshot with a school in it."),
        Column("schools_first", "whole number", "Schools at `first_seen`.", "schools"),
        Column("schools_last", "whole number", "Schools at `last_seen`.", "schools"),
        Column("how", "text", "How it began.", required=True),
        Column("how_left", "text", "What became of it.", required=True),
        Column("former_uid", "whole number", "UID of the trust of the same company it follows."),
        Column("merged_into", "whole number", "UID of the trust all its remaining schools went "
               "to; missing otherwise."),
    ),
)  # fmt: skip

LINKS = Table(
    "links",
    "a pair of predecessor and successor that the register links",
    ("new_urn", "old_urn"),
    (
        Column("new_urn", "whole number", "URN of the successor.", required=True),
        Column("old_urn", "whole number", "URN of the predecessor.", required=True),
        Column("published", "text", "The link types as published.", required=True),
        Column("linked_on", "day", "The latest of the days given; missing if none."),
        Column("followed", "yes or no", "Whether grades and places follow it.", required=True),
        Column("kind", "text", "converted, academy to academy, or other; missing if not followed."),
        Column("reason", "text", "Why it is not followed; missing if it is."),
    ),
)  # fmt: skip

SCHOOLS = Table(
    "schools",
    "a school under one URN that any of the files knows",
    ("urn",),
    (
        _urn(),
        Column("name", "text", "Its name as last published."),
        Column("phase", "text", "Its phase, in the words of the trust tables."),
        Column("type", "text", "converter, sponsor led, free school or other."),
        Column("sponsor_led", "yes or no", "Whether it is a sponsor-led academy."),
        Column("academy", "yes or no", "Whether it is an academy or a free school."),
        Column("open_date", "day", "The day it opened under this URN."),
        Column("open_from", "text", "register: published as such. link: the day of its link to a "
               "predecessor. Missing with `open_date`."),
        Column("close_date", "day", "The day it closed, where published."),
        Column("open_seen", "day", "The last day a file that says so lists it as open."),
        _CHAIN,
        Column("place", "whole number", "Its place in the chain, the first school's being 0.",
               "schools before it", required=True),
        Column("predecessor", "whole number", "URN of the one school it follows."),
        Column("successor", "whole number", "URN of the one school that follows it."),
        _SOURCE,
    ),
)  # fmt: skip

INSPECTIONS = Table(
    "inspections",
    "an inspection under the older frameworks, once, under the URN the school then had",
    ("urn", "date"),
    (
        _urn("The URN the school had on the day."),
        Column("date", "day", "Its first day where files differ by days.", required=True),
        Column("grade", "whole number", "Overall effectiveness: 1 outstanding, 2 good, 3 requires "
               "improvement (satisfactory to August 2012), 4 inadequate; missing if none given.",
               "grade"),
        Column("kind", "text", "graded, ungraded, or missing where the file does not say."),
        Column("category", "text", "special measures or serious weaknesses."),
        _CHAIN, _SOURCE,
        Column("files", "whole number", "Published tables that list it.", "tables", required=True),
        Column("inherited", "yes or no", "Whether a later school's row gave it: it is counted for "
               "the predecessor it was of.", required=True),
    ),
)  # fmt: skip

REPORT_CARDS = Table(
    "report_cards",
    "a report card (since 10 November 2025); never translated into the older grades",
    ("urn", "date", "area"),
    (
        _urn("The URN the school had on the day."),
        Column("date", "day", "The first day of the inspection.", required=True),
        Column("area", "text", "The area judged, or safeguarding.", required=True),
        Column("judgement", "text", "The grade on the scale of report cards; met or not met.",
               required=True),
        _CHAIN, _SOURCE,
    ),
)  # fmt: skip

TABLES: Mapping[str, Table] = MappingProxyType({
    table.name: table
    for table in (SNAPSHOTS, MEMBERSHIPS, MOVEMENTS, TRUSTS, LINKS, SCHOOLS, INSPECTIONS,
                  REPORT_CARDS)
})  # fmt: skip

CODES: Mapping[str, Mapping[str, str]] = MappingProxyType({
    "memberships.how": {
        "first snapshot": "listed in the earliest snapshot there is",
        "moved trust": "came from another multi-academy trust, which went on or was broken up",
        "trust merged": "came with every school of a trust that is listed no more",
        "trust renumbered": "the same company under another UID: nothing moved",
        "trust became multi-academy": "the same company, until then a single-academy trust",
        "from a single-academy trust": "came from a single-academy trust of another company",
        "new URN": "follows, under a new URN, a school that was in a multi-academy trust",
        "returned": "was in a multi-academy trust before, not in the snapshot before",
        "new academy": "any other: converted, sponsored or newly opened",
    },
    "memberships.how_left": {
        "still in": "listed in the latest snapshot",
        "moved trust": "listed in another multi-academy trust by the next snapshot",
        "trust merged": "so did every school of the trust that is still listed, to the same trust",
        "trust renumbered": "the same company under another UID: nothing moved",
        "to a single-academy trust": "listed in a single-academy trust by the next snapshot",
        "new URN": "closed, and another school follows it",
        "merged or split": "closed, and which school follows it is ambiguous",
        "closed": "published as closed, and none follows it",
        "not known": "listed no more, and nothing says why",
    },
    "trusts.how": {
        "first snapshot": "has schools in the earliest snapshot there is",
        "renumbered": "the same company as an earlier multi-academy trust",
        "was single-academy": "the same company as a single-academy trust before it",
        "new": "any other, first seen later",
        "never seen": "no snapshot lists a school in it",
    },
    "trusts.how_left": {
        "listed": "has schools in the latest snapshot",
        "merged": "every school of it that is still listed is in one other trust",
        "broken up": "its schools are in several trusts",
        "renumbered": "the same company goes on under another UID",
        "no school left": "none of its schools is in a multi-academy trust by the next snapshot",
        "never seen": "no snapshot lists a school in it",
    },
})  # fmt: skip


def write_table(table: Table, frame: pd.DataFrame, folder: Path) -> None:
    """Write a table as Parquet, in its frozen schema."""
    whole = pa.Table.from_pandas(frame, schema=table.schema, preserve_index=False)
    whole = whole.replace_schema_metadata({"holds": table.holds, "schema": str(SCHEMA_VERSION)})
    pq.write_table(whole, folder / f"{table.name}.parquet", compression="zstd")


def read_table(table: Table, folder: Path) -> pd.DataFrame:
    """Read a table of a built panel, with the pandas types of its schema."""
    frame: pd.DataFrame = pq.read_table(folder / f"{table.name}.parquet").to_pandas(
        date_as_object=False
    )
    return frame.astype(table.dtypes)


def data_dictionary() -> pd.DataFrame:
    """Return the dictionary: one row a column (table, column, type, unit, required, meaning)."""
    return pd.DataFrame(
        [
            {
                "table": table.name, "column": column.name, "type": column.kind,
                "unit": column.unit, "required": "yes" if column.required else "no",
                "meaning": column.meaning,
            }
            for table in TABLES.values()
            for column in table.columns
        ]
    )  # fmt: skip


def code_list() -> pd.DataFrame:
    """Return what each code means: one row a code (column, code, meaning)."""
    return pd.DataFrame(
        [
            {"column": column, "code": code, "meaning": meaning}
            for column, codes in CODES.items()
            for code, meaning in codes.items()
        ]
    )
