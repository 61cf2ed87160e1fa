"""PardoX for Python: tables from files into typed columns, questions into answers.

>>> import pardox as px
>>> df = px.from_columns({"price": [12.5, 3.0], "quantity": [2, 10]})
>>> df["total"] = df["price"] * df["quantity"]
>>> df["total"].to_list()
[25.0, 30.0]
"""

from ._module import *  # noqa: F403
from ._operations import (
    ColumnDefinition,
    CsvDialect,
    CsvSniff,
    DataType,
    DateOrder,
    ErrorKind,
    JoinHow,
    NullOrder,
    OnBadEncoding,
    OnBadQuote,
    OnBadValue,
    OnLong,
    OnShort,
    WriteReport,
)
from ._wire import SortKey
from .column import Column
from .errors import LibraryError, PardoxError
from .expressions import CaseExpr, Expr, Series
from .frame import DataFrame, GroupBy, LazyFrame, from_arrow, shutdown, version
