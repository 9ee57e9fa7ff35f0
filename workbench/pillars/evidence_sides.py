"""What each side says of a school, side by side: where sources agree, differ, or are one voice.

Every band here is the trust's own. What inspectors found is told elsewhere and never put on this
scale.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd

from workbench.measures.sources import Finding, independent_families
from workbench.pillars.scope import Scope
from workbench.trust.contract_parts import OWN_BANDS, SUPPORT_AREAS
from workbench.trust.contracts_evidence import SOURCES

ITSELF, REVIEW = "the school itself", "quality review"
SIDES = (*SOURCES, REVIEW, ITSELF)
SINGLE, ONE_AUTHOR = "single source", "one author behind several sources"
_NUMBERS = ("no", "one", "two", "three")
_OF_SCHOOL = {
    "area": "str", "source": "str", "band": "str", "day": "datetime64[s]", "authors": "int64",
    "independent": "int64", "bands_apart": "int64", "flags": "str",
}  # fmt: skip
_OF_TRUST = {
    "urn": "int64", "name": "str", "source": "str", "band": "str", "lowest": "str",
    "areas": "int64", "day": "datetime64[s]", "bands_apart": "int64", "areas_apart": "int64",
    "flags": "str",
}  # fmt: skip


@dataclass(frozen=True)
class _Judgement:
    """What somebody says of an area of a school: its band's place in `OWN_BANDS`, and the day.

    The author is None where no one is named.
    """

    area: str
    source: str
    author: str | None
    rank: int
    made: pd.Timestamp


def sides(scope: Scope) -> pd.DataFrame:
    """Return what each side says, over the recent terms.

    For a school, one row an area and source, areas and sources in their declared order:

    - `area`, `source`: a source of the table `source_judgements`, "quality review" or "the school
      itself" (its self-evaluation).
    - `band`, `day`: its latest judgement; of several on one day the lowest.
    - `authors`: how many people wrote what this source says; 0 where no one is named.
    - `independent`: how many sources with authors of their own the area has. What the school says
      of itself does not count, as it cannot confirm itself.
    - `bands_apart`: how far the sources of the area are apart, 0 to 3.
    - `flags`: "two bands apart" (or three), "one author behind several sources", "single source";
      joined by "; ", blank for none.

    For the trust, one row a school and source: `urn`, `name`, `source`; `band`, the middle one over
    areas (the lower of two middle ones), and `lowest`; `areas`, how many; `day`, the latest;
    `bands_apart` between the middle bands of the school's sources; `areas_apart`, in how many areas
    they are further apart than the line of `source_disagreement`; and `flags` as above.

    A side that says nothing of an area has no row. Bands are words, in the trust's own four.
    """
    said = _said(scope)
    if scope.urn is not None:
        of_school = [one for its in said.values() for one in its]
        return _table([*_areas(scope, of_school)], _OF_SCHOOL)
    schools = scope.trust.schools
    found = [
        {"urn": urn, "name": name, **row}
        for urn, name in zip(schools["urn"].tolist(), schools["name"].tolist(), strict=True)
        for row in _middle(scope, said.get(urn, []))
    ]
    return _table(found, _OF_TRUST)


def _table(rows: list[dict[str, Any]], columns: dict[str, str]) -> pd.DataFrame:
    return pd.DataFrame(rows, columns=list(columns)).astype(columns)


def _said(scope: Scope) -> dict[int, list[_Judgement]]:
    """Return every judgement of the recent terms, by URN."""
    columns = ["urn", "area", "source", "author", "band", "made"]
    judged = scope.between(scope.rows("source_judgements"), "made")
    reviews = scope.between(scope.rows("qa_reviews"), "done").rename(columns={"done": "made"})
    second = reviews.drop(columns="band").rename(columns={"second_band": "band"})
    own = scope.between(scope.rows("self_evaluations"), "made")
    parts = (
        judged,
        reviews.assign(source=REVIEW, author=reviews["reviewer"]),
        second.assign(source=REVIEW, author=second["second_reviewer"]),
        # A school is one author however many of its people wrote.
        own.assign(source=ITSELF, author=[f"school {urn}" for urn in own["urn"]]),
    )
    said: dict[int, list[_Judgement]] = {}
    for part in parts:
        for urn, area, source, author, band, made in zip(
            *(part[name].tolist() for name in columns), strict=True
        ):
            if not pd.isna(band):
                one = _Judgement(
                    area, source, None if pd.isna(author) else author, OWN_BANDS.index(band), made
                )
                said.setdefault(urn, []).append(one)
    return said


def _areas(scope: Scope, said: Sequence[_Judgement]) -> Iterator[dict[str, Any]]:
    """Yield a row for each area of one school and source."""
    for area in SUPPORT_AREAS:
        in_area = [one for one in said if one.area == area]
        latest = _latest(in_area)
        if not latest:
            continue
        ranks = [one.rank for one in latest]
        apart = max(ranks) - min(ranks)
        independent = _independent(in_area)
        flags = _flags(scope, apart, in_area, single=independent < 2)
        for one in latest:
            authors = {other.author for other in in_area if other.source == one.source} - {None}
            yield {
                "area": area, "source": one.source, "band": OWN_BANDS[one.rank], "day": one.made,
                "authors": len(authors), "independent": independent, "bands_apart": apart,
                "flags": flags,
            }  # fmt: skip


def _middle(scope: Scope, said: Sequence[_Judgement]) -> Iterator[dict[str, Any]]:
    """Yield a row for each source of one school, over its areas."""
    rows = list(_areas(scope, said))
    ranks: dict[str, list[int]] = {}
    for row in rows:
        ranks.setdefault(row["source"], []).append(OWN_BANDS.index(row["band"]))
    if not ranks:
        return
    middle = {source: sorted(its)[(len(its) - 1) // 2] for source, its in ranks.items()}
    apart = max(middle.values()) - min(middle.values())
    # What one area shows may vanish in the middle of all: it is carried along.
    by_area = {row["area"]: row for row in rows}.values()
    areas_apart = sum(row["bands_apart"] > _line(scope) for row in by_area)
    flags = _flags(scope, apart, said, single=all(row["independent"] < 2 for row in by_area))
    for source in (one for one in SIDES if one in middle):
        yield {
            "source": source, "band": OWN_BANDS[middle[source]],
            "lowest": OWN_BANDS[min(ranks[source])], "areas": len(ranks[source]),
            "day": max(row["day"] for row in rows if row["source"] == source),
            "bands_apart": apart, "areas_apart": areas_apart, "flags": flags,
        }  # fmt: skip


def _latest(said: Iterable[_Judgement]) -> list[_Judgement]:
    """Return the latest judgement of each source, by source in the declared order."""
    newest: dict[str, _Judgement] = {}
    for one in said:
        held = newest.setdefault(one.source, one)
        if one.made > held.made or (one.made == held.made and one.rank < held.rank):
            newest[one.source] = one
    return sorted(newest.values(), key=lambda one: SIDES.index(one.source))


def _independent(said: Iterable[_Judgement]) -> int:
    return independent_families(
        Finding(one.source, one.author, one.rank)
        for one in said
        if one.source != ITSELF and one.author is not None
    )


def _flags(scope: Scope, apart: int, said: Iterable[_Judgement], *, single: bool) -> str:
    sources: dict[tuple[str, str], set[str]] = {}
    for one in said:
        if one.author is not None:
            sources.setdefault((one.area, one.author), set()).add(one.source)
    found = {
        f"{_NUMBERS[apart]} bands apart": apart > _line(scope),
        ONE_AUTHOR: any(len(its) > 1 for its in sources.values()),
        SINGLE: single,
    }
    return "; ".join(flag for flag, holds in found.items() if holds)


def _line(scope: Scope) -> float:
    """Return how far sources may be apart: as the indicator on their disagreement says."""
    line = scope.indicator("source_disagreement").threshold
    return len(OWN_BANDS) if line is None or line.limit is None else line.limit
