"""Small numbers of people in what was read of a file, in tables and in sentences.

In a table the heading of a column or row says what a number counts; in a sentence the words beside
it do. Tables of counts with a total are also read as a reader would who subtracts: see
`workbench.measures.disclosure`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

import pandas as pd

from workbench.measures.disclosure import TOTAL, Published, attack
from workbench.report.gate.findings import Finding, excerpt
from workbench.report.gate.letters import level
from workbench.report.gate.parts import Grid, Piece
from workbench.report.gate.protected import HiddenCount, Policy, Protected

_PUPILS = r"pupils?|children|child|learners?|students?|boys?|girls?|persistently absent"
_OTHERS = (
    r"answers?|responses?|respondents?|replies|staff members?|staff|teachers?|parents?|carers?|"
    r"participants?|people|persons?|members of staff|leavers?|headteachers?|famil(?:y|ies)"
)
_WHOM = rf"(?:{_PUPILS}|{_OTHERS})"
_COUNTED = re.compile(rf"\b{_WHOM}\b", re.IGNORECASE)
_OF_PUPILS = re.compile(rf"\b(?:{_PUPILS})\b", re.IGNORECASE)
_SURVEY = re.compile(r"\b(?:survey|answer|answered|answers|responses?|respondents?|replied|replies|"
                     r"said|agreed?)\b", re.IGNORECASE)  # fmt: skip
# Headings of measures: what stands under them is no count.
_MEASURE = re.compile(
    r"%|per cent|percent|limit|share|score|ratio|rate|band|day|term|hour|week|minute|year|gap|"
    r"places?\b|point|mean|median|average|difference|\bper\b|\bfrom\b|\bto\b|interval|likely|date|"
    r"schools?\b|sources?\b|leads?\b|phase|level|£|progress|attainment|absence\b|spread|weight",
    re.IGNORECASE,
)
_WORDS = dict(zip(("one", "two", "three", "four", "five", "six", "seven", "eight", "nine"),
                  range(1, 10), strict=True))  # fmt: skip
_SPOKEN = {**_WORDS, "a couple of": 2, "half a dozen": 6}
_NUMBER = rf"(?:\d{{1,2}}(?:\.0+)?|{'|'.join(_SPOKEN)})"
_SENTENCE = re.compile(
    rf"(?P<before>\b[a-z]+\s+)?(?<![\d.,/%£$:+\-])\b(?P<count>{_NUMBER})\b(?![.,/:%]\d|%|\s*per\b)"
    rf"(?:\s+(?:out\s+)?of\s+(?:the|its|our|their|these|those|all|\d+))?(?:\s+year\s+\d{{1,2}})?"
    rf"(?P<between>(?:\s+(?!(?:in|of|by|for|and|or|to|at|with|from|per|years?|terms?|schools?|"
    rf"days?|weeks?|hours?|minutes?|points?|months?|than)\b)[a-z-]+){{0,2}}?)\s+(?P<whom>{_WHOM})\b"
    rf"(?!\s+(?:survey|governors?|levels?|meetings?|questions?|statements?|hours|days|teacher))",
    re.IGNORECASE,
)
_LABELLED = re.compile(
    rf"\b(?P<whom>{_WHOM}|n)\b[\"']?\s*(?:[:=]\s*[\[\"']*|(?<=\s)-\s+|\(\s*n\s*=\s*|\((?=\s*{_NUMBER}\s*\)))"
    rf"\s*(?P<count>{_NUMBER})\b(?![.,/:%]\d|%|\s*(?:in|of|to|per)\b|\s+[a-z]+\s+(?:in|per)\b)",
    re.IGNORECASE,
)
_SAID_OF = r"answered|replied|responded|took part|disagreed|resigned|have an? (?:EHCP|SEND)"
# Where the words that say of whom stand far from the number, or are not said at all.
_FAR = (
    re.compile(
        rf"\bnumber of (?P<whom>{_WHOM})\b(?P<more>[^.;:\d]{{0,60}}?)\b(?:was|is|were|are|at|to)\s+"
        rf"(?:only\s+)?(?P<count>{_NUMBER})\b(?![.,/:%]\d|%|-|\s*(?:in|of|to|per|times)\b)",
        re.IGNORECASE,
    ),
    re.compile(
        rf"(?P<before>\b[a-z]+\s+)?(?<![\d.,/%£$:+\-])\b(?P<count>{_NUMBER})\s+(?P<whom>{_SAID_OF})\b",
        re.IGNORECASE,
    ),
    re.compile(
        rf"\bof the (?P<whom>cohort|class|year group|pupils|staff|respondents),?\s+(?:only\s+)?"
        rf"(?P<count>{_NUMBER})\b(?![.,/:%]\d|%|-|\s*(?:in|of|to|per|schools?|years?|terms?)\b)",
        re.IGNORECASE,
    ),
)
_OF_A_CLASS = re.compile(r"cohort|class|year group|have an?\b", re.IGNORECASE)
# What is said of all alike, or is advice, counts nobody.
_OF_ALL = re.compile(r"\s+(?:in|for) every\b", re.IGNORECASE)
_ADVICE = re.compile(r"\s+(?:should|must|can|may)\b", re.IGNORECASE)
_NO_COUNT_BEFORE = frozenset({
    "in", "than", "under", "below", "least", "most", "per", "year", "years", "stage", "grade",
    "level", "phase", "key", "to", "every", "each", "of", "page", "table", "figure", "section",
    "chapter", "no", "step", "priority", "pillar", "about", "nearly", "over",
})  # fmt: skip
_SENTENCES = re.compile(r"(?<=[.;!?])\s+|\n|\)")
_BARE = (
    r"(?<![\d.,/%:-])\b(?:{})\b(?![.,/:%]\d|%|-|\s(?:in|per|of\s+\d|to|days?|minutes?|terms?|hours?|"
    r"points?|schools?|years?|sources?|weeks?|areas?)\b)"
)
_PEOPLE_SAID = re.compile(rf"\b(?:{_WHOM}|answered|replied|responded|took part)\b", re.IGNORECASE)
_NEAR = 25  # characters
# A number of people as a cell may show it: 4, 4.0, four, or 4 (2%).
_BODY = re.compile(
    rf"(?P<count>\d{{1,3}}|{'|'.join(_WORDS)})(?:\.0+)?(?:\s*\(\s*[\d.]+\s*(?:%|per cent)\s*\))?",
    re.IGNORECASE,
)
# Headings that say when or which of them, and not what is counted: the caption or the row does.
_WHICH = re.compile(
    r"|(?:autumn|spring|summer)(?: term)?(?: \d+)?|half[ -]term \d|term \d|"
    r"(?:years? )?\d{4}(?:[/-]\d{2,4})?|year \d{1,2}|reception|key stage \d|"
    r"(?:this|last) (?:year|term)|now|then|before|after|male|female|all|yes|no|"
    r"(?:jan|febr)uary|march|april|may|june|july|august|(?:septem|octo|novem|decem)ber",
    re.IGNORECASE,
)
_HELD_BACK = re.compile(r"held back|suppressed|withheld|c|z|x|\*|-|\.\.|", re.IGNORECASE)
_GENERAL = frozenset({"value", "latest", "count", "number", "n", "how many", "total", "figure"})
_MEND = (
    "hold the number back where the report is made; where it counts something else, accept it by "
    "its key, with the reason"
)


def number_findings(
    file: str, pieces: Iterable[Piece], grids: Iterable[Grid], protected: Protected
) -> Iterator[Finding]:
    """Yield small numbers of people in what was read of one file."""
    for grid in grids:
        yield from _in_grid(file, grid, protected)
        yield from _by_subtraction(file, grid, protected.policy)
    for piece in pieces:
        plain = "" if piece.kind in {"link", "code", "printed"} else level(piece.text)
        if plain:
            yield from _in_sentence(file, piece, plain, protected)


def threshold(policy: Policy, counted: str, around: str) -> int:
    """Return below which a count is small: answers by one rule, pupils on roll by another.

    Args:
        policy: The policy.
        counted: The words that say what is counted.
        around: Words beside it, which may say that they are answers to a survey.
    """
    of_pupils = _OF_PUPILS.search(counted) and not _SURVEY.search(f"{counted} {around}")
    return policy.fewest_pupils if of_pupils else policy.fewest_respondents


def _finding(file: str, place: str, what: str, policy: Policy, below: int) -> Finding:
    rule = f"no count of fewer than {below} is shown ({policy})"
    return Finding(file, place, what, rule, _MEND, may_be_accepted=True)


def _in_grid(file: str, grid: Grid, protected: Protected) -> Iterator[Finding]:
    policy = protected.policy
    for row, cells in enumerate(grid.rows[1:], start=1):
        for column, cell in enumerate(cells):
            plain = level(cell)
            people = _people(plain)
            if not people:
                continue
            head, beside = _heads(grid, row, column)
            counted = _counted_by(head, beside, _caption(grid, row))
            if counted is None:
                continue
            below = threshold(policy, counted, grid.caption)
            hidden = _held_back(protected, beside, people, counted)
            if people < below or hidden is not None:
                known = f", which is {hidden.source} at {hidden.school[0]}" if hidden else ""
                what = f"{plain} under {counted!r}{known}"
                yield _finding(file, grid.cell(row, column), what, policy, below)


def _people(plain: str) -> int:
    """Return the number of people that a cell shows; 0 where it shows none."""
    found = _BODY.fullmatch(plain)
    return 0 if found is None else _WORDS.get(found["count"].casefold()) or int(found["count"])


def _caption(grid: Grid, row: int) -> str:
    """Return what a table says it is: in a spreadsheet, the nearest line above with one cell."""
    if grid.caption or not grid.lettered:
        return level(grid.caption)
    for cells in reversed(grid.rows[:row]):
        said = [cell for cell in cells if cell.strip()]
        if len(said) == 1 and re.search(r"[^\W\d_]", said[0]):
            return level(said[0])
    return ""


def _heads(grid: Grid, row: int, column: int) -> tuple[str, str]:
    """Return the words that head a cell's column and its row: the nearest that are no numbers."""
    head = ""
    for above in range(row - 1, -1, -1):
        cells = grid.rows[above]
        if head and grid.lettered and sum(bool(cell.strip()) for cell in cells) < 2:
            break  # what stands above is another table of the sheet
        if column < len(cells) and re.search(r"[^\W\d_]", cells[column]):
            head = cells[column]
            if above == 0 or _COUNTED.search(head):
                break
    beside = [cell for cell in grid.rows[row][:column] if re.search(r"[^\W\d_]", cell)]
    return level(head), level(" ".join(beside[:2]))


