"""The explorer's server lets in who has the key, and leaves nothing behind."""

from __future__ import annotations

import re
import signal
import socket
import time
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from tornado.httputil import HTTPHeaders, HTTPServerRequest, RequestStartLine
from typer.testing import CliRunner

from tests.explore.served import Opened, Running, served, wait_until, write_notebook
from workbench import paths
from workbench.cli.commands import app
from workbench.errors import BadInput
from workbench.explore.server import Served, address, listen, serve
from workbench.explore.server_gate import (
    NO_TOKEN,
    WRONG_HOST,
    WRONG_ORIGIN,
    Gate,
    gate_for,
    refusal,
)
from workbench.explore.server_kernels import kernel_config

SOCKET = {
    "Connection": "Upgrade", "Upgrade": "websocket", "Sec_WebSocket_Version": "13",
    "Sec_WebSocket_Key": "dGhlIHNhbXBsZSBub25jZQ==",
}  # fmt: skip
# A kernel that has a child of its own, as it has while it makes the board's report.
CHILD = "import subprocess; child = subprocess.Popen(['sleep', '300'])"
FAIL = "raise ValueError('the trust <b> cannot be read')"


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    folder = tmp_path_factory.mktemp("explorer")
    notebook = write_notebook(folder / "absorption.ipynb", "print('<i>drawn</i>'); 1 + 1")
    with served(notebook, folder / "errors", kernels=2) as running:
        yield running


@pytest.fixture(scope="module")
def visit(server: Running) -> Opened:
    """A page held open by one visitor: a page takes a process and some seconds."""
    return server.open_page()


def ask(gate: Gate, path: str, **headers: str) -> HTTPServerRequest:
    """A request as it reaches the gate, from the server's own page where nothing else is said."""
    given = {"Host": "127.0.0.1:8866", **{k.replace("_", "-"): v for k, v in headers.items()}}
    line = RequestStartLine("GET", path, "HTTP/1.1")
    connection: Any = SimpleNamespace(context=SimpleNamespace(protocol="http", remote_ip="::1"))
    return HTTPServerRequest(start_line=line, headers=HTTPHeaders(given), connection=connection)


@pytest.fixture
def gate() -> Gate:
    return gate_for("127.0.0.1", 8866, own_name="office-pc")


def test_the_key_opens_the_page_and_nothing_else(gate: Gate) -> None:
    key = f"?token={gate.token}"
    assert refusal(gate, ask(gate, f"/{key}")) is None
    assert refusal(gate, ask(gate, f"/{key}&schools=3")) is None
    for path in (f"/alive/x{key}", "/", "/?token=", f"/{key}x", f"/{key}&token=other"):
        assert refusal(gate, ask(gate, path)) is NO_TOKEN


def test_the_cookie_opens_everything_and_is_not_the_key(gate: Gate) -> None:
    cookie = f"{gate.cookie}={gate.session}"
    assert refusal(gate, ask(gate, "/alive/x", Cookie=cookie)) is None
    assert gate.session != gate.token
    assert refusal(gate, ask(gate, "/", Cookie=f"{gate.cookie}={gate.token}")) is NO_TOKEN
    assert refusal(gate, ask(gate, "/", Cookie=f"other={gate.session}")) is NO_TOKEN


def test_every_server_has_keys_and_a_cookie_of_its_own() -> None:
    one, other = (gate_for("127.0.0.1", port, own_name="x") for port in (8866, 8867))
    assert len({one.token, one.session, other.token, other.session}) == 4
    assert one.cookie != other.cookie
    assert one.token not in repr(one)
    assert one.session not in repr(one)


@pytest.mark.parametrize(
    "host", ["127.0.0.1:8866", "localhost:8866", "LOCALHOST", "[::1]:8866", "localhost:9000"]
)
def test_this_machine_is_answered_by_each_of_its_names(gate: Gate, host: str) -> None:
    assert refusal(gate, ask(gate, f"/?token={gate.token}", Host=host)) is None


@pytest.mark.parametrize(
    "host",
    ["evil.example", "evil.example:8866", "127.0.0.1.evil.example", "office-pc", "10.0.0.9:8866",
     "", "localhost.evil.example", "127.0.0.2", "127.0.0.10"],
)  # fmt: skip
def test_no_other_name_is_answered_even_with_the_key(gate: Gate, host: str) -> None:
    assert refusal(gate, ask(gate, f"/?token={gate.token}", Host=host)) is WRONG_HOST


