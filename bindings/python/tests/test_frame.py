"""The face: what a user types, and what comes back. Expected values are by hand."""

from __future__ import annotations

import datetime
from array import array
from decimal import Decimal
from pathlib import Path

import pytest

import pardox as px


@pytest.fixture
def sales() -> px.DataFrame:
    return px.from_columns(
        {
            "region": ["north", "south", "north", None],
            "price": [12.5, 3.0, 20.0, 1.0],
            "quantity": [2, 10, 1, None],
        }
    )


def test_shape_names_and_types(sales: px.DataFrame) -> None:
    assert sales.shape == (4, 3)
    assert len(sales) == 4
    assert sales.columns == ["region", "price", "quantity"]
    assert sales.dtypes == {"region": "utf8", "price": "float64", "quantity": "int64"}
    assert "price" in sales and "prize" not in sales


def test_arrays_say_the_type_of_their_values() -> None:
    typed = {"f": array("d", [1, 2]), "i": array("i", [1, 2]), "m": memoryview(array("f", [3, 4]))}
    df = px.from_columns(typed)
    assert df.dtypes == {"f": "float64", "i": "int32", "m": "float32"}
    assert df["f"].to_list() == [1.0, 2.0]
    assert px.from_columns({"f": array("d"), "l": []}).dtypes == {"f": "float64", "l": "utf8"}


def test_arrays_of_numpy() -> None:
    np = pytest.importorskip("numpy")
    df = px.from_columns(
        {
            "f": np.array([1.0, 2.0]),
            "g": np.array([1, 2], dtype=np.float32),
            "i": np.array([1, 2], dtype=np.int16),
            "b": np.array([True, False]),
            "s": np.array(["x", "y"]),
            "d": np.array(["2024-02-29", "NaT"], dtype="datetime64[D]"),
            "t": np.array(["2024-02-29T10:30", "NaT"], dtype="datetime64[us]"),
        }
    )
    types = ["float64", "float32", "int16", "bool", "utf8", "date", "timestamp"]
    assert list(df.dtypes.values()) == types
    assert df["d"].to_list() == [datetime.date(2024, 2, 29), None]
    kinds = ["int8", "uint8", "uint16", "int32", "uint32", "uint64", "float32"]
    for kind in kinds:
        info = np.finfo(kind) if kind == "float32" else np.iinfo(kind)
        given = np.array([info.min, info.max], dtype=kind)
        column = px.from_columns({"x": given}).column("x")
        assert column.dtype == kind and column.to_list() == given.tolist()
        assert column.to_numpy().dtype == kind and (column.to_numpy() == given).all()
    assert px.from_columns({"f": np.array([])}).dtypes == {"f": "float64"}
    for refused in (np.zeros((2, 2)), np.array(["2024-02-29"], dtype="datetime64[ns]")):
        with pytest.raises(px.PardoxError):
            px.from_columns({"x": refused})


def test_what_is_closed_says_so(sales: px.DataFrame) -> None:
    column, lazy = sales.column("price"), sales.lazy()
    column.close()
    assert repr(column) == "<Column closed>"
    sales.close()
    assert repr(sales) == "<DataFrame closed>"
    assert repr(lazy).startswith("<LazyFrame that cannot run: the frame was closed")


def test_assignment_computes_a_column(sales: px.DataFrame) -> None:
    sales["total"] = sales["price"] * sales["quantity"]
    assert sales["total"].to_list() == [25.0, 30.0, 20.0, None]
    sales["one"] = 1
    assert sales["one"].to_list() == [1, 1, 1, 1]


def test_a_condition_picks_rows_and_a_list_picks_columns(sales: px.DataFrame) -> None:
    assert sales[sales["price"] > 10].to_dicts() == [
        {"region": "north", "price": 12.5, "quantity": 2},
        {"region": "north", "price": 20.0, "quantity": 1},
    ]
    assert sales[["quantity"]].to_dicts()[1] == {"quantity": 10}
    both = sales[(sales["price"] > 2) & ~(sales["region"] == "north")]
    assert both["price"].to_list() == [3.0]


def test_plain_left_operands(sales: px.DataFrame) -> None:
    assert (100 - sales["quantity"]).to_list() == [98, 90, 99, None]
    assert (1 / px.col("price")).__class__ is px.Expr


def test_series_aggregates_are_values(sales: px.DataFrame) -> None:
    assert sales["price"].sum() == 36.5
    assert sales["quantity"].max() == 10
    assert sales["region"].count() == 3


