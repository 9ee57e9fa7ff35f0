"""The layer over the chain: what a school's own figures add to what its grades say.

A logistic regression on the logarithm of the odds that the chain gives, the grades before, phase,
type and the school's published figures, with a penalty on the size of coefficients (A. E. Hoerl and
R. W. Kennard, "Ridge regression", Technometrics 12, 1970; S. le Cessie and J. C. van Houwelingen,
"Ridge estimators in logistic regression", Applied Statistics 41, 1992).
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd
from scipy import optimize, special

from workbench.errors import RunFailed
from workbench.research.backtest.cases import DAYS_A_YEAR, Cases
from workbench.research.backtest.inputs import MEASURES, ORDINARY, SECONDARY, Inputs, months_after

Floats = npt.NDArray[np.float64]

TYPES = ("sponsor led", "converter", "free school")
LEAST_ODDS = 0.005  # the chain's chances are held this far from 0 and 1 before odds are taken
FARTHEST = 3.0  # standard deviations beyond which a figure is taken for that far
_MIDDLE_FIFTH = 3.0  # quintiles run from 1 to 5
_CLOSE = 1e-8


@dataclass(frozen=True, eq=False)
class Figures:
    """Schools' figures as known by a day, standardised over all schools that have them.

    Attributes:
        values: One row a school, by urn: each measure; missing where the school has none.
        ended: Last day of the school year of each measure.
    """

    values: pd.DataFrame
    ended: dict[str, pd.Timestamp]


def figures_known(inputs: Inputs, origin: dt.date, publication_months: int) -> Figures:
    """Return each measure of the latest school year that was known by a day.

    Args:
        inputs: What there is.
        origin: The day.
        publication_months: Months from the end of a school year until its figures count as known;
            with 0 a figure is known when the year that it describes has ended.
    """
    table = inputs.figures
    known = {
        ended: months_after(ended.date(), publication_months)
        if publication_months
        else ended.date()
        for ended in table["ended"].unique()
    }
    table = table[table["ended"].map(known).le(origin)] if len(table) else table
    columns, when = {}, {}
    for measure in MEASURES:
        rows = table[table["measure"].eq(measure)]
        latest = rows[rows["ended"].eq(rows["ended"].max())].drop_duplicates("urn")
        spread = latest["value"].std()
        if len(latest) > 1 and spread > 0:
            standard = (latest["value"] - latest["value"].mean()) / spread
            values = standard.clip(-FARTHEST, FARTHEST).to_numpy()
            columns[measure] = pd.Series(values, latest["urn"].to_numpy())
            when[measure] = latest["ended"].iloc[0]
    return Figures(pd.DataFrame(columns), when)


def columns_of(
    cases: Cases,
    schools: pd.DataFrame,
    figures: Figures,
    fading_years: float,
    chances: Floats | None = None,
) -> pd.DataFrame:
    """Return what the layer sees of each case.

    A figure says less of a grade the further the two are apart in time, before or after: it is
    multiplied by exp(-years / fading_years).

    Args:
        cases: The cases.
        schools: As in `Inputs`.
        figures: What was known of the schools.
        fading_years: How fast figures fade.
        chances: What the chain forecasts of each case; None leaves the chain out.
    """
    asked = cases.asked
    known = schools.reindex(asked.index)
    out = pd.DataFrame(index=asked.index)
    if chances is not None:
        out["chain"] = special.logit(np.clip(chances, LEAST_ODDS, 1.0 - LEAST_ODDS))
    for name in ("last", "before", "third"):
        for band in (0, 1, 3):
            out[f"{name} {band}"] = asked[name].eq(band)
    out["no second grade"], out["no third grade"] = asked["before"].isna(), asked["third"].isna()
    out["mean"] = asked["mean"] - 2.0
    for band in range(4):
        out[f"waited {band}"] = np.log1p(asked["waited"].clip(0.0)) * asked["last"].eq(band)
    secondary = known["phase"].isin(SECONDARY)
    out["secondary"] = secondary
    out["other phase"] = ~known["phase"].isin(ORDINARY)
    out["strong secondary"] = secondary & asked["last"].eq(3)
    out["weak secondary"] = secondary & asked["last"].le(1)
    for name in TYPES:
        out[name] = known["type"].eq(name)
    # Asked of all schools, so that what is learnt from and what is asked have the same columns.
    if "deprivation" in schools and schools["deprivation"].notna().any():
        fifth = known["deprivation"].astype("Float64")
        out["deprivation"] = (fifth - _MIDDLE_FIFTH).fillna(0.0)
    for measure, ended in figures.ended.items():
        apart = (asked["date"] - ended).dt.days.abs() / DAYS_A_YEAR
        value = figures.values[measure].reindex(asked.index)
        out[measure] = (value * np.exp(-apart / fading_years)).fillna(0.0)
        if measure in ("absence_percent", "attainment_8", "key_stage_2_expected_percent"):
            out[f"no {measure}"] = value.isna()
    if "absence_percent" in out:
        out["absence in secondary"] = out["absence_percent"] * secondary
    return out.astype("float64")


@dataclass(frozen=True, eq=False)
class Layer:
    """A fitted layer.

    Attributes:
        coefficients: By column, with `constant`.
    """

    coefficients: pd.Series

    def chances(self, columns: pd.DataFrame) -> Floats:
        """Return the chance of good or better of each case."""
        slopes = self.coefficients.drop("constant")
        level = columns[slopes.index].to_numpy(float) @ slopes.to_numpy()
        return np.asarray(special.expit(self.coefficients["constant"] + level))


def fit_layer(columns: pd.DataFrame, outcomes: npt.ArrayLike, penalty: float) -> Layer:
    """Return the coefficients that make the outcomes likeliest less the penalty.

    Args:
        columns: What is seen of each case.
        outcomes: Whether each was good or better.
        penalty: Half of it times the square of each coefficient but the constant is taken off.

    Raises:
        RunFailed: The search did not end.
    """
    x = np.column_stack([np.ones(len(columns)), columns.to_numpy(float)])
    y = np.asarray(outcomes, dtype=float)
    cost = np.r_[0.0, np.full(x.shape[1] - 1, penalty)]

    def value(b: Floats) -> tuple[float, Floats]:
        level = x @ b
        chance = special.expit(level)
        loss = np.logaddexp(0.0, level).sum() - y @ level + 0.5 * (cost * b**2).sum()
        return float(loss) / len(y), (x.T @ (chance - y) + cost * b) / len(y)

    found = optimize.minimize(
        value, np.zeros(x.shape[1]), jac=True, method="L-BFGS-B",
        options={"maxiter": 2000, "gtol": _CLOSE, "ftol": 1e-14},
    )  # fmt: skip
    if not found.success:
        raise RunFailed(f"the layer could not be fitted: {found.message}")
    return Layer(pd.Series(found.x, ["constant", *columns.columns]))
