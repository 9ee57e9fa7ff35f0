"""Half-terms that are the same though the schools of a trust begin them on different days.

Schools of one trust open a day or two apart, and in different local authorities their holidays
fall up to three weeks apart; the half-terms of one school begin five weeks apart or more.
"""

from __future__ import annotations

import pandas as pd

_SAME_WITHIN = pd.Timedelta(days=21)


def half_terms(begins: pd.Series) -> pd.Series:
    """Return for each first day the earliest first day of the same half-term at any school.

    Taken in order, a day begins a new half-term where it lies more than 21 days after the first day
    of the one before.

    Args:
        begins: First days, as the table `attendance` has them, none missing.
    """
    first: dict[pd.Timestamp, pd.Timestamp] = {}
    start: pd.Timestamp | None = None
    for day in sorted(begins.unique()):
        if start is None or day - start > _SAME_WITHIN:
            start = day
        first[day] = start
    return begins.map(first)
