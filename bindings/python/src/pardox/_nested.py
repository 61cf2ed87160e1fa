"""Lists and structs: names of types taken apart, and the library's JSON text as list and dict.

list(int64)                  [1, None]             ["1",null]
struct(a int64, b utf8)      {"a": 1, "b": "x"}    ["1","x"]
"""

from __future__ import annotations

import decimal
import json
import re
from collections.abc import Callable, Mapping
from typing import Any

from .errors import PardoxError

_FIELD = re.compile(r'(?:"((?:[^"]|"")*)"|(\w+))\s+')
_WORD = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
_WHOLE = re.compile(r"u?int\d+")


def is_nested(dtype: str) -> bool:
    """Whether a type is one of lists or structs."""
    return dtype.startswith(("list(", "struct("))


def item_of(dtype: str) -> str:
    """Give the type of a list's values."""
    return dtype[len("list(") : -1].strip()


def fields_of(dtype: str) -> list[tuple[str, str]]:
    """Give names and types of a struct's fields, in order."""
    rest = dtype[len("struct(") : -1].strip()
    fields = []
    while rest:
        found = _FIELD.match(rest)
        if found is None:
            raise PardoxError("invalid_argument", f"expected a field and its type, found {rest}")
        name = found[2] if found[2] is not None else found[1].replace('""', '"')
        end = _type_end(rest, found.end())
        fields.append((name, rest[found.end() : end].strip()))
        rest = rest[end + 1 :].strip()
    return fields


def _type_end(text: str, start: int) -> int:
    """Find the comma that stands in no bracket and no quotes, or the end."""
    depth, quoted = 0, False
    for at in range(start, len(text)):
        letter = text[at]
        if letter == '"':
            quoted = not quoted
        elif quoted:
            continue
        elif letter in "()":
            depth += 1 if letter == "(" else -1
        elif letter == "," and depth == 0:
            return at
    return len(text)


def struct_type(fields: Mapping[str, str]) -> str:
    """Name the type of structs of these fields."""
    texts = (f"{_field_name(name)} {dtype}" for name, dtype in fields.items())
    return f"struct({', '.join(texts)})"


def _field_name(name: str) -> str:
    return name if _WORD.fullmatch(name) else '"' + name.replace('"', '""') + '"'


def decoder(dtype: str, moment: Callable[[str, int], Any]) -> Callable[[Any], Any]:
    """Make what reads a value of the library's JSON; `moment` makes dates and timestamps."""
    if dtype.startswith("list("):
        read = decoder(item_of(dtype), moment)
        return lambda json: None if json is None else [read(one) for one in json]
    if dtype.startswith("struct("):
        fields = [(name, decoder(inner, moment)) for name, inner in fields_of(dtype)]
        return lambda json: (
            None
            if json is None
            else {name: read(one) for (name, read), one in zip(fields, json, strict=True)}
        )
    read = _leaf(dtype, moment)
    return lambda json: None if json is None else read(json)


def _leaf(dtype: str, moment: Callable[[str, int], Any]) -> Callable[[Any], Any]:
    if _WHOLE.fullmatch(dtype):
        return int
    if dtype in ("float32", "float64"):
        return float
    if dtype.startswith("decimal"):
        return decimal.Decimal
    if dtype == "date" or dtype.startswith("timestamp"):
        return lambda json: moment(dtype, int(json))
    return lambda json: json


def loads(text: str) -> Any:
    """Read the library's JSON."""
    return json.loads(text)


def dumped(value: Any, dtype: str, leaf: Callable[[Any, str], Any]) -> str:
    """Give a value as the JSON text that a plan holds; `leaf` gives the text of plain values."""
    return json.dumps(_encoded(value, dtype, leaf), ensure_ascii=False)


def _encoded(value: Any, dtype: str, leaf: Callable[[Any, str], Any]) -> Any:
    if value is None:
        return None
    if dtype.startswith("list("):
        if not isinstance(value, (list, tuple)):
            raise PardoxError("bad_value", f"expected {dtype}, found {type(value).__name__}")
        item = item_of(dtype)
        return [_encoded(one, item, leaf) for one in value]
    if dtype.startswith("struct("):
        if not isinstance(value, Mapping):
            raise PardoxError("bad_value", f"expected {dtype}, found {type(value).__name__}")
        fields = fields_of(dtype)
        names = [name for name, _ in fields]
        other = next((name for name in value if name not in names), None)
        if other is not None:
            raise PardoxError("bad_value", f"{dtype} has no field {other!r}")
        return [_encoded(value.get(name), inner, leaf) for name, inner in fields]
    return leaf(value, dtype)
