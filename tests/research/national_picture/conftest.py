"""A made-up country and its picture, made once for every test of the national picture."""

from __future__ import annotations

import pytest

from workbench import paths
from workbench.parameters.scenario import Scenario, read_scenario
from workbench.research.national_picture.cases import Cases, cases_of
from workbench.research.national_picture.country import Country
from workbench.research.national_picture.made_up import made_up_country
from workbench.research.national_picture.picture import NationalPicture, national_picture
from workbench.scenario.answers import read_model, read_settings

JOINERS, REPLICATES, SEED = 3, 80, 11


@pytest.fixture(scope="session")
def country() -> Country:
    """A country of fourteen trusts that does not exist."""
    return made_up_country(14, seed=5)


@pytest.fixture(scope="session")
def rescue() -> Scenario:
    """The scenario in which weak schools join."""
    return read_scenario("rescue", paths.scenarios())


@pytest.fixture(scope="session")
def cases(country: Country, rescue: Scenario) -> Cases:
    """Its trusts, ready to be simulated."""
    return cases_of(
        country, rescue, read_model(), read_settings(),
        joiners=JOINERS, replicates=REPLICATES, seed=SEED,
    )  # fmt: skip


@pytest.fixture(scope="session")
def picture(country: Country) -> NationalPicture:
    """Its national picture."""
    return national_picture(country, joiners=JOINERS, replicates=REPLICATES, seed=SEED, threads=1)
