"""Which reports a run makes: for whom, from which notebook, with which parameters, named how."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import nbformat

from workbench import paths
from workbench.errors import BadInput
from workbench.evidence.declared import Value, check_parameters, declared_parameters
from workbench.parameters.scenario import read_scenario, scenario_names
from workbench.trust.load import Trust

Kind = Literal["trust", "school", "scenario", "comparison"]
NOTEBOOKS: Mapping[Kind, str] = {
    "trust": "trust_review",
    "school": "school_review",
    "scenario": "growth_scenario",
    "comparison": "scenario_comparison",
}
_LONGEST_SLUG = 40


@dataclass(frozen=True)
class Part:
    """One report of a run.

    Attributes:
        kind: What it is about.
        key: UID of the trust, URN or name of the scenario; of a comparison, the scenarios' names.
        name: The trust's or school's name, or the scenario's title, for people.
        notebook: The notebook's file name without its ending.
        parameters: What the notebook is given, checked against what it declares.
        stem: Name of the files it writes, without their endings.
    """

    kind: Kind
    key: str
    name: str
    notebook: str
    parameters: Mapping[str, Value]
    stem: str


def plan(
    trust: Trust,
    *,
    schools: Sequence[int] | None = None,
    scenarios: Sequence[str] | None = None,
    trust_review: bool | None = None,
) -> tuple[Part, ...]:
    """Return the parts of a run: the trust, every school and scenario where none is named.

    Two scenarios or more are also compared.

    Args:
        trust: The trust.
        schools: URNs to review; every school where None.
        scenarios: Names of scenarios to report; every scenario where None.
        trust_review: Whether to review the trust; where None, if neither schools nor scenarios
            are named.

    Raises:
        BadInput: A school is not in the trust, a scenario does not exist or its file is wrong, a
            notebook does not declare what it is given, or one report is asked for twice.
    """
    names = dict(zip(trust.schools["urn"].tolist(), trust.schools["name"].tolist(), strict=True))
    urns = list(names) if schools is None else list(schools)
    strangers = [str(urn) for urn in urns if urn not in names]
    if strangers:
        raise BadInput(
            f"{', '.join(strangers)} is not a school of {trust.name}",
            where=str(trust.folder),
            rule="a school review is made for a school in the trust's schools table",
            mend=f"use one of: {', '.join(map(str, names))}",
        )
    chosen = scenario_names(paths.scenarios()) if scenarios is None else scenarios
    folder = str(trust.folder.resolve())
    whole = schools is None and scenarios is None if trust_review is None else trust_review
    parts = [_trust(trust, folder)] if whole else []
    parts += [_school(urn, str(names[urn]), folder) for urn in urns]
    parts += [_scenario(name, folder) for name in chosen]
    parts += [_comparison(chosen, folder)] if len(chosen) > 1 else []
    if not parts:
        raise BadInput(
            "there is no report to make",
            where=folder,
            rule="a run makes at least one review or scenario report",
            mend="name a school or a scenario, or ask for the trust's review",
        )
    _refuse_doubles(parts)
    return tuple(_checked(parts))


def slug(text: str) -> str:
    """Return text as part of a file name: small ASCII letters, digits and single hyphens."""
    ascii_only = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode()
    words = re.sub(r"[^a-z0-9]+", "-", ascii_only.lower()).strip("-")
    return words[:_LONGEST_SLUG].rstrip("-") or "unnamed"


def _trust(trust: Trust, folder: str) -> Part:
    return Part(
        kind="trust",
        key=str(trust.uid),
        name=trust.name,
        notebook=NOTEBOOKS["trust"],
        parameters={"trust_dir": folder},
        stem=f"trust_{trust.uid}_{slug(trust.name)}",
    )


def _school(urn: int, name: str, folder: str) -> Part:
    return Part(
        kind="school",
        key=str(urn),
        name=name,
        notebook=NOTEBOOKS["school"],
        parameters={"trust_dir": folder, "urn": urn},
        stem=f"school_{urn}_{slug(name)}",
    )


def _scenario(name: str, folder: str) -> Part:
    scenario = read_scenario(name, paths.scenarios())
    return Part(
        kind="scenario",
        key=name,
        name=scenario.title,
        notebook=NOTEBOOKS["scenario"],
        parameters={"trust_dir": folder, "scenario": name},
        stem=f"scenario_{slug(name)}",
    )


def _comparison(names: Sequence[str], folder: str) -> Part:
    return Part(
        kind="comparison",
        key=",".join(names),
        name=f"{len(names)} scenarios compared",
        notebook=NOTEBOOKS["comparison"],
        parameters={"trust_dir": folder, "scenarios": ",".join(names)},
        stem="comparison",
    )


def _refuse_doubles(parts: Iterable[Part]) -> None:
    taken: dict[str, Part] = {}
    for part in parts:
        other = taken.setdefault(part.stem, part)
        if other is not part:
            raise BadInput(
                f"{part.kind} {part.key!r} and {other.key!r} would write the same file",
                where=f"{part.stem}.html",
                rule="each report of a run has a file of its own",
                mend="name each school and scenario once",
            )


def _checked(parts: Iterable[Part]) -> Iterable[Part]:
    declared = {
        name: declared_parameters(nbformat.read(notebook_path(name), as_version=4), where=name)
        for name in {part.notebook for part in parts}
    }
    for part in parts:
        check_parameters(declared[part.notebook], part.parameters, where=part.notebook)
        yield part


def notebook_path(name: str) -> Path:
    """Return the file of a notebook.

    Raises:
        BadInput: There is no such notebook.
    """
    path = paths.notebooks() / f"{name}.ipynb"
    if not path.is_file():
        raise BadInput(
            f"there is no notebook {name!r}",
            where=str(paths.notebooks()),
            rule="a report is made from a notebook in this folder",
            mend="restore it from the repository",
        )
    return path
