"""A trust as its tables stood on an earlier day, so that the past is looked at without hindsight.

A trust's folder holds days, so most of what was known on an earlier day can be told from it. What
a table keeps without its day cannot: pupils on roll, the stage of a project that still runs, and
a judgement that a later one has replaced are as they are now, or not there.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import replace
from types import MappingProxyType

import pandas as pd

from workbench.errors import BadInput
from workbench.terms import TERMS_A_YEAR, Term
from workbench.trust.columns import TableContract
from workbench.trust.contracts import TABLES
from workbench.trust.crosschecks import CODES_REFERRED_TO
from workbench.trust.load import Trust, of_schools_there

_ONE_DAY = dt.timedelta(days=1)
_STAGE_BEFORE_CLOSED = "review"


def as_known_on(trust: Trust, day: dt.date) -> Trust:
    """Return the trust as its tables stood on an earlier day.

    A row is left out until the day it became known: the first day of a term it is about, and for
    published numbers the first day after their term or academic year. A row that then lay ahead,
    such as a return not yet due, is left out too, since nothing says when it was planned. Days
    that lay ahead are blanked, with what became known on them; only days that are settled
    beforehand stay, such as the last day of a spell. Schools that joined later are left out with
    the rows that name them. On `trust.as_of` itself the trust is as it is.

    Args:
        trust: The trust, as its folder describes it.
        day: The day to look from, at or before `trust.as_of`.

    Raises:
        BadInput: The day is after `trust.as_of`, or no school had joined by then.
    """
    if day == trust.as_of:
        return trust
    if day > trust.as_of:
        raise BadInput(
            f"{day} is after {trust.as_of}, the day the trust's folder describes",
            where="trust.as_of",
            rule="a trust is looked at as it stood on an earlier day",
            mend=f"choose a day up to {trust.as_of}, or bring the folder up to date",
        )
    when = pd.Timestamp(day)
    known = {
        name: _without_later_days(table, _known(table, trust.tables[name], when), when)
        for name, table in TABLES.items()
    }
    if known["schools"].empty:
        first = trust.schools["joined"].min()
        raise BadInput(
            f"no school had joined the trust by {day}",
            where="schools.joined",
            rule="a trust has at least one school",
            mend=f"choose a day from {first:%Y-%m-%d} on",
        )
    known["trust"] = known["trust"].assign(as_of=when.as_unit("s"))
    known["projects"] = _still_open(known["projects"])
    known["theory_of_the_case"] = _sized_when_stated(known["theory_of_the_case"], trust.schools)
    tables = _of_known_codes(of_schools_there(known)[0], trust.tables)
    return replace(trust, as_of=day, tables=MappingProxyType(tables))


def term_ends(trust: Trust, terms: int) -> list[dt.date]:
    """Return the last day of each of the terms before the one that holds `trust.as_of`.

    Args:
        trust: The trust.
        terms: How many terms to go back.

    Returns:
        Days in order of time; fewer where no school had joined yet.
    """
    now = Term.of(trust.as_of)
    ends = [(now + (1 - back)).first_day - _ONE_DAY for back in range(terms, 0, -1)]
    joined = trust.schools["joined"].min()
    return [end for end in ends if pd.Timestamp(end) >= joined]


def _known(table: TableContract, rows: pd.DataFrame, when: pd.Timestamp) -> pd.DataFrame:
    """Keep the rows that were known on a day."""
    if not table.born:
        return rows
    if table.column(table.born).kind == "date":
        return rows[rows[table.born] <= when]
    written = rows[table.born].unique()
    known = [text for text in written if pd.Timestamp(_known_from(table, str(text))) <= when]
    return rows[rows[table.born].isin(known)]


def _known_from(table: TableContract, text: str) -> dt.date:
    """Return the day from which a row about a term or an academic year is known."""
    if table.column(table.born).kind == "term":
        return Term.parse(text).first_day
    if " " in text:
        return (Term.parse(text) + 1).first_day
    return (Term.parse(f"{text} autumn") + TERMS_A_YEAR).first_day


def _without_later_days(
    table: TableContract, rows: pd.DataFrame, when: pd.Timestamp
) -> pd.DataFrame:
    """Blank the days that lay ahead, and then what becomes known on a day that is blank."""
    days = [c.name for c in table.columns if c.kind == "date" and not c.ahead]
    rows = rows.assign(**{name: rows[name].where(rows[name] <= when) for name in days})
    waiting = [(c.name, c.known_with) for c in table.columns if c.known_with]
    return rows.assign(**{name: rows[name].mask(rows[day].isna()) for name, day in waiting})


def _still_open(projects: pd.DataFrame) -> pd.DataFrame:
    """Give a project that closed later the stage before: nothing says which it was in."""
    later = (projects["stage"] == "closed") & projects["closed"].isna()
    return projects.assign(stage=projects["stage"].mask(later, _STAGE_BEFORE_CLOSED))


def _sized_when_stated(theory: pd.DataFrame, schools: pd.DataFrame) -> pd.DataFrame:
    """Count the schools when a claim was stated, where its later review is not known yet.

    `schools_at_review` is the number at the last review; a later one would tell of growth ahead.
    """
    then = [int((schools["joined"] <= stated).sum()) for stated in theory["stated"]]
    counted = pd.Series(then, index=theory.index, dtype="Int64").clip(lower=1)
    unreviewed = theory["reviewed"].isna()
    return theory.assign(schools_at_review=theory["schools_at_review"].mask(unreviewed, counted))


def _of_known_codes(
    known: dict[str, pd.DataFrame], all_tables: Mapping[str, pd.DataFrame]
) -> dict[str, pd.DataFrame]:
    """Leave out rows that hang on a row which is not known yet, such as a project's reviews.

    A code that may be blank is kept: the row does not hang on it.
    """
    tables = dict(known)
    for name, column, other, code in CODES_REFERRED_TO:
        if TABLES[name].column(column).required:
            rows = tables[name]
            later = set(all_tables[other][code].dropna()) - set(tables[other][code].dropna())
            tables[name] = rows[~rows[column].isin(later)].reset_index(drop=True)
    return tables
