"""Small frames of the shapes that the growth model gives, for charts to draw."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pandas as pd

ABOUT: dict[str, Any] = {"trust": "Alder Trust", "scenario": "Steady growth"}
TERMS = ("2026/27 spring", "2026/27 summer", "2027/28 autumn")


def fans(middles: Sequence[float], spread: float, measure: str = "reserves_share") -> pd.DataFrame:
    """A fan whose bands lie `spread` and half of it either side of the middle."""
    steps = {"p05": -spread, "p25": -spread / 2, "p50": 0.0, "p75": spread / 2, "p95": spread}
    return pd.DataFrame([
        {"measure": measure, "term": term, "index": index, "mean": middle, "n": 200}
        | {name: middle + step for name, step in steps.items()}
        for index, (term, middle) in enumerate(zip(TERMS, middles, strict=True))
    ])  # fmt: skip


def curve(extra: Sequence[float], baseline: float = 0.2, doubt: float = 0.02) -> pd.DataFrame:
    """An absorption curve: extra risk by number of joiners from 0, on top of a baseline."""
    return pd.DataFrame([
        {
            "joiners": joiners,
            "probability": 1 - baseline - risk,
            "lower": 1 - baseline - risk - doubt,
            "upper": 1 - baseline - risk + doubt,
            "extra_risk": risk,
            "extra_lower": risk - doubt * (joiners > 0),
            "extra_upper": risk + doubt * (joiners > 0),
        }
        for joiners, risk in enumerate(extra)
    ])  # fmt: skip
