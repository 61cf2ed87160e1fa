"""Asks every function on generated values, here and elsewhere, and compares the answers exactly.

    python -m venv v && v/bin/pip install duckdb==1.4.2 xxhash==3.6.0
    PYTHONPATH=bindings/python/src PARDOX_LIBRARY=... v/bin/python \
        conformance/tools/differential.py [--seed 7] [--rows 300] [function ...]

    abi/include/functions.json --> calls of every function, every type it takes
    a printed seed             --> values: edges of each type, nulls, random ones
    differential_oracles.py    --> who else says what the answer is: DuckDB, or Python
                                   where DuckDB lacks a function or has another rule
    differential_numbers.py    --> the same for numbers of all other types

A row for which either side raises an error must raise one on the other too. What differs by a
rule of ours is listed in docs/semantics.md, "Where others differ", under the rule's name; anything
else fails the run, and so does a function without an oracle.
"""

import argparse
import collections
import datetime
import itertools
import json
import math
import random
import re
import sys
from pathlib import Path
from typing import Any

import duckdb
import pardox as px
from differential_numbers import DUCKDB_NUMBERS, MIXED, is_whole
from differential_oracles import DIFFERENCES, ORACLES, Oracle
from differential_values import value_of

DUCKDB_VERSION = "1.4.2"
ROOT = Path(__file__).parent.parent.parent
FUNCTIONS = ROOT / "abi" / "include" / "functions.json"
SEMANTICS = ROOT / "docs" / "semantics.md"
DUCKDB_TYPES = {
    "bool": "BOOLEAN",
    "int64": "BIGINT",
    "float64": "DOUBLE",
    "date": "DATE",
    "timestamp": "TIMESTAMP",
    "utf8": "VARCHAR",
    **DUCKDB_NUMBERS,
}
# Elsewhere a narrow number is as good as an int64.
OF_NUMBERS = ("arithmetic", "compare", "logic", "number", "aggregate")
TYPES = list(DUCKDB_TYPES)
ERROR = "an error"
Row = tuple[Any, ...]


def main() -> int:
    words = argparse.ArgumentParser(description=__doc__.split("\n", maxsplit=1)[0])
    words.add_argument("--seed", type=int, default=None)
    words.add_argument("--rows", type=int, default=300)
    words.add_argument("functions", nargs="*")
    given = words.parse_args()
    if duckdb.__version__ != DUCKDB_VERSION:
        sys.exit(f"expected DuckDB {DUCKDB_VERSION}, found {duckdb.__version__}")
    seed = random.SystemRandom().randrange(10**9) if given.seed is None else given.seed
    print(f"seed {seed}, {given.rows} rows for each call, DuckDB {DUCKDB_VERSION}, {sys.version}")
    functions = json.loads(FUNCTIONS.read_text(encoding="utf-8"))["functions"]
    known = [one for one in functions if not given.functions or one["name"] in given.functions]
    run = Run(seed, given.rows)
    for function in known:
        oracle = ORACLES.get(function["name"])
        if oracle is None:
            run.fail(function["name"], "no oracle says what it answers")
        else:
            run.function(function, oracle)
    return run.report(is_whole=not given.functions)


