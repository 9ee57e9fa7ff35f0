"""Rules on heads and on posts that give support."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.trust.test_crosschecks import found

STAFF = "post_id,role,urn,fte,status,person,since,until\n"
HEAD = "HEAD-1,head,900001,1,filled,P001,2020-09-01,2026-08-31\n"


@pytest.mark.parametrize(
    ("other", "faulty"),
    [
        ("HEAD-2,head,900001,1,filled,P002,2026-08-31,\n", False),
        ("HEAD-2,head,900001,1,filled,P002,2026-08-30,\n", True),
        ("HEAD-2,head,900001,0.5,filled,P002,2020-09-01,\n", True),
        ("HEAD-2,head,900002,1,filled,P002,2020-09-01,\n", False),
        ("HEAD-2,head,900001,1,vacant,,2020-09-01,\n", False),
        ("SLE-2,specialist leader,900001,1,filled,P002,2020-09-01,\n", False),
    ],
)
def test_a_school_has_one_full_time_head_at_a_time(
    tmp_path: Path, other: str, faulty: bool
) -> None:
    assert found(tmp_path, people=STAFF + HEAD + other) == (
        [("people.csv", 3, "post_id", "two_heads")] * faulty
    )


def test_two_part_time_heads_may_share_and_an_acting_head_stands_beside_a_vacancy(
    tmp_path: Path,
) -> None:
    rows = (
        "HEAD-1,head,900001,0.6,filled,P001,2020-09-01,\n"
        "HEAD-2,head,900001,0.6,filled,P002,2021-09-01,\n"
        "HEAD-3,head,900002,1,filled,P003,2020-09-01,2026-08-31\n"
        "HEAD-3,head,900002,1,vacant,,2026-09-01,\n"
        "HEAD-4,head,900002,1,filled,P004,2026-09-01,2027-03-25\n"
    )

    assert found(tmp_path, people=STAFF + rows) == []


def test_a_head_overlaps_an_earlier_one_that_is_not_the_one_just_before(tmp_path: Path) -> None:
    rows = (
        "HEAD-1,head,900001,1,filled,P001,2010-09-01,\n"
        "HEAD-2,head,900001,1,filled,P002,2012-09-01,2013-08-31\n"
        "HEAD-3,head,900001,1,filled,P003,2015-09-01,\n"
    )

    assert [fault[1] for fault in found(tmp_path, people=STAFF + rows)] == [3, 4]


@pytest.mark.parametrize(("role", "faulty"), [("head", True), ("executive", False)])
def test_a_head_has_a_school(tmp_path: Path, role: str, faulty: bool) -> None:
    row = f"POST-1,{role},,1,filled,P001,2020-09-01,\n"

    assert found(tmp_path, people=STAFF + row) == (
        [("people.csv", 2, "urn", "head_without_school")] * faulty
    )


GIVEN = "deployment_id,provider_urn,provider_post,recipient_urn,triggered,days\n"


def test_support_is_given_by_a_school_or_a_post(tmp_path: Path) -> None:
    rows = "D1,900001,,900002,2025-01-03,3\nD2,,LEAD-1,900002,2025-01-03,3\n"
    nobody = "D3,,,900002,2025-01-03,3\n"

    assert found(tmp_path, support=GIVEN + rows + nobody) == [
        ("support.csv", 4, "provider_urn + provider_post", "provider_missing")
    ]


def test_a_post_that_gives_support_is_one_of_people(tmp_path: Path) -> None:
    people = STAFF + "LEAD-1,improvement lead,,1,filled,P001,2020-09-01,\n"
    rows = "D1,,LEAD-1,900002,2025-01-03,3\nD2,,LEAD-9,900002,2025-01-03,3\n"

    assert found(tmp_path, people=people, support=GIVEN + rows) == [
        ("support.csv", 3, "provider_post", "post_unknown")
    ]


def test_support_by_a_post_whose_code_is_unreadable_is_put_down_to_it(tmp_path: Path) -> None:
    people = STAFF + "LEAD 1,improvement lead,,1,filled,P001,2020-09-01,\n"
    rows = "".join(f"D{n},,LEAD-1,900002,2025-01-03,3\n" for n in range(2))

    support = f"{GIVEN}{rows}D9,,LEAD-9,900002,2025-01-03,3\n"
    assert found(tmp_path, people=people, support=support) == [
        ("people.csv", 2, "post_id", "code_form"),
        ("support.csv", 4, "provider_post", "post_unknown"),
    ]
