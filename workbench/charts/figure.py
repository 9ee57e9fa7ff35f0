"""What every chart function returns: the picture with its finding, words, source and data."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd


@dataclass(frozen=True)
class Figure:
    """One finished figure.

    Attributes:
        key: Short name for links and files, in small letters and hyphens.
        headline: The finding in plain English, computed from the data.
        subtitle: Measure, place, period and unit.
        alt: What the picture shows, for those who cannot see it; adds to the headline.
        source: Where the numbers come from.
        data: What was drawn, rounded as drawn, under headings a reader understands.
        svg: The picture, equal byte for byte for equal data.
    """

    key: str
    headline: str
    subtitle: str
    alt: str
    source: str
    data: pd.DataFrame
    svg: str
