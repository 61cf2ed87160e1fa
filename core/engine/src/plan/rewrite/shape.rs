//! What rules ask of expressions: which columns they use, whether they can fail, and the same
//! expression over other columns.

use std::collections::BTreeSet;

use crate::column::{DataType, Scalar};
use crate::error::ErrorKind;
use crate::plan::expr::{Expr, ExprKind};
use crate::plan::functions::Function;

/// Adds the positions of an expression's columns.
pub(super) fn columns_of(expr: &Expr, out: &mut BTreeSet<usize>) {
    let mut pile = vec![expr];
    while let Some(part) = pile.pop() {
        if let ExprKind::Column(index) = part.kind {
            out.insert(index);
        }
        pile.extend(operands(part));
    }
}

/// The same expression with each column replaced by what `replace` gives for its position and type.
pub(super) fn with_columns(expr: &Expr, replace: &dyn Fn(usize, DataType) -> Expr) -> Expr {
    let inner = |part: &Expr| with_columns(part, replace);
    let kind = match &expr.kind {
        ExprKind::Column(index) => return replace(*index, expr.dtype.clone()),
        ExprKind::Literal(value) => ExprKind::Literal(value.clone()),
        ExprKind::Call { function, args } => {
            ExprKind::Call { function: *function, args: args.iter().map(inner).collect() }
        }
        ExprKind::Case { branches, otherwise } => ExprKind::Case {
            branches: branches.iter().map(|(when, then)| (inner(when), inner(then))).collect(),
            otherwise: Box::new(inner(otherwise)),
        },
        ExprKind::Cast { input, is_try } => {
            ExprKind::Cast { input: Box::new(inner(input)), is_try: *is_try }
        }
    };
    Expr { kind, dtype: expr.dtype.clone() }
}

/// Whether some row could make an expression an error: whole numbers overflow and divide by zero,
/// casts may not fit. What can fail is not moved to other rows.
pub(super) fn can_fail(expr: &Expr) -> bool {
    let mut pile = vec![expr];
    while let Some(part) = pile.pop() {
        let fails = match &part.kind {
            ExprKind::Column(_) | ExprKind::Literal(_) | ExprKind::Case { .. } => false,
            ExprKind::Cast { is_try: true, .. } => false,
            ExprKind::Cast { input, is_try: false } => cast_can_fail(&input.dtype, &part.dtype),
            ExprKind::Call { function, args } => call_can_fail(*function, args),
        };
        if fails {
            return true;
        }
        pile.extend(operands(part));
    }
    false
}

/// Floats neither overflow nor refuse a divisor.
fn cast_can_fail(from: &DataType, to: &DataType) -> bool {
    match (from, to) {
        (_, DataType::Utf8 | DataType::Dictionary) => false,
        (from, DataType::Date | DataType::Int64) if from.moment().is_some() => false,
        (DataType::Bool, to) if to.is_integer() => false,
        (from, to) if from.is_integer() && to.is_float() => false,
        (from, to) if from.is_integer() && to.is_integer() => {
            from.common_integer(to).as_ref() != Some(to)
        }
        (DataType::Float32, DataType::Float64) => false,
        (from, to) if from.is_decimal() && to.is_float() => false,
        _ => true,
    }
}

fn call_can_fail(function: Function, args: &[Expr]) -> bool {
    let is_float = args[0].dtype.is_float();
    function.declaration().errors.iter().any(|kind| match kind {
        ErrorKind::Overflow | ErrorKind::DivisionByZero => !is_float,
        _ => true,
    })
}

/// Whether an expression costs nothing to compute twice.
pub(super) fn is_plain(expr: &Expr) -> bool {
    match &expr.kind {
        ExprKind::Column(_) => true,
        ExprKind::Literal(value) => !matches!(value, Scalar::Utf8(_)),
        _ => false,
    }
}

fn operands(expr: &Expr) -> Vec<&Expr> {
    match &expr.kind {
        ExprKind::Column(_) | ExprKind::Literal(_) => vec![],
        ExprKind::Call { args, .. } => args.iter().collect(),
        ExprKind::Case { branches, otherwise } => branches
            .iter()
            .flat_map(|(when, then)| [when, then])
            .chain([otherwise.as_ref()])
            .collect(),
        ExprKind::Cast { input, .. } => vec![input],
    }
}
