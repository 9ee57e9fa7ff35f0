"""Draw the uncertain parameters: each from a stream of its own name, so none shifts another."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import numpy.typing as npt

from workbench.growth.kernel.philox import uniforms
from workbench.growth.setting import Records
from workbench.parameters.distributions import Floats
from workbench.parameters.model import ModelParameters
from workbench.parameters.quantity import Quantity

FRAMEWORKS = {"report card": "inspect.report_card.", "oeif": "inspect.oeif."}
EVENTS_PREFERRED = (4, 5, 3, 2, 7)


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
) -> dict[str, Floats]:
    """Draw every parameter of the model.

    Args:
        model: The declared parameters.
        framework: Inspection framework whose windows apply, a key of `FRAMEWORKS`.
        held: Parameters held at a value, by their last name.
        seed: Seed of every stream.
        draws: Number of draws M.

    Returns:
        Arrays of length M by the parameter's last name.
    """
    return {
        name: draw_quantity(name, quantity, held.get(name), seed, draws)
        for name, quantity in applicable(model, framework).items()
    }


def applicable(model: ModelParameters, framework: str) -> dict[str, Quantity]:
    """Return the quantities that apply under a framework, by their last and unique name."""
    others = tuple(prefix for name, prefix in FRAMEWORKS.items() if name != framework)
    return {
        dotted.rsplit(".", 1)[-1]: quantity
        for dotted, quantity in model.quantities()
        if not dotted.startswith(others)
    }


def draw_quantity(
    name: str, quantity: Quantity, held: float | None, seed: int, draws: int
) -> Floats:
    """Draw one quantity, or hold it at a value."""
    if held is not None:
        return np.full(draws, float(held))
    return quantity.draws(uniforms(seed, f"parameter:{name}", draws))


def as_records(columns: Mapping[str, npt.NDArray[np.float64]]) -> Records:
    """Return columns of equal length M as one structured array of M records."""
    lengths = {len(column) for column in columns.values()}
    if len(lengths) != 1:
        raise ValueError(f"columns have different lengths: {sorted(lengths)}")
    records = np.zeros(lengths.pop(), np.dtype([(name, np.float64) for name in columns]))
    for name, column in columns.items():
        records[name] = column
    return records
