"""What cannot be simulated is refused before any run: what, where, which rule, how to mend."""

from __future__ import annotations

import csv
import shutil
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from ruamel.yaml import YAML
from typer.testing import CliRunner, Result

from workbench import cli, paths
from workbench.errors import BadInput
from workbench.growth import simulate as simulation
from workbench.parameters.scenario import MAXIMUM_SCHOOLS, Scenario, read_scenario
from workbench.scenario import answers
from workbench.trust.load import Trust

DEMO = paths.demo()
COMMANDS = ("absorb", "simulate")


@pytest.fixture(autouse=True)
def never_run(monkeypatch: pytest.MonkeyPatch) -> None:
    """Fail wherever a single trajectory is run."""

    def ran(*_: Any, **__: Any) -> None:
        raise AssertionError("a trajectory was run")

    for name in ("run_range", "curve_range"):
        monkeypatch.setattr(simulation, name, ran)


@pytest.fixture
def read_once(demo_trust: Trust, monkeypatch: pytest.MonkeyPatch) -> None:
    """Give commands the demo trust without reading its folder again, which takes seconds."""
    monkeypatch.setattr("workbench.trust.load.read_trust", lambda _: demo_trust)


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A workbench folder whose parameters a test may spoil."""
    shutil.copytree(paths.parameters(), tmp_path / "home" / "parameters")
    monkeypatch.setenv("WORKBENCH_HOME", str(tmp_path / "home"))
    return tmp_path / "home"


def command(name: str, *arguments: object) -> Result:
    """Run a command of the command line in this process."""
    return CliRunner().invoke(cli.app, [name, *(str(argument) for argument in arguments)])


def spoil(path: Path, change: Mapping[str, Any]) -> None:
    """Change values of a YAML file, each named by its keys with dots between."""
    yaml = YAML(typ="safe", pure=True)
    content = yaml.load(path.read_text(encoding="utf-8"))
    for dotted, value in change.items():
        *outer, last = dotted.split(".")
        node = content
        for key in outer:
            node = node.setdefault(key, {})
        node[last] = value
    with path.open("w", encoding="utf-8") as file:
        yaml.dump(content, file)


def kind(**change: Any) -> list[dict[str, Any]]:
    """A mix of one kind of school."""
    usual = {"phase": "primary", "band": "secure", "pupils": 240, "distance_km": 12.0}
    return [{"share": 1.0} | usual | change]


def named(**change: Any) -> list[dict[str, Any]]:
    """One named school."""
    usual = {"phase": "primary", "band": "secure", "pupils": 240, "distance_km": 12.0}
    return [{"term": "2027/28 autumn"} | usual | change]


OFFERED = {"joiners.arrival": "offered"}
SCENARIOS: Mapping[str, tuple[Mapping[str, Any], Sequence[str]]] = {
    "negative pupils": (
        {"joiners.mix": kind(pupils=-240)},
        ("joiners.mix.0.pupils = -240", "greater than or equal to 10"),
    ),
    "negative pupils of a named school": (
        {"joiners.named": named(pupils=-1)},
        ("joiners.named.0.pupils = -1", "greater than or equal to 10"),
    ),
    "a joiner before the start": (
        {"joiners.first_term": "2025/26 autumn"},
        ("joiners.first_term 2025/26 autumn is before start 2026/27 spring",),
    ),
    "a named joiner before the start": (
        {"joiners.named": named(term="2025/26 autumn")},
        ("joiners.named.0.term 2025/26 autumn is before start", "the trust's table of schools"),
    ),
    "no school term": (
        {"joiners.first_term": "September 2027"},
        ("'September 2027' is not a school term", "2026/27 autumn"),
    ),
    "ten thousand schools": (
        {"joiners.schools": 10_000},
        ("joiners.schools = 10000", "less than or equal to 60"),
    ),
    "fewer than no school": ({"joiners.schools": -1}, ("joiners.schools = -1",)),
    "no pace": ({"joiners.a_year": 0}, ("joiners.a_year = 0", "greater than 0")),
    "shares beyond one": (
        {"joiners.mix": kind() + kind()},
        ("the shares of mix add up to 2, not 1",),
    ),
    "a chance above one": (
        OFFERED | {"joiners.offer_chance": 2},
        ("joiners.offer_chance = 2", "less than or equal to 1"),
    ),
    "a chance that is no number": (
        OFFERED | {"joiners.offer_chance": float("nan")},
        ("joiners.offer_chance = nan", "write a finite number"),
    ),
    "a chance in words": (
        OFFERED | {"joiners.offer_chance": "abc"},
        ("joiners.offer_chance = 'abc'", "write a plain number"),
    ),
    "an assumption beyond certainty": (
        {"assume": {"lead_leaves": 1.4}},
        ("assume.lead_leaves = 1.4", "lead_leaves lies between"),
    ),
    "an assumption that is no number": (
        {"assume": {"lead_leaves": float("nan")}},
        ("assume.lead_leaves = nan", "write a finite number"),
    ),
    "an assumption in words": (
        {"assume": {"lead_leaves": "abc"}},
        ("assume.lead_leaves = 'abc'", "write a plain number"),
    ),
    "an assumption without end": (
        {"assume": {"lead_leaves": float("inf")}},
        ("assume.lead_leaves = inf", "write a finite number"),
    ),
    "an assumption misspelt": (
        {"assume": {"lead_leavers": 0.1}},
        ("assume.lead_leavers is not a parameter", "did you mean 'lead_leaves'?"),
    ),
    "an unknown lever": (
        {"policy.hire_forward": 2},
        ("policy.hire_forward = 2", "there is no such key", "did you mean 'hire_ahead_terms'?"),
    ),
    "a lever unlike any": (
        {"policy.zzz": 2},
        ("policy.zzz = 2", "use one of: defer_terms, executive_alone"),
    ),
    "a lever out of range": (
        {"policy.schools_per_lead": 0.5},
        ("policy.schools_per_lead = 0.5", "greater than or equal to 2"),
    ),
    "an unknown gate": ({"policy.gate": "gold"}, ("policy.gate = 'gold'", "'golden rule'")),
}


@pytest.mark.usefixtures("read_once")
@pytest.mark.parametrize("name", COMMANDS)
@pytest.mark.parametrize("fault", SCENARIOS)
def test_a_scenario_that_cannot_be_simulated_is_refused(name: str, fault: str, home: Path) -> None:
    change, said = SCENARIOS[fault]
    spoil(home / "parameters" / "scenarios" / "steady.yaml", change)
    assert_refused(command(name, DEMO, "--scenario", "steady"), *said)


def assert_refused(result: Result, *said: str) -> None:
    """The command exits with 2 and says in words what, where, which rule and how to mend."""
    assert result.exit_code == BadInput.exit_code, result.output
    assert result.stdout == ""
    assert result.stderr.startswith("Error: ")
    assert all(f"\n  {label}: " in result.stderr for label in ("where", "rule", "mend"))
    assert all(words in result.stderr for words in said), result.stderr


@pytest.mark.usefixtures("read_once")
@pytest.mark.parametrize("name", COMMANDS)
def test_an_unknown_scenario_is_refused_with_the_name_most_like_it(name: str) -> None:
    said = ("there is no scenario 'stedy'", "did you mean 'steady'?", "ambitious, rescue")
    assert_refused(command(name, DEMO, "--scenario", "stedy"), *said)


@pytest.mark.usefixtures("read_once")
@pytest.mark.parametrize("terms", [0, -3, 400])
def test_an_impossible_horizon_is_refused(terms: int, home: Path) -> None:
    spoil(home / "parameters" / "trust.yaml", {"risk.horizon_terms": terms})
    result = command("simulate", DEMO, "--scenario", "steady")
    assert_refused(result, f"risk.horizon_terms = {terms}", "trust.yaml")


def with_pupils(folder: Path, write: Callable[[list[dict[str, str]]], None]) -> Path:
    """A copy of the demo trust with its table of schools changed."""
    shutil.copytree(DEMO, folder)
    path = folder / "schools.csv"
    with path.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    write(rows)
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)
    return folder


def test_a_trust_with_negative_pupils_is_refused_where_they_stand(tmp_path: Path) -> None:
    folder = with_pupils(tmp_path / "trust", lambda rows: rows[3].update(pupils="-210"))
    said = ("1 row of the table schools", "schools.csv, row 5, column pupils", "'-210'")
    for name in COMMANDS:
        assert_refused(command(name, folder, "--scenario", "steady"), *said)


def test_a_trust_of_ten_thousand_schools_is_refused(tmp_path: Path) -> None:
    def multiply(rows: list[dict[str, str]]) -> None:
        usual = rows[0]
        rows.extend(
            usual | {"urn": str(urn), "name": f"School {urn}"}
            for urn in range(910_000, 920_000 - len(rows))
        )

    folder = with_pupils(tmp_path / "trust", multiply)
    said = ("the trust has 10000 schools", f"at most {MAXIMUM_SCHOOLS} schools")
    assert_refused(command("absorb", folder, "--scenario", "steady"), *said)


def steady(**joiners: Any) -> Scenario:
    """The steady scenario with joiners changed in Python, past its schema."""
    scenario = read_scenario("steady", paths.scenarios())
    return scenario.model_copy(update={"joiners": scenario.joiners.model_copy(update=joiners)})


NUMBERS: Sequence[tuple[dict[str, Any], str]] = (
    ({"replicates": 0}, "0 replicates"),
    ({"replicates": -100}, "-100 replicates"),
    ({"replicates": 10**9}, "1000000000 replicates"),
    ({"seed": -1}, "seed -1"),
    ({"seed": 2**63}, "seed 9223372036854775808"),
    ({"joiners": range(10_001)}, "10000 joiners"),
    ({"joiners": []}, "joiners"),
    ({"joiners": [-1, 0, 1]}, "joiners"),
    ({"joiners": [0, 1, 3]}, "joiners"),
    ({"joiners": range(2, 5)}, "joiners"),
    ({"confidence": 1.4}, "confidence 1.4"),
    ({"confidence": float("nan")}, "confidence nan"),
)


@pytest.mark.parametrize(("asked", "said"), NUMBERS)
def test_an_impossible_number_is_refused(
    demo_trust: Trust, asked: dict[str, Any], said: str
) -> None:
    with pytest.raises(BadInput, match=said) as raised:
        answers.absorb(demo_trust, "steady", **asked)
    assert raised.value.rule
    assert raised.value.mend


@pytest.mark.parametrize(
    "asked", [{"joiners": -1}, {"joiners": 10_000}, {"replicates": 0}, {"seed": -1}]
)
def test_an_impossible_number_is_refused_of_a_scenario_too(
    demo_trust: Trust, asked: dict[str, Any]
) -> None:
    with pytest.raises(BadInput, match="cannot be used"):
        answers.simulate(demo_trust, "steady", **asked)


@pytest.mark.parametrize(
    ("scenario", "said"),
    [
        (steady(offer_chance=2.0, arrival="offered"), "joiners.offer_chance = 2"),
        (steady(offer_chance=float("nan"), arrival="offered"), "joiners.offer_chance = nan"),
        (steady(first_term="2025/26 autumn"), "is before start"),
        (steady(schools=10_000), "joiners.schools = 10000|10000 joiners cannot be used"),
        (steady().model_copy(update={"assume": {"lead_leaves": 1.4}}), "lead_leaves = 1.4"),
        (steady().model_copy(update={"assume": {"led_leaves": 0.1}}), "led_leaves is not a"),
    ],
)
def test_a_scenario_changed_in_python_is_held_to_the_same_rules(
    demo_trust: Trust, scenario: Scenario, said: str
) -> None:
    for answer in (answers.absorb, answers.simulate):
        with pytest.raises(BadInput, match=said):
            answer(demo_trust, scenario)


def test_tables_changed_in_python_are_held_to_the_same_rules(demo_trust: Trust) -> None:
    schools = demo_trust.schools.copy()
    schools.loc[2, "pupils"] = -5
    urn = int(schools["urn"].iloc[2])
    with pytest.raises(BadInput, match=f"school {urn} has -5 pupils"):
        answers.simulate(given(demo_trust, schools), "steady")
    many = pd.concat([demo_trust.schools] * 30, ignore_index=True)
    with pytest.raises(BadInput, match="the trust has 420 schools"):
        answers.absorb(given(demo_trust, many), "steady")


def given(trust: Trust, schools: pd.DataFrame) -> Trust:
    """The trust with another table of schools."""
    return replace(trust, tables={**trust.tables, "schools": schools})
