"""Who can help whom, in few words: one row a need, and reasons where a school is looked at."""

from __future__ import annotations

import re

import pandas as pd

from workbench.charts.wording import capital, count, listed

_SOURCE = re.compile(r"(?:^|; )(?:but )?([^:;]+):")
_IN_COLUMNS = re.compile(r" by road$|^The way is not known$|^Its free days|days? declared, ")
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


def helpers_table(matches: pd.DataFrame, urn: int) -> pd.DataFrame:
    """Return who could help a school with each of its needs, best first, and why.

    Args:
        matches: As `help_matches` gives them.
        urn: The school.
    """
    rows = [
        {
            "Needs help with": capital(str(row["Area"])),
            "Who says so": known_from(str(row["How known"])),
            "Could help": str(row["Helper"]),
            "Minutes by road": "" if pd.isna(row["Minutes by road"]) else _whole(row),
            "Days free": "" if pd.isna(row["Days free"]) else capital(str(row["Days free"])),
            "Why": _reasons(str(row["Why"])),
        }
        for _, row in matches[matches["URN"] == urn].iterrows()
    ]
    columns = ["Needs help with", "Who says so", "Could help", "Minutes by road", "Days free",
               "Why"]  # fmt: skip
    return pd.DataFrame(rows, columns=columns)


def help_given_said(matches: pd.DataFrame, urn: int) -> tuple[str, ...]:
    """Return which schools a school could help, and with what.

    Args:
        matches: As `help_matches` gives them.
        urn: The school.
    """
    lines = []
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


def _reasons(why: str) -> str:
    """Return reasons without those that columns of their own tell."""
    told = [one for one in _stop(why).split(". ") if not _IN_COLUMNS.search(one)]
    return f"{capital('. '.join(told))}." if told else ""


def _whole(row: pd.Series) -> str:
    return f"{row['Minutes by road']:.0f}"


def _minutes(row: pd.Series) -> str:
    way = row["Minutes by road"]
    return "" if pd.isna(way) else f"{count(round(way), 'minute')}, "


def _way(row: pd.Series) -> str:
    way = row["Minutes by road"]
    return "" if pd.isna(way) else f" ({count(round(way), 'minute')} by road)"


def _stop(text: object) -> str:
    return str(text).rstrip(".")
