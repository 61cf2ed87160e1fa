//! Replace: one literal text by another, wherever it occurs.

use memchr::memmem::{self, Finder};

use super::map_text;
use super::search::sweep;
use super::writer::Patch;
use crate::column::{Array, ArrayData, Text};
use crate::error::Result;
use crate::exec::kernels::Datum;

/// `replace(a, old, new)`: from the start on, what overlaps is replaced once; an empty `old` occurs
/// nowhere.
///
/// Errors: `LimitExceeded` when the result does not fit one array.
pub fn replace(input: &Datum, old: &Datum, new: &Datum, len: usize) -> Result<Array> {
    if let (Datum::Array(array), Datum::Value(_), Datum::Value(_)) = (input, old, new) {
        let replaced = replace_in(array.as_text(), old.text(0), new.text(0))?;
        return Ok(Array::new(ArrayData::Utf8(replaced), array.validity().cloned()));
    }
    map_text(&[input, old, new], len, |row, writer| {
        let (value, old, new) = (input.text(row), old.text(row), new.text(row));
        if old.is_empty() {
            return writer.extend(value);
        }
        let mut from = 0;
        for at in memmem::find_iter(value.as_bytes(), old.as_bytes()) {
            writer.extend(&value[from..at])?;
            writer.extend(new)?;
            from = at + old.len();
        }
        writer.extend(&value[from..])
    })
}

/// One literal by one other in all values of a text: a search through all bytes, and a copy of what
/// lies between the hits. Without a hit nothing is copied.
///
/// Errors: `LimitExceeded` when the result does not fit one array.
pub fn replace_in(text: &Text, old: &str, new: &str) -> Result<Text> {
    if old.is_empty() {
        return Ok(text.clone());
    }
    let finder = Finder::new(old.as_bytes());
    let mut patch: Option<Patch<'_>> = None;
    let mut outcome = Ok(());
    sweep(text, &finder, |row, first| {
        if outcome.is_ok() {
            let patch = patch.get_or_insert_with(|| Patch::new(text));
            outcome = replace_in_row(patch, text, &finder, new, row, first);
        }
    });
    outcome?;
    patch.map_or_else(|| Ok(text.clone()), Patch::finish)
}

fn replace_in_row(
    patch: &mut Patch<'_>,
    text: &Text,
    finder: &Finder<'_>,
    new: &str,
    row: usize,
    first: usize,
) -> Result<()> {
    let len = finder.needle().len();
    let end = text.offsets()[row + 1] as usize;
    let mut at = first;
    loop {
        patch.remove(row, at, at + len)?;
        patch.insert(new)?;
        let from = at + len;
        if end - from < len {
            return Ok(());
        }
        match finder.find(&text.bytes().as_bytes()[from..end]) {
            Some(next) => at = from + next,
            None => return Ok(()),
        }
    }
}
