"""Reads CSV files with PardoX and with Polars, turn about; says how fast, in how much memory.

    python3 benches/csv.py [megabytes] [rounds]

The data is made once, by a fixed seed, under $PARDOX_BENCH_DATA (the system's folder for temporary
files when not set), and read once before it is timed, so the files are in the page cache. Each run
is a process of its own. Every answer is held against the other engine's. Polars is installed,
pinned, into a venv beside the data.
"""

import json
import math
import os
import statistics
import subprocess
import sys
import tempfile
import venv
from pathlib import Path

POLARS = "polars==2.1.0"
SHAPES = ["mixed", "ints", "floats", "texts", "quoted"]
HERE = Path(__file__).resolve().parent / "engines"


def build() -> Path:
    subprocess.run(["cargo", "build", "--quiet", "--release"], cwd=HERE, check=True)
    target = os.environ.get("CARGO_TARGET_DIR", HERE / "target")
    return Path(target) / "release" / "pardox-bench"


def polars_python(folder: Path) -> Path:
    python = folder / "venv" / "bin" / "python"
    if not python.exists():
        venv.create(folder / "venv", with_pip=True)
    subprocess.run([python, "-m", "pip", "install", "--quiet", POLARS], check=True)
    return python


def run(command: list) -> dict:
    done = subprocess.run([str(word) for word in command], stdout=subprocess.PIPE, check=True)
    return json.loads(done.stdout)


def check_answers(shape: str, left: dict, right: dict) -> None:
    pairs = zip(left["answer"], right["answer"], strict=True)
    same = left["rows"] == right["rows"] and all(
        math.isclose(a, b, rel_tol=1e-9) for a, b in pairs
    )
    if not same:
        sys.exit(f"{shape}: the answers differ:\n{left}\n{right}")


def line(shape: str, threads: int, size: int, runs: list) -> str:
    seconds = statistics.median(run["seconds"] for run in runs)
    cpu = statistics.median(run["cpu_seconds"] for run in runs)
    above = max(run["peak_bytes"] - run["column_bytes"] for run in runs)
    engine, columns = runs[0]["engine"], runs[0]["column_bytes"]
    return (
        f"{shape:7} {threads} threads  {engine:14} {seconds:7.3f} s"
        f"  {size / seconds / 1e9:6.3f} GB/s"
        f"  cpu {cpu:6.2f} s  columns {columns / 1e6:6.0f} MB  above them {above / 1e6:6.0f} MB"
    )


def main() -> None:
    megabytes = int(sys.argv[1]) if len(sys.argv) > 1 else 500
    rounds = int(sys.argv[2]) if len(sys.argv) > 2 else 5
    folder = Path(os.environ.get("PARDOX_BENCH_DATA", Path(tempfile.gettempdir()) / "pardox-bench"))
    folder.mkdir(parents=True, exist_ok=True)
    engine, python = build(), polars_python(folder)
    for shape in SHAPES:
        path = folder / f"{shape}-{megabytes}.csv"
        if not path.exists():
            subprocess.run([engine, "make-csv", shape, str(megabytes), path], check=True)
        for threads in sorted({1, os.cpu_count() or 1}):
            ours = [engine, "read-csv", path, threads]
            theirs = [python, HERE / "polars_csv.py", path, threads]
            check_answers(shape, run(ours), run(theirs))
            turns = [(run(ours), run(theirs)) for _ in range(rounds)]
            for runs in zip(*turns, strict=True):
                print(line(shape, threads, path.stat().st_size, list(runs)), flush=True)


if __name__ == "__main__":
    main()
