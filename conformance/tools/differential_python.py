"""What functions answer, computed by Python alone: the oracle where DuckDB lacks one or differs.

Each takes the operands of one row, none of them null; an exception is an error. Numbers are
computed exactly, by fractions, and rounded once.
"""

import base64
import calendar
import datetime
import itertools
import json
import math
import re
import urllib.parse
import zoneinfo
from collections.abc import Callable
from decimal import ROUND_HALF_UP, Decimal, localcontext
from fractions import Fraction
from typing import Any

UNITS = ["year", "quarter", "month", "week", "day"]
CLOCK = ["hour", "minute", "second", "millisecond", "microsecond"]

# --------------------------------------------------------------------------------- numbers


def divided(a: float, b: float) -> float:
    if b == 0 and isinstance(a, int) and isinstance(b, int):
        raise ZeroDivisionError
    a, b = float(a), float(b)
    if b != 0:
        return a / b
    sign = math.copysign(1, a) * math.copysign(1, b)
    return math.nan if a == 0 or math.isnan(a) else math.copysign(math.inf, sign)


def floor_divided(a: float, b: float) -> float:
    if isinstance(a, int) and isinstance(b, int):
        return a // b
    a, b = float(a), float(b)
    quotient = divided(a, b)
    if b == 0 or not math.isfinite(a) or math.isnan(b):
        return quotient
    if math.isinf(b) or a == 0:
        return a // b
    if abs(quotient) >= 2.0**53:
        # Floats are whole from here on: the nearest one is the answer.
        return quotient
    exact = math.floor(Fraction(a) / Fraction(b))
    if exact == 0:
        return math.copysign(0.0, quotient)
    try:
        return float(exact)
    except OverflowError:
        return math.inf if exact > 0 else -math.inf


def floored(value: float) -> float:
    return math.copysign(float(math.floor(value)), value) if math.isfinite(value) else value


def remainder(a: float, b: float) -> float:
    if isinstance(a, int) and isinstance(b, int):
        return a % b
    a, b = float(a), float(b)
    return math.nan if b == 0 or math.isinf(a) else a % b


def rounded(value: float, digits: int = 0) -> float:
    if isinstance(value, int) or not math.isfinite(value):
        return value
    with localcontext(prec=2000):
        kept = Decimal(value).quantize(Decimal(1).scaleb(-digits), ROUND_HALF_UP)
    return math.copysign(float(kept), value)


def order(a: Any, b: Any) -> int:
    def key(value: Any) -> tuple[bool, Any]:
        is_nan = isinstance(value, float) and math.isnan(value)
        if is_nan:
            return (True, 0)
        is_number = isinstance(value, int | float | Decimal) and not isinstance(value, bool)
        if is_number and not math.isfinite(value):
            return (False, value)
        return (False, Fraction(value) if is_number else value)

    left, right = key(a), key(b)
    if isinstance(left[1], Fraction) != isinstance(right[1], Fraction) and not (
        left[0] or right[0]
    ):
        left, right = (False, float(left[1])), (False, float(right[1]))
    if isinstance(a, str):
        left, right = (False, a.encode()), (False, b.encode())
    return (left > right) - (left < right)


# -------------------------------------------------------------------------- dates and times

MICROSECOND = datetime.timedelta(microseconds=1)
EPOCH = datetime.datetime(1970, 1, 1)


def made(year: int, month: int, day: int, *clock: int) -> Any:
    """The moment of these parts; of a year that Python has not, by one 400 years apart."""
    if 1 <= year <= 9999:
        return datetime.datetime(year, month, day, *clock)
    alike = datetime.datetime(2000 + year % 400, month, day, *clock)
    periods = (year - alike.year) // 400
    if micros(alike) + periods * 146_097 * 86_400_000_000 not in range(-(2**63), 2**63):
        raise OverflowError(year)
    sign = "-" if year < 0 else "+" if year > 9999 else ""
    return f"{sign}{abs(year):04d}{alike.strftime('-%m-%dT%H:%M:%S.%f')}"


def midnight(moment: datetime.date) -> datetime.datetime:
    if isinstance(moment, datetime.datetime):
        return moment
    return datetime.datetime(moment.year, moment.month, moment.day)


def micros(moment: datetime.date) -> int:
    return (midnight(moment) - EPOCH) // MICROSECOND


def day_of(moment: datetime.date) -> datetime.date:
    return moment.date() if isinstance(moment, datetime.datetime) else moment


