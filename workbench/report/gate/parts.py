"""What is read of a file: pieces of text, links, rectangles of cells, and what cannot be read."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

Kind = Literal["text", "printed", "hidden", "code", "link"]
DEEPEST = 5  # files within files within files: deeper nesting is refused, not followed


@dataclass(frozen=True)
class Piece:
    """Text in one place of a file.

    Attributes:
        place: Where, in words: `section "What staff say", line 812`.
        text: The text as a person reads it, entities and encodings undone.
        kind: `text` is what a reader meets in reading order, block by block; `printed` is a page
            as a whole, where blocks run together; `hidden` is all that stands beside it, such as
            comments, attributes and metadata; `code` is style, whose numbers count nothing; a
            `link` loads or leads somewhere.
    """

    place: str
    text: str
    kind: Kind = "text"


@dataclass(frozen=True)
class Grid:
    """A rectangle of cells.

    Attributes:
        place: Where, in words.
        rows: The cells' text, row by row; the first row heads the columns.
        caption: What the table says it is.
        lettered: Whether cells are named as in a spreadsheet, such as B4.
    """

    place: str
    rows: tuple[tuple[str, ...], ...]
    caption: str = ""
    lettered: bool = False

    def cell(self, row: int, column: int) -> str:
        """Return where a cell is, in words; both are counted from 0."""
        if self.lettered:
            return f"{self.place}, cell {letters_of(column)}{row + 1}"
        heads = self.rows[0]
        head = heads[column] if column < len(heads) and heads[column] else str(column + 1)
        return f"{self.place}, row {row + 1}, column {head}"


@dataclass(frozen=True)
class Unread:
    """A part of a file that nobody can say is safe, since it cannot be read."""

    place: str
    why: str


@dataclass(frozen=True)
class Opened:
    """All that was read of one file."""

    pieces: tuple[Piece, ...] = ()
    grids: tuple[Grid, ...] = ()
    unread: tuple[Unread, ...] = ()


def joined(several: Iterable[Opened]) -> Opened:
    """Return what was read of several parts as one, in their order."""
    kept = list(several)
    return Opened(
        tuple(piece for one in kept for piece in one.pieces),
        tuple(grid for one in kept for grid in one.grids),
        tuple(part for one in kept for part in one.unread),
    )


def letters_of(column: int) -> str:
    """Return a spreadsheet's letters for a column counted from 0."""
    letters = ""
    column += 1
    while column:
        column, rest = divmod(column - 1, 26)
        letters = chr(ord("A") + rest) + letters
    return letters
