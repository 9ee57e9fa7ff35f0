"""What each side says of a school, side by side: where sources agree, differ, or are one voice.

Every band here is the trust's own. What inspectors found is told elsewhere and never put on this
scale.
"""

from __future__ import annotations

from collections.abc import Iterator
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
        rows = [row for _, of_school in said.groupby("urn") for row in _areas(scope, of_school)]
        return _table(rows, _OF_SCHOOL)
    names = scope.trust.schools.set_index("urn")["name"]
    rows = [
        {"urn": urn, "name": name, **row}
        for urn, name in names.items()
        for row in _middle(scope, said[said["urn"] == urn])
    ]
    return _table(rows, _OF_TRUST)


def _table(rows: list[dict[str, Any]], columns: dict[str, str]) -> pd.DataFrame:
    return pd.DataFrame(rows, columns=list(columns)).astype(columns)


def _said(scope: Scope) -> pd.DataFrame:
    """Return every judgement of the recent terms: urn, area, source, author, rank, made."""
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
    whole = [part[columns].astype({"author": "str", "source": "str"}) for part in parts]
    said = pd.concat(whole, ignore_index=True)
    said = said[said["band"].notna()]
    return said.assign(rank=[OWN_BANDS.index(band) for band in said["band"]])


def _areas(scope: Scope, said: pd.DataFrame) -> Iterator[dict[str, Any]]:
    """Yield a row for each area of one school and source."""
    for area in SUPPORT_AREAS:
        in_area = said[said["area"] == area]
        latest = _latest(in_area)
        if latest.empty:
            continue
        apart = int(latest["rank"].max() - latest["rank"].min())
        independent = _independent(in_area)
        flags = _flags(scope, apart, in_area, single=independent < 2)
        authors = in_area.groupby("source")["author"].nunique()
        for _, row in latest.iterrows():
            source = str(row["source"])
            yield {
                "area": area, "source": source, "band": row["band"], "day": row["made"],
                "authors": authors[source], "independent": independent, "bands_apart": apart,
                "flags": flags,
            }  # fmt: skip


def _middle(scope: Scope, said: pd.DataFrame) -> Iterator[dict[str, Any]]:
    """Yield a row for each source of one school, over its areas."""
    rows = _table(list(_areas(scope, said)), _OF_SCHOOL)
    ranks = pd.Series([OWN_BANDS.index(band) for band in rows["band"]], rows.index, dtype="int64")
    middle = ranks.groupby(rows["source"]).quantile(0.5, interpolation="lower").astype("int64")
    if middle.empty:
        return
    apart = int(middle.max() - middle.min())
    # What one area shows may vanish in the middle of all: it is carried along.
    by_area = rows.drop_duplicates("area")
    areas_apart = int((by_area["bands_apart"] > _line(scope)).sum())
    flags = _flags(scope, apart, said, single=bool((by_area["independent"] < 2).all()))
    for source in (one for one in SIDES if one in middle.index):
        own = rows["source"] == source
        yield {
            "source": source, "band": OWN_BANDS[middle[source]],
            "lowest": OWN_BANDS[ranks[own].min()], "areas": int(own.sum()),
            "day": rows.loc[own, "day"].max(), "bands_apart": apart, "areas_apart": areas_apart,
            "flags": flags,
        }  # fmt: skip


def _latest(said: pd.DataFrame) -> pd.DataFrame:
    """Return the latest judgement of each source, by source in the declared order."""
    newest = said.sort_values(["made", "rank"], ascending=[False, True])
    newest = newest.drop_duplicates("source")
    return newest.sort_values("source", key=lambda sources: sources.map(SIDES.index))


def _independent(said: pd.DataFrame) -> int:
    others = said[(said["source"] != ITSELF) & said["author"].notna()]
    pairs = zip(others["source"], others["author"], others["rank"], strict=True)
    return independent_families(Finding(source, author, rank) for source, author, rank in pairs)


def _flags(scope: Scope, apart: int, said: pd.DataFrame, *, single: bool) -> str:
    sources = said.groupby(["area", "author"])["source"].nunique()
    found = {
        f"{_NUMBERS[apart]} bands apart": apart > _line(scope),
        ONE_AUTHOR: bool((sources > 1).any()),
        SINGLE: single,
    }
    return "; ".join(flag for flag, holds in found.items() if holds)


def _line(scope: Scope) -> float:
    """Return how far sources may be apart: as the indicator on their disagreement says."""
    line = scope.indicator("source_disagreement").threshold
    return len(OWN_BANDS) if line is None or line.limit is None else line.limit
