"""What differences before joining leave open, in words: passing a test proves nothing."""

from __future__ import annotations

import pandas as pd

from workbench.charts.wording import number, percent
from workbench.measures.clustered import Estimate
from workbench.measures.departure import Departure
from workbench.measures.differences import told_apart
from workbench.measures.joint import Joint
from workbench.research.impact.plan import Departs

_CALLED: dict[Departs, str] = {"straight line": "drift", "lasting gap": "gap"}


def hangs_on_it(one: Departure | None) -> bool:
    """Say whether an effect is not told apart from none once the departure seen is taken out."""
    return one is not None and not told_apart(one.net.interval)


def departures_table(
    one: Departure | None, departs: Departs, *, unit: str, period: str, power: float, digits: int
) -> pd.DataFrame:
    """Return what the effect would be if schools had been on another path before, and stayed on it.

    Args:
        one: The departure; an empty table where there is none.
        departs: Its shape.
        unit: Unit of the effect.
        period: What a period is, such as `year`.
        power: With which the detectable departure is found.
        digits: After the point.
    """
    called, each = _CALLED[departs], size_unit(departs, unit, period)
    headings = ["If before joining there was", f"Size ({each})", f"Effect ({unit})", "Interval"]
    if one is None:
        return pd.DataFrame(columns=headings)

    def ends(low: float, high: float) -> str:
        return f"{signed(low, digits)} to {signed(high, digits)}"

    def of(estimate: Estimate) -> tuple[str, str]:
        interval = estimate.interval
        return signed(estimate.value, digits), ends(interval.lower, interval.upper)

    def up_to(size: float) -> tuple[str, str, str]:
        return f"up to {number(size, digits)}, either way", "", ends(*one.ends_with(size))

    return pd.DataFrame(
        [
            (f"no {called}", "0", *of(one.effect)),
            (f"the {called} that was seen", signed(one.fitted.value, digits), *of(one.net)),
            *(
                [(f"a {called} found in {percent(power)} of tests", *up_to(one.detectable))]
                if one.detectable is not None
                else []
            ),
            (f"the largest {called} not ruled out", *up_to(one.not_ruled_out)),
        ],
        columns=headings,
    )


def before_sentence(
    test: Joint | None, one: Departure, departs: Departs, *, unit: str, period: str, power: float,
    level: float, digits: int,
) -> str:  # fmt: skip
    """Return the test of differences before joining with what it could have missed.

    Args:
        test: The test that all are zero; without one, of the departure alone.
        one: The departure.
        departs: Its shape.
        unit: Unit of the effect.
        period: What a period is, such as `year`.
        power: With which the detectable departure is found.
        level: Of the test.
        digits: After the point.
    """
    called, each = _CALLED[departs], size_unit(departs, unit, period)
    said = "Differences before joining cannot be tested together"
    if test is not None:
        p = "below 0.001" if test.p_value < 0.001 else number(test.p_value, 3)
        alike = test.p_value >= level
        said = (
            f"Differences before joining, tested together: p {p}, "
            f"{'not told apart from zero' if alike else 'not zero: paths differed before'}"
        )
    said += ". That is no proof of like paths: "
    if one.detectable is None:
        said += (
            f"so few trusts bear on it that no {called} would be found in {percent(power)} of "
            f"tests, and {number(one.not_ruled_out, digits)} {each} is not ruled out"
        )
    else:
        low, high = one.ends_with(one.detectable)
        size = number(one.detectable, digits)
        said += (
            f"a {called} of {size} {each} would be missed in {percent(1 - power)} of tests, "
            f"smaller ones more often, and {number(one.not_ruled_out, digits)} is not ruled out. "
            f"If one of {size} went on, the effect would lie between {signed(low, digits)} and "
            f"{signed(high, digits)} {unit}"
        )
    if one.undone_by is None:
        return f"{said}."
    return f"{said}; from {number(one.undone_by, digits)} on, it could be all there is."


def size_unit(departs: Departs, unit: str, period: str) -> str:
    """Return the unit of a departure's size: that of the effect, for each period if it drifts."""
    return f"{unit} a {period}" if departs == "straight line" else unit


def signed(value: float, digits: int) -> str:
    """Return a number with its sign."""
    return f"{'+' if round(value, digits) > 0 else ''}{number(value, digits)}"
