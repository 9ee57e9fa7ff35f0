"""Measured indicators as readers take them: value, line, rating, and needs in words."""

from __future__ import annotations

import re
from collections.abc import Iterable

import pandas as pd

from workbench.charts.wording import capital, listed, signed
from workbench.pillars.indicator import Measured
from workbench.report.found_left_out import table_words
from workbench.report.values import span_said, with_unit
from workbench.terms import TERMS_A_YEAR

_TABLE = re.compile(r"\bthe table (\w+)")
_NONE = re.compile(r"^no (?=answers)")
_MINUS = re.compile(r"(?<![\w-])-(?=\d)")
_FEWER = re.compile(r"^fewer than (\d+) ")
# What the strict and the lenient reading of the rule take schools without a judgement for.
READINGS = {"strict": "may need support", "lenient": "need none"}


def indicator_table(indicators: Iterable[Measured]) -> pd.DataFrame:
    """Return measured indicators as a reader needs them: value, line, rating, what it rests on."""
    return pd.DataFrame(
        [
            {
                "Indicator": one.indicator.name,
                "Value": shown(one),
                "Asked for": _asked_for(one),
                "Rating": capital(one.rating),
                "Rests on": one.basis,
                "Evidence of": _evidence(one),
                "Note": _note(one),
            }
            for one in indicators
        ]
    )


def shown(one: Measured) -> str:
    """Return an indicator's value with its unit, or in two words why it has none."""
    if one.rating == "not enough evidence":
        return "Not known"
    if one.value is None:
        return "Does not apply"
    text = with_unit(one.value, one)
    if one.interval is None:
        return text
    return f"{text} ({one.interval.confidence:.0%} interval {span_said(one.interval, one)})"


def _asked_for(one: Measured) -> str:
    if one.limits is not None and one.value is not None:
        return signed(f"{one.limits[0]:g} to {one.limits[1]:g}")
    if one.limit is None:
        return "" if one.value is None else "no line set"
    bound = "at least" if one.indicator.direction == "up" else "at most"
    return signed(f"{bound} {one.limit:g}")


def _evidence(one: Measured) -> str:
    """The middle of the evidence, and its age where it is a year old or more."""
    when, terms = one.evidence_date, one.evidence_age_terms
    if when is None or terms is None:
        return ""
    old = f", {terms} terms old" if terms >= TERMS_A_YEAR else ""
    return f"{when:%B %Y}{old}"


def _note(one: Measured) -> str:
    """What a reader must know: what is missing first, in words rather than names of columns."""
    needed = f"To know it: {plain_needs(one.missing)}" if one.missing else ""
    return capital("; ".join(part for part in (needed, plain_note(one.note)) if part))


def plain_note(note: str) -> str:
    """Return a note without names of columns, the readings of the rule in words."""
    plain = note.replace("_", " ")
    for reading, words in READINGS.items():
        plain = plain.replace(f"{reading} reading", f"if schools without a judgement {words}")
    return plain


def plain_needs(missing: Iterable[str]) -> str:
    """Return what is missing as a reader says it: `a table of support`, not `the table support`.

    A group too small to show is said by what it takes: `at least 10 answers`.
    """
    plain = (_NONE.sub("", _FEWER.sub(r"at least \1 ", what)) for what in missing)
    return listed(
        _TABLE.sub(lambda found: f"a table of {table_words(found[1])}", what).replace("_", " ")
        for what in plain
    )
