"""Batches killed, starved and hung at random moments, many times: `make faults`.

Run by `python -m tests.faults.kills [rounds of each kind [kinds]]`, on Linux; as root it fills a
small disk of its own, else it limits the size of files. Of each harm it is asked that nothing is
torn, no success is false, no process lives on after five seconds, the next runner makes exactly
what is missing, and the results are those of a run that nobody disturbed. A batch lives through
ten harms, or as many as `KILLS` says; a harmed rerun must make nothing that was there, and the
last, which nobody harms, exactly what was not.

Written to `outputs/bench/faults.json`: every round, and a summary of each kind. Exits with 1 where
anything is found, and where fewer than half of a kind's harms were done in the middle of a run: so
few prove little. Batches are drawn from one seed; their moments are told by their own progress.
"""

from __future__ import annotations

import json
import multiprocessing
import os
import random
import resource
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from contextlib import nullcontext
from dataclasses import asdict
from pathlib import Path

from tests.faults.harms import HARMS, can_mount, small_disk
from tests.faults.lives import Round, live, undisturbed
from tests.faults.small_batch import Batch, forked
from workbench import paths
from workbench.evidence.pool import processors

ROUNDS, SEED = 50, 20261126
AT_ONCE = 4  # batches, of which each waits half its time
SCHOOLS = range(900001, 900007)
Figures = dict[str, object]


def main() -> None:
    """Do all rounds, print and write what was found, and exit with 1 where anything was."""
    each = int(sys.argv[1]) if len(sys.argv) > 1 else ROUNDS
    kinds = sys.argv[2].split(",") if len(sys.argv) > 2 else list(HARMS)
    began = time.monotonic()
    rounds = list(_lived(kinds, each))
    summary = {kind: summed([one for one in rounds if one.kind == kind]) for kind in kinds}
    figures = {
        "seed": SEED,
        "seconds": round(time.monotonic() - began),
        "processor_seconds": round(sum(resource.getrusage(resource.RUSAGE_CHILDREN)[:2])),
        "cores": processors(),
        "disk": "filled" if can_mount() else "none could be mounted: size of files limited",
        "summary": summary,
        "rounds": [asdict(one) | {"faults": one.faults} for one in rounds],
    }
    path = paths.outputs() / "bench" / "faults.json"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(figures, indent=1) + "\n", encoding="utf-8")
    print_summary(summary)
    faulty = [one for one in rounds if one.faults]
    print(f"{len(rounds)} rounds in {figures['seconds']} s, {len(faulty)} with faults: {path}")
    missed = outside(rounds)
    for kind in missed:
        print(f"{kind}: most were done before a run had begun or after it had ended")
    sys.exit(1 if faulty or missed or len(rounds) < each * len(kinds) else 0)


def outside(rounds: Sequence[Round]) -> list[str]:
    """Return the kinds of harm of which fewer than half were done in the middle of a run."""
    within: dict[str, list[bool]] = {}
    for one in rounds:
        within.setdefault(one.kind, []).append(one.mid_run)
    return [kind for kind, found in within.items() if 2 * sum(found) < len(found)]


def summed(rounds: Sequence[Round]) -> Figures:
    """Return the figures of one kind of harm."""
    return {
        "rounds": len(rounds),
        "mid-run": sum(one.mid_run for one in rounds),
        "felt": sum(one.code != 0 for one in rounds),
        "torn": sum(bool(one.torn) for one in rounds),
        "false": sum(bool(one.false) for one in rounds),
        "orphans": sum(bool(one.orphans) for one in rounds),
        "hung": sum(one.hung for one in rounds),
        "exact": sum(not one.rerun for one in rounds),
        "equal": sum(not one.unequal for one in rounds),
        "rough": sum(bool(one.rough) for one in rounds),
        "slowest": max((one.seconds for one in rounds), default=0.0),
    }


def print_summary(summary: dict[str, Figures]) -> None:
    """Print a line for each kind of harm."""
    columns = list(next(iter(summary.values())))
    print(f"\n{'harm':16}" + "".join(f"{name:>9}" for name in columns))
    for kind, figures in summary.items():
        print(f"{kind:16}" + "".join(f"{figures[name]!s:>9}" for name in columns))
    print("felt: the command did not end as if nothing had been;")
    print("slowest: seconds until the last process had ended, behind the command; rough: ended")
    print("with a traceback; exact and equal: reruns of what was missing, results as undisturbed")


def _lived(kinds: Sequence[str], each: int) -> Iterator[Round]:
    """Yield each round as its batch comes to its end; some batches live side by side."""
    draw = random.Random(SEED)
    dealt = [kind for kind in kinds for _ in range(each)]
    draw.shuffle(dealt)
    most = int(os.environ.get("KILLS", "10"))
    lives = [dealt[at : at + most] for at in range(0, len(dealt), most)]
    fork = multiprocessing.get_context("fork")
    with tempfile.TemporaryDirectory(prefix="faults-") as name:
        _import_all()
        batch = Batch(_folder(name), SCHOOLS, forked)
        reference = undisturbed(batch)
        done, faulty = 0, 0
        with ProcessPoolExecutor(AT_ONCE, fork) as pool:
            futures = [
                pool.submit(_live, name, one, draw.getrandbits(64), reference) for one in lives
            ]
            for future in as_completed(futures):
                for one in future.result():
                    done, faulty = done + 1, faulty + bool(one.faults)
                    yield one
                    if one.faults:
                        print(f"{one.kind}: {'; '.join(one.faults)}\n{one.rough}")
                print(f"{done} of {len(dealt)} rounds, {faulty} with faults", flush=True)


def _live(place: str, kinds: Sequence[str], seed: int, reference: dict[str, str]) -> list[Round]:
    """Let one batch live in a folder of its own, which goes with it."""
    with tempfile.TemporaryDirectory(dir=place) as name:
        batch = Batch(_folder(name), SCHOOLS, forked)
        with small_disk(batch.outputs) if "full disk" in kinds else nullcontext():
            return live(batch, kinds, random.Random(seed), reference=reference)


def _folder(place: str) -> Path:
    folder = Path(place) / "batch"
    folder.mkdir()
    return folder


def _import_all() -> None:
    """Import what a runner needs once: it is forked from this process, hundreds of times."""
    import workbench.evidence.batch
    import workbench.trust.load  # noqa: F401


if __name__ == "__main__":
    main()
