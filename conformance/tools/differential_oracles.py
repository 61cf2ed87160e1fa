"""Who says what each function answers: DuckDB's words for it, or a function of Python.

`{0}`, `{1}` in DuckDB's words are the operands. A Python function is given the operands of one row;
unless it takes nulls, a null operand gives null without asking it. An exception is an error, or
null for the functions whose names begin with `try_`.
"""

import calendar
import datetime
import hashlib
import json
import math
import random
import re
import unicodedata
from collections.abc import Callable, Iterator
from typing import Any

import differential_numbers as numbers
import differential_python as by
import differential_values as values
from differential_python import CLOCK, UNITS

ERROR = "an error"
INT64 = range(-(2**63), 2**63)
ALL = ("bool", "int64", "float64", "date", "timestamp", "utf8", *numbers.DUCKDB_NUMBERS)
Maker = Callable[[random.Random, tuple[Any, ...]], Any]


def value(rng: random.Random, dtype: str) -> Any:
    """A value of a type, or None."""
    if dtype not in numbers.DUCKDB_NUMBERS:
        return values.value(rng, dtype)
    return None if rng.random() < values.NULLS else numbers.value(rng, dtype)


class Oracle:
    """How one function is asked elsewhere, and on which values."""

    def __init__(
        self,
        sql: str | Callable[[list[str]], str] | None = None,
        python: Callable[..., Any] | None = None,
        *,
        takes_nulls: bool = False,
        is_try: bool = False,
        literals: dict[int, list[str]]
        | Callable[[list[str]], dict[int, list[str]]]
        | list[dict[int, str]]
        | None = None,
        makers: dict[int, Maker] | None = None,
        types: tuple[str, ...] = ALL,
        mixes: bool = False,
        is_paired: bool = False,
        takes_open: bool = False,
        whole: range = INT64,
    ) -> None:
        self.sql, self.python = sql, python
        self.takes_nulls, self.is_try = takes_nulls, is_try
        self.literals, self.makers = literals, makers or {}
        self.types, self.mixes, self.is_paired = types, mixes, is_paired
        self.takes_open, self.whole = takes_open, whole

    def of(self, name: str, types: list[str]) -> "Oracle":
        """This, or the one for numbers of these types."""
        function = numbers.answers(name, types) or self.python
        if function is None or not any(dtype in numbers.DUCKDB_NUMBERS for dtype in types):
            return self
        return Oracle(
            None if numbers.answers(name, types) else self.sql,
            function,
            takes_nulls=self.takes_nulls or numbers.takes_nulls(name, types),
            literals=self.literals,
            types=self.types,
            mixes=self.mixes,
            is_try=self.is_try,
            makers=self.makers,
            is_paired=self.is_paired,
            takes_open=self.takes_open,
            whole=range(-(2**63), 2**64),
        )

    def is_python(self, types: list[str]) -> bool:
        """Where both can say it, DuckDB does for operands of one type."""
        return self.sql is None or (self.python is not None and len(set(types)) > 1)

    def sql_text(self, words: list[str], types: list[str]) -> str:
        text = self.sql(types) if callable(self.sql) else self.sql
        assert text is not None
        return text.format(*words)

    def literal_choices(self, types: list[str]) -> Iterator[dict[int, str]]:
        choices = self.literals(types) if callable(self.literals) else self.literals
        if isinstance(choices, list):
            yield from choices
            return
        if choices is None:
            yield {}
            return
        for index, texts in choices.items():
            if index < len(types):
                yield from ({index: text} for text in texts)

    def row(self, rng: random.Random, types: list[str], columns: list[int]) -> tuple[Any, ...]:
        row: tuple[Any, ...] = ()
        for i in columns:
            maker = self.makers.get(i)
            if maker is not None:
                made = None if rng.random() < values.NULLS else maker(rng, row)
                row = (*row, numbers.fits(types[i], made))
            elif row and types[i] == "utf8" and isinstance(row[0], str) and rng.random() < 0.5:
                row = (*row, values.part_of(rng, row[0]))
            elif row and rng.random() < 0.1 and types[i] == types[columns[0]]:
                row = (*row, row[0])
            else:
                row = (*row, value(rng, types[i]))
        return row

    def answer(self, operands: list[Any]) -> Any:
        if not self.takes_nulls and any(one is None for one in operands):
            return None
        assert self.python is not None
        try:
            answer = self.python(*operands)
        except (ArithmeticError, ValueError, TypeError, LookupError):
            return None if self.is_try else ERROR
        if isinstance(answer, int) and not isinstance(answer, bool) and answer not in self.whole:
            return None if self.is_try else ERROR
        return values.value_of(answer) if isinstance(answer, datetime.date) else answer


