"""How much each of several causes contributes to a change, so that the parts add up to the whole.

The Shapley value is the only division that adds up exactly, gives equal causes equal parts, gives
nothing to a cause without effect, and is linear (L. S. Shapley, "A value for n-person games", in
Contributions to the Theory of Games II, 1953). Here it is not sampled: the outcome is known for
every one of the 2^n sets of causes.
"""

from __future__ import annotations

from math import factorial

import numpy as np
import numpy.typing as npt

from workbench.errors import BadInput

Floats = npt.NDArray[np.float64]


def shapley(outcomes: Floats) -> Floats:
    """Return the part of each cause in the change from no cause at work to all of them.

    The part of cause i is the sum over the sets S without it of
    |S|! (n - |S| - 1)! / n! x (outcome(S and i) - outcome(S)).

    Args:
        outcomes: The outcome for every set of causes, 2^n x ...; cause i is at work in row r where
            bit i of r is set. Further axes (draws, say) are divided one by one.

    Returns:
        n x ...; their sum over the first axis is the last row less the first.

    Raises:
        BadInput: The number of rows is no power of two.
    """
    rows = len(outcomes)
    causes = max(rows, 1).bit_length() - 1
    if rows != 1 << causes:
        raise BadInput(
            f"{rows} outcomes cannot be those of every set of causes",
            rule="n causes have 2^n sets",
            mend="give one outcome for each set, the empty one included",
        )
    numbers = np.arange(rows)
    sizes = np.array([int(number).bit_count() for number in numbers])
    weights = np.array(
        [factorial(size) * factorial(causes - size - 1) / factorial(causes)
         for size in range(causes)]
    )  # fmt: skip
    parts = np.empty((causes, *outcomes.shape[1:]))
    for cause in range(causes):
        without = numbers[numbers & (1 << cause) == 0]
        gained = outcomes[without | (1 << cause)] - outcomes[without]
        parts[cause] = np.tensordot(weights[sizes[without]], gained, axes=(0, 0))
    return parts
