"""Expressions: plain values that say what to compute, and the columns of a frame at hand."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from . import _wire
from ._operations import ExprSteps
from .errors import PardoxError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ._wire import Expression, Operand, Value, Wire
    from .column import Column
    from .frame import FrameRef


class Expr(ExprSteps):
    """An expression over the columns of a table; `px.col("price") * 2` makes one."""

    __slots__ = ("_name", "_wire")
    __hash__ = object.__hash__

    def __init__(self, wire: Wire, name: str | None = None) -> None:
        """Wrap a wire form; users take `px.col`, `px.lit` and their kin."""
        self._wire = wire
        self._name = name

    def alias(self, name: str) -> Expr:
        """Name the column where this expression stands as an item.

        Examples
        --------
        >>> (px.col("price") * 2).alias("double")  # doctest: +SKIP
        """
        return Expr(self._wire, _wire.text(name, "name"))

    def _make(self, wire: Wire) -> Expr:
        return Expr(wire)

    def _self(self) -> Expr:
        return self

    def _call(self, function: str, *operands: Operand, at: int = 0) -> Expr:
        """Call a function whose operand at that position this is; the others follow in order."""
        args = (*operands[:at], self, *operands[at:])
        for operand in operands:
            if isinstance(operand, Series) and operand._source is not None:
                return operand._beside(self)._call_here(function, args)
        return self._call_here(function, args)

    def _call_here(self, function: str, operands: tuple[Operand, ...]) -> Expr:
        args = [_wire.operand(one) for one in operands]
        return self._make({"call": {"function": function, "args": args}})

    def _aggregate(self, function: str) -> Expr:
        return self._make({"agg": {"function": function, "input": self._wire}})

    def __bool__(self) -> bool:
        raise TypeError(
            "an expression has no truth value; use & | ~ instead of and, or, not, "
            "and is_in or between instead of in"
        )

    def __iter__(self) -> Iterator[Value]:
        raise TypeError("an expression has no values; collect a frame first")

    def __repr__(self) -> str:
        return f"Expr({self._wire})"


class CaseExpr(Expr):
    """A case: the first branch whose condition is true; null where none is."""

    __slots__ = ("_branches",)

    def __init__(self, branches: list[tuple[Expression, Operand]]) -> None:
        """Join conditions and their results; users take `px.when`."""
        self._branches = branches
        super().__init__(self._case(None))

    def _case(self, otherwise: Wire) -> Wire:
        pairs = [
            {"when": _wire.expression(when), "then": _wire.operand(then)}
            for when, then in self._branches
        ]
        return {"case": {"branches": pairs, "otherwise": otherwise}}

    def when(self, condition: Expression, value: Operand) -> CaseExpr:
        """Add a branch.

        Examples
        --------
        >>> px.when("a > 9", "much").when("a > 0", "some")  # doctest: +SKIP
        """
        return CaseExpr([*self._branches, (condition, value)])

    def otherwise(self, value: Operand) -> Expr:
        """Say what holds where no condition is true.

        Examples
        --------
        >>> px.when("a > 9", "much").otherwise("little")  # doctest: +SKIP
        """
        return Expr(self._case(_wire.operand(value)))


class Series(Expr):
    """A column of a frame, `df["price"]`, or what was computed from its columns.

    It keeps the table as it was when it was taken. Operators give another series; aggregates such
    as `sum` run at once and give a value, as in pandas.
    """

    __slots__ = ("_column", "_source")

    def __init__(self, source: FrameRef | None, wire: Wire, name: str | None = None) -> None:
        """Bind an expression to a table; users take `df["price"]`."""
        super().__init__(wire, name)
        self._source = source
        self._column: Column | None = None

    def _make(self, wire: Wire) -> Expr:
        return Series(self._source, wire)

    def _beside(self, other: Expr) -> Series:
        """Check that another operand belongs to the same table."""
        if isinstance(other, Series) and other._source is not self._source:
            raise PardoxError(
                "invalid_argument",
                "the series belong to different frames, or to one frame before and after an "
                "assignment; join the frames first, or take the columns again",
            )
        return self

    def _call(self, function: str, *operands: Operand, at: int = 0) -> Expr:
        for operand in operands:
            if isinstance(operand, Series):
                self._beside(operand)
        return self._call_here(function, (*operands[:at], self, *operands[at:]))

    def _aggregate(self, function: str) -> Any:
        from . import frame

        item = {"named": {"name": "value", "expr": super()._aggregate(function)._wire}}
        node = {"aggregate": {"input": self._source, "keys": [], "aggregates": [item]}}
        with frame.run(node) as result:
            return result.column("value").to_list()[0]

    @property
    def name(self) -> str | None:
        """The column's name, where the series is a plain column."""
        return self._name

    def column(self) -> Column:
        """Compute the values, once, as a column.

        Examples
        --------
        >>> (df["price"] * 2).column().view()  # doctest: +SKIP
        """
        from . import frame

        if self._column is None:
            name = self._name or "value"
            item = {"named": {"name": name, "expr": self._wire}}
            node = {"select": {"input": self._source, "columns": [item]}}
            with frame.run(node) as result:
                self._column = result.column(name)
        return self._column

    def to_list(self) -> list[Value]:
        """Give the values as a list, nulls as None."""
        return self.column().to_list()

    def to_numpy(self) -> Any:
        """Give the values as a NumPy array; see `Column.to_numpy`."""
        return self.column().to_numpy()

    def __len__(self) -> int:
        return self.column().row_count

    def __iter__(self) -> Iterator[Value]:
        return iter(self.to_list())

    def __repr__(self) -> str:
        from . import frame

        item = {"named": {"name": self._name or "value", "expr": self._wire}}
        node = {"select": {"input": self._source, "columns": [item]}}
        with frame.run(node) as result:
            return result.display()


def _call(function: str, *operands: Operand) -> Expr:
    """Call a function whose operands all stand behind it (`px.coalesce`)."""
    if not operands:
        _wire.refuse(f"{function} needs at least one operand")
    first, *rest = operands
    return _wire.expr(first)._call(function, *rest)


def _aggregate(function: str, value: Expr | str | None) -> Expr:
    """Aggregate a column by name, an expression, or, without one, rows."""
    wire = None if value is None else _wire.selector(value)
    return Expr({"agg": {"function": function, "input": wire}})
