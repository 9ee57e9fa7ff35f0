"""The growth model's rates from real inspections, or from made-up ones, in one call each."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from types import MappingProxyType

import numpy as np
import numpy.typing as npt
import pandas as pd

from workbench.growth.calibrate.fit import Fitted, fit
from workbench.growth.calibrate.fitness import Fitness, seen_and_expected
from workbench.growth.calibrate.forecast import Share, next_grades, share_of_next
from workbench.growth.calibrate.form import Acts, Form
from workbench.growth.calibrate.planted import Planted, planted_panel
from workbench.growth.calibrate.proposal import Proposed, declared_belief, propose
from workbench.growth.calibrate.visits import DAYS_A_YEAR, Visits, read_visits
from workbench.parameters.model import BANDS, ModelParameters
from workbench.parameters.research import CalibrationRules, load_research
from workbench.research.calibration_data import (
    ACTS,
    COVARIATES,
    REGIME,
    calibration_data,
)
from workbench.research.in_force import MOVED, graded_again, held_to_grades, values_of

Floats = npt.NDArray[np.float64]

ATTENTION, SECURE = 1, 2
DEMO = Planted(effects=MappingProxyType({"secondary": (-0.5, 0.1), "newly_joined": (0.0, 0.3)}))
DEMO_SCHOOLS, DEMO_YEARS = 3_000, 12.0
DRAWS = 400  # of the numbers, for the doubt of a forecast share: its ends to a quarter of a point
SEED = 2026
# Not proposed; tried beside what is, together where they are of no meaning apart.
NOT_TOLD = (("rise_attention",), ("error_low",), ("rise_urgent", "fall_attention"))
# Hardly any school was inspected in these months; schools were closed to most pupils in many.
CLOSED = (pd.Timestamp("2020-03-20"), pd.Timestamp("2021-08-31"))


@dataclass(frozen=True, eq=False)
class Calibration:
    """A fitted model with all that is asked of it.

    Attributes:
        source: What it was fitted to, in one line.
        fitted: The model.
        visits: What it was fitted to.
        fitness: Grades seen beside grades expected.
        proposed: Values for the model file.
        later: Grades after the last day beside those forecast; none where nothing is later.
        notes: What was left out, counted.
    """

    source: str
    fitted: Fitted
    visits: Visits
    fitness: Fitness
    proposed: tuple[Proposed, ...]
    later: Later | None = None
    notes: Mapping[str, int] = field(default_factory=dict)

    def effects(self) -> pd.DataFrame:
        """Return what multiplies the moves: `ratio`, and the `lower` and `upper` end of its 95%."""
        at, (low, high) = self.fitted.form.slices()["effects"], self.fitted.interval()
        columns = {"ratio": self.fitted.estimates, "lower": low, "upper": high}
        names = self.fitted.form.names[at]
        return pd.DataFrame({k: np.exp(v[at]) for k, v in columns.items()}, index=list(names))

    def rates(self) -> pd.DataFrame:
        """Return the values fitted beside those in force; `written` says which are proposed."""
        rows = {
            p.name: (p.declared, p.value, p.error, p.distribution, "yes" if p.told else "no")
            for p in self.proposed
        }
        columns = ["declared", "proposed", "standard error", "distribution", "written"]
        return pd.DataFrame.from_dict(rows, orient="index", columns=columns)


@dataclass(frozen=True, eq=False)
class Later:
    """What inspectors saw at their next visit after the last day that the fit was told of.

    Attributes:
        table: One row for each band last seen: `schools`, then `seen <band>` and `forecast <band>`
            as shares of them.
        recovered: Share of weak schools (needing attention) seen secure or better, as forecast.
        paused: The same had nothing risen or fallen in the months of the pandemic, `CLOSED`.
        seen: That share as it was seen.
        growth_model: What the growth model expects of the same grades with values as believed
            before any fit, in force, proposed, proposed with others, and all as fitted
            (`in_force.held_to_grades`).
    """

    table: pd.DataFrame
    recovered: Share
    paused: Share
    seen: float
    growth_model: pd.DataFrame


def calibrate_england(
    source: Path,
    model: ModelParameters,
    *,
    until: dt.date | None = None,
    frailty: bool = False,
    regime: dt.date = REGIME,
    check_to: dt.date | None = None,
) -> Calibration:
    """Fit to every graded visit in a folder of published files.

    Args:
        source: The folder.
        model: The declared parameters, from which the search begins.
        until: Last day an inspection may have; the latest if not given.
        frailty: Whether some schools rise less readily out of weakness, for good.
        regime: Day before which moves across the line between weak and secure went otherwise.
        check_to: Last day of the later grades that the fit is held against; all if not given.

    Raises:
        BadInput: The folder holds no grades, or no trusts.
        RunFailed: The search did not end at a maximum.
    """
    data = calibration_data(
        source, model.start_bands, until=until, check_to=check_to, regime=regime
    )
    graded = data.visits.loc[data.visits["band"].notna(), "date"]
    about = (
        f"Multi-state model fitted to Ofsted grades, {graded.min():%B %Y} to {graded.max():%B %Y}"
    )
    found = _calibrated(data.visits, COVARIATES, ACTS, model, frailty=frailty, about=about)
    compared = None if data.later.empty else _held_against(found, data.visits, data.later, model)
    return Calibration(
        about, found.fitted, found.visits, found.fitness, found.proposed, compared, data.notes
    )


def calibrate_demo(
    model: ModelParameters, *, schools: int = DEMO_SCHOOLS, seed: int = SEED, frailty: bool = False
) -> Calibration:
    """Fit to made-up inspections of schools that do not exist, whose truth is `DEMO`."""
    visits = planted_panel(DEMO, schools, DEMO_YEARS, seed)
    last = visits["date"].max() - pd.Timedelta(days=round(3 * DAYS_A_YEAR))
    told, later = visits[visits["date"].le(last)], visits[visits["date"].gt(last)]
    about = "Multi-state model fitted to made-up inspections"
    found = _calibrated(told, tuple(DEMO.effects), {}, model, frailty=frailty, about=about)
    compared = _held_against(found, told, later.drop_duplicates("urn"), model)
    return Calibration(about, found.fitted, found.visits, found.fitness, found.proposed, compared)


def calibrate(
    source: str,
    model: ModelParameters,
    *,
    until: dt.date | None = None,
    check_to: dt.date | None = None,
    frailty: bool = False,
) -> Calibration:
    """Fit to a folder of published files, or to made-up inspections where it is called `demo`."""
    if source == "demo":
        return calibrate_demo(model, frailty=frailty)
    return calibrate_england(Path(source), model, until=until, check_to=check_to, frailty=frailty)


def planted_effects(source: str) -> dict[str, list[float]]:
    """Return the planted ratios, in the order of `Calibration.effects`; none for real schools."""
    if source != "demo":
        return {}
    planted = [ratio for both in DEMO.effects.values() for ratio in np.exp(both)]
    return {"planted": [round(float(ratio), 3) for ratio in planted]}


def _calibrated(
    frame: pd.DataFrame,
    covariates: tuple[str, ...],
    acts: Mapping[str, tuple[Acts, ...]],
    model: ModelParameters,
    *,
    frailty: bool,
    about: str,
) -> Calibration:
    # The baseline is that of the latest regime: what was before is a difference from it.
    seen = frame[frame["band"].notna()]
    means = [0.0 if name == "before_regime" else float(seen[name].mean()) for name in covariates]
    visits = read_visits(frame, covariates, means)
    form = Form(covariates, acts, frailty=frailty)
    rules = load_research().calibration
    fitted = fit(visits, form, belief=declared_belief(form, rules))
    fitness = seen_and_expected(fitted, visits)
    proposed = propose(fitted, visits, model, widening=rules.widening.value)
    return Calibration(about, fitted, visits, fitness, proposed)


def closed_years(start: pd.Series, end: pd.Series) -> Floats:
    """Return how many years between two days of each school fell into the months of `CLOSED`."""
    first, last = (day.to_datetime64() for day in CLOSED)
    days = np.clip(end.to_numpy(), first, last) - np.clip(start.to_numpy(), first, last)
    return np.asarray(days / np.timedelta64(1, "D") / DAYS_A_YEAR)


def _held_against(
    found: Calibration, frame: pd.DataFrame, later: pd.DataFrame, model: ModelParameters
) -> Later:
    """Return later grades beside those forecast for their days."""
    urns = found.visits.urns
    latest = frame.groupby("urn")["date"].max().reindex(urns)
    seen = frame[frame["band"].notna()].sort_values("date", kind="stable").groupby("urn")["band"]
    last = seen.last().reindex(urns).to_numpy()
    after = later.set_index("urn").reindex(urns)
    known = after["band"].notna().to_numpy()
    years = (after["date"].to_numpy() - latest.to_numpy()) / np.timedelta64(1, "D") / DAYS_A_YEAR
    waits = np.where(known, years, 0.0)
    forecast = next_grades(found.fitted, found.visits, waits)
    rows = []
    for band, name in enumerate(BANDS):
        here = known & (last == band)
        if here.any():
            share = np.bincount(after["band"][here].astype(int), minlength=len(BANDS)) / here.sum()
            pairs = zip(BANDS, share, forecast[here].mean(axis=0), strict=True)
            rows.append(
                {"last seen": name, "schools": int(here.sum())}
                | {f"{w} {b}": v for b, s, f in pairs for w, v in (("seen", s), ("forecast", f))}
            )
    weak = known & (last == ATTENTION)
    open_years = np.maximum(years - closed_years(latest, after["date"]), 0.0)
    recovered, paused = (
        _recovering(found, frame, pd.Series(each[weak], urns[weak])) for each in (years, open_years)
    )
    seen_share = float((after["band"][weak] >= SECURE).mean())
    candidates = _candidates(model, load_research().calibration, found.proposed)
    in_order = forecast[known][np.argsort(urns[known])]
    grades = graded_again(frame, later)
    compared = held_to_grades(candidates, grades, {"fitted model": in_order})
    return Later(pd.DataFrame(rows), recovered, paused, seen_share, compared)


def _recovering(found: Calibration, frame: pd.DataFrame, years: pd.Series) -> Share:
    """Return what share of schools is forecast to be secure or better after some years, by URN.

    Only they are followed, and not all schools for each draw of the numbers.
    """
    own, told = frame[frame["urn"].isin(years.index)], found.visits
    visits = read_visits(own, told.covariates, told.means.tolist())
    waits = years.reindex(visits.urns).to_numpy()
    every = np.ones(len(waits), dtype=bool)
    return share_of_next(found.fitted, visits, waits, every, SECURE, seed=SEED, draws=DRAWS)


def _candidates(
    model: ModelParameters, rules: CalibrationRules, proposed: Sequence[Proposed]
) -> dict[str, dict[str, float]]:
    """Return the sets of values that are held to later grades, by what they are called."""
    in_force, fitted = values_of(model), {p.name.rpartition(".")[2]: p for p in proposed}
    told = {name: one.value for name, one in fitted.items() if one.told}
    every = {name: one.value for name, one in fitted.items()}
    candidates = {
        "growth model, as believed before": in_force | {n: rules.believed(n) for n in MOVED},
        "growth model, in force": in_force,
        "growth model, proposed": in_force | told,
    }
    for names in NOT_TOLD:
        also = {name: every[name] for name in names if name in every}
        candidates[f"proposed, and {' and '.join(names)}"] = in_force | told | also
    return candidates | {"growth model, all as fitted": in_force | every}
