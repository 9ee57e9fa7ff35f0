"""Measured indicators as readers take them: value, line, rating, and needs in words."""

from __future__ import annotations

import re
from collections.abc import Iterable

import pandas as pd

from workbench.charts.wording import capital, listed
from workbench.pillars.indicator import Measured

_TABLE = re.compile(r"\bthe table (\w+)")
# What the strict and the lenient reading of the rule take schools without a judgement for.
READINGS = {"strict": "may need support", "lenient": "need none"}
_UNITS = {"providers for each unit of recipient weight": "providers for each school in need"}


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
    text = one.shown
    for unit, words in _UNITS.items():
        text = text.replace(unit, words)
    return text.replace("_", " ")


def _asked_for(one: Measured) -> str:
    if one.limit is None:
        return "" if one.value is None else "no line set"
    bound = "at least" if one.indicator.direction == "up" else "at most"
    return f"{bound} {one.limit:g}"


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
    """Return what is missing as a reader says it: `a table of support`, not `the table support`."""
    return listed(_TABLE.sub(r"a table of \1", what).replace("_", " ") for what in missing)
