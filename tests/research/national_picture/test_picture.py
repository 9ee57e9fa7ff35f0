"""The picture counts what its tables hold, keeps it tidy, and is the same on every machine."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pandas as pd
import pytest

from tests.research.national_picture.conftest import JOINERS, REPLICATES, SEED
from workbench.errors import BadInput
from workbench.parameters.golden_rule import load_golden_rule
from workbench.parameters.research import load_research
from workbench.pillars.national import golden_rule_national
from workbench.research.kept_tables import ABOUT, DICTIONARY
from workbench.research.national_picture.country import Country, with_standing
from workbench.research.national_picture.dictionary import COLUMNS, TABLES, data_dictionary
from workbench.research.national_picture.keep import keep_picture, tables_of
from workbench.research.national_picture.made_up import made_up_country
from workbench.research.national_picture.picture import (
    NationalPicture,
    country_from,
    national_picture,
)
from workbench.research.national_picture.reach import (
    ALL,
    GROUPS,
    HELD,
    OUTSIDE,
    UNHELD,
    WHERE,
    weak_schools,
)


def test_every_trust_is_there_once_with_the_verdict_of_the_golden_rule(
    picture: NationalPicture, country: Country
) -> None:
    rule = load_golden_rule()
    verdicts = golden_rule_national(
        country.membership, country.judgements, {"article": rule.policy("article")},
        as_of=country.as_of, minimum_schools=1,
    )  # fmt: skip
    assert picture.trusts["trust_uid"].tolist() == list(country.trusts)
    assert picture.trusts["golden_rule"].tolist() == verdicts["verdict"].tolist()
    sizes = country.schools["trust_uid"].value_counts().sort_index()
    assert picture.trusts["schools"].tolist() == sizes.tolist()
    stages = picture.trusts[["primary", "secondary", "special"]].sum(axis=1)
    assert stages.tolist() == sizes.tolist()


def test_leads_are_asked_for_beyond_one_executives_span_only(picture: NationalPicture) -> None:
    # An executive secures 4.5 schools, a lead 5.5 (the article): 25 schools ask for 4.5 leads.
    asked = picture.trusts.set_index("schools")["leads_asked"].to_dict()
    expected = {1: 0, 2: 0, 4: 0, 7: 2, 13: 3, 25: 5}
    assert asked == {size: expected[int(str(size))] for size in asked}
    assert len(asked) >= 4


def test_weak_schools_are_parted_by_where_they_are(
    picture: NationalPicture, country: Country
) -> None:
    weak = picture.weak
    holds = picture.trusts.set_index("trust_uid")["holds"]
    poor = country.judgements["overall"].isin(["requires improvement", "inadequate"])
    assert weak["urn"].tolist() == sorted(country.judgements.loc[poor, "urn"])
    assert set(weak["where"]) == set(WHERE)
    for row in weak.to_dict("records"):
        if pd.isna(row["trust_uid"]):
            assert row["where"] == OUTSIDE
        else:
            assert row["where"] == (HELD if holds[row["trust_uid"]] else UNHELD)
    assert picture.unrated == len(country.schools) - len(country.judgements)


def test_reach_adds_up_by_region_and_its_least_is_within_its_most(
    picture: NationalPicture,
) -> None:
    reach = picture.reach
    counts = ["weak", "placed", "within", "within_low", "within_high"]
    whole = reach[reach["region"] == ALL].set_index(["where", "minutes"])[counts]
    parts = reach[reach["region"] != ALL].groupby(["where", "minutes"])[counts].sum()
    pd.testing.assert_frame_equal(whole.sort_index(), parts.sort_index())
    assert (reach["within_low"] <= reach["within"]).all()
    assert (reach["within"] <= reach["within_high"]).all()
    assert (reach["within_high"] <= reach["placed"]).all()
    assert whole["weak"].groupby("where").first().sum() == len(picture.weak)
    by_minutes = whole["within"].unstack("minutes")
    assert (by_minutes.diff(axis=1).iloc[:, 1:] >= 0).all(axis=None)


def test_a_trust_within_reach_is_one_with_sure_room(picture: NationalPicture) -> None:
    joined = picture.weak.dropna(subset=["could_join"])
    room = picture.trusts.set_index("trust_uid")["room_sure"]
    assert len(joined) > 0
    taken = joined["could_join"].value_counts().reindex(room.index).fillna(0)
    assert (taken <= room).all()
    assert (joined["could_join"] != joined["trust_uid"]).all()
    assert (joined["trusts_far"] > 0).all()
    assert (joined["could_join_minutes"] <= picture.minutes[2]).all()
    near = joined["could_join_minutes"] <= picture.minutes[0]
    assert (joined.loc[near, "trusts_near"] > 0).all()
    assert joined["why_not"].isna().all()
    assert picture.weak.loc[picture.weak["could_join"].isna(), "why_not"].notna().all()


def test_placements_account_for_every_school_that_looks_for_a_trust(
    picture: NationalPicture,
) -> None:
    table, rules = picture.placements, load_research().national
    assert set(table["group"]) == set(GROUPS)
    assert set(table["tolerance"]) == {
        picture.tolerance, rules.strict_tolerance.value, rules.lax_tolerance.value
    }  # fmt: skip
    known = table["joined"] + table["none_in_reach"] + table["taken"]
    assert (known == table["placed"]).all()
    assert (table["joined"] <= table["room"]).all()
    looked = table.groupby("group")["schools"].first()
    outside = (picture.weak["where"] == OUTSIDE).sum()
    unheld = (picture.weak["where"] == UNHELD).sum()
    assert looked[list(GROUPS)].tolist() == [outside, outside + unheld]


def test_a_school_whose_place_is_not_known_is_not_counted_as_without_a_trust(
    country: Country,
) -> None:
    schools = country.schools.copy()
    policy = load_golden_rule().policy("article")
    weak = with_standing(country, policy)
    lost = weak.loc[weak["weak"], "urn"].iloc[0]
    schools.loc[schools["urn"] == lost, ["latitude", "longitude"]] = float("nan")
    picture = national_picture(
        replace(country, schools=schools), joiners=1, replicates=20, threads=1
    )
    row = picture.weak.set_index("urn").loc[lost]
    assert not row["placed"]
    assert pd.isna(row["trusts_far"])  # not known, and so not 0
    assert row["why_not"] in {"no place known", "its trust holds the golden rule"}


def test_unrated_schools_are_neither_weak_nor_sound(country: Country) -> None:
    schools = with_standing(country, load_golden_rule().policy("article"))
    unrated = schools[~schools["rated"]]
    assert len(unrated) > 10
    assert unrated["weight"].isna().all()
    assert not unrated["weak"].any()
    trusts = pd.DataFrame({"trust_uid": list(country.trusts), "holds": True})
    assert not set(weak_schools(schools, trusts)["urn"]) & set(unrated["urn"])


def test_every_column_that_is_kept_is_in_the_data_dictionary(picture: NationalPicture) -> None:
    assert set(TABLES) == set(COLUMNS)
    whole = {
        "trusts": picture.trusts, "curves": picture.curves, "weak_schools": picture.weak,
        "reach": picture.reach, "placements": picture.placements,
    }  # fmt: skip
    for name, table in whole.items():
        assert list(COLUMNS[name]) == list(table.columns)
    assert all(data_dictionary()["meaning"])
    assert all(data_dictionary()["what_a_row_is"])


def test_kept_tables_read_back_and_the_same_picture_gives_the_same_bytes(
    picture: NationalPicture, country: Country, tmp_path: Path
) -> None:
    folder = keep_picture(picture, tmp_path / "one")
    again = national_picture(country, joiners=JOINERS, replicates=REPLICATES, seed=SEED, threads=3)
    other = keep_picture(again, tmp_path / "two")
    names = sorted(path.name for path in folder.iterdir())
    assert names == sorted(
        [ABOUT, DICTIONARY, *(f"{name}.{end}" for name in TABLES for end in ("csv", "parquet"))]
    )
    for name in names:
        assert (folder / name).read_bytes() == (other / name).read_bytes(), name
    for name, table in tables_of(picture).items():
        kept = pd.read_parquet(folder / f"{name}.parquet")
        assert list(kept.columns) == list(table.columns)
        assert len(kept) == len(table) == len(pd.read_csv(folder / f"{name}.csv"))
    about = json.loads((folder / ABOUT).read_text(encoding="utf-8"))
    assert about["source"] == "demo"
    assert about["replicates"] == REPLICATES
    assert about["schools_weak"] == len(picture.weak)
    assert set(about["sha256"]) == set(names) - {ABOUT}
    keep_picture(picture, folder)  # takes the place of the one before


def test_a_folder_of_something_else_is_left_alone(picture: NationalPicture, tmp_path: Path) -> None:
    note = tmp_path / "minutes.docx"
    note.write_text("mine", encoding="utf-8")
    with pytest.raises(BadInput, match="something else than a national picture"):
        keep_picture(picture, tmp_path)
    assert note.read_text(encoding="utf-8") == "mine"
    sheet = tmp_path / "own"
    sheet.mkdir()
    (sheet / "own.csv").write_text("a", encoding="utf-8")
    with pytest.raises(BadInput):
        keep_picture(picture, sheet)


@pytest.mark.parametrize(
    ("numbers", "said"), [({"joiners": -1}, "-1 joiners"), ({"replicates": 0}, "0 replicates")]
)
def test_numbers_that_cannot_be_used_are_refused(
    country: Country, numbers: dict[str, int], said: str
) -> None:
    with pytest.raises(BadInput, match=said):
        national_picture(country, **numbers)  # type: ignore[arg-type]


def test_a_notebook_names_a_made_up_country_or_a_folder_of_files(tmp_path: Path) -> None:
    assert country_from("demo", "").source == "demo"
    with pytest.raises(BadInput, match="no GIAS group links"):
        country_from("published", str(tmp_path))
    for source, folder in (("published", ""), ("other", str(tmp_path))):
        with pytest.raises(BadInput, match="names no country"):
            country_from(source, folder)


def test_the_same_seed_makes_the_same_country_and_another_another() -> None:
    one, same, other = (made_up_country(6, seed=seed) for seed in (1, 1, 2))
    pd.testing.assert_frame_equal(one.schools, same.schools)
    pd.testing.assert_frame_equal(one.judgements, same.judgements)
    assert not one.schools["latitude"].equals(other.schools["latitude"])
    assert one.source == "demo"
    with pytest.raises(BadInput, match="0 trusts"):
        made_up_country(0)
