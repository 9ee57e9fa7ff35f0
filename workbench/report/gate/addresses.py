"""Links, e-mail addresses, telephone numbers and paths of a machine in what was read of a file."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator
from pathlib import PurePosixPath
from urllib.parse import unquote, urlsplit

from workbench.report.gate.findings import Finding, excerpt
from workbench.report.gate.letters import level
from workbench.report.gate.parts import Piece

_AT = r"(?:@|\s?[\[({]\s?at\s?[\])}]\s?)"
_DOT = r"(?:\.|\s?[\[({]\s?dot\s?[\])}]\s?)"
_MAIL = re.compile(rf"[\w.+'-]+{_AT}[\w-]+(?:{_DOT}[\w-]+)*{_DOT}[a-z]{{2,}}", re.IGNORECASE)
# A number as it is written in Britain: its beginning has three digits or more, then two groups of
# three or more at most, so that the numbers along an axis, one beside another, are none.
_PHONE = re.compile(
    r"(?<![\w.,/:#-])(?:\+44[\s.(-]{0,2}0?\)?[\s.-]?\d{2,4}|\(?0\d{2,4}\)?)"
    r"(?:[\s.-]{0,2}\d{5,8}|(?:[\s.-]{0,2}\d{3,4}){2})(?!\w|[./-]\d)"
    r"|(?<![\w.,/:#-])(?:\+44\s?|0)\d{9,10}(?!\w|[./-]\d)"
)
# What names one person to whoever holds the register: by its form, where its name stands beside it.
_IDENTIFIER = re.compile(
    r"(?<!\w)[A-CEGHJ-PR-TW-Z]{2}\s?\d{2}\s?\d{2}\s?\d{2}\s?[A-D](?!\w)"
    r"|(?<!\w)(?:UPN:?\s*)?[A-HJ-NP-RT-Z]\d{12}(?!\w)"
    r"|\b(?:born|date of birth|dob)\b:?\s*(?:on\s+)?\d{1,2}[/. -]\w{1,9}[/. -]\d{2,4}",
)
_LINK = re.compile(
    r"(?:\b[a-z][a-z0-9+.-]*://|\bwww\.|(?<![:\w])//(?=[\w-]+\.))[^\s\"'<>)]+", re.IGNORECASE
)
_PATH = re.compile(
    r"(?<![\w/.~-])(?:~|/(?:home|users|root|tmp|mnt|media|var|opt|srv|work|workspace|private|"
    r"volumes|etc|proc))/[\w.@~-]+[^\s\"'<>]*"
    r"|\b[a-z]:\\[^\s\"'<>|]+|\\\\[\w.-]+\\[^\s\"'<>|]+|\bfile:[/\\][^\s\"'<>]*",
    re.IGNORECASE,
)
# Names of standards: written as addresses, loaded by nothing, and only where nobody meets them.
_STANDARDS = (
    "http://www.w3.org/", "http://purl.org/", "http://ns.adobe.com/", "http://www.aiim.org/",
    "http://schemas.openxmlformats.org/", "http://schemas.microsoft.com/", "http://iptc.org/",
)  # fmt: skip
_NO_IDENTIFIERS = "a paper names nobody, by no number or date of birth either"
_CONTACT = "a paper gives no e-mail address or telephone number; readers ask the clerk"
_OFFLINE = "a paper loads and links to nothing outside the pack"
_NO_PATHS = "no path of the machine a paper was made on leaves it"
_TAKE_OUT = "take it out of what the report is made from, and make the report again"


def address_findings(
    file: str, pieces: Iterable[Piece], pack: Collection[str], folders: Collection[str]
) -> Iterator[Finding]:
    """Yield what in one file leads out of the pack.

    Args:
        file: The file, by its path within the pack.
        pieces: What was read of it.
        pack: Paths of every file of the pack.
        folders: Folders of this machine.
    """
    for piece in pieces:
        if piece.kind == "link":
            yield from _link(file, piece, pack)
        else:
            yield from _in_text(file, piece, folders)


def _link(file: str, piece: Piece, pack: Collection[str]) -> Iterator[Finding]:
    leads = urlsplit(piece.text.strip())
    inside = PurePosixPath(file).parent / unquote(leads.path)
    if leads.scheme in {"mailto", "tel"}:
        yield Finding(file, piece.place, repr(excerpt(piece.text)), _CONTACT, _TAKE_OUT)
    elif leads.scheme or leads.netloc or leads.path.startswith(("/", "\\")) or "\\" in leads.path:
        rule = _NO_PATHS if leads.scheme == "file" else _OFFLINE
        what = f"a link to {excerpt(piece.text)!r}"
        yield Finding(file, piece.place, what, rule, _TAKE_OUT)
    elif leads.path and str(inside) not in pack:
        what = f"a link to {excerpt(piece.text)!r}, which is not in the pack"
        yield Finding(file, piece.place, what, _OFFLINE, "add the file, or take out the link")


def _in_text(file: str, piece: Piece, folders: Collection[str]) -> Iterator[Finding]:
    plain = level(piece.text)
    for found in _MAIL.finditer(plain):
        what = f"the e-mail address {found[0]!r}"
        yield Finding(file, piece.place, what, _CONTACT, _TAKE_OUT)
    for found in _PHONE.finditer(plain):
        if 10 <= sum(map(str.isdigit, found[0].replace("+44", "0", 1))) <= 12:
            what = f"the telephone number {found[0]!r}"
            yield Finding(file, piece.place, what, _CONTACT, _TAKE_OUT, may_be_accepted=True)
    for found in _IDENTIFIER.finditer(plain):
        what = f"what identifies one person, {excerpt(found[0])!r}"
        yield Finding(file, piece.place, what, _NO_IDENTIFIERS, _TAKE_OUT, may_be_accepted=True)
    for found in _LINK.finditer(plain):
        standard = piece.kind == "hidden" and found[0].startswith(_STANDARDS)
        if not standard and not found[0].casefold().startswith("file:"):
            what = f"the address {excerpt(found[0])!r}"
            yield Finding(file, piece.place, what, _OFFLINE, _TAKE_OUT)
    paths = [found[0] for found in _PATH.finditer(plain)]
    paths += [one for one in folders if one in plain and not any(one in path for path in paths)]
    for path in paths:
        yield Finding(file, piece.place, f"the path {excerpt(path)!r}", _NO_PATHS, _TAKE_OUT)
