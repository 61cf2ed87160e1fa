"""Polars' side of the CSV bench: reads one file, prints one line of JSON."""

import json
import os
import sys
import threading
import time

path, threads = sys.argv[1], sys.argv[2]
os.environ["POLARS_MAX_THREADS"] = threads
import polars as pl  # noqa: E402  (the variable counts at import)


def anonymous_bytes() -> int:
    with open("/proc/self/status") as status:
        return next(int(line.split()[1]) * 1024 for line in status if line.startswith("RssAnon"))


peak, stopped = anonymous_bytes(), threading.Event()


def watch() -> None:
    global peak
    while not stopped.wait(0.002):
        peak = max(peak, anonymous_bytes())


def number(column: pl.Series) -> float:
    """As `answer` in src/main.rs."""
    if column.dtype == pl.String:
        return float(column.str.len_bytes().sum())
    if column.dtype in (pl.Date, pl.Datetime):
        # The sum of microseconds does not fit 64 bits.
        return float(column.to_physical().cast(pl.Float64).sum())
    return float(column.sum())


watcher = threading.Thread(target=watch)
watcher.start()
before = os.times()
start = time.perf_counter()
frame = pl.read_csv(path, try_parse_dates=True, infer_schema_length=10_000)
seconds = time.perf_counter() - start
after = os.times()
peak = max(peak, anonymous_bytes())
stopped.set()
watcher.join()
print(
    json.dumps(
        {
            "engine": f"polars {pl.__version__}",
            "seconds": seconds,
            "cpu_seconds": after.user + after.system - before.user - before.system,
            "rows": frame.height,
            "column_bytes": frame.estimated_size(),
            "peak_bytes": peak,
            "answer": [number(column) for column in frame],
        }
    )
)