class Difference:
    """A rule of ours by which a row may differ; docs/semantics.md lists it by its name."""

    def __init__(
        self,
        name: str,
        reason: str,
        functions: set[str],
        explains: Callable[[tuple[Any, ...], Any, Any], bool],
    ) -> None:
        self.name, self.reason, self.functions, self.explains = name, reason, functions, explains


def units(index: int, of: int) -> Callable[[list[str]], dict[int, list[str]]]:
    def choose(types: list[str]) -> dict[int, list[str]]:
        names = UNITS if types[of] == "date" else UNITS + CLOCK
        return {index: [f"'{name}'" for name in names]}

    return choose


def moved(sign: str) -> Callable[[list[str]], str]:
    def text(types: list[str]) -> str:
        # DuckDB's word for a span takes no operand: each unit is a function of a number.
        spans = " ".join(
            f"when '{unit}' then {{0}} {sign} {span}"
            for unit, span in [
                ("year", "to_months(cast({1} * 12 as integer))"),
                ("quarter", "to_months(cast({1} * 3 as integer))"),
                ("month", "to_months(cast({1} as integer))"),
                ("week", "to_days(cast({1} * 7 as integer))"),
                ("day", "to_days(cast({1} as integer))"),
                ("hour", "to_hours({1})"),
                ("minute", "to_minutes({1})"),
                ("second", "to_microseconds({1} * 1000000)"),
                ("millisecond", "to_microseconds({1} * 1000)"),
                ("microsecond", "to_microseconds({1})"),
            ]
        )
        cast = "date" if types[0] == "date" else "timestamp"
        # Where the date is null, nothing is computed.
        return f"case when {{0}} is not null then cast(case {{2}} {spans} end as {cast}) end"

    return text


def small(least: int, most: int) -> Maker:
    return lambda rng, row: rng.randint(least, most)


def reaching(least: int, most: int) -> Maker:
    """Small numbers, and now and then the ends of int64."""
    ends = [2**63 - 1, -(2**63)]
    return lambda rng, row: rng.choice(ends) if rng.random() < 0.05 else rng.randint(least, most)


def span(rng: random.Random, row: tuple[Any, ...]) -> int:
    return rng.choice(
        [rng.randint(-40, 40), rng.randint(-3000, 3000), rng.randint(-(10**6), 10**6)]
    )


YEARS = [1, 4, 100, 1900, 1969, 1970, 2000, 2023, 2024, 9999]
PARTS: dict[int, Maker] = {
    0: lambda rng, row: rng.choice(YEARS),
    1: small(0, 13),
    2: lambda rng, row: rng.choice([0, 1, 15, 28, 29, 30, 31, 32]),
    3: lambda rng, row: rng.choice([0, 12, 23, 24, -1, 5]),
    4: lambda rng, row: rng.choice([0, 59, 60, -1, 5, 7]),
    5: lambda rng, row: rng.choice([0, 59, 60, -1, 5, 7]),
    6: lambda rng, row: rng.choice([0, 999_999, 1_000_000, -1, 5]),
}
DATE_FORMATS = ["'%Y-%m-%d'", "'%d/%m/%y'", "'%A %-d %B %Y'", "'%j %u %G-W%V'", "'%a %b %-m%%'"]
CLOCK_FORMATS = ["'%H:%M:%S.%f'", "'%-I %p %-M'", "'%Y%m%dT%H%M%S'"]
READ_FORMATS = ["'%Y-%m-%d'", "'%d/%m/%y'", "'%A %d %B %Y'", "'%Y %j'", "'%G-W%V-%u'"]
READ_CLOCK_FORMATS = ["'%Y-%m-%d %H:%M:%S.%f'", "'%d.%m.%Y %I:%M %p'", "'%Y%m%dT%H%M%S'"]


