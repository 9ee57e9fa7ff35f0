"""Save the plan on the screen as a scenario that reports are made from."""

from __future__ import annotations

import io
from pathlib import Path

from ruamel.yaml import YAML

from workbench.errors import BadInput, RunFailed
from workbench.evidence.names import slug
from workbench.explore.controls import State
from workbench.explore.words import described
from workbench.parameters.load import validate
from workbench.parameters.scenario import Scenario, read_scenario, scenario_names

_HEAD = "# yaml-language-server: $schema=scenario.schema.json\n"
_WIDTH = 100


def scenario_text(plan: Scenario) -> str:
    """Return a scenario as the text of its file."""
    content = plan.model_dump(mode="json", exclude_none=True)
    if not content["joiners"]["named"]:
        del content["joiners"]["named"]
    yaml, text = YAML(), io.StringIO()
    yaml.default_flow_style, yaml.width, yaml.allow_unicode = False, _WIDTH, True
    yaml.dump(content, text)
    return _HEAD + text.getvalue()


def titled(plan: Scenario, base: Scenario, state: State, title: str) -> Scenario:
    """Return the plan on the screen under a title of its own, judged by the scenario's schema.

    Raises:
        BadInput: The schema refuses the title.
    """
    named = described(plan, base, state, " ".join(title.split()))
    return validate(named.model_dump(), Scenario, where=f"the scenario {title[:60]!r}")


def save(plan: Scenario, folder: Path) -> Path:
    """Write a scenario into a folder of scenarios, named by its title, whole or not at all.

    Raises:
        BadInput: The folder has a scenario of that name that says something else, or another of
            that title: reports would not be made of either.
        RunFailed: The folder cannot be written to.
    """
    name = slug(plan.title)
    path, text = folder / f"{name}.yaml", scenario_text(plan)
    if path.exists():
        if path.read_text(encoding="utf-8") == text:
            return path
        raise BadInput(
            f"there is a scenario {name!r} already",
            where=str(path),
            rule="the explorer writes over no scenario",
            mend="give the plan another name",
        )
    _refuse_title(plan.title, folder)
    staged = path.with_suffix(".staged")
    try:
        staged.write_text(text, encoding="utf-8")
        staged.replace(path)
    except OSError as fault:
        raise RunFailed(
            "the scenario could not be written",
            where=str(path),
            rule=str(fault),
            mend="let the folder be written to; the download holds the scenario all the same",
        ) from fault
    if read_scenario(name, folder) != plan:
        path.unlink()
        raise RunFailed("the scenario could not be read back as it was written", where=str(path))
    return path


def _refuse_title(title: str, folder: Path) -> None:
    for other in scenario_names(folder):
        try:
            taken = read_scenario(other, folder).title == title
        except BadInput:
            continue  # the one that cannot be read is named by `workbench report`
        if taken:
            raise BadInput(
                f"the scenario {other!r} bears the title {title!r} already",
                where=str(folder / f"{other}.yaml"),
                rule="no two scenarios bear one title: side by side, nobody could tell them apart",
                mend="give the plan another name",
            )
