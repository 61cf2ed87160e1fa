"""Runs functions over a column of ten million values with PardoX and its rivals, turn about.

    python3 benches/functions.py [rows in millions] [rounds] [--shapes a,b] [--threads 1,2]
                                 [--engines polars,duckdb] [--record]

Each engine reads the column once, then answers the same question `TIMES` times in one process and
holds the whole result; reading is not timed. The data is made once, by fixed seeds, under
$PARDOX_BENCH_DATA (the system's folder for temporary files when not set). Every answer is held
against PardoX's: the sum of a number's values, of a bool's true ones, of the bytes of a text's.
Rivals are installed, pinned, into a venv beside the data. `--record` leaves what was printed, and
each single run, in `benches/record/<processor>/<day>-functions.json`.
"""

import argparse
import json
import os
import subprocess
from pathlib import Path
from typing import NamedTuple

from harness import (
    ENGINES,
    HERE,
    add_common_arguments,
    build,
    data_folder,
    measure,
    names,
    record,
    rivals_python,
)


class Shape(NamedTuple):
    """One question, asked of a column: in PardoX's text, in Polars' Python, in DuckDB's SQL."""

    data: str  # A shape of engines/src/data.rs.
    pardox: str
    polars: str
    duckdb: str


# Values of `words` are as " fjord-772/kelp.ember": 22 bytes, blanks around one of eight.
SHAPES = {
    "contains": Shape(  # In 0.1 % of the rows.
        "words",
        "contains(s, 'fjord-77')",
        "pl.col('s').str.contains('fjord-77', literal=True)",
        "contains(s, 'fjord-77')",
    ),
    "contains-often": Shape(  # In 8 % of the rows.
        "words",
        "contains(s, '/kelp.')",
        "pl.col('s').str.contains('/kelp.', literal=True)",
        "contains(s, '/kelp.')",
    ),
    "replace": Shape(
        "words",
        "replace(s, '/kelp.', '/seaweed.')",
        "pl.col('s').str.replace_all('/kelp.', '/seaweed.', literal=True)",
        "replace(s, '/kelp.', '/seaweed.')",
    ),
    "regex-literal": Shape(
        "words",
        "regex_matches(s, 'fjord-77')",
        "pl.col('s').str.contains('fjord-77')",
        "regexp_matches(s, 'fjord-77')",
    ),
    "regex-required": Shape(
        "words",
        "regex_matches(s, '[a-z]+-[0-9]+/kelp\\.(amber|birch)')",
        "pl.col('s').str.contains('[a-z]+-[0-9]+/kelp\\\\.(amber|birch)')",
        "regexp_matches(s, '[a-z]+-[0-9]+/kelp\\.(amber|birch)')",
    ),
    "regex-none": Shape(
        "words",
        "regex_matches(s, '[a-m][q-t][^a-z][0-9]{2}[^0-9]')",
        "pl.col('s').str.contains('[a-m][q-t][^a-z][0-9]{2}[^0-9]')",
        "regexp_matches(s, '[a-m][q-t][^a-z][0-9]{2}[^0-9]')",
    ),
    "regex-extract": Shape(
        "words",
        "regex_extract(s, '-([0-9]+)/', 1)",
        "pl.col('s').str.extract('-([0-9]+)/', 1)",
        "regexp_extract(s, '-([0-9]+)/', 1)",
    ),
    "regex-replace": Shape(
        "words",
        "regex_replace(s, '([0-9]+)/([a-z]+)', '$2/$1')",
        "pl.col('s').str.replace_all('([0-9]+)/([a-z]+)', '$2/$1')",
        "regexp_replace(s, '([0-9]+)/([a-z]+)', '\\2/\\1', 'g')",
    ),
    "upper": Shape("words", "upper(s)", "pl.col('s').str.to_uppercase()", "upper(s)"),
    "trim": Shape("words", "trim(s)", "pl.col('s').str.strip_chars()", "trim(s)"),
    "split-part": Shape(
        "words",
        "split_part(s, '/', 2)",
        "pl.col('s').str.split('/').list.get(1)",
        "split_part(s, '/', 2)",
    ),
    # `moments` has a date `d`, a timestamp `t` and `s`, the same as "28/12/1999 10:36:36".
    "date parts": Shape("moments", "month(d)", "pl.col('d').dt.month()", "month(d)"),
    "date parts-week": Shape("moments", "week(d)", "pl.col('d').dt.week()", "week(d)"),
    "date parts-weekday": Shape(
        "moments", "day_of_week(d)", "pl.col('d').dt.weekday()", "isodow(d)"
    ),
    "date parts-time": Shape("moments", "year(t)", "pl.col('t').dt.year()", "year(t)"),
    "date parts-hour": Shape("moments", "hour(t)", "pl.col('t').dt.hour()", "hour(t)"),
    "date parse": Shape(
        "moments",
        "parse_timestamp(s, '%d/%m/%Y %H:%M:%S')",
        "pl.col('s').str.to_datetime('%d/%m/%Y %H:%M:%S', time_unit='us')",
        "strptime(s, '%d/%m/%Y %H:%M:%S')",
    ),
    "date_trunc": Shape(
        "moments",
        "date_trunc('month', t)",
        "pl.col('t').dt.truncate('1mo')",
        "date_trunc('month', t)",
    ),
    "date_trunc-hour": Shape(
        "moments",
        "date_trunc('hour', t)",
        "pl.col('t').dt.truncate('1h')",
        "date_trunc('hour', t)",
    ),
}
BYTES_OF_A_ROW = {"words": 23, "moments": 51}
RIVALS = ["polars", "duckdb"]


