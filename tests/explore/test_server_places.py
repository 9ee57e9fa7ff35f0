"""A place at the explorer's server is free again as soon as nobody is there, and works if taken."""

from __future__ import annotations

import os
import signal
import socket
import stat
import sys
import time
from pathlib import Path

import pytest

from tests.explore.served import Running, served, started, wait_until, write_notebook
from workbench.explore.server import _door

DRAWN = "print('drawn'); 'ready' + ' to move'"
LATER = 600.0  # seconds: no test waits for a kernel that is heated only then
# Serves a notebook, and writes down what a browser would be sent to.
OPENS = """
import sys, webbrowser
from pathlib import Path
from workbench.explore.server import Served, serve
webbrowser.open = lambda address: Path(sys.argv[2]).write_text(address)
serve(
    Served("T", Path(sys.argv[1]), {}, port=0, warm=0), open_browser=True,
    ready=lambda address: print(address, flush=True),
)
"""


def give_up(running: Running, after: bytes) -> None:
    """Ask for the page, and close the connection once so much of it has come."""
    name, _, port = running.host.rpartition(":")
    with socket.create_connection((name, int(port)), timeout=60) as line:
        line.sendall(f"GET {running.page} HTTP/1.1\r\nHost: {running.host}\r\n\r\n".encode())
        come = b""
        while after not in come:
            part = line.recv(65536)
            assert part, come
            come += part


def warm(running: Running) -> set[int]:
    """The processes that run a kernel, of whichever page."""
    return running.kernels("kernel-")


@pytest.mark.parametrize("after", [b"", b"</head>"])
def test_a_load_that_is_given_up_keeps_no_place(tmp_path: Path, after: bytes) -> None:
    slow = "import time; time.sleep(300)"
    notebook = write_notebook(tmp_path / "absorption.ipynb", slow)
    with served(notebook, tmp_path / "errors", kernels=1) as running:
        assert wait_until(lambda: warm(running))
        give_up(running, after)
        assert wait_until(lambda: not warm(running)), "the kernel of the lost page ends"
        give_up(running, b" 200 OK")  # and its place is free
    assert (tmp_path / "errors").read_text() == ""


def test_a_second_visitor_need_not_wait_until_a_kernel_is_heated_in_good_time(
    tmp_path: Path,
) -> None:
    notebook = write_notebook(tmp_path / "absorption.ipynb", DRAWN)
    with served(notebook, tmp_path / "errors", kernels=3, refill_seconds=LATER) as running:
        pages = [running.open_page() for _ in range(2)]
    assert ["ready to move" in reply.text for reply, _, _ in pages] == [True, True]
    assert len({kernel for _, _, kernel in pages}) == 2


def test_a_kernel_that_died_while_it_was_kept_warm_is_handed_to_nobody(tmp_path: Path) -> None:
    notebook = write_notebook(tmp_path / "absorption.ipynb", DRAWN)
    with served(notebook, tmp_path / "errors", kernels=2, refill_seconds=LATER) as running:
        assert wait_until(lambda: warm(running))
        time.sleep(2)  # it is heated, and no longer just being started
        dead = warm(running)
        for process in dead:
            os.kill(process, signal.SIGKILL)
        assert wait_until(lambda: not running.still_running(dead))
        reply, cookie, kernel = running.open_page()
        assert reply.status == 200
        assert "ready to move" in reply.text
        assert running.alive(kernel, cookie) == 204


def test_a_kernel_that_died_while_it_was_kept_warm_is_heated_again(tmp_path: Path) -> None:
    notebook = write_notebook(tmp_path / "absorption.ipynb", DRAWN)
    with served(notebook, tmp_path / "errors", kernels=2, refill_seconds=0.1) as running:
        assert wait_until(lambda: warm(running))
        time.sleep(2)
        dead = warm(running)
        for process in dead:
            os.kill(process, signal.SIGKILL)
        assert wait_until(lambda: warm(running) - dead)


def test_what_cannot_be_asked_of_the_page_is_refused_as_such(tmp_path: Path) -> None:
    notebook = write_notebook(tmp_path / "absorption.ipynb", DRAWN)
    with served(notebook, tmp_path / "errors", warm=0) as running:
        own = f"http://{running.host}"
        for method in ("HEAD", "OPTIONS", "PUT", "DELETE", "POST"):
            reply = running.ask(running.page, method, Origin=own)
            assert reply.status == 405, method
            assert method == "HEAD" or "This cannot be asked of the explorer" in reply.text
    assert (tmp_path / "errors").read_text() == ""


def test_the_browser_is_sent_through_a_page_that_any_browser_can_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    page = _door("http://127.0.0.1:8866/?token=x", tmp_path / "elsewhere")
    assert page.parent == tmp_path, "no folder of temporary files: a sandbox has one of its own"
    assert not page.name.startswith("."), "nor a hidden one"
    assert stat.S_IMODE(page.stat().st_mode) == 0o600
    assert "url=http://127.0.0.1:8866/?token=x" in page.read_text()


def test_without_a_home_to_write_to_the_page_stands_with_the_rest(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HOME", str(tmp_path / "none"))
    assert _door("http://127.0.0.1:8866/", tmp_path).parent == tmp_path


def test_the_page_that_led_on_is_gone_with_the_server(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    home, told = tmp_path / "home", tmp_path / "told"
    home.mkdir()
    monkeypatch.setenv("HOME", str(home))
    notebook = write_notebook(tmp_path / "absorption.ipynb")
    command = [sys.executable, "-c", OPENS, str(notebook), str(told)]
    with started(command, tmp_path / "errors") as running:
        assert wait_until(lambda: told.exists() and told.read_text())
        [page] = home.glob("*.html")
        assert told.read_text() == page.as_uri()
        assert running.address in page.read_text()
    assert not list(home.glob("*.html"))
