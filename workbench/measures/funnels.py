"""Funnel plots: units of different size held against limits that narrow as size grows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
import numpy.typing as npt
import pandas as pd
from scipy import stats

from workbench.errors import BadInput

CONFIDENCES = (0.95, 0.998)
_COLUMNS = ("95", "998")
Kind = Literal["binomial", "overdispersed"]
Floats = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Funnel:
    """Units with the limits that fit their size.

    Attributes:
        kind: How the limits were formed.
        centre: Where the funnel is centred, in the unit of the values.
        tau2: Variance between units beyond chance; 0 for binomial limits.
        phi: Mean squared z of the winsorised units, about 1 where chance explains all; None for
            binomial limits.
        units: One row a unit, indexed as given. `value`; `size` (trials, or 1 / error squared);
            `error` (standard error by chance alone); `z` (distance from the centre in units of
            the square root of error squared + tau2); `lower_95`, `upper_95`, `lower_998`,
            `upper_998`; `place` (`within`, `beyond 95%`, `beyond 99.8%`; a value on a limit is
            within); `side` (`above`, also where on the centre, or `below`).
        confidences: Nominal shares of units within the two pairs of limits.
    """

    kind: Kind
    centre: float
    tau2: float
    phi: float | None
    units: pd.DataFrame
    confidences: tuple[float, float] = CONFIDENCES


def binomial_funnel(
    successes: pd.Series[Any], trials: pd.Series[Any], *, centre: float | None = None
) -> Funnel:
    """Place proportions within exact binomial limits.

    For counts whose trials are independent, such as one outcome a pupil; not for sessions or
    answers that cluster in persons. The lower limit interpolates between counts as in the appendix
    of D. J. Spiegelhalter, "Funnel plots for comparing institutional performance", Statistics in
    Medicine 24 (2005), 1185-1202. The upper limit is its mirror image (failures counted instead),
    so that on both sides a count is beyond a limit only where that count or a more extreme one has
    less than the stated chance; the printed formula would flag one count too early above.

    Args:
        successes: Count of each unit, 0 to its trials.
        trials: Trials of each unit, at least 1, with the same index.
        centre: Proportion to hold units against, between 0 and 1; the pooled one when None.

    Raises:
        BadInput: Counts are missing or impossible, or a unit has no trials.
    """
    index = _same_index(successes, trials, "successes", "trials")
    hits, sizes = _numbers(successes, "successes"), _numbers(trials, "trials")
    _refuse(sizes == 0, index, "no trials give no proportion", "leave the unit out and say so")
    wrong = (hits < 0) | (hits > sizes) | (hits % 1 != 0) | (sizes % 1 != 0)
    _refuse(wrong, index, "the counts cannot be", "give whole numbers, 0 <= successes <= trials")
    if centre is not None and not 0 < centre < 1:
        raise BadInput(
            f"a centre of {centre:g} cannot be",
            rule="0 < centre < 1",
            mend="write 0.5 for 50%",
        )
    middle = float(hits.sum() / sizes.sum()) if centre is None else float(centre)
    error = np.sqrt(middle * (1 - middle) / sizes)
    units = _placed(
        hits / sizes,
        _binomial_limits(sizes, middle),
        centre=middle,
        sizes=sizes,
        error=error,
        spread=error,
    )
    return Funnel("binomial", middle, 0.0, None, units.set_axis(index, axis="index"))


def overdispersed_funnel(
    values: pd.Series[Any],
    errors: pd.Series[Any],
    *,
    centre: float | None = None,
    winsorise: float = 0.1,
    reference: tuple[pd.Series[Any], pd.Series[Any]] | None = None,
) -> Funnel:
    """Place values within limits that allow for differences between units beyond chance.

    Limits are the centre plus and minus z times the square root of error squared + tau2
    (D. J. Spiegelhalter, Statistics in Medicine 24 (2005), 1185-1202); `overdispersion` says how
    tau2 comes about.

    Args:
        values: Estimate of each unit.
        errors: Standard error of each by chance alone, above 0, with the same index.
        centre: Value to hold units against; when None, the mean weighted by 1 / error squared.
        winsorise: Share of units drawn in at either end, 0 to below one half.
        reference: Values and errors of the units that set centre and tau2, such as a whole
            country's where `values` are one group's; the units themselves when None.

    Raises:
        BadInput: A number is missing or impossible, or fewer than two units set tau2.
    """
    index = _same_index(values, errors, "values", "errors")
    found, error = _estimates(values, errors)
    base, base_error = (found, error) if reference is None else _estimates(*reference)
    weights = 1 / base_error**2
    middle = float((weights * base).sum() / weights.sum()) if centre is None else float(centre)
    phi, tau2 = overdispersion((base - middle) / base_error, weights, winsorise)
    spread = np.sqrt(error**2 + tau2)
    units = _placed(
        found,
        _normal_limits(spread, middle),
        centre=middle,
        sizes=1 / error**2,
        error=error,
        spread=spread,
    )
    return Funnel("overdispersed", middle, tau2, phi, units.set_axis(index, axis="index"))


def overdispersion(
    z: npt.ArrayLike, weights: npt.ArrayLike, winsorise: float
) -> tuple[float, float]:
    """Return phi, the mean squared z, and tau2, the variance between units beyond chance.

    tau2 = max(0, (I phi - (I - 1)) / (sum w - sum w2 / sum w)), the moment estimate of
    R. DerSimonian and N. Laird, "Meta-analysis in clinical trials", Controlled Clinical Trials 7
    (1986), with z first drawn in to its `winsorise` and 1 - `winsorise` quantiles (interpolated),
    so that the few units looked for do not widen their own limits (Spiegelhalter 2005). The price:
    where no unit is extraordinary and all are about as precise, drawing in 10% a side leaves 68% of
    the squared z, and limits of 95% hold 89% of units.

    Args:
        z: (value - centre) / error of each unit.
        weights: 1 / error squared of each.
        winsorise: Share drawn in at either end, 0 to below one half.

    Raises:
        BadInput: Fewer than two units, or an impossible share.
    """
    scores, weight = np.asarray(z, dtype=float), np.asarray(weights, dtype=float)
    if not 0 <= winsorise < 0.5:
        raise BadInput(
            f"a winsorised share of {winsorise:g} cannot be",
            rule="0 <= winsorise < 0.5",
            mend="write 0.1 for 10% at either end",
        )
    count = len(scores)
    if count < 2:
        raise BadInput(
            f"{count} units do not show how units differ",
            rule="two units at least; ten or more tell something",
            mend="give the units of a wider reference",
        )
    drawn_in = np.clip(scores, *np.quantile(scores, [winsorise, 1 - winsorise]))
    phi = float((drawn_in**2).mean())
    scale = float(weight.sum() - (weight**2).sum() / weight.sum())
    return phi, max(0.0, (count * phi - (count - 1)) / scale)


def limits_over(funnel: Funnel, sizes: Sequence[float] | Floats) -> pd.DataFrame:
    """Return the limits over a range of sizes, for drawing them as curves.

    Args:
        funnel: Whose limits.
        sizes: Sizes above 0 in the unit of `funnel.units["size"]`. Trials are rounded to whole
            numbers of at least 1 and repeated ones dropped.

    Returns:
        Columns `size`, `lower_95`, `upper_95`, `lower_998`, `upper_998`, one row a size.

    Raises:
        BadInput: A size is missing or not above 0.
    """
    wanted = np.asarray(sizes, dtype=float)
    _refuse(~(np.isfinite(wanted) & (wanted > 0)), None, "a size cannot be", "give sizes above 0")
    if funnel.kind == "binomial":
        wanted = np.asarray(pd.unique(np.maximum(np.round(wanted), 1.0)))
        limits = _binomial_limits(wanted, funnel.centre)
    else:
        limits = _normal_limits(np.sqrt(1 / wanted + funnel.tau2), funnel.centre)
    return pd.DataFrame({"size": wanted, **limits})


def _binomial_limits(trials: Floats, centre: float) -> dict[str, Floats]:
    limits = {}
    for confidence, column in zip(CONFIDENCES, _COLUMNS, strict=True):
        tail = (1 - confidence) / 2
        limits[f"lower_{column}"] = _lower_count(tail, trials, centre) / trials
        limits[f"upper_{column}"] = (trials - _lower_count(tail, trials, 1 - centre)) / trials
    return limits


def _lower_count(tail: float, trials: Floats, centre: float) -> Floats:
    """Return the point between two counts where the cumulative probability passes `tail`."""
    count = np.maximum(stats.binom.ppf(tail, trials, centre), 0.0)
    reached = stats.binom.cdf(count, trials, centre)
    step = reached - stats.binom.cdf(count - 1, trials, centre)
    return np.asarray(np.maximum(count - (reached - tail) / step, 0.0))


def _normal_limits(spread: Floats, centre: float) -> dict[str, Floats]:
    limits = {}
    for confidence, column in zip(CONFIDENCES, _COLUMNS, strict=True):
        reach = float(stats.norm.ppf(0.5 + confidence / 2)) * spread
        limits[f"lower_{column}"], limits[f"upper_{column}"] = centre - reach, centre + reach
    return limits


def _placed(
    values: Floats,
    limits: dict[str, Floats],
    *,
    centre: float,
    sizes: Floats,
    error: Floats,
    spread: Floats,
) -> pd.DataFrame:
    apart = values - centre
    # Where no spread is possible (a pooled proportion of 0 or 1) every unit is on the centre.
    z = np.divide(apart, spread, out=np.zeros_like(apart), where=spread > 0)
    inner, outer = (
        (values < limits[f"lower_{column}"]) | (values > limits[f"upper_{column}"])
        for column in _COLUMNS
    )
    place = np.select([outer, inner], ["beyond 99.8%", "beyond 95%"], "within")
    side = np.where(apart >= 0, "above", "below")
    return pd.DataFrame(
        {"value": values, "size": sizes, "error": error, "z": z, **limits}
        | {"place": place, "side": side}
    )


def _same_index(
    first: pd.Series[Any], second: pd.Series[Any], name: str, other: str
) -> pd.Index[Any]:
    if len(first) == 0 or not first.index.equals(second.index):
        raise BadInput(
            f"{len(first)} {name} and {len(second)} {other} do not belong together",
            rule="one of each for every unit, in the same order",
            mend="take both from one table with at least one row",
        )
    return first.index


def _estimates(values: pd.Series[Any], errors: pd.Series[Any]) -> tuple[Floats, Floats]:
    index = _same_index(values, errors, "values", "errors")
    found, error = _numbers(values, "values"), _numbers(errors, "errors")
    _refuse(error <= 0, index, "a standard error of 0 or less cannot be", "leave the unit out")
    return found, error


def _numbers(column: pd.Series[Any], name: str) -> Floats:
    numbers = column.to_numpy(dtype=float, na_value=np.nan)
    _refuse(~np.isfinite(numbers), column.index, f"{name} are missing", "leave the unit out")
    return numbers


def _refuse(wrong: npt.NDArray[np.bool_], index: Any, what: str, mend: str) -> None:
    if wrong.any():
        places = np.flatnonzero(wrong).tolist()
        named = [str(place if index is None else index[place]) for place in places]
        more = f" and {len(named) - 5} more" if len(named) > 5 else ""
        raise BadInput(what, where=", ".join(named[:5]) + more, mend=mend)
