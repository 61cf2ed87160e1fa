"""Computes the expectations of conformance cases with independent engines, or checks them.

    python -m venv v && v/bin/pip install duckdb==1.5.6 polars==2.1.0
    v/bin/python conformance/tools/expect.py --check          # committed expectations are these
    v/bin/python conformance/tools/expect.py --write [word]   # writes those that are missing

A case's `source` says who computes it:

    DuckDB 1.5.6: <sql>       runs in the case's folder; the tables t1, t2, ... are the `values`
                              nodes of the plan in reading order, {case} is the folder
    SQLite 3: <sql>           the same, for what SQLite does as PardoX does
    Python 3.11: <expression> gives the rows; math, statistics, fractions, datetime, Decimal,
                              ZoneInfo, re, unicodedata, hashlib, base64, urllib are at hand
    Polars 2.1.0: <expression> gives a DataFrame; t1, t2, ... are DataFrames
    by hand: <why>            is not computed: a person says why it is so

An engine of another version is refused: an expectation says with what it was computed.
"""

import base64
import datetime
import decimal
import fractions
import hashlib
import json
import math
import re
import sqlite3
import struct
import statistics
import sys
import unicodedata
import urllib.parse
import zoneinfo
from collections.abc import Iterator
from pathlib import Path
from typing import Any

CASES = Path(__file__).parent.parent / "cases"
DUCKDB_TYPES = {
    "bool": "BOOLEAN",
    "int64": "BIGINT",
    "float64": "DOUBLE",
    "date": "DATE",
    "timestamp": "TIMESTAMP",
    "utf8": "VARCHAR",
    "dictionary": "VARCHAR",
    "int8": "TINYINT",
    "int16": "SMALLINT",
    "int32": "INTEGER",
    "uint8": "UTINYINT",
    "uint16": "USMALLINT",
    "uint32": "UINTEGER",
    "uint64": "UBIGINT",
    "float32": "FLOAT",
}
RESULT_TYPES = {
    "BOOLEAN": "bool",
    "BIGINT": "int64",
    "INTEGER": "int64",
    "HUGEINT": "int64",
    "TINYINT": "int8",
    "SMALLINT": "int16",
    "UTINYINT": "uint8",
    "USMALLINT": "uint16",
    "UINTEGER": "uint32",
    "UBIGINT": "uint64",
    "FLOAT": "float32",
    "DOUBLE": "float64",
    "DATE": "date",
    "TIMESTAMP": "timestamp",
    "VARCHAR": "utf8",
    '"NULL"': "utf8",
}
Schema = list[list[str]]
Rows = list[list[str | None]]


def values_nodes(part: Any) -> Iterator[dict[str, Any]]:
    """The `values` nodes of a document, in reading order."""
    if isinstance(part, dict):
        if isinstance(part.get("values"), dict) and "columns" in part["values"]:
            yield part["values"]
            return
        for item in part.values():
            yield from values_nodes(item)
    elif isinstance(part, list):
        for item in part:
            yield from values_nodes(item)


def quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'


def duckdb_type(dtype: str) -> str:
    return dtype.upper() if dtype.startswith("decimal") else DUCKDB_TYPES[dtype]


def result_type(name: str) -> str:
    """The type of a result of DuckDB's."""
    return name.lower() if name.startswith("DECIMAL") else RESULT_TYPES[name]


def moment_text(value: Any, dtype: str) -> str:
    """A moment with the digits of its unit, in UTC where it has a zone; text stays as it is."""
    if isinstance(value, str):
        return value
    unit, _, zone = dtype.removeprefix("timestamp(").removesuffix(")").partition(",")
    timespec = {"s": "seconds", "ms": "milliseconds"}.get(unit, "microseconds")
    if zone:
        value = value.astimezone(datetime.timezone.utc).replace(tzinfo=None)
    nanoseconds = "000" if unit == "ns" else ""
    return value.isoformat(timespec=timespec) + nanoseconds + ("Z" if zone else "")


