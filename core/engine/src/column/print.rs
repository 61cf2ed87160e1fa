//! The text of a value: one spelling for casts, CSV files, summaries and tables on a screen.

use super::array::Array;
use super::dtype::DataType;
use super::json;
use crate::bytes::{civil, decimal, tick};

/// Appends the text of a value that is present.
///
/// Text is itself; floats are as [`write_float`] has them; dates and timestamps are ISO 8601; lists
/// and structs are JSON.
pub fn write_value(array: &Array, row: usize, out: &mut Vec<u8>) {
    match array.dtype() {
        DataType::Bool => {
            out.extend_from_slice(if array.bits().get(row) { b"true" } else { b"false" });
        }
        DataType::Int64 => write_whole(array.values::<i64>()[row], out),
        DataType::Float64 => write_float(array.values()[row], out),
        DataType::Date => civil::write_date(array.values()[row], out),
        DataType::Timestamp => civil::write_timestamp(array.values()[row], out),
        DataType::Decimal { scale, .. } => decimal::write(array.values()[row], *scale, out),
        DataType::Utf8 | DataType::Dictionary => out.extend_from_slice(array.text_bytes(row)),
        DataType::Int8 => write_whole(array.values::<i8>()[row], out),
        DataType::Int16 => write_whole(array.values::<i16>()[row], out),
        DataType::Int32 => write_whole(array.values::<i32>()[row], out),
        DataType::UInt8 => write_whole(array.values::<u8>()[row], out),
        DataType::UInt16 => write_whole(array.values::<u16>()[row], out),
        DataType::UInt32 => write_whole(array.values::<u32>()[row], out),
        DataType::UInt64 => write_whole(array.values::<u64>()[row], out),
        DataType::Float32 => write_float32(array.values()[row], out),
        DataType::List(_) | DataType::Struct(_) => json::write(array, row, out),
        DataType::TimestampOf { unit, zone } => {
            tick::write(array.values()[row], *unit, zone.as_ref(), out);
        }
    }
}

/// Appends the digits of a whole number.
pub fn write_whole(value: impl itoa::Integer, out: &mut Vec<u8>) {
    out.extend_from_slice(itoa::Buffer::new().format(value).as_bytes());
}

/// The text of a value, which must be present.
pub fn value_text(array: &Array, row: usize) -> String {
    let mut out = Vec::new();
    write_value(array, row, &mut out);
    String::from_utf8_lossy(&out).into_owned()
}

/// Appends the shortest text that reads back as the same float (but for the bits of a NaN): with an
/// exponent below 1e-5 and from 1e16 on.
pub fn write_float(value: f64, out: &mut Vec<u8>) {
    match value.is_finite() {
        true => out.extend_from_slice(zmij::Buffer::new().format_finite(value).as_bytes()),
        false => write_not_finite(value, out),
    }
}

/// As [`write_float`], for a binary32: the shortest text that reads back as the same binary32.
pub fn write_float32(value: f32, out: &mut Vec<u8>) {
    match value.is_finite() {
        true => out.extend_from_slice(zmij::Buffer::new().format_finite(value).as_bytes()),
        false => write_not_finite(f64::from(value), out),
    }
}

fn write_not_finite(value: f64, out: &mut Vec<u8>) {
    out.extend_from_slice(match value {
        f64::INFINITY => b"inf",
        f64::NEG_INFINITY => b"-inf",
        _ => b"NaN",
    });
}
