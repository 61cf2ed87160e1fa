//! Values as JSON text: the form that people and files read, and the one that bindings read.
//!
//! ```text
//!              text                              host
//! int64        12                                "12": no reader of JSON rounds it
//! decimal      1.50                              "1.50"
//! float64      0.1, "NaN", "inf", "-inf"         the same; float32 as the float64 that it is
//! date         "2024-02-29"                      19782, days since 1970
//! timestamp    "2024-02-29T12:00:00"             "1709208000000000", as it is stored
//! struct       {"a":1,"b":null}                  [1,null], in order of the type's fields
//! ```

use super::array::{Array, ArrayData};
use super::dtype::DataType;
use super::nested::ListValues;
use super::print::{write_float, write_value};
use crate::bytes::json::write_text;

/// Appends a value as JSON text; null where there is none. Floats that are no numbers are strings:
/// JSON has no others for them.
pub fn write(array: &Array, row: usize, out: &mut Vec<u8>) {
    if !array.is_valid(row) {
        out.extend_from_slice(b"null");
        return;
    }
    match (array.dtype(), array.data()) {
        (_, ArrayData::List(lists)) => write_list(lists, row, out, write),
        (DataType::Struct(fields), ArrayData::Struct(structs)) => {
            for (index, (field, values)) in fields.iter().zip(structs.fields()).enumerate() {
                out.push(if index == 0 { b'{' } else { b',' });
                write_text(field.name.as_bytes(), out);
                out.push(b':');
                write(values, row, out);
            }
            out.push(b'}');
        }
        (DataType::Bool, _) => write_value(array, row, out),
        (dtype, _) if dtype.is_number() && is_finite(array, row) => write_value(array, row, out),
        _ => write_quoted(array, row, out),
    }
}

/// Appends a value as bindings read it.
pub fn write_host(array: &Array, row: usize, out: &mut Vec<u8>) {
    if !array.is_valid(row) {
        out.extend_from_slice(b"null");
        return;
    }
    match array.data() {
        ArrayData::List(lists) => write_list(lists, row, out, write_host),
        ArrayData::Struct(structs) => {
            for (index, values) in structs.fields().iter().enumerate() {
                out.push(if index == 0 { b'[' } else { b',' });
                write_host(values, row, out);
            }
            out.push(b']');
        }
        ArrayData::Int64(values) => {
            write_text(itoa::Buffer::new().format(values[row]).as_bytes(), out);
        }
        ArrayData::UInt64(values) => {
            write_text(itoa::Buffer::new().format(values[row]).as_bytes(), out);
        }
        ArrayData::Int32(values) => {
            out.extend_from_slice(itoa::Buffer::new().format(values[row]).as_bytes());
        }
        ArrayData::Float32(values) if values[row].is_finite() => {
            write_float(f64::from(values[row]), out);
        }
        ArrayData::Int8(_)
        | ArrayData::Int16(_)
        | ArrayData::UInt8(_)
        | ArrayData::UInt16(_)
        | ArrayData::UInt32(_)
        | ArrayData::Bool(_) => write_value(array, row, out),
        ArrayData::Float64(values) if values[row].is_finite() => write_float(values[row], out),
        _ => write_quoted(array, row, out),
    }
}

fn write_list(
    lists: &ListValues,
    row: usize,
    out: &mut Vec<u8>,
    write: fn(&Array, usize, &mut Vec<u8>),
) {
    out.push(b'[');
    let range = lists.range(row);
    for index in range.clone() {
        if index > range.start {
            out.push(b',');
        }
        write(lists.child(), index, out);
    }
    out.push(b']');
}

fn is_finite(array: &Array, row: usize) -> bool {
    match array.data() {
        ArrayData::Float32(values) => values[row].is_finite(),
        ArrayData::Float64(values) => values[row].is_finite(),
        _ => true,
    }
}

fn write_quoted(array: &Array, row: usize, out: &mut Vec<u8>) {
    match array.data() {
        ArrayData::Utf8(text) => write_text(text.get_bytes(row), out),
        _ => {
            let mut text = Vec::new();
            write_value(array, row, &mut text);
            write_text(&text, out);
        }
    }
}
