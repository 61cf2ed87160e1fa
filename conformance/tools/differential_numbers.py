"""Numbers of every type beside int64 and float64: their values, and what functions answer of them.

Computed by Python's integers, fractions and decimals from the rules of docs/semantics.md
("Arithmetic", "Decimals"), exactly and rounded once. Of operands of one type DuckDB answers where
its rule is the same (comparisons, `in`, `coalesce`); of types that are mixed, Python.
"""

import decimal
import functools
import math
import random
import re
import struct
from collections.abc import Callable
from decimal import Decimal
from fractions import Fraction
from typing import Any

import differential_python as by
import differential_values as values

DUCKDB_NUMBERS = {
    "int8": "TINYINT",
    "int16": "SMALLINT",
    "int32": "INTEGER",
    "uint8": "UTINYINT",
    "uint16": "USMALLINT",
    "uint32": "UINTEGER",
    "uint64": "UBIGINT",
    "float32": "FLOAT",
    "decimal(9,2)": "DECIMAL(9,2)",
    "decimal(38,10)": "DECIMAL(38,10)",
}
MIXED = [
    ["int8", "uint64"],
    ["uint64", "int64"],
    ["uint8", "uint64"],
    ["int32", "int64"],
    ["float32", "int16"],
    ["float32", "float64"],
    ["uint64", "float64"],
    ["decimal(9,2)", "int64"],
    ["int8", "decimal(9,2)"],
    ["decimal(9,2)", "decimal(38,10)"],
    ["decimal(9,2)", "float64"],
    ["float32", "decimal(9,2)"],
]
DIGITS_MAX = 38
exactly = decimal.Context(prec=200)


def width_of(dtype: str) -> tuple[int, int]:
    """The smallest and the largest number of a type of whole numbers."""
    bits = int(dtype.lstrip("uint"))
    return (0, 2**bits - 1) if dtype.startswith("u") else (-(2 ** (bits - 1)), 2 ** (bits - 1) - 1)


def shape_of(dtype: str) -> tuple[int, int]:
    """Digits, and digits behind the point, of a decimal or of what a whole number is beside one."""
    found = re.fullmatch(r"decimal\((\d+),(\d+)\)", dtype)
    if found:
        return int(found[1]), int(found[2])
    return len(str(width_of(dtype)[1])), 0


def is_whole(dtype: str) -> bool:
    return dtype.lstrip("u").startswith("int")


def near32(value: float) -> float:
    """The float32 nearest to a number, as a float."""
    try:
        return float(struct.unpack("<f", struct.pack("<f", value))[0])
    except OverflowError:
        return math.copysign(math.inf, value)


# ---------------------------------------------------------------------------------- values


