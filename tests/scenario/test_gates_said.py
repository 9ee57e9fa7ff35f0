"""Where chance or a gate keeps schools out, an answer says how many come at all."""

from __future__ import annotations

from typing import Any

import pytest

from workbench import paths
from workbench.parameters.scenario import Scenario, read_scenario
from workbench.scenario.answers import absorb
from workbench.trust.load import Trust


def plan(arrival: dict[str, Any], gate: str) -> Scenario:
    steady = read_scenario("steady", paths.scenarios()).model_dump()
    steady["joiners"] |= arrival
    steady["policy"]["gate"] = gate
    return Scenario.model_validate(steady)


@pytest.mark.parametrize(
    ("arrival", "gate", "said"),
    [
        ({}, "none", None),
        ({}, "all", "Of 5 schools that may come"),
        ({"arrival": "offered", "offer_chance": 0.001}, "none", "Of 5 schools that may come, 0."),
    ],
)
def test_schools_kept_out_are_counted(
    demo_trust: Trust, arrival: dict[str, Any], gate: str, said: str | None
) -> None:
    answer = absorb(demo_trust, plan(arrival, gate), joiners=range(6), replicates=200)
    found = [note for note in answer.notes if "may come" in note]
    assert bool(found) == (said is not None)
    assert said is None or found[0].startswith(said)
