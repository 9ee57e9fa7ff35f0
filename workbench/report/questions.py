"""What a quality reviewer should ask next, and what evidence is missing: both read off the data."""

from __future__ import annotations

from collections.abc import Iterator

import pandas as pd

from workbench.charts.timeline import REPORT_CARDS_BEGIN
from workbench.charts.wording import age, capital, count, day, listed
from workbench.report.found import areas_of
from workbench.report.found_left_out import left_out, unusable
from workbench.report.school import SchoolReview
from workbench.report.school_indicators import plain_needs
from workbench.trust.people import spells_on

# The oldest framework had an inspection about every four years.
_OLD_YEARS = 4
_NEW_HEAD_DAYS = 365
_LATE_SHARE = 0.05  # a share of returns beyond this is asked about: a proposal, to be set locally
_WEAK = ("Urgent improvement", "Needs attention", "Requires improvement", "Inadequate", "Not met")
_TABLES = {
    "inspections_oeif": "what inspectors found before November 2025",
    "inspections_report_card": "what inspectors found since November 2025",
    "people": "who leads and supports the school",
    "support": "what support it received or lent",
    "support_capacity": "what days each school can give",
    "returns": "whether its data returns come on time",
    "school_statistics": "published numbers on pupils, absence and staff",
}

_BY_SCHOOL = ("returns", "school_statistics", "support_capacity")


def questions(review: SchoolReview) -> tuple[str, ...]:
    """Return the questions the data raises about a school, the most pressing first."""
    return (
        *_on_judgement(review),
        *_on_support(review),
        *_on_lending(review),
        *_on_leadership(review),
        *_on_joining(review),
        *_on_returns(review),
    )


def missing_evidence(review: SchoolReview) -> tuple[str, ...]:
    """Return what is not known about a school, and what cannot be said without it."""
    trust = review.trust
    found = [f"Left out: {line}" for line in left_out(trust)]
    for table, what in _TABLES.items():
        if table == "inspections_report_card" and trust.as_of < REPORT_CARDS_BEGIN:
            continue
        nothing = unusable(trust, table)
        if nothing is not None:
            found.append(f"{nothing}: {what} is not known.")
        elif table in _BY_SCHOOL and not (trust.tables[table]["urn"] == review.urn).any():
            found.append(
                f"The table of {_spelt(table)} has no row on this school: {what} is not known."
            )
    found += [
        f"{one.indicator.name}: to know it takes {plain_needs(one.missing)}."
        for one in review.capacity.indicators
        if one.missing and not trust.support.empty
    ]
    found += [f"For its role under the golden rule: {what}." for what in review.role.lacking]
    school = trust.schools[trust.schools["urn"] == review.urn].iloc[0]
    blanks = [
        words
        for column, words in (
            ("pupils", "pupils on roll"),
            ("latitude", "its place on the map"),
            ("fsm_percent", "pupils eligible for free school meals"),
        )
        if pd.isna(school[column])
    ]
    if blanks:
        found.append(f"The table of schools leaves blank: {listed(blanks)}.")
    return tuple(found)


def _on_judgement(review: SchoolReview) -> Iterator[str]:
    standing = review.standing
    if not standing.rated:
        before = standing.predecessor_inspected
        seen = "" if before is None else f" Its predecessor was last inspected on {day(before)}."
        yield (
            f"No judgement stands under its present URN {review.files_given}: what does the "
            "trust's own evidence say of its quality, and who outside the school has tested it?"
            f"{seen}"
        )
        return
    areas = areas_of(review.trust, review.urn)
    weak = [
        f"{row['Area'].lower()} ({row['Found'].lower()})"
        for _, row in areas.iterrows()
        if row["Found"] in _WEAK
    ]
    when = standing.inspection_date
    assert when is not None  # a judgement that stands has a day
    if weak:
        yield (
            f"Inspectors found {listed(weak)} on {day(when)}: what has changed since in each, and "
            "what evidence would show it to someone who doubts it?"
        )
    elif review.role.name == "recipient":
        yield (
            f"Inspectors found {review.judged.lower()} on {day(when)}: what has changed since, and "
            "what evidence would show it to someone who doubts it?"
        )
    if review.trust.as_of.year - when.year >= _OLD_YEARS and _years(when, review) >= _OLD_YEARS:
        yield (
            f"The judgement that stands is {review.evidence_age} old: which of its findings does "
            "newer evidence of the trust's own still bear out?"
        )


