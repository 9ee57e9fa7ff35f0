"""A trust of three schools, with whatever rows a test gives it, for figures worked out by hand."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import pandas as pd

from workbench.pillars.indicator import Measured
from workbench.pillars.measuring import Measure
from workbench.pillars.scope import Scope, pillar_settings
from workbench.trust.contracts import TABLES
from workbench.trust.load import Trust
from workbench.trust.schemas import typed

AS_OF = dt.date(2026, 10, 31)
FIRST, SECOND, THIRD = 900001, 900002, 900003
Rows = Sequence[Mapping[str, Any]]
_SCHOOLS: Rows = [
    {"urn": FIRST, "name": "First Primary", "phase": "primary", "joined": "2018-09-01",
     "pupils": 200, "latitude": 53.60, "longitude": 1.30},
    {"urn": SECOND, "name": "Second Primary", "phase": "primary", "joined": "2019-09-01",
     "pupils": 300, "latitude": 53.62, "longitude": 1.32},
    {"urn": THIRD, "name": "Third High", "phase": "secondary", "joined": "2020-09-01",
     "pupils": 900, "latitude": 53.70, "longitude": 1.40},
]  # fmt: skip
_SETTINGS = pillar_settings()


def frame(table: str, rows: Rows) -> pd.DataFrame:
    """Return rows as the intake types them: text in, declared types out."""
    contract = TABLES[table]
    if not rows:
        return contract.empty()
    cells = pd.DataFrame(
        [{name: str(value) for name, value in row.items() if value is not None} for row in rows],
        columns=list(contract.names),
        dtype="str",
    ).fillna("")
    out = typed(contract, cells)
    needed = [c.name for c in contract.columns if c.kind == "urn" and c.required]
    return out.astype(dict.fromkeys(needed, "int64"))


def small_trust(**tables: Rows) -> Trust:
    """Return a trust of three schools with the tables given and every other one empty."""
    given: dict[str, Rows] = {
        "trust": [{"trust_uid": 1, "name": "Small Trust", "as_of": AS_OF.isoformat()}],
        "schools": _SCHOOLS,
        **tables,
    }
    return Trust(
        uid=1,
        name="Small Trust",
        as_of=AS_OF,
        folder=Path("small"),
        tables={name: frame(name, given.get(name, ())) for name in TABLES},
        absent=tuple(name for name in TABLES if name not in given),
    )


def scope(urn: int | None = None, /, **tables: Rows) -> Scope:
    """Return the small trust, or one of its schools, as a scope to measure on."""
    return Scope(small_trust(**tables), _SETTINGS, urn)


def one(measures: Mapping[str, Measure], key: str, **tables: Rows) -> Measured:
    """Work out one indicator on the small trust."""
    return measures[key](scope(**tables))
