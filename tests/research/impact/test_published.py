"""England's schools as a table for impact: followed through URNs, dated by their first trust."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.research.history.published import (
    write_academies,
    write_history,
    write_snapshot,
    write_urn_links,
)
from tests.trust.published.synthetic import write_csv
from workbench import paths
from workbench.errors import BadInput
from workbench.research.impact.panel import impact_panel
from workbench.research.impact.published import published_table

ABSENCE = ("LA", "ESTAB", "URN", "PERCTOT", "PPERSABS10")
CENSUS = ("URN", "SCHOOLTYPE", "NOR", "NUMFSM", "PNUMFSMEVER", "PNUMEAL", "PSENELK", "PSENELSE")


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """School 1 becomes 101 in trust 70 in March 2019; 2 has long been in it; 3 and 4 never are."""
    monkeypatch.setattr(paths, "outputs", lambda: tmp_path / "outputs")
    source = tmp_path / "published"
    (source / "2018").mkdir(parents=True)
    (source / "2019").mkdir()
    write_history(source)
    write_snapshot(source, "20180902", [(2, 70, "01-04-2015")])
    write_snapshot(source, "20190917", [(2, 70, "01-04-2015"), (101, 70, "01-03-2019")])
    write_academies(source, "20191231", [
        (2, "Academy converter", "01-04-2015"), (101, "Academy converter", "01-03-2019"),
    ])  # fmt: skip
    write_urn_links(source, "20200110", [
        (101, 1, "Predecessor", "01-03-2019"), (1, 101, "Successor", "01-03-2019"),
    ])  # fmt: skip
    write_csv(source / "2018" / "england_abs.csv", ABSENCE, [
        (201, 1, 1, "4.0", "9"), (201, 2, 2, "5.0", "9"), (201, 3, 3, "6.0", "9"),
        (201, 4, 4, "SUPP", "SUPP"), (201, 5, 5, "1.0", "9"),
    ])  # fmt: skip
    write_csv(source / "2019" / "england_abs.csv", ABSENCE, [
        (201, 1, 101, "4.5", "9"), (201, 2, 2, "5.5", "9"), (201, 3, 3, "6.5", "9"),
        (201, 4, 4, "7.0", "9"), (201, 5, 5, "1.0", "9"),
    ])  # fmt: skip
    write_csv(source / "2019" / "england_census.csv", CENSUS, [
        (urn, kind, 200, 20, 10, 5, 10, 2)
        for urn, kind in ((2, "State-funded primary"), (3, "State-funded primary"),
                          (4, "State-funded primary"), (5, "Independent school"))
    ])  # fmt: skip
    return source


def test_a_school_is_followed_through_its_new_urn(folder: Path) -> None:
    read = published_table(folder, "absence_percent")
    rows = read.table.set_index(["urn", "period"])
    assert rows.loc[(1, 2017), "outcome"] == 4.0
    assert rows.loc[(1, 2018), "outcome"] == 4.5
    assert rows.loc[(1, 2017), "joined_period"] == 2018, "March 2019 lies in 2018/19"
    assert rows.loc[(2, 2017), "joined_period"] == 2014
    assert rows.loc[(1, 2017), "trust_uid"] == 70
    assert read.table.query("urn == 3")["joined_period"].isna().all()
    assert set(read.table["group"]) == {"primary"}


def test_a_marker_is_no_number_and_an_independent_school_no_comparison(folder: Path) -> None:
    read = published_table(folder, "absence_percent")
    assert (4, 2017) not in read.table.set_index(["urn", "period"]).index
    assert 5 not in set(read.table["urn"])
    assert read.notes["school left out: not known as state-funded"] == 1
    assert len(read.files) == 2
    panel = impact_panel(read.table)
    assert panel.left_out["supported from the first period on"] == 1
    assert panel.urn.tolist() == [1, 3, 4]


def test_one_year_alone_is_refused(folder: Path) -> None:
    (folder / "2019" / "england_abs.csv").unlink()
    with pytest.raises(BadInput, match="published for 1 years"):
        published_table(folder, "absence_percent")
