"""A trust is read once for all notebooks of a batch, and none sees what another made of it."""

from __future__ import annotations

import shutil
from pathlib import Path

import nbformat
import pytest

from tests.evidence.engines.notebooks import notebook, said
from workbench import paths
from workbench.evidence.engines.engine import Choice
from workbench.evidence.engines.leases import can_fork
from workbench.evidence.execute import execute

# Whether the parent had read it, what it holds, and a change for the next notebook to miss.
READ = (
    "trust_dir: str = ''",
    "from pathlib import Path\n"
    "from workbench.trust import load\n"
    "held = [str(place) for place in load._held]\n"
    "trust = load.read_trust(Path(trust_dir))\n"
    "seen = (held, len(trust.schools), str(trust.folder), len(load._held))\n"
    "trust.schools.drop(trust.schools.index, inplace=True)\n"
    "(*seen, len(load.read_trust(Path(trust_dir)).schools))",
)


def seen(engine: Choice, folder: Path, trust: Path) -> tuple[list[str], int, str, int, int]:
    """Return what a notebook that reads a trust saw of it."""
    made = notebook(*READ)
    made.cells[0].metadata["tags"] = ["parameters"]
    path = folder / "reads.ipynb"
    nbformat.write(made, path)
    done = execute(path, {"trust_dir": str(trust)}, scratch=folder, engine=engine)
    found: tuple[list[str], int, str, int, int] = eval(said(done))
    return found


@pytest.fixture
def trust(tmp_path: Path) -> Path:
    """Return a copy of the demo trust."""
    return Path(shutil.copytree(paths.demo(), tmp_path / "trust"))


def test_every_notebook_finds_the_trust_read_and_as_it_is(
    engine: Choice, trust: Path, tmp_path: Path
) -> None:
    first, second = (seen(engine, tmp_path, trust) for _ in range(2))
    schools = first[1]
    assert schools > 10
    assert first == second == ([str(trust)], schools, str(trust), 0, schools)


REVIEWED = (
    "trust_dir: str = ''",
    "import sys\n"
    "from pathlib import Path\n"
    "from workbench.report import school\n"
    "from workbench.research import who_can_help\n"
    "from workbench.trust.load import read_trust\n"
    "asked = []\n"
    "def tell(frame, event, _):\n"
    "    if event == 'call':\n"
    "        asked.append(frame.f_code.co_name)\n"
    "trust = read_trust(Path(trust_dir))\n"
    "sys.setprofile(tell)\n"
    "matches = who_can_help.help_matches(trust)\n"
    "review = school.review_school(trust, int(trust.schools['urn'].iloc[-1]))\n"
    "sys.setprofile(None)\n"
    "([name in asked for name in ('who_can_help', 'judge')], len(matches), review.judged)",
)


def test_what_all_reviews_share_is_worked_out_for_the_second_notebook_on(
    trust: Path, tmp_path: Path
) -> None:
    if not can_fork():
        pytest.skip("only a forked interpreter is given what has been worked out")
    made = notebook(*REVIEWED)
    made.cells[0].metadata["tags"] = ["parameters"]
    path = tmp_path / "reviews.ipynb"
    nbformat.write(made, path)
    (first, *told), *others = (
        eval(said(execute(path, {"trust_dir": str(trust)}, scratch=tmp_path, engine="fork")))
        for _ in range(3)
    )
    assert first == [True, True]
    assert [tuple(other) for other in others] == [([False, False], *told)] * 2


def test_a_table_that_has_changed_is_read_again(
    engine: Choice, trust: Path, tmp_path: Path
) -> None:
    before = seen(engine, tmp_path, trust)[1]
    table = trust / "schools.csv"
    *rows, _ = table.read_text(encoding="utf-8").splitlines(keepends=True)
    table.write_text("".join(rows), encoding="utf-8")
    assert seen(engine, tmp_path, trust)[1] == before - 1


def test_a_notebook_meets_by_itself_what_is_wrong_with_a_trust(
    engine: Choice, tmp_path: Path
) -> None:
    path = tmp_path / "in.ipynb"
    nbformat.write(notebook("from workbench.trust import load\nload._held"), path)
    given = {"trust_dir": str(tmp_path / "nowhere")}
    assert said(execute(path, given, scratch=tmp_path, engine=engine)) == "{}"
