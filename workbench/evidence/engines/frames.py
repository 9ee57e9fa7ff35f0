"""Jupyter messages over a plain socket: lengths first, then JSON, then the raw buffers."""

from __future__ import annotations

import asyncio
import json
import socket
import struct
from collections.abc import Sequence
from typing import Any

from jupyter_client.jsonutil import json_default

Message = dict[str, Any]
_COUNT = struct.Struct("!I")
_LENGTH = struct.Struct("!Q")
_CHUNK = 1 << 20


class Gone(Exception):
    """The other side has closed its socket or is dead."""


def packed(message: Message, buffers: Sequence[Any] = ()) -> bytes:
    """Return a message as bytes."""
    text = json.dumps(message, default=json_default, ensure_ascii=False)
    return framed(text.encode("utf-8", "replace"), buffers)


def framed(text: bytes, buffers: Sequence[Any] = ()) -> bytes:
    """Return a message, of which the JSON is given, as bytes."""
    parts = [text, *(bytes(one) for one in buffers)]
    lengths = b"".join(_LENGTH.pack(len(part)) for part in parts)
    return b"".join((_COUNT.pack(len(parts)), lengths, *parts))


class Inbox:
    """Messages read from a socket, one after another; read by one coroutine at a time."""

    def __init__(self, source: socket.socket) -> None:
        self._source = source
        self._read = bytearray()
        self._loop: asyncio.AbstractEventLoop | None = None

    async def get(self) -> Message:
        """Return the next message, with its buffers as `buffers`.

        Raises:
            Gone: There is none, as the other side has ended.
        """
        while (message := self._take()) is None:
            await self._readable()
            try:
                fresh = self._source.recv(_CHUNK)
            except OSError as fault:
                raise Gone from fault
            if not fresh:
                raise Gone
            self._read += fresh
        return message

    async def _readable(self) -> None:
        """Wait until there is something to read; the socket blocks, as others write to it."""
        self._loop = asyncio.get_running_loop()
        ready = asyncio.Event()
        self._loop.add_reader(self._source, ready.set)
        try:
            await ready.wait()
        finally:
            self.stop()

    def stop(self) -> None:
        """Wait no longer: a loop must not watch a socket that is about to be closed."""
        if self._loop is not None and not self._loop.is_closed() and self._source.fileno() != -1:
            self._loop.remove_reader(self._source)
        self._loop = None

    def _take(self) -> Message | None:
        if len(self._read) < _COUNT.size:
            return None
        (count,) = _COUNT.unpack_from(self._read)
        start = _COUNT.size + count * _LENGTH.size
        if len(self._read) < start:
            return None
        lengths = [
            _LENGTH.unpack_from(self._read, _COUNT.size + number * _LENGTH.size)[0]
            for number in range(count)
        ]
        if len(self._read) < start + sum(lengths):
            return None
        parts = []
        for length in lengths:
            parts.append(bytes(self._read[start : start + length]))
            start += length
        del self._read[:start]
        message: Message = json.loads(parts[0].decode("utf-8", "replace"))
        message["buffers"] = parts[1:]
        return message
