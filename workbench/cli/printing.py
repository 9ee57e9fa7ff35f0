"""What the commands print: tables for people, JSON for machines, and progress on standard error."""

from __future__ import annotations

import json
import math
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, Protocol

import typer

from workbench.errors import WorkbenchError

if TYPE_CHECKING:
    import pandas as pd


class Bar(Protocol):
    """A progress bar as the package's functions see it."""

    def __call__(self, count: int, of: int | None = None, *, failed: bool = False) -> None:
        """Move on by the steps just done, of all there are where that is known."""


def print_json(content: object) -> None:
    """Print JSON and nothing else; a number that is not finite becomes null."""
    typer.echo(json.dumps(_plain(content), ensure_ascii=False, indent=2, allow_nan=False))


def print_error(error: WorkbenchError, *, as_json: bool) -> None:
    """Print an error on standard error, in words or as one JSON object."""
    if as_json:
        parts = {part: getattr(error, part) for part in ("what", "where", "rule", "mend")}
        typer.echo(json.dumps({"error": parts}, ensure_ascii=False), err=True)
    else:
        typer.echo(f"Error: {error}", err=True)


def print_table(headings: Sequence[str], rows: Sequence[Sequence[object]]) -> None:
    """Print aligned columns: numbers to the right, words to the left."""
    texts = [headings, *([str(cell) for cell in row] for row in rows)]
    widths = [max(map(len, column)) for column in zip(*texts, strict=True)]
    right = [all(map(_is_number, column)) for column in zip(*rows, strict=True)]
    for text in texts:
        cells = zip(text, widths, right or [False] * len(widths), strict=True)
        line = "  ".join(c.rjust(width) if number else c.ljust(width) for c, width, number in cells)
        typer.echo(line.rstrip())


def records(frame: pd.DataFrame) -> list[dict[str, Any]]:
    """Return a frame's rows as JSON knows them: blanks as null, dates in ISO form."""
    rows: list[dict[str, Any]] = json.loads(frame.to_json(orient="records", date_format="iso"))
    return rows


@contextmanager
def progress(words: str, total: int | None = None, *, each: str = "") -> Iterator[Bar]:
    """Show a bar on standard error, only where a person may be looking.

    Args:
        words: What is being done.
        total: How many steps there are, where that is known.
        each: What a step is, in the plural: the bar then says how many are done, how many a
            minute, how many failed, and the time that is left.
    """
    from rich.console import Console
    from rich.progress import (
        BarColumn,
        MofNCompleteColumn,
        Progress,
        TaskProgressColumn,
        TextColumn,
        TimeRemainingColumn,
    )

    pace = [MofNCompleteColumn(), TextColumn("{task.fields[pace]}")] if each else []
    columns = [
        TextColumn("{task.description}"),
        BarColumn(),
        *(pace or [TaskProgressColumn()]),
        TimeRemainingColumn(),
    ]
    console = Console(stderr=True)
    with Progress(
        *columns, console=console, transient=True, disable=not console.is_terminal
    ) as bar:
        task = bar.add_task(words, total=total, pace="")
        began, done, lost = time.monotonic(), 0, 0

        def advance(count: int, of: int | None = None, *, failed: bool = False) -> None:
            nonlocal done, lost
            done, lost = done + count, lost + failed
            said = _pace(done, time.monotonic() - began, each, lost)
            bar.update(task, advance=count, total=of, pace=said)

        yield advance


def _pace(done: int, seconds: float, each: str, lost: int) -> str:
    """Say how fast it goes and what failed, as `12.5 reports a minute, 1 failed`."""
    rate = 60 * done / max(seconds, 1e-3)
    shown = f"{rate:.0f}" if rate >= 10 else f"{rate:.1f}"
    return f"{shown} {each} a minute" + (f", {lost} failed" if lost else "")


def _is_number(cell: object) -> bool:
    text = str(cell).removesuffix("%").replace(",", "")
    return text.replace(".", "", 1).lstrip("-+").isdigit()


def _plain(value: object) -> object:
    """Return a value as JSON knows it."""
    if value is None or isinstance(value, str | bool | int):
        return value
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    if isinstance(value, Mapping):
        return {str(key): _plain(entry) for key, entry in value.items()}
    if isinstance(value, Sequence):
        return [_plain(entry) for entry in value]
    return str(value)
