"""Axes that hold still: they span what the first picture needs, and widen only where one leaves."""

from __future__ import annotations

import math
from collections.abc import Iterable

Span = tuple[float, float]
_STEPS = (1, 2, 5, 10)
_MOST_TICKS = 6
_ROOM = 0.15  # of the span, left free at first so that small moves keep within


class Axes:
    """The span of each axis, by name."""

    def __init__(self) -> None:
        """Begin without any."""
        self._spans: dict[str, Span] = {}

    def holding(self, name: str, values: Iterable[float]) -> Span:
        """Return the span of an axis, widened only where values lie beyond it.

        Args:
            name: The axis.
            values: What must lie within; at least one number.
        """
        drawn = list(values)
        low, high = min(drawn), max(drawn)
        span = self._spans.get(name)
        if span is None:
            room = _ROOM * (high - low)
            low, high = (low - room if low < 0 else low), high + room
        elif span[0] <= low and high <= span[1]:
            return span
        else:
            low, high = min(low, span[0]), max(high, span[1])
        self._spans[name] = rounded_out(low, high)
        return self._spans[name]


def ticks(span: Span) -> list[float]:
    """Return round values from one end of a rounded span to the other."""
    low, high = span
    step = _step(high - low)
    return [round(low + step * at, 9) for at in range(round((high - low) / step) + 1)]


def rounded_out(low: float, high: float) -> Span:
    """Return the smallest span of whole steps that holds two values."""
    if high - low < 1e-9:
        low, high = low - 0.5, high + 0.5
    step = _step(high - low)
    bottom, top = math.floor(low / step + 1e-9) * step, math.ceil(high / step - 1e-9) * step
    if _step(top - bottom) != step:
        return rounded_out(bottom, top)
    return round(bottom, 9), round(top, 9)


def _step(width: float) -> float:
    power = 10.0 ** math.floor(math.log10(width / _MOST_TICKS))
    return next(step * power for step in _STEPS if width / (step * power) <= _MOST_TICKS + 1e-9)
