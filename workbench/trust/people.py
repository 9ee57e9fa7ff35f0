"""Which spells of the table `people` stand on a day: one rule for whoever asks."""

from __future__ import annotations

import datetime as dt

import pandas as pd


def spells_on(people: pd.DataFrame, day: dt.date) -> pd.DataFrame:
    """Return the rows of people that stand on a day: since <= day <= until, or no until.

    `until` is a spell's last day.

    Args:
        people: The table `people`, or some of its rows.
        day: The day asked about.
    """
    when = pd.Timestamp(day)
    ended = people["until"] < when  # false where until is blank
    return people[(people["since"] <= when) & ~ended]
