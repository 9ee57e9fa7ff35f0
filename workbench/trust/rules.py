"""The rules a single cell keeps, by the kind of its column.

Each rule works on a whole column of text and never raises, whatever the text, so one pass
finds every fault.
"""

from __future__ import annotations

import datetime as dt
import difflib
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache

import pandas as pd

from workbench.parameters.unseen import UNSEEN
from workbench.trust.columns import ColumnContract

EXCEL_ERRORS = (
    "#N/A", "#REF!", "#DIV/0!", "#VALUE!", "#NAME?", "#NUM!", "#NULL!", "#SPILL!", "#CALC!",
)  # fmt: skip
WORDS_FOR_BLANK = (
    "none", "na", "n/a", "n.a.", "null", "nan", "nil", "not known", "unknown", "tbc", "-", "--",
    "?", ".", "#n/a n/a",
)  # fmt: skip
_LOST = "\ufffd"
_INTEGER = r"-?(?:0|[1-9][0-9]{0,17})"
_NUMBER = r"-?(?:0|[1-9][0-9]{0,17})(?:\.[0-9]{1,30})?"
_ISO_DAY = r"[0-9]{4}-[0-9]{2}-[0-9]{2}"
_BRITISH_DAY = r"([0-9]{1,2})[/.\- ]([0-9]{1,2})[/.\- ]([0-9]{4}|[0-9]{2})"
_YEARS = r"([0-9]{4})/([0-9]{2})"
_SEASON = r" (?:autumn|spring|summer)"
_CODE = r"[A-Za-z0-9][A-Za-z0-9._/\-]*"
_TURN_OF_CENTURY = 50
_LAST_MONTH = 12


@dataclass(frozen=True)
class Rule:
    """One rule of a column.

    Attributes:
        key: Short name, the same in every release.
        passes: Whether each text keeps the rule; blank text is asked only by `required`.
        says: What is wrong with a text that does not.
        mends: What to do about it.
    """

    key: str
    passes: Callable[[pd.Series[str]], pd.Series[bool]]
    says: Callable[[str], str]
    mends: Callable[[str], str]


def _always(sentence: str) -> Callable[[str], str]:
    return lambda _: sentence


# Cached, so that columns with the same rule share its function and it can be asked once for all.
@cache
def _full(pattern: str) -> Callable[[pd.Series[str]], pd.Series[bool]]:
    return lambda texts: texts.str.fullmatch(f"(?:{pattern})")


@cache
def _without(pattern: str) -> Callable[[pd.Series[str]], pd.Series[bool]]:
    return lambda texts: ~texts.str.contains(pattern, regex=True)


@cache
def _among(words: tuple[str, ...]) -> Callable[[pd.Series[str]], pd.Series[bool]]:
    return lambda texts: texts.str.casefold().isin(words)


@cache
def _outside(words: tuple[str, ...]) -> Callable[[pd.Series[str]], pd.Series[bool]]:
    return lambda texts: ~texts.str.casefold().isin(words)


@cache
def _no_longer(longest: int) -> Callable[[pd.Series[str]], pd.Series[bool]]:
    return lambda texts: texts.str.len() <= longest


@cache
def _within(
    least: float | None, most: float | None, above: bool
) -> Callable[[pd.Series[str]], pd.Series[bool]]:
    low = float("-inf") if least is None else least
    high = float("inf") if most is None else most

    def within(texts: pd.Series[str]) -> pd.Series[bool]:
        numbers = pd.to_numeric(texts, errors="coerce")
        return ((numbers > low) if above else (numbers >= low)) & (numbers <= high)

    return within


@cache
def _between(earliest: str, latest: str) -> Callable[[pd.Series[str]], pd.Series[bool]]:
    return lambda texts: (texts >= earliest) & (texts <= latest)


def _no_spreadsheet_error(texts: pd.Series[str]) -> pd.Series[bool]:
    return ~texts.str.upper().isin(EXCEL_ERRORS)


@cache
def rules_for(column: ColumnContract) -> tuple[Rule, ...]:
    """Return a column's rules, in the order in which only the first one broken is reported."""
    return tuple(_rules_for(column))


