"""SVG in fewer bytes: the same picture without what a drawing library says more often than needed.

A page holds its pictures within itself, and many a school reads it over a slow line.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from itertools import groupby
from xml.etree import ElementTree
from xml.etree.ElementTree import Element

from workbench.charts.svg_clip import drop_idle_clips
from workbench.charts.svg_path import relative
from workbench.charts.svg_text import FAMILY_RULE, tenth, write_text

_SVG = "http://www.w3.org/2000/svg"
_LINK = "{http://www.w3.org/1999/xlink}href"
_POINTED = re.compile(r"(?<=url\(#)[^)]+(?=\))")
_COLOUR = re.compile(r"#([0-9a-f])\1([0-9a-f])\2([0-9a-f])\3\b")
_WORTH_A_GROUP = 3  # elements of one style: fewer cost more than they save
_WORTH_A_NAME = 2
_LETTERS = "abcdefghijklmnopqrstuvwxyz"


def smaller(svg: str) -> str:
    """Return the same picture in fewer bytes.

    Groups that only carry a name go, and clips that cut nothing; neighbours that share a style
    share one group; everything defined is defined in one place under a short name; points are
    placed to the tenth and paths told step by step; a style said twice is said once. Words stay
    words. Nothing is drawn in another order.

    Args:
        svg: A picture as matplotlib writes it, its root `svg`, without comments.
    """
    root = ElementTree.fromstring(svg)
    pointed_at = {name for one in root.iter() for name in _names_used(one)}
    for one in root.iter():
        _plain(one, pointed_at)
    drop_idle_clips(root)
    defined = _define_once(root)
    _place(root, defined)
    _thin(root)
    _rename(root)
    _name_styles(root, defined)
    root.attrib = {"xmlns": _SVG, **root.attrib}
    return ElementTree.tostring(root, encoding="unicode").replace(" />", "/>")


def _names_used(one: Element) -> Iterator[str]:
    for key, value in one.attrib.items():
        if key == _LINK:
            yield value.removeprefix("#")
        yield from _POINTED.findall(value)


def _plain(one: Element, pointed_at: set[str]) -> None:
    """Take namespaces, unused names, blanks and what is so anyway off an element."""
    one.tag = one.tag.removeprefix(f"{{{_SVG}}}")
    one.tail = None
    said = {("href" if key == _LINK else key): value for key, value in one.attrib.items()}
    if said.get("id") not in pointed_at:
        said.pop("id", None)
    if "style" in said:
        parts = [part.replace(": ", ":") for part in said["style"].split("; ")]
        tight = ";".join(part for part in parts if part != "stroke-dashoffset:0")
        said["style"] = _COLOUR.sub(r"#\1\2\3", tight)
    one.attrib = said


def _place(root: Element, defined: Element) -> None:
    """Place everything to a tenth of a point, less than a screen shows, and shapes finer."""
    shapes = set(defined.iter())
    for one in root.iter():
        if "d" in one.attrib:
            one.attrib["d"] = relative(one.attrib["d"], decimals=2 if one in shapes else 1)
        if one.tag == "use":
            one.attrib |= {
                axis: tenth(one.attrib[axis]) for axis in ("x", "y") if axis in one.attrib
            }
        if one.tag == "text":
            write_text(one)


def _define_once(root: Element) -> Element:
    """Gather what is defined here and there into the first `defs`, and return it."""
    parents = {child: parent for parent in root.iter() for child in parent}
    first, *others = list(root.iter("defs"))
    for one in others:
        first.extend(list(one))
        parents[one].remove(one)
    return first


def _thin(one: Element) -> None:
    """Drop groups that say nothing, and let neighbours share what they have in common."""
    children = []
    for child in one:
        _thin(child)
        if child.tag == "g" and not child.attrib:
            children += list(child)
        else:
            children.append(child)
    children = [_alone(child) for child in children]
    one[:] = children if one.tag == "defs" else list(_shared(_merged(children)))


def _alone(one: Element) -> Element:
    """Return a group of one thing that only stands there as that thing itself."""
    if one.tag != "g" or "id" in one.attrib or len(one) != 1 or set(one[0].attrib) != {"href"}:
        return one
    one[0].attrib = {**one.attrib, **one[0].attrib}
    return one[0]


def _merged(children: list[Element]) -> list[Element]:
    """Return children with neighbouring groups made one where they say the same."""
    out: list[Element] = []
    for child in children:
        last = out[-1] if out else None
        if (
            last is not None
            and last.tag == child.tag == "g"
            and last.attrib == child.attrib
            and _may_share(child)
        ):
            last[:] = list(_shared(_merged([*last, *child])))
        else:
            out.append(child)
    return out


def _shared(children: list[Element]) -> Iterator[Element]:
    """Give children with their common style in a group about each run of them."""
    for style, run in groupby(children, key=_style_to_share):
        held = list(run)
        if style is None or len(held) < _WORTH_A_GROUP:
            yield from held
            continue
        around = Element("g", {"style": style})
        for one in held:
            del one.attrib["style"]
        around.extend(held)
        yield around


def _style_to_share(one: Element) -> str | None:
    return one.get("style") if one.tag in ("path", "use", "text") and _may_share(one) else None


def _may_share(one: Element) -> bool:
    """Whether a group of several is drawn as its members are: not where they show through."""
    return "id" not in one.attrib and "opacity" not in one.get("style", "")


def _rename(root: Element) -> None:
    """Give what is defined names of a letter or two, in the order of the picture."""
    names: dict[str, str] = {}
    for one in root.iter():
        if "id" in one.attrib:
            names[one.attrib["id"]] = _short(len(names))
    for one in root.iter():
        if "id" in one.attrib:
            one.attrib["id"] = names[one.attrib["id"]]
        if "href" in one.attrib:
            one.attrib["href"] = f"#{names[one.attrib['href'].removeprefix('#')]}"
        for key, value in one.attrib.items():
            one.attrib[key] = _POINTED.sub(lambda found: names[found[0]], value)


def _name_styles(root: Element, defined: Element) -> None:
    """Say a style that several elements have once, under a name."""
    times = Counter(one.attrib["style"] for one in root.iter() if "style" in one.attrib)
    often = [style for style, number in times.items() if number >= _WORTH_A_NAME]
    names = {style: _short(place) for place, style in enumerate(often)}
    for one in root.iter():
        if one.get("style") in names:
            one.attrib = {
                ("class" if key == "style" else key): names[value] if key == "style" else value
                for key, value in one.attrib.items()
            }
    rules = next(defined.iter("style"))
    rules.text = "".join(
        [(rules.text or "").replace(": ", ":").replace("; ", ";")]
        + [FAMILY_RULE]
        + [f".{name}{{{style}}}" for style, name in names.items()]
    )


def _short(place: int) -> str:
    """Return a, b, ... z, aa, ab, ..."""
    before, last = divmod(place, len(_LETTERS))
    return (_short(before - 1) if before else "") + _LETTERS[last]
