"""How fast the growth model is: against other tools, against merely drawing luck, and as it grows.

Run by `make bench`; takes two or three minutes on a quiet machine. Every figure is of one sitting;
`benchmarks.measure` says how it is timed. All versions give the same trajectories
(`tests/benchmarks`).

How targets are judged: in every way they can be read, each a row of its own. Against SimPy and
NumPy on the one thread they have: the kernel as it is used, on all cores, and, which is harder, on
one thread. Against drawing alone, on one thread both: the blocks that the kernel draws, each by a
call of its own, as where a number is drawn when it is needed, and, which is harder, in bulk, as the
kernel itself draws them.

Written to `outputs/bench/growth.json`:

    machine        cores, load (what was running, on average over the minute before), system, and
                   the versions of Python, numpy, numba, simpy and mesa
    trust          schools, terms, replicates and draws of the setting that versions share
    a_second       trajectories a second on one thread: kernel, numpy, simpy, mesa, oracle, and of
                   merely drawing the kernel's random numbers: drawing_in_bulk, drawing_one_by_one;
                   and kernel_all_cores, by the clock on the wall
    ratios         kernel_over_<version> and kernel_over_drawing_<how>, on one thread;
                   all_cores_over_<version>; all_cores_over_one: of the kernel, by the wall's clock
    blocks         Philox blocks a trajectory: drawn (by the kernel), needed (at least),
                   school_terms, drawn_a_school_term, needed_a_school_term, and nanoseconds a block
                   one_by_one and in_bulk
    growth         for schools, terms, replicates: sizes, microseconds (a trajectory; for
                   replicates, of them all) and exponent (the power of size cost grows with)
    curve_seconds  0 to 20 joiners x 10,000 replicates x 15 terms, all cores, after warm-up
    command        seconds and megabytes of `workbench absorb` for the same, warm
    targets        each target: what, value, target, met
"""

from __future__ import annotations

import json
import os
import platform
import sys
import time
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from importlib.metadata import version
from typing import Any

from benchmarks.drawing import (
    addresses,
    blocks_drawn,
    blocks_needed,
    draw_in_bulk,
    draw_one_by_one,
)
from benchmarks.measure import best, command, exponent, interleaved
from benchmarks.mesa_model import run_mesa
from benchmarks.numpy_model import run_numpy
from benchmarks.simpy_model import run_simpy
from benchmarks.table import print_all
from benchmarks.trusts import SCENARIO, demo_setting, with_draws, with_schools
from workbench import paths
from workbench.growth.oracle import Oracle
from workbench.growth.setting import Setting
from workbench.growth.simulate import run, run_curve

JOINERS = 10
EACH = 4  # trajectories for each draw of the parameters
DRAWS = 2048
FEW_DRAWS = 50  # where few trajectories are run; goes into each number of them
ORACLE_REPLICATES = 24
ROUNDS = 5
WALL_ROUNDS = 30  # short ones, by the wall's clock: one of them may find the machine quiet
CURVE_JOINERS = 20
CURVE_REPLICATES = 10_000
SIZES = {
    "schools": (8, 16, 32, 64),
    "terms": (6, 15, 30),
    "replicates": (1_000, 4_000, 16_000),
}
SIMPY, NUMPY, DRAWING = 300.0, 4.0, 0.5  # aims: times their speed; share of drawing's alone
Figures = dict[str, Any]


def say(what: str) -> None:
    """Print a line of progress."""
    print(f"  {time.strftime('%H:%M:%S')}  {what}", file=sys.stderr, flush=True)


