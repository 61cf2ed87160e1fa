//! Text: case, length, search. Case follows Unicode's mappings without locale; a length counts
//! Unicode scalar values; searches compare bytes.

use super::Datum;
use crate::column::array::TextAppender;
use crate::column::bitmap::{Bitmap, intersect};
use crate::column::{Array, ArrayData, MutableBuffer, Values};
use crate::error::Result;
use crate::plan::functions::Function;

/// `upper(a)` and `lower(a)`.
///
/// Errors: `LimitExceeded` when the result does not fit one array.
pub fn change_case(function: Function, input: &Array) -> Result<Array> {
    let text = input.as_text();
    let mut builder = TextAppender::new(text.len());
    let mut ascii = String::new();
    for value in text.iter() {
        if value.is_ascii() {
            ascii.clear();
            ascii.push_str(value);
            match function {
                Function::Upper => ascii.make_ascii_uppercase(),
                _ => ascii.make_ascii_lowercase(),
            }
            builder.push(&ascii)?;
            continue;
        }
        match function {
            Function::Upper => builder.push(&value.to_uppercase())?,
            _ => builder.push(&value.to_lowercase())?,
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

/// `contains(a, b)` and `starts_with(a, b)`; neither operand is a null value.
pub fn search(function: Function, input: &Datum, needle: &Datum, len: usize) -> Array {
    let bits = match function {
        Function::StartsWith => {
            Bitmap::from_fn(len, |row| input.text(row).starts_with(needle.text(row)))
        }
        _ => Bitmap::from_fn(len, |row| input.text(row).contains(needle.text(row))),
    };
    Array::new(ArrayData::Bool(bits), intersect(input.validity(), needle.validity()))
}
