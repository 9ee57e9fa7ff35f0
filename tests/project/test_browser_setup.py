"""`make test` looks for a browser in order, and never fails for want of one."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest

from tests.project.declared import ROOT


@pytest.fixture
def machine(tmp_path: Path) -> Path:
    """A path with nothing on it but bash, timeout, and an `id` that says root."""
    for tool in ("bash", "timeout"):
        found = shutil.which(tool)
        assert found is not None
        (tmp_path / tool).symlink_to(found)
    install(tmp_path, "id", "echo 0")
    install(tmp_path, "playwright", 'echo "playwright $*"')
    return tmp_path


def install(machine: Path, name: str, script: str) -> None:
    """Put a program on the machine's path."""
    program = machine / name
    program.write_text(f"#!{shutil.which('bash')}\n{script}\n", encoding="utf-8")
    program.chmod(0o755)


def said(machine: Path) -> str:
    """Run the script on the machine and return what it said; it must not fail."""
    done = subprocess.run(
        [str(machine / "bash"), str(ROOT / ".ci" / "browser"), "playwright"],
        env={"PATH": str(machine)},
        capture_output=True,
        text=True,
        check=False,
        timeout=30,
    )
    assert done.returncode == 0
    return done.stdout + done.stderr


@pytest.mark.parametrize("name", ["chromium", "chromium-browser", "google-chrome"])
def test_a_browser_on_the_path_is_enough(machine: Path, name: str) -> None:
    install(machine, name, "exit 0")
    install(machine, "apt-get", 'echo "apt-get $*"')
    assert said(machine) == ""


def test_root_on_debian_gets_chromium_from_apt(machine: Path) -> None:
    install(machine, "apt-get", 'echo "apt-get $*"')
    words = said(machine)
    assert "install -y --no-install-recommends chromium" in words
    assert "playwright install" not in words


@pytest.mark.parametrize("why", ["no apt-get", "apt-get fails", "not root"])
def test_playwright_is_the_next_resort(machine: Path, why: str) -> None:
    if why == "apt-get fails":
        install(machine, "apt-get", "exit 100")
    if why == "not root":
        install(machine, "apt-get", 'echo "apt-get $*"')
        install(machine, "id", "echo 1000")
    words = said(machine)
    assert "playwright install chromium" in words
    assert "apt-get -qq" not in words


def test_without_any_browser_it_says_what_to_do(machine: Path) -> None:
    install(machine, "playwright", "exit 1")
    words = said(machine)
    assert "tests that need a browser will be skipped" in words
    assert "Install chromium" in words


def pango_said(machine: Path) -> str:
    """Run the script for pango on the machine, where `python` says whether it is there."""
    done = subprocess.run(
        [str(machine / "bash"), str(ROOT / ".ci" / "pango"), "python"],
        env={"PATH": str(machine)},
        capture_output=True,
        text=True,
        check=False,
        timeout=30,
    )
    assert done.returncode == 0
    return done.stdout + done.stderr


def test_pango_that_is_there_is_enough(machine: Path) -> None:
    install(machine, "python", "exit 0")
    install(machine, "apt-get", 'echo "apt-get $*"')
    assert pango_said(machine) == ""


def test_root_on_debian_gets_pango_from_apt_and_others_are_told_what_is_skipped(
    machine: Path,
) -> None:
    install(machine, "python", "exit 1")
    install(machine, "apt-get", 'echo "apt-get $*"')
    assert "libpango-1.0-0" in pango_said(machine)
    install(machine, "id", "echo 1000")
    words = pango_said(machine)
    assert "apt-get" not in words
    assert "tests of PDFs will be skipped" in words
