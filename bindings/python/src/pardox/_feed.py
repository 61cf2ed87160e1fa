"""Bytes of Python as a source of CSV text: in a plan, the feed that they are written to.

    binary file, bytes, iterable of bytes --> pieces --> pardox_feed_write --> {"feed": index}

A write copies, to memory and then to a temporary file, so the next piece is read when the last one
is put away. What a file raises is raised on.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Protocol

from .errors import PardoxError

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from ._library import Handle

# Bytes that are read and written at once.
_PIECE_BYTES = 1 << 20


class Readable(Protocol):
    """A binary file: `sys.stdin.buffer`, `open(path, "rb")`, a response of urllib."""

    def read(self, size: int = ..., /) -> Any:
        """Give some bytes; none at the end."""


class Feed:
    """Where bytes stand in a plan; each run writes a feed of its own."""

    def __init__(self, source: Any) -> None:
        """Stand for a source of bytes."""
        self._source = source
        self._is_read = False

    def fill(self) -> Handle:
        """Give a finished feed with all bytes."""
        from ._library import Handle, native

        if self._is_read:
            raise PardoxError("invalid_argument", "the stream was read before; it can be read once")
        # Bytes and lists may be read again and again.
        plain = (bytes, bytearray, memoryview, list, tuple)
        self._is_read = not isinstance(self._source, plain)
        functions = native()
        feed = Handle(functions.feed_open(b'{"name":"stream"}'), "feed")
        try:
            for piece in self._pieces():
                for at in range(0, len(piece), _PIECE_BYTES):
                    functions.feed_write(feed.value, bytes(piece[at : at + _PIECE_BYTES]))
            functions.feed_finish(feed.value)
        except BaseException:
            feed.close()
            raise
        return feed

    def _pieces(self) -> Iterator[memoryview]:
        if isinstance(self._source, (bytes, bytearray, memoryview)):
            yield memoryview(self._source).cast("B")
            return
        is_file = hasattr(self._source, "read")
        pieces: Iterable[Any] = _read(self._source) if is_file else self._source
        for piece in pieces:
            if not isinstance(piece, (bytes, bytearray, memoryview)):
                found = "nothing yet" if piece is None else type(piece).__name__
                hint = "open the file in binary mode"
                message = f"expected bytes from the stream, found {found}; {hint}"
                raise PardoxError("invalid_argument", message, hint=hint)
            yield memoryview(piece).cast("B")


def _read(file: Readable) -> Iterator[Any]:
    while True:
        piece = file.read(_PIECE_BYTES)
        if piece is None or len(piece) > 0:
            yield piece
        else:
            # Text that is empty says as well that the file is not a binary one.
            yield from [piece] if isinstance(piece, str) else []
            return
