"""The declarations of the pillars: what may stand in the file and what is refused."""

from __future__ import annotations

from typing import Any

import pytest

from workbench import paths
from workbench.errors import BadInput
from workbench.parameters.load import validate
from workbench.parameters.pillars import PILLARS, Indicator, Pillars, load_pillars
from workbench.parameters.schemas import schema_texts

SOURCE = {"source": {"title": "A source"}, "verified": False, "review": "2027-09-01"}
SHARE: dict[str, Any] = {
    "pillar": "process",
    "level": "both",
    "name": "Reviews held",
    "question": "Are they held?",
    "formula": "held / due",
    "inputs": ["project_reviews"],
    "unit": "% of reviews",
    "direction": "up",
    "decimals": 0,
    "threshold": {"limit": 95, **SOURCE},
    "scale": [0, 100],
}
WITHIN: dict[str, Any] = {
    **SHARE,
    "direction": "within",
    "threshold": {"limits": [40, 70], **SOURCE},
    "scale": [0, 100],
}
DOWN: dict[str, Any] = {
    **SHARE,
    "direction": "down",
    "threshold": {"limit": 15, "watch": 10, **SOURCE},
    "scale": [45, 5],
}


def read(declared: dict[str, Any]) -> Indicator:
    return validate(declared, Indicator, where="test")


def refused(declared: dict[str, Any]) -> str:
    with pytest.raises(BadInput) as caught:
        read(declared)
    return str(caught.value)


@pytest.mark.parametrize(
    ("level", "levels"),
    [("both", ("trust", "school")), ("trust", ("trust",)), ("school", ("school",))],
)
def test_both_is_each_of_the_two_levels(level: str, levels: tuple[str, ...]) -> None:
    assert read({**SHARE, "level": level}).levels == levels


def test_weight_is_one_and_nothing_critical_unless_said() -> None:
    found = read(SHARE)
    assert (found.weight, found.critical, found.also_reads) == (1, False, ())
    assert read({**SHARE, "weight": 2, "critical": True}).weight == 2


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"level": "region"}, "level"),
        ({"weight": 0}, "weight"),
        ({"weight": 11}, "weight"),
        ({"weight": "2"}, "weight"),
        ({"decimals": -1}, "decimals"),
        ({"unit": ""}, "unit"),
        ({"question": "?"}, "question"),
        ({"pillar": "growth"}, "pillar"),
        ({"scale": [100, 0]}, "scale 100 to 0 runs against direction up"),
        ({"scale": [50, 50]}, "runs against direction up"),
        ({"scale": [0, 50, 100]}, "scale"),
        ({"scale": None, "critical": True}, "a critical indicator counts in its pillar"),
        ({"inputs": []}, "name the tables it reads"),
        ({"colour": "red"}, "colour"),
        ({"threshold": {**SOURCE}}, "give one of limit, limits, or set_by"),
        ({"threshold": {"limit": 1, "limits": [0, 2], **SOURCE}}, "give one of limit, limits"),
        ({"threshold": {"limits": [40, 70], **SOURCE}}, "direction within goes with"),
        ({"threshold": {"limit": 95, "watch": 90, **SOURCE}}, "watch 90 lies beyond limit 95"),
        ({"threshold": {"limit": 95, "verified": False, "review": "2027-09-01"}}, "source"),
    ],
)
def test_a_declaration_that_cannot_be_is_refused(change: dict[str, Any], said: str) -> None:
    read(SHARE)
    assert said in refused({**SHARE, **change})


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"threshold": {"limits": [70, 40], **SOURCE}}, "the lower of the two limits comes first"),
        ({"threshold": {"limits": [40, 40], **SOURCE}}, "the lower of the two limits comes first"),
        ({"threshold": {"limit": 40, **SOURCE}}, "direction within goes with a threshold of two"),
        ({"threshold": None}, "direction within goes with a threshold of two"),
        ({"scale": [40, 100]}, "scale lies outside the two limits"),
        ({"scale": [0, 70]}, "scale lies outside the two limits"),
        ({"scale": [100, 0]}, "scale lies outside the two limits"),
    ],
)
def test_two_limits_go_with_a_scale_that_holds_them(change: dict[str, Any], said: str) -> None:
    read(WITHIN)
    assert said in refused({**WITHIN, **change})


def test_less_is_better_on_a_scale_that_falls() -> None:
    read(DOWN)
    assert "scale 5 to 45 runs against direction down" in refused({**DOWN, "scale": [5, 45]})
    late = {"limit": 15, "watch": 20, **SOURCE}
    assert "watch 20 lies beyond limit 15" in refused({**DOWN, "threshold": late})


def test_without_a_scale_or_a_line_an_indicator_is_shown_alone() -> None:
    found = read({**SHARE, "scale": None, "threshold": None})
    assert (found.scale, found.threshold) == (None, None)


def test_every_window_and_every_rule_of_the_profile_is_needed() -> None:
    content = load_pillars().model_dump(mode="json")
    for group in ("windows", "profile"):
        for name in content[group]:
            rest = {key: one for key, one in content[group].items() if key != name}
            with pytest.raises(BadInput, match=name):
                validate({**content, group: rest}, Pillars, where="test")


@pytest.mark.parametrize(
    ("group", "name", "value"),
    [
        ("windows", "recent_terms", 0), ("windows", "confidence", 1.0),
        ("windows", "fewest_respondents", 4), ("windows", "fewest_pupils", 2),
        ("windows", "attainment_8_spread", 0), ("windows", "long_years", 0),
        ("windows", "theory_days", 0), ("profile", "floor", 1), ("profile", "noticeable", 0),
        ("profile", "least_measured", 0), ("profile", "draws", 10),
    ],
)  # fmt: skip
def test_a_number_that_would_undo_a_safeguard_is_refused(
    group: str, name: str, value: float
) -> None:
    content = load_pillars().model_dump(mode="json")
    content[group][name]["value"] = value
    with pytest.raises(BadInput, match="outside its range"):
        validate(content, Pillars, where="test")


def test_the_order_of_the_pillars_is_the_articles() -> None:
    assert PILLARS == (
        "vision", "capacity", "collective commitment", "intelligence", "process",
        "improvement activity", "quality assurance",
    )  # fmt: skip


def test_the_schema_for_editors_is_that_of_the_model() -> None:
    written = (paths.parameters() / "pillars.schema.json").read_text(encoding="utf-8")
    assert written == schema_texts()["pillars.schema.json"]