def _rules_for(column: ColumnContract) -> Iterator[Rule]:
    if column.required:
        yield Rule(
            "required", lambda texts: texts != "", _always(f"{column.name} is blank but needed"),
            _always("fill it in; without it the row cannot be used"),
        )  # fmt: skip
    yield Rule(
        "control_character", _without(UNSEEN),
        _always("the cell holds a character that cannot be seen, such as a line break or tab"),
        _always("type the value afresh"),
    )  # fmt: skip
    yield Rule(
        "character_lost", _without(_LOST),
        _always("a character was lost when the file was saved"),
        _always("type the value afresh and save the file as CSV UTF-8"),
    )  # fmt: skip
    if not column.verbatim:
        yield Rule(
            "cell_error", _no_spreadsheet_error,
            _always("the cell holds a spreadsheet error, not a value"),
            _always("mend the formula, or leave the cell blank if the value is not known"),
        )  # fmt: skip
        yield Rule(
            "word_for_blank", _outside(WORDS_FOR_BLANK),
            _always("a value that is not known is written as a word"),
            _always("leave the cell blank" if not column.required
                    else f"fill in {column.name}; the row cannot be used without it"),
        )  # fmt: skip
    yield from _KINDS[column.kind](column)


def _text_rules(column: ColumnContract) -> Iterator[Rule]:
    yield Rule(
        "text_long", _no_longer(column.longest),
        _always(f"{column.name} is longer than {column.longest} characters"),
        _always("shorten it"),
    )  # fmt: skip


def _code_rules(column: ColumnContract) -> Iterator[Rule]:
    yield from _text_rules(column)
    yield Rule(
        "code_form", _full(_CODE),
        _always(f"{column.name} should be a code of letters, digits and . _ / - without spaces"),
        _always("write the code alone, such as P012"),
    )  # fmt: skip


def _integer_rules(column: ColumnContract) -> Iterator[Rule]:
    yield Rule(
        "integer_form", _full(_INTEGER), _always(f"{column.name} should be a whole number"),
        _always("write digits only: no comma, point, unit, exponent or leading zero"),
    )  # fmt: skip
    yield from _range_rules(column)


def _number_rules(column: ColumnContract) -> Iterator[Rule]:
    yield Rule(
        "number_form", _full(_NUMBER), _always(f"{column.name} should be a number"),
        _always("write digits and at most one point: no comma, currency, percent sign or exponent"),
    )  # fmt: skip
    yield from _range_rules(column)


def _range_rules(column: ColumnContract) -> Iterator[Rule]:
    if column.least is None and column.most is None:
        return

    yield Rule(
        "out_of_range", _within(column.least, column.most, column.above),
        _always(f"{column.name} should be {span(column)}"),
        _always(column.mend or f"check the value{_in_unit(column)}"),
    )  # fmt: skip


def _in_unit(column: ColumnContract) -> str:
    return f" and its unit ({column.unit})" if column.unit else ""


def span(column: ColumnContract) -> str:
    """Return a column's range in words, such as `from 0 to 100`; empty where it has none."""
    if column.kind == "date":
        return f"from {column.earliest} to {column.latest}"
    if column.least is None or column.most is None:
        return ""
    start = "above" if column.above else "from"
    middle = "and at most" if column.above else "to"
    return f"{start} {column.least:,.15g} {middle} {column.most:,.15g}"


def _date_rules(column: ColumnContract) -> Iterator[Rule]:
    yield Rule(
        "date_ambiguous", _unambiguous, _both_readings,
        _always("write the day you mean as year-month-day"),
    )  # fmt: skip
    yield Rule(
        "date_form", _full(_ISO_DAY),
        _always(f"{column.name} should be a date written year-month-day"), _as_iso,
    )  # fmt: skip
    yield Rule(
        "date_impossible", _is_a_day,
        _always("there is no such day in the calendar"), _always("check the day and the month"),
    )  # fmt: skip

    yield Rule(
        "date_out_of_range", _between(column.earliest.isoformat(), column.latest.isoformat()),
        _always(f"{column.name} should be {span(column)}"),
        _always(column.mend or "check the year"),
    )  # fmt: skip


