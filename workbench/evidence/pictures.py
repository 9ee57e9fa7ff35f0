"""What tells one picture from another, whatever a library drew at random to write it down."""

from __future__ import annotations

import base64
import binascii
import re
import struct
from collections.abc import Iterator
from urllib.parse import unquote

from workbench.trust.digests import digest_of_bytes, digest_of_text

_SVG, _PNG, _BASE64 = "data:image/svg+xml", "data:image/png", ";base64"
_UNSEEN = re.compile(r"<metadata\b.*?</metadata>|<!--.*?-->", re.DOTALL)
_NAME = re.compile(r"(?<=\sid=[\"'])[^\"']+")
_NAMED = re.compile(r"((?<=\sid=[\"'])|(?<=#))([^\"'()\s]+)")
_SIGNATURE = b"\x89PNG\r\n\x1a\n"
_WRITTEN = {b"tEXt", b"zTXt", b"iTXt", b"tIME"}  # programs, dates and remarks
_HEAD = struct.Struct("!I4s")


def digest_of_picture(address: str) -> str:
    """Return the sha256 of a picture as it looks.

    Left out is what nobody sees and what may come out otherwise each time: in an SVG remarks,
    metadata and how its parts are called; in a PNG what is written beside the picture.

    Args:
        address: The picture within a page, as a `data:` address; any other is taken as a name.
    """
    kind, _, content = address.partition(",")
    try:
        if kind.startswith(_SVG):
            text = base64.b64decode(content).decode() if _BASE64 in kind else unquote(content)
            return digest_of_text(_as_drawn(text))
        if kind.startswith(_PNG) and _BASE64 in kind:
            return digest_of_bytes(b"".join(_seen(base64.b64decode(content))))
    except (ValueError, struct.error, binascii.Error):
        pass  # it cannot be read: then every byte of it counts
    return digest_of_text(address)


def _as_drawn(svg: str) -> str:
    """Return an SVG whose parts are called by the order in which they stand."""
    bare = _UNSEEN.sub("", svg)
    names = {name: str(n) for n, name in enumerate(dict.fromkeys(_NAME.findall(bare)))}
    return _NAMED.sub(lambda found: names.get(found[2], found[2]), bare)


def _seen(png: bytes) -> Iterator[bytes]:
    """Yield the parts of a PNG that are seen."""
    if not png.startswith(_SIGNATURE):
        raise ValueError("it is no PNG")
    place = len(_SIGNATURE)
    while place < len(png):
        length, kind = _HEAD.unpack_from(png, place)
        end = place + _HEAD.size + length + 4
        if kind not in _WRITTEN:
            yield png[place:end]
        place = end
