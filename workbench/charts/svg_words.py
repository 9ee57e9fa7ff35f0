"""Words of an SVG in fewer bytes: each word drawn once, however often it is written."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass
from xml.etree.ElementTree import Element, SubElement

_PLACED = re.compile(r"translate\((-?[\d.]+) (-?[\d.]+)\)")
_FEWEST_LETTERS = 3  # of a word: a shorter one costs more to define than to write twice
Letters = tuple[tuple[str, int, int], ...]


@dataclass(frozen=True)
class _Word:
    """Letters with their places from the first one, and the place of that."""

    letters: Letters
    x: float
    y: float


def write_words(root: Element, defined: Element) -> None:
    """Write each run of glyphs as words, those that occur more than once defined once.

    A glyph is drawn a hundred units high and shown eight to ten points: whole units are finer than
    any screen or printer.

    Args:
        root: The picture; runs of glyphs are groups of `use` only, placed by `translate`.
        defined: Its `defs`.
    """
    blank = {one.get("id", "") for one in defined if one.tag == "path" and not one.get("d")}
    runs = [(group, _words(group, blank)) for group in root.iter("g") if _is_run(group)]
    times = Counter(word.letters for _, words in runs for word in words)
    known: dict[Letters, str] = {}
    for letters, often in times.items():
        if often > 1 and len(letters) >= _FEWEST_LETTERS:
            known[letters] = f"word-{len(known)}"
            held = SubElement(defined, "g", {"id": known[letters]})
            held.extend(_use(glyph, x, y) for glyph, x, y in letters)
    for group, words in runs:
        group[:] = [one for word in words for one in _written(word, known)]
    for one in [one for one in defined if one.get("id") in blank]:
        defined.remove(one)


def _is_run(group: Element) -> bool:
    return len(group) > 0 and all(
        one.tag == "use" and set(one.attrib) <= {"href", "transform"} for one in group
    )


def _words(group: Element, blank: set[str]) -> list[_Word]:
    """Split a run at its blanks."""
    words: list[list[tuple[str, float, float]]] = [[]]
    for one in group:
        glyph = one.attrib["href"].removeprefix("#")
        if glyph in blank:
            words.append([])
            continue
        placed = _PLACED.fullmatch(one.get("transform", ""))
        x, y = (float(placed[1]), float(placed[2])) if placed else (0.0, 0.0)
        words[-1].append((glyph, x, y))
    out = []
    for letters in filter(None, words):
        _, x0, y0 = letters[0]
        from_first = tuple((glyph, round(x - x0), round(y - y0)) for glyph, x, y in letters)
        out.append(_Word(from_first, x0, y0))
    return out


def _written(word: _Word, known: dict[Letters, str]) -> list[Element]:
    if word.letters in known:
        return [_use(known[word.letters], round(word.x), round(word.y))]
    return [_use(glyph, round(word.x + x), round(word.y + y)) for glyph, x, y in word.letters]


def _use(name: str, x: int, y: int) -> Element:
    places = {axis: str(at) for axis, at in (("x", x), ("y", y)) if at}
    return Element("use", {"href": f"#{name}", **places})
