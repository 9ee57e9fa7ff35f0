"""Texts that people read hold no character they cannot see: neither a plan's nor a school's."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from tests.report.hostile import PAYLOADS, UNSEEN
from tests.trust.folders import write_trust
from workbench import paths
from workbench.errors import BadInput
from workbench.parameters.load import validate
from workbench.parameters.scenario import Scenario, read_scenario
from workbench.parameters.unseen import holds_unseen
from workbench.trust.columns import ColumnContract
from workbench.trust.load import read_trust
from workbench.trust.rules import rules_for


def content(**said: str) -> dict[str, Any]:
    """Return the steady plan as plain data, saying something else."""
    return read_scenario("steady", paths.scenarios()).model_dump(mode="json") | said


@pytest.mark.parametrize("text", UNSEEN, ids=ascii)
@pytest.mark.parametrize("key", ["title", "question", "description"])
def test_a_plan_says_nothing_unseen(key: str, text: str) -> None:
    with pytest.raises(BadInput, match=f"{key}.*cannot be seen"):
        validate(content(**{key: text}), Scenario, where="plan.yaml")


def test_half_a_letter_is_refused_and_a_description_may_have_lines() -> None:
    assert holds_unseen("Alder \ud83d")
    said = "Two schools.\nBoth near.\n"
    assert validate(content(description=said), Scenario, where="a").description == said
    with pytest.raises(BadInput, match=r"title.*cannot be seen"):
        validate(content(title="Two\nlines"), Scenario, where="a")


@pytest.mark.parametrize("text", UNSEEN, ids=ascii)
def test_a_cell_that_holds_one_is_a_fault(text: str) -> None:
    rules = {rule.key: rule for rule in rules_for(ColumnContract("name", "text", "Its name."))}
    kept = rules["control_character"].passes(pd.Series([text, "Alder School"], dtype="str"))
    assert kept.tolist() == [False, True]


def test_a_school_named_with_one_is_set_aside(tmp_path: Path) -> None:
    heads = "urn,name,phase,joined,pupils\n"
    rows = f"900001,Ash{UNSEEN[0]},primary,2020-09-01,210\n900002,Beech,primary,2020-09-01,90\n"
    trust = read_trust(write_trust(tmp_path, schools=heads + rows))
    assert trust.schools["name"].tolist() == ["Beech"]


def test_what_can_be_seen_is_kept_whatever_it_says() -> None:
    assert not any(map(holds_unseen, PAYLOADS))
    assert not any(map(holds_unseen, ("Siân's Llŷn", "\u4e2d\u6587", "\U0001f600", "it\u2019s")))
