"""The schools of England that an import leaves with a trust."""

from __future__ import annotations

import datetime as dt
import json
from pathlib import Path

import pandas as pd
import pytest

from tests.trust.published.synthetic import link, write_csv, write_links
from workbench.errors import BadInput
from workbench.trust.intake import check_folder
from workbench.trust.published import import_trust
from workbench.trust.published.england import SIDECAR, TABLE, england_schools, read_england
from workbench.trust.published.facts import Log
from workbench.trust.published.files import find

UID = 70
AS_OF = dt.date(2026, 11, 1)
CENSUS = ("URN", "LA", "SCHOOLTYPE", "NOR", "PSENELSE", "PSENELK", "PNUMEAL", "NUMFSM")
INFORMATION = ("URN", "LANAME", "SCHNAME", "SCHSTATUS", "MINORGROUP", "SCHOOLTYPE", "ISPRIMARY",
               "ISSECONDARY", "AGEHIGH", "ADMPOL", "OFSTEDRATING", "OFSTEDLASTINSP")  # fmt: skip


@pytest.fixture
def published(tmp_path: Path) -> Path:
    folder = tmp_path / "published"
    write_links(folder / "links20261101.csv",
                [link(900101, UID, "01-09-2014"), link(900201, 71, "01-09-2014")])  # fmt: skip
    census = [
        ["900101", "201", "State-funded primary", "200", "2.6%", "16.7%", "58.9%", "50"],
        ["900102", "201", "State-funded secondary", "900", "1%", "11.4%", "SUPP", "90"],
        ["900103", "201", "Independent school", "500", "0%", "9%", "1%", "0"],
        ["900104", "201", "State-funded special school", "80", "98%", "0%", "9%", "40"],
    ]
    write_csv(folder / "2025-2026" / "census.csv", CENSUS, census)
    before = [["900102", "201", "State-funded secondary", "890", "1%", "11%", "12%", "80"]]
    write_csv(folder / "2024-2025" / "census.csv", CENSUS, before)
    late = [["900101", "201", "State-funded primary", "999", "1%", "1%", "1%", "1"]]
    write_csv(folder / "2027-2028" / "census.csv", CENSUS, late)
    information = [
        ["900102", "Camden", "B School", "Open", "Maintained school", "Community school", "0", "1",
         "18", "Selective", "Good", "01-02-2024"],
        ["900105", "Camden", "E Middle", "Open", "Maintained school", "Community school", "1", "1",
         "13", "Non-selective", "Good", "01-02-2024"],
        ["900106", "Camden", "F College", "Open", "College", "Further education", "0", "0",
         "99", "", "Good", "01-02-2024"],
        ["900107", "Camden", "G Closed", "Closed", "Maintained school", "Community school", "1",
         "0", "11", "Not applicable", "Good", "01-02-2020"],
        ["900108", "Camden", "H Through", "Open", "Academy", "Free schools", "1", "1", "18", "",
         "Good", "01-02-2024"],
    ]  # fmt: skip
    write_csv(folder / "information.csv", INFORMATION, information)
    write_csv(folder / "places.csv", ("URN", "Latitude", "Longitude"), [["900101", "53", "-1"]])
    return folder


def _panel(folder: Path) -> pd.DataFrame:
    return england_schools(find(folder), AS_OF, Log()).set_index("urn")


def _of(panel: pd.DataFrame, urn: int, *names: str) -> list[object]:
    return [panel[name].to_dict()[urn] for name in names]


def test_state_funded_schools_only_each_with_its_phase(published: Path) -> None:
    panel = _panel(published)

    assert panel["phase"].to_dict() == {
        900101: "primary", 900102: "secondary", 900104: "special", 900105: "secondary",
        900108: "all-through", 900201: "primary",
    }  # fmt: skip
    assert _of(panel, 900102, "name", "local_authority", "selective") == [
        "B School", "Camden", True,
    ]  # fmt: skip
    assert panel["selective"].isna()[900108]
    assert _of(panel, 900101, "trust_uid", "latitude") == [UID, 53.0]


