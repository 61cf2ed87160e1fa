//! Functions of patterns: regular expressions, and SQL's `like`.

use super::declaration::functions;
use super::{Accepts, Example, Gives, Misfit, Nulls, OperandDeclaration, operand};
use crate::column::{DataType, Scalar};
use crate::error::ErrorKind::{self, InvalidArgument, LimitExceeded, Syntax};
use crate::plan::text::like::Like;
use crate::plan::text::pattern::Pattern;
use crate::plan::text::template::Template;

const TEXT: OperandDeclaration = operand("text", Accepts::Utf8, "The text.");
const PATTERN: OperandDeclaration =
    operand("pattern", Accepts::Utf8, "The regular expression.").literal();
const LIKE: &[OperandDeclaration] = &[
    TEXT,
    operand("pattern", Accepts::Utf8, "`%` stands for any text, `_` for any character.").literal(),
    operand("escape", Accepts::Utf8, "The character that makes the next one stand for itself.")
        .literal()
        .or(""),
];
const BAD_PATTERN: &[ErrorKind] = &[LimitExceeded, Syntax];

functions! {
/// Functions of patterns. An expression is compiled once for a question; its time grows with the
/// text's length, whatever it says.
RegexFunction {
    /// Whether a regular expression matches anywhere in the text.
    Matches {
        name: "regex_matches",
        aliases: &["regexp_matches"],
        operands: &[TEXT, PATTERN],
        result: Gives::Type("bool"),
        literal_errors: BAD_PATTERN,
        check: check_pattern,
        example: Example("regex_matches('order 12', '[0-9]+')", "true"),
    }
    /// What a group of a regular expression matched in the first match.
    Extract {
        name: "regex_extract",
        aliases: &["regexp_extract"],
        operands: &[
            TEXT,
            PATTERN,
            operand("group", Accepts::Any, "The group's number or name; 0 is the whole match.")
                .literal()
                .or("0"),
        ],
        result: Gives::Type("utf8"),
        nulls: Nulls::Own(
            "Null for a null text, where nothing matches, and where the group took no part.",
        ),
        literal_errors: &[InvalidArgument, LimitExceeded, Syntax],
        check: check_group,
        example: Example("regex_extract('order 12', 'order ([0-9]+)', 1)", "12"),
    }
    /// The text with every match of a regular expression replaced, from the start on. In the
    /// replacement `$1` or `${1}` stands for a group by number, `${name}` for one by name, `$0` for
    /// the match, `$$` for a dollar.
    Replace {
        name: "regex_replace",
        operands: &[
            TEXT,
            PATTERN,
            operand("replacement", Accepts::Utf8, "What to put in a match's place.").literal(),
        ],
        errors: &[LimitExceeded],
        literal_errors: &[InvalidArgument, LimitExceeded, Syntax],
        check: check_replacement,
        example: Example("regex_replace('1-2', '([0-9])-([0-9])', '$2-$1')", "2-1"),
    }
    /// How many matches of a regular expression the text has, not counting what overlaps; an empty
    /// one right behind another is none.
    Count {
        name: "regex_count",
        operands: &[TEXT, PATTERN],
        result: Gives::Type("int64"),
        literal_errors: BAD_PATTERN,
        check: check_pattern,
        example: Example("regex_count('a1b22', '[0-9]+')", "2"),
    }
    /// Whether the whole text is as a pattern of SQL says.
    Like {
        name: "like",
        operands: LIKE,
        result: Gives::Type("bool"),
        literal_errors: BAD_PATTERN,
        check: |literals, _| check_like(literals, false),
        example: Example("like('north', 'n%_h')", "true"),
    }
    /// Whether the whole text is as a pattern of SQL says, upper and lower case being the same by
    /// Unicode's simple case folding.
    Ilike {
        name: "ilike",
        operands: LIKE,
        result: Gives::Type("bool"),
        literal_errors: BAD_PATTERN,
        check: |literals, _| check_like(literals, true),
        example: Example("ilike('NORTH', 'n%')", "true"),
    }
}}

/// The text of a literal operand; one that was left out or is not known yet has none.
fn text(literals: &[Option<Scalar>], index: usize) -> Option<&str> {
    match literals.get(index) {
        Some(Some(Scalar::Utf8(text))) => Some(text),
        _ => None,
    }
}

/// Says which operand an error is about.
fn about<T>(operand: usize, result: crate::error::Result<T>) -> Result<T, Misfit> {
    result.map_err(|error| Misfit { operand, error })
}

fn check_pattern(literals: &[Option<Scalar>], _: &[DataType]) -> Result<(), Misfit> {
    about(1, text(literals, 1).map(Pattern::new).transpose()).map(|_| ())
}

fn check_group(literals: &[Option<Scalar>], _: &[DataType]) -> Result<(), Misfit> {
    let Some(pattern) = about(1, text(literals, 1).map(Pattern::new).transpose())? else {
        return Ok(());
    };
    match &literals[2] {
        None => Ok(()),
        Some(Scalar::Int64(number)) => about(2, pattern.group_numbered(*number)).map(|_| ()),
        Some(Scalar::Utf8(name)) => about(2, pattern.group_named(name)).map(|_| ()),
        Some(other) => {
            let found = other.dtype().map_or_else(|| "null".to_owned(), |dtype| dtype.to_string());
            Err(Misfit::value(2, "the number or the name of a group", found))
        }
    }
}

fn check_replacement(literals: &[Option<Scalar>], _: &[DataType]) -> Result<(), Misfit> {
    let pattern = about(1, text(literals, 1).map(Pattern::new).transpose())?;
    let (Some(pattern), Some(replacement)) = (pattern, text(literals, 2)) else { return Ok(()) };
    about(2, Template::new(replacement, &pattern)).map(|_| ())
}

fn check_like(literals: &[Option<Scalar>], ignores_case: bool) -> Result<(), Misfit> {
    let Some(pattern) = text(literals, 1) else { return Ok(()) };
    about(1, Like::new(pattern, text(literals, 2), ignores_case)).map(|_| ())
}
