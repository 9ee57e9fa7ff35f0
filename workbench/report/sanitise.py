"""The allow-list that every piece of a page passes before our own style is added."""

from __future__ import annotations

import re

import nh3

_TAGS = {
    "a", "abbr", "b", "blockquote", "br", "caption", "code", "dd", "details", "div", "dl", "dt",
    "em", "figcaption", "figure", "h1", "h2", "h3", "h4", "hr", "i", "img", "li", "ol", "p", "pre",
    "section", "small", "span", "strong", "sub", "summary", "sup", "table", "tbody", "td", "tfoot",
    "th", "thead", "tr", "ul",
}  # fmt: skip
_ATTRIBUTES = {
    "*": {"class"},
    "a": {"href", "download"},
    "figure": {"id"},
    "div": {"tabindex", "role", "aria-label"},
    "img": {"src", "alt"},
    "td": {"colspan", "rowspan"},
    "th": {"colspan", "rowspan", "scope"},
}
# Addresses of figures, none of them one that the page itself gives its parts.
_KEY = re.compile(r"(?!(?:content|made|section-\d+)$)[a-z0-9-]+")
_PICTURES = ("data:image/svg+xml,", "data:image/svg+xml;base64,", "data:image/png;base64,")
_DATA = ("data:text/csv;charset=utf-8,", "data:text/csv;base64,")


def sanitise(piece: str) -> str:
    """Return HTML with nothing in it that could run, load, or leave the page.

    Kept are text elements, pictures that are part of the page, links within the page and
    downloads of CSV data. Scripts, styles, frames, forms, event handlers and every address
    outside the page are removed, and so are names by which a part could pass for one of the page's.
    """
    return nh3.clean(
        piece,
        tags=_TAGS,
        attributes=_ATTRIBUTES,
        attribute_filter=_keep,
        url_schemes={"data"},
        link_rel=None,
        strip_comments=True,
    )


def _keep(element: str, attribute: str, value: str) -> str | None:
    if attribute == "id":
        return value if _KEY.fullmatch(value) else None
    if attribute == "src":
        return value if value.startswith(_PICTURES) else None
    if attribute == "href":
        return value if value.startswith(("#", *_DATA)) else None
    if attribute == "role":
        return value if value == "group" else None
    return value
