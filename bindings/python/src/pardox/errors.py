"""What goes wrong: one exception, with the kind and the place as fields."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from ._operations import ErrorKind


class PardoxError(Exception):
    """An error of the engine or of the binding.

    The message is the engine's own, the same in every language. Callers branch on `kind`.

    Attributes
    ----------
    kind : ErrorKind
        The kind, such as `"unknown_column"`.
    file, column : str | None
        Where it was met, as far as that is known.
    record, line, byte_offset : int | None
        Record (or row) and line count from 1, the offset is in bytes from the file's start.
    expected, found, hint : str | None
        What was expected, what was found, and what to try.
    """

    def __init__(
        self,
        kind: ErrorKind,
        message: str,
        *,
        file: str | None = None,
        column: str | None = None,
        record: int | None = None,
        line: int | None = None,
        byte_offset: int | None = None,
        expected: str | None = None,
        found: str | None = None,
        hint: str | None = None,
    ) -> None:
        """Make an error; only its kind and message are always known."""
        super().__init__(message)
        self.kind = kind
        self.message = message
        self.file = file
        self.column = column
        self.record = record
        self.line = line
        self.byte_offset = byte_offset
        self.expected = expected
        self.found = found
        self.hint = hint

    def __reduce__(self) -> tuple[Any, ...]:
        """Travel between processes whole: a pool that cannot read an error waits for ever."""
        return (type(self), (self.kind, self.message), self.__dict__.copy())


class LibraryError(ImportError):
    """The native library is missing, or was made for another version of this package."""
