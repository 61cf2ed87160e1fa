"""Reads CSV files with PardoX and with its rivals, turn about; says how fast, in how much memory.

Then, of two of them: counts their rows, and converts them to `.prdx`, which no rival writes: read
whole and then written, and streamed from one file to the other.

    python3 benches/csv.py [megabytes] [rounds] [--shapes a,b] [--engines polars,duckdb,...]
                           [--threads 1,2] [--record]

The data is made once, by fixed seeds, under $PARDOX_BENCH_DATA (the system's folder for temporary
files when not set), and read once before it is timed, so the files are in the page cache. Each run
is a process of its own that reads the file three times and lets go of each result before the next:
what a program pays for its first file is told apart from what a service pays for each. Before a
run, memory is touched and freed: a virtual machine gives memory that nobody uses back to its host,
and whoever asks for it next would pay for its way back. Every answer is held against PardoX's.
Rivals are installed, pinned, into a venv beside the data. `--record` leaves what was printed, and
each single run, in `benches/record/<processor>/<day>-csv.json`, shape by shape.
"""

import argparse
import os
import subprocess

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
    run,
)

RIVALS = ["polars", "duckdb", "duckdb-max", "pandas", "pyarrow"]
# What each is, says engines/src/data.rs.
SHAPES = [
    "mixed", "ints", "integers", "floats", "long-floats", "decimals", "orders", "texts",
    "texts-quoted", "quoted", "groupby", "wide",
]  # fmt: skip
COUNTED = ["integers", "orders"]


def line(result: dict, bandwidth: float) -> str:
    speed = result["gigabytes_per_second"]
    return (
        f"{result['shape']:26} {result['threads']} threads  {result['engine']:20}"
        f" first {result['first_seconds']:7.3f} s  x {result['first_times_pardox']:5.2f}"
        f"  again {result['seconds']:7.3f} s  x {result['times_pardox']:5.2f}"
        f"  {speed:6.3f} GB/s = {100 * speed / bandwidth:4.1f} % of reading"
        f"  cpu {result['cpu_seconds']:6.2f} s  columns {result['column_bytes'] / 1e6:6.0f} MB"
        f"  peak {result['peak_bytes'] / 1e6:6.0f} MB"
    )


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("megabytes", type=int, nargs="?", default=500)
    parser.add_argument("rounds", type=int, nargs="?", default=5)
    parser.add_argument("--shapes", type=names(SHAPES), default=SHAPES)
    parser.add_argument("--engines", type=names(RIVALS), default=["polars", "duckdb"])
    add_common_arguments(parser)
    return parser.parse_args()


def main() -> None:
    asked = arguments()
    folder = data_folder()
    engine, python = build(), rivals_python(folder)
    results, bandwidths = [], {}
    for shape in asked.shapes:
        path = folder / f"{shape}-{asked.megabytes}.csv"
        if not path.exists():
            subprocess.run([engine, "make-csv", shape, str(asked.megabytes), path], check=True)
        size = path.stat().st_size
        bandwidths[shape] = run([engine, "bandwidth", path])["gigabytes_per_second"]
        print(
            f"{shape:12} reading the mapped file: {bandwidths[shape]:.2f} GB/s",
            flush=True,
        )
        rivals = {name: [python, ENGINES / "rivals.py", name, path] for name in asked.engines}
        works = {"read": {"pardox": [engine, "read-csv", path]} | rivals}
        if shape in COUNTED:
            counts = [
                name
                for name in ("polars-count", "duckdb-count")
                if name.partition("-")[0] in asked.engines
            ]
            rivals = {name: [python, ENGINES / "rivals.py", name, path] for name in counts}
            works["count"] = {"pardox": [engine, "count-csv", path]} | rivals
            works["to .prdx"] = {"pardox": [engine, "convert-csv", path]}
            works["streamed to .prdx"] = {"pardox": [engine, "stream-csv", path]}
        warm = [engine, "warm", 5 * asked.megabytes]
        for work, commands in works.items():
            for threads in asked.threads or sorted({1, os.cpu_count() or 1}):
                some = measure(f"{shape} {work}", threads, size, commands, asked.rounds, warm)
                results += some
                print(
                    "\n".join(line(result, bandwidths[shape]) for result in some),
                    flush=True,
                )
        if asked.record:
            path = record("csv", results, {"read_gigabytes_per_second": bandwidths})
    if asked.record:
        print(f"recorded in {path.relative_to(HERE.parent)}")


if __name__ == "__main__":
    main()
