"""The rivals' side of the functions bench: asks one question of a column, prints a line of JSON.

    python3 rival_functions.py <polars|duckdb> <path of a CSV file> <question> <threads> <times>
"""

import os
import sys

from watch import report

engine, path, question, threads, times = (
    sys.argv[1],
    sys.argv[2],
    sys.argv[3],
    int(sys.argv[4]),
    int(sys.argv[5]),
)
os.environ["POLARS_MAX_THREADS"] = str(threads)  # Counts when polars is imported.

with open(path) as file:
    has_moments = file.readline() == "d,t,s\n"


def polars():
    import polars as pl

    types = {"d": pl.Date, "t": pl.Datetime("us")} if has_moments else {}
    frame = pl.read_csv(path, schema_overrides=types)
    expression = eval(question, {"pl": pl}).alias("r")

    def ask():
        return frame.lazy().select(expression).collect()

    def tell(answer):
        column = answer["r"]
        numbers = column.str.len_bytes() if column.dtype == pl.String else column.to_physical()
        return answer.height, answer.estimated_size(), [float(numbers.sum())]

    return f"polars {pl.__version__}", ask, tell


def duckdb():
    import duckdb as db

    connection = db.connect(config={"threads": threads})
    types = ", types={'d': 'DATE', 't': 'TIMESTAMP', 's': 'VARCHAR'}" if has_moments else ""
    connection.execute(f"CREATE TABLE t AS FROM read_csv(?{types})", [path])

    class Answer:
        """The table, until nobody refers to it."""

        def __del__(self) -> None:
            connection.execute("DROP TABLE r")

    def ask():
        connection.execute(f"CREATE TEMP TABLE r AS SELECT {question} AS r FROM t")
        return Answer()

    def tell(_):
        kind = connection.execute("DESCRIBE r").fetchone()[1]
        forms = {"VARCHAR": "strlen(r)", "BOOLEAN": "r::INT", "TIMESTAMP": "epoch_us(r)"}
        number = forms.get(kind, "r")
        rows, total = connection.execute(f"SELECT count(*), sum({number}) FROM r").fetchone()
        return rows, 0, [float(total or 0)]

    return f"duckdb {db.__version__}", ask, tell


engines = {"polars": polars, "duckdb": duckdb}
name, ask, tell = engines[engine]()
report(name, times, ask, tell)
