"""How much work an answer to "why?" is given."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Effort:
    """Sizes of the samples behind an answer to "why?".

    Attributes:
        events: Chance events met at each sampled point (K): the same at every point where points
            are compared.
        paths: Screening paths through all factors.
        factors: Most influential factors that go on to the Sobol indices.
        size: Points of the low-discrepancy sequence (N), a power of two, at least 128.
        futures: Draws of all factors from what is believed, for the boxes of failure.
        pairs: How many of them are met again with the factors left out of the indices redrawn, to
            see how much of the variance these have a part in; at most `futures`.
        tornado_events: Futures in which one factor at a time is moved.
        boxes: Most boxes of failure to look for.
        least_mass: Smallest share of the futures left that a box may hold.
        resamples: Half-samples on which the finding of boxes is repeated.
        tolerance: Largest change of an index in the last doubling that counts as settled.
    """

    events: int = 50
    paths: int = 30
    factors: int = 12
    size: int = 1024
    futures: int = 2000
    pairs: int = 500
    tornado_events: int = 1000
    boxes: int = 3
    least_mass: float = 0.1
    resamples: int = 10
    tolerance: float = 0.05

    def trajectories(self, varied: int) -> int:
        """Return how many trajectories are simulated where so many factors vary."""
        chosen = min(self.factors, varied)
        rows = self.paths * (varied + 1) + self.size * (chosen + 2) + self.futures
        rows += 2 * self.pairs
        return rows * self.events + (2 * varied + 1) * self.tornado_events


FULL = Effort()
REPORT = Effort(
    events=40, paths=12, factors=10, size=256, futures=1200, pairs=300, tornado_events=500
)
"""A fifth of the work, for a page among many: the ranking stands, the intervals are wider."""
