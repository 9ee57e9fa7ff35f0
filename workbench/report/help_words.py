"""Who can help whom, in few words: one row a need, and reasons where a school is looked at."""

from __future__ import annotations

import re

import pandas as pd

from workbench.charts.wording import capital, count, listed

_SOURCE = re.compile(r"(?:^|; )(?:but )?([^:;]+):")
_WHEN = re.compile(r" \([A-Z][a-z]+ \d{4}\)")


def needs_table(matches: pd.DataFrame) -> pd.DataFrame:
    """Return each need in one row: school, area, who says so, and who could help, best first.

    Args:
        matches: As `workbench.research.who_can_help.help_matches` gives them.
    """
    rows = []
    for (_, area), held in matches.groupby(["URN", "Area"], sort=False):
        first = held.iloc[0]
        rows.append(
            {
                "School in need": first["School in need"],
                "Area": capital(str(area)),
                "Need": capital(str(first["Need"])),
                "Who says so": known_from(str(first["How known"])),
                "Could help, best first": "; ".join(_helper(row) for _, row in held.iterrows()),
            }
        )
    columns = ["School in need", "Area", "Need", "Who says so", "Could help, best first"]
    return pd.DataFrame(rows, columns=columns)


def help_said(matches: pd.DataFrame, urn: int) -> tuple[str, ...]:
    """Return who could help a school and whom it could help, each with its reasons.

    Args:
        matches: As `help_matches` gives them.
        urn: The school.
    """
    lines = []
    own = matches[matches["URN"] == urn]
    for area, held in own.groupby("Area", sort=False):
        first = held.iloc[0]
        lines.append(
            f"Needs help with {area} ({known_from(str(first['How known']))}). Could help: "
            + "; ".join(f"{_helper(row)}: {_stop(row['Why'])}" for _, row in held.iterrows())
        )
    gives = matches[matches["Helper URN"].eq(urn).fillna(False).astype(bool)]
    for area, held in gives.groupby("Area", sort=False):
        schools = listed(f"{row['School in need']}{_way(row)}" for _, row in held.iterrows())
        lines.append(f"Could help with {area} at {schools}.")
    return tuple(lines)


def known_from(how: str) -> str:
    """Return who tells of a need: `4 sources: data, pupils and 2 more; but staff: strong`."""
    for_it, _, against = how.partition("; but ")
    sources = [name.strip() for name in _SOURCE.findall(for_it)]
    if not sources:
        return _WHEN.sub("", how)
    few = sources if len(sources) < 4 else [*sources[:2], f"{len(sources) - 2} more"]
    said = f"{count(len(sources), 'source')}: {listed(few)}"
    return f"{said}; but {_WHEN.sub('', against)}" if against else said


def _helper(row: pd.Series) -> str:
    if pd.isna(row["Helper URN"]):
        return f"{row['Helper']}: {row['Why']}"
    days = str(row["Days free"])
    free = days if days.startswith("days") else f"{days} free"
    return f"{row['Helper']} ({_minutes(row)}{free})"


def _minutes(row: pd.Series) -> str:
    way = row["Minutes by road"]
    return "" if pd.isna(way) else f"{count(round(way), 'minute')}, "


def _way(row: pd.Series) -> str:
    way = row["Minutes by road"]
    return "" if pd.isna(way) else f" ({count(round(way), 'minute')} by road)"


def _stop(text: object) -> str:
    return str(text).rstrip(".")
