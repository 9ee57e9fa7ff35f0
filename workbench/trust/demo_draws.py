"""Draws for the demo trust that come out the same on every machine and Python."""

from __future__ import annotations

import datetime as dt
import math
import random
from collections.abc import Sequence
from typing import TypeVar

T = TypeVar("T")
Row = Sequence[object]


class Draws:
    """Uniform draws from a named stream; only `random()` itself is promised to stay the same."""

    def __init__(self, seed: int, stream: str) -> None:
        self._random = random.Random(f"{seed} {stream}")

    def between(self, low: float, high: float) -> float:
        """Return a number between two bounds."""
        return low + (high - low) * self._random.random()

    def whole(self, low: int, high: int) -> int:
        """Return a whole number from `low` to `high`, both included."""
        return low + int((high - low + 1) * self._random.random())

    def happens(self, chance: float) -> bool:
        """Return True with the given chance."""
        return self._random.random() < chance

    def near(self, middle: float, spread: float) -> float:
        """Return a number about a middle, bell-shaped, with the given standard deviation.

        Four uniform draws have a sum with variance 4/12 (Irwin, 1927; Hall, 1927).
        """
        total = sum(self._random.random() for _ in range(4))
        return middle + spread * (total - 2.0) * math.sqrt(3.0)

    def one_of(self, options: Sequence[T]) -> T:
        """Return one of the options."""
        return options[self.whole(0, len(options) - 1)]


def working_day(day: dt.date) -> dt.date:
    """Return the day itself, or the Monday after a weekend."""
    return day + dt.timedelta(days=max(0, 7 - day.weekday()) if day.weekday() >= 5 else 0)


def yes_or_no(answer: bool) -> str:
    """Write an answer as the tables do."""
    return "yes" if answer else "no"
