"""What the release gate finds in finished files, and that it finds nothing else."""

from __future__ import annotations

import pytest

from tests.report.gate import planters
from tests.report.gate.planters import Plant
from workbench import paths
from workbench.report.gate.protected import Protected
from workbench.report.gate.scan import scan
from workbench.report.gate.secrets import protected_of
from workbench.trust.load import read_trust


@pytest.fixture(scope="session")
def protected(tmp_path_factory: pytest.TempPathFactory) -> Protected:
    """What the demo trust protects, with two names and two comments put in."""
    folder = planters.trust_with_names(paths.demo(), tmp_path_factory.mktemp("gate"))
    return protected_of(read_trust(folder))


PLANTS = planters.all_plants()


def test_more_than_fifty_things_are_planted() -> None:
    assert len({plant.title for plant in PLANTS}) >= 50


@pytest.mark.parametrize("plant", PLANTS, ids=lambda plant: plant.title)
def test_finds_what_is_planted_at_its_place(plant: Plant, protected: Protected) -> None:
    found = scan({plant.file: plant.data}, protected)
    said = [f"{one.place}: {one.what}" for one in found]
    where, what = plant.where.casefold(), plant.what.casefold()
    assert any(where in one.place.casefold() and what in one.what.casefold() for one in found), said
    assert all(one.rule and one.mend for one in found)


@pytest.mark.parametrize(
    ("file", "data"),
    [
        ("page.html", planters.page().encode()),
        ("page.pdf", planters.printed("")),
        ("book.xlsx", planters.workbook(lambda _: None)),
    ],
    ids=["page", "PDF", "workbook"],
)
def test_finds_nothing_where_nothing_is_planted(
    file: str, data: bytes, protected: Protected
) -> None:
    assert scan({file: data}, protected) == ()
