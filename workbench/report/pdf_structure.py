"""The structure of a tagged PDF: which cells head a row, and all of it in a small space.

Typst tags the headings of columns, not those of rows, and writes every element of the structure as
an object of its own, in the open: half a megabyte for a long report. Here the first cell of a row
is made its heading, its neighbours are told of it, and all objects but streams are packed, as
PDF 1.5 and later allow (ISO 32000-1:2008, 7.5.7 and 7.5.8; on headings of tables, 14.8.5.7).
"""

from __future__ import annotations

import re
import zlib
from collections.abc import Sequence

from workbench.errors import BadInput

_ROW = re.compile(rb"<</Type/StructElem/S/TR/P (\d+) 0 R/K\[([^\]]*)\]>>")
_CELL = re.compile(rb"/S/TD(/P \d+ 0 R)/A\[<</O/Table/Headers\[\(U(\d+)x\d+y0\)\]>>")
_LINES = re.compile(rb"<</O/Layout/Border[^>]*>>")  # how a cell is ruled is seen, not read out
_ELEMENT = b"<</Type/StructElem/"
_BODY = _ELEMENT + b"S/TBody/"
_NAMES = re.compile(rb"/IDTree<</Names\[(.*?)\]")
_NAME = re.compile(rb"\(([^()]*)\)(\d+) 0 R")
_TRAILER = re.compile(rb"trailer\n<</Size (\d+)(.*)>>\nstartxref\n(\d+)\n%%EOF\s*", re.DOTALL)
_REFERENCE = re.compile(rb"(\d+) 0 R")
_STREAM_END = b"endstream"
_FREE = (0, 0, 65535)
_TOGETHER = 500  # objects packed into one stream

Objects = dict[int, bytes]


def with_row_heads(pdf: bytes, headed: Sequence[bool]) -> bytes:
    """Return a PDF of Typst in which the first cell of each row of a table heads its row.

    Args:
        pdf: What Typst made.
        headed: For each table in the order of the document, whether its rows have headings.

    Raises:
        BadInput: The file is not built as Typst builds it.
    """
    objects, trailer, begins = _objects(pdf)
    for number, body in objects.items():
        if body.startswith(_ELEMENT):
            objects[number] = _LINES.sub(b"", body)
    heads: dict[bytes, int] = {}
    for body in list(objects.values()):
        row = _ROW.fullmatch(body)
        if row and objects[int(row[1])].startswith(_BODY):
            cells = [int(one) for one in _REFERENCE.findall(row[2])]
            heads |= _head_row(objects, cells, headed)
    for number, body in objects.items():
        if heads and (names := _NAMES.search(body)):
            known = {name: int(place) for name, place in _NAME.findall(names[1])} | heads
            listed = b"".join(b"(%b)%d 0 R" % (name, known[name]) for name in sorted(known))
            objects[number] = body.replace(names[1], listed)
    return _packed(pdf[:begins], objects, trailer)


def _head_row(objects: Objects, cells: Sequence[int], headed: Sequence[bool]) -> dict[bytes, int]:
    """Make the first cell of a row its heading and tell the others; return its name and place."""
    first, *others = cells
    found = _CELL.search(objects[first])
    if found is None or not headed[int(found[2]) - 1]:
        return {}
    name = b"R%d" % first
    said = rb"/S/TH\1/ID(%b)/A[<</O/Table/Scope/Row/Headers[(U\2x0y0)]>>" % name
    objects[first] = _CELL.sub(said, objects[first], count=1)
    for place in others:
        objects[place] = objects[place].replace(b"y0)]>>", b"y0)(%b)]>>" % name, 1)
    return {name: first}


def _objects(pdf: bytes) -> tuple[Objects, bytes, int]:
    """Return the objects of a PDF, the rest of its trailer, and where the first object begins."""
    end = pdf.rfind(b"trailer\n")
    trailer = _TRAILER.fullmatch(pdf, max(0, end))
    if trailer is None:
        raise BadInput(
            "the PDF has no plain table of its objects",
            rule="PDFs are packed as the pinned version of typst writes them",
            mend="install the pinned version of typst",
        )
    table = int(trailer[3])
    lines = pdf[table:end].split(b"\n")[2 : 2 + int(trailer[1])]
    offsets = {number: int(line[:10]) for number, line in enumerate(lines) if line[17:18] == b"n"}
    ends = dict(zip(order := sorted(offsets.values()), [*order[1:], table], strict=True))
    objects = {}
    for number, begins in offsets.items():
        head = b"%d 0 obj\n" % number
        objects[number] = pdf[begins + len(head) : ends[begins]].rstrip().removesuffix(b"\nendobj")
    return objects, trailer[2], min(order)


def _packed(start: bytes, objects: Objects, trailer: bytes) -> bytes:
    """Return a PDF with its streams as they are and everything else packed."""
    streams = {number: body for number, body in objects.items() if body.endswith(_STREAM_END)}
    loose = [number for number in objects if number not in streams]
    entries = {0: _FREE}
    last = max(objects)
    for begins in range(0, len(loose), _TOGETHER):
        last += 1
        together = loose[begins : begins + _TOGETHER]
        streams[last] = _stream_of([(number, objects[number]) for number in together])
        entries |= {number: (2, last, place) for place, number in enumerate(together)}
    parts, at = [start], len(start)
    for number, body in streams.items():
        entries[number] = (1, at, 0)
        parts.append(b"%d 0 obj\n%b\nendobj\n" % (number, body))
        at += len(parts[-1])
    entries[last + 1] = (1, at, 0)
    rows = b"".join(
        kind.to_bytes(1, "big") + where.to_bytes(4, "big") + place.to_bytes(2, "big")
        for kind, where, place in (entries.get(number, _FREE) for number in range(last + 2))
    )
    table = _stream(b"/Type/XRef/Size %d/W[1 4 2]%b" % (last + 2, trailer), rows)
    parts.append(b"%d 0 obj\n%b\nendobj\n" % (last + 1, table))
    return b"".join([*parts, b"startxref\n%d\n%%%%EOF\n" % at])


def _stream_of(objects: Sequence[tuple[int, bytes]]) -> bytes:
    places, at = [], 0
    for number, body in objects:
        places.append(b"%d %d" % (number, at))
        at += len(body) + 1
    head = b" ".join(places) + b"\n"
    content = head + b"\n".join(body for _, body in objects)
    return _stream(b"/Type/ObjStm/N %d/First %d" % (len(objects), len(head)), content)


def _stream(said: bytes, content: bytes) -> bytes:
    packed = zlib.compress(content)
    head = b"<<%b/Length %d/Filter/FlateDecode>>" % (said, len(packed))
    return b"%b\nstream\n%b\nendstream" % (head, packed)
