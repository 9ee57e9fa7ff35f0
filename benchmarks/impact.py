"""How often intervals cover a planted effect: `python -m benchmarks.impact [PANELS]`.

Writes `outputs/bench/impact.json`. With 200 panels the standard error of a coverage of 95% is 1.5
points, with 500 it is one.
"""

from __future__ import annotations

import json
import sys
import time
from dataclasses import asdict

from workbench import paths
from workbench.research.impact.made_up import Planted
from workbench.research.impact.recovery import recover

PANELS, SEED = 200, 1
LEAST, MOST = 0.93, 0.97
PLANTED = {
    "two cohorts, 24 trusts": Planted(),
    "one cohort, 12 trusts": Planted(trusts=12, comparison=90, periods=5, cohorts=(4,)),
    "one cohort, 6 trusts": Planted(trusts=6, comparison=90, periods=5, cohorts=(4,)),
}


def main() -> int:
    """Estimate the panels, print coverage and placebos, and say whether all are as they should."""
    panels = int(sys.argv[1]) if len(sys.argv) > 1 else PANELS
    record, met = {}, True
    for name, planted in PLANTED.items():
        began = time.process_time()
        found = recover(planted, panels=panels, seed=SEED)
        spent = time.process_time() - began
        good = all(LEAST <= one <= MOST for one in (found.covered, found.placebo_null))
        met = met and good
        record[name] = asdict(found)
        print(
            f"{name}: {panels} panels, effect {found.planted:g} planted and {found.mean:.2f} found "
            f"on average, covered {found.covered:.1%}; placebo null {found.placebo_null:.1%}; "
            f"{'within' if good else 'OUTSIDE'} {LEAST:.0%} to {MOST:.0%}; {spent:.0f} core seconds"
        )
    to = paths.outputs() / "bench" / "impact.json"
    to.parent.mkdir(parents=True, exist_ok=True)
    text = json.dumps({"panels": panels, "met": met, "found": record}, indent=1)
    to.write_text(f"{text}\n", encoding="utf-8")
    return 0 if met else 1


if __name__ == "__main__":
    raise SystemExit(main())
