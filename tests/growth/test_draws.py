"""Draws of parameters: one stream a name, held values held, shapes checked."""

import numpy as np
import pytest

from tests.growth.settings import declared_model
from workbench.errors import BadInput
from workbench.growth.draws import (
    applicable,
    as_records,
    draw_parameters,
    events_for_each_draw,
    of_reference,
    place_of,
)
from workbench.growth.reference import central
from workbench.parameters.distributions import Floats


def test_adding_a_parameter_shifts_no_other_draw() -> None:
    model = declared_model()
    whole = draw_parameters(model, "report card", {}, 1, 50)
    held = draw_parameters(model, "report card", {"lead_span": 6.0}, 1, 50)
    assert set(np.unique(held["lead_span"])) == {6.0}
    for name in set(whole) - {"lead_span"}:
        assert np.array_equal(whole[name], held[name]), name


def test_uncertain_parameters_vary_within_their_range_and_fixed_ones_do_not() -> None:
    model = declared_model()
    drawn = draw_parameters(model, "report card", {}, 1, 400)
    for dotted, quantity in model.quantities():
        name = dotted.rsplit(".", 1)[-1]
        if dotted.startswith(("inspect.oeif.", "reference.")):
            continue
        low, high = quantity.range
        assert (drawn[name] >= low).all(), name
        assert (drawn[name] <= high).all(), name
        assert (np.ptp(drawn[name]) > 0) == quantity.is_uncertain, name


def test_the_framework_chooses_the_inspection_windows() -> None:
    model = declared_model()
    cards = draw_parameters(model, "report card", {}, 1, 2)["routine_min"]
    older = draw_parameters(model, "oeif", {}, 1, 2)["routine_min"]
    assert cards[0] == model.inspect.report_card.routine_min.value
    assert older[0] == model.inspect.oeif.routine_min.value


def test_what_describes_the_reference_population_alone_is_no_parameter_of_a_trust() -> None:
    model = declared_model()
    told = set(of_reference(model))
    assert told == set(type(model.reference).model_fields)
    assert told
    for framework in ("report card", "oeif"):
        assert not told & set(applicable(model, framework))
        assert not told & set(draw_parameters(model, framework, {}, 1, 2))
    assert told < set(central(model))


def test_fields_of_a_record_do_not_depend_on_the_order_they_were_named_in() -> None:
    one, two = np.array([1.0]), np.array([2.0])
    assert as_records({"b": one, "a": two}).dtype == as_records({"a": two, "b": one}).dtype
    assert as_records({"b": one, "a": two})["b"].tolist() == [1.0]


@pytest.mark.parametrize(("replicates", "events"), [(2000, 4), (250, 5), (33, 3), (22, 2), (23, 1)])
def test_events_for_each_draw_divide_the_replicates(replicates: int, events: int) -> None:
    assert events_for_each_draw(replicates) == events


def test_columns_of_different_lengths_are_refused() -> None:
    with pytest.raises(ValueError, match="different lengths"):
        as_records({"a": np.zeros(2), "b": np.zeros(3)})


def test_a_cube_gives_the_declared_quantiles_and_leaves_the_rest_at_their_value() -> None:
    """Triangular on 4 to 5 with its mode at 4.5: quantiles 4 + sqrt(u / 2) below the mode."""
    model = declared_model()
    places = np.array([0.02, 0.125, 0.5])
    drawn = draw_parameters(model, "report card", {}, 1, 3, cube={"exec_span": places})
    assert drawn["exec_span"] == pytest.approx([4.1, 4.25, 4.5], rel=1e-12)
    for name, quantity in applicable(model, "report card").items():
        if name != "exec_span":
            assert set(drawn[name]) == {quantity.value}, name


def test_a_held_parameter_stands_whatever_the_cube_says() -> None:
    model, cube = declared_model(), {"exec_span": np.array([0.1, 0.9])}
    drawn = draw_parameters(model, "report card", {"exec_span": 4.2}, 1, 2, cube=cube)
    assert drawn["exec_span"].tolist() == [4.2, 4.2]


def test_every_uncertain_quantity_takes_its_own_value_somewhere_in_the_cube() -> None:
    for name, quantity in applicable(declared_model(), "report card").items():
        if quantity.is_uncertain:
            place = np.array([place_of(quantity, quantity.value)])
            assert quantity.draws(place)[0] == pytest.approx(quantity.value, rel=1e-9), name


@pytest.mark.parametrize(
    ("cube", "rule"),
    [
        ({"no_such": np.array([0.1, 0.2])}, "names parameters"),
        ({"lead_span": np.array([0.1])}, "one place for each of the 2 draws"),
        ({"lead_span": np.array([0.1, 1.2])}, "between 0 and 1"),
    ],
)
def test_a_cube_that_cannot_be_used_is_refused(cube: dict[str, Floats], rule: str) -> None:
    with pytest.raises(BadInput) as refused:
        draw_parameters(declared_model(), "report card", {}, 1, 2, cube=cube)
    assert rule in str(refused.value)