def test_a_server_for_others_is_answered_by_its_name_and_by_numbers_but_by_no_other_name() -> None:
    gate = gate_for("0.0.0.0", 8866, own_name="Office-PC")
    page = f"/?token={gate.token}"
    for host in ("office-pc:8866", "10.0.0.9:8866", "localhost"):
        assert refusal(gate, ask(gate, page, Host=host)) is None
    assert refusal(gate, ask(gate, page, Host="evil.example")) is WRONG_HOST
    named = gate_for("trust.internal", 80, own_name="office-pc")
    assert refusal(named, ask(named, f"/?token={named.token}", Host="trust.internal")) is None
    assert refusal(named, ask(named, f"/?token={named.token}", Host="office-pc")) is WRONG_HOST


@pytest.mark.parametrize(
    "origin",
    ["http://evil.example", "https://127.0.0.1:8866", "http://127.0.0.1:9999", "null",
     "http://localhost:8866", "http://127.0.0.1"],
)  # fmt: skip
def test_no_other_page_is_answered(gate: Gate, origin: str) -> None:
    cookie = f"{gate.cookie}={gate.session}"
    for path in ("/", "/api/kernels/x/channels"):
        assert refusal(gate, ask(gate, path, Cookie=cookie, Origin=origin)) is WRONG_ORIGIN


def test_a_web_socket_must_say_which_page_opens_it(gate: Gate) -> None:
    cookie = f"{gate.cookie}={gate.session}"
    path = "/api/kernels/x/channels"
    assert refusal(gate, ask(gate, path, Cookie=cookie, Upgrade="websocket")) is WRONG_ORIGIN
    own = ask(gate, path, Cookie=cookie, Upgrade="WebSocket", Origin="http://127.0.0.1:8866")
    assert refusal(gate, own) is None


def test_the_printed_address_is_one_a_browser_can_open() -> None:
    six = gate_for("::1", 8866, own_name="x")
    assert address("::1", 8866, six) == f"http://[::1]:8866/?token={six.token}"
    every = gate_for("0.0.0.0", 8866, own_name=socket.gethostname())
    assert address("0.0.0.0", 8866, every).startswith(f"http://{socket.gethostname()}:8866/?")


def test_kernels_are_stopped_when_idle_even_with_a_page_and_never_restarted() -> None:
    config = kernel_config(Path("/tmp/x"), idle_seconds=600)
    assert config.MappingKernelManager.cull_idle_timeout == 600
    assert config.MappingKernelManager.cull_connected is True
    assert config.MappingKernelManager.cull_interval == 60
    assert config.KernelManager.autorestart is False


def test_kernels_are_reached_by_sockets_with_names_where_the_names_fit() -> None:
    assert kernel_config(Path("/tmp/x")).KernelManager.transport == "ipc"
    assert kernel_config(Path("/tmp") / ("x" * 60)).KernelManager.transport == "tcp"


def test_a_taken_port_is_said_before_anything_starts(tmp_path: Path) -> None:
    notebook = write_notebook(tmp_path / "absorption.ipynb")
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]
        with pytest.raises(BadInput, match=f"port {port} is taken") as refused:
            serve(Served("T", notebook, {}, port=port), ready=lambda _: pytest.fail("it started"))
    assert "--port" in str(refused.value.mend)


def test_a_host_that_is_not_this_machine_is_refused() -> None:
    with pytest.raises(BadInput, match=r"cannot listen on 192\.0\.2\.1"):
        listen("192.0.2.1", 0)


def test_a_parameter_the_notebook_does_not_declare_is_refused(tmp_path: Path) -> None:
    notebook = write_notebook(tmp_path / "absorption.ipynb")
    with pytest.raises(BadInput, match="there is no parameter 'scenarios'"):
        serve(Served("T", notebook, {"scenarios": "x"}, port=0), ready=lambda _: None)


def test_the_command_says_what_is_wrong_with_a_trust_or_a_scenario_before_it_serves(
    tmp_path: Path,
) -> None:
    for given, said in (
        ([str(tmp_path / "nowhere")], "nowhere"),
        ([str(paths.demo()), "--scenario", "stedy"], "stedy"),
        (["--scenario", str(paths.scenarios() / "steady.yaml")], "by its name"),
    ):
        ran = CliRunner().invoke(app, ["explore", *given, "--port", "0", "--no-browser"])
        assert ran.exit_code == 2
        assert said in ran.stderr
        assert "http" not in ran.stdout


def test_without_the_key_each_address_is_refused_in_words(server: Running) -> None:
    for path in ("/", "/?token=wrong", "/voila/static/voila.js", "/api/kernels", "/alive/x",
                 "/voila/files/absorption.ipynb", "/login", "/nothing"):  # fmt: skip
        reply = server.ask(path)
        assert reply.status == 403, path
        assert "<h1>This page needs its key</h1>" in reply.text
        assert "set-cookie" not in reply.headers


