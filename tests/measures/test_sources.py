"""Independent sources: the same voice in three places counts once."""

from __future__ import annotations

from datetime import date
from itertools import combinations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workbench.errors import BadInput
from workbench.measures.sources import Finding, disagreement, independent_families

findings = st.lists(
    st.builds(
        Finding, st.sampled_from("fghij"), st.sampled_from("abcd"), st.integers(0, 3), st.none()
    ),
    max_size=7,
)


def found(*pairs: str) -> list[Finding]:
    return [Finding(family=pair[0], author=pair[1], band=1, day=None) for pair in pairs]


def test_one_authors_sources_are_not_triangulation() -> None:
    assert independent_families(found("fa", "ga", "ha")) == 1


def test_one_family_by_many_authors_counts_once() -> None:
    assert independent_families(found("fa", "fb", "fc")) == 1


def test_families_are_matched_to_authors_as_well_as_can_be() -> None:
    """Taking f with a first would leave g without an author; f with b leaves a to g."""
    assert independent_families(found("fa", "fb", "ga")) == 2
    assert independent_families(found("fa", "fb", "ga", "hb")) == 2
    assert independent_families(found("fa", "gb", "hc")) == 3


def test_no_findings_are_no_sources() -> None:
    assert independent_families([]) == 0
    assert disagreement([]) is None


@given(findings)
def test_the_count_is_the_largest_set_without_a_shared_family_or_author(
    given_findings: list[Finding],
) -> None:
    best = 0
    for size in range(1, len(given_findings) + 1):
        for chosen in combinations(given_findings, size):
            apart = len({one.family for one in chosen}) == len({one.author for one in chosen})
            if apart and len({one.family for one in chosen}) == size:
                best = size
    assert independent_families(given_findings) == best


def test_disagreement_is_the_range_of_the_latest_bands() -> None:
    old, new = date(2025, 1, 1), date(2025, 6, 1)
    visits = [Finding("visit", "a", 0, old), Finding("visit", "a", 2, new)]
    survey = [Finding("survey", "b", 3, old), Finding("survey", "b", 0, None)]
    assert disagreement([*visits, *survey]) == 1
    assert disagreement([*reversed(survey), *reversed(visits)]) == 1
    assert disagreement(visits) is None


def test_on_the_same_day_the_lowest_band_counts() -> None:
    day = date(2025, 1, 1)
    visits = [Finding("visit", "a", 1, day), Finding("visit", "c", 2, day)]
    for order in (visits, visits[::-1]):
        assert disagreement([*order, Finding("survey", "b", 3, day)]) == 2


@pytest.mark.parametrize(("family", "author", "band"), [("", "a", 1), ("f", " ", 1), ("f", "a", 4)])
def test_findings_that_cannot_be_are_refused(family: str, author: str, band: int) -> None:
    with pytest.raises(BadInput):
        Finding(family, author, band, None)
