"""The locks and environment.yml say what pyproject.toml says, and nothing is declared for show."""

from __future__ import annotations

import re
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name
from packaging.version import Version
from ruamel.yaml import YAML

from tests.project.declared import (
    DEV_LOCK,
    ROOT,
    RUN_LOCK,
    imported_modules,
    imported_packages,
    pins,
    read_declared,
    unmet,
)

# Oldest versions without a published security fault, whoever brings the package in.
FLOORS = (
    "jupyter-core>=4.11.2",
    "jupyter-server>=2.20.0",
    "jupyterlab>=4.6.2",
    "nbconvert>=7.17.1",
    "pyarrow>=14.0.1",
    "PyYAML>=5.4",
)

# Declared, yet imported by no line of ours.
RUN_WITHOUT_IMPORT = {
    "jupyterlab": "started by `workbench lab`",
}
DEV_WITHOUT_IMPORT = {
    "import-linter": "`make lint`",
    "mypy": "`make lint`",
    "nbval": "`make test`",
    "pandas-stubs": "types for mypy",
    "pre-commit": "runs `make lint` before a commit",
    "pytest-xdist": "`make test` uses every core",
    "ruff": "`make lint`",
    "scipy-stubs": "types for mypy",
    "types-openpyxl": "types for mypy",
    "uv": "`make lock`",
}

# Imported by tests, yet not declared for development: it is no tool, and running has it anyway.
DEV_FROM_RUN = {
    "packaging": "nbconvert needs it; these tests read requirements with it",
    "pillow": "matplotlib needs it; a test makes a picture of dots with it",
}

NOT_IN_A_LOCK = re.compile(
    r"https?://|file:|(?:^|\s)(?:--(?:extra-)?index-url|--find-links|-i|-f|-e|--trusted-host)\b"
    r"|(?:^|[\s=@])/\w|[A-Za-z]:\\",
)


def strangers(lock: str) -> list[str]:
    """Return the lines of a lock that name an index, an address or a path."""
    return [line for line in lock.splitlines() if NOT_IN_A_LOCK.search(line)]


def unhashed(lock: str) -> list[str]:
    """Return the pins of a lock that no hash follows."""
    entries = re.split(r"\n(?=[^\s#])", lock)
    return [
        entry.split()[0] for entry in entries if "==" in entry and "--hash=sha256:" not in entry
    ]


def names(requirements: Iterable[Requirement]) -> set[str]:
    """Return the canonical names of the required packages."""
    return {canonicalize_name(requirement.name) for requirement in requirements}


def undeclared(declared: Iterable[Requirement], imported: set[str]) -> set[str]:
    """Return the packages that are imported, and only come with something else."""
    return imported - names(declared) - {"trust-growth-workbench"}


def idle(declared: Iterable[Requirement], imported: set[str], excused: Iterable[str]) -> set[str]:
    """Return the declared packages that nothing imports and no reason excuses."""
    return names(declared) - imported - set(excused)


@pytest.mark.parametrize("lock", [RUN_LOCK, DEV_LOCK], ids=lambda path: path.name)
def test_lock_names_no_index_and_hashes_every_pin(lock: Path) -> None:
    text = lock.read_text(encoding="utf-8")
    assert strangers(text) == []
    assert unhashed(text) == []


@pytest.mark.parametrize(
    "line",
    [
        "--index-url https://example.org/simple",
        "--extra-index-url file:///srv/simple",
        "--find-links /opt/wheels",
        "    # via -r /srv/checkout/pyproject.toml",
        "torch @ https://example.org/torch.whl",
        "-e .",
    ],
)
def test_an_index_or_a_path_in_a_lock_is_seen(line: str) -> None:
    assert strangers(f"numpy==2.4.6 \\\n    --hash=sha256:aa\n{line}\n") == [line]


