"""When in a year schools join trusts, and lists of trusts brought up to their own day.

Three in ten join on the first of September. Two lists fifteen months apart may hold two Septembers,
and two of the next year none: years between lists are counted as shares of a year's joining.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

Floats = npt.NDArray[np.float64]

DAYS_A_YEAR = 365.25
FEWEST_DATES = 200  # joinings below which every day of a year counts alike
LATEST_ENTRY = 92  # days before a list beyond which a joining is no late entry: a term
_LEAP_YEAR = 2000  # any: it has every day of the calendar


@dataclass(frozen=True, eq=False)
class JoiningYear:
    """How a year's joining is spread over its days.

    Attributes:
        by_day: Share of a year's joining by the end of each day of a leap year, 0 before the first;
            None where every day counts alike.
    """

    by_day: Floats | None

    def years(self, start: dt.date, end: dt.date) -> float:
        """Return the years from the end of one day to the end of another, by shares of joining."""
        if self.by_day is None:
            return (end - start).days / DAYS_A_YEAR
        return self._at(end) - self._at(start)

    def _at(self, day: dt.date) -> float:
        return day.year + (0.0 if self.by_day is None else float(self.by_day[_place(day)]))


def joining_year(members: Mapping[dt.date, pd.DataFrame]) -> JoiningYear:
    """Return on which days of the year schools join, by the last list and the days it gives.

    Only days since the first list count: before there were many trusts, a school's day of opening
    often stands for that of its joining. Schools that have left since are not in the list, which
    matters little to the days of a year.

    Args:
        members: Members on each day told: `urn`, `trust_uid` and, where known, `joined`.
    """
    first, last = min(members), max(members)
    table = members[last]
    if "joined" not in table or last <= first:
        return JoiningYear(None)
    # Whole years back from the last list, so that no season counts twice.
    whole = int(((last - first).days + 1) // DAYS_A_YEAR)
    since = pd.Timestamp(last) - pd.DateOffset(years=whole)
    days = table["joined"][table["joined"].gt(since) & table["joined"].le(pd.Timestamp(last))]
    if whole < 1 or len(days) < FEWEST_DATES:
        return JoiningYear(None)
    counts = np.bincount([_place(day) for day in days.dt.date], minlength=367)
    return JoiningYear(np.cumsum(counts) / counts.sum())


def caught_up(members: Mapping[dt.date, pd.DataFrame]) -> dict[dt.date, pd.DataFrame]:
    """Return lists with schools that had joined by their day and were entered only in the next.

    A list of 2 September lacks four in ten of those that joined on the first. A school is added, or
    moved, where the next list has it in another trust since a day by which the first was made and
    that lies after the list before.

    Args:
        members: Members on each day: `urn`, `trust_uid` and, where known, `joined`.
    """
    days, out = sorted(members), dict(members)
    for before, day, after in zip([dt.date.min, *days], days, days[1:], strict=False):
        table, later = members[day], members[after]
        if "joined" not in later or "joined" not in table:
            continue
        since = pd.Timestamp(max(before, day - dt.timedelta(days=LATEST_ENTRY)))
        late = later[later["joined"].gt(since) & later["joined"].le(pd.Timestamp(day))]
        own = late["urn"].map(table.set_index("urn")["trust_uid"])
        late = late[own.isna() | own.ne(late["trust_uid"])]
        kept = table[~table["urn"].isin(late["urn"])]
        out[day] = pd.concat([kept, late[list(table)]], ignore_index=True)
    return out


def _place(day: dt.date) -> int:
    """Return the place of a day among those of a leap year, from 1."""
    return dt.date(_LEAP_YEAR, day.month, day.day).timetuple().tm_yday
