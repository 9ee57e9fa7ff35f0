"""How likely the grades seen are, and how that changes with each number of the model.

A hidden Markov model in continuous time: true bands move between visits, and each visit sees the
band not quite. C. H. Jackson, L. D. Sharples, S. G. Thompson, S. W. Duffy and E. Couto, "Multistate
Markov models for disease progression with classification error", The Statistician 52, 2003.

Times of visits are taken as given. That is right where the next visit may depend on grades already
seen and on the day, and not on the unseen true band (J. Gruger, R. Kay and M. Schumacher, "The
validity of inferences based on incomplete observations in disease state models", Biometrics 47,
1991): weak schools are seen again sooner because they were seen to be weak.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from workbench.growth.calibrate.chain import (
    MOVES,
    STATES,
    Chains,
    decompose,
    slopes,
    transitions,
)
from workbench.growth.calibrate.form import (
    ERRORS,
    FRAIL_MOVES,
    FRAIL_STEPS,
    FREE_BANDS,
    Form,
    Numbers,
    read_numbers,
)
from workbench.growth.calibrate.visits import UNSEEN, Visits

Floats = npt.NDArray[np.float64]
LEAST = 1e-300  # a chance this small is told from 0, so that a logarithm exists


@dataclass(frozen=True, eq=False)
class Forward:
    """One class of schools, followed forward through their visits.

    Attributes:
        chains: The chains of each row of covariates.
        moved: Transition probabilities over the years before each visit, R x 4 x 4.
        known: Chance of each true band just after each visit, R x 4.
        expected: Chance of each true band just before it, R x 4.
        scale: Chance of the grade seen given those before it, length R; 1 where nobody looked.
        log_likelihood: Of each series, length S.
    """

    chains: Chains
    moved: Floats
    known: Floats
    expected: Floats
    scale: Floats
    log_likelihood: Floats


def log_likelihood(form: Form, visits: Visits, theta: Floats) -> float:
    """Return the logarithm of the likelihood of all grades seen."""
    numbers = read_numbers(form, theta, visits.rows)
    return float(_mixed(numbers, follow(form, visits, numbers))[0].sum())


def with_gradient(form: Form, visits: Visits, theta: Floats) -> tuple[float, Floats]:
    """Return the log-likelihood and its derivative by each number of the model.

    The derivative is an average over what is unseen, given what was seen (R. A. Fisher's identity),
    from one recursion forward and one back.
    """
    numbers = read_numbers(form, theta, visits.rows)
    followed = follow(form, visits, numbers)
    total, chance = _mixed(numbers, followed)
    gradient, at = np.zeros(len(theta)), form.slices()
    to_errors = np.zeros((STATES, STATES))
    for which, forward in enumerate(followed):
        weights = chance[:, which]
        moves, first, seen = _backward(visits, numbers, forward, weights)
        gradient[at["baseline"]] += moves.sum(axis=0)
        by_row = visits.rows.T @ moves
        gradient[at["effects"]] += [by_row[place] @ mask for place, mask in form.coefficients]
        held = np.zeros((len(form.strata), STATES))
        np.add.at(held, visits.stratum, first)
        counted = np.bincount(visits.stratum, weights, len(form.strata))
        away = held - counted[:, None] * numbers.start[which]
        gradient[at["start"]] += away[:, FREE_BANDS].ravel()
        to_errors += seen
        if which:
            ratio = moves.sum(axis=0) @ FRAIL_MOVES + away.sum(axis=0) @ FRAIL_STEPS
            gradient[at["frailty"]] += (ratio, weights.sum() - len(weights) * numbers.share[1])
    if isinstance(form.errors, str):
        gradient[at["errors"]] = _error_slopes(form, numbers.seen, to_errors)
    return float(total.sum()), gradient


def follow(form: Form, visits: Visits, numbers: Numbers) -> list[Forward]:
    """Return every class of schools followed forward."""
    return [_forward(visits, numbers, which) for which in range(form.classes)]


def class_chances(numbers: Numbers, followed: list[Forward]) -> Floats:
    """Return the chance that each series is of each class, given all its grades, S x K."""
    return _mixed(numbers, followed)[1]


def _mixed(numbers: Numbers, followed: list[Forward]) -> tuple[Floats, Floats]:
    """Return each series' log-likelihood over classes, and the chance of each class given it."""
    with np.errstate(divide="ignore"):  # a class of no share has a logarithm of minus infinity
        logs = np.log(numbers.share) + np.stack([one.log_likelihood for one in followed], axis=1)
    top = logs.max(axis=1, keepdims=True)
    powers = np.exp(logs - top)
    total = powers.sum(axis=1, keepdims=True)
    return (top + np.log(total))[:, 0], powers / total


def _forward(visits: Visits, numbers: Numbers, which: int) -> Forward:
    chains = decompose(np.exp(numbers.log_intensities[which]))
    moved = transitions(chains, visits.row, visits.years)
    emitted = _emitted(visits, numbers)
    known, expected = np.empty((2, len(visits.band), STATES))
    scale = np.ones(len(visits.band))
    before = numbers.start[which][visits.stratum]
    for layer, (start, size) in enumerate(zip(visits.starts, visits.sizes, strict=True)):
        rows = slice(start, start + size)
        here = before[:size]
        if layer:
            here = (here[:, None, :] @ moved[rows])[:, 0, :]
        expected[rows] = here
        joint = here * emitted[rows]
        scale[rows] = np.maximum(joint.sum(axis=1), LEAST)
        before = known[rows] = joint / scale[rows, None]
    by_series: Floats = np.zeros(len(visits.urns))
    np.add.at(by_series, visits.series, np.log(scale))
    return Forward(chains, moved, known, expected, scale, by_series)


def _emitted(visits: Visits, numbers: Numbers) -> Floats:
    """Return the chance of what each visit saw, by true band, R x 4; 1 where nobody looked."""
    chances = numbers.seen.T[np.maximum(visits.band, 0)]
    chances[visits.band == UNSEEN] = 1.0
    return np.asarray(chances)


def _backward(
    visits: Visits, numbers: Numbers, forward: Forward, weights: Floats
) -> tuple[Floats, Floats, Floats]:
    """Return the slopes by log intensity (C x 6), first bands (S x 4) and bands seen (4 x 4).

    Args:
        visits: The visits.
        numbers: What the model's numbers say.
        forward: The class followed forward.
        weights: Chance that each series is of the class, length S.
    """
    after = np.ones((len(visits.band), STATES))
    joint = np.zeros((len(visits.band), STATES, STATES))
    told = _emitted(visits, numbers) / forward.scale[:, None]
    starts, sizes = visits.starts, visits.sizes
    for layer in range(len(sizes) - 1, 0, -1):
        rows = slice(starts[layer], starts[layer] + sizes[layer])
        earlier = slice(starts[layer - 1], starts[layer - 1] + sizes[layer])
        ahead = told[rows] * after[rows]
        after[earlier] = (forward.moved[rows] @ ahead[:, :, None])[:, :, 0]
        joint[rows] = forward.known[earlier][:, :, None] * ahead[:, None, :]
    joint *= weights[visits.series, None, None]
    later = slice(starts[1] if len(sizes) > 1 else len(joint), None)
    moves = (
        slopes(forward.chains, visits.row[later], visits.years[later], joint[later])
        if len(sizes) > 1
        else np.zeros((len(visits.rows), len(MOVES)))
    )
    held = forward.known * after * weights[visits.series, None]
    looked = visits.band != UNSEEN
    seen = np.zeros((STATES, STATES))
    for band in range(STATES):
        seen[:, band] = held[looked & (visits.band == band)].sum(axis=0)
    return moves, held[: sizes[0]], seen


def _error_slopes(form: Form, seen: Floats, counted: Floats) -> Floats:
    """Return slopes by the logits of error, from expected numbers of true and seen bands."""
    if form.errors == "by band":
        away = counted - counted.sum(axis=1, keepdims=True) * seen
        return np.asarray(away[tuple(np.array(ERRORS).T)])
    low, high = float(seen[1, 0]), float(seen[1, 2])
    below, above = np.diag(counted, -1).sum(), np.diag(counted, 1).sum()
    right = (counted[1, 1] + counted[2, 2]) / (1.0 - low - high)
    # At the ends an error in one direction is seen as the truth.
    to_low = below / low - right - counted[-1, -1] / (1.0 - low)
    to_high = above / high - right - counted[0, 0] / (1.0 - high)
    pull = low * to_low + high * to_high
    return np.array([low * (to_low - pull), high * (to_high - pull)])
