"""Computes the demo's answer with DuckDB: expected_full.csv and expected_slice.csv.

    pip install duckdb==1.5.6
    python expected.py <folder of the full data> [--check]

With --check nothing is written: the committed files must be what DuckDB answers.
"""

import sys
from pathlib import Path

import duckdb

HERE = Path(__file__).parent
DUCKDB_VERSION = "1.5.6"
FLIGHTS_MIN = {"full": 100, "slice": 10}


def answer(folder: str, flights_min: int) -> str:
    """The ten routes as CSV text; floats as their shortest decimal."""
    query = (HERE / "question.sql").read_text()
    result = duckdb.execute(query, {"folder": folder, "flights_min": flights_min})
    lines = [",".join(column[0] for column in result.description)]
    lines += [",".join(str(value) for value in row) for row in result.fetchall()]
    return "\n".join(lines) + "\n"


def main() -> None:
    if duckdb.__version__ != DUCKDB_VERSION:
        sys.exit(f"expected DuckDB {DUCKDB_VERSION}, found {duckdb.__version__}")
    folders = [word for word in sys.argv[1:] if word != "--check"]
    if len(folders) != 1:
        sys.exit(__doc__)
    wrong = 0
    for name, folder in (("full", folders[0]), ("slice", str(HERE))):
        path = HERE / f"expected_{name}.csv"
        text = answer(folder, FLIGHTS_MIN[name])
        if "--check" not in sys.argv:
            path.write_text(text)
        elif path.read_text() != text:
            wrong += 1
            print(f"{path.name} differs from DuckDB's answer:\n{text}")
    print(f"{2 - wrong} passed, {wrong} failed")
    sys.exit(wrong)


if __name__ == "__main__":
    main()
