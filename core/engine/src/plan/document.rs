//! The plan document: the wire form of a question, strict and versioned JSON.
//!
//! In: text from a binding. Out: wire types that follow the document one to one. They are apart
//! from the engine's own types (`expr`, `node`), so that the engine can change without the wire.
//! An unknown node or field is refused by name; 64-bit integers, dates and floats travel as text.
//!
//! A `text` expression or item and a `sql` node hold text of the second door; `expand` (in `sql`)
//! turns them into the very nodes a builder sends, which is the canonical form.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::functions::{AggregateFunction, Function};
pub use super::parse::{parse, parse_params, to_json};
pub use super::wire_csv::{
    Compression, CsvDialect, CsvReadSpec, CsvWriteSpec, DateOrder, OnBadEncoding, OnBadQuote,
    OnBadValue, OnLong, OnShort, Quoting,
};
use crate::column::DataType;

/// Version of the document's schema. A reader refuses any other major.
pub const DOCUMENT_SCHEMA: u32 = 1;

/// A whole question.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Document {
    /// Major version of the document's schema: 1.
    pub schema: u32,
    /// Smallest engine version that can answer, as `major.minor`.
    pub engine: String,
    /// The plan's last step; its inputs hang below it.
    pub plan: Node,
}

/// A step of a plan.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum Node {
    /// A table handed in beside the document, by its position.
    Frame(FrameNode),
    /// A small table written out in the document.
    Values(ValuesNode),
    /// A CSV file, several of them as one table, or what the host pushes.
    ScanCsv(ScanCsvNode),
    /// How many records CSV files hold, as one row: rows (int64). Nothing is made of their values.
    CountCsv(CountCsvNode),
    /// A `.prdx` file.
    ScanPrdx(ScanPrdxNode),
    /// How to read a CSV file, as its bytes tell: one row with a column for each option, then
    /// columns, confidence, doubt.
    SniffCsv(SniffCsvNode),
    /// A `select` statement over named tables.
    Sql(SqlNode),
    /// Keeps or computes columns: the result has just these.
    Select(ColumnsNode),
    /// Adds columns, or replaces those of the same name.
    WithColumns(ColumnsNode),
    /// Keeps the rows for which the predicate is true (neither false nor null).
    Filter(FilterNode),
    /// One row for each distinct combination of keys, in order of first appearance.
    Aggregate(AggregateNode),
    /// Combines rows of two tables whose keys are equal; null keys never match.
    Join(JoinNode),
    /// Orders rows; stable.
    Sort(SortNode),
    /// Skips `offset` rows, then keeps at most `count`.
    Limit(LimitNode),
    /// Keeps the last `count` rows.
    Tail(TailNode),
    /// Keeps the first row of each distinct combination of values.
    Distinct(DistinctNode),
    /// All rows of all inputs, one after the other; names and types must agree.
    Union(UnionNode),
    /// Gives columns other names.
    Rename(RenameNode),
    /// Leaves columns out.
    Drop(DropNode),
    /// Count, nulls, mean, deviation, extremes and quartiles of each column, as a table.
    Describe(DescribeNode),
    /// Writes the rows as CSV; the result is one row: path, rows, bytes.
    WriteCsv(WriteCsvNode),
    /// Writes the rows as `.prdx`; the result is one row: path, rows, bytes.
    WritePrdx(WritePrdxNode),
}

impl Node {
    /// The steps right below, in order; the tables of a `sql` text are its inputs.
    pub fn inputs(&self) -> Vec<&Node> {
        match self {
            Node::Frame(_)
            | Node::Values(_)
            | Node::ScanCsv(_)
            | Node::CountCsv(_)
            | Node::ScanPrdx(_)
            | Node::SniffCsv(_) => vec![],
            Node::Sql(sql) => sql.tables.values().collect(),
            Node::Select(node) | Node::WithColumns(node) => vec![&node.input],
            Node::Filter(node) => vec![&node.input],
            Node::Aggregate(node) => vec![&node.input],
            Node::Join(node) => vec![&node.left, &node.right],
            Node::Sort(node) => vec![&node.input],
            Node::Limit(node) => vec![&node.input],
            Node::Tail(node) => vec![&node.input],
            Node::Distinct(node) => vec![&node.input],
            Node::Union(node) => node.inputs.iter().collect(),
            Node::Rename(node) => vec![&node.input],
            Node::Drop(node) => vec![&node.input],
            Node::Describe(node) => vec![&node.input],
            Node::WriteCsv(node) => vec![&node.input],
            Node::WritePrdx(node) => vec![&node.input],
        }
    }

