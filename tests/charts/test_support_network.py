"""The network adds up days, tells now from before, and names every need that nobody supports."""

from __future__ import annotations

from tests.charts.drawn import HOSTILE, sound
from tests.charts.words import words_of
from workbench.charts.figure import Figure
from workbench.charts.support_network import CENTRE, Deployment, support_network


def draw(
    *rows: tuple[int, int, float, str], needs: dict[int, str] | None = None, name: str = "School"
) -> Figure:
    given = [Deployment(giver, to, "achievement", days, state) for giver, to, days, state in rows]
    names = {urn: f"{name} {urn}" for urn in range(1, 6)}
    return sound(
        lambda: support_network(
            given, names, needs or {}, trust="Alder", as_of="1 May 2026",
            recent="2025/26 autumn to 2026/27 spring", source="s.",
        )
    )  # fmt: skip


def test_days_now_are_added_up_and_what_has_ended_is_not() -> None:
    figure = draw((1, 2, 10, "running"), (CENTRE, 2, 2.5, "waiting"), (1, 3, 40, "ended"))
    assert figure.headline == (
        "1 school has support running or waiting, 12.5 days in all; no school with a need is "
        "without"
    )
    assert "Running, in days: School 1 to School 2 10." in figure.alt
    assert "Waiting, in days: Central team to School 2 2.5." in figure.alt


def test_a_need_is_a_gap_unless_support_runs_or_waits() -> None:
    needs = {2: "need", 3: "urgent need", 4: "need"}
    figure = draw((1, 2, 10, "running"), (1, 3, 4, "waiting"), (1, 4, 5, "ended"), needs=needs)
    assert figure.headline.endswith("14 days in all; School 4 has a need and no support")
    assert figure.alt.endswith("Crosses: School 4.")
    gap = figure.data[figure.data["State"] == "No support now"]
    assert gap.to_numpy().tolist() == [["Nobody", "School 4", "Need", "", "No support now"]]
    assert "need, no support now" in figure.svg


def test_several_gaps_are_counted_and_no_support_at_all_is_said() -> None:
    figure = draw(needs={2: "need", 3: "need", 4: "urgent need"})
    assert figure.headline == (
        "No support is running or waiting; 3 schools have a need and no support"
    )
    assert draw().headline == "No support is running or waiting; no school with a need is without"
    assert "no support is recorded" in draw().svg


def test_one_line_carries_all_days_of_a_pair_and_more_days_are_wider() -> None:
    figure = draw((1, 2, 10, "running"), (1, 2, 5, "running"), (1, 3, 3, "running"))
    assert ">15</text>" in figure.svg
    assert ">3</text>" in figure.svg
    assert len(figure.data) == 3
    # Widths by hand: 0.9 + 5.1 x 15/15 = 6 and 0.9 + 5.1 x 3/15 = 1.92 points.
    assert "stroke-width:6" in figure.svg
    assert "stroke-width:1.92" in figure.svg


def test_days_stand_near_the_school_that_gets_them_each_in_a_place_of_its_own() -> None:
    # All lines meet in one row at their middles: there, days would stand in one column on them.
    rows = [(1, 4, 11.0, "ended"), (2, 3, 13.0, "ended"), (3, 2, 8.0, "waiting"), (3, 2, 35.0,
            "ended"), (4, 1, 7.0, "running")]  # fmt: skip
    words = words_of(draw(*rows).svg)
    names = [one.box for one in words if one.text.startswith("School")]
    middle = (min(box[2] for box in names) + max(box[0] for box in names)) / 2
    days = [one.box for one in words if one.text in {"11", "13", "8", "35", "7"}]
    assert len(days) == 5
    assert all(box[0] > middle for box in days)


def test_a_school_may_give_and_get() -> None:
    figure = draw((1, 2, 10, "running"), (2, 1, 5, "running"))
    assert figure.svg.count(">School 1</text>") == figure.svg.count(">School 2</text>") == 2


def test_hostile_names_stay_words() -> None:
    assert "alert" in draw((1, 2, 10, "running"), needs={3: "need"}, name=HOSTILE).headline
