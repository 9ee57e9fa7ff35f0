"""Snapshots of group links become times in trusts, with the day and the reason of each change."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from tests.research.history.published import (
    write_academies,
    write_groups,
    write_history,
    write_snapshot,
    write_urn_links,
)
from tests.trust.published.synthetic import link, write_links
from workbench.research.history import (
    build,
    members_on,
    membership_history,
    movement_history,
    movements_by_period,
    trust_history,
)

ANCHOR = (990001, 99, "01-09-2010")  # a school that stays where it is
DAYS = ("20190917", "20200915", "20210915")


def panel(folder: Path) -> Path:
    """Build the panel of a folder of published files."""
    if not (folder / "history.csv").exists():
        write_history(folder)
    return build(folder, folder / "panel")


def one(folder: Path, urn: int) -> list[dict[str, Any]]:
    """Return a school's times in trusts."""
    table = membership_history(panel(folder))
    own = table[table["urn"].eq(urn)].astype("object")
    rows = own.where(own.notna(), None).to_dict("records")
    return [{str(name): value for name, value in row.items()} for row in rows]


def day(text: str) -> pd.Timestamp:
    return pd.Timestamp(text)


def test_a_school_that_stays_has_one_open_time(tmp_path: Path) -> None:
    for snapshot in DAYS:
        write_snapshot(tmp_path, snapshot, [ANCHOR])

    [spell] = one(tmp_path, 990001)

    assert (spell["how"], spell["how_left"], spell["left"]) == ("first snapshot", "still in", None)
    assert (spell["first_seen"], spell["last_seen"]) == (day("2019-09-17"), day("2021-09-15"))
    assert spell["gone_by"] is None
    assert spell["left_exact"] is None


def test_a_new_academy_joins_on_its_published_day(tmp_path: Path) -> None:
    write_snapshot(tmp_path, DAYS[0], [ANCHOR])
    write_snapshot(tmp_path, DAYS[1], [ANCHOR, (990002, 99, "01-04-2020")])

    [spell] = one(tmp_path, 990002)

    assert (spell["how"], spell["joined"]) == ("new academy", day("2020-04-01"))
    assert spell["listed_late"] is False


def test_a_school_listed_after_it_joined_is_marked_as_listed_late(tmp_path: Path) -> None:
    write_snapshot(tmp_path, DAYS[0], [ANCHOR])
    write_snapshot(tmp_path, DAYS[1], [ANCHOR, (990002, 99, "01-09-2019")])

    [spell] = one(tmp_path, 990002)

    assert spell["listed_late"] is True
    assert set(members_on(tmp_path / "panel", dt.date(2019, 9, 2))["urn"]) == {990001, 990002}


def test_a_rebrokered_school_leaves_on_the_day_it_joins_the_other_trust(tmp_path: Path) -> None:
    write_snapshot(tmp_path, DAYS[0], [ANCHOR, (990002, 70, "01-09-2015"),
                                       (990003, 70, "01-09-2015")])  # fmt: skip
    write_snapshot(tmp_path, DAYS[1], [ANCHOR, (990002, 71, "01-02-2020"),
                                       (990003, 70, "01-09-2015")])  # fmt: skip

    before, after = one(tmp_path, 990002)

    assert (before["left"], before["left_exact"]) == (day("2020-02-01"), True)
    assert (before["how_left"], after["how"]) == ("moved trust", "moved trust")
    moves = movement_history(tmp_path / "panel")
    [move] = moves.to_dict("records")
    assert (move["move"], move["from_uid"], move["to_uid"]) == ("changed", 70, 71)


def test_a_trust_whose_schools_all_go_to_one_other_has_merged(tmp_path: Path) -> None:
    write_snapshot(tmp_path, DAYS[0], [ANCHOR, (990002, 70, "01-09-2015"),
                                       (990003, 70, "01-09-2016")])  # fmt: skip
    write_snapshot(tmp_path, DAYS[1], [ANCHOR, (990002, 99, "01-02-2020"),
                                       (990003, 99, "01-02-2020")])  # fmt: skip

    assert [spell["how"] for spell in one(tmp_path, 990002)] == ["first snapshot", "trust merged"]
    trusts = trust_history(tmp_path / "panel").set_index("trust_uid")
    assert trusts.loc[70, "how_left"] == "merged"
    assert trusts.loc[70, "merged_into"] == 99
    assert trusts.loc[99, "how_left"] == "listed"


