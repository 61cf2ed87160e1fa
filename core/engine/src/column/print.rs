//! The text of a value: one spelling for casts, CSV files, summaries and tables on a screen.

use super::array::Array;
use super::dtype::DataType;
use crate::bytes::civil;

/// Appends the text of a value that is present.
///
/// Text is itself; floats are as [`write_float`] has them; dates and timestamps are ISO 8601.
pub fn write_value(array: &Array, row: usize, out: &mut Vec<u8>) {
    match array.dtype() {
        DataType::Bool => {
            out.extend_from_slice(if array.bits().get(row) { b"true" } else { b"false" });
        }
        DataType::Int64 => write_whole(array.values::<i64>()[row], out),
        DataType::Float64 => write_float(array.values()[row], out),
        DataType::Date => civil::write_date(array.values()[row], out),
        DataType::Timestamp => civil::write_timestamp(array.values()[row], out),
        DataType::Utf8 => out.extend_from_slice(array.as_text().get_bytes(row)),
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
    let text = match value {
        _ if value.is_nan() => "NaN",
        f64::INFINITY => "inf",
        f64::NEG_INFINITY => "-inf",
        _ => return out.extend_from_slice(zmij::Buffer::new().format_finite(value).as_bytes()),
    };
    out.extend_from_slice(text.as_bytes());
}
