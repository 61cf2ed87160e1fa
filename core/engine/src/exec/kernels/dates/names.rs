//! `month_name` and `day_name`, in English.

use super::parts::{DayPart, of_day};
use super::{Datum, null};
use crate::bytes::pattern::{DAY_NAMES, MONTH_NAMES};
use crate::bytes::scan::Level;
use crate::column::{Array, ArrayData, TextAppender};
use crate::error::Result;

/// The name of the month: `January` to `December`.
///
/// Nulls: a null operand gives null.
pub fn month(input: &Datum, len: usize, level: Level) -> Result<Datum> {
    named(DayPart::Month, &MONTH_NAMES, input, len, level)
}

/// The name of the day of the week: `Monday` to `Sunday`.
///
/// Nulls: a null operand gives null.
pub fn day(input: &Datum, len: usize, level: Level) -> Result<Datum> {
    named(DayPart::DayOfWeek, &DAY_NAMES, input, len, level)
}

fn named(part: DayPart, names: &[&str], input: &Datum, len: usize, level: Level) -> Result<Datum> {
    let Datum::Array(parts) = of_day(part, input, len, level)? else { return Ok(null()) };
    let ArrayData::Int64(values) = parts.data() else { panic!("parts are int64") };
    let mut text = TextAppender::new(len);
    for (row, value) in values.iter().enumerate() {
        text.push(if parts.is_valid(row) { names[*value as usize - 1] } else { "" })?;
    }
    Ok(Datum::Array(Array::new(ArrayData::Utf8(text.finish()), parts.validity().cloned())))
}
