//! Conditions, and what there is where there is no value.

use super::declaration::functions;
use super::{Accepts, Example, Gives, Nulls, OperandDeclaration, Rule, Spelling, operand};

const PAIR: &[OperandDeclaration] = &[
    operand("a", Accepts::Bool, "The left condition."),
    operand("b", Accepts::Bool, "The right condition."),
];
const VALUES: &[OperandDeclaration] =
    &[operand("values", Accepts::Any, "Values of one type, at least one.").repeated()];
const BOOL: Gives = Gives::Type("bool");
const NEVER_NULL: Nulls = Nulls::Own("Never null itself.");

functions! {
/// Conditions in three-valued logic, and nulls.
LogicFunction {
    /// Whether both are true. False wins over null.
    And {
        name: "and",
        spelling: Spelling::Infix("and"),
        operands: PAIR,
        result: BOOL,
        nulls: Nulls::Own("Null unless the other operand is false."),
        example: Example("null and false", "false"),
    }
    /// Whether one of the two is true. True wins over null.
    Or {
        name: "or",
        spelling: Spelling::Infix("or"),
        operands: PAIR,
        result: BOOL,
        nulls: Nulls::Own("Null unless the other operand is true."),
        example: Example("null or true", "true"),
    }
    /// Whether this is false.
    Not {
        name: "not",
        spelling: Spelling::Prefix("not "),
        operands: &[operand("a", Accepts::Bool, "The condition.")],
        result: BOOL,
        example: Example("not false", "true"),
    }
    /// Whether there is no value.
    IsNull {
        name: "is_null",
        spelling: Spelling::Postfix(" is null"),
        operands: &[operand("a", Accepts::Any, "The value.")],
        result: BOOL,
        nulls: NEVER_NULL,
        example: Example("null is null", "true"),
    }
    /// Whether there is a value.
    IsNotNull {
        name: "is_not_null",
        spelling: Spelling::Postfix(" is not null"),
        operands: &[operand("a", Accepts::Any, "The value.")],
        result: BOOL,
        nulls: NEVER_NULL,
        example: Example("'' is not null", "true"),
    }
    /// The first operand that is not null; the others are evaluated only where it is needed.
    Coalesce {
        name: "coalesce",
        operands: VALUES,
        rule: Rule::Common,
        nulls: Nulls::Own("Null where all operands are null."),
        example: Example("coalesce(null, 2, 3)", "2"),
    }
}}
