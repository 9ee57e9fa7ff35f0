"""England's visits as the multi-state model reads them, from small files as published."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pandas as pd
import pytest

from tests.growth.settings import declared_model
from workbench.errors import BadInput
from workbench.research.calibration_data import COVARIATES, calibration_data

BANDS = declared_model().start_bands
UNTIL = dt.date(2018, 7, 31)

HISTORY = """URN,Rating,Inspection Date
900001,Good,20180510
900001,Requires Improvement,20150610
900001,Satisfactory,20100301
900002,Inadequate,20140106
900003,Outstanding,20130501
900003,Inadequate,20190206
900003,Good,20200114
900004,Good,20130115
"""
LINKS = """URN,Linked UID,Group Name,Group Type,Group Status,Joined date,EstablishmentName,\
TypeOfEstablishment (name),PhaseOfEducation (name)
900001,5001,A Trust,Multi-academy trust,Open,01-09-2015,One,Academy converter,Secondary
900003,5001,A Trust,Multi-academy trust,Open,01-09-2019,Three,Academy converter,Primary
"""
ACADEMIES = """URN,EstablishmentName,TypeOfEstablishment (name),EstablishmentStatus (name),\
PhaseOfEducation (name),OpenDate
900001,One,Academy sponsor led,Open,Secondary,01-09-2009
900003,Three,Academy converter,Open,Primary,01-09-2012
900004,Four,Academy converter,Open,Primary,01-09-2014
"""


@pytest.fixture(scope="module")
def published(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("published")
    (folder / "history.csv").write_text(HISTORY, encoding="utf-8")
    (folder / "grouplinks_20190917.csv").write_text(LINKS, encoding="utf-8")
    (folder / "academies_20191231.csv").write_text(ACADEMIES, encoding="utf-8")
    return folder


def test_grades_of_a_school_stand_with_what_was_known_then(published: Path) -> None:
    data = calibration_data(published, BANDS, until=UNTIL)
    one = data.visits[data.visits["urn"].eq(900001)].set_index("date")
    assert one["band"].dropna().to_dict() == {
        pd.Timestamp("2015-06-10"): 1.0,
        pd.Timestamp("2018-05-10"): 2.0,
    }
    assert one["newly_joined"].to_dict() == {
        pd.Timestamp("2015-06-10"): 0.0,
        pd.Timestamp("2015-09-01"): 1.0,
        pd.Timestamp("2016-09-01"): 1.0,
        pd.Timestamp("2018-05-10"): 1.0,
    }
    assert one["before_regime"].tolist() == [1.0, 1.0, 0.0, 0.0]
    assert one["sponsor_led"].eq(1.0).all()
    assert one["secondary"].eq(1.0).all()


def test_nothing_after_the_last_day_is_known(published: Path) -> None:
    data = calibration_data(published, BANDS, until=UNTIL)
    assert data.visits["date"].max() <= pd.Timestamp(UNTIL)
    three = data.visits[data.visits["urn"].eq(900003)]
    assert three["band"].dropna().tolist() == [3.0]
    assert three["newly_joined"].eq(0.0).all()
    # Held against the forecast is the next grade, whatever was found after it.
    assert data.later.to_numpy().tolist() == [[900003, pd.Timestamp("2019-02-06"), 0.0]]


def test_a_school_that_moves_later_counts_in_its_trust_of_the_time(tmp_path: Path) -> None:
    """The first school moves alone to another trust in January 2019; the third stays behind."""
    header, first, third = LINKS.splitlines()
    third = third.replace("01-09-2019", "01-09-2014")
    moved = first.replace("5001,A Trust", "5002,B Trust").replace("01-09-2015", "01-01-2019")
    (tmp_path / "history.csv").write_text(HISTORY, encoding="utf-8")
    (tmp_path / "academies_20191231.csv").write_text(ACADEMIES, encoding="utf-8")
    for day, one in (("20170917", "900009" + third[6:]), ("20180917", first), ("20220917", moved)):
        text = "\n".join([header, one, third])
        (tmp_path / f"grouplinks_{day}.csv").write_text(text, encoding="utf-8")

    then = calibration_data(tmp_path, BANDS, until=UNTIL)
    newly = then.visits[then.visits["urn"].eq(900001)].set_index("date")["newly_joined"]
    assert then.schools.loc[[900001, 900003], "trust_size"].tolist() == [1.0, 1.0]
    assert newly[newly.eq(1.0)].index.min() == pd.Timestamp("2015-09-01")
    assert "grouplinks_20180917.csv" in then.files

    # Told of everything, it is in the trust that the latest list has it in, and alone there.
    now = calibration_data(tmp_path, BANDS)
    assert now.schools.loc[[900001, 900003], "trust_size"].tolist() == [0.0, 0.0]


def test_a_grade_from_before_the_school_opened_is_not_its_own(published: Path) -> None:
    data = calibration_data(published, BANDS, until=UNTIL)
    assert 900004 not in set(data.visits["urn"])
    assert sum(count for what, count in data.notes.items() if "predecessor" in what) == 1


def test_a_closed_school_that_nothing_describes_still_counts(published: Path) -> None:
    """Leaving such schools out would leave out those that did not recover."""
    data = calibration_data(published, BANDS, until=UNTIL)
    two = data.visits[data.visits["urn"].eq(900002)]
    assert two["band"].dropna().tolist() == [0.0]
    assert not data.visits[list(COVARIATES)].isna().to_numpy().any()


@pytest.mark.parametrize("until", [None, UNTIL])
def test_later_grades_that_end_before_they_begin_are_refused(
    published: Path, until: dt.date | None
) -> None:
    with pytest.raises(BadInput, match="cannot be held against"):
        calibration_data(published, BANDS, until=until, check_to=UNTIL)


def test_a_folder_without_grades_in_time_is_refused(published: Path) -> None:
    with pytest.raises(BadInput, match="no school was graded"):
        calibration_data(published, BANDS, until=dt.date(2012, 9, 30))
