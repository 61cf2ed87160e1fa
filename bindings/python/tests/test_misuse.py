"""Misuse: a clear error, nothing leaked, the process lives."""

from __future__ import annotations

import datetime
import os
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

import pardox as px
from pardox._library import Handle, check_surface, native

ROOT = Path(__file__).parents[3]


@pytest.fixture
def df() -> px.DataFrame:
    return px.from_columns({"a": [1, 2, 3], "b": ["x", "y", None]})


def kind_of(error: pytest.ExceptionInfo[px.PardoxError]) -> str:
    return error.value.kind


def test_use_after_close_is_refused(df: px.DataFrame) -> None:
    df.close()
    df.close()
    for use in (lambda: df.shape, lambda: df.head(), lambda: df.column("a"), lambda: df.display()):
        with pytest.raises(px.PardoxError) as error:
            use()
        assert kind_of(error) == "released_handle"


def test_a_lazy_frame_outlives_nothing_it_needs(df: px.DataFrame) -> None:
    lazy = df.lazy().filter("a > 1")
    df.close()
    with pytest.raises(px.PardoxError) as error:
        lazy.collect()
    assert kind_of(error) == "released_handle"


def test_unknown_column_suggests_the_nearest() -> None:
    df = px.from_columns({"price": [1]})
    for use in (lambda: df["prise"], lambda: df.select("prise"), lambda: df.filter("prise > 1")):
        with pytest.raises(px.PardoxError) as error:
            use()
        assert kind_of(error) == "unknown_column" and "price" in str(error.value)


def test_unknown_option_is_pythons_error(tmp_path: Path) -> None:
    with pytest.raises(TypeError, match="delimeter"):
        px.read_csv(tmp_path / "x.csv", delimeter=";")  # type: ignore[call-arg]


def test_files_that_cannot_be_read(tmp_path: Path) -> None:
    with pytest.raises(px.PardoxError) as error:
        px.read_csv(tmp_path / "none.csv")
    assert kind_of(error) == "not_found" and error.value.file == str(tmp_path / "none.csv")
    with pytest.raises(px.PardoxError) as error:
        px.read_csv(tmp_path)
    assert kind_of(error) == "is_directory"
    (tmp_path / "short.csv").write_text("a,b\n1,2\n3\n")
    with pytest.raises(px.PardoxError) as error:
        px.read_csv(tmp_path / "short.csv")
    found = error.value
    assert (found.kind, found.record, found.line, found.byte_offset) == ("field_count", 2, 3, 8)
    assert found.expected is not None and found.found is not None


@pytest.mark.parametrize(
    "use",
    [
        lambda df: df.head(-1),
        lambda df: df.head(2**64 + 5),
        lambda df: df.head(1.5),
        lambda df: df.head(True),
        lambda df: df.filter(3),
        lambda df: df.select(3),
        lambda df: df.join("x", on="a"),
        lambda df: df.join(df, on=3),
        lambda df: df.drop(3),
        lambda df: df[3],
        lambda df: df.select(px.col("a") + 1),
        lambda df: px.read_csv("x", null_values="NA"),
        lambda df: px.from_arrow("text"),
        lambda df: px.lit(object()),
    ],
)
def test_wrong_types_are_refused(df: px.DataFrame, use: object) -> None:
    with pytest.raises(px.PardoxError) as error:
        use(df)  # type: ignore[operator]
    assert kind_of(error) == "invalid_argument"


def test_numbers_that_do_not_fit_are_refused(df: px.DataFrame) -> None:
    with pytest.raises(px.PardoxError):
        df.filter(px.col("a") > 2**63)
    with pytest.raises(px.PardoxError) as error:
        px.lit(2**53 + 1, "float64")
    assert kind_of(error) == "bad_value"
    with pytest.raises(OverflowError):
        native().frame_column(df._handle.value, 2**64 + 5)
    with pytest.raises(TypeError):
        native().frame_column(df._handle.value, True)


