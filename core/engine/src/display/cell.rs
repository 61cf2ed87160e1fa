//! One value as text: its own form, escaped and cut to a width.

use unicode_width::{UnicodeWidthChar, UnicodeWidthStr};

use crate::bytes::json::write_text;
use crate::column::nested_type::field_name;
use crate::column::print::value_text;
use crate::column::{Array, ArrayData, DataType};

/// Widest text of one cell.
const CELL_WIDTH_MAX: usize = 48;

/// The text of a value, ready to be printed.
pub(super) fn text(array: &Array, row: usize) -> String {
    if !array.is_valid(row) {
        return "null".to_owned();
    }
    match array.dtype() {
        DataType::Utf8 | DataType::Dictionary => cut(&escape(array.text(row)), CELL_WIDTH_MAX),
        DataType::List(_) | DataType::Struct(_) => {
            let mut out = String::new();
            write_nested(array, row, &mut out);
            cut(&escape(&out), CELL_WIDTH_MAX)
        }
        _ => value_text(array, row),
    }
}

/// Text of a nested value beyond which nothing is looked at: no cell shows more.
const NESTED_BYTES_MAX: usize = CELL_WIDTH_MAX * 16;

/// Appends `[1, null]`, `{a: 1, b: "x"}`: text within stands in quotes.
fn write_nested(array: &Array, row: usize, out: &mut String) {
    if !array.is_valid(row) {
        out.push_str("null");
        return;
    }
    match (array.dtype(), array.data()) {
        (_, ArrayData::List(lists)) => {
            out.push('[');
            let range = lists.range(row);
            for index in range.clone() {
                if out.len() >= NESTED_BYTES_MAX {
                    break;
                }
                out.push_str(if index > range.start { ", " } else { "" });
                write_nested(lists.child(), index, out);
            }
            out.push(']');
        }
        (DataType::Struct(fields), ArrayData::Struct(structs)) => {
            for (index, (field, values)) in fields.iter().zip(structs.fields()).enumerate() {
                out.push_str(if index == 0 { "{" } else { ", " });
                out.push_str(&field_name(&field.name));
                out.push_str(": ");
                write_nested(values, row, out);
            }
            out.push('}');
        }
        (_, ArrayData::Utf8(text)) => {
            let mut quoted = Vec::new();
            let shown: String = text.get(row).chars().take(CELL_WIDTH_MAX * 4).collect();
            write_text(shown.as_bytes(), &mut quoted);
            out.push_str(&String::from_utf8_lossy(&quoted));
        }
        _ => out.push_str(&value_text(array, row)),
    }
}

/// The name of a column, ready to be printed.
pub(super) fn name(name: &str) -> String {
    cut(&escape(name), CELL_WIDTH_MAX)
}

/// Columns that a terminal gives a text.
pub(super) fn width(text: &str) -> usize {
    text.width()
}

/// Escapes what would move the cursor, break the line or turn the direction of writing.
///
/// Only the part that can be shown is looked at.
fn escape(text: &str) -> String {
    let mut out = String::new();
    for character in text.chars().take(CELL_WIDTH_MAX * 4) {
        let is_steering = character.is_control()
            || matches!(character, '\u{200e}' | '\u{200f}' | '\u{2028}'..='\u{202e}')
            || matches!(character, '\u{2066}'..='\u{2069}');
        match is_steering {
            true => out.extend(character.escape_default()),
            false => out.push(character),
        }
    }
    out
}

/// Cuts text to a width; an ellipsis stands for what is left out.
pub(super) fn cut(text: &str, width_max: usize) -> String {
    if text.width() <= width_max {
        return text.to_owned();
    }
    let mut out = String::new();
    let mut used = 1;
    for character in text.chars() {
        used += character.width().unwrap_or(0);
        if used > width_max {
            break;
        }
        out.push(character);
    }
    out.push('…');
    out
}
