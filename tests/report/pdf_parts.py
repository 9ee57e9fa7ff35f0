"""A PDF as those who cannot see it meet it: its tags, bookmarks and words."""

from __future__ import annotations

import io
from collections.abc import Iterator
from typing import Any

import pypdf


def read(pdf: bytes) -> pypdf.PdfReader:
    """Open a PDF."""
    return pypdf.PdfReader(io.BytesIO(pdf))


def tags(pdf: pypdf.PdfReader, *, without: str = "") -> Iterator[tuple[str, Any]]:
    """Yield the kind of each element of the structure tree with the element, in reading order.

    Args:
        pdf: The PDF.
        without: A kind of element to pass by with everything in it.
    """
    root: Any = pdf.trailer["/Root"]
    waiting = [root["/StructTreeRoot"]]
    while waiting:
        element = waiting.pop().get_object()
        if isinstance(element, list):
            waiting += reversed(element)
        elif isinstance(element, dict):
            kind = str(element.get("/S", ""))
            if without and kind == without:
                continue
            if kind:
                yield kind, element
            waiting += [element["/K"]] if "/K" in element else []


def pages(pdf: pypdf.PdfReader) -> list[str]:
    """Return the words of each page, blanks and line ends as single blanks."""
    return [" ".join(page.extract_text().split()) for page in pdf.pages]


def bookmarks(pdf: pypdf.PdfReader) -> list[str]:
    """Return the titles of the bookmarks at every depth."""

    def titles(outline: Any) -> Iterator[str]:
        for entry in outline:
            if isinstance(entry, list):
                yield from titles(entry)
            else:
                yield str(entry.title)

    return list(titles(pdf.outline))
