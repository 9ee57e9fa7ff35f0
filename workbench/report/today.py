"""How the schools already in a trust do today, for a board that is asked about new ones."""

from __future__ import annotations

from workbench.charts.control_grid import control_grid
from workbench.charts.figure import Figure
from workbench.pillars.scope import Scope, pillar_settings
from workbench.research.trends import absence_trends
from workbench.trust.load import Trust

SOURCE = "the trust's own attendance table."


def absence(trust: Trust) -> tuple[Figure, ...]:
    """Return the absence of each school as small control charts, where the trust keeps it."""
    trends = absence_trends(Scope(trust, pillar_settings()))
    if not trends:
        return ()
    names = {int(urn): str(name) for urn, name in
             zip(trust.schools["urn"], trust.schools["name"], strict=True)}  # fmt: skip
    return (control_grid(trends, names, whose=trust.name, source=SOURCE),)


def said(figures: tuple[Figure, ...]) -> str:
    """Say how to read the charts, or that there are none and what would make them."""
    if figures:
        return (
            "Signal is told from noise by the rules of control charts, in place of red, amber and "
            "green: each school's absence less that of its peers in the same half-term."
        )
    return (
        "The trust's tables hold too few half-terms of attendance for control charts: fill in the "
        "table attendance, half-term by half-term, for five schools or more."
    )
