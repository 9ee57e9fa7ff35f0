"""The panel of England against counts made by hand-written SQL over the published text.

The SQL shares nothing with the readers: fields are taken by place, the text is split by DuckDB's
own CSV reader, and differences are set operations.
"""

from __future__ import annotations

import datetime as dt
import time
from pathlib import Path

import duckdb
import pandas as pd
import pytest

from tests.research.history.published import cells
from workbench.research.history import (
    ask,
    grades_on,
    inspection_history,
    members_on,
    membership_history,
    movement_history,
    school_chain,
    trust_history,
)
from workbench.research.history.tables import CODES

# The fields of a row, counted from one, in the layout to 2019 and the one since 2020: URN, UID,
# type, status, joining day. A row ends one field before its header does.
LAYOUTS = {16: (1, 2, 5, 7, 9), 20: (1, 2, 5, 10, 13)}
SNAPSHOTS = {"2019": "20190917", "2020": "20200915", "2021": "20210915", "2022": "20220915"}
DIFFERENCES = """
    with a as (select * from links where year = ?), b as (select * from links where year = ?)
    select
        (select count(*) from (select urn from b except select urn from a)) as joined,
        (select count(*) from (select urn from a except select urn from b)) as "left",
        (select count(*) from a join b using (urn) where a.uid <> b.uid) as changed,
        (select count(*) from a join b using (urn) where a.uid = b.uid) as stayed
"""


@pytest.fixture(scope="module")
def links(england: Path, tmp_path_factory: pytest.TempPathFactory) -> duckdb.DuckDBPyConnection:
    """A table of urn, uid, joined and year, from the text of four snapshots."""
    connection = duckdb.connect(":memory:")
    connection.execute("create table links (year text, urn int, uid int, joined date)")
    for year, day in SNAPSHOTS.items():
        text = next((england / "gias").glob(f"grouplinks*{day}.csv")).read_text(encoding="cp1252")
        path = tmp_path_factory.mktemp("text") / f"{year}.csv"
        path.write_text(text, encoding="utf-8")
        fields = len(text.splitlines()[0].split(",")) - 1
        urn, uid, kind, status, joined = (f"f{place}" for place in LAYOUTS[fields])
        names = ", ".join(f"'f{place}': 'varchar'" for place in range(1, fields + 1))
        connection.execute(
            f"""
            insert into links
            select '{year}', {urn}::int, {uid}::int, strptime({joined}, '%d-%m-%Y')::date
            from read_csv('{path}', header=false, skip=1, delim=',', quote='"', escape='"',
                          columns={{{names}}}, auto_detect=false)
            where {kind} = 'Multi-academy trust' and {status} = 'Open'
            """
        )
    return connection


@pytest.mark.parametrize(("before", "after"), [("2019", "2020"), ("2020", "2021"),
                                               ("2021", "2022")])  # fmt: skip
def test_each_years_movements_are_those_of_hand_written_sql(
    links: duckdb.DuckDBPyConnection, england_panel: Path, before: str, after: str
) -> None:
    by_hand = links.execute(DIFFERENCES, [before, after]).df().to_dict("records")[0]

    moves = movement_history(england_panel)
    year = moves[moves["to_snapshot"].eq(pd.Timestamp(SNAPSHOTS[after]))]
    counted = year["move"].value_counts().to_dict()
    spells = membership_history(england_panel)
    through = spells["first_seen"].le(pd.Timestamp(SNAPSHOTS[before])) & spells["last_seen"].ge(
        pd.Timestamp(SNAPSHOTS[after])
    )

    assert year["from_snapshot"].eq(pd.Timestamp(SNAPSHOTS[before])).all()
    assert counted | {"stayed": int(through.sum())} == by_hand
    assert min(by_hand.values()) > 0


