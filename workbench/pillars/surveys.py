"""What surveys say, with nobody's answers to be made out: the one reader of answers to items.

Four rules make a figure safe to show. They depend on the data alone, so that every report holds
the same schools back.

- No figure rests on fewer than `fewest_respondents` answers, and the number of answers behind a
  figure that is held back is not shown either.
- Where the trust's figure stands beside those of its schools, what subtraction leaves over is
  always the answers of two groups or more, and of `fewest_respondents` people or more: further
  schools are held back until it is so, those with the fewest respondents first. The central team
  is one of the groups. Its own figure is never shown, so it is the first to serve as cover.
- A figure over several statements holds back every school that is held back on one of them. Levels
  of staff are treated as schools are, with those who did not say theirs as the group never shown.
- A wave holds the answers of the schools that were there on the first day of its term, whatever the
  day it is looked at from. Were a school that joined later counted from then on, its answers would
  be what subtraction leaves over between two days.

What this does not protect: a group all of whom answer alike, whose figure tells what each said; a
member of a group that serves as cover, who knows what that group answered; and a figure set beside
that of another wave, where almost the same people answered both, since respondents are not linked
and each wave is judged by itself. Schools by levels are never shown.

Source of the terms: A. Hundepool and others, Statistical Disclosure Control (2012), on primary
and secondary suppression of cells.
"""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from types import MappingProxyType
from typing import Literal

import pandas as pd

from workbench.errors import BadInput
from workbench.measures.intervals import Interval, proportion_interval
from workbench.measures.resampling import mean_interval
from workbench.measures.scales import Scale, scale
from workbench.measures.suppression import hidden_groups
from workbench.pillars.once import once_a_trust
from workbench.pillars.scope import PillarSettings, Scope
from workbench.terms import Term
from workbench.trust.contracts import TABLES
from workbench.trust.contracts_evidence import STAFF_LEVELS
from workbench.trust.load import Trust

Survey = Literal["staff_survey", "parent_survey", "pupil_survey"]
SOURCES: Mapping[str, Survey] = MappingProxyType(
    {"staff": "staff_survey", "parents": "parent_survey", "pupils": "pupil_survey"}
)
_AGREES = 4  # of the five answers, agree and strongly agree
_UNSHOWN = ""  # the group that has no figure of its own: the central team, or level not said


@dataclass(frozen=True)
class SurveyShare:
    """The share of answers to one statement that agree.

    Attributes:
        agree: Answers of 4 or 5.
        n: Answers.
        interval: The share, 0 to 1, with Wilson's interval.
        wave: Term of the survey.
    """

    agree: int
    n: int
    interval: Interval
    wave: str

    @property
    def evidence_date(self) -> dt.date:
        """First day of the term of the survey, whose own day is not recorded."""
        return Term.parse(self.wave).first_day


@dataclass(frozen=True)
class Withheld:
    """No figure.

    Attributes:
        reason: Why, in words.
        wave: Term of the survey; None where there has been none.
    """

    reason: str
    wave: str | None = None


@dataclass(frozen=True, eq=False)
class _Wave:
    """The latest wave: its term, its rows with their `group`, and the schools that came later.

    `held` remembers groups held back by statements; `scales` what statements of a group say as one.
    """

    term: str
    rows: pd.DataFrame
    later: frozenset[str]
    fewest: int
    confidence: float
    other: str
    held: dict[tuple[str, ...], frozenset[str]] = field(default_factory=dict)
    scales: dict[tuple[str | None, ...], Scale | Withheld] = field(default_factory=dict)

    @cached_property
    def order(self) -> list[str]:
        """Groups in the order in which they serve as cover: never shown, then the smallest."""
        sizes = {str(group): int(n) for group, n in self.rows.groupby("group").size().items()}
        return sorted(sizes, key=lambda group: (group != _UNSHOWN, sizes[group], group))

    def of(self, group: str | None) -> pd.DataFrame:
        """The rows of a group, or of all."""
        return self.rows if group is None else self.rows[self.rows["group"] == group]

    def too_few(self, whom: str = "answers") -> Withheld:
        return Withheld(f"fewer than {self.fewest} {whom}", self.term)

    def cover(self) -> Withheld:
        why = f"held back so that no other {self.other}'s answers can be worked out"
        return Withheld(why, self.term)

    def silent(self, group: str | None) -> Withheld:
        if group in self.later:
            return Withheld(f"the school joined after {self.term} began", self.term)
        return Withheld(f"no answers in {self.term}", self.term)


def items_of(table: Survey) -> tuple[str, ...]:
    """Return the statements of a survey, in the order in which it puts them."""
    return tuple(column.name for column in TABLES[table].columns if column.kind == "integer")


def latest_wave(scope: Scope, table: Survey) -> Term | None:
    """Return the term of the trust's latest survey up to the term described; None before any.

    A wave that only schools answered which joined after its term began is not the trust's.
    """
    return _latest_term(scope.trust, table)


