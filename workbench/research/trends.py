"""What a school's absence does from half-term to half-term, as a control chart.

Absence has seasons, and a control chart takes a season for a signal. So what is charted is a
school's absence less that of other schools of the trust in the same half-term: the season, the
weather and the illness that all have in common drop out.

Of the others it is the median, not what they pool. A large school weighs much in a pool, so that a
rise at it alone would make every other school look better; the median stays where it is when one
school goes its own way (Tukey, Exploratory Data Analysis, 1977). It is that of schools of the same
phase where there are enough of them, for older pupils miss other days than younger ones.

The other schools are the same ones in every half-term of a series. Were they whichever have numbers
in a half-term, a weak school that joins would make every other school look better from that day on.
"""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

from workbench.measures.control_charts import ControlChart, TooFewPoints, control_chart
from workbench.pillars.scope import Scope
from workbench.research.comparisons import PHASE_GROUPS
from workbench.research.half_terms import half_terms

FEWEST_PEERS = 4
"""Of fewer schools than this the median is not theirs: one or two of them make it."""


@dataclass(frozen=True)
class Trend:
    """One school's series with its control chart.

    Attributes:
        urn: The school.
        values: Its absence less the median of its peers, in percentage points, oldest first.
        absence: Its absence itself, in per cent of sessions.
        periods: The half-term of each value, such as `Sep 2025`.
        chart: The chart, or that there are too few points for one.
        own_phase: Whether its peers are of its phase; else they are of all phases.
    """

    urn: int
    values: tuple[float, ...]
    absence: tuple[float, ...]
    periods: tuple[str, ...]
    chart: ControlChart | TooFewPoints
    own_phase: bool = True


def absence_trends(scope: Scope) -> tuple[Trend, ...]:
    """Return the trend of each school, or of the scope's one, that has enough peers.

    A half-term counts where at least four other schools of the trust have numbers on it. A school's
    peers are the others with numbers in every half-term of its series: those of its phase where
    they are at least four, else those of all phases; where these are fewer too, there is no trend.

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
    beside = others["half_term"].value_counts()
    own = own[own.index.isin(beside.index[beside >= FEWEST_PEERS])].sort_index()
    others = others[others["half_term"].isin(own.index)]
    whole = others.groupby("urn")["half_term"].transform("nunique") == len(own)
    found = _peers(scope, urn, others[whole])
    if found is None:
        return None
    peers, own_phase = found
    absence = 100 * own["missed"] / own["possible"]
    of_peers = 100 * peers["missed"] / peers["possible"]
    values = (absence - of_peers.groupby(peers["half_term"]).median()).to_list()
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
        own_phase=own_phase,
    )


def _peers(scope: Scope, urn: int, others: pd.DataFrame) -> tuple[pd.DataFrame, bool] | None:
    """Return the rows of a school's peers and whether they are of its phase, else of all.

    None where these are few too.
    """
    phase = scope.trust.schools.set_index("urn")["phase"].map(PHASE_GROUPS)
    alike = others[others["urn"].map(phase) == phase[urn]]
    for found, own_phase in ((alike, True), (others, False)):
        if found["urn"].nunique() >= FEWEST_PEERS:
            return found, own_phase
    return None
