"""Numbers as trustees say them: odds in twenty, rounded percentages, dates and lists."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from types import MappingProxyType

FUTURES = 20
# What a sentence calls an assumption whose full name would lose its reader; charts use the full.
_SHORT: Mapping[str, str] = MappingProxyType({
    "schools one improvement lead can lead improvement across": "schools for each improvement lead",
    "schools one executive leader, supported by heads, can secure improvement in": (
        "schools for each executive leader"
    ),
    "schools' own surplus or deficit in a year": "schools' own surplus or deficit",
    "how routine, standard and triangulated the trust's intelligence is": (
        "the trust's intelligence"
    ),
    "how far one vision is owned and lived across the trust": "the trust's vision",
    "how far schools give time and people to each other": "the trust's commitment",
    "how independent and regular the trust's own quality assurance is": "the trust's assurance",
    "share of a term's support that survives the days lost between trigger and deployment": (
        "support not lost to delay"
    ),
    "relative gain in appointments from no vision to full vision": "what vision adds to hiring",
    "relative gain in appointments with a full internal pipeline": "what a pipeline adds to hiring",
    "relative fall in leavers from no vision to full vision": "what vision does to keep leads",
    "chance that an inspection sees a school one band below the truth": (
        "chance of too harsh an inspection"
    ),
    "chance that an inspection sees a school one band above the truth": (
        "chance of too kind an inspection"
    ),
    "persistent trust effect on the odds of rising": "how well the trust mends schools",
    "share of the top-slice spent on services other than improvement": (
        "share of the pool not spent on improvement"
    ),
    "days one full-time lead works in schools that need support": "days each lead is in schools",
})  # fmt: skip


def in_twenty(probability: float) -> str:
    """Say a probability as a count of twenty, such as `about 7 in 20`.

    The ends are never rounded to certainty: `fewer than 1 in 20`, `more than 19 in 20`.
    """
    count = round(probability * FUTURES)
    if count == 0:
        return "fewer than 1 in 20"
    if count == FUTURES:
        return "more than 19 in 20"
    return f"about {count} in 20"


def percent(share: float) -> str:
    """Say a probability to the whole percent, never as 0% or 100% unless it is exactly so."""
    if 0 < share < 0.005:
        return "less than 1%"
    if 0.995 < share < 1:
        return "more than 99%"
    return f"{share * 100:.0f}%"


def count(number: int, singular: str, plural: str | None = None) -> str:
    """Say how many, such as `no schools`, `1 school`, `4 schools`."""
    noun = singular if number == 1 else plural or f"{singular}s"
    return f"{'no' if number == 0 else number} {noun}"


def listed(words: Iterable[str], last: str = "and") -> str:
    """Join words as in a sentence: `a, b and c`."""
    items = list(words)
    if len(items) < 2:
        return "".join(items)
    return f"{', '.join(items[:-1])} {last} {items[-1]}"


def day(date: dt.date) -> str:
    """Write a date in full, such as `4 March 2026`."""
    return f"{date.day} {date:%B} {date.year}"


def age(since: dt.date, until: dt.date) -> str:
    """Say how long ago a day was, in whole years and months."""
    months = (until.year - since.year) * 12 + until.month - since.month - (until.day < since.day)
    years, months = divmod(max(months, 0), 12)
    parts = [count(years, "year")] * (years > 0) + [count(months, "month")] * (months > 0)
    return listed(parts) or "under a month"


def number(value: float, decimals: int = 0) -> str:
    """Write a number with a true minus sign and without a minus before zero."""
    rounded = round(value, decimals) + 0.0
    return signed(f"{rounded:,.{decimals}f}")


def signed(figures: str) -> str:
    """Give a written number a true minus sign."""
    return figures.replace("-", "\N{MINUS SIGN}")


def points(difference: float) -> str:
    """Write a difference of two probabilities in whole percentage points: 0.062 as `6`."""
    return signed(str(round(difference * 100)))


def capital(sentence: str) -> str:
    """Begin a sentence with a capital and leave the rest as it is."""
    return sentence[:1].upper() + sentence[1:]


def inside(name: str) -> str:
    """Return a name as it stands within a sentence: `Golden rule` as `golden rule`, `KPIs` kept."""
    return name if name[1:2].isupper() else f"{name[:1].lower()}{name[1:]}"


def short(label: str) -> str:
    """Return an assumption's short name within a sentence, or its own where it has no shorter."""
    return _SHORT.get(inside(label), inside(label))


def together_add(dated: int) -> str:
    """Name the schools that were given a term, with the verb for what they add."""
    return "the dated school adds" if dated == 1 else f"the {dated} dated schools together add"
