"""Where each school stands on the day a trust is described: judgement, tenure, days to give."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, fields
from typing import Any, Self

import pandas as pd

from workbench.pillars.once import once_a_trust
from workbench.terms import Term
from workbench.trust.inspections import latest_inspections
from workbench.trust.load import Trust


@dataclass(frozen=True)
class Standing:
    """One school's standing; None is not known or does not apply.

    Attributes:
        rated: A judgement stands under the present URN.
        framework: "oeif" or "report card".
        inspection_date: Day of the judgement that stands.
        overall: Overall grade of the older framework.
        worst_judgement: Overall grade, or the lowest sub-judgement where none was given.
        category: Category of concern.
        safeguarding_met: Whether safeguarding was met, or effective.
        urgent_areas: Report card areas in urgent improvement.
        below_expected_areas: Report card areas below the expected standard, urgent ones included.
        leadership_needs_attention: Leadership and governance is below the expected standard.
        terms_in_trust: Whole terms since the term of joining.
        terms_sustained: Terms since the unbroken run of sound judgements began.
        spare_days: Days a term last declared as free for other schools.
        spare_days_age: Terms since that declaration.
        predecessor_inspected: Last inspection under another URN.
    """

    rated: bool
    framework: str | None = None
    inspection_date: pd.Timestamp | None = None
    overall: str | None = None
    worst_judgement: str | None = None
    category: str | None = None
    safeguarding_met: bool | None = None
    urgent_areas: int = 0
    below_expected_areas: int = 0
    leadership_needs_attention: bool = False
    terms_in_trust: int | None = None
    terms_sustained: int | None = None
    spare_days: float | None = None
    spare_days_age: int | None = None
    predecessor_inspected: pd.Timestamp | None = None

    @classmethod
    def each(cls, table: pd.DataFrame) -> Iterator[Self]:
        """Yield a standing per row; columns are named as the attributes, absent ones unknown."""
        names = [field.name for field in fields(cls) if field.name in table.columns]
        for values in zip(*(table[name] for name in names), strict=True):
            present = {n: _plain(v) for n, v in zip(names, values, strict=True) if not pd.isna(v)}
            yield cls(**present)


def standings(trust: Trust) -> pd.DataFrame:
    """Return one row per school: `urn`, `name` and the attributes of `Standing` as columns."""
    return _worked_out(trust).copy(deep=False)  # a new column is the asker's own


@once_a_trust
def _worked_out(trust: Trust) -> pd.DataFrame:
    now = Term.of(trust.as_of)
    schools = trust.schools[["urn", "name", "joined"]]
    table = schools.merge(latest_inspections(trust), on="urn", validate="one_to_one")
    table["terms_in_trust"] = terms_since(table["joined"], now)
    table["terms_sustained"] = terms_since(table["performing_since"], now)
    declared = _declared_days(trust.support_capacity, now)
    return table.merge(declared, on="urn", how="left", validate="one_to_one")


def terms_since(days: pd.Series, now: Term) -> pd.Series:
    """Return whole terms from the term of each day to the present one; missing stays missing."""
    counts = [pd.NA if pd.isna(day) else now - Term.of(day.date()) for day in days]
    return pd.Series(counts, index=days.index, dtype="Int64")


def _declared_days(capacity: pd.DataFrame, now: Term) -> pd.DataFrame:
    """Each school's latest declaration up to the present term, and its age in terms."""
    ages = pd.Series([now - Term.parse(term) for term in capacity["term"]], dtype="Int64")
    known = capacity.reset_index(drop=True).assign(spare_days_age=ages)
    known = known[known["spare_days_age"] >= 0].sort_values(["urn", "spare_days_age"])
    latest = known.drop_duplicates("urn").rename(columns={"days_available": "spare_days"})
    return latest[["urn", "spare_days", "spare_days_age"]].astype({"spare_days": "float64"})


def _plain(value: Any) -> Any:
    """A numpy scalar as the Python value it stands for."""
    return value.item() if hasattr(value, "item") else value