def test_a_trust_whose_schools_go_several_ways_was_broken_up(tmp_path: Path) -> None:
    write_snapshot(tmp_path, DAYS[0], [ANCHOR, (990002, 70, "01-09-2015"),
                                       (990003, 70, "01-09-2016")])  # fmt: skip
    write_snapshot(tmp_path, DAYS[1], [ANCHOR, (990002, 99, "01-02-2020"),
                                       (990003, 71, "01-02-2020")])  # fmt: skip

    for urn in (990002, 990003):
        assert [spell["how"] for spell in one(tmp_path, urn)] == ["first snapshot", "moved trust"]
    trusts = trust_history(tmp_path / "panel").set_index("trust_uid")
    assert trusts.loc[70, "how_left"] == "broken up"
    assert trusts["merged_into"].isna().all()


def test_a_company_under_another_number_is_no_move(tmp_path: Path) -> None:
    write_snapshot(tmp_path, DAYS[0], [ANCHOR, (990002, 70, "01-09-2015")])
    write_snapshot(tmp_path, DAYS[1], [ANCHOR, (990002, 9070, "01-09-2015")])

    assert [spell["how"] for spell in one(tmp_path, 990002)][1] == "trust renumbered"
    trusts = trust_history(tmp_path / "panel").set_index("trust_uid")
    assert trusts.loc[9070, "former_uid"] == 70


def test_of_two_former_numbers_of_a_company_the_multi_academy_trusts_counts(
    tmp_path: Path,
) -> None:
    """UIDs 70, 9070 and 18070 are one company; a school comes from each of its two former trusts.

    What becomes of the trust is then what its schools' times say of it, in whatever order rows lie.
    """
    multi, single = (990002, 70, "01-09-2015"), (990003, 9070, "01-09-2012")
    write_snapshot(tmp_path, DAYS[0], [ANCHOR, multi], [single])
    write_snapshot(tmp_path, DAYS[1], [ANCHOR, (990002, 18070, "01-09-2015")])

    assert [spell["how"] for spell in one(tmp_path, 990002)][1] == "trust renumbered"
    trusts = trust_history(tmp_path / "panel").set_index("trust_uid")
    assert (trusts.at[18070, "how"], trusts.at[18070, "former_uid"]) == ("renumbered", 70)


@pytest.mark.parametrize(
    ("former", "how"),
    [(9070, "trust became multi-academy"), (80, "from a single-academy trust")],
)
def test_single_academy_trusts_grow_or_give_their_school(
    tmp_path: Path, former: int, how: str
) -> None:
    write_snapshot(tmp_path, DAYS[0], [ANCHOR], [(990002, former, "01-09-2012")])
    write_snapshot(tmp_path, DAYS[1], [ANCHOR, (990002, 70, "01-11-2019")])

    [spell] = one(tmp_path, 990002)

    assert spell["how"] == how


def test_a_secure_single_academy_trust_is_a_single_academy_trust(tmp_path: Path) -> None:
    secure = link(990002, 80, "01-09-2012", **{"Group Type": "Secure single-academy trust"})
    write_links(tmp_path / "grouplinks_20190917.csv", [link(*ANCHOR), secure])
    write_snapshot(tmp_path, DAYS[1], [ANCHOR, (990002, 70, "01-11-2019")])

    [spell] = one(tmp_path, 990002)

    assert spell["how"] == "from a single-academy trust"


def test_a_school_under_a_new_urn_is_followed(tmp_path: Path) -> None:
    write_snapshot(tmp_path, DAYS[0], [ANCHOR, (990002, 70, "01-09-2015")])
    write_snapshot(tmp_path, DAYS[1], [ANCHOR, (990010, 71, "01-12-2019")])
    write_urn_links(tmp_path, "20200110", [(990010, 990002, "Predecessor", "01-12-2019")])

    [before], [after] = one(tmp_path, 990002), one(tmp_path, 990010)

    assert (before["how_left"], before["left"]) == ("new URN", day("2019-12-01"))
    assert after["how"] == "new URN"
    assert before["chain"] == after["chain"] == 990002


def test_a_day_of_leaving_nobody_publishes_is_the_next_snapshots_and_says_so(
    tmp_path: Path,
) -> None:
    write_snapshot(tmp_path, DAYS[0], [ANCHOR, (990002, 70, "01-09-2015")])
    write_snapshot(tmp_path, DAYS[1], [ANCHOR])

    [spell] = one(tmp_path, 990002)

    assert (spell["how_left"], spell["left_exact"]) == ("not known", False)
    assert spell["left"] == spell["gone_by"] == day("2020-09-15")
    quality = pd.read_csv(tmp_path / "panel" / "quality.csv").set_index("finding")["count"]
    assert quality["left, and nothing says why"] == 1
    listed = pd.read_csv(tmp_path / "panel" / "could_not_join" / "membership.csv")
    assert 990002 in set(listed["urn"])