class Run:
    """What was asked, what differed by a rule, what failed."""

    def __init__(self, seed: int, rows: int) -> None:
        self.seed, self.rows = seed, rows
        self.duckdb = duckdb.connect()
        self.asked: collections.Counter[str] = collections.Counter()
        self.differed: collections.Counter[tuple[str, str]] = collections.Counter()
        self.failures: list[str] = []

    def fail(self, where: str, what: str) -> None:
        self.failures.append(f"{where}: {what}")

    def function(self, function: dict[str, Any], oracle: Oracle) -> None:
        for types in type_choices(function, oracle):
            typed = oracle.of(function["name"], types)
            for literals in typed.literal_choices(types):
                self.call(function, typed, types, literals)

    def call(
        self, function: dict[str, Any], oracle: Oracle, types: list[str], literals: dict[int, str]
    ) -> None:
        name = function["name"]
        where = f"{name}({', '.join(literals.get(i, t) for i, t in enumerate(types))})"
        rng = random.Random(f"{self.seed} {where}")
        columns = [i for i in range(len(types)) if i not in literals]
        rows = [oracle.row(rng, types, columns) for _ in range(self.rows)]
        if function["area"] == "aggregate":
            ours, theirs = self.aggregate(function, oracle, types, rows, rng)
        else:
            arguments = [literals.get(i, f"c{i}") for i in range(len(types))]
            text = call_text(function, arguments)
            ours = each(rows, lambda part: self.pardox(text, types, columns, part))
            if oracle.is_python(types):
                theirs = [python_answer(oracle, types, columns, literals, row) for row in rows]
            else:
                self.table(function["area"], columns, types, rows)
                sql = oracle.sql_text(arguments, types)
                numbers = list(range(len(rows)))
                theirs = each(numbers, lambda part: self.sql_answers(oracle, sql, part))
        self.compare(name, where, rows, ours, theirs)

    def compare(
        self, name: str, where: str, rows: list[Any], ours: list[Any], theirs: list[Any]
    ) -> None:
        self.asked[name] += len(rows)
        for row, our, their in zip(rows, ours, theirs, strict=True):
            if is_same(our, their):
                continue
            rule = next(
                (
                    rule.name
                    for rule in DIFFERENCES
                    if name in rule.functions and rule.explains(row, our, their)
                ),
                None,
            )
            if rule is not None:
                self.differed[rule, name] += 1
            else:
                shown = f"{row!r}"[:300]
                self.fail(where, f"of {shown}: PardoX {our!r}, the other {their!r}")
                return

    def pardox(self, text: str, types: list[str], columns: list[int], rows: list[Row]) -> list[Any]:
        names = [f"c{i}" for i in columns]
        schema = {f"c{i}": types[i] for i in columns}
        data = {n: [row[i] for row in rows] for i, n in enumerate(names)}
        frame = px.from_columns(data, schema=schema)
        try:
            answer = frame.select(px.expr(text).alias("r"))
            if answer.schema[0].dtype in ("date", "timestamp"):
                answer = answer.select(r=px.col("r").cast("utf8"))
            return answer.column("r").to_list()
        except px.PardoxError:
            return [ERROR] * len(rows)

    def sql_answers(self, oracle: Oracle, sql: str, numbers: list[int]) -> list[Any]:
        """Answers of DuckDB for rows of its table t that follow each other."""
        kept = f"from t where i between {numbers[0]} and {numbers[-1]}"
        try:
            return [natural(row[-1]) for row in self.asks(f"select i, ({sql}) as r {kept}")]
        except duckdb.Error:
            return [None if oracle.is_try and len(numbers) == 1 else ERROR] * len(numbers)

    def asks(self, sql: str) -> list[Row]:
        """Dates and times come as text: Python's own end with the year 9999."""
        (_, (_, dtype, *_)) = self.duckdb.execute(f"describe {sql}").fetchall()
        if dtype not in ("DATE", "TIMESTAMP"):
            return self.duckdb.execute(f"select * from ({sql}) order by i").fetchall()
        text = f"select i, cast(r as varchar) from ({sql}) order by i"
        return [(i, moment_text(r)) for i, r in self.duckdb.execute(text).fetchall()]

    def table(self, area: str, columns: list[int], types: list[str], rows: list[Row]) -> None:
        def own(dtype: str) -> str:
            is_plain = area not in OF_NUMBERS and is_whole(dtype)
            return "BIGINT" if is_plain else DUCKDB_TYPES[dtype]

        shape = ", ".join(f"c{i} {own(types[i])}" for i in columns)
        self.duckdb.execute(f"create or replace table t (i bigint, {shape})")
        marks = ", ".join(["?"] * (len(columns) + 1))
        values = [(i, *row) for i, row in enumerate(rows)]
        self.duckdb.executemany(f"insert into t values ({marks})", values)

    def aggregate(
        self,
        function: dict[str, Any],
        oracle: Oracle,
        types: list[str],
        rows: list[Row],
        rng: random.Random,
    ) -> tuple[list[Any], list[Any]]:
        """Replaces rows by groups of some of them, and asks for each group."""
        values = [row[0] for row in rows]
        groups = [[rng.choice(values) for _ in range(rng.choice([1, 1, 2, 3, 5, 9]))] for _ in rows]
        rows[:] = [tuple(group) for group in groups]
        name, dtype = function["name"], types[0]

        def ours(group: Row) -> Any:
            frame = px.from_columns({"c0": list(group)}, schema={"c0": dtype})
            try:
                answer = frame.agg(px.expr(f"{name}(c0)").alias("r"))
                if answer.schema[0].dtype in ("date", "timestamp"):
                    answer = answer.select(r=px.col("r").cast("utf8"))
                return answer.column("r").to_list()[0]
            except px.PardoxError:
                return ERROR

        return [ours(group) for group in rows], [oracle.answer(list(group)) for group in rows]

    def report(self, is_whole: bool) -> int:
        """Prints sums, rules that were met, failures; gives the status of the process."""
        page = SEMANTICS.read_text(encoding="utf-8")
        for rule in DIFFERENCES:
            if f"`{rule.name}`" not in page:
                self.fail(rule.name, f"docs/semantics.md does not list this rule: {rule.reason}")
        for (rule, name), count in sorted(self.differed.items()):
            print(f"differs by rule  {rule}: {name}, {count} of {self.asked[name]} rows")
        for failure in self.failures:
            print(f"FAIL  {failure}")
        met = {rule for rule, _ in self.differed}
        unmet = [rule.name for rule in DIFFERENCES if rule.name not in met]
        if is_whole and unmet:
            print(f"rules that no row met this time: {', '.join(unmet)}")
        print(f"{len(self.asked)} functions, {sum(self.asked.values())} rows")
        print(f"{len(self.asked) - len({f.split('(')[0] for f in self.failures})} passed, ", end="")
        print(f"{len(self.failures)} failed")
        return 1 if self.failures else 0


