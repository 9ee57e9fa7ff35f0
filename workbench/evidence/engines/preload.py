"""What the parent of forked interpreters imports once, and how it stays fit for forking.

It imports, and draws and shows something once, so that what libraries fill at first use is there
for every child. No thread is started, as threads do not live on in a child, and nothing is drawn at
random. Left out on purpose is what looks for a running notebook when it is imported, such as
ipywidgets and matplotlib's inline backend.
"""

from __future__ import annotations

import builtins
import contextlib
import gc
import importlib
import io
import os
import sys
import warnings
from collections.abc import Callable, Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

STACK = (
    "IPython", "IPython.core.completerlib", "IPython.core.debugger", "IPython.core.magic_arguments",
    "IPython.core.magics.execution", "IPython.core.oinspect", "IPython.core.pylabtools",
    "IPython.extensions.storemagic", "IPython.utils.wildcard",
    "ipykernel.kernelapp", "ipykernel.zmqshell", "jupyter_client.session",
    "workbench.evidence.engines.child",
    "numpy", "pandas", "pandas.core.methods.to_dict", "pandas.core.reshape.reshape",
    "pandas.io.formats.html", "pandas.io.formats.string", "pyarrow.pandas_compat",
    "scipy.stats", "scipy.optimize", "scipy.spatial", "pyarrow.parquet",
    "matplotlib.pyplot", "matplotlib.backends.backend_agg", "matplotlib.backends.backend_svg",
    "PIL.BmpImagePlugin", "PIL.GifImagePlugin", "PIL.JpegImagePlugin", "PIL.PpmImagePlugin",
    "seaborn", "statsmodels.api", "docx", "pypdf",
    "workbench.report.emit", "workbench.report.found", "workbench.report.pillar_pages",
    "workbench.report.questions", "workbench.report.school_charts",
    "workbench.report.school_numbers", "workbench.report.school_pillars",
    "workbench.report.trust_charts", "workbench.report.trust_pages",
    "workbench.report.trust_places", "workbench.report.absorbing", "workbench.report.board",
    "workbench.report.comparison_tables", "workbench.report.first_screen",
    "workbench.report.levers", "workbench.report.reasons", "workbench.report.register",
    "workbench.report.today", "workbench.scenario.compare", "workbench.scenario.dated_plan",
    "workbench.scenario.frontier", "workbench.scenario.packages", "workbench.scenario.tripwires",
    "workbench.scenario.waterfall", "workbench.scenario.why",
)  # fmt: skip
ENCODING = "UTF-8"  # as ipykernel writes it
_A_KERNELS = ("IPython", "ipykernel", "jupyter_client")
_filters: list[Any] = []  # of warnings, set by libraries while they were imported
INLINE = "module://matplotlib_inline.backend_inline"
# Read once, when a library is loaded: otherwise it would start threads in the parent.
NO_THREADS = {
    "OMP_NUM_THREADS": "1",
    "OPENBLAS_NUM_THREADS": "1",
    "MKL_NUM_THREADS": "1",
    "JE_ARROW_MALLOC_CONF": "background_thread:false",
}


def preload(abandoned: Callable[[], bool] = lambda: False) -> None:
    """Import the stack, as far as it is installed, and make what it holds cheap to share.

    Args:
        abandoned: Asked between imports; where it says so, the process ends.

    Raises:
        SystemExit: Nobody waits for it any longer.
    """
    own = {name: os.environ.get(name) for name in NO_THREADS}
    os.environ.update(NO_THREADS)
    gc.disable()  # imports make hardly any rubbish, and looking for it takes a tenth of their time
    _without_debugger()
    for module in STACK:
        if abandoned():
            raise SystemExit(0)
        known = list(warnings.filters)
        asks = _as_in_a_kernel() if module == "pandas" else contextlib.nullcontext()
        with contextlib.suppress(ImportError), asks:
            importlib.import_module(module)
        if not module.startswith(_A_KERNELS):
            _filters[:0] = [one for one in warnings.filters if one not in known]
    with contextlib.suppress(ImportError):
        _use_once()
    for name, value in own.items():
        if value is None:
            del os.environ[name]
        else:
            os.environ[name] = value
    gc.enable()
    gc.collect()
    gc.freeze()  # a child's collector would otherwise copy every page it looks at


@contextlib.contextmanager
def _as_in_a_kernel() -> Iterator[None]:
    """Let a library find a kernel and its output, where it asks for them when it is imported.

    Pandas does, for how many columns it shows, and in which encoding.
    """
    output = io.TextIOWrapper(io.BytesIO(), encoding=ENCODING)
    with contextlib.redirect_stdout(output):
        vars(builtins)["get_ipython"] = lambda: SimpleNamespace(kernel=None)
        try:
            yield
        finally:
            del vars(builtins)["get_ipython"]


def _use_once() -> None:
    """Have what is looked up at first use looked up: backends, fonts and glyphs, ways to format.

    A figure of its own is drawn, without pyplot, which would count and keep it; no setting changes.
    """
    import pandas as pd  # noqa: PLC0415 # it may not be installed
    from matplotlib.figure import Figure  # noqa: PLC0415
    from matplotlib.rcsetup import validate_backend  # noqa: PLC0415

    validate_backend(INLINE)  # it reads what every installed package offers
    figure = Figure()
    axes = figure.subplots()
    axes.plot([0, 1], [0, 1], label="line")
    axes.scatter([0, 1], [1, 0], label="points")
    axes.bar([0, 1], [1, 1], label="bars")
    axes.set(xlabel="across", ylabel="up", title="Once")
    axes.legend()
    for kind in ("png", "svg"):
        figure.savefig(io.BytesIO(), format=kind, bbox_inches="tight")
    table = pd.DataFrame({"of": ["a", "b", "a"], "value": [1.0, 2.0, 3.0], "count": [1, 2, 3]})
    for shown in (table, table.groupby("of").agg(["mean", "std"])):
        shown.to_html(), str(shown)


def _without_debugger() -> None:
    """Import ipykernel as where no debugger is installed: nobody can reach one in a batch.

    Each kernel would otherwise import it again, which takes longer than all else that it does.
    """
    if "debugpy" in sys.modules:
        return
    sys.modules["debugpy"] = None  # type: ignore[assignment] # an import of it fails
    try:
        with contextlib.suppress(ImportError):  # there is no ipykernel, as in the loop above
            importlib.import_module("ipykernel.debugger")
    finally:
        del sys.modules["debugpy"]


def libraries_filters_first() -> None:
    """Put the filters of warnings in the order they have where libraries follow the kernel.

    A notebook that imports no library finds theirs too; they concern only warnings of their own.
    """
    own = [one for one in warnings.filters if one not in _filters]
    warnings.filters[:] = [*_filters, *own]  # type: ignore[index] # it is a list
    warnings._filters_mutated()  # type: ignore[attr-defined] # as the module itself does


def threads() -> int:
    """Return how many threads this process has, those outside Python too."""
    return len(list(Path("/proc/self/task").iterdir()))