def written(patterns: list[str]) -> Maker:
    """Text of one of the patterns, and text that is not quite of it."""

    def make(rng: random.Random, row: tuple[Any, ...]) -> str:
        moment = values.timestamp(rng)
        pattern = rng.choice(patterns).replace("%Y", f"{moment.year:04d}")
        text = moment.strftime(pattern.replace("%G", f"{moment.isocalendar().year:04d}"))
        if rng.random() < 0.3:
            cut = rng.randint(0, len(text))
            text = text[:cut] + rng.choice(["", "x", " ", "9", "é"]) + text[cut + 1 :]
        return text

    return make


def short(rng: random.Random, row: tuple[Any, ...]) -> str:
    return values.text(rng)[:40]


PATTERNS = ["'[0-9]+'", "'a'", "'an'", "'^a'", "'(a|b)+c?'", "'[^a]'", "'b*'", "'ß|é'", "'(?i)AB'"]
GROUPS = [
    {1: pattern, 2: group}
    for pattern, group in [("'([a-z])([0-9])'", "2"), ("'(a+)(b*)'", "1"), ("'[0-9]+'", "0")]
]
REPLACEMENTS = [
    {1: pattern, 2: replacement}
    for pattern in PATTERNS
    for replacement in ["''", "'<$0>'", "'x$$'"]
]
FILLS = {2: ["' '", "'é'", "'ab'"]}
POINTERS = {1: ["'/a'", "'/a/0'", "''", "'/b/é'"]}
LIKES = ["'%'", "'a%'", "'%a%'", "'_a%'", "''", "'%ß%'", "'ab'"]
CODES = {1: ["'hex'", "'base64'", "'url'"]}
COUNT: dict[int, Maker] = {1: small(-5, 30)}
WINDOW: dict[int, Maker] = {1: reaching(-12, 12), 2: reaching(-1, 12)}


def json_text(rng: random.Random, row: tuple[Any, ...]) -> str:
    word = json.dumps(values.text(rng)[:20], ensure_ascii=False)
    inner = rng.choice(["1", "-0.50", "true", "null", word, "[1, [2]]", "{}", f"[{word}]"])
    whole = rng.choice(['{"a": %s}', '{"b": {"é": %s}, "a": [%s]}', "[%s]", "%s", '{"a": %s'])
    return whole.replace("%s", inner)


def encoded_text(rng: random.Random, row: tuple[Any, ...]) -> str:
    text = values.text(rng)[:60]
    kind = rng.choice(["hex", "base64", "url", "plain"])
    return text if kind == "plain" else by.encoded(text, kind)


def python(function: Callable[..., Any], **more: Any) -> Oracle:
    return Oracle(None, function, **more)


def sql(text: str | Callable[[list[str]], str], **more: Any) -> Oracle:
    return Oracle(text, None, **more)


ZONES = ["UTC", "Europe/Berlin", "America/New_York", "Asia/Kolkata", "Australia/Lord_Howe"]
CONVERSIONS = [
    {0: f"'{source}'", 1: f"'{target}'", 3: f"'{unclear}'"}
    for source, target in zip(ZONES, [*ZONES[1:], ZONES[0]], strict=True)
    for unclear in ["error", "earliest", "latest", "null"]
]


def modern(rng: random.Random, row: tuple[Any, ...]) -> datetime.datetime:
    """A time of the years that clocks have rules for, often near where they are turned."""
    start = datetime.datetime(1950, 1, 1)
    if rng.random() < 0.5:
        turned = [
            "2023-03-26",
            "2023-10-29",
            "2023-03-12",
            "2023-11-05",
            "2023-10-01",
            "2023-04-02",
        ]
        start = datetime.datetime.fromisoformat(rng.choice(turned))
        return start + datetime.timedelta(seconds=rng.randrange(14_400))
    return start + datetime.timedelta(seconds=rng.randrange(2_700_000_000))


