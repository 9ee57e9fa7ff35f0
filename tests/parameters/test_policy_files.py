"""The golden rule's and the pillars' files: read whole, or refused by key, value and remedy."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from ruamel.yaml import YAML

from workbench import paths
from workbench.errors import BadInput
from workbench.parameters.golden_rule import load_golden_rule
from workbench.parameters.pillars import load_pillars

Change = Callable[[dict[str, Any]], object]


def _broken(tmp_path: Path, name: str, change: Change) -> Path:
    yaml = YAML(typ="safe", pure=True)
    content = yaml.load(paths.parameters() / name)
    change(content)
    path = tmp_path / name
    yaml.dump(content, path)
    return path


def test_both_presets_and_their_sources_are_there() -> None:
    rule = load_golden_rule()
    article, workbench = rule.policy("article"), rule.policy("workbench")
    assert article.ratio.value == workbench.ratio.value == 3
    assert {weight.value for _, weight in article.weights} == {1.0}
    weights = {name: weight.value for name, weight in workbench.weights}
    assert weights == {
        "category": 2.0,
        "urgent": 2.0,
        "leadership_needs_attention": 1.5,
        "needs_attention": 1.0,
        "inadequate": 2.0,
        "requires_improvement": 1.0,
    }
    assert article.spare_days is None
    assert workbench.unrated.strict.value > workbench.unrated.lenient.value == 0


def test_an_unknown_preset_is_refused_with_the_known_ones() -> None:
    with pytest.raises(BadInput, match="no golden rule preset 'articel'") as caught:
        load_golden_rule().policy("articel")
    assert caught.value.rule == "one of article, workbench"


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda c: c["presets"].pop("article"), "presets article must be kept"),
        (lambda c: c["presets"]["article"].pop("weights"), "presets.article.weights"),
        (lambda c: c["presets"]["workbench"].update(ratoi=3), "did you mean 'ratio'"),
        (lambda c: c["presets"]["workbench"]["ratio"].update(value="3"), "ratio.value = '3'"),
        (
            lambda c: c["presets"]["workbench"]["weights"]["category"].update(
                value=-1, range=[-2, 5]
            ),
            "may not be negative: weights.category",
        ),
        (
            lambda c: c["presets"]["workbench"]["ratio"].update(value=0, range=[0, 10]),
            "ratio 0 must be more than 0",
        ),
        (
            lambda c: c["presets"]["workbench"]["unrated"]["lenient"].update(value=2),
            "strict may not weigh less",
        ),
    ],
)
def test_a_broken_policy_is_refused_by_key_and_rule(
    tmp_path: Path, change: Change, said: str
) -> None:
    path = _broken(tmp_path, "golden_rule.yaml", change)
    with pytest.raises(BadInput) as caught:
        load_golden_rule(path)
    assert said in str(caught.value)
    assert str(path) in str(caught.value)


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (
            lambda c: c["indicators"]["lead_span"]["threshold"].update(watch=7),
            "watch 7 lies beyond limit 6",
        ),
        (
            lambda c: c["indicators"]["lead_span"]["threshold"].update(set_by="another file"),
            "give one of limit, limits, or set_by",
        ),
        (
            lambda c: c["indicators"]["lead_span"].update(direction="sideways"),
            "indicators.lead_span.direction",
        ),
        (
            lambda c: c["indicators"]["lead_span"]["threshold"].pop("source"),
            "indicators.lead_span.threshold.source",
        ),
        (
            lambda c: c["windows"]["confidence"].update(value=float("nan")),
            "windows.confidence.value",
        ),
    ],
)
def test_a_broken_indicator_is_refused_by_key_and_rule(
    tmp_path: Path, change: Change, said: str
) -> None:
    path = _broken(tmp_path, "pillars.yaml", change)
    with pytest.raises(BadInput) as caught:
        load_pillars(path)
    assert said in str(caught.value)


def test_an_indicator_that_is_not_declared_is_named() -> None:
    with pytest.raises(BadInput, match="'happiness' is not declared"):
        load_pillars().indicator("happiness")
