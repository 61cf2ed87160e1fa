"""One column of a frame: its values in place, or as Python's own."""

from __future__ import annotations

import datetime
import decimal
from ctypes import (
    Array,
    c_byte,
    c_double,
    c_float,
    c_int8,
    c_int16,
    c_int32,
    c_int64,
    c_uint8,
    c_uint16,
    c_uint32,
    c_uint64,
)
from sys import byteorder
from typing import TYPE_CHECKING, Any, Literal

from . import _nested
from ._library import Handle, native
from ._moment import Moments, is_moment, unit_and_zone
from ._native import View
from .errors import PardoxError

if TYPE_CHECKING:
    from ._operations import DataType
    from ._wire import Value

# How values lie in memory: their C type and their format in a memoryview.
_FIXED: dict[str, tuple[type, Literal["b", "B", "h", "H", "i", "I", "q", "Q", "f", "d"]]] = {
    "int8": (c_int8, "b"),
    "int16": (c_int16, "h"),
    "int32": (c_int32, "i"),
    "uint8": (c_uint8, "B"),
    "uint16": (c_uint16, "H"),
    "uint32": (c_uint32, "I"),
    "uint64": (c_uint64, "Q"),
    "float32": (c_float, "f"),
    "int64": (c_int64, "q"),
    "float64": (c_double, "d"),
    "date": (c_int32, "i"),
    "timestamp": (c_int64, "q"),
}
_DECIMAL_BYTES = 16
_EPOCH_DAY = datetime.date(1970, 1, 1).toordinal()


class Column:
    """One column of a frame; it outlives its frame."""

    def __init__(self, handle: Handle, name: str, dtype: DataType) -> None:
        """Take over a column of the library; users take `df.column("price")`."""
        self._handle = handle
        self._name = name
        self._dtype = dtype

    @property
    def name(self) -> str:
        """Its name."""
        return self._name

    @property
    def dtype(self) -> DataType:
        """Its type."""
        return self._dtype

    @property
    def row_count(self) -> int:
        """Number of values, nulls included."""
        return native().column_info(self._handle.value)[1]

    @property
    def null_count(self) -> int:
        """Number of nulls."""
        return native().column_info(self._handle.value)[2]

    def view(self) -> memoryview[Any]:
        """Give the values in place, without a copy, read only. Not for text and bool.

        The view keeps its memory alive by itself: it may outlive the column and the frame.
        Dates are days since 1970-01-01, timestamps numbers of their unit since
        1970-01-01T00:00:00, in UTC where they have a zone.

        Raises
        ------
        PardoxError
            type_mismatch for text and bool; unsupported where there are nulls; released_handle.

        Examples
        --------
        >>> df.column("quantity").view()  # doctest: +SKIP
        """
        dtype = self.dtype
        if not is_moment(dtype) and dtype not in _FIXED:
            message = f"column {self._name} is {dtype}, whose values are not one run of numbers"
            raise PardoxError("type_mismatch", f"{message}; take to_list()", column=self._name)
        if self.null_count > 0:
            message = f"column {self._name} has {self.null_count} nulls; take to_list()"
            raise PardoxError("unsupported", message, column=self._name)
        # A handle of the view's own: closing the column must not pull the memory away.
        owner = Handle(native().column_rechunk(self._handle.value), "column")
        kind, form = _FIXED["timestamp" if is_moment(dtype) else dtype]
        chunk = _chunk(owner, 0) if self.row_count > 0 else View()
        values = _at(kind, chunk.values, chunk.row_count)
        values.owner = owner  # type: ignore[attr-defined]
        view: memoryview[Any] = memoryview(values).cast("B").cast(form).toreadonly()
        return view

    def to_list(self) -> list[Value]:
        """Give the values as a list of what Python has for them, None for null.

        Numbers are int, float and Decimal, lists list, structs dict, moments date and datetime.
        A timestamp with a zone is a datetime with that zone, by `zoneinfo`.

        Raises
        ------
        PardoxError
            bad_value for a date or timestamp outside the years 1 to 9999, or with nanoseconds below
            a microsecond; unsupported for a zone that the machine does not know; released_handle.
        """
        with self._handle.lock:
            _, _, _, chunk_count = native().column_info(self._handle.value)
            found: list[Value] = []
            for index in range(chunk_count):
                found.extend(self._chunk_values(self._dtype, _chunk(self._handle, index)))
            return found

    def _chunk_values(self, dtype: DataType, chunk: View) -> list[Value]:
        count = chunk.row_count
        values: list[Value]
        if dtype == "bool":
            values = _bits(chunk.values, count)  # type: ignore[assignment]
        elif dtype == "utf8":
            values = _texts(chunk, count)  # type: ignore[assignment]
        elif dtype == "dictionary":
            values = _coded(chunk)  # type: ignore[assignment]
        elif _nested.is_nested(dtype):
            read = _nested.decoder(dtype, self._moment)
            values = [read(_nested.loads(text)) if text else None for text in _texts(chunk, count)]
        elif dtype.startswith("decimal"):
            values = _decimals(chunk, scale_of(dtype))  # type: ignore[assignment]
        else:
            kind, form = _FIXED["timestamp" if is_moment(dtype) else dtype]
            view: memoryview[Any] = memoryview(_at(kind, chunk.values, count)).cast("B").cast(form)
            values = list(view.tolist())
        present = _bits(chunk.validity, count) if chunk.validity else None
        if dtype == "date" or is_moment(dtype):
            read = self._date if dtype == "date" else Moments(dtype, self._name).of
            numbers: list[Any] = list(values)
            known = [
                None if present is not None and not present[i] else read(number)
                for i, number in enumerate(numbers)
            ]
            return list(known)
        if present is None:
            return values
        return [value if bit else None for value, bit in zip(values, present, strict=True)]

    def _moment(self, dtype: str, value: int) -> datetime.date:
        return self._date(value) if dtype == "date" else Moments(dtype, self._name).of(value)

    def _date(self, value: int) -> datetime.date:
        try:
            return datetime.date.fromordinal(_EPOCH_DAY + value)
        except (ValueError, OverflowError) as error:
            message = f"column {self._name} holds a date that Python cannot say ({value})"
            raise PardoxError("bad_value", message, column=self._name) from error

    def to_numpy(self) -> Any:
        """Give the values as a NumPy array of their type, without a copy but for bool and date.

        Raises
        ------
        PardoxError
            unsupported where there are nulls; type_mismatch for text: take `to_list`.
        """
        import numpy as np

        if self.dtype == "bool" and self.null_count == 0:
            return np.array(self.to_list(), dtype=bool)
        array = np.asarray(self.view())
        if is_moment(self.dtype):
            # NumPy's have no zone: with one, they are UTC's.
            return array.view(f"datetime64[{unit_and_zone(self.dtype)[0]}]")
        return array.astype("datetime64[D]") if self.dtype == "date" else array

    def close(self) -> None:
        """Give the memory back, once nothing else uses it; a second close does nothing."""
        self._handle.close()

    def __len__(self) -> int:
        return self.row_count

    def __repr__(self) -> str:
        if self._handle.is_closed:
            return "<Column closed>"
        return f"Column({self._name}: {self.dtype}, {self.row_count} rows)"


