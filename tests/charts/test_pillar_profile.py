"""Pillars side by side: drawn as scored, said where there is no score, held down said in words."""

from __future__ import annotations

from tests.charts.drawn import HOSTILE, sound
from workbench.charts.pillar_profile import PillarMark, pillar_profile

MARKS = [
    PillarMark("vision", 76.6, 67.2, 82.9, 1.0, 9, before=75.8),
    PillarMark("capacity", 40.0, 40.0, 40.0, 0.93, 12, held_down_by=("golden rule",)),
    PillarMark("process", None, None, None, 0.2, 1),
]


def test_scores_doubts_and_causes_are_told_to_those_who_cannot_see() -> None:
    figure = sound(lambda: pillar_profile(MARKS, headline="One", whose="Alder", as_of="1 May 2026"))
    assert "vision 77 (67 to 83)" in figure.alt
    assert "capacity 40 (40 to 40, held down by golden rule)" in figure.alt
    assert "process without a score" in figure.alt
    assert list(figure.data["Score of 100"]) == ["77", "40", ""]
    assert list(figure.data["Term before, same indicators"]) == ["76", "", ""]


def test_a_score_and_a_failure_change_the_picture() -> None:
    plain = PillarMark("capacity", 40.0, 40.0, 40.0, 0.93, 12)
    one = pillar_profile([plain], headline="x", whose="A", as_of="d")
    other = pillar_profile([MARKS[1]], headline="x", whose="A", as_of="d")
    assert one.svg != other.svg


def test_no_pillars_and_a_hostile_name_are_drawn() -> None:
    empty = sound(lambda: pillar_profile([], headline="None", whose=HOSTILE, as_of="d"))
    assert empty.data.empty
    assert HOSTILE in empty.subtitle
