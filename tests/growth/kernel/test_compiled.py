"""Compiled code never outlives the sources it was compiled from."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

from workbench import errors, terms
from workbench.growth.kernel import compiled

PROBE = """
from workbench.growth.kernel.compiled import cache_folder
from workbench.growth.kernel.joining import FIRST
print(FIRST(), cache_folder().name, len(list(cache_folder().rglob('*.nbi'))))
"""
CALLER = """
from workbench.growth.kernel.compiled import compiled
from workbench.growth.kernel.callee import inner

@compiled
def FIRST():
    return inner() + 1
"""
CALLEE = """
from workbench.growth.kernel.compiled import compiled

@compiled
def inner():
    return {value}
"""


def checkout(folder: Path, value: int) -> None:
    """A miniature checkout: the real compiled.py, a caller, and the callee it calls."""
    kernel = folder / "workbench" / "growth" / "kernel"
    kernel.mkdir(parents=True, exist_ok=True)
    for package in (kernel, kernel.parent, kernel.parent.parent):
        (package / "__init__.py").touch()
    shutil.copy(compiled.__file__, kernel / "compiled.py")
    for module in (terms, errors):
        shutil.copy(str(module.__file__), folder / "workbench")
    (kernel / "joining.py").write_text(CALLER)
    (kernel / "callee.py").write_text(CALLEE.format(value=value))


def answer(folder: Path) -> list[str]:
    env = os.environ | {"PYTHONPATH": str(folder), "PYTHONDONTWRITEBYTECODE": "1"}
    command = [sys.executable, "-c", PROBE]
    done = subprocess.run(command, env=env, cwd=folder, capture_output=True, text=True, check=True)
    return done.stdout.split()


def test_an_edit_in_a_called_module_is_never_served_from_the_cache(tmp_path: Path) -> None:
    checkout(tmp_path, 19)
    value, folder, compiled_files = answer(tmp_path)
    assert (value, int(compiled_files) > 0) == ("20", True)
    assert answer(tmp_path)[:2] == ["20", folder], "the second process finds the same cache"
    checkout(tmp_path, 29)
    changed, other, _ = answer(tmp_path)
    assert changed == "30"
    assert other != folder


def test_the_digest_covers_every_source_file_of_the_package(tmp_path: Path) -> None:
    kernel = Path(compiled.__file__).parent
    for path in kernel.glob("*.py"):
        shutil.copy(path, tmp_path)
    before = compiled.source_digest(tmp_path)
    assert before == compiled.source_digest(kernel)
    for path in sorted(tmp_path.glob("*.py")):
        text = path.read_text()
        path.write_text(text + "# changed\n")
        assert compiled.source_digest(tmp_path) != before, path.name
        path.write_text(text)
