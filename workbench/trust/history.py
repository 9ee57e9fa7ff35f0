"""A trust as its tables stood on an earlier day, so that the past is looked at without hindsight.

A trust's folder holds days, so much of what was known on an earlier day can be told from it.

Where a table keeps only the last state of its rows, what it said before is gone: the step of a
process reviewed again, the skill assessed again, the successor looked at again, the person audited
again, the claim reviewed again. Their days alone would make the past look worse than it was, and
so the present better. Once any row of such a table was written over after the day looked from, the
whole table is left empty: what rests on it is not known then, and takes no part in a comparison.

What a table keeps without a day cannot be told at all, and is as it is now:

- `trust`: its name, reserves and income.
- `schools`: name, phase, type, place, pupils, free school meals; and schools that have left.
- `people`: role, share of full time, training to deliver and to lead, and days a term of a spell.
- `support`: who gives it, for what, and days given or planned; `support_capacity`: days offered.
- `kpis`, `review_criteria`: name and origin; and criteria that were dropped.
- `priorities`: words, and whether the vision asks for it; `consultations`: participants.
- `role_documents`: what each is found to say; and documents that a later one took the place of.
- `talent_audit`: staff who have left.
- `projects`: the stage of one still running, area, what prompted it, owner, diagnosis, criteria to
  end it, baseline, comparator, sites, sites checked, whether it is a pilot, and when its decision
  is due. One that closed later is put in the stage before: nothing says which it was in.
- `returns`, `board_reports`, `project_reviews`, `qa_reviews`, `qa_actions`: days by which something
  was due or planned, where they were moved.
- `theory_of_the_case`: the words of a claim, and the numbers that refute it.
- Any number corrected since, published ones among them, and any row that was taken out.

An inspection is known from its first day. The trust's leaders hear what was found while it goes on
or at its end, provisionally; the report, and any grade changed before it, come out weeks later. So
the trust knew on the day what others did not, and what it knew may not have been the last word.
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

    A row is left out until the day it became known: the first day of a term it is about; for the
    wave of a survey and the days an executive spent, the term's last day; and for published numbers
    the first day after their term or academic year. A table that keeps only the last state of its
    rows is left empty where one was written over later. A row that then lay ahead,
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
    """Keep the rows that were known on a day, or none where it cannot be told what they said."""
    if not table.born:
        return rows
    if any((rows[column] > when).any() for column in table.rewritten):
        return rows[:0]
    if table.column(table.born).kind == "date":
        return rows[rows[table.born] <= when]
    written = rows[table.born].unique()
    known = [text for text in written if pd.Timestamp(_known_from(table, str(text))) <= when]
    return rows[rows[table.born].isin(known)]


def _known_from(table: TableContract, text: str) -> dt.date:
    """Return the day from which a row about a term or an academic year is known."""
    if table.column(table.born).kind == "term":
        term = Term.parse(text)
        return (term + 1).first_day - _ONE_DAY if table.born_at_end else term.first_day
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
