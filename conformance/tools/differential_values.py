"""Generated values: the edges of each type, nulls, and random ones of several sizes."""

import datetime
import random
import struct
from typing import Any

INT64_MAX = 2**63 - 1
INTEGERS = [0, 1, -1, 2, -2, 7, 10, 2**31, 2**53, 2**53 + 1, -(2**53) - 1]
INTEGERS += [INT64_MAX, INT64_MAX - 1, -INT64_MAX, -INT64_MAX - 1]
FLOATS = [0.0, -0.0, 1.0, -1.0, 0.1, 0.5, 1.5, 2.5, -2.5, 2.675, 0.125, 1e15, 1e300, 5e-324]
FLOATS += [2.0**53, 2.0**63, -(2.0**63), 4503599627370497.5, 0.49999999999999994]
FLOATS += [float("nan"), float("inf"), float("-inf"), 1.7976931348623157e308]
DATES = ["0001-01-01", "9999-12-31", "1970-01-01", "1969-12-31", "2000-02-29", "1900-02-28"]
DATES += ["2024-02-29", "2024-12-31", "2021-01-03", "2020-12-28", "2023-10-29", "1582-10-10"]
TIMES = ["00:00:00", "23:59:59.999999", "12:00:00", "00:00:00.000001", "12:34:56.789"]
TEXTS = ["", " ", "a", "A", "ab", "aa", "aaa", "banana", "straße", "STRASSE", "ß", "ﬁ", "İ", "ı"]
TEXTS += [
    "ΑΣ",
    "ΣΑΣ",
    "é",
    "e\u0301",
    "ñandú",
    "日本語",
    "🦀",
    "👩‍👩‍👧",
    "\t a b \n",
    "%_\\",
    "null",
    "NaN",
]
TEXTS += [
    "a,b,,c",
    "a/b/c",
    "o'neil",
    '"q"',
    "1-2",
    "order 12",
    "x" * 2000,
    "ab" * 700,
    "\u00a0x\u2003",
]
LETTERS = "aab bcAB.,-/_%019éßñΣσς日🦀"
NULLS = 0.1


def value(rng: random.Random, dtype: str) -> Any:
    """A value of a type, or None."""
    if rng.random() < NULLS:
        return None
    return MAKERS[dtype](rng)


def integer(rng: random.Random) -> int:
    kind = rng.random()
    if kind < 0.3:
        return rng.choice(INTEGERS)
    return rng.randint(-50, 50) if kind < 0.7 else rng.randint(-(2**62), 2**62)


def number(rng: random.Random) -> float:
    kind = rng.random()
    if kind < 0.3:
        return rng.choice(FLOATS)
    if kind < 0.8:
        return rng.randint(-100_000, 100_000) / rng.choice([1, 8, 10, 100, 1000])
    return float(struct.unpack("<d", struct.pack("<Q", rng.getrandbits(64)))[0])


def date(rng: random.Random) -> datetime.date:
    if rng.random() < 0.3:
        return datetime.date.fromisoformat(rng.choice(DATES))
    if rng.random() < 0.5:
        return datetime.date(2020, 1, 1) + datetime.timedelta(days=rng.randint(0, 2000))
    return datetime.date.fromordinal(rng.randint(1, datetime.date.max.toordinal()))


def timestamp(rng: random.Random) -> datetime.datetime:
    day = date(rng)
    if rng.random() < 0.4:
        return datetime.datetime.fromisoformat(f"{day.isoformat()}T{rng.choice(TIMES)}")
    moment = datetime.datetime(day.year, day.month, day.day)
    return moment + datetime.timedelta(microseconds=rng.randrange(86_400_000_000))


def text(rng: random.Random) -> str:
    if rng.random() < 0.4:
        return rng.choice(TEXTS)
    return "".join(rng.choice(LETTERS) for _ in range(rng.choice([1, 2, 3, 5, 8, 20, 70])))


def part_of(rng: random.Random, whole: str) -> str:
    start = rng.randint(0, len(whole))
    return whole[start : start + rng.choice([0, 1, 1, 2, 3, 5])]


MAKERS = {
    "bool": lambda rng: rng.random() < 0.5,
    "int64": integer,
    "float64": number,
    "date": date,
    "timestamp": timestamp,
    "utf8": text,
}


def value_of(moment: datetime.date) -> str:
    """A date or timestamp as PardoX writes it."""
    if isinstance(moment, datetime.datetime):
        whole = moment.replace(microsecond=0).isoformat()
        return whole + (f".{moment.microsecond:06d}" if moment.microsecond else "")
    return moment.isoformat()
