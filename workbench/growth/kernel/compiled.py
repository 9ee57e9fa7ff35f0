"""How the model's functions are compiled, and where compiled code is kept.

Numba's cache looks only at the file that holds a function: an edit to a function it *calls* would
go unseen, and stale machine code would run. The cache folder is therefore named by a digest of
every source file of this package, of what it takes from outside, and of the versions that shape
machine code.
"""

from __future__ import annotations

import hashlib
import platform
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

import numba
import numpy as np

from workbench.terms import TERMS_A_YEAR

Function = TypeVar("Function", bound=Callable[..., Any])


def source_digest(folder: Path = Path(__file__).parent) -> str:
    """Return a digest of the package's sources and of the compilers that read them."""
    digest = hashlib.sha256()
    versions = (numba.__version__, np.__version__, platform.python_version(), platform.machine())
    digest.update("\0".join((*versions, str(TERMS_A_YEAR))).encode())
    for path in sorted(folder.glob("*.py")):
        digest.update(path.name.encode() + b"\0" + path.read_bytes())
    return digest.hexdigest()[:20]


def cache_folder() -> Path:
    """Return the folder for compiled code of exactly these sources."""
    return Path(__file__).resolve().parents[3] / "outputs" / ".compiled" / source_digest()


# Read by Numba when a function is declared; its stubs do not list it.
vars(numba.config)["CACHE_DIR"] = str(cache_folder())


OPTIONS: dict[str, Any] = {"cache": True, "nogil": True, "_nrt": False, "error_model": "numpy"}


def compiled(function: Function) -> Function:
    """Compile for speed without fast-math, so that every bit equals plain Python's.

    Reference counting is switched off (`_nrt=False`): nothing is allocated inside, and counting the
    arrays that travel in a `World` took two thirds of the time. Division by zero gives infinity
    as in NumPy; the ranges of the parameters rule it out.
    """
    result: Function = numba.njit(**OPTIONS)(function)
    return result


def inlined(function: Function) -> Function:
    """Compile into every caller: for what is called once a school and term, or in a plain loop.

    A call hands over all of a `World`, which costs more than a small mechanism does; and only a
    loop without calls is turned into one that works on several elements at a time.
    """
    result: Function = numba.njit(forceinline=True, **OPTIONS)(function)
    return result