def value(rng: random.Random, dtype: str) -> Any:
    if is_whole(dtype):
        least, most = width_of(dtype)
        kind = rng.random()
        if kind < 0.3:
            return rng.choice([least, least + 1, most - 1, most, 0, 1])
        small = rng.randint(max(least, -20), 20)
        return small if kind < 0.7 else rng.randint(least, most)
    if dtype == "float32":
        return near32(values.number(rng))
    digits, scale = shape_of(dtype)
    largest = 10**digits - 1
    kind = rng.random()
    if kind < 0.2:
        unscaled = rng.choice([largest, -largest, largest // 2, 0, 1, -1])
    else:
        unscaled = rng.randint(-(10**5), 10**5) if kind < 0.7 else rng.randint(-largest, largest)
    return exactly.scaleb(Decimal(unscaled), -scale)


def fits(dtype: str, number: Any) -> Any:
    """A whole number that was made for int64, within a narrower type."""
    if not isinstance(number, int) or isinstance(number, bool) or not is_whole(dtype):
        return number
    least, most = width_of(dtype)
    return number if least <= number <= most else number % (most + 1)


# ------------------------------------------------------------------------------ arithmetic


def within(dtype: str, number: int) -> int:
    least, most = width_of(dtype)
    if not least <= number <= most:
        raise OverflowError(number)
    return number


def decimal_of(number: Fraction, digits: int, scale: int) -> Decimal:
    """A number that has no more digits behind the point than its scale."""
    unscaled = number * 10**scale
    assert unscaled.denominator == 1
    if abs(unscaled) >= 10 ** min(digits, DIGITS_MAX):
        raise OverflowError(number)
    return exactly.scaleb(Decimal(int(unscaled)), -scale)


def common(types: list[str]) -> str:
    """What numbers of these types are computed as."""
    if any(dtype.startswith("float") for dtype in types):
        return "float32" if all(dtype == "float32" for dtype in types) else "float64"
    if any(dtype.startswith("decimal") for dtype in types):
        return "decimal"
    unsigned = all(dtype.startswith("uint") for dtype in types)
    return "uint64" if unsigned and "uint64" in types else "int64"


def wider(a: str, b: str) -> tuple[int, int]:
    (p1, s1), (p2, s2) = shape_of(a), shape_of(b)
    scale = max(s1, s2)
    return max(p1 - s1, p2 - s2) + scale, scale


def computed(name: str, types: list[str]) -> Callable[..., Any]:
    """A function of two numbers, over values of two types."""
    kind = common(types)

    def floats(a: Any, b: Any) -> float:
        a, b = float(a), float(b)
        plain: dict[str, Callable[[float, float], float]] = {
            "add": lambda a, b: a + b,
            "sub": lambda a, b: a - b,
            "mul": lambda a, b: a * b,
            "div": by.divided,
            "floordiv": by.floor_divided,
            "mod": by.remainder,
        }
        found = plain[name](a, b)
        return near32(found) if kind == "float32" else found

    def whole(a: int | None, b: int | None) -> Any:
        # Each operand is made the common type by itself, whatever stands beside it.
        for number in (a, b):
            if number is not None:
                within(kind, number)
        if a is None or b is None:
            return None
        if name == "div":
            return by.divided(a, b)
        exact = {"add": a + b, "sub": a - b, "mul": a * b}
        if name in exact:
            return within(kind, exact[name])
        return within(kind, a // b if name == "floordiv" else a % b)

    def decimals(a: Any, b: Any) -> Any:
        (p1, s1), (p2, s2) = (shape_of(dtype) for dtype in types)
        x, y = Fraction(a), Fraction(b)
        digits, scale = wider(*types)
        match name:
            case "add":
                return decimal_of(x + y, digits + 1, scale)
            case "sub":
                return decimal_of(x - y, digits + 1, scale)
            case "mul":
                return decimal_of(x * y, p1 + p2, s1 + s2)
            case "div":
                if y == 0:
                    raise ZeroDivisionError
                return float(a) / float(b)
            case "floordiv":
                return decimal_of(Fraction(x // y), p1 - s1 + s2 + 1, 0)
        return decimal_of(x % y, digits, scale)

    return {"decimal": decimals, "int64": whole, "uint64": whole}.get(kind, floats)


# --------------------------------------------------------------------- functions of one number

MODES = {
    "half_up": decimal.ROUND_HALF_UP,
    "half_even": decimal.ROUND_HALF_EVEN,
    "half_down": decimal.ROUND_HALF_DOWN,
    "up": decimal.ROUND_UP,
    "down": decimal.ROUND_DOWN,
    "ceiling": decimal.ROUND_CEILING,
    "floor": decimal.ROUND_FLOOR,
}


def to_digits(dtype: str, number: Decimal, digits: int, mode: str) -> Decimal:
    kept = number.quantize(Decimal(1).scaleb(-digits), mode, exactly)
    return decimal_of(Fraction(kept), *shape_of(dtype))


def rounded(dtype: str, number: Any, digits: int = 0, mode: str = "half_up") -> Any:
    if isinstance(number, Decimal):
        return to_digits(dtype, number, digits, MODES[mode])
    found = by.rounded(number, digits)
    return near32(found) if dtype == "float32" else found


def next_whole(dtype: str, number: Any, mode: str) -> Any:
    if isinstance(number, Decimal):
        return to_digits(dtype, number, 0, MODES[mode])
    if isinstance(number, int) or not math.isfinite(number):
        return number
    found = math.floor(number) if mode == "floor" else math.ceil(number)
    return math.copysign(float(found), number)


def negated(dtype: str, number: Any) -> Any:
    if is_whole(dtype):
        # An unsigned number becomes an int64 first.
        return -within("int64", number)
    return exactly.minus(number) if isinstance(number, Decimal) else -number


def size_of(dtype: str, number: Any) -> Any:
    return exactly.abs(number) if isinstance(number, Decimal) else abs(number)


# ------------------------------------------------------------------------------ aggregates


def total(dtype: str, *group: Any) -> Any:
    numbers = by.present(group)
    if dtype == "float32" or not numbers:
        return by.total(*group)
    exact = sum(map(Fraction, numbers))
    if is_whole(dtype):
        return within("uint64" if dtype == "uint64" else "int64", int(exact))
    return decimal_of(exact, DIGITS_MAX, shape_of(dtype)[1])


def of_floats(function: Callable[..., Any], dtype: str, *group: Any) -> Any:
    numbers = [None if one is None else float(one) for one in group]
    return function(*(numbers if dtype.startswith("decimal") else group))


NUMBERS: dict[str, Callable[..., Any]] = {
    "neg": negated,
    "abs": size_of,
    "round": rounded,
    "round_mode": rounded,
    "floor": lambda dtype, number: next_whole(dtype, number, "floor"),
    "ceil": lambda dtype, number: next_whole(dtype, number, "ceiling"),
    "sum": total,
    "std": functools.partial(of_floats, by.deviation),
    "var": functools.partial(of_floats, by.variance),
    "median": functools.partial(of_floats, by.median),
}
TWO_NUMBERS = ("add", "sub", "mul", "div", "floordiv", "mod")


def takes_nulls(name: str, types: list[str]) -> bool:
    """Whether a null is a value like any other to what answers."""
    return name in TWO_NUMBERS and common(types) in ("int64", "uint64")


def answers(name: str, types: list[str]) -> Callable[..., Any] | None:
    """What answers a function of numbers of these types; `None` where its usual oracle does."""
    if not any(dtype in DUCKDB_NUMBERS for dtype in types):
        return None
    if name in TWO_NUMBERS:
        return computed(name, types)
    own = NUMBERS.get(name)
    return None if own is None else functools.partial(own, types[0])
