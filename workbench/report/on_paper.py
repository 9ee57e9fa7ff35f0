"""What of a page goes on paper, and how wide the columns of its tables are there."""

from __future__ import annotations

from collections.abc import Iterator
from xml.etree.ElementTree import Element

ON_SCREEN_ONLY = frozenset({"skip", "contents", "download", "data", "fold"})
_WIDEST = 48  # letters: longer texts are set in several lines anyhow
_GAP = 2.5  # letters: the space between columns, and that bold letters are wider


def for_paper(root: Element) -> None:
    """Take out of a parsed page what is for a screen, and say how wide each column is.

    Widths known beforehand spare the printer of the page measuring every cell twice.

    Args:
        root: The page's root element; it is changed.
    """
    for parent in list(root.iter()):
        for child in list(parent):
            if ON_SCREEN_ONLY & set(child.get("class", "").split()):
                parent.remove(child)
    for table in root.iter("table"):
        _set_widths(table)


def column_widths(rows: list[list[str]]) -> list[float]:
    """Return the share of a table's width each column takes, from the texts in it.

    No column is narrower than its longest word, as far as all fit; beyond that a column grows with
    its longest text, counted up to 48 letters.

    Args:
        rows: The texts of each row, headings included; all rows are equally long.
    """
    columns = list(zip(*rows, strict=True))
    least = [max(map(_longest_word, column)) for column in columns]
    most = [
        max(low, *(min(len(text), _WIDEST) for text in column))
        for low, column in zip(least, columns, strict=True)
    ]
    wanted = [low + _GAP + (high - low) / 2 for low, high in zip(least, most, strict=True)]
    return [share / sum(wanted) for share in wanted]


def _longest_word(text: str) -> int:
    return max(map(len, text.split()), default=0)


def _set_widths(table: Element) -> None:
    rows = [["".join(cell.itertext()).strip() for cell in _cells(row)] for row in table.iter("tr")]
    if not rows or len({len(row) for row in rows}) > 1:
        return  # a table with cells that span others is measured by the printer
    group = Element("colgroup")
    for share in column_widths(rows):
        group.append(Element("col", {"style": f"width: {100 * share:.2f}%"}))
    first = 1 if table.find("caption") is not None else 0
    table.insert(first, group)


def _cells(row: Element) -> Iterator[Element]:
    return (cell for cell in row if cell.tag in {"td", "th"})
