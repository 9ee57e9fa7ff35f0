"""What a report says it was made from: everything that matters, and no place on a disk."""

from __future__ import annotations

import datetime as dt
import hashlib
import shutil
from dataclasses import replace
from pathlib import Path

import nbformat.v4 as nb
from nbformat import NotebookNode

from workbench import paths
from workbench.evidence.code_cells import digest_of_code
from workbench.evidence.plan import plan
from workbench.evidence.provenance import inputs_of, paper_facts, provenance
from workbench.evidence.run_file import Paper
from workbench.trust.load import Trust

STARTED = dt.datetime(2026, 11, 25, 9, 30, tzinfo=dt.UTC)


def test_a_scenario_given_by_its_file_is_named_without_its_folder_and_with_its_digest(
    demo_trust: Trust, tmp_path: Path
) -> None:
    own = Path(shutil.copy(paths.scenarios() / "steady.yaml", tmp_path / "five.yaml"))
    scenario, *_, comparison = plan(demo_trust, schools=[], scenarios=[str(own), "rescue"])
    for part in (scenario, comparison):
        said = provenance(part, nb.new_notebook(), inputs_of(demo_trust, STARTED), 1.5)
        assert "five.yaml" in said["Given to it"]
        digest = hashlib.sha256(own.read_bytes()).hexdigest()
        assert digest.startswith(said["Digest of five.yaml"])
        assert len(said["Digest of five.yaml"]) == 16
        assert str(tmp_path) not in " ".join(said.values())


def test_a_scenario_given_by_name_needs_no_digest_of_its_own(demo_trust: Trust) -> None:
    (part,) = plan(demo_trust, schools=[], scenarios=["steady"])
    said = provenance(part, nb.new_notebook(), inputs_of(demo_trust, STARTED), 1.5)
    assert said["Given to it"] == "scenario steady"
    assert [name for name in said if name.startswith("Digest of") and ".yaml" in name] == []


def test_a_report_that_was_given_nothing_says_so(demo_trust: Trust) -> None:
    bare = replace(plan(demo_trust, schools=[], scenarios=["steady"])[0], parameters={})
    said = provenance(bare, nb.new_notebook(), inputs_of(demo_trust, STARTED), 1.5)
    assert said["Given to it"] == "nothing"


def test_a_page_is_told_only_what_was_given_of_its_meeting() -> None:
    assert paper_facts(Paper()) == {}
    assert paper_facts(Paper(dt.date(2026, 12, 9), "For decision")) == {
        "meeting": "2026-12-09", "status": "For decision",
    }  # fmt: skip


def _notebook(words: str = "Ask who decides.", *, kind: str = "markdown") -> NotebookNode:
    first = nb.new_code_cell("urn = 1", metadata={"tags": ["parameters"]})
    second = nb.new_markdown_cell(words) if kind == "markdown" else nb.new_raw_cell(words)
    notebook: NotebookNode = nb.new_notebook(cells=[first, second])
    return notebook


def test_words_kinds_and_tags_of_a_notebooks_cells_count() -> None:
    digest = digest_of_code(_notebook())
    assert digest == digest_of_code(_notebook())
    assert digest != digest_of_code(_notebook("Ask nobody."))
    assert digest != digest_of_code(_notebook(kind="raw"))
    untagged = _notebook()
    del untagged.cells[0].metadata["tags"]
    assert digest != digest_of_code(untagged)


def test_what_running_adds_to_a_notebook_does_not_count() -> None:
    run = _notebook()
    run.cells[0].outputs = [nb.new_output("stream", text="1")]
    run.cells[0].execution_count = 1
    run.cells[1].metadata["tags"] = []
    run.cells.insert(1, nb.new_code_cell("urn = 2", metadata={"tags": ["injected-parameters"]}))
    failed = nb.new_markdown_cell("failed", metadata={"tags": ["papermill-error-cell-tag"]})
    run.cells.insert(0, failed)
    assert digest_of_code(run) == digest_of_code(_notebook())