def difference(unit: str, start: datetime.date, end: datetime.date) -> int:
    """How often the unit starts after `start` and up to `end`."""
    a, b = day_of(start), day_of(end)
    match unit:
        case "year":
            return b.year - a.year
        case "quarter":
            return (b.year * 4 + (b.month - 1) // 3) - (a.year * 4 + (a.month - 1) // 3)
        case "month":
            return (b.year * 12 + b.month) - (a.year * 12 + a.month)
        case "week":
            return (b.toordinal() - 1) // 7 - (a.toordinal() - 1) // 7
        case "day":
            return b.toordinal() - a.toordinal()
    sizes = dict(zip(CLOCK, [3_600_000_000, 60_000_000, 1_000_000, 1_000, 1], strict=True))
    return micros(end) // sizes[unit] - micros(start) // sizes[unit]


def age(unit: str, start: datetime.date, end: datetime.date) -> int:
    """The most units by which the earlier moves and does not pass the later."""
    a, b = midnight(start), midnight(end)
    if a > b:
        return -age(unit, end, start)
    months = {"year": 12, "quarter": 3, "month": 1}.get(unit)
    if months is None:
        sizes = dict(
            zip(
                ["week", "day", *CLOCK],
                [604_800_000_000, 86_400_000_000, 3_600_000_000, 60_000_000, 1_000_000, 1_000, 1],
                strict=True,
            )
        )
        return ((b - a) // MICROSECOND) // sizes[unit]
    count = difference("month", a, b)
    while True:
        total = a.year * 12 + a.month - 1 + count
        year, month = divmod(total, 12)
        day = min(a.day, calendar.monthrange(year, month + 1)[1])
        if a.replace(year=year, month=month + 1, day=day) <= b:
            return count // months
        count -= 1


def converted(source: str, target: str, x: datetime.datetime, unclear: str) -> Any:
    """What clocks of `target` show when those of `source` show `x`."""
    zone = zoneinfo.ZoneInfo(source)
    moments = sorted({x - x.replace(tzinfo=zone, fold=fold).utcoffset() for fold in (0, 1)})
    if len(moments) == 2 and unclear == "error":
        raise ValueError(x)
    if len(moments) == 2 and unclear == "null":
        return None
    moment = moments[-1 if unclear == "latest" else 0].replace(tzinfo=datetime.UTC)
    return moment.astimezone(zoneinfo.ZoneInfo(target)).replace(tzinfo=None, fold=0)


def offset(zone: str, x: datetime.datetime) -> int:
    moment = x.replace(tzinfo=datetime.UTC).astimezone(zoneinfo.ZoneInfo(zone))
    return round(moment.utcoffset().total_seconds())


def business_days(start: datetime.date, end: datetime.date) -> int:
    """Weekdays from `start` up to but not `end`; back from `start` to `end` they are negative."""

    def until(number: int) -> int:
        weeks, rest = divmod(number - 1, 7)
        return weeks * 5 + min(rest, 5)

    a, b = start.toordinal(), end.toordinal()
    return until(b) - until(a) if b >= a else until(b + 1) - until(a + 1)


def parsed(kind: str) -> Callable[..., Any]:
    """Strict reading by Python, which is made strict: text must be what it writes."""

    def parse(text: str, pattern: str) -> datetime.date:
        moment = datetime.datetime.strptime(text, pattern)
        years = pattern.replace("%Y", f"{moment.year:04d}")
        back = moment.strftime(years.replace("%G", f"{moment.isocalendar().year:04d}"))
        # A fraction may have fewer digits than are written.
        digits = len(back) - len(text) if pattern.endswith("%f") else 0
        if not text.isascii() or back.lower() != text.lower() + "0" * max(0, digits):
            raise ValueError(text)
        return moment.date() if kind == "date" else moment

    return parse


# ------------------------------------------------------------------------------------ text

# The characters with Unicode's property White_Space.
BLANKS = "\t\n\v\f\r \u0085\u00a0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008"
BLANKS += "\u2009\u200a\u2028\u2029\u202f\u205f\u3000"


def initcap(text: str) -> str:
    runs = ["".join(run) for _, run in itertools.groupby(text, str.isalnum)]
    return "".join(
        run[0].title() + run.lower()[len(run[0].lower()) :] if run[0].isalnum() else run
        for run in runs
    )


def left(text: str, count: int) -> str:
    return text[: count if count >= 0 else max(0, len(text) + count)]


def right(text: str, count: int) -> str:
    return text[max(0, len(text) - count) if count >= 0 else -count :]


def padded(is_start: bool) -> Callable[..., str]:
    def pad(text: str, length: int, fill: str = " ") -> str:
        missing = max(0, length - len(text))
        if missing > 0 and fill == "":
            return text
        more = (fill * (missing // max(1, len(fill)) + 1))[:missing]
        return more + text if is_start else text + more

    return pad


def sliced(text: str, start: int, length: int | None = None) -> str:
    first = start if start >= 0 else len(text) + start
    last = len(text) if length is None else first + length
    if length is not None and length < 0:
        raise ValueError(length)
    return text[max(0, first) : max(0, last)]


def substring(text: str, start: int, length: int | None = None) -> str:
    if length is not None and length < 0:
        raise ValueError(length)
    last = len(text) if length is None else start - 1 + length
    return text[max(0, start - 1) : max(0, last)]


def split_part(text: str, separator: str, index: int) -> str:
    if index == 0:
        raise ValueError(index)
    parts = [text] if separator == "" else text.split(separator)
    at = index - 1 if index > 0 else len(parts) + index
    return parts[at] if 0 <= at < len(parts) else ""


def levenshtein(a: str, b: str) -> int:
    line = list(range(len(b) + 1))
    for i, x in enumerate(a, 1):
        last, line[0] = line[0], i
        for j, y in enumerate(b, 1):
            last, line[j] = line[j], min(line[j] + 1, line[j - 1] + 1, last + (x != y))
    return line[-1]


def jaro_winkler(a: str, b: str) -> float:
    if a == b:
        return 1.0
    reach = max(0, max(len(a), len(b)) // 2 - 1)
    taken: list[int] = []
    pairs: list[tuple[int, int]] = []
    for i, x in enumerate(a):
        near_by = range(max(0, i - reach), min(len(b), i + reach + 1))
        at = next((j for j in near_by if b[j] == x and j not in taken), None)
        if at is not None:
            taken.append(at)
            pairs.append((i, at))
    if not pairs:
        return 0.0
    count = len(pairs)
    moved = sum(a[i] != b[j] for (i, _), j in zip(pairs, sorted(taken), strict=True)) // 2
    jaro = (count / len(a) + count / len(b) + (count - moved) / count) / 3
    start = next((i for i in range(4) if a[i : i + 1] != b[i : i + 1] or i >= len(a)), 4)
    # As in the program that Winkler wrote, texts that are little alike get nothing for their start.
    return jaro + start * 0.1 * (1 - jaro) if jaro > 0.7 else jaro


def encoded(text: str, form: str) -> str:
    data = text.encode()
    match form:
        case "hex":
            return data.hex()
        case "base64":
            return base64.b64encode(data).decode()
    return urllib.parse.quote(data, safe="")


def decoded(text: str, form: str) -> str:
    match form:
        case "hex":
            if not re.fullmatch(r"(?:[0-9a-fA-F]{2})*", text):
                raise ValueError(text)
            return bytes.fromhex(text).decode()
        case "base64":
            return base64.b64decode(text, validate=True).decode()
    if re.search(r"%(?![0-9a-fA-F]{2})", text):
        raise ValueError(text)
    return urllib.parse.unquote_to_bytes(text).decode()


def like(flags: int) -> Callable[[str, str], bool]:
    def match(text: str, pattern: str) -> bool:
        parts = [{"%": ".*", "_": "."}.get(c, re.escape(c)) for c in pattern]
        return re.fullmatch("".join(parts), text, flags | re.DOTALL) is not None

    return match


def xxh3(text: str) -> str:
    import xxhash

    return str(xxhash.xxh3_64_hexdigest(text.encode()))


# ------------------------------------------------------------------------------ aggregates


def present(group: tuple[Any, ...]) -> list[Any]:
    return [one for one in group if one is not None]


def fraction(value: Any) -> Fraction:
    return Fraction(int(value) if isinstance(value, bool) else value)


def special(numbers: list[float]) -> float | None:
    if any(isinstance(n, float) and math.isnan(n) for n in numbers):
        return math.nan
    if math.inf in numbers and -math.inf in numbers:
        return math.nan
    found = [n for n in numbers if isinstance(n, float) and math.isinf(n)]
    return found[0] if found else None


def near(value: Fraction) -> float:
    try:
        return float(value)
    except OverflowError:
        return math.inf if value > 0 else -math.inf


def total(*group: Any) -> Any:
    numbers = present(group)
    if not numbers:
        return None
    exact = special(numbers)
    if exact is not None:
        return exact
    whole = sum(map(fraction, numbers))
    return near(whole) if isinstance(numbers[0], float) else int(whole)


def mean(*group: Any) -> Any:
    numbers = present(group)
    if not numbers:
        return None
    exact = special(numbers)
    if exact is not None:
        return exact
    # Of floats, the sum by the count; of whole numbers the exact sum, rounded once.
    whole = sum(map(fraction, numbers))
    rounded_sum = near(whole)
    is_plain = isinstance(numbers[0], float) and math.isfinite(rounded_sum)
    return rounded_sum / len(numbers) if is_plain else near(whole / len(numbers))


def variance(*group: Any) -> Any:
    numbers = [float(n) for n in present(group)]
    if len(numbers) < 2:
        return None
    if special(numbers) is not None:
        return math.nan
    exact = list(map(Fraction, numbers))
    middle = sum(exact) / len(exact)
    return near(sum((n - middle) ** 2 for n in exact) / (len(exact) - 1))


def deviation(*group: Any) -> Any:
    numbers = [float(n) for n in present(group)]
    if len(numbers) < 2:
        return None
    if special(numbers) is not None:
        return math.nan
    exact = list(map(Fraction, numbers))
    middle = sum(exact) / len(exact)
    square = sum((n - middle) ** 2 for n in exact) / (len(exact) - 1)
    # The root to 80 bits beyond a float's own.
    scale = 1 << 2300
    return near(Fraction(math.isqrt(int(square * scale * scale)), scale))


def extreme(sign: int) -> Callable[..., Any]:
    def choose(*group: Any) -> Any:
        best = None
        for one in present(group):
            if best is None or order(one, best) * sign > 0:
                best = one
        return best

    return choose


def median(*group: Any) -> Any:
    numbers = present(group)
    if not numbers:
        return None
    kept = sorted(numbers, key=lambda n: (isinstance(n, float) and math.isnan(n), n))
    low, high = kept[(len(kept) - 1) // 2], kept[len(kept) // 2]
    if low is high or low == high:
        return float(low)
    exact = special([low, high])
    return near((fraction(low) + fraction(high)) / 2) if exact is None else exact


def distinct(*group: Any) -> int:
    def key(value: Any) -> Any:
        return "NaN" if isinstance(value, float) and math.isnan(value) else (value,)

    return len({key(one) for one in present(group)})


# -------------------------------------------------------------------------------- patterns


def extracted(text: str, pattern: str, group: Any = 0) -> str | None:
    found = re.search(pattern, text)
    return None if found is None else found[group]


def matches(pattern: str, text: str) -> list[re.Match[str]]:
    """All matches; an empty one right behind another is none."""
    kept: list[re.Match[str]] = []
    for match in re.finditer(pattern, text):
        if not kept or match.end() > match.start() or match.start() > kept[-1].end():
            kept.append(match)
    return kept


def regex_replaced(text: str, pattern: str, replacement: str) -> str:
    out, start = "", 0
    for match in matches(pattern, text):
        parts = replacement.split("$$")
        out += text[start : match.start()] + "$".join(p.replace("$0", match[0]) for p in parts)
        start = match.end()
    return out + text[start:]


def regex_counted(text: str, pattern: str) -> int:
    return len(matches(pattern, text))


class Number(str):
    """A number of JSON as it is written."""


def json_text(value: Any) -> str:
    if isinstance(value, Number):
        return str(value)
    if isinstance(value, list):
        return f"[{', '.join(map(json_text, value))}]"
    if isinstance(value, dict):
        inner = ", ".join(f"{json_text(key)}: {json_text(one)}" for key, one in value.items())
        return f"{{{inner}}}"
    return json.dumps(value, ensure_ascii=False)


def json_at(text: str, pointer: str) -> str | None:
    """The value at a place: a text without its quotes, anything else as it is written."""

    here = json.loads(text, parse_int=Number, parse_float=Number, parse_constant=int)
    for word in pointer.split("/")[1:]:
        if isinstance(here, list) and re.fullmatch("0|[1-9][0-9]*", word) and int(word) < len(here):
            here = here[int(word)]
        elif isinstance(here, dict) and word in here:
            here = here[word]
        else:
            return None
    return str(here) if isinstance(here, str) else None if here is None else json_text(here)
