"""What a trust's folder holds that no report can use: rows left out, tables without a use."""

from __future__ import annotations

from collections.abc import Iterator

from workbench.charts.wording import listed
from workbench.trust.load import Trust

CHECK = "run `workbench check` on the trust's folder to see why"


def left_out(trust: Trust) -> tuple[str, ...]:
    """Return one line on the rows left out of a report; nothing where none was."""
    faulty = list(_shares(trust))
    if not faulty:
        return ()
    return (f"{listed(faulty)}: their rows are faulty, or name a school left out; {CHECK}.",)


def unusable(trust: Trust, table: str) -> str | None:
    """Return why a table gives nothing at all; None where it has a row to use."""
    words = table.replace("_", " ")
    if not trust.tables[table].empty:
        return None
    if table in trust.absent:
        return f"The trust's folder has no usable table of {words} (none there, or one refused)"
    if _lost(trust, table):
        return f"Every row of the table of {words} is left out as faulty"
    return f"The table of {words} has no rows"


def _shares(trust: Trust) -> Iterator[str]:
    """Yield what is left out of each table, such as `5 of 14 schools`."""
    for table, rows in trust.tables.items():
        lost = _lost(trust, table)
        if lost:
            share = f"{lost} of {len(rows) + lost}"
            words = table.replace("_", " ")
            yield f"{share} schools" if table == "schools" else f"{share} rows of {words}"


def _lost(trust: Trust, table: str) -> int:
    return trust.quarantined.get(table, 0) + trust.set_aside.get(table, 0)
