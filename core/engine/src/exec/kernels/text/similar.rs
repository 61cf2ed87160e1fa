//! How alike two texts are, by characters.

use rapidfuzz::distance;

use super::map_values;
use crate::column::{Array, ArrayData};
use crate::error::{Error, ErrorKind, Result};
use crate::exec::kernels::Datum;
use crate::limits::SIMILAR_BYTES_MAX;

/// `levenshtein(a, b)`: how many characters must be inserted, deleted or replaced.
///
/// Errors: `LimitExceeded` for texts of more than `SIMILAR_BYTES_MAX` bytes.
/// Cost: the product of both lengths, by 64.
pub fn levenshtein(left: &Datum, right: &Datum, len: usize) -> Result<Array> {
    map_values(&[left, right], len, ArrayData::Int64, |row| {
        let (a, b) = (bounded(left.text(row))?, bounded(right.text(row))?);
        Ok(distance::levenshtein::distance(a.chars(), b.chars()) as i64)
    })
}

/// `jaro_winkler(a, b)`: from 0.0 for nothing alike to 1.0 for the same; a common start of up to
/// four characters counts more, by a tenth each.
///
/// Errors: as `levenshtein`.
/// Cost: as `levenshtein`.
/// Source: Winkler, String Comparator Metrics (1990).
pub fn jaro_winkler(left: &Datum, right: &Datum, len: usize) -> Result<Array> {
    map_values(&[left, right], len, ArrayData::Float64, |row| {
        let (a, b) = (bounded(left.text(row))?, bounded(right.text(row))?);
        Ok(distance::jaro_winkler::similarity(a.chars(), b.chars()))
    })
}

fn bounded(text: &str) -> Result<&str> {
    match text.len() > SIMILAR_BYTES_MAX {
        true => Err(Error::new(
            ErrorKind::LimitExceeded,
            format!("a text to compare has {} bytes, {SIMILAR_BYTES_MAX} is the most", text.len()),
        )
        .hint("compare a part: slice(a, 0, 1000)")),
        false => Ok(text),
    }
}
