"""Read a parameter file into its model, or say exactly which key is wrong and how to mend it."""

from __future__ import annotations

import difflib
import json
from pathlib import Path
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from workbench.errors import BadInput
from workbench.parameters.parsed import yaml_as_json

Model = TypeVar("Model", bound=BaseModel)
SIZE_LIMIT = 2_000_000
CLOSE, REMOTE = 0.6, 0.4  # share of letters two keys have in common, in order
_REMEDIES = {
    "extra_forbidden": "remove this key, or spell it as the schema does",
    "missing": "add this key",
    "finite_number": "write a finite number",
    "float_type": "write a plain number, without quotes",
    "int_type": "write a whole number, without quotes",
    "bool_type": "write true or false, without quotes",
    "string_type": "write text, in quotes if it looks like a number or a date",
    "union_tag_invalid": "use one of the kinds named",
}


_SAID = {
    "extra_forbidden": "there is no such key here",
    "missing": "this key is missing",
}


def load_yaml(path: Path, model: type[Model]) -> Model:
    """Read a YAML 1.2 file into a strict model.

    Raises:
        BadInput: The file cannot be read, repeats a key, or breaks its schema. All faults of the
            file are reported together, each with key, value, rule and remedy.
    """
    return _validated(yaml_as_json(_read(path), path), model, where=str(path))


def validate(content: Any, model: type[Model], *, where: str) -> Model:
    """Check plain data (as YAML or JSON gives it) against a strict model; see `load_yaml`."""
    return _validated(json.dumps(content, default=str), model, where=where)


def _validated(text: str, model: type[Model], *, where: str) -> Model:
    try:
        # JSON mode keeps strictness and still lets a list fill a tuple and a text fill a date.
        return model.model_validate_json(text)
    except ValidationError as error:
        # A default that waits for a faulty field is no fault of its own.
        found = error.errors(include_url=False)
        own = [fault for fault in found if fault["type"] != "default_factory_not_called"]
        faults = _told_once(own or found)
        lines = [_describe(fault, model) for fault in faults]
        count = "1 fault" if len(lines) == 1 else f"{len(lines)} faults"
        raise BadInput(
            f"{count}:\n" + "\n".join(f"- {line}" for line in lines),
            where=where,
            rule=f"the schema of {model.__name__}",
            mend="correct the keys named; the JSON Schema beside the file lists what is allowed",
        ) from error


def _read(path: Path) -> str:
    try:
        if path.stat().st_size > SIZE_LIMIT:
            raise BadInput(
                "the file is too large", where=str(path), rule=f"at most {SIZE_LIMIT} bytes"
            )
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise BadInput(
            "the file cannot be read",
            where=str(path),
            rule=str(error),
            mend="check the name, and save the file as UTF-8",
        ) from error
    return text


def _told_once(faults: list[ErrorDetails]) -> list[ErrorDetails]:
    """Leave out that a list is too short where its own items are at fault."""
    places = [fault["loc"] for fault in faults]

    def has_inner(place: tuple[int | str, ...]) -> bool:
        return any(len(loc) > len(place) and loc[: len(place)] == place for loc in places)

    return [f for f in faults if f["type"] != "too_short" or not has_inner(f["loc"])]


def _describe(fault: ErrorDetails, model: type[BaseModel]) -> str:
    key = ".".join(str(part) for part in fault["loc"]) or "(the whole file)"
    whole = fault["type"] == "missing" or isinstance(fault["input"], dict)
    shown = "" if whole else f" = {_shorten(fault['input'])}"
    remedy = _REMEDIES.get(fault["type"], "change the value so that the rule holds")
    if fault["type"] == "extra_forbidden":
        remedy = _nearest(fault["loc"], model) or remedy
    plain = fault["msg"].removeprefix("Value error, ").replace("Input should", "it should")
    said = _SAID.get(fault["type"], plain)
    return f"{key}{shown}: {said}; {remedy}"


def _nearest(loc: tuple[int | str, ...], model: type[BaseModel]) -> str | None:
    """Suggest the known key most like an unknown one: of its own place first, then of any."""
    unknown, beside = str(loc[-1]), _names_at(loc[:-1], model.model_json_schema())
    for names, likeness in ((beside, CLOSE), (_known_names(model), CLOSE), (beside, REMOTE)):
        close = difflib.get_close_matches(unknown, names, n=1, cutoff=likeness)
        if close:
            return f"did you mean {close[0]!r}?"
    return f"use one of: {', '.join(beside)}" if beside else None


def _names_at(loc: tuple[int | str, ...], schema: dict[str, Any]) -> list[str]:
    """Return the keys that a schema allows at a place; none where it has alternatives."""
    node = schema
    for part in loc:
        node = node.get("items", {}) if isinstance(part, int) else _property(node, part)
        while "$ref" in node:
            node = schema["$defs"][node["$ref"].rsplit("/", 1)[-1]]
    return sorted(node.get("properties", {}))


def _property(node: dict[str, Any], name: str) -> dict[str, Any]:
    found: dict[str, Any] = node.get("properties", {}).get(name, {})
    return found


def _shorten(value: object) -> str:
    text = repr(value)
    return text if len(text) <= 60 else text[:57] + "..."


def _known_names(model: type[BaseModel]) -> list[str]:
    schema = json.dumps(model.model_json_schema())
    found: set[str] = set()

    def keep(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        found.update(name for name, _ in pairs)
        return dict(pairs)

    json.loads(schema, object_pairs_hook=keep)
    return sorted(found)
