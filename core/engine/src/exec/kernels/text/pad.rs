//! Pad and repeat: texts that grow by counts, which may be anything.

use super::map_text;
use crate::column::Array;
use crate::error::Result;
use crate::exec::kernels::Datum;

/// Which end is filled.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Side {
    /// Before the text.
    Start,
    /// Behind it.
    End,
}

/// `pad_start(a, length, fill)` and `pad_end`: the text with as much of `fill`, over and over, as
/// makes `length` characters; a text that has as many stays whole. `fill` is not empty.
///
/// Errors: `LimitExceeded` when the result does not fit one array, before it is made.
pub fn pad(side: Side, input: &Array, length: &Datum, fill: &str) -> Result<Array> {
    let text = input.as_text();
    let lengths = length.values::<i64>();
    let fill_chars: Vec<char> = fill.chars().collect();
    // Byte places of the fill's characters, and its end.
    let places: Vec<usize> =
        fill.char_indices().map(|(place, _)| place).chain([fill.len()]).collect();
    map_text(&[&Datum::Array(input.clone()), length], text.len(), |row, writer| {
        let value = text.get(row);
        let wanted = u64::try_from(lengths.get(row)).unwrap_or(0);
        let missing = wanted.saturating_sub(value.chars().count() as u64);
        if side == Side::End {
            writer.extend(value)?;
        }
        // A character has a byte at least: what is refused here would not fit.
        writer.check_repeated(1, missing)?;
        let count = fill_chars.len() as u64;
        writer.extend_repeated(fill, missing / count)?;
        writer.extend(&fill[..places[(missing % count) as usize]])?;
        if side == Side::Start {
            writer.extend(value)?;
        }
        Ok(())
    })
}

/// `repeat(a, count)`: the text so many times; the empty text where the count is not positive.
///
/// Errors: `LimitExceeded` when the result does not fit one array, before it is made.
pub fn repeat(input: &Array, count: &Datum) -> Result<Array> {
    let text = input.as_text();
    let counts = count.values::<i64>();
    map_text(&[&Datum::Array(input.clone()), count], text.len(), |row, writer| {
        let value = text.get(row);
        let times = u64::try_from(counts.get(row)).unwrap_or(0);
        writer.extend_repeated(value, times)
    })
}
