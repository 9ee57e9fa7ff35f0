"""Stopping early without losing the level: an error spent over looks declared beforehand.

A 95% interval holds for one look at a number of draws fixed beforehand. Looking again and again,
and stopping when the answer is clear, gives chance several tries. So the looks are declared, and
the total error is shared among them in proportion to the draws each adds (Lan and DeMets 1983,
Discrete sequential boundaries for clinical trials, Biometrika 70:659-663; the share that grows in
proportion is the first of the power family of Kim and DeMets 1987, Biometrika 74:149-154). Each
look's interval is made at what that look may spend. By Bonferroni's inequality the chance that any
of them misses the truth is at most the total, whatever the looks have to do with each other: these
are the repeated confidence intervals of Jennison and Turnbull (1989, Interim analyses: the repeated
confidence interval approach, Journal of the Royal Statistical Society B 51:305-361), a little wider
than they need be, and they cover the truth whatever rule says when to stop.

Numbers tested in a declared order need no further correction for the claim "all up to this one":
such a claim is too large only if the first number that is truly beyond the limit was wrongly shown
to be within, and that is one test at one level (Maurer, Hothorn and Lehmacher 1995, Multiple
comparisons in drug clinical trials and preclinical assays: a-priori ordered hypotheses; with looks,
Glimm, Maurer and Bretz 2010, Hierarchical testing of multiple endpoints in group-sequential trials,
Statistics in Medicine 29:219-228).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from workbench.errors import BadInput

Truths = npt.NDArray[np.bool_]


@dataclass(frozen=True)
class Looks:
    """The looks declared beforehand, and the error shared among them.

    Attributes:
        sizes: Size of the sample at each look, growing; in any unit that is proportional to the
            number of independent draws.
        error: Chance, over all looks together, that any interval misses the truth.

    Raises:
        BadInput: There is no look, the sizes do not grow, or the error is not between 0 and 1.
    """

    sizes: tuple[int, ...]
    error: float

    def __post_init__(self) -> None:
        if not self.sizes or min(np.diff((0, *self.sizes))) <= 0:
            raise BadInput(
                f"looks at {list(self.sizes)} cannot be used",
                rule="at least one look, each at more draws than the one before",
                mend="write the numbers in growing order, each once",
            )
        if not 0.0 < self.error < 1.0:
            raise BadInput(
                f"an error of {self.error:g} cannot be spent",
                rule="0 < error < 1",
                mend="write 0.05 for 5%",
            )

    def spends(self, look: int) -> float:
        """Return the error that one look may spend, looks counted from 0."""
        before = self.sizes[look - 1] if look else 0
        return self.error * (self.sizes[look] - before) / self.sizes[-1]

    def spent(self, look: int) -> float:
        """Return the error spent by the end of a look, looks counted from 0."""
        return self.error * self.sizes[look] / self.sizes[-1]

    def level(self, look: int) -> float:
        """Return the level at which a look's own interval is made, so that all hold together."""
        return 1.0 - self.spends(look)


def shown_in_order(shown: npt.ArrayLike) -> npt.NDArray[np.int64]:
    """Return how many claims are shown before the first that is not, along the last axis.

    Args:
        shown: Whether each claim of a declared order is shown, ... x N.
    """
    return np.asarray(np.cumprod(np.asarray(shown, bool), axis=-1, dtype=np.int64).sum(axis=-1))


def settled(shown: npt.ArrayLike, refuted: npt.ArrayLike) -> Truths:
    """Return whether more draws could change the claim no more, along the last axis.

    So it is where every claim is shown, or the first that is not shown is refuted. The error holds
    for what is shown; a claim is refuted at the same level, each on its own.

    Args:
        shown: Whether each claim of a declared order is shown, ... x N.
        refuted: Whether its contrary is shown, ... x N.
    """
    shown, refuted = np.asarray(shown, bool), np.asarray(refuted, bool)
    # A last claim that is always refuted stands for the end of the order.
    end = np.ones((*refuted.shape[:-1], 1), bool)
    first = shown_in_order(shown)[..., None]
    return np.asarray(np.take_along_axis(np.concatenate([refuted, end], -1), first, -1)[..., 0])