def test_a_pin_without_a_hash_is_seen() -> None:
    assert unhashed("numpy==2.4.6\nscipy==1.17.1 \\\n    --hash=sha256:aa\n") == ["numpy==2.4.6"]


def test_run_lock_meets_what_running_and_building_declare() -> None:
    declared = read_declared()
    pinned = pins(RUN_LOCK.read_text(encoding="utf-8"))
    assert unmet(declared.run + declared.build, pinned) == []


def test_dev_lock_meets_what_development_declares_and_holds_every_pin_of_the_run_lock() -> None:
    run, dev = (pins(lock.read_text(encoding="utf-8")) for lock in (RUN_LOCK, DEV_LOCK))
    assert unmet(read_declared().dev, dev) == []
    assert {name: dev.get(name) for name in run} == run


def test_run_lock_brings_no_development_tool() -> None:
    run = pins(RUN_LOCK.read_text(encoding="utf-8"))
    assert names(read_declared().dev) & set(run) == set()


def test_versions_with_published_security_faults_are_not_locked() -> None:
    pinned = pins(DEV_LOCK.read_text(encoding="utf-8"))
    assert unmet(map(Requirement, FLOORS), pinned) == []


def test_a_missing_and_an_outdated_pin_are_seen() -> None:
    wanted = [Requirement("pandas[excel]>=3.0"), Requirement("PyYAML>=6")]
    assert unmet(wanted, {"pandas": Version("2.3.3")}) == [
        "pandas[excel]>=3.0 is locked at 2.3.3",
        "PyYAML is not in the lock",
    ]


def test_a_package_pinned_twice_is_refused() -> None:
    with pytest.raises(ValueError, match="numpy is pinned twice"):
        pins("numpy==2.4.6 ; python_version < '3.12'\nnumpy==2.5.0 ; python_version >= '3.12'\n")


def test_conda_environment_is_python_pip_and_the_lock() -> None:
    content: dict[str, Any] = YAML(typ="safe").load(ROOT / "environment.yml")
    assert content["dependencies"] == [
        f"python{read_declared().python}",
        "pip",
        {"pip": [f"-r {RUN_LOCK.name}"]},
    ]


def test_everything_declared_for_running_is_used() -> None:
    used = imported_packages("workbench", "notebooks")
    assert idle(read_declared().run, used, RUN_WITHOUT_IMPORT) == set()


def test_everything_declared_for_development_is_used() -> None:
    used = imported_packages("tests", "benchmarks")
    assert idle(read_declared().dev, used, DEV_WITHOUT_IMPORT) == set()


def test_everything_imported_is_declared() -> None:
    declared = read_declared()
    assert undeclared(declared.run, imported_packages("workbench", "notebooks")) == set()
    every = declared.run + declared.dev
    used = imported_packages("tests", "benchmarks", "docs")
    assert undeclared(every, used) == set(DEV_FROM_RUN)
    assert set(DEV_FROM_RUN) <= set(pins(RUN_LOCK.read_text(encoding="utf-8")))


def test_excuses_are_only_for_what_is_declared_and_not_imported() -> None:
    declared = read_declared()
    for requirements, excuses, folders in (
        (declared.run, RUN_WITHOUT_IMPORT, ("workbench", "notebooks")),
        (declared.dev, DEV_WITHOUT_IMPORT, ("tests", "benchmarks")),
    ):
        assert set(excuses) <= names(requirements) - imported_packages(*folders)


def test_an_unused_package_is_seen() -> None:
    code = "import numpy as np\nfrom yaml.nodes import Node\nfrom . import pandas\n"
    assert imported_modules(code) == {"numpy", "yaml"}
    assert idle((Requirement("numpy"), Requirement("tqdm>=4")), {"numpy"}, ()) == {"tqdm"}


def test_a_package_that_only_comes_with_another_is_seen() -> None:
    assert undeclared((Requirement("Jinja2>=3"),), {"jinja2", "markupsafe"}) == {"markupsafe"}
