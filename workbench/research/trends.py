"""What a school's absence does from half-term to half-term, as a control chart.

Absence has seasons, and a control chart takes a season for a signal. So what is charted is a
school's absence less that of the trust's other schools in the same half-term: the season, the
weather and the illness that all have in common drop out.
"""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

from workbench.measures.control_charts import ControlChart, TooFewPoints, control_chart
from workbench.pillars.scope import Scope


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
    """Return the trend of each school, or of the scope's one, that has any half-term to compare.

    A half-term counts where at least one other school of the trust has numbers on it.

    Args:
        scope: The trust or school.
    """
    table = scope.trust.tables["attendance"]
    sessions = table[["urn", "begins", "missed_sessions", "possible_sessions"]].astype(
        {"missed_sessions": "float64", "possible_sessions": "float64"}
    )
    totals = sessions.groupby("begins")[["missed_sessions", "possible_sessions"]].transform("sum")
    others = totals - sessions[["missed_sessions", "possible_sessions"]]
    rows = sessions.assign(
        absence=100 * sessions["missed_sessions"] / sessions["possible_sessions"],
        rest=100 * others["missed_sessions"] / others["possible_sessions"],
    )[others["possible_sessions"] > 0]
    urns = scope.trust.schools["urn"] if scope.urn is None else [scope.urn]
    found = []
    for urn in urns:
        own = rows[rows["urn"] == urn].sort_values("begins")
        if len(own):
            found.append(_trend(scope, int(urn), own))
    return tuple(found)


def _trend(scope: Scope, urn: int, own: pd.DataFrame) -> Trend:
    windows = scope.settings.pillars.windows
    values = (own["absence"] - own["rest"]).to_list()
    return Trend(
        urn=urn,
        values=tuple(values),
        absence=tuple(own["absence"].to_list()),
        periods=tuple(f"{day:%b %Y}" for day in own["begins"]),
        chart=control_chart(
            values,
            direction="down",
            fewest=int(windows.fewest_points.value),
            firm=int(windows.firm_points.value),
        ),
    )
