"""What all reviews share is worked out ahead without a thread, and changes nothing they say."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from workbench import paths
from workbench.pillars import golden_rule
from workbench.report.ahead import review_ahead
from workbench.report.school import readings_table, review_school
from workbench.report.school_pillars import compared_said, help_lines, school_pillars
from workbench.research import comparisons, neighbours, who_can_help
from workbench.research.panel import panel_given, panel_of_trust
from workbench.trust.load import read_trust
from workbench.trust.published.england import write_england

# As the parent of forked interpreters does it.
ALONE = """
import sys
from pathlib import Path
from workbench.evidence.engines.preload import preload, threads
preload()
from workbench.report.ahead import review_ahead
from workbench.trust.load import read_trust
review_ahead(read_trust(Path(sys.argv[1])))
sys.exit(threads() - 1)
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Return a copy of the demo trust that holds a panel of England: its own schools."""
    found = Path(shutil.copytree(paths.demo(), tmp_path / "trust"))
    panel = panel_of_trust(read_trust(found))
    write_england(found, panel.schools, panel.as_of, [])
    return found


def said(folder: Path, *, ahead: bool) -> tuple[str, ...]:
    """Return what a review of the last school says, worked out ahead or not."""
    trust = read_trust(folder)
    if ahead:
        review_ahead(trust)
    review = review_school(trust, int(trust.schools["urn"].iloc[-1]))
    found = school_pillars(review)
    table = readings_table(review).to_csv()
    return (found.headline, table, *compared_said(found), *help_lines(found))


def test_a_review_says_the_same_where_its_trust_was_worked_out_ahead(folder: Path) -> None:
    assert said(folder, ahead=True) == said(folder, ahead=False)


def test_nothing_that_all_reviews_share_is_worked_out_again(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    trust = read_trust(folder)
    review_ahead(trust)
    panel = panel_given(trust)
    assert panel is not None

    def again(*_: object, **__: object) -> None:
        raise AssertionError("worked out again")

    monkeypatch.setattr(golden_rule, "judge", again)
    monkeypatch.setattr(who_can_help, "who_can_help", again)
    monkeypatch.setattr(comparisons, "comparisons", again)
    school_pillars(review_school(trust, int(trust.schools["urn"].iloc[-1])))
    assert panel_given(trust) is panel


def test_whom_a_school_is_compared_with_is_known_for_every_phase(folder: Path) -> None:
    trust = read_trust(folder)
    review_ahead(trust)
    panel, worked_out = panel_given(trust), neighbours._group.cache_info().misses
    assert panel is not None
    assert panel.schools["phase"].nunique() > 1
    for urn in trust.schools["urn"]:
        neighbours.neighbours(panel, int(urn))
    assert neighbours._group.cache_info().misses == worked_out


def test_no_thread_is_started_that_a_forked_process_would_lack(folder: Path) -> None:
    done = subprocess.run([sys.executable, "-c", ALONE, str(folder)], check=False)
    assert done.returncode == 0
