"""What of a trust may not leave it, as the gate looks for it: names, free text, small counts."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

LONGEST_NAME = 6  # words
RUN = 5  # words in a row that are the same are a quotation, not chance


@dataclass(frozen=True)
class Policy:
    """The suppression policy as declared in `parameters/pillars.yaml`.

    Attributes:
        fewest_respondents: Fewer answers than this are not shown.
        fewest_pupils: Fewer pupils than this are not shown.
        version: Version of the file.
    """

    fewest_respondents: int
    fewest_pupils: int
    version: str

    def __str__(self) -> str:
        return (
            f"suppression policy {self.version}: no count of fewer than {self.fewest_respondents} "
            f"people or answers, or of fewer than {self.fewest_pupils} pupils"
        )


@dataclass(frozen=True)
class Name:
    """A name, pseudonym or code of somebody.

    Attributes:
        text: As written in the tables.
        source: Table and column it stands in.
        part: Whether it is only a part of a longer name, which counts where it is capitalised.
        ordinary: Whether the workbench says each of its words itself: such a name counts where
            its words stand side by side, each with a capital letter.
    """

    text: str
    source: str
    part: bool = False
    ordinary: bool = False


@dataclass(frozen=True)
class Missed:
    """What could not be looked for.

    Attributes:
        what: The thing itself, quoted from the trust: it may not leave the trust either.
        where: Table and column it stands in, or `documents`.
        why: Why it could not.
    """

    what: str
    where: str
    why: str

    def __str__(self) -> str:
        return f"{self.what} in {self.where}: {self.why}"


@dataclass(frozen=True)
class HiddenCount:
    """A number of people that the policy holds back.

    Attributes:
        school: How the school is called: its name and its URN.
        count: The number.
        source: What it counts, in words.
    """

    school: tuple[str, str]
    count: int
    source: str


@dataclass(frozen=True)
class Protected:
    """What the gate looks for in a trust's finished files.

    Attributes:
        policy: The suppression policy.
        names: Names by their words in small letters.
        runs: Every run of `RUN` words of free text, with table and column or document it is from.
        whole: Free texts of three or four words, looked for as wholes.
        counts: Numbers held back.
        folders: Folders of this machine that no file may name.
        not_searched: What could not be looked for, and why.
    """

    policy: Policy
    names: Mapping[tuple[str, ...], Name]
    runs: Mapping[tuple[str, ...], str]
    whole: Mapping[tuple[str, ...], str]
    counts: tuple[HiddenCount, ...]
    folders: tuple[str, ...]
    not_searched: tuple[Missed, ...] = ()

    def told_outside(self) -> tuple[str, ...]:
        """Return what could not be looked for as may be told: counts and columns, no values."""
        counts = Counter((one.where, one.why) for one in self.not_searched)
        return tuple(f"{number} in {where}: {why}" for (where, why), number in counts.items())
