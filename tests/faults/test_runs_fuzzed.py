"""A thousand hostile parameter names and values: none is executed, all are kept or refused."""

from __future__ import annotations

import json
import random
import string
from pathlib import Path

import nbformat
import nbformat.v4 as nb
import pytest

from workbench.errors import BadInput
from workbench.evidence.declared import Value, check_parameters, declared_parameters
from workbench.evidence.engines.engine import Choice
from workbench.evidence.execute import execute
from workbench.evidence.kernel import use_own_kernel

NAMES = VALUES = 500
CANARY = "canary"
STRIKE = f"open({CANARY!r}, 'w').close()"
HOSTILE = (
    "'", '"', "'''", '"""', "\\", "\\'", "\\N{BULLET}", "\n", "\r", "\x00", "\x1b[2J", "\u2028",
    "{}", "{0}", "{{", "%s", "%run x", "!touch canary", "$(touch canary)", "`touch canary`", "# ",
    ";", STRIKE, f"'\n{STRIKE}\n'", f'"+{STRIKE}+"', f"');{STRIKE};('", "=1+1", "1E5",
    "012345", "True", "None", "nan", "🎒", "\u202e", "é", "<script>", "../../x", "s3://x",
    "__import__('os')",
)  # fmt: skip
EDGES: tuple[Value, ...] = (
    0, -1, 2**53 + 1, -(2**63), 10**30, 0.1, -0.0, 1e-300, 1e308, 5e-324, True, False, "",
)  # fmt: skip


def hostile_values() -> list[Value]:
    """Five hundred values: every piece and edge, then pieces put together."""
    draw = random.Random(6)
    values: list[Value] = [*HOSTILE, *EDGES]
    while len(values) < VALUES:
        pieces = draw.choices([*HOSTILE, *string.printable], k=draw.randrange(2, 8))
        values.append("".join(pieces))
    return values[:VALUES]


def hostile_names() -> list[str]:
    """Five hundred names, each once: one declared, with hostile pieces before, within or behind."""
    draw = random.Random(7)
    first = [f"p0 = 1\n{STRIKE}", f"p0;{STRIKE}", f"p0: int = {STRIKE}", "p\u043e", "P0", " p0", ""]
    names = dict.fromkeys(first)
    while len(names) < NAMES:
        place, pieces = draw.randrange(3), draw.choices(HOSTILE, k=draw.randrange(1, 3))
        names["p0"[:place] + "".join(pieces) + "p0"[place:]] = None
    return list(names)


def test_every_name_and_value_is_another() -> None:
    assert len(set(hostile_names())) == NAMES
    assert len({repr(one) for one in hostile_values()}) == VALUES


@pytest.fixture(autouse=True)
def _own_kernel(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("JUPYTER_PATH", "IPYTHONDIR", "PYDEVD_DISABLE_FILE_VALIDATION"):
        monkeypatch.setenv(name, "")
    for name in ("PYTHONDONTWRITEBYTECODE", "PYTHONPYCACHEPREFIX"):
        monkeypatch.setenv(name, "")
    for name in ("OMP_NUM", "OPENBLAS_NUM", "MKL_NUM", "VECLIB_MAXIMUM"):
        monkeypatch.setenv(f"{name}_THREADS", "1")
    use_own_kernel(tmp_path / "kernel")


def declaring(folder: Path, values: list[Value]) -> Path:
    """Write a notebook that declares a parameter for each value and says what it was given."""
    lines = [f"p{n}: {type(one).__name__} = {type(one)()!r}" for n, one in enumerate(values)]
    says = f"import json\nprint(json.dumps([globals()[f'p{{n}}'] for n in range({len(values)})]))"
    cells = [
        nb.new_code_cell("\n".join(lines), metadata={"tags": ["parameters"]}),
        nb.new_code_cell(says),
    ]
    notebook = nb.new_notebook(cells=cells)
    notebook.metadata["kernelspec"] = {
        "name": "python3", "display_name": "Python 3", "language": "python",
    }  # fmt: skip
    path = folder / "says.ipynb"
    nbformat.write(notebook, path)
    return path


@pytest.mark.parametrize("engine", ["fork", "warm", "kernel"])
def test_hostile_values_reach_the_notebook_as_they_are(engine: Choice, tmp_path: Path) -> None:
    values = hostile_values()
    path = declaring(tmp_path, values)
    declared = declared_parameters(nbformat.read(path, as_version=4), where="says")
    given = check_parameters(declared, {f"p{n}": v for n, v in enumerate(values)}, where="says")
    executed = execute(path, given, scratch=tmp_path, engine=engine)
    kept = json.loads(executed.cells[-1].outputs[0].text)
    assert [repr(one) for one in kept] == [repr(one) for one in values]  # types too, and -0.0
    assert not list(tmp_path.rglob(CANARY))


def test_hostile_names_are_refused_before_anything_runs(tmp_path: Path) -> None:
    path = declaring(tmp_path, [1, "a"])
    declared = declared_parameters(nbformat.read(path, as_version=4), where="says")
    for name in hostile_names():
        with pytest.raises(BadInput, match="there is no parameter"):
            check_parameters(declared, {name: 1}, where="says")


@pytest.mark.parametrize("value", [float("nan"), float("inf"), None, [], {}, b"", 1.0, "1", True])
def test_values_of_another_kind_are_refused(tmp_path: Path, value: object) -> None:
    path = declaring(tmp_path, [1])
    declared = declared_parameters(nbformat.read(path, as_version=4), where="says")
    with pytest.raises(BadInput):
        check_parameters(declared, {"p0": value}, where="says")