def test_text_that_is_not_text(df: px.DataFrame) -> None:
    for use in (
        lambda: df.filter("b = '\ud800'"),
        lambda: df.filter(px.col("b") == "\udfff"),
        lambda: df.select("\ud800"),
        lambda: px.read_csv("\ud800"),
        lambda: df.filter("a > :x", {"\ud800": 1}),
    ):
        with pytest.raises(px.PardoxError) as error:
            use()
        assert kind_of(error) == "invalid_utf8"


def test_huge_text_goes_through(df: px.DataFrame) -> None:
    huge = "é" * 3_000_000
    assert df.select(huge=px.lit(huge)).head(1)["huge"].to_list() == [huge]


def test_an_expression_has_no_truth_and_no_values() -> None:
    with pytest.raises(TypeError, match="&"):
        bool(px.col("a") > 1)
    with pytest.raises(TypeError):
        list(px.col("a"))


def test_series_of_other_tables_are_refused(df: px.DataFrame) -> None:
    other = px.from_columns({"a": [9, 9, 9]})
    before = df["a"]
    with pytest.raises(px.PardoxError):
        df["c"] = other["a"]
    with pytest.raises(px.PardoxError):
        df["a"] + other["a"]
    df["a"] = df["a"] * 2
    with pytest.raises(px.PardoxError):
        df["d"] = before
    assert before.to_list() == [1, 2, 3]


def test_dates_that_python_cannot_say_are_refused() -> None:
    column = px.from_columns({"d": [datetime.date(1, 1, 1)]}).column("d")
    for days in (-719163, 2**31 - 1):
        with pytest.raises(px.PardoxError) as error:
            column._date(days)
        assert kind_of(error) == "bad_value" and error.value.column == "d"


def test_datetimes_that_have_no_place_are_refused() -> None:
    aware = datetime.datetime(2026, 1, 1, tzinfo=datetime.UTC)
    for dtype in ("timestamp", "timestamp(ms)"):
        with pytest.raises(px.PardoxError) as error:
            px.lit(aware, dtype)
        assert kind_of(error) == "unsupported"
    odd = datetime.timezone(datetime.timedelta(seconds=90))
    with pytest.raises(px.PardoxError) as error:
        px.lit(aware.replace(tzinfo=odd))
    assert kind_of(error) == "unsupported"
    with pytest.raises(px.PardoxError) as error:
        px.from_columns({"t": ["2026-01-01"]}, schema={"t": "timestamp(us,Europe/Berlim)"})
    assert "Europe/Berlin" in str(error.value)
    fine = px.from_columns({"t": ["1970-01-01T00:00:00.000000001"]}, schema={"t": "timestamp(ns)"})
    with pytest.raises(px.PardoxError) as error:
        fine["t"].to_list()
    assert kind_of(error) == "bad_value" and fine.select(n=px.col("t").cast("int64"))[
        "n"
    ].to_list() == [1]


def test_frames_do_not_pickle(df: px.DataFrame) -> None:
    import pickle

    with pytest.raises(TypeError, match="to_prdx"):
        pickle.dumps(df)


def test_a_library_of_another_surface_is_refused() -> None:
    with pytest.raises(px.LibraryError, match="lacks the surface"):
        check_surface(native(), 12345, Path("libpardox.so"))


def test_a_missing_or_foreign_library_is_an_import_error(tmp_path: Path) -> None:
    foreign = tmp_path / "libpardox.so"
    foreign.write_bytes(b"not a library")
    for path in (tmp_path / "none.so", foreign):
        script = "import pardox as px\ntry:\n  px.version()\nexcept ImportError as e: print(e)"
        done = in_child(script, PARDOX_LIBRARY=str(path))
        assert str(path) in done.stdout and done.returncode == 0


def test_a_panic_is_an_error() -> None:
    for place in (0, 1):
        with pytest.raises(px.PardoxError) as error:
            native().inject_panic(place)
        assert kind_of(error) == "internal"
    assert px.version()


