"""HTML, SVG and XML as pieces of text: nothing that a file holds is passed over.

The parser of the standard library hands over every comment, attribute, declaration and text, where
a browser's would drop some; a gate has to see what is dropped as well. Inline elements join their
text as a browser does, so that a name cut in two by a tag is read whole.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import re
from collections.abc import Callable, Collection, Iterator
from functools import cache
from html.parser import HTMLParser

from workbench.report.gate.parts import Grid, Opened, Piece, Unread
from workbench.report.page import TEMPLATES

Embedded = Callable[[str, str], Opened]  # an address `data:...` and its place, opened

INLINE = frozenset({
    "a", "abbr", "b", "bdi", "bdo", "big", "cite", "code", "del", "dfn", "em", "font", "i", "ins",
    "kbd", "label", "mark", "q", "ruby", "s", "samp", "small", "span", "strike", "strong", "sub",
    "sup", "time", "tspan", "tt", "u", "var", "wbr",
})  # fmt: skip
_VOID = frozenset({
    "area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "param", "source",
    "track", "wbr",
})  # fmt: skip
_LINKING = frozenset({
    "action", "archive", "background", "cite", "classid", "codebase", "data", "formaction",
    "href", "icon", "longdesc", "manifest", "ping", "poster", "src", "srcset", "usemap",
    "xlink:href",
})  # fmt: skip
# Numbers that place and shape; they say nothing.
_GEOMETRY = frozenset({
    "class", "clip-path", "cx", "cy", "d", "fill", "height", "id", "marker-end", "offset",
    "opacity", "points", "r", "rx", "ry", "spans", "stroke", "stroke-dasharray", "stroke-linecap",
    "stroke-linejoin", "stroke-width", "text-anchor", "transform", "version", "viewbox", "width",
    "x", "x1", "x2", "y", "y1", "y2",
})  # fmt: skip
_CSS_ADDRESS = re.compile(r"(?:url\(\s*|@import\s+)[\"']?([^\"')\s;]+)", re.IGNORECASE)
_CSS_WORDS = re.compile(r"content\s*:\s*([\"'])(.*?)\1", re.IGNORECASE | re.DOTALL)
_ESCAPED = re.compile(r"\\u\{?([0-9a-fA-F]{4,6})\}?|\\x([0-9a-fA-F]{2})|\\([0-9a-fA-F]{1,6}) ?")
# The names of standards are addresses that nothing loads.
_STANDARD = re.compile(r"\"http://www\.w3\.org/[^\"]*\"")
_ENCODED = re.compile(r"(?<![\w+/=-])[A-Za-z0-9+/_-]{6,}={0,2}(?![\w+/=-])")
_NO_SCRIPT = frozenset({"application/json", "application/ld+json", "text/plain", "text/csv"})
_FOREIGN = "it is a script other than the workbench's own, which can spell anything"
_DATA = re.compile(r"data:[\w/+.-]*[;,][^\s\"'<>)]*")


def open_markup(
    text: str, place: str, embedded: Embedded, inline: Collection[str] = INLINE
) -> Opened:
    """Read a page, a picture or another piece of markup.

    Args:
        text: The markup.
        place: Where it stands, in words; empty for a file of its own.
        embedded: What opens a `data:` address found in it.
        inline: Elements that join their text to what stands around them.
    """
    reader = _Reader(place, embedded, inline)
    reader.feed(text)
    reader.close()
    reader.finish()
    return Opened(tuple(reader.pieces), tuple(reader.grids), tuple(reader.unread))


def unescaped(code: str) -> str:
    r"""Return code or style with its escaped letters written out, such as \u004a and \4a."""

    def letter(found: re.Match[str]) -> str:
        number = int(found[1] or found[2] or found[3], 16)
        return chr(number) if 0 < number < 0x110000 else found[0]

    return _ESCAPED.sub(letter, code)


def _encoded(text: str) -> Iterator[str]:
    """Yield what is written in base64 in a text, where that is words."""
    for found in _ENCODED.finditer(text):
        plain = found[0].rstrip("=").translate(str.maketrans("-_", "+/"))
        try:
            said = base64.b64decode(plain + "=" * (-len(plain) % 4)).decode()
        except (binascii.Error, UnicodeDecodeError):
            continue
        if said.isprintable():
            yield said


@cache
def _own_script() -> str:
    """Return the digest of the only script of the workbench's files, which searches an index."""
    return hashlib.sha256((TEMPLATES / "index" / "find.js").read_bytes()).hexdigest()


