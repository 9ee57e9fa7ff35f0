"""The seven pillars as people read them in a terminal and machines as JSON."""

from __future__ import annotations

import json
import math
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NoReturn

import pytest
from typer.testing import CliRunner, Result

from tests.trust.folders import write_trust
from workbench import cli, paths
from workbench.charts.wording import capital
from workbench.parameters.pillars import PILLARS, load_pillars
from workbench.trust.load import Trust
from workbench.trust.people import spells_on

DEMO = paths.demo()


def run(*arguments: object) -> Result:
    """Run the command line in this process."""
    return CliRunner().invoke(cli.app, [str(argument) for argument in arguments])


def _refuse(constant: str) -> NoReturn:
    raise AssertionError(f"{constant} is not JSON")


def _content(result: Result) -> dict[str, Any]:
    assert result.exit_code == 0, result.stderr
    content: dict[str, Any] = json.loads(result.stdout, parse_constant=_refuse)
    return content


def _leaves(value: object) -> Iterator[object]:
    if isinstance(value, dict):
        for one in value.values():
            yield from _leaves(one)
    elif isinstance(value, list):
        for one in value:
            yield from _leaves(one)
    else:
        yield value


def _indicators(content: dict[str, Any]) -> dict[str, dict[str, Any]]:
    return {
        key: one
        for pillar in content["pillars"].values()
        for key, one in pillar["indicators"].items()
    }


def _leads(trust: Trust) -> tuple[float, int]:
    """Schools for each full-time improvement lead of a trust, and the leads in post."""
    people = spells_on(trust.people, trust.as_of)
    leads = people[people["role"].eq("improvement lead") & people["status"].eq("filled")]
    return len(trust.schools) / float(leads["fte"].sum()), len(leads)


@pytest.fixture(scope="module")
def text() -> str:
    result = run("pillars", DEMO)
    assert result.exit_code == 0, result.stderr
    return result.stdout


@pytest.fixture(scope="module")
def content() -> dict[str, Any]:
    return _content(run("pillars", DEMO, "--json"))


@pytest.fixture(scope="module")
def bare(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A trust of which nothing is known but its schools."""
    return write_trust(tmp_path_factory.mktemp("bare"))


def test_every_pillar_is_named_scored_and_listed(text: str) -> None:
    lines = text.splitlines()
    for name in PILLARS:
        assert capital(name) in lines, name  # above its indicators
        score = next(line for line in lines if re.match(rf"{capital(name)}  +\d", line))
        assert re.search(r"\d+ +\d+ to \d+ +\d+%", score), name
    assert lines[0].endswith("31 October 2026")


def test_an_indicator_is_shown_with_value_unit_and_what_it_rests_on(
    text: str, demo_trust: Trust
) -> None:
    ratio, posts = _leads(demo_trust)
    [line] = [one for one in text.splitlines() if one.startswith("Schools for each improvement")]
    assert f" {ratio:.1f} schools for each full-time lead " in line
    assert f" {posts} filled lead posts " in line
    assert "  on track  " in line


def test_text_is_for_people(text: str) -> None:
    assert not re.search(r"\b(nan|NaN|None|NaT|inf|null|True|False)\b", text)
    assert "_" not in text
    assert "<" not in text


def test_json_has_every_pillar_and_every_declared_indicator_of_a_trust(
    content: dict[str, Any],
) -> None:
    assert tuple(content["pillars"]) == PILLARS
    assert (content["urn"], content["as_of"]) == (None, "2026-10-31")
    declared = {
        key: one.pillar
        for key, one in load_pillars().indicators.items()
        if one.level in {"trust", "both"}
    }
    found = {
        key: name
        for name, pillar in content["pillars"].items()
        for key in pillar["indicators"]
    }  # fmt: skip
    assert found == declared


def test_what_was_not_known_on_an_earlier_day_is_null_and_says_what_is_missing() -> None:
    content = _content(run("pillars", DEMO, "--on", "2025-03-31", "--json"))
    assert content["as_of"] == "2025-03-31"
    indicators = _indicators(content)
    unknown = [one for one in indicators.values() if one["rating"] == "not enough evidence"]
    assert unknown
    for one in unknown:
        assert one["value"] is None
        assert one["interval"] is None
        assert one["score"] is None
        assert one["missing"]
    for key, one in indicators.items():
        assert (one["value"] is None) == (
            one["rating"] in {"not enough evidence", "not applicable"}
        ), key


def test_every_number_is_finite_and_within_its_own_bounds(content: dict[str, Any]) -> None:
    numbers = [one for one in _leaves(content) if isinstance(one, float)]
    assert len(numbers) > 100
    assert all(map(math.isfinite, numbers))
    for name, pillar in content["pillars"].items():
        assert 0 <= pillar["lower"] <= pillar["score"] <= pillar["upper"] <= 1, name
    for key, one in _indicators(content).items():
        if one["interval"] is not None:
            low, high = one["interval"]
            assert low <= one["value"] <= high, key


def test_json_says_what_the_text_says(
    content: dict[str, Any], text: str, demo_trust: Trust
) -> None:
    ratio, posts = _leads(demo_trust)
    span = _indicators(content)["lead_span"]
    assert (span["value"], span["n"]) == (pytest.approx(ratio), posts)
    for name, pillar in content["pillars"].items():
        shown = round(100 * pillar["score"])
        assert re.search(rf"^{capital(name)} +{shown} ", text, re.MULTILINE), name
    assert content["critical_failures"] == ["golden_rule"]
    assert content["pillars"]["capacity"]["held_down_by"] == ["golden_rule"]


def test_one_school_is_measured_by_what_shows_there() -> None:
    content = _content(run("pillars", DEMO, "--school", 900001, "--json"))
    assert content["urn"] == 900001
    assert tuple(content["pillars"]) == PILLARS
    declared = load_pillars().indicators
    assert {declared[key].level for key in _indicators(content)} <= {"school", "both"}
    text = run("pillars", DEMO, "--school", 900001).stdout
    assert text.startswith("Quillmarsh Primary School, 31 October 2026")


@pytest.mark.parametrize("as_json", [False, True])
def test_a_school_of_another_trust_is_refused_with_what_to_do(as_json: bool) -> None:
    result = run("pillars", DEMO, "--school", 123456, *(["--json"] if as_json else []))
    assert result.exit_code == 2
    said = result.stdout + result.stderr
    assert "123456" in said
    assert "mend" in said
    assert "take a URN from schools" in said
    if as_json:
        assert json.loads(result.stdout or result.stderr)


def test_a_trust_of_schools_alone_has_a_profile_without_scores_that_says_what_is_missing(
    bare: Path,
) -> None:
    content = _content(run("pillars", bare, "--json"))
    assert tuple(content["pillars"]) == PILLARS
    for name, pillar in content["pillars"].items():
        assert pillar["score"] is None, name
        assert pillar["lower"] is None, name
        assert pillar["why_not"], name
    assert content["lowest"] is None

    text = run("pillars", bare).stdout
    assert len(re.findall(r"^(?:.+?)  +Not known", text, re.MULTILINE)) == len(PILLARS)
    assert "Missing: " in text
    assert "have no figure yet" in text
    assert not re.search(r"\b(nan|None|NaT)\b|_", text)
