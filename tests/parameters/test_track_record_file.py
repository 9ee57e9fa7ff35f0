"""The record of the back-test: there for every size of trust, of this model, and possible."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from ruamel.yaml import YAML

from workbench import paths
from workbench.errors import BadInput
from workbench.parameters.load import load_yaml
from workbench.parameters.model import ModelParameters
from workbench.parameters.quantity import Quantity
from workbench.parameters.research import load_research
from workbench.parameters.track_record import FILE, load_track_record, numbers_digest

MODEL = load_yaml(paths.parameters() / "model.yaml", ModelParameters)
RULES = load_research()
Change = Callable[[dict[str, Any]], object]


def test_the_committed_record_is_of_england_and_of_this_model() -> None:
    """Its own first lines say by which command it is made again."""
    record = load_track_record()
    assert record is not None
    assert record.place == "England"
    assert record.made_by.numbers == numbers_digest(MODEL, RULES), "make the record again"
    assert record.made_by.version == MODEL.version
    assert {"Ofsted", "Department for Education"} == {one.publisher for one in record.sources}


@pytest.mark.parametrize("schools", [1, 2, 3, 5, 6, 10, 11, 60])
def test_a_trust_of_any_size_has_one_class_in_the_committed_record(schools: int) -> None:
    record = load_track_record()
    assert record is not None
    assert record.sizes is not None
    for classes in (record.grades.classes, record.sizes.classes):
        assert sum(one.is_of(schools) for one in classes) == 1


def test_without_a_file_there_is_no_record(tmp_path: Path) -> None:
    assert load_track_record(tmp_path / FILE) is None


def first(content: dict[str, Any]) -> dict[str, Any]:
    """Return the first class of the grades."""
    found: dict[str, Any] = content["grades"]["classes"][0]
    return found


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda c: first(c)["total"].update(lower=10**6), "lower may not be more than upper"),
        (lambda c: first(c).update(schools=1), "good schools may not be more than schools"),
        (lambda c: first(c).update(judged=10**6), "nor judged more than trusts"),
        (lambda c: first(c)["held"].update(seen=10**6), "held may not be more than judged"),
        (lambda c: first(c).update(least=3, most=2), "most may not be less than least"),
        (lambda c: c["made_by"].update(numbers="new"), "made_by.numbers = 'new'"),
    ],
)
def test_a_record_that_cannot_be_is_refused(tmp_path: Path, change: Change, said: str) -> None:
    yaml = YAML(typ="safe", pure=True)
    content = yaml.load(paths.parameters() / FILE)
    change(content)
    yaml.dump(content, tmp_path / FILE)
    with pytest.raises(BadInput, match=said):
        load_track_record(tmp_path / FILE)


def changed(part: str, name: str, **fields: object) -> ModelParameters:
    """Return the model with one quantity changed."""
    group = getattr(MODEL, part)
    quantity: Quantity = getattr(group, name)
    own = group.model_copy(update={name: quantity.model_copy(update=fields)})
    return MODEL.model_copy(update={part: own})


def test_the_digest_follows_the_numbers_that_make_the_model_tested_and_nothing_else() -> None:
    now = numbers_digest(MODEL, RULES)
    assert numbers_digest(changed("improve", "rise_attention", value=0.9), RULES) != now
    assert numbers_digest(changed("inspect", "error_low", value=0.4), RULES) != now
    for part, name in (("backtest", "penalty"), ("calibration", "believed_rise_secure")):
        group = getattr(RULES, part)
        other = getattr(group, name).model_copy(update={"value": 0.123})
        rules = RULES.model_copy(update={part: group.model_copy(update={name: other})})
        assert numbers_digest(MODEL, rules) != now
    assert numbers_digest(changed("improve", "rise_attention", verified=True), RULES) == now
    assert numbers_digest(changed("levels", "vision", value=0.9), RULES) == now
