"""Any finished file, opened: by what it holds rather than by what it is called."""

from __future__ import annotations

import base64
import binascii
import csv
import io
import json
import re
import zipfile
from pathlib import PurePosixPath
from urllib.parse import unquote_to_bytes

from workbench.report.gate.markup import open_markup, unescaped
from workbench.report.gate.parts import DEEPEST, Grid, Opened, Piece, Unread, joined

MOST_UNPACKED = 500_000_000
_PRINTABLE = re.compile(rb"[\x20-\x7e]{4,}")
_PICTURES = (b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff", b"GIF8")
_FONTS = (b"wOFF", b"wOF2", b"\x00\x01\x00\x00", b"OTTO", b"true")
_MARKUP = (b"<!doctype html", b"<html", b"<svg", b"<?xml", b"<rdf", b"<x:xmpmeta", b"<?xpacket")


def open_file(name: str, data: bytes) -> Opened:
    """Read everything that a finished file says, and say what of it cannot be read.

    Args:
        name: The file's name in the pack; it is read as well, for a name may say too much.
        data: The file as it would leave.
    """
    named = Piece("the file's name", PurePosixPath(name).name)
    return joined([Opened((named,)), open_bytes(data, PurePosixPath(name).suffix, "", 0)])


def open_bytes(data: bytes, ending: str, place: str, depth: int) -> Opened:
    """Read bytes of any known form; see `open_file`.

    Args:
        data: The bytes.
        ending: What their name ends with; empty where they have none.
        place: Where they stand in the file; empty for the file itself.
        depth: How many files they lie within.
    """
    start = data[:2000].lstrip(b"\xef\xbb\xbf \t\r\n")
    if depth > DEEPEST:
        return _unread(place, f"it lies within more than {DEEPEST} files")
    if start.startswith(b"%PDF"):
        from workbench.report.gate.pdf import open_pdf  # noqa: PLC0415 - slow to import

        return open_pdf(data, place, depth)
    if start.startswith(b"PK"):
        return _open_archive(data, place, depth)
    return _open_plain(data, start, ending, place, depth)


def _open_plain(data: bytes, start: bytes, ending: str, place: str, depth: int) -> Opened:
    """Read what is one thing and no archive: a picture, markup or text."""
    if start.startswith(_PICTURES):
        return _unread(place, "it is a picture made of dots, and what it shows cannot be searched")
    if start.startswith(_FONTS):
        said = " ".join(run.decode() for run in _PRINTABLE.findall(data))
        return Opened((Piece(_at(place, "words within a font"), said, "hidden"),))
    text = _text(data)
    if text is None:
        return _unread(place, "it is in no form that is read: text, a page, PDF or a workbook")
    if start.lower().startswith(_MARKUP) or ending in {".html", ".htm", ".svg", ".xml"}:
        return open_markup(text, place, lambda address, at: open_address(address, at, depth + 1))
    if ending == ".csv":
        return _open_csv(text, place)
    return _open_text(text, place)


def open_address(address: str, place: str, depth: int) -> Opened:
    """Read what a `data:` address holds."""
    head, _, body = address.partition(",")
    kind = head.removeprefix("data:").casefold()
    data = unquote_to_bytes("".join(body.split()) if "base64" in kind else body)
    if "base64" in kind:
        try:
            data = base64.b64decode(data + b"=" * (-len(data) % 4), validate=True)
        except binascii.Error:
            return _unread(place, "its base64 cannot be decoded")
    ending = {"text/csv": ".csv", "image/svg+xml": ".svg", "text/html": ".html"}
    return open_bytes(data, ending.get(kind.partition(";")[0], ""), place, depth)


def _open_archive(data: bytes, place: str, depth: int) -> Opened:
    from workbench.report.gate.workbook import is_workbook, open_workbook  # noqa: PLC0415

    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            members = archive.infolist()
            if sum(member.file_size for member in members) > MOST_UNPACKED:
                return _unread(place, f"it unpacks to more than {MOST_UNPACKED:,} bytes")
            if any(member.flag_bits & 1 for member in members):
                return _unread(place, "it has a password")
            if is_workbook(archive):
                return open_workbook(data, archive, place, depth)
            found = [
                Opened(
                    (
                        Piece(
                            _at(place, "comment of the archive"),
                            archive.comment.decode("utf-8", "replace"),
                            "hidden",
                        ),
                    )
                )
            ]
            for member in members:
                at = _at(place, member.filename)
                found.append(Opened((Piece(_at(at, "the file's name"), member.filename),)))
                if not member.is_dir():
                    ending = PurePosixPath(member.filename).suffix.casefold()
                    found.append(open_bytes(archive.read(member), ending, at, depth + 1))
            return joined(found)
    except (zipfile.BadZipFile, NotImplementedError, EOFError, OSError) as fault:
        return _unread(place, f"it is a damaged archive ({fault})")


def _open_csv(text: str, place: str) -> Opened:
    try:
        rows = tuple(tuple(row) for row in csv.reader(io.StringIO(text, newline="")))
    except csv.Error as fault:
        return _unread(place, f"it is no CSV ({fault})")
    grid = Grid(_at(place, "CSV") if place else "CSV", rows, lettered=True)
    pieces = (
        Piece(grid.cell(row, column), cell)
        for row, cells in enumerate(rows)
        for column, cell in enumerate(cells)
        if cell.strip()
    )
    unread = (
        Unread(grid.cell(row, column), "its formula can spell anything")
        for row, cells in enumerate(rows)
        for column, cell in enumerate(cells)
        if cell.lstrip().startswith("=")
    )
    return Opened(tuple(pieces), (grid,), tuple(unread))


def _open_text(text: str, place: str) -> Opened:
    """Read plain text or JSON line by line."""
    if text.lstrip().startswith(("{", "[")):
        try:
            text = json.dumps(json.loads(text), ensure_ascii=False, indent=1)
        except ValueError:
            text = unescaped(text)
    lines = text.splitlines()
    return Opened(tuple(
        Piece(_at(place, f"line {number}"), line)
        for number, line in enumerate(lines, start=1)
        if line.strip()
    ))  # fmt: skip


def _text(data: bytes) -> str | None:
    for form in ("utf-8-sig", "utf-16") if data.startswith((b"\xff\xfe", b"\xfe\xff")) else (
        "utf-8-sig", "cp1252"
    ):  # fmt: skip
        try:
            text = data.decode(form)
        except UnicodeDecodeError:
            continue
        return None if "\x00" in text else text
    return None


def _unread(place: str, why: str) -> Opened:
    return Opened(unread=(Unread(place or "the file", why),))


def _at(place: str, part: str) -> str:
    return f"{place}, {part}" if place else part