def test_group_by(sales: px.DataFrame) -> None:
    grouped = sales.groupby("region").agg(n=px.count(), mean=px.col("price").mean())
    assert grouped.to_dicts() == [
        {"region": "north", "n": 2, "mean": 16.25},
        {"region": "south", "n": 1, "mean": 3.0},
        {"region": None, "n": 1, "mean": 1.0},
    ]


def test_both_doors_answer_the_same(sales: px.DataFrame) -> None:
    low = {"low": 2}
    by_text = sales.filter("price > :low and region is not null", low)
    by_calls = sales.filter((px.col("price") > 2) & px.col("region").notnull())
    query = "select * from s where price > :low and region is not null"
    by_sql = px.sql(query, tables={"s": sales}, params=low).collect()
    assert by_text.to_dicts() == by_calls.to_dicts() == by_sql.to_dicts()


def test_lazy_steps_run_at_collect(sales: px.DataFrame) -> None:
    lazy = sales.lazy().filter("price > 2").sort("price", descending=True).select("price")
    assert isinstance(lazy, px.LazyFrame)
    assert [one.name for one in lazy.schema()] == ["price"]
    assert "price" in lazy.explain()
    assert lazy.collect()["price"].to_list() == [20.0, 12.5, 3.0]


def test_join_union_rename_drop_distinct(sales: px.DataFrame) -> None:
    names = px.from_columns({"region": ["north", "south"], "name": ["N", "S"]})
    joined = sales.join(names, on="region", how="left")
    assert joined["name"].to_list() == ["N", "S", "N", None]
    assert len(sales.union(sales)) == 8
    assert sales.rename({"price": "cost"}).columns == ["region", "cost", "quantity"]
    assert sales.drop("price", "quantity").distinct().to_dicts() == [
        {"region": "north"},
        {"region": "south"},
        {"region": None},
    ]


def test_case() -> None:
    df = px.from_columns({"a": [1, 5, 10]})
    size = px.when("a > 9", "much").when("a > 4", "some").otherwise("little")
    assert df.select(size=size)["size"].to_list() == ["little", "some", "much"]


def test_values_of_every_type_come_back() -> None:
    values = {
        "b": [True, None, False],
        "i": [-(2**63), None, 2**63 - 1],
        "f": [-0.0, None, 1e300],
        "d": [datetime.date(1, 1, 1), None, datetime.date(2026, 11, 22)],
        "t": [
            datetime.datetime(1969, 12, 31, 23, 59, 59, 999999),
            None,
            datetime.datetime(2026, 1, 1),
        ],
        "u": ["", None, "é€😀"],
    }
    df = px.from_columns(values)
    assert list(df.dtypes.values()) == ["bool", "int64", "float64", "date", "timestamp", "utf8"]
    for name, column in values.items():
        assert df[name].to_list() == column
    assert str(df["f"].to_list()[0]) == "-0.0"


def test_csv_and_prdx_round_trip(tmp_path: Path, sales: px.DataFrame) -> None:
    report = sales.to_prdx(tmp_path / "s.prdx")
    assert report.rows == 4 and report.bytes == (tmp_path / "s.prdx").stat().st_size
    assert px.read_prdx(tmp_path / "s.prdx").to_dicts() == sales.to_dicts()
    sales.to_csv(tmp_path / "s.csv", delimiter=";")
    text = "region;price;quantity\nnorth;12.5;2\nsouth;3.0;10\nnorth;20.0;1\n;1.0;\n"
    assert (tmp_path / "s.csv").read_text() == text
    again = px.read_csv(tmp_path / "s.csv", delimiter=";")
    assert again.to_dicts() == sales.to_dicts()
    assert px.scan_csv(tmp_path / "s.csv", delimiter=";").head(1).collect().shape == (1, 3)


def test_print_shows_the_engines_table(sales: px.DataFrame) -> None:
    assert repr(sales).startswith("shape: (4, 3)\n")
    assert repr(sales) == sales.display()


def test_views_share_memory_and_keep_it(sales: px.DataFrame) -> None:
    column = sales.column("price")
    view = column.view()
    assert view.readonly and view.format == "d" and view.tolist() == [12.5, 3.0, 20.0, 1.0]
    column.close()
    sales.close()
    assert view[2] == 20.0


def test_numpy_reads_in_place(sales: px.DataFrame) -> None:
    np = pytest.importorskip("numpy")
    array = sales["price"].to_numpy()
    assert array.dtype == np.float64 and float(array.sum()) == 36.5
    moments = px.from_columns({"t": [datetime.datetime(2026, 1, 1, 0, 0, 1)]})["t"].to_numpy()
    assert str(moments[0]) == "2026-01-01T00:00:01.000000"


