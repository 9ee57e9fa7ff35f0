"""A finished page as its elements, so that what it shows can be read back."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from html.parser import HTMLParser

_VOID = {"br", "hr", "img", "meta", "link", "input", "col", "wbr"}
_ENDS_WITH = {"tr": {"td", "th", "tr"}, "td": {"td", "th"}, "th": {"td", "th"}, "li": {"li"}}
_BLOCKS = {
    "caption", "dd", "div", "dt", "figcaption", "h1", "h2", "h3", "h4", "li", "p", "section",
    "summary", "table", "td", "th", "tr", "ul",
}  # fmt: skip
_OMITTED = {"td", "th", "tr", "li", "p", "dt", "dd", "thead", "tbody", "tfoot", "col"}


@dataclass(frozen=True)
class Element:
    """One element of a page.

    Attributes:
        tag: Its name; empty for the page itself.
        attributes: Its attributes, blank where they have no value.
        inside: What stands in it, in order: text and elements.
    """

    tag: str
    attributes: Mapping[str, str]
    inside: list[Element | str] = field(default_factory=list)

    def of(self, *tags: str) -> Iterable[Element]:
        """Yield elements of these names below this one, in order."""
        for part in self.inside:
            if isinstance(part, Element):
                if part.tag in tags:
                    yield part
                yield from part.of(*tags)

    def first(self, tag: str, css: str = "") -> Element | None:
        """Return the first element of a name and class below this one."""
        return next((one for one in self.of(tag) if not css or css in one.classes), None)

    @property
    def classes(self) -> list[str]:
        """Its classes."""
        return self.attributes.get("class", "").split()

    def words(self, *, without: Sequence[str] = ()) -> str:
        """Return its text as one line, without the elements of some names."""
        return " ".join("".join(self._texts(without)).split())

    def _texts(self, without: Sequence[str]) -> Iterable[str]:
        for part in self.inside:
            if isinstance(part, str):
                yield part
            elif part.tag not in without:
                apart = part.tag in _BLOCKS or part.tag == "br"
                yield from (" ", *part._texts(without), " ") if apart else part._texts(without)


@lru_cache(maxsize=1)  # workbook, data files and PDF are made from one page, one after another
def parsed(page: str) -> Element:
    """Return a page as its elements, to be read only; end tags that HTML lets out are put in."""
    reader = _Reader()
    reader.feed(page)
    reader.close()
    return reader.root


class _Reader(HTMLParser):
    """Builds the elements of a page from its tags."""

    def __init__(self) -> None:
        super().__init__()
        self.root = Element("", {})
        self._open = [self.root]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        while self._open[-1].tag in _ENDS_WITH.get(tag, ()):
            self._open.pop()
        element = Element(tag, {name: value or "" for name, value in attrs})
        self._open[-1].inside.append(element)
        if tag not in _VOID:
            self._open.append(element)

    def handle_endtag(self, tag: str) -> None:
        for depth in range(len(self._open) - 1, 0, -1):
            if self._open[depth].tag == tag:
                del self._open[depth:]
                return
            if self._open[depth].tag not in _OMITTED:
                return

    def handle_data(self, data: str) -> None:
        self._open[-1].inside.append(data)
