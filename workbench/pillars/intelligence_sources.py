"""How many sides a judgement is seen from, how far they differ, and how old they are.

Judgements are in the trust's own four bands: none of them is an inspection grade.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from types import MappingProxyType

import pandas as pd

from workbench.measures.resampling import median_interval
from workbench.measures.sources import Finding, disagreement, independent_families
from workbench.pillars.indicator import Measured, counted, measured, not_enough
from workbench.pillars.measuring import Measure, middle_day
from workbench.pillars.scope import Scope
from workbench.terms import Term
from workbench.trust.contract_parts import OWN_BANDS

AREA_OF_SCHOOL = ["urn", "area"]
_JUDGED = "judgements of schools by named sources in the recent terms"


def findings(judgements: pd.DataFrame) -> Iterator[Finding]:
    """Yield judgements as findings, bands counted from 0, the most urgent.

    Args:
        judgements: Columns source, author, band and made.
    """
    columns = (judgements[name] for name in ("source", "author", "band", "made"))
    for source, author, band, made in zip(*columns, strict=True):
        yield Finding(source, author, OWN_BANDS.index(band), made.date())


def _recent(scope: Scope) -> pd.DataFrame:
    return scope.between(scope.rows("source_judgements"), "made")


def _source_families(scope: Scope) -> Measured:
    key = "source_families"
    recent = _recent(scope)
    if recent.empty:
        return not_enough(key, scope.indicator(key), _JUDGED)
    counts = [independent_families(findings(area)) for _, area in recent.groupby(AREA_OF_SCHOOL)]
    single = counts.count(1)
    return _median(
        scope, key, counts, recent["made"],
        f"one author counts once; {single} of {len(counts)} rest on one source",
    )  # fmt: skip


def _source_disagreement(scope: Scope) -> Measured:
    key = "source_disagreement"
    recent = _recent(scope)
    by_area = [disagreement(findings(area)) for _, area in recent.groupby(AREA_OF_SCHOOL)]
    ranges = [one for one in by_area if one is not None]
    if not ranges:
        return not_enough(
            key, scope.indicator(key),
            "judgements of one area of a school by two or more sources in the recent terms",
        )  # fmt: skip
    line, single = scope.indicator(key).threshold, len(by_area) - len(ranges)
    limit = None if line is None else line.limit
    notes = (
        "" if limit is None
        else f"{sum(one > limit for one in ranges)} of {len(ranges)} more than "
        f"{counted(int(limit), 'band')} apart",
        f"{counted(single, 'area')} with a single source left out" if single else "",
    )  # fmt: skip
    return _median(scope, key, ranges, recent["made"], "; ".join(part for part in notes if part))


def _evidence_age(scope: Scope) -> Measured:
    key = "evidence_age"
    made = scope.rows("source_judgements")
    made = made[made["made"] <= pd.Timestamp(scope.as_of)]
    if made.empty:
        return not_enough(key, scope.indicator(key), "a judgement of a school by any source")
    latest = made.groupby(AREA_OF_SCHOOL)["made"].max()
    ages = [scope.term - Term.of(day.date()) for day in latest]
    unseen = len(scope.rows("schools")) - made["urn"].nunique()
    return _median(
        scope, key, ages, latest,
        f"the oldest is {counted(max(ages), 'term')} old"
        + (f"; {counted(unseen, 'school')} without any judgement not counted" if unseen else ""),
    )  # fmt: skip


def _median(scope: Scope, key: str, values: list[int], days: pd.Series, note: str) -> Measured:
    return measured(
        key, scope.indicator(key), float(pd.Series(values).median()),
        as_of=scope.as_of, n=len(values), n_of="judged area", evidence_date=middle_day(days),
        interval=median_interval(values, scope.confidence), estimated=True, note=note,
    )  # fmt: skip


MEASURES: Mapping[str, Measure] = MappingProxyType({
    "source_families": _source_families,
    "source_disagreement": _source_disagreement,
    "evidence_age": _evidence_age,
})  # fmt: skip
