//! Expr: an expression with names and types resolved, ready to run.

use super::functions::{AggregateFunction, Function};
use crate::column::{DataType, Scalar};

/// An expression over the columns of one input. Operand types are exact: where they differed in the
/// document, `bind` has put casts, so kernels see equal types only (but for int64 against float64
/// in comparisons, which compare exactly).
#[derive(Clone, Debug, PartialEq)]
pub struct Expr {
    /// What it does.
    pub kind: ExprKind,
    /// Type of its values.
    pub dtype: DataType,
}

/// The forms of an expression.
#[derive(Clone, Debug, PartialEq)]
pub enum ExprKind {
    /// The input's column at this position.
    Column(usize),
    /// One value for all rows; a null takes the expression's type.
    Literal(Scalar),
    /// A function of operands.
    Call {
        /// Which function.
        function: Function,
        /// Its operands.
        args: Vec<Expr>,
    },
    /// The first branch whose condition is true.
    Case {
        /// Conditions and results.
        branches: Vec<(Expr, Expr)>,
        /// Where no condition is true; a null literal when not given.
        otherwise: Box<Expr>,
    },
    /// A conversion to `dtype`.
    Cast {
        /// What is converted.
        input: Box<Expr>,
        /// Whether a misfit becomes null instead of an error.
        is_try: bool,
    },
}

/// One aggregate of a group.
#[derive(Clone, Debug, PartialEq)]
pub struct Aggregate {
    /// Which function.
    pub function: AggregateFunction,
    /// Its operand; `None` counts rows.
    pub input: Option<Expr>,
    /// Type of the result.
    pub dtype: DataType,
}

/// One key of a sort.
#[derive(Clone, Debug, PartialEq)]
pub struct SortKey {
    /// What to order by.
    pub expr: Expr,
    /// Largest first.
    pub descending: bool,
    /// Nulls before all values, in either direction.
    pub nulls_first: bool,
}
