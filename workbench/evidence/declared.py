"""The parameters a notebook declares, and the check that a run gives exactly those.

A notebook declares its parameters in one code cell tagged `parameters`, each as `name: type =
default  # what it is` with the type str, int, float or bool. Names reach the notebook as code, so
only declared names may pass.
"""

from __future__ import annotations

import ast
import difflib
import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from nbformat import NotebookNode

from workbench.errors import BadInput

Value = str | int | float | bool
_TYPES: Mapping[str, type[Value]] = {"str": str, "int": int, "float": float, "bool": bool}


@dataclass(frozen=True)
class Declared:
    """One declared parameter.

    Attributes:
        name: Its name in the notebook.
        type: The exact type a value must have.
        default: The value used when none is given.
        comment: What it is, in the notebook author's words.
    """

    name: str
    type: type[Value]
    default: Value
    comment: str


def declared_parameters(notebook: NotebookNode, *, where: str) -> tuple[Declared, ...]:
    """Return the parameters a notebook declares.

    Args:
        notebook: The notebook.
        where: Its name, for messages.

    Raises:
        BadInput: It has not exactly one cell tagged `parameters`, or that cell holds anything but
            typed names with constant defaults.
    """
    cells = [
        cell
        for cell in notebook.cells
        if cell.cell_type == "code" and "parameters" in cell.metadata.get("tags", ())
    ]
    if len(cells) != 1:
        raise BadInput(
            f"{len(cells)} cells are tagged parameters",
            where=where,
            rule="a notebook declares its parameters in exactly one cell",
            mend="tag one code cell `parameters`",
        )
    lines = cells[0].source.splitlines()
    try:
        body = ast.parse(cells[0].source).body
    except SyntaxError as error:
        raise _not_a_declaration(where, lines[(error.lineno or 1) - 1]) from error
    return tuple(_declared(node, lines, where) for node in body)


def check_parameters(
    declared: Iterable[Declared], given: Mapping[str, object], *, where: str
) -> dict[str, Value]:
    """Return the given parameters, each declared and of its exact type.

    Raises:
        BadInput: A name is not declared, a value has another type, or a number is not finite.
    """
    known = {parameter.name: parameter for parameter in declared}
    checked: dict[str, Value] = {}
    for name, value in given.items():
        if name not in known:
            close = difflib.get_close_matches(name, known, n=1)
            raise BadInput(
                f"there is no parameter {name!r}",
                where=where,
                rule="a run gives only parameters that the notebook declares",
                mend=f"did you mean {close[0]!r}?" if close else f"use one of: {', '.join(known)}",
            )
        checked[name] = _typed(known[name], value, where)
    return checked


def _declared(node: ast.stmt, lines: list[str], where: str) -> Declared:
    line = lines[node.lineno - 1]
    if not (
        isinstance(node, ast.AnnAssign)
        and isinstance(node.target, ast.Name)
        and isinstance(node.annotation, ast.Name)
        and node.annotation.id in _TYPES
        and node.value is not None
    ):
        raise _not_a_declaration(where, line)
    kind = _TYPES[node.annotation.id]
    try:
        default = ast.literal_eval(node.value)
    except ValueError as error:
        raise _not_a_declaration(where, line) from error
    if type(default) is not kind:
        raise _not_a_declaration(where, line)
    comment = line[node.end_col_offset or len(line) :].strip().removeprefix("#").strip()
    return Declared(node.target.id, kind, default, comment)


def _not_a_declaration(where: str, line: str) -> BadInput:
    return BadInput(
        f"{line.strip()!r} does not declare a parameter",
        where=f"{where}, the cell tagged parameters",
        rule="name: type = default, with the type str, int, float or bool",
        mend="write it like `urn: int = 900001  # the school`",
    )


def _typed(parameter: Declared, value: object, where: str) -> Value:
    wrong = type(value) is not parameter.type
    endless = isinstance(value, float) and not math.isfinite(value)
    if wrong or endless:
        raise BadInput(
            f"{parameter.name} = {value!r} is {'not finite' if endless else 'of the wrong type'}",
            where=where,
            rule=f"{parameter.name} is declared as {parameter.type.__name__}",
            mend=f"give it like its default, {parameter.default!r}",
        )
    assert isinstance(value, str | int | float | bool)
    return value
