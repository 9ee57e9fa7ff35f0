"""Nothing of one notebook is found by the next: it begins as in a kernel just started."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.evidence.engines.notebooks import run, said, shown
from workbench.evidence.engines.engine import Choice

# What one notebook leaves behind, and what the next one sees of it.
LEFT = {
    "a variable": ("x = 1", "'x' in globals()"),
    "an attribute of a module": (
        "import pandas as pd\npd.left = 1", "import pandas as pd\nhasattr(pd, 'left')",
    ),
    "an imported module": (
        "import wave", "import sys\n'wave' in sys.modules",
    ),
    "the environment": (
        "import os\nos.environ['LEFT'] = '1'", "import os\n'LEFT' in os.environ",
    ),
    "the working folder": (
        "import os\nos.chdir('/')", "import os\nos.getcwd() == '/'",
    ),
    "the search path": (
        "import sys\nsys.path.append('/left')", "import sys\n'/left' in sys.path",
    ),
    "settings of pandas": (
        "import pandas as pd\npd.set_option('display.max_rows', 3)",
        "import pandas as pd\npd.get_option('display.max_rows') == 3",
    ),
    "settings of matplotlib": (
        "import matplotlib\nmatplotlib.rcParams['font.size'] = 3",
        "import matplotlib\nmatplotlib.rcParams['font.size'] == 3",
    ),
    "an open figure": (
        "import matplotlib.pyplot as plt\nimport matplotlib\n"
        "matplotlib.use('agg')\n_ = plt.figure()",
        "import matplotlib.pyplot as plt\nbool(plt.get_fignums())",
    ),
    "a warning filter": (
        "import warnings\nwarnings.simplefilter('error', FutureWarning)",
        "import warnings\nany(f[0] == 'error' and f[2] is FutureWarning for f in warnings.filters)",
    ),
    "an open file": (
        "kept = open('left.txt', 'w')",
        "import os\nany('left.txt' in os.readlink(f'/proc/self/fd/{n}')"
        " for n in os.listdir('/proc/self/fd') if os.path.exists(f'/proc/self/fd/{n}'))",
    ),
    "a thread": (
        "import threading, time\nthreading.Thread(target=time.sleep, args=(99,), daemon=True,"
        " name='left').start()",
        "import threading\n'left' in [t.name for t in threading.enumerate()]",
    ),
    "a signal handler": (
        "import signal\n_ = signal.signal(signal.SIGUSR1, lambda *_: None)",
        "import signal\nsignal.getsignal(signal.SIGUSR1) is not signal.SIG_DFL",
    ),
    "the locale": (
        "import locale\n_ = locale.setlocale(locale.LC_NUMERIC, 'C.UTF-8')",
        "import locale\nlocale.setlocale(locale.LC_NUMERIC) == 'C.UTF-8'",
    ),
    "the precision of decimals": (
        "import decimal\ndecimal.getcontext().prec = 5",
        "import decimal\ndecimal.getcontext().prec == 5",
    ),
}  # fmt: skip


@pytest.mark.parametrize("what", LEFT)
def test_nothing_is_carried_over(what: str, engine: Choice, tmp_path: Path) -> None:
    leave, see = LEFT[what]
    assert said(run(engine, tmp_path, leave, see)) == "True"
    assert said(run(engine, tmp_path, see)) == "False"


def test_each_notebook_draws_its_own_random_numbers(engine: Choice, tmp_path: Path) -> None:
    draw = (
        "import random, uuid, secrets, tempfile, numpy as np\n"
        "(random.random(), np.random.rand(), np.random.default_rng().random(), uuid.uuid4().hex,"
        " secrets.token_hex(), next(tempfile._get_candidate_names()))"
    )
    first, second = (eval(said(run(engine, tmp_path, draw))) for _ in range(2))
    assert all(one != other for one, other in zip(first, second, strict=True))


def test_a_notebook_begins_without_threads_or_files_of_the_parent(
    engine: Choice, tmp_path: Path
) -> None:
    if engine == "warm":
        pytest.skip("a kernel has threads and sockets of its own")
    see = (
        "import os\n"
        "(len(os.listdir('/proc/self/task')),"
        " [t for t in (os.readlink(f'/proc/self/fd/{n}') for n in os.listdir('/proc/self/fd')"
        " if os.path.lexists(f'/proc/self/fd/{n}')) if t.startswith(('/', 'anon_inode:[pidfd'))])"
    )
    threads, files = eval(said(run(engine, tmp_path, see)))
    assert threads == 1
    assert [file for file in files if file not in {"/dev/null", "/memfd:stdout (deleted)",
                                                  "/memfd:stderr (deleted)"}
            and not file.startswith("/proc/")] == []  # fmt: skip


# Names, and what a notebook sees of each before it has done anything.
BEGUN = {
    "search path": "sys.path",
    "names": "sorted(k for k in globals() if not k.startswith('_'))",
    "name": "__name__",
    "folder": "os.getcwd()",
    # Those left out are its debugger's, of which there is none here.
    "environment": "sorted((k, v) for k, v in os.environ.items() if k not in"
    " {'JPY_PARENT_PID', 'JPY_SESSION_NAME', 'PYDEVD_USE_FRAME_EVAL'})",
    "mask of new files": "os.umask(18)",
    "standard input": "sys.stdin.read(1)",
    "streams": "[(s.name, s.encoding, s.errors, s.isatty(), s.closed, s.writable())"
    " for s in (sys.stdout, sys.stderr)]",
    "flags": "(sys.flags, sys.getrecursionlimit(), sys.getswitchinterval())",
    "shell": "type(get_ipython()).__name__",
    "signals": "(sorted((int(s), str(signal.getsignal(s))) for s in signal.valid_signals()),"
    " signal.pthread_sigmask(signal.SIG_BLOCK, []))",
    "limits": "[resource.getrlimit(getattr(resource, n)) for n in sorted(dir(resource))"
    " if n.startswith('RLIMIT')]",
    "locale": "locale.setlocale(locale.LC_ALL)",
    "decimals": "decimal.getcontext()",
    "logging": "(logging.root.level, logging.root.handlers)",
    "drawing": "(sorted((k, str(v)) for k, v in matplotlib.rcParams.items()),"
    " matplotlib.get_backend(), 'matplotlib_inline.backend_inline' in sys.modules)",
    "drawing with libraries": "(sorted((k, str(v)) for k, v in matplotlib.rcParams.items()),"
    " plt.isinteractive(), plt.get_fignums())",
    "faults of numbers": "np.geterr()",
    "options of tables": "[(k, str(pd.get_option(k))) for k in sorted(dir_of_options())]",
    "filters of warnings": "[str(one) for one in found]",
}  # fmt: skip
BEFORE = "import decimal, locale, logging, os, resource, signal, sys, warnings, matplotlib"
LIBRARIES = """\
import numpy as np, pandas as pd, scipy.stats, matplotlib.pyplot as plt, statsmodels.api
found = list(warnings.filters)
warnings.simplefilter("ignore")
dir_of_options = lambda: pd._config.config._registered_options"""
OF_LIBRARIES = ("drawing with", "faults", "options", "filters")


def test_it_begins_as_a_kernel_just_started(engine: Choice, tmp_path: Path) -> None:
    first = {name: see for name, see in BEGUN.items() if not name.startswith(OF_LIBRARIES)}
    then = {name: see for name, see in BEGUN.items() if name.startswith(OF_LIBRARIES)}
    cells = (
        BEFORE, *(f"print({see})" for see in first.values()),
        LIBRARIES, *(f"print({see})" for see in then.values()),
    )  # fmt: skip
    forked, started = (
        [cell[0]["text"] for cell in shown(run(one, tmp_path, *cells)) if cell]
        for one in (engine, "kernel")
    )
    names = [*first, *then]
    assert len(forked) == len(started) == len(names)
    assert dict(zip(names, forked, strict=True)) == dict(zip(names, started, strict=True))


def test_filters_of_warnings_that_come_before_their_library_are_of_its_own_warnings(
    engine: Choice, tmp_path: Path
) -> None:
    # What a parent has imported cannot be imported again: a notebook that imports nothing finds
    # these, which say nothing of any warning but a library's own.
    see = (
        "import warnings\n"
        "[(f[0], f[1] and f[1].pattern, f[2].__module__) for f in warnings.filters]"
    )
    forked, started = (eval(said(run(one, tmp_path, see))) for one in (engine, "kernel"))
    rest = [one for one in forked if one not in started]
    assert [one for one in forked if one in started] == started
    assert all(
        module.startswith(("numpy", "scipy", "statsmodels"))
        or ((action, module) == ("ignore", "builtins") and ("numpy" in text or "matrix" in text))
        for action, text, module in rest
    )


@pytest.mark.parametrize(
    "compute",
    [
        "import numba, numpy as np\n"
        "@numba.njit(parallel=True)\n"
        "def total(x):\n    s = 0.0\n    for i in numba.prange(x.size):\n        s += x[i]\n"
        "    return s\n"
        "int(total(np.ones(1000)))",
        "import numpy as np\nint((np.ones((300, 300)) @ np.ones((300, 300)))[0, 0])",
        "from concurrent.futures import ThreadPoolExecutor\n"
        "with ThreadPoolExecutor(2) as pool:\n    total = sum(pool.map(abs, range(-5, 5)))\ntotal",
    ],
    ids=["compiled loops", "linear algebra", "threads"],
)
def test_threads_work_in_notebook_after_notebook(
    compute: str, engine: Choice, tmp_path: Path
) -> None:
    first, second = (said(run(engine, tmp_path, compute)) for _ in range(2))
    assert first == second


def test_no_compiled_loop_is_loaded_or_run_before_a_notebook_asks(
    engine: Choice, tmp_path: Path
) -> None:
    # One that ran in the parent would leave its threads behind, and kill whoever runs another.
    see = (
        "import sys, numba\n"
        "kernels = [value for name, module in list(sys.modules.items())"
        " if name.startswith('workbench.') for value in vars(module).values()"
        " if isinstance(value, numba.core.dispatcher.Dispatcher)]\n"
        "pools = [name for name in sys.modules if name.startswith('numba.np.ufunc.')"
        " and name.endswith(('omppool', 'tbbpool', 'workqueue'))]\n"
        "(len(kernels), sum(len(kernel.overloads) for kernel in kernels), pools)"
    )
    use = "import numba\n@numba.njit(parallel=True)\ndef f():\n    return 1\nf()"
    found = [eval(said(run(engine, tmp_path, *cells))) for cells in ((see,), (use,), (see,))]
    known, loaded, pools = found[0]
    assert known > 0
    assert (loaded, pools) == (0, [])
    assert found[2] == found[0]
