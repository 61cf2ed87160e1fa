"""Makes the golden files from docs/prdx.md alone, without the engine.

Usage: python make_golden.py [directory [border]]; needs xxhash from PyPI (4.1.0 made the committed
files). Prints nothing; the files are the same bytes on every run. With a border of 64 in place of
4096 the files are small, and as sound: `fuzz/seeds/prdx` holds such.
"""

import struct
import sys
from pathlib import Path

import xxhash

TYPES = {
    "bool": 1,
    "int64": 2,
    "float64": 3,
    "date": 4,
    "timestamp": 5,
    "utf8": 6,
    "int8": 7,
    "int16": 8,
    "int32": 9,
    "uint8": 10,
    "uint16": 11,
    "uint32": 12,
    "uint64": 13,
    "float32": 14,
    "dictionary": 20,
}
LETTERS = {
    "int64": "q",
    "float64": "d",
    "date": "i",
    "timestamp": "q",
    "int8": "b",
    "int16": "h",
    "int32": "i",
    "uint8": "B",
    "uint16": "H",
    "uint32": "I",
    "uint64": "Q",
    "float32": "f",
}
# Digits of a second, by the unit of `timestamp(ms)` or `timestamp(us,Europe/Berlin)`.
DIGITS = {"s": 0, "ms": 3, "us": 6, "ns": 9}
GROUP_ROWS = 65536
PAGE = int(sys.argv[2]) if len(sys.argv) > 2 else 4096


def xxh3(data):
    return xxhash.xxh3_64_intdigest(data)


class File:
    def __init__(self):
        self.data = bytearray()

    def pad(self, border):
        self.data += bytes(-len(self.data) % border)

    def put(self, data, border):
        self.pad(border)
        extent = struct.pack("<QQQ", len(self.data), len(data), xxh3(data))
        self.data += data
        return extent


