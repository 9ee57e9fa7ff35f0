"""The trust's theory of how it improves schools: each claim, its test, and when it is due again.

A theory that nothing could refute says nothing. Each claim names an indicator and the number that
would refute it, and is to be looked at again at each stage of growth: where the trust has grown or
shrunk by a stage since, the review is due whatever the date.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any, Literal

import pandas as pd

from workbench.pillars.indicator import Measured, counted
from workbench.pillars.profile import Profile
from workbench.pillars.scope import Scope

Verdict = Literal["refuted", "stands", "cannot be told", "no test"]
# Bands of trust size in which the DfE counts trusts; passing from one to the next is a stage.
STAGES = (1, 2, 3, 6, 11, 21, 31)


@dataclass(frozen=True)
class Claim:
    """One claim of the theory, judged on the day described.

    Attributes:
        claim_id: Its code.
        pillar: The pillar it is about.
        claim: What the trust holds to be so.
        refuted_if: What would show that it is not so, in the trust's words.
        stated: The day it was stated.
        reviewed: The day it was last reviewed; None where it has not been.
        schools_at_review: Schools in the trust then.
        indicator: The indicator that tells, as measured; None where none is named or known.
        below: Refuted where the indicator is below this.
        above: Refuted where it is above this.
        verdict: "refuted" or "stands" where the data are sure; "cannot be told" where the interval
            reaches over the number, or there is no value, or an estimate has no range; "no test"
            where no indicator is named with a number.
        why: The verdict in words.
        due: Why the claim is to be reviewed now; empty where it is not.
    """

    claim_id: str
    pillar: str
    claim: str
    refuted_if: str
    stated: dt.date
    reviewed: dt.date | None
    schools_at_review: int
    indicator: Measured | None
    below: float | None
    above: float | None
    verdict: Verdict
    why: str
    due: str


def claims(profile: Profile) -> tuple[Claim, ...]:
    """Judge every claim of the table `theory_of_the_case` against the trust's profile.

    Args:
        profile: The profile of the whole trust.
    """
    trust = profile.scope.trust
    rows = trust.tables["theory_of_the_case"].to_dict("records")
    return tuple(_judged({str(k): v for k, v in row.items()}, profile) for row in rows)


def stage(schools: int) -> int:
    """Return which stage of growth a number of schools belongs to, from 0."""
    return sum(schools >= begin for begin in STAGES) - 1


def _judged(row: dict[str, Any], profile: Profile) -> Claim:
    below, above = _number(row["below"]), _number(row["above"])
    key = row["indicator"]
    named = isinstance(key, str) and (below is not None or above is not None)
    one = profile.indicators.get(str(key)) if named else None
    if one is None and named:
        verdict, why = _not_there(str(key), profile)
    else:
        verdict, why = _verdict(one, below, above)
    reviewed = None if pd.isna(row["reviewed"]) else pd.Timestamp(str(row["reviewed"])).date()
    stated = pd.Timestamp(str(row["stated"])).date()
    then, now = int(str(row["schools_at_review"])), len(profile.scope.trust.schools)
    return Claim(
        claim_id=str(row["claim_id"]), pillar=str(row["pillar"]), claim=str(row["claim"]),
        refuted_if=str(row["refuted_if"]), stated=stated, reviewed=reviewed,
        schools_at_review=then, indicator=one, below=below, above=above, verdict=verdict, why=why,
        due=_due(reviewed, stated, profile.scope, then, now),
    )  # fmt: skip


def _not_there(key: str, profile: Profile) -> tuple[Verdict, str]:
    if key in profile.scope.settings.pillars.indicators:
        return "cannot be told", "the indicator named is measured for schools, not for a trust"
    return "cannot be told", "the indicator named is not one of those declared"


def _verdict(one: Measured | None, below: float | None, above: float | None) -> tuple[Verdict, str]:
    if one is None:
        return "no test", "no indicator is named with a number that could refute it"
    if one.value is None or one.without_range:
        return "cannot be told", _untold(one)
    ends, what = (one.value, one.value), "the indicator"
    if one.interval is not None:
        what = "the whole range of the indicator"
        ends = (one.interval.lower, one.interval.upper)
    under = None if below is None else _side(ends[1] < below, ends[0] < below)
    over = None if above is None else _side(ends[0] > above, ends[1] > above)
    sides = [side for side in (under, over) if side is not None]
    if "refuted" in sides:
        return "refuted", f"{what} lies where the claim said it would not"
    if "open" in sides:
        return "cannot be told", "the range of the indicator reaches over the number that refutes"
    return "stands", f"{what} lies where the claim said it would"


def _untold(one: Measured) -> str:
    if one.rating == "not applicable":
        return f"the indicator does not apply here: {one.note}"
    if one.value is None:
        return "the indicator cannot be measured yet"
    return "the records are too few to give the indicator a range"


def _side(surely: bool, perhaps: bool) -> str:
    return "refuted" if surely else ("open" if perhaps else "stands")


def _due(reviewed: dt.date | None, stated: dt.date, scope: Scope, then: int, now: int) -> str:
    when = "it was stated" if reviewed is None else "it was last reviewed"
    if stage(then) != stage(now):
        return f"the trust had {counted(then, 'school')} when {when} and has {now}: another stage"
    days = (scope.as_of - (reviewed or stated)).days
    if days > scope.settings.pillars.windows.theory_days.value:
        return f"{when} {days} days ago" + (" and never reviewed" if reviewed is None else "")
    return ""


def _number(value: Any) -> float | None:
    return None if pd.isna(value) else float(str(value))
