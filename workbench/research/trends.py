"""What a school's absence does from half-term to half-term, as a control chart.

Absence has seasons, and a control chart takes a season for a signal. So what is charted is a
school's absence less that of other schools of the trust in the same half-term: the season, the
weather and the illness that all have in common drop out.

The other schools are the same ones in every half-term of a series. Were they whichever have numbers
in a half-term, a weak school that joins would make every other school look better from that day on.
"""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

from workbench.measures.control_charts import ControlChart, TooFewPoints, control_chart
from workbench.pillars.scope import Scope
from workbench.research.half_terms import half_terms


@dataclass(frozen=True)
class Trend:
    """One school's series with its control chart.

    Attributes:
        urn: The school.
        values: Its absence less that of the other schools, in percentage points, oldest first.
        absence: Its absence itself, in per cent of sessions.
        periods: The half-term of each value, such as `Sep 2025`.
        chart: The chart, or that there are too few points for one.
    """

    urn: int
    values: tuple[float, ...]
    absence: tuple[float, ...]
    periods: tuple[str, ...]
    chart: ControlChart | TooFewPoints


def absence_trends(scope: Scope) -> tuple[Trend, ...]:
    """Return the trend of each school, or of the scope's one, that has other schools beside it.

    A half-term counts where at least one other school of the trust has numbers on it. A school is
    set against those others, pooled by sessions, that have numbers in every half-term of its
    series; where no school has, there is no trend.

    Args:
        scope: The trust or school.
    """
    table = scope.trust.tables["attendance"]
    rows = table[["urn", "begins", "missed_sessions", "possible_sessions"]].astype(
        {"missed_sessions": "float64", "possible_sessions": "float64"}
    )
    sums = rows.groupby(["urn", half_terms(rows["begins"])]).agg(
        begins=("begins", "min"), missed=("missed_sessions", "sum"),
        possible=("possible_sessions", "sum"),
    )  # fmt: skip
    sums = sums[sums["possible"] > 0].rename_axis(["urn", "half_term"]).reset_index()
    urns = scope.trust.schools["urn"] if scope.urn is None else [scope.urn]
    found = (_trend(scope, int(urn), sums) for urn in urns)
    return tuple(trend for trend in found if trend is not None)


def _trend(scope: Scope, urn: int, sums: pd.DataFrame) -> Trend | None:
    mine = sums["urn"] == urn
    own, others = sums[mine].set_index("half_term"), sums[~mine]
    own = own[own.index.isin(others["half_term"])].sort_index()
    others = others[others["half_term"].isin(own.index)]
    whole = others.groupby("urn")["half_term"].transform("nunique") == len(own)
    if not whole.any():
        return None
    rest = others[whole].groupby("half_term")[["missed", "possible"]].sum()
    absence = 100 * own["missed"] / own["possible"]
    values = (absence - 100 * rest["missed"] / rest["possible"]).to_list()
    windows = scope.settings.pillars.windows
    return Trend(
        urn=urn,
        values=tuple(values),
        absence=tuple(absence.to_list()),
        periods=tuple(f"{day:%b %Y}" for day in own["begins"]),
        chart=control_chart(
            values,
            direction="down",
            fewest=int(windows.fewest_points.value),
            firm=int(windows.firm_points.value),
        ),
    )
