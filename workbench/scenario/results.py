"""What comes of a scenario, as documented tables."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
import pandas as pd

from workbench.growth.absorb import INTERVAL_LEVEL, Absorption, any_breach
from workbench.growth.kernel.layout import NOT_JOINED, SERIES
from workbench.growth.simulate import Trajectories
from workbench.measures.intervals import Interval
from workbench.measures.nested import VarianceParts, nested_share
from workbench.parameters.limits import LIMITS
from workbench.parameters.scenario import JoinerKind, Scenario

ANY_LIMIT = "any limit"
QUANTILES = {"p05": 0.05, "p25": 0.25, "p50": 0.5, "p75": 0.75, "p95": 0.95}


@dataclass(frozen=True)
class TrustAbsorption:
    """An absorption answer with the trust, scenario and starting values it rests on.

    Attributes:
        trust: Name of the trust.
        uid: Its group UID.
        scenario: The scenario whose joiners, pace and policy were used.
        absorption: The answer.
        starting: Register of starting values (`Prepared.register`).
        notes: Sentences on what was assumed of this trust.
        terms: Names of the simulated terms.
    """

    trust: str
    uid: int
    scenario: Scenario
    absorption: Absorption
    starting: pd.DataFrame
    notes: tuple[str, ...]
    terms: tuple[str, ...]

    def as_json(self) -> dict[str, Any]:
        """Return the answer as plain data."""
        return {
            "trust": self.trust,
            "uid": self.uid,
            "scenario": self.scenario.title,
            "first_term": self.terms[0],
            "last_term": self.terms[-1],
            **self.absorption.as_json(),
            "starting": self.starting.to_dict("records"),
            "notes": list(self.notes),
        }


@dataclass(frozen=True)
class ScenarioResult:
    """What came of a scenario.

    Attributes:
        trust: Name of the trust.
        uid: Its group UID.
        scenario: The scenario.
        joiners: Number of schools planned to join.
        terms: Names of the simulated terms.
        fans: One row a measure and term: measure, term, index, mean, p05, p25, p50, p75, p95, n.
        breach: One row a judged limit (and any limit) and term: limit, term, index, probability of
            a breach by the end of that term, lower, upper.
        hold: Probability that every limit holds throughout.
        hold_without: The same, had no school joined.
        epistemic_sd: Spread of `hold` across draws of the parameters; None if not told apart.
        variance: Where the variance of one future's outcome (every limit holds, or not) comes from:
            what we do not know, and chance; None if not told apart.
        time_to_secure: One row a joiner: joiner, phase, band, joined_share, secure_share, and the
            median, p25 and p75 terms from joining to secure among futures where it became so.
        futures: One row a trajectory: values of each measure at the end, breached, first_limit.
        starting: Register of starting values (`Prepared.register`).
        notes: Sentences on what was assumed of this trust.
        replicates: Trajectories.
        draws: Draws of the parameters among them.
        seed: Seed of every stream.
    """

    trust: str
    uid: int
    scenario: Scenario
    joiners: int
    terms: tuple[str, ...]
    fans: pd.DataFrame
    breach: pd.DataFrame
    hold: Interval
    hold_without: Interval
    epistemic_sd: float | None
    variance: VarianceParts | None
    time_to_secure: pd.DataFrame
    futures: pd.DataFrame
    starting: pd.DataFrame
    notes: tuple[str, ...]
    replicates: int
    draws: int
    seed: int

    @property
    def judged(self) -> tuple[str, ...]:
        """Names of the limits that were judged."""
        return tuple(limit for limit in LIMITS if (self.breach["limit"] == limit).any())

    def as_json(self) -> dict[str, Any]:
        """Return the result as plain data, without the single futures."""
        return {
            "trust": self.trust,
            "uid": self.uid,
            "scenario": self.scenario.title,
            "joiners": self.joiners,
            "replicates": self.replicates,
            "draws": self.draws,
            "seed": self.seed,
            "interval_level": INTERVAL_LEVEL,
            "hold": _interval_json(self.hold),
            "hold_without_joiners": _interval_json(self.hold_without),
            "epistemic_sd": self.epistemic_sd,
            "variance": None if self.variance is None else asdict(self.variance),
            "breach": self.breach.to_dict("records"),
            "fans": self.fans.to_dict("records"),
            "time_to_secure": self.time_to_secure.to_dict("records"),
            "starting": self.starting.to_dict("records"),
            "notes": list(self.notes),
        }


def _interval_json(interval: Interval) -> dict[str, float]:
    return {"probability": interval.estimate, "lower": interval.lower, "upper": interval.upper}


def fans(result: Trajectories, terms: Sequence[str]) -> pd.DataFrame:
    """Return the fans of `ScenarioResult`."""
    quantiles = np.quantile(result.series, list(QUANTILES.values()), axis=0)
    means = result.series.mean(axis=0)
    tables = []
    for m, measure in enumerate(SERIES):
        table = pd.DataFrame({"measure": measure, "term": terms, "index": range(len(terms))})
        table["mean"] = means[:, m]
        for name, values in zip(QUANTILES, quantiles, strict=True):
            table[name] = values[:, m]
        table["n"] = len(result.series)
        tables.append(table)
    return pd.concat(tables, ignore_index=True)


def breach_by_term(
    result: Trajectories, terms: Sequence[str], judged: Sequence[str]
) -> pd.DataFrame:
    """Return the breach probabilities of `ScenarioResult`, of the limits that are judged."""
    first = np.where(result.breach < 0, len(terms), result.breach)
    by_limit = {limit: first[:, i] for i, limit in enumerate(LIMITS) if limit in judged}
    rows = []
    for limit, when in (by_limit | {ANY_LIMIT: first.min(axis=1)}).items():
        for t, term in enumerate(terms):
            share = nested_share(when <= t, result.events, INTERVAL_LEVEL)
            rows.append((limit, term, t, share.estimate, share.lower, share.upper))
    return pd.DataFrame(rows, columns=["limit", "term", "index", "probability", "lower", "upper"])


def time_to_secure(result: Trajectories, kinds: Sequence[JoinerKind]) -> pd.DataFrame:
    """Return the times to secure of `ScenarioResult`."""
    rows = []
    existing = result.secured.shape[1] - len(kinds)
    for j, kind in enumerate(kinds):
        terms = result.secured[:, existing + j]
        reached = terms[terms >= 0]
        p25, p50, p75 = np.quantile(reached, [0.25, 0.5, 0.75]) if len(reached) else [np.nan] * 3
        rows.append(
            {
                "joiner": j + 1,
                "phase": kind.phase,
                "band": kind.band,
                "joined_share": float((terms != NOT_JOINED).mean()),
                "secure_share": float((terms >= 0).mean()),
                "p25": p25,
                "median": p50,
                "p75": p75,
            }
        )
    columns = ["joiner", "phase", "band", "joined_share", "secure_share", "p25", "median", "p75"]
    return pd.DataFrame(rows, columns=columns)


def futures(result: Trajectories) -> pd.DataFrame:
    """Return the futures of `ScenarioResult`."""
    table = pd.DataFrame(result.series[:, -1, :], columns=list(SERIES))
    breached = any_breach(result.breach)
    order = np.where(result.breach < 0, np.iinfo(np.int16).max, result.breach).argmin(axis=1)
    table["breached"] = breached
    table["first_limit"] = np.where(breached, np.array(LIMITS, dtype=object)[order], "")
    return table