def test_dictionaries_are_strings_here_and_dictionaries_in_arrow() -> None:
    cities = ["Oslo", None, "Bergen", "Oslo", ""]
    df = px.from_columns({"city": cities}, schema={"city": "dictionary"})
    assert df.dtypes == {"city": "dictionary"}
    assert df.column("city").to_list() == cities
    assert px.from_arrow(df.to_arrow()).dtypes == {"city": "dictionary"}
    with pytest.raises(px.PardoxError):
        df.column("city").view()
    literal = df.select(px.lit("k", "dictionary").alias("k"))
    assert literal.dtypes == {"k": "dictionary"}
    pa = pytest.importorskip("pyarrow")
    table = pa.table(df)
    assert table.schema.field("city").type == pa.dictionary(pa.int32(), pa.string())
    assert table.column("city").to_pylist() == cities
    small = pa.table(
        {
            "city": pa.array(cities)
            .dictionary_encode()
            .cast(pa.dictionary(pa.int8(), pa.large_string()))
        }
    )
    assert px.from_arrow(_ipc(pa, small)).to_dicts() == df.to_dicts()


def test_moments_keep_their_zone_and_unit() -> None:
    from zoneinfo import ZoneInfo

    berlin = ZoneInfo("Europe/Berlin")
    fixed = datetime.timezone(datetime.timedelta(hours=-3, minutes=-30))
    given = {
        "a": [datetime.datetime(2024, 10, 27, 2, 30, fold=fold, tzinfo=berlin) for fold in (0, 1)],
        "b": [datetime.datetime(2024, 7, 1, tzinfo=fixed), None],
        "c": [datetime.datetime(2024, 7, 1, tzinfo=datetime.UTC), None],
    }
    df = px.from_columns(given)
    assert df.dtypes == {
        "a": "timestamp(us,Europe/Berlin)",
        "b": "timestamp(us,-03:30)",
        "c": "timestamp(us,UTC)",
    }
    assert df.column("a").to_list() == given["a"] and df.column("b").to_list() == given["b"]
    assert [str(one.tzinfo) for one in df.column("a").to_list()] == ["Europe/Berlin"] * 2
    assert [one.fold for one in df.column("a").to_list()] == [0, 1]
    late = df.filter(px.col("a").gt(given["a"][0])).column("a").to_list()
    assert late == given["a"][1:]
    np = pytest.importorskip("numpy")
    coarse = px.from_columns({"t": ["2024-07-01"]}, schema={"t": "timestamp(s)"})["t"]
    assert coarse.to_list() == [datetime.datetime(2024, 7, 1)]
    assert coarse.to_numpy().dtype == np.dtype("datetime64[s]")


def test_arrow_takes_frames_and_bytes_come_back(sales: px.DataFrame) -> None:
    assert px.from_arrow(sales.to_arrow()).to_dicts() == sales.to_dicts()
    pa = pytest.importorskip("pyarrow")
    table = pa.table(sales)
    assert table.to_pylist() == sales.to_dicts()
    assert px.from_arrow(_ipc(pa, table)).to_dicts() == sales.to_dicts()


def _ipc(pa: object, table: object) -> bytes:
    sink = pa.BufferOutputStream()  # type: ignore[attr-defined]
    with pa.ipc.new_stream(sink, table.schema) as writer:  # type: ignore[attr-defined]
        writer.write_table(table)
    return sink.getvalue().to_pybytes()


def test_version_is_a_version() -> None:
    assert px.version().count(".") == 2


def test_decimals_are_pythons_own() -> None:
    values = [Decimal("1.50"), None, Decimal("-0.25"), Decimal("12")]
    df = px.from_columns({"a": values})
    assert df.dtypes == {"a": "decimal(4,2)"}
    assert [str(value) for value in df.column("a").to_list()] == ["1.50", "None", "-0.25", "12.00"]
    total = df.agg({"s": px.col("a").mul(Decimal("0.1")).sum()})
    assert total.column("s").to_list() == [Decimal("1.325")]
    typed = df.select({"x": px.lit("2.5", "decimal(9,3)")})
    assert (typed.dtypes, typed.column("x").to_list()[0]) == ({"x": "decimal(9,3)"}, Decimal("2.5"))
    with pytest.raises(px.PardoxError, match="a decimal number"):
        px.lit(Decimal("NaN"))
