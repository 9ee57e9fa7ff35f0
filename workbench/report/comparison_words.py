"""How compared measures are said, and the lead of one scenario over another looked up."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

import pandas as pd

from workbench.charts.wording import number, percent, signed
from workbench.errors import BadInput
from workbench.growth.absorb import INTERVAL_LEVEL
from workbench.measures.intervals import Interval

DECIDED_BY: Mapping[str, str] = MappingProxyType({
    "hold": "the chance that every limit holds",
    "pupils_secure": "pupils in secure or better schools at the end",
    "reserves_share": "reserves at the end",
})  # fmt: skip
NAMES: Mapping[str, str] = MappingProxyType({
    **DECIDED_BY,
    "extra_breach": "risk added by joining schools",
    "secure_share": "schools secure or better at the end",
    "existing_secure_share": "today's schools secure or better at the end",
    "pupils_secure_share": "share of pupils in secure or better schools at the end",
})  # fmt: skip


def value_said(measure: str, value: float) -> str:
    """Write a value of a compared measure, rounded to what its doubt bears."""
    match measure:
        case "hold":
            return percent(value)
        case "pupils_secure":
            return f"{number(round(value, -1))} pupils"
        case "extra_breach":
            return f"{number(value * 100, 1)} points"
        case _:
            of = " of a year's income" if measure == "reserves_share" else ""
            return f"{number(value * 100, 1)}%{of}"


def difference_said(measure: str, value: float) -> str:
    """Write a difference of a compared measure with its sign, without its unit.

    It is zero only where it is exactly so: an end of an interval must not seem to touch zero.
    """
    scale, decimals = (1.0, 0) if measure == "pupils_secure" else (100.0, 1)
    shown = value * scale
    if round(shown, decimals) == 0 and shown != 0:
        return signed(f"{shown:+.1g}")
    text = number(shown, decimals)
    return f"+{text}" if shown > 0 else text


def unit_of(measure: str) -> str:
    """Return the unit of a difference of a compared measure."""
    return "pupils" if measure == "pupils_secure" else "percentage points"


def lead(differences: pd.DataFrame, name: str, other: str, measure: str) -> Interval:
    """Return by how much one scenario is above another in a measure, whichever stands first.

    Args:
        differences: As `scenario.compared.differences`.
        name: The scenario.
        other: The one it is compared with.
        measure: The measure.

    Raises:
        BadInput: The two were not compared in it.
    """
    rows = differences[differences["measure"] == measure]
    for first, second, sign in ((name, other, 1), (other, name, -1)):
        found = rows[(rows["scenario"] == first) & (rows["other"] == second)]
        if len(found):
            row = found.iloc[0]
            ends = sorted((sign * float(row["lower"]), sign * float(row["upper"])))
            return Interval(sign * float(row["difference"]), ends[0], ends[1], INTERVAL_LEVEL)
    raise BadInput(
        f"{name} and {other} were not compared by {measure}",
        rule="a lead is of two scenarios of one comparison",
        mend="compare both at once",
    )
