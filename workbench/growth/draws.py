"""Draw the uncertain parameters: each from a stream of its own name, so none shifts another."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import numpy.typing as npt
from scipy import optimize

from workbench.errors import BadInput
from workbench.growth.kernel.philox import uniforms
from workbench.growth.setting import Records
from workbench.parameters.distributions import Floats
from workbench.parameters.model import ModelParameters
from workbench.parameters.quantity import Quantity

FRAMEWORKS = {"report card": "inspect.report_card.", "oeif": "inspect.oeif."}
REFERENCE = "reference."  # describes the reference population, and no trust
EVENTS_PREFERRED = (4, 5, 3, 2, 7)

Cube = Mapping[str, Floats]
"""Places in the unit cube that drive parameters, each of length M, by the parameter's last name."""


def events_for_each_draw(replicates: int) -> int:
    """Return K, the trajectories for each draw of the parameters.

    At least two are needed to tell chance from doubt about the parameters; a prime number of
    replicates leaves one, and the two are then not told apart.
    """
    return next((k for k in EVENTS_PREFERRED if replicates % k == 0 and replicates > k), 1)


def draw_parameters(
    model: ModelParameters,
    framework: str,
    held: Mapping[str, float],
    seed: int,
    draws: int,
    *,
    cube: Cube | None = None,
) -> dict[str, Floats]:
    """Draw every parameter of the model.

    A `cube` asks "what if?" of the parameters it names: they take the quantiles of what is believed
    of them at its places, and every other stands still at its own value.

    Args:
        model: The declared parameters.
        framework: Inspection framework whose windows apply, a key of `FRAMEWORKS`.
        held: Parameters held at a value, by their last name.
        seed: Seed of every stream.
        draws: Number of draws M.
        cube: Places that replace the named streams, each of length M; none for an ordinary run.

    Returns:
        Arrays of length M by the parameter's last name.

    Raises:
        BadInput: The cube names what is no parameter, or has another length, or leaves 0 to 1.
    """
    known = applicable(model, framework)
    _check_cube(cube or {}, known, draws)
    return {
        name: draw_quantity(quantity, held.get(name), luck_of(name, seed, draws, cube), draws)
        for name, quantity in known.items()
    }


def luck_of(name: str, seed: int, draws: int, cube: Cube | None = None) -> Floats | None:
    """Return the uniforms that drive a parameter, length M; None where a cube leaves it still."""
    return uniforms(seed, f"parameter:{name}", draws) if cube is None else cube.get(name)


def applicable(model: ModelParameters, framework: str) -> dict[str, Quantity]:
    """Return the quantities of a trust under a framework, by their last and unique name.

    What describes the reference population alone is none of them: see `of_reference`.
    """
    others = tuple(prefix for name, prefix in FRAMEWORKS.items() if name != framework)
    return {
        dotted.rsplit(".", 1)[-1]: quantity
        for dotted, quantity in model.quantities()
        if not dotted.startswith((*others, REFERENCE))
    }


def of_reference(model: ModelParameters) -> dict[str, Quantity]:
    """Return the quantities that describe the reference population alone, by their last name."""
    return {
        dotted.rsplit(".", 1)[-1]: quantity
        for dotted, quantity in model.quantities()
        if dotted.startswith(REFERENCE)
    }


def draw_quantity(
    quantity: Quantity, held: float | None, luck: Floats | None, draws: int
) -> Floats:
    """Draw one quantity by its luck, or hold it at a value: its own where it has no luck."""
    if held is not None:
        return np.full(draws, float(held))
    return np.full(draws, quantity.value) if luck is None else quantity.draws(luck)


def place_of(quantity: Quantity, value: float) -> float:
    """Return where in (0, 1) an uncertain quantity takes a value within its distribution."""

    def gap(u: float) -> float:
        return float(quantity.draws(np.array([u]))[0]) - value

    return float(optimize.brentq(gap, 0.0, 1.0, xtol=1e-12))


def _check_cube(cube: Cube, known: Mapping[str, Quantity], draws: int) -> None:
    for name, places in cube.items():
        rules = (
            (name in known, "a cube names parameters of the model by their last name"),
            (len(places) == draws, f"a cube has one place for each of the {draws} draws"),
            (bool(((places >= 0) & (places <= 1)).all()), "places lie between 0 and 1"),
        )
        for holds, rule in rules:
            if not holds:
                raise BadInput(
                    f"the cube's places for {name!r} cannot be used", rule=rule,
                    mend="mend the sample that was drawn",
                )  # fmt: skip


def as_records(columns: Mapping[str, npt.NDArray[np.float64]]) -> Records:
    """Return columns of equal length M as one structured array of M records.

    Fields stand in the order of their names, so that compiled code meets one layout of them only.
    """
    lengths = {len(column) for column in columns.values()}
    if len(lengths) != 1:
        raise ValueError(f"columns have different lengths: {sorted(lengths)}")
    records = np.zeros(lengths.pop(), np.dtype([(name, np.float64) for name in sorted(columns)]))
    for name, column in columns.items():
        records[name] = column
    return records
