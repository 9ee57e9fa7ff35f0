"""A fault in the user's files: where it is, what is written there, which rule, how to mend it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict, dataclass, fields
from typing import Literal

import pandas as pd

Effect = Literal["row quarantined", "column not read", "file refused", "noted"]

_LONGEST_QUOTE = 80


@dataclass(frozen=True)
class Fault:
    """One thing wrong, or worth knowing, at one place.

    Attributes:
        file: File name, without its folder.
        sheet: Sheet name, or None in a text file.
        row: Row number as a spreadsheet program shows it, or None for a whole file.
        column: Heading of the column (joined by ` + ` for several), or None for a whole row.
        value: The value as written.
        rule: Short key of the rule, the same in every release.
        message: What is wrong, in one sentence.
        mend: What to do about it.
        effect: What the workbench did: set the row or rows aside, left the column out, refused
            the file, or read it and only took note.
    """

    file: str
    sheet: str | None
    row: int | None
    column: str | None
    value: str
    rule: str
    message: str
    mend: str
    effect: Effect = "row quarantined"

    @property
    def where(self) -> str:
        """The place in words, such as `schools.csv, row 4, column phase`."""
        parts = [
            printable(self.file),
            f"sheet {printable(self.sheet)}" if self.sheet else "",
            f"row {self.row}" if self.row else "",
            f"column {printable(self.column)}" if self.column else "",
        ]
        return ", ".join(part for part in parts if part)


class Unreadable(Exception):
    """A file or sheet that cannot be used at all, with what the user can do about it."""

    def __init__(
        self,
        message: str,
        mend: str,
        *,
        rule: str = "unreadable",
        row: int | None = None,
        column: str | None = None,
    ) -> None:
        self.message, self.mend, self.rule, self.row, self.column = message, mend, rule, row, column
        super().__init__(message)

    def fault(self, file: str, sheet: str | None) -> Fault:
        """Return the fault that reports it."""
        return Fault(
            file, sheet, self.row, self.column, "", self.rule, self.message, self.mend,
            effect="file refused",
        )  # fmt: skip


def describe(fault: Fault) -> str:
    """Return a fault as plain sentences: place, finding, value as written, remedy."""
    value = f" (written: '{printable(fault.value)}')" if fault.value else ""
    return f"{fault.where}: {fault.message}{value}. To mend: {fault.mend}."


def printable(text: str) -> str:
    """Return untrusted text on one line, not too long, its unprintable characters as codes."""
    shown = "".join(
        char if char.isprintable() else f"\\u{ord(char):04x}" for char in text[: _LONGEST_QUOTE + 1]
    )
    return shown if len(text) <= _LONGEST_QUOTE else f"{shown[:_LONGEST_QUOTE]}…"


def faults_frame(faults: Iterable[Fault]) -> pd.DataFrame:
    """Return faults as a table, one row each, in the order given."""
    names = [field.name for field in fields(Fault)]
    frame = pd.DataFrame([asdict(fault) for fault in faults], columns=names)
    text = [name for name in names if name != "row"]
    return frame.astype({"row": "Int64", **dict.fromkeys(text, "str")})
