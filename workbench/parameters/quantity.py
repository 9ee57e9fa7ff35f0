"""A quantity with everything a reviewer asks of it: value, doubt, unit, meaning, source, age."""

from __future__ import annotations

import datetime as dt
from typing import Annotated

from pydantic import Field, model_validator

from workbench.parameters.distributions import Distribution, Fixed, Floats
from workbench.parameters.strict import StrictModel

Sentence = Annotated[str, Field(min_length=5)]


class Source(StrictModel):
    """Where a figure comes from; `link` is empty for our own proposals and private sources."""

    title: Sentence
    link: Annotated[str, Field(pattern=r"^https?://\S+$")] | None = None


class Quantity(StrictModel):
    """One declared number of the workbench.

    Attributes:
        value: The figure used when the parameter is held still, and the centre of its distribution.
        range: Smallest and largest value anyone may set.
        unit: What one of it is.
        description: What it means, in one sentence.
        source: Who says so.
        verified: Whether somebody other than its author has checked it against its source.
        review: The day by which it should be looked at again.
        distribution: What we believe when it is allowed to vary.
    """

    value: float
    range: Annotated[tuple[float, float], Field(description="smallest and largest allowed value")]
    unit: Annotated[str, Field(min_length=1)]
    description: Sentence
    source: Source
    verified: bool
    review: dt.date
    distribution: Distribution = Fixed()

    @model_validator(mode="after")
    def _within_range(self) -> Quantity:
        low, high = self.range
        if not low <= self.value <= high:
            raise ValueError(f"value {self.value:g} is outside its range {low:g} to {high:g}")
        if not isinstance(self.distribution, Fixed):
            bottom, top = self.distribution.low, self.distribution.high
            if bottom < low or top > high:
                raise ValueError(
                    f"its distribution reaches {bottom:g} to {top:g}, "
                    f"outside its range {low:g} to {high:g}"
                )
            if not bottom < self.value < top:
                raise ValueError(
                    f"value {self.value:g} is not within its distribution, {bottom:g} to {top:g}"
                )
        return self

    @property
    def is_uncertain(self) -> bool:
        """Whether draws of this quantity vary."""
        return not isinstance(self.distribution, Fixed)

    def draws(self, u: Floats) -> Floats:
        """Map uniforms in (0, 1) to values; a fixed quantity gives its value for each."""
        if isinstance(self.distribution, Fixed):
            return 0.0 * u + self.value
        return self.distribution.ppf(u, self.value)