@once_a_trust
def _latest_term(trust: Trust, table: Survey) -> Term | None:
    terms = map(Term.parse, trust.tables[table]["wave"].unique())
    past = sorted((term for term in terms if term <= Term.of(trust.as_of)), reverse=True)
    return next((term for term in past if not _answers(trust, table, term)[0].empty), None)


def agreement(scope: Scope, table: Survey, item: str) -> SurveyShare | Withheld:
    """Return the share of answers of 4 or 5 to a statement in the latest wave.

    Args:
        scope: The trust, or a school of it.
        table: The survey.
        item: The statement's column.

    Raises:
        BadInput: The survey has no such statement.
    """
    _check(table, (item,))
    wave = _latest(scope, table)
    if isinstance(wave, Withheld):
        return wave
    return _share(wave, item, _group(scope), _held_back(wave, item))


def agreement_by_level(scope: Scope, item: str) -> Mapping[str, SurveyShare | Withheld]:
    """Return what each level of staff in the trust says of a statement, in the latest wave.

    Args:
        scope: The trust.
        item: The statement's column in the staff survey.

    Raises:
        BadInput: The scope is a school, or the survey has no such statement.
    """
    _check("staff_survey", (item,))
    if scope.urn is not None:
        raise BadInput(
            f"levels of staff of school {scope.urn} cannot be shown",
            rule="schools by levels would make single people out",
            mend="ask for the levels of the whole trust",
        )
    wave = _latest(scope, "staff_survey", by="level")
    if isinstance(wave, Withheld):
        return dict.fromkeys(STAFF_LEVELS, wave)
    hidden = _held_back(wave, item)
    return {level: _share(wave, item, level, hidden) for level in STAFF_LEVELS}


def agreement_by_school(
    trust: Trust, settings: PillarSettings, table: Survey, item: str
) -> pd.DataFrame:
    """Return one row a school: urn, agree, n and withheld (why there is no figure, or empty).

    Only schools whose figure may be shown carry numbers.

    Args:
        trust: The trust.
        settings: The declared numbers.
        table: The survey.
        item: The statement's column.

    Raises:
        BadInput: The survey has no such statement.
    """
    _check(table, (item,))
    wave = _latest(Scope(trust, settings), table)
    hidden = frozenset() if isinstance(wave, Withheld) else _held_back(wave, item)
    rows: list[tuple[object, ...]] = []
    for urn in trust.schools["urn"]:
        found = wave if isinstance(wave, Withheld) else _share(wave, item, str(urn), hidden)
        if isinstance(found, Withheld):
            rows.append((urn, pd.NA, pd.NA, found.reason))
        else:
            rows.append((urn, found.agree, found.n, ""))
    types = {"urn": "int64", "agree": "Int64", "n": "Int64", "withheld": "str"}
    return pd.DataFrame(rows, columns=list(types)).astype(types)


def survey_scale(scope: Scope, items: Sequence[str]) -> Scale | Withheld:
    """Return several statements of the latest staff survey, read as one scale.

    Only people who answered every statement count.

    Args:
        scope: The trust, or a school of it.
        items: The statements' columns.

    Raises:
        BadInput: The staff survey has no such statement.
    """
    _check("staff_survey", items)
    wave = _latest(scope, "staff_survey")
    if isinstance(wave, Withheld):
        return wave
    group = _group(scope)
    asked = (group, *items)
    if asked not in wave.scales:
        wave.scales[asked] = _scale(wave, items, group)
    return wave.scales[asked]


def _scale(wave: _Wave, items: Sequence[str], group: str | None) -> Scale | Withheld:
    refused = _refused(wave, items, group)
    if refused is not None:
        return refused
    found = scale(wave.of(group)[list(items)].dropna(), wave.confidence)
    return wave.silent(group) if found is None else found


def survey_summary(scope: Scope) -> pd.DataFrame:
    """Return what staff, parents and pupils say, to be set side by side: two rows a source.

    Columns: `source`; `figure` ("school improving": answers that agree the school is getting
    better; "all statements": the mean over respondents of the share of statements they agree with
    among those they answered); `share` (0 to 1) with `lower` and `upper` (Wilson's interval;
    Student's for the mean, kept within 0 to 1); `n`; `wave`; and `withheld`, why there is no
    figure, or empty.

    Args:
        scope: The trust, or a school of it.
    """
    rows = []
    for source, table in SOURCES.items():
        figures = {
            "school improving": agreement(scope, table, "school_improving"),
            "all statements": _mean_agreement(scope, table),
        }
        rows += [(source, figure, *_cells(found)) for figure, found in figures.items()]
    types = {"source": "str", "figure": "str", "share": "Float64", "lower": "Float64",
             "upper": "Float64", "n": "Int64", "wave": "str", "withheld": "str"}  # fmt: skip
    return pd.DataFrame(rows, columns=list(types)).astype(types)


def _cells(found: tuple[Interval, int, str] | SurveyShare | Withheld) -> tuple[object, ...]:
    if isinstance(found, Withheld):
        return (pd.NA, pd.NA, pd.NA, pd.NA, found.wave or "", found.reason)
    if isinstance(found, SurveyShare):
        found = (found.interval, found.n, found.wave)
    share, n, wave = found
    return (share.estimate, share.lower, share.upper, n, wave, "")


