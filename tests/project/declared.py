"""What the project declares about its packages, as the tests read it."""

from __future__ import annotations

import ast
import re
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from importlib.metadata import packages_distributions
from pathlib import Path

import nbformat
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name
from packaging.version import Version

ROOT = Path(__file__).resolve().parents[2]
RUN_LOCK = ROOT / "requirements.lock"
DEV_LOCK = ROOT / "requirements-dev.lock"
_PIN = re.compile(r"^(?P<name>[A-Za-z0-9._-]+)==(?P<version>[^\s;]+)", re.MULTILINE)


@dataclass(frozen=True)
class Declared:
    """The requirements of `pyproject.toml`, by what they are needed for."""

    python: str
    run: tuple[Requirement, ...]
    dev: tuple[Requirement, ...]
    build: tuple[Requirement, ...]


def read_declared(pyproject: Path = ROOT / "pyproject.toml") -> Declared:
    """Read the declared requirements."""
    content = tomllib.loads(pyproject.read_text(encoding="utf-8"))
    project = content["project"]
    extras = project["optional-dependencies"]

    def parsed(lines: Iterable[str]) -> tuple[Requirement, ...]:
        return tuple(Requirement(line) for line in lines)

    return Declared(
        python=project["requires-python"],
        run=parsed(project["dependencies"]),
        dev=parsed([*extras["dev"], *extras["bench"]]),
        build=parsed(content["build-system"]["requires"]),
    )


def pins(lock: str) -> dict[str, Version]:
    """Return the version a lock pins for each package.

    Raises:
        ValueError: The lock pins one package twice.
    """
    found: dict[str, Version] = {}
    for match in _PIN.finditer(lock):
        name = canonicalize_name(match["name"])
        if name in found:
            raise ValueError(f"{name} is pinned twice")
        found[name] = Version(match["version"])
    return found


def unmet(requirements: Iterable[Requirement], pinned: Mapping[str, Version]) -> list[str]:
    """Return each requirement that the pins lack or contradict."""
    faults = []
    for requirement in requirements:
        version = pinned.get(canonicalize_name(requirement.name))
        if version is None:
            faults.append(f"{requirement.name} is not in the lock")
        elif not requirement.specifier.contains(version):
            faults.append(f"{requirement} is locked at {version}")
    return faults


def imported_modules(code: str) -> set[str]:
    """Return the top-level modules that Python code imports."""
    names: set[str] = set()
    for node in ast.walk(ast.parse(code)):
        if isinstance(node, ast.Import):
            names.update(alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.level == 0 and node.module:
            names.add(node.module)
    return {name.partition(".")[0] for name in names}


def imported_packages(*folders: str) -> set[str]:
    """Return the canonical names of the packages that code and notebooks in folders import."""
    owners = packages_distributions()
    sources = [
        path.read_text(encoding="utf-8")
        for folder in folders
        for path in sorted((ROOT / folder).rglob("*.py"))
    ]
    for folder in folders:
        for path in sorted((ROOT / folder).rglob("*.ipynb")):
            notebook = nbformat.read(path, as_version=4)
            sources += [cell.source for cell in notebook.cells if cell.cell_type == "code"]
    modules = set().union(*map(imported_modules, sources))
    return {canonicalize_name(owner) for module in modules for owner in owners.get(module, ())}
