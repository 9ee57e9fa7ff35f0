"""What each side says of a school, on a trust of three, laid side by side by hand."""

from __future__ import annotations

from typing import Any

import pandas as pd
import pytest

from tests.pillars.small import FIRST, SECOND, THIRD, Rows, scope
from workbench.pillars.evidence_sides import SIDES, sides
from workbench.pillars.scope import Scope, pillar_settings
from workbench.trust.load import Trust

Row = dict[str, Any]


def _judged(urn: int, area: str, by: str, band: str, made: str) -> Row:
    source, author = by.split(" by ")
    return {"judgement_id": f"{urn}{area}{by}{made}{band}", "urn": urn, "area": area,
            "source": source, "author": author, "band": band, "made": made}  # fmt: skip


def _own(urn: int, area: str, band: str, made: str) -> Row:
    return {"urn": urn, "area": area, "band": band, "made": made}


def _review(urn: int, area: str, band: str | None, done: str | None, **more: str) -> Row:
    return {"review_id": f"{urn}{area}{done}", "urn": urn, "area": area, "planned": "2026-05-01",
            "done": done, "band": band, **more}  # fmt: skip


_JUDGED: Rows = [
    _judged(FIRST, "inclusion", "staff by A", "urgent", "2026-02-01"),
    _judged(FIRST, "inclusion", "staff by B", "strong", "2026-06-01"),
    _judged(FIRST, "inclusion", "parents by A", "secure", "2026-06-01"),
    _judged(FIRST, "inclusion", "parents by A", "needs attention", "2026-06-01"),
    _judged(FIRST, "achievement", "data by C", "secure", "2026-06-01"),
    _judged(FIRST, "achievement", "pupils by D", "urgent", "2025-12-31"),  # too long ago
    _judged(FIRST, "achievement", "pupils by D", "urgent", "2026-11-01"),  # not yet
    _judged(SECOND, "inclusion", "staff by E", "secure", "2026-10-31"),
]
_REVIEWS: Rows = [
    _review(FIRST, "achievement", "needs attention", "2026-03-01", reviewer="C",
            second_reviewer="F", second_band="urgent"),
    _review(FIRST, "inclusion", None, None),
]  # fmt: skip
_OWN: Rows = [
    _own(FIRST, "achievement", "strong", "2026-07-01"),
    _own(FIRST, "leadership and governance", "secure", "2026-07-01"),
]
_TABLES: dict[str, Rows] = {
    "source_judgements": _JUDGED, "qa_reviews": _REVIEWS, "self_evaluations": _OWN,
}  # fmt: skip


def _area(found: pd.DataFrame, area: str) -> pd.DataFrame:
    return found[found["area"] == area].set_index("source")


def test_each_source_says_its_latest_and_on_one_day_its_lowest() -> None:
    found = _area(sides(scope(FIRST, **_TABLES)), "inclusion")
    assert found["band"].to_dict() == {"staff": "strong", "parents": "needs attention"}
    assert found.loc["staff", "day"] == pd.Timestamp("2026-06-01")
    assert found["authors"].to_dict() == {"staff": 2, "parents": 1}


def test_an_area_tells_how_far_its_sources_are_apart_and_how_many_are_independent() -> None:
    found = _area(sides(scope(FIRST, **_TABLES)), "inclusion")
    # B and A make two independent sources, though A also speaks for staff.
    assert set(found["independent"]) == {2}
    assert set(found["bands_apart"]) == {2}
    assert set(found["flags"]) == {"two bands apart; one author behind several sources"}


def test_reviews_and_the_schools_own_word_are_sides_and_the_own_word_confirms_nothing() -> None:
    found = _area(sides(scope(FIRST, **_TABLES)), "achievement")
    assert found["band"].to_dict() == {
        "data": "secure",
        "quality review": "urgent",  # the lower of two reviewers
        "the school itself": "strong",
    }
    # C wrote the data and the review, F reviewed too: two; strong to urgent is three bands.
    assert set(found["independent"]) == {2}
    assert set(found["flags"]) == {"three bands apart; one author behind several sources"}
    alone = _area(sides(scope(FIRST, **_TABLES)), "leadership and governance")
    assert alone["independent"].tolist() == [0]
    assert alone["flags"].tolist() == ["single source"]


def test_a_reviewer_who_is_not_named_makes_no_independent_source() -> None:
    reviews = [_review(FIRST, "achievement", "secure", "2026-03-01")]
    found = _area(sides(scope(FIRST, qa_reviews=reviews)), "achievement")
    assert (found["authors"].tolist(), found["independent"].tolist()) == ([0], [0])


def test_areas_and_sources_come_in_their_declared_order() -> None:
    found = sides(scope(FIRST, **_TABLES))
    assert list(zip(found["area"], found["source"], strict=True)) == [
        ("inclusion", "staff"), ("inclusion", "parents"),
        ("achievement", "data"), ("achievement", "quality review"),
        ("achievement", "the school itself"),
        ("leadership and governance", "the school itself"),
    ]  # fmt: skip


def test_the_trust_shows_the_middle_of_each_source_of_each_school() -> None:
    found = sides(scope(**_TABLES))
    first = found[found["urn"] == FIRST].set_index("source")
    # The school itself: strong and secure, the lower of two middle ones is secure.
    assert first["band"].to_dict() == {
        "staff": "strong", "parents": "needs attention", "data": "secure",
        "quality review": "urgent", "the school itself": "secure",
    }  # fmt: skip
    assert first["areas"].to_dict()["the school itself"] == 2
    assert set(first["bands_apart"]) == {3}
    assert set(first["areas_apart"]) == {2}  # inclusion and achievement
    assert set(first["flags"]) == {"three bands apart; one author behind several sources"}
    second = found[found["urn"] == SECOND]
    assert second["flags"].tolist() == ["single source"]
    assert second["name"].tolist() == ["Second Primary"]
    assert THIRD not in set(found["urn"])


def test_the_middle_of_areas_does_not_hide_the_lowest_nor_where_they_part() -> None:
    areas = ("inclusion", "achievement", "early years")
    judged = [
        _judged(FIRST, area, f"{source} by {author}", band, "2026-06-01")
        for source, author, bands in (
            ("staff", "A", ("strong", "strong", "urgent")),
            ("pupils", "B", ("strong", "strong", "strong")),
        )
        for area, band in zip(areas, bands, strict=True)
    ]
    found = sides(scope(source_judgements=judged)).set_index("source")
    assert found["band"].tolist() == ["strong", "strong"]
    assert found.loc["staff", "lowest"] == "urgent"
    assert set(found["bands_apart"]) == {0}
    assert set(found["areas_apart"]) == {1}
    assert set(found["flags"]) == {""}


@pytest.mark.parametrize("urn", [None, FIRST])
def test_nothing_said_is_an_empty_table_with_its_columns(urn: int | None) -> None:
    found = sides(scope(urn))
    whole = sides(scope(urn, **_TABLES))
    assert found.empty
    assert found.dtypes.equals(whole.dtypes)


def test_the_demo_trusts_sides_are_whole_at_both_levels(demo_trust: Trust) -> None:
    settings = pillar_settings()
    for urn in (None, *demo_trust.schools["urn"]):
        found = sides(Scope(demo_trust, settings, urn))
        assert not found.isna().any(axis=None)
        assert set(found["source"]) <= set(SIDES)
        assert found["bands_apart"].between(0, 3).all()
        keys = ["urn", "source"] if urn is None else ["area", "source"]
        assert not found.duplicated(keys).any()