def _mean_agreement(scope: Scope, table: Survey) -> tuple[Interval, int, str] | Withheld:
    wave = _latest(scope, table)
    if isinstance(wave, Withheld):
        return wave
    # A statement that nobody in the trust answered was not put in this wave.
    items = [item for item in items_of(table) if wave.rows[item].notna().any()]
    group = _group(scope)
    refused = _refused(wave, items, group)
    if refused is not None:
        return refused
    answers = wave.of(group)[items].astype("float64")
    own = (answers >= _AGREES).astype("float64").where(answers.notna()).mean(axis=1).dropna()
    found = mean_interval(own.tolist(), scope.confidence)
    if found is None:
        return wave.silent(group)
    kept = Interval(found.estimate, max(0.0, found.lower), min(1.0, found.upper), found.confidence)
    return kept, len(own), wave.term


def _share(
    wave: _Wave, item: str, group: str | None, hidden: Collection[str]
) -> SurveyShare | Withheld:
    """The share in one group, or in all; `hidden` are the groups held back on the item."""
    answers = wave.of(group)[item].dropna()
    agree, n = int((answers >= _AGREES).sum()), len(answers)
    interval = proportion_interval(agree, n, confidence=wave.confidence)
    if interval is None:
        return wave.silent(group)
    if n < wave.fewest:
        return wave.too_few()
    return wave.cover() if group in hidden else SurveyShare(agree, n, interval, wave.term)


def _refused(wave: _Wave, items: Sequence[str], group: str | None) -> Withheld | None:
    """Why a figure over several statements is held back; None where it may be shown."""
    answers = wave.of(group)[list(items)]
    if not items or answers.isna().all(axis=None):
        return wave.silent(group)
    if len(answers.dropna()) < wave.fewest:
        return wave.too_few("people who answered every statement")
    return wave.cover() if group in _held_back_on_all(wave, items) else None


def _held_back(wave: _Wave, item: str) -> frozenset[str]:
    """The groups whose figure on one statement is held back."""
    if (item,) not in wave.held:
        groups = wave.rows.loc[wave.rows[item].notna(), "group"]
        wave.held[item,] = hidden_groups(Counter(groups.tolist()), wave.fewest, order=wave.order)
    return wave.held[item,]


def _held_back_on_all(wave: _Wave, items: Iterable[str]) -> frozenset[str]:
    """The groups whose figure over several statements is held back."""
    items = list(items)
    asked = ("all of", *items)
    if asked in wave.held:
        return wave.held[asked]
    already = frozenset[str]().union(*(_held_back(wave, item) for item in items))
    heard = wave.rows[wave.rows[items].notna().any(axis=1)]
    complete = heard[items].notna().all(axis=1)
    sizes = {str(group): int(n) for group, n in complete.groupby(heard["group"]).sum().items()}
    wave.held[asked] = hidden_groups(sizes, wave.fewest, order=wave.order, already=already)
    return wave.held[asked]


def _latest(scope: Scope, table: Survey, by: Literal["urn", "level"] = "urn") -> _Wave | Withheld:
    """The latest wave of a survey up to the term described, grouped by school or level."""
    windows = scope.settings.pillars.windows
    fewest = int(windows.fewest_respondents.value)
    return _latest_of(scope.trust, table, by, fewest, windows.confidence.value)


@once_a_trust
def _latest_of(
    trust: Trust, table: Survey, by: Literal["urn", "level"], fewest: int, confidence: float
) -> _Wave | Withheld:
    latest = _latest_term(trust, table)
    if latest is None:
        name = table.replace("_", " ")
        return Withheld(f"no {name} up to {trust.as_of.day} {trust.as_of:%B %Y}")
    rows, later = _answers(trust, table, latest)
    group = rows[by].astype("string").fillna(_UNSHOWN).astype("str")
    return _Wave(
        str(latest),
        rows.assign(group=group),
        later,
        fewest,
        confidence,
        "school" if by == "urn" else by,
    )


def _answers(trust: Trust, table: Survey, wave: Term) -> tuple[pd.DataFrame, frozenset[str]]:
    """The answers to a wave of schools there on its first day, and the schools that came later."""
    frame, schools = trust.tables[table], trust.schools
    later = schools.loc[schools["joined"] > pd.Timestamp(wave.first_day), "urn"]
    rows = frame[frame["wave"] == str(wave)]
    return rows[~rows["urn"].isin(later)], frozenset(later.astype("str"))


def _group(scope: Scope) -> str | None:
    return None if scope.urn is None else str(scope.urn)


def _check(table: Survey, items: Iterable[str]) -> None:
    known = items_of(table)
    for item in (one for one in items if one not in known):
        raise BadInput(
            f"{item!r} is no statement of the {table.replace('_', ' ')}",
            rule=f"one of {', '.join(known)}",
            mend="name a statement of the survey",
        )
