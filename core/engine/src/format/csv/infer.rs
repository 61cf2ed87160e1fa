//! Which type a column has: a set of what its values look like, and what the set amounts to.
//!
//! ```text
//! none -> int64 -> float64 (all whole numbers exact) -> utf8
//!      -> bool  --------------------------------------> utf8
//!      -> date  -> timestamp -------------------------> utf8
//! ```
//! Each worker adds what it meets to one set; a set only grows and joining is `or`, so the type
//! does not depend on who met what first.

use std::sync::atomic::{AtomicU8, Ordering};

use crate::bytes::civil;
use crate::bytes::number::{EXACT_INTEGER_MAX, parse_bool, parse_float_at, parse_integer};
use crate::column::DataType;

/// A set of looks, one bit each.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Looks(u8);

impl Looks {
    pub const NONE: Looks = Looks(0);
    pub const INTEGER: Looks = Looks(1);
    /// A whole number that binary64 may not hold exactly.
    pub const LARGE_INTEGER: Looks = Looks(2);
    pub const FLOAT: Looks = Looks(4);
    pub const BOOL: Looks = Looks(8);
    pub const DATE: Looks = Looks(16);
    pub const TIMESTAMP: Looks = Looks(32);
    pub const TEXT: Looks = Looks(64);

    pub fn and(self, other: Looks) -> Looks {
        Looks(self.0 | other.0)
    }

    fn has(self, other: Looks) -> bool {
        self.0 & other.0 != 0
    }

    /// Whether all that was met, and something was, are numbers.
    pub fn is_number(self) -> bool {
        let numbers = Looks::INTEGER.and(Looks::LARGE_INTEGER).and(Looks::FLOAT);
        self != Looks::NONE && self.0 & !numbers.0 == 0
    }

    /// The narrowest type that holds all; `None` while nothing but nulls was met.
    pub fn dtype(self) -> Option<DataType> {
        let numbers = Looks::INTEGER.and(Looks::LARGE_INTEGER).and(Looks::FLOAT);
        let times = Looks::DATE.and(Looks::TIMESTAMP);
        let within = |set: Looks| self.0 & !set.0 == 0;
        match self {
            Looks::NONE => None,
            Looks::BOOL => Some(DataType::Bool),
            Looks::DATE => Some(DataType::Date),
            _ if within(times) => Some(DataType::Timestamp),
            _ if within(numbers) && !self.has(Looks::FLOAT) => Some(DataType::Int64),
            _ if within(numbers) && !self.has(Looks::LARGE_INTEGER) => Some(DataType::Float64),
            _ => Some(DataType::Utf8),
        }
    }
}

/// Adds what was found to what was known, column by column.
pub(super) fn add_looks(known: &mut [Looks], found: &[Looks]) {
    for (known, found) in known.iter_mut().zip(found) {
        *known = known.and(*found);
    }
}

/// What an unquoted field that is not null looks like.
pub(super) fn look(field: &[u8]) -> Looks {
    if let Some(value) = parse_integer(field, 0, field.len()) {
        return match value.unsigned_abs() <= EXACT_INTEGER_MAX {
            true => Looks::INTEGER,
            false => Looks::INTEGER.and(Looks::LARGE_INTEGER),
        };
    }
    if parse_inferred_float(field, 0, field.len()).is_some() {
        return Looks::FLOAT;
    }
    if parse_bool(field).is_some() {
        return Looks::BOOL;
    }
    if civil::parse_date(field).is_some() {
        return Looks::DATE;
    }
    match civil::parse_timestamp(field) {
        Some(_) => Looks::TIMESTAMP,
        None => Looks::TEXT,
    }
}

/// A float that nobody declared: canonical, and nothing lost. A whole number beyond 2^53 or a
/// finite number beyond the range of binary64 is no such float.
#[inline]
pub(super) fn parse_inferred_float(bytes: &[u8], start: usize, end: usize) -> Option<f64> {
    let float = parse_float_at(bytes, start, end)?;
    let is_kept = float.value.abs() < EXACT_INTEGER_MAX as f64
        || match float.is_integer {
            true => is_exact_integer(&bytes[start..end]),
            false => float.value.is_finite() || bytes[end - 1].is_ascii_alphabetic(),
        };
    (float.is_canonical && is_kept).then_some(float.value)
}

fn is_exact_integer(field: &[u8]) -> bool {
    parse_integer(field, 0, field.len())
        .is_some_and(|value| value.unsigned_abs() <= EXACT_INTEGER_MAX)
}

/// The looks of one column, shared by the workers.
#[derive(Debug, Default)]
pub(super) struct SharedLooks(AtomicU8);

impl SharedLooks {
    pub fn get(&self) -> Looks {
        Looks(self.0.load(Ordering::Relaxed))
    }

    pub fn add(&self, looks: Looks) {
        self.0.fetch_or(looks.0, Ordering::Relaxed);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn dtype(texts: &[&str]) -> Option<DataType> {
        let set = texts.iter().fold(Looks::NONE, |set, text| set.and(look(text.as_bytes())));
        set.dtype()
    }

    #[test]
    fn a_field_looks_like_what_it_is() {
        for (text, expected) in [
            ("0", DataType::Int64),
            ("-12", DataType::Int64),
            ("9223372036854775807", DataType::Int64),
            ("9223372036854775808", DataType::Utf8),
            ("007", DataType::Utf8),
            ("+1", DataType::Utf8),
            (" 1", DataType::Utf8),
            ("1.5", DataType::Float64),
            ("1e5", DataType::Float64),
            ("1e999", DataType::Utf8),
            ("inf", DataType::Float64),
            ("-Infinity", DataType::Float64),
            ("NaN", DataType::Float64),
            ("NAN", DataType::Utf8),
            ("tRuE", DataType::Bool),
            ("yes", DataType::Utf8),
            ("2024-02-29", DataType::Date),
            ("2023-02-29", DataType::Utf8),
            ("2024-02-29 01:02:03", DataType::Timestamp),
            ("2024-02-29T01:02:03.1234567", DataType::Utf8),
            ("2024-02-29T01:02:03Z", DataType::Utf8),
        ] {
            assert_eq!(dtype(&[text]), Some(expected), "{text}");
        }
        assert_eq!(dtype(&[]), None);
    }

    #[test]
    fn mixtures_widen_only_without_loss() {
        for (texts, expected) in [
            (&["1", "2.5"][..], DataType::Float64),
            (&["9007199254740992", "2.5"], DataType::Float64),
            (&["9007199254740993", "2.5"], DataType::Utf8),
            (&["9007199254740993", "1"], DataType::Int64),
            (&["99999999999999999999", "2.5"], DataType::Utf8),
            (&["2024-01-01", "2024-01-01T00:00:01"], DataType::Timestamp),
            (&["2024-01-01", "1"], DataType::Utf8),
            (&["true", "1"], DataType::Utf8),
            (&["true", "2024-01-01"], DataType::Utf8),
            (&["1.5", "x"], DataType::Utf8),
        ] {
            assert_eq!(dtype(texts).as_ref(), Some(&expected), "{texts:?}");
            let reversed: Vec<&str> = texts.iter().rev().copied().collect();
            assert_eq!(dtype(&reversed), Some(expected), "{texts:?} reversed");
        }
    }
}
