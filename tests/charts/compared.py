"""Frames of a comparison of two plans, for charts to draw."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import pandas as pd

from tests.charts.frames import TERMS, fans

Triple = tuple[float, float, float]


def fans_of(middles: Mapping[str, Sequence[float]], measure: str = "secure_share") -> pd.DataFrame:
    """A fan for each scenario."""
    return pd.concat(
        [fans(own, 0.05, measure).assign(scenario=name) for name, own in middles.items()],
        ignore_index=True,
    )


def breach_of(ends: Mapping[str, tuple[float, float]]) -> pd.DataFrame:
    """Chances that rise to an end with joiners and to another without."""
    rows = [
        {
            "scenario": name, "limit": "any limit", "term": term, "index": index,
            "probability": end * (index + 1) / 3, "lower": end * (index + 1) / 3 - 0.01,
            "upper": end * (index + 1) / 3 + 0.01, "with_joiners": joining,
        }
        for name, both in ends.items()
        for end, joining in zip(both, (True, False), strict=True)
        for index, term in enumerate(TERMS)
    ]  # fmt: skip
    return pd.DataFrame(rows)


def effect_of(ends: Mapping[str, Triple]) -> pd.DataFrame:
    """Differences that grow to an end with its interval."""
    rows = [
        {
            "scenario": name, "measure": "existing_secure_share", "term": term, "index": index,
            "with_joiners": 0.8 + value * index / 2, "without": 0.8,
            "difference": value * index / 2, "lower": low * index / 2, "upper": high * index / 2,
        }
        for name, (value, low, high) in ends.items()
        for index, term in enumerate(TERMS)
    ]  # fmt: skip
    return pd.DataFrame(rows)


def overview_of(extra: Mapping[str, Triple], level: float = 0.95) -> pd.DataFrame:
    """Risk added by each scenario with its interval."""
    return pd.DataFrame(
        [(name, *triple, level) for name, triple in extra.items()],
        columns=["scenario", "extra_risk", "extra_lower", "extra_upper", "extra_level"],
    )


def pairs_of(pairs: Mapping[tuple[str, str], Triple]) -> pd.DataFrame:
    """Differences in the chance that every limit holds."""
    return pd.DataFrame(
        [(one, other, "hold", *triple) for (one, other), triple in pairs.items()],
        columns=["scenario", "other", "measure", "difference", "lower", "upper"],
    )


def steps_of(start: float, changes: Mapping[str, Triple], outcome: str = "breach") -> pd.DataFrame:
    """A waterfall from a start through changes."""
    rows = [(outcome, "none join", start, start, start, 0.0, start)]
    at = start
    for name, (value, low, high) in changes.items():
        rows.append((outcome, name, value, low, high, at, at + value))
        at += value
    rows.append((outcome, "all join", at, at, at, 0.0, at))
    columns = ["outcome", "step", "contribution", "lower", "upper", "start", "end"]
    return pd.DataFrame(rows, columns=columns)
