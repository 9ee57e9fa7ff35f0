"""Tables that set scenarios against each other, from the same futures of each."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import combinations, permutations
from types import MappingProxyType

import numpy as np
import numpy.typing as npt
import pandas as pd

from workbench.growth.absorb import INTERVAL_LEVEL
from workbench.growth.kernel.layout import SERIES
from workbench.measures.choices import first_order, regrets, robustness, share_error, undominated
from workbench.measures.intervals import Interval, proportion_interval
from workbench.measures.nested import nested_difference
from workbench.measures.paired import Values, draw_values, mean_over_draws, paired_difference
from workbench.parameters.limits import TrustSettings
from workbench.scenario.pairs import PairedRun

# What a plan is chosen by; more is better.
DECIDING = ("hold", "pupils_secure", "reserves_share")
# What is compared at the end, in this order; of extra risk less is better.
COMPARED = (
    "hold", "extra_breach", "secure_share", "existing_secure_share", "pupils_secure_share",
    "pupils_secure", "reserves_share",
)  # fmt: skip
BY_TERM = ("broken", "secure_share", "existing_secure_share", "pupils_secure_share")
REQUIREMENTS = MappingProxyType({"hold": "confidence", "extra_breach": "tolerance"})
MET = ("met", "surely", "perhaps", "with_half", "lower", "upper")
Outcomes = Mapping[str, pd.DataFrame]


def differences(found: Outcomes, events: int) -> pd.DataFrame:
    """Return every scenario's lead over every later one, paired future by future.

    Args:
        found: `pairs.outcomes` by scenario.
        events: Futures for each draw.

    Returns:
        Columns scenario, other, measure, value, other_value, difference, lower, upper (95%).
    """
    rows = []
    for (name, own), (other, theirs) in combinations(found.items(), 2):
        for measure in COMPARED:
            value, against = _values(own, measure), _values(theirs, measure)
            apart = _difference(measure, value, against, events)
            rows.append((name, other, measure, value.mean(), against.mean(), *_ends(apart)))
    columns = ["scenario", "other", "measure", "value", "other_value", "difference"]
    return pd.DataFrame(rows, columns=[*columns, "lower", "upper"])


def differences_by_term(runs: Mapping[str, PairedRun]) -> pd.DataFrame:
    """Return each scenario's lead over every later one, term by term, paired.

    `broken` is the share of futures in which any limit has been broken by the end of the term.
    Terms are counted from each scenario's own first.

    Returns:
        Columns scenario, other, measure, index, difference, lower, upper (95%).
    """
    rows = []
    for (name, own), (other, theirs) in combinations(runs.items(), 2):
        for measure in BY_TERM:
            for t in range(min(len(own.terms), len(theirs.terms))):
                value, against = _at(own, measure, t), _at(theirs, measure, t)
                kind = "hold" if measure == "broken" else measure
                apart = _difference(kind, value, against, own.events)
                rows.append((name, other, measure, t, *_ends(apart)))
    columns = ["scenario", "other", "measure", "index", "difference", "lower", "upper"]
    return pd.DataFrame(rows, columns=columns)


def by_draw(found: Outcomes, events: int) -> pd.DataFrame:
    """Return each scenario's values in each draw of the parameters, means over its futures.

    Returns:
        Columns scenario, draw, and those of `COMPARED`.
    """
    tables = []
    for name, own in found.items():
        table = pd.DataFrame(
            {measure: draw_values(_values(own, measure), events) for measure in COMPARED}
        )
        table.insert(0, "draw", range(len(table)))
        table.insert(0, "scenario", name)
        tables.append(table)
    return pd.concat(tables, ignore_index=True)


def regret_table(found: Outcomes, events: int) -> pd.DataFrame:
    """Return each scenario's regret in each measure that decides.

    Returns:
        Columns measure, scenario, and the fields of `choices.Regret`.
    """
    rows = []
    for measure in DECIDING:
        values = np.array([draw_values(_values(own, measure), events) for own in found.values()])
        halves = np.array([_halves(_values(own, measure), events) for own in found.values()])
        for name, one in zip(found, regrets(values, (halves[:, 0], halves[:, 1])), strict=True):
            rows.append({"measure": measure, "scenario": name} | vars(one))
    return pd.DataFrame(rows)


def robustness_table(found: Outcomes, events: int, settings: TrustSettings) -> pd.DataFrame:
    """Return in how many draws each scenario meets what the board asks for.

    Two requirements: that every limit holds with the board's confidence, and that the risk the
    joiners add is within its tolerance. Added risk is judged only in draws that leave it room:
    where the trust alone breaks a limit more often than the board's ceiling, it would seem small
    whatever the plan.

    Returns:
        Columns requirement, scenario, required, room (share of draws that are judged), and of
        these met, surely, perhaps, with_half, lower, upper (95%, from the number of draws alone);
        all six are missing where no draw leaves room.
    """
    rows = []
    for measure, named in REQUIREMENTS.items():
        asked = float(getattr(settings.risk, named).value)
        for name, own in found.items():
            judged = np.ones(len(own) // events, dtype=bool)
            if measure != "hold":
                alone = draw_values(_values(own, "hold_without"), events)
                judged = 1.0 - alone <= settings.risk.baseline_ceiling.value + 1e-9
            row: dict[str, object] = {"requirement": measure, "scenario": name, "required": asked}
            row["room"] = float(judged.mean())
            rows.append(row | _meets(_values(own, measure), events, judged, measure, asked))
    return pd.DataFrame(rows, columns=["requirement", "scenario", "required", "room", *MET])


def _meets(
    values: Values, events: int, judged: npt.NDArray[np.bool_], measure: str, asked: float
) -> dict[str, float | None]:
    """Return `MET`: in how many of the draws judged the values are as asked."""
    draws = int(judged.sum())
    if not draws:
        return dict.fromkeys(MET)
    sign = 1.0 if measure == "hold" else -1.0
    means = draw_values(values, events)
    error = share_error(means, events) if measure == "hold" else _error(values, events)
    one = robustness(
        sign * means[judged],
        sign * _halves(values, events)[:, judged],
        error[judged],
        sign * asked,
        INTERVAL_LEVEL,
    )
    around = proportion_interval(round(one.met * draws), draws, confidence=INTERVAL_LEVEL)
    assert around is not None  # a draw was judged
    return vars(one) | {"lower": around.lower, "upper": around.upper}


def dominance_table(found: Outcomes, apart: pd.DataFrame) -> pd.DataFrame:
    """Return which scenarios no other matches in all measures that decide and beats in one.

    Args:
        found: `pairs.outcomes` by scenario.
        apart: What `differences` returned.

    Returns:
        Columns scenario, those of `DECIDING` (means), undominated, and beaten_by: the scenarios
        that are clearly better in one measure and clearly worse in none, separated by semicolons.
    """
    means = np.array([[_values(own, m).mean() for m in DECIDING] for own in found.values()])
    table = pd.DataFrame(means, columns=list(DECIDING))
    table.insert(0, "scenario", list(found))
    table["undominated"] = undominated(means)
    table["beaten_by"] = ["; ".join(clearly_better_than(name, apart)) for name in found]
    return table


def clearly_better_than(name: str, apart: pd.DataFrame) -> tuple[str, ...]:
    """Return scenarios clearly better than one in a measure that decides, and in none worse."""
    rows = apart[apart["measure"].isin(DECIDING)]
    ahead = pd.concat([
        rows[rows["other"] == name][["scenario", "lower", "upper"]],
        rows[rows["scenario"] == name].assign(
            scenario=lambda r: r["other"], lower=lambda r: -r["upper"], upper=lambda r: -r["lower"]
        )[["scenario", "lower", "upper"]],
    ])  # fmt: skip
    return tuple(
        str(other)
        for other, leads in ahead.groupby("scenario", sort=False)
        if (leads["lower"] > 0).any() and not (leads["upper"] < 0).any()
    )


def order_table(found: Outcomes, events: int) -> pd.DataFrame:
    """Return how each scenario's values over the draws stand to each other's, both ways.

    Returns:
        Columns measure, scenario, other, the fields of `choices.Order`, and dominates.
    """
    rows = []
    for measure in DECIDING:
        drawn = {name: draw_values(_values(own, measure), events) for name, own in found.items()}
        for name, other in permutations(found, 2):
            one = first_order(drawn[name], drawn[other], INTERVAL_LEVEL)
            rows.append(
                {"measure": measure, "scenario": name, "other": other}
                | vars(one)
                | {"dominates": one.dominates}
            )
    columns = ["measure", "scenario", "other", "better", "worse", "above", "below", "lead_lower",
               "dominates"]  # fmt: skip
    return pd.DataFrame(rows, columns=columns)


def mean_of(own: pd.DataFrame, measure: str, events: int) -> Interval:
    """Return the mean of a measure over a scenario's futures, with its interval."""
    return mean_over_draws(draw_values(_values(own, measure), events), INTERVAL_LEVEL)


