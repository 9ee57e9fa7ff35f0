"""Signing and releasing from the command line: what is said, and the exit codes."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from tests.evidence.signed import FIRST, PERSON, small_run, small_trust
from workbench import cli

ROLES = ("--analyst", "R&D lead", "--assurer", "Director of standards")
RELEASE = ("--released-by", "Chief executive", "--checked-by", "Governance lead")


def run(*arguments: object) -> Result:
    return CliRunner().invoke(cli.app, [str(argument) for argument in arguments])


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A run in which one report names somebody."""
    made = tmp_path_factory.mktemp("cli")
    trust = small_trust(made / "trust")
    return small_run(made / "run", trust, "<p>One.</p>", f"<p>Led by {PERSON}.</p>").folder


def test_signs_refuses_and_releases(folder: Path) -> None:
    assert run("release", folder, *RELEASE).exit_code == 2
    signed = run("assure", folder, *ROLES, "--limitation", "Not for budgets.")
    assert signed.exit_code == 0
    assert f"{FIRST}: assured, Director of standards" in signed.output
    refused = run("release", folder, *RELEASE)
    assert refused.exit_code == 2
    assert "line " in refused.output
    assert PERSON in refused.output
    assert "no board pack was made" in refused.output
    told = json.loads(run("release", folder, *RELEASE, "--json").stdout)
    assert told["pack"] is None
    assert {"key", "file", "place", "what", "rule", "mend"} <= set(told["findings"][0])
    passed = run("release", folder, *RELEASE, "--report", FIRST)
    assert passed.exit_code == 0
    assert "suppression policy" in passed.output
    assert "board-pack" in passed.output
    assert run("release", folder, "--check").exit_code == 0
    page = folder / f"{FIRST}.html"
    page.write_text(page.read_text(encoding="utf-8") + " ", encoding="utf-8")
    assert run("release", folder, "--check").exit_code == 2


def test_nobody_signs_without_an_analyst(folder: Path) -> None:
    assert run("assure", folder, "--assurer", "Director of standards").exit_code == 2


def test_what_is_missing_of_a_release_is_named_by_its_option(folder: Path) -> None:
    nothing = run("release", folder)
    assert nothing.exit_code == 2
    assert "--released-by and --checked-by" in nothing.output
    half = run("release", folder, "--released-by", "Chief executive")
    assert half.exit_code == 2
    assert "nobody is given with --checked-by" in half.output


def test_a_finding_is_accepted_for_a_reason_only(folder: Path) -> None:
    assert "gives no reason" in run("release", folder, *RELEASE, "--accept", "abc").output


def test_what_was_accepted_is_told_with_its_reason(tmp_path: Path) -> None:
    trust = small_trust(tmp_path / "trust")
    made = small_run(tmp_path / "run", trust, "<p>Only 4 answers came.</p>").folder
    assert run("assure", made, *ROLES).exit_code == 0
    told = json.loads(run("release", made, *RELEASE, "--json").stdout)
    accepts = [
        part for one in told["findings"] for part in ("--accept", f"{one['key']}=Of schools.")
    ]
    passed = run("release", made, *RELEASE, *accepts)
    assert passed.exit_code == 0
    assert "nothing found" not in passed.output
    assert f"{len(told['findings'])} findings accepted" in passed.output
    assert passed.output.count(": Of schools.") == len(told["findings"])


def test_a_folder_that_is_no_run_is_refused(tmp_path: Path) -> None:
    assert run("release", tmp_path, *RELEASE).exit_code == 2
