"""What a run is made from, name by name: tables, parameter files, code and environment.

Digests of each are kept with the run. They decide what a resumed run makes again, and tell
afterwards which of them has changed.
"""

from __future__ import annotations

import contextlib
import hashlib
import importlib.metadata
import json
import platform
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Literal

import nbformat

from workbench import paths
from workbench.evidence.code_cells import digest_of_code
from workbench.evidence.plan import Part
from workbench.evidence.run_file import Paper
from workbench.parameters.scenario import is_scenario_path
from workbench.trust.digests import digest_of_file, files_of_trust

Group = Literal["tables", "parameters", "code", "environment"]
GROUPS: Mapping[Group, str] = {
    "tables": "the trust's tables",
    "parameters": "parameter files",
    "code": "the code",
    "environment": "the environment",
}
LOCK_FILE = "requirements.lock"
PACKAGE = Path(__file__).resolve().parents[1]
_OTHERS = ("Python", LOCK_FILE)  # of the environment, that are no packages


@dataclass(frozen=True)
class Sources:
    """What reports are made from: the digest, or version, of each thing by its name.

    Attributes:
        tables: The trust's tables and documents, and the table of England's schools kept with them.
        parameters: Parameter files, and scenarios given as files of their own.
        code: Files of the package, and the notebooks' own code.
        environment: Versions of Python and every installed package, and the lock.
    """

    tables: Mapping[str, str] = field(default_factory=dict)
    parameters: Mapping[str, str] = field(default_factory=dict)
    code: Mapping[str, str] = field(default_factory=dict)
    environment: Mapping[str, str] = field(default_factory=dict)

    def group(self, name: Group) -> Mapping[str, str]:
        """Return one of the groups by its name."""
        found: Mapping[str, str] = getattr(self, name)
        return found

    def of(self, notebook: str, scenarios: Iterable[str]) -> Sources:
        """Return those that one report depends on: its own notebook and scenario files only."""
        others = {
            name
            for name in self.code
            if name.startswith("notebooks/") and Path(name).stem != notebook
        }
        own = {f"given/{Path(name).name}" for name in scenarios}
        strangers = {n for n in self.parameters if n.startswith("given/") and n not in own}
        return Sources(
            tables=self.tables,
            parameters={n: d for n, d in self.parameters.items() if n not in strangers},
            code={name: digest for name, digest in self.code.items() if name not in others},
            environment=self.environment,
        )


@dataclass(frozen=True)
class Change:
    """One source that is no longer what it was.

    Attributes:
        group: Where it belongs.
        name: Its name.
        words: What became of it.
    """

    group: Group
    name: str
    words: str


def sources_of(folder: Path, parts: Iterable[Part]) -> Sources:
    """Take the digests of everything the parts of a run are made from.

    Args:
        folder: The trust's folder.
        parts: The parts.
    """
    parts = tuple(parts)
    given = [name for part in parts for name in own_scenarios(part)]
    return current_sources(folder, [part.notebook for part in parts], given)


def current_sources(folder: Path, notebooks: Iterable[str], scenarios: Iterable[str]) -> Sources:
    """Take the digests of everything that reports by these notebooks are made from.

    Args:
        folder: The trust's folder.
        notebooks: Names of the notebooks, without their endings.
        scenarios: Scenario files that were given by their paths.
    """
    return Sources(
        tables=digests_of_tables(folder),
        parameters={**_parameter_files(), **_given(scenarios)},
        code={**_package(), **_notebooks(notebooks)},
        environment=_environment(),
    )


def digests_of_tables(folder: Path) -> dict[str, str]:
    """Return the digest of each of a trust's tables and documents, by its path in the folder."""
    return {name: digest_of_file(path) for name, path in files_of_trust(folder).items()}


def own_scenarios(part: Part) -> tuple[str, ...]:
    """Return the scenario files that a part was given by path."""
    return own_files(part.parameters)


