"""Targets are judged in every way they can be read, and none that is missed goes unsaid."""

from __future__ import annotations

import pytest

from benchmarks.growth import Figures, ratios, targets
from benchmarks.table import print_targets


def figures(one_thread: float, all_cores: float) -> Figures:
    """Figures of a kernel of two speeds, in trajectories a second, among made-up others."""
    others = {"numpy": 10.0, "simpy": 0.1, "drawing_in_bulk": 200.0, "drawing_one_by_one": 50.0}
    return {
        "ratios": ratios({"kernel": one_thread} | others, all_cores),
        "blocks": {"drawn_a_school_term": 1.5},
        "curve_seconds": 1.0,
        "command": {"seconds": 5.0, "megabytes": 300.0},
    }


def test_the_same_aim_is_held_against_one_thread_and_all_cores_and_both_ways_of_drawing() -> None:
    rows = {each["what"]: each for each in targets(figures(one_thread=30.0, all_cores=60.0))}
    pairs = (
        ("all cores: times SimPy", 600.0, "one thread: times SimPy", 300.0),
        ("all cores: times NumPy", 6.0, "one thread: times NumPy", 3.0),
        ("of drawing only, one by one", 0.6, "of drawing only, in bulk", 0.15),
    )
    for easier, high, harder, low in pairs:
        assert rows[easier]["target"] == rows[harder]["target"]
        assert rows[easier]["value"] == pytest.approx(high)
        assert rows[harder]["value"] == pytest.approx(low)
    missed = [what for what, each in rows.items() if not each["met"]]
    assert missed == [
        "one thread: times NumPy",
        "of drawing only, in bulk",
        "seconds for the command",
    ]


def test_each_target_is_printed_as_met_or_not_and_the_last_line_counts_them(
    capsys: pytest.CaptureFixture[str],
) -> None:
    print_targets(targets(figures(one_thread=30.0, all_cores=60.0)))
    *rows, last = capsys.readouterr().out.splitlines()
    assert sum(row.endswith("  not met") for row in rows) == 3
    assert sum(row.endswith("  met") for row in rows) == 7
    assert last == "7 of 10 targets are met."