def text_of(value: Any, dtype: str) -> str | None:
    """A value as expected.json writes it."""
    if value is None:
        return None
    if isinstance(value, decimal.Decimal):
        return format(value, "f")
    if dtype.startswith("timestamp("):
        return moment_text(value, dtype)
    if dtype == "bool":
        return "true" if value else "false"
    if dtype == "int64":
        if not -(2**63) <= value < 2**63:
            raise ValueError(f"{value} is no int64")
        return str(int(value))
    if dtype.startswith(("int", "uint")):
        return str(int(value))
    if dtype == "float32":
        # The shortest decimal that reads back as the same binary32.
        exact = struct.unpack("f", struct.pack("f", value))[0]
        if math.isfinite(exact):
            texts = (f"{exact:.{digits}g}" for digits in range(1, 10))
            near = next(t for t in texts if struct.unpack("f", struct.pack("f", float(t)))[0] == exact)
            return repr(float(near))
        value = exact
    if dtype in ("float32", "float64"):
        number = float(value)
        if math.isnan(number):
            return "NaN"
        if math.isinf(number):
            return "inf" if number > 0 else "-inf"
        return repr(number)
    if dtype in ("date", "timestamp"):
        return value.isoformat()
    return str(value)


def by_duckdb(query: str, folder: Path, plan: Any) -> tuple[Schema, Rows]:
    import duckdb

    need(duckdb.__version__, "1.5.6")
    connection = duckdb.connect()
    connection.execute("set threads = 1")
    for index, node in enumerate(values_nodes(plan), 1):
        columns = node["columns"]
        definitions = ", ".join(
            f"{quoted(column['name'])} {duckdb_type(column['dtype'])}" for column in columns
        )
        connection.execute(f"create table t{index} ({definitions})")
        marks = ", ".join(f"cast(? as {duckdb_type(column['dtype'])})" for column in columns)
        for row in zip(*(column["values"] for column in columns), strict=True):
            connection.execute(f"insert into t{index} values ({marks})", list(row))
    try:
        result = connection.execute(query.replace("{case}", str(folder)))
    except duckdb.Error as error:
        raise ValueError(str(error)) from error
    schema = [[column[0], result_type(str(column[1]))] for column in result.description]
    rows = [
        [text_of(value, dtype) for value, (_, dtype) in zip(row, schema, strict=True)]
        for row in result.fetchall()
    ]
    return schema, rows


def by_sqlite(query: str, plan: Any, schema: Schema) -> tuple[Schema, Rows]:
    readers = {"int64": int, "float64": float, "utf8": str, "date": str, "timestamp": str}
    connection = sqlite3.connect(":memory:")
    for index, node in enumerate(values_nodes(plan), 1):
        columns = node["columns"]
        connection.execute(
            f"create table t{index} ({', '.join(quoted(column['name']) for column in columns)})"
        )
        marks = ", ".join("?" for _ in columns)
        for row in zip(*(column["values"] for column in columns), strict=True):
            typed = [
                None if value is None else readers[column["dtype"]](value)
                for value, column in zip(row, columns, strict=True)
            ]
            connection.execute(f"insert into t{index} values ({marks})", typed)
    result = connection.execute(query)
    names = [column[0] for column in result.description]
    if names != [name for name, _ in schema]:
        raise ValueError(f"columns {names}")
    return schema, typed_rows(result.fetchall(), schema)


def by_python(expression: str, schema: Schema) -> tuple[Schema, Rows]:
    need(f"{sys.version_info.major}.{sys.version_info.minor}", "3.11")
    scope = {
        "math": math,
        "statistics": statistics,
        "Fraction": fractions.Fraction,
        "datetime": datetime,
        "ZoneInfo": zoneinfo.ZoneInfo,
        "base64": base64,
        "hashlib": hashlib,
        "re": re,
        "unicodedata": unicodedata,
        "urllib": urllib,
        "Decimal": decimal.Decimal,
    }
    return schema, typed_rows(eval(expression, scope), schema)