def test_the_very_schools_and_trusts_of_every_change_are_those_of_sql(
    links: duckdb.DuckDBPyConnection, england_panel: Path
) -> None:
    by_hand = links.execute(
        """
        select b.year, urn, a.uid as from_uid, b.uid as to_uid from links a join links b using (urn)
        where a.uid <> b.uid and b.year::int = a.year::int + 1 order by all
        """
    ).fetchall()

    from_panel = ask(
        england_panel,
        """
        select year(to_snapshot)::varchar, urn, from_uid, to_uid from movements
        where move = 'changed' and to_snapshot > '2019-09-17' order by all
        """,
    )

    assert [tuple(row) for row in from_panel.itertuples(index=False)] == by_hand
    assert len(by_hand) == 405  # 130, 133 and 142: also counted with pandas alone


def test_three_years_at_once_are_those_of_sql(
    links: duckdb.DuckDBPyConnection, england_panel: Path
) -> None:
    by_hand = links.execute(DIFFERENCES, ["2019", "2022"]).df().to_dict("records")[0]
    [counted] = ask(
        england_panel,
        """
        with a as (select urn, trust_uid from snapshots where snapshot = '2019-09-17'
                   and group_type = 'multi-academy trust'),
             b as (select urn, trust_uid from snapshots where snapshot = '2022-09-15'
                   and group_type = 'multi-academy trust')
        select count(*) filter (where a.urn is null) as joined,
               count(*) filter (where b.urn is null) as "left",
               count(*) filter (where a.trust_uid <> b.trust_uid) as changed,
               count(*) filter (where a.trust_uid = b.trust_uid) as stayed
        from a full join b using (urn)
        """,
    ).to_dict("records")

    assert counted == by_hand


def test_births_and_ends_of_trusts_are_those_of_sql(
    links: duckdb.DuckDBPyConnection, england_panel: Path
) -> None:
    trusts = trust_history(england_panel)
    for before, after in (("2019", "2020"), ("2020", "2021"), ("2021", "2022")):
        born, gone = links.execute(
            """
            with a as (select distinct uid from links where year = $a),
                 b as (select distinct uid from links where year = $b)
            select (select count(*) from (from b except from a)),
                   (select count(*) from (from a except from b))
            """,
            {"a": before, "b": after},
        ).fetchall()[0]
        days = pd.Timestamp(SNAPSHOTS[before]), pd.Timestamp(SNAPSHOTS[after])

        assert trusts["first_seen"].eq(days[1]).sum() == born
        assert trusts["last_seen"].eq(days[0]).sum() == gone


def test_every_trust_said_to_have_merged_sent_its_schools_to_one_trust(
    links: duckdb.DuckDBPyConnection, england_panel: Path
) -> None:
    by_hand = links.execute(
        """
        select a.uid, any_value(b.uid) as other from links a
        join links b on b.urn = a.urn and b.year::int = a.year::int + 1
        where not exists (from links c where c.uid = a.uid and c.year::int = a.year::int + 1)
        group by a.uid having count(distinct b.uid) = 1 order by 1
        """
    ).fetchall()

    trusts = trust_history(england_panel)
    late = trusts["last_seen"].ge(pd.Timestamp("2019-09-17"))
    merged = trusts[trusts["how_left"].eq("merged") & late]

    pairs = merged[["trust_uid", "merged_into"]].sort_values("trust_uid")
    assert [tuple(row) for row in pairs.itertuples(index=False)] == by_hand


def test_a_trust_in_the_list_of_groups_bears_its_published_closing_day(
    england: Path, england_panel: Path
) -> None:
    header, *rows = cells(england / "gias" / "allgroupsdata20220915.csv")
    kind, closed, uid = (header.index(n) for n in ("Group Type", "Closed Date", "Group UID"))
    by_hand = {
        int(row[uid]): dt.datetime.strptime(row[closed], "%d/%m/%Y").date()
        for row in rows
        if row[kind] == "Multi-academy trust" and row[closed]
    }

    trusts = trust_history(england_panel)
    shut = trusts[trusts["closed"].notna()]

    assert dict(zip(shut["trust_uid"], shut["closed"].dt.date, strict=True)) == by_hand


