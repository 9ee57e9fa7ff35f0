"""The bench of notebook runs works, says what it measured, and misses no target unsaid."""

from __future__ import annotations

import json
import os
import re
import sys
from importlib.metadata import version
from pathlib import Path
from unittest.mock import patch

import nbformat
import pytest

from benchmarks.cells import alone
from benchmarks.clean import NEEDED, subset
from benchmarks.runs import (
    FULL,
    ON_DASK,
    PAGES,
    QUICK,
    measured,
    one_report,
    print_figures,
    ratios,
    targets,
)
from benchmarks.stock import Stock
from tests.evidence.engines.notebooks import notebook
from tests.report.elements import Elements
from tests.report.pdf_parts import read, tags
from workbench import paths
from workbench.evidence.engines.leases import can_fork
from workbench.evidence.kernel import use_own_kernel
from workbench.report.pdf import pdf_refusal

needs_fork = pytest.mark.skipif(not can_fork(), reason="this system cannot fork")


@needs_fork
def test_a_quick_run_measures_prints_and_writes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(paths, "outputs", lambda: tmp_path)
    with patch.dict(os.environ):
        figures = measured(QUICK)
    assert json.loads((tmp_path / "bench" / "runs-quick.json").read_text()) == figures
    assert set(figures["seconds"]) == set(QUICK.notebooks)
    assert all(value > 0 for each in figures["seconds"].values() for value in each)
    cost = figures["costs"]["reference"]
    assert cost["cells"] > 0
    assert cost["fork"] > 0
    assert cost["beyond_fork"] == pytest.approx(cost["fork"] - cost["cells"], abs=1e-3)
    assert cost["cells_unforked"] > 0
    assert len(cost["rounds"]) == QUICK.rounds
    assert 10 < cost["megabytes"] < 150
    print_figures(figures)
    out = capsys.readouterr().out
    assert all(name in out for name in (*QUICK.notebooks, "megabytes", "targets are met"))


@needs_fork
@pytest.mark.skipif(pdf_refusal() is not None, reason=str(pdf_refusal()))
def test_the_page_and_the_pdf_that_are_timed_hold_every_table_and_picture(tmp_path: Path) -> None:
    with patch.dict(os.environ):
        use_own_kernel(tmp_path / "kernel")
        one_report(tmp_path, 1)
    (page,) = tmp_path.glob("report-*.html")
    shown = Elements(page.read_text(encoding="utf-8"))
    assert (len(shown.named("img")), len(shown.named("table"))) == (3, 3)
    printed = [kind for kind, _ in tags(read(page.with_suffix(".pdf").read_bytes()))]
    assert (printed.count("/Figure"), printed.count("/Table")) == (3, 3)


def test_every_target_is_judged_in_its_own_direction() -> None:
    each = {name: [0.5, 0.5, 0.4] for name in FULL.notebooks} | {
        "papermill command": [4.0, 5.0, 2.0], "three commands": [8.0, 7.0, 8.0],
    }  # fmt: skip
    least = ratios(each)
    assert least["fork, 2 at once"] == 8.0
    assert least[PAGES] == 16.0
    assert least[ON_DASK] == 1.0
    school = {"beyond_fork": 0.16, "beyond_warm": 0.6, "page_and_pdf": 0.2, "megabytes": 150.0}
    school |= {"beyond_fork_in_a_batch": 0.15, "beyond_warm_in_a_batch": 0.65}
    rows = targets({"ratios": least, "costs": {"school_review": school, "reference": school}})
    assert [row["what"] for row in rows if not row["met"]] == [
        "fork, 2 at once, over the command",
        "school, fork: seconds beyond cells",
    ]
    assert len(rows) == 11


def test_what_was_not_measured_is_no_target() -> None:
    assert targets({"ratios": {}, "costs": {}}) == []


def test_papermill_is_given_what_it_needs_at_the_versions_of_the_lock_and_no_more() -> None:
    pins = subset((paths.home() / "requirements-dev.lock").read_text(), NEEDED)
    names = re.findall(r"(?m)^([a-z0-9-]+)==(\S+)", pins)
    pinned = dict(names)
    assert set(NEEDED) | {"numpy", "nbclient", "pyzmq", "cffi"} <= set(pinned)
    assert not {"distributed", "jupyterlab", "statsmodels", "voila"} & set(pinned)
    assert {name: version(name) for name in NEEDED} == {name: pinned[name] for name in NEEDED}
    assert len(re.findall(r"(?m)^\S", pins)) == len(names)
    assert all("--hash=sha256:" in pin for pin in re.split(r"(?m)^(?=\S)", pins)[1:])


def test_a_package_that_the_lock_does_not_pin_is_named() -> None:
    with pytest.raises(ValueError, match="weasyprint"):
        subset("pandas==3.0.0 \\\n    --hash=sha256:00\n", ("pandas", "weasyprint"))


def test_a_command_that_fails_is_not_timed(tmp_path: Path) -> None:
    path = tmp_path / "wrong.ipynb"
    path.write_text("no notebook")
    with pytest.raises(RuntimeError, match="papermill failed"):
        Stock(Path(sys.executable), path, tmp_path).commands(1)


@needs_fork
def test_a_cell_that_fails_alone_is_not_timed(tmp_path: Path) -> None:
    path = tmp_path / "wrong.ipynb"
    nbformat.write(notebook("1 / 0"), path)
    with alone(path) as cells, pytest.raises(RuntimeError, match="cannot be run alone"):
        cells.seconds()
