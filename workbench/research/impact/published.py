"""England's schools, from published files, as a table to estimate the impact of joining a trust.

A school is followed through new URNs (`workbench.research.history`), for most get one on the day
they join. Schools that no file knows as state-funded are no comparison. The academic year of a
school's first joining of a multi-academy trust counts as its first with support as declared, so an
effect in that year is of part of it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from workbench.errors import BadInput
from workbench.research.history import built, membership_history, school_chain
from workbench.research.impact.plan import Plan, declared_plan
from workbench.trust.published import kinds
from workbench.trust.published.england import england_schools
from workbench.trust.published.facts import Log
from workbench.trust.published.files import Found, find
from workbench.trust.published.statistics import (
    ACADEMIC_YEAR_BEGINS,
    read_statistics,
    settled_first,
)


@dataclass(frozen=True)
class Outcome:
    """One published measure that support might move.

    Attributes:
        name: Its name in the trust tables, `school_statistics.measure`.
        title: In words.
        unit: Unit of its values.
        low_is_weak: Whether a low number is a weak one.
        kind: The files that hold it.
    """

    name: str
    title: str
    unit: str
    low_is_weak: bool
    kind: kinds.Kind


OUTCOMES = {
    one.name: one
    for one in (
        Outcome("absence_percent", "Absence", "% of sessions", False, kinds.SCHOOL_ABSENCE),
        Outcome(
            "persistent_absence_percent", "Persistent absence", "% of pupils", False,
            kinds.SCHOOL_ABSENCE,
        ),
        Outcome(
            "key_stage_2_expected_percent", "Key stage 2 expected standard", "% of pupils", True,
            kinds.KEY_STAGE_2,
        ),
        Outcome("attainment_8", "Attainment 8", "points", True, kinds.KEY_STAGE_4),
    )
}  # fmt: skip

GRADE_OUTCOME = "good_or_better"  # not a table's measure: see `grade_analysis`

# Ways into a trust by which nothing new began to support the school.
NOT_JOINING = {
    "trust became multi-academy": "its single-academy trust became a multi-academy one",
    "trust renumbered": "its trust was renumbered",
}


@dataclass(frozen=True)
class PublishedTable:
    """A table for `impact_panel`, and what it rests on.

    Attributes:
        outcome: The measure.
        table: urn (the first of the school's chain), trust_uid, period (year in which an academic
            year begins), outcome, joined_period, group (phase).
        files: Published files with the measure.
        notes: Schools left out, counted by reason.
    """

    outcome: Outcome
    table: pd.DataFrame
    files: tuple[str, ...]
    notes: Counter[str]


def published_table(source: Path, outcome: str, plan: Plan | None = None) -> PublishedTable:
    """Read a measure's years and join to them when each school joined a trust.

    Args:
        source: A folder of files as DfE publishes them, with group links of several days.
        outcome: One of `OUTCOMES`.
        plan: The analysis plan, which says whom to leave out and from when on support counts; the
            declared one if none is given.

    Raises:
        BadInput: There is no such outcome or folder, or it holds fewer than two years of it.
    """
    if outcome not in OUTCOMES:
        raise no_outcome(outcome)
    measure, plan = OUTCOMES[outcome], plan or declared_plan()
    found = find(source)
    numbers, files = _numbers(found, source, measure)
    panel = built(source)  # named once: to tell whether it is still right, every file is read
    members, schools = membership_history(panel), school_chain(panel).set_index("urn")
    notes = Counter[str]()
    numbers = numbers.assign(
        chain=_chains(numbers["urn"], schools),
        place=schools["place"].reindex(numbers["urn"]).fillna(0).to_numpy(),
    ).sort_values(["chain", "period", "place"])
    twice = numbers.duplicated(["chain", "period"], keep="last")
    notes["number of a school's earlier URN beside one of its later URN"] += int(twice.sum())
    joined, odd = _joined(members, plan)
    phases = _phases(found, schools)
    outside = ~numbers["chain"].isin({*phases.index, *members["chain"]})
    outside &= "not known as state-funded" in plan.excluded
    notes["school left out: not known as state-funded"] += int(
        numbers.loc[outside, "chain"].nunique()
    )
    for reason, count in odd[odd.index.isin(numbers["chain"])].value_counts().items():
        notes[f"school left out: {reason}"] += int(count)
    numbers = numbers[~twice & ~outside & ~numbers["chain"].isin(odd.index)]
    own = schools.sort_values("place").drop_duplicates("chain", keep="last").set_index("chain")
    phase = numbers["chain"].map(own["phase"]).fillna(numbers["chain"].map(phases))
    table = pd.DataFrame(
        {
            "urn": numbers["chain"],
            "trust_uid": numbers["chain"].map(joined["trust_uid"].to_dict()).astype("Int64"),
            "period": numbers["period"],
            "outcome": numbers["value"],
            "joined_period": numbers["chain"].map(joined["year"].to_dict()).astype("Int64"),
            "group": phase.fillna("not known").astype("str"),
        }
    )
    return PublishedTable(measure, table.reset_index(drop=True), files, notes)


def no_outcome(name: str) -> BadInput:
    """Return the error of an outcome that nothing published holds."""
    return BadInput(
        f"there is no outcome {name}",
        rule=f"one of {', '.join((*OUTCOMES, GRADE_OUTCOME))}",
        mend="write one of them",
    )


def _chains(urns: pd.Series, schools: pd.DataFrame) -> pd.Series:
    """Return the first URN of each school's chain; a school no history knows is its own."""
    known = schools["chain"].reindex(urns).to_numpy()
    return pd.Series(known, urns.index).fillna(urns).astype("int64")


