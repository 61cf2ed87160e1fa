"""What a user gives becomes plain values of the plan document: one function for each kind.

    where a column is named    text is the column's name      selector, items, sort_keys
    where a question is asked  text is the second door        expression
    where a value stands       text is a value                operand

What cannot be meant is refused here, before the engine sees it, in the engine's own kinds.
"""

from __future__ import annotations

import datetime
import decimal
import os
from array import array
from collections.abc import Callable, Iterable, Mapping, Sequence, Set
from typing import TYPE_CHECKING, Any, NoReturn, TypeAlias, Union

from . import _nested
from ._feed import Feed, Readable
from ._moment import unit_and_zone, zone_name
from .errors import PardoxError

if TYPE_CHECKING:
    from ._operations import DataType, FrameSteps, NullOrder
    from .expressions import Expr

Wire: TypeAlias = Any
Path: TypeAlias = Union[str, "os.PathLike[str]"]
Source: TypeAlias = (
    Path | Sequence[Path] | bytes | bytearray | memoryview | Readable | Iterable[bytes]
)
Value: TypeAlias = (
    str
    | int
    | float
    | bool
    | decimal.Decimal
    | datetime.date
    | datetime.datetime
    | Sequence["Value"]
    | Mapping[str, "Value"]
    | None
)
Expression: TypeAlias = Union["Expr", str]
Operand: TypeAlias = Union["Expr", Value]
Selector: TypeAlias = Union["Expr", str]
Item: TypeAlias = Union[str, "Expr", Mapping[str, Expression]]
SortKeys: TypeAlias = Union[Selector, "SortKey", Sequence[Union[Selector, "SortKey"]]]
JoinKeys: TypeAlias = str | Sequence[str | tuple[str, str]]


class SortKey:
    """What to order by, with its direction: `col("a").desc()` makes one."""

    def __init__(
        self, expr: Selector, *, descending: bool = False, nulls: NullOrder = "last"
    ) -> None:
        """Join an expression and its direction."""
        self.wire: Wire = {
            "key": {"expr": selector(expr), "descending": descending, "nulls": nulls}
        }


def is_expr(value: object) -> bool:
    """Whether a value is an expression."""
    from .expressions import Expr

    return isinstance(value, Expr)


def expr(value: Operand) -> Expr:
    """Make an expression of an operand."""
    from .expressions import Expr

    return value if isinstance(value, Expr) else Expr({"lit": literal(value)})


def expression(value: Expression) -> Wire:
    """Give a question: an expression, or text of the second door."""
    if is_expr(value):
        return value._wire  # type: ignore[union-attr]
    if isinstance(value, str):
        return {"text": value}
    return refuse(f"expected an expression or text, found {describe(value)}")


def question(value: Expression) -> Expr:
    """Give a question as an expression."""
    from .expressions import Expr

    return value if isinstance(value, Expr) else Expr(expression(value))


def operand(value: Operand) -> Wire:
    """Give an operand: an expression, or a value that stands for itself."""
    if is_expr(value):
        return value._wire  # type: ignore[union-attr]
    return {"lit": literal(value)}  # type: ignore[arg-type]


def selector(value: Selector) -> Wire:
    """Give a column by name, or an expression."""
    if is_expr(value):
        return value._wire  # type: ignore[union-attr]
    if isinstance(value, str):
        return {"col": value}
    return refuse(f"expected a column's name or an expression, found {describe(value)}")


def selected(value: Selector) -> Expr:
    """Give a column by name as an expression."""
    from .expressions import Expr

    return value if isinstance(value, Expr) else Expr(selector(value))


def items(values: Iterable[Item], named: Mapping[str, Expression]) -> list[Wire]:
    """Give columns of a result: names, expressions, names with their expressions."""
    wires: list[Wire] = []
    for value in values:
        if isinstance(value, str):
            wires.append(_named(value, {"col": value}))
        elif is_expr(value):
            wires.append(_item(value))  # type: ignore[arg-type]
        elif isinstance(value, Mapping):
            wires.extend(_named(name, expression(one)) for name, one in value.items())
        elif isinstance(value, (list, tuple)):
            wires.extend(items(value, {}))
        else:
            refuse(f"expected a column's name, an expression or a dict, found {describe(value)}")
    wires.extend(_named(name, expression(one)) for name, one in named.items())
    return wires


