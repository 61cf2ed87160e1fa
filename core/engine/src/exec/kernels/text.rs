//! Text: case, length, search. Case follows Unicode's mappings without locale; a length counts
//! Unicode scalar values; searches compare bytes.

use super::Datum;
use crate::column::bitmap::{Bitmap, intersect};
use crate::column::{Array, ArrayData, MutableBuffer, TextAppender, Values};
use crate::error::Result;

/// `upper(a)`.
///
/// Errors: `LimitExceeded` when the result does not fit one array.
pub fn upper(input: &Array) -> Result<Array> {
    change_case(input, str::make_ascii_uppercase, str::to_uppercase)
}

/// `lower(a)`.
///
/// Errors: `LimitExceeded` when the result does not fit one array.
pub fn lower(input: &Array) -> Result<Array> {
    change_case(input, str::make_ascii_lowercase, str::to_lowercase)
}

fn change_case(
    input: &Array,
    change_ascii: fn(&mut str),
    change: fn(&str) -> String,
) -> Result<Array> {
    let text = input.as_text();
    let mut builder = TextAppender::new(text.len());
    let mut ascii = String::new();
    for value in text.iter() {
        if value.is_ascii() {
            ascii.clear();
            ascii.push_str(value);
            change_ascii(&mut ascii);
            builder.push(&ascii)?;
        } else {
            builder.push(&change(value))?;
        }
    }
    Ok(Array::new(ArrayData::Utf8(builder.finish()), input.validity().cloned()))
}

/// `length(a)`.
pub fn length(input: &Array) -> Array {
    let text = input.as_text();
    let mut buffer = MutableBuffer::zeroed::<i64>(text.len());
    for (out, value) in buffer.as_mut_slice::<i64>().iter_mut().zip(text.iter()) {
        *out = value.chars().count() as i64;
    }
    let data = ArrayData::Int64(Values::new(buffer.freeze()));
    Array::new(data, input.validity().cloned())
}

/// `contains(a, b)`; neither operand is a null value.
pub fn contains(input: &Datum, part: &Datum, len: usize) -> Array {
    let bits = Bitmap::from_fn(len, |row| input.text(row).contains(part.text(row)));
    Array::new(ArrayData::Bool(bits), intersect(input.validity(), part.validity()))
}

/// `starts_with(a, b)`; neither operand is a null value.
pub fn starts_with(input: &Datum, prefix: &Datum, len: usize) -> Array {
    let bits = Bitmap::from_fn(len, |row| input.text(row).starts_with(prefix.text(row)));
    Array::new(ArrayData::Bool(bits), intersect(input.validity(), prefix.validity()))
}
