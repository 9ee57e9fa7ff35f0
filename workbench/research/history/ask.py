"""Questions to a built panel: its tables as frames, or anything in SQL through DuckDB."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import duckdb
import pandas as pd

from workbench.research.history.build import built
from workbench.research.history.tables import TABLES, read_table


def membership_history(folder: Path) -> pd.DataFrame:
    """Return who was in which multi-academy trust and when.

    Args:
        folder: A panel's folder, or one of published files (see `build.built`).

    Returns:
        The table `memberships`: one row a school's unbroken time in a trust, sorted by urn and
        first_seen; `left` is missing while it is still in.
    """
    return read_table(TABLES["memberships"], built(folder))


def inspection_history(folder: Path, *, graded_only: bool = True) -> pd.DataFrame:
    """Return every inspection of the older frameworks once, under the URN of its day.

    The ratings history that most of them come from omits short inspections, so a spell at one grade
    looks longer than it was, and the change at the next grade is that of graded inspections alone.

    Args:
        folder: As for `membership_history`.
        graded_only: Whether to leave out inspections without an overall grade.

    Returns:
        The table `inspections`: urn, date, grade (1 to 4), kind, category, chain, source, files,
        inherited; sorted by urn and date.
    """
    table = read_table(TABLES["inspections"], built(folder))
    return table[table["grade"].notna()].reset_index(drop=True) if graded_only else table


def school_chain(folder: Path) -> pd.DataFrame:
    """Return each school's chain of predecessors, with who it is and when it opened.

    Args:
        folder: As for `membership_history`.

    Returns:
        The table `schools`, sorted by urn.
    """
    return read_table(TABLES["schools"], built(folder))


def trust_history(folder: Path) -> pd.DataFrame:
    """Return each multi-academy trust's birth and what became of it (the table `trusts`)."""
    return read_table(TABLES["trusts"], built(folder))


def movement_history(folder: Path) -> pd.DataFrame:
    """Return each joining, leaving and change between snapshots (the table `movements`)."""
    return read_table(TABLES["movements"], built(folder))


@contextmanager
def connected(folder: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    """Give a DuckDB connection in memory with a view of each table of a panel.

    Args:
        folder: As for `membership_history`.
    """
    panel = built(folder)
    with duckdb.connect(":memory:") as connection:
        for name in TABLES:
            file = str(panel / f"{name}.parquet").replace("'", "''")
            connection.execute(f"create view {name} as select * from read_parquet('{file}')")
        yield connection


def ask(folder: Path, sql: str, values: Sequence[object] = ()) -> pd.DataFrame:
    """Return the answer to a question in SQL over the panel's tables.

    Args:
        folder: As for `membership_history`.
        sql: One statement; `?` stands for each of `values`.
        values: The values.
    """
    with connected(folder) as connection:
        return connection.execute(sql, list(values)).df()


def movements_by_period(folder: Path) -> pd.DataFrame:
    """Return joins, leaves and changes of trust between each snapshot and the next.

    Returns:
        from_snapshot, to_snapshot, move, how, schools, listed_late (schools whose day lies on or
        before the earlier snapshot), sorted.
    """
    return ask(
        folder,
        """
        select from_snapshot, to_snapshot, move, how, count(*) as schools,
               count(*) filter (where listed_late) as listed_late
        from movements group by all order by to_snapshot, move, how
        """,
    )


def members_on(folder: Path, day: dt.date) -> pd.DataFrame:
    """Return who is in which multi-academy trust on a day, by the best days now published.

    Returns:
        urn, trust_uid, trust_name, joined, chain, sorted by trust and school. A school whose day of
        leaving is not published counts as a member until the snapshot that no longer lists it.
    """
    return ask(
        folder,
        """
        select urn, trust_uid, trust_name, joined, chain from memberships
        where coalesce(joined, first_seen) <= $1 and ("left" is null or "left" > $1)
        order by trust_uid, urn
        """.replace("$1", "?"),
        [day, day],
    )


def grades_on(folder: Path, day: dt.date) -> pd.DataFrame:
    """Return the last grade on or before a day along each school's chain.

    Returns:
        urn (a school's), chain, inspected_urn, date, grade, own (whether it was given under this
        URN), sorted by urn; a school whose chain has no grade by then is not in it.
    """
    return ask(
        folder,
        """
        with earlier as (
            select s.urn, s.chain, i.urn as inspected_urn, i.date, i.grade,
                   i.urn = s.urn as own, p.place
            from schools s
            join inspections i on i.chain = s.chain and i.date <= ? and i.grade is not null
            join schools p on p.urn = i.urn and p.place <= s.place
        )
        select urn, chain, inspected_urn, date, grade, own from earlier
        qualify row_number() over (partition by urn order by date desc, place desc) = 1
        order by urn
        """,
        [day],
    )
