//! Units: what a worker keeps from one to the next, and what it gives of each.

use std::ops::Range;

use super::columns::ColumnStore;
use super::decode::{ColumnJob, Target};
use super::index::Index;
use super::split::Place;
use crate::column::{Arena, DataType, Interner, Text, TextBuilder};
use crate::error::Result;
use crate::limits::CSV_ROWS_ALIGN;

/// What a worker keeps from unit to unit.
#[derive(Default)]
pub(super) struct Worker {
    pub index: Index,
    pub carried: Index,
    pub builders: Vec<TextBuilder>,
    pub arena: Arena,
    /// Distinct values of one column of one unit.
    pub local: Interner,
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
    /// The numbers of texts that came up, where those were numbered.
    pub numbers: Option<Vec<u32>>,
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
    let Worker { arena, builders, local, .. } = worker;
    take_column(job, store, row, arena, builders, local)
}

/// What a unit keeps of a column: its text, or the numbers of it, go where they belong.
pub(super) fn take_column(
    job: ColumnJob,
    store: &ColumnStore,
    row: usize,
    arena: &mut Arena,
    builders: &mut Vec<TextBuilder>,
    local: &mut Interner,
) -> Result<UnitColumn> {
    let mut column = UnitColumn {
        dtype: job.target.dtype(),
        has_nulls: job.has_nulls,
        has_negative_zero: job.has_negative_zero,
        text: None,
        numbers: None,
    };
    let Target::Utf8(mut builder) = job.target else { return Ok(column) };
    match store.coding.as_ref().filter(|coding| coding.is_open()) {
        Some(coding) => {
            let validity = job.has_nulls.then_some(&job.validity[..]);
            let mut codes = store.codes_window(row, builder.len())?;
            let numbers = coding.number(&builder, validity, &mut codes, local);
            column.numbers = Some(numbers);
            builder.clear();
        }
        None => column.text = Some(builder.finish(arena)),
    }
    builders.push(builder);
    Ok(column)
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
