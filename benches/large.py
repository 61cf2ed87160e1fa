"""Filters, aggregates and converts a CSV file larger than the memory that the process may have.

    python3 benches/large.py [gigabytes] [limit in megabytes] [threads]

20 gigabytes, 2048 megabytes and all processors unless given. Each step runs in a control group of
its own (version 1 or 2, whichever has the memory controller; making one takes root), whose limit
counts the page cache too. The answers are held against DuckDB's over the same file, without a
limit. The data, and what is written, is made under $PARDOX_BENCH_DATA (the system's folder for
temporary files when not set) and removed at the end, unless $PARDOX_BENCH_KEEP is set.
"""

import json
import math
import os
import subprocess
import sys
import tempfile
import time
import venv
from pathlib import Path
from random import Random
from typing import Self

DUCKDB = "duckdb==2.0.0"
HERE = Path(__file__).resolve().parent / "engines"
TYPES = {
    "id": "BIGINT",
    "quantity": "BIGINT",
    "price": "DOUBLE",
    "ratio": "DOUBLE",
    "day": "DATE",
    "seen": "TIMESTAMP",
    "until": "TIMESTAMP",
    "ok": "BOOLEAN",
    "paid": "BOOLEAN",
    "kind": "VARCHAR",
    "note": "VARCHAR",
}
WORDS = [
    "amber",
    "birch",
    "cobalt",
    "delta",
    "ember",
    "fjord",
    "granite",
    "indigo",
    "kelp",
]
BLOCKS = 24
BLOCK_ROWS = 100_000

FILTER = "quantity = 7 and ratio < 0.5 and kind in ('fjord', 'kelp')"
# For each step: the columns of its answer with DuckDB's types, and what they are.
GROUPS = {
    "n": ("BIGINT", "count(*)"),
    "q": ("BIGINT", "sum(quantity)"),
    "p": ("DOUBLE", "sum(price)"),
    "r": ("DOUBLE", "avg(ratio)"),
    "d": ("DOUBLE", "stddev(price)"),
    "s": ("TIMESTAMP", "min(seen)"),
    "e": ("DATE", "max(day)"),
    "u": ("BIGINT", "count(distinct quantity)"),
    "c": ("BIGINT", "count(note)"),
}
# One row that depends on every value of every column, but for the order of text.
WHOLE = {
    "n": ("BIGINT", "count(*)"),
    "i": ("BIGINT", "sum(id)"),
    "h": ("BIGINT", "sum(id % 1000 * quantity)"),
    "p": ("DOUBLE", "sum(price)"),
    "r": ("DOUBLE", "sum(ratio)"),
    "a": ("DATE", "min(day)"),
    "b": ("DATE", "max(day)"),
    "s": ("TIMESTAMP", "min(seen)"),
    "t": ("TIMESTAMP", "max(until)"),
    "o": ("BIGINT", "count(case when ok and not paid then 1 end)"),
    "c": ("BIGINT", "count(note)"),
    "k": ("BIGINT", "sum(length(kind))"),
    "m": ("BIGINT", "sum(length(note))"),
    "x": ("VARCHAR", "max(kind)"),
    "y": ("VARCHAR", "min(note)"),
    "u": ("BIGINT", "count(distinct quantity)"),
}


def items(columns: dict) -> str:
    return ", ".join(f"{what} as {name}" for name, (_, what) in columns.items())


def types(columns: dict) -> dict:
    return {name: dtype for name, (dtype, _) in columns.items()}


def record(random: Random) -> str:
    """Numbers, nulls, days, moments, conditions, and text of which some is quoted."""
    quantity = random.randrange(1000) if random.random() < 0.98 else ""
    day, second, micros = (
        random.randrange(1, 29),
        random.randrange(60),
        random.randrange(10**6),
    )
    word, note = random.choice(WORDS), random.random()
    text = f'"{word}, {day}"' if note < 0.125 else "" if note < 0.25 else word
    return (
        f"{random.randrange(10**10)},{quantity},{random.randrange(10**7) / 100},{random.random()}"
        f",2024-{random.randrange(1, 13):02}-{day:02}"
        f",2024-05-{day:02}T10:{second:02}:07.{micros:06}"
        f",2025-05-{day:02} 11:{second:02}:08,{'true' if second < 30 else 'false'}"
        f",{'true' if micros % 2 else 'false'},{random.choice(WORDS)},{text}\n"
    )


