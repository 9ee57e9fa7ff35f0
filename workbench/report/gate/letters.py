"""Text as a person reads it, whatever tricks of letters it was written with.

Invisible characters go, look-alike letters of other alphabets become the Latin ones they pass for,
accents and case are left aside: a name with a Cyrillic o and a zero-width space in it reads as
the name it passes for.

Source of the normal forms: The Unicode Consortium, Unicode Standard Annex 15; of the idea of
look-alike letters: Unicode Technical Standard 39, "Unicode Security Mechanisms".
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

# Letters of other alphabets that pass for a Latin one in the usual fonts.
_TWINS = {
    "a": "\u0251\u03b1\u0430", "A": "\u0391\u0410", "b": "\u042c\u0432\u044c",
    "B": "\u0392\u0412", "c": "\u03f2\u0441", "C": "\u03f9\u0421", "d": "\u0111\u0501",
    "D": "\u0110", "e": "\u03b5\u0435\u0437", "E": "\u0395\u0415", "g": "\u0261", "G": "\u050c",
    "h": "\u0127\u043d\u04bb", "H": "\u0126\u0397\u041d", "i": "\u0131\u0269\u03b9\u0456",
    "I": "\u0399\u0406\u04c0\ua4f2\ua7ae", "j": "\u03f3\u0458", "J": "\u0408",
    "k": "\u03ba\u043a", "K": "\u039a\u041a", "l": "\u0142\u04cf\u2113\u217c", "L": "\u0141",
    "m": "\u043c", "M": "\u039c\u041c", "n": "\u03b7\u043f", "N": "\u039d",
    "o": "\u00f8\u03bf\u03c3\u043e", "O": "\u00d8\u039f\u041e", "p": "\u03c1\u0440",
    "P": "\u03a1\u0420", "q": "\u051b", "Q": "\u051a", "r": "\u0433", "R": "\u0280",
    "s": "\u0455", "S": "\u0405", "t": "\u03c4\u0442", "T": "\u03a4\u0422", "u": "\u03c5\u0438",
    "v": "\u03bd", "w": "\u03c9\u051d", "W": "\u051c", "x": "\u03c7\u0445", "X": "\u03a7\u0425",
    "y": "\u03b3\u0443", "Y": "\u028f\u03a5\u0423\u04ae", "Z": "\u0396",
}  # fmt: skip
_LOOKS_LIKE: dict[int, str] = {
    **{ord(twin): latin for latin, twins in _TWINS.items() for twin in twins},
    **dict.fromkeys(map(ord, "\u2018\u2019\u02bc\u2032\u00b4`"), "'"),
    **dict.fromkeys(map(ord, "\u2010\u2011\u2012\u2013\u2014\u2212"), "-"),
    **dict.fromkeys(map(ord, "\u3164\u115f\u1160"), ""),
    ord("\u2800"): " ",
}
_SOFT_HYPHEN = "\u00ad"
_WORD = re.compile(r"[^\W_]+")


@dataclass(frozen=True)
class Word:
    """A run of letters and digits.

    Attributes:
        text: In small letters.
        capital: Whether it is written with a capital letter somewhere.
        begins: Where it begins in the level text.
        ends: Where it ends.
    """

    text: str
    capital: bool
    begins: int
    ends: int


def level(text: str) -> str:
    """Return text with tricks of letters undone and spaces single; case is kept."""
    if text.isascii():
        return " ".join(text.split())
    seen = "".join(
        " " if unicodedata.category(letter) in {"Zs", "Zl", "Zp"} else letter
        for letter in text.replace(_SOFT_HYPHEN, "")
        if unicodedata.category(letter) != "Cf"
    )
    plain = unicodedata.normalize("NFKD", seen.translate(_LOOKS_LIKE))
    bare = "".join(letter for letter in plain if unicodedata.category(letter) not in {"Mn", "Cf"})
    return " ".join(bare.translate(_LOOKS_LIKE).split())


def words(text: str) -> list[Word]:
    """Return the words of a text in order, as a person reads them."""
    plain = level(text)
    return [
        Word(found[0].casefold(), any(map(str.isupper, found[0])), found.start(), found.end())
        for found in _WORD.finditer(plain)
    ]


def tokens(text: str) -> tuple[str, ...]:
    """Return the words of a text in small letters."""
    return tuple(word.text for word in words(text))
