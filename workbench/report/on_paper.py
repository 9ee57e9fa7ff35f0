"""What of a page goes on paper, as plain data: headings, paragraphs, lists, tables and pictures.

What opens on a screen only is left out. Everything here is a text or a list of them, so that
nothing a school is called can be taken for an instruction by what sets the type.
"""

from __future__ import annotations

import base64
import re
import struct
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import unquote_to_bytes

from workbench.errors import BadInput
from workbench.report.letters import with_breaks, writable
from workbench.report.parsed import Element, parsed
from workbench.report.table_on_paper import table_on_paper

Part = dict[str, Any]
Inline = list[Any]
_ON_SCREEN_ONLY = frozenset({"skip", "contents", "download", "data", "fold", "hidden"})
_OUT = frozenset({"head", "style", "script", "summary", "nav"})
_INLINE = {
    "strong": "strong", "b": "strong", "em": "em", "i": "em", "code": "code", "sub": "sub",
    "sup": "sup", "br": "br", "span": "plain", "a": "plain", "small": "plain", "abbr": "plain",
}  # fmt: skip
_HEADINGS = {"h1": 1, "h2": 2, "h3": 3, "h4": 4}
_LISTS = frozenset({"ul", "ol"})
_PARAGRAPHS = ("subtitle", "source", "answer", "track-record")
_FRAMES = ("draft", "assured", "panel", "footer", "blockquote")
_LONGEST_WORD = 60  # letters: longer ones may be broken anywhere
_LEADS = ("#", "https:", "http:", "mailto:")
_BLANKS = re.compile(r"\s+")
_PNG = b"\x89PNG\r\n\x1a\n"
_PNG_SIZE = slice(16, 24)  # where a PNG says how many dots wide and high it is
_ADDRESS = re.compile(r"data:image/(svg\+xml|png)(;base64)?,(.*)", re.DOTALL)


@dataclass(frozen=True)
class PaperPage:
    """A page as it goes on paper.

    Attributes:
        said: Everything it says, as data for the template: `name` (title and trust, as a reader's
            window shows them), `title`, `trust`, `status` (what stands on every page after the
            first, such as that it is a draft), `places` that words may lead to, and `blocks` from
            top to bottom.
        headed: For each table, whether the first cell of a row heads it.
        pictures: The pictures in it, by the names of their files.
    """

    said: dict[str, Any]
    headed: list[bool] = field(repr=False)
    pictures: dict[str, bytes] = field(repr=False)


def on_paper(page: str) -> PaperPage:
    """Return what goes on paper of a page as the exporter makes it.

    Raises:
        BadInput: A picture lies outside the page.
    """
    root = parsed(page)
    reader = _Reader()
    blocks = list(reader.blocks(root.first("body") or root))
    title, masthead = root.first("title"), root.first("header")
    banner = root.first("section", "draft") or root.first("section", "assured")
    said = {
        "name": writable(title.words()) if title else "Report",
        "title": _words(root.first("h1")),
        "trust": _words(masthead and masthead.first("strong")),
        "status": _words(banner and banner.first("strong")),
        "places": reader.places,
        "blocks": blocks,
    }
    return PaperPage(said, reader.headed, reader.pictures)


