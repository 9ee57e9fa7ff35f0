"""The form of the fitted model: which numbers it has, and what they make of a school."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Literal

import numpy as np
import numpy.typing as npt

from workbench.errors import BadInput
from workbench.growth.calibrate.chain import MOVES, ORIGINS, STATES, STEPS
from workbench.parameters.model import BANDS

Floats = npt.NDArray[np.float64]
Acts = Literal[
    "direction", "move", "rise", "fall",
    "rise_urgent", "rise_attention", "rise_secure", "fall_attention", "fall_secure", "fall_strong",
]  # fmt: skip

REFERENCE_BAND = 2  # starting mixes are told against secure, the commonest band
FREE_BANDS = tuple(band for band in range(STATES) if band != REFERENCE_BAND)
_RISING = np.arange(2 * STEPS) < STEPS
# A frail school rises less readily out of the two weak bands, as in the simulation.
FRAIL_MOVES = _RISING & (ORIGINS <= 1)
# Errors of inspection, band by band: the true band and the band seen.
ERRORS = ((1, 0), (2, 1), (3, 2), (0, 1), (1, 2), (2, 3))
# By detailed balance frail schools start rarer by the ratio for each weak band below them.
FRAIL_STEPS = np.array([0.0, 1.0, 2.0, 2.0])


@dataclass(frozen=True)
class Form:
    """Which numbers the model has.

    Attributes:
        covariates: Columns that move the intensities, on the scale of logarithms.
        acts: What a covariate moves: all rises by one coefficient and all falls by another
            (`direction`, where not named), each move by its own (`move`), rises or falls alone, or
            the moves named.
        errors: Chances that an inspection sees a school one band below and one band above the
            truth, held fixed; or fitted, the same two for all bands as the simulation has them
            (`shared`), or a pair for each band (`by band`).
        frailty: Whether some schools rise less readily out of weakness, for good.
        strata: Names of the starting mixes of true bands.
    """

    covariates: tuple[str, ...] = ()
    acts: Mapping[str, tuple[Acts, ...]] = field(default_factory=dict)
    errors: tuple[float, float] | Literal["shared", "by band"] = "shared"
    frailty: bool = False
    strata: tuple[str, ...] = ("all",)

    def __post_init__(self) -> None:
        stray = set(self.acts) - set(self.covariates)
        if stray:
            raise BadInput(
                f"{', '.join(sorted(stray))} is no covariate of the model",
                rule="only covariates act",
                mend="name it among the covariates too",
            )
        fixed = None if isinstance(self.errors, str) else self.errors
        if fixed and not (min(fixed) >= 0 and sum(fixed) < 0.5):
            raise BadInput(
                f"errors of inspection of {fixed[0]:g} and {fixed[1]:g} cannot be",
                rule="0 or more, and less than a half together",
                mend="give the chances of seeing a school a band too low and too high",
            )

    @cached_property
    def coefficients(self) -> tuple[tuple[int, Floats], ...]:
        """Each coefficient: its covariate's place, and 1 for each move that it acts on."""
        found: list[tuple[int, Floats]] = []
        for place, name in enumerate(self.covariates):
            for acts in self.acts.get(name, ("direction",)):
                found += [(place, mask) for mask in _masks(acts)]
        return tuple(found)

    @cached_property
    def names(self) -> tuple[str, ...]:
        """Names of the numbers, in order."""
        names = [f"log {move}" for move in MOVES]
        for place, mask in self.coefficients:
            names.append(f"{self.covariates[place]}: {_said(mask)}")
        names += [f"start {s}: {BANDS[band]}" for s in self.strata for band in FREE_BANDS]
        if self.errors == "shared":
            names += ["logit error_low", "logit error_high"]
        elif self.errors == "by band":
            names += [f"logit {BANDS[true]} seen as {BANDS[seen]}" for true, seen in ERRORS]
        if self.frailty:
            names += ["log frail_ratio", "logit frail_share"]
        return tuple(names)

    @property
    def classes(self) -> int:
        """Kinds of school: 2 where some are frail."""
        return 2 if self.frailty else 1

    def slices(self) -> dict[str, slice]:
        """Return where each group of numbers stands."""
        found, first = {}, 0
        lengths = {
            "baseline": len(MOVES),
            "effects": len(self.coefficients),
            "start": len(self.strata) * len(FREE_BANDS),
            "errors": {"shared": 2, "by band": len(ERRORS)}.get(str(self.errors), 0),
            "frailty": 2 if self.frailty else 0,
        }
        for name, length in lengths.items():
            found[name] = slice(first, first + length)
            first += length
        return found


def _masks(acts: Acts) -> list[Floats]:
    rising, each = _RISING.astype(float), np.eye(2 * STEPS)
    if acts in MOVES:
        return [each[MOVES.index(acts)]]
    ways = {"direction": [rising, 1.0 - rising], "rise": [rising], "fall": [1.0 - rising]}
    return ways[acts] if acts != "move" else list(each)


