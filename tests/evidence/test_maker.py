"""A worker's process makes the runner's reports from the runner's data, or says why it will not."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from pathlib import Path

import pytest

from workbench import paths
from workbench.errors import BadInput
from workbench.evidence import maker
from workbench.evidence.maker import Held, Standing, made, packed, settle, unlike
from workbench.evidence.plan import Part
from workbench.evidence.provenance import inputs_of
from workbench.evidence.sources import LOCK_FILE, Sources, digests_of_tables
from workbench.evidence.worker import How
from workbench.trust.digests import digest_of_text
from workbench.trust.load import read_trust

DEMO = paths.demo()


def standing(**environment: str) -> Standing:
    sources = Sources(
        parameters={"model.yaml": "1"},
        code={"workbench/a.py": "1", "workbench/b.py": "1"},
        environment={"Python": "3.11", LOCK_FILE: "1", "numpy": "2", "not-in-the-lock": "1"}
        | environment,
    )
    return Standing(sources, "", "x86_64")


def with_sources(**groups: dict[str, str]) -> Standing:
    return replace(standing(), sources=replace(standing().sources, **groups))


@pytest.mark.parametrize(
    ("theirs", "said"),
    [
        (standing(), ""),
        (standing(**{"not-in-the-lock": "2", "another": "1"}), ""),
        (standing(numpy="3"), "it differs in the environment (numpy)"),
        (standing(**{LOCK_FILE: "2"}), LOCK_FILE),
        (standing(Python="3.12"), "Python"),
        (
            with_sources(code={"workbench/a.py": "2"}),
            "it differs in the code (workbench/a.py and 1 more)",
        ),
        (
            with_sources(parameters={"model.yaml": "2"}),
            "it differs in parameter files (model.yaml)",
        ),
        (replace(standing(), without_pdf="no pango"), "no PDF can be made there (no pango)"),
        (replace(standing(), processor="arm64"), "its processor is arm64"),
    ],
)
def test_only_what_makes_other_reports_makes_a_stranger(theirs: Standing, said: str) -> None:
    found = unlike(theirs, standing())
    assert said in found
    assert bool(said) == bool(found)


@pytest.fixture
def held(monkeypatch: pytest.MonkeyPatch) -> Held:
    """What a run on the demo trust shares."""
    monkeypatch.setattr(maker, "_own", lambda _: standing())
    return Held(
        session="s",
        how=How(),
        notebooks=("school_review",),
        folder="/elsewhere/my trust",
        packed=packed(DEMO),
        given={"/elsewhere/a/own.yaml": b"title: A", "/elsewhere/b/own.yaml": b"title: B"},
        tables=digests_of_tables(DEMO),
        parameters={
            f"/elsewhere/{one}/own.yaml": digest_of_text(f"title: {one.upper()}") for one in "ab"
        },
        inputs=inputs_of(read_trust(DEMO), dt.datetime.now(dt.UTC)),
        standing=standing(),
    )


def test_a_trust_comes_over_whole_with_its_documents(held: Held, tmp_path: Path) -> None:
    place = settle(held, tmp_path)
    here = Path(place.here[held.folder])
    assert here.name == DEMO.name, "reports name the folder"
    for path in DEMO.rglob("*"):
        if path.is_file():
            assert (here / path.relative_to(DEMO)).read_bytes() == path.read_bytes()
    given = {name: Path(place.here[name]).read_bytes() for name in held.given}
    assert given == held.given


def test_tables_that_are_not_the_runners_are_refused(held: Held, tmp_path: Path) -> None:
    other = replace(held, tables={**held.tables, "schools.csv": "0" * 64})
    with pytest.raises(BadInput, match="the trust's tables differ"):
        settle(other, tmp_path)


@pytest.mark.parametrize("content", [b"title: B", b""])
def test_a_scenario_that_was_changed_since_the_plan_is_refused(
    held: Held, tmp_path: Path, content: bytes
) -> None:
    other = replace(held, given={**held.given, "/elsewhere/a/own.yaml": content})
    with pytest.raises(BadInput, match=r"own\.yaml differs from the scenario the run was planned"):
        settle(other, tmp_path)


def test_a_machine_that_is_not_the_runners_like_is_refused(held: Held, tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="numpy"):
        settle(replace(held, standing=standing(numpy="3")), tmp_path)


def test_a_fault_names_paths_as_the_runner_knows_them(held: Held, tmp_path: Path) -> None:
    place = settle(held, tmp_path)
    asked = {"trust_dir": held.folder, "scenarios": "steady,/elsewhere/a/own.yaml"}
    part = Part("comparison", "a,b", "", "no such notebook", asked, "stem")
    found = made(part, place)
    assert not found.result.complete
    assert found.result.part == part
    assert "no such notebook" in found.result.message
    assert found.files == {}