COMPARISONS = {
    "eq": ("=", lambda a, b: by.order(a, b) == 0),
    "ne": ("<>", lambda a, b: by.order(a, b) != 0),
    "lt": ("<", lambda a, b: by.order(a, b) < 0),
    "le": ("<=", lambda a, b: by.order(a, b) <= 0),
    "gt": (">", lambda a, b: by.order(a, b) > 0),
    "ge": (">=", lambda a, b: by.order(a, b) >= 0),
}
AGGREGATES = {
    "sum": by.total,
    "mean": by.mean,
    "min": by.extreme(-1),
    "max": by.extreme(1),
    "count": lambda *group: len(by.present(group)),
    "n_unique": by.distinct,
    "first": lambda *group: group[0],
    "last": lambda *group: group[-1],
    "std": by.deviation,
    "var": by.variance,
    "median": by.median,
}


def whole(text: str) -> Oracle:
    """A function that leaves int64 as it is."""
    return sql(lambda types: "{0}" if types[0] == "int64" else text)


def parse(kind: str, is_try: bool, formats: list[str]) -> Oracle:
    makers: dict[int, Maker] = {0: written([text[1:-1] for text in formats])}
    return python(by.parsed(kind), is_try=is_try, literals={1: formats}, makers=makers)


NUMBERS: dict[str, Oracle] = {
    "add": sql("{0} + {1}", mixes=True),
    "sub": sql("{0} - {1}", mixes=True),
    "mul": sql("{0} * {1}", mixes=True),
    "div": python(by.divided, mixes=True),
    "floordiv": python(by.floor_divided, mixes=True),
    "mod": python(by.remainder, mixes=True),
    "neg": sql("-({0})"),
    "abs": sql("abs({0})"),
    "round": python(by.rounded, literals={1: ["0", "1", "2", "7", "15"]}),
    "round_mode": python(
        by.rounded,
        literals=[
            {1: digits, 2: f"'{mode}'"} for digits in ["0", "1", "2", "12"] for mode in numbers.MODES
        ],
    ),
    "floor": whole("floor({0})"),
    "ceil": whole("ceil({0})"),
    **{
        name: Oracle(f"{{0}} {sign} {{1}}", python, mixes=True)
        for name, (sign, python) in COMPARISONS.items()
    },
    "is_in": sql("{0} in ({1}, {2})"),
    "between": sql("{0} between {1} and {2}"),
    "and": sql("{0} and {1}"),
    "or": sql("{0} or {1}"),
    "not": sql("not {0}"),
    "is_null": sql("{0} is null"),
    "is_not_null": sql("{0} is not null"),
    "coalesce": sql("coalesce({0}, {1})"),
    **{name: python(function, takes_nulls=True) for name, function in AGGREGATES.items()},
}

