"""Values of indicators in words: with their unit, rounded to what they bear, with their range."""

from __future__ import annotations

import re

from workbench.charts.wording import number
from workbench.measures.intervals import Interval
from workbench.pillars.indicator import Measured

_PLURAL = re.compile(r"(\w\w)s\b")
_SAME = 1e-9


def with_unit(value: float, one: Measured) -> str:
    """Return a number in an indicator's unit, rounded as the indicator is."""
    decimals, unit = decimals_of(value, one), one.unit
    figures = number(value, decimals)
    if unit.startswith("%"):
        return f"{figures}{unit}"
    return f"{figures} {_singular(unit) if round(value, decimals) == 1 else unit}"


def decimals_of(value: float, one: Measured) -> int:
    """Return the decimals to write: one more than declared where rounding would land on a line.

    So 94.7% is not written 95% and then said to miss 95%.
    """
    decimals = one.indicator.decimals
    lines = [line for line in (one.limit, *(one.limits or ())) if line is not None]
    moved = any(round(value, decimals) == line and abs(value - line) > _SAME for line in lines)
    return decimals + moved


def range_said(one: Measured) -> str:
    """Return the range of an estimate, such as `likely 66% to 78%`; empty where there is none."""
    if one.interval is None or one.interval.lower == one.interval.upper:
        return ""
    return f"likely {span_said(one.interval, one)}"


def span_said(interval: Interval, one: Measured) -> str:
    """Return both ends of an interval in an indicator's unit."""
    ends = (interval.lower, interval.upper)
    low, high = (plain_value(end, one) for end in ends)
    return f"{low} to {high}"


def plain_value(value: float, one: Measured) -> str:
    """Return a number with its per cent sign where it has one, and without another unit."""
    figures = number(value, decimals_of(value, one) if value != int(value) else 0)
    return f"{figures}%" if one.unit.startswith("%") else figures


def _singular(unit: str) -> str:
    """Return a unit as it stands after 1: `day`, `independent source`, `ready successor for …`."""
    return unit if unit.startswith("on ") else _PLURAL.sub(r"\1", unit, count=1)
