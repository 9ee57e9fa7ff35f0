"""What a fitted model says of each school: its true band now, and its next grade."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from workbench.errors import BadInput
from workbench.growth.calibrate.chain import STATES, transitions
from workbench.growth.calibrate.fit import Fitted
from workbench.growth.calibrate.likelihood import class_chances, follow
from workbench.growth.calibrate.visits import Visits

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Share:
    """A share of some schools' next grades: as forecast, and with its doubt.

    Attributes:
        expected: The share at the estimates.
        lower: Lower end of the interval for the share that will be seen.
        upper: Its upper end.
        schools: Schools.
    """

    expected: float
    lower: float
    upper: float
    schools: int


def true_bands(fitted: Fitted, visits: Visits, theta: Floats | None = None) -> Floats:
    """Return the chance of each class and true band at the last visit of each series, S x K x 4.

    Args:
        fitted: The model.
        visits: What was seen of the schools, on the covariates that it was fitted with.
        theta: Other numbers than the estimates.
    """
    numbers = fitted.numbers(visits.rows, theta)
    followed = follow(fitted.form, visits, numbers)
    last = last_visits(visits)
    known = np.stack([one.known[last] for one in followed], axis=1)
    return np.asarray(known * class_chances(numbers, followed)[:, :, None])


def next_grades(
    fitted: Fitted, visits: Visits, years: Floats, theta: Floats | None = None
) -> Floats:
    """Return the chance of each grade at the next inspection of each series, S x 4.

    Args:
        fitted: The model.
        visits: What was seen until now.
        years: Years from the last visit to the next inspection, length S.
        theta: Other numbers than the estimates.

    Raises:
        BadInput: The next inspection lies before the last visit.
    """
    if not (np.asarray(years) >= 0).all():
        raise BadInput(
            "an inspection that is yet to come lies before the last one",
            rule="years from the last visit are 0 or more",
            mend="leave out what was seen later, or the school",
        )
    numbers = fitted.numbers(visits.rows, theta)
    followed = follow(fitted.form, visits, numbers)
    last, chance = last_visits(visits), class_chances(numbers, followed)
    found = np.zeros((len(visits.urns), STATES))
    for which, one in enumerate(followed):
        moved = transitions(one.chains, visits.last_row, years)
        found += chance[:, which, None] * (one.known[last][:, None, :] @ moved)[:, 0, :]
    return np.asarray(found @ numbers.seen)


def share_of_next(
    fitted: Fitted, visits: Visits, years: Floats, schools: npt.NDArray[np.bool_],
    least: int, *, seed: int, draws: int = 200, confidence: float = 0.95,
) -> Share:  # fmt: skip
    """Return what share of some schools' next grades will be at or above a band.

    The interval is for the share that will be seen: it holds the doubt about the model's numbers,
    which are drawn, and the chance in each school's grade, which is drawn for each draw of them.

    Args:
        fitted: The model.
        visits: What was seen until now.
        years: Years to the next inspection, length S; what it holds for other schools is not used.
        schools: The schools counted, length S.
        least: The band at or above which a grade counts.
        seed: Seed of the draws.
        draws: How many.
        confidence: Nominal coverage.

    Raises:
        BadInput: No school is counted.
    """
    if not schools.any():
        raise BadInput("no school is counted", rule="a share is of at least one school")
    waits = np.where(schools, years, 0.0)

    def chances(theta: Floats | None) -> Floats:
        return np.asarray(next_grades(fitted, visits, waits, theta)[schools, least:].sum(axis=1))

    # Apart from the stream of the numbers: the same bits twice would tie luck to them.
    stream = np.random.Generator(np.random.Philox(seed).jumped())
    seen = []
    for theta in fitted.draws(draws, seed):
        each = chances(theta)
        seen.append(float((stream.random(len(each)) < each).mean()))
    lower, upper = np.quantile(seen, [0.5 - confidence / 2, 0.5 + confidence / 2])
    return Share(float(chances(None).mean()), float(lower), float(upper), int(schools.sum()))


def last_visits(visits: Visits) -> npt.NDArray[np.int64]:
    """Return the last visit of each series, length S."""
    last = np.zeros(len(visits.urns), dtype=np.int64)
    last[visits.series] = np.arange(len(visits.band))  # later layers write over earlier ones
    return last
