"""What of a finished file is not of our making: elements, attributes, addresses, actions."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterator
from typing import Any
from urllib.parse import unquote
from xml.etree import ElementTree

from tests.report.elements import Elements
from tests.report.pdf_parts import read
from workbench.report.parsed import parsed

# All that a report page is made of; what is not listed came from elsewhere.
TAGS = {
    "a", "body", "br", "caption", "code", "dd", "details", "div", "dl", "dt", "em", "figcaption",
    "figure", "footer", "h1", "h2", "h3", "head", "header", "html", "img", "li", "main", "meta",
    "nav", "ol", "p", "pre", "section", "span", "strong", "style", "summary", "table", "tbody",
    "td", "th", "thead", "title", "tr", "ul",
}  # fmt: skip
ATTRIBUTES = {
    "alt", "aria-label", "charset", "class", "content", "download", "href", "http-equiv", "id",
    "lang", "name", "role", "scope", "src", "tabindex",
}  # fmt: skip
WITHIN = ("#", "data:image/svg+xml,", "data:text/csv;charset=utf-8,")
# What an index has beside: its one script and the controls that this works.
INDEX_TAGS = {"button", "input", "label", "option", "script", "select"}
INDEX_ATTRIBUTES = {
    "aria-labelledby", "autocomplete", "data-find", "data-kind", "data-name", "data-section",
    "data-status", "for", "hidden", "spellcheck", "type", "value",
}  # fmt: skip
_DRAWN = {
    "clipPath", "defs", "g", "path", "pattern", "rect", "style", "svg", "text", "tspan", "use",
}  # fmt: skip
_LIVELY = {
    "/JS", "/JavaScript", "/Launch", "/URI", "/SubmitForm", "/ImportData", "/GoToR", "/GoToE",
    "/OpenAction", "/AA", "/AcroForm", "/EmbeddedFiles", "/EmbeddedFile", "/RichMedia", "/Movie",
    "/Rendition", "/XFA",
}  # fmt: skip
_POLICY = re.compile(r'<meta http-equiv="Content-Security-Policy"[^>]*>')


def flat(text: str) -> str:
    """Return text as one line, as a page sets it."""
    return " ".join(text.split())


def words_of(page: str) -> str:
    """Return everything that a page says, as one line."""
    return parsed(page).words()


def without_policy(page: str) -> str:
    """Return a page without its policy, so that its escaping stands alone."""
    bare, times = _POLICY.subn("", page)
    assert times == 1, "a page has one policy"
    return bare


def strangers(page: str, *, index: bool = False) -> list[str]:
    """Return elements, attributes and addresses of a page that are not of our making."""
    tags = TAGS | INDEX_TAGS if index else TAGS
    known = ATTRIBUTES | INDEX_ATTRIBUTES if index else ATTRIBUTES
    found = ["a comment"] if "<!--" in page else []
    found += ["a style"] if "<style" in page.partition("<body")[2] else []
    for tag, attributes in Elements(page).found:
        found += [tag] if tag not in tags else []
        order = attributes.get("http-equiv", "Content-Security-Policy")
        found += [f"{tag} {order}"] if order != "Content-Security-Policy" else []
        found += [f"{tag} {name}" for name in attributes if name not in known]
        found += [f"{tag} {name}" for name in attributes if name == "name" and tag != "meta"]
        for name in ("src", "href"):
            address = attributes.get(name)
            if address is not None and not address.startswith(WITHIN) and not index:
                found.append(f"{tag} {name}={address[:60]}")
    return found


def pictures(page: str) -> list[str]:
    """Return the pictures of a page as they are drawn."""
    images = Elements(page).named("img")
    return [unquote(str(image["src"]).removeprefix(WITHIN[1])) for image in images]


def strangers_drawn(svg: str) -> list[str]:
    """Return what in a picture is no drawing; a picture that cannot be read raises."""
    found = []
    for element in ElementTree.fromstring(svg).iter():
        tag = element.tag.rpartition("}")[2]
        found += [tag] if tag not in _DRAWN else []
        for name, value in element.attrib.items():
            inner = name.rpartition("}")[2]
            leads_out = inner == "href" and not value.startswith("#")
            if inner.startswith("on") or leads_out or re.search(r"url\((?!['\"]?#)", value):
                found.append(f"{tag} {inner}={value[:60]}")
        if tag == "style" and re.search(r"@import|url\((?!['\"]?#)", element.text or ""):
            found.append("style that loads")
    return found


def lively(pdf: bytes) -> list[str]:
    """Return what in a PDF runs, or leads out of it."""
    document = read(pdf)
    held: Iterator[Any] = (
        document.get_object(number) for number in range(1, int(str(document.trailer["/Size"])))
    )
    return sorted({name for one in held for name in _names(one) if name in _LIVELY})


def lively_parts(book: bytes) -> list[str]:
    """Return what in a workbook computes, runs, or leads out of it."""
    found = []
    with zipfile.ZipFile(io.BytesIO(book)) as packed:
        for name in packed.namelist():
            text = packed.read(name).decode()
            ElementTree.fromstring(text)
            pattern = r'<f[ >/]|<definedName[ >]|TargetMode="External"|<oleObject|<script'
            found += [f"{name}: {hit}" for hit in re.findall(pattern, text)]
            found += [name] if re.search(r"vba|external|embeddings|activeX", name) else []
    return found


def _names(part: Any) -> Iterator[str]:
    """Yield every name in a PDF object, without following it to others."""
    if isinstance(part, dict):
        for name, value in part.items():
            yield str(name)
            yield from _names(value)
    elif isinstance(part, list):
        for value in part:
            yield from _names(value)
    elif isinstance(part, str) and part.startswith("/"):
        yield str(part)
