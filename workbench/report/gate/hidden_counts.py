"""Numbers of people that a trust's tables hold and the suppression policy holds back."""

from __future__ import annotations

from collections.abc import Iterator

from workbench.pillars.scope import Scope, pillar_settings
from workbench.pillars.surveys import SOURCES, Survey, agreement_by_school, items_of, latest_wave
from workbench.report.gate.protected import HiddenCount
from workbench.trust.load import Trust


def hidden_counts(trust: Trust) -> tuple[HiddenCount, ...]:
    """Return the numbers held back, by school; each only where no shown number is the same."""
    found = {(one.school, one.count, one.source): one for one in _all(trust)}
    return tuple(found.values())


def _all(trust: Trust) -> Iterator[HiddenCount]:
    named = {
        int(urn): (str(name), str(urn))
        for urn, name in zip(trust.schools["urn"], trust.schools["name"], strict=True)
    }
    settings = pillar_settings()
    fewest = int(settings.pillars.windows.fewest_pupils.value)
    for whom, table in SOURCES.items():
        yield from _answers(trust, table, whom, named)
    for name, column in (("attainment", "pupils"), ("attendance", "persistently_absent")):
        frame = trust.tables[name]
        small = frame[frame[column].between(1, fewest - 1)]
        for urn, count in zip(small["urn"], small[column], strict=True):
            yield HiddenCount(named[int(urn)], int(count), f"pupils in {name}")


def _answers(
    trust: Trust, table: Survey, whom: str, named: dict[int, tuple[str, str]]
) -> Iterator[HiddenCount]:
    """Yield numbers of answers held back, but those that another statement's figure shows."""
    latest = latest_wave(Scope(trust, pillar_settings()), table)
    frame = trust.tables[table]
    frame = frame[frame["wave"].eq(str(latest))]
    shown: set[tuple[int, int]] = set()
    back: set[tuple[int, int]] = set()
    for item in items_of(table):
        answers = frame.groupby("urn")[item].count()
        found = agreement_by_school(trust, pillar_settings(), table, item)
        for urn, withheld in zip(found["urn"], found["withheld"], strict=True):
            (back if withheld else shown).add((int(urn), int(answers.get(urn, 0))))
    for urn, count in sorted(back - shown):
        if count:
            yield HiddenCount(named[urn], count, f"answers of {whom}")
