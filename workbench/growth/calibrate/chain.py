"""The chain of true bands in continuous time: intensities, transition matrices, and their slopes.

A school moves between neighbouring bands only, so the generator is a birth-and-death chain. It is
reversible, hence similar to a symmetric matrix, whose eigenvalues are real and whose decomposition
is safe (S. Karlin and J. McGregor, "The differential equations of birth-and-death processes",
Transactions of the American Mathematical Society 85, 1957). A stack of chains is decomposed at
once, and every interval of time then costs four exponentials.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from workbench.parameters.model import BANDS

Floats = npt.NDArray[np.float64]
Integers = npt.NDArray[np.int64]

STATES = len(BANDS)
STEPS = STATES - 1
# Moves in the order of the parameters: up from bands 0, 1, 2, then down from bands 1, 2, 3.
MOVES = ("rise_urgent", "rise_attention", "rise_secure",
         "fall_attention", "fall_secure", "fall_strong")  # fmt: skip
ORIGINS = np.array([0, 1, 2, 1, 2, 3])
TARGETS = np.array([1, 2, 3, 0, 1, 2])


@dataclass(frozen=True, eq=False)
class Chains:
    """A stack of C chains, decomposed: the generator is `right @ diag(values) @ left`.

    Attributes:
        intensities: Moves a year, C x 6, in the order of `MOVES`.
        values: Eigenvalues, C x 4.
        right: Right eigenvectors as columns, C x 4 x 4.
        left: The inverse of `right`, C x 4 x 4.
    """

    intensities: Floats
    values: Floats
    right: Floats
    left: Floats


def decompose(intensities: Floats) -> Chains:
    """Return chains ready to be run for any time.

    Args:
        intensities: Moves a year, above 0, C x 6 in the order of `MOVES`.
    """
    up, down = intensities[:, :STEPS], intensities[:, STEPS:]
    symmetric = np.zeros((len(intensities), STATES, STATES))
    states = np.arange(STEPS)
    beside = np.sqrt(up * down)
    symmetric[:, states, states + 1] = symmetric[:, states + 1, states] = beside
    symmetric[:, states, states] -= up
    symmetric[:, states + 1, states + 1] -= down
    values, vectors = np.linalg.eigh(symmetric)
    # Half the logarithm of the long-run weight of each band, by detailed balance.
    half = np.zeros((len(intensities), STATES))
    half[:, 1:] = 0.5 * np.cumsum(np.log(up) - np.log(down), axis=1)
    half -= half.mean(axis=1, keepdims=True)
    right = vectors * np.exp(-half)[:, :, None]
    left = vectors.transpose(0, 2, 1) * np.exp(half)[:, None, :]
    return Chains(intensities, values, right, left)


def transitions(chains: Chains, which: Integers, years: Floats) -> Floats:
    """Return the probabilities of being in each band after some years, N x 4 x 4.

    Args:
        chains: The chains.
        which: The chain of each interval, length N.
        years: Length of each interval, length N.
    """
    decay = np.exp(chains.values[which] * years[:, None])
    found = (chains.right[which] * decay[:, None, :]) @ chains.left[which]
    # Rounding leaves a chance just below 0 where a move has hardly had time.
    return np.asarray(np.maximum(found, 0.0))


def slopes(chains: Chains, which: Integers, years: Floats, weights: Floats) -> Floats:
    """Return the derivative of a weighted sum of transition probabilities, C x 6.

    It is taken with respect to the logarithm of each intensity of each chain. Source: J. D.
    Kalbfleisch and J. F. Lawless, "The analysis of panel data under a Markov assumption", Journal
    of the American Statistical Association 80, 1985, equation 3.4.

    Args:
        chains: The chains.
        which: The chain of each interval, length N.
        years: Length of each interval, length N.
        weights: Weight of each transition probability, N x 4 x 4.
    """
    right, left = chains.right[which], chains.left[which]
    turned = right.transpose(0, 2, 1) @ weights @ left.transpose(0, 2, 1)
    turned *= _divided(chains.values[which], years)
    gathered = np.zeros((len(chains.values), STATES * STATES))
    for column, values in enumerate(turned.reshape(len(turned), -1).T):
        gathered[:, column] = np.bincount(which, values, len(chains.values))
    inner = gathered.reshape(-1, STATES, STATES)
    entries = chains.left.transpose(0, 2, 1) @ inner @ chains.right.transpose(0, 2, 1)
    by_move = entries[:, ORIGINS, TARGETS] - entries[:, ORIGINS, ORIGINS]
    return np.asarray(chains.intensities * by_move)


def _divided(values: Floats, years: Floats) -> Floats:
    """Return (exp(a t) - exp(b t)) / (a - b) for each pair of eigenvalues; t exp(a t) for a = b."""
    upper = np.maximum(values[:, :, None], values[:, None, :]) * years[:, None, None]
    apart = np.abs(values[:, :, None] - values[:, None, :]) * years[:, None, None]
    close = apart < 1e-9
    ratio = np.where(close, 1.0 - apart / 2.0, -np.expm1(-apart) / np.where(close, 1.0, apart))
    return np.asarray(years[:, None, None] * np.exp(upper) * ratio)


def long_run(intensities: Floats) -> Floats:
    """Return how common each band is in the long run, C x 4, by detailed balance."""
    ratios = np.log(intensities[:, :STEPS]) - np.log(intensities[:, STEPS:])
    weights = np.concatenate([np.zeros((len(intensities), 1)), np.cumsum(ratios, axis=1)], axis=1)
    weights = np.exp(weights - weights.max(axis=1, keepdims=True))
    return np.asarray(weights / weights.sum(axis=1, keepdims=True))
