"""What we believe of an uncertain parameter: a spread around its value.

The parameter's `value` is the centre of every distribution, so one number moves both what is used
when the parameter is held still and what is drawn when it varies. A distribution is a discriminated
union on `kind`; its `ppf` (quantile function) maps (0, 1) to values, so that any sampler that fills
the unit cube can drive every parameter.
"""

from __future__ import annotations

from typing import Annotated, Literal

import numpy as np
import numpy.typing as npt
from pydantic import Field, model_validator
from scipy import stats

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
        return np.asarray(stats.triang.ppf(u, shape, loc=self.low, scale=width))


class TruncatedNormal(Spread):
    """A normal distribution around the value, cut at two bounds."""

    kind: Literal["normal"]
    sd: float = Field(gt=0)

    def ppf(self, u: Floats, value: float) -> Floats:
        """Map probabilities in (0, 1) to values around `value`."""
        a, b = (self.low - value) / self.sd, (self.high - value) / self.sd
        return np.asarray(stats.truncnorm.ppf(u, a, b, loc=value, scale=self.sd))


class LogNormal(Spread):
    """A positive value known to within a factor: its logarithm is normal, cut at two bounds."""

    kind: Literal["lognormal"]
    low: float = Field(gt=0)
    sd_log: float = Field(gt=0)

    def ppf(self, u: Floats, value: float) -> Floats:
        """Map probabilities in (0, 1) to values around the median `value`."""
        a = np.log(self.low / value) / self.sd_log
        b = np.log(self.high / value) / self.sd_log
        logs = stats.truncnorm.ppf(u, a, b, loc=np.log(value), scale=self.sd_log)
        return np.asarray(np.exp(logs))


class Beta(Spread):
    """A share as if seen in `n` trials, around the value, cut at two bounds."""

    kind: Literal["beta"]
    low: float = Field(default=0.0, ge=0)
    high: float = Field(default=1.0, le=1)
    n: float = Field(gt=0)

    def ppf(self, u: Floats, value: float) -> Floats:
        """Map probabilities in (0, 1) to values around the mean `value`."""
        a, b = value * self.n, (1.0 - value) * self.n
        below, above = stats.beta.cdf(np.array([self.low, self.high]), a, b)
        return np.asarray(stats.beta.ppf(below + u * (above - below), a, b))


Distribution = Annotated[
    Fixed | Triangular | TruncatedNormal | LogNormal | Beta, Field(discriminator="kind")
]
