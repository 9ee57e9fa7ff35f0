"""Panels of inspections made from planted numbers, to see whether fitting finds them again."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

import numpy as np
import numpy.typing as npt
import pandas as pd

from workbench.growth.calibrate.chain import MOVES, STATES, decompose, long_run, transitions
from workbench.growth.calibrate.form import FRAIL_MOVES, seen_as
from workbench.growth.calibrate.visits import DAYS_A_YEAR

Floats = npt.NDArray[np.float64]

BEGINS = np.datetime64("2006-09-01")
FIRST_URN = 900001


@dataclass(frozen=True)
class Planted:
    """What a made panel truly is.

    Attributes:
        moves: Moves a year of a school whose covariates are 0, by the names of `MOVES`.
        effects: Logarithm of the ratio by which one more of a covariate multiplies rises and falls.
        errors: Chances that an inspection sees a band too low and too high.
        frail_share: Share of schools that are frail.
        frail_ratio: Their intensity of rising out of the weak bands, over that of others.
        waits: Shortest and longest years to the next inspection, by the band last seen.
    """

    moves: Mapping[str, float] = field(
        default_factory=lambda: MappingProxyType(
            dict(zip(MOVES, (0.60, 0.45, 0.05, 0.06, 0.09, 0.16), strict=True))
        )
    )
    effects: Mapping[str, tuple[float, float]] = field(default_factory=dict)
    errors: tuple[float, float] = (0.04, 0.06)
    frail_share: float = 0.0
    frail_ratio: float = 0.2
    waits: tuple[tuple[float, float], ...] = ((1.0, 2.0), (1.5, 2.5), (2.5, 4.5), (3.0, 6.0))


def planted_panel(planted: Planted, schools: int, years: float, seed: int) -> pd.DataFrame:
    """Return the inspections of made-up schools over some years.

    True bands start from the long run and move in continuous time. Weak schools are seen again
    sooner because they were seen to be weak, never because they are: times can be ignored.
    Covariates are 0 or 1, evenly, and do not change. No school here exists.

    Args:
        planted: What the panel truly is.
        schools: How many.
        years: How long inspections are kept up.
        seed: The same seed gives the same panel.

    Returns:
        `urn`, `date`, `band`, a column for each covariate, and `frail`, which nobody could see.
    """
    draws = np.random.Generator(np.random.Philox(seed))
    x = draws.integers(0, 2, (schools, len(planted.effects))).astype(float)
    frail = draws.random(schools) < planted.frail_share
    chains = decompose(_intensities(planted, x, frail))
    seen = seen_as(*planted.errors)
    true = _pick(long_run(chains.intensities), draws)
    day = draws.random(schools) * 365.0
    waits = np.array(planted.waits) * DAYS_A_YEAR
    every, pieces = np.arange(schools), []
    while len(every):
        band = _pick(seen[true[every]], draws)
        piece = pd.DataFrame({"urn": FIRST_URN + every, "band": band})
        piece["date"] = BEGINS + np.floor(day[every]).astype("timedelta64[D]")
        piece[list(planted.effects)] = x[every]
        pieces.append(piece.assign(frail=frail[every]))
        low, high = waits[band].T
        waited = np.floor(low + (high - low) * draws.random(len(every)))
        moved = transitions(chains, every, waited / DAYS_A_YEAR)
        true[every] = _pick(moved[np.arange(len(every)), true[every]], draws)
        day[every] = np.floor(day[every]) + waited
        every = every[day[every] <= years * DAYS_A_YEAR]
    panel = pd.concat(pieces).sort_values(["urn", "date"], ignore_index=True)
    order = ["urn", "date", "band", *planted.effects, "frail"]
    return panel[order].astype({"date": "datetime64[s]", "band": "int64"})


def _intensities(planted: Planted, x: Floats, frail: npt.NDArray[np.bool_]) -> Floats:
    logs = np.log([planted.moves[move] for move in MOVES])[None, :].repeat(len(x), axis=0)
    for column, (rise, fall) in zip(x.T, planted.effects.values(), strict=True):
        logs += column[:, None] * np.repeat([rise, fall], len(MOVES) // 2)
    logs += np.log(planted.frail_ratio) * frail[:, None] * FRAIL_MOVES
    return np.asarray(np.exp(logs))


def _pick(chances: Floats, draws: np.random.Generator) -> npt.NDArray[np.int64]:
    """Return one band for each row of chances."""
    edges = np.cumsum(chances[:, : STATES - 1], axis=1)
    return np.asarray((draws.random(len(chances))[:, None] > edges).sum(axis=1), dtype=np.int64)
