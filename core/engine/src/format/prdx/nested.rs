//! Pieces of lists, as the file holds them: offsets from 0, and no elements that no list shows.

use crate::column::nested::require_room;
use crate::column::{Array, DataType};
use crate::error::{Error, ErrorKind, Result};
use crate::limits::ARRAY_TEXT_BYTES_MAX;

/// Offsets of all lists from 0 on, little-endian; a null has no elements.
///
/// Errors: `LimitExceeded` beyond what 32-bit offsets reach.
pub(super) fn offsets(pieces: &[Array]) -> Result<Vec<u8>> {
    let row_count: usize = pieces.iter().map(Array::len).sum();
    let mut bytes = Vec::with_capacity((row_count + 1) * size_of::<i32>());
    bytes.extend_from_slice(&0_i32.to_le_bytes());
    let mut end = 0_usize;
    for piece in pieces {
        for row in 0..piece.len() {
            if piece.is_valid(row) {
                end += piece.lists().range(row).len();
                require_room(end)?;
            }
            bytes.extend_from_slice(&(end as i32).to_le_bytes());
        }
    }
    Ok(bytes)
}

/// The elements of all lists that are present, as pieces without a copy; at least one piece.
pub(super) fn elements(pieces: &[Array], item: &DataType) -> Vec<Array> {
    let mut elements = Vec::new();
    for piece in pieces {
        let lists = piece.lists();
        let mut run = 0..0;
        for row in (0..piece.len()).filter(|row| piece.is_valid(*row)) {
            let range = lists.range(row);
            if range.start == run.end {
                run.end = range.end;
                continue;
            }
            if !run.is_empty() {
                elements.push(lists.child().slice(run.start, run.len()));
            }
            run = range;
        }
        if !run.is_empty() {
            elements.push(lists.child().slice(run.start, run.len()));
        }
    }
    if elements.is_empty() {
        elements.push(Array::nulls(item.clone(), 0));
    }
    elements
}

/// Whether the text of elements or of a field fits 32-bit offsets.
///
/// Errors: `LimitExceeded`.
pub(super) fn check_text(pieces: &[Array]) -> Result<()> {
    let span = |piece: &Array| {
        let offsets = piece.as_text().offsets();
        (offsets[offsets.len() - 1] - offsets[0]) as usize
    };
    let text_bytes: usize = pieces.iter().map(span).sum();
    match text_bytes <= ARRAY_TEXT_BYTES_MAX {
        true => Ok(()),
        false => Err(Error::mismatch(
            ErrorKind::LimitExceeded,
            format!("at most {ARRAY_TEXT_BYTES_MAX} bytes of text in the lists of a row group"),
            format!("{text_bytes} bytes"),
        )
        .hint("write fewer rows at a time, or keep such long texts in a column of their own")),
    }
}