def _named(name: str, wire: Wire) -> Wire:
    return {"named": {"name": text(name, "name"), "expr": wire}}


def _item(value: Expr) -> Wire:
    """Give an expression under its own name, its column's, or as text that names itself."""
    name = value._name or value._wire.get("col")
    if name is not None:
        return _named(name, value._wire)
    if "text" in value._wire:
        return value._wire
    return refuse('the expression has no name; give it one, as in total=... or .alias("total")')


def sort_keys(by: SortKeys, *, descending: bool = False, nulls: NullOrder = "last") -> list[Wire]:
    """Give what to order by; the options hold for keys that do not say it themselves."""
    keys: Iterable[Any] = by if isinstance(by, (list, tuple)) else [by]
    wires: list[Wire] = []
    for key in keys:
        if isinstance(key, SortKey):
            wires.append(key.wire)
        elif is_expr(key) and "text" in key._wire:
            if descending or nulls != "last":
                said = key._wire["text"]
                refuse(f'the text "{said}" says its directions itself; leave the options out')
            wires.append(key._wire)
        else:
            wires.append(SortKey(key, descending=descending, nulls=nulls).wire)
    return wires


def join_keys(on: JoinKeys) -> list[Wire]:
    """Give columns that must be equal."""
    keys = [on] if isinstance(on, str) else on
    if not isinstance(keys, (list, tuple)):
        refuse(f"expected columns to join on, found {describe(on)}")
    wires = []
    for key in keys:
        pair = (key, key) if isinstance(key, str) else key
        if not isinstance(pair, tuple) or len(pair) != 2:
            refuse(f"expected a name or a pair of names to join on, found {describe(key)}")
        wires.append({"left": text(pair[0], "left"), "right": text(pair[1], "right")})
    return wires


def renamings(columns: Mapping[str, str]) -> list[Wire]:
    """Give new names by old name."""
    if not isinstance(columns, Mapping):
        refuse(f"expected a dict of new names by old name, found {describe(columns)}")
    return [{"from": text(old, "from"), "to": text(new, "to")} for old, new in columns.items()]


def frame(value: FrameSteps) -> Wire:
    """Give another frame's plan."""
    from ._operations import FrameSteps

    if isinstance(value, FrameSteps):
        return value._wire
    return refuse(f"expected a frame, found {describe(value)}")


def tables(values: Mapping[str, FrameSteps] | None) -> Wire:
    """Give frames by name."""
    return {text(name, "tables"): frame(one) for name, one in (values or {}).items()}


def column_values(
    columns: Mapping[str, Sequence[Value]], types: Mapping[str, DataType] | None
) -> list[Wire]:
    """Give columns written out, their types following from the values where `types` is silent."""
    types = types or {}
    for one in (columns, types):
        if not isinstance(one, Mapping):
            refuse(f"expected a dict by column name, found {describe(one)}")
    for name in types:
        if name not in columns:
            message = f"the schema names {name}, which has no values"
            raise PardoxError("unknown_column", message, column=name)
    wires = []
    for name, values in columns.items():
        given = _values_of(values, name)
        dtype = types.get(name) or _type_of_array(values) or _type_of(given, name)
        cells = [_cell(value, dtype, name) for value in given]
        wires.append({"name": text(name, "columns"), "dtype": dtype, "values": cells})
    return wires


def _values_of(values: Iterable[Value], name: str) -> list[Value]:
    """Give the values of a column, read once: an iterator has nothing left for a second look."""
    if not isinstance(values, Iterable) or isinstance(values, (str, bytes, Mapping, Set)):
        return refuse(f"expected a list of values for column {name}, found {describe(values)}")
    dtype = getattr(values, "dtype", None)
    if dtype is None or not hasattr(values, "tolist"):
        return list(values)
    # An array of NumPy, or a Series of pandas.
    given: list[Value] = values.tolist()
    if getattr(values, "ndim", 1) != 1:
        refuse(f"expected one row of values for column {name}, found an array of several")
    if getattr(dtype, "kind", "") in ("M", "m") and any(isinstance(one, int) for one in given):
        refuse(f"expected microseconds for column {name}, found {dtype}; use datetime64[us]")
    return given