DATES: dict[str, Oracle] = {
    "year": sql("year({0})"),
    "quarter": sql("quarter({0})"),
    "month": sql("month({0})"),
    "day": sql("day({0})"),
    "day_of_week": sql("isodow({0})"),
    "day_of_year": sql("dayofyear({0})"),
    "week": sql("week({0})"),
    "iso_year": sql("isoyear({0})"),
    "days_in_month": sql("day(last_day({0}))"),
    "is_leap_year": python(lambda x: calendar.isleap(x.year)),
    "hour": sql("hour({0})"),
    "minute": sql("minute({0})"),
    "second": sql("second({0})"),
    "millisecond": sql("millisecond({0}) % 1000"),
    "microsecond": sql("microsecond({0}) % 1000000"),
    "month_name": sql("monthname({0})"),
    "day_name": sql("dayname({0})"),
    "date_trunc": sql(
        lambda types: f"cast(date_trunc({{0}}, {{1}}) as {types[1]})", literals=units(0, 1)
    ),
    "date_add": sql(moved("+"), makers={1: span}, literals=units(2, 0)),
    "date_sub": sql(moved("-"), makers={1: span}, literals=units(2, 0)),
    "try_date_add": sql(moved("+"), is_try=True, makers={1: span}, literals=units(2, 0)),
    "try_date_sub": sql(moved("-"), is_try=True, makers={1: span}, literals=units(2, 0)),
    "date_diff": python(by.difference, literals=units(0, 1), is_paired=True),
    "date_age": python(by.age, literals=units(0, 1), is_paired=True),
    "make_date": sql("make_date({0}, {1}, {2})", makers=PARTS),
    "try_make_date": sql("make_date({0}, {1}, {2})", is_try=True, makers=PARTS),
    "make_timestamp": python(by.made, makers=PARTS),
    "try_make_timestamp": python(by.made, is_try=True, makers=PARTS),
    "epoch_days": sql("cast({0} as date) - date '1970-01-01'"),
    "epoch_s": python(lambda x: by.micros(x) // 1_000_000),
    "epoch_ms": python(lambda x: by.micros(x) // 1_000),
    "epoch_us": sql("epoch_us({0})"),
    "from_epoch_days": sql("date '1970-01-01' + cast({0} as integer)"),
    "try_from_epoch_days": sql("date '1970-01-01' + cast({0} as integer)", is_try=True),
    "from_epoch_s": sql("make_timestamp({0} * 1000000)"),
    "try_from_epoch_s": sql("make_timestamp({0} * 1000000)", is_try=True),
    "from_epoch_ms": sql("make_timestamp({0} * 1000)"),
    "try_from_epoch_ms": sql("make_timestamp({0} * 1000)", is_try=True),
    "from_epoch_us": sql("make_timestamp({0})"),
    "strftime": sql(
        "strftime({0}, {1})",
        literals=lambda types: {
            1: DATE_FORMATS + (CLOCK_FORMATS if types[0] == "timestamp" else [])
        },
    ),
    "parse_date": parse("date", False, READ_FORMATS),
    "try_parse_date": parse("date", True, READ_FORMATS),
    "parse_timestamp": parse("timestamp", False, READ_CLOCK_FORMATS),
    "try_parse_timestamp": parse("timestamp", True, READ_CLOCK_FORMATS),
    "business_days": python(by.business_days),
    "convert_time_zone": python(
        by.converted, literals=CONVERSIONS, makers={2: modern}, types=("timestamp", "utf8")
    ),
    "time_zone_offset": python(
        by.offset,
        literals={0: [f"'{zone}'" for zone in ZONES]},
        makers={1: modern},
        types=("timestamp", "utf8"),
    ),
}

TEXT: dict[str, Oracle] = {
    "upper": python(str.upper),
    "lower": python(str.lower),
    "initcap": python(by.initcap),
    "length": sql("length({0})"),
    "length_bytes": sql("strlen({0})"),
    "contains": sql("contains({0}, {1})"),
    "starts_with": sql("starts_with({0}, {1})"),
    "ends_with": sql("suffix({0}, {1})"),
    "find": python(lambda text, part: None if part not in text else text.index(part)),
    "count_matches": python(str.count),
    "trim": python(lambda text, these=by.BLANKS: text.strip(these) if these else text),
    "trim_start": python(lambda text, these=by.BLANKS: text.lstrip(these) if these else text),
    "trim_end": python(lambda text, these=by.BLANKS: text.rstrip(these) if these else text),
    "pad_start": python(by.padded(True), makers=COUNT, literals=FILLS),
    "pad_end": python(by.padded(False), makers=COUNT, literals=FILLS),
    "slice": python(by.sliced, makers=WINDOW, takes_open=True),
    "substring": python(by.substring, makers=WINDOW, takes_open=True),
    "left": python(by.left, makers={1: reaching(-5, 30)}),
    "right": python(by.right, makers={1: reaching(-5, 30)}),
    "split_part": python(by.split_part, makers={2: reaching(-3, 4)}),
    "concat": sql("{0} || {1}"),
    "concat_ws": sql("concat_ws({0}, {1}, {2})"),
    "replace": python(lambda text, old, new: text.replace(old, new) if old else text),
    "repeat": sql("repeat({0}, {1})", makers=COUNT),
    "reverse": python(lambda text: text[::-1]),
    "regex_matches": sql("regexp_matches({0}, {1})", literals={1: PATTERNS}),
    "regex_extract": python(by.extracted, literals=GROUPS),
    "regex_replace": python(by.regex_replaced, literals=REPLACEMENTS),
    "regex_count": python(by.regex_counted, literals={1: PATTERNS}),
    "like": python(by.like(0), literals={1: LIKES}),
    "ilike": python(by.like(re.IGNORECASE), literals={1: LIKES}),
    "normalize": python(
        lambda text, form: unicodedata.normalize(form.upper(), text),
        literals={1: ["'nfc'", "'nfd'", "'nfkc'", "'nfkd'"]},
    ),
    "encode": python(by.encoded, literals=CODES),
    "decode": python(by.decoded, literals=CODES, makers={0: encoded_text}),
    "try_decode": python(by.decoded, is_try=True, literals=CODES, makers={0: encoded_text}),
    "sha256": python(lambda text: hashlib.sha256(text.encode()).hexdigest()),
    "xxh3": python(by.xxh3),
    "levenshtein": python(by.levenshtein, makers={0: short, 1: short}),
    "json_extract": python(by.json_at, literals=POINTERS, makers={0: json_text}),
    "try_json_extract": python(by.json_at, is_try=True, literals=POINTERS, makers={0: json_text}),
    "jaro_winkler": python(by.jaro_winkler, makers={0: short, 1: short}),
}

ORACLES: dict[str, Oracle] = {**NUMBERS, **DATES, **TEXT}


def is_far(row: tuple[Any, ...], ours: Any, theirs: Any) -> bool:
    is_date = not isinstance(row[0], datetime.datetime) and isinstance(row[0], datetime.date)
    if not is_date or theirs not in (ERROR, None) or not isinstance(ours, str):
        return False
    return int(ours[: ours.index("-", 1)]) not in range(-290_307, 294_248)


def is_close(ulps: float) -> Callable[[tuple[Any, ...], Any, Any], bool]:
    def explains(row: tuple[Any, ...], ours: Any, theirs: Any) -> bool:
        if not (isinstance(ours, float) and isinstance(theirs, float)):
            return False
        return abs(ours - theirs) <= ulps * math.ulp(theirs)

    return explains


DIFFERENCES = [
    Difference(
        "far dates",
        "a date reaches 5.8 million years; DuckDB moves it by way of a timestamp, which does not",
        {"date_add", "date_sub", "try_date_add", "try_date_sub"},
        is_far,
    ),
    Difference(
        "smallest number taken back",
        "DuckDB negates the number of units before it subtracts them",
        {"date_sub", "try_date_sub"},
        lambda row, ours, theirs: row[1] == -(2**63),
    ),
    Difference(
        "ends of timestamps",
        "DuckDB keeps the first four hours and the last microsecond of 64 bits for itself",
        {"from_epoch_us", "try_date_add", "try_date_sub", "date_add", "date_sub"},
        lambda row, ours, theirs: (
            theirs in (ERROR, None)
            and str(ours).startswith(("-290308-12-2", "+294247-01-10T04:00:54"))
        ),
    ),
    Difference(
        "ends of zones",
        "zones are known to 9999-12-30T22:00 in UTC; Python's times begin with the year 1",
        {"convert_time_zone", "time_zone_offset"},
        lambda row, ours, theirs: (
            (ours == ERROR and row[0].year == 9999) or (theirs == ERROR and row[0].year == 1)
        ),
    ),
    Difference(
        "last digits",
        "sums, means and deviations of floats are exact but for their last digits",
        {"sum", "mean", "std", "var", "jaro_winkler"},
        is_close(8),
    ),
]