def line(result: dict) -> str:
    nanoseconds = 1e9 * result["seconds"] / result["rows"]
    return (
        f"{result['shape']:16} {result['threads']} threads  {result['engine']:14}"
        f" again {result['seconds']:7.3f} s  x {result['times_pardox']:6.2f}"
        f"  {nanoseconds:6.2f} ns a row  cpu {result['cpu_seconds']:6.2f} s"
        f"  peak {result['peak_bytes'] / 1e6:6.0f} MB"
    )


def commands(shape: Shape, path: Path, engine: Path, python: Path, rivals: list) -> dict:
    """What each engine is started with; threads and times follow."""
    question = {"text": f"{shape.pardox} as r"}
    step = {"select": {"input": {"frame": {"index": 0}}, "columns": [question]}}
    document = json.dumps({"schema": 1, "engine": "0.1", "plan": step})
    asked = {"pardox": [engine, "ask", path, document]}
    for rival in rivals:
        words = shape.polars if rival == "polars" else shape.duckdb
        asked[rival] = [python, ENGINES / "rival_functions.py", rival, path, words]
    return asked


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("millions", type=int, nargs="?", default=10)
    parser.add_argument("rounds", type=int, nargs="?", default=3)
    parser.add_argument("--shapes", type=names(list(SHAPES)), default=list(SHAPES))
    parser.add_argument("--engines", type=names(RIVALS), default=RIVALS)
    add_common_arguments(parser)
    return parser.parse_args()


def main() -> None:
    asked = arguments()
    folder = data_folder()
    engine, python = build(), rivals_python(folder)
    results = []
    for name in asked.shapes:
        shape = SHAPES[name]
        megabytes = asked.millions * BYTES_OF_A_ROW[shape.data]
        data = folder / f"{shape.data}-{megabytes}.csv"
        if not data.exists():
            subprocess.run([engine, "make-csv", shape.data, str(megabytes), data], check=True)
        warm = [engine, "warm", 3 * megabytes]
        starts = commands(shape, data, engine, python, asked.engines)
        for threads in asked.threads or sorted({1, os.cpu_count() or 1}):
            size = data.stat().st_size
            some = measure(name, threads, size, starts, asked.rounds, warm)
            results += some
            print("\n".join(line(result) for result in some), flush=True)
        if asked.record:
            path = record("functions", results, {})
            print(f"recorded in {path.relative_to(HERE.parent)}", flush=True)


if __name__ == "__main__":
    main()
