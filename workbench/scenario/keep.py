"""Results kept as tidy Parquet files with a manifest that says what each is and proves it whole.

The same result gives the same bytes, whatever the number of threads: nothing kept tells the time.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from workbench import __version__, paths
from workbench.errors import BadInput
from workbench.growth.absorb import INTERVAL_LEVEL
from workbench.parameters.scenario import Scenario
from workbench.scenario.answers import read_model, read_settings
from workbench.scenario.compare import Comparison
from workbench.scenario.keep_words import FACTS, described, what_is
from workbench.scenario.pairs import effect_on_existing, run_pair
from workbench.scenario.results import ScenarioResult, TrustAbsorption
from workbench.scenario.waterfall import waterfalls
from workbench.trust.digests import digest_of_file, digest_of_tables, digest_of_text
from workbench.trust.folders import whole_folder
from workbench.trust.load import Trust

FORMAT, VERSION = "trust-growth-workbench results", 1
MANIFEST = "manifest.json"
Kind = Literal["scenario", "absorption", "comparison"]
_TABLE = re.compile(r"[a-z_]+")


@dataclass(frozen=True)
class Kept:
    """Results read back, each file proven to be what was written.

    Attributes:
        kind: What was kept.
        manifest: What `manifest.json` says.
        tables: The tables by name.
    """

    kind: Kind
    manifest: Mapping[str, Any]
    tables: Mapping[str, pd.DataFrame]


def keep_scenario(
    trust: Trust, result: ScenarioResult, folder: Path, *, threads: int | None = None
) -> Path:
    """Keep a scenario's result, with its effect on existing schools and its waterfall.

    Both are simulated here, on the result's own seed; the effect on its very futures.

    Args:
        trust: The trust.
        result: What came of the scenario.
        folder: A new or empty folder, or one of earlier results, which these take the place of.
        threads: Worker threads (default: all cores); the files do not depend on it.

    Returns:
        The manifest's file.

    Raises:
        BadInput: The folder holds anything else.
    """
    joiners = result.scenario.joiners.model_copy(update={"schools": result.joiners})
    scenario = result.scenario.model_copy(update={"joiners": joiners})
    pair = run_pair(
        trust,
        scenario,
        read_model(),
        read_settings(),
        replicates=result.replicates,
        seed=result.seed,
        draws=result.draws,
        threads=threads,
    )
    steps = waterfalls(trust, [scenario], seed=result.seed, threads=threads)
    tables = {
        "fans": result.fans,
        "breach": result.breach,
        "time_to_secure": result.time_to_secure,
        "futures": result.futures,
        "starting": result.starting,
        "effect_on_existing": effect_on_existing(pair),
        "waterfall": steps.drop(columns="scenario"),
    }
    facts = {"scenarios": [result.scenario], "answers": result.as_json()}
    return _keep("scenario", trust, tables, folder, facts)


def keep_absorption(trust: Trust, answer: TrustAbsorption, folder: Path) -> Path:
    """Keep an absorption answer: its curve, what binds and the starting values.

    Args:
        trust: The trust.
        answer: The answer.
        folder: As in `keep_scenario`.

    Returns:
        The manifest's file.

    Raises:
        BadInput: The folder holds anything else than earlier results.
    """
    tables = {
        "curve": answer.absorption.curve,
        "binding": answer.absorption.binding,
        "starting": answer.starting,
    }
    facts = {"scenarios": [answer.scenario], "answers": answer.as_json()}
    return _keep("absorption", trust, tables, folder, facts)


def keep_comparison(
    trust: Trust, comparison: Comparison, folder: Path, *, threads: int | None = None
) -> Path:
    """Keep a comparison of scenarios, with the waterfall of each, which is simulated here.

    Args:
        trust: The trust.
        comparison: The comparison.
        folder: As in `keep_scenario`.
        threads: Worker threads (default: all cores); the files do not depend on it.

    Returns:
        The manifest's file.

    Raises:
        BadInput: The folder holds anything else than earlier results.
    """
    scenarios = list(comparison.scenarios.values())
    tables = {
        "overview": comparison.overview,
        "fans": comparison.fans,
        "breach": comparison.breach,
        "effect_on_existing": comparison.effect,
        "differences": comparison.differences,
        "differences_by_term": comparison.by_term,
        "by_draw": comparison.by_draw,
        "regret": comparison.regret,
        "robustness": comparison.robustness,
        "dominance": comparison.dominance,
        "orders": comparison.orders,
        "starting": comparison.starting,
        "waterfall": waterfalls(trust, scenarios, seed=comparison.seed, threads=threads),
    }
    facts = {"scenarios": scenarios, "answers": comparison.as_json()}
    return _keep("comparison", trust, tables, folder, facts)


def read_kept(folder: Path) -> Kept:
    """Read kept results back, and refuse what is not what was written.

    Raises:
        BadInput: There is no manifest, it is of another version, or a file was changed or lost.
    """
    manifest = _read_manifest(folder)
    tables = {}
    for name, said in manifest["tables"].items():
        path = folder / f"{name}.parquet"
        if not _TABLE.fullmatch(name) or not path.is_file():
            raise _spoilt(f"the table {name!r} is missing", path)
        if digest_of_file(path) != said["sha256"]:
            raise _spoilt(f"{path.name} was changed since it was written", path)
        tables[name] = pq.read_table(path).to_pandas()
    return Kept(manifest["kind"], manifest, tables)


def _keep(
    kind: Kind,
    trust: Trust,
    tables: Mapping[str, pd.DataFrame],
    folder: Path,
    facts: Mapping[str, Any],
) -> Path:
    folder = folder.resolve()
    _refuse_unless_ours(folder)
    with whole_folder(folder) as stage:
        listed = {name: _write(name, table, stage) for name, table in tables.items()}
        manifest = _manifest(kind, trust, listed, facts)
        text = json.dumps(manifest, ensure_ascii=False, indent=2, allow_nan=False)
        (stage / MANIFEST).write_text(text + "\n", encoding="utf-8", newline="\n")
    return folder / MANIFEST


def _manifest(
    kind: Kind, trust: Trust, tables: Mapping[str, Any], facts: Mapping[str, Any]
) -> dict[str, Any]:
    scenarios: list[Scenario] = facts["scenarios"]
    answers: Mapping[str, Any] = facts["answers"]
    files = sorted(paths.parameters().glob("*.yaml"))
    return {
        "format": FORMAT,
        "format_version": VERSION,
        "kind": kind,
        "workbench": __version__,
        "trust": {
            "name": trust.name,
            "uid": trust.uid,
            "as_of": trust.as_of.isoformat(),
            "tables_sha256": digest_of_tables(trust.folder),
        },
        "scenarios_sha256": {one.title: digest_of_text(one.model_dump_json()) for one in scenarios},
        "parameters_sha256": {path.name: digest_of_file(path) for path in files},
        "interval_level": INTERVAL_LEVEL,
        **{name: answers[name] for name in FACTS if name in answers},
        "tables": dict(tables),
    }


def _write(name: str, table: pd.DataFrame, stage: Path) -> dict[str, Any]:
    """Write one table, and return what the manifest says of it."""
    path = stage / f"{name}.parquet"
    columns = {str(column): _column(table[column]) for column in table.columns}
    whole = pa.table(columns)
    pq.write_table(whole, path, compression="zstd", version="2.6", store_schema=False)
    return {
        "file": path.name,
        "what": what_is(name),
        "rows": len(table),
        "sha256": digest_of_file(path),
        "columns": {
            column: described(name, column) | {"type": str(whole.schema.field(column).type)}
            for column in columns
        },
    }


def _column(values: pd.Series) -> pa.Array:
    """Return a column in one of four types; what is missing stays missing."""
    if pd.api.types.is_bool_dtype(values):
        return pa.array(values.to_numpy(dtype=bool), pa.bool_())
    if pd.api.types.is_integer_dtype(values):
        return pa.array(values.to_numpy(dtype=np.int64), pa.int64())
    if pd.api.types.is_float_dtype(values) or values.isna().all():
        return pa.array(values.to_numpy(dtype=float), pa.float64(), from_pandas=True)
    return pa.array(values.tolist(), pa.string(), from_pandas=True)


def _refuse_unless_ours(folder: Path) -> None:
    if not folder.exists():
        return
    found = sorted(folder.iterdir()) if folder.is_dir() else [folder]
    strange = [path for path in found if path.name != MANIFEST and path.suffix != ".parquet"]
    if strange or (found and not (folder / MANIFEST).is_file()):
        raise BadInput(
            f"{folder} holds something else than kept results",
            where=str((strange or found)[0]),
            rule="results are kept in a new or empty folder, or in place of earlier ones",
            mend="name a folder that does not exist yet",
        )


def _read_manifest(folder: Path) -> dict[str, Any]:
    path = folder / MANIFEST
    try:
        manifest = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as fault:
        raise _spoilt("the manifest cannot be read", path) from fault
    whole = isinstance(manifest, dict) and isinstance(manifest.get("tables"), dict)
    if not whole or (manifest.get("format"), manifest.get("format_version")) != (FORMAT, VERSION):
        raise _spoilt(f"this is no manifest of {FORMAT}, version {VERSION}", path)
    return dict(manifest)


def _spoilt(what: str, path: Path) -> BadInput:
    return BadInput(
        what,
        where=str(path),
        rule="kept results are read back only as written, every file as the manifest says",
        mend="keep them again with `--to`, or take the folder from a copy",
    )
