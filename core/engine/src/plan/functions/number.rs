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
    /// The value rounded to some digits after the point; ties go away from zero. A decimal keeps
    /// its type.
    Round {
        name: "round",
        operands: &[
            operand("a", Accepts::Number, "The number."),
            operand("digits", Accepts::Int64, "Digits to keep, 0 to 15.").literal().or("0"),
        ],
        errors: &[ErrorKind::Overflow],
        literal_errors: &[ErrorKind::InvalidPlan],
        check: check_digits,
        example: Example("round(0.125, 2)", "0.13"),
    }
    /// A decimal rounded to some digits after the point in a mode; its type stays. A float has no
    /// digits to lose in one way or another.
    RoundMode {
        name: "round_mode",
        operands: &[
            operand("a", Accepts::Decimal, "The decimal."),
            operand("digits", Accepts::Int64, "Digits to keep, 0 to 15.").literal(),
            operand("mode", Accepts::Utf8, MODES_DOC).literal(),
        ],
        errors: &[ErrorKind::Overflow],
        literal_errors: &[ErrorKind::InvalidPlan],
        check: check_mode,
        example: Example("round_mode(decimal '2.5', 0, 'half_even')", "2.0"),
    }
    /// The largest whole number that is not above, in the value's own type.
    Floor {
        name: "floor",
        operands: NUMBER,
        errors: &[ErrorKind::Overflow],
        example: Example("floor(-1.5)", "-2.0"),
    }
    /// The smallest whole number that is not below, in the value's own type.
    Ceil {
        name: "ceil",
        aliases: &["ceiling"],
        operands: NUMBER,
        errors: &[ErrorKind::Overflow],
        example: Example("ceil(1.2)", "2.0"),
    }
}}

const MODES_DOC: &str = "How a decimal is rounded: half_up (ties away from zero), half_even, \
     half_down, up (away from zero), down (towards it), ceiling or floor.";

/// Modes of rounding, as decimals know them.
const ROUNDING_MODES: [&str; 7] =
    ["half_up", "half_even", "half_down", "up", "down", "ceiling", "floor"];

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

fn check_mode(literals: &[Option<Scalar>], types: &[DataType]) -> Result<(), Misfit> {
    match &literals[2] {
        Some(Scalar::Utf8(mode)) if !ROUNDING_MODES.contains(&mode.as_str()) => {
            let expected =
                format!("one of {} for the mode of round_mode", ROUNDING_MODES.join(", "));
            let error = Error::mismatch(ErrorKind::InvalidPlan, expected, format!("{mode:?}"));
            Err(Misfit { operand: 2, error })
        }
        _ => check_digits(literals, types),
    }
}