class _Table:
    """A table while it is being read."""

    def __init__(self, place: str) -> None:
        self.place, self.caption = place, ""
        self.rows: list[list[str]] = []


class _Reader(HTMLParser):
    """Collects pieces as the parser meets them."""

    def __init__(self, place: str, embedded: Embedded, inline: Collection[str]) -> None:
        super().__init__(convert_charrefs=True)
        self.place, self.embedded, self.inline = place, embedded, inline
        self.pieces: list[Piece] = []
        self.grids: list[Grid] = []
        self.unread: list[Unread] = []
        self._open: list[tuple[str, bool]] = []
        self._tables: list[_Table] = []
        self._term = ""
        self._runs, self._script = False, ""
        self._block, self._block_place = "", ""
        self._section = ""
        self._span = 1

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._tag(tag, attrs)
        if tag == "script":
            kind = (dict(attrs).get("type") or "").split(";")[0].strip().casefold()
            self._runs, self._script = kind not in _NO_SCRIPT, ""
        if tag not in _VOID:
            given = dict(attrs)
            style = (given.get("style") or "").replace(" ", "").casefold()
            hides = "hidden" in given or "display:none" in style or "visibility:hidden" in style
            self._open.append((tag, hides))

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._tag(tag, attrs)
        if tag not in self.inline:
            self._flush()

    def handle_endtag(self, tag: str) -> None:
        if tag not in self.inline:
            self._flush(tag)
        if tag == "script":
            self._judge_script()
        for depth in range(len(self._open) - 1, -1, -1):
            if self._open[depth][0] == tag:
                del self._open[depth:]
                break
        if tag == "table" and self._tables:
            table = self._tables.pop()
            rows = tuple(tuple(row) for row in table.rows if row)
            self.grids.append(Grid(f"{table.place}, table {table.caption!r}", rows, table.caption))

    def handle_data(self, data: str) -> None:
        inside = self._open[-1][0] if self._open else ""
        if inside == "script":
            self._script += data
        if inside in {"script", "style"}:
            self._code(inside, data)
            return
        if data.strip() and not self._block.strip():
            self._block_place = self._here()
        self._block += data

    def handle_comment(self, data: str) -> None:
        self._hidden(f"comment, {self._line()}", data)

    def handle_decl(self, decl: str) -> None:
        self._declared(decl)

    def unknown_decl(self, data: str) -> None:
        if data.startswith("CDATA["):
            self.handle_data(data.removeprefix("CDATA["))
        else:
            self._declared(data)

    def handle_pi(self, data: str) -> None:
        self._hidden(f"instruction, {self._line()}", data)

    def finish(self) -> None:
        """Keep what no closing tag has ended."""
        self._flush()
        self._judge_script()
        for table in self._tables:
            self.grids.append(
                Grid(f"{table.place}, table {table.caption!r}", tuple(map(tuple, table.rows)))
            )

    def _judge_script(self) -> None:
        script, self._script = self._script, ""
        own = hashlib.sha256(script.encode()).hexdigest() == _own_script()
        if self._runs and script.strip() and not own:
            self.unread.append(Unread(self._joined(f"script, {self._line()}"), _FOREIGN))

    def _declared(self, text: str) -> None:
        if "entity" in text.casefold():
            self.unread.append(
                Unread(self._joined(self._line()), "it declares entities, which can spell anything")
            )
        self._hidden(f"declaration, {self._line()}", _STANDARD.sub("", text))

    def _tag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag not in self.inline:
            self._flush()
        if tag == "table":
            self._tables.append(_Table(self._joined(self._section_words())))
        elif tag == "tr" and self._tables:
            self._tables[-1].rows.append([])
        elif tag in {"td", "th"}:
            wide = dict(attrs).get("colspan") or "1"
            self._span = int(wide) if wide.isascii() and wide.isdigit() else 1
        for name, value in attrs:
            if value:
                self._attribute(tag, name, value)

    def _attribute(self, tag: str, name: str, value: str) -> None:
        place = f"attribute {name} of <{tag}>, {self._here_only()}"
        if name == "xmlns" or name.startswith("xmlns:"):
            return
        if name.startswith("on"):
            self.unread.append(Unread(self._joined(place), _FOREIGN))
        if value.lstrip().casefold().startswith("data:"):
            self._open_data(value.strip(), place)
        elif name in _LINKING or name.endswith(":href"):
            for address in re.split(r",\s+|\s+", value.strip()) if name == "srcset" else [value]:
                self.pieces.append(Piece(self._joined(place), address.strip(), "link"))
        elif name == "style":
            self._code("style", value)
        elif name not in _GEOMETRY:
            self._hidden(place, value)
        elif name in {"id", "class"}:
            self._hidden(place, value.replace("-", " "))

    def _code(self, kind: str, text: str) -> None:
        """Read style or script: addresses in it, and everything it says."""
        plain = unescaped(text)
        place = f"{kind}, {self._line()}"
        if kind == "style":
            for found in _CSS_ADDRESS.finditer(plain):
                if found[1].startswith("data:"):
                    self._open_data(found[1], place)
                elif not found[1].startswith("#"):
                    self.pieces.append(Piece(self._joined(place), found[1], "link"))
            plain = _CSS_ADDRESS.sub(" ", plain)
            for found in _CSS_WORDS.finditer(plain):
                self._hidden(f"words put in by {place}", found[2])
        else:
            for found in _DATA.finditer(plain):
                self._open_data(found[0], place)
            plain = _DATA.sub(" ", plain)
            for said in _encoded(plain):
                self.pieces.append(Piece(self._joined(f"base64 in {place}"), said, "hidden"))
        self.pieces.append(
            Piece(self._joined(place), plain, "code" if kind == "style" else "hidden")
        )

    def _open_data(self, address: str, place: str) -> None:
        found = self.embedded(address, self._joined(place))
        self.pieces += found.pieces
        self.grids += found.grids
        self.unread += found.unread

    def _flush(self, ended: str = "") -> None:
        text, self._block = " ".join(self._block.split()), ""
        if ended in {"td", "th"} and self._tables and self._tables[-1].rows:
            self._tables[-1].rows[-1] += [text, *[""] * (min(self._span, 100) - 1)]
        if not text:
            return
        if ended == "dt":
            self._term = text
        if ended == "dd" and self._term:
            rows = (("What", "Number"), (self._term, text))
            self.grids.append(Grid(self._joined(f"{self._section_words()} list".strip()), rows))
        if ended == "caption" and self._tables:
            self._tables[-1].caption = text
        if ended in {"h1", "h2", "h3"}:
            self._section = text
        self.pieces.append(Piece(self._block_place or self._here(), text))

    def _hidden(self, place: str, text: str) -> None:
        if text.strip():
            self.pieces.append(Piece(self._joined(place), text, "hidden"))
            for said in _encoded(text):
                self.pieces.append(Piece(self._joined(f"base64 in {place}"), said, "hidden"))

    def _here(self) -> str:
        unseen = "hidden element, " if any(hides for _, hides in self._open) else ""
        return self._joined(f"{unseen}{self._here_only()}")

    def _here_only(self) -> str:
        return ", ".join(filter(None, (self._section_words(), self._table_words(), self._line())))

    def _table_words(self) -> str:
        if not self._tables:
            return ""
        table = self._tables[-1]
        return f"table {table.caption!r}, row {len(table.rows)}" if table.rows else "table"

    def _section_words(self) -> str:
        return f"section {self._section!r}" if self._section else ""

    def _line(self) -> str:
        return f"line {self.getpos()[0]}"

    def _joined(self, place: str) -> str:
        return f"{self.place}, {place}" if self.place and place else self.place or place
