"""How each school of the demo stands in truth; surveys, reviews and results scatter round it."""

from __future__ import annotations

import datetime as dt
from typing import NamedTuple

from workbench.trust import demo_story as story
from workbench.trust.contract_parts import OWN_BANDS, SUPPORT_AREAS
from workbench.trust.demo_draws import Draws


class Standing(NamedTuple):
    """The truth about one school, which no source of the demo knows exactly.

    Attributes:
        band: Place of its usual band in OWN_BANDS, 0 to 3.
        belonging: How far its staff stand above the middle in what binds them to the trust.
        climate: How far its pupils, parents and staff stand above the middle in daily life.
        attainment: Per cent at the expected standard, or points of attainment 8, in 2024.
        gain: What attainment gains each year.
        popularity: First preferences for each place.
    """

    band: int
    belonging: float
    climate: float
    attainment: float
    gain: float
    popularity: float


STANDINGS = {
    900001: Standing(3, 0.35, 0.2, 66.0, 1.0, 1.10),
    900002: Standing(3, 0.25, 0.3, 75.0, 0.5, 1.25),
    900003: Standing(2, 0.15, 0.0, 63.0, 0.5, 0.95),
    900004: Standing(2, 0.30, 0.2, 49.0, 6.0, 0.90),
    900005: Standing(2, 0.10, 0.1, 65.0, 0.0, 0.92),
    900006: Standing(2, -0.15, -0.4, 58.0, -1.5, 0.78),
    900007: Standing(2, 0.10, 0.3, 69.0, 1.0, 1.02),
    900008: Standing(1, 0.05, -0.1, 47.0, 3.0, 0.72),
    900009: Standing(2, -0.60, 0.3, 68.0, 0.0, 0.97),
    900010: Standing(1, -0.70, -0.3, 46.0, 0.0, 0.60),
    900011: Standing(3, 0.15, 0.2, 50.5, 0.7, 1.20),
    900012: Standing(1, -0.15, -0.6, 36.5, -0.6, 0.62),
    900013: Standing(2, -0.85, 0.0, 46.5, 0.2, 0.98),
    900014: Standing(3, 0.20, 0.4, 0.0, 0.0, 0.0),
}
_OWN_AREA = {
    (900004, "curriculum and teaching"): 3,
    (900006, "attendance and behaviour"): 1,
    (900006, "leadership and governance"): 1,
    (900008, "personal development and wellbeing"): 2,
    (900012, "achievement"): 0,
    (900012, "attendance and behaviour"): 0,
    (900012, "inclusion"): 2,
    (900012, "personal development and wellbeing"): 2,
    (900013, "post-16"): 3,
    (900013, "curriculum and teaching"): 3,
}
AREAS_OF_ALL = SUPPORT_AREAS[:6]


def areas(urn: int) -> tuple[str, ...]:
    """Return the areas that a school can be judged in."""
    more = {"primary": ("early years",), "secondary": ("post-16",)}
    if urn == 900012:  # a school for ages 11 to 16
        return AREAS_OF_ALL
    return AREAS_OF_ALL + more.get(story.BY_URN[urn].phase, ())


def place(urn: int, area: str) -> int:
    """Return the place in OWN_BANDS where an area of a school truly stands."""
    return _OWN_AREA.get((urn, area), STANDINGS[urn].band)


def band(number: int) -> str:
    """Return the band at a place, the nearest one where there is no such place."""
    return OWN_BANDS[max(0, min(number, len(OWN_BANDS) - 1))]


def joined(urn: int) -> dt.date:
    """Return the day a school came to the trust."""
    return dt.date.fromisoformat(story.BY_URN[urn].joined)


def in_trust(urn: int, day: dt.date) -> bool:
    """Tell whether a school belonged to the trust on a day."""
    return joined(urn) <= day


def schoolday(draws: Draws, first: dt.date, last: dt.date) -> dt.date:
    """Draw a day from Monday to Friday, from the first day to the last."""
    day = first + dt.timedelta(days=draws.whole(0, (last - first).days))
    back = max(0, day.weekday() - 4)
    return day - dt.timedelta(days=back) if (day - first).days >= back else first