def own_files(parameters: Mapping[str, object]) -> tuple[str, ...]:
    """Return the scenario files among a notebook's parameters."""
    given = str(parameters.get("scenario") or parameters.get("scenarios") or "")
    return tuple(name for name in given.split(",") if is_scenario_path(name))


def told(parameters: Mapping[str, object]) -> dict[str, object]:
    """Return what a notebook is told, without where anything lies on a disk.

    The trust's folder is left out, and scenario files go by their names.
    """
    return {
        name: ",".join(Path(one).name if is_scenario_path(one) else one for one in value.split(","))
        if name.startswith("scenario") and isinstance(value, str)
        else value
        for name, value in parameters.items()
        if name != "trust_dir"
    }


def digest_of_given(part: Part, paper: Paper) -> str:
    """Return the digest of what one report is told: its parameters with their types, its meeting.

    Where files lie on a disk is no part of it; their content is among the sources.
    """
    content = {
        "notebook": part.notebook,
        "name": part.name,
        "told": told(part.parameters),
        "paper": asdict(paper),
    }
    text = json.dumps(content, sort_keys=True, default=str, ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()


def changes(then: Sources, now: Sources) -> Iterator[Change]:
    """Yield everything that differs between two sets of sources."""
    for group in GROUPS:
        before, after = (_spelled(group, one.group(group)) for one in (then, now))
        for name in sorted({*before, *after}):
            if before.get(name) == after.get(name):
                continue
            if name not in after:
                words = "is no longer there"
            elif name not in before:
                words = "was not there then"
            elif group == "environment" and name != LOCK_FILE:
                words = f"was {before[name]}, and is {after[name]}"
            else:
                words = "has changed"
            yield Change(group, name, words)


def _spelled(group: Group, found: Mapping[str, str]) -> Mapping[str, str]:
    """Return sources by names that have one spelling: older runs have packages' as installed."""
    if group != "environment":
        return found
    return {name if name in _OTHERS else plain(name): told for name, told in found.items()}


def files_of_package() -> Iterator[Path]:
    """Yield each file of the package that is code or goes with it, and nothing compiled from it."""
    for path in sorted(PACKAGE.rglob("*")):
        compiled = "__pycache__" in path.parts or path.suffix in {".pyc", ".nbi", ".nbc"}
        if not compiled and path.is_file():
            yield path


def _package() -> dict[str, str]:
    """Return the digest of each file of the package."""
    return {
        f"{PACKAGE.name}/{path.relative_to(PACKAGE).as_posix()}": digest_of_file(path)
        for path in files_of_package()
    }


def _parameter_files() -> dict[str, str]:
    root = paths.parameters()
    files = sorted(root.rglob("*.yaml"))
    return {path.relative_to(root).as_posix(): digest_of_file(path) for path in files}


def _given(scenarios: Iterable[str]) -> dict[str, str]:
    files = map(Path, sorted(set(scenarios)))
    return {f"given/{path.name}": digest_of_file(path) for path in files if path.is_file()}


def _notebooks(names: Iterable[str]) -> dict[str, str]:
    found = {name: paths.notebooks() / f"{name}.ipynb" for name in sorted(set(names))}
    return {
        f"notebooks/{path.name}": digest_of_code(nbformat.read(path, as_version=4))
        for path in found.values()
        if path.is_file()
    }


def _environment() -> dict[str, str]:
    lock = paths.home() / LOCK_FILE
    found = {"Python": platform.python_version()}
    if lock.is_file():
        found[LOCK_FILE] = digest_of_file(lock)
    for one in importlib.metadata.distributions():
        with contextlib.suppress(FileNotFoundError):  # what is left of one that was taken away
            told = one.metadata.json if one.metadata else {}
            if "name" in told:
                found.setdefault(plain(str(told["name"])), str(told.get("version", "unknown")))
    return found


def plain(package: str) -> str:
    """Return a package's name as all spellings of it have it.

    Source: Python Packaging Authority (2015), PEP 503, Simple Repository API.
    """
    return re.sub(r"[-_.]+", "-", package).lower()
