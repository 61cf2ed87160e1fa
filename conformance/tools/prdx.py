"""Writes the .prdx files of conformance cases after docs/prdx.md alone, apart from the engine.

    pip install xxhash==4.1.0
    python conformance/tools/prdx.py [--check]

One good file of two columns and two row groups, without statistics (which are optional), and
copies of it that are wrong in one way each. With --check the committed files must be these.
"""

import struct
import sys
from pathlib import Path

import xxhash

CASES = Path(__file__).parent.parent / "cases"
XXHASH_VERSION = "4.1.0"
MAGIC = b"PRDX\r\n\x1a\n"
TAIL_MAGIC = b"PRDXTAIL"
INT64, UTF8 = 2, 6
# Rows of `n` and `name` by row group; a group without nulls has no validity.
GROUPS = [[(1, "Ada"), (None, ""), (-(2**63), "東京")], [(2**63 - 1, "z"), (7, "ok")]]
ABSENT = bytes(24)


def xxh3(data: bytes) -> bytes:
    return struct.pack("<Q", xxhash.xxh3_64_intdigest(data))


class Writer:
    """Bytes laid out one behind the other, each part on the alignment it asks for."""

    def __init__(self) -> None:
        self.data = bytearray(4096)

    def put(self, part: bytes, align: int = 64) -> bytes:
        """Appends a part and gives its extent: offset, length, checksum."""
        self.data += bytes(-len(self.data) % align)
        offset = len(self.data)
        self.data += part
        return struct.pack("<QQ", offset, len(part)) + xxh3(part)


def bits(present: list[bool]) -> bytes:
    number = sum(1 << index for index, bit in enumerate(present) if bit)
    return number.to_bytes((len(present) + 7) // 8, "little")


def directory(writer: Writer, rows: list[tuple[int | None, str | None]]) -> bytes:
    """Writes the buffers of a row group and gives its directory."""
    numbers = [number for number, _ in rows]
    texts = [text for _, text in rows]
    entries = b""
    for kind, values in ((INT64, numbers), (UTF8, texts)):
        present = [value is not None for value in values]
        validity = ABSENT if all(present) else writer.put(bits(present), 4096)
        if kind == INT64:
            main = writer.put(struct.pack(f"<{len(rows)}q", *(value or 0 for value in values)))
            text = ABSENT
        else:
            pieces = [(value or "").encode() for value in values]
            ends = [sum(map(len, pieces[:count])) for count in range(len(pieces) + 1)]
            main = writer.put(struct.pack(f"<{len(ends)}i", *ends))
            text = writer.put(b"".join(pieces))
        entries += struct.pack("<II", 0, 2 if kind == INT64 else 3) + validity + main + text
    return entries


def good_file() -> bytes:
    writer = Writer()
    directories = [directory(writer, rows) for rows in GROUPS]
    groups = b"".join(
        struct.pack("<Q", len(rows)) + writer.put(entries)
        for rows, entries in zip(GROUPS, directories, strict=True)
    )
    schema = struct.pack("<IIH6x", 0, 1, INT64) + struct.pack("<IIH6x", 1, 4, UTF8) + b"nname"
    segment = struct.pack("<II", 1, 0) + writer.put(schema)
    row_count = sum(map(len, GROUPS))
    footer = struct.pack("<QIII12x", row_count, 2, len(GROUPS), 1) + groups + segment
    extent = writer.put(footer)
    data = bytes(writer.data) + bytes(-len(writer.data) % 64)
    return with_ends(data + bytes(64), extent[:16], footer, major=1, minimum=0)


def with_ends(data: bytes, extent: bytes, footer: bytes, major: int, minimum: int) -> bytes:
    """The file with head and trailer around what lies between them."""
    head = MAGIC + struct.pack("<HHH2xII32x", major, minimum, minimum, 1, 2)
    digest = struct.pack("<QQ", *reversed(divmod(xxhash.xxh3_128_intdigest(footer), 2**64)))
    trailer = extent + digest + struct.pack("<HH4xQ", major, minimum, len(data))
    return head + xxh3(head) + data[64:-64] + trailer + xxh3(trailer) + TAIL_MAGIC


def versioned(data: bytes, major: int, minimum: int) -> bytes:
    offset, length = struct.unpack("<QQ", data[-64:-48])
    return with_ends(data, data[-64:-48], data[offset : offset + length], major, minimum)


def flipped(data: bytes, offset: int) -> bytes:
    return data[:offset] + bytes([data[offset] ^ 1]) + data[offset + 1 :]


def main() -> None:
    if xxhash.VERSION != XXHASH_VERSION:
        sys.exit(f"expected xxhash {XXHASH_VERSION}, found {xxhash.VERSION}")
    good = good_file()
    footer_offset = struct.unpack("<Q", good[-64:-56])[0]
    files = {
        "prdx/independent_writer": good,
        "prdx/independent_filter": good,
        "errors_prdx/newer_major": versioned(good, 2, 0),
        "errors_prdx/newer_minimum": versioned(good, 1, 99),
        "errors_prdx/cut_short": good[:-100],
        "errors_prdx/head_flipped": flipped(good, 12),
        "errors_prdx/footer_flipped": flipped(good, footer_offset),
        "errors_prdx/values_flipped": flipped(good, good.index(struct.pack("<q", -(2**63)))),
        "errors_prdx/grown": good + b"\n",
    }
    wrong = 0
    for name, data in files.items():
        path = CASES / name / "data.prdx"
        if "--check" not in sys.argv:
            path.write_bytes(data)
        elif path.read_bytes() != data:
            wrong += 1
            print(f"{name} differs")
    print(f"{len(files) - wrong} passed, {wrong} failed")
    sys.exit(wrong > 0)


if __name__ == "__main__":
    main()