def _unambiguous(texts: pd.Series[str]) -> pd.Series[bool]:
    parts = texts.str.extract(f"^{_BRITISH_DAY}$", expand=True)
    first = pd.to_numeric(parts[0], errors="coerce")
    second = pd.to_numeric(parts[1], errors="coerce")
    return ~((first != second) & first.between(1, _LAST_MONTH) & second.between(1, _LAST_MONTH))


def _is_a_day(texts: pd.Series[str]) -> pd.Series[bool]:
    return pd.to_datetime(texts, format="%Y-%m-%d", errors="coerce").notna()


def _read_british(text: str, day: int, month: int) -> dt.date | None:
    match = re.fullmatch(_BRITISH_DAY, text)
    if match is None:
        return None
    year = int(match[3])
    if len(match[3]) == len("24"):
        year += 1900 if year >= _TURN_OF_CENTURY else 2000
    try:
        return dt.date(year, int(match[month]), int(match[day]))
    except ValueError:
        return None


def _both_readings(text: str) -> str:
    british, american = _read_british(text, 1, 2), _read_british(text, 2, 1)
    return f"the date may mean {british} or {american}"


def _as_iso(text: str) -> str:
    day = _read_british(text, 1, 2) or _read_british(text, 2, 1)
    if day is not None:
        return f"write {day}, if that is the day meant"
    return "write it like 2026-10-31, without a time of day"


def _choice_rules(column: ColumnContract) -> Iterator[Rule]:
    words = tuple(word.casefold() for word in column.allowed)
    listed = ", ".join(column.allowed)

    def nearest(text: str) -> str:
        close = difflib.get_close_matches(text.casefold(), words, n=1)
        if close:
            return f"write {column.allowed[words.index(close[0])]}, if that is meant"
        return f"write one of: {listed}"

    yield Rule(
        "not_a_choice", _among(words),
        _always(f"{column.name} should be one of: {listed}"), nearest,
    )  # fmt: skip


def _urn_rules(column: ColumnContract) -> Iterator[Rule]:
    yield Rule(
        "urn_form", _full("[1-9][0-9]{5}"), _always(f"{column.name} should be a URN of six digits"),
        _always("copy the six digits from the school's page in GIAS"),
    )  # fmt: skip


def _term_rules(column: ColumnContract) -> Iterator[Rule]:
    yield Rule(
        "term_form", _is_a_term,
        _always(f"{column.name} should be a school term with two years that follow each other"),
        _always("write it like 2025/26 autumn (autumn, spring or summer)"),
    )  # fmt: skip


def _period_rules(column: ColumnContract) -> Iterator[Rule]:
    yield Rule(
        "period_form", _is_a_period,
        _always(f"{column.name} is an academic year or term, with two years that follow each "
                "other"),
        _always("write it like 2018/19 or 2025/26 autumn"),
    )  # fmt: skip


def _is_a_term(texts: pd.Series[str]) -> pd.Series[bool]:
    return _full(_YEARS + _SEASON)(texts) & _consecutive(texts)


def _is_a_period(texts: pd.Series[str]) -> pd.Series[bool]:
    return _full(f"{_YEARS}(?:{_SEASON})?")(texts) & _consecutive(texts)


def _consecutive(texts: pd.Series[str]) -> pd.Series[bool]:
    years = texts.str.extract(f"^{_YEARS}", expand=True)
    first, second = (pd.to_numeric(years[part], errors="coerce") for part in (0, 1))
    follows: pd.Series[bool] = (first + 1) % 100 == second
    return follows


_KINDS: dict[str, Callable[[ColumnContract], Iterator[Rule]]] = {
    "text": _text_rules,
    "code": _code_rules,
    "integer": _integer_rules,
    "number": _number_rules,
    "date": _date_rules,
    "choice": _choice_rules,
    "yes/no": _choice_rules,
    "urn": _urn_rules,
    "term": _term_rules,
    "period": _period_rules,
}
