//! Operators on numbers.

use super::declaration::functions;
use super::{Accepts, Example, Gives, OperandDeclaration, Rule, Spelling, operand};
use crate::error::ErrorKind;

const PAIR: &[OperandDeclaration] = &[
    operand("a", Accepts::Number, "The left operand."),
    operand("b", Accepts::Number, "The right operand."),
];

functions! {
/// Operators on numbers. int64 with float64 gives float64.
ArithmeticFunction {
    /// The sum. int64 is exact; int64 with float64 gives float64.
    Add {
        name: "add",
        spelling: Spelling::Infix("+"),
        operands: PAIR,
        rule: Rule::Common,
        errors: &[ErrorKind::Overflow],
        example: Example("1 + 0.5", "1.5"),
    }
    /// The difference. int64 is exact; int64 with float64 gives float64.
    Sub {
        name: "sub",
        spelling: Spelling::Infix("-"),
        operands: PAIR,
        rule: Rule::Common,
        errors: &[ErrorKind::Overflow],
        example: Example("5 - 7", "-2"),
    }
    /// The product. int64 is exact; int64 with float64 gives float64.
    Mul {
        name: "mul",
        spelling: Spelling::Infix("*"),
        operands: PAIR,
        rule: Rule::Common,
        errors: &[ErrorKind::Overflow],
        example: Example("6 * 7", "42"),
    }
    /// The quotient, always float64. int64 by int64 zero is an error; floats follow IEEE 754.
    Div {
        name: "div",
        spelling: Spelling::Infix("/"),
        operands: PAIR,
        rule: Rule::Common,
        result: Gives::Type("float64"),
        errors: &[ErrorKind::DivisionByZero],
        example: Example("7 / 2", "3.5"),
    }
    /// The quotient rounded down. int64 by zero is an error.
    FloorDiv {
        name: "floordiv",
        spelling: Spelling::Infix("//"),
        operands: PAIR,
        rule: Rule::Common,
        errors: &[ErrorKind::DivisionByZero, ErrorKind::Overflow],
        example: Example("-7 // 2", "-4"),
    }
    /// The remainder of `floordiv`, `a - (a // b) * b`, so it has the sign of the divisor. int64 by
    /// zero is an error.
    Mod {
        name: "mod",
        spelling: Spelling::Infix("%"),
        operands: PAIR,
        rule: Rule::Common,
        errors: &[ErrorKind::DivisionByZero],
        example: Example("-7 % 3", "2"),
    }
    /// The value with the other sign.
    Neg {
        name: "neg",
        spelling: Spelling::Prefix("-"),
        operands: &[operand("a", Accepts::Number, "The number.")],
        errors: &[ErrorKind::Overflow],
        example: Example("-(2 + 3)", "-5"),
    }
}}
