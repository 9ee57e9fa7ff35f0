"""What cells show is what they show in an ordinary kernel, kind by kind."""

from __future__ import annotations

from pathlib import Path

import pytest
from papermill.exceptions import PapermillExecutionError

from tests.evidence.engines.notebooks import run, shown
from workbench.evidence.engines.engine import Choice
from workbench.evidence.engines.leases import can_fork

# A kernel reads what is written below Python in a thread of its own, and what that has not yet read
# when the cell ends it loses: so the cell gives it time.
WAIT = "import time\ntime.sleep(1)"
KINDS = {
    "streams and a value": ("import sys\nprint('out')\nprint('err', file=sys.stderr)\n1 + 1",),
    "text from below Python": (f"import os\nprint('a')\n_ = os.system('echo b')\n{WAIT}",),
    "a subprocess": (
        "!echo $((1 + 1))",
        f"import subprocess\nsaid = subprocess.run(['echo', 'x'])\n{WAIT}\nsaid",
    ),
    "a carriage return": ("print('1%', end='\\r')\nprint('2%')",),
    "tables": ("import pandas as pd\npd.DataFrame({'a': [1, None], 'b': ['<i>', 'é']})",),
    "a wide table": (
        "import pandas as pd\nwide = pd.DataFrame([range(30)])\nwide", "print(wide)",
    ),
    "a figure at the end of a cell": ("import matplotlib.pyplot as plt\nplt.plot([1, 2]);",),
    "a figure left to the next cell": (
        "import matplotlib.pyplot as plt\nfig, ax = plt.subplots()\nax.plot([1, 2]);", "fig",
    ),
    "seaborn": ("import seaborn as sns\nsns.set_theme()\n_ = sns.lineplot(x=[1, 2], y=[2, 1])",),
    "a display that is updated": (
        "shown = display('first', display_id='a')", "shown.update('second')",
    ),
    "a display that is cleared": (
        "from IPython.display import clear_output\nprint('a')\nclear_output()\nprint('b')",
    ),
    "kinds of media": (
        "from IPython.display import HTML, JSON, Markdown, SVG, display\n"
        "display(HTML('<b>x</b>'), JSON({'a': 1}), Markdown('*x*'), SVG('<svg xmlns=\"http://www.w3.org/2000/svg\"/>'))",
    ),
    "a private kind": ("display({'application/vnd.x+json': {'a': [1]}}, raw=True)",),
    "the last value and its history": ("1 + 1", "_ + 1", "Out[1], In[1]"),
    "waiting in a cell": (
        "import asyncio\nawait asyncio.sleep(0.01)\n'waited'",
        "task = asyncio.ensure_future(asyncio.sleep(0.01, 'done'))", "await task",
    ),
    "text of a thread": (
        "import threading\nt = threading.Thread(target=print, args=('in a thread',))\n"
        "t.start(); t.join()",
    ),
    "a warning": ("import warnings\nwarnings.warn('careful')",),
    "help": ("len?",),
    "magics": ("%matplotlib inline\n%pwd", "%%capture got\nprint('kept')", "got.stdout"),
    "a handled error": ("try:\n    1 / 0\nexcept ZeroDivisionError as e:\n    print(e)",),
    "numbers that JSON lacks": (
        "display({'application/json': {'a': float('nan'), 'b': float('inf')}}, raw=True)",
    ),
    "half a letter that can be told": (
        "print('a\\udc80b')\ndisplay({'text/plain': 'a\\udc80b'}, raw=True)\n'a\\ud800b'",
    ),
    "text of a process that a cell forked": (
        "import os\nprint('a', flush=True)\nchild = os.fork()\n"
        "if not child:\n    print('b')\n    import sys\n    sys.stdout.flush()\n"
        "    os._exit(0)\n_ = os.waitpid(child, 0)\nimport time\ntime.sleep(1)\nprint('c')",
    ),
    "nothing": ("", "# only a comment", "x = 1"),
    "huge outputs": ("print('x' * 5_000_000)", "'y' * 3_000_000"),
    "odd text": ("print('\\U0001f600 \\x00 \\x1b[31mred')", "'é\\u2028'"),
    "logging": ("import logging\nlogging.getLogger('a').warning('careful')",),
    "widgets that collect": (
        "import ipywidgets as widgets\nout = widgets.Output()\nwith out:\n    print('inside')\n"
        "print('outside')",
    ),
}  # fmt: skip
FAILURES = {
    "an error": ("def f():\n    raise ValueError('no such school')", "f()", "x = 1"),
    "a wrong line": ("x = = 1",),
    "an exit": ("raise SystemExit(3)",),
    "an interrupt": ("raise KeyboardInterrupt",),
    "a question": ("input('name?')",),
    "an error in a figure": ("import matplotlib.pyplot as plt\nplt.plot([1]); plt.nothing",),
}  # fmt: skip