def _type_of_array(values: object) -> DataType | None:
    """Find the type that an array says, also of whole numbers and of none; None for a list."""
    dtype = getattr(values, "dtype", None)
    kind, size = getattr(dtype, "kind", None), getattr(dtype, "itemsize", 8)
    if isinstance(values, (array, memoryview)):
        code = values.typecode if isinstance(values, array) else values.format.lstrip("@=<>!")
        kind = {"e": "f", "f": "f", "d": "f", "?": "b"}.get(code)
        kind = kind or ("i" if code in "bhilqn" else "u" if code in "BHILQN" else None)
        size = values.itemsize
    kinds: dict[object, DataType] = {
        ("f", 2): "float32",
        ("f", 4): "float32",
        ("f", 8): "float64",
        ("i", 1): "int8",
        ("i", 2): "int16",
        ("i", 4): "int32",
        ("i", 8): "int64",
        ("u", 1): "uint8",
        ("u", 2): "uint16",
        ("u", 4): "uint32",
        ("u", 8): "uint64",
        ("b", 1): "bool",
    }
    return kinds.get((kind, size), "float64" if kind == "f" else None)


def _type_of(values: Sequence[Value], name: str) -> DataType:
    """Find the one type of some values; whole numbers beside others are float64.

    Lists and dicts are lists and structs of what they hold.
    """
    present = [value for value in values if value is not None]
    if present and all(isinstance(value, (list, tuple)) for value in present):
        held = [one for value in present for one in value]  # type: ignore[union-attr]
        if all(one is None for one in held):
            message = f"the lists of {name} hold no value; name their type"
            raise PardoxError("type_mismatch", message)
        return f"list({_type_of(held, name)})"
    records = [value for value in present if isinstance(value, Mapping)]
    if records and len(records) == len(present):
        fields = dict.fromkeys(key for record in records for key in record)
        if not fields:
            refuse(f"a dict of {name} has no field")
        return _nested.struct_type(
            {
                text(field, "a field"): _type_of(
                    [value.get(field) for value in records],
                    f"{name}.{field}",
                )
                for field in fields
            }
        )
    found = {kind_of(value) for value in values if value is not None}
    if found == {"decimal"}:
        return _decimal_type([value for value in values if isinstance(value, decimal.Decimal)])
    if found == {"int64", "float64"}:
        return "float64"
    if len(found) > 1:
        kinds = " and ".join(sorted(found))
        message = f"column {name} holds {kinds}; name its type in schema"
        raise PardoxError("type_mismatch", message, column=name)
    return found.pop() if found else "utf8"


def _decimal_type(values: Sequence[decimal.Decimal]) -> DataType:
    """Find the smallest decimal type that holds every digit of some values."""
    whole_max, scale_max = 1, 0
    for value in values:
        digits = _decimal_text(value, "").lstrip("-")
        whole, _, fraction = digits.partition(".")
        whole_max = max(whole_max, len(whole.lstrip("0")))
        scale_max = max(scale_max, len(fraction))
    return f"decimal({min(whole_max + scale_max, 38)},{scale_max})"


def _decimal_text(value: decimal.Decimal, where: str) -> str:
    """Write a decimal without an exponent; a decimal that is no number is refused."""
    if not value.is_finite():
        raise PardoxError("bad_value", f"{where}expected a decimal number, found {value}")
    return format(value, "f")


def _cell(value: Value, dtype: DataType, name: str) -> str | None:
    if value is None:
        return None
    (said,) = literal(value, dtype, f"column {name}: ").values()
    if isinstance(said, dict):
        return str(said["value"])
    return {True: "true", False: "false"}[said] if isinstance(said, bool) else str(said)


def kind_of(value: Value) -> DataType:
    """Find the type of a value."""
    if isinstance(value, bool):
        return "bool"
    if isinstance(value, int):
        return "int64"
    if isinstance(value, float):
        return "float64"
    if isinstance(value, decimal.Decimal):
        return "decimal"
    if isinstance(value, str):
        return "utf8"
    if isinstance(value, datetime.datetime):
        return "timestamp" if value.tzinfo is None else f"timestamp(us,{zone_name(value, '')})"
    if isinstance(value, datetime.date):
        return "date"
    return refuse(f"expected text, a number, a bool, a date or None, found {describe(value)}")


