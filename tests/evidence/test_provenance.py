"""What a report says it was made from: everything that matters, and no place on a disk."""

from __future__ import annotations

import datetime as dt
import hashlib
import shutil
from pathlib import Path

import nbformat.v4 as nb

from workbench import paths
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


def test_a_page_is_told_only_what_was_given_of_its_meeting() -> None:
    assert paper_facts(Paper()) == {}
    assert paper_facts(Paper(dt.date(2026, 12, 9), "For decision")) == {
        "meeting": "2026-12-09", "status": "For decision",
    }  # fmt: skip
