"""Typed text of the wire as the values that a Python user types."""

from __future__ import annotations

import datetime
import decimal
import json
import re
from typing import Any

import pardox as px
from pardox import _nested

Wire = Any

# Frames handed in beside the plan, by position; the adapter fills it for each case.
FRAMES: list[px.DataFrame] = []

# Values of parameters are given to `collect`, so that a case with some gathers its steps; one
# without runs them one by one, as a user at a prompt does.
GATHERS: list[bool] = [False]


def prepared(frame: Any) -> Any:
    return frame.lazy() if GATHERS[0] and isinstance(frame, px.DataFrame) else frame


def frame_at(index: int) -> px.DataFrame:
    return FRAMES[index]


def operand_of(literal: Wire) -> Any:
    """A value where Python has one for it; else a typed literal of the text."""
    if literal == "null":
        return None
    ((kind, text),) = literal.items()
    if kind in ("nested", "typed"):
        return px.lit(value_of(text["value"], text["dtype"]), text["dtype"])
    if kind == "int64":
        try:
            return int(text)
        except ValueError:
            return px.lit(text, "int64")
    if kind == "decimal":
        try:
            return decimal.Decimal(text)
        except decimal.InvalidOperation:
            return px.lit(text, "decimal")
    if kind == "float64":
        try:
            return float(text)
        except ValueError:
            return px.lit(text, "float64")
    if kind == "date":
        try:
            return datetime.date.fromisoformat(text)
        except ValueError:
            return px.lit(text, "date")
    if kind == "timestamp":
        try:
            return datetime.datetime.fromisoformat(text)
        except ValueError:
            return px.lit(text, "timestamp")
    return text


def columns_of(columns: list[Wire]) -> dict[str, list[Any]]:
    return {
        one["name"]: [value_of(value, one["dtype"]) for value in one["values"]] for one in columns
    }


def value_of(text: str | None, dtype: str) -> Any:
    """A cell as a user types it; what Python cannot say stays text, for the engine to judge."""
    if text is None:
        return None
    if _nested.is_nested(dtype):
        return nested_of(json.loads(text, parse_int=str, parse_float=str), dtype)
    if dtype == "bool":
        return {"true": True, "false": False}.get(text, text)
    readers = {
        "int64": int,
        **{f"{sign}int{bits}": int for sign in ("", "u") for bits in (8, 16, 32, 64)},
        "float32": float,
        "decimal": decimal.Decimal,
        "float64": float,
        "date": datetime.date.fromisoformat,
        "timestamp": datetime.datetime.fromisoformat,
    }
    if dtype.startswith("timestamp(") and re.search(r"\.\d{7}", text):
        # Python would cut the nanoseconds off.
        return text
    try:
        return readers.get(dtype.partition("(")[0], str)(text)
    except (ValueError, decimal.InvalidOperation):
        return text


def nested_of(held: Any, dtype: str) -> Any:
    """A list or a struct as a user types it, of the JSON that a plan holds."""
    if held is None:
        return None
    if dtype.startswith("list("):
        return [nested_of(one, _nested.item_of(dtype)) for one in held]
    if dtype.startswith("struct("):
        return {name: nested_of(held.get(name), inner) for name, inner in _nested.fields_of(dtype)}
    return value_of({True: "true", False: "false"}.get(held, held), dtype)