    /// Number of steps, itself and all below.
    pub fn count(&self) -> usize {
        let (mut count, mut pile) = (0, vec![self]);
        while let Some(node) = pile.pop() {
            count += 1;
            pile.extend(node.inputs());
        }
        count
    }
}

macro_rules! wire {
    ($($(#[$doc:meta])* $name:ident { $($(#[$field_doc:meta])* $field:ident: $kind:ty,)* })+) => {$(
        $(#[$doc])*
        #[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
        #[serde(deny_unknown_fields)]
        pub struct $name { $($(#[$field_doc])* pub $field: $kind,)* }
    )+};
}

wire! {
    /// See [`Node::Frame`].
    FrameNode {
        /// Position among the frames handed in, from 0.
        index: usize,
    }
    /// See [`Node::Values`].
    ValuesNode {
        /// The columns; all of one length.
        columns: Vec<ValuesColumn>,
    }
    /// A column written out.
    ValuesColumn {
        /// Name of the column.
        name: String,
        /// Name of its type.
        #[schemars(extend("pattern" = dtype_pattern()))]
        dtype: String,
        /// Values as text (`"1"`, `"true"`, `"2026-11-22"`), null for null.
        values: Vec<Option<String>>,
    }
    /// See [`Node::ScanCsv`]. Takes exactly one of `path`, `paths` and `feed`.
    ScanCsvNode {
        /// Path of the file, or a pattern (`*`, `?`, `[...]`, `**`) where no file has that name.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        path: Option<String>,
        /// Paths or patterns of files that are read as one table, in this order.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        paths: Option<Vec<String>>,
        /// Position of a feed among the frames handed in, from 0.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        feed: Option<usize>,
        /// How to read it.
        #[serde(default)]
        options: Box<CsvReadSpec>,
    }
    /// See [`Node::CountCsv`]. Takes exactly one of `path`, `paths` and `feed`.
    CountCsvNode {
        /// Path of the file, or a pattern (`*`, `?`, `[...]`, `**`) where no file has that name.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        path: Option<String>,
        /// Paths or patterns of files.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        paths: Option<Vec<String>>,
        /// Position of a feed among the frames handed in, from 0.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        feed: Option<usize>,
        /// How its records are told apart.
        #[serde(default)]
        options: Box<CsvReadSpec>,
    }
    /// See [`Node::ScanPrdx`].
    ScanPrdxNode {
        /// Path of the file.
        path: String,
    }
    /// See [`Node::SniffCsv`].
    SniffCsvNode {
        /// Path of the file.
        path: String,
        /// Options that are known; those not sent are found.
        #[serde(default)]
        options: Box<CsvReadSpec>,
    }
    /// See [`Node::Sql`].
    SqlNode {
        /// One `select` statement.
        query: String,
        /// The tables that the statement may name.
        #[serde(default, deserialize_with = "unique_map")]
        tables: BTreeMap<String, Node>,
    }
    /// See [`Node::Select`] and [`Node::WithColumns`].
    ColumnsNode {
        /// The table.
        input: Box<Node>,
        /// The columns in order.
        columns: Vec<Item>,
    }
    /// See [`Node::Filter`].
    FilterNode {
        /// The table.
        input: Box<Node>,
        /// A bool expression.
        predicate: Expression,
    }
    /// See [`Node::Aggregate`].
    AggregateNode {
        /// The table.
        input: Box<Node>,
        /// What to group by; none makes one row of the whole table.
        keys: Vec<Item>,
        /// What to compute for each group; every column in it stands within an aggregate.
        aggregates: Vec<Item>,
    }
    /// See [`Node::Join`].
    JoinNode {
        /// The table whose order the result keeps.
        left: Box<Node>,
        /// The table looked up.
        right: Box<Node>,
        /// Pairs of columns that must be equal; at least one.
        on: Vec<JoinKey>,
        /// Which rows to keep.
        how: JoinHow,
        /// Appended to right columns whose name the left table has as well.
        #[serde(default = "default_suffix")]
        suffix: String,
    }
    /// A pair of columns that must be equal.
    JoinKey {
        /// Column of the left table.
        left: String,
        /// Column of the right table; left out of the result where it is named as the left one.
        right: String,
    }
    /// See [`Node::Sort`].
    SortNode {
        /// The table.
        input: Box<Node>,
        /// Keys, the most significant first.
        by: Vec<SortItem>,
    }
    /// See [`Node::Limit`].
    LimitNode {
        /// The table.
        input: Box<Node>,
        /// Rows to skip.
        #[serde(default)]
        offset: u64,
        /// Rows to keep; null keeps all.
        count: Option<u64>,
    }
    /// See [`Node::Tail`].
    TailNode {
        /// The table.
        input: Box<Node>,
        /// Rows to keep.
        count: u64,
    }
    /// See [`Node::Distinct`].
    DistinctNode {
        /// The table.
        input: Box<Node>,
        /// Columns to compare; null compares all.
        #[serde(default)]
        columns: Option<Vec<String>>,
    }
    /// See [`Node::Union`].
    UnionNode {
        /// The tables; at least one.
        inputs: Vec<Node>,
    }
    /// See [`Node::Rename`].
    RenameNode {
        /// The table.
        input: Box<Node>,
        /// Old and new names.
        columns: Vec<Renaming>,
    }
    /// One column's old and new name.
    Renaming {
        /// The name now.
        from: String,
        /// The name in the result.
        to: String,
    }
    /// See [`Node::Drop`].
    DropNode {
        /// The table.
        input: Box<Node>,
        /// Columns to leave out.
        columns: Vec<String>,
    }
    /// See [`Node::Describe`].
    DescribeNode {
        /// The table.
        input: Box<Node>,
    }
    /// See [`Node::WriteCsv`].
    WriteCsvNode {
        /// The table.
        input: Box<Node>,
        /// Path of the file.
        path: String,
        /// How to write it.
        #[serde(default)]
        options: CsvWriteSpec,
    }
    /// See [`Node::WritePrdx`].
    WritePrdxNode {
        /// The table.
        input: Box<Node>,
        /// Path of the file.
        path: String,
    }
    /// An expression and the name of its column.
    Named {
        /// Name of the column in the result.
        name: String,
        /// What it holds.
        expr: Expression,
    }
    /// An expression to order by.
    SortKey {
        /// What to order by.
        expr: Expression,
        /// Largest first.
        #[serde(default)]
        descending: bool,
        /// Where nulls go, in either direction.
        #[serde(default)]
        nulls: NullOrder,
    }
    /// A call of an expression function.
    CallExpression {
        /// Name of the function.
        #[schemars(extend("enum" = function_names()))]
        function: String,
        /// Operands in order.
        args: Vec<Expression>,
    }
    /// The first branch whose condition is true.
    CaseExpression {
        /// Conditions and their results; at least one.
        branches: Vec<CaseBranch>,
        /// The result where no condition is true; null is null.
        #[serde(default)]
        otherwise: Option<Box<Expression>>,
    }
    /// One branch of a case.
    CaseBranch {
        /// A bool expression.
        when: Expression,
        /// The result where it is true.
        then: Expression,
    }
    /// A list or a struct, as a value.
    NestedLiteral {
        /// Name of its type: `list(int64)`, `struct(a int64, b utf8)`.
        dtype: String,
        /// The value as JSON text: lists as arrays, structs as objects or as arrays in order of
        /// their fields, all else as JSON has it or as text.
        value: String,
    }
    /// A conversion to another type.
    CastExpression {
        /// What to convert.
        input: Box<Expression>,
        /// Name of the type.
        #[schemars(extend("pattern" = dtype_pattern()))]
        to: String,
    }
    /// An aggregate.
    AggregateExpression {
        /// Name of the aggregate function.
        #[schemars(extend("enum" = aggregate_names()))]
        function: String,
        /// What is aggregated; null for `count` counts rows.
        #[serde(default)]
        input: Option<Box<Expression>>,
    }
}

pub(crate) fn default_suffix() -> String {
    "_right".to_owned()
}

/// A column of a result: an expression with its name, or text that may stand for several.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum Item {
    /// An expression and its name.
    Named(Named),
    /// Text such as `a, price * quantity as total`.
    Text(String),
}

/// A sort key, or text that may stand for several.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum SortItem {
    /// An expression with its direction.
    Key(SortKey),
    /// Text such as `total desc nulls first, name`.
    Text(String),
}

/// An expression over the columns of one table.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum Expression {
    /// A column by name.
    Col(String),
    /// A value.
    Lit(Literal),
    /// A value handed in beside the document, by name.
    Param(String),
    /// Text such as `price > 10 and region = :r`.
    Text(String),
    /// A call of a function.
    Call(CallExpression),
    /// The first branch whose condition is true.
    Case(CaseExpression),
    /// A conversion; a value that does not fit is an error.
    Cast(CastExpression),
    /// A conversion; a value that does not fit becomes null.
    TryCast(CastExpression),
    /// An aggregate; only within the aggregates of an `aggregate` step.
    Agg(AggregateExpression),
}

/// A typed value; numbers and dates as text, so that no JSON reader rounds them.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum Literal {
    /// No value.
    Null,
    /// True or false.
    Bool(bool),
    /// A whole number in decimal.
    Int64(String),
    /// A decimal number, `NaN`, `inf` or `-inf`.
    Float64(String),
    /// `YYYY-MM-DD`.
    Date(String),
    /// `YYYY-MM-DDTHH:MM:SS[.ffffff]`.
    Timestamp(String),
    /// Text.
    Utf8(String),
    /// A whole number in decimal, from -128 to 127.
    #[serde(rename = "int8")]
    Int8(String),
    /// A whole number in decimal, from -32768 to 32767.
    #[serde(rename = "int16")]
    Int16(String),
    /// A whole number in decimal, from -2147483648 to 2147483647.
    #[serde(rename = "int32")]
    Int32(String),
    /// A whole number in decimal, from 0 to 255.
    #[serde(rename = "uint8")]
    UInt8(String),
    /// A whole number in decimal, from 0 to 65535.
    #[serde(rename = "uint16")]
    UInt16(String),
    /// A whole number in decimal, from 0 to 4294967295.
    #[serde(rename = "uint32")]
    UInt32(String),
    /// A whole number in decimal, from 0 to 18446744073709551615.
    #[serde(rename = "uint64")]
    UInt64(String),
    /// A decimal number, `NaN`, `inf` or `-inf`: the nearest binary32.
    Float32(String),
    /// A decimal number, of the precision and the scale that its digits show: `12.50`.
    Decimal(String),
    /// A list or a struct.
    Nested(NestedLiteral),
    /// A value of a type with parameters, as `timestamp(us,Europe/Berlin)`, in the type's text.
    Typed(TypedLiteral),
}

/// A value and its type.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct TypedLiteral {
    /// Name of the type.
    pub dtype: String,
    /// The value as the type's text.
    pub value: String,
}

