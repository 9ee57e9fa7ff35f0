"""How often intervals cover planted numbers: `python -m benchmarks.calibration [PANELS]`.

Writes `outputs/bench/calibration.json`. With 500 panels the standard error of a coverage of 95% is
one point, so that 93 to 97% is what chance leaves of an interval that is right.
"""

from __future__ import annotations

import json
import sys
import time

from workbench import paths
from workbench.growth.calibrate.planted import Planted
from workbench.growth.calibrate.recovery import recover

PANELS, SCHOOLS, YEARS, SEED = 500, 450, 14.0, 1000
PLANTED = Planted(effects={"intake": (-0.3, 0.2), "newly_joined": (0.0, 0.4)})
LEAST, MOST = 0.93, 0.97


def main() -> int:
    """Fit the panels, print each number's coverage, and say whether all are as they should be."""
    panels = int(sys.argv[1]) if len(sys.argv) > 1 else PANELS
    began = time.process_time()
    found = recover(PLANTED, schools=SCHOOLS, years=YEARS, panels=panels, seed=SEED)
    spent = time.process_time() - began
    overall = float(found.by_panel.mean())
    met = LEAST <= overall <= MOST
    print(found.table().round(3).to_string())
    print(
        f"{panels} panels of {SCHOOLS} schools, {found.refused} refused, {spent:.0f} core seconds"
    )
    print(
        f"all intervals: {overall:.1%}, {'within' if met else 'OUTSIDE'} {LEAST:.0%} to {MOST:.0%}"
    )
    to = paths.outputs() / "bench" / "calibration.json"
    to.parent.mkdir(parents=True, exist_ok=True)
    record = {
        "panels": panels, "schools": SCHOOLS, "refused": found.refused, "coverage": overall,
        "by_number": dict(zip(found.names, found.coverage.tolist(), strict=True)), "met": met,
    }  # fmt: skip
    to.write_text(json.dumps(record, indent=1) + "\n", encoding="utf-8")
    return 0 if met else 1


if __name__ == "__main__":
    raise SystemExit(main())