def _chunk(handle: Handle, index: int) -> View:
    view = View()
    native().column_view(handle.value, index, view)
    return view


def _at(kind: type, address: int | None, count: int) -> Array[Any]:
    """See values in place; no address is no values."""
    shape: type[Array[Any]] = kind * count  # type: ignore[operator, assignment]
    return shape.from_address(address) if address else shape()


def _bits(address: int, count: int) -> list[bool]:
    data = bytes(_at(c_uint8, address, (count + 7) // 8))
    return [bool(data[i >> 3] >> (i & 7) & 1) for i in range(count)]


def scale_of(dtype: str) -> int:
    """Read the digits behind the point from the name of a decimal type."""
    return int(dtype[dtype.index(",") + 1 : -1])


def _decimals(chunk: View, scale: int) -> list[decimal.Decimal]:
    data = bytes(_at(c_uint8, chunk.values, chunk.row_count * _DECIMAL_BYTES))
    found = []
    for start in range(0, len(data), _DECIMAL_BYTES):
        whole = int.from_bytes(data[start : start + _DECIMAL_BYTES], byteorder, signed=True)
        # From text: arithmetic would round to the precision of the context.
        found.append(decimal.Decimal(f"{whole}E-{scale}"))
    return found


def _texts(chunk: View, count: int) -> list[str]:
    offsets = memoryview(_at(c_int32, chunk.offsets, count + 1)).cast("B").cast("i")
    data = memoryview(_at(c_byte, chunk.text, chunk.text_length)).cast("B")
    return [str(data[offsets[i] : offsets[i + 1]], "utf-8") for i in range(count)]


def _coded(chunk: View) -> list[str]:
    """Give text by its codes; equal values are one object."""
    codes = memoryview(_at(c_int32, chunk.values, chunk.row_count)).cast("B").cast("i").tolist()
    texts = _texts(chunk, max(codes, default=-1) + 1)
    return [texts[code] for code in codes]
