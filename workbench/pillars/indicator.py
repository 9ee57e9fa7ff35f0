"""One measured indicator: a value with what it rests on, or what is missing to have one."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Literal

from workbench.measures.composites import normalise
from workbench.measures.intervals import Interval
from workbench.parameters.pillars import Indicator
from workbench.terms import Term

Rating = Literal["on track", "watch", "act", "not rated", "not applicable", "not enough evidence"]
_TOLERANCE = 1e-9


@dataclass(frozen=True)
class Measured:
    """An indicator measured on a trust or a school.

    Attributes:
        key: The indicator's key in `parameters/pillars.yaml`.
        indicator: Its declaration.
        rating: On track, watch or act; "not rated" where there is a value and no threshold.
        value: In the indicator's unit; None where there is none to give.
        limit: The threshold's limit as applied.
        limits: Both limits, where the value is to lie within two.
        n: How many records the value rests on.
        n_of: What one of those records is, as `counted` takes it.
        interval: Where the value is an estimate: its range, in the indicator's unit.
        estimated: Whether the value is an estimate, with a range or without one for want of
            records; what was counted whole is none.
        evidence_date: Day of the evidence (the middle one, where there are several).
        evidence_age_days: Days from there to the day the trust is described.
        evidence_age_terms: The same in terms.
        missing: What would have to be known, in words.
        note: What a reader must know to read the value rightly.
        own_unit: The unit of this value, where the declaration leaves open which; else blank.
    """

    key: str
    indicator: Indicator
    rating: Rating
    value: float | None = None
    limit: float | None = None
    limits: tuple[float, float] | None = None
    n: int | None = None
    n_of: str = ""
    interval: Interval | None = None
    estimated: bool = False
    evidence_date: dt.date | None = None
    evidence_age_days: int | None = None
    evidence_age_terms: int | None = None
    missing: tuple[str, ...] = ()
    note: str = ""
    own_unit: str = ""

    @property
    def unit(self) -> str:
        """The unit of the value."""
        return self.own_unit or self.indicator.unit

    @property
    def basis(self) -> str:
        """What the value rests on, such as "8 ended deployments"; empty without a value."""
        return "" if self.n is None else counted(self.n, self.n_of)

    @property
    def without_range(self) -> bool:
        """Whether the value is an estimate whose range the records are too few to give."""
        return self.estimated and self.interval is None

    @property
    def score(self) -> float | None:
        """The value on the declared scale, 0 to 1; None without a value or a scale."""
        return None if self.value is None else scored(self.value, self.indicator)

    @property
    def shown(self) -> str:
        """The value with its unit, rounded to what it bears; else why there is none."""
        if self.rating == "not enough evidence":
            return f"not enough evidence: {', '.join(self.missing)}"
        if self.value is None:
            return f"{self.rating}: {self.note}"
        number = f"{self.value:.{self.indicator.decimals}f}"
        unit = self.unit
        text = f"{number}{unit}" if unit.startswith("%") else f"{number} {unit}"
        if self.interval is None:
            return text
        ends = (self.interval.lower, self.interval.upper)
        low, high = (f"{end:.{self.indicator.decimals}f}" for end in ends)
        return f"{text} ({self.interval.confidence:.0%} interval {low} to {high})"


def measured(
    key: str,
    indicator: Indicator,
    value: float,
    *,
    as_of: dt.date,
    n: int,
    n_of: str,
    evidence_date: dt.date | None,
    limit: float | None = None,
    interval: Interval | None = None,
    estimated: bool = False,
    note: str = "",
    own_unit: str = "",
) -> Measured:
    """Return a rated value.

    Args:
        key: The indicator's key.
        indicator: Its declaration.
        value: In the indicator's unit.
        as_of: The day the trust is described.
        n: How many records the value rests on.
        n_of: What one of those records is.
        evidence_date: Day of the evidence.
        limit: The limit, where the declaration leaves it to another file.
        interval: The value's range, in the indicator's unit.
        estimated: Whether the value is an estimate even where it has no range.
        note: What a reader must know.
        own_unit: The unit, where the declaration leaves open which.
    """
    line = indicator.threshold
    applied = limit if limit is not None or line is None else line.limit
    limits = None if line is None else line.limits
    age = None if evidence_date is None else (as_of - evidence_date).days
    terms = None if evidence_date is None else Term.of(as_of) - Term.of(evidence_date)
    return Measured(
        key,
        indicator,
        rate(value, indicator, applied),
        value=value,
        limit=applied,
        limits=limits,
        n=n,
        n_of=n_of,
        interval=interval,
        estimated=estimated or interval is not None,
        evidence_date=evidence_date,
        evidence_age_days=age,
        evidence_age_terms=terms,
        note=note,
        own_unit=own_unit,
    )


def not_enough(key: str, indicator: Indicator, *missing: str, note: str = "") -> Measured:
    """Return an indicator without a value, naming what is missing."""
    return Measured(key, indicator, "not enough evidence", missing=missing, note=note)


def not_applicable(key: str, indicator: Indicator, why: str) -> Measured:
    """Return an indicator that does not apply here, saying why."""
    return Measured(key, indicator, "not applicable", note=why)


def scored(value: float, indicator: Indicator) -> float | None:
    """Return a value on the indicator's scale, 0 to 1; None where it has none.

    For a value that should lie within two limits, 1 between them, falling evenly to 0 at the ends
    of the scale.
    """
    if indicator.scale is None:
        return None
    first, last = indicator.scale
    line = indicator.threshold
    if line is not None and line.limits is not None:
        low, high = line.limits
        if value < low:
            return normalise(value, first, low)
        return normalise(value, last, high)
    return normalise(value, first, last)


def counted(number: int, what: str) -> str:
    """Return a count with its noun: 1 school, 2 schools.

    Args:
        number: How many.
        what: The noun in the singular; with its plural after a bar where an s does not do, such as
            "criterion|criteria".
    """
    one, bar, many = what.partition("|")
    return f"{number} {one}" if number == 1 else f"{number} {many if bar else one + 's'}"


def rate(value: float, indicator: Indicator, limit: float | None = None) -> Rating:
    """Rate a value against its threshold; a value on a line is still within it."""
    line = indicator.threshold
    if line is not None and line.limits is not None:
        low, high = line.limits
        return "on track" if low - _TOLERANCE <= value <= high + _TOLERANCE else "act"
    if limit is None or line is None:
        return "not rated"
    if _beyond(value, limit, indicator.direction):
        return "act"
    watch = line.watch
    if watch is not None and _beyond(value, watch, indicator.direction):
        return "watch"
    return "on track"


def _beyond(value: float, line: float, direction: str) -> bool:
    return value > line + _TOLERANCE if direction == "down" else value < line - _TOLERANCE
