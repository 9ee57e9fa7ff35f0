"""GIAS as published: membership of every year, establishments, groups and links."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pandas as pd
import pytest

from tests.trust.published.synthetic import (
    ALL_DATA,
    LINKS_2016,
    LINKS_2020,
    link,
    rows_of,
    write_csv,
    write_links,
)
from workbench.trust.published import kinds
from workbench.trust.published.files import PublishedFile, find
from workbench.trust.published.gias import (
    coordinates,
    establishments,
    groups,
    membership,
    phases,
    school_types,
    urn_links,
)


def only(folder: Path, kind: kinds.Kind) -> PublishedFile:
    file = find(folder).latest(kind)
    assert file is not None
    return file


@pytest.mark.parametrize("header", [LINKS_2016, LINKS_2020])
def test_rows_shorter_than_the_header_leave_every_column_in_its_place(
    tmp_path: Path, header: tuple[str, ...]
) -> None:
    rows = rows_of(header, [link(900101, 70, "01-09-2014")], "")
    write_csv(tmp_path / "links20260101.csv", header, rows, drop_last=True)

    [member] = membership(only(tmp_path, kinds.GROUP_LINKS)).to_dict("records")

    assert member == {
        "urn": 900101,
        "trust_uid": 70,
        "trust_name": "Alder\u2019s Trust",
        "joined": pd.Timestamp("2014-09-01"),
        "phase": "primary",
        "type": "converter",
        "name": "School 900101",
    }


def test_membership_is_the_same_should_the_last_header_ever_be_filled(tmp_path: Path) -> None:
    rows = rows_of(LINKS_2020, [link(900101, 70, "01-09-2014", HasSharedHT="No")], "")
    write_csv(tmp_path / "links20260101.csv", LINKS_2020, rows)

    members = membership(only(tmp_path, kinds.GROUP_LINKS))

    assert members["urn"].tolist() == [900101]
    assert members["joined"].dt.date.tolist() == [dt.date(2014, 9, 1)]


def test_only_open_multi_academy_trusts_count(tmp_path: Path) -> None:
    write_links(
        tmp_path / "links20260101.csv",
        [
            link(900101, 70, "01-09-2014"),
            link(900101, 71, "01-09-2014", **{"Group Type": "School sponsor"}),
            link(900102, 72, "01-09-2014", **{"Group Type": "Single-academy trust"}),
            link(900103, 73, "01-09-2014", **{"Group Status": "Closed"}),
            link(900104, 74, "01-09-2014", **{"Group Status": "Open, but proposed to close"}),
        ],
    )

    members = membership(only(tmp_path, kinds.GROUP_LINKS))

    assert members["trust_uid"].tolist() == [70, 74]


@pytest.mark.parametrize(
    ("phase", "type_", "ours", "how"),
    [
        ("Middle deemed secondary", "Academy converter", "secondary", "converter"),
        ("Not applicable", "Academy special sponsor led", "special", "sponsor led"),
        ("Not applicable", "Free schools alternative provision", "alternative provision",
         "free school"),
        ("16 plus", "Academy 16-19 converter", "16 plus", "converter"),
        ("All-through", "Free schools", "all-through", "free school"),
        ("All Through", "Academy Sponsor Led", "all-through", "sponsor led"),
        ("Secondary", "University technical college", "secondary", "other"),
        ("Not applicable", "Something new", "", "other"),
    ],
)  # fmt: skip
def test_phase_and_type_take_the_trust_tables_words(
    phase: str, type_: str, ours: str, how: str
) -> None:
    assert phases(pd.Series([phase]), pd.Series([type_])).tolist() == [ours]
    assert school_types(pd.Series([type_])).tolist() == [how]


def _record(urn: int, **more: object) -> dict[str, object]:
    return {
        "URN": urn, "EstablishmentName": f"School {urn}",
        "TypeOfEstablishment (name)": "Academy converter", "EstablishmentStatus (name)": "Open",
        "PhaseOfEducation (name)": "Primary", "OpenDate": "01-09-2014",
    } | more  # fmt: skip


def test_the_national_record_is_read_with_its_code_columns_and_without_ofsted(
    tmp_path: Path,
) -> None:
    """Grid reference of the Ordnance Survey test point TP05, near Southampton."""
    record = _record(900101, NumberOfPupils="210", PercentageFSM="12.5", Easting="438711",
                     Northing="114792", LastChangedDate="02-11-2026")  # fmt: skip
    write_csv(tmp_path / "all.csv", ALL_DATA, rows_of(ALL_DATA, [record, _record(900102)], ""))

    table, used = establishments([only(tmp_path, kinds.ESTABLISHMENTS)],
                                 frozenset({900101, 900102}))  # fmt: skip

    assert len(used) == 1
    school = table.loc[900101]
    assert school["opened"] == pd.Timestamp("2014-09-01")
    assert (school["pupils"], school["fsm_percent"]) == (210, 12.5)
    assert school["latitude"] == pytest.approx(50.93128, abs=1e-4)
    assert school["longitude"] == pytest.approx(-1.45051, abs=1e-4)
    bare = table.loc[900102]
    assert bare[["pupils", "fsm_percent", "latitude", "longitude"]].isna().all()


def test_each_value_comes_from_the_first_file_that_has_it(tmp_path: Path) -> None:
    new = [_record(900101, NumberOfPupils="300")]
    old = [_record(900101, NumberOfPupils="210", PercentageFSM="12.5"), _record(900102)]
    write_csv(tmp_path / "all20261101.csv", ALL_DATA, rows_of(ALL_DATA, new, ""))
    write_csv(tmp_path / "all20200101.csv", ALL_DATA, rows_of(ALL_DATA, old, ""))

    table, used = establishments(find(tmp_path).of(kinds.ESTABLISHMENTS),
                                 frozenset({900101, 900102}))  # fmt: skip

    assert table.loc[900101, "pupils"] == 300
    assert table.loc[900101, "fsm_percent"] == 12.5
    assert [file.path.name for file in used] == ["all20261101.csv", "all20200101.csv"]


def test_groups_give_the_incorporation_date_in_their_own_format(tmp_path: Path) -> None:
    header = ("Group UID", "Group Name", "Group Type", "Group Status", "Open date",
              "Incorporated on (open date)", "Closed Date")  # fmt: skip
    row = ["70", "Alder Trust", "Multi-academy trust", "Open", "", "05/04/2011", ""]
    write_csv(tmp_path / "groups.csv", header, [row])

    [group] = groups(only(tmp_path, kinds.GROUPS)).to_dict("records")

    assert group["uid"] == 70
    assert group["incorporated"] == pd.Timestamp("2011-04-05")


def test_urn_links_keep_blank_and_future_dates_apart(tmp_path: Path) -> None:
    header = ("URN", "LinkURN", "LinkName", "LinkType", "LinkEstablishedDate")
    rows = [
        ["900101", "800101", "Old", "Predecessor", ""],
        ["900102", "800102", "Old", "Predecessor", "01-09-2030"],
    ]
    write_csv(tmp_path / "l.csv", header, rows)

    links = urn_links(only(tmp_path, kinds.URN_LINKS))

    assert links["linked_urn"].tolist() == [800101, 800102]
    assert links["date"].isna().tolist() == [True, False]


def test_coordinates_off_the_map_are_not_taken(tmp_path: Path) -> None:
    write_csv(tmp_path / "c.csv", ("URN", "Latitude", "Longitude"),
              [["900101", "53.6", "1.3"], ["900102", "0", "0"], ["900103", "", ""]])  # fmt: skip

    table = coordinates(only(tmp_path, kinds.COORDINATES), frozenset({900101, 900102, 900103}))

    assert table.index.tolist() == [900101]