def _counted_by(head: str, beside: str, caption: str) -> str | None:
    """Return the heading that says people are counted; None where none does."""
    which = _WHICH.fullmatch(head) is not None
    if _COUNTED.search(head) and not _MEASURE.search(head):
        return head
    if which or head.casefold() in _GENERAL:
        for said in (beside, caption):
            if _COUNTED.search(said) and not _MEASURE.search(said):
                return said
    return None


def _held_back(protected: Protected, beside: str, count: int, counted: str) -> HiddenCount | None:
    """Return the held-back number that a school's cell shows."""
    said = beside.casefold()
    for one in protected.counts:
        named = any(level(name).casefold() in said for name in one.school)
        if named and one.count == count and _COUNTED.search(counted):
            return one
    return None


def _in_sentence(file: str, piece: Piece, plain: str, protected: Protected) -> Iterator[Finding]:
    policy = protected.policy
    found: list[tuple[int, int, str]] = []
    for match in _matches(plain):
        before = (match.groupdict().get("before") or "").strip().casefold()
        number = _SPOKEN.get(match["count"].casefold()) or int(float(match["count"]))
        whom = _whom(match["whom"])
        advised = match["count"].casefold() == "one" and _ADVICE.match(plain, match.end())
        if before in _NO_COUNT_BEFORE or _OF_ALL.match(plain, match.end()) or advised:
            continue
        below = threshold(policy, whom, plain[match.end() : match.end() + _NEAR])
        if 0 < number < below:
            found.append((match.start("count"), match.end(), whom))
            what = f"{excerpt(plain, match.start('count'), match.end())!r}"
            yield _finding(file, piece.place, what, policy, below)
    if not found:
        yield from _known_in_sentence(file, piece, plain, protected)


