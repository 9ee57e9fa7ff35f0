"""How a column and a table are declared, to people and to the checks alike."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Literal

import pandas as pd

Kind = Literal[
    "text",  # words for people to read
    "code",  # an identifier kept exactly as written, such as P012 or 007
    "integer",
    "number",
    "date",
    "choice",
    "yes/no",
    "urn",
    "term",
    "period",  # an academic year, or a term of one
]

ANY_DAY = (dt.date(1900, 1, 1), dt.date(2100, 12, 31))


@dataclass(frozen=True)
class ColumnContract:
    """One column of a table, as declared to people and to the checks.

    Attributes:
        name: Heading, exactly as it stands in the file.
        kind: How its text is read.
        description: What the value means, for someone filling it in.
        required: Whether every row needs a value; elsewhere blank means not known.
        choices: The words allowed, when `kind` is `choice`.
        least: Smallest number allowed (exclusive when `above` is true).
        most: Largest number allowed.
        above: Whether `least` itself is refused.
        earliest: First day allowed.
        latest: Last day allowed.
        unit: What one unit of the number is.
        longest: Most characters allowed.
        verbatim: Whether the text is kept as published, blank-like words and spaces included.
        refers: Whether a URN names a school of the trust, so that `schools` must have it.
        ahead: Whether the day may lie after the day the folder describes.
        known_with: The column of days on which this value became known; blank where at once.
        mend: What to write instead when the kind's own advice does not say enough.
    """

    name: str
    kind: Kind
    description: str
    required: bool = False
    choices: tuple[str, ...] = ()
    least: float | None = None
    most: float | None = None
    above: bool = False
    earliest: dt.date = ANY_DAY[0]
    latest: dt.date = ANY_DAY[1]
    unit: str = ""
    longest: int = 200
    verbatim: bool = False
    refers: bool = True
    ahead: bool = False
    known_with: str = ""
    mend: str = ""

    @property
    def allowed(self) -> tuple[str, ...]:
        """The words this column allows; empty when it is not a list of words."""
        return ("yes", "no") if self.kind == "yes/no" else self.choices

    @property
    def dtype(self) -> str:
        """The dtype of the column in a typed frame."""
        if self.kind == "urn":
            return "int64" if self.required else "Int64"
        return {
            "integer": "Int64",
            "number": "float64",
            "date": "datetime64[s]",
            "yes/no": "boolean",
        }.get(self.kind, "str")


@dataclass(frozen=True)
class TableContract:
    """One table of a trust folder.

    Attributes:
        name: File stem or sheet name.
        description: What one row is.
        columns: The columns in the order they are written.
        key: Columns that together name a row once only.
        born: The column whose day or term says when the row became known; blank where it does not
            change with time.
        born_at_end: Whether a row about a term became known on the term's last day, rather than
            on its first.
        rewritten: Columns of days on which a row was last written over. Such a table keeps only
            the last state of its rows: what they said before those days is gone.
        needed: Whether a trust folder without the table is refused.
        single: Whether the table has exactly one row.
    """

    name: str
    description: str
    columns: tuple[ColumnContract, ...]
    key: tuple[str, ...]
    born: str = ""
    born_at_end: bool = False
    rewritten: tuple[str, ...] = ()
    needed: bool = False
    single: bool = False

    @property
    def names(self) -> tuple[str, ...]:
        """Column names in order."""
        return tuple(column.name for column in self.columns)

    @property
    def references(self) -> tuple[str, ...]:
        """Columns that name a school of the trust."""
        return tuple(c.name for c in self.columns if c.kind == "urn" and c.refers)

    @property
    def known_by_as_of(self) -> tuple[str, ...]:
        """Columns of what has happened or begun by the day the folder describes."""
        timed = ("date", "term", "period")
        return tuple(c.name for c in self.columns if c.kind in timed and not c.ahead)

    def column(self, name: str) -> ColumnContract:
        """Return one column's contract by name."""
        return next(column for column in self.columns if column.name == name)

    def empty(self) -> pd.DataFrame:
        """Return a typed frame without rows."""
        return pd.DataFrame({c.name: pd.Series(dtype=c.dtype) for c in self.columns})
