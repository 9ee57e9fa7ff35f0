"""Graded inspections of schools over years, and the day each first joined a trust.

Real ones come from the panel of England's history, which follows a school through its new URN. A
file of membership says on which day a school joined the trust that it is in, not whether that was
its first. So a school that is in a trust in the earliest file counts only where it joined as it
became an academy: an earlier trust there cannot have been.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pandas as pd

from workbench.errors import BadInput
from workbench.research.history import built, inspection_history, membership_history, school_chain
from workbench.research.impact.plan import Plan, declared_plan
from workbench.research.impact.published import NOT_JOINING, why_not_joined

Ints = npt.NDArray[np.int64]

NEVER_JOINED = np.iinfo(np.int64).max
_FIRST_TIME = frozenset({"new academy", "from a single-academy trust"})
_SAME_DAYS = 31  # an academy's opening and its joining are published up to a month apart


@dataclass(frozen=True)
class GradeHistory:
    """Schools and their graded inspections; days count from 1 January 1970.

    Attributes:
        school: Place of each inspection's school in what follows, length m, in order.
        day: Day of each inspection, length m; in order within a school.
        grade: Overall effectiveness, 1 (outstanding) to 4 (inadequate), length m.
        group: Group of each school, such as its phase, as a number from 0, length n.
        cluster: Number of each school's trust, the first it joins; its own below zero, length n.
        joined: Day on which it first joined a trust; `NEVER_JOINED` if it did not, length n.
        notes: Schools left out, by reason.
    """

    school: Ints
    day: Ints
    grade: Ints
    group: Ints
    cluster: Ints
    joined: Ints
    notes: dict[str, int]


def grade_history(inspections: pd.DataFrame, schools: pd.DataFrame, *,
                  notes: dict[str, int] | None = None) -> GradeHistory:  # fmt: skip
    """Lay inspections out by school and day.

    Args:
        inspections: `urn`, `date`, `grade` (1 to 4); those of other schools are passed over.
        schools: One row a school: `urn`, `group` (text), `trust_uid` and `joined` (both missing
            if it never joined a trust).
        notes: Schools left out before, by reason.

    Raises:
        BadInput: A grade is none of 1 to 4, a school has two rows, or joins no known trust, or no
            school has an inspection.
    """
    _refuse_bad(inspections, schools)
    ordered = schools.sort_values("urn", ignore_index=True)
    place = pd.Series(ordered.index, ordered["urn"])
    own = inspections[inspections["urn"].isin(ordered["urn"])]
    own = own.assign(place=own["urn"].map(place).astype("int64"), day=_days(own["date"]))
    own = own.sort_values(["place", "day", "grade"], kind="stable")
    if own.empty:
        raise BadInput(
            "no school has a graded inspection",
            rule="inspections of schools whose trust is known or known to be none",
            mend="add files of inspections to the folder",
        )
    alone = pd.Series(-1 - ordered.index, ordered.index)
    joined = ordered["joined"].notna().to_numpy(bool)
    day = np.full(len(ordered), NEVER_JOINED, dtype=np.int64)
    day[joined] = _days(ordered.loc[joined, "joined"])
    return GradeHistory(
        school=own["place"].to_numpy("int64"),
        day=own["day"].to_numpy("int64"),
        grade=own["grade"].to_numpy("int64"),
        group=np.asarray(pd.factorize(ordered["group"], sort=True)[0], dtype=np.int64),
        cluster=np.asarray(ordered["trust_uid"].astype("Int64").fillna(alone), dtype=np.int64),
        joined=day,
        notes=dict(notes or {}),
    )


def published_grades(source: Path, plan: Plan | None = None) -> GradeHistory:
    """Read graded inspections and first joinings from a folder of published files, or its panel.

    Args:
        source: A folder of files as published, or a built panel of England's history.
        plan: The analysis plan, which says whom to leave out; the declared one if none is given.

    Raises:
        BadInput: There is no such folder, or it holds no group links or no inspections.
    """
    panel = built(source)
    schools, members = school_chain(panel), membership_history(panel)
    notes = Counter[str]()
    first, odd = _first_joinings(members, schools, plan or declared_plan())
    for reason, number in odd.value_counts().items():
        notes[f"school left out: {reason}"] = int(number)
    last = schools.sort_values("place").dropna(subset=["phase"])
    phases = last.drop_duplicates("chain", keep="last").set_index("chain")["phase"]
    chains = pd.Index(schools["chain"].unique())
    table = pd.DataFrame({
        "urn": chains,
        "group": phases.reindex(chains).fillna("not known").to_numpy(),
        "trust_uid": first["trust_uid"].reindex(chains).astype("Int64").to_numpy(),
        "joined": first["joined"].reindex(chains).to_numpy(),
    })  # fmt: skip
    graded = inspection_history(panel)
    rows = pd.DataFrame({"urn": graded["chain"], "date": graded["date"], "grade": graded["grade"]})
    return grade_history(rows, table[~table["urn"].isin(odd.index)], notes=dict(notes))


def _first_joinings(
    members: pd.DataFrame, schools: pd.DataFrame, plan: Plan
) -> tuple[pd.DataFrame, pd.Series]:
    """Return each chain's first trust and day, and why others have none that is sure."""
    first = members.sort_values(["first_seen", "joined"]).drop_duplicates("chain")
    known = schools.set_index("urn")
    opened = known["open_date"].reindex(first["urn"]).to_numpy()
    before = known["predecessor"].reindex(first["urn"]).astype("Int64")
    academy = known["academy"].reindex(before.fillna(-1).astype("int64")).fillna(False)
    gap = (first["joined"] - pd.Series(opened, first.index)).dt.days.abs()
    as_opened = gap.le(_SAME_DAYS) & ~academy.to_numpy(bool)
    first = first.assign(as_opened=as_opened).set_index("chain")
    reason = why_not_joined(first, plan.grades.excluded)
    earliest = first["how"].eq("first snapshot")
    sure = _FIRST_TIME | frozenset(NOT_JOINING)
    unsure = (earliest & ~first["as_opened"]) | ~(earliest | first["how"].isin(sure))
    if "may have been in another trust before" in plan.grades.excluded:
        reason = reason.mask(unsure & reason.isna(), "it may have been in another trust before")
    return first.loc[reason.isna(), ["trust_uid", "joined"]], reason.dropna()


def _days(dates: pd.Series) -> Ints:
    return np.asarray(dates.to_numpy("datetime64[D]").astype("int64"))


def _refuse_bad(inspections: pd.DataFrame, schools: pd.DataFrame) -> None:
    if not inspections["grade"].isin([1, 2, 3, 4]).all():
        raise BadInput(
            "an inspection has a grade that is none of 1 to 4",
            where="column grade",
            rule="overall effectiveness: 1 outstanding, 2 good, 3 requires improvement, "
            "4 inadequate",
            mend="leave out inspections without an overall grade",
        )
    if schools["urn"].duplicated().any():
        raise BadInput(
            f"school {schools.loc[schools['urn'].duplicated(), 'urn'].iloc[0]} has two rows",
            where="column urn", rule="one row a school", mend="leave one of them out",
        )  # fmt: skip
    lost = schools["joined"].notna() & schools["trust_uid"].isna()
    if lost.any():
        raise BadInput(
            f"school {schools.loc[lost, 'urn'].iloc[0]} joins no known trust",
            where="column trust_uid", rule="a school that joins has a trust_uid",
            mend="name its trust",
        )  # fmt: skip