def test_the_live_server_refuses_other_names_and_pages(server: Running) -> None:
    assert server.ask(server.page, Host="evil.example").status == 403
    assert server.ask(server.page, Origin="http://evil.example").status == 403


def test_the_page_comes_with_its_cookie_and_headers_and_may_be_in_no_frame(
    server: Running, visit: Opened
) -> None:
    reply, cookie, kernel = visit
    assert reply.status == 200
    given = reply.headers["set-cookie"]
    assert "HttpOnly" in given
    assert "SameSite=Strict" in given
    policy = reply.headers["content-security-policy"]
    assert "frame-ancestors 'none'" in policy
    assert "default-src 'none'" in policy
    assert not re.search(r"https?:|\*|unsafe-eval", policy)
    assert reply.headers["referrer-policy"] == "same-origin"
    for path in ("/voila/static/voila.js", f"/alive/{kernel}", "/nothing"):
        assert server.ask(path, Cookie=cookie).headers["content-security-policy"] == policy


def test_the_page_asks_nothing_of_other_machines_and_shows_text_as_text(visit: Opened) -> None:
    reply, _, _ = visit
    addresses = re.findall(r"""(?:src|href)=["']([^"']+)""", reply.text)
    assert addresses
    assert [one for one in addresses if not one.startswith(("/voila/", "#", "data:,"))] == []
    assert "Merrowfen &lt;b&gt;Learning&lt;/b&gt; Trust" in reply.text
    assert "<i>drawn" not in reply.text
    assert not re.search(r"<[^>]+\son\w+=", reply.text)


def test_only_the_explorer_is_served_and_never_a_file(server: Running, visit: Opened) -> None:
    _, cookie, _ = visit
    for path in ("/voila/files/absorption.ipynb", "/api/contents", "/tree", "/api/kernels",
                 "/voila/render/absorption.ipynb", "/absorption.ipynb"):  # fmt: skip
        assert server.ask(path, Cookie=cookie).status == 404, path


def test_a_web_socket_opens_for_the_own_page_only(server: Running, visit: Opened) -> None:
    _, cookie, kernel = visit
    path = f"/api/kernels/{kernel}/channels?session_id=x"
    own = f"http://{server.host}"
    assert server.ask(path, Cookie=cookie, Origin=own, **SOCKET).status == 101
    assert server.ask(path, Cookie=cookie, Origin="http://evil.example", **SOCKET).status == 403
    assert server.ask(path, Cookie=cookie, **SOCKET).status == 403
    assert server.ask(path, Origin=own, **SOCKET).status == 403


def test_no_other_page_can_end_this_one(server: Running, visit: Opened) -> None:
    _, cookie, kernel = visit
    for origin in ({"Origin": "http://evil.example"}, {"Origin": "null"}, {}):
        asked = server.ask(f"/leave/{kernel}", "POST", Cookie=cookie, **origin)
        assert asked.status == 403
    assert server.alive(kernel, cookie) == 204


def test_no_more_pages_than_kernels_and_a_place_is_free_again_after_one_leaves(
    server: Running, visit: Opened
) -> None:
    second, cookie, kernel = server.open_page()
    assert second.status == 200
    assert kernel != visit[2]
    full, _, _ = server.open_page()
    assert full.status == 503
    assert "Every place is taken" in full.text
    assert "--kernels" in full.text
    assert server.alive(kernel, cookie) == 204
    assert server.leave(kernel, cookie).status == 204
    assert server.alive(kernel, cookie) == 410
    third, _, _ = server.open_page()
    assert third.status == 200


def test_a_failed_page_says_why_loses_its_kernel_when_idle_and_leaves_no_process(
    tmp_path: Path,
) -> None:
    notebook = write_notebook(tmp_path / "absorption.ipynb", CHILD, FAIL)
    with served(notebook, tmp_path / "errors", idle_seconds=2) as running:
        reply, cookie, kernel = running.open_page()
        assert "The explorer could not be drawn" in reply.text
        assert "the trust &lt;b&gt; cannot be read" in reply.text
        assert "Traceback" not in reply.text
        assert wait_until(lambda: running.alive(kernel, cookie) == 410)
        assert wait_until(lambda: len(running.processes()) >= 2)  # the next kernel and its child
        left = running.processes()
        began = time.monotonic()
        running.process.send_signal(signal.SIGTERM)
        assert running.process.wait(10) == 0
        assert not running.still_running(left)
        assert time.monotonic() - began < 5
    assert (tmp_path / "errors").read_text() == ""