def _phases(found: Found, schools: pd.DataFrame) -> pd.Series:
    """Return the phase of each chain with a school known as state-funded."""
    links = found.latest(kinds.GROUP_LINKS)
    if links is None or links.snapshot is None:
        return pd.Series(dtype="str")
    funded = england_schools(found, links.snapshot, Log())
    by_chain = funded.assign(chain=_chains(funded["urn"], schools))
    return by_chain.drop_duplicates("chain", keep="last").set_index("chain")["phase"]


def _numbers(found: Found, source: Path, measure: Outcome) -> tuple[pd.DataFrame, tuple[str, ...]]:
    """Return urn, period and value of a measure; of two files for one year the settled one."""
    frames, files = [], []
    for file in settled_first(found.of(measure.kind)):
        if file.period is None:
            continue
        table = read_statistics(file)[0]
        own = table[table["measure"].eq(measure.name) & table["value"].notna()]
        frames.append(own[["urn", "value"]].assign(period=int(file.period[:4])))
        files.append(file.relative)
    together = pd.concat(frames) if frames else pd.DataFrame(columns=["urn", "value", "period"])
    if together["period"].nunique() < 2:
        raise BadInput(
            f"{measure.title} is published for {together['period'].nunique()} years here",
            where=str(source),
            rule="two academic years or more",
            mend="add the performance tables of another year to the folder",
        )
    kept = together.drop_duplicates(["urn", "period"])
    return kept.reset_index(drop=True), tuple(sorted(files))


def why_not_joined(first: pd.DataFrame, excluded: Collection[str]) -> pd.Series:
    """Return why schools are left out by how they came into their first trust; missing where not.

    Args:
        first: `how` and `joined` of each school's first spell in a trust.
        excluded: Which ways in are left out; a school whose joining bears no date always is.
    """
    ways = {how: why for how, why in NOT_JOINING.items() if how in excluded}
    reason = first["how"].map(ways)
    return reason.mask(first["joined"].isna(), "when it joined is not published")


def _joined(members: pd.DataFrame, plan: Plan) -> tuple[pd.DataFrame, pd.Series]:
    """Return each chain's first trust and academic year, and those that cannot be dated."""
    first = members.sort_values(["first_seen", "joined"]).drop_duplicates("chain")
    first = first.set_index("chain")
    reason = why_not_joined(first, plan.excluded)
    day = first["joined"]
    year = day.dt.year - day.dt.month.lt(ACADEMIC_YEAR_BEGINS).astype("int64")
    year = year + (plan.support_from == "the year after")
    known = first.assign(year=year.astype("Int64"))[["trust_uid", "year"]]
    return known[reason.isna()], reason.dropna()
