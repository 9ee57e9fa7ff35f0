"""A trust's folder from published files: whole, without faults, and never over anybody's work."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from pathlib import Path

import pandas as pd
import pytest

from tests.trust.published.synthetic import (
    ALL_DATA,
    EARLY,
    card,
    link,
    oeif,
    rows_of,
    write_csv,
    write_links,
    write_report_cards,
    write_xlsx,
)
from workbench.errors import BadInput
from workbench.trust.intake import check_folder
from workbench.trust.load import read_trust
from workbench.trust.published import import_trust

UID = 70
SCHOOLS = (900101, 900102, 900103)


@pytest.fixture
def published(tmp_path: Path) -> Path:
    """Files as published late in 2026 about one trust of three schools, and a second trust."""
    folder = tmp_path / "published"
    write_links(
        folder / "gias" / "links20261101.csv",
        [
            link(900101, UID, "01-09-2014", EstablishmentName="St Anne\u2019s  School"),
            link(900102, UID, "01-01-2019", **{"PhaseOfEducation (name)": "Secondary"}),
            link(900103, UID, "01-09-2026"),
            link(900104, UID, "01-01-2027"),
            link(900201, 7012, "01-09-2014", **{"Group Name": "Birch Trust"}),
        ],
    )
    write_links(folder / "gias" / "links20200915.csv", [link(900101, UID, "01-09-2014")])
    records = [
        {
            "URN": urn, "EstablishmentName": f"School {urn}", "OpenDate": "01-09-2012",
            "TypeOfEstablishment (name)": "Academy converter", "EstablishmentStatus (name)": "Open",
            "PhaseOfEducation (name)": "Primary", "Easting": "438711", "Northing": "114792",
            "NumberOfPupils": pupils, "LastChangedDate": "30-10-2026",
        }
        for urn, pupils in zip(SCHOOLS, ("210", "900", ""), strict=True)
    ]  # fmt: skip
    write_csv(folder / "all.csv", ALL_DATA, rows_of(ALL_DATA, records, ""))
    write_report_cards(
        folder / "mi_as_at_31_Oct_2026.csv",
        [
            card(900101, "12/01/2026") | oeif(900101, "02/02/2020", "2"),
            card(900102, "NULL", "NULL", **{"Safeguarding standards": "NULL"})
            | oeif(900102, "03/04/2025", "Not judged"),
            oeif(900103, "05/05/2022", "3", **{
                "Does the latest OEIF graded inspection relate to the URN of the current school?":
                    "No",
                "URN at time of latest OEIF graded inspection": 800103,
            }),
        ],
    )  # fmt: skip
    early = [{"URN": 900101, "Latest inspection date": dt.date(2014, 3, 28),
              "Overall effectiveness: how good is the school": "3"}]  # fmt: skip
    write_xlsx(folder / "31_December_2014.xlsx",
               {"Provider Level Data": [EARLY, *rows_of(EARLY, early, "")]})  # fmt: skip
    absence = [["936", "1", "900101", "6.1", "SUPP"], ["NAT", "PRI", "", "6.6", "18.5"]]
    header = ("LA", "ESTAB", "URN", "PERCTOT", "PPERSABS10")
    write_csv(folder / "2025-2026" / "abs.csv", header, absence)
    write_csv(folder / "menu.csv", ("day", "dish"), [["Monday", "pie"]])
    return folder


def digests(folder: Path) -> dict[str, str]:
    return {
        path.relative_to(folder).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


def test_the_folder_passes_every_check_and_holds_both_eras(published: Path, tmp_path: Path) -> None:
    result = import_trust(UID, published, tmp_path / "trust")

    assert check_folder(result.target).faults == ()
    trust = read_trust(result.target)
    assert (trust.uid, trust.name, trust.as_of) == (UID, "Alder\u2019s Trust", dt.date(2026, 11, 1))
    assert trust.schools["urn"].tolist() == list(SCHOOLS)
    assert trust.schools["name"].tolist()[0] == "St Anne\u2019s School"
    assert trust.schools["phase"].tolist() == ["primary", "secondary", "primary"]
    assert trust.inspections_report_card["urn"].tolist() == [900101]
    older = trust.inspections_oeif
    assert older["urn"].tolist() == [900101, 900101, 900102, 900103]
    assert older["overall"].isna().tolist() == [False, False, True, False]
    assert older["urn_at_inspection"].dropna().tolist() == [800103]
    statistics = trust.school_statistics.set_index("measure")
    assert statistics.loc["absence_percent", "value"] == 6.1
    assert statistics.loc["persistent_absence_percent", "marker"] == "SUPP"
    assert statistics["period"].unique().tolist() == ["2025/26"]


def test_what_was_used_and_what_was_not_found_is_said(published: Path, tmp_path: Path) -> None:
    result = import_trust(UID, published, tmp_path / "trust")

    assert "pupils of 1 of 3 schools: 900103" in result.missing
    assert "a grade under the present URN of 1 of 3 schools: 900103" in result.missing
    assert any(line.startswith("no file of: School census") for line in result.missing)
    assert result.passed_over == ("gias/links20200915.csv",)
    assert result.unknown == ("menu.csv",)
    assert "school 900104 left out: it joins after 2026-11-01: 1" in result.notes
    assert "gias/links20261101.csv" in str(result)


def test_a_sidecar_stands_for_every_source_used(published: Path, tmp_path: Path) -> None:
    result = import_trust(UID, published, tmp_path / "trust")

    sidecars = [json.loads(path.read_text("utf-8"))
                for path in sorted((result.target / "sources").iterdir())]  # fmt: skip
    assert {sidecar["kind"] for sidecar in sidecars} == {
        "gias_group_links", "gias_establishments", "ofsted_report_cards",
        "ofsted_management_information_to_2015", "school_absence",
    }  # fmt: skip
    links = next(sidecar for sidecar in sidecars if sidecar["kind"] == "gias_group_links")
    source = published / links["path"]
    assert links["sha256"] == hashlib.sha256(source.read_bytes()).hexdigest()
    assert (links["rows"], links["snapshot"]) == (5, "2026-11-01")
    assert (links["licence"], links["producer"]) == (
        "Open Government Licence v3.0", "Department for Education",
    )  # fmt: skip
    assert not any(str(tmp_path) in path.read_text("utf-8")
                   for path in (result.target / "sources").iterdir())  # fmt: skip


def test_a_second_import_gives_the_same_bytes_and_keeps_the_owners_tables(
    published: Path, tmp_path: Path
) -> None:
    target = tmp_path / "trust"
    import_trust(UID, published, target)
    first = digests(target)
    (target / "returns.csv").write_text("urn,return_name,due,received,on_template\n")

    import_trust(UID, published, target)

    again = digests(target)
    assert again.pop("returns.csv") is not None
    assert again == first
    assert sorted(path.name for path in tmp_path.iterdir()) == ["published", "trust"]


def test_a_folder_that_is_not_an_import_is_never_written_over(
    published: Path, tmp_path: Path
) -> None:
    target = tmp_path / "mine"
    target.mkdir()
    (target / "schools.csv").write_text("urn\n")

    with pytest.raises(BadInput, match="is not empty and holds no earlier import"):
        import_trust(UID, published, target)
    assert digests(target).keys() == {"schools.csv"}

    import_trust(UID, published, target, force=True)
    assert check_folder(target).faults == ()


def test_tables_filled_in_by_hand_since_the_import_are_not_lost(
    published: Path, tmp_path: Path
) -> None:
    target = tmp_path / "trust"
    import_trust(UID, published, target)
    table = target / "trust.csv"
    table.write_text(table.read_text("utf-8").replace(",,", ",250000,"), encoding="utf-8")
    before = digests(target)

    with pytest.raises(BadInput, match=r"trust\.csv in .* changed since the last import"):
        import_trust(UID, published, target)
    assert digests(target) == before


def test_a_failed_write_leaves_the_earlier_folder_as_it_was(
    published: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    target = tmp_path / "trust"
    import_trust(UID, published, target)
    before = digests(target)

    def full(*_: object) -> None:
        raise OSError("no space left on device")

    monkeypatch.setattr("workbench.trust.published.writing.write_seal", full)
    with pytest.raises(OSError, match="no space left"):
        import_trust(UID, published, target)

    assert digests(target) == before
    assert sorted(path.name for path in tmp_path.iterdir()) == ["published", "trust"]


def test_an_unknown_uid_is_answered_with_the_nearest(published: Path, tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="no open multi-academy trust with UID 701") as refused:
        import_trust(701, published, tmp_path / "trust")

    assert "7012 Birch Trust" in str(refused.value.mend)
    assert not (tmp_path / "trust").exists()


def test_without_group_links_the_kinds_found_and_not_found_are_listed(
    published: Path, tmp_path: Path
) -> None:
    for path in (published / "gias").iterdir():
        path.unlink()

    with pytest.raises(BadInput, match="no GIAS group links") as refused:
        import_trust(UID, published, tmp_path / "trust")

    found, lacking = str(refused.value.where).split("not found:")
    assert "GIAS establishments" in found
    assert "School census" in lacking


def test_membership_alone_makes_a_sound_folder(tmp_path: Path) -> None:
    write_links(tmp_path / "in" / "links20261101.csv", [link(900101, UID, "01-09-2014")])

    result = import_trust(UID, tmp_path / "in", tmp_path / "trust")

    assert check_folder(result.target).faults == ()
    assert dict(result.rows) == {"trust": 1, "schools": 1}
    assert read_trust(result.target).schools["opened"].isna().all()


def test_inspections_after_the_membership_day_are_left_out(published: Path, tmp_path: Path) -> None:
    (published / "gias" / "links20261101.csv").unlink()

    result = import_trust(UID, published, tmp_path / "trust")

    assert result.as_of == dt.date(2020, 9, 15)
    trust = read_trust(result.target)
    assert trust.inspections_report_card.empty
    assert trust.inspections_oeif["inspection_date"].max() == pd.Timestamp("2020-02-02")
    assert trust.school_statistics.empty


def test_pupils_of_a_later_day_are_noted_and_places_are_not(
    published: Path, tmp_path: Path
) -> None:
    (published / "gias" / "links20261101.csv").unlink()

    result = import_trust(UID, published, tmp_path / "trust")

    assert result.as_of == dt.date(2020, 9, 15)
    school = read_trust(result.target).schools.iloc[0]
    assert school["pupils"] == 210
    assert school["latitude"] == pytest.approx(50.9, abs=0.1)
    later = [note for note in result.notes if "taken from a snapshot" in note]
    assert later == [
        "all.csv: pupils taken from a snapshot of 2026-10-30, after 2020-09-15; schools: 1"
    ]


def test_pupils_of_the_day_are_not_noted(published: Path, tmp_path: Path) -> None:
    result = import_trust(UID, published, tmp_path / "trust")

    assert not [note for note in result.notes if "taken from a snapshot" in note]
