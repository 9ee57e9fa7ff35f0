"""The register of assumptions: every declared number, its doubt, source, and who has checked it."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from hashlib import sha256

import numpy as np
import pandas as pd

from workbench.charts.wording import percent, points, signed
from workbench.parameters.golden_rule import load_golden_rule
from workbench.parameters.levers import LeverSizes
from workbench.parameters.limits import TrustSettings
from workbench.parameters.model import ModelParameters
from workbench.parameters.quantity import Quantity
from workbench.parameters.scenario import Scenario

_NOT_JUDGED = "not judged: the trust's tables do not say"


def assumptions(model: ModelParameters, settings: TrustSettings) -> pd.DataFrame:
    """Return every assumption of the growth model and the board's limits, one row each.

    The believed range is the middle nine tenths of what the parameter is drawn from; a fixed
    parameter has none.
    """
    rows = [
        _row(f"A{place}", quantity)
        for place, (_, quantity) in enumerate(model.quantities(), start=1)
    ]
    rows += [
        _row(f"B{place}", quantity) for place, quantity in enumerate(_settings(settings), start=1)
    ]
    return pd.DataFrame(rows)


def held_by_scenario(assume: dict[str, float], model: ModelParameters) -> pd.DataFrame:
    """Return the assumptions that a scenario holds at a value of its own; often none."""
    known = {name.rsplit(".", 1)[-1]: quantity for name, quantity in model.quantities()}
    return pd.DataFrame(
        [
            {
                "Assumption": known[name].description,
                "Held at": _show(value, 12),
                "Usually": _show(known[name].value, 12),
                "Unit": known[name].unit,
            }
            for name, value in assume.items()
        ],
        columns=["Assumption", "Held at", "Usually", "Unit"],
    )


def limits_table(
    model: ModelParameters, settings: TrustSettings, judged: Collection[str]
) -> pd.DataFrame:
    """Return what each of the board's limits means, with its figures.

    Args:
        model: The growth model's parameters.
        settings: The board's limits.
        judged: Names of the limits that were judged; another is marked as not judged.
    """
    limits = settings.limits
    rule = load_golden_rule().policy(limits.golden_rule)
    known = {name.rsplit(".", 1)[-1]: quantity.value for name, quantity in model.quantities()}
    forgiven = f"for more than {_terms(limits.grace_terms.value)}"
    said = {
        "golden rule": (
            f"{rule.title}. Broken where, {forgiven}, there are too few providers for the weight "
            "of the weak schools, both by inspectors' last judgements; a provider has been in the "
            f"trust {known['settle_terms']:g} terms ({_settled(model, settings)}) and has days to "
            "give",
            f"{_show(rule.ratio.value, 3)} providers for each unit of weight; a school that needs "
            f"attention weighs {rule.weights.needs_attention.value:g}, an urgent one "
            f"{rule.weights.category.value:g}",
        ),
        "overstretch": (
            "More schools than the executive and improvement leads can cover",
            f"for {_terms(known['overstretch_terms'])}; a lead covers about "
            f"{known['lead_span']:g} schools, an executive alone {known['exec_span']:g}",
        ),
        "unmet need": (
            f"Too many of the days that its schools truly need go unmet, {forgiven}",
            f"more than {percent(limits.unmet_need.value)} of the days",
        ),
        "existing schools": (
            "The share of the schools already in the trust that are truly secure or better falls "
            f"too far below its start, {forgiven}",
            f"more than {points(limits.existing_fall.value)} percentage points",
        ),
        "reserves": (
            "Reserves are too small at the end of any term",
            f"less than {percent(limits.reserves_floor.value)} of annual income",
        ),
    }
    return pd.DataFrame(
        [
            (name.capitalize(), said[name][0], said[name][1] if name in judged else _NOT_JUDGED)
            for name in limits.apply
        ],
        columns=["Limit", "What breaking it means", "Value"],
    )


def other_readings(settings: TrustSettings) -> tuple[str, ...]:
    """Say that school reviews may read the golden rule otherwise; nothing where they cannot."""
    rule = load_golden_rule()
    kept = rule.policy(settings.limits.golden_rule)
    others = [policy.title for policy in rule.presets.values() if policy != kept]
    if "golden rule" not in settings.limits.apply or not others:
        return ()
    return (
        f"This simulation keeps the golden rule in one reading ({kept.title}); a school review may "
        f"show another ({'; '.join(others)}), and its verdict may differ.",
    )


def identified(
    model: ModelParameters, settings: TrustSettings, sizes: LeverSizes, scenario: Scenario
) -> str:
    """Say which parameters were used, so that any changed value shows on the page."""
    rule = load_golden_rule()
    content = "\n".join(part.model_dump_json() for part in (model, settings, rule, sizes, scenario))
    return (
        f"Parameters used: {sha256(content.encode()).hexdigest()[:12]} (a digest that changes with "
        f"any value of the model, version {model.version}, the limits, {settings.version}, the "
        f"golden rule, {rule.version}, the sizes of changes, {sizes.version}, or the scenario)."
    )


def unverified(register: pd.DataFrame) -> str:
    """Say how much of the register nobody but its author has checked."""
    doubtful = int((register["Checked"] == "no").sum())
    return (
        f"{doubtful} of the {len(register)} assumptions have not been checked against their source "
        "by anybody but their author."
    )


def rests_on(register: pd.DataFrame, starting: pd.DataFrame) -> str:
    """Say in a sentence how much of an answer is unchecked, and how much was measured.

    Args:
        register: What `assumptions` returned.
        starting: One row for each starting value, with a column `measured`.
    """
    unchecked, measured = int((register["Checked"] == "no").sum()), int(starting["measured"].sum())
    return (
        f"{unchecked} of {len(register)} assumptions are unchecked; {measured} of "
        f"{len(starting)} starting values were measured on this trust."
    )


def starting_values(starting: pd.DataFrame) -> pd.DataFrame:
    """Return what the simulation started from, saying what was measured and what was assumed.

    Args:
        starting: One row for each value: `what, value, low, high, unit, source, measured`.
    """
    return pd.DataFrame({
        "Starting value": starting["what"],
        "Value used": [
            _show(value, 3 if _show(low, 3) == _show(high, 3) else 2)
            for value, low, high in zip(
                starting["value"], starting["low"], starting["high"], strict=True
            )
        ],
        "Believed range": [
            _range(low, high) if measured or _show(low, 3) != _show(high, 3) else "not varied"
            for low, high, measured in zip(
                starting["low"], starting["high"], starting["measured"], strict=True
            )
        ],
        "Unit": starting["unit"],
        "Measured or assumed": [
            "measured" if measured else "assumed" for measured in starting["measured"]
        ],
        "From": starting["source"],
    })  # fmt: skip


def _settings(settings: TrustSettings) -> Iterator[Quantity]:
    limits, risk = settings.limits, settings.risk
    rule = load_golden_rule().policy(limits.golden_rule)
    for part in (rule, rule.weights, limits, risk):
        for name in type(part).model_fields:
            value = getattr(part, name)
            if isinstance(value, Quantity):
                yield value


def _settled(model: ModelParameters, settings: TrustSettings) -> str:
    """Say whose the terms are after which a school provides, where the rule's own reading differs.

    The references are those of `assumptions`.
    """
    rule = load_golden_rule().policy(settings.limits.golden_rule)
    place, used = next(
        (place, quantity)
        for place, (name, quantity) in enumerate(model.quantities(), start=1)
        if name.rsplit(".", 1)[-1] == "settle_terms"
    )
    ours = f"A{place}"
    if rule.settled_terms.value == used.value:
        return f"assumption {ours}, as the rule itself asks"
    theirs = next(
        f"B{number}"
        for number, quantity in enumerate(_settings(settings), start=1)
        if quantity == rule.settled_terms
    )
    return (
        f"assumption {ours} of this simulation; the rule as written asks for "
        f"{rule.settled_terms.value:g}, {theirs}"
    )


def _terms(number: float) -> str:
    return f"{number:g} {'term' if number == 1 else 'terms running'}"


def _row(reference: str, quantity: Quantity) -> dict[str, str]:
    believed = "fixed"
    if quantity.is_uncertain:
        low, high = (float(end) for end in quantity.draws(np.array([0.05, 0.95])))
        believed = _range(low, high)
    return {
        "Ref": reference,
        "Assumption": quantity.description,
        "Value used": _show(quantity.value, 12),
        "Believed range": believed,
        "Unit": quantity.unit,
        "Source": quantity.source.title,
        "Checked": "yes" if quantity.verified else "no",
        "Review by": f"{quantity.review:%b %Y}",
    }


def _range(low: float, high: float) -> str:
    """A believed range to two digits, or that there is no doubt worth showing."""
    if _show(low, 3) == _show(high, 3):
        return "known"
    return f"{_show(low, 2)} to {_show(high, 2)}"


def _show(value: float, digits: int) -> str:
    """A number to so many significant digits, large ones written out."""
    rounded = float(f"{value:.{digits}g}")
    return signed(f"{rounded:,.12g}")
