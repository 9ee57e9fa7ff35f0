"""What a notebook prints, by Python or below it, as messages in the order in which it was said."""

from __future__ import annotations

import codecs
import fcntl
import io
import os
import threading
import time
from collections.abc import Callable

from workbench.evidence.engines.preload import ENCODING

SOON = 0.2  # seconds after which text is sent, as ipykernel does
MOST = 1 << 20


class Printed(io.TextIOBase):
    """A standard stream of a notebook: collects text and sends it soon, before anything shown.

    What programs and libraries write to the file descriptor below is collected too, and so is what
    processes print that a cell has forked: they write there, as only one may speak on a channel.
    """

    encoding = ENCODING

    def __init__(self, name: str, below: int, send: Callable[[str, str], None]) -> None:
        """Take over a file descriptor.

        Args:
            name: `stdout` or `stderr`.
            below: Its file descriptor, which from now on writes to memory.
            send: Sends text under the stream's name.
        """
        super().__init__()
        self.name = name
        self._below, self._send, self._owner = below, send, os.getpid()
        self._memory = os.memfd_create(name)
        fcntl.fcntl(self._memory, fcntl.F_SETFL, os.O_APPEND)  # many may write to it at once
        os.dup2(self._memory, below)
        self._seen = 0
        self._decode = codecs.getincrementaldecoder("utf-8")("replace").decode
        self._text: list[str] = []
        self._size = 0
        self._since = 0.0
        self._lock = threading.RLock()

    def write(self, text: str) -> int:
        """Collect text; sent when enough of it or enough time has come together."""
        if not isinstance(text, str):
            raise TypeError(f"write() argument must be str, not {type(text)}")
        if os.getpid() != self._owner:
            self._write_below(text)
            return len(text)
        with self._lock:
            self._collect_below()
            self._add(text)
            if self._size > MOST or time.monotonic() - self._since > SOON:
                self.flush()
        return len(text)

    def flush(self) -> None:
        """Send what was collected."""
        if os.getpid() != self._owner:  # it is the owner's, who has it too
            return
        with self._lock:
            self._collect_below()
            text, self._text, self._size = "".join(self._text), [], 0
        if text:
            self._send(self.name, text)

    def writable(self) -> bool:
        """Return that it can be written to."""
        return True

    def isatty(self) -> bool:
        """Return that nobody is watching."""
        return False

    def fileno(self) -> int:
        """Return the file descriptor, whose text is collected too."""
        return self._below

    def _add(self, text: str) -> None:
        if not text:
            return
        if not self._text:
            self._since = time.monotonic()
        self._text.append(text)
        self._size += len(text)

    def _write_below(self, text: str) -> None:
        left = memoryview(text.encode("utf-8", "replace"))
        while left:
            left = left[os.write(self._memory, left) :]

    def _collect_below(self) -> None:
        end = os.fstat(self._memory).st_size
        if end > self._seen:
            content = os.pread(self._memory, end - self._seen, self._seen)
            self._seen += len(content)
            self._add(self._decode(content))