def _matches(plain: str) -> Iterator[re.Match[str]]:
    for pattern in (_SENTENCE, _LABELLED, *_FAR):
        yield from pattern.finditer(plain)


def _whom(said: str) -> str:
    """Return whom a number counts, where it does not say so in a word the policy knows."""
    if _OF_A_CLASS.match(said):
        return "pupils"
    return said if _COUNTED.search(said) else "answers"


def _known_in_sentence(
    file: str, piece: Piece, plain: str, protected: Protected
) -> Iterator[Finding]:
    """Yield a held-back number of a school in a sentence that names the school and people."""
    for said in _SENTENCES.split(plain):
        for one in protected.counts:
            named = next((name for name in one.school if level(name) in said), None)
            if named is None:
                continue
            rest = said.replace(level(named), "")
            spelt = [word for word, number in _WORDS.items() if number == one.count]
            counts = re.compile(_BARE.format("|".join([str(one.count), *spelt])), re.IGNORECASE)
            for found in counts.finditer(rest):
                near = rest[max(0, found.start() - 2 * _NEAR) : found.end() + 2 * _NEAR]
                if _PEOPLE_SAID.search(near):
                    what = f"{excerpt(said)!r}, where {one.count} is the number of {one.source}"
                    below = threshold(protected.policy, one.source, one.source)
                    yield _finding(file, piece.place, what, protected.policy, below)
                    return


