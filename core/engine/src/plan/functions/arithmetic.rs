//! Operators on numbers.

use super::decimals;
use super::declaration::functions;
use super::{Accepts, Example, Gives, OperandDeclaration, Rule, Spelling, operand};
use crate::column::DataType;
use crate::error::ErrorKind;

const PAIR: &[OperandDeclaration] = &[
    operand("a", Accepts::Computed, "The left operand."),
    operand("b", Accepts::Computed, "The right operand."),
];

/// The operands' type; of decimals what the rules of docs/semantics.md give.
const SUM: Gives = Gives::Rule(OF_OPERANDS, decimals::sum);
const PRODUCT: Gives = Gives::Rule(OF_OPERANDS, decimals::product);
const FLOOR_QUOTIENT: Gives = Gives::Rule(OF_OPERANDS, decimals::floor_quotient);
const REMAINDER: Gives = Gives::Rule(OF_OPERANDS, decimals::remainder);
const OF_OPERANDS: &str = "the common type of the operands; of decimals one that holds the result";

functions! {
/// Operators on numbers. Whole numbers of less than 64 bits are computed as int64; with a float
/// they give float64.
ArithmeticFunction {
    /// The sum. Whole numbers are exact; with a float they give float64.
    Add {
        name: "add",
        spelling: Spelling::Infix("+"),
        operands: PAIR,
        rule: Rule::Common,
        result: SUM,
        errors: &[ErrorKind::Overflow],
        example: Example("1 + 0.5", "1.5"),
    }
    /// The difference. Whole numbers are exact; with a float they give float64.
    Sub {
        name: "sub",
        spelling: Spelling::Infix("-"),
        operands: PAIR,
        rule: Rule::Common,
        result: SUM,
        errors: &[ErrorKind::Overflow],
        example: Example("5 - 7", "-2"),
    }
    /// The product. Whole numbers are exact; with a float they give float64.
    Mul {
        name: "mul",
        spelling: Spelling::Infix("*"),
        operands: PAIR,
        rule: Rule::Common,
        check: decimals::check_product,
        result: PRODUCT,
        errors: &[ErrorKind::Overflow],
        example: Example("6 * 7", "42"),
    }
    /// The quotient, float64 also of whole numbers; of two float32, float32. A whole number by zero
    /// is an error; floats follow IEEE 754.
    Div {
        name: "div",
        spelling: Spelling::Infix("/"),
        operands: PAIR,
        rule: Rule::Common,
        result: Gives::Rule("float64; float32 of two float32", quotient_type),
        errors: &[ErrorKind::DivisionByZero],
        example: Example("7 / 2", "3.5"),
    }
    /// The quotient rounded down. A whole number by zero is an error.
    FloorDiv {
        name: "floordiv",
        spelling: Spelling::Infix("//"),
        operands: PAIR,
        rule: Rule::Common,
        result: FLOOR_QUOTIENT,
        errors: &[ErrorKind::DivisionByZero, ErrorKind::Overflow],
        example: Example("-7 // 2", "-4"),
    }
    /// The remainder of `floordiv`, `a - (a // b) * b`, so it has the sign of the divisor. A whole
    /// number by zero is an error.
    Mod {
        name: "mod",
        spelling: Spelling::Infix("%"),
        operands: PAIR,
        rule: Rule::Common,
        result: REMAINDER,
        errors: &[ErrorKind::DivisionByZero],
        example: Example("-7 % 3", "2"),
    }
    /// The value with the other sign.
    Neg {
        name: "neg",
        spelling: Spelling::Prefix("-"),
        operands: &[operand("a", Accepts::Signed, "The number.")],
        errors: &[ErrorKind::Overflow],
        example: Example("-(2 + 3)", "-5"),
    }
}}

fn quotient_type(args: &[DataType]) -> DataType {
    match args[0] {
        DataType::Float32 => DataType::Float32,
        _ => DataType::Float64,
    }
}
