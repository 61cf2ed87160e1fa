"""Reads CSV files with PardoX and with its rivals, turn about; says how fast, in how much memory.

Then, of two of them: counts their rows, and converts them to `.prdx`, which no rival writes.

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
import datetime
import json
import math
import os
import platform
import re
import statistics
import subprocess
import sys
import tempfile
import venv
from collections.abc import Callable
from pathlib import Path

PINNED = ["polars==2.1.0", "duckdb==1.4.2", "pandas==2.3.3", "pyarrow==22.0.0"]
RIVALS = ["polars", "duckdb", "duckdb-max", "pandas", "pyarrow"]
# What each is, says engines/src/data.rs.
SHAPES = [
    "mixed", "ints", "integers", "floats", "long-floats", "decimals", "orders", "texts",
    "texts-quoted", "quoted", "groupby", "wide",
]  # fmt: skip
COUNTED = ["integers", "orders"]
TIMES = 3  # Each process does its work.
HERE = Path(__file__).resolve().parent
ENGINES = HERE / "engines"


def build() -> Path:
    subprocess.run(["cargo", "build", "--quiet", "--release"], cwd=ENGINES, check=True)
    target = os.environ.get("CARGO_TARGET_DIR", ENGINES / "target")
    return Path(target) / "release" / "pardox-bench"


def rivals_python(folder: Path) -> Path:
    python = folder / "venv" / "bin" / "python"
    if not python.exists():
        venv.create(folder / "venv", with_pip=True)
    subprocess.run([python, "-m", "pip", "install", "--quiet", *PINNED], check=True)
    return python


def run(command: list) -> dict:
    done = subprocess.run([str(word) for word in command], stdout=subprocess.PIPE, check=True)
    return json.loads(done.stdout)


def check_answers(shape: str, left: dict, right: dict) -> None:
    if right["answer"] is None:
        return
    pairs = zip(left["answer"], right["answer"], strict=True)
    same = left["rows"] == right["rows"] and all(math.isclose(a, b, rel_tol=1e-9) for a, b in pairs)
    if not same:
        sys.exit(f"{shape}: the answers differ:\n{left}\n{right}")


def measure(shape: str, threads: int, size: int, commands: dict, rounds: int, warm: list) -> list:
    """Runs every engine `rounds` times, turn about; the first of each also answers."""
    runs = {engine: [] for engine in commands}
    for _ in range(rounds):
        for engine, command in commands.items():
            subprocess.run([str(word) for word in warm], check=True)
            runs[engine].append(run([*command, threads, TIMES]))
    ours = runs["pardox"]
    results = []
    for all_runs in runs.values():
        check_answers(shape, ours[0], all_runs[0])
        first, later = (middle(all_runs, "seconds", part) for part in (FIRST, LATER))
        results.append(
            {
                "shape": shape,
                "threads": threads,
                "engine": all_runs[0]["engine"],
                "bytes": size,
                "rows": ours[0]["rows"],
                "column_bytes": all_runs[0]["column_bytes"],
                "peak_bytes": statistics.median(one["peak_bytes"] for one in all_runs),
                "first_seconds": first,
                "seconds": later,
                "cpu_seconds": middle(all_runs, "cpu_seconds", LATER),
                "gigabytes_per_second": size / later / 1e9,
                "first_times_pardox": first / middle(ours, "seconds", FIRST),
                "times_pardox": later / middle(ours, "seconds", LATER),
                "all_seconds": [one["seconds"] for one in all_runs],
            }
        )
    return results


FIRST, LATER = slice(0, 1), slice(1, None)


def middle(runs: list, key: str, part: slice) -> float:
    """The median over all runs of some of the reads of each."""
    return statistics.median(number for one in runs for number in one[key][part])


def line(result: dict, bandwidth: float) -> str:
    speed = result["gigabytes_per_second"]
    return (
        f"{result['shape']:20} {result['threads']} threads  {result['engine']:20}"
        f" first {result['first_seconds']:7.3f} s  x {result['first_times_pardox']:5.2f}"
        f"  again {result['seconds']:7.3f} s  x {result['times_pardox']:5.2f}"
        f"  {speed:6.3f} GB/s = {100 * speed / bandwidth:4.1f} % of reading"
        f"  cpu {result['cpu_seconds']:6.2f} s  columns {result['column_bytes'] / 1e6:6.0f} MB"
        f"  peak {result['peak_bytes'] / 1e6:6.0f} MB"
    )


def processor() -> str:
    text = Path("/proc/cpuinfo").read_text() if Path("/proc/cpuinfo").exists() else ""
    found = re.search(r"model name\s*:\s*(.+)", text)
    return found.group(1) if found else platform.processor() or "unknown"


def record(results: list, bandwidths: dict) -> Path:
    """Leaves results in the day's file, in place of older ones of the same work and engine."""
    folder = HERE / "record" / re.sub(r"[^a-z0-9]+", "-", processor().lower()).strip("-")
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{datetime.date.today().isoformat()}-csv.json"
    before = json.loads(path.read_text()) if path.exists() else {}
    command = ["git", "rev-parse", "HEAD"]
    done = subprocess.run(command, cwd=HERE, capture_output=True, text=True, check=False)
    results = [one | {"commit": done.stdout.strip()} for one in results]

    def place(result: dict) -> tuple:
        return result["shape"], result["threads"], result["engine"]

    measured = {place(result) for result in results}
    kept = [old for old in before.get("results", []) if place(old) not in measured]
    document = {
        "processor": processor(),
        "cores": os.cpu_count(),
        "system": f"{platform.system()} {platform.release()}",
        "read_gigabytes_per_second": before.get("read_gigabytes_per_second", {}) | bandwidths,
        "results": kept + results,
    }
    path.write_text(json.dumps(document, indent=1) + "\n")
    return path


def arguments() -> argparse.Namespace:
    def names(known: list) -> Callable[[str], list]:
        return lambda text: [known[known.index(word)] for word in text.split(",")]

    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("megabytes", type=int, nargs="?", default=500)
    parser.add_argument("rounds", type=int, nargs="?", default=5)
    parser.add_argument("--shapes", type=names(SHAPES), default=SHAPES)
    parser.add_argument("--engines", type=names(RIVALS), default=["polars", "duckdb"])
    parser.add_argument("--threads", type=lambda text: [int(word) for word in text.split(",")])
    parser.add_argument("--record", action="store_true")
    return parser.parse_args()


def main() -> None:
    asked = arguments()
    folder = Path(os.environ.get("PARDOX_BENCH_DATA", Path(tempfile.gettempdir()) / "pardox-bench"))
    folder.mkdir(parents=True, exist_ok=True)
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
            path = record(results, bandwidths)
    if asked.record:
        print(f"recorded in {path.relative_to(HERE.parent)}")


if __name__ == "__main__":
    main()
