//! What the parser takes for a word or a sign: standard SQL, and `//` as DuckDB writes it.

use sqlparser::dialect::{Dialect, DuckDbDialect};

/// The dialect of PardoX. Everything that a default of the trait leaves off stays off: what the
/// parser refuses needs no refusal after it.
#[derive(Debug)]
pub(super) struct PardoxDialect;

impl Dialect for PardoxDialect {
    /// The parser reads `//` for DuckDB alone, by this identity.
    fn dialect(&self) -> std::any::TypeId {
        DuckDbDialect.dialect()
    }

    fn is_identifier_start(&self, ch: char) -> bool {
        ch.is_alphabetic() || ch == '_'
    }

    fn is_identifier_part(&self, ch: char) -> bool {
        ch.is_alphanumeric() || ch == '_'
    }

    fn is_delimited_identifier_start(&self, ch: char) -> bool {
        ch == '"'
    }

    fn supports_group_by_expr(&self) -> bool {
        true
    }

    /// `left semi join` and the like bind to the left without brackets.
    fn supports_left_associative_joins_without_parens(&self) -> bool {
        true
    }

    fn supports_filter_during_aggregation(&self) -> bool {
        true
    }

    /// `cast(a as int64[])`.
    fn supports_array_typedef_with_brackets(&self) -> bool {
        true
    }

    /// `trim(text, characters)`, beside SQL's `trim(both characters from text)`.
    fn supports_comma_separated_trim(&self) -> bool {
        true
    }
}