class _Reader:
    """Walks a page from top to bottom, and keeps its pictures and how many figures it met."""

    def __init__(self) -> None:
        self.pictures: dict[str, bytes] = {}
        self.headed: list[bool] = []
        self.places: list[str] = []
        self._place = ""
        self._figures = 0
        self._level = 0

    def blocks(self, parent: Element) -> Iterator[Part]:
        """Yield what stands in an element, block by block; loose words become paragraphs."""
        loose: list[Element | str] = []
        before = ""
        for part, after in zip(parent.inside, _tags_after(parent.inside), strict=True):
            if isinstance(part, str) or part.tag in _INLINE:
                loose.append(part)
                continue
            yield from _paragraph(loose)
            loose = []
            if _is_printed(part):
                yield from self._block(part, before, after)
                before = part.tag
        yield from _paragraph(loose)

    def _block(self, element: Element, before: str, after: str = "") -> Iterator[Part]:
        tag = element.tag
        if tag == "p":
            kind = next((name for name in _PARAGRAPHS if name in element.classes), "paragraph")
            led = kind == "paragraph" and (before == "h2" or after in _LISTS)
            yield from _paragraph(element.inside, "lead" if led else kind)
        elif tag in _HEADINGS:
            yield from self._heading(element, "")
        elif tag == "figcaption":
            self._figures += 1
            for part in _elements(element):
                said = f"Figure {self._figures}: "
                inside = self._heading(part, said) if part.tag in _HEADINGS else None
                yield from inside or self._block(part, "")
        elif tag == "table":
            table = table_on_paper(element)
            if table["widths"]:
                self.headed.append(table["headed"])
                yield table
        elif tag == "img":
            shown = element.attributes.get("src")
            words = element.attributes.get("alt", "")
            yield from [self._picture(element)] if shown else _paragraph([words])
        elif tag == "pre":
            yield {"is": "pre", "text": with_breaks(writable(_raw(element)), _LONGEST_WORD)}
        elif tag in _LISTS:
            items = [list(self.blocks(one)) for one in _elements(element, "li")]
            yield {"is": "bullets" if tag == "ul" else "numbers", "items": items}
        else:
            yield from self._framed(element)

    def _framed(self, element: Element) -> Iterator[Part]:
        """Yield a frame of the page's own with what stands in it, or else its blocks alone."""
        if element.tag == "figure":
            self._place = element.attributes.get("id", "")
        classes = element.classes
        frame = next((one for one in _FRAMES if one in classes or one == element.tag), None)
        if element.tag == "header":
            items = [list(_inline(one.inside)) for one in element.of("p")]
            yield {"is": "masthead", "items": [item for item in items if item]}
        elif "facts" in classes:
            pairs = [
                (_words(one.first("dt")), _words(one.first("dd"))) for one in _elements(element)
            ]
            yield {"is": "facts", "items": pairs}
        elif "replies" in classes:
            yield {"is": "replies", "items": [list(self.blocks(one)) for one in _elements(element)]}
        elif frame:
            yield {"is": frame, "inside": list(self.blocks(element))}
        else:
            yield from self.blocks(element)

    def _heading(self, element: Element, before: str) -> Iterator[Part]:
        inside = [before, *_inline(element.inside)] if before else list(_inline(element.inside))
        if inside:
            # PDF/UA lets no level of headings be passed over.
            self._level = min(_HEADINGS[element.tag], self._level + 1)
            place = element.attributes.get("id") or self._place
            self._place = ""
            known = not place or place in self.places
            self.places += [] if known else [place]
            said = {"place": "" if known else place}
            yield {"is": "heading", "level": self._level, "inside": inside} | said

    def _picture(self, element: Element) -> Part:
        address = element.attributes.get("src", "")
        found = _ADDRESS.fullmatch(address)
        if found is None:
            raise BadInput(
                f"the page shows a picture from {address[:80]!r}",
                rule="a page holds everything it shows within itself",
                mend="leave out what lies elsewhere",
            )
        content = unquote_to_bytes(found[3])
        content = base64.b64decode(content) if found[2] else content
        if found[1] == "png":
            content = _drawn(content)
        else:
            content = writable(content.decode("utf-8")).encode()
        name = f"picture-{len(self.pictures) + 1}.svg"
        self.pictures[name] = content
        alt = writable(element.attributes.get("alt", "")).strip()
        return {"is": "picture", "file": name, "alt": alt or "A picture without words."}


def _drawn(png: bytes) -> bytes:
    """Return a picture made of dots as the only part of a drawing: what sets the type takes texts.

    Raises:
        BadInput: It is no PNG.
    """
    if not png.startswith(_PNG) or len(png) < _PNG_SIZE.stop:
        raise BadInput(
            "a picture of the page is called PNG and is none",
            rule="a page holds everything it shows within itself, as pictures that can be drawn",
            mend="draw the picture again",
        )
    width, height = struct.unpack(">II", png[_PNG_SIZE])
    size = f'width="{width}" height="{height}"'
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" {size} viewBox="0 0 {width} {height}"><image '
        f'{size} href="data:image/png;base64,{base64.b64encode(png).decode()}"/></svg>'
    ).encode()


def _paragraph(inside: Sequence[Element | str], kind: str = "paragraph") -> Iterator[Part]:
    if words := list(_inline(inside)):
        yield {"is": kind, "inside": words}


def _inline(inside: Iterable[Element | str]) -> Inline:
    """Return words and what marks them, with blanks as a page shows them: single, none at ends."""
    parts, _ = _run(inside, blank=True)
    if parts and isinstance(parts[-1], str):
        parts[-1] = parts[-1].rstrip()
    return [part for part in parts if part]


def _run(inside: Iterable[Element | str], *, blank: bool) -> tuple[Inline, bool]:
    """Return words and marks, and whether a blank ends them; `blank`: whether one precedes."""
    parts: Inline = []
    for part in inside:
        if isinstance(part, str):
            text = _BLANKS.sub(" ", writable(part))
            text = text.lstrip() if blank else text
            parts += [with_breaks(text, _LONGEST_WORD)] if text else []
            blank = text.endswith(" ") if text else blank
        elif part.tag == "br":
            parts.append(["br", [], ""])
            blank = True
        elif _is_printed(part):
            marked, blank = _run(part.inside, blank=blank)
            address = part.attributes.get("href", "")
            kind = "link" if address.startswith(_LEADS) else _INLINE.get(part.tag, "plain")
            parts += [[kind, marked, address]] if marked else []
    return parts, blank


def _is_printed(element: Element) -> bool:
    return element.tag not in _OUT and not _ON_SCREEN_ONLY & set(element.classes)


def _tags_after(parts: Sequence[Element | str]) -> list[str]:
    """Return the tag of what is printed after each part; empty where words are, or nothing."""
    tags, after = [], ""
    for part in reversed(parts):
        tags.append(after)
        if isinstance(part, Element):
            after = part.tag if _is_printed(part) else after
        elif part.strip():
            after = ""
    return tags[::-1]


def _raw(element: Element) -> str:
    """Return a text with its blanks and line ends as they are."""
    return "".join(part if isinstance(part, str) else _raw(part) for part in element.inside)


def _elements(parent: Element, *tags: str) -> list[Element]:
    """Return the elements that stand directly in another."""
    found = [part for part in parent.inside if isinstance(part, Element)]
    return [part for part in found if not tags or part.tag in tags]


def _words(element: Element | None) -> str:
    return with_breaks(writable(element.words()), _LONGEST_WORD) if element else ""
