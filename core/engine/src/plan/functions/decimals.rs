//! Type rules of decimals: precision and scale of what operands of other ones give.
//!
//! ```text
//! a + b, a - b   scale max(s1, s2); one digit more before the point than the wider operand
//! a * b          (p1 + p2, s1 + s2); refused where the scale is above 38
//! a // b         scale 0; digits before the point of a, those that a small b adds, and one more
//! a % b          scale max(s1, s2); as many digits before the point as b
//! ```
//! A precision stops at 38; the scale stays, so that no digit is lost without an error. A whole
//! number is a decimal of as many digits as its type may have; beside a float a decimal is float64.

use super::{Misfit, Operand};
use crate::bytes::decimal::PRECISION_MAX;
use crate::column::{DataType, Scalar};
use crate::error::{Error, ErrorKind};

/// Precision and scale of a decimal, and of a whole number beside it.
fn form(dtype: &DataType) -> Option<(u8, u8)> {
    match dtype {
        DataType::Decimal { precision, scale } => Some((*precision, *scale)),
        DataType::Int8 | DataType::UInt8 => Some((3, 0)),
        DataType::Int16 | DataType::UInt16 => Some((5, 0)),
        DataType::Int32 | DataType::UInt32 => Some((10, 0)),
        DataType::Int64 => Some((19, 0)),
        DataType::UInt64 => Some((20, 0)),
        _ => None,
    }
}

/// Decimals of so many digits before the point and behind it, at most 38 in all.
fn decimal(whole: u8, scale: u8) -> DataType {
    DataType::Decimal { precision: (whole + scale).clamp(1, PRECISION_MAX), scale }
}

/// The type that holds the values of two types of which one at least is a decimal; `None` where
/// the other is no number.
pub(super) fn common(left: &DataType, right: &DataType) -> Option<DataType> {
    if left.is_float() || right.is_float() {
        return Some(DataType::Float64);
    }
    let ((p1, s1), (p2, s2)) = (form(left)?, form(right)?);
    Some(decimal((p1 - s1).max(p2 - s2), s1.max(s2)))
}

/// What an operand is computed as beside a decimal: as the decimal that it is.
pub(super) fn own(operand: &Operand) -> Option<DataType> {
    let Operand::Typed(dtype) = operand else { return None };
    let (precision, scale) = form(dtype)?;
    Some(DataType::Decimal { precision, scale })
}

/// No type has more than 38 digits behind the point, so neither has a product.
pub(super) fn check_product(_: &[Option<Scalar>], args: &[DataType]) -> Result<(), Misfit> {
    match (&args[0], &args[1]) {
        (DataType::Decimal { scale: a, .. }, DataType::Decimal { scale: b, .. })
            if a + b > PRECISION_MAX =>
        {
            let expected = format!("at most {PRECISION_MAX} digits behind the point of a product");
            let found = format!("{} and {}", args[0], args[1]);
            let error = Error::mismatch(ErrorKind::TypeMismatch, expected, found)
                .hint("cast an operand to a smaller scale, or to float64");
            Err(Misfit { operand: 1, error })
        }
        _ => Ok(()),
    }
}

/// What `rule` gives for two decimals; the operands' own type for others.
fn of_pair(args: &[DataType], rule: fn((u8, u8), (u8, u8)) -> DataType) -> DataType {
    match (&args[0], &args[1]) {
        (
            DataType::Decimal { precision: p1, scale: s1 },
            DataType::Decimal { precision: p2, scale: s2 },
        ) => rule((*p1, *s1), (*p2, *s2)),
        (own, _) => own.clone(),
    }
}

/// Type of a sum or a difference.
pub(super) fn sum(args: &[DataType]) -> DataType {
    of_pair(args, |(p1, s1), (p2, s2)| decimal((p1 - s1).max(p2 - s2) + 1, s1.max(s2)))
}

/// Type of a product.
pub(super) fn product(args: &[DataType]) -> DataType {
    of_pair(args, |(p1, s1), (p2, s2)| {
        let scale = s1 + s2;
        DataType::Decimal { precision: (p1 + p2).min(PRECISION_MAX), scale }
    })
}

/// Type of a quotient rounded down: the divisor may be as small as 10^-s2, and -9.99 // 1 is -10.
pub(super) fn floor_quotient(args: &[DataType]) -> DataType {
    of_pair(args, |(p1, s1), (_, s2)| decimal(p1 - s1 + s2 + 1, 0))
}

/// Type of a remainder.
pub(super) fn remainder(args: &[DataType]) -> DataType {
    of_pair(args, |(_, s1), (p2, s2)| decimal(p2 - s2, s1.max(s2)))
}

/// Type of the sum of a group.
pub(super) fn total(args: &[DataType]) -> DataType {
    match &args[0] {
        DataType::Decimal { scale, .. } => {
            DataType::Decimal { precision: PRECISION_MAX, scale: *scale }
        }
        own => own.clone(),
    }
}
