"""Read out of a trust's folder what its finished files may not say.

Every table is read as it lies there, columns and rows that no contract knows included: a column of
comments added to a survey is free text, and a column of names is names.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from workbench import paths
from workbench.parameters.pillars import load_pillars
from workbench.report.gate.hidden_counts import hidden_counts
from workbench.report.gate.letters import tokens
from workbench.report.gate.protected import LONGEST_NAME, RUN, Missed, Name, Policy, Protected
from workbench.trust.contracts import TABLES
from workbench.trust.document_files import ENDINGS, FOLDER, read_text
from workbench.trust.faults import Unreadable
from workbench.trust.load import Trust
from workbench.trust.reading import GUIDES, TABULAR, read_file, table_named

# Columns whose values stand for one person; posts do, for one person holds each.
PERSONAL = frozenset({
    "author", "candidate", "captured_by", "owner", "person", "post_id", "provider_post",
    "respondent", "reviewer", "role_id", "second_reviewer",
})  # fmt: skip
# Texts that a board wrote to be read, and the names of schools: reports show them on purpose.
SHOWN = frozenset({
    ("trust", "name"), ("schools", "name"), ("theory_of_the_case", "claim"),
    ("theory_of_the_case", "refuted_if"), ("kpis", "name"), ("school_statistics", "raw"),
    ("school_statistics", "source"), ("school_statistics", "unit"), ("documents", "title"),
    ("returns", "return_name"), ("networks", "network"),
})  # fmt: skip
_NO_NAME = re.compile(r"none-\d+|n/?a|-+|yes|no", re.IGNORECASE)
_SHORTEST_PART = 3
_SHORTEST_NUMBER = 5
_MONTHS = frozenset({
    "january", "february", "march", "april", "may", "june", "july", "august", "september",
    "october", "november", "december", "monday", "tuesday", "wednesday", "thursday", "friday",
    "saturday", "sunday",
})  # fmt: skip


@dataclass(frozen=True)
class Cell:
    """A cell of a trust's folder: its text, where it stands, and whether a contract knows it."""

    text: str
    table: str
    column: str
    known: bool

    @property
    def source(self) -> str:
        """Where it stands, in words."""
        return f"table {self.table}, column {self.column}"


def protected_of(trust: Trust, folders: Iterable[Path] = ()) -> Protected:
    """Read what a trust's finished files may not say.

    Args:
        trust: The trust, read.
        folders: Folders that no file may name, beside the trust's own.
    """
    missed: list[Missed] = []
    cells = tuple(_cells(trust.folder, missed))
    own = _own_words(trust)
    texts = [(cell.text, cell.source) for cell in cells if _is_free_text(cell)]
    documents = list(_documents(trust.folder, missed))
    shown = _runs_of(_shown_texts(trust, cells), RUN)
    return Protected(
        policy=policy(),
        names=dict(_names(cells, own, missed)),
        runs={
            run: source
            for text, source in [*documents, *texts]
            for run in _runs(text, RUN)
            if run not in shown
        },
        whole={
            said: source
            for text, source in texts
            for said in [tokens(text)]
            if 3 <= len(said) < RUN and not set(said) <= own
        },
        counts=hidden_counts(trust),
        folders=tuple(str(one.resolve()) for one in (trust.folder, *folders)),
        not_searched=tuple(dict.fromkeys(missed)),
    )


@cache
def policy() -> Policy:
    """Return the suppression policy that the parameters declare."""
    pillars = load_pillars()
    return Policy(
        fewest_respondents=int(pillars.windows.fewest_respondents.value),
        fewest_pupils=int(pillars.windows.fewest_pupils.value),
        version=pillars.version,
    )


def _cells(folder: Path, missed: list[Missed]) -> Iterator[Cell]:
    for path in sorted(folder.iterdir()):
        if path.suffix.casefold() not in TABULAR or path.name.startswith((".", "~$")):
            continue
        try:
            sheets = read_file(path)
        except Unreadable as fault:
            missed.append(Missed(f"{path.name} ({fault.message})", "tables", "it cannot be read"))
            continue
        for sheet in sheets:
            if sheet.name is not None and sheet.name.casefold() in GUIDES:
                continue
            name = sheet.name or path.stem
            table = table_named(name, tuple(TABLES)) or table_named(path.stem, tuple(TABLES))
            rows = [row for row in sheet.rows if any(map(str.strip, row))]
            heads = [head.strip().casefold().replace(" ", "_") for head in rows[0]] if rows else []
            contract = TABLES[table].names if table else ()
            for row in rows[1:]:
                for head, text in zip(heads, row, strict=False):
                    if text.strip():
                        yield Cell(text.strip(), table or name, head, head in contract)


