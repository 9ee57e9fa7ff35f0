"""Links between schools: followed where one became one other, else listed with the reason."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd
import pytest

from workbench.research.history.links import chains, classify_links

AS_OF = pd.Timestamp("2020-01-10")
Row = tuple[int, int, str, str]

PREDECESSOR, SUCCESSOR = "Predecessor", "Successor"


def as_read(rows: Sequence[Row]) -> pd.DataFrame:
    """Return links in the form `gias.urn_links` reads them."""
    frame = pd.DataFrame(rows, columns=["urn", "linked_urn", "link", "date"])
    days = pd.to_datetime(frame["date"], format="%d-%m-%Y").astype("datetime64[s]")
    return frame.astype({"urn": "Int64", "linked_urn": "Int64"}).assign(date=days)


def known(
    opened: dict[int, str] | None = None,
    seen: dict[int, str] | None = None,
    academies: Sequence[int] = (),
) -> pd.DataFrame:
    """Return what other files know of schools: opening days, last days seen open, academies."""
    opened, seen = opened or {}, seen or {}
    urns = sorted({*opened, *seen, *academies})
    return pd.DataFrame(
        {
            "open_date": pd.Series(opened, dtype="str").reindex(urns).astype("datetime64[s]"),
            "open_seen": pd.Series(seen, dtype="str").reindex(urns).astype("datetime64[s]"),
            "academy": pd.array([urn in academies for urn in urns], dtype="boolean"),
        },
        index=pd.Index(urns, name="urn", dtype="int64"),
    )


def both_ways(new: int, old: int, on: str = "01-09-2015", kind: str = "") -> list[Row]:
    """Return the two rows the register has for a pair: one at each school."""
    return [(new, old, PREDECESSOR + kind, on), (old, new, SUCCESSOR + kind, on)]


def judged(rows: Sequence[Row], lives: pd.DataFrame | None = None) -> dict[tuple[int, int], str]:
    """Return the reason for each pair (new, old), blank where it is followed."""
    pairs = classify_links(as_read(rows), known() if lives is None else lives, AS_OF)
    assert pairs["followed"].tolist() == pairs["reason"].eq("").tolist()
    return dict(zip(zip(pairs["new_urn"], pairs["old_urn"], strict=True), pairs["reason"],
                    strict=True))  # fmt: skip


CASES: dict[str, tuple[list[Row], pd.DataFrame, dict[tuple[int, int], str]]] = {
    "a school converts": (both_ways(2, 1), known(academies=[2]), {(2, 1): ""}),
    "an academy is rebrokered under a new URN": (
        both_ways(3, 2), known(academies=[2, 3]), {(3, 2): ""},
    ),
    "converted, then rebrokered": (
        [*both_ways(2, 1, "01-09-2012"), *both_ways(3, 2)], known(), {(2, 1): "", (3, 2): ""},
    ),
    "only one side lists it": ([(1, 2, SUCCESSOR, "")], known(), {(2, 1): ""}),
    "no day is given": (both_ways(2, 1, ""), known(), {(2, 1): ""}),
    "a split by degree": (
        [*both_ways(2, 1), *both_ways(3, 1)], known(), {(2, 1): "split", (3, 1): "split"},
    ),
    "a split by its name": (both_ways(2, 1, kind=" - Split School"), known(), {(2, 1): "split"}),
    "a merger by its name": (both_ways(2, 1, kind=" - merged"), known(), {(2, 1): "merged"}),
    "an amalgamation by degree": (
        [*both_ways(3, 1), *both_ways(3, 2)], known(),
        {(3, 1): "amalgamated", (3, 2): "amalgamated"},
    ),
    "an amalgamation by its name": (
        both_ways(2, 1, kind=" - amalgamated"), known(), {(2, 1): "amalgamated"},
    ),
    "both stay open": (
        both_ways(2, 1), known(seen={1: "2018-09-02", 2: "2018-09-02"}),
        {(2, 1): "the older school stayed open"},
    ),
    "both open on the same day, and no day of the link": (
        both_ways(2, 1, ""), known(seen={1: "2018-09-02", 2: "2018-09-02"}),
        {(2, 1): "the older school stayed open"},
    ),
    "listed as open for some weeks after it closed": (
        both_ways(2, 1, "01-09-2018"), known(seen={1: "2018-11-30", 2: "2022-09-15"}), {(2, 1): ""},
    ),
    "a circle of two": (
        [*both_ways(2, 1), *both_ways(1, 2)], known(),
        {(2, 1): "in a circle", (1, 2): "in a circle"},
    ),
    "a circle of three": (
        [*both_ways(2, 1), *both_ways(3, 2), *both_ways(1, 3)], known(),
        {(2, 1): "in a circle", (3, 2): "in a circle", (1, 3): "in a circle"},
    ),
    "a school follows itself": (both_ways(1, 1), known(), {(1, 1): "the same school"}),
    "planned, and nobody has seen it open": (
        both_ways(2, 1, "01-09-2020"), known(), {(2, 1): "the newer school is not open yet"},
    ),
    "planned then, open since": (
        both_ways(2, 1, "01-09-2020"), known(seen={2: "2022-09-15"}), {(2, 1): ""},
    ),
    "the wrong way round": (
        both_ways(2, 1), known(opened={2: "2010-09-01", 1: "2015-09-01"}),
        {(2, 1): "the older school opened later"},
    ),
    "no succession at all": (
        [(1, 2, "Sixth Form Centre Link", ""), (1, 3, "Other", "")], known(),
        {(1, 2): "not a succession", (1, 3): "not a succession"},
    ),
    "one ambiguous link spares the rest of the chain": (
        [*both_ways(2, 1), *both_ways(3, 2), *both_ways(5, 4), *both_ways(6, 4)], known(),
        {(2, 1): "", (3, 2): "", (5, 4): "split", (6, 4): "split"},
    ),
}  # fmt: skip


@pytest.mark.parametrize("case", CASES)
def test_every_shape_of_link_is_followed_or_listed_with_its_reason(case: str) -> None:
    rows, lives, expected = CASES[case]

    assert judged(rows, lives) == expected


def test_two_reasons_are_both_given() -> None:
    rows = [*both_ways(3, 1), *both_ways(3, 2), *both_ways(4, 1)]

    assert judged(rows)[3, 1] == "split; amalgamated"


def test_a_link_is_of_the_latest_day_either_side_gives() -> None:
    rows = [(2, 1, PREDECESSOR, "01-09-2015"), (1, 2, SUCCESSOR, "31-08-2015")]

    [pair] = classify_links(as_read(rows), known(), AS_OF).to_dict("records")

    assert pair["linked_on"] == pd.Timestamp("2015-09-01")
    assert pair["published"] == "predecessor; successor"


@pytest.mark.parametrize(
    ("academies", "kind"),
    [([2], "converted"), ([1, 2], "academy to academy"), ([], "other")],
)
def test_followed_links_say_what_became_of_the_school(academies: list[int], kind: str) -> None:
    pairs = classify_links(as_read(both_ways(2, 1)), known(academies=academies), AS_OF)

    assert pairs["kind"].tolist() == [kind]


def test_a_chain_is_named_by_its_first_school() -> None:
    followed = pd.DataFrame({"new_urn": [5, 9, 7], "old_urn": [8, 5, 2]})

    table = chains(followed, pd.Index([4, 9]))

    assert table["chain"].to_dict() == {2: 2, 4: 4, 5: 8, 7: 2, 8: 8, 9: 8}
    assert table["place"].to_dict() == {2: 0, 4: 0, 5: 1, 7: 1, 8: 0, 9: 2}
    assert table.loc[5, "predecessor"] == 8
    assert table.loc[5, "successor"] == 9
    assert table["predecessor"].isna().to_dict()[4]


def test_no_links_at_all_leave_every_school_its_own_chain() -> None:
    assert classify_links(as_read([]), known(), AS_OF).empty
