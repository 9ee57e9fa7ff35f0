"""Weak schools counted by hand: a count moves with the room of the trusts and with nothing else."""

from __future__ import annotations

import pandas as pd
import pytest

from workbench.research.national_picture import picture as drawing
from workbench.research.national_picture.country import Country
from workbench.research.national_picture.picture import national_picture
from workbench.research.national_picture.reach import (
    ALL,
    GROUPS,
    OUTSIDE,
    UNHELD,
    placements,
    within_reach,
)
from workbench.research.national_picture.room import READINGS, Room, capacities
from workbench.research.national_picture.travel import Pace

PACE = Pace(1.5, 2.0, 2.5)
MINUTES = (20.0, 40.0, 60.0)
# School 1 lies 10 km (20 minutes) from trust 10 and 30 km from trust 20, school 2 as near to 20 as
# 1 to 10; nobody knows where school 3 is.
WEAK = pd.DataFrame(
    {
        "urn": [1, 2, 3],
        "where": [OUTSIDE, UNHELD, OUTSIDE],
        "region": ["North", "South", "North"],
        "placed": [True, True, False],
    }
)
NEAR = pd.DataFrame({"urn": [1, 1, 2], "trust_uid": [10, 20, 20], "km": [10.0, 30.0, 10.0]})


def room(ten: tuple[int, int, int], twenty: tuple[int, int, int]) -> pd.DataFrame:
    """Schools the two trusts have room for: surely, by the estimate, possibly."""
    frame = pd.DataFrame([ten, twenty], columns=list(READINGS))
    return frame.assign(trust_uid=[10, 20])


def counted(where: str, found: pd.DataFrame) -> list[tuple[int, int, int]]:
    """The least count, the count and the most at each number of minutes, over all regions."""
    rows = within_reach(WEAK, NEAR, found, PACE, MINUTES)
    rows = rows[rows["where"].eq(where) & rows["region"].eq(ALL)]
    assert rows["minutes"].tolist() == list(MINUTES)
    return list(zip(rows["within_low"], rows["within"], rows["within_high"], strict=True))


@pytest.mark.parametrize(
    ("ten", "expected"),
    [
        # Trust 20 alone: 75 slow minutes, 60 usual, 45 fast.
        ((0, 0, 0), [(0, 0, 0), (0, 0, 0), (0, 1, 1)]),
        # Trust 10, 25 slow minutes, 20 usual, 15 fast, as sure as its room is.
        ((0, 0, 1), [(0, 0, 1), (0, 0, 1), (0, 1, 1)]),
        ((0, 1, 1), [(0, 1, 1), (0, 1, 1), (0, 1, 1)]),
        ((1, 1, 1), [(0, 1, 1), (1, 1, 1), (1, 1, 1)]),
    ],
)
def test_a_school_is_within_reach_of_room_and_not_of_a_trust_without(
    ten: tuple[int, int, int], expected: list[tuple[int, int, int]]
) -> None:
    assert counted(OUTSIDE, room(ten, (1, 1, 1))) == expected
    assert counted(UNHELD, room(ten, (1, 1, 1))) == [(0, 1, 1), (1, 1, 1), (1, 1, 1)]
    assert counted(UNHELD, room(ten, (0, 0, 0))) == [(0, 0, 0)] * 3


def test_a_place_more_lets_a_school_more_join() -> None:
    outside, everyone = GROUPS

    def joined(places: int) -> tuple[dict[tuple[str, float], int], dict[str, list[int]]]:
        rooms = {0.1: room((0, 9, 9), (places, 9, 9))}
        table, kept = placements(WEAK, NEAR, rooms, PACE, MINUTES)
        found = {
            (str(group), float(minutes)): int(joined)
            for group, minutes, joined in table[["group", "minutes", "joined"]].to_numpy()
        }
        return found, {group: done.joined["urn"].tolist() for group, done in kept.items()}

    assert set(joined(0)[0].values()) == {0}
    one, who = joined(1)
    assert (one[outside, 40.0], one[outside, 60.0], one[everyone, 60.0]) == (0, 1, 1)
    assert who == {outside: [1], everyone: [2]}  # 20 minutes rather than 60
    two, who = joined(2)
    assert (two[everyone, 20.0], two[everyone, 60.0]) == (1, 2)
    assert who[everyone] == [1, 2]


def test_the_picture_rests_on_what_trusts_were_simulated_to_have_room_for(
    country: Country, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With the room of every trust taken away nobody reaches any; with more, all in reach join."""

    def drawn(places: int) -> tuple[int, int, int]:
        def instead(room: Room, *args: object, **kwargs: object) -> pd.DataFrame:
            found = capacities(room, *args, **kwargs)  # type: ignore[arg-type]
            return found.assign(**dict.fromkeys(READINGS, places))

        monkeypatch.setattr(drawing, "capacities", instead)
        found = national_picture(country, joiners=1, replicates=20, threads=1)
        far = found.reach[found.reach["region"].eq(ALL) & found.reach["minutes"].eq(60)]
        return (
            int(far["within"].sum()),
            int(found.weak["could_join"].notna().sum()),
            int(found.placements["taken"].max()),
        )

    assert drawn(0) == (0, 0, 0)
    within, joined, taken = drawn(100)
    assert min(within, joined) > 0
    assert taken == 0
