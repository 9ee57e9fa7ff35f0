"""What a board sees of today's schools, or what it would take to see it."""

from __future__ import annotations

from dataclasses import replace

from workbench.report import today
from workbench.trust.load import Trust


def test_each_school_with_peers_has_its_chart(demo_trust: Trust) -> None:
    (figure,) = today.absence(demo_trust)
    assert demo_trust.name in figure.subtitle
    assert figure.source == today.SOURCE
    assert "control charts" in today.said((figure,))


def test_a_trust_that_keeps_no_attendance_is_told_what_to_keep(demo_trust: Trust) -> None:
    none = demo_trust.tables["attendance"].iloc[:0]
    bare = replace(demo_trust, tables={**demo_trust.tables, "attendance": none})
    assert today.absence(bare) == ()
    assert "fill in the table attendance" in today.said(())
