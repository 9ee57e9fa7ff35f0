"""The register shows every assumption, so that no changed value can pass unseen."""

from __future__ import annotations

import pandas as pd
import pytest

from workbench import paths
from workbench.parameters.levers import load_lever_sizes
from workbench.parameters.limits import LIMITS
from workbench.parameters.quantity import Quantity
from workbench.parameters.scenario import read_scenario
from workbench.report.register import (
    _row,
    assumptions,
    identified,
    limits_table,
    other_readings,
    rests_on,
    starting_values,
    unverified,
)
from workbench.scenario.answers import read_model, read_settings

MODEL = read_model()
QUANTITIES = dict(MODEL.quantities())


def test_every_assumption_has_a_row_with_a_source_and_a_review_date() -> None:
    register = assumptions(MODEL, read_settings())
    assert len(register) == len(QUANTITIES) + 18
    assert register["Ref"].is_unique
    assert (register[["Assumption", "Value used", "Unit", "Source", "Review by"]] != "").all(
        axis=None
    )


@pytest.mark.parametrize("name", QUANTITIES)
def test_a_changed_value_changes_its_row(name: str) -> None:
    quantity = QUANTITIES[name]
    low, high = quantity.range
    for value in (quantity.value + (high - low) / 1000, quantity.value - (high - low) / 1000):
        if low <= value <= high:
            changed = Quantity.model_validate(quantity.model_dump() | {"value": value})
            assert _row("A1", changed) != _row("A1", quantity)


def test_what_nobody_has_checked_is_counted() -> None:
    register = pd.DataFrame({"Checked": ["no", "yes", "no"]})
    assert unverified(register).startswith("2 of the 3 assumptions have not been checked")


def test_how_much_is_unchecked_and_how_much_was_measured_is_counted() -> None:
    register = pd.DataFrame({"Checked": ["no", "yes", "no"]})
    starting = pd.DataFrame({"measured": [True, False]})
    assert rests_on(register, starting) == (
        "2 of 3 assumptions are unchecked; 1 of 2 starting values were measured on this trust."
    )


def test_nothing_assumed_is_called_known() -> None:
    starting = pd.DataFrame({
        "what": ["Lead posts vacant"], "value": [0.0], "low": [0.0], "high": [0.0],
        "unit": ["posts"], "source": ["declared prior"], "measured": [False],
    })  # fmt: skip
    assert list(starting_values(starting)["Believed range"]) == ["not varied"]


def test_starting_values_say_what_was_measured_and_how_sure_the_rest_is() -> None:
    starting = pd.DataFrame({
        "what": ["Leads", "Vision", "Income"],
        "value": [1.8, 0.61304, 43_600_000.0],
        "low": [1.8, 0.33042, 43_599_999.99],
        "high": [1.8, 0.82986, 43_600_000.01],
        "unit": ["posts", "level", "pounds"],
        "source": ["people table", "declared prior", "trust table"],
        "measured": [True, False, True],
    })  # fmt: skip
    shown = starting_values(starting)
    assert list(shown["Value used"]) == ["1.8", "0.61", "43,600,000"]
    assert list(shown["Believed range"]) == ["known", "0.33 to 0.83", "known"]
    assert list(shown["Measured or assumed"]) == ["measured", "assumed", "measured"]


def test_every_limit_that_is_judged_is_defined_with_its_value() -> None:
    settings = read_settings()
    limits = settings.limits
    less = limits.unmet_need.model_copy(update={"value": 0.25})
    changed = limits.model_copy(update={"unmet_need": less, "apply": limits.apply[:3]})
    table = limits_table(MODEL, settings.model_copy(update={"limits": changed}), LIMITS)
    assert list(table["Limit"]) == ["Golden rule", "Overstretch", "Unmet need"]
    assert table["Value"].iloc[2] == "more than 25% of the days"
    assert len(limits_table(MODEL, settings, LIMITS)) == len(limits.apply)


def test_a_limit_that_cannot_be_judged_says_so_in_place_of_its_value() -> None:
    table = limits_table(MODEL, read_settings(), LIMITS[:-1]).set_index("Limit")
    assert table.loc["Reserves", "Value"] == "not judged: the trust's tables do not say"
    assert not table.drop(index="Reserves")["Value"].str.contains("not judged").any()


def test_the_terms_before_a_school_provides_point_to_the_assumption_and_to_the_rule() -> None:
    settings = read_settings()
    rows = assumptions(MODEL, settings).set_index("Assumption")
    ours = rows.loc["Terms after joining before a school may provide support."]
    theirs = rows.loc["Terms a school has been in the trust before it may provide; 0 does not ask."]
    said = limits_table(MODEL, settings, LIMITS)["What breaking it means"][0]
    assert (
        f"in the trust {ours['Value used']} terms (assumption {ours['Ref']} of this simulation; "
        f"the rule as written asks for {theirs['Value used']}, {theirs['Ref']})"
    ) in said
    limits = settings.limits.model_copy(update={"golden_rule": "workbench"})
    same = limits_table(MODEL, settings.model_copy(update={"limits": limits}), LIMITS)
    assert (
        f"3 terms (assumption {ours['Ref']}, as the rule itself asks)"
        in (same["What breaking it means"][0])
    )


def test_another_reading_of_the_golden_rule_is_named() -> None:
    (said,) = other_readings(read_settings())
    assert "Article: three good schools" in said
    assert "Workbench: weighted need" in said


def test_any_changed_parameter_changes_the_digest() -> None:
    settings, sizes = read_settings(), load_lever_sizes()
    plan = read_scenario("steady", paths.scenarios())
    before = identified(MODEL, settings, sizes, plan)
    joiners = plan.joiners.model_copy(update={"schools": plan.joiners.schools + 1})
    assert before == identified(MODEL, settings, sizes, plan)
    assert before != identified(
        MODEL, settings, sizes, plan.model_copy(update={"joiners": joiners})
    )
    limits = settings.limits.model_copy(update={"golden_rule": "workbench"})
    changed = settings.model_copy(update={"limits": limits})
    assert before != identified(MODEL, changed, sizes, plan)
