"""What benches share: builds the engine's side, installs rivals, runs both turn about, compares.

Each run is a process of its own that does its work `TIMES` times and lets go of each result before
the next: what a program pays for its first is told apart from what a service pays for each.
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
TIMES = 3  # Each process does its work.
HERE = Path(__file__).resolve().parent
ENGINES = HERE / "engines"


def data_folder() -> Path:
    folder = Path(os.environ.get("PARDOX_BENCH_DATA", Path(tempfile.gettempdir()) / "pardox-bench"))
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def names(known: list) -> Callable[[str], list]:
    """Reads a list of words, each of which is known."""
    return lambda text: [known[known.index(word)] for word in text.split(",")]


def add_common_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--threads", type=lambda text: [int(word) for word in text.split(",")])
    parser.add_argument("--record", action="store_true")


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


def processor() -> str:
    text = Path("/proc/cpuinfo").read_text() if Path("/proc/cpuinfo").exists() else ""
    found = re.search(r"model name\s*:\s*(.+)", text)
    return found.group(1) if found else platform.processor() or "unknown"


def record(bench: str, results: list, facts: dict) -> Path:
    """Leaves results in the day's file, in place of older ones of the same work and engine."""
    folder = HERE / "record" / re.sub(r"[^a-z0-9]+", "-", processor().lower()).strip("-")
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{datetime.date.today().isoformat()}-{bench}.json"
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
        **{name: before.get(name, {}) | fact for name, fact in facts.items()},
        "results": kept + results,
    }
    path.write_text(json.dumps(document, indent=1) + "\n")
    return path
