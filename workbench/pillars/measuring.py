"""The shapes that most indicators have: a share of records, a median of days, a missing table."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator, Mapping

import numpy as np
import pandas as pd

from workbench.measures.intervals import Interval, proportion_interval
from workbench.parameters.pillars import Pillar
from workbench.pillars.indicator import Measured, counted, measured, not_enough
from workbench.pillars.scope import Scope

Measure = Callable[[Scope], Measured]


def measure(scope: Scope, pillar: Pillar, measures: Mapping[str, Measure]) -> tuple[Measured, ...]:
    """Measure the indicators of one pillar that its level has, in the declared order.

    An indicator whose table is absent, or has no row, is not worked out: it says what is missing.

    Args:
        scope: The trust or school.
        pillar: The pillar.
        measures: What works out each indicator, by key.
    """
    return tuple(_measured(scope, pillar, measures))


def _measured(scope: Scope, pillar: Pillar, measures: Mapping[str, Measure]) -> Iterator[Measured]:
    for key, indicator in scope.settings.pillars.indicators.items():
        if indicator.pillar != pillar or scope.level not in indicator.levels:
            continue
        absent = [name for name in indicator.inputs if scope.trust.tables[name].empty]
        if absent:
            yield not_enough(key, indicator, *(f"the table {name}" for name in absent))
        else:
            yield measures[key](scope)


def share_of(
    scope: Scope,
    key: str,
    hits: pd.Series,
    *,
    n_of: str,
    lacking: str,
    dates: pd.Series | None = None,
    note: str = "",
    estimated: bool = True,
) -> Measured:
    """Return the share of records of which something is so, in per cent, with Wilson's interval.

    Records of which it is not said are left out and counted in the note.

    Args:
        scope: The trust or school.
        key: The indicator.
        hits: One truth value a record; missing where it is not said.
        n_of: What one record is, in the singular.
        lacking: What would be needed where no record says it.
        dates: The day of each record's evidence, on the same index; the day described where None.
        note: What a reader must know besides.
        estimated: Whether the records stand for more than themselves, so that the share has an
            interval; a register counted whole has none.
    """
    known = hits.dropna().astype(bool)
    if known.empty:
        return not_enough(key, scope.indicator(key), lacking)
    count, total = int(known.sum()), len(known)
    silent = len(hits) - total
    more = "|".join(f"more {form}" for form in n_of.split("|"))
    unsaid = f"{counted(silent, more)} {'does' if silent == 1 else 'do'} not say it"
    share = proportion_interval(count, total, confidence=scope.confidence) if estimated else None
    return measured(
        key,
        scope.indicator(key),
        100 * count / total,
        as_of=scope.as_of,
        n=total,
        n_of=n_of,
        evidence_date=scope.as_of if dates is None else middle_day(dates.loc[known.index]),
        interval=None if share is None else share.times(100),
        estimated=estimated,
        note="; ".join(part for part in (f"{count} of {total}", note, unsaid if silent else "")
                       if part),
    )  # fmt: skip


def borne(scope: Scope, n: int, interval: Interval | None) -> Interval | None:
    """Return an interval that its records bear; None for one without width on too few of them.

    A few records that happen to be alike say nothing of those that were not seen.

    Args:
        scope: The trust or school, which declares how many are too few.
        n: How many records the interval rests on.
        interval: The interval, where there is one.
    """
    few = n < scope.settings.pillars.windows.fewest_for_interval.value
    return None if interval is None or (few and interval.lower == interval.upper) else interval


def due_by_now(scope: Scope, frame: pd.DataFrame, due: str, done: str) -> pd.DataFrame:
    """Return rows whose day has passed, and those of today that are done already.

    What is due today and not done yet may still be done in time.

    Args:
        scope: The trust or school.
        frame: Rows that fell due up to the day described.
        due: The column with the day by which it is due.
        done: The column with the day on which it was done; missing where it was not.
    """
    today = pd.Timestamp(scope.as_of)
    return frame[(frame[due] < today) | (frame[done].notna() & (frame[done] <= today))]


def middle_day(days: pd.Series) -> dt.date | None:
    """Return the middle day of several (the later of two middle ones); None for no day."""
    known = days.to_numpy(dtype="datetime64[s]")
    known = np.sort(known[~np.isnat(known)])
    return pd.Timestamp(known[len(known) // 2]).date() if len(known) else None