def _is_free_text(cell: Cell) -> bool:
    if not cell.known:
        return True
    return (cell.table, cell.column) not in SHOWN and (
        TABLES[cell.table].column(cell.column).kind == "text"
    )


def _names(
    cells: Iterable[Cell], own: frozenset[str], missed: list[Missed]
) -> Iterator[tuple[tuple[str, ...], Name]]:
    """Yield names by their words: first those that stand within longer ones, then the longer."""
    whole: dict[tuple[str, ...], Name] = {}
    for cell in cells:
        said = tokens(cell.text)
        if not said or _NO_NAME.fullmatch(cell.text) or not _is_name(cell, said):
            continue
        if cell.text.isdigit() and len(cell.text) < _SHORTEST_NUMBER:
            missed.append(Missed(cell.text, cell.source, "a number so short is any number"))
        elif not set(said) <= own:
            whole[said] = Name(cell.text, cell.source)
        elif len(said) > 1 and cell.column in PERSONAL and _of_letters(cell.text):
            whole[said] = Name(cell.text, cell.source, ordinary=True)
        elif not any(map(str.isdigit, cell.text)):
            missed.append(Missed(repr(cell.text), cell.source, "its words are ordinary ones"))
    for said, name in whole.items():
        if len(said) > 1 and name.text.replace(" ", "").isalpha() and not name.ordinary:
            for part in said:
                if len(part) >= _SHORTEST_PART and part not in own and part not in _MONTHS:
                    yield (part,), Name(name.text, name.source, part=True)
            yield ("".join(said),), name
    yield from whole.items()


def _of_letters(text: str) -> bool:
    """Say whether a text is words with spaces between, as names are and codes are not."""
    plain = re.sub(r"[.'\u2019-]", "", text)
    return " " in plain and plain.replace(" ", "").isalpha()


def _is_name(cell: Cell, said: tuple[str, ...]) -> bool:
    if cell.known:
        return cell.column in PERSONAL
    words = cell.text.split()
    return len(said) <= LONGEST_NAME and len(words) <= LONGEST_NAME and (
        all(word[:1].isupper() for word in words) or cell.column in PERSONAL
    ) and not cell.text.replace(".", "").isdigit()  # fmt: skip


def _documents(folder: Path, missed: list[Missed]) -> Iterator[tuple[str, str]]:
    """Yield the text of every document of the trust, listed in its tables or not."""
    lying = folder / FOLDER
    for path in sorted(lying.iterdir()) if lying.is_dir() else ():
        if path.suffix.casefold() not in ENDINGS:
            missed.append(Missed(path.name, "documents", "a document of this form is not read"))
            continue
        try:
            yield read_text(path), f"document {path.name}"
        except Unreadable as fault:
            missed.append(
                Missed(f"{path.name} ({fault.message})", "documents", "it cannot be read")
            )


def _runs(text: str, length: int) -> Iterator[tuple[str, ...]]:
    said = tokens(text)
    for first in range(len(said) - length + 1):
        yield said[first : first + length]


def _runs_of(texts: Iterable[str], length: int) -> frozenset[tuple[str, ...]]:
    return frozenset(run for text in texts for run in _runs(text, length))


def _shown_texts(trust: Trust, cells: Iterable[Cell]) -> Iterator[str]:
    """Yield texts that reports show on purpose, or that are the workbench's own."""
    yield trust.name
    yield from _own_texts()
    yield from (cell.text for cell in cells if (cell.table, cell.column) in SHOWN)


@cache
def _own_texts() -> tuple[str, ...]:
    declared = [path.read_text(encoding="utf-8") for path in paths.parameters().rglob("*.yaml")]
    said = [
        text
        for table in TABLES.values()
        for text in (table.description, *(column.description for column in table.columns))
    ]
    return (*declared, *said)


def _own_words(trust: Trust) -> frozenset[str]:
    """Return the words that the workbench itself uses in small letters, and those of schools."""
    ordinary = {word for text in _own_texts() for word in re.findall(r"\b[a-z]+\b", text)}
    named = [trust.name, *map(str, trust.schools["name"])]
    return frozenset(ordinary.union(*map(tokens, named)))
