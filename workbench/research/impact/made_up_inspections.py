"""Made-up inspections of schools that join trusts after weak grades, with a planted effect.

Nothing in it is real. Every draw is of the counter-based generator, so the same seed makes the same
schools.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy import special

from workbench.growth.kernel.philox import uniforms
from workbench.research.impact.grade_history import GradeHistory, grade_history
from workbench.research.impact.made_up import FIRST_UID, FIRST_URN

_ROUNDS, _JOIN_AFTER = 5, 3  # inspections
_FEWEST_DAYS, _MOST_DAYS = 2 * 365, 5 * 365  # between inspections
_FIRST_YEAR = 2005


@dataclass(frozen=True)
class PlantedGrades:
    """What is planted.

    Attributes:
        effect: By how much joining raises the chance of good or better, in percentage points.
        effect_sd: Spread of that between trusts, in percentage points.
        schools: Schools.
        trusts: Trusts that schools may join, in several years.
        good: Chance of good or better of a middling school that never joined.
        spread: Half the range of that chance between schools, which lasts.
        joins_weak: Share that joins a trust of those whose last grade was below good.
        joins_good: Share of the others.
    """

    effect: float = 12.0
    effect_sd: float = 4.0
    schools: int = 6000
    trusts: int = 120
    good: float = 0.55
    spread: float = 0.25
    joins_weak: float = 0.35
    joins_good: float = 0.05


def made_up_inspections(planted: PlantedGrades, *, seed: int = 2026) -> GradeHistory:
    """Make up five inspections of each school, two to five years apart, and who joins after three.

    Whether a school joins hangs on its last grade alone. So schools that join were worse, and were
    also less lucky, than those that did not; among schools with equal last grades they were
    neither.

    Args:
        planted: What is planted.
        seed: Seed of every draw.
    """
    count = planted.schools
    chance = planted.good + planted.spread * (2 * _drawn("level", seed, count) - 1)
    gaps = _drawn("days between", seed, count * _ROUNDS).reshape(count, _ROUNDS)
    gaps = _FEWEST_DAYS + gaps * (_MOST_DAYS - _FEWEST_DAYS)
    found = _drawn("grades", seed, count * _ROUNDS).reshape(count, _ROUNDS)
    good = found < chance[:, None]
    weak = ~good[:, _JOIN_AFTER - 1]
    joins = _drawn("joins", seed, count) < np.where(weak, planted.joins_weak, planted.joins_good)
    trust = np.floor(_drawn("trust", seed, count) * planted.trusts).astype("int64")
    own = special.ndtri(_drawn("effect", seed, planted.trusts)) * planted.effect_sd
    helped = (planted.effect + own[trust]) / 100
    lifted = found < np.clip(chance + helped, 0, 1)[:, None]
    later = np.arange(_ROUNDS) >= _JOIN_AFTER
    good = np.where(joins[:, None] & later, lifted, good)
    days = np.datetime64(f"{_FIRST_YEAR}-09-01") + np.cumsum(gaps, axis=1).astype("int64")
    # A trust takes schools in on the first of September: cohorts are few, and large.
    opened = days[:, _JOIN_AFTER - 1].astype("datetime64[Y]").astype("int64") + 1970
    joined = np.array([np.datetime64(f"{year + 1}-09-01") for year in opened])
    return _history(good, days, joined, joins, trust)


def _history(
    good: np.ndarray, days: np.ndarray, joined: np.ndarray, joins: np.ndarray, trust: np.ndarray
) -> GradeHistory:
    urns = FIRST_URN + np.arange(len(joins))
    inspections = pd.DataFrame(
        {
            "urn": np.repeat(urns, good.shape[1]),
            "date": days.ravel().astype("datetime64[s]"),
            "grade": np.where(good, 2, 3).ravel(),
        }
    )
    schools = pd.DataFrame(
        {
            "urn": urns,
            "group": "made up",
            "trust_uid": pd.Series(FIRST_UID + trust, dtype="Int64").where(joins),
            "joined": pd.Series(joined.astype("datetime64[s]")).where(joins),
        }
    )
    return grade_history(inspections, schools)


def _drawn(what: str, seed: int, count: int) -> np.ndarray:
    return uniforms(seed, f"impact on grades: {what}", count)
