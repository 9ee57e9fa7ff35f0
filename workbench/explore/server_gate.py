"""Who may come in: the token, the cookie after it, the name asked for, and the page that asks.

One gate stands before every address of the explorer, so that none can be forgotten.
"""

from __future__ import annotations

import ipaddress
import secrets
from dataclasses import dataclass, field
from hmac import compare_digest
from urllib.parse import urlsplit

from tornado.httputil import HTTPServerRequest

LOOPBACK = ("127.0.0.1", "localhost", "::1")
_ANY = ("0.0.0.0", "::", "")


@dataclass(frozen=True)
class Gate:
    """What a visitor must show.

    Attributes:
        hosts: Names by which the server may be asked for, in small letters.
        any_address: Whether it may also be asked for by any numbered address, as when it listens
            on all of them. A page elsewhere can make its own name lead here, never a number.
        cookie: Name of the cookie. Cookies know no ports: each server needs a name of its own.
        token: What the printed address carries.
        session: What the cookie carries once the token was shown.
    """

    hosts: frozenset[str]
    any_address: bool
    cookie: str
    token: str = field(default_factory=lambda: secrets.token_urlsafe(32), repr=False)
    session: str = field(default_factory=lambda: secrets.token_urlsafe(32), repr=False)


@dataclass(frozen=True)
class Refusal:
    """Why a request was turned away.

    Attributes:
        status: HTTP status.
        title: What happened, as a heading.
        words: What to do, in a sentence.
    """

    status: int
    title: str
    words: str


WRONG_HOST = Refusal(
    403,
    "This address is not answered",
    "Open the address exactly as the explorer printed it where it was started.",
)
WRONG_ORIGIN = Refusal(
    403,
    "Another page asked for this",
    "The explorer answers only its own page. Open the address it printed where it was started.",
)
NO_TOKEN = Refusal(
    403,
    "This page needs its key",
    "Open the whole address, with the part after the question mark, as the explorer printed it "
    "where it was started. Each start has a new one.",
)


def gate_for(host: str, port: int, *, own_name: str) -> Gate:
    """Return the gate of a server.

    Args:
        host: The address it listens on.
        port: The port it listens on.
        own_name: This machine's name, by which others reach a server that listens for them.
    """
    named = own_name if host in _ANY else host
    return Gate(
        hosts=frozenset(name.lower() for name in (*LOOPBACK, named) if name),
        any_address=host in _ANY,
        cookie=f"workbench-explorer-{port}",
    )


def refusal(gate: Gate, request: HTTPServerRequest) -> Refusal | None:
    """Say why a request is turned away, or return None where it may come in."""
    if not _host_is_ours(gate, request.headers.get("Host", "")):
        return WRONG_HOST
    if not _origin_is_ours(request):
        return WRONG_ORIGIN
    if not (shows_token(gate, request) or _shows_cookie(gate, request)):
        return NO_TOKEN
    return None


def shows_token(gate: Gate, request: HTTPServerRequest) -> bool:
    """Return whether a request for the page carries the token in its address."""
    given = request.query_arguments.get("token", [])
    return request.path == "/" and len(given) == 1 and compare_digest(given[0], gate.token.encode())


def _shows_cookie(gate: Gate, request: HTTPServerRequest) -> bool:
    held = request.cookies.get(gate.cookie)
    return held is not None and compare_digest(held.value.encode(), gate.session.encode())


def _host_is_ours(gate: Gate, asked: str) -> bool:
    try:
        name = urlsplit(f"//{asked}").hostname or ""
    except ValueError:
        return False
    return name in gate.hosts or (gate.any_address and _is_address(name))


def _is_address(name: str) -> bool:
    try:
        ipaddress.ip_address(name)
    except ValueError:
        return False
    return True


def _origin_is_ours(request: HTTPServerRequest) -> bool:
    """A browser says of all but plain reading which page asks for it; it must be this one."""
    origin = request.headers.get("Origin")
    if origin is None:
        to_socket = request.headers.get("Upgrade", "").lower() == "websocket"
        return request.method in ("GET", "HEAD") and not to_socket
    return origin.lower() == f"{request.protocol}://{request.headers.get('Host', '')}".lower()
