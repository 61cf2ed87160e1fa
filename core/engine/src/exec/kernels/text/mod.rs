//! Text: case, cutting, joining, search, patterns, encodings.
//!
//! Where it is sound a kernel goes over the bytes of the whole array at once: a search runs through
//! all values and maps its hits to rows by the offsets, and what does not change is copied in one
//! go. Else it goes row by row. Results are written to buffers; no row has a `String` of its own.
//!
//! No operand is a null value here (`concat_ws` apart): who calls has seen to that. A row in which
//! an operand is null is not looked at.

pub mod case;
pub mod cut;
pub mod encode;
pub mod join;
pub mod json;
pub mod like;
pub mod normalize;
pub mod pad;
pub mod pattern;
pub mod replace;
pub mod search;
pub mod similar;
pub mod trim;
mod writer;

#[cfg(test)]
mod tests;

use self::writer::Writer;
use super::Datum;
use crate::column::bitmap::{Bitmap, intersect};
use crate::column::buffer::Native;
use crate::column::{Array, ArrayData, MutableBuffer, Text, Values};
use crate::error::Result;

/// Bytes of all values of a text, without those around them that a slice leaves behind.
fn bytes_of(text: &Text) -> &[u8] {
    let offsets = text.offsets();
    &text.bytes().as_bytes()[offsets[0] as usize..offsets[text.len()] as usize]
}

/// The rows in which all operands have a value; `None` stands for all rows.
fn valid_in_all(operands: &[&Datum]) -> Option<Bitmap> {
    operands.iter().fold(None, |valid, operand| intersect(valid.as_ref(), operand.validity()))
}

fn is_valid(validity: Option<&Bitmap>, row: usize) -> bool {
    validity.is_none_or(|bits| bits.get(row))
}

/// Text made row by row where all operands have a value.
fn map_text(
    operands: &[&Datum],
    len: usize,
    mut write: impl FnMut(usize, &mut Writer) -> Result<()>,
) -> Result<Array> {
    let validity = valid_in_all(operands);
    let mut writer = Writer::new(len);
    for row in 0..len {
        if is_valid(validity.as_ref(), row) {
            write(row, &mut writer)?;
        }
        writer.end_value();
    }
    Ok(Array::new(ArrayData::Utf8(writer.finish()), validity))
}

/// As [`map_text`], for what may also give null: where `write` says false.
fn map_maybe_text(
    operands: &[&Datum],
    len: usize,
    mut write: impl FnMut(usize, &mut Writer) -> Result<bool>,
) -> Result<Array> {
    let validity = valid_in_all(operands);
    let mut writer = Writer::new(len);
    let mut present = vec![false; len];
    for (row, is_present) in present.iter_mut().enumerate() {
        if is_valid(validity.as_ref(), row) {
            *is_present = write(row, &mut writer)?;
        }
        writer.end_value();
    }
    Ok(Array::new(ArrayData::Utf8(writer.finish()), present_bits(&present)))
}

/// Numbers made row by row where all operands have a value.
fn map_values<T: Native>(
    operands: &[&Datum],
    len: usize,
    wrap: impl FnOnce(Values<T>) -> ArrayData,
    mut value: impl FnMut(usize) -> Result<T>,
) -> Result<Array> {
    let validity = valid_in_all(operands);
    let mut buffer = MutableBuffer::zeroed::<T>(len);
    for (row, out) in buffer.as_mut_slice::<T>().iter_mut().enumerate() {
        if is_valid(validity.as_ref(), row) {
            *out = value(row)?;
        }
    }
    Ok(Array::new(wrap(Values::new(buffer.freeze())), validity))
}

fn present_bits(present: &[bool]) -> Option<Bitmap> {
    present.contains(&false).then(|| Bitmap::from_fn(present.len(), |row| present[row]))
}

/// Where the character at `index` starts; the end of the text where there is none.
fn char_start(text: &str, index: usize) -> usize {
    if index >= text.len() {
        return text.len();
    }
    text.char_indices().nth(index).map_or(text.len(), |(start, _)| start)
}