def _years(when: pd.Timestamp, review: SchoolReview) -> float:
    return (pd.Timestamp(review.trust.as_of) - when).days / 365.25


def _on_support(review: SchoolReview) -> Iterator[str]:
    capacity = review.capacity
    if capacity.unsupported:
        yield (
            "By the golden rule it needs support, and none is running or waiting: who will give "
            "it, in which area, and from when?"
        )
    for _, row in capacity.running.iterrows():
        area = "an area not named" if pd.isna(row["area"]) else row["area"]
        yield (
            f"A deployment of {row['days']:g} {'day' if row['days'] == 1 else 'days'} in {area} "
            f"has been running since {day(row['started'])}: what has changed for pupils, and what "
            "would end it?"
        )
    support = review.trust.support
    own = support[support["recipient_urn"] == review.urn]
    waiting = own[own["started"].isna()]
    if len(waiting):
        yield (
            f"{capital(count(len(waiting), 'deployment'))} asked for since "
            f"{day(waiting['triggered'].min())} {'has' if len(waiting) == 1 else 'have'} not "
            "begun: what holds it up?"
        )
    unreviewed = own[own["ended"].notna() & (own["impact_reviewed"] == False)]  # noqa: E712
    if len(unreviewed):
        yield (
            f"The impact of {count(len(unreviewed), 'deployment')} that ended has not been "
            "reviewed: what did the school keep of it?"
        )


def _on_lending(review: SchoolReview) -> Iterator[str]:
    lent = next(one for one in review.capacity.indicators if one.key == "days_lent")
    first, last = review.support_window
    if lent.value:
        yield (
            f"Its support to other schools that ended in {first} to {last} came to {lent.value:g} "
            "days: what did that cost its own pupils, and what did its staff gain?"
        )
    if review.role.name == "neutral":
        yield f"It helps no other school yet ({review.role.reason}): should that change, and when?"
    if review.role.name == "possible provider":
        yield (
            "It may be able to help other schools, but not all that this asks for is known "
            f"({listed(review.role.lacking)}): how many days could it give each term?"
        )


def _on_leadership(review: SchoolReview) -> Iterator[str]:
    people = spells_on(review.trust.people, review.trust.as_of)
    heads = people[((people["urn"] == review.urn) & (people["role"] == "head")).fillna(False)]
    vacant = heads[heads["status"] == "vacant"]
    if len(vacant):
        acting = ", with somebody acting" if len(heads) > len(vacant) else ""
        yield (
            f"The headship has been vacant since {day(vacant['since'].min())}{acting}: what keeps "
            "it from being filled, and who decides until then?"
        )
        return
    for since in heads["since"].dt.date:
        if (review.trust.as_of - since).days < _NEW_HEAD_DAYS:
            yield (
                f"Its head has been in post for {age(since, review.trust.as_of)}: what support "
                "does a new head get here?"
            )


def _on_joining(review: SchoolReview) -> Iterator[str]:
    settled = review.settings.policy.settled_terms.value
    terms = review.standing.terms_in_trust
    if terms is not None and terms < settled:
        yield (
            f"It joined on {day(review.joined)}: what was measured when it joined, and has it "
            "dipped since?"
        )


def _on_returns(review: SchoolReview) -> Iterator[str]:
    returns, today = review.trust.returns, pd.Timestamp(review.trust.as_of)
    due = returns[(returns["urn"] == review.urn) & (returns["due"] <= today)]
    late = due[due["received"].isna() | (due["received"] > due["due"])]
    if len(late) <= _LATE_SHARE * len(due):
        return
    names = listed(
        f"{name} ({number})" for name, number in late["return_name"].value_counts().items()
    )
    yield (
        f"Of {count(len(due), 'data return')} due from {day(due['due'].min())} to "
        f"{day(due['due'].max())}, {len(late)} came late or not at all: {names}. What would make "
        "it easier to send them on time?"
    )


def _spelt(table: str) -> str:
    return table.replace("_", " ")