def test_members_on_a_snapshots_day_are_those_it_lists_but_for_late_listing(
    links: duckdb.DuckDBPyConnection, england_panel: Path
) -> None:
    listed = links.execute("select urn, uid from links where year = '2021'").fetchall()

    table = members_on(england_panel, dt.date(2021, 9, 15))
    known = set(zip(table["urn"], table["trust_uid"], strict=True))

    assert len(known & set(listed)) / len(listed) > 0.999
    moves = movement_history(england_panel)
    late = moves["to_snapshot"].eq(pd.Timestamp("2022-09-15")) & moves["listed_late"].eq(True)
    assert {urn for urn, _ in known - set(listed)} == set(moves.loc[late, "urn"])


def test_grades_of_july_2018_are_those_of_the_published_file(england_panel: Path) -> None:
    table = grades_on(england_panel, dt.date(2018, 7, 31))

    # 31 July 2018, as Ofsted's own file of that day has them: 4,498 outstanding, 14,114 good,
    # 2,338 requires improvement, 789 inadequate of 21,739 schools; every one is found again.
    assert len(table) > 21_739
    assert table["own"].mean() > 0.8
    assert set(table["grade"]) == {1, 2, 3, 4}


def test_grades_are_found_again_in_the_text_of_the_ratings_history(
    england: Path, england_panel: Path
) -> None:
    path = england / "ofsted" / "ofsted_ratings_history_2005_2020.csv"
    with duckdb.connect(":memory:") as connection:
        missing = connection.execute(
            f"""
            with published as (
                select "URN"::int as urn, strptime("Inspection Date", '%Y%m%d')::date as day,
                       case "Rating" when 'Outstanding' then 1 when 'Good' then 2
                       when 'Inadequate' then 4 else 3 end as grade
                from read_csv('{path}', all_varchar=true)
            )
            select count(*) from published p where not exists (
                from read_parquet('{england_panel}/inspections.parquet') i
                where i.urn = p.urn and i.grade = p.grade
                and p.day between i.date and i.date + 14
            )
            """
        ).fetchall()[0][0]

    assert missing <= 7  # five inspections that files grade differently, and their neighbours


def test_no_school_is_in_two_trusts_at_once_nor_leaves_before_it_joins(
    england_panel: Path,
) -> None:
    [row] = ask(
        england_panel,
        """
        select count(*) filter (where "left" < joined) as backwards,
               count(*) filter (where "left" > next_joined) as overlapping,
               count(*) filter (where how_left = 'still in' and "left" is not null) as wrong
        from (select *, lead(joined) over (partition by urn order by first_seen) as next_joined
              from memberships)
        """,
    ).to_dict("records")

    assert row == {"backwards": 0, "overlapping": 0, "wrong": 0}


def test_each_inspection_is_there_once_and_within_its_schools_life(england_panel: Path) -> None:
    inspections = inspection_history(england_panel)
    schools = school_chain(england_panel).set_index("urn")

    assert not inspections.duplicated(["urn", "date"]).any()
    opened = schools["open_date"].reindex(inspections["urn"]).to_numpy()
    published = schools["open_from"].reindex(inspections["urn"]).eq("register").to_numpy()
    early = inspections["date"].lt(pd.Series(opened, inspections.index)) & published
    assert early.mean() < 0.0005
    assert inspections["chain"].equals(
        schools["chain"].reindex(inspections["urn"]).reset_index(drop=True)
    )


def test_a_converters_old_grade_counts_for_the_school_it_was(england_panel: Path) -> None:
    [row] = ask(
        england_panel,
        """
        select count(*) as given, count(*) filter (where s.place < l.place) as earlier
        from inspections i join schools s using (urn)
        join schools l on l.chain = s.chain and l.successor is null
        where i.inherited
        """,
    ).to_dict("records")

    assert row["given"] > 3_000
    assert row["earlier"] == row["given"]


def test_every_code_used_is_in_the_list(england_panel: Path) -> None:
    for column, codes in CODES.items():
        table, name = column.split(".")
        used = ask(england_panel, f"select distinct {name} as code from {table}")["code"]
        assert set(used) <= set(codes), column


def test_questions_are_answered_within_a_second_of_work(england_panel: Path) -> None:
    began = time.process_time()
    members_on(england_panel, dt.date(2019, 9, 17))
    grades_on(england_panel, dt.date(2022, 4, 30))

    assert time.process_time() - began < 2