def make_csv(path: Path, size_bytes: int) -> None:
    """Blocks of records, made once, in an order drawn at random: the disk sets the pace."""
    random = Random(20)
    blocks = ["".join(record(random) for _ in range(BLOCK_ROWS)).encode() for _ in range(BLOCKS)]
    with path.open("wb") as out:
        out.write((",".join(TYPES) + "\n").encode())
        while out.tell() < size_bytes:
            out.write(random.choice(blocks))


def run(command: list, **options: object) -> str:
    words = [str(word) for word in command]
    return subprocess.run(words, stdout=subprocess.PIPE, check=True, **options).stdout.decode()


def build() -> Path:
    run(["cargo", "build", "--quiet", "--release"], cwd=HERE)
    target = os.environ.get("CARGO_TARGET_DIR", HERE / "target")
    return Path(target) / "release" / "pardox-bench"


def duckdb_python(folder: Path) -> Path:
    python = folder / "venv" / "bin" / "python"
    if not python.exists():
        venv.create(folder / "venv", with_pip=True)
    run([python, "-m", "pip", "install", "--quiet", DUCKDB])
    return python


class Group:
    """A control group with a limit on memory, and none on swap for there may be none to use."""

    def __init__(self, limit_bytes: int) -> None:
        lines = Path("/proc/self/cgroup").read_text().split()
        places = {line.split(":", 2)[1]: line.split(":", 2)[2] for line in lines}
        name = f"pardox-large-{os.getpid()}"
        if "memory" in places:
            self.version = 1
            self.folder = Path("/sys/fs/cgroup/memory" + places["memory"]) / name
            limit, swap = "memory.limit_in_bytes", "memory.memsw.limit_in_bytes"
            self.peak = "memory.max_usage_in_bytes"
        else:
            # A group that holds processes hands its controllers to none below it.
            self.version = 2
            self.folder = Path("/sys/fs/cgroup") / name
            limit, swap, self.peak = "memory.max", "memory.swap.max", "memory.peak"
            controllers = Path("/sys/fs/cgroup/cgroup.controllers").read_text().split()
            if "memory" not in controllers:
                sys.exit("no control group here has the memory controller")
            Path("/sys/fs/cgroup/cgroup.subtree_control").write_text("+memory")
        self.folder.mkdir()
        (self.folder / limit).write_text(str(limit_bytes))
        if (self.folder / swap).exists():
            (self.folder / swap).write_text(str(limit_bytes if self.version == 1 else 0))

    def enter(self) -> None:
        (self.folder / "cgroup.procs").write_text(str(os.getpid()))

    def peak_bytes(self) -> int:
        path = self.folder / self.peak
        return int(path.read_text()) if path.exists() else 0

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.folder.rmdir()


