//! Functions of text as data: normal forms, encodings, digests, likeness, JSON.

use super::declaration::functions;
use super::{Accepts, Example, Gives, Misfit, Nulls, OperandDeclaration, operand};
use crate::column::{DataType, Scalar};
use crate::error::ErrorKind::{self, BadCast, InvalidArgument, LimitExceeded, Syntax};
use crate::plan::text::pointer::Pointer;
use crate::plan::text::{Encoding, Form};

const TEXT: OperandDeclaration = operand("text", Accepts::Utf8, "The text.");
const ENCODED: &[OperandDeclaration] =
    &[TEXT, operand("encoding", Accepts::Utf8, "`hex`, `base64` or `url`, in any case.").literal()];
const PAIR: &[OperandDeclaration] =
    &[operand("a", Accepts::Utf8, "The text."), operand("b", Accepts::Utf8, "The other text.")];
const JSON: &[OperandDeclaration] = &[
    operand("text", Accepts::Utf8, "JSON text."),
    operand("pointer", Accepts::Utf8, "The place, as RFC 6901 writes it: `/orders/0/id`.")
        .literal(),
];
const TOO_LONG: &[ErrorKind] = &[LimitExceeded];

functions! {
/// Functions of text as data.
EncodingFunction {
    /// The text in a normal form of Unicode: `nfc`, `nfd`, `nfkc` or `nfkd`.
    Normalize {
        name: "normalize",
        operands: &[
            TEXT,
            operand("form", Accepts::Utf8, "The form's name, in any case.").literal().or("'nfc'"),
        ],
        errors: TOO_LONG,
        literal_errors: &[InvalidArgument],
        check: check_form,
        example: Example("normalize('ﬁ', 'nfkc')", "fi"),
    }
    /// The bytes of the text in UTF-8, written as hexadecimal digits (lower case), as base64 with
    /// padding (RFC 4648) or with percent signs for all but the unreserved characters (RFC 3986).
    Encode {
        name: "encode",
        operands: ENCODED,
        errors: TOO_LONG,
        literal_errors: &[InvalidArgument],
        check: check_encoding,
        example: Example("encode('año', 'hex')", "61c3b16f"),
    }
    /// The text that `encode` writes so.
    Decode {
        name: "decode",
        operands: ENCODED,
        errors: &[BadCast, LimitExceeded],
        literal_errors: &[InvalidArgument],
        check: check_encoding,
        example: Example("decode('YcOxbw==', 'base64')", "año"),
    }
    /// The text that `encode` writes so; null where there is none.
    TryDecode {
        name: "try_decode",
        operands: ENCODED,
        nulls: Nulls::Own("Null for a null text, and for one that cannot be decoded."),
        errors: TOO_LONG,
        literal_errors: &[InvalidArgument],
        check: check_encoding,
        example: Example("try_decode('%zz', 'url')", "null"),
    }
    /// The SHA-256 digest of the text's bytes in UTF-8, as 64 hexadecimal digits.
    Sha256 {
        name: "sha256",
        operands: &[TEXT],
        errors: TOO_LONG,
        example: Example(
            "sha256('abc')",
            "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad",
        ),
    }
    /// The XXH3 hash of 64 bits (seed 0) of the text's bytes in UTF-8, as 16 hexadecimal digits.
    Xxh3 {
        name: "xxh3",
        operands: &[TEXT],
        errors: TOO_LONG,
        example: Example("xxh3('abc')", "78af5f94892f3950"),
    }
    /// How many characters must be inserted, deleted or replaced to make one text the other.
    Levenshtein {
        name: "levenshtein",
        operands: PAIR,
        result: Gives::Type("int64"),
        errors: TOO_LONG,
        example: Example("levenshtein('kitten', 'sitting')", "3"),
    }
    /// How alike two texts are, from 0.0 to 1.0 for the same, by Jaro and Winkler: a common start
    /// of up to four characters adds a tenth of what is missing for each.
    JaroWinkler {
        name: "jaro_winkler",
        aliases: &["jaro_winkler_similarity"],
        operands: PAIR,
        result: Gives::Type("float64"),
        errors: TOO_LONG,
        example: Example("jaro_winkler('MARTHA', 'MARHTA')", "0.9611111111111111"),
    }
    /// The value at a place in JSON text: a text without its quotes, anything else as it is
    /// written. Of members with one name the last counts.
    JsonExtract {
        name: "json_extract",
        operands: JSON,
        result: Gives::Type("utf8"),
        nulls: Nulls::Own(
            "Null for a null text, where nothing is at the place, and for JSON's null.",
        ),
        errors: &[BadCast],
        literal_errors: &[LimitExceeded, Syntax],
        check: check_pointer,
        example: Example("json_extract('{\"a\": [1.50, \"x\"]}', '/a/0')", "1.50"),
    }
    /// The value at a place in JSON text, as `json_extract`; null where the text is no JSON.
    TryJsonExtract {
        name: "try_json_extract",
        operands: JSON,
        result: Gives::Type("utf8"),
        nulls: Nulls::Own("As `json_extract`, and null for text that is no JSON."),
        literal_errors: &[LimitExceeded, Syntax],
        check: check_pointer,
        example: Example("try_json_extract('{', '/a')", "null"),
    }
}}

fn check_second<T>(
    literals: &[Option<Scalar>],
    read: impl Fn(&str) -> crate::error::Result<T>,
) -> Result<(), Misfit> {
    match &literals[1] {
        Some(Scalar::Utf8(text)) => match read(text) {
            Ok(_) => Ok(()),
            Err(error) => Err(Misfit { operand: 1, error }),
        },
        _ => Ok(()),
    }
}

fn check_form(literals: &[Option<Scalar>], _: &[DataType]) -> Result<(), Misfit> {
    check_second(literals, Form::new)
}

fn check_encoding(literals: &[Option<Scalar>], _: &[DataType]) -> Result<(), Misfit> {
    check_second(literals, Encoding::new)
}

fn check_pointer(literals: &[Option<Scalar>], _: &[DataType]) -> Result<(), Misfit> {
    check_second(literals, Pointer::new)
}