@pytest.mark.parametrize("kind", KINDS)
def test_cells_show_what_they_show_in_a_kernel(kind: str, engine: Choice, tmp_path: Path) -> None:
    forked, started = (run(one, tmp_path, *KINDS[kind]) for one in (engine, "kernel"))
    assert shown(forked) == shown(started)
    assert [cell.execution_count for cell in forked.cells] == [
        cell.execution_count for cell in started.cells
    ]
    assert set(forked.metadata) == set(started.metadata)
    assert forked.metadata["language_info"] == started.metadata["language_info"]


@pytest.mark.parametrize("kind", FAILURES)
def test_failures_are_what_they_are_in_a_kernel(kind: str, engine: Choice, tmp_path: Path) -> None:
    said = []
    choice: Choice
    for choice in (engine, "kernel"):
        with pytest.raises(PapermillExecutionError) as failed:
            run(choice, tmp_path, *FAILURES[kind])
        said.append((failed.value.ename, failed.value.evalue, failed.value.traceback))
    forked, started = said
    assert forked[:2] == started[:2]
    assert _without_processes(forked[2]) == _without_processes(started[2])


def _without_processes(traceback: list[str]) -> list[str]:
    """Return a traceback without the process and counter that ipykernel names cells by."""
    import re

    return [re.sub(r"ipykernel_\d+/\d+", "ipykernel", line) for line in traceback]


def test_half_a_letter_that_is_shown_is_an_error_as_in_a_kernel(
    engine: Choice, tmp_path: Path
) -> None:
    said = []
    choice: Choice
    for choice in (engine, "kernel"):
        with pytest.raises(PapermillExecutionError) as failed:
            run(choice, tmp_path, "display({'text/plain': 'x\\ud800y'}, raw=True)")
        said.append((failed.value.ename, failed.value.evalue))
    assert said[0] == said[1]


def test_half_a_letter_that_is_printed_costs_no_more_than_itself(tmp_path: Path) -> None:
    if not can_fork():
        pytest.skip("this system cannot fork")
    done = run("fork", tmp_path, "print('before')\nprint('a\\ud800b')", "print('after')")
    assert [cell.outputs[0].text for cell in done.cells] == ["before\na?b\n", "after\n"]


def test_forked_processes_that_print_at_once_spoil_nothing(tmp_path: Path) -> None:
    if not can_fork():
        pytest.skip("this system cannot fork")
    cell = (
        "import os\n"
        "def tell(name):\n"
        "    for _ in range(40):\n        print(name * 50_000, flush=True)\n"
        "    for _ in range(4000):\n        print('<é' + name + 'é>', flush=True)\n"
        "print('pending')\n"
        "children = []\n"
        "for name in 'bcd':\n"
        "    children.append(os.fork())\n"
        "    if not children[-1]:\n"
        "        tell(name)\n        display('of a child')\n        os._exit(0)\n"
        "tell('a')\n"
        "for child in children: _ = os.waitpid(child, 0)"
    )
    done = run("fork", tmp_path, cell, "'next'")
    assert done.cells[1].outputs[0].data["text/plain"] == "'next'"
    assert {output.output_type for output in done.cells[0].outputs} == {"stream"}
    text = "".join(output.text for output in done.cells[0].outputs)
    assert [text.count(name * 50_000) for name in "abcd"] == [40] * 4
    assert [text.count(f"<é{name}é>") for name in "abcd"] == [4000] * 4
    assert text.count("pending") == 1
