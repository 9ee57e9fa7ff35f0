"""A plan is known by its digest, and the notebook carries out the registered one."""

from __future__ import annotations

import json
import re
from dataclasses import fields, replace
from typing import Any

import pytest

from workbench import paths
from workbench.report.impact import registered_sentence
from workbench.research.impact.plan import Plan, declared_plan, digest


@pytest.mark.parametrize("name", [field.name for field in fields(Plan)])
def test_any_part_of_a_plan_changes_its_digest(name: str) -> None:
    plan = declared_plan()
    value = getattr(plan, name)
    changed: dict[str, Any] = {name: f"{value}!" if isinstance(value, str) else value + 1}
    other = replace(plan, **changed)
    assert digest(other) != digest(plan)


def test_the_notebook_carries_out_the_registered_plan() -> None:
    """Who changes the plan registers the new one, in the same change, for all to see."""
    path = paths.notebooks() / "research" / "impact_of_support.ipynb"
    cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
    parameters = next(one for one in cells if "parameters" in one["metadata"].get("tags", []))
    written = re.search(r'registered: str = "(\w{12})"', "".join(parameters["source"]))
    assert written is not None
    assert written[1] == digest(declared_plan())
    text = "".join("".join(map(str, one.get("outputs", []))) for one in cells)
    assert registered_sentence(declared_plan(), written[1]) in text


def test_another_plan_is_said_to_be_no_answer() -> None:
    plan = declared_plan()
    assert "registered one" in registered_sentence(plan, digest(plan))
    said = registered_sentence(replace(plan, adjusted="earlier numbers"), digest(plan))
    assert "NOT the registered plan" in said
