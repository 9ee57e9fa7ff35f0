"""The figures of `make bench` as a table for people."""

from __future__ import annotations

from typing import Any

NAMES = {
    "kernel": "compiled kernel",
    "numpy": "NumPy, trajectories side by side",
    "simpy": "SimPy",
    "mesa": "Mesa",
    "oracle": "plain-Python oracle",
    "drawing_in_bulk": "only drawing its luck, in bulk",
    "drawing_one_by_one": "only drawing its luck, one by one",
}
WIDTH = 40
QUIET = 0.5  # load above which something else was running


def print_all(figures: dict[str, Any]) -> None:
    """Print every figure, and each target with whether it is met."""
    trust, machine = figures["trust"], figures["machine"]
    listed = ", ".join(f"{name} {value}" for name, value in machine.items())
    print(f"\nMeasured on: {listed}")
    if machine["load"] > QUIET:
        print("The machine was busy: what is timed by the clock on the wall is worth little.")
    print(f"Trust: {trust['schools']} schools x {trust['terms']} terms")
    _print_speeds(figures["a_second"], figures["ratios"])
    _print_blocks(figures["blocks"])
    _print_growth(figures["growth"])
    print_targets(figures["targets"])


def print_targets(targets: list[dict[str, Any]]) -> None:
    """Print each target with whether it is met, and last how many are."""
    print(
        "\nSimPy and NumPy run on one thread; the kernel is held against them on all cores and on"
    )
    print("one. Drawing alone is of what the kernel draws, each by a call of its own and in bulk.")
    print_rows(targets)


def print_rows(targets: list[dict[str, Any]]) -> None:
    """Print a line for each target, and last how many are met."""
    print(f"{'Target':{WIDTH}}{'figure':>14}{'aim':>10}")
    for each in targets:
        met = "met" if each["met"] else "not met"
        print(f"{each['what']:{WIDTH}}{each['value']:>14,.3g}{each['target']:>10}  {met}")
    print(f"{sum(each['met'] for each in targets)} of {len(targets)} targets are met.")


def _print_speeds(speed: dict[str, float], ratios: dict[str, float]) -> None:
    print(f"\n{'':{WIDTH}}{'':14}{'the kernel is this many times as fast':>42}")
    print(f"{'On one thread':{WIDTH}}{'a second':>14}{'on one thread':>21}{'on all cores':>21}")
    for name, label in NAMES.items():
        one, every = (ratios.get(f"{how}_over_{name}") for how in ("kernel", "all_cores"))
        print(f"{label:{WIDTH}}{speed[name]:>14,.0f}{_ratio(one)}{_ratio(every)}")
    label, every = "compiled kernel on all cores", speed["kernel_all_cores"]
    print(f"{label:{WIDTH}}{every:>14,.0f}{'':21}{ratios['all_cores_over_one']:>21.2f}")


def _ratio(value: float | None) -> str:
    return f"{'':21}" if value is None else f"{value:>21,.3g}"


def _print_blocks(blocks: dict[str, float]) -> None:
    print(f"\n{'Random numbers':{WIDTH}}{'a trajectory':>14}{'a school term':>14}")
    for name in ("drawn", "needed"):
        each = blocks[f"{name}_a_school_term"]
        print(f"{'blocks ' + name:{WIDTH}}{blocks[name]:>14,.0f}{each:>14.2f}")
    one, bulk = blocks["nanoseconds_one_by_one"], blocks["nanoseconds_in_bulk"]
    print(f"a block takes {one:.1f} ns one by one and {bulk:.1f} ns in bulk")


def _print_growth(growth: dict[str, Any]) -> None:
    print(f"\n{'Cost of the kernel':{WIDTH}}{'exponent':>10}   microseconds by size")
    for what, figures in growth.items():
        pairs = zip(figures["sizes"], figures["microseconds"], strict=True)
        sizes = ", ".join(f"{size:,}: {cost:,.4g}" for size, cost in pairs)
        unit = "all of them" if what == "replicates" else "a trajectory"
        print(f"{what + ' (' + unit + ')':{WIDTH}}{figures['exponent']:>10.2f}   {sizes}")
