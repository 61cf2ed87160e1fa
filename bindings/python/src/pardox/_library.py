"""Finds and loads the native library, and keeps its objects alive for as long as they are used.

In: the environment and the places where the library may lie. Out: `native()`, the functions of the
library behind its version check, and `Handle`, which releases an object exactly once.
"""

from __future__ import annotations

import os
import sys
import threading
import weakref
from ctypes import CDLL, c_uint8
from functools import cache
from pathlib import Path
from typing import NoReturn

from ._native import SURFACE, Error, Native
from ._operations import ERROR_KINDS
from .errors import LibraryError, PardoxError

_NAMES = {"darwin": "libpardox.dylib", "win32": "pardox.dll"}


def _candidates() -> list[Path]:
    """Where the library may lie: as told, as packaged, as built in the repository."""
    name = _NAMES.get(sys.platform, "libpardox.so")
    here = Path(__file__).resolve().parent
    told = os.environ.get("PARDOX_LIBRARY")
    packaged = here / "lib" / name
    built = [parent / "target" / "release" / name for parent in here.parents[3:4]]
    return [Path(told)] if told else [packaged, *built]


@cache
def native() -> Native:
    """Load the library once, and check that it serves the surface of this package."""
    tried = _candidates()
    found = next((path for path in tried if path.is_file()), None)
    if found is None:
        places = ", ".join(str(path) for path in tried)
        raise LibraryError(
            f"the native library was not found (looked for {places}); "
            "set PARDOX_LIBRARY to its path, or build it with `npm run build`"
        )
    try:
        functions = Native(CDLL(str(found)), _failure)
    except OSError as error:
        raise LibraryError(f"{found} cannot be loaded: {error}") from error
    except AttributeError as error:
        raise LibraryError(
            f"{found} is not the library of this package: {error}; build or install both together"
        ) from error
    check_surface(functions, SURFACE, found)
    return functions


def check_surface(functions: Native, surface: int, path: Path) -> None:
    """Refuse a library that does not serve a surface."""
    if functions.has_surface(surface) == 1:
        return
    major, minor = functions.abi_version()
    raise LibraryError(
        f"{path} serves C interface {major}.{minor}, which lacks the surface {surface:#x} of this "
        "package; install the package and the library of one version"
    )


def _failure(error: Error) -> Exception:
    """Make an exception of what the library wrote."""

    def known(number: int) -> int | None:
        return None if number < 0 else number

    return PardoxError(
        ERROR_KINDS.get(error.status, "internal"),
        error.text_of_message(),
        file=error.text_of_file() or None,
        column=error.text_of_column() or None,
        record=known(error.record),
        line=known(error.line),
        byte_offset=known(error.byte_offset),
        expected=error.text_of_expected() or None,
        found=error.text_of_found() or None,
        hint=error.text_of_hint() or None,
    )


def _release(value: int) -> None:
    native().release(value)


class Handle:
    """An object of the library; released by `close`, or when nothing refers to it any more."""

    def __init__(self, value: int, what: str) -> None:
        """Take over a handle that the library gave out."""
        self._what = what
        self._value = value
        # Held while memory of the object is read: another thread's `close` waits for its end.
        self.lock = threading.RLock()
        self._finalizer = weakref.finalize(self, _release, value)
        # At exit the library goes with the process; releasing then could meet a shut-down one.
        self._finalizer.atexit = False

    @property
    def is_closed(self) -> bool:
        """Whether it was released."""
        return not self._finalizer.alive

    @property
    def value(self) -> int:
        """The number that the library knows the object by."""
        if self.is_closed:
            raise PardoxError("released_handle", f"the {self._what} was closed")
        return self._value

    def close(self) -> None:
        """Release the object; a second close does nothing."""
        with self.lock:
            self._finalizer()

    def __reduce__(self) -> NoReturn:
        # A number of this process would name some other table in the next one.
        raise TypeError(
            f"a {self._what} holds memory of this process; write it with to_prdx instead"
        )


def take_bytes(value: int) -> bytes:
    """Copy out what a bytes handle holds, and release it."""
    functions = native()
    try:
        address, length = functions.bytes_view(value)
        return bytes((c_uint8 * length).from_address(address)) if length else b""
    finally:
        functions.release(value)