/// Values for the parameters of a plan, by name.
pub type Params = BTreeMap<String, Literal>;

/// Which rows a join keeps.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum JoinHow {
    /// Pairs of matching rows.
    Inner,
    /// As inner, and left rows without a match with nulls for the right columns.
    Left,
    /// Left rows that have a match, once each; no right columns.
    Semi,
    /// Left rows that have no match; no right columns.
    Anti,
}

/// Where nulls go when rows are ordered.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum NullOrder {
    /// Before all values.
    First,
    /// After all values.
    #[default]
    Last,
}

/// Reads a map and refuses a key that occurs twice: the last of two would win in silence.
pub(super) fn unique_map<'de, V, D>(source: D) -> Result<BTreeMap<String, V>, D::Error>
where
    V: Deserialize<'de>,
    D: serde::Deserializer<'de>,
{
    struct Unique<V>(std::marker::PhantomData<V>);

    impl<'de, V: Deserialize<'de>> serde::de::Visitor<'de> for Unique<V> {
        type Value = BTreeMap<String, V>;

        fn expecting(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
            out.write_str("an object")
        }

        fn visit_map<A: serde::de::MapAccess<'de>>(
            self,
            mut entries: A,
        ) -> Result<Self::Value, A::Error> {
            let mut map = BTreeMap::new();
            while let Some((key, value)) = entries.next_entry::<String, V>()? {
                if map.contains_key(&key) {
                    let message = format!("duplicate key `{key}`");
                    return Err(serde::de::Error::custom(message));
                }
                map.insert(key, value);
            }
            Ok(map)
        }
    }

    source.deserialize_map(Unique(std::marker::PhantomData))
}

/// The JSON Schema of a plan document, as `abi/include/plan.schema.json` holds it.
///
/// Shape: pretty-printed, with a final newline; the same text on every run.
pub fn json_schema() -> String {
    let schema = schemars::schema_for!(Document);
    let mut text = serde_json::to_string_pretty(&schema).expect("a schema is plain JSON");
    text.push('\n');
    text
}

fn function_names() -> Vec<&'static str> {
    Function::all().map(Function::name).collect()
}

fn aggregate_names() -> Vec<&'static str> {
    AggregateFunction::ALL.iter().map(|function| function.name()).collect()
}

/// The names of types, and the form of those that have parameters.
fn dtype_pattern() -> String {
    let names: Vec<String> = DataType::ALL.iter().map(DataType::to_string).collect();
    let plain = names.join("|");
    let moments = "timestamp\\([mun]?s(, ?[A-Za-z0-9_+:/-]+)?\\)";
    let nested = "list\\(.+\\)|struct\\(.+\\)";
    format!("^({plain}|decimal\\([0-9]+, ?[0-9]+\\)|{moments}|{nested})$")
}
