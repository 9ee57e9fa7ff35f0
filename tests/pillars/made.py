"""Measured indicators and profiles made by hand, for what is done with them once they are there."""

from __future__ import annotations

import datetime as dt

from tests.pillars.small import AS_OF, scope
from workbench.measures.composites import Composite
from workbench.measures.intervals import Interval
from workbench.measures.ordering import ordering
from workbench.parameters.pillars import PILLARS, load_pillars
from workbench.pillars.indicator import Measured, measured, not_applicable, not_enough
from workbench.pillars.profile import Profile, pillar_score
from workbench.pillars.scope import Scope

DECLARED = load_pillars().indicators


def value(
    key: str,
    number: float,
    likely: tuple[float, float] | None = None,
    *,
    n: int = 10,
    n_of: str = "project",
    note: str = "",
    limit: float | None = None,
    evidence_date: dt.date = AS_OF,
    estimated: bool = False,
) -> Measured:
    """Return a declared indicator with a value, and its 95% interval where one is given.

    Without one it was counted whole, unless it is said to be estimated.
    """
    interval = None if likely is None else Interval(number, *likely, 0.95)
    return measured(
        key, DECLARED[key], number, as_of=AS_OF, n=n, n_of=n_of, evidence_date=evidence_date,
        interval=interval, estimated=estimated, note=note, limit=limit,
    )  # fmt: skip


def unknown(key: str, *missing: str) -> Measured:
    """Return a declared indicator without enough evidence."""
    return not_enough(key, DECLARED[key], *missing)


def beside(key: str, why: str = "it had none") -> Measured:
    """Return a declared indicator that does not apply."""
    return not_applicable(key, DECLARED[key], why)


def together(*found: Measured, here: Scope | None = None) -> Profile:
    """Return a profile of these indicators and no others, of the small trust unless told so."""
    here = here or scope()
    pillars = {
        name: pillar_score(here, name, tuple(x for x in found if x.indicator.pillar == name))
        for name in PILLARS
    }
    scores: dict[str, Composite] = {
        name: one.composite for name, one in pillars.items() if one.composite is not None
    }
    return Profile(here, pillars, ordering(scores) if len(scores) > 1 else None)