def compare(setting: Setting) -> Figures:
    """Time every version of the model, and drawing alone, in turns on one thread."""
    replicates, few = EACH * len(setting.params), with_draws(setting, FEW_DRAWS)
    names, posts, terms = addresses(setting)
    keys = setting.keys()

    def oracle() -> None:
        for replicate in range(ORACLE_REPLICATES):
            Oracle(setting, replicate, EACH)

    works: dict[str, tuple[int, Callable[[], object]]] = {
        "kernel": (replicates, lambda: run(setting, replicates)),
        "numpy": (replicates, lambda: run_numpy(setting, replicates)),
        "simpy": (EACH * FEW_DRAWS, lambda: run_simpy(few, EACH * FEW_DRAWS)),
        "mesa": (EACH * FEW_DRAWS, lambda: run_mesa(few, EACH * FEW_DRAWS)),
        "oracle": (ORACLE_REPLICATES, oracle),
        "drawing_in_bulk": (
            replicates,
            lambda: draw_in_bulk(names, posts, terms, replicates, keys),
        ),
        "drawing_one_by_one": (
            replicates,
            lambda: draw_one_by_one(names, posts, terms, replicates, keys),
        ),
    }
    say("compiling, or reading what was compiled before")
    small = with_draws(setting, 2)
    run(small, 2), run_numpy(small, 2), run_simpy(small, 2), run_mesa(small, 2)
    draw_in_bulk(names, posts, terms, 1, keys), draw_one_by_one(names, posts, terms, 1, keys)
    taken = interleaved({name: work for name, (_, work) in works.items()}, ROUNDS, say)
    return {name: count / taken[name] for name, (count, _) in works.items()}


def on_all_cores(setting: Setting) -> tuple[float, float]:
    """Time the kernel on all cores; return trajectories a second, and that over one thread's."""
    replicates = EACH * len(setting.params)
    say("all cores against one thread")
    works = {
        name: partial(run, setting, replicates, threads=threads)
        for name, threads in (("one", 1), ("all", os.cpu_count() or 1))
    }
    taken = interleaved(works, WALL_ROUNDS, lambda _: None, time.perf_counter)
    return replicates / taken["all"], taken["one"] / taken["all"]


def ratios(speed: Figures, all_cores: float) -> Figures:
    """Return the kernel's speed, on one thread and on all cores, over every other's."""
    others = {name: other for name, other in speed.items() if name != "kernel"}
    one = {f"kernel_over_{name}": speed["kernel"] / other for name, other in others.items()}
    every = {
        f"all_cores_over_{name}": all_cores / other
        for name, other in others.items()
        if not name.startswith("drawing")
    }
    return one | every


def blocks(speed: Figures, setting: Setting) -> Figures:
    """Count Philox blocks, and say how long one takes."""
    say("counting random numbers")
    drawn = blocks_drawn(setting)
    needed, school_terms = blocks_needed(setting, ORACLE_REPLICATES, EACH)
    return {
        "drawn": drawn,
        "needed": needed,
        "school_terms": school_terms,
        "drawn_a_school_term": drawn / school_terms,
        "needed_a_school_term": needed / school_terms,
        "nanoseconds_one_by_one": 1e9 / speed["drawing_one_by_one"] / drawn,
        "nanoseconds_in_bulk": 1e9 / speed["drawing_in_bulk"] / drawn,
    }


def growth(setting: Setting) -> Figures:
    """Measure how cost grows with schools, terms and replicates."""
    draws = len(setting.params)
    made: dict[str, dict[int, tuple[Setting, int]]] = {
        "schools": {n: (with_schools(setting, n), EACH * draws) for n in SIZES["schools"]},
        "terms": {n: (_with_terms(setting, n), EACH * draws) for n in SIZES["terms"]},
        "replicates": {n: (with_draws(setting, FEW_DRAWS), n) for n in SIZES["replicates"]},
    }
    figures: Figures = {}
    for what, sizes in made.items():
        works = {str(size): partial(run, each, count) for size, (each, count) in sizes.items()}
        for work in works.values():
            work()
        taken = interleaved(works, ROUNDS, lambda _: None)
        say(f"cost by {what}")
        counts = [1 if what == "replicates" else count for _, count in sizes.values()]
        costs = [1e6 * each / n for each, n in zip(taken.values(), counts, strict=True)]
        figures[what] = {
            "sizes": list(sizes),
            "microseconds": costs,
            "exponent": exponent(list(sizes), costs),
        }
    return figures


