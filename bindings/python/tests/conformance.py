"""The adapter of the conformance suite: one case a line in, one answer a line out.

It walks the plan through `dispatch.py`, the calls that a user would type, and prints values in the
canonical form of docs/conformance.md.
"""

from __future__ import annotations

import datetime
import decimal
import json
import struct
import sys
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parents[1] / "src"))

from dispatch import frame
from values import FRAMES, GATHERS, operand_of

import pardox as px
from pardox import _nested


def main() -> None:
    for line in sys.stdin:
        request = json.loads(line)
        print(json.dumps({"id": request["id"], **answer(request)}, ensure_ascii=False), flush=True)


def answer(request: dict[str, Any]) -> dict[str, Any]:
    FRAMES.clear()
    GATHERS[0] = False
    try:
        for document in request["before"]:
            run(document["plan"], {})
        FRAMES.extend([run(document["plan"], {}) for document in request["frames"]])
        params = {name: operand_of(value) for name, value in request["params"].items()}
        GATHERS[0] = bool(params)
        result = run(request["plan"]["plan"], params)
        if request["want"] != "result":
            attached = result.faults() if request["want"] == "counts" else result.quarantine()
            if attached is None:
                return {"ok": {"schema": [], "rows": []}}
            result = attached
        return {"ok": {"schema": [list(one) for one in result.schema], "rows": rows(result)}}
    except px.PardoxError as error:
        parts = ("kind", "message", "file", "column", "record", "line", "byte_offset")
        more = ("expected", "found", "hint")
        return {"error": {name: getattr(error, name) for name in parts + more}}
    except (TypeError, ValueError, LookupError, OverflowError) as error:
        # Python's own refusal, before PardoX is asked.
        return {"error": {"kind": type(error).__name__, "message": str(error)}}


def run(node: Any, params: dict[str, Any]) -> px.DataFrame:
    """Answer the last step; a step that writes gives its report, as one row."""
    # A union of no table has no first one whose method could be called.
    result = px.concat() if node == {"union": {"inputs": []}} else frame(node)
    if isinstance(result, px.LazyFrame):
        return result.collect(params=params)
    if isinstance(result, px.WriteReport):
        report = {name: [value] for name, value in result._asdict().items()}
        return px.from_columns(report)
    if isinstance(result, int):
        return px.from_columns({"rows": [result]})
    if isinstance(result, px.CsvSniff):
        return sniffed(result)
    return result


def sniffed(found: px.CsvSniff) -> px.DataFrame:
    """Give what was sniffed as the row that it is in the plan."""
    types: Any = dict.fromkeys(found.options, "utf8")
    types |= {"skip_lines": "int64", "header": "bool", "trim": "bool"}
    types |= {"columns": "int64", "confidence": "float64", "doubt": "utf8"}
    told = {"columns": found.columns, "confidence": found.confidence, "doubt": found.doubt}
    values = {name: [value] for name, value in {**found.options, **told}.items()}
    return px.from_columns(values, schema=types)


def rows(table: px.DataFrame) -> list[list[str | None]]:
    columns = [
        [canonical(value, dtype) for value in table.column(name).to_list()]
        for name, dtype in table.dtypes.items()
    ]
    return [list(row) for row in zip(*columns, strict=True)]


def canonical(value: Any, dtype: str) -> str | None:
    if value is None:
        return None
    if _nested.is_nested(dtype):
        return json.dumps(nested_cell(value, dtype), separators=(",", ":"), ensure_ascii=False)
    if dtype == "float32":
        return struct.pack(">f", value).hex() if value == value else "7fc00000"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float):
        bits = struct.pack(">d", value).hex()
        return bits if value == value else "7ff8000000000000"
    if isinstance(value, decimal.Decimal):
        return format(value, "f")
    if isinstance(value, datetime.datetime):
        return moment(value, dtype)
    if isinstance(value, datetime.date):
        return value.isoformat()
    return str(value)


def nested_cell(value: Any, dtype: str) -> Any:
    """Lists as they are, structs as lists of their fields, each value in canonical form."""
    if value is None:
        return None
    if dtype.startswith("list("):
        return [nested_cell(one, _nested.item_of(dtype)) for one in value]
    if dtype.startswith("struct("):
        return [nested_cell(value[name], inner) for name, inner in _nested.fields_of(dtype)]
    return canonical(value, dtype)


def moment(value: datetime.datetime, dtype: str) -> str:
    """A moment with the digits of its unit, in UTC where it has a zone."""
    unit = dtype.removeprefix("timestamp(").partition(",")[0].rstrip(")")
    timespec = {"s": "seconds", "ms": "milliseconds"}.get(unit, "microseconds")
    zone = "Z" if value.tzinfo is not None else ""
    if zone:
        value = value.astimezone(datetime.UTC).replace(tzinfo=None)
    return value.isoformat(timespec=timespec) + ("000" if unit == "ns" else "") + zone


if __name__ == "__main__":
    main()