def taken(operand: dict[str, Any]) -> list[str]:
    """The types that an operand takes; of decimals a short one and a long one."""
    decimals = [dtype for dtype in TYPES if dtype.startswith("decimal")]
    kinds = [dtype for dtype in operand["types"] if dtype in TYPES]
    return kinds + (decimals if "decimal" in operand["types"] else [])


def type_choices(function: dict[str, Any], oracle: Oracle) -> list[list[str]]:
    """The types of operands to ask with: all that each takes, or one for those that go together."""
    operands = [one for one in function["operands"] if one["default"] != ""] + [
        one for one in function["operands"] if one["default"] == "" and oracle.takes_open
    ]
    if function["area"] == "aggregate":
        return [[dtype] for dtype in taken(operands[0])]
    if operands[-1]["repeated"]:
        operands = operands + [operands[-1]] * 1
    choices = [[dtype for dtype in taken(one) if dtype in oracle.types] for one in operands]
    for one, kinds in zip(operands, choices, strict=True):
        # A literal is asked for as a whole number; its type is for the engine to choose.
        if one["literal"] and "int64" in kinds:
            kinds[:] = ["int64"]
    if not oracle.is_paired and function["rule"] not in ("common", "compare"):
        return [list(types) for types in itertools.product(*choices)]
    # What must be a literal has no part in the one type of the others.
    own = [kinds[0] if one["literal"] else "" for one, kinds in zip(operands, choices, strict=True)]
    common = next(kinds for one, kinds in zip(operands, choices, strict=True) if not one["literal"])
    same = [[kind or dtype for kind in own] for dtype in common]
    is_pair = len(operands) == 2 and oracle.mixes and "float64" in common
    mixed = [["int64", "float64"], *MIXED] if is_pair else []
    return same + [pair for one in mixed for pair in (one, one[::-1])]


def call_text(function: dict[str, Any], arguments: list[str]) -> str:
    """A call as text writes it, over these operands."""
    name, text = function["name"], function["text"]
    if text.startswith(f"{name}("):
        return f"{name}({', '.join(arguments)})"
    names = [one["name"] for one in function["operands"]]
    last = len(names) - 1
    words = dict(zip(names, arguments, strict=False))
    if function["operands"][last]["repeated"]:
        words[names[last]] = ", ".join(arguments[last:])
    pattern = re.compile(r"\b(" + "|".join(names) + r")\b(?:\.\.\.)?")
    return pattern.sub(lambda match: words[match[1]], text)


def each(rows: list[Any], ask: Any) -> list[Any]:
    """Answers for all rows; where some raise an error, halves tell which."""
    answers = ask(rows)
    if len(rows) <= 1 or ERROR not in answers:
        return list(answers)
    half = len(rows) // 2
    return each(rows[:half], ask) + each(rows[half:], ask)


def python_answer(
    oracle: Oracle, types: list[str], columns: list[int], literals: dict[int, str], row: Row
) -> Any:
    given = {i: literal_value(text) for i, text in literals.items()}
    given.update(zip(columns, row, strict=True))
    return oracle.answer([given[i] for i in range(len(types))])


def literal_value(text: str) -> Any:
    if text.startswith("'"):
        return text[1:-1].replace("''", "'")
    return json.loads(text)


def natural(value: Any) -> Any:
    if isinstance(value, datetime.date | datetime.datetime):
        return value_of(value)
    return value


def moment_text(text: str | None) -> str | None:
    """DuckDB's text of a date or timestamp as ours: `T` between, no zeros behind a fraction."""
    if text is None or text in ("infinity", "-infinity"):
        return text
    before_christ = " (BC)" in text
    text = text.replace(" (BC)", "")
    date, _, time = text.partition(" ")
    year, month, day = date.split("-")
    number = 1 - int(year) if before_christ else int(year)
    sign = "-" if number < 0 else "+" if number > 9999 else ""
    date = f"{sign}{abs(number):04d}-{month}-{day}"
    return f"{date}T{trimmed(time)}" if time else date


def trimmed(time: str) -> str:
    return time.rstrip("0").rstrip(".") if "." in time else time


def is_same(ours: Any, theirs: Any) -> bool:
    """Equal to the bit: NaN is NaN, -0.0 is not 0.0, 1 is not 1.0, text is text."""
    if ours is None or theirs is None:
        return ours is theirs
    if isinstance(ours, float) and isinstance(theirs, float):
        if math.isnan(ours) or math.isnan(theirs):
            return math.isnan(ours) and math.isnan(theirs)
        return ours == theirs and math.copysign(1, ours) == math.copysign(1, theirs)
    if isinstance(ours, str) and isinstance(theirs, str):
        return ours == theirs or moment_of(ours) == moment_of(theirs) is not None
    return type(ours) is type(theirs) and bool(ours == theirs)


def moment_of(text: str) -> str | None:
    return trimmed(text) if re.fullmatch(r"[+-]?\d{4,}-\d\d-\d\dT[\d:.]+", text) else None


if __name__ == "__main__":
    sys.exit(main())