def _values(own: pd.DataFrame, measure: str) -> Values:
    return own[measure].to_numpy(dtype=float)


def _at(own: PairedRun, measure: str, t: int) -> Values:
    if measure == "broken":
        breach = own.with_them.breach
        return np.asarray(((breach >= 0) & (breach <= t)).any(axis=1), dtype=float)
    return np.asarray(own.with_them.series[:, t, SERIES.index(measure)])


def _difference(measure: str, value: Values, against: Values, events: int) -> Interval:
    """Shares of futures keep a width where no difference was seen; other means need none."""
    if measure == "hold":
        return nested_difference(value > 0.5, against > 0.5, events, INTERVAL_LEVEL)
    return paired_difference(value, against, events, INTERVAL_LEVEL)


def _ends(interval: Interval) -> tuple[float, float, float]:
    return interval.estimate, interval.lower, interval.upper


def _halves(values: Values, events: int) -> npt.NDArray[np.float64]:
    """Return each draw's mean over the first and over the second half of its events, 2 x M."""
    split = values.reshape(-1, 2, events // 2).mean(axis=2)
    return np.ascontiguousarray(split.T)


def _error(values: Values, events: int) -> Values:
    """Return the standard error of each draw's mean, with two imagined events that disagree."""
    drawn = values.reshape(-1, events)
    padded = np.hstack([drawn, np.full((len(drawn), 1), 1.0), np.full((len(drawn), 1), -1.0)])
    return np.asarray(padded.std(axis=1, ddof=1) / np.sqrt(events + 2))
