"""The national picture in words counts what its tables hold, with its doubt, and names nobody."""

from __future__ import annotations

from dataclasses import replace

import pytest

from workbench.report import national as words
from workbench.research.national_picture.made_up import made_up_country
from workbench.research.national_picture.picture import NationalPicture, national_picture


@pytest.fixture(scope="module")
def picture() -> NationalPicture:
    return national_picture(made_up_country(12, seed=4), joiners=2, replicates=40, threads=1)


def test_tables_add_up_to_the_trusts_and_schools_there_are(picture: NationalPicture) -> None:
    trusts = len(picture.trusts)
    rule = words.golden_rule_table(picture)
    assert rule.iloc[:, 1].sum() == rule.iloc[:, 2].sum() == trusts
    breaking = int(picture.trusts["breaks_most"].notna().sum())
    assert words.breaks_table(picture)["Trusts"].sum() == breaking
    near = words.reach_table(picture)
    assert near.loc[near["Within minutes"] == "20", "All"].sum() == len(picture.weak)
    assert words.regions_table(picture)["Weak schools"].sum() == len(picture.weak)
    assert len(words.placements_table(picture)) == len(picture.placements)
    assert words.spans_table(picture)["Trusts"].max() == trusts


def test_the_headline_is_the_assignment_at_the_boards_own_tolerance(
    picture: NationalPicture,
) -> None:
    own = picture.placements[picture.placements["tolerance"] == picture.tolerance]
    far = own[own["minutes"] == 60].iloc[0]
    said = words.headline(picture)
    assert f" {far['joined']} could join" in said
    assert f"room for {far['room']} school" in said


def test_schools_whose_place_is_not_known_are_no_part_of_those_asked_about(
    picture: NationalPicture,
) -> None:
    table = picture.placements.assign(schools=picture.placements["placed"] + 4)
    said = words.headline(replace(picture, placements=table))
    assert f"Of {table['placed'].iloc[0]} weak schools outside any trust whose place" in said
    assert "(that of 4 more is not)" in said


def test_no_trust_and_no_school_is_named(picture: NationalPicture) -> None:
    shown = " ".join(
        table.to_csv()
        for table in (
            words.golden_rule_table(picture), words.spans_table(picture),
            words.reach_table(picture), words.regions_table(picture),
            words.placements_table(picture), words.breaks_table(picture),
        )
    ) + " ".join([words.headline(picture), *words.limitations(picture)])  # fmt: skip
    names = {*picture.trusts["trust_name"], *picture.country.schools["name"]}
    assert not [name for name in names if name in shown]


def test_what_is_not_known_is_said(picture: NationalPicture) -> None:
    said = " ".join(words.limitations(picture))
    assert f"{picture.unrated} schools without a judgement" in said
    assert "assumed from declared priors" in said
    assert words.whose(picture) == "a made-up country"
    published = replace(picture, country=replace(picture.country, source="published"))
    assert words.whose(published) == "England"
    assert words.described(picture) == "15 September 2026"
