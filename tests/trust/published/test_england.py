"""The readers on real published files: figures that were counted another way, and whole imports."""

from __future__ import annotations

from pathlib import Path

import pytest

from workbench.trust.inspections import latest_inspections
from workbench.trust.intake import check_folder
from workbench.trust.load import read_trust
from workbench.trust.published import (
    import_trust,
    kinds,
    national_judgements,
    national_membership,
)
from workbench.trust.published.files import find
from workbench.trust.published.gias import membership


def test_every_years_group_links_keep_their_columns(england: Path) -> None:
    """Schools in trusts, counted another way: rows whose text holds the group type, by line."""
    counts = {}
    for file in find(england / "gias").of(kinds.GROUP_LINKS):
        members = membership(file)
        assert file.snapshot is not None
        assert members["joined"].notna().all()
        assert members["phase"].ne("").all()
        assert members["joined"].max().date() <= file.snapshot
        lines = file.path.read_text("cp1252").splitlines()
        assert len(members) == sum(',"Multi-academy trust",' in line for line in lines)
        counts[file.snapshot.year] = len(members)

    assert sorted(counts) == list(range(2016, 2023))
    assert counts[2022] == 8992


def test_golden_rule_by_bare_count_gives_the_known_figures(england: Path) -> None:
    """Domain notes, September 2022: 575 none weak, 219 met, 169 failed of 963; 40% unrated."""
    membership, judgements = national_membership(england), national_judgements(england)
    assert judgements.attrs["file"].endswith("england_school_information.xlsx [england]")
    assert judgements["urn"].is_unique
    schools = membership.merge(judgements, on="urn", how="left")
    schools = schools[schools.groupby("trust_uid")["urn"].transform("size") >= 3]
    weak = schools["overall"].isin(["requires improvement", "inadequate"])
    sound = schools["overall"].isin(["good", "outstanding"])
    weak_count = weak.groupby(schools["trust_uid"]).sum()
    sound_count = sound.groupby(schools["trust_uid"]).sum()
    met = (weak_count > 0) & (sound_count >= 3 * weak_count)

    assert len(weak_count) == 963
    assert int((weak_count == 0).sum()) == 575
    assert int(met.sum()) == 219
    assert int(((weak_count > 0) & ~met).sum()) == 169
    assert schools["overall"].isna().mean() == pytest.approx(0.40, abs=0.005)


@pytest.mark.parametrize(("uid", "schools", "rated"), [(3725, 30, 21), (5143, 75, 58)])
def test_a_real_trust_is_imported_without_a_fault(
    england: Path, tmp_path: Path, uid: int, schools: int, rated: int
) -> None:
    result = import_trust(uid, england, tmp_path / "trust")

    assert check_folder(result.target).faults == ()
    trust = read_trust(result.target)
    assert len(trust.schools) == schools
    assert int(latest_inspections(trust)["rated"].sum()) == rated
    assert trust.schools["latitude"].notna().all()
    assert trust.schools["pupils"].isna().sum() <= 2
