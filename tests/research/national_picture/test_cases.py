"""Every trust starts just as its own folder of public data would start it."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from tests.research.national_picture.conftest import JOINERS, REPLICATES, SEED
from workbench.errors import BadInput
from workbench.parameters.scenario import Scenario
from workbench.research.national_picture.cases import Cases, cases_of, public_trust
from workbench.research.national_picture.country import Country
from workbench.scenario.answers import read_model, read_settings
from workbench.scenario.start import Prepared, prepare
from workbench.trust.contracts import INSPECTIONS_OEIF
from workbench.trust.load import Trust, of_schools_there


def as_folder(country: Country, uid: int) -> Trust:
    """The trust as an import of public files gives it, its judgements in a table."""
    trust = public_trust(country, uid)
    judged = country.judgements[country.judgements["urn"].isin(trust.schools["urn"])]
    types = {column.name: column.dtype for column in INSPECTIONS_OEIF.columns}
    rows = judged[["urn", "inspection_date", "overall"]].assign(kind="graded")
    rows = rows.reset_index(drop=True).reindex(columns=list(types)).astype(types)
    tables, _ = of_schools_there({**trust.tables, "inspections_oeif": rows})
    return replace(trust, tables=tables)


def one_by_one(country: Country, scenario: Scenario, uid: int) -> Prepared:
    """What `workbench absorb` would simulate of one trust's folder."""
    return prepare(
        as_folder(country, uid), scenario, read_model(), read_settings(),
        joiners=JOINERS, replicates=REPLICATES, seed=SEED,
    )  # fmt: skip


def test_a_trust_in_bulk_is_the_very_setting_of_its_own_folder(
    country: Country, rescue: Scenario, cases: Cases
) -> None:
    sizes = country.schools["trust_uid"].value_counts()
    for uid in (int(sizes.index[0]), int(sizes.index[-1]), country.trusts[3]):
        bulk = cases.setting_of(cases.trusts.index(uid))
        alone = one_by_one(country, rescue, uid).setting
        for field in ("params", "derived", "policy", "school", "below", "place"):
            np.testing.assert_array_equal(getattr(bulk, field), getattr(alone, field), field)
        assert (bulk.terms, bulk.seed) == (alone.terms, alone.seed)
        assert bulk.joiners == JOINERS


def test_leads_that_a_scenario_adds_are_added_to_every_trust(
    country: Country, rescue: Scenario
) -> None:
    more = rescue.model_copy(
        update={"policy": rescue.policy.model_copy(update={"further_leads": 2.0})}
    )
    uid = country.trusts[0]
    cases = cases_of(
        country, more, read_model(), read_settings(),
        joiners=JOINERS, replicates=REPLICATES, seed=SEED,
    )  # fmt: skip
    bulk = cases.setting_of(cases.trusts.index(uid)).params["leads"]
    np.testing.assert_array_equal(bulk, one_by_one(country, more, uid).setting.params["leads"])


def test_every_school_of_a_trust_is_in_exactly_one_case(country: Country, cases: Cases) -> None:
    inside = country.schools.dropna(subset=["trust_uid"])
    assert sorted(cases.school["key"].tolist()) == inside["urn"].tolist()
    assert sorted(cases.trusts) == list(country.trusts)
    assert cases.bounds[0] == 0
    assert cases.bounds[-1] == len(inside)


def test_what_is_assumed_is_counted_and_no_single_trust_is_spoken_of(
    country: Country, rescue: Scenario
) -> None:
    schools = country.schools.copy()
    own = schools.index[schools["trust_uid"].notna()]
    schools.loc[own[:3], "pupils"] = np.nan
    schools.loc[own[:2], ["latitude", "longitude"]] = np.nan
    lost = int(schools.loc[own, "latitude"].isna().sum())
    notes = " ".join(
        cases_of(
            replace(country, schools=schools), rescue, read_model(), read_settings(),
            joiners=0, replicates=20, seed=1,
        ).notes
    )  # fmt: skip
    assert f"Of {len(own)} schools in trusts, 3 are taken at a typical roll" in notes
    assert f"Of {len(own)} schools in trusts, {lost} are placed at their trust's centre" in notes
    assert "this trust" not in notes
    assert "assumed from declared priors: improvement leads in post" in notes


def test_a_country_without_trusts_and_one_too_large_are_refused(
    country: Country, rescue: Scenario
) -> None:
    def ready(schools: pd.DataFrame) -> Cases:
        return cases_of(
            replace(country, schools=schools), rescue, read_model(), read_settings(),
            joiners=1, replicates=20, seed=1,
        )  # fmt: skip

    with pytest.raises(BadInput, match="there is no trust"):
        ready(country.schools.assign(trust_uid=pd.array([pd.NA] * len(country.schools), "Int64")))
    largest = pd.concat([country.schools] * 3, ignore_index=True)
    with pytest.raises(BadInput, match="is too large"):
        ready(largest.assign(trust_uid=pd.array([7] * len(largest), "Int64")))
