"""JSON Schemas for editors, written beside the parameter files they describe."""

from __future__ import annotations

import json
from pathlib import Path

from pydantic import BaseModel

from workbench import paths
from workbench.parameters.explorer import ExplorerSizes
from workbench.parameters.golden_rule import GoldenRule
from workbench.parameters.levers import LeverSizes
from workbench.parameters.limits import TrustSettings
from workbench.parameters.model import ModelParameters
from workbench.parameters.pillars import Pillars
from workbench.parameters.research import ResearchRules
from workbench.parameters.scenario import Scenario
from workbench.parameters.track_record import TrackRecord

SCHEMAS: dict[str, type[BaseModel]] = {
    "model.schema.json": ModelParameters,
    "trust.schema.json": TrustSettings,
    "golden_rule.schema.json": GoldenRule,
    "pillars.schema.json": Pillars,
    "levers.schema.json": LeverSizes,
    "explorer.schema.json": ExplorerSizes,
    "research.schema.json": ResearchRules,
    "track_record.schema.json": TrackRecord,
    "scenarios/scenario.schema.json": Scenario,
}


def schema_texts() -> dict[str, str]:
    """Return the text of each schema file by its path below `parameters/`."""
    return {
        name: json.dumps(model.model_json_schema(), indent=2, ensure_ascii=False) + "\n"
        for name, model in SCHEMAS.items()
    }


def write_schemas(folder: Path) -> None:
    """Write every schema below a folder of parameters."""
    for name, text in schema_texts().items():
        (folder / name).write_text(text, encoding="utf-8")


if __name__ == "__main__":
    write_schemas(paths.parameters())