def test_a_forked_child_is_refused() -> None:
    script = """
import os, pardox as px
df = px.from_columns({"a": [1]})
pid = os.fork()
if pid == 0:
    try:
        df.head()
        os._exit(1)
    except px.PardoxError as error:
        os._exit(0 if error.kind == "forked" else 2)
_, status = os.waitpid(pid, 0)
print("child", os.waitstatus_to_exitcode(status), df.head().shape)
"""
    done = in_child(script)
    assert (done.stdout, done.returncode) == ("child 0 (1, 1)\n", 0)


def test_shut_down_refuses_what_follows() -> None:
    script = """
import pardox as px
df = px.from_columns({"a": [1]})
px.shutdown()
try:
    df.head()
except px.PardoxError as error:
    print(error.kind)
"""
    done = in_child(script)
    assert (done.stdout, done.returncode) == ("shut_down\n", 0)


@pytest.fixture(scope="module")
def large(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A file that takes long enough to read to be interrupted."""
    path = tmp_path_factory.mktemp("large") / "large.csv"
    line = ",".join(f"{i}.{i:06}1234567" for i in range(20)) + "\n"
    with path.open("w") as out:
        out.write(",".join(f"c{i}" for i in range(20)) + "\n")
        for _ in range(60):
            out.write(line * 10_000)
    return path


def test_ctrl_c_cancels_the_work(large: Path) -> None:
    def interrupt() -> None:
        time.sleep(0.15)
        os.kill(os.getpid(), signal.SIGINT)

    query = px.scan_csv(large).union(*[px.scan_csv(large) for _ in range(8)])
    threading.Thread(target=interrupt).start()
    before = native().live()[0]
    with pytest.raises(KeyboardInterrupt):
        query.collect()
    assert native().live()[0] <= before + 1


def test_the_gil_is_free_during_calls(large: Path) -> None:
    ticks = 0
    running = True

    def count() -> None:
        nonlocal ticks
        while running:
            ticks += 1
            time.sleep(0.001)

    thread = threading.Thread(target=count)
    thread.start()
    start = time.perf_counter()
    with px.read_csv(large, threads=1):
        pass
    seconds = time.perf_counter() - start
    running = False
    thread.join()
    assert ticks > seconds * 100, f"{ticks} ticks in {seconds:.2f} s"


def test_threads_share_frames(df: px.DataFrame) -> None:
    failures: list[BaseException] = []

    def work() -> None:
        try:
            for _ in range(50):
                with df.filter("a > 1") as some:
                    assert some["a"].to_list() == [2, 3]
        except BaseException as error:
            failures.append(error)

    threads = [threading.Thread(target=work) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []


def test_nothing_stays_alive(df: px.DataFrame, tmp_path: Path) -> None:
    def work() -> None:
        with df.groupby("b").agg(n=px.count()) as grouped:
            grouped.to_dicts()
            grouped.column("n").view()
            repr(grouped)
            grouped.to_arrow()
            grouped.__arrow_c_stream__()
        df["a"].sum()
        df.lazy().explain()
        for broken in ("nope > 1", "a >", "a / 0 > 1"):
            with pytest.raises(px.PardoxError):
                df.filter(broken)
        with pytest.raises(px.PardoxError):
            px.read_csv(tmp_path / "none.csv")

    work()
    before = native().live()
    for _ in range(20):
        work()
    assert native().live() == before


def test_a_handle_releases_once() -> None:
    value = px.from_columns({"a": [1]})._handle
    assert isinstance(value, Handle)
    before = native().live()[0]
    value.close()
    value.close()
    assert native().live()[0] == before - 1


def in_child(script: str, **environment: str) -> subprocess.CompletedProcess[str]:
    source = str(ROOT / "bindings/python/src")
    return subprocess.run(
        [sys.executable, "-c", script],
        env={**os.environ, "PYTHONPATH": source, **environment},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


def test_deep_questions_are_the_engines_to_refuse(df: px.DataFrame) -> None:
    chain = px.col("a")
    for _ in range(390):
        chain = chain + 1
    assert df.select(x=chain)["x"].to_list() == [391, 392, 393]
    lazy = df.lazy()
    for _ in range(900):
        lazy = lazy.filter("a > 0")
    assert lazy.collect().shape == (3, 2)
    for _ in range(2_000):
        lazy = lazy.filter("a > 0")
    with pytest.raises(px.PardoxError) as error:
        lazy.collect()
    assert kind_of(error) == "limit_exceeded"


def test_handles_do_not_travel_between_processes(df: px.DataFrame) -> None:
    import copy
    import pickle

    for one in (df.lazy(), df["a"], df.column("a")):
        for travel in (pickle.dumps, copy.deepcopy):
            with pytest.raises(TypeError, match="to_prdx"):
                travel(one)
    scan = pickle.loads(pickle.dumps(px.scan_csv("x.csv").filter(px.col("a") > 1)))
    assert isinstance(scan, px.LazyFrame)


def test_errors_travel_between_processes_whole(df: px.DataFrame) -> None:
    import copy
    import pickle

    with pytest.raises(px.PardoxError) as error:
        df["aa"]
    for twin in (pickle.loads(pickle.dumps(error.value)), copy.copy(error.value)):
        assert vars(twin) == vars(error.value) and str(twin) == str(error.value)
        assert twin.kind == "unknown_column"


def test_values_are_a_list_or_read_once() -> None:
    df = px.from_columns({"a": (i * i for i in range(3)), "b": iter([None, 1.5, 2])})
    assert df.to_dicts() == [{"a": 0, "b": None}, {"a": 1, "b": 1.5}, {"a": 4, "b": 2.0}]
    for wrong in ("abc", b"abc", {1, 2}, {"x": 1}, None, 5):
        with pytest.raises(px.PardoxError) as error:
            px.from_columns({"a": wrong})  # type: ignore[dict-item]
        assert kind_of(error) == "invalid_argument"
    for columns in ([1], None, "a"):
        with pytest.raises(px.PardoxError) as error:
            px.from_columns(columns)  # type: ignore[arg-type]
        assert kind_of(error) == "invalid_argument"


@pytest.mark.parametrize("pair", [(1, True), (1, 1.0), (0, False), (0.0, -0.0)])
def test_values_that_python_calls_equal_are_two(df: px.DataFrame, pair: tuple[object, ...]) -> None:
    one = df.lazy().filter("a >= :x", {"x": pair[0]})  # type: ignore[dict-item]
    with pytest.raises(px.PardoxError) as error:
        one.filter("a >= :x", {"x": pair[1]})  # type: ignore[dict-item]
    assert kind_of(error) == "parameter"


def test_one_value_given_twice_is_one(df: px.DataFrame) -> None:
    nan = {"x": float("nan")}
    assert df.lazy().filter("a < :x", nan).filter("a < :x", nan).collect(params=nan).shape == (3, 2)


def test_whole_numbers_beyond_64_bits_have_one_kind(df: px.DataFrame) -> None:
    for value in (2**63, -(2**63) - 1, 10**5000):
        for use in (
            lambda: df.filter(px.col("a") < value),  # noqa: B023
            lambda: df.filter("a < :x", {"x": value}),  # noqa: B023
            lambda: px.from_columns({"a": [value]}),  # noqa: B023
            lambda: px.lit(value, "float64") if value > 2**64 else px.lit(value),  # noqa: B023
        ):
            with pytest.raises(px.PardoxError) as error:
                use()
            assert kind_of(error) == "bad_value"


def test_a_column_is_not_closed_while_it_is_read(df: px.DataFrame) -> None:
    column = df.column("a")
    read, closer = column._chunk_values, threading.Thread(target=column.close)
    still_there = []

    def slow_read(*arguments: object) -> object:
        closer.start()
        closer.join(0.1)
        still_there.append(column.row_count)
        return read(*arguments)  # type: ignore[arg-type]

    column._chunk_values = slow_read  # type: ignore[method-assign,assignment]
    assert column.to_list() == [1, 2, 3]
    closer.join()
    assert still_there == [3]
    with pytest.raises(px.PardoxError):
        column.to_list()
