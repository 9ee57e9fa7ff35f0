"""The panel of England's history: trusts, schools and grades over time, from dated snapshots."""

from workbench.research.history.ask import (
    ask,
    connected,
    grades_on,
    inspection_history,
    members_on,
    membership_history,
    movement_history,
    movements_by_period,
    school_chain,
    trust_history,
)
from workbench.research.history.build import build, built

__all__ = [
    "ask",
    "build",
    "built",
    "connected",
    "grades_on",
    "inspection_history",
    "members_on",
    "membership_history",
    "movement_history",
    "movements_by_period",
    "school_chain",
    "trust_history",
]
