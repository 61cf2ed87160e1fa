"""The Arrow PyCapsule protocol in plain ctypes: a frame as a stream for other libraries.

Source: https://arrow.apache.org/docs/format/CDataInterface/PyCapsuleInterface.html
"""

from __future__ import annotations

import ctypes
from ctypes import CFUNCTYPE, PYFUNCTYPE, Structure, c_char_p, c_void_p, py_object, sizeof

from ._library import native

_NAME = b"arrow_array_stream"


class _Stream(Structure):
    """The ArrowArrayStream of the C stream interface."""

    _fields_ = (
        ("get_schema", c_void_p),
        ("get_next", c_void_p),
        ("get_last_error", c_void_p),
        ("release", c_void_p),
        ("private_data", c_void_p),
    )


_malloc = ctypes.pythonapi.PyMem_RawCalloc
_malloc.argtypes = (ctypes.c_size_t, ctypes.c_size_t)
_malloc.restype = c_void_p
_free = ctypes.pythonapi.PyMem_RawFree
_free.argtypes = (c_void_p,)
_free.restype = None
_new = ctypes.pythonapi.PyCapsule_New
_new.restype = py_object
_pointer = ctypes.pythonapi.PyCapsule_GetPointer
_pointer.restype = c_void_p
_release_type = CFUNCTYPE(None, c_void_p)


@PYFUNCTYPE(None, c_void_p)  # type: ignore[untyped-decorator]
def _destroy(capsule: int) -> None:
    """End a stream that nobody took; the capsule comes as a plain address, it is dying."""
    _pointer.argtypes = (c_void_p, c_char_p)
    address = _pointer(capsule, _NAME)
    _end(address)


def _end(address: int) -> None:
    stream = _Stream.from_address(address)
    if stream.release:
        _release_type(stream.release)(address)
    _free(address)


def stream_capsule(frame: int) -> object:
    """Make a capsule that owns a stream of a frame's batches."""
    address = _malloc(1, sizeof(_Stream))
    if not address:
        raise MemoryError
    try:
        native().frame_to_arrow(frame, address)
    except BaseException:
        _free(address)
        raise
    _new.argtypes = (c_void_p, c_char_p, c_void_p)
    return _new(address, _NAME, ctypes.cast(_destroy, c_void_p))
