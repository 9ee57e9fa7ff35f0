"""A table as it goes on paper: how wide its columns are, and whether it may be parted."""

from __future__ import annotations

from math import ceil
from typing import Any

from workbench.report.letters import with_breaks, writable
from workbench.report.parsed import Element

_LINE = 108  # letters of a table on a line
_LONG = 90  # letters: longer texts are set in several lines anyhow
_UNBROKEN = 14  # letters: shorter texts, such as dates and ranges, stand on one line where all can
_LONGEST_WORD = 16  # letters: longer ones, such as the names of files, are broken
_GAP = 1.6  # letters: the space between columns
_SHORT = 12  # rows: a table of so few is not parted between pages
_BOLD = 1.2  # how wide bold letters are beside others
_MOST = 48  # lines of a table that is kept on one page, or of a cell that is


def table_on_paper(element: Element) -> dict[str, Any]:
    """Return a table as data: its caption, headings, rows, widths, and where it may be parted.

    Args:
        element: The table of a page; rows with fewer cells than others are filled with blanks.
    """
    lines = list(element.of("tr"))
    cells = [list(line.of("th", "td")) for line in lines]
    width = max(map(len, cells), default=0)
    texts = [_filled([writable(cell.words()) for cell in row], width) for row in cells]
    if element.first("thead") is None:
        texts.insert(0, [""] * width)
    caption = element.first("caption")
    widths = column_widths(texts) if width else []
    heights = [_lines(row, widths) for row in texts]
    headed = _headed(cells)
    heads, *rows = [
        [with_breaks(text, _room(share, bold=line == 0 or (headed and place == 0)))
         for place, (text, share) in enumerate(zip(row, widths, strict=True))]
        for line, row in enumerate(texts)
    ] or [[]]  # fmt: skip
    right = {name for name in element.classes if name[:1] == "n" and name[1:].isdigit()}
    return {
        "is": "table",
        "caption": with_breaks(writable(caption.words()), _LINE // 2) if caption else "",
        "heads": heads,
        "rows": rows,
        "widths": widths,
        "headed": headed,
        "right": [f"n{place}" in right for place in range(1, width + 1)],
        "whole": len(texts) <= _SHORT and sum(heights) <= _MOST,
        "parted": max(heights, default=0) > _MOST,
    }


def column_widths(rows: list[list[str]]) -> list[float]:
    """Return the share of a table's width each column takes, from the texts in it.

    A column has room for its longest word, as far as all fit on a line. Then columns get room for
    short texts, those that need least for it first; what is left goes to columns by how much more
    text they hold on average.

    Args:
        rows: The texts of each row, headings first; all rows are equally long.
    """
    columns = list(zip(*rows, strict=True))
    least, lacks = [], []
    for place, (head, *texts) in enumerate(columns):
        wide = _BOLD if place == 0 else 1.0
        words = max(map(_longest_word, texts), default=0) * wide
        short = max((min(len(text), _UNBROKEN) for text in texts), default=0) * wide
        least.append(_GAP + max(words, _BOLD * _longest_word(head)))
        lacks.append(max(0.0, _GAP + short - least[-1]))
    for place in sorted(range(len(columns)), key=lacks.__getitem__):
        least[place] += max(0.0, min(lacks[place], _LINE - sum(least)))
    more = []
    for low, (_, *texts) in zip(least, columns, strict=True):
        average = sum(min(len(text), _LONG) for text in texts) / max(1, len(texts))
        more.append(1.0 + max(0.0, average - low))
    left = max(0.0, _LINE - sum(least))
    wanted = [low + left * part / sum(more) for low, part in zip(least, more, strict=True)]
    return [width / sum(wanted) for width in wanted]


def _room(share: float, *, bold: bool) -> int:
    """Return the letters of the longest word that a column holds unbroken."""
    return max(3, round(_LINE * share / (_BOLD if bold else 1.0) - _GAP))


def _headed(rows: list[list[Element]]) -> bool:
    """Return whether every row of the body begins with a heading."""
    bodies = [row for row in rows if any(cell.tag == "td" for cell in row)]
    return bool(bodies) and all(row[0].tag == "th" for row in bodies)


def _filled(texts: list[str], width: int) -> list[str]:
    return texts + [""] * (width - len(texts))


def _lines(row: list[str], widths: list[float]) -> int:
    """Return about how many lines a row takes."""
    return max(
        (ceil(len(text) / max(1.0, _LINE * share - _GAP))
         for text, share in zip(row, widths, strict=True)),
        default=1,
    )  # fmt: skip


def _longest_word(text: str) -> int:
    return min(_LONGEST_WORD, max(map(len, text.split()), default=0))
