//! Units: what a worker keeps from one to the next, and what it gives of each.

use std::ops::Range;

use super::columns::ColumnStore;
use super::decode::{ColumnJob, Target};
use super::index::Index;
use super::split::Place;
use crate::column::{Arena, DataType, Text, TextBuilder};
use crate::error::Result;
use crate::limits::CSV_ROWS_ALIGN;

/// What a worker keeps from unit to unit.
#[derive(Default)]
pub(super) struct Worker {
    pub index: Index,
    pub carried: Index,
    pub builders: Vec<TextBuilder>,
    pub arena: Arena,
}

/// Rows that one worker placed.
pub(super) struct Unit {
    /// Their records' bytes.
    pub bytes: Range<usize>,
    /// Number of the first row.
    pub row: usize,
    pub row_count: usize,
    pub columns: Vec<UnitColumn>,
}

/// One column of a unit.
pub(super) struct UnitColumn {
    /// What it was decoded as; `None` when all values are null.
    pub dtype: Option<DataType>,
    pub has_nulls: bool,
    pub has_negative_zero: bool,
    /// The values, where they are text.
    pub text: Option<Text>,
}

/// Ends a column of a unit: text to the arena, validity bits to their place.
pub(super) fn finish_job(
    job: ColumnJob,
    store: &ColumnStore,
    row: usize,
    worker: &mut Worker,
) -> Result<UnitColumn> {
    if job.has_nulls {
        let words = job.validity.len();
        let mut validity = store.validity_window(row, words * 64)?;
        for (slot, word) in validity.iter_mut().zip(&job.validity) {
            *slot = word.to_le();
        }
    }
    Ok(UnitColumn {
        dtype: job.target.dtype(),
        has_nulls: job.has_nulls,
        has_negative_zero: job.has_negative_zero,
        text: take_text(job.target, &mut worker.arena, &mut worker.builders),
    })
}

pub(super) fn take_text(
    target: Target,
    arena: &mut Arena,
    builders: &mut Vec<TextBuilder>,
) -> Option<Text> {
    let Target::Utf8(mut builder) = target else { return None };
    let text = builder.finish(arena);
    builders.push(builder);
    Some(text)
}

/// How many rows a unit places, and what it leaves to the next.
pub(super) fn next_place(
    place: Place,
    index: &Index,
    next_start: usize,
    is_last: bool,
) -> (usize, Place) {
    let total = place.carried + index.row_count();
    let row_count = match is_last {
        true => total,
        false => total - total % CSV_ROWS_ALIGN,
    };
    let carried = total - row_count;
    let offset = match (carried, row_count) {
        (0, _) => next_start,
        (_, 0) if place.carried > 0 => place.offset,
        // A unit that places rows places all that were carried to it: fewer than a group.
        _ => index.row_offset(row_count.saturating_sub(place.carried)),
    };
    (row_count, Place { row: place.row + row_count, offset, carried })
}
