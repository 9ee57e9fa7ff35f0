"""A trust and plans whose every free text is hostile, and the reports that notebooks make of them.

The notebooks are run in this process, each once, with few futures: words are tried, not figures.
"""

from __future__ import annotations

import csv
import shutil
from collections.abc import Iterable, Iterator, Mapping
from functools import partial
from itertools import cycle
from pathlib import Path
from typing import Any

import nbformat
import nbformat.v4 as nb
import pytest
from nbformat import NotebookNode
from ruamel.yaml import YAML

from tests.report.hostile import PAYLOADS
from workbench import paths
from workbench.report import emit
from workbench.scenario.effort import Effort
from workbench.trust.contracts import TABLES

TRUST_NAME = PAYLOADS[0]
REVIEWED = 900012
SCHOOLS = 14  # as many as the demo trust has
FIRST_COPY = 900101
KINDS = ("school_review", "trust_review", "growth_scenario", "scenario_comparison")
# What schools that are copies of others are given beside a name: enough to be judged.
_COPIED = ("inspections_oeif", "inspections_report_card")
_NOWHERE = {"latitude": "", "longitude": ""}  # sixty names on one map take half a minute to place
_PUBLISHED = {"unit", "raw"}  # only what the publisher writes is understood there
_FUTURES = 100
_LESS_WORK = {"absorb": {"replicates": _FUTURES}, "waterfalls": {"replicates": _FUTURES}}
_LEAST = Effort(
    events=4, paths=2, factors=2, size=128, futures=100, pairs=20, tornado_events=20, resamples=2
)


def write_hostile_trust(folder: Path, schools: int) -> Path:
    """Write the demo trust with payloads in every text, its schools copied until there are enough.

    Args:
        folder: Where to write it.
        schools: How many schools it has.
    """
    shutil.copytree(paths.demo(), folder)
    tables = {path.stem: _rows(path) for path in folder.glob("*.csv")}
    copies = dict(_copies(tables["schools"], schools))
    for name in ("schools", *_COPIED):
        tables[name] += [
            {**row, "urn": urn} | (_NOWHERE if name == "schools" else {})
            for urn, original in copies.items()
            for row in tables[name]
            if row["urn"] == original
        ]
    for name, rows in tables.items():
        texts = [one.name for one in TABLES[name].columns if one.kind == "text"]
        for column in set(texts) - _PUBLISHED:
            for row, payload in zip(rows, cycle(PAYLOADS), strict=False):
                row[column] = payload
        _write(folder / f"{name}.csv", rows)
    for path in (folder / "documents").glob("*.txt"):
        path.write_text("\n".join((path.read_text(encoding="utf-8"), *PAYLOADS)), encoding="utf-8")
    return folder


def write_hostile_plans(folder: Path) -> tuple[str, ...]:
    """Write two plans that say all payloads between them, and return the paths of their files."""
    folder.mkdir()
    reader = YAML(typ="safe", pure=True)
    plan = reader.load((paths.scenarios() / "steady.yaml").read_text(encoding="utf-8"))
    plan["joiners"]["schools"] = 2
    written = []
    for number, halves in enumerate((PAYLOADS[::2], PAYLOADS[1::2]), start=1):
        title, question = halves[2], halves[3]
        content = plan | {"title": title, "question": question, "description": " ".join(halves)}
        file = folder / f"plan-{number}.yaml"
        with file.open("w", encoding="utf-8") as stream:
            YAML(typ="safe", pure=True).dump(content, stream)
        written.append(str(file))
    return tuple(written)


def run_notebook(kind: str, given: Mapping[str, Any]) -> NotebookNode:
    """Run a notebook of the workbench in this process and return it with what it shows."""
    notebook: NotebookNode = nbformat.read(paths.notebooks() / f"{kind}.ipynb", as_version=4)
    names: dict[str, Any] = {}
    for cell in (one for one in notebook.cells if one.cell_type == "code"):
        cell.outputs = list(_shown(cell.source, names))
        if "parameters" in cell.metadata.get("tags", ()):
            names |= given
        names |= {
            name: partial(names[name], **less)
            for name, less in _LESS_WORK.items()
            if name in names and not isinstance(names[name], partial)
        } | ({"REPORT": _LEAST} if "REPORT" in names else {})
    return notebook


def hostile_reports(folder: Path) -> dict[str, NotebookNode]:
    """Run every notebook once over a hostile trust and its plans."""
    large = str(write_hostile_trust(folder / "large", len(PAYLOADS)))
    small = str(write_hostile_trust(folder / "small", SCHOOLS))
    first, second = write_hostile_plans(folder / "plans")
    few = {"replicates": _FUTURES}
    given: dict[str, dict[str, Any]] = {
        "school_review": {"trust_dir": large, "urn": REVIEWED},
        "trust_review": {"trust_dir": large},
        "growth_scenario": {"trust_dir": small, "scenario": first} | few,
        "scenario_comparison": {"trust_dir": small, "scenarios": f"{first},{second}"} | few,
    }
    return {kind: run_notebook(kind, given[kind]) for kind in KINDS}


def _shown(source: str, names: dict[str, Any]) -> Iterable[NotebookNode]:
    shown: list[NotebookNode] = []

    def keep(data: dict[str, Any], *, raw: bool) -> None:
        assert raw
        shown.append(nb.new_output("display_data", data=data))

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(emit, "_display", keep)
        exec(source, names)
    return shown


def _copies(schools: list[dict[str, str]], enough: int) -> Iterator[tuple[str, str]]:
    """Yield a URN for each school to add, with that of the school it is a copy of."""
    originals = cycle(row["urn"] for row in schools)
    for place in range(enough - len(schools)):
        yield str(FIRST_COPY + place), next(originals)


def _rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


def _write(path: Path, rows: list[dict[str, str]]) -> None:
    with path.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.DictWriter(stream, list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)
