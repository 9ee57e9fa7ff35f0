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
        needed: Whether a trust folder without the table is refused.
        single: Whether the table has exactly one row.
    """

    name: str
    description: str
    columns: tuple[ColumnContract, ...]
    key: tuple[str, ...]
    needed: bool = False
    single: bool = False

    @property
    def names(self) -> tuple[str, ...]:
        """Column names in order."""
        return tuple(column.name for column in self.columns)

    def column(self, name: str) -> ColumnContract:
        """Return one column's contract by name."""
        return next(column for column in self.columns if column.name == name)

    def empty(self) -> pd.DataFrame:
        """Return a typed frame without rows."""
        return pd.DataFrame({c.name: pd.Series(dtype=c.dtype) for c in self.columns})
