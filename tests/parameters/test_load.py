"""A wrong parameter file is refused with file, key, value, rule and remedy."""

from __future__ import annotations

from pathlib import Path

import pytest

from workbench import paths
from workbench.errors import BadInput
from workbench.parameters.limits import TrustSettings
from workbench.parameters.load import load_yaml
from workbench.parameters.model import ModelParameters
from workbench.parameters.scenario import Scenario, read_scenario, scenario_names
from workbench.parameters.schemas import schema_texts
from workbench.parameters.strict import StrictModel

MODEL = paths.parameters() / "model.yaml"


SPAN = "exec_span:\n    value: "


def refused(tmp_path: Path, old: str, new: str, *, source: Path = MODEL) -> BadInput:
    """The error for the committed file with one text replaced by another."""
    text = source.read_text()
    assert old in text
    changed = tmp_path / source.name
    changed.write_text(text.replace(old, new, 1))
    model: type[StrictModel] = ModelParameters if source == MODEL else Scenario
    with pytest.raises(BadInput) as caught:
        load_yaml(changed, model)
    assert caught.value.exit_code == 2
    assert str(changed) in str(caught.value)
    return caught.value


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        (SPAN + "4.5", SPAN + "'4.5'", "plan.exec_span.value = '4.5'"),
        (SPAN + "4.5", SPAN + ".inf", "plan.exec_span.value"),
        (SPAN + "4.5", SPAN + "true", "plan.exec_span.value = True"),
        (SPAN + "4.5", SPAN + "45", "outside its range 1 to 10"),
        ("  exec_span:", "  exec_spam:", "did you mean 'exec_span'?"),
        ("kind: triangular, low: 4, high: 5", "kind: triangular, low: 5, high: 4", "less than"),
        ("triangular, low: 4, high: 5}", "triangular, low: 4, high: 50}", "outside its range"),
        ("kind: triangular, low: 4, high: 5", "kind: even, low: 4, high: 5", "kind"),
        (SPAN + "4.5", SPAN + "6", "not within its distribution, 4 to 5"),
        ("review: 2027-09-01", "review: next year", "review"),
        ("    verified: false", "    verified: no", "verified"),
        ("requires improvement: needs attention, ", "", "no band for requires improvement"),
    ],
)
def test_each_kind_of_fault_names_key_and_rule(
    tmp_path: Path, old: str, new: str, said: str
) -> None:
    assert said in str(refused(tmp_path, old, new))


def test_all_faults_of_a_file_are_reported_together(tmp_path: Path) -> None:
    text = (
        MODEL.read_text().replace("value: 4.5", "value: x", 1).replace("unit: days", "units: d", 1)
    )
    path = tmp_path / "model.yaml"
    path.write_text(text)
    with pytest.raises(BadInput, match="3 faults"):
        load_yaml(path, ModelParameters)


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("a: 1\na: 2\n", "not valid YAML"),
        ("a: [1\n", "not valid YAML"),
        ("a: \x00", "not valid YAML"),
        ("", "(the whole file)"),
    ],
)
def test_what_is_not_yaml_is_refused_with_its_line(tmp_path: Path, content: str, said: str) -> None:
    path = tmp_path / "trust.yaml"
    path.write_text(content)
    with pytest.raises(BadInput) as caught:
        load_yaml(path, TrustSettings)
    assert said in str(caught.value)


def test_a_missing_file_and_one_that_is_not_text_are_refused(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="cannot be read"):
        load_yaml(tmp_path / "none.yaml", TrustSettings)
    (tmp_path / "bytes.yaml").write_bytes(b"\xff\xfe\x00")
    with pytest.raises(BadInput, match="cannot be read"):
        load_yaml(tmp_path / "bytes.yaml", TrustSettings)


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("schools: 4", "schools: -4", "joiners.schools = -4"),
        ("schools: 4", "schools: 10000", "less than or equal to 60"),
        ("pupils: 260", "pupils: -260", "pupils = -260"),
        ("share: 0.5", "share: 0.4", "add up to 0.9, not 1"),
        ("first_term: 2027/28 autumn", "first_term: 2025/26 autumn", "before start"),
        ("first_term: 2027/28 autumn", "first_term: 2027/29 autumn", "not a school term"),
        ("gate: none", "gate: perhaps", "policy.gate"),
        ("band: secure", "band: good", "band"),
        ("  hire_ahead_terms", "  hire_ahead", "did you mean"),
    ],
)
def test_a_wrong_scenario_is_refused(tmp_path: Path, old: str, new: str, said: str) -> None:
    steady = paths.scenarios() / "steady.yaml"
    assert said in str(refused(tmp_path, old, new, source=steady))


def test_an_unknown_scenario_is_refused_with_those_there_are() -> None:
    with pytest.raises(BadInput, match="no scenario 'stedy'") as caught:
        read_scenario("stedy", paths.scenarios())
    for name in scenario_names(paths.scenarios()):
        assert name in str(caught.value)


def test_every_quantity_says_what_it_is_and_where_it_comes_from() -> None:
    model = load_yaml(MODEL, ModelParameters)
    names = [dotted for dotted, _ in model.quantities()]
    assert len({name.rsplit(".", 1)[-1] for name in names if ".oeif." not in name}) == len(
        [name for name in names if ".oeif." not in name]
    ), "a parameter is addressed by its last name, which must be unique"
    for dotted, quantity in model.quantities():
        assert quantity.description.endswith("."), dotted


def test_schemas_beside_the_files_are_those_of_the_models() -> None:
    for name, text in schema_texts().items():
        committed = (paths.parameters() / name).read_text(encoding="utf-8")
        assert committed == text, f"{name} is out of date: run `make schemas`"
