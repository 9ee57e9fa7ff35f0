"""What the growth model's values in force expect of a school's next grade, beside what was seen.

A fit and the simulation are not the same model: the simulation moves schools by whole terms, starts
from the long run, and has some of its rates by declaration. A fitted value that is the likeliest
within the fit may serve the simulation badly, so each is held to grades as the simulation uses it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from workbench.errors import BadInput
from workbench.growth.calibrate.visits import DAYS_A_YEAR
from workbench.growth.derive import frailty
from workbench.growth.draws import as_records
from workbench.parameters.model import BANDS, ModelParameters
from workbench.scenario.bands import long_run_mix, one_term, seen_chances
from workbench.terms import TERMS_A_YEAR

Floats = npt.NDArray[np.float64]
Integers = npt.NDArray[np.int64]

ATTENTION, SECURE = 1, 2
MOVED = (
    "rise_urgent", "rise_attention", "rise_secure", "fall_attention", "fall_secure", "fall_strong",
    "error_low", "error_high",
)  # fmt: skip
FRAIL = ("frail_share", "frail_odds")


@dataclass(frozen=True, eq=False)
class NextGrades:
    """Schools seen twice.

    Attributes:
        last: Band seen first, length S.
        years: Years until the next grade, length S.
        seen: Band seen then, length S.
    """

    last: Integers
    years: Floats
    seen: Integers

    def scores(self, chances: Floats) -> dict[str, float]:
        """Return what chances of the next grade, S x 4, come to, beside what was seen.

        `recovered` and `weakened` are mean chances: of secure or better where attention was needed,
        and of weakness where the school was secure. `log score` and `brier` are means too, the
        latter of secure or better; less is better.
        """
        good = chances[:, SECURE:].sum(axis=1)
        chosen = chances[np.arange(len(self.seen)), self.seen]
        return {
            "recovered": float(good[self.last == ATTENTION].mean()),
            "weakened": float(1.0 - good[self.last == SECURE].mean()),
            "log score": float(-np.log(chosen).mean()) + 0.0,
            "brier": float(((good - (self.seen >= SECURE)) ** 2).mean()),
        }


def graded_again(visits: pd.DataFrame, later: pd.DataFrame) -> NextGrades:
    """Return the schools of some visits that were graded again, in order of URN.

    Args:
        visits: `urn`, `date` and `band`, which is missing where only covariates change: waits count
            from the last grade, whatever changed since.
        later: The next grade of each school: urn, date, band.
    """
    graded = visits[visits["band"].notna()].sort_values(["urn", "date"], kind="stable")
    both = graded.drop_duplicates("urn", keep="last").merge(later, on="urn", suffixes=("", "_next"))
    days = (both["date_next"] - both["date"]).dt.days.to_numpy(np.float64)
    last, seen = (both[name].to_numpy(np.int64) for name in ("band", "band_next"))
    return NextGrades(last, np.asarray(days / DAYS_A_YEAR), seen)


def values_of(model: ModelParameters) -> dict[str, float]:
    """Return the values in force that a school's next grade hangs on at average support."""
    known = {name.rpartition(".")[2]: quantity.value for name, quantity in model.quantities()}
    return {name: known[name] for name in (*MOVED, *FRAIL)}


def grades_by_term(values: Mapping[str, float], terms: int) -> Floats:
    """Return the chance of each grade after 0, 1, ... terms, by the grade before.

    As in a simulated trust of average support: what was seen is turned round by how common bands
    are in the long run, frail schools are as common as in the long run, and each rises and falls by
    the odds of its kind.

    Args:
        values: Those of `values_of`.
        terms: The most.

    Returns:
        (terms + 1) x 4 seen before x 4 seen after.
    """
    drawn = {name: np.array([value]) for name, value in values.items()}
    seen, common = seen_chances(drawn)[0], long_run_mix(drawn)[0]
    truly = seen.T * common
    truly /= truly.sum(axis=1, keepdims=True)
    frail, sound = frailty(as_records(drawn))
    kinds = [(1.0 - frail[0], 1.0), (frail[0], values["frail_odds"])]
    found = np.zeros((terms + 1, len(BANDS), len(BANDS)))
    for share, ratio in kinds:
        chain = _chain(drawn, sound[0] * ratio)
        held = truly * share
        for term in range(terms + 1):
            found[term] += held @ seen
            held = held @ chain
    return found


def _chain(drawn: Mapping[str, Floats], rising: Floats) -> Floats:
    """Return one term's chances of schools that rise out of the weak bands with these odds."""
    chances = rising / (1.0 + rising)
    own = {"rise_urgent": chances[:1], "rise_attention": chances[1:2]}
    return np.asarray(one_term({**drawn, **own})[0])


def expected_next(values: Mapping[str, float], grades: NextGrades) -> Floats:
    """Return the chance of each next grade of each school, S x 4, to the nearest whole term."""
    terms = np.rint(grades.years * TERMS_A_YEAR).astype(np.int64)
    return np.asarray(grades_by_term(values, int(terms.max()))[terms, grades.last])


def held_to_grades(
    candidates: Mapping[str, Mapping[str, float]],
    grades: NextGrades,
    others: Mapping[str, Floats] | None = None,
) -> pd.DataFrame:
    """Return what each set of values expects of schools' next grades, and how it scores.

    Args:
        candidates: Values of the growth model by a name, each as of `values_of`.
        grades: What was seen.
        others: Chances that something else gave, by a name, S x 4.

    Returns:
        One row each, `seen` first: see `NextGrades.scores`.

    Raises:
        BadInput: No school had needed attention, or none was secure.
    """
    for band in (ATTENTION, SECURE):
        if not (grades.last == band).any():
            raise BadInput(
                f"no school was {BANDS[band]} and graded again",
                rule="values are held to weak schools that recovered, and to sound ones that fell",
            )
    certain = np.eye(len(BANDS))[grades.seen]
    rows = {"seen": grades.scores(certain)}
    rows |= {name: grades.scores(chances) for name, chances in (others or {}).items()}
    rows |= {
        name: grades.scores(expected_next(values, grades)) for name, values in candidates.items()
    }
    return pd.DataFrame.from_dict(rows, orient="index")
