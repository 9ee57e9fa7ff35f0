"""What we believe of an uncertain parameter, as a distribution that maps (0, 1) to values.

A distribution is a discriminated union on `kind`. Each has a `support` and a `ppf` (quantile
function), so any sampler that fills the unit cube can drive every parameter.
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


class Uniform(StrictModel):
    """Any value between two bounds is equally likely."""

    kind: Literal["uniform"]
    low: float
    high: float

    @model_validator(mode="after")
    def _ordered(self) -> Uniform:
        if not self.low < self.high:
            raise ValueError(f"low {self.low:g} must be less than high {self.high:g}")
        return self

    @property
    def support(self) -> tuple[float, float]:
        """Smallest and largest possible value."""
        return self.low, self.high

    def ppf(self, u: Floats) -> Floats:
        """Map probabilities in (0, 1) to values."""
        return np.asarray(stats.uniform.ppf(u, loc=self.low, scale=self.high - self.low))


class Triangular(StrictModel):
    """A most likely value between two bounds."""

    kind: Literal["triangular"]
    low: float
    mode: float
    high: float

    @model_validator(mode="after")
    def _ordered(self) -> Triangular:
        if not (self.low <= self.mode <= self.high and self.low < self.high):
            raise ValueError("low <= mode <= high is needed, and low less than high")
        return self

    @property
    def support(self) -> tuple[float, float]:
        """Smallest and largest possible value."""
        return self.low, self.high

    def ppf(self, u: Floats) -> Floats:
        """Map probabilities in (0, 1) to values."""
        width = self.high - self.low
        shape = (self.mode - self.low) / width
        return np.asarray(stats.triang.ppf(u, shape, loc=self.low, scale=width))


class TruncatedNormal(StrictModel):
    """A normal distribution cut at two bounds."""

    kind: Literal["normal"]
    mean: float
    sd: float = Field(gt=0)
    low: float
    high: float

    @model_validator(mode="after")
    def _ordered(self) -> TruncatedNormal:
        if not self.low < self.mean < self.high:
            raise ValueError("the mean must lie between low and high")
        return self

    @property
    def support(self) -> tuple[float, float]:
        """Smallest and largest possible value."""
        return self.low, self.high

    def ppf(self, u: Floats) -> Floats:
        """Map probabilities in (0, 1) to values."""
        a, b = (self.low - self.mean) / self.sd, (self.high - self.mean) / self.sd
        return np.asarray(stats.truncnorm.ppf(u, a, b, loc=self.mean, scale=self.sd))


class LogNormal(StrictModel):
    """A positive value known to within a factor: the logarithm is normal, cut at two bounds."""

    kind: Literal["lognormal"]
    median: float = Field(gt=0)
    sd_log: float = Field(gt=0)
    low: float = Field(gt=0)
    high: float = Field(gt=0)

    @model_validator(mode="after")
    def _ordered(self) -> LogNormal:
        if not self.low < self.median < self.high:
            raise ValueError("the median must lie between low and high")
        return self

    @property
    def support(self) -> tuple[float, float]:
        """Smallest and largest possible value."""
        return self.low, self.high

    def ppf(self, u: Floats) -> Floats:
        """Map probabilities in (0, 1) to values."""
        a = np.log(self.low / self.median) / self.sd_log
        b = np.log(self.high / self.median) / self.sd_log
        logs = stats.truncnorm.ppf(u, a, b, loc=np.log(self.median), scale=self.sd_log)
        return np.asarray(np.exp(logs))


class Beta(StrictModel):
    """A share, as after `a - 1` successes and `b - 1` failures, cut at two bounds."""

    kind: Literal["beta"]
    a: float = Field(gt=0)
    b: float = Field(gt=0)
    low: float = Field(default=0.0, ge=0)
    high: float = Field(default=1.0, le=1)

    @model_validator(mode="after")
    def _ordered(self) -> Beta:
        if not self.low < self.a / (self.a + self.b) < self.high:
            raise ValueError("the mean a / (a + b) must lie between low and high")
        return self

    @property
    def support(self) -> tuple[float, float]:
        """Smallest and largest possible value."""
        return self.low, self.high

    def ppf(self, u: Floats) -> Floats:
        """Map probabilities in (0, 1) to values."""
        below, above = stats.beta.cdf(np.array(self.support), self.a, self.b)
        return np.asarray(stats.beta.ppf(below + u * (above - below), self.a, self.b))


Distribution = Annotated[
    Fixed | Uniform | Triangular | TruncatedNormal | LogNormal | Beta, Field(discriminator="kind")
]