def by_polars(expression: str, plan: Any, schema: Schema) -> tuple[Schema, Rows]:
    import polars

    need(polars.__version__, "2.1.0")
    types = {"int64": polars.Int64, "float64": polars.Float64, "utf8": polars.String}
    scope: dict[str, Any] = {"pl": polars}
    for index, node in enumerate(values_nodes(plan), 1):
        scope[f"t{index}"] = polars.DataFrame(
            {
                column["name"]: polars.Series(column["values"], dtype=polars.String).cast(
                    types[column["dtype"]]
                )
                for column in node["columns"]
            }
        )
    frame = eval(expression, scope)
    if frame.columns != [name for name, _ in schema]:
        raise ValueError(f"columns {frame.columns}")
    return schema, typed_rows(frame.rows(), schema)


def typed_rows(rows: Any, schema: Schema) -> Rows:
    return [
        [text_of(value, dtype) for value, (_, dtype) in zip(row, schema, strict=True)]
        for row in rows
    ]


def need(found: str, expected: str) -> None:
    if found != expected:
        raise ValueError(f"expected version {expected}, found {found}")


def compute(folder: Path, case: Any, schema: Schema) -> tuple[Schema, Rows] | None:
    """What the engine named in the case's source answers; none for a case made by hand."""
    engine, _, program = case["source"].partition(": ")
    documents = [case.get("frames"), case.get("before"), case["plan"]]
    if engine == "DuckDB 1.5.6":
        return by_duckdb(program, folder, documents)
    if engine == "SQLite 3":
        return by_sqlite(program, documents, schema)
    if engine == "Python 3.11":
        return by_python(program, schema)
    if engine == "Polars 2.1.0":
        return by_polars(program, documents, schema)
    if case["source"] == "twin" or engine == "by hand":
        return None
    raise ValueError(f"no engine is called {engine}")


def same(left: str | None, right: str | None, dtype: str) -> bool:
    if left == right:
        return True
    if left is None or right is None or dtype not in ("float64", "timestamp"):
        return False
    if dtype == "float64":
        return float(left).hex() == float(right).hex()
    return datetime.datetime.fromisoformat(left) == datetime.datetime.fromisoformat(right)


def difference(expected: Any, schema: Schema, rows: Rows) -> str:
    # A dictionary is text, for which no other engine has that name.
    plain = [[name, dtype.replace("dictionary", "utf8")] for name, dtype in expected["schema"]]
    if plain != schema:
        return f"schema {expected['schema']}, computed {schema}"
    if len(expected["rows"]) != len(rows):
        return f"{len(expected['rows'])} rows, computed {len(rows)}: {rows}"
    for index, (left, right) in enumerate(zip(expected["rows"], rows, strict=True)):
        for one, other, (name, dtype) in zip(left, right, schema, strict=True):
            if not same(one, other, dtype):
                return f"row {index}, {name}: {one}, computed {other}"
    return ""


def dumped(schema: Schema, rows: Rows) -> str:
    """expected.json: one line for each row."""
    lines = ",\n".join("    " + json.dumps(row, ensure_ascii=False) for row in rows)
    body = f"[\n{lines}\n  ]" if rows else "[]"
    head = json.dumps(schema, ensure_ascii=False)
    return f'{{\n  "schema": {head},\n  "rows": {body}\n}}\n'


def main() -> None:
    mode, *words = sys.argv[1:] or [""]
    if mode not in ("--check", "--write"):
        sys.exit(__doc__)
    passed = failed = 0
    for path in sorted(CASES.glob("*/*/case.json")):
        name = f"{path.parent.parent.name}/{path.parent.name}"
        if words and not any(word in name for word in words):
            continue
        case = json.loads(path.read_text())
        target = path.parent / "expected.json"
        expected = json.loads(target.read_text()) if target.exists() else None
        try:
            computed = compute(path.parent, case, expected["schema"] if expected else [])
            if computed is None:
                continue
            if expected is None and mode == "--write":
                target.write_text(dumped(*computed))
                fault = ""
            else:
                fault = difference(expected, *computed) if expected else "no expected.json"
        except (ArithmeticError, LookupError, TypeError, ValueError, sqlite3.Error) as error:
            fault = f"{type(error).__name__}: {error}"
        passed += fault == ""
        failed += fault != ""
        if fault:
            print(f"{name}: {fault}")
    print(f"{passed} passed, {failed} failed")
    sys.exit(failed > 0)


if __name__ == "__main__":
    main()
