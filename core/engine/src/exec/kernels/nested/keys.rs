//! The order of lists and structs as text: a value becomes a text, and the texts compare by bytes
//! as the values do. So one way of comparing, sorting, grouping and joining serves all types.
//!
//! ```text
//! list     01 element, 02 for a null one, ..., 00    the shorter of two that begin alike is first
//! struct   01 value, 02 for null; field by field
//! number   big-endian, the sign turned round; floats in IEEE 754's totalOrder, one NaN, one zero
//! text     its bytes, 00 as 00 FF; then 00 01
//! ```
//! These bytes are written as hexadecimal digits, whose order is theirs: the result is text. Within
//! a value null equals null and is after all values; a descending sort turns the whole round.

use std::borrow::Cow;

use crate::column::{Array, ArrayData, TextAppender};
use crate::error::Result;
use crate::exec::kernels::Datum;

const END: u8 = 0;
const PRESENT: u8 = 1;
const NULL: u8 = 2;
const SIGN: u64 = 1 << 63;

/// Lists and structs as text that compares as they do; other values stay.
///
/// Nulls: null stays null.
/// Errors: `LimitExceeded` where the text does not fit one array.
pub fn comparable(array: &Array) -> Result<Cow<'_, Array>> {
    if !array.dtype().is_nested() {
        return Ok(Cow::Borrowed(array));
    }
    let mut builder = TextAppender::new(array.len());
    let (mut key, mut digits) = (Vec::new(), String::new());
    for row in 0..array.len() {
        key.clear();
        digits.clear();
        if array.is_valid(row) {
            write(array, row, &mut key);
        }
        write_digits(&key, &mut digits);
        builder.push(&digits)?;
    }
    let text = ArrayData::Utf8(builder.finish());
    Ok(Cow::Owned(Array::new(text, array.validity().cloned())))
}

/// As [`comparable`], for several arrays.
pub fn comparables(arrays: &[Array]) -> Result<Cow<'_, [Array]>> {
    if !arrays.iter().any(|array| array.dtype().is_nested()) {
        return Ok(Cow::Borrowed(arrays));
    }
    let keys = arrays.iter().map(|array| comparable(array).map(Cow::into_owned));
    keys.collect::<Result<Vec<Array>>>().map(Cow::Owned)
}

/// As [`comparable`], for what an expression gives.
pub fn comparable_datum(datum: &Datum) -> Result<Datum> {
    Ok(match datum {
        Datum::Array(array) => Datum::Array(comparable(array)?.into_owned()),
        Datum::Value(crate::column::Scalar::Nested(one)) => {
            Datum::Value(comparable(one)?.scalar(0))
        }
        Datum::Value(_) => datum.clone(),
    })
}

fn write_digits(key: &[u8], digits: &mut String) {
    const DIGITS: &[u8; 16] = b"0123456789abcdef";
    digits.reserve(key.len() * 2);
    for byte in key {
        digits.push(char::from(DIGITS[usize::from(byte >> 4)]));
        digits.push(char::from(DIGITS[usize::from(byte & 15)]));
    }
}

/// Appends the key of a value that is present.
fn write(array: &Array, row: usize, out: &mut Vec<u8>) {
    let mut word = |bits: u64| out.extend_from_slice(&bits.to_be_bytes());
    let signed = |value: i64| value as u64 ^ SIGN;
    match array.data() {
        ArrayData::Bool(bits) => out.push(u8::from(bits.get(row))),
        ArrayData::Int8(values) => word(signed(values[row].into())),
        ArrayData::Int16(values) => word(signed(values[row].into())),
        ArrayData::Int32(values) => word(signed(values[row].into())),
        ArrayData::Int64(values) => word(signed(values[row])),
        ArrayData::Int128(values) => {
            out.extend_from_slice(&(values[row] as u128 ^ 1 << 127).to_be_bytes());
        }
        ArrayData::UInt8(values) => word(values[row].into()),
        ArrayData::UInt16(values) => word(values[row].into()),
        ArrayData::UInt32(values) => word(values[row].into()),
        ArrayData::UInt64(values) => word(values[row]),
        ArrayData::Float32(values) => word(float_word(values[row].into())),
        ArrayData::Float64(values) => word(float_word(values[row])),
        ArrayData::Utf8(_) | ArrayData::Dictionary(_) => {
            for byte in array.text_bytes(row) {
                out.push(*byte);
                if *byte == 0 {
                    out.push(0xFF);
                }
            }
            out.extend_from_slice(&[0, 1]);
        }
        ArrayData::List(lists) => {
            lists.range(row).for_each(|index| write_part(lists.child(), index, out));
            out.push(END);
        }
        ArrayData::Struct(structs) => {
            structs.fields().iter().for_each(|field| write_part(field, row, out));
        }
    }
}

fn write_part(array: &Array, row: usize, out: &mut Vec<u8>) {
    match array.is_valid(row) {
        true => {
            out.push(PRESENT);
            write(array, row, out);
        }
        false => out.push(NULL),
    }
}

fn float_word(value: f64) -> u64 {
    if value.is_nan() {
        return u64::MAX;
    }
    let bits = (value + 0.0).to_bits();
    if bits & SIGN == 0 { bits ^ SIGN } else { !bits }
}
