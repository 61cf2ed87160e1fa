//! Plan: a question with every name and type resolved, ready to be rewritten and run.

use std::sync::Arc;

use super::expr::{Aggregate, Expr, SortKey};
use super::files::Streamed;
use crate::column::{ColumnDef, DataType, Frame, Schema, SchemaRef};
use crate::format::csv::{CsvReadOptions, CsvSource, CsvWriteOptions};

/// A step, its inputs below it, and the schema of its rows.
#[derive(Clone, Debug)]
pub struct Plan {
    /// Names and types of the result.
    pub schema: SchemaRef,
    /// What it does.
    pub step: Step,
}

/// The steps.
#[derive(Clone, Debug)]
pub enum Step {
    /// A table at hand: handed in, written out, mapped, or read for this plan.
    Source {
        /// The rows.
        frame: Frame,
        /// Positions of the columns used, in order of the schema.
        columns: Vec<usize>,
        /// Where it comes from, for `explain`.
        origin: String,
    },
    /// A table that is read while the steps above take its rows.
    Stream {
        /// The rows.
        table: Arc<dyn Streamed>,
        /// Positions of the columns used, in order of the schema.
        columns: Vec<usize>,
        /// Where it comes from, for `explain`.
        origin: String,
    },
    /// Counts the records of CSV files; gives one row: rows (int64).
    CountCsv {
        /// The files.
        source: CsvSource,
        /// How records are told apart.
        options: Box<CsvReadOptions>,
    },
    /// Rows for which the predicate is true.
    Filter {
        /// The table.
        input: Box<Plan>,
        /// A bool expression.
        predicate: Expr,
    },
    /// One expression for each column of the schema (select, with_columns, rename, drop).
    Project {
        /// The table.
        input: Box<Plan>,
        /// In order of the schema.
        exprs: Vec<Expr>,
    },
    /// Groups in order of first appearance; the schema holds keys, then aggregates.
    Aggregate {
        /// The table.
        input: Box<Plan>,
        /// What to group by; none makes exactly one row.
        keys: Vec<Expr>,
        /// What to compute.
        aggregates: Vec<Aggregate>,
    },
    /// Rows with equal keys, in order of the left rows, then of the right ones.
    Join {
        /// The table whose order is kept.
        left: Box<Plan>,
        /// The table looked up.
        right: Box<Plan>,
        /// Pairs of expressions of one type: over the left, over the right table.
        keys: Vec<(Expr, Expr)>,
        /// Which rows to keep.
        kind: JoinKind,
        /// Positions of the right columns that follow the left ones (none for semi and anti).
        right_columns: Vec<usize>,
    },
    /// Rows in order; stable.
    Sort {
        /// The table.
        input: Box<Plan>,
        /// Keys, the most significant first.
        keys: Vec<SortKey>,
    },
    /// Some rows from the front.
    Limit {
        /// The table.
        input: Box<Plan>,
        /// Rows to skip.
        offset: u64,
        /// Rows to keep; `None` keeps all.
        count: Option<u64>,
    },
    /// The last rows.
    Tail {
        /// The table.
        input: Box<Plan>,
        /// Rows to keep.
        count: u64,
    },
    /// The first row of each distinct combination.
    Distinct {
        /// The table.
        input: Box<Plan>,
        /// Positions of the columns compared.
        columns: Vec<usize>,
    },
    /// All rows of all inputs in order; their schemas agree.
    Union {
        /// The tables.
        inputs: Vec<Plan>,
    },
    /// A summary of each column.
    Describe {
        /// The table.
        input: Box<Plan>,
    },
    /// Writes CSV; gives one row: path (utf8), rows (int64), bytes (int64).
    WriteCsv {
        /// The table.
        input: Box<Plan>,
        /// Path of the file.
        path: String,
        /// How to write.
        options: CsvWriteOptions,
    },
    /// Writes `.prdx`; gives the same one row.
    WritePrdx {
        /// The table.
        input: Box<Plan>,
        /// Path of the file.
        path: String,
    },
}

impl Plan {
    /// The steps right below, in order.
    pub fn inputs(&self) -> Vec<&Plan> {
        match &self.step {
            Step::Source { .. } | Step::Stream { .. } | Step::CountCsv { .. } => vec![],
            Step::Filter { input, .. }
            | Step::Project { input, .. }
            | Step::Aggregate { input, .. }
            | Step::Sort { input, .. }
            | Step::Limit { input, .. }
            | Step::Tail { input, .. }
            | Step::Distinct { input, .. }
            | Step::Describe { input }
            | Step::WriteCsv { input, .. }
            | Step::WritePrdx { input, .. } => vec![input],
            Step::Join { left, right, .. } => vec![left, right],
            Step::Union { inputs } => inputs.iter().collect(),
        }
    }
}

/// Which rows a join keeps.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum JoinKind {
    /// Pairs of matching rows.
    Inner,
    /// And left rows without a match.
    Left,
    /// Left rows with a match, once each.
    Semi,
    /// Left rows without a match.
    Anti,
}

/// The columns of [`Step::Describe`]: one row for each column of the input. `min` and `max` are
/// text as a CSV file would hold it; numbers of columns that are not numbers are null.
pub fn described_schema() -> SchemaRef {
    use DataType::{Float64, Int64, Utf8};
    fixed_schema(&[
        ("column", Utf8),
        ("dtype", Utf8),
        ("count", Int64),
        ("nulls", Int64),
        ("mean", Float64),
        ("std", Float64),
        ("min", Utf8),
        ("q25", Float64),
        ("median", Float64),
        ("q75", Float64),
        ("max", Utf8),
    ])
}

/// The columns of [`Step::WriteCsv`] and [`Step::WritePrdx`].
pub fn written_schema() -> SchemaRef {
    fixed_schema(&[("path", DataType::Utf8), ("rows", DataType::Int64), ("bytes", DataType::Int64)])
}

/// The column of [`Step::CountCsv`].
pub fn counted_schema() -> SchemaRef {
    fixed_schema(&[("rows", DataType::Int64)])
}

fn fixed_schema(columns: &[(&str, DataType)]) -> SchemaRef {
    let columns =
        columns.iter().map(|(name, dtype)| ColumnDef::new(*name, dtype.clone())).collect();
    Arc::new(Schema::new(columns).expect("the names here differ"))
}
