"""The controls reach as far as the schema of a scenario, and the address is read with care."""

from __future__ import annotations

from typing import Any

import pytest

from workbench import paths
from workbench.errors import BadInput
from workbench.explore.controls import (
    NAMES,
    State,
    as_query,
    checked,
    controls,
    from_query,
    most_schools,
)
from workbench.explore.plans import state_of
from workbench.parameters.explorer import ExplorerSizes, load_explorer_sizes
from workbench.parameters.scenario import MAXIMUM_JOINERS, read_scenario

SIZES: ExplorerSizes = load_explorer_sizes()
KNOWN = controls(SIZES, 12)
STEADY = state_of(read_scenario("steady", paths.scenarios()))


def test_bounds_are_those_of_the_schema() -> None:
    reach = {name: (one.low, one.high) for name, one in KNOWN.items()}
    assert reach["ahead"] == (0, 9)
    assert reach["ratio"] == (2, 20)
    assert reach["slice"] == (0, 15)
    assert reach["leads"] == (0, 10)
    assert reach["pace"] == (0.5, 12), "no school a year is no pace"
    assert reach["schools"] == (0, 12)
    assert tuple(KNOWN) == NAMES


def test_the_curve_reaches_beyond_what_is_planned() -> None:
    plan = read_scenario("ambitious", paths.scenarios())
    assert most_schools(plan, SIZES, 5) == 15
    assert most_schools(read_scenario("steady", paths.scenarios()), SIZES, 5) == 12
    many = plan.joiners.model_copy(update={"schools": MAXIMUM_JOINERS})
    assert most_schools(plan.model_copy(update={"joiners": many}), SIZES, 5) == MAXIMUM_JOINERS


@pytest.mark.parametrize(
    ("name", "value"),
    [("schools", 13), ("schools", -1), ("pace", 0.0), ("weak", 100.5), ("ratio", float("nan")),
     ("slice", float("inf"))],
)  # fmt: skip
def test_a_control_out_of_reach_is_refused_by_name(name: str, value: float) -> None:
    numbers: dict[str, Any] = {**as_numbers(STEADY), name: value}
    state = State(**numbers)
    with pytest.raises(BadInput, match=KNOWN[name].label.lower()):
        checked(state, KNOWN)


def as_numbers(state: State) -> dict[str, float]:
    """A state's values by name."""
    return {name: getattr(state, name) for name in NAMES}


def test_every_fault_is_named_at_once() -> None:
    with pytest.raises(BadInput) as caught:
        checked(STEADY.but(ratio=50, pace=99), KNOWN)
    assert "pace" in caught.value.what
    assert "schools for each lead" in caught.value.what


def test_a_state_comes_back_from_the_address_as_it_went() -> None:
    state = STEADY.but(schools=7, weak=100 / 3, leads=1.5)
    back, refused = from_query(as_query(state), STEADY, KNOWN)
    assert refused == ()
    assert back.weak == pytest.approx(state.weak, abs=1e-6)
    assert back.but(weak=0) == state.but(weak=0)
    assert isinstance(back.schools, int)


def test_an_empty_address_says_nothing() -> None:
    assert from_query({}, STEADY, KNOWN) == (STEADY, ())


@pytest.mark.parametrize(
    ("text", "why"),
    [("99", "between 0 and 12"), ("-1", "between"), ("2.5", "whole number"), ("nan", "between"),
     ("", "is a number"), ("four", "is a number"), ("1e400", "between"), ("<b>", "is a number")],
)  # fmt: skip
def test_what_cannot_be_used_is_refused_and_the_default_stands(text: str, why: str) -> None:
    state, refused = from_query({"schools": text, "pace": "2"}, STEADY, KNOWN)
    assert state == STEADY.but(pace=2.0)
    [said] = refused
    assert why in said
    assert "4 is used" in said


def test_a_misspelt_name_is_refused_with_the_one_meant() -> None:
    state, refused = from_query({"shcools": "3"}, STEADY, KNOWN)
    assert state == STEADY
    assert refused == ("The address names 'shcools', which is no control; did it mean 'schools'?",)


def test_a_long_text_is_cut_where_it_is_said() -> None:
    [said] = from_query({"pace": "9" * 5000}, STEADY, KNOWN)[1]
    assert len(said) < 200
