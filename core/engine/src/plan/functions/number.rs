//! Functions of one number.

use super::declaration::functions;
use super::{Accepts, Example, Misfit, OperandDeclaration, operand};
use crate::column::{DataType, Scalar};
use crate::error::{Error, ErrorKind};

/// Decimal digits that `round` takes: beyond 15, a binary64 holds no further one.
const ROUND_DIGITS_MAX: i64 = 15;

const NUMBER: &[OperandDeclaration] = &[operand("a", Accepts::Number, "The number.")];

functions! {
/// Functions of one number.
NumberFunction {
    /// The value without its sign.
    Abs {
        name: "abs",
        operands: &[operand("a", Accepts::Computed, "The number.")],
        errors: &[ErrorKind::Overflow],
        example: Example("abs(-3)", "3"),
    }
    /// The value rounded to some digits after the point; ties go away from zero.
    Round {
        name: "round",
        operands: &[
            operand("a", Accepts::Number, "The number."),
            operand("digits", Accepts::Int64, "Digits to keep, 0 to 15.").literal().or("0"),
        ],
        literal_errors: &[ErrorKind::InvalidPlan],
        check: check_digits,
        example: Example("round(0.125, 2)", "0.13"),
    }
    /// The largest whole number that is not above, in the value's own type.
    Floor {
        name: "floor",
        operands: NUMBER,
        example: Example("floor(-1.5)", "-2.0"),
    }
    /// The smallest whole number that is not below, in the value's own type.
    Ceil {
        name: "ceil",
        aliases: &["ceiling"],
        operands: NUMBER,
        example: Example("ceil(1.2)", "2.0"),
    }
}}

fn check_digits(literals: &[Option<Scalar>], _: &[DataType]) -> Result<(), Misfit> {
    match &literals[1] {
        Some(Scalar::Int64(digits)) if !(0..=ROUND_DIGITS_MAX).contains(digits) => {
            let expected =
                format!("a literal from 0 to {ROUND_DIGITS_MAX} for the digits of round");
            let error = Error::mismatch(ErrorKind::InvalidPlan, expected, digits.to_string());
            Err(Misfit { operand: 1, error })
        }
        _ => Ok(()),
    }
}
