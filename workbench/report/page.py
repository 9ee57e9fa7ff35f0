"""An executed notebook as the parts of a page: clean HTML, contents, masthead, provenance."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from markupsafe import Markup, escape
from nbconvert.filters import markdown2html
from nbformat import NotebookNode

from workbench import __version__
from workbench.report.emit import records
from workbench.report.html import image
from workbench.report.paper import Assurance, Paper, assurance_of, paper_of
from workbench.report.sanitise import sanitise

TEMPLATES = Path(__file__).parent / "templates"
_HEADING = re.compile(r"<h2(?: id=\"[^\"]*\")?>(.*?)</h2>", re.DOTALL)
_ANNEX = re.compile(r"\s*<h2[^>]*>\s*Annex\b")
_SECTION = re.compile(r"\s*(?:<section[^>]*>\s*)?<h2[ >]")
_ANCHOR = re.compile(r'<a class="anchor-link"[^>]*>.*?</a>')
_TAG = re.compile(r"<[^>]+>")
_OPENING = re.compile(r"\s*<h1[ >]")
_PICTURES = ("image/svg+xml", "image/png")
_WORDLESS = "A picture drawn by this notebook, which says nothing of it in words."


@dataclass(frozen=True)
class Entry:
    """One line of the contents: where it leads and what it says."""

    key: str
    title: Markup


@dataclass(frozen=True)
class Page:
    """Everything the report template sets.

    Attributes:
        title: The report's title.
        trust: The trust it describes.
        as_of: The day the data describes, in words; empty where not said.
        purpose: Whom it is for.
        paper: The meeting it goes to, its status, and the files beside it.
        assurance: Who signed it; None while it is a draft.
        opening: The main heading and first words, before the contents.
        body: Everything after them.
        contents: The sections of the body.
        folds: Whether something on the page opens on a screen and is left out on paper.
        provenance: Name and value of everything the report was made from.
        style: The style sheet.
        version: Version of the workbench.
    """

    title: str
    trust: str
    as_of: str
    purpose: str
    paper: Paper
    assurance: Assurance | None
    opening: Markup
    body: Markup
    contents: tuple[Entry, ...]
    folds: bool
    provenance: tuple[tuple[str, str], ...]
    style: Markup
    version: str


def page_of(notebook: NotebookNode) -> Page:
    """Read an executed notebook as a page: code is left out, and every piece is sanitised.

    A section whose heading opens a cell and begins with `Annex` is folded until a reader opens it.

    Raises:
        BadInput: What the notebook's metadata says of the paper or its signing cannot be read.
    """
    said = {name: str(value) for name, value in records(notebook).items() if value is not None}
    pieces = [sanitise(piece) for piece in _pieces(notebook)]
    opening = next((place for place, text in enumerate(pieces) if _OPENING.match(text)), None)
    first = "" if opening is None else pieces.pop(opening)
    if opening is None:
        first = f"<h1>{escape(said.get('title', 'Report'))}</h1>"
    body, contents = _with_contents("\n".join(_with_annexes(pieces)))
    made = notebook.metadata.get("workbench", {})
    return Page(
        title=said.get("title", "Report"),
        trust=said.get("trust", ""),
        as_of=said.get("as_of", ""),
        purpose=said.get("purpose", ""),
        paper=paper_of(notebook.metadata.get("paper", {})),
        assurance=assurance_of(notebook.metadata.get("assurance", {})),
        opening=Markup(first),
        body=Markup(body),
        contents=contents,
        folds='<details class="data">' in body or '<details class="fold">' in body,
        provenance=tuple((str(name), str(value)) for name, value in made.items()),
        style=style(),
        version=__version__,
    )


def style() -> Markup:
    """Return the style sheet that every page carries within itself."""
    return Markup((TEMPLATES / "report.css").read_text(encoding="utf-8"))


def _pieces(notebook: NotebookNode) -> Iterator[str]:
    for cell in notebook.cells:
        if cell.cell_type == "markdown":
            yield _ANCHOR.sub("", str(markdown2html(cell.source)))
        for output in cell.get("outputs", ()):
            yield from _shown(output)


def _shown(output: NotebookNode) -> Iterator[str]:
    """What a reader sees of an output: HTML, pictures and printed text, never what was logged."""
    if output.output_type == "stream":
        if output.name == "stdout":
            yield f"<pre>{escape(output.text)}</pre>"
        return
    data = output.get("data", {})
    picture = next((kind for kind in _PICTURES if kind in data), None)
    if "text/html" in data:
        yield str(data["text/html"])
    elif picture is not None:
        said = output.get("metadata", {}).get(picture, {}).get("alt")
        yield image(picture, data[picture], str(said or "").strip() or _WORDLESS)
    elif "text/plain" in data and not any(kind.startswith("application/") for kind in data):
        yield f"<pre>{escape(data['text/plain'])}</pre>"


def _with_annexes(pieces: list[str]) -> Iterator[str]:
    """Fold everything under the heading of an annex, up to the next section."""
    inside = False
    for piece in pieces:
        if inside and _SECTION.match(piece):
            inside = False
            yield "</details>"
        if not inside and _ANNEX.match(piece) and (heading := _HEADING.match(piece.lstrip())):
            inside = True
            yield heading[0]
            named = escape(_TAG.sub("", heading[1]).strip())
            yield (
                '<details class="annex"><summary>Open this annex'
                f'<span class="hidden">: {named}</span></summary>'
            )
            yield piece.lstrip()[heading.end() :]
        else:
            yield piece
    if inside:
        yield "</details>"


def _with_contents(body: str) -> tuple[str, tuple[Entry, ...]]:
    """Give every section heading an address, and list them."""
    entries: list[Entry] = []

    def address(found: re.Match[str]) -> str:
        title = Markup(_TAG.sub("", found[1]).strip())
        entries.append(Entry(f"section-{len(entries) + 1}", title))
        return f'<h2 id="{entries[-1].key}">{title}</h2>'

    return _HEADING.sub(address, body), tuple(entries)
