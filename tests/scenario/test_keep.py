"""Kept results: read back as they were, the same bytes every time, and tampering is seen."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from workbench.errors import BadInput
from workbench.scenario import keep
from workbench.scenario.answers import absorb, simulate
from workbench.scenario.compare import compare
from workbench.scenario.keep import (
    MANIFEST,
    keep_absorption,
    keep_comparison,
    keep_scenario,
    read_kept,
)
from workbench.scenario.results import ScenarioResult
from workbench.scenario.waterfall import waterfalls
from workbench.trust.load import Trust


@pytest.fixture(scope="module")
def result(demo_trust: Trust) -> ScenarioResult:
    return simulate(demo_trust, "steady", replicates=100, threads=1)


@pytest.fixture(autouse=True)
def _few_futures(monkeypatch: pytest.MonkeyPatch) -> None:
    def few(trust: Trust, scenarios: Any, **options: Any) -> pd.DataFrame:
        return waterfalls(trust, scenarios, **options | {"replicates": 20})

    monkeypatch.setattr(keep, "waterfalls", few)


@pytest.fixture
def kept(demo_trust: Trust, result: ScenarioResult, tmp_path: Path) -> Path:
    return keep_scenario(demo_trust, result, tmp_path / "kept", threads=1).parent


def test_a_scenario_is_read_back_as_it_was(kept: Path, result: ScenarioResult) -> None:
    found = read_kept(kept)
    assert found.kind == "scenario"
    for name in ("fans", "breach", "time_to_secure", "futures", "starting"):
        pd.testing.assert_frame_equal(
            found.tables[name], getattr(result, name), check_dtype=False, check_exact=True
        )
    assert set(found.tables) >= {"effect_on_existing", "waterfall"}
    assert found.manifest["hold"]["probability"] == result.hold.estimate
    assert (found.manifest["seed"], found.manifest["replicates"]) == (result.seed, 100)
    effect = found.tables["effect_on_existing"]
    fans = result.fans[result.fans["measure"] == "existing_secure_share"]["mean"]
    own = effect[effect["measure"] == "existing_secure_share"]["with_joiners"]
    assert own.tolist() == pytest.approx(fans.tolist())  # the very futures of the result


def test_the_manifest_says_what_everything_is(kept: Path, demo_trust: Trust) -> None:
    manifest = json.loads((kept / MANIFEST).read_text("utf-8"))
    assert manifest["trust"]["as_of"] == demo_trust.as_of.isoformat()
    assert len(manifest["trust"]["tables_sha256"]) == 64
    assert "model.yaml" in manifest["parameters_sha256"]
    for name, said in manifest["tables"].items():
        table = pd.read_parquet(kept / said["file"])
        assert list(said["columns"]) == list(table.columns), name
        assert said["rows"] == len(table)
        assert all(column["what"] and column["unit"] for column in said["columns"].values())


@pytest.mark.parametrize("threads", [2, 4])
def test_the_same_result_gives_the_same_bytes(
    kept: Path, demo_trust: Trust, tmp_path: Path, threads: int
) -> None:
    result = simulate(demo_trust, "steady", replicates=100, threads=threads)
    again = keep_scenario(demo_trust, result, tmp_path / "again", threads=threads).parent
    names = sorted(path.name for path in kept.iterdir())
    assert names == sorted(path.name for path in again.iterdir())
    assert all((kept / name).read_bytes() == (again / name).read_bytes() for name in names)


def change(path: Path) -> None:
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    path.write_bytes(bytes(content))


@pytest.mark.parametrize(
    ("spoil", "said"),
    [
        (lambda folder: change(folder / "fans.parquet"), "fans.parquet was changed"),
        (lambda folder: (folder / "fans.parquet").unlink(), "'fans' is missing"),
        (lambda folder: (folder / MANIFEST).unlink(), "manifest cannot be read"),
        (lambda folder: (folder / MANIFEST).write_text("{"), "manifest cannot be read"),
        (lambda folder: (folder / MANIFEST).write_text("[]"), "no manifest of"),
    ],
)
def test_what_was_changed_or_lost_is_refused(
    kept: Path, spoil: Callable[[Path], object], said: str
) -> None:
    spoil(kept)
    with pytest.raises(BadInput, match=said):
        read_kept(kept)


@pytest.mark.parametrize(
    ("key", "value"), [("format_version", 2), ("format", "something else"), ("tables", [])]
)
def test_a_manifest_of_another_kind_is_refused(kept: Path, key: str, value: object) -> None:
    manifest = json.loads((kept / MANIFEST).read_text("utf-8")) | {key: value}
    (kept / MANIFEST).write_text(json.dumps(manifest), encoding="utf-8")
    with pytest.raises(BadInput, match="no manifest of"):
        read_kept(kept)


def test_a_manifest_cannot_lead_out_of_its_folder(kept: Path) -> None:
    manifest = json.loads((kept / MANIFEST).read_text("utf-8"))
    manifest["tables"] = {"../kept/fans": manifest["tables"]["fans"]}
    (kept / MANIFEST).write_text(json.dumps(manifest), encoding="utf-8")
    with pytest.raises(BadInput, match="missing"):
        read_kept(kept)


def test_earlier_results_are_replaced_and_nothing_else(
    kept: Path, demo_trust: Trust, result: ScenarioResult
) -> None:
    answer = absorb(demo_trust, "steady", joiners=range(2), replicates=40, threads=1)
    keep_absorption(demo_trust, answer, kept)
    found = read_kept(kept)
    assert found.kind == "absorption"
    assert not (kept / "fans.parquet").exists()
    assert found.tables["curve"]["joiners"].tolist() == [0, 1]
    assert found.manifest["reason"] == answer.absorption.reason
    (kept / "minutes.docx").touch()
    with pytest.raises(BadInput, match="something else than kept results"):
        keep_scenario(demo_trust, result, kept)
    assert (kept / "minutes.docx").exists()


def test_a_comparison_is_read_back_as_it_was(demo_trust: Trust, tmp_path: Path) -> None:
    comparison = compare(demo_trust, ["steady", "rescue"], replicates=40, threads=1)
    keep_comparison(demo_trust, comparison, tmp_path / "compared", threads=1)
    found = read_kept(tmp_path / "compared")
    assert list(found.manifest["scenarios_sha256"]) == list(comparison.scenarios)
    for name, own in {
        "overview": comparison.overview,
        "differences": comparison.differences,
        "regret": comparison.regret,
        "robustness": comparison.robustness,
        "by_draw": comparison.by_draw,
        "orders": comparison.orders,
    }.items():
        pd.testing.assert_frame_equal(found.tables[name], own, check_dtype=False, check_exact=True)
