"""A notebook is given exactly the parameters it declares, of exactly their types."""

from __future__ import annotations

from typing import Any

import nbformat.v4 as nb
import pytest
from hypothesis import given
from hypothesis import strategies as st
from nbformat import NotebookNode

from workbench.errors import BadInput
from workbench.evidence.declared import Declared, check_parameters, declared_parameters

DECLARED = (
    Declared("urn", int, 900001, ""),
    Declared("share", float, 0.5, ""),
    Declared("name", str, "", ""),
    Declared("strict", bool, True, ""),
)


def notebook(*sources: str) -> NotebookNode:
    cells = [nb.new_code_cell(source, metadata={"tags": ["parameters"]}) for source in sources]
    made: NotebookNode = nb.new_notebook(cells=cells)
    return made


def test_types_defaults_and_comments_are_read() -> None:
    source = 'urn: int = 900001  # the school\nrate: float = -0.5\ntitle: str = "a # b"  # words'
    assert declared_parameters(notebook(source), where="a") == (
        Declared("urn", int, 900001, "the school"),
        Declared("rate", float, -0.5, ""),
        Declared("title", str, "a # b", "words"),
    )


@pytest.mark.parametrize(
    "source",
    [
        "urn = 900001",
        "urn: int",
        'urn: int = "900001"',
        "share: float = 1",
        "urn: list = []",
        "urn: int = len('abc')",
        "import os",
        "urn: int = ",
    ],
)
def test_anything_but_typed_constants_is_refused(source: str) -> None:
    with pytest.raises(BadInput, match="does not declare a parameter"):
        declared_parameters(notebook(source), where="a")


@pytest.mark.parametrize("count", [0, 2])
def test_exactly_one_cell_declares(count: int) -> None:
    with pytest.raises(BadInput, match=f"{count} cells"):
        declared_parameters(notebook(*["urn: int = 1"] * count), where="a")


def test_declared_values_pass_unchanged() -> None:
    given_values: dict[str, object] = {
        "urn": 1,
        "share": 0.25,
        "name": "x'; import os",
        "strict": False,
    }
    assert check_parameters(DECLARED, given_values, where="a") == given_values


def test_a_misspelt_name_is_refused_with_the_right_one() -> None:
    with pytest.raises(BadInput, match="'shcool'") as refused:
        check_parameters((Declared("school", str, "", ""),), {"shcool": "x"}, where="a")
    assert refused.value.mend == "did you mean 'school'?"


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("urn", "900001"), ("urn", 1.0), ("urn", True), ("share", 1), ("share", float("nan")),
        ("share", float("inf")), ("name", 5), ("strict", 1), ("name", None), ("urn", [1]),
    ],
)  # fmt: skip
def test_another_type_or_an_endless_number_is_refused(name: str, value: Any) -> None:
    with pytest.raises(BadInput, match=name):
        check_parameters(DECLARED, {name: value}, where="a")


@given(st.text())
def test_no_undeclared_name_ever_passes(name: str) -> None:
    if name in {parameter.name for parameter in DECLARED}:
        return
    with pytest.raises(BadInput):
        check_parameters(DECLARED, {name: 1}, where="a")
