"""A workbench home with small notebooks of its own, so that batches run in seconds."""

from __future__ import annotations

import datetime as dt
import shutil
from pathlib import Path

import nbformat
import nbformat.v4 as nb

from workbench import paths

SCHOOL = 'trust_dir: str = "data/demo"  # where\nurn: int = 900001  # which school'
SCENARIO = 'trust_dir: str = "data/demo"\nscenario: str = "steady"'
COMPARISON = 'trust_dir: str = "data/demo"\nscenarios: str = ""'
SAY = (
    "from workbench.report import emit\n"
    "import datetime as dt\n"
    'emit.open_report("Title", trust="Alder", as_of=dt.date(2026, 1, 1), purpose="p")\n'
    'emit.record("headline", "It is well")'
)

SHOW = (
    "import pandas as pd\n"
    "from workbench.charts.figure import Figure\n"
    "shown = pd.DataFrame({'Year': [2024, 2025], 'Share': ['40%', '45%']})\n"
    "emit.say('The trust should take on 5 schools.')\n"
    "emit.show_table(shown, 'Share by year')\n"
    'svg = \'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9"></svg>\'\n'
    "emit.show_figure(Figure('share', 'It grew', 'Share, %', 'A line', 'The demo', shown, svg))"
)


def stem(about: str, uid: int = 90001) -> str:
    """Return the name of a file made today for the demo trust, without its ending."""
    return f"{dt.datetime.now(dt.UTC).date().isoformat()}_{about}_UID{uid}"


def write_notebook(path: Path, parameters: str, *cells: str) -> Path:
    """Write a notebook with a parameters cell and more."""
    path.parent.mkdir(parents=True, exist_ok=True)
    first = nb.new_code_cell(parameters, metadata={"tags": ["parameters"]})
    notebook = nb.new_notebook(cells=[first, *map(nb.new_code_cell, cells)])
    notebook.metadata["kernelspec"] = {
        "name": "python3", "display_name": "Python 3", "language": "python",
    }  # fmt: skip
    nbformat.write(notebook, path)
    return path


def make_home(folder: Path, *school_cells: str) -> Path:
    """Make a home with the real parameters and small notebooks."""
    shutil.copytree(paths.parameters(), folder / "parameters")
    write_notebook(folder / "notebooks" / "school_review.ipynb", SCHOOL, SAY, *school_cells)
    write_notebook(folder / "notebooks" / "growth_scenario.ipynb", SCENARIO, SAY)
    write_notebook(folder / "notebooks" / "scenario_comparison.ipynb", COMPARISON, SAY)
    return folder
