"""Difference-in-differences: how supported schools changed, less how the others did.

Each cohort (the schools whose support began in one period) is compared, in each period, with
schools that are not supported by then: never, or not yet. The change counts from the last period
before the cohort's support. These are the group-time effects of B. Callaway and P. H. C.
Sant'Anna, "Difference-in-differences with multiple time periods", Journal of Econometrics 225
(2021), 200-230: unlike a regression with school and period effects they never take schools long
supported for a comparison, so effects that grow or differ do no harm. With two periods and one
cohort they are the plain difference of two differences.

All cells are one least-squares fit with a cluster a trust (`measures.clustered`), so that any
average of them has an interval that stands where few trusts join.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from workbench.errors import BadInput
from workbench.measures.clustered import ClusteredFit, Estimate, cluster_pulls, clustered_fit
from workbench.measures.joint import Joint, joint_test
from workbench.research.impact.panel import NEVER, Floats, ImpactPanel, Ints
from workbench.research.impact.plan import Plan, declared_plan


@dataclass(frozen=True)
class Effects:
    """Estimated effects.

    Attributes:
        plan: How they were estimated.
        cells: One row a cohort and period: cohort, period, since (periods since support began; -1
            is the last before it, from which changes count as declared), schools, trusts,
            comparison (schools), estimate, low, high.
        fit: The fit of all cells.
        columns: Place of each cell's effect among the fit's coefficients.
        left_out: Cells left out, as (cohort, period, reason).
    """

    plan: Plan
    cells: pd.DataFrame
    fit: ClusteredFit
    columns: Ints
    left_out: tuple[tuple[int, int, str], ...]

    def overall(self) -> Estimate:
        """Return the mean effect since support began, averaged as planned.

        As declared, each cohort's effect is its mean over periods, and cohorts count by their
        schools: the summary that Callaway and Sant'Anna (2021, section 3.1.2) recommend.
        """
        return self.fit.estimate(self.contrast(), confidence=self.plan.confidence)

    def contrast(self) -> Floats:
        """Return the weight of each coefficient in the mean effect, length k.

        Raises:
            BadInput: No cell lies after support began.
        """
        by_cohort = self.plan.averaged == "cohorts by their schools"
        return self._weights(self.cells["since"] >= 0, by_cohort=by_cohort)

    def by_since(self) -> dict[int, Estimate]:
        """Return the effect by periods since support began; before it, what should be zero."""
        confidence = self.plan.confidence
        return {
            since: self.fit.estimate(self._mean(since), confidence=confidence)
            for since in self._periods()
        }

    def before(self) -> Joint | None:
        """Test that all differences before support began are zero together; None if there are few.

        The period that changes count from is zero by making and no part of it.
        """
        weights = self.contrasts_before()
        if weights is None:
            return None
        return joint_test(weights.T @ self.fit.coefficients, cluster_pulls(self.fit, weights))

    def contrasts_before(self) -> Floats | None:
        """Return each coefficient's weight in each period's difference before support, k x q."""
        periods = [since for since in self._periods() if since < 0]
        return np.column_stack([self._mean(one) for one in periods]) if periods else None

    def _periods(self) -> list[int]:
        return sorted(int(since) for since in self.cells["since"].unique())

    def _mean(self, since: int) -> Floats:
        return self._weights(self.cells["since"] == since, by_cohort=False)

    def _weights(self, chosen: pd.Series, *, by_cohort: bool) -> Floats:
        weight = self.cells["schools"].where(chosen, 0).astype("float64")
        if not weight.any():
            raise BadInput(
                "no cohort has enough schools after its support began",
                rule=f"{self.plan.fewest_schools} schools of {self.plan.fewest_trusts} trusts",
                mend="bring another year, or count schools of several years as one cohort",
            )
        if by_cohort:
            weight = weight / chosen.groupby(self.cells["cohort"]).transform("sum").clip(lower=1)
        contrast = np.zeros(len(self.fit.coefficients))
        contrast[self.columns] = weight / weight.sum()
        return contrast


@dataclass(frozen=True)
class _Cell:
    cohort: int
    period: int
    since: int
    change: Floats
    supported: Floats
    beside: Floats  # earlier values and groups, rows x columns
    trusts: Ints
    clusters: Ints  # of what shares its luck


def group_time_effects(panel: ImpactPanel, plan: Plan | None = None) -> Effects:
    """Estimate the effect on each cohort in each period.

    Args:
        panel: The schools.
        plan: The analysis plan; the declared one if none is given.

    Raises:
        BadInput: No cohort has enough schools and trusts with something to compare.
    """
    plan = plan or declared_plan()
    kept: list[_Cell] = []
    left_out: list[tuple[int, int, str]] = []
    for cohort in panel.cohorts:
        base = panel.before(int(cohort), plan.base)
        if base < 0 or cohort > panel.periods[-1]:
            continue
        for place in range(len(panel.periods)):
            if place == base:
                continue
            cell = _cell(panel, int(cohort), base, place, plan)
            reason = _lacks(cell, plan)
            if reason is None:
                kept.append(cell)
            else:
                left_out.append((cell.cohort, cell.period, reason))
    if not kept:
        raise BadInput(
            "no cohort has enough schools to compare",
            rule=(
                f"{plan.fewest_schools} supported and comparison schools, "
                f"{plan.fewest_trusts} trusts"
            ),
            mend="bring more schools, or lower what the plan asks for and say so",
        )
    return _fitted(kept, tuple(left_out), plan)


def _cell(panel: ImpactPanel, cohort: int, base: int, place: int, plan: Plan) -> _Cell:
    """Return changes between the period from which a cohort's changes count and another."""
    period = int(panel.periods[place])
    later = int(panel.periods[max(place, base)])
    mine = panel.joined == cohort
    free = panel.joined == NEVER if plan.comparison == "never" else panel.joined > later
    earlier = np.empty((len(mine), 0))
    if plan.adjusted == "earlier numbers":
        # A period that is itself the outcome cannot adjust for itself.
        backs = range(base, max(base - plan.earlier_periods, -1), -1)
        earlier = panel.outcome[:, [one for one in backs if one != place]]
    change = panel.outcome[:, place] - panel.outcome[:, base]
    known = np.isfinite(change) & np.isfinite(earlier).all(axis=1) & (mine | free)
    group = panel.group[known] if plan.within == "group" else np.zeros(known.sum(), np.int64)
    clusters = panel.clusters if plan.clusters == "trust" else panel.urn
    return _Cell(
        cohort, period, place - base - plan.base, change[known], mine[known].astype(float),
        np.column_stack([earlier[known], _dummies(group)]), panel.clusters[known], clusters[known],
    )  # fmt: skip


