"""Fitted values as a proposal for `parameters/model.yaml`, with their doubt.

Nothing is put in force here: a proposal is a file of its own, to be read, argued over, and moved
into place by a person. After that `python -m workbench.growth.reference` centres the model anew.
Only values that grades tell and that make the growth model agree better with them are written
(`TOLD`; docs/decisions/0017-calibration.md says why these).
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

from workbench import paths
from workbench.growth.calibrate.chain import MOVES, ORIGINS, STATES, decompose, transitions
from workbench.growth.calibrate.fit import Belief, Fitted
from workbench.growth.calibrate.forecast import true_bands
from workbench.growth.calibrate.form import Form, starting_numbers
from workbench.growth.calibrate.visits import Visits
from workbench.parameters.load import load_yaml
from workbench.parameters.model import ModelParameters
from workbench.parameters.quantity import Quantity
from workbench.parameters.research import CalibrationRules
from workbench.terms import TERMS_A_YEAR

Floats = npt.NDArray[np.float64]

DRAWS, SEED = 200, 2026
ERRORS = ("error_low", "error_high")
TOLD = ("rise_secure", "fall_secure", "fall_strong", "error_high")
# How far effects and starting mixes may be from none before any visit is looked at, as standard
# deviations of logarithms; for rates and errors it is declared.
SPREADS = {"effects": 0.5, "start": 3.0, "frailty": 1.0}
_TRIANGLE = 6.0**0.5  # half width of a triangular distribution over its standard deviation
_DIGITS = 3  # of a value in the file, and beyond that of no meaning
_INSIDE = 1e-3  # of its range: how near to an end a value may be


@dataclass(frozen=True)
class Proposed:
    """A value for one parameter.

    Attributes:
        name: The parameter, such as `improve.rise_attention`.
        declared: Its value now.
        value: The value proposed.
        error: Its standard error.
        distribution: What is believed of it, as the file has it, with the error widened.
        held: Whether the fitted value lay beyond the range that anyone may set, and is held there.
    """

    name: str
    declared: float
    value: float
    error: float
    distribution: str
    held: bool

    @property
    def told(self) -> bool:
        """Whether it is written into a proposal: grades tell it, and it serves the simulation."""
        return self.name.rpartition(".")[2] in TOLD


def declared_belief(form: Form, beliefs: CalibrationRules) -> Belief:
    """Return what was believed of the numbers before they were fitted, to begin from.

    Visits decide nearly all of them. Where they can hardly tell two numbers apart, such as errors
    of inspection from quick moves there and back, what was declared keeps the fit where it makes
    sense. Values in force are not asked: fitted once, they would count the same grades twice.
    """
    a_year = [-TERMS_A_YEAR * np.log1p(-beliefs.believed(move)) for move in MOVES]
    centre = starting_numbers(form, a_year, beliefs.errors)
    spread, within = np.ones(len(centre)), beliefs.rates_within.value
    for group, place in form.slices().items():
        spread[place] = SPREADS.get(group, within)
    return Belief(centre, spread)


def chances_a_term(fitted: Fitted, visits: Visits, theta: Floats | None = None) -> Floats:
    """Return each move's chance in a term, averaged over the schools as they stand, length 6.

    A school counts for a band by the chance that it is truly in it at its last visit. What rises
    or falls two bands within a term counts as one move, as the simulation moves one band at most.

    Args:
        fitted: The model.
        visits: What it was fitted to.
        theta: Other numbers than the estimates, for schools in the same bands.
    """
    return _chances(fitted, visits, true_bands(fitted, visits), theta)


def _chances(fitted: Fitted, visits: Visits, bands: Floats, theta: Floats | None) -> Floats:
    numbers = fitted.numbers(visits.rows, theta)
    upward = np.arange(2 * (STATES - 1)) < STATES - 1
    moved, held = np.zeros(len(MOVES)), np.zeros(len(MOVES))
    rows = np.arange(len(visits.rows))
    for which, logs in enumerate(numbers.log_intensities):
        weights = np.zeros((len(rows), STATES))
        np.add.at(weights, visits.last_row, bands[:, which])
        chances = transitions(decompose(np.exp(logs)), rows, np.full(len(rows), 1 / TERMS_A_YEAR))
        rises, falls = np.triu(chances, 1).sum(axis=2), np.tril(chances, -1).sum(axis=2)
        for move, origin in enumerate(ORIGINS):
            way = rises if upward[move] else falls
            moved[move] += (weights[:, origin] * way[:, origin]).sum()
            held[move] += weights[:, origin].sum()
    return np.asarray(moved / held)


def pooled_errors(fitted: Fitted, bands: Floats, theta: Floats | None = None) -> Floats:
    """Return the chances of seeing a school a band too low and too high, over the schools.

    Where each band has errors of its own, these are their averages over schools whose band has
    another below it, and above it.
    """
    seen, common = fitted.numbers(theta=theta).seen, bands.sum(axis=(0, 1))
    low = (common[1:] * np.diag(seen, -1)).sum() / common[1:].sum()
    high = (common[:-1] * np.diag(seen, 1)).sum() / common[:-1].sum()
    return np.array([low, high])


def propose(
    fitted: Fitted, visits: Visits, model: ModelParameters, *, widening: float = 1.0
) -> tuple[Proposed, ...]:
    """Return proposed values of the six rates, and of the errors of inspection where fitted.

    Standard errors are those over draws of the model's numbers, with schools in the bands where
    the estimates have them.

    Args:
        fitted: The model.
        visits: What it was fitted to.
        model: The parameters in force.
        widening: What standard errors are multiplied by in the distributions: they know nothing of
            the choice of form.
    """
    bands, found = true_bands(fitted, visits), []
    draws = fitted.draws(DRAWS, SEED)
    rates = _chances(fitted, visits, bands, None)
    error = np.std([_chances(fitted, visits, bands, theta) for theta in draws], axis=0)
    for move, value, doubt in zip(MOVES, rates, error, strict=True):
        quantity: Quantity = getattr(model.improve, move)
        inside, wide = _within(float(value), quantity), widening * float(doubt)
        count = float(f"{max(2.0, inside * (1.0 - inside) / wide**2 - 1.0):.{_DIGITS}g}")
        low, high = quantity.range
        said = f"{{kind: beta, n: {count:.0f}, low: {low:g}, high: {high:g}}}"
        found.append(_proposed(f"improve.{move}", quantity, float(value), float(doubt), said))
    if isinstance(fitted.form.errors, str):
        seen = pooled_errors(fitted, bands)
        error = np.std([pooled_errors(fitted, bands, theta) for theta in draws], axis=0)
        for name, value, doubt in zip(ERRORS, seen, error, strict=True):
            quantity = getattr(model.inspect, name)
            middle, reach = _within(float(value), quantity), _TRIANGLE * widening * float(doubt)
            low = max(quantity.range[0], float(f"{middle - reach:.{_DIGITS}g}"))
            high = min(quantity.range[1], float(f"{middle + reach:.{_DIGITS}g}"))
            said = f"{{kind: triangular, low: {low:g}, high: {high:g}}}"
            found.append(_proposed(f"inspect.{name}", quantity, float(value), float(doubt), said))
    return tuple(found)


def _within(value: float, quantity: Quantity) -> float:
    """Return a value to three digits, moved inside the range that anyone may set."""
    low, high = quantity.range
    inside = (high - low) * _INSIDE
    rounded = float(f"{value:.{_DIGITS}g}")
    return round(min(max(rounded, low + inside), high - inside), 2 * _DIGITS)


def _proposed(
    name: str, quantity: Quantity, value: float, error: float, distribution: str
) -> Proposed:
    low, high = quantity.range
    reach = (high - low) * _INSIDE
    held = not low + reach <= value <= high - reach
    inside = _within(value, quantity)
    return Proposed(name, quantity.value, inside, error, distribution, held)


def write_proposal(
    to: Path, proposed: Sequence[Proposed], source: str, model: Path | None = None
) -> Path:
    """Write a model file with those of the proposed values in it that grades tell; return it.

    Every other line is as it stands in the model file; each value proposed is marked as not
    verified and names its source.

    Args:
        to: The file to write; never the model file in force.
        proposed: The values; those not among `TOLD` stay as declared.
        source: What they were fitted to, in one line.
        model: The model file; the one in force if not given.

    Raises:
        BadInput: The file made does not fit the schema.
    """
    text = (model or paths.parameters() / "model.yaml").read_text(encoding="utf-8")
    said = source.replace("'", "''")
    for one in proposed:
        if not one.told:
            continue
        name = one.name.rpartition(".")[2]
        block = re.compile(
            rf"(?m)^  {name}:\n    value: \S+\n    distribution: .*\n"
            r"((?:    (?!source|verified).*\n)*)"
            r"    source: .*\n    verified: \S+\n"
        )
        lines = (
            f"  {name}:\n    value: {one.value:g}\n    distribution: {one.distribution}\n\\1"
            f"    source: {{title: '{said}; standard error {one.error:.2g}'}}\n"
            "    verified: false\n"
        )
        text, found = block.subn(lines, text)
        if found != 1:
            raise ValueError(f"the model file names {name} {found} times, not once")
    to.parent.mkdir(parents=True, exist_ok=True)
    staged = to.with_suffix(".staged")
    staged.write_text(text, encoding="utf-8")
    load_yaml(staged, ModelParameters)
    staged.replace(to)
    return to
