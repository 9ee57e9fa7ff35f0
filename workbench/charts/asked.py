"""How the outcomes that can be explained are named, and how factors and their values are said."""

from __future__ import annotations

from collections.abc import Mapping
from textwrap import wrap
from types import MappingProxyType

from workbench.charts.labels import drawable
from workbench.charts.wording import capital, signed

OUTCOMES: Mapping[str, str] = MappingProxyType({
    "every limit holds": "chance that every limit holds",
    "extra risk": "extra risk of growth",
    "time before a breach": "time before a limit is broken, as a share of the terms,",
})  # fmt: skip
_BARE = ("level, 0 to 1", "odds ratio", "ratio", "weight", "share", "probability")


def outcome(asked: str) -> str:
    """Say an outcome within a sentence, without a comma at its end."""
    return OUTCOMES[asked].rstrip(",")


def outcome_from(asked: str, start: str, end: str) -> str:
    """Say an outcome moving from one value to another, its share of what said once."""
    named, _, share = outcome(asked).partition(", as a share of ")
    return f"{named} goes from {start} to {end}{f' of {share}' if share else ''}"


def outcome_in_short(asked: str) -> str:
    """Say an outcome within a sentence, without what it is a share of."""
    return outcome(asked).partition(", as a share of ")[0]


def factor_lines(label: str, wide: int = 34, most: int = 3) -> str:
    """Return a factor's name on a few lines, ended by three dots where it is too long."""
    lines = wrap(capital(drawable(label)), wide)
    if len(lines) > most:
        lines = [*lines[: most - 1], f"{lines[most - 1].rstrip(',;:')}\N{HORIZONTAL ELLIPSIS}"]
    return "\n".join(lines)


def with_unit(value: float, unit: str) -> str:
    """Write a factor's value to two digits with its unit: `0.33 a term`, `45,000 pounds`."""
    figures = signed(f"{float(f'{value:.2g}'):,.12g}")
    if unit in _BARE:
        return figures
    for start in ("probability ", "share "):
        unit = unit.removeprefix(start)
    return f"{figures} {unit}"


def plan_words(trust: str, scenario: str, joiners: int, horizon: str) -> str:
    """Say which plan a figure is of."""
    arriving = f"{joiners} school{'' if joiners == 1 else 's'} joining"
    return f"{trust} with {arriving}, to {horizon}, scenario: {scenario}"