def _said(mask: Floats) -> str:
    if mask.sum() == 1:
        return MOVES[int(mask.argmax())]
    return "rises" if mask[0] else "falls"


@dataclass(frozen=True, eq=False)
class Numbers:
    """What a vector of numbers says.

    Attributes:
        log_intensities: Of each class and each row of covariates, K x C x 6, a year.
        start: Mix of true bands of each class and stratum, K x strata x 4.
        share: Share of each class, length K.
        seen: Chance of each band seen given the true one, 4 x 4.
    """

    log_intensities: Floats
    start: Floats
    share: Floats
    seen: Floats


def read_numbers(form: Form, theta: Floats, rows: Floats) -> Numbers:
    """Return what a vector of numbers says of some rows of covariates, each less its mean."""
    at = form.slices()
    logs = np.repeat(theta[at["baseline"]][None, :], len(rows), axis=0)
    for (place, mask), value in zip(form.coefficients, theta[at["effects"]], strict=True):
        logs = logs + value * rows[:, place, None] * mask
    weights = np.zeros((len(form.strata), STATES))
    weights[:, FREE_BANDS] = theta[at["start"]].reshape(len(form.strata), -1)
    by_class, mixes, share = [logs], [weights], np.ones(1)
    if form.frailty:
        ratio, frail = theta[at["frailty"]]
        by_class.append(logs + ratio * FRAIL_MOVES)
        mixes.append(weights + ratio * FRAIL_STEPS)
        share = np.array([1.0 - _expit(frail), _expit(frail)])
    seen = _seen(form, theta[at["errors"]])
    return Numbers(np.stack(by_class), _softmax(np.stack(mixes)), share, seen)


def _seen(form: Form, logits: Floats) -> Floats:
    """Return the chance of each band seen given the true one."""
    if not isinstance(form.errors, str):
        return seen_as(*form.errors)
    powers = np.exp(logits)
    if form.errors == "shared":
        low, high = powers / (1.0 + powers.sum())
        return seen_as(float(low), float(high))
    weights = np.eye(STATES)
    weights[tuple(np.array(ERRORS).T)] = powers
    return np.asarray(weights / weights.sum(axis=1, keepdims=True))


def seen_as(low: float, high: float) -> Floats:
    """Return the chance of each band seen given the true one, 4 x 4, as the simulation has it.

    Inspectors are at most one band off; nothing is seen below urgent or above strong.

    Args:
        low: Chance of seeing a school one band below the truth (`error_low`).
        high: Chance of seeing it one band above (`error_high`).
    """
    seen = np.zeros((STATES, STATES))
    states = np.arange(STATES)
    np.add.at(seen, (states, np.maximum(states - 1, 0)), low)
    np.add.at(seen, (states, np.minimum(states + 1, STATES - 1)), high)
    seen[states, states] += 1.0 - low - high
    return seen


def starting_numbers(form: Form, moves: Sequence[float], errors: tuple[float, float]) -> Floats:
    """Return numbers to begin a search from: no effects, an even start, mild frailty.

    Args:
        form: The form of the model.
        moves: Moves a year, in the order of `MOVES`.
        errors: Errors of inspection to begin from, where they are fitted.
    """
    at, theta = form.slices(), np.zeros(len(form.names))
    theta[at["baseline"]] = np.log(moves)
    theta[at["start"]] = np.tile([-2.0, -1.0, -1.5], len(form.strata))
    if isinstance(form.errors, str):
        each = np.log(np.array(errors) / (1.0 - sum(errors)))
        theta[at["errors"]] = each if form.errors == "shared" else np.repeat(each, STEPS)
    if form.frailty:
        theta[at["frailty"]] = (-1.0, -1.5)
    return theta


def frail_second(form: Form, theta: Floats) -> Floats:
    """Return the same model with the class that rises less readily in second place.

    Which of two classes comes first is nobody's business but the reader's: a search may end with
    them the other way round.
    """
    at = form.slices()
    if not form.frailty or theta[at["frailty"]][0] <= 0.0:
        return theta
    turned, ratio = theta.copy(), theta[at["frailty"]][0]
    turned[at["baseline"]] += ratio * FRAIL_MOVES
    steps = FRAIL_STEPS[list(FREE_BANDS)] - FRAIL_STEPS[REFERENCE_BAND]
    turned[at["start"]] += np.tile(ratio * steps, len(form.strata))
    turned[at["frailty"]] *= -1.0
    return np.asarray(turned)


def _expit(value: float) -> float:
    return float(1.0 / (1.0 + np.exp(-value)))


def _softmax(weights: Floats) -> Floats:
    powers = np.exp(weights - weights.max(axis=-1, keepdims=True))
    return np.asarray(powers / powers.sum(axis=-1, keepdims=True))