def lit(value: Value, dtype: DataType | None = None) -> Wire:
    """Give a value as an expression; decimals of given digits and dictionaries are casts."""
    if dtype == "dictionary":
        return {"cast": {"input": {"lit": literal(value, dtype)}, "to": dtype}}
    if dtype is not None and dtype.startswith("decimal("):
        return {"cast": {"input": {"lit": literal(value, "decimal")}, "to": dtype}}
    return {"lit": literal(value, dtype)}


_WHOLE = frozenset({"int8", "int16", "int32", "uint8", "uint16", "uint32", "uint64"})


def literal(value: Value, dtype: DataType | None = None, where: str = "") -> Wire:
    """Give a typed value of the document; without `dtype` the type follows from the value."""
    if value is None:
        return "null"
    if dtype is None and isinstance(value, (list, tuple, Mapping)):
        dtype = _type_of([value], "a value")
    kind = dtype or kind_of(value)
    if _nested.is_nested(kind):
        held = _nested.dumped(value, kind, lambda one, inner: _held(one, inner, where))
        return {"nested": {"dtype": kind, "value": held}}
    if kind == "bool" and isinstance(value, bool):
        return {"bool": value}
    if kind == "int64" and isinstance(value, int) and not isinstance(value, bool):
        if not -(2**63) <= value < 2**63:
            raise PardoxError("bad_value", f"{where}expected int64, found {describe(value)}")
        return {"int64": str(value)}
    # The engine knows the range of each type.
    if kind in _WHOLE and isinstance(value, int) and not isinstance(value, bool):
        return {kind: str(value)}
    if kind == "float32" and isinstance(value, (int, float)) and not isinstance(value, bool):
        return {"float32": _float_text(value, where)}
    if kind == "float64" and isinstance(value, (int, float)) and not isinstance(value, bool):
        return {"float64": _float_text(value, where)}
    if kind.startswith("decimal") and isinstance(value, decimal.Decimal):
        return {"decimal": _decimal_text(value, where)}
    # True is an int of Python, and no number here.
    is_written = isinstance(value, (int, str)) and not isinstance(value, bool)
    if kind.startswith("decimal") and is_written:
        return {"decimal": str(value)}
    if kind in ("date", "timestamp") and isinstance(value, (str, datetime.date)):
        return {kind: _moment_text(value, kind, where)}
    if kind.startswith("timestamp(") and isinstance(value, (str, datetime.datetime)):
        return {"typed": {"dtype": kind, "value": _ticks_text(value, kind, where)}}
    if kind in ("utf8", "dictionary") and isinstance(value, str):
        return {"utf8": text(value, "value")}
    raise PardoxError("bad_value", f"{where}expected {kind}, found {describe(value)}")


def _held(value: Value, dtype: str, where: str) -> Any:
    """Give what a typed literal holds; None for null."""
    wire = literal(value, dtype, where)
    return None if wire == "null" else next(iter(wire.values()))


def _float_text(value: int | float, where: str) -> str:
    """Give the shortest decimal that reads back as the same number."""
    try:
        number = float(value)
    except OverflowError:
        number = float("inf")
    if isinstance(value, int) and number != value:
        raise PardoxError("bad_value", f"{where}{describe(value)} is not exact as float64")
    return "NaN" if number != number else repr(number)


def _ticks_text(value: str | datetime.datetime, kind: str, where: str) -> str:
    """Write a datetime: with a zone its moment, without one what it shows."""
    if isinstance(value, str):
        return value
    is_zoned = unit_and_zone(kind)[1] is not None
    if is_zoned and value.tzinfo is not None:
        return value.astimezone(datetime.UTC).replace(tzinfo=None).isoformat() + "Z"
    if is_zoned or value.tzinfo is None:
        return value.isoformat()
    message = f"{where}expected a datetime without a zone for {kind}, found {value.isoformat()}"
    raise PardoxError("unsupported", message)


