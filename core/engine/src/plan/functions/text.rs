//! Functions of text.

use super::declaration::functions;
use super::{Accepts, Example, Gives, Misfit, Nulls, OperandDeclaration, operand};
use crate::column::{DataType, Scalar};
use crate::error::ErrorKind::{self, InvalidArgument, LimitExceeded};

const TEXT: OperandDeclaration = operand("text", Accepts::Utf8, "The text.");
const COUNT: OperandDeclaration =
    operand("count", Accepts::Int64, "How many characters; a negative count leaves so many out.");
const CHARACTERS: OperandDeclaration =
    operand("characters", Accepts::Utf8, "Characters to take off, in any order.").or("");
const TOO_LONG: &[ErrorKind] = &[LimitExceeded];
const BOOL: Gives = Gives::Type("bool");
const INT64: Gives = Gives::Type("int64");
const PAD: &[OperandDeclaration] = &[
    TEXT,
    operand("length", Accepts::Int64, "Characters that the result has at least."),
    operand("fill", Accepts::Utf8, "What to fill with, over and over; not empty.")
        .literal()
        .or("' '"),
];

functions! {
/// Functions of text. Characters are Unicode scalar values; nothing depends on a locale.
TextFunction {
    /// The text in upper case, by Unicode's simple and special mappings, without locale.
    Upper {
        name: "upper",
        operands: &[TEXT],
        errors: TOO_LONG,
        example: Example("upper('straße')", "STRASSE"),
    }
    /// The text in lower case, by Unicode's simple and special mappings, without locale.
    Lower {
        name: "lower",
        operands: &[TEXT],
        errors: TOO_LONG,
        example: Example("lower('ÀÉ')", "àé"),
    }
    /// The text with the first character of each run of letters and digits in title case, and the
    /// rest in lower case.
    Initcap {
        name: "initcap",
        operands: &[TEXT],
        errors: TOO_LONG,
        example: Example("initcap('déjà VU, 3rd')", "Déjà Vu, 3rd"),
    }
    /// The number of characters (Unicode scalar values).
    Length {
        name: "length",
        operands: &[TEXT],
        result: INT64,
        example: Example("length('año')", "3"),
    }
    /// The number of bytes in UTF-8.
    LengthBytes {
        name: "length_bytes",
        aliases: &["octet_length"],
        operands: &[TEXT],
        result: INT64,
        example: Example("length_bytes('año')", "4"),
    }
    /// Whether the text holds another, byte for byte.
    Contains {
        name: "contains",
        operands: &[TEXT, operand("part", Accepts::Utf8, "What to look for.")],
        result: BOOL,
        example: Example("contains('north', 'or')", "true"),
    }
    /// Whether the text begins with another, byte for byte.
    StartsWith {
        name: "starts_with",
        operands: &[TEXT, operand("prefix", Accepts::Utf8, "The beginning.")],
        result: BOOL,
        example: Example("starts_with('north', 'n')", "true"),
    }
    /// Whether the text ends with another, byte for byte.
    EndsWith {
        name: "ends_with",
        operands: &[TEXT, operand("suffix", Accepts::Utf8, "The end.")],
        result: BOOL,
        example: Example("ends_with('north', 'th')", "true"),
    }
    /// The index of the character at which a part first occurs, from 0; null where it does not.
    Find {
        name: "find",
        operands: &[TEXT, operand("part", Accepts::Utf8, "What to look for.")],
        result: INT64,
        nulls: Nulls::Own("A null operand gives null, and so does a part that does not occur."),
        example: Example("find('señor', 'or')", "3"),
    }
    /// How often a part occurs, not counting what overlaps. The empty text occurs before each
    /// character and at the end.
    CountMatches {
        name: "count_matches",
        operands: &[TEXT, operand("part", Accepts::Utf8, "What to count.")],
        result: INT64,
        example: Example("count_matches('banana', 'an')", "2"),
    }
    /// The text without characters at its two ends: those with Unicode's property White_Space, or
    /// those that are given.
    Trim {
        name: "trim",
        aliases: &["btrim"],
        operands: &[TEXT, CHARACTERS],
        example: Example("trim('--a-b--', '-')", "a-b"),
    }
    /// The text without such characters at its start; as `trim`.
    TrimStart {
        name: "trim_start",
        aliases: &["ltrim"],
        operands: &[TEXT, CHARACTERS],
        example: Example("trim_start('--a-', '-')", "a-"),
    }
    /// The text without such characters at its end; as `trim`.
    TrimEnd {
        name: "trim_end",
        aliases: &["rtrim"],
        operands: &[TEXT, CHARACTERS],
        example: Example("trim_end('-a--', '-')", "-a"),
    }
    /// The text with a fill before it that makes it as long as asked; a longer text stays whole.
    PadStart {
        name: "pad_start",
        operands: PAD,
        errors: TOO_LONG,
        literal_errors: &[InvalidArgument],
        check: check_fill,
        example: Example("pad_start('7', 3, '0')", "007"),
    }
    /// The text with a fill behind it that makes it as long as asked; a longer text stays whole.
    PadEnd {
        name: "pad_end",
        operands: PAD,
        errors: TOO_LONG,
        literal_errors: &[InvalidArgument],
        check: check_fill,
        example: Example("pad_end('ab', 5, '.-')", "ab.-."),
    }
    /// The characters from an index on, counted from 0, or from the end where it is negative. The
    /// part of the window that the text does not have is left out.
    Slice {
        name: "slice",
        operands: &[
            TEXT,
            operand("start", Accepts::Int64, "Index of the first character."),
            operand("length", Accepts::Int64, "Characters to take; not negative.")
                .or(""),
        ],
        errors: &[InvalidArgument],
        example: Example("slice('señor', -3, 2)", "ño"),
    }
    /// The characters from a position on, counted from 1, as SQL has it: positions before the text
    /// count towards the length.
    Substring {
        name: "substring",
        aliases: &["substr"],
        operands: &[
            TEXT,
            operand("start", Accepts::Int64, "Position of the first character."),
            operand("length", Accepts::Int64, "Characters to take; not negative.")
                .or(""),
        ],
        errors: &[InvalidArgument],
        example: Example("substring('señor', 2, 3)", "eño"),
    }
    /// The first characters; with a negative count all but so many of the last.
    Left {
        name: "left",
        operands: &[TEXT, COUNT],
        example: Example("left('señor', 3)", "señ"),
    }
    /// The last characters; with a negative count all but so many of the first.
    Right {
        name: "right",
        operands: &[TEXT, COUNT],
        example: Example("right('señor', -3)", "or"),
    }
    /// The part at an index between separators, counted from 1, or from the end where it is
    /// negative; the empty text where there is none. The whole text is its one part where the
    /// separator is empty.
    SplitPart {
        name: "split_part",
        operands: &[
            TEXT,
            operand("separator", Accepts::Utf8, "What stands between parts."),
            operand("index", Accepts::Int64, "Which part; not 0."),
        ],
        errors: &[InvalidArgument],
        example: Example("split_part('a/b/c', '/', -1)", "c"),
    }
    /// The texts one behind the other.
    Concat {
        name: "concat",
        operands: &[operand("texts", Accepts::Utf8, "The texts.").repeated()],
        errors: TOO_LONG,
        example: Example("concat('a', '-', 'b')", "a-b"),
    }
    /// The texts one behind the other, with a separator between them.
    ConcatWs {
        name: "concat_ws",
        is_free: true,
        operands: &[
            operand("separator", Accepts::Utf8, "What stands between two texts."),
            operand("texts", Accepts::Utf8, "The texts.").repeated(),
        ],
        errors: TOO_LONG,
        nulls: Nulls::Own("A null separator gives null; other nulls are left out."),
        example: Example("concat_ws(', ', 'a', null, 'b')", "a, b"),
    }
    /// The text with every occurrence of a part replaced, from the start on; what overlaps is
    /// replaced once, and the empty text occurs nowhere.
    Replace {
        name: "replace",
        operands: &[
            TEXT,
            operand("old", Accepts::Utf8, "What to replace."),
            operand("new", Accepts::Utf8, "What to put in its place."),
        ],
        errors: TOO_LONG,
        example: Example("replace('banana', 'an', 'o')", "booa"),
    }
    /// The text so many times; the empty text where the count is not positive.
    Repeat {
        name: "repeat",
        operands: &[TEXT, operand("count", Accepts::Int64, "How often.")],
        errors: TOO_LONG,
        example: Example("repeat('ab', 3)", "ababab"),
    }
    /// The characters in the opposite order; a mark that comes apart from its letter is a character
    /// of its own.
    Reverse {
        name: "reverse",
        operands: &[TEXT],
        errors: TOO_LONG,
        example: Example("reverse('año')", "oña"),
    }
}}

fn check_fill(literals: &[Option<Scalar>], _: &[DataType]) -> Result<(), Misfit> {
    match &literals[2] {
        Some(Scalar::Utf8(fill)) if fill.is_empty() => {
            Err(Misfit::value(2, "a fill of one character or more", "''"))
        }
        _ => Ok(()),
    }
}
