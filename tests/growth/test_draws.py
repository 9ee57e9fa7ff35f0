"""Draws of parameters: one stream a name, held values held, shapes checked."""

import numpy as np
import pytest

from tests.growth.settings import declared_model
from workbench.growth.draws import as_records, draw_parameters, events_for_each_draw


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
        if dotted.startswith("inspect.oeif."):
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


@pytest.mark.parametrize(("replicates", "events"), [(2000, 4), (250, 5), (33, 3), (22, 2), (23, 1)])
def test_events_for_each_draw_divide_the_replicates(replicates: int, events: int) -> None:
    assert events_for_each_draw(replicates) == events


def test_columns_of_different_lengths_are_refused() -> None:
    with pytest.raises(ValueError, match="different lengths"):
        as_records({"a": np.zeros(2), "b": np.zeros(3)})