def _by_subtraction(file: str, grid: Grid, policy: Policy) -> Iterator[Finding]:
    """Yield held-back cells of a table of counts that its totals give away."""
    counts = _counts(grid)
    if counts is None or not counts.isna().to_numpy().any():
        return
    heads = [_total_or(head) for head in grid.rows[0]]
    for row, counted, lower, upper in attack(Published(counts, False)).to_numpy().tolist():
        below = threshold(policy, f"{counted} {grid.caption}", grid.caption)
        if row != TOTAL and upper - lower < below:
            what = (
                f"the number held back under {counted!r} can be worked out from the total: "
                f"{lower:.0f} to {upper:.0f}"
            )
            yield _finding(file, grid.cell(row, heads.index(counted)), what, policy, below)


def _counts(grid: Grid) -> pd.DataFrame | None:
    """Return the columns of counts of a table with a total, missing where held back; else None."""
    counted = f"{grid.caption} {' '.join(grid.rows[0]) if grid.rows else ''}"
    if len(grid.rows) < 3 or not _COUNTED.search(counted):
        return None
    heads, *body = grid.rows
    last = level(body[-1][0]) if body[-1] else ""
    if _total_or(last) != TOTAL or any(len(row) != len(heads) for row in body):
        return None
    cells = {
        _total_or(head): [_count(row[place]) for row in body]
        for place, head in enumerate(heads)
        if place and not _MEASURE.search(level(head)) and _all_counts([r[place] for r in body])
    }
    frame = pd.DataFrame(cells, index=[*range(1, len(body)), TOTAL], dtype="Int64")
    # The attack takes sums of rows to stand last; elsewhere they are a column like others.
    return frame if len(frame.columns) else None


def _all_counts(cells: list[str]) -> bool:
    held = [_HELD_BACK.fullmatch(level(cell)) for cell in cells]
    return _count(cells[-1]) is not None and all(
        known or _count(cell) is not None for cell, known in zip(cells, held, strict=True)
    )


def _total_or(head: str) -> str:
    return TOTAL if level(head).casefold() == TOTAL.casefold() else head


def _count(cell: str) -> int | None:
    plain = level(cell).replace(",", "")
    return int(plain) if re.fullmatch(r"\d{1,7}", plain) else None
