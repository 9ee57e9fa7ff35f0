"""Names and free text found in what was read of a file, across tags, cells and lines."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import pairwise

from workbench.report.gate.findings import Finding, excerpt
from workbench.report.gate.letters import Word, level, words
from workbench.report.gate.parts import Piece
from workbench.report.gate.protected import LONGEST_NAME, RUN, Name, Protected

_TITLED = re.compile(
    r"\b(?:Mr|Mrs|Ms|Miss|Mx|Dr|Sir|Dame|Prof|Professor|Cllr|Councillor|Revd|Reverend)\b\.?\s+"
    r"(?:[A-Z]\.?\s+)*[A-Z][\w'-]+"
)
_NO_NAMES = "no name, pseudonym or code of a person leaves the trust"
_NO_FREE_TEXT = f"no {RUN} words in a row of free text leave the trust"
# What may stand within a code that is written another way, such as P-002, P 002 or "P0"&"02".
_WITHIN_CODE = re.compile(r"[^\w.,;:!?()]{0,5}|[-.:]?")
_SHORTEST_CODE = 4
_TAKE_OUT = "take it out of what the report is made from, and make the report again"


@dataclass(frozen=True)
class _Read:
    """A word with the piece it stands in."""

    word: Word
    piece: Piece
    number: int


@dataclass(frozen=True)
class _Codes:
    """Codes of people without what parts their letters and digits, and how each may begin."""

    whole: Mapping[str, Name]
    begin: Collection[str]


def _codes_of(names: Mapping[tuple[str, ...], Name]) -> _Codes:
    whole = {
        joined: name
        for said, name in names.items()
        for joined in ["".join(said)]
        if len(joined) >= _SHORTEST_CODE and re.search(r"\d", joined) and not joined.isdigit()
    }
    begin = {joined[:length] for joined in whole for length in range(1, len(joined) + 1)}
    return _Codes(whole, begin)


def wording_findings(file: str, pieces: Iterable[Piece], protected: Protected) -> Iterator[Finding]:
    """Yield names and free text in pieces of one file.

    What a reader meets is read as one stream, so that neither is hidden by being cut in two.
    """
    shown: list[_Read] = []
    begin = frozenset(name[0] for name in protected.names)
    codes = _codes_of(protected.names)
    for number, piece in enumerate(pieces):
        read = [_Read(word, piece, number) for word in words(piece.text)]
        yield from _titled(file, piece)
        if piece.kind == "text":
            shown += read
        else:
            yield from _in_stream(file, read, protected, begin)
            yield from _coded(file, read, codes)
    yield from _in_stream(file, shown, protected, begin)
    yield from _coded(file, shown, codes)


def _in_stream(
    file: str, stream: list[_Read], protected: Protected, begin: Collection[str]
) -> Iterator[Finding]:
    yield from _names(file, stream, protected.names, begin)
    yield from _quotations(file, stream, protected)


def _names(
    file: str,
    stream: list[_Read],
    names: Mapping[tuple[str, ...], Name],
    begin: Collection[str],
) -> Iterator[Finding]:
    said = [one.word.text for one in stream]
    first = 0
    while first < len(said):
        length = 1
        if said[first] in begin:
            length, name = _named(said, first, stream, names)
            if name is not None:
                read = stream[first : first + length]
                what = f"{_written(read)!r}, which is in {name.source}"
                yield Finding(file, read[0].piece.place, what, _NO_NAMES, _TAKE_OUT)
        first += length


def _named(
    said: list[str], first: int, stream: list[_Read], names: Mapping[tuple[str, ...], Name]
) -> tuple[int, Name | None]:
    """Return how many words from here on are a name, the longest there is, and which."""
    for length in range(min(LONGEST_NAME, len(said) - first), 0, -1):
        name = names.get(tuple(said[first : first + length]))
        if name is not None and _is_it(name, stream[first : first + length]):
            return length, name
    return 1, None


def _is_it(name: Name, read: list[_Read]) -> bool:
    if name.part:
        return read[0].word.capital or read[0].piece.place.endswith("the file's name")
    if name.ordinary:
        plain = level(read[0].piece.text)
        between = [plain[one.word.ends : after.word.begins] for one, after in pairwise(read)]
        return all(one.word.capital and one.number == read[0].number for one in read) and all(
            re.fullmatch(r"[ .'-]{1,2}", gap) for gap in between
        )
    if any(map(str.isdigit, name.text)):
        # A code is one thing; written as several it is judged by `_coded`.
        plain = level(read[0].piece.text)
        within = plain[read[0].word.begins : read[-1].word.ends]
        return read[0].number == read[-1].number and (" " not in within or " " in name.text)
    return True


def _coded(file: str, stream: list[_Read], codes: _Codes) -> Iterator[Finding]:
    """Yield codes of people, however their letters and digits are parted."""
    for first in range(len(stream)):
        joined = ""
        for last in range(first, min(first + LONGEST_NAME, len(stream))):
            joined += stream[last].word.text
            if joined not in codes.begin:
                break
            read = stream[first : last + 1]
            if joined in codes.whole and _is_code(read):
                what = f"{_written(read)!r}, which is in {codes.whole[joined].source}"
                yield Finding(file, read[0].piece.place, what, _NO_NAMES, _TAKE_OUT)


def _is_code(read: list[_Read]) -> bool:
    """Say whether words that spell a code stand as one: `we lead 1 school` is no `LEAD-1`."""
    for one, after in pairwise(read):
        if one.number != after.number:
            # Neighbouring cells are one where each holds its part of the code and nothing else.
            alone = all(each.word.text == level(each.piece.text).casefold() for each in read)
            return alone and (read[-1].word.text.startswith("0") or len(read[-1].word.text) > 2)
        gap = level(one.piece.text)[one.word.ends : after.word.begins]
        if not _WITHIN_CODE.fullmatch(gap) or (" " in gap and not read[0].word.capital):
            return False
    return True


def _written(read: list[_Read]) -> str:
    if read[0].number == read[-1].number:
        return level(read[0].piece.text)[read[0].word.begins : read[-1].word.ends]
    return " ".join(level(one.piece.text)[one.word.begins : one.word.ends] for one in read)


def _titled(file: str, piece: Piece) -> Iterator[Finding]:
    for found in _TITLED.finditer(level(piece.text)):
        what = f"{found[0]!r}, which is written as the name of a person"
        yield Finding(file, piece.place, what, _NO_NAMES, _TAKE_OUT, may_be_accepted=True)


def _quotations(file: str, stream: list[_Read], protected: Protected) -> Iterator[Finding]:
    said = [one.word.text for one in stream]
    first = 0
    while first < len(said):
        length, source = _quoted(said, first, stream, protected)
        if source is None:
            first += 1
            continue
        read = stream[first : first + length]
        quoted = excerpt(_written(read))
        what = f"{quoted!r}, which is from {source}"
        yield Finding(
            file, read[0].piece.place, what, _NO_FREE_TEXT, _TAKE_OUT, may_be_accepted=True
        )
        first += length


def _quoted(
    said: list[str], first: int, stream: list[_Read], protected: Protected
) -> tuple[int, str | None]:
    """Return how many words from here on are of one free text, and which."""
    source = protected.runs.get(tuple(said[first : first + RUN]))
    if source is not None:
        last = first + RUN
        while last < len(said) and tuple(said[last - RUN + 1 : last + 1]) in protected.runs:
            last += 1
        return last - first, source
    for length in (4, 3):
        source = protected.whole.get(tuple(said[first : first + length]))
        end = min(first + length, len(said)) - 1
        if source is not None and stream[first].number == stream[end].number:
            return length, source
    return 0, None
