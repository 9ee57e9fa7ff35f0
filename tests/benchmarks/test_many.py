"""What the bench of many schools says of memory and pace."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from benchmarks.many import KINDS, memory, paces, slopes

needs_proc = pytest.mark.skipif(not Path("/proc/self/smaps_rollup").exists(), reason="needs /proc")


def test_a_slope_is_megabytes_in_a_hundred_reports_after_the_start() -> None:
    steady = dict.fromkeys(KINDS, 5.0)
    grown = [{"reports": n, **steady, "runner": n / 50} for n in range(10, 110, 10)]
    grown[0]["runner"] = 99.0  # while it warms up
    assert slopes(grown) == {"runner": 2.0, "workers": 0.0, "notebooks": 0.0, "all": 0.0}
    assert slopes(grown[:1]) == {}


def test_pace_is_counted_from_the_first_report_on() -> None:
    times = [0.0, 50.0, *(50.0 + n for n in range(1, 21))]  # the first waits for imports
    assert paces(times) == {"all": 1.0, "first tenth": 1.0, "last tenth": 1.0}


@needs_proc
def test_memory_of_what_a_process_started_is_counted_with_it() -> None:
    fill = "import sys; kept = bytes(range(256)) * 200_000; print(flush=True); sys.stdin.read()"
    two, three = (
        f"import subprocess, sys; subprocess.run([sys.executable, '-c', {run}])"
        for run in (repr(fill), "sys.argv[1]")
    )
    with subprocess.Popen(
        [sys.executable, "-c", three, two], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as child:
        assert child.stdout is not None
        child.stdout.readline()
        found = memory(child.pid)
        child.communicate()
    assert found["notebooks"] >= 50 > max(found["workers"], found["runner"])
    assert min(found["workers"], found["runner"]) > 1
    assert found["all"] == pytest.approx(sum(list(found.values())[:-1]), abs=0.5)
