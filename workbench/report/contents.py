"""What a finished page shows, read back from the page: its words, figures and tables.

Workbook, data files and checks are made from the page itself, so that none of them can say
anything else than what a reader saw.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from workbench.errors import BadInput
from workbench.report.parsed import Element, parsed

_LIMITATIONS = re.compile(r"does not tell you")
# What stands within a line of text; everything else begins a line of its own.
_WITHIN = {
    "a", "abbr", "b", "br", "cite", "code", "em", "i", "img", "kbd", "mark", "q", "s", "samp",
    "small", "span", "strong", "sub", "sup", "time", "u", "var", "wbr",
}  # fmt: skip


@dataclass(frozen=True)
class ShownTable:
    """A table as a reader sees it.

    Attributes:
        caption: What the table is.
        section: The heading it stands under; empty before the first.
        columns: Its headings.
        rows: Its cells, row by row, each as written on the page; blank where nothing stands.
        numeric: Which columns the page sets as numbers.
    """

    caption: str
    section: str
    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    numeric: tuple[bool, ...]


@dataclass(frozen=True)
class ShownFigure:
    """A figure as a reader sees it.

    Attributes:
        key: Its address on the page.
        number: Its place among the figures, from 1.
        headline: The finding.
        subtitle: Measure, place, period and unit.
        alt: The picture in words.
        source: Where the numbers come from.
        table: Its data.
        picture: The picture, as an address that holds it.
    """

    key: str
    number: int
    headline: str
    subtitle: str
    alt: str
    source: str
    table: ShownTable
    picture: str = ""


@dataclass(frozen=True)
class ShownPicture:
    """A picture that stands in no figure.

    Attributes:
        alt: The picture in words.
        picture: The picture, as an address that holds it.
    """

    alt: str
    picture: str


@dataclass(frozen=True)
class Contents:
    """Everything a page shows.

    Attributes:
        title: Its main heading.
        trust: The trust it describes.
        figures: In the order of the page.
        tables: Those that are not the data of a figure, in the order of the page.
        masthead: What stands beside the trust's name: purpose, dates, classification.
        banner: Whether it is a draft or who signed it, as the page says it.
        summary: What the report is, in the words under its title.
        limitations: What it says that it does not tell.
        provenance: What it was made from, name and value.
        track_record: What the model would have said in the past, and what happened.
        words: What its notebook said, line by line: headings, paragraphs, panels, lists; without
            figures and tables, which stand above, and what the page itself adds.
        pictures: Those that are not of a figure, in the order of the page.
    """

    title: str
    trust: str
    figures: tuple[ShownFigure, ...]
    tables: tuple[ShownTable, ...]
    masthead: tuple[str, ...] = ()
    banner: str = ""
    summary: str = ""
    limitations: tuple[str, ...] = ()
    provenance: tuple[tuple[str, str], ...] = ()
    track_record: str = ""
    words: tuple[str, ...] = ()
    pictures: tuple[ShownPicture, ...] = ()


def contents_of(page: str) -> Contents:
    """Read what a finished report page shows.

    Raises:
        BadInput: The page has no main heading, so it is no report.
    """
    root = parsed(page)
    heading = root.first("h1")
    if heading is None:
        raise BadInput("the page has no main heading", rule="a report's page has one")
    figures: list[ShownFigure] = []
    tables: list[ShownTable] = []
    provenance: tuple[tuple[str, str], ...] = ()
    for section, element in _in_order(root):
        if element.tag == "figure":
            figures.append(_figure(element, section, len(figures) + 1))
        elif "provenance" in element.classes:
            found = [_table(one, section) for one in element.of("table")]
            provenance = tuple((row[0], row[1]) for one in found for row in one.rows)
        else:
            tables.append(_table(element, section))
    masthead = root.first("header")
    record = root.first("p", "track-record")
    said = root.first("main") or root
    trust, *beside = [one.words() for one in masthead.of("p")] if masthead else [""]
    return Contents(
        title=heading.words(),
        trust=trust,
        figures=tuple(figures),
        tables=tuple(tables),
        masthead=tuple(beside),
        banner=" ".join(_banner(root)),
        summary=_summary(root),
        limitations=tuple(_limitations(root)),
        provenance=provenance,
        track_record=record.words() if record else "",
        words=tuple(_lines(said)),
        pictures=tuple(_pictures(said)),
    )


def _in_order(root: Element) -> Iterable[tuple[str, Element]]:
    """Yield figures, tables and the provenance, each with the section heading it stands under."""
    section = ""
    pending = list(reversed(root.inside))
    while pending:
        part = pending.pop()
        if isinstance(part, str):
            continue
        if part.tag == "h2":
            section = part.words()
        elif part.tag in {"figure", "table"} or "provenance" in part.classes:
            yield section, part
        else:
            pending.extend(reversed(part.inside))


def _figure(element: Element, section: str, number: int) -> ShownFigure:
    picture, data = element.first("img"), element.first("table")
    caption = element.first("h3") or element.first("figcaption")
    subtitle, source = element.first("p", "subtitle"), element.first("p", "source")
    subtitled = subtitle.words() if subtitle else ""
    empty = ShownTable(subtitled, section, (), (), ())
    said = source.words(without=("a",)) if source else ""
    return ShownFigure(
        key=element.attributes.get("id", "") or f"figure-{number}",
        number=number,
        headline=caption.words() if caption else "",
        subtitle=subtitled,
        alt=picture.attributes.get("alt", "") if picture else "",
        source=said.removeprefix("Source:").strip(),
        table=_table(data, section) if data else empty,
        picture=picture.attributes.get("src", "") if picture else "",
    )


def _table(element: Element, section: str) -> ShownTable:
    caption = element.first("caption")
    lines = [list(row.of("th", "td")) for row in element.of("tr")]
    headed = element.first("thead") is not None and bool(lines)
    heads, body = (lines[0], lines[1:]) if headed else ([], lines)
    width = max([len(heads), *map(len, body)], default=0)
    texts = [_filled([cell.words() for cell in row], width) for row in body]
    return ShownTable(
        caption=caption.words() if caption else "",
        section=section,
        columns=_filled([head.words() for head in heads], width),
        rows=tuple(texts),
        numeric=tuple(
            place < len(heads) and "number" in heads[place].classes for place in range(width)
        ),
    )


def _filled(texts: list[str], width: int) -> tuple[str, ...]:
    return tuple(texts + [""] * (width - len(texts)))


def _banner(root: Element) -> Iterable[str]:
    for element in root.of("p", "div", "section"):
        if {"draft", "assured"} & set(element.classes):
            yield element.words()


def _summary(root: Element) -> str:
    """Return the paragraph that follows the main heading, before anything else does."""
    parts = [part for part in root.of("h1", "h2", "p", "nav", "section") if part.tag]
    tags = [part.tag for part in parts]
    after = tags.index("h1") + 1
    return parts[after].words() if tags[after : after + 1] == ["p"] else ""


def _limitations(root: Element) -> Iterable[str]:
    """Yield the list items of the section that says what the report does not tell."""
    telling = False
    for element in root.of("h2", "li"):
        if element.tag == "h2":
            telling = _LIMITATIONS.search(element.words()) is not None
        elif telling:
            yield element.words()


def _lines(element: Element) -> Iterable[str]:
    """Yield the text of an element, a line for each paragraph, heading or item of a list."""
    line: list[str] = []
    for part in element.inside:
        if isinstance(part, str):
            line.append(part)
        elif part.tag in _WITHIN:
            line.append(" " if part.tag == "br" else part.words())
        else:
            yield from _joined(line)
            line.clear()
            if not _held_apart(part):
                yield from _lines(part)
    yield from _joined(line)


def _joined(parts: Iterable[str]) -> Iterable[str]:
    text = " ".join("".join(parts).split())
    if text:
        yield text


def _held_apart(part: Element) -> bool:
    """Return whether an element is kept as a figure or table, or was added by the page."""
    if part.tag == "figure":
        return "chart" in part.classes
    return part.tag in {"table", "nav"} or "provenance" in part.classes


def _pictures(element: Element) -> Iterable[ShownPicture]:
    for part in element.inside:
        if isinstance(part, str) or part.tag == "figure":
            continue
        if part.tag == "img":
            alt, src = (part.attributes.get(name, "") for name in ("alt", "src"))
            yield ShownPicture(alt, src)
        yield from _pictures(part)
