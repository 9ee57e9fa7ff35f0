"""Random trusts as arrays, for tests that check the model whatever the trust."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np

from workbench import paths
from workbench.growth.derive import derive
from workbench.growth.draws import as_records, draw_parameters
from workbench.growth.kernel.layout import POLICY, SCHOOL
from workbench.growth.setting import Setting, one_record
from workbench.parameters.load import load_yaml
from workbench.parameters.model import ModelParameters

DEFAULT_POLICY: dict[str, Any] = {
    "gate": 0,
    "defer_terms": 2,
    "schools_per_lead": 5.5,
    "executive_alone": 4,
    "hire_ahead_terms": 1,
    "top_slice": 0.05,
    "vision_revisit_terms": 6,
    "intelligence_investment": 0.0,
    "offered": 0,
    "offer_chance": 1.0,
    "providers_per_weight": 3.0,
    "weight_attention": 1.0,
    "weight_urgent": 1.0,
    "grace_terms": 2,
    "unmet_need": 0.5,
    "existing_fall": 0.15,
    "reserves_floor": 0.05,
    "apply": [1, 1, 1, 1, 1],
}


def declared_model() -> ModelParameters:
    """The committed parameters of the model."""
    return load_yaml(Path(paths.parameters()) / "model.yaml", ModelParameters)


def random_setting(
    seed: int,
    *,
    draws: int,
    joiners: int = 6,
    terms: int = 15,
    held: dict[str, float] | None = None,
    **policy: Any,
) -> Setting:
    """A trust of 2 to 16 schools with some joiners, all different for each seed."""
    rng = np.random.default_rng(seed)
    existing = int(rng.integers(2, 17))
    school = np.zeros(existing + joiners, SCHOOL)
    school["key"] = np.r_[900_000 + np.arange(existing), 1 + np.arange(joiners)]
    school["existing"] = np.r_[np.ones(existing), np.zeros(joiners)]
    school["phase"] = rng.integers(0, 3, len(school))
    school["pupils"] = rng.integers(60, 1300, len(school))
    school["join_term"] = np.r_[
        -rng.integers(0, 30, existing), np.sort(rng.integers(0, 9, joiners))
    ]
    school["rated"] = rng.choice([-1, 0, 1, 2, 2, 2, 3], len(school))
    school["since"] = rng.integers(0, 15, len(school))
    below = np.sort(rng.uniform(0, 1, (1, len(school), 3)), axis=2) ** 2
    school["days"] = rng.choice([-1.0, 6.0, 14.0], len(school))
    school["head_terms"] = rng.integers(0, 20, len(school))
    columns = draw_parameters(declared_model(), "report card", held or {}, seed, draws)
    columns |= {
        "leads": np.full(draws, rng.uniform(0.2, 4)),
        "lead_vacancies": np.full(draws, float(rng.integers(0, 2))),
        "sle_trained": np.full(draws, rng.uniform(0.2, 1)),
        "pipeline": np.full(draws, rng.uniform(0, 0.6)),
        "reserves": np.full(draws, rng.uniform(0, 4e6)),
        "income_scale": np.ones(draws),
    }
    params = as_records(columns)
    return Setting(
        params=params,
        derived=derive(params),
        policy=one_record(POLICY, **(DEFAULT_POLICY | policy)),
        school=school,
        below=np.repeat(below, draws, axis=0),
        place=rng.normal(0, 15, (len(school), 2)),
        terms=terms,
        seed=seed,
    )
