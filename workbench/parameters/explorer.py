"""What the explorer shows, how finely and how far: the sizes in `parameters/explorer.yaml`."""

from __future__ import annotations

from pathlib import Path

from workbench import paths
from workbench.parameters.load import load_yaml
from workbench.parameters.quantity import Quantity
from workbench.parameters.strict import StrictModel


class ExplorerSizes(StrictModel):
    """Everything in `parameters/explorer.yaml`.

    Attributes:
        version: The file's own version.
        first_futures: Futures for each number of schools in the first picture.
        futures: Futures for each number of schools to which a picture is refined.
        pause: Seconds without a change before refining begins.
        schools_shown: Fewest schools up to which the curve is shown.
        weak_step: Step of the slider of how many joining schools are weak.
        pace_step: Step of the slider of how fast schools join.
        leads_step: Step of the slider of further improvement leads.
        intelligence_step: Step of the slider of investment in intelligence.
        slice_step: Step of the slider of the pooled share of income.
        ratio_step: Step of the slider of schools for each lead.
    """

    version: str
    first_futures: Quantity
    futures: Quantity
    pause: Quantity
    schools_shown: Quantity
    weak_step: Quantity
    pace_step: Quantity
    leads_step: Quantity
    intelligence_step: Quantity
    slice_step: Quantity
    ratio_step: Quantity


def load_explorer_sizes(path: Path | None = None) -> ExplorerSizes:
    """Read the sizes, from `parameters/explorer.yaml` unless told otherwise.

    Raises:
        BadInput: The file cannot be read or breaks its schema.
    """
    return load_yaml(path or paths.parameters() / "explorer.yaml", ExplorerSizes)
