"""How far a plan is changed to see what would help: the sizes in `parameters/levers.yaml`."""

from __future__ import annotations

from pathlib import Path

from workbench import paths
from workbench.parameters.load import load_yaml
from workbench.parameters.quantity import Quantity
from workbench.parameters.strict import StrictModel


class LeverSizes(StrictModel):
    """Everything in `parameters/levers.yaml`.

    Attributes:
        version: The file's own version.
        schools_kept: Share of joining schools kept where fewer are to join.
        pace_kept: Share of the pace kept where schools are to join more slowly.
        hire_earlier: Terms by which leads are hired earlier.
        fewer_schools_a_lead: Schools by which each lead serves fewer.
        higher_slice: Percentage points by which the pooled share of income rises.
        intelligence: Investment in intelligence to which the plan is raised.
        further_schools: Schools beyond the plan up to which the capacity is sought.
    """

    version: str
    schools_kept: Quantity
    pace_kept: Quantity
    hire_earlier: Quantity
    fewer_schools_a_lead: Quantity
    higher_slice: Quantity
    intelligence: Quantity
    further_schools: Quantity


def load_lever_sizes(path: Path | None = None) -> LeverSizes:
    """Read the sizes, from `parameters/levers.yaml` unless told otherwise.

    Raises:
        BadInput: The file cannot be read or breaks its schema.
    """
    return load_yaml(path or paths.parameters() / "levers.yaml", LeverSizes)
