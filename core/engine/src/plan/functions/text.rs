//! Functions of text.

use super::declaration::functions;
use super::{Accepts, Example, Gives, OperandDeclaration, operand};
use crate::error::ErrorKind;

const TEXT: OperandDeclaration = operand("text", Accepts::Utf8, "The text.");

functions! {
/// Functions of text. Characters are Unicode scalar values; nothing depends on a locale.
TextFunction {
    /// The text in upper case, by Unicode's simple and special mappings, without locale.
    Upper {
        name: "upper",
        operands: &[TEXT],
        errors: &[ErrorKind::LimitExceeded],
        example: Example("upper('straße')", "STRASSE"),
    }
    /// The text in lower case, by Unicode's simple and special mappings, without locale.
    Lower {
        name: "lower",
        operands: &[TEXT],
        errors: &[ErrorKind::LimitExceeded],
        example: Example("lower('ÀÉ')", "àé"),
    }
    /// The number of characters (Unicode scalar values).
    Length {
        name: "length",
        operands: &[TEXT],
        result: Gives::Type("int64"),
        example: Example("length('año')", "3"),
    }
    /// Whether the text holds another, byte for byte.
    Contains {
        name: "contains",
        operands: &[TEXT, operand("part", Accepts::Utf8, "What to look for.")],
        result: Gives::Type("bool"),
        example: Example("contains('north', 'or')", "true"),
    }
    /// Whether the text begins with another, byte for byte.
    StartsWith {
        name: "starts_with",
        operands: &[TEXT, operand("prefix", Accepts::Utf8, "The beginning.")],
        result: Gives::Type("bool"),
        example: Example("starts_with('north', 'n')", "true"),
    }
}}
