"""Frames: tables at hand, and tables that are yet to be computed."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any, Generic

from . import _wire
from ._arrow import stream_capsule
from ._document import dumps, encoded
from ._feed import Feed
from ._library import Handle, native, take_bytes
from ._native import State
from ._operations import (
    ColumnDefinition,
    CsvSniff,
    FrameSteps,
    FrameT,
    GroupSteps,
    WriteReport,
)
from .column import Column
from .errors import PardoxError
from .expressions import Expr, Series

if TYPE_CHECKING:
    from typing import Self

    from ._wire import Operand, Value, Wire

# Between two looks at an operation Python handles signals, so that Ctrl-C is heard.
_WAIT_SLICE_MS = 50


class FrameRef:
    """A table of the library as a leaf of a plan; it becomes its index when the plan runs."""

    def __init__(self, handle: Handle) -> None:
        """Stand for a frame."""
        self.handle = handle


class _Question:
    """A plan with its frames and parameters, as the library takes them.

    A plan that reads a stream is run (`runs`) or not asked at all: the stream would be gone.
    """

    def __init__(
        self, node: Wire, params: Mapping[str, Value] | None, *, runs: bool = False
    ) -> None:
        self.frames: list[int] = []
        self._feeds: dict[int, Feed] = {}
        self._runs = runs
        document = {"schema": 1, "engine": "0.1", "plan": node}
        self.json = encoded(dumps(document, self._leaf))
        given = {name: _wire.literal(value) for name, value in (params or {}).items()}
        self.params = encoded(json.dumps(given, ensure_ascii=False))

    def _leaf(self, value: object) -> Wire:
        if isinstance(value, Feed):
            if not self._runs:
                _wire.refuse("the plan reads a stream; only collect can ask it")
            self._feeds[len(self.frames)] = value
            self.frames.append(0)
            return len(self.frames) - 1
        if not isinstance(value, FrameRef):
            return _wire.refuse(f"expected plain values in a plan, found {_wire.describe(value)}")
        self.frames.append(value.handle.value)
        return {"frame": {"index": len(self.frames) - 1}}

    def plan(self) -> Handle:
        return Handle(native().plan_parse(self.json), "plan")

    def fill(self, feeds: list[Handle]) -> None:
        """Read the streams to their ends, into feeds that the caller closes."""
        for index, one in self._feeds.items():
            feeds.append(one.fill())
            self.frames[index] = feeds[-1].value


def run(
    node: Wire, *, threads: int | None = None, params: Mapping[str, Value] | None = None
) -> DataFrame:
    """Run a plan; KeyboardInterrupt and any other exception cancel it."""
    question = _Question(node, params, runs=True)
    options = {} if threads is None else {"threads": _wire.whole(threads, "threads")}
    plan = question.plan()
    feeds: list[Handle] = []
    try:
        question.fill(feeds)
        number = native().collect(
            plan.value, question.frames, question.params, json.dumps(options).encode()
        )
    finally:
        # The operation keeps what it reads.
        for one in [plan, *feeds]:
            one.close()
    operation = Handle(number, "operation")
    try:
        while native().operation_wait(operation.value, _WAIT_SLICE_MS) == State.RUNNING:
            pass
        return DataFrame(Handle(native().operation_result(operation.value), "frame"))
    except BaseException:
        native().operation_cancel(operation.value)
        raise
    finally:
        operation.close()


def count(
    node: Wire, *, threads: int | None = None, params: Mapping[str, Value] | None = None
) -> int:
    """Run a plan that counts."""
    with run(node, threads=threads, params=params) as result:
        (row,) = result.to_dicts()
    found: Any = row["rows"]
    return int(found)


def sniff(
    node: Wire, *, threads: int | None = None, params: Mapping[str, Value] | None = None
) -> CsvSniff:
    """Run a plan that sniffs; what was given comes back with what was found."""
    with run(node, threads=threads, params=params) as result:
        (row,) = result.to_dicts()
    told: Any = {name: row.pop(name) for name in ("columns", "confidence", "doubt")}
    options = {**node["sniff_csv"]["options"], **row}
    # The file is looked at here, and not again.
    options.pop("dialect", None)
    return CsvSniff(options, **told)


class DataFrame(FrameSteps):
    """A table in memory. A step runs at once and gives another frame.

    Frames do not change, but for `df["total"] = ...`, which gives this object another table.
    """

    def __init__(self, handle: Handle) -> None:
        """Take over a frame of the library; users take `px.read_csv` and its kin."""
        self._wire: Wire = FrameRef(handle)

    @property
    def _handle(self) -> Handle:
        handle: Handle = self._wire.handle
        return handle

    def _step(self, node: Wire, params: Mapping[str, Value] | None = None) -> Self:
        result: Any = run(node, params=params)
        return result  # type: ignore[no-any-return]

    def _write(self, node: Wire) -> WriteReport:
        return _report(node, None)

    def _group(self, keys: list[Wire]) -> GroupBy[Self]:
        return GroupBy(self, keys)

    @property
    def shape(self) -> tuple[int, int]:
        """Number of rows and of columns."""
        return native().frame_shape(self._handle.value)

    @property
    def schema(self) -> list[ColumnDefinition]:
        """Names and types of the columns, in order."""
        return _definitions(native().frame_schema(self._handle.value))

    @property
    def columns(self) -> list[str]:
        """Names of the columns, in order."""
        return [one.name for one in self.schema]

    @property
    def dtypes(self) -> dict[str, str]:
        """Types by column name."""
        return {one.name: one.dtype for one in self.schema}

    def column(self, name: str) -> Column:
        """Give one column.

        Raises
        ------
        PardoxError
            unknown_column, released_handle.
        """
        schema = self.schema
        names = [one.name for one in schema]
        if name not in names:
            # A plan that selects it says what is near, in the engine's own words.
            run({"select": {"input": self._wire, "columns": _wire.items([name], {})}}).close()
        index = names.index(name)
        return self._column_at(index, schema[index])

    def _column_at(self, index: int, definition: ColumnDefinition) -> Column:
        handle = Handle(native().frame_column(self._handle.value, index), "column")
        return Column(handle, definition.name, definition.dtype)

    def to_dicts(self) -> list[dict[str, Value]]:
        """Give all rows as dicts. For large tables read columns instead."""
        return list(self.rows())

    def rows(self) -> Iterator[dict[str, Value]]:
        """Iterate over the rows as dicts."""
        schema = self.schema
        names = [one.name for one in schema]
        columns = [self._column_at(index, one).to_list() for index, one in enumerate(schema)]
        if not names:
            return iter([])
        return (dict(zip(names, row, strict=True)) for row in zip(*columns, strict=True))

    def display(self, *, width: int = 80, rows: int = 10) -> str:
        """Give the text table that every language prints.

        Parameters
        ----------
        width : int
            Characters in a line.
        rows : int
            Rows shown: the first and the last ones where there are more.
        """
        options = {"width": _wire.whole(width, "width"), "rows": _wire.whole(rows, "rows")}
        value = native().frame_display(self._handle.value, json.dumps(options).encode())
        return take_bytes(value).decode()

    def quarantine(self) -> DataFrame | None:
        """Give the records that reading CSV files set aside, each with its place and reason.

        None where there are none; else a frame of its own.
        """
        return self._attached("quarantine")

    def faults(self) -> DataFrame | None:
        """Give how often reading CSV files met a fault, by reason and by what was done.

        None where nothing was wrong; else a frame of its own.
        """
        return self._attached("counts")

    def _attached(self, name: str) -> DataFrame | None:
        value = native().frame_attached(self._handle.value, name.encode())
        return DataFrame(Handle(value, "frame")) if value else None

    def to_arrow(self) -> bytes:
        """Give the table as Arrow IPC bytes, in stream form."""
        return take_bytes(native().frame_to_ipc(self._handle.value))

    def __arrow_c_stream__(self, requested_schema: object = None) -> object:
        """Hand the table to pyarrow, Polars, DuckDB and others, without a copy."""
        return stream_capsule(self._handle.value)

    def lazy(self) -> LazyFrame:
        """Give a lazy frame on this table: steps gather until `collect`."""
        return LazyFrame(self._wire)

    def close(self) -> None:
        """Give the memory back, once nothing else uses it; a second close does nothing."""
        self._handle.close()

    def __getitem__(self, key: Any) -> Any:
        """`df["a"]` is a series, `df[["a", "b"]]` some columns, `df[df["a"] > 1]` some rows."""
        if isinstance(key, str):
            if key not in self.columns:
                self.column(key)
            return Series(self._wire, {"col": key}, key)
        if isinstance(key, Expr):
            self._own(key)
            return self.filter(key)
        if isinstance(key, list):
            return self.select(*key)
        return _wire.refuse(
            f"expected a column's name, a list of names or a condition, found {_wire.describe(key)}"
        )

    def __setitem__(self, name: str, value: Operand) -> None:
        self._own(value)
        item = {"named": {"name": _wire.text(name, "name"), "expr": _wire.operand(value)}}
        node = {"with_columns": {"input": self._wire, "columns": [item]}}
        self._wire = run(node)._wire

    def _own(self, value: object) -> None:
        """Refuse a series of another table: its rows need not be these rows."""
        if isinstance(value, Series) and value._source is not self._wire:
            raise PardoxError(
                "invalid_argument",
                "the series belongs to another frame, or to this one before an assignment; "
                "join the frames first, or take the column again",
            )

    def __len__(self) -> int:
        return self.shape[0]

    def __iter__(self) -> Iterator[str]:
        return iter(self.columns)

    def __contains__(self, name: object) -> bool:
        return name in self.columns

    def __repr__(self) -> str:
        # A debugger shows what is closed as well; `display` says the error.
        return "<DataFrame closed>" if self._handle.is_closed else self.display()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def __reduce__(self) -> Any:
        raise TypeError("a DataFrame holds memory of this process; write it with to_prdx instead")


class LazyFrame(FrameSteps):
    """A table that is yet to be computed: steps gather until `collect`."""

    def __init__(self, wire: Wire, params: Mapping[str, Value] | None = None) -> None:
        """Hold a plan; users take `px.scan_csv`, `px.sql` or `df.lazy()`."""
        self._wire = wire
        self._params = dict(params or {})

    def _step(self, node: Wire, params: Mapping[str, Value] | None = None) -> Self:
        return type(self)(node, _merge(self._params, params))

    def _write(self, node: Wire) -> WriteReport:
        return _report(node, self._params)

    def _group(self, keys: list[Wire]) -> GroupBy[Self]:
        return GroupBy(self, keys)

    def collect(
        self, *, threads: int | None = None, params: Mapping[str, Value] | None = None
    ) -> DataFrame:
        """Run the plan.

        Parameters
        ----------
        threads : int | None
            Worker threads; None takes the number of processors.
        params : Mapping[str, Value] | None
            Values for `:name` and `param` in the plan.
        """
        return run(self._wire, threads=threads, params=_merge(self._params, params))

    def explain(self, params: Mapping[str, Value] | None = None) -> str:
        """Give the plan as it will run, as text."""
        return self._ask(native().plan_explain, params).decode()

    def schema(self, params: Mapping[str, Value] | None = None) -> list[ColumnDefinition]:
        """Give names and types of the result, without running the plan."""
        return _parse_definitions(self._ask(native().plan_schema, params))

    def _ask(self, function: Any, params: Mapping[str, Value] | None) -> bytes:
        question = _Question(self._wire, _merge(self._params, params))
        plan = question.plan()
        try:
            return take_bytes(function(plan.value, question.frames, question.params))
        finally:
            plan.close()

    def __repr__(self) -> str:
        if _reads_stream(self._wire):
            return "LazyFrame of a stream"
        try:
            return f"LazyFrame\n{self.explain()}"
        except PardoxError as error:
            return f"<LazyFrame that cannot run: {error}>"


def _reads_stream(node: Wire) -> bool:
    """Whether a plan reads a stream, which looking at it must not do."""
    found: list[object] = []

    def leaf(value: object) -> None:
        found.append(value)

    dumps(node, leaf)
    return any(isinstance(value, Feed) for value in found)


class GroupBy(GroupSteps[FrameT], Generic[FrameT]):
    """Rows grouped by keys; `agg` says what to compute for each group."""

    def __init__(self, frame: FrameT, keys: list[Wire]) -> None:
        """Hold a frame and its keys; users take `df.groupby("region")`."""
        self._frame = frame
        self._wire = frame._wire
        self._keys = keys

    def _step(self, node: Wire, params: Mapping[str, Value] | None = None) -> FrameT:
        return self._frame._step(node, params)


def from_arrow(data: bytes) -> DataFrame:
    """Make a frame of Arrow IPC bytes, stream or file form; they are copied."""
    if not isinstance(data, (bytes, bytearray, memoryview)):
        _wire.refuse(f"expected bytes, found {_wire.describe(data)}")
    return DataFrame(Handle(native().frame_from_ipc(bytes(data)), "frame"))


def version() -> str:
    """Give the version of the native library."""
    return take_bytes(native().library_version()).decode()


def shutdown() -> None:
    """Cancel all work and end the library's threads; every later call is refused."""
    native().shutdown()


def _merge(known: Mapping[str, Value], more: Mapping[str, Value] | None) -> Mapping[str, Value]:
    """Join values of parameters; one name with two values would be a silent choice."""
    for name, value in (more or {}).items():
        # As the plan has them: True, 1 and 1.0 are equal in Python, and no two are one value.
        if name in known and _wire.literal(known[name]) != _wire.literal(value):
            raise PardoxError("parameter", f"the parameter {name} is given twice")
    return {**known, **(more or {})}


def _report(node: Wire, params: Mapping[str, Value] | None) -> WriteReport:
    with run(node, params=params) as result:
        (row,) = result.to_dicts()
    return WriteReport(**row)  # type: ignore[arg-type]


def _definitions(value: int) -> list[ColumnDefinition]:
    return _parse_definitions(take_bytes(value))


def _parse_definitions(data: bytes) -> list[ColumnDefinition]:
    return [ColumnDefinition(one["name"], one["dtype"]) for one in json.loads(data)]
