"""A virtual environment with papermill and what the reference notebook needs, and nothing else.

Papermill starts slower where more is installed, as in the environment of the workbench: held
against that one, any engine would look better than it is.
"""

from __future__ import annotations

import hashlib
import re
import subprocess
import sys
import tempfile
import venv
from collections.abc import Iterable, Iterator
from importlib.metadata import PackageNotFoundError, requires
from pathlib import Path

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from workbench import paths

NEEDED = ("papermill", "ipykernel", "pandas", "seaborn", "nbconvert", "weasyprint")


def clean_python() -> Path:
    """Return the interpreter of the clean environment, which is made once for a lock.

    Raises:
        CalledProcessError: The packages cannot be installed.
    """
    pins = subset((paths.home() / "requirements-dev.lock").read_text(encoding="utf-8"), NEEDED)
    digest = hashlib.sha256(pins.encode()).hexdigest()[:12]
    folder = paths.outputs() / "bench" / f"clean-{digest}"
    python = folder / "bin" / "python"
    done = folder / "done"
    if not done.exists():
        venv.create(folder, clear=True, with_pip=True)
        with tempfile.NamedTemporaryFile("w", suffix=".txt") as listed:
            listed.write(pins)
            listed.flush()
            _install(python, listed.name)
        done.touch()
    return python


def _install(python: Path, listed: str) -> None:
    """Install what is listed, with bytecode: otherwise each start would compile it again."""
    command = [str(python), "-m", "pip", "install", "--quiet", "--compile", "--require-hashes"]
    done = subprocess.run(
        [*command, "--requirement", listed], check=False, capture_output=True, text=True
    )
    if done.returncode:
        print(done.stderr, file=sys.stderr)
    done.check_returncode()


def subset(lock: str, names: Iterable[str]) -> str:
    """Return the pins of a lock, hashes included, that some packages and all they need have.

    Args:
        lock: Text of a lock: a pin begins a line, its hashes follow it, indented.
        names: The packages.

    Raises:
        ValueError: The lock does not pin one of the packages.
    """
    pins = list(_pins(lock))
    unpinned = {canonicalize_name(name) for name in names} - {name for name, _ in pins}
    if unpinned:
        raise ValueError(f"The lock does not pin {', '.join(sorted(unpinned))}.")
    wanted = closure(names)
    return "".join(pin for name, pin in pins if name in wanted)


def closure(names: Iterable[str]) -> set[str]:
    """Return packages with all that they need, as what is installed here declares it."""
    found: set[str] = set()
    left = [Requirement(name) for name in names]
    while left:
        one = left.pop()
        name = canonicalize_name(one.name)
        key = f"{name}[{','.join(sorted(one.extras))}]" if one.extras else name
        if key in found:
            continue
        found |= {name, key}
        left += _needs(name, one.extras)
    return found


def _needs(name: str, extras: set[str]) -> Iterator[Requirement]:
    try:
        listed = requires(name) or []
    except PackageNotFoundError:  # for another system
        return
    for text in listed:
        need = Requirement(text)
        asked = [{"extra": extra} for extra in ("", *extras)]
        if need.marker is None or any(need.marker.evaluate(each) for each in asked):
            yield need


def _pins(lock: str) -> Iterator[tuple[str, str]]:
    """Yield the name of each pinned package, and its pin with the hashes."""
    parts = re.split(r"(?m)^(?=[A-Za-z0-9._-]+==)", lock)
    for part in parts[1:]:
        yield canonicalize_name(part.partition("==")[0]), part
