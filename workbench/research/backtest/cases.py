"""Which grades are asked of the model, and what it may be told of each."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from workbench.errors import BadInput
from workbench.research.backtest.inputs import Inputs
from workbench.trust.published.inspections import SAME_INSPECTION_DAYS, continues

DAYS_A_YEAR = 365.25
GOOD = 2  # the band of a grade of good
YEAR_BEGINS = 9  # September
_SAME = pd.Timedelta(days=SAME_INSPECTION_DAYS)
# Of 12,848 grades of September 2015 to April 2018 in Ofsted's list of 31 July 2018, which says when
# each was published, 95% were within so many days of the inspection.
PUBLISHED_WITHIN_DAYS = 70
_OUT = pd.Timedelta(days=PUBLISHED_WITHIN_DAYS)


@dataclass(frozen=True, eq=False)
class Cases:
    """Grades to be forecast, each for its own day, with the grades before it.

    Attributes:
        asked: One row a school, by urn: date, band (what happened), last (the band before), waited
            (years since), before and third (the two bands before the last; missing where none),
            graded (how many grades are known), mean (of their bands).
        told: The visits that the model is told of: urn, date, band.
    """

    asked: pd.DataFrame
    told: pd.DataFrame

    @property
    def outcomes(self) -> npt.NDArray[np.int64]:
        """Whether each grade was good or better, 0 or 1."""
        return np.asarray(self.asked["band"].ge(GOOD), dtype=np.int64)

    def with_others(self, other: Cases) -> Cases:
        """Return these with cases of other schools, in order of URN."""
        if other.asked.empty:
            return self
        asked = pd.concat([self.asked, other.asked]).sort_index()
        return Cases(asked, pd.concat([self.told, other.told], ignore_index=True))

    def in_latest_year(self, origin: dt.date) -> Cases:
        """Return those of the school year of a day, or all where there are none."""
        late = self.asked["date"].ge(pd.Timestamp(_school_years_before(origin, 1)))
        return Cases(self.asked[late], self.told) if late.any() else self


def cases_after(inputs: Inputs, origin: dt.date, target: dt.date) -> Cases:
    """Return the schools graded again after the origin and by the target, told of it by then only.

    What happened is taken from dated lists of all schools, which hold short inspections too; a
    history of graded inspections alone would leave out schools that were found to remain good.

    Raises:
        BadInput: The target is not after the origin, or the files tell nothing of one of the two.
    """
    refuse_order(origin, target)
    told = known_by(inputs.visits, origin)
    first, last = pd.Timestamp(origin), pd.Timestamp(target)
    listed = inputs.visits[~inputs.visits["history"]]
    after = listed[listed["date"].gt(first) & listed["date"].le(last)]
    after = after[after["urn"].isin(told["urn"]) & after["urn"].isin(asked_at(inputs, origin))]
    if after.empty:
        days = sorted(set(listed["listed"].dropna().dt.date))
        raise BadInput(
            f"no school with a grade by {origin} has a new one by {target}",
            where=f"lists of grades of: {', '.join(map(str, days)) or 'no known day'}",
            rule="a list of all schools' grades of the target's day or later, with their dates",
            mend="add management information of the target's day to the folder",
        )
    return cases_of(latest_grades(after), told)


def refuse_order(origin: dt.date, target: dt.date) -> None:
    """Refuse a target that is not after its origin, before any file is read.

    Raises:
        BadInput: It is not.
    """
    if target <= origin:
        raise BadInput(
            f"the target {target} is not after the origin {origin}",
            rule="what is forecast comes after what is known",
            mend="give a later target",
        )


def asked_at(inputs: Inputs, origin: dt.date) -> pd.Index:
    """Return the URN of every school graded in the list of all schools that speaks for a day."""
    spoken = speaking_for(inputs.visits, origin)
    by_then = spoken[spoken["date"].le(pd.Timestamp(origin))].drop_duplicates("urn")
    there: pd.Index = by_then.set_index("urn").index
    return there


def latest_grades(visits: pd.DataFrame) -> pd.DataFrame:
    """Return the last inspection of each school, as the latest list has it."""
    ordered = visits.sort_values(["urn", "date", "listed"], kind="stable")
    return ordered.drop_duplicates("urn", keep="last")


def cases_before(inputs: Inputs, origin: dt.date, years: int, fewest: int) -> Cases:
    """Return the latest grades known by the origin, each with what was known before it.

    They are those of the last so many school years in the list of all schools that speaks for the
    origin: what the model learns from, and what baselines are fitted to.

    Args:
        inputs: What there is.
        origin: The last day known.
        years: School years looked back.
        fewest: Fewer inspections than this are refused.

    Raises:
        BadInput: There are too few.
    """
    told = known_by(inputs.visits, origin)
    spoken = speaking_for(inputs.visits, origin)
    since = pd.Timestamp(_school_years_before(origin, years))
    recent = spoken[spoken["date"].ge(since) & spoken["date"].le(pd.Timestamp(origin))]
    recent = recent.sort_values(["urn", "date"], kind="stable").drop_duplicates("urn", keep="last")
    day = pd.Series(recent["date"].to_numpy(), recent["urn"])
    own = pd.Series(day.reindex(told["urn"]).to_numpy(), told.index)
    earlier = told[told["date"].lt(own - _SAME)]
    recent = recent[recent["urn"].isin(earlier["urn"])]
    if len(recent) < fewest:
        raise BadInput(
            f"{len(recent)} schools have a grade of {since:%Y-%m-%d} to {origin} and one before it",
            rule=f"{fewest} of them, for the model to learn from",
            mend="add a list of grades of the origin's day and a history of them to the folder",
        )
    return cases_of(recent, earlier)


def known_by(visits: pd.DataFrame, origin: dt.date) -> pd.DataFrame:
    """Return every inspection once that was known by a day, from files of that day or histories.

    A history gives the day of an inspection, weeks before its report. What a list of all schools of
    the day or before shows not to have been published is left out (`_unpublished`).

    Args:
        visits: Inspections as `Inputs` has them.
        origin: The day.

    Returns:
        `urn`, `date` and `band`, in order of school and day.

    Raises:
        BadInput: None was known.
    """
    day = pd.Timestamp(origin)
    spoken = speaking_for(visits, origin)
    by_then = visits["listed"].le(day) | visits["history"]
    known = pd.concat([spoken, visits[by_then]]).drop_duplicates()
    known = known[known["date"].le(day)]
    known = known[~_unpublished(known, spoken, day)]
    if known.empty:
        raise BadInput(
            f"no grade by {origin} is in the files",
            rule="a list of grades of the origin's day, or a history of them",
            mend="add one to the folder, or give a later origin",
        )
    # Lists of all schools first, latest first; then histories.
    known = known.assign(
        late=-known["listed"].fillna(pd.Timestamp.min.as_unit("s")).astype("int64")
    )
    known = known.sort_values(["urn", "date", "history", "late"], kind="stable")
    same = continues(known["urn"], known["date"])
    once: pd.DataFrame = known.loc[~same, ["urn", "date", "band"]].reset_index(drop=True)
    return once


def _unpublished(known: pd.DataFrame, spoken: pd.DataFrame, day: pd.Timestamp) -> pd.Series:
    """Return which rows of a history had not been published by a day, as far as lists tell.

    Lists have each school's latest published grade. A later one of the history, dated by the day of
    the last list of all schools, was not out on that day where the list has the school; of schools
    that it has not, one of its last weeks is taken not to have been. Either counts as out once
    `PUBLISHED_WITHIN_DAYS` have passed: since the list, or since the inspection. Of grades after
    the list, or where there is none by the day, nothing is known but their own day.

    Args:
        known: Rows dated by the day, of lists that may speak of it and of histories.
        spoken: The list of all schools that speaks for the day.
        day: The day.
    """
    if not spoken["listed"].le(day).any():
        return pd.Series(False, known.index)
    made = spoken["listed"].max()
    latest = known[~known["history"]].groupby("urn")["date"].max()
    in_lists = known["date"].le(known["urn"].map(latest) + _SAME)
    missed = known["history"] & known["date"].le(made) & ~in_lists
    not_out = known["date"].mask(known["urn"].isin(spoken["urn"]), made)
    unpublished: pd.Series = missed & (not_out + _OUT).gt(day)
    return unpublished


def speaking_for(visits: pd.DataFrame, day: dt.date) -> pd.DataFrame:
    """Return the list of all schools that speaks for a day: the last by then, else the next.

    Args:
        visits: Inspections as `Inputs` has them.
        day: The day.
    """
    lists = visits[~visits["history"] & visits["listed"].notna()]
    whole = lists[2 * lists["rows"] >= lists["rows"].max()]
    until = whole[whole["listed"].le(pd.Timestamp(day))]
    chosen = until["listed"].max() if len(until) else whole["listed"].min()
    speaking: pd.DataFrame = whole.loc[whole["listed"].eq(chosen)]
    return speaking


def _school_years_before(day: dt.date, years: int) -> dt.date:
    """Return the first day of the school year some years back, the present one being the first."""
    began = day.year if day.month >= YEAR_BEGINS else day.year - 1
    return dt.date(began - years + 1, YEAR_BEGINS, 1)


def cases_of(asked: pd.DataFrame, told: pd.DataFrame) -> Cases:
    """Return cases with the bands before each, in order of URN.

    Args:
        asked: What is forecast, a school once: urn, date, band.
        told: Inspections before those: urn, date, band; at least one of each school asked.
    """
    mine = told[told["urn"].isin(asked["urn"])].sort_values(["urn", "date"], kind="stable")
    groups = mine.groupby("urn")
    place = groups.cumcount(ascending=False)
    out = asked.set_index("urn")[["date", "band"]].sort_index()
    out["last"] = groups["band"].last()
    for name, back in (("before", 1), ("third", 2)):
        out[name] = mine[place.eq(back)].set_index("urn")["band"]
    out["graded"], out["mean"] = groups.size(), groups["band"].mean()
    out["waited"] = (out["date"] - groups["date"].last()).dt.days / DAYS_A_YEAR
    return Cases(out, mine.reset_index(drop=True))