def bits(flags):
    out = bytearray((len(flags) + 7) // 8)
    for index, flag in enumerate(flags):
        out[index // 8] |= int(bool(flag)) << (index % 8)
    return bytes(out)


def distinct(values):
    """Each value once, in the order in which the rows bring them."""
    return list(dict.fromkeys(value for value in values if value is not None)) or [""]


def encode_dictionary(values):
    """The segment of a dictionary column of one row group."""
    texts = distinct(values)
    offsets, text = encode_values("utf8", texts)
    return struct.pack("<I60x", len(texts)) + offsets + text


def encode_values(kind, values):
    """The buffers behind validity."""
    if kind == "bool":
        return [bits([value or False for value in values])]
    if kind == "utf8":
        encoded = [(value or "").encode() for value in values]
        offsets = [0]
        for value in encoded:
            offsets.append(offsets[-1] + len(value))
        return [struct.pack(f"<{len(offsets)}i", *offsets), b"".join(encoded)]
    if kind == "dictionary":
        texts = distinct(values)
        codes = [0 if value is None else texts.index(value) for value in values]
        return [struct.pack(f"<{len(codes)}i", *codes)]
    letter = LETTERS[kind.partition("(")[0]]
    return [struct.pack(f"<{len(values)}{letter}", *(0 if v is None else v for v in values))]


def entry_of(kind):
    """Number and parameters of a type, and what follows the column's name."""
    if "(" not in kind:
        return TYPES[kind], 0, 0, b""
    unit, _, zone = kind.removesuffix(")").partition("(")[2].partition(",")
    return 50, DIGITS[unit], len(zone), zone.encode()


def float_key(value):
    """Orders -0.0 below 0.0."""
    number = struct.unpack("<q", struct.pack("<d", value))[0]
    return (value, number >= 0)


def statistics(kind, values):
    """Number of nulls, flags, minimum, maximum of one chunk."""
    nulls = sum(value is None for value in values)
    present = [value for value in values if value is not None]
    is_float = kind in ("float32", "float64")
    has_nan = is_float and any(value != value for value in present)
    ranged = [value for value in present if value == value]
    is_text = kind in ("utf8", "dictionary")
    width = 16 if is_text else 8
    flags = 8 if has_nan else 0
    if not ranged:
        return nulls, flags, bytes(width), bytes(width)
    if is_text:
        encoded = [value.encode() for value in ranged]
        low, high = min(encoded), max(encoded)
        exact = lambda value: len(value) <= 16 and not value.endswith(b"\0")
        flags |= 1 | (2 if exact(low) else 0) | (4 if exact(high) else 0)
        return nulls, flags, low[:16].ljust(16, b"\0"), high[:16].ljust(16, b"\0")
    key = float_key if is_float else None
    letter = "d" if is_float else "Q" if kind == "uint64" else "q"
    low, high = min(ranged, key=key), max(ranged, key=key)
    return nulls, flags | 7, struct.pack("<" + letter, low), struct.pack("<" + letter, high)


def chunk_writer(file):
    """Puts the buffers of one column; the first starts on a page."""
    is_first = True

    def put(data):
        nonlocal is_first
        border = PAGE if is_first or len(data) >= 4096 else 64
        is_first = False
        return file.put(data, border)

    return put


def put_validity(put, chunk):
    return put(bits([value is not None for value in chunk])) if None in chunk else bytes(24)


def put_values(put, kind, chunk, validity):
    """Puts the values and gives the entry of the directory."""
    buffers = [put(data) for data in encode_values(kind, chunk)]
    entry = struct.pack("<II", 0, 1 + len(buffers)) + validity + b"".join(buffers)
    return entry.ljust(80, b"\0")


def put_by_column(file, columns, groups):
    """As the engine's writer does: each column whole, its validity first."""
    directories = [b""] * len(groups)
    for _, kind, values in columns:
        put = chunk_writer(file)
        chunks = [values[start:end] for start, end in groups]
        validity = [put_validity(put, chunk) for chunk in chunks]
        for group, chunk in enumerate(chunks):
            directories[group] += put_values(put, kind, chunk, validity[group])
    return directories


def put_by_group(file, columns, groups):
    """As a streaming writer would: group after group."""
    directories = []
    for start, end in groups:
        directory = b""
        for _, kind, values in columns:
            put = chunk_writer(file)
            chunk = values[start:end]
            directory += put_values(put, kind, chunk, put_validity(put, chunk))
        directories.append(directory)
    return directories


def encode_statistics(columns, groups):
    out = bytearray()
    for _, kind, values in columns:
        found = [statistics(kind, values[start:end]) for start, end in groups]
        out += bytes(-len(out) % 64)
        out += b"".join(struct.pack("<Q", nulls) for nulls, _, _, _ in found)
        out += bytes(flags for _, flags, _, _ in found)
        out += bytes(-len(out) % 8)
        out += b"".join(low for _, _, low, _ in found)
        out += b"".join(high for _, _, _, high in found)
    return bytes(out)


def make(
    columns, row_count, group_rows=GROUP_ROWS, put_data=put_by_column, minor=0, extra=(), least=0
):
    """`columns` is a list of (name, type, values), None being null; `extra` is segments."""
    file = File()
    head = struct.pack("<8sHHHHII32x", b"PRDX\r\n\x1a\n", 1, minor, least, 0, 1, 1)
    file.data += head + struct.pack("<Q", xxh3(head))
    file.pad(PAGE)
    groups = [
        (start, min(start + group_rows, row_count)) for start in range(0, row_count, group_rows)
    ]
    directories = put_data(file, columns, groups)

    statistics_extent = file.put(encode_statistics(columns, groups), 64)
    directory_extents = [file.put(directory, 64) for directory in directories]
    entries, names = b"", b""
    for name, kind, _ in columns:
        number, first, second, behind = entry_of(kind)
        entries += struct.pack("<IIHBB4x", len(names), len(name.encode()), number, first, second)
        names += name.encode() + behind
    segments = [struct.pack("<II", 1, 0) + file.put(entries + names, 64)]
    segments += [struct.pack("<II", 2, 0) + statistics_extent]
    for _, kind, values in columns:
        if kind == "dictionary":
            segments += [struct.pack("<II", 3, 0) + file.put(encode_dictionary(values), 64)]
    segments += [struct.pack("<II", kind, 7) + file.put(data, 64) for kind, data in extra]

    footer = struct.pack("<QIII12x", row_count, len(columns), len(groups), len(segments))
    for (start, end), extent in zip(groups, directory_extents):
        footer += struct.pack("<Q", end - start) + extent
    footer += b"".join(segments)
    file.pad(64)
    footer_offset = len(file.data)
    file.data += footer
    file.pad(64)

    trailer = struct.pack("<QQ", footer_offset, len(footer))
    trailer += xxhash.xxh3_128_intdigest(footer).to_bytes(16, "little")
    trailer += struct.pack("<HHIQ", 1, minor, 0, len(file.data) + 64)
    trailer += struct.pack("<Q", xxh3(trailer)) + b"PRDXTAIL"
    return bytes(file.data + trailer)


ALL_TYPES = [
    ("flag", "bool", [True, None, False, True]),
    ("whole", "int64", [-(2**63), 2**63 - 1, None, 0]),
    ("real", "float64", [-0.0, 0.1, float("inf"), float("nan")]),
    ("day", "date", [0, -1, 20_000, None]),
    ("moment", "timestamp", [1_700_000_000_000_000, -1, 0, None]),
    ("text", "utf8", ["", None, "größer als sechzehn", "日本"]),
]
# What version 1.1 added; 0.5 and -1.5 are binary32.
NUMBERS = [
    ("i8", "int8", [-128, 127, None]),
    ("i16", "int16", [-32768, 32767, None]),
    ("i32", "int32", [-(2**31), 2**31 - 1, None]),
    ("u8", "uint8", [0, 255, None]),
    ("u16", "uint16", [0, 65535, None]),
    ("u32", "uint32", [0, 2**32 - 1, None]),
    ("u64", "uint64", [1, 2**64 - 1, None]),
    ("f32", "float32", [0.5, -1.5, float("nan")]),
]
# What version 1.2 added, and a column of numbers between.
DICTIONARIES = [
    ("city", "dictionary", ["Oslo", None, "Ålesund", "Oslo", ""]),
    ("n", "int64", [1, 2, 3, 4, 5]),
    ("none", "dictionary", [None] * 5),
]
# What version 1.2 added.
MOMENTS = [
    ("s", "timestamp(s)", [-1, 1_709_210_096, None]),
    ("ms", "timestamp(ms,UTC)", [-1, 1_709_210_096_789, None]),
    ("us", "timestamp(us,Europe/Berlin)", [0, 1_729_989_000_000_000, None]),
    ("ns", "timestamp(ns,+05:45)", [-(2**63), 2**63 - 1, None]),
]
# Two row groups, the second of three rows; nulls in the first only.
TWO_GROUPS = [
    ("b", "bool", [None if row == 77 else row % 3 == 0 for row in range(GROUP_ROWS + 3)]),
]


def main():
    directory = Path(sys.argv[1] if len(sys.argv) > 1 else Path(__file__).parent)
    (directory / "v1.0-all-types.prdx").write_bytes(make(ALL_TYPES, 4))
    (directory / "v1.0-two-groups.prdx").write_bytes(make(TWO_GROUPS, GROUP_ROWS + 3))
    (directory / "v1.0-no-rows.prdx").write_bytes(make([(n, k, []) for n, k, _ in ALL_TYPES], 0))
    (directory / "v1.0-no-columns.prdx").write_bytes(make([], 0))
    (directory / "v1.1-numbers.prdx").write_bytes(make(NUMBERS, 3, minor=1, least=1))
    (directory / "v1.2-dictionaries.prdx").write_bytes(make(DICTIONARIES, 5, minor=2, least=2))
    (directory / "v1.2-moments.prdx").write_bytes(make(MOMENTS, 3, minor=2, least=2))
    # What version 1.0 has to read although it would not write it.
    later = make(ALL_TYPES, 4, 3, put_by_group, minor=9, extra=[(900, b"of a later version")])
    (directory / "v1.9-by-group.prdx").write_bytes(later)


if __name__ == "__main__":
    main()
