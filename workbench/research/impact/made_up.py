"""Made-up schools over years with a planted effect, for showing and testing what estimates find.

Nothing in it is real. Every draw is of the counter-based generator, so the same seed makes the same
schools.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt
import pandas as pd
from scipy import special

from workbench.errors import BadInput
from workbench.growth.kernel.philox import uniforms

Floats = npt.NDArray[np.float64]

FIRST_URN, FIRST_UID = 920_000, 810_000


@dataclass(frozen=True)
class Planted:
    """What is planted; the outcome is in points, more is better.

    Attributes:
        effect: Mean effect from the period of joining on, in points.
        growing: What each further period adds to it, in points.
        effect_sd: Spread of the effect between trusts.
        trusts: Trusts that schools join, two or more in each cohort.
        schools: Schools of each trust, in turn.
        comparison: Schools that never join.
        periods: Number of periods, from 1.
        cohorts: Periods in which trusts' schools join, dealt out to trusts in turn.
        school_sd: Lasting spread between schools.
        trust_sd: Spread of what a trust's schools share in each period.
        noise_sd: Spread of a school's luck in each period, which does not last.
        picked_low: Whether schools join because their number of the period before was low. Then
            there is one cohort, and the lowest of all join: their luck, too, was bad.
    """

    effect: float = 2.0
    growing: float = 0.0
    effect_sd: float = 1.0
    trusts: int = 24
    schools: tuple[int, ...] = (2, 3, 5, 8)
    comparison: int = 240
    periods: int = 6
    cohorts: tuple[int, ...] = field(default=(4, 5))
    school_sd: float = 8.0
    trust_sd: float = 0.8
    noise_sd: float = 4.0
    picked_low: bool = False


def made_up_panel(planted: Planted, *, seed: int = 2026) -> pd.DataFrame:
    """Make up schools' outcomes with a planted effect, in the columns of `impact_panel`.

    Args:
        planted: What is planted.
        seed: Seed of every draw.

    Raises:
        BadInput: A cohort joins outside the periods after the first, fewer than two trusts join
            with one, or schools picked on a low number join with more than one cohort.
    """
    _refuse_bad(planted)
    sizes = np.resize(planted.schools, planted.trusts)
    trust = np.r_[np.repeat(np.arange(planted.trusts), sizes), np.full(planted.comparison, -1)]
    count, periods = len(trust), np.arange(1, planted.periods + 1)
    level = 60 + planted.school_sd * _normal("school", seed, count)
    luck = planted.noise_sd * _normal("luck", seed, count * planted.periods)
    shown = level[:, None] + 0.5 * periods + luck.reshape(count, planted.periods)
    if planted.picked_low:
        before = shown[:, planted.cohorts[0] - 2]
        order = np.argsort(before, kind="stable")
        # The lowest join, spread over trusts in the order of their numbers' draws.
        joining = order[: int(sizes.sum())]
        shuffled = joining[np.argsort(uniforms(seed, "impact: spread", len(joining)))]
        trust = np.full(count, -1)
        trust[shuffled] = np.repeat(np.arange(planted.trusts), sizes)
    inside = trust >= 0
    cohort = np.resize(planted.cohorts, planted.trusts)
    joined = np.where(inside, cohort[trust], 0)
    since = periods - joined[:, None]
    own = planted.effect + planted.effect_sd * _normal("effect", seed, planted.trusts)
    supported = inside[:, None] & (since >= 0)
    shown = shown + supported * (own[trust][:, None] + planted.growing * since)
    shared = planted.trust_sd * _normal("shared", seed, planted.trusts * planted.periods)
    shown = shown + inside[:, None] * shared.reshape(planted.trusts, planted.periods)[trust]
    return _tidy(shown, trust, joined, periods)


def _tidy(shown: Floats, trust: npt.NDArray[np.int64], joined: npt.NDArray[np.int64],
          periods: npt.NDArray[np.int64]) -> pd.DataFrame:  # fmt: skip
    count, inside = len(trust), np.repeat(trust >= 0, len(periods))
    each = np.repeat(np.arange(count), len(periods))
    uid = pd.Series(FIRST_UID + trust[each], dtype="Int64").where(inside)
    first = pd.Series(joined[each], dtype="Int64").where(inside)
    return pd.DataFrame(
        {
            "urn": FIRST_URN + each,
            "trust_uid": uid,
            "period": np.tile(periods, count),
            "outcome": shown.ravel(),
            "joined_period": first,
        }
    )


def _normal(what: str, seed: int, count: int) -> Floats:
    return np.asarray(special.ndtri(uniforms(seed, f"impact: {what}", count)))


def _refuse_bad(planted: Planted) -> None:
    cohorts = planted.cohorts
    if not cohorts or min(cohorts) < 2 or max(cohorts) > planted.periods:
        raise BadInput(
            f"schools cannot join in {', '.join(map(str, cohorts)) or 'no period'}",
            rule=f"between period 2 and the last, {planted.periods}",
            mend="name other periods",
        )
    if planted.trusts < 2 * len(cohorts):
        raise BadInput(
            f"{planted.trusts} trusts are too few for {len(cohorts)} cohorts",
            rule="two trusts or more in each",
            mend="ask for more trusts or fewer cohorts",
        )
    if planted.picked_low and len(cohorts) > 1:
        raise BadInput(
            "schools picked on a low number join at one time",
            rule="one cohort",
            mend="name one period",
        )
