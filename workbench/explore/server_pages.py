"""What the explorer's server says: its page, its refusals in plain words, and whether it lives."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from html import escape
from pathlib import Path
from string import Template
from typing import Any

from jupyter_server.base.handlers import JupyterHandler
from tornado.httputil import HTTPHeaders
from tornado.iostream import StreamClosedError
from tornado.web import OutputTransform, RequestHandler

from workbench.explore.server_gate import Gate, Refusal, shows_token
from workbench.explore.server_kernels import Drawn, Kernels

FULL = Refusal(
    503,
    "Every place is taken",
    "As many people as this explorer was started for have it open. Close a page that is no longer "
    "needed and load this one again, or start the explorer with a larger --kernels.",
)
NOT_FOUND = Refusal(404, "There is no such page", "The explorer has one page only.")
BROKEN = Refusal(
    500,
    "The explorer could not be opened",
    "Load the page again. If it stays like this, look at what is said where the explorer was "
    "started, and start it again.",
)
NOT_ASKED = Refusal(
    405,
    "This cannot be asked of the explorer",
    "Open the address it printed where it was started, as a page in a browser.",
)
_REFUSAL = Path(__file__).parent / "voila" / "refusal.html"
# Nothing comes from elsewhere, no page holds this one, and no address is told to anybody.
# Widgets bring their own script as a blob, and their styles in line.
_POLICY = "; ".join((
    "default-src 'none'", "script-src 'self' blob:", "style-src 'self' 'unsafe-inline'",
    "img-src 'self' data: blob:", "font-src 'self' data:", "connect-src 'self'",
    "base-uri 'none'", "form-action 'none'", "frame-ancestors 'none'",
))  # fmt: skip
HEADERS = {
    "Content-Security-Policy": _POLICY,
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Referrer-Policy": "same-origin",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Server": "workbench",
}


class SafeHeaders(OutputTransform):
    """Puts the same safety headers on everything that leaves the server."""

    def transform_first_chunk(
        self, status_code: int, headers: HTTPHeaders, chunk: bytes, finishing: bool
    ) -> tuple[int, HTTPHeaders, bytes]:
        """Set the headers, whatever the page's own handler set."""
        for name, value in HEADERS.items():
            headers[name] = value
        return status_code, headers, chunk


class RefusalHandler(RequestHandler):
    """Answers every method with one refusal, in words."""

    def initialize(self, refusal: Refusal) -> None:
        """Take the refusal to answer with."""
        self.refusal = refusal

    async def prepare(self) -> None:
        """Answer before any method is asked for."""
        answer(self, self.refusal)


class _Handler(JupyterHandler):
    """Says in words what Jupyter would fill into a template that is not served here."""

    def check_xsrf_cookie(self) -> None:
        """Pass: the gate has seen that the own page asks, with a cookie that only it sends."""

    def write_error(self, status_code: int, **_: Any) -> None:
        """Say in words that the page could not be made, or that nothing such can be asked."""
        answer(self, NOT_ASKED if status_code == 405 else replace(BROKEN, status=status_code))


class PageHandler(_Handler):
    """The explorer's page, streamed as its kernel draws it."""

    def initialize(self, gate: Gate) -> None:
        """Take the gate whose cookie is set once its token was shown."""
        self.gate, self._left = gate, asyncio.Event()

    def on_connection_close(self) -> None:
        """Remember that nobody waits for the page any more."""
        self._left.set()

    async def get(self) -> None:
        """Hand a warm kernel to the visitor and send what it draws; stop it if nobody waits."""
        if shows_token(self.gate, self.request):
            self.set_cookie(
                self.gate.cookie, self.gate.session, httponly=True, samesite="Strict", path="/"
            )
        kernels = self.kernel_manager
        assert isinstance(kernels, Kernels)
        if not await kernels.has_room():
            answer(self, FULL)
            return
        self.set_header("Content-Type", "text/html; charset=utf-8")
        self.set_header("Cache-Control", "no-store")
        drawn = await kernels.open_page()
        sending, left = map(asyncio.ensure_future, (self._send(drawn), self._left.wait()))
        await asyncio.wait((sending, left), return_when=asyncio.FIRST_COMPLETED)
        left.cancel()
        try:
            if self._left.is_set():
                raise StreamClosedError
            await sending
        except StreamClosedError:
            sending.cancel()
            await asyncio.gather(sending, return_exceptions=True)
            await kernels.stop(drawn.kernel)

    async def _send(self, drawn: Drawn) -> None:
        """Send what is drawn, then the rest as it comes."""
        self.write("".join(drawn.parts))
        await self.flush()
        parts, further = await drawn.rest
        self.write("".join(parts[len(drawn.parts) :]))
        async for part, _ in further:
            self.write(part)
            await self.flush()


class AliveHandler(_Handler):
    """Tells a page whether its kernel still lives: 204 if so, 410 if not."""

    async def get(self, kernel: str) -> None:
        """Look, without counting it as a touch that keeps an idle kernel."""
        kernels = self.kernel_manager
        assert isinstance(kernels, Kernels)
        self.set_header("Cache-Control", "no-store")
        self.set_status(204 if await kernels.is_running(kernel) else 410)


class LeaveHandler(_Handler):
    """Stops the kernel of a page that is being left."""

    async def post(self, kernel: str) -> None:
        """Stop it, if it has not gone already."""
        kernels = self.kernel_manager
        assert isinstance(kernels, Kernels)
        await kernels.stop(kernel)
        self.set_status(204)


def answer(handler: RequestHandler, refusal: Refusal) -> None:
    """Finish a request with a refusal as a small page that needs nothing else."""
    handler.set_status(refusal.status)
    handler.set_header("Content-Type", "text/html; charset=utf-8")
    handler.set_header("Cache-Control", "no-store")
    page = Template(_REFUSAL.read_text(encoding="utf-8"))
    handler.finish(page.substitute(title=escape(refusal.title), words=escape(refusal.words)))
