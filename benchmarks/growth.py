"""How fast the growth model is: compiled against plain Python, and against merely drawing luck.

Run by `make bench`. Prints ratios of one sitting and writes `outputs/bench/growth.json`.
"""

from __future__ import annotations

import json
import time
from collections.abc import Callable

import numpy as np

from workbench import paths
from workbench.growth.kernel.compiled import compiled
from workbench.growth.kernel.philox import philox
from workbench.growth.oracle import Oracle
from workbench.growth.setting import Setting
from workbench.growth.simulate import run
from workbench.parameters.scenario import read_scenario
from workbench.scenario.answers import read_model, read_settings
from workbench.scenario.start import prepare
from workbench.trust.load import read_trust

JOINERS = 10
REPLICATES = 8000
ORACLE_REPLICATES = 40
ROUNDS = 3


@compiled
def draw_only(blocks: int) -> int:
    """Draw as many blocks as asked and keep a trace of them, so that none is optimised away."""
    trace = np.uint64(0)
    for block in range(blocks):
        words = philox(block, 1, 2, 3, 4, 5)
        trace ^= words[0] ^ words[1] ^ words[2] ^ words[3]
    return int(trace)


def seconds(work: Callable[[], object]) -> float:
    """Return the best of a few rounds, after one to warm up."""
    work()
    taken = []
    for _ in range(ROUNDS):
        start = time.perf_counter()
        work()
        taken.append(time.perf_counter() - start)
    return min(taken)


def demo_setting() -> Setting:
    """The demo trust with ten joiners of the ambitious scenario."""
    scenario = read_scenario("ambitious", paths.scenarios())
    trust = read_trust(paths.demo())
    prepared = prepare(
        trust,
        scenario,
        read_model(),
        read_settings(),
        joiners=JOINERS,
        replicates=REPLICATES,
        seed=1,
    )
    return prepared.setting


def measure() -> dict[str, float]:
    """Return trajectories a second each way, and their ratios."""
    setting = demo_setting()
    events = REPLICATES // len(setting.params)
    one = REPLICATES / seconds(lambda: run(setting, REPLICATES, threads=1))
    two = REPLICATES / seconds(lambda: run(setting, REPLICATES, threads=2))
    start = time.perf_counter()
    for replicate in range(ORACLE_REPLICATES):
        Oracle(setting, replicate, events)
    oracle = ORACLE_REPLICATES / (time.perf_counter() - start)
    blocks = 4_000_000
    drawing = blocks / seconds(lambda: draw_only(blocks))
    school_terms = len(setting.school) * setting.terms
    return {
        "schools": len(setting.school),
        "terms": setting.terms,
        "kernel_trajectories_a_second_1_thread": one,
        "kernel_trajectories_a_second_2_threads": two,
        "oracle_trajectories_a_second": oracle,
        "kernel_over_oracle": one / oracle,
        "two_threads_over_one": two / one,
        "philox_blocks_a_second": drawing,
        "speed_over_drawing_one_block_a_school_term": one * school_terms / drawing,
    }


def main() -> None:
    """Measure, print and keep the figures."""
    figures = measure()
    for name, value in figures.items():
        print(f"{name.replace('_', ' '):48s}{value:>16,.3g}")
    target = paths.outputs() / "bench" / "growth.json"
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_text(json.dumps(figures, indent=2) + "\n", encoding="utf-8")
    print(f"written to {target.relative_to(paths.home())}")


if __name__ == "__main__":
    main()
