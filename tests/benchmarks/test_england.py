"""The bench of the national picture holds each figure against its target."""

from __future__ import annotations

from collections import defaultdict
from typing import Any

import pytest

from benchmarks.england import counted, first_trusts, show, targets
from workbench import paths
from workbench.growth.ranges import threaded
from workbench.parameters.scenario import read_scenario
from workbench.research.national_picture.cases import cases_of
from workbench.research.national_picture.made_up import made_up_country
from workbench.research.national_picture.room import room_of
from workbench.scenario.answers import read_model, read_settings


def figures(**changed: float) -> dict[str, Any]:
    """Figures that meet every target but those changed."""
    own = {"seconds": 100.0, "megabytes": 600.0, "times": 1.9, "same_bytes": True} | changed
    found: dict[str, Any] = {
        "machine": {"load": 3.0},
        "country": {"source": "demo", "trusts": 1300},
        "command": {"seconds": own["seconds"], "megabytes": own["megabytes"], "processor": 90.0},
        "dask": {"times": own["times"], "same_bytes": own["same_bytes"], "shared_times": 1.95},
    }
    return found | {"targets": targets(found)}


@pytest.mark.parametrize(
    ("changed", "missed"),
    [
        ({}, []),
        ({"seconds": 181.0}, ["seconds for every trust of England"]),
        ({"megabytes": 1500.0}, ["megabytes for every trust of England"]),
        ({"times": 1.69}, ["two Dask workers over one, times"]),
        ({"same_bytes": False}, ["the same bytes on Dask (1: yes)"]),
    ],
)
def test_a_target_that_is_missed_is_said_to_be(
    changed: dict[str, float], missed: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    found = figures(**changed)
    assert [each["what"] for each in found["targets"] if not each["met"]] == missed
    show(found)
    said = capsys.readouterr().out
    assert said.count("not met") == len(missed)
    assert f"{4 - len(missed)} of 4 targets are met" in said
    assert "The machine was busy" in said


def test_counting_who_computes_changes_nothing_of_the_result() -> None:
    cases = cases_of(
        made_up_country(6, seed=2), read_scenario("rescue", paths.scenarios()), read_model(),
        read_settings(), joiners=1, replicates=20, seed=1,
    )  # fmt: skip
    few, spent = first_trusts(cases, 4), defaultdict[int, float](float)
    timed = room_of(few, ranges=counted(threaded(1, 2), spent))
    assert timed.curves.equals(room_of(few, threads=1).curves)
    assert len(timed.curves) == 4 * 2
    assert min(spent.values()) > 0
