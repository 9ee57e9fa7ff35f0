"""Composite indicators: many scores as one, with everything that leaves the one number open.

After OECD and JRC, "Handbook on constructing composite indicators: methodology and user guide",
2008, and M. Saisana, A. Saltelli and S. Tarantola, "Uncertainty and sensitivity analysis techniques
as tools for the quality assessment of composite indicators", JRSS A 168, 2005: weights, the way of
adding up and missing data are choices, so they are drawn like the errors of measurement.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache

import numpy as np
import numpy.typing as npt
from scipy import special

from workbench.errors import BadInput

Floats = npt.NDArray[np.float64]
FLOOR = 0.01  # a score of 0 would wipe out a geometric or harmonic mean
MISSING = ""  # what stands for all parts that are not measured; no part has an empty key


@dataclass(frozen=True)
class Part:
    """One score that goes into a composite.

    Attributes:
        key: Its name.
        score: How good, 0 to 1.
        lower: Lower end of the score's interval, 0 to 1.
        upper: Upper end; equal to `lower` where everything was counted.
        weight: Its importance, above 0, on any scale that the parts share.
        critical_failed: Whether it fails a test that no other part can make up for.
        confidence: Nominal coverage of the score's interval, between 0 and 1.
    """

    key: str
    score: float
    lower: float
    upper: float
    weight: float
    critical_failed: bool = False
    confidence: float = 0.95

    def __post_init__(self) -> None:
        if not self.key or not 0 <= self.lower <= self.score <= self.upper <= 1:
            raise BadInput(
                f"a score of {self.score:g} ({self.lower:g} to {self.upper:g}) cannot be",
                where=f"part '{self.key}'",
                rule="a name, and 0 <= lower <= score <= upper <= 1",
                mend="normalise score and interval to 0..1",
            )
        if not 0 < self.confidence < 1:
            raise BadInput(
                f"a confidence of {self.confidence:g} cannot be",
                where=f"part '{self.key}'",
                rule="0 < confidence < 1",
                mend="write 0.95 for 95%",
            )
        if not (self.weight > 0 and np.isfinite(self.weight)):
            raise BadInput(
                f"a weight of {self.weight:g} cannot be",
                where=f"part '{self.key}'",
                rule="above 0",
                mend="leave out a part that is not to count",
            )


@dataclass(frozen=True)
class Composite:
    """One score for many parts, with what the data and the choices leave open.

    Attributes:
        score: Arithmetic mean of the measured parts with declared weights, then the cap; 0 to 1.
        lower: Lower end of the interval.
        upper: Upper end of the interval.
        confidence: Share of the draws within the interval.
        draws: Scores under drawn errors, weights, methods and missing parts; read-only.
        measured_share: Share of the weight that is measured, 0 to 1.
        capped_by: Keys of the parts that fail a critical test, in order.
        without: Score without each part; empty where there is only one.
        methods: Score by way of adding up and weights.
    """

    score: float
    lower: float
    upper: float
    confidence: float
    draws: Floats = field(repr=False, compare=False)
    measured_share: float
    capped_by: tuple[str, ...]
    without: Mapping[str, float]
    methods: Mapping[str, float]


def normalise(value: float, worst: float, best: float) -> float:
    """Place a value between the worst (0) and the best (1) that counts; beyond them no further.

    Args:
        value: The value.
        worst: Where the score is 0; above `best` where less is better.
        best: Where the score is 1, in the same unit.

    Raises:
        BadInput: The two ends are the same, or a number is not finite.
    """
    if not np.isfinite([value, worst, best]).all() or worst == best:
        raise BadInput(
            f"{value:g} cannot be placed between {worst:g} and {best:g}",
            rule="finite numbers, and two different ends",
            mend="leave out what is not known, and state what is worst and what is best",
        )
    return float(np.clip((value - worst) / (best - worst), 0.0, 1.0))


def arithmetic_mean(scores: npt.ArrayLike, weights: npt.ArrayLike) -> float:
    """Return the weighted arithmetic mean: a high score makes up for a low one in full.

    Args:
        scores: Length n, at least one.
        weights: Length n, above 0 in total, on any scale.

    Raises:
        BadInput: Scores and weights do not fit together.
    """
    x, w = _weighed(scores, weights)
    return float(w @ x)


def geometric_mean(scores: npt.ArrayLike, weights: npt.ArrayLike, floor: float = FLOOR) -> float:
    """Return the weighted geometric mean: a high score makes up for a low one only in part.

    Args:
        scores: Length n, at least one, none negative.
        weights: Length n, above 0 in total, on any scale.
        floor: Lower scores count as this, above 0, so that a single 0 does not wipe out the rest;
            the result is still never above the arithmetic mean.

    Raises:
        BadInput: Scores and weights do not fit together.
    """
    x, w = _weighed(scores, weights, least=0.0)
    return min(float(np.exp(w @ np.log(np.maximum(x, floor)))), float(w @ x))


def harmonic_mean(scores: npt.ArrayLike, weights: npt.ArrayLike, floor: float = FLOOR) -> float:
    """Return the weighted harmonic mean: the lowest scores count most.

    Args:
        scores: Length n, at least one, none negative.
        weights: Length n, above 0 in total, on any scale.
        floor: Lower scores count as this, above 0; never above the arithmetic mean.

    Raises:
        BadInput: Scores and weights do not fit together.
    """
    x, w = _weighed(scores, weights, least=0.0)
    return min(float(1.0 / (w @ (1.0 / np.maximum(x, floor)))), float(w @ x))


def composite(
    parts: Sequence[Part],
    *,
    missing_weight: float = 0.0,
    floor: float | None = None,
    weight_spread: float = 0.2,
    draws: int = 2000,
    seed: int,
    of: str = "",
    confidence: float = 0.95,
) -> Composite | None:
    """Add parts up to one score with its uncertainty by Monte Carlo; None with no parts.

    Each draw takes a score for each part from a normal distribution in two halves that has the
    part's score as median and its interval's share of the draws between its ends, kept within 0 and
    1; weights from a Dirichlet distribution about the declared ones; and the arithmetic (even
    draws) or the geometric mean (odd draws). What is not measured may be anything: it is drawn
    evenly from 0 to 1. As a mean of more parts can vary less, the interval is never less than that
    of the measured parts alone: not to know must not look like precision. It always holds the
    score.

    A part that fails a critical test cannot be bought off: no score or draw goes above `floor`.

    The stream of each part is keyed by its name: order does not matter, and a part more or less
    leaves the draws of the others as they are.

    Args:
        parts: Measured parts, each key once.
        missing_weight: Weight of all parts that are not measured, on the scale of the parts'.
        floor: Highest score, 0 to 1, that a failing critical part leaves.
        weight_spread: Standard deviation of a drawn weight over that of all or nothing, 0 to below
            1: a part with a fifth of the weight has a standard deviation of 0.4 times this.
        draws: How many.
        seed: Seed. Composites with one seed share draws of weights and methods.
        of: What the composite is of, such as one of several units with the same parts: units with
            one seed and different names have independent errors of measurement.
        confidence: Share of the draws that the interval holds.

    Raises:
        BadInput: A number is out of range, a key is given twice, or no floor for a failing part.
    """
    _check(
        parts,
        missing_weight=missing_weight,
        floor=floor,
        weight_spread=weight_spread,
        draws=draws,
        confidence=confidence,
    )
    if not parts:
        return None
    ordered = sorted(parts, key=lambda part: part.key)
    capped = tuple(part.key for part in ordered if part.critical_failed)
    limit = floor if capped and floor is not None else 1.0
    keys = [part.key for part in ordered]
    weights = np.array([part.weight for part in ordered])
    scores = np.array([part.score for part in ordered])
    score = min(arithmetic_mean(scores, weights), limit)
    drawn = np.array([_part_draws(part, draws, seed, of) for part in ordered])
    measured = _added_up(drawn, _weight_draws(keys, weights, weight_spread, draws, seed))
    final, tails = measured, [0.5 - confidence / 2, 0.5 + confidence / 2]
    if missing_weight > 0:
        drawn = np.vstack([drawn, _uniform(draws, seed, "score", of, MISSING)])
        keys, whole = [*keys, MISSING], np.append(weights, missing_weight)
        final = _added_up(drawn, _weight_draws(keys, whole, weight_spread, draws, seed))
    ends = np.array([np.quantile(np.minimum(one, limit), tails) for one in (measured, final)])
    final = np.minimum(final, limit)
    final.setflags(write=False)
    return Composite(
        score=score,
        lower=min(score, float(ends[:, 0].min())),
        upper=max(score, float(ends[:, 1].max())),
        confidence=confidence,
        draws=final,
        measured_share=float(weights.sum() / (weights.sum() + missing_weight)),
        capped_by=capped,
        without=_without(ordered, floor),
        methods={name: min(one, limit) for name, one in _methods(scores, weights).items()},
    )


def _part_draws(part: Part, draws: int, seed: int, of: str) -> Floats:
    normal = special.ndtri(_uniform(draws, seed, "score", of, part.key))
    reach = float(special.ndtri(0.5 + part.confidence / 2))
    down, up = (part.score - part.lower) / reach, (part.upper - part.score) / reach
    return np.clip(part.score + np.where(normal < 0, down, up) * normal, 0.0, 1.0)


def _weight_draws(
    keys: Sequence[str], weights: Floats, spread: float, draws: int, seed: int
) -> Floats:
    """Draw weights from a Dirichlet distribution as gamma variates, keys x draws, adding up to 1.

    By the inverse of the distribution, so that one stream serves a weight of any size.
    """
    shares = weights / weights.sum()
    if spread == 0:
        return np.repeat(shares[:, None], draws, axis=1)
    size = 1.0 / spread**2 - 1.0
    gammas = np.array(
        [
            _gamma_draws(float(share * size), key, draws, seed)
            for share, key in zip(shares, keys, strict=True)
        ]
    )
    # A tiny shape can round every variate down to nothing: then the declared weights stand.
    total = gammas.sum(axis=0)
    possible = gammas / np.where(total > 0, total, 1.0)
    return np.asarray(np.where(total > 0, possible, shares[:, None]), dtype=float)


@lru_cache(maxsize=512)
def _gamma_draws(shape: float, key: str, draws: int, seed: int) -> Floats:
    """Draw gamma variates of one part; remembered, as units with the same parts share them."""
    found = np.asarray(special.gammaincinv(shape, _uniform(draws, seed, "weight", key)), float)
    found.setflags(write=False)
    return found


def _added_up(scores: Floats, weights: Floats) -> Floats:
    """Return the arithmetic mean of even draws and the geometric of odd ones."""
    straight = (weights * scores).sum(axis=0)
    bent = np.exp((weights * np.log(np.maximum(scores, FLOOR))).sum(axis=0))
    even = np.arange(scores.shape[1]) % 2 == 0
    # Lifted to the floor, scores near 0 must not end above their arithmetic mean.
    return np.asarray(np.where(even, straight, np.minimum(straight, bent)), dtype=float)


def _uniform(draws: int, seed: int, *names: str) -> Floats:
    """Draw from a stream keyed by seed and names, strictly between 0 and 1."""
    said = "\x1f".join([str(seed), *names]).encode()
    key = int.from_bytes(hashlib.blake2b(said, digest_size=16).digest(), "little")
    return np.random.Generator(np.random.Philox(key=key)).random(draws).clip(1e-12, 1 - 1e-12)


def _without(parts: Sequence[Part], floor: float | None) -> dict[str, float]:
    if len(parts) == 1:
        return {}
    found = {}
    for left_out in parts:
        rest = [part for part in parts if part is not left_out]
        mean = arithmetic_mean([part.score for part in rest], [part.weight for part in rest])
        failed = floor is not None and any(part.critical_failed for part in rest)
        found[left_out.key] = min(mean, floor) if failed and floor is not None else mean
    return found


def _methods(scores: Floats, weights: Floats) -> dict[str, float]:
    equal = np.ones_like(weights)
    return {
        "arithmetic mean, declared weights": arithmetic_mean(scores, weights),
        "arithmetic mean, equal weights": arithmetic_mean(scores, equal),
        "geometric mean, declared weights": geometric_mean(scores, weights),
        "geometric mean, equal weights": geometric_mean(scores, equal),
    }


def _weighed(
    scores: npt.ArrayLike, weights: npt.ArrayLike, least: float = -np.inf
) -> tuple[Floats, Floats]:
    x, w = np.asarray(scores, dtype=float), np.asarray(weights, dtype=float)
    alike = x.shape == w.shape and x.ndim == 1 and len(x) > 0
    known = bool(np.isfinite(x).all() and (x >= least).all())
    if not (alike and known and (w >= 0).all() and 0 < w.sum() < np.inf):
        raise BadInput(
            "these scores and weights cannot be added up",
            rule="one weight, 0 or more, for each score; above 0 in total; all known; no negative "
            "score in a geometric or harmonic mean",
            mend="leave out what is not known, together with its weight",
        )
    return x, w / w.sum()


def _check(
    parts: Sequence[Part],
    *,
    missing_weight: float,
    floor: float | None,
    weight_spread: float,
    draws: int,
    confidence: float,
) -> None:
    keys = [part.key for part in parts]
    failing = [part.key for part in parts if part.critical_failed]
    faults = {
        "a part is given twice": len(set(keys)) < len(keys),
        "a missing weight is 0 or more": not 0 <= missing_weight < np.inf,
        "a floor is from 0 to 1": floor is not None and not 0 <= floor <= 1,
        "a weight spread is from 0 to below 1": not 0 <= weight_spread < 1,
        "at least 2 draws": draws < 2,
        "0 < confidence < 1": not 0 < confidence < 1,
        f"a failing critical part needs a floor: {', '.join(failing)}": bool(failing)
        and floor is None,
    }
    for rule, broken in faults.items():
        if broken:
            raise BadInput("this composite cannot be built", rule=rule, mend="mend the parts")
