"""What we believe of an uncertain parameter: a spread around its value.

The parameter's `value` is the centre of every distribution, so one number moves both what is used
when the parameter is held still and what is drawn when it varies. A distribution is a discriminated
union on `kind`; its `ppf` (quantile function) maps (0, 1) to values, so that any sampler that fills
the unit cube can drive every parameter.

The quantiles are made of `scipy.special`, which is what `scipy.stats` makes them of: every command
reads parameters, and the larger package takes half a second to import.
"""

from __future__ import annotations

from typing import Annotated, Literal

import numpy as np
import numpy.typing as npt
from pydantic import Field, model_validator
from scipy import special

from workbench.parameters.strict import StrictModel

Floats = npt.NDArray[np.float64]


class Fixed(StrictModel):
    """The value is taken as known: every draw is the parameter's own value."""

    kind: Literal["fixed"] = "fixed"


class Spread(StrictModel):
    """The bounds that every spread has."""

    low: float
    high: float

    @model_validator(mode="after")
    def _ordered(self) -> Spread:
        if not self.low < self.high:
            raise ValueError(f"low {self.low:g} must be less than high {self.high:g}")
        return self


class Triangular(Spread):
    """The value is the most likely; chances fall away in straight lines to two bounds."""

    kind: Literal["triangular"]

    def ppf(self, u: Floats, value: float) -> Floats:
        """Map probabilities in (0, 1) to values around the mode `value`."""
        width = self.high - self.low
        shape = (value - self.low) / width
        rising, falling = np.sqrt(shape * u), 1.0 - np.sqrt((1.0 - shape) * (1.0 - u))
        return np.asarray(np.where(u < shape, rising, falling) * width + self.low)


class TruncatedNormal(Spread):
    """A normal distribution around the value, cut at two bounds."""

    kind: Literal["normal"]
    sd: float = Field(gt=0)

    def ppf(self, u: Floats, value: float) -> Floats:
        """Map probabilities in (0, 1) to values around `value`."""
        a, b = (self.low - value) / self.sd, (self.high - value) / self.sd
        return _cut_normal(u, a, b) * self.sd + value


class LogNormal(Spread):
    """A positive value known to within a factor: its logarithm is normal, cut at two bounds."""

    kind: Literal["lognormal"]
    low: float = Field(gt=0)
    sd_log: float = Field(gt=0)

    def ppf(self, u: Floats, value: float) -> Floats:
        """Map probabilities in (0, 1) to values around the median `value`."""
        a = np.log(self.low / value) / self.sd_log
        b = np.log(self.high / value) / self.sd_log
        return np.asarray(np.exp(_cut_normal(u, a, b) * self.sd_log + np.log(value)))


class Beta(Spread):
    """A share as if seen in `n` trials, around the value, cut at two bounds."""

    kind: Literal["beta"]
    low: float = Field(default=0.0, ge=0)
    high: float = Field(default=1.0, le=1)
    n: float = Field(gt=0)

    def ppf(self, u: Floats, value: float) -> Floats:
        """Map probabilities in (0, 1) to values around the mean `value`."""
        a, b = value * self.n, (1.0 - value) * self.n
        below, above = special.betainc(a, b, np.array([self.low, self.high]))
        return np.asarray(special.betaincinv(a, b, below + u * (above - below)))


def _cut_normal(u: Floats, a: float, b: float) -> Floats:
    """Return quantiles of the standard normal distribution cut at a and b, where a < 0 < b.

    They are sought on the scale of logarithms, so that a far tail keeps its digits.
    """
    below, mass = special.log_ndtr(a), special.log1p(-special.ndtr(a) - special.ndtr(-b))
    with np.errstate(divide="ignore"):  # the logarithm of 0 is the lower bound
        reached = special.logsumexp([np.full_like(u, below), np.log(u) + mass], axis=0)
    inner = special.ndtri_exp(reached)
    return np.asarray(np.where(u == 0.0, a, np.where(u == 1.0, b, inner)))


Distribution = Annotated[
    Fixed | Triangular | TruncatedNormal | LogNormal | Beta, Field(discriminator="kind")
]
