"""Paths of SVG in fewer bytes: each point said from the one before, without errors adding up."""

from __future__ import annotations

import re

_STEP = re.compile(r"([MLQCz])([^MLQCz]*)")


def relative(path: str, decimals: int = 2) -> str:
    """Return a path with relative commands; every point is where it was, as rounded.

    Sums are of whole steps of the last decimal, so no error builds up along a line.

    Args:
        path: Absolute commands M, L, Q, C and z, as matplotlib writes them.
        decimals: How finely points are placed.
    """
    fine = 10**decimals
    out: list[str] = []
    at = start = (0, 0)
    before = ""
    for letter, numbers in _STEP.findall(path):
        if letter == "z":
            at = start
            out.append("z")
            before = "z"
            continue
        ends = [round(float(one) * fine) for one in numbers.split()]
        points = list(zip(ends[::2], ends[1::2], strict=True))
        said, steps = _step(letter, at, points)
        at = points[-1]
        start = at if letter == "M" else start
        joined = _joined(steps, decimals)
        apart = "" if joined.startswith("-") else " "
        out.append(f"{apart}{joined}" if said == before and said != "m" else f"{said}{joined}")
        before = said
    text = "".join(out)
    return f"M{text[1:]}" if text.startswith("m") else text


def _step(letter: str, at: tuple[int, int], points: list[tuple[int, int]]) -> tuple[str, list[int]]:
    """Return a command and its numbers, seen from the point where it begins."""
    steps = [one - from_ for point in points for one, from_ in zip(point, at, strict=True)]
    if letter == "L" and steps[1] == 0:
        return "h", steps[:1]
    if letter == "L" and steps[0] == 0:
        return "v", steps[1:]
    return letter.lower(), steps


def _joined(steps: list[int], decimals: int) -> str:
    """Write numbers with only the blanks that part them."""
    text = ""
    for one in steps:
        number = _written(one, decimals)
        text += number if not text or number.startswith("-") else f" {number}"
    return text


def _written(step: int, decimals: int) -> str:
    whole, part = divmod(abs(step), 10**decimals)
    after = f".{part:0{decimals}d}".rstrip("0") if part else ""
    before = str(whole) if whole or not part else ""
    return f"{'-' if step < 0 else ''}{before}{after}"
