"""What a YAML file says, as JSON: the files of a workbench are parsed once, and kept so.

A file of 1,000 lines takes a fifth of a second to parse in Python, and every command reads several.
What one says is therefore kept below `outputs/.parsed`, under the file's own name, with a digest of
the text it was made of: a file that has changed since is parsed afresh, and takes the old one's
place. Faults are never kept, so what is said of them is said from the file itself.
"""

from __future__ import annotations

import hashlib
import json
import os
from contextlib import suppress
from functools import cache, lru_cache
from importlib.metadata import version
from pathlib import Path

from workbench import paths
from workbench.errors import BadInput


@lru_cache(maxsize=32)  # one review asks for the same few files a dozen times
def yaml_as_json(text: str, path: Path) -> str:
    """Return what a YAML 1.2 text says; dates and the like as text.

    Args:
        text: The text.
        path: The file it is from.

    Raises:
        BadInput: The text is not YAML, or repeats a key.
    """
    place = _place(path)
    if place is None:
        return _parsed(text, path)
    kept = _kept(place, text)
    if kept is None:
        kept = _parsed(text, path)
        _keep(place, text, kept)
    return kept


def _parsed(text: str, path: Path) -> str:
    # Slow to import, and needed for what is new alone.
    from ruamel.yaml import YAML  # noqa: PLC0415
    from ruamel.yaml.error import YAMLError  # noqa: PLC0415

    try:
        return json.dumps(YAML(typ="safe", pure=True).load(text), default=str)
    except YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        line = f", line {mark.line + 1}" if mark is not None else ""
        raise BadInput(
            "the file is not valid YAML",
            where=f"{path}{line}",
            rule=str(getattr(error, "problem", error)),
            mend="compare the line with its neighbours: indentation, a colon, a repeated key",
        ) from error


def _place(path: Path) -> Path | None:
    """Return where to keep what a file of the workbench's own parameters says; None for others."""
    try:
        own = path.resolve().relative_to(paths.parameters())
    except (BadInput, ValueError):
        return None
    return paths.outputs() / ".parsed" / f"{own}.json"


def _kept(place: Path, text: str) -> str | None:
    try:
        made_of, own, said = place.read_text(encoding="ascii").split("\n", 2)
    except (OSError, ValueError):
        return None
    return said if (made_of, own) == (_digest(_parser() + text), _digest(said)) else None


def _keep(place: Path, text: str, said: str) -> None:
    """Keep what a text says; where nothing can be written, it is parsed again the next time."""
    new = place.with_name(f"{place.name}.{os.getpid()}")
    with suppress(OSError):
        place.parent.mkdir(parents=True, exist_ok=True)
        new.write_text(f"{_digest(_parser() + text)}\n{_digest(said)}\n{said}", encoding="ascii")
        new.replace(place)  # whole or not at all, whoever else reads or writes


@cache
def _parser() -> str:
    return f"ruamel.yaml {version('ruamel.yaml')}\n"


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()
