"""The rivals' side of the CSV bench: reads one file with one engine, prints one line of JSON.

    python3 rivals.py <polars|duckdb|duckdb-max|pandas|pyarrow> <path> <threads> <times>
    python3 rivals.py <polars-count|duckdb-count> <path> <threads> <times>

`duckdb` loads a table; `duckdb-max` asks for the largest value of each column straight from the
file and keeps nothing, so its answer is held against nobody's. `-count` asks for the number of
rows alone.
"""

import os
import re
import sys

from watch import report

engine, path, threads, times = (
    sys.argv[1],
    sys.argv[2],
    int(sys.argv[3]),
    int(sys.argv[4]),
)
os.environ["POLARS_MAX_THREADS"] = str(threads)  # Counts when polars is imported.
DATE = re.compile(r"\d{4}-\d\d-\d\d([T ].*)?$")


def polars():
    import polars as pl

    def number(column: pl.Series) -> float:
        """As `answer` in src/main.rs."""
        if column.dtype == pl.String:
            return float(column.str.len_bytes().sum())
        if column.dtype in (pl.Date, pl.Datetime):
            # The sum of microseconds does not fit 64 bits.
            return float(column.to_physical().cast(pl.Float64).sum())
        return float(column.sum())

    def read():
        return pl.read_csv(path, try_parse_dates=True, infer_schema_length=10_000)

    def tell(frame):
        return (
            frame.height,
            frame.estimated_size(),
            [number(column) for column in frame],
        )

    def count():
        return pl.scan_csv(path).select(pl.len()).collect().item()

    if engine == "polars-count":
        return f"polars {pl.__version__}", count, lambda rows: (rows, 0, [])
    return f"polars {pl.__version__}", read, tell


def duckdb():
    import duckdb as db

    connection = db.connect(config={"threads": threads})

    class Loaded:
        """The table, until nobody refers to it."""

        def __del__(self) -> None:
            connection.execute("DROP TABLE t")

    def number(name: str, kind: str) -> str:
        column = '"' + name + '"'
        return {
            "VARCHAR": f"sum(strlen({column}))",
            "DATE": f"sum({column} - DATE '1970-01-01')",
            "TIMESTAMP": f"sum(epoch_us({column})::DOUBLE)",
            "BOOLEAN": f"sum({column}::INT)",
        }.get(kind, f"sum({column})")

    def read():
        connection.execute("CREATE TABLE t AS FROM read_csv(?)", [path])
        return Loaded()

    def tell(_):
        columns = connection.execute("DESCRIBE t").fetchall()
        sums = ", ".join(number(name, kind) for name, kind, *_ in columns)
        rows, *answer = connection.execute(f"SELECT count(*), {sums} FROM t").fetchone()
        return rows, 0, [float(value or 0) for value in answer]

    def read_largest():
        connection.execute("SELECT max(COLUMNS(*)) FROM read_csv(?)", [path]).fetchone()

    def count():
        return connection.execute("SELECT count(*) FROM read_csv(?)", [path]).fetchone()[0]

    version = f"duckdb {db.__version__}"
    if engine == "duckdb-count":
        return version, count, lambda rows: (rows, 0, [])
    if engine == "duckdb-max":
        return f"{version} max()", read_largest, lambda _: (None, 0, None)
    return version, read, tell


def date_columns() -> dict:
    """Names of the columns with dates, and whether they have times, by the first record."""
    with open(path) as file:
        names, fields = (file.readline().rstrip("\n").split(",") for _ in range(2))
    pairs = zip(names, fields, strict=False)
    return {name: len(field) > 10 for name, field in pairs if DATE.match(field)}


def pandas():
    import pandas as pd

    dates = date_columns()

    def number(name: str, column: pd.Series) -> float:
        if name in dates:
            present = column.dropna()  # As a number, a missing time is the smallest there is.
            microseconds = present.astype("datetime64[us]").astype("int64").astype("float64").sum()
            return float(microseconds if dates[name] else microseconds / 86_400_000_000)
        if column.dtype == object:
            return float(column.fillna("").map(lambda text: len(text.encode())).sum())
        return float(column.sum())

    def read():
        return pd.read_csv(path, parse_dates=list(dates), keep_default_na=False, na_values=[""])

    def tell(frame):
        answer = [number(name, frame[name]) for name in frame.columns]
        return len(frame), int(frame.memory_usage().sum()), answer

    return f"pandas {pd.__version__}", read, tell


def pyarrow():
    import pyarrow as pa
    import pyarrow.compute as pc
    from pyarrow import csv

    pa.set_cpu_count(threads)

    def number(column: pa.ChunkedArray) -> float:
        kind = column.type
        if pa.types.is_string(kind):
            column = pc.binary_length(column)
        elif pa.types.is_timestamp(kind):
            column = column.cast(pa.timestamp("us")).cast(pa.int64()).cast(pa.float64(), safe=False)
        elif pa.types.is_date32(kind):
            column = column.cast(pa.int32())
        return float(pc.sum(column).as_py() or 0)

    def read():
        return csv.read_csv(path, read_options=csv.ReadOptions(use_threads=threads > 1))

    def tell(table):
        return (
            table.num_rows,
            table.nbytes,
            [number(column) for column in table.columns],
        )

    return f"pyarrow {pa.__version__}", read, tell


engines = {"polars": polars, "duckdb": duckdb, "pandas": pandas, "pyarrow": pyarrow}
name, read, tell = engines[engine.partition("-")[0]]()
report(name, times, read, tell)
