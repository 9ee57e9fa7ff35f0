"""What of a page goes on paper, and how wide the columns of its tables are there."""

from __future__ import annotations

from collections.abc import Iterator
from xml.etree.ElementTree import Element

_ON_SCREEN_ONLY = frozenset({"skip", "contents", "download", "data", "fold"})
_LINE = 108  # letters of a table on a line
_LONG = 90  # letters: longer texts are set in several lines anyhow
_LONGEST_WORD = 16  # letters: longer ones, such as the names of files, are broken
_GAP = 1.6  # letters: the space between columns
_SHORT = 12  # rows: a table of so few is not parted between pages
_BOLD = 1.2  # how wide bold letters are beside others


def for_paper(root: Element) -> None:
    """Take out of a parsed page what is for a screen, and say how tables are to be set.

    Widths known beforehand spare the printer of the page measuring every cell twice.

    Args:
        root: The page's root element; it is changed.
    """
    for parent in list(root.iter()):
        for child in [child for child in parent if _ON_SCREEN_ONLY & set(_classes(child))]:
            _take_out(parent, child)
    for table in root.iter("table"):
        _set_widths(table)
        if len(list(table.iter("tr"))) <= _SHORT:
            table.set("class", f"{table.get('class', '')} short".strip())


def column_widths(rows: list[list[str]]) -> list[float]:
    """Return the share of a table's width each column takes, from the texts in it.

    A column has room for its longest word, as far as all fit on a line; what is left goes to
    columns by how much more text they hold on average.

    Args:
        rows: The texts of each row, headings first; all rows are equally long.
    """
    columns = list(zip(*rows, strict=True))
    least, more = [], []
    for place, (head, *texts) in enumerate(columns):
        words = max(map(_longest_word, texts), default=0) * (_BOLD if place == 0 else 1.0)
        least.append(_GAP + max(words, _BOLD * _longest_word(head)))
        average = sum(min(len(text), _LONG) for text in texts) / max(1, len(texts))
        more.append(1.0 + max(0.0, average - least[-1]))
    left = max(0.0, _LINE - sum(least))
    wanted = [low + left * part / sum(more) for low, part in zip(least, more, strict=True)]
    return [width / sum(wanted) for width in wanted]


def _classes(element: Element) -> list[str]:
    return element.get("class", "").split()


def _take_out(parent: Element, child: Element) -> None:
    """Remove an element, keep the text after it, and leave no blank where a line now ends."""
    place, after = list(parent).index(child), child.tail or ""
    if place:
        before = parent[place - 1]
        before.tail = ((before.tail or "") + after).rstrip() or None
    else:
        parent.text = ((parent.text or "") + after).rstrip() or None
    parent.remove(child)


def _longest_word(text: str) -> int:
    return min(_LONGEST_WORD, max(map(len, text.split()), default=0))


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
