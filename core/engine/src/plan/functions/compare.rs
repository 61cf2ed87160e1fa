//! Comparisons, in the one total order of each type.

use super::declaration::functions;
use super::{Accepts, Example, Gives, Nulls, OperandDeclaration, Rule, Spelling, operand};

const PAIR: &[OperandDeclaration] = &[
    operand("a", Accepts::Any, "The left operand."),
    operand("b", Accepts::Any, "The right operand."),
];
const BOOL: Gives = Gives::Type("bool");

functions! {
/// Comparisons of values of one type, or of numbers of two types, which are exact.
CompareFunction {
    /// Whether the two are equal. NaN equals NaN; numbers of all types compare exactly.
    Eq {
        name: "eq",
        spelling: Spelling::Infix("="),
        operands: PAIR,
        rule: Rule::Compare,
        result: BOOL,
        example: Example("1 = 1.0", "true"),
    }
    /// Whether the two differ. NaN equals NaN.
    Ne {
        name: "ne",
        spelling: Spelling::Infix("<>"),
        operands: PAIR,
        rule: Rule::Compare,
        result: BOOL,
        example: Example("'a' <> 'A'", "true"),
    }
    /// Whether this is less. NaN is after all numbers; text compares by bytes.
    Lt {
        name: "lt",
        spelling: Spelling::Infix("<"),
        operands: PAIR,
        rule: Rule::Compare,
        result: BOOL,
        example: Example("'Z' < 'a'", "true"),
    }
    /// Whether this is less or equal. NaN is after all numbers; text compares by bytes.
    Le {
        name: "le",
        spelling: Spelling::Infix("<="),
        operands: PAIR,
        rule: Rule::Compare,
        result: BOOL,
        example: Example("2 <= 2", "true"),
    }
    /// Whether this is greater. NaN is after all numbers; text compares by bytes.
    Gt {
        name: "gt",
        spelling: Spelling::Infix(">"),
        operands: PAIR,
        rule: Rule::Compare,
        result: BOOL,
        example: Example("date '2024-03-01' > '2024-02-29'", "true"),
    }
    /// Whether this is greater or equal. NaN is after all numbers; text compares by bytes.
    Ge {
        name: "ge",
        spelling: Spelling::Infix(">="),
        operands: PAIR,
        rule: Rule::Compare,
        result: BOOL,
        example: Example("1 >= 2", "false"),
    }
    /// Whether the value equals one of some others.
    IsIn {
        name: "is_in",
        spelling: Spelling::In,
        operands: &[
            operand("a", Accepts::Any, "The value."),
            operand("values", Accepts::Any, "The others, at least one.").repeated(),
        ],
        rule: Rule::Common,
        result: BOOL,
        nulls: Nulls::Own(
            "Null for a null value; with a null among the others, null where none is equal.",
        ),
        example: Example("3 in (1, 2, null)", "null"),
    }
    /// Whether the value lies from `low` to `high`, both included.
    Between {
        name: "between",
        spelling: Spelling::Between,
        operands: &[
            operand("a", Accepts::Any, "The value."),
            operand("low", Accepts::Any, "The lower bound."),
            operand("high", Accepts::Any, "The upper bound."),
        ],
        rule: Rule::Common,
        result: BOOL,
        nulls: Nulls::Own("As `low <= a and a <= high` does: false where one bound excludes it."),
        example: Example("3 between 1 and 3", "true"),
    }
}}
