//! The text of a value: one spelling for casts, CSV files, summaries and tables on a screen.

use super::array::{Array, ArrayData};
use crate::bytes::civil;

/// Appends the text of a value that is present.
///
/// Text is itself; floats are as [`write_float`] has them; dates and timestamps are ISO 8601.
pub fn write_value(array: &Array, row: usize, out: &mut Vec<u8>) {
    match array.data() {
        ArrayData::Bool(bits) => {
            out.extend_from_slice(if bits.get(row) { b"true" } else { b"false" });
        }
        ArrayData::Int64(values) => {
            out.extend_from_slice(itoa::Buffer::new().format(values[row]).as_bytes());
        }
        ArrayData::Float64(values) => write_float(values[row], out),
        ArrayData::Date(values) => civil::write_date(values[row], out),
        ArrayData::Timestamp(values) => civil::write_timestamp(values[row], out),
        ArrayData::Utf8(text) => out.extend_from_slice(text.get_bytes(row)),
    }
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
