"""Small outcomes of scenarios, as `scenario.pairs.outcomes` gives them."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from workbench.scenario.compared import COMPARED


def outcome(
    hold: Sequence[float],
    *,
    alone: Sequence[float] | None = None,
    pupils: float = 1000.0,
    reserves: float = 0.1,
) -> pd.DataFrame:
    """One row a future; without joiners every limit holds unless said otherwise."""
    held = np.array(hold, dtype=float)
    without = np.ones(len(held)) if alone is None else np.array(alone, dtype=float)
    table = pd.DataFrame({measure: np.full(len(held), 0.8) for measure in COMPARED})
    table["hold"], table["hold_without"] = held, without
    table["extra_breach"] = without - held
    table["pupils_secure"], table["reserves_share"] = pupils, reserves
    return table