def test_the_closing_of_the_trust_dates_the_leaving_of_its_last_school(tmp_path: Path) -> None:
    write_snapshot(tmp_path, DAYS[0], [ANCHOR, (990002, 70, "01-09-2015")])
    write_snapshot(tmp_path, DAYS[1], [ANCHOR])
    group = {"Group UID": 70, "Group Name": "A Trust", "Group Type": "Multi-academy trust",
             "Group Status": "Closed", "Closed Date": "31/03/2020",
             "Incorporated on (open date)": "05/06/2014"}  # fmt: skip
    write_groups(tmp_path, "20220915", [group])

    [spell] = one(tmp_path, 990002)

    assert (spell["left"], spell["left_exact"]) == (day("2020-03-31"), True)
    trust = trust_history(tmp_path / "panel").set_index("trust_uid").loc[70]
    assert (trust["incorporated"], trust["status"]) == (day("2014-06-05"), "closed")
    assert trust["how_left"] == "no school left"


def test_a_school_that_comes_back_has_two_times(tmp_path: Path) -> None:
    for snapshot, joined in ((DAYS[0], "01-09-2015"), (DAYS[2], "01-01-2021")):
        write_snapshot(tmp_path, snapshot, [ANCHOR, (990002, 70, joined)])
    write_snapshot(tmp_path, DAYS[1], [ANCHOR])

    spells = one(tmp_path, 990002)

    assert [spell["how"] for spell in spells] == ["first snapshot", "returned"]
    counted = movements_by_period(tmp_path / "panel").set_index("to_snapshot")["move"]
    assert counted.to_dict() == {day("2020-09-15"): "left", day("2021-09-15"): "joined"}


def test_a_gap_in_the_register_is_listed_and_lasts_no_day(tmp_path: Path) -> None:
    for snapshot in (DAYS[0], DAYS[2]):
        write_snapshot(tmp_path, snapshot, [ANCHOR, (990002, 70, "01-09-2015")])
    write_snapshot(tmp_path, DAYS[1], [ANCHOR])

    first, second = one(tmp_path, 990002)

    assert first["left"] == first["joined"] == second["joined"]
    assert members_on(tmp_path / "panel", dt.date(2020, 9, 15))["urn"].tolist() == [990002, 990001]


def test_a_corrected_joining_day_is_kept_beside_the_last_one(tmp_path: Path) -> None:
    write_snapshot(tmp_path, DAYS[0], [ANCHOR, (990002, 70, "01-09-2015")])
    write_snapshot(tmp_path, DAYS[1], [ANCHOR, (990002, 70, "01-10-2015")])

    [spell] = one(tmp_path, 990002)

    assert (spell["joined"], spell["first_joined"]) == (day("2015-10-01"), day("2015-09-01"))


def test_a_school_that_is_yet_to_join_is_no_member_and_is_listed(tmp_path: Path) -> None:
    write_snapshot(tmp_path, DAYS[0], [ANCHOR, (990002, 70, "01-11-2019")])

    assert one(tmp_path, 990002) == []
    listed = pd.read_csv(tmp_path / "panel" / "could_not_join" / "membership.csv")
    assert listed["finding"].tolist() == ["joins after the day of the snapshot"]


def test_files_that_would_make_false_differences_are_passed_over_and_named(tmp_path: Path) -> None:
    many = [(990000 + n, 99, "01-09-2010") for n in range(1, 6)]
    write_snapshot(tmp_path, DAYS[0], many)
    write_snapshot(tmp_path, DAYS[1], many[:2])
    write_links(tmp_path / "again_20190917.csv", [link(*many[0])])
    write_snapshot(tmp_path, DAYS[2], many)

    target = panel(tmp_path)

    assert movement_history(target).empty
    notes = pd.read_csv(target / "quality.csv")["finding"]
    assert notes.str.contains("they list only some trusts").sum() == 1
    assert notes.str.contains("of the same day as").sum() == 1


def test_an_academys_closing_in_the_register_is_its_leaving(tmp_path: Path) -> None:
    write_snapshot(tmp_path, DAYS[0], [ANCHOR, (990002, 70, "01-09-2015")])
    write_snapshot(tmp_path, DAYS[1], [ANCHOR])
    write_academies(tmp_path, "20211231", [(990002, "Academy converter", "01-09-2015")],
                    closed={990002: "31-08-2020"})  # fmt: skip

    [spell] = one(tmp_path, 990002)

    assert (spell["how_left"], spell["left"]) == ("closed", day("2020-08-31"))