def test_the_newest_number_up_to_the_day_stands_with_its_year(published: Path) -> None:
    panel = _panel(published)

    assert _of(panel, 900101, "pupils", "pupils_period") == [200.0, "2025/26"]
    # The newer year is suppressed, so the older one speaks and says so.
    assert _of(panel, 900102, "eal_percent", "eal_percent_period") == [12.0, "2024/25"]
    assert panel.loc[900102, "pupils"] == 900.0
    assert panel.loc[900101, "fsm_percent"] == 25.0
    assert panel["pupils"].isna()[900108]


def test_an_import_writes_it_with_its_sources_and_the_intake_leaves_it_alone(
    published: Path, tmp_path: Path
) -> None:
    result = import_trust(UID, published, tmp_path / "trust")

    schools, as_of = read_england(result.target)
    pd.testing.assert_frame_equal(schools.set_index("urn"), _panel(published))
    assert (as_of, result.england) == (AS_OF, len(schools))
    about = json.loads((result.target / SIDECAR).read_text("utf-8"))
    assert about["rows"] == len(schools)
    assert {source["path"] for source in about["sources"]} == {
        "links20261101.csv", "2025-2026/census.csv", "2024-2025/census.csv",
        "2027-2028/census.csv", "information.csv", "places.csv",
    }  # fmt: skip
    assert all(len(source["sha256"]) == 64 for source in about["sources"])
    assert check_folder(result.target).faults == ()


def test_a_second_import_gives_the_same_bytes_and_keeps_what_the_owner_put_beside(
    published: Path, tmp_path: Path
) -> None:
    target = tmp_path / "trust"
    import_trust(UID, published, target)
    first = [(target / name).read_bytes() for name in (TABLE, SIDECAR)]
    (target / "reference" / "own.txt").write_text("mine")

    import_trust(UID, published, target)

    assert [(target / name).read_bytes() for name in (TABLE, SIDECAR)] == first
    assert (target / "reference" / "own.txt").read_text() == "mine"


def test_a_reference_table_changed_by_hand_is_not_written_over(
    published: Path, tmp_path: Path
) -> None:
    target = tmp_path / "trust"
    import_trust(UID, published, target)
    (target / TABLE).write_bytes(b"mine")

    with pytest.raises(BadInput, match=r"england_schools\.parquet in .* changed"):
        import_trust(UID, published, target)


def test_membership_alone_gives_a_panel_without_numbers(tmp_path: Path) -> None:
    write_links(tmp_path / "in" / "links20261101.csv", [link(900101, UID, "01-09-2014")])

    panel = _panel(tmp_path / "in")

    assert panel["phase"].tolist() == ["primary"]
    assert panel["pupils"].isna().all()
    assert panel["progress_8_period"].isna().all()


def test_all_of_england_is_there_once(england: Path) -> None:
    """The census of January 2021 lists 22,050 schools that are not independent, by its own words.

    Counted from its text: 24,416 rows less 2,366 independent schools.
    """
    found = find(england)
    panel = england_schools(found, dt.date(2022, 9, 15), Log())

    assert panel["urn"].is_unique
    counted = panel["pupils"].notna().sum()
    assert counted == pytest.approx(24_416 - 2_366, rel=0.005)
    assert panel["trust_uid"].notna().sum() == 8992  # as in the group links of September 2022
    # England has 163 grammar schools (House of Commons Library, "Grammar schools in England"); one
    # that became an academy in 2021 stands under both of its URNs.
    assert panel.loc[panel["phase"].eq("secondary"), "selective"].eq(True).sum() == 164
    by_urn = panel.set_index("urn")
    own = by_urn.loc[100000]  # a line of the census: 270 pupils, 37 with free school meals
    assert own["pupils"] == 270.0
    assert own["fsm_percent"] == round(100 * 37 / 270, 1)