def _with_terms(setting: Setting, terms: int) -> Setting:
    return replace(setting, terms=terms)


def whole() -> tuple[float, Figures]:
    """Time the whole curve in this process, and the command that a user types."""
    arguments = ["absorb", "data/demo", "--scenario", SCENARIO, "--json"]
    arguments += ["--joiners", str(CURVE_JOINERS), "--replicates", str(CURVE_REPLICATES)]
    say("the command `workbench " + " ".join(arguments) + "`")
    workbench = [sys.executable, "-m", "workbench", *arguments]
    command(workbench, 1, paths.home())
    taken, megabytes = command(workbench, 2, paths.home())
    say("the same curve in this process")
    setting = demo_setting(CURVE_JOINERS, CURVE_REPLICATES)
    cores = os.cpu_count() or 1
    run_curve(with_draws(setting, 1), EACH, threads=cores)
    curve = best(lambda: run_curve(setting, CURVE_REPLICATES, threads=cores), 3)
    return curve, {"seconds": taken, "megabytes": megabytes}


def targets(figures: Figures) -> list[Figures]:
    """Hold the figures against what was aimed for, as the module's docstring says."""
    over, luck, cmd = figures["ratios"], figures["blocks"], figures["command"]
    aims = (
        ("all cores: times SimPy", over["all_cores_over_simpy"], ">=", SIMPY),
        ("one thread: times SimPy", over["kernel_over_simpy"], ">=", SIMPY),
        ("all cores: times NumPy", over["all_cores_over_numpy"], ">=", NUMPY),
        ("one thread: times NumPy", over["kernel_over_numpy"], ">=", NUMPY),
        ("blocks drawn a school term", luck["drawn_a_school_term"], "<=", 2.0),
        ("of drawing only, one by one", over["kernel_over_drawing_one_by_one"], ">=", DRAWING),
        ("of drawing only, in bulk", over["kernel_over_drawing_in_bulk"], ">=", DRAWING),
        ("seconds for the curve of joiners", figures["curve_seconds"], "<=", 1.5),
        ("seconds for the command", cmd["seconds"], "<=", 4.0),
        ("megabytes for the command", cmd["megabytes"], "<", 600.0),
    )
    compared = {">=": float.__ge__, "<=": float.__le__, "<": float.__lt__}
    return [
        {
            "what": what,
            "value": value,
            "target": f"{sign} {aim:g}",
            "met": compared[sign](value, aim),
        }
        for what, value, sign, aim in aims
    ]


def machine() -> Figures:
    """Say on what the figures were measured."""
    packages = {name: version(name) for name in ("numpy", "numba", "simpy", "mesa")}
    system = {
        "cores": os.cpu_count(),
        "load": round(os.getloadavg()[0], 1),
        "system": f"{platform.system()} {platform.machine()}",
    }
    return system | {"python": platform.python_version()} | packages


def main() -> None:
    """Measure, print and keep the figures."""
    measured_on = machine()  # before this adds to the load
    curve, taken = whole()  # first, as the memory of the largest process started counts
    setting = demo_setting(JOINERS, EACH * DRAWS)
    setting = with_draws(setting, min(DRAWS, len(setting.params)))
    speed = compare(setting)
    all_cores, over_one = on_all_cores(setting)
    figures: Figures = {
        "machine": measured_on,
        "trust": {
            "schools": len(setting.school),
            "terms": setting.terms,
            "replicates": EACH * len(setting.params),
            "draws": len(setting.params),
        },
        "a_second": speed | {"kernel_all_cores": all_cores},
        "ratios": ratios(speed, all_cores) | {"all_cores_over_one": over_one},
        "blocks": blocks(speed, setting),
        "growth": growth(setting),
        "curve_seconds": curve,
        "command": taken,
    }
    figures["targets"] = targets(figures)
    print_all(figures)
    target = paths.outputs() / "bench" / "growth.json"
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_text(json.dumps(figures, indent=2) + "\n", encoding="utf-8")
    print(f"\nwritten to {target.relative_to(paths.home())}")


if __name__ == "__main__":
    main()