def _moment_text(value: str | datetime.date, kind: str, where: str) -> str:
    if isinstance(value, str):
        return value
    if isinstance(value, datetime.datetime):
        if value.tzinfo is not None:
            message = f"{where}expected a datetime without a zone, found {value.isoformat()}"
            raise PardoxError("unsupported", message)
        if kind == "date":
            raise PardoxError("bad_value", f"{where}expected date, found {value.isoformat()}")
        return value.isoformat()
    return value.isoformat() if kind == "date" else f"{value.isoformat()}T00:00:00"


def whole(value: int, name: str) -> int:
    """Give a whole number that is not negative."""
    if isinstance(value, int) and not isinstance(value, bool) and 0 <= value < 2**63:
        return value
    return refuse(f"expected a whole number from 0 for {name}, found {describe(value)}")


def whole_or_none(value: int | None, name: str) -> int | None:
    """Give a whole number or nothing."""
    return None if value is None else whole(value, name)


def text(value: str, name: str) -> str:
    """Give text, and nothing that only looks like it."""
    if not isinstance(value, str):
        return refuse(f"expected text for {name}, found {describe(value)}")
    try:
        value.encode("utf-8")
    except UnicodeEncodeError as error:
        message = f"the text for {name} holds half of a surrogate pair at character {error.start}"
        raise PardoxError("invalid_utf8", message) from error
    return value


def text_or_none(value: str | None, name: str) -> str | None:
    """Give text or nothing."""
    return None if value is None else text(value, name)


def texts(values: Sequence[str], name: str) -> list[str]:
    """Give a list of texts; one text alone is not a list of its characters."""
    if isinstance(values, str) or not isinstance(values, Iterable):
        return refuse(f"expected a list of texts for {name}, found {describe(values)}")
    return [text(value, name) for value in values]


def texts_or_none(values: Sequence[str] | None, name: str) -> list[str] | None:
    """Give a list of texts or nothing."""
    return None if values is None else texts(values, name)


def path(value: Path) -> str:
    """Give the path of a file."""
    given = value if isinstance(value, str) else os.fspath(value)
    return text(given, "path")


def source(value: Source) -> Wire:
    """Give the one field that says where CSV text comes from: path, paths or feed."""
    if isinstance(value, (str, os.PathLike)):
        return {"path": path(value)}
    if isinstance(value, (list, tuple)) and value and not _is_bytes(value[0]):
        return {"paths": [path(one) for one in value]}
    if _is_bytes(value) or hasattr(value, "read") or isinstance(value, Iterable):
        return {"feed": Feed(value)}
    expected = "a path, a list of paths, bytes, or a binary file or iterable of bytes"
    return refuse(f"expected {expected}, found {describe(value)}")


def _is_bytes(value: object) -> bool:
    return isinstance(value, (bytes, bytearray, memoryview))


class Default:
    """What stands for an option that is not given."""

    def __repr__(self) -> str:
        """Say so."""
        return "<default>"


# The engine's default; with `dialect="sniff"`, what the file itself says.
DEFAULT: Any = Default()


def given(options: Mapping[str, tuple[Callable[[Any, str], Any], Any]]) -> Wire:
    """Give the options that are given, each checked; None for a list or a dict is not given."""
    wires = {}
    for name, (check, value) in options.items():
        if value is DEFAULT or (value is None and name in _NONE_IS_DEFAULT):
            continue
        wires[name] = check(value, name)
    return wires


# Options that hold a list or a dict, whose default no call may share.
_NONE_IS_DEFAULT = ("schema", "text_columns", "null_values")


def as_is(value: Any, name: str) -> Any:
    """Give what the engine checks itself."""
    return value


def refuse(message: str) -> NoReturn:
    """Refuse what cannot be meant."""
    raise PardoxError("invalid_argument", message)


def describe(value: object) -> str:
    """Name a value in a message."""
    if isinstance(value, int) and value.bit_length() > 4096:
        # Python itself refuses to write out numbers of more than some thousand digits.
        return f"a whole number of {value.bit_length()} bits"
    if value is None or isinstance(value, (bool, int, float, str)):
        said = repr(value)
        return said if len(said) <= 60 else f"{said[:57]}..."
    return f"an object of type {type(value).__name__}"
