"""Levels that move from year to year for all at once: estimated from few years, and drawn on."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy import special

from workbench.errors import BadInput

Floats = npt.NDArray[np.float64]

_GRID = 80  # spreads looked at, between a thousandth and four times the prior's scale
_FROM, _TO = 1e-3, 4.0


@dataclass(frozen=True, eq=False)
class YearlyLevels:
    """A level that has a line through the years and a shock of its own in each.

    Attributes:
        spreads: Standard deviations that the shocks may have, growing.
        chances: The chance of each.
        lines: Mean of the line's numbers (constant, and slope a year) by spread.
        covariances: Their covariance by spread.
    """

    spreads: Floats
    chances: Floats
    lines: Floats
    covariances: Floats

    @property
    def spread(self) -> float:
        """Mean standard deviation of a year's shock."""
        return float(self.chances @ self.spreads)

    @property
    def line(self) -> Floats:
        """Mean of the line's constant and slope."""
        return np.asarray(self.chances @ self.lines)


def fit_years(
    levels: npt.ArrayLike,
    covariance: npt.ArrayLike,
    when: npt.ArrayLike,
    *,
    scale: float,
    trend: bool,
) -> YearlyLevels:
    """Estimate from a few years how much a level moves beyond its line, and the line.

    Levels are normal about the line with their own covariance and, beyond it, the variance of
    shocks. The prior of the shocks' standard deviation is half of a normal curve, which few years
    need (A. Gelman, "Prior distributions for variance parameters in hierarchical models", Bayesian
    Analysis 1, 2006); the line's numbers have none, and are integrated out (D. A. Harville,
    "Maximum likelihood approaches to variance component estimation", JASA 72, 1977).

    Args:
        levels: Level estimated for each year, on a scale without bounds.
        covariance: Of their errors, years x years.
        when: Middle of each year, in years, 0 being the origin.
        scale: Standard deviation of the half normal prior.
        trend: Whether the line has a slope; with one year it has none.

    Raises:
        BadInput: Columns do not fit each other, or the scale is not above 0.
    """
    seen, known = np.asarray(levels, dtype=float).ravel(), np.asarray(covariance, dtype=float)
    times = np.asarray(when, dtype=float).ravel()
    if known.shape != (len(seen), len(seen)) or len(times) != len(seen) or not len(seen):
        raise BadInput("levels, their covariance and years do not fit", rule="one level a year")
    if scale <= 0:
        raise BadInput(f"a spread of shocks of {scale:g} cannot be", rule="scale above 0")
    slopes = trend and len(np.unique(times)) > 1
    x = np.column_stack([np.ones(len(seen)), times][: 2 if slopes else 1])
    spreads = np.geomspace(_FROM, _TO, _GRID) * scale
    logs, lines, covariances = np.empty(_GRID), np.zeros((_GRID, 2)), np.zeros((_GRID, 2, 2))
    wide = x.shape[1]
    for place, spread in enumerate(spreads):
        whole = known + spread**2 * np.eye(len(seen))
        weighted = np.linalg.solve(whole, x)
        own = np.linalg.inv(x.T @ weighted)
        line = own @ (weighted.T @ seen)
        beyond = seen - x @ line
        logs[place] = (
            -np.linalg.slogdet(whole)[1] + np.linalg.slogdet(own)[1]
            - beyond @ np.linalg.solve(whole, beyond) - (spread / scale) ** 2
        ) / 2 + np.log(spread)  # fmt: skip
        lines[place, :wide], covariances[place, :wide, :wide] = line, own
    return YearlyLevels(spreads, special.softmax(logs), lines, covariances)


def draw_years(
    found: YearlyLevels, years: int, draws: int, stream: np.random.Generator
) -> tuple[Floats, Floats]:
    """Return lines (draws x 2) and shocks (draws x years) of futures.

    Each future has its own spread of shocks, its own line, and a shock in each year.
    """
    place = stream.choice(len(found.spreads), draws, p=found.chances)
    roots = np.linalg.cholesky(found.covariances + 1e-12 * np.eye(2))
    lines = found.lines[place] + np.einsum(
        "nij,nj->ni", roots[place], stream.standard_normal((draws, 2))
    )
    return lines, found.spreads[place, None] * stream.standard_normal((draws, years))