def _dummies(group: Ints) -> Floats:
    """Return a column for each group but the first, rows x groups less one."""
    return np.asarray(group[:, None] == np.unique(group)[None, 1:], dtype=np.float64)


def _lacks(cell: _Cell, plan: Plan) -> str | None:
    mine = cell.supported > 0
    if mine.sum() < plan.fewest_schools:
        return "too few supported schools"
    if len(np.unique(cell.trusts[mine])) < plan.fewest_trusts:
        return "too few trusts"
    if (~mine).sum() < plan.fewest_schools:
        return "too few comparison schools"
    return None


def _fitted(cells: list[_Cell], left_out: tuple[tuple[int, int, str], ...], plan: Plan) -> Effects:
    """Fit all cells at once, each with coefficients of its own."""
    widths = [2 + cell.beside.shape[1] for cell in cells]
    columns = np.cumsum([0, *widths[:-1]])
    rows = np.cumsum([0, *(len(cell.change) for cell in cells)])
    design = np.zeros((int(rows[-1]), int(sum(widths))))
    for cell, column, row in zip(cells, columns, rows[:-1], strict=True):
        block = design[row : row + len(cell.change), column : column + 2 + cell.beside.shape[1]]
        block[:, 0], block[:, 1] = cell.supported, 1.0
        # Centred and scaled, so that the fit is well conditioned in any unit.
        spread = np.where(cell.beside.std(axis=0) > 0, cell.beside.std(axis=0), 1.0)
        block[:, 2:] = (cell.beside - cell.beside.mean(axis=0)) / spread
    fit = clustered_fit(
        design, np.concatenate([cell.change for cell in cells]),
        np.concatenate([cell.clusters for cell in cells]),
    )  # fmt: skip
    return Effects(plan, _table(cells, columns, fit, plan), fit, columns, left_out)


def _table(cells: list[_Cell], columns: Ints, fit: ClusteredFit, plan: Plan) -> pd.DataFrame:
    rows = []
    for cell, column in zip(cells, columns, strict=True):
        contrast = np.eye(len(fit.coefficients))[column]
        found, mine = fit.estimate(contrast, confidence=plan.confidence), cell.supported > 0
        rows.append({
            "cohort": cell.cohort, "period": cell.period, "since": cell.since,
            "schools": int(mine.sum()), "trusts": len(np.unique(cell.trusts[mine])),
            "comparison": int((~mine).sum()), "estimate": found.value,
            "low": found.interval.lower, "high": found.interval.upper,
        })  # fmt: skip
    return pd.DataFrame(rows)
