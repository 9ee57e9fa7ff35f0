"""How many sides a judgement is seen from, how far they differ, and how old they are.

Judgements are in the trust's own four bands: none of them is an inspection grade.

What is known of a few schools says nothing of those that nobody has judged. So a whole trust has a
value only where enough of its schools were judged, by the share that a pillar's score asks for too.
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
_TWICE = "by two or more sources"
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
    too_few = _too_few_schools(scope, key, recent)
    if too_few is not None:
        return too_few
    counts = [independent_families(findings(area)) for _, area in recent.groupby(AREA_OF_SCHOOL)]
    single = counts.count(1)
    return _median(
        scope, key, counts, recent["made"],
        f"one author counts once; {single} of {len(counts)} rest on one source",
        _judged_of(scope, recent),
    )  # fmt: skip


def _source_disagreement(scope: Scope) -> Measured:
    key = "source_disagreement"
    recent = _recent(scope)
    by_area = {area: disagreement(findings(rows)) for area, rows in recent.groupby(AREA_OF_SCHOOL)}
    compared = {area: apart for area, apart in by_area.items() if apart is not None}
    if not compared:
        return not_enough(
            key, scope.indicator(key),
            "judgements of one area of a school by two or more sources in the recent terms",
        )  # fmt: skip
    seen_twice = pd.DataFrame({"urn": [urn for urn, _ in compared]})
    too_few = _too_few_schools(scope, key, seen_twice, _TWICE)
    if too_few is not None:
        return too_few
    ranges = list(compared.values())
    line, single = scope.indicator(key).threshold, len(by_area) - len(ranges)
    limit = None if line is None else line.limit
    notes = (
        "" if limit is None
        else f"{sum(one > limit for one in ranges)} of {len(ranges)} more than "
        f"{counted(int(limit), 'band')} apart",
        f"{counted(single, 'area')} with a single source left out" if single else "",
        _judged_of(scope, seen_twice, _TWICE),
    )  # fmt: skip
    return _median(scope, key, ranges, recent["made"], *notes)


def _evidence_age(scope: Scope) -> Measured:
    key = "evidence_age"
    made = scope.rows("source_judgements")
    made = made[made["made"] <= pd.Timestamp(scope.as_of)]
    if made.empty:
        return not_enough(key, scope.indicator(key), "a judgement of a school by any source")
    too_few = _too_few_schools(scope, key, made)
    if too_few is not None:
        return too_few
    latest = made.groupby(AREA_OF_SCHOOL)["made"].max()
    ages = [scope.term - Term.of(day.date()) for day in latest]
    return _median(
        scope, key, ages, latest,
        f"the oldest is {counted(max(ages), 'term')} old", _judged_of(scope, made),
    )  # fmt: skip


def _median(scope: Scope, key: str, values: list[int], days: pd.Series, *notes: str) -> Measured:
    return measured(
        key, scope.indicator(key), float(pd.Series(values).median()),
        as_of=scope.as_of, n=len(values), n_of="judged area", evidence_date=middle_day(days),
        interval=median_interval(values, scope.confidence), estimated=True,
        note="; ".join(part for part in notes if part),
    )  # fmt: skip


def _too_few_schools(scope: Scope, key: str, judged: pd.DataFrame, by: str = "") -> Measured | None:
    """Return what is missing where too few schools of a trust were judged; None where enough."""
    least = scope.settings.pillars.profile.least_measured.value
    if scope.urn is not None or judged["urn"].nunique() >= least * len(scope.trust.schools):
        return None
    share = "half" if least == 0.5 else f"{least:.0%}"
    return not_enough(
        key, scope.indicator(key), f"{_by('judgements', by)} of at least {share} of the schools",
        note=_judged_of(scope, judged, by),
    )  # fmt: skip


def _judged_of(scope: Scope, judged: pd.DataFrame, by: str = "") -> str:
    """Say how many of a trust's schools were judged; nothing of a single school."""
    if scope.urn is not None:
        return ""
    schools = counted(len(scope.trust.schools), "school")
    return _by(f"{judged['urn'].nunique()} of {schools} judged", by)


def _by(what: str, by: str) -> str:
    return f"{what} {by}" if by else what


MEASURES: Mapping[str, Measure] = MappingProxyType({
    "source_families": _source_families,
    "source_disagreement": _source_disagreement,
    "evidence_age": _evidence_age,
})  # fmt: skip
