"""CSV from several files and from streams, what a file seems to be, and what was set aside."""

from __future__ import annotations

import gzip
import io
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

import pardox as px
from pardox._library import native


@pytest.fixture(autouse=True)
def no_leak() -> Iterator[None]:
    before = native().live()[0]
    yield
    assert native().live()[0] == before


def total(source: Any) -> int:
    with px.read_csv(source) as df:
        return sum(df.column("n").to_list())


def kind_of(work: Any) -> str:
    with pytest.raises(px.PardoxError) as caught:
        work()
    return str(caught.value.kind)


def test_files_are_counted(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text('n,t\n1,"a\nb"\n2,c\n')
    assert px.count_csv(path) == 2
    assert px.count_csv(path, header=False) == 3
    assert px.count_csv([path, str(path)]) == 4
    assert px.count_csv(b"a\n1\n2\n3\n") == 3
    assert kind_of(lambda: px.count_csv(tmp_path / "not.csv")) == "not_found"


def test_several_files_and_patterns_are_one_table(tmp_path: Path) -> None:
    for number in (1, 2):
        (tmp_path / f"part-{number}.csv").write_text(f"n\n{number}\n")
    paths = [tmp_path / "part-2.csv", tmp_path / "part-1.csv"]
    assert total(paths) == 3
    assert total(tmp_path / "part-?.csv") == 3
    with px.scan_csv(paths, file_column="file").collect() as df:
        assert df.column("file").to_list() == [str(path) for path in paths]
    with pytest.raises(TypeError):
        px.read_csv([paths[0], 7])  # type: ignore[list-item]
    assert kind_of(lambda: px.read_csv(7)) == "invalid_argument"  # type: ignore[arg-type]


def test_every_kind_of_stream_is_read(tmp_path: Path) -> None:
    text = b"n\n1\n2\n"
    path = tmp_path / "a.csv"
    path.write_bytes(text)
    assert total(text) == 3
    assert total(bytearray(text)) == 3
    assert total(memoryview(text)) == 3
    assert total(io.BytesIO(text)) == 3
    with path.open("rb") as file:
        assert total(file) == 3
    assert total(iter([b"n\n1", b"", b"0\n"])) == 10
    assert total([b"n\n1", b"0\n"]) == 10
    assert total(gzip.compress(text)) == 3
    assert kind_of(lambda: px.read_csv(b"")) == "empty_input"
    assert kind_of(lambda: px.read_csv(io.StringIO("n\n1\n"))) == "invalid_argument"
    assert kind_of(lambda: px.read_csv(io.StringIO(""))) == "invalid_argument"


def test_standard_input_is_read() -> None:
    code = "import sys, pardox as px; print(px.read_csv(sys.stdin.buffer).shape)"
    source = str(Path(px.__file__).parents[1])
    done = subprocess.run(
        [sys.executable, "-c", f"import sys; sys.path.insert(0, {source!r})\n{code}"],
        input=b"a,b\n1,2\n",
        capture_output=True,
        check=True,
    )
    assert done.stdout == b"(1, 2)\n"


def test_a_stream_that_fails_fails_the_read_with_its_own_error() -> None:
    def failing() -> Iterator[bytes]:
        yield b"n\n1\n"
        raise ConnectionResetError("the line went dead")

    for error in (ConnectionResetError, KeyboardInterrupt):

        class Broken(io.RawIOBase):
            def read(self, size: int = -1, /, error: type[BaseException] = error) -> bytes:
                raise error("the line went dead")

        with pytest.raises(error, match="went dead"):
            px.read_csv(Broken())
    with pytest.raises(ConnectionResetError, match="went dead"):
        px.read_csv(failing())


def test_a_stream_is_asked_once_and_bytes_again() -> None:
    again = px.scan_csv(b"n\n1\n2\n").filter("n > 1")
    for _ in range(2):
        with again.collect() as df:
            assert len(df) == 1
    once = px.scan_csv(io.BytesIO(b"n\n1\n2\n")).filter("n > 1")
    assert "stream" in repr(once)
    assert kind_of(once.explain) == "invalid_argument"
    once.collect().close()
    assert kind_of(once.collect) == "invalid_argument"


def test_what_is_sniffed_goes_back_as_options(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text("a;b\n1,5;x\n2,5;y\n")
    found = px.sniff_csv(path)
    assert (found.options["delimiter"], found.columns) == (";", 2)
    assert 0 < found.confidence <= 1
    with px.read_csv(path, **found.options) as df:
        assert df.columns == ["a", "b"]
    known = px.sniff_csv(path, delimiter=",", null_values=["-"])
    assert known.options["delimiter"] == ","
    assert known.options["null_values"] == ["-"]
    with px.read_csv(path, dialect="sniff") as df:
        assert df.columns == ["a", "b"]
    with px.read_csv(path, dialect="sniff", delimiter="|") as df:
        # A given option wins, also one that equals nothing in the file.
        assert len(df.columns) == 1


def test_what_was_set_aside_comes_with_the_frame() -> None:
    with px.read_csv(b"a\n1\n") as clean:
        assert clean.quarantine() is None
        assert clean.faults() is None
    with px.read_csv(b"a,b\n1,2\n3\n4,5\n", on_short="quarantine") as df:
        assert len(df) == 2
        quarantine, faults = df.quarantine(), df.faults()
        assert quarantine is not None
        assert faults is not None
        with quarantine, faults:
            (row,) = quarantine.to_dicts()
            assert (row["record"], row["raw"], row["reason"]) == (2, "3", "field_count")
            assert faults.to_dicts() == [
                {"reason": "field_count", "action": "quarantine", "rows": 1}
            ]