class Bench:
    def __init__(self, folder: Path, gigabytes: float, limit_bytes: int, threads: int) -> None:
        self.folder, self.limit_bytes, self.threads = folder, limit_bytes, threads
        self.engine, self.python = build(), duckdb_python(folder)
        self.csv = folder / f"large-{gigabytes}.csv"
        if not self.csv.exists():
            start = time.monotonic()
            make_csv(self.csv, int(gigabytes * 1e9))
            print(f"made {self.csv} in {time.monotonic() - start:.0f} s", flush=True)
        self.size = self.csv.stat().st_size

    def step(self, name: str, source: dict, query: str, to: str) -> Path:
        """Answers a query over a table into a file, within the limit."""
        path = self.folder / f"large-{name}.{to}"
        rows = {"sql": {"query": query, "tables": {"t": source}}}
        plan = {f"write_{to}": {"input": rows, "path": str(path)}}
        if to == "csv":
            plan["write_csv"]["options"] = {}
        document = self.folder / "large-plan.json"
        document.write_text(json.dumps({"schema": 1, "engine": "0.1", "plan": plan}))
        with Group(self.limit_bytes) as group:
            command = [self.engine, "run-plan", document, self.threads]
            done = json.loads(run(command, preexec_fn=group.enter))
            print(
                f"{name:9} {done['seconds']:7.1f} s  {self.size / done['seconds'] / 1e9:6.3f} GB/s"
                f"  cpu {done['cpu_seconds']:6.1f} s  memory {done['peak_bytes'] / 1e6:5.0f} MB,"
                f" with the mapped file {done['resident_bytes'] / 1e6:5.0f} MB,"
                f" with the page cache {group.peak_bytes() / 1e6:5.0f} MB"
                f" (control group version {group.version})  {path.stat().st_size / 1e6:.3f} MB"
                " written",
                flush=True,
            )
        document.unlink()
        return path

    def duckdb(self, query: str, path: Path, types: dict) -> list:
        """Rows of a query over a CSV file."""
        program = (
            "import duckdb, json, sys\n"
            "query, path, types = sys.argv[1], sys.argv[2], json.loads(sys.argv[3])\n"
            "duckdb.sql('set enable_progress_bar = false')\n"
            "t = duckdb.read_csv(path, header=True, columns=types, na_values='',\n"
            "    delimiter=',', quotechar='\"', escapechar='\"')\n"
            "rows = duckdb.sql(query).fetchall()\n"
            "print(json.dumps(rows, default=str))\n"
        )
        return json.loads(run([self.python, "-c", program, query, path, json.dumps(types)]))

    def check(self, name: str, found: list, expected: list) -> None:
        def same(a: object, b: object) -> bool:
            if isinstance(a, float) or isinstance(b, float):
                return math.isclose(a, b, rel_tol=1e-9)
            return a == b

        is_same = len(found) == len(expected) and all(
            len(a) == len(b) and all(map(same, a, b)) for a, b in zip(found, expected, strict=True)
        )
        if not is_same:
            sys.exit(f"{name}: the answers differ:\n{found[:5]}\n{expected[:5]}")
        print(f"{name:9} {len(found)} rows, equal to DuckDB's", flush=True)


def main() -> None:
    gigabytes = float(sys.argv[1]) if len(sys.argv) > 1 else 20
    limit_bytes = (int(sys.argv[2]) if len(sys.argv) > 2 else 2048) << 20
    threads = int(sys.argv[3]) if len(sys.argv) > 3 else os.cpu_count() or 1
    folder = Path(os.environ.get("PARDOX_BENCH_DATA", Path(tempfile.gettempdir()) / "pardox-bench"))
    folder.mkdir(parents=True, exist_ok=True)
    bench = Bench(folder, gigabytes, limit_bytes, threads)
    print(
        f"{bench.size / 1e9:.1f} GB, {threads} threads, {limit_bytes / 1e6:.0f} MB of memory,"
        f" {DUCKDB}",
        flush=True,
    )
    scan = {"scan_csv": {"path": str(bench.csv), "options": {}}}
    grouping = f"select kind, ok, {items(GROUPS)} from t group by kind, ok"
    sorting = f"order by {', '.join(TYPES)}"
    written = []
    try:
        filtered = bench.step("filter", scan, f"select * from t where {FILTER}", "csv")
        grouped = bench.step("aggregate", scan, grouping, "csv")
        converted = bench.step("convert", scan, "select * from t", "prdx")
        prdx = {"scan_prdx": {"path": str(converted)}}
        whole = bench.step("reread", prdx, f"select {items(WHOLE)} from t", "csv")
        written = [filtered, grouped, converted, whole]
        if "PARDOX_BENCH_KEEP" not in os.environ:
            converted.unlink()
        bench.check(
            "filter",
            bench.duckdb(f"select * from t {sorting}", filtered, TYPES),
            bench.duckdb(f"select * from t where {FILTER} {sorting}", bench.csv, TYPES),
        )
        group_types = {"kind": "VARCHAR", "ok": "BOOLEAN"} | types(GROUPS)
        bench.check(
            "aggregate",
            bench.duckdb("select * from t order by kind, ok", grouped, group_types),
            bench.duckdb(f"{grouping} order by kind, ok", bench.csv, TYPES),
        )
        bench.check(
            "convert",
            bench.duckdb("select * from t", whole, types(WHOLE)),
            bench.duckdb(f"select {items(WHOLE)} from t", bench.csv, TYPES),
        )
    finally:
        if "PARDOX_BENCH_KEEP" not in os.environ:
            for path in [bench.csv, *written]:
                path.unlink(missing_ok=True)


main()
