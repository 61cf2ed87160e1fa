//! Plan: a question with every name and type resolved, ready to be rewritten and run.

use super::expr::{Aggregate, Expr, SortKey};
use crate::column::{Frame, SchemaRef};
use crate::format::csv::CsvWriteOptions;

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
