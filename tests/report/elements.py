"""A page as a browser's parser sees it: its elements, and what in them could run or load."""

from __future__ import annotations

from html.parser import HTMLParser

_RUN_OR_LOAD = {
    "audio", "base", "button", "embed", "form", "iframe", "input", "link", "math", "noscript",
    "object", "script", "style", "svg", "template", "video",
}  # fmt: skip
_HARMLESS = ("#", "data:image/svg+xml,", "data:image/png;base64,", "data:text/csv;charset=utf-8,")


class Elements(HTMLParser):
    """Every opening tag of a page with its attributes, in order."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str | None]]] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, dict(attrs)))

    def named(self, *tags: str) -> list[dict[str, str | None]]:
        """Return the attributes of each element with one of these names."""
        return [attributes for tag, attributes in self.found if tag in tags]


def alive(page: str) -> list[str]:
    """Return what in a page could run, restyle it, or load from outside it."""
    found = []
    for tag, attributes in Elements(page).found:
        if tag in _RUN_OR_LOAD or (tag == "meta" and attributes.get("http-equiv") == "refresh"):
            found.append(tag)
        for name, value in attributes.items():
            address = name in {"src", "href", "action", "data", "poster", "xlink:href"}
            leaves = address and not str(value).startswith(_HARMLESS)
            if name.startswith("on") or name == "style" or leaves:
                found.append(f"{tag} {name}={value}")
    return found
