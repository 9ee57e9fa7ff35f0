"""A finished run of the real machinery, small enough to be copied and spoilt by each test."""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.evidence.homes import SHOW, make_home
from workbench import paths
from workbench.evidence import sources
from workbench.evidence.batch import run_batch
from workbench.evidence.manifest import files_of
from workbench.evidence.store import publish
from workbench.trust.digests import digest_of_file, digest_of_text

# As if the package never changed: whoever works on it while tests run would be found out.
PACKAGE = {"workbench/paths.py": "1"}
FAILS = "if urn == 900002: raise ValueError('no data for 900002')"


@dataclass(frozen=True)
class Sealed:
    """A workbench home, a trust and a run of two schools, of which one failed, and a scenario."""

    home: Path
    trust: Path
    run: Path


def make_sealed(folder: Path) -> Sealed:
    """Make a run in a folder; its home and its trust lie beside it."""
    demo, patch = paths.demo(), pytest.MonkeyPatch()
    home = make_home(folder / "home", SHOW, FAILS)
    trust = Path(shutil.copytree(demo, folder / "trust"))
    with patch.context() as patched:
        patched.setenv("WORKBENCH_HOME", str(home))
        patched.setattr(sources, "_package", lambda: PACKAGE)
        batch = run_batch(
            trust, schools=[900001, 900002], scenarios=["steady"], out=folder / "outputs", jobs=2
        )
    return Sealed(home, trust, batch.folder)


def copy_of(sealed: Sealed, folder: Path) -> Sealed:
    """Copy home and run, to be spoilt; a trust that is spoilt is named with its own path."""
    return Sealed(
        home=Path(shutil.copytree(sealed.home, folder / "home")),
        trust=Path(shutil.copytree(sealed.trust, folder / "trust")),
        run=Path(shutil.copytree(sealed.run, folder / "outputs" / sealed.run.name)),
    )


def seal_by_hand(run: Path) -> None:
    """Write a seal that fits what is there, as somebody might who knows how."""
    lines = "".join(f"{digest_of_file(run / name)}  {name}\n" for name in files_of(run))
    publish(run, "SHA256SUMS", f"{lines}# sha256 of the lines above: {digest_of_text(lines)}\n")
