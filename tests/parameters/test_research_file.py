"""What comparing and matching schools ask: read whole, used as declared, or refused by key."""

from __future__ import annotations

import datetime as dt
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from ruamel.yaml import YAML

from workbench import paths
from workbench.errors import BadInput
from workbench.evidence.provenance import inputs_of
from workbench.parameters.quantity import Quantity
from workbench.parameters.research import load_research
from workbench.research.neighbours import VARIABLES
from workbench.research.who_can_help import help_settings
from workbench.terms import TERMS_A_YEAR
from workbench.trust.load import Trust

Change = Callable[[dict[str, Any]], object]
_NOW = dt.datetime(2026, 11, 1, tzinfo=dt.UTC)


def _changed(folder: Path, change: Change) -> Path:
    yaml = YAML(typ="safe", pure=True)
    content = yaml.load(paths.parameters() / "research.yaml")
    change(content)
    path = folder / "research.yaml"
    yaml.dump(content, path)
    return path


def _quantities() -> Iterator[tuple[str, Quantity]]:
    rules = load_research()
    for part in (rules.helping, rules.neighbours):
        for name in type(part).model_fields:
            yield name, getattr(part, name)


def test_the_file_says_what_the_workbench_proposes() -> None:
    # Each value is our own proposal but the last: D. B. Rubin, Using propensity scores to help
    # design observational studies, 2001.
    assert {name: quantity.value for name, quantity in _quantities()} == {
        "evidence_terms": 3, "most_minutes": 60, "other_phase_minutes": 20,
        "lone_source_minutes": 10, "own_needs_minutes": 15,
        "wanted": 15, "wanted_within": 5, "fewest_variables": 3, "fewest_compared": 5,
        "close_up_to": 0.5, "fair_up_to": 0.9, "unbalanced_above": 0.25,
    }  # fmt: skip
    rules = load_research()
    assert "Rubin" in rules.neighbours.unbalanced_above.source.title
    assert rules.helping.evidence_terms.value == TERMS_A_YEAR
    assert rules.neighbours.fewest_variables.range[1] == len(VARIABLES)


def test_every_number_says_what_it_is_where_it_comes_from_and_who_has_checked_it() -> None:
    for name, quantity in _quantities():
        assert quantity.description.endswith("."), name
        assert quantity.source.title.startswith(("Workbench proposal: ", "D. B. Rubin")), name
        assert not quantity.verified, name
        assert not quantity.is_uncertain, name


def test_matching_asks_what_the_file_says(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, demo_trust: Trust
) -> None:
    before = inputs_of(demo_trust, _NOW).parameters
    shutil.copytree(paths.parameters(), tmp_path / "parameters")

    def change(content: dict[str, Any]) -> None:
        for place, name in enumerate(content["helping"], 4):
            content["helping"][name]["value"] = place + 3

    _changed(tmp_path / "parameters", change)
    monkeypatch.setenv("WORKBENCH_HOME", str(tmp_path))
    asked = help_settings()

    assert (asked.evidence_terms, asked.most_minutes, asked.other_phase_minutes) == (7, 8, 9)
    assert (asked.lone_source_minutes, asked.own_needs_minutes) == (10, 11)
    # A report says which parameters it was made with by a digest, which this file is part of.
    assert inputs_of(demo_trust, _NOW).parameters != before


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda c: c["helping"].pop("most_minutes"), "helping.most_minutes"),
        (lambda c: c["helping"]["most_minutes"].update(value="60"), "helping.most_minutes.value"),
        (lambda c: c["helping"].update(most_minuets=3), "did you mean 'most_minutes'"),
        (
            lambda c: c["helping"]["evidence_terms"].update(value=2.5),
            "evidence_terms 2.5 must be a whole number",
        ),
        (
            lambda c: c["neighbours"]["wanted"].update(value=0, range=[0, 9]),
            "wanted 0 must be a whole number, 1 or more",
        ),
        (lambda c: c["neighbours"]["wanted_within"].update(value=31), "outside its range 1 to 30"),
        (
            lambda c: c["neighbours"]["close_up_to"].update(value=0.92),
            "close_up_to 0.92 must be less than fair_up_to 0.9",
        ),
        (
            lambda c: c["neighbours"]["unbalanced_above"].pop("source"),
            "neighbours.unbalanced_above.source",
        ),
    ],
)
def test_a_broken_file_is_refused_by_key_and_rule(
    tmp_path: Path, change: Change, said: str
) -> None:
    path = _changed(tmp_path, change)
    with pytest.raises(BadInput) as caught:
        load_research(path)
    assert said in str(caught.value)
    assert str(path) in str(caught.value)
