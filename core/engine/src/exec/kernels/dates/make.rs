//! `make_date` and `make_timestamp`: values from their parts.

use super::{Datum, dates, null, timestamps, without};
use crate::bytes::calendar::days_of_month;
use crate::bytes::civil::{self, DAY_MICROSECONDS};
use crate::column::bitmap::intersect;
use crate::column::buffer::Native;
use crate::column::{Bitmap, MutableBuffer, Values};
use crate::error::{Error, ErrorKind, Result};
use crate::exec::kernels::Operand;

/// What each part of a timestamp is called, and its bounds; a day's upper one is its month's.
const PARTS: [(&str, i64, i64); 7] = [
    ("a year", -5_877_641, 5_881_580),
    ("a month", 1, 12),
    ("a day", 1, 31),
    ("an hour", 0, 23),
    ("a minute", 0, 59),
    ("a second", 0, 59),
    ("a microsecond", 0, 999_999),
];

/// The date of year, month and day.
///
/// Nulls: a null operand gives null.
/// Errors: `BadCast` for a day that does not exist, `Overflow` beyond the dates, unless `is_try`.
pub fn date(parts: &[Datum], is_try: bool, len: usize) -> Result<Datum> {
    let made = make(parts, is_try, len, |parts| {
        let days = days_of(parts)?;
        i32::try_from(days).map_err(|_| beyond(parts, "date"))
    })?;
    Ok(made.map_or_else(null, |(values, validity)| dates(values, validity)))
}

/// The timestamp of year, month, day, hour, minute, second and, where given, microsecond.
///
/// Nulls, errors: as `date`.
pub fn timestamp(parts: &[Datum], is_try: bool, len: usize) -> Result<Datum> {
    let made = make(parts, is_try, len, |parts| {
        let days = i128::from(days_of(parts)?);
        let seconds = (parts[3] * 60 + parts[4]) * 60 + parts[5];
        let ticks = i128::from(seconds) * 1_000_000 + i128::from(parts[6]);
        i64::try_from(days * i128::from(DAY_MICROSECONDS) + ticks)
            .map_err(|_| beyond(parts, "timestamp"))
    })?;
    Ok(made.map_or_else(null, |(values, validity)| timestamps(values, validity)))
}

type Made<T> = Option<(Values<T>, Option<Bitmap>)>;

fn make<T: Native>(
    parts: &[Datum],
    is_try: bool,
    len: usize,
    value: impl Fn(&[i64; 7]) -> Result<T>,
) -> Result<Made<T>> {
    if parts.iter().any(Datum::is_null_value) {
        return Ok(None);
    }
    let validity = parts.iter().fold(None, |all, part| intersect(all.as_ref(), part.validity()));
    let operands: Vec<Operand<'_, i64>> = parts.iter().map(Datum::values).collect();
    let mut buffer = MutableBuffer::zeroed::<T>(len);
    let (mut misfits, mut row_parts) = (Vec::new(), [0; 7]);
    for (row, out) in buffer.as_mut_slice::<T>().iter_mut().enumerate() {
        for (part, operand) in row_parts.iter_mut().zip(&operands) {
            *part = operand.get(row);
        }
        match value(&row_parts) {
            Ok(made) => *out = made,
            Err(_) if !validity.as_ref().is_none_or(|bits| bits.get(row)) => {}
            Err(_) if is_try => misfits.push(row),
            Err(error) => return Err(error),
        }
    }
    Ok(Some((Values::new(buffer.freeze()), without(validity, len, &misfits))))
}

/// Days since 1970, once every part is within its bounds.
fn days_of(parts: &[i64; 7]) -> Result<i64> {
    for (part, (what, first, last)) in parts.iter().zip(PARTS) {
        if !(first..=last).contains(part) {
            return Err(misfit(format!("{what} from {first} to {last}"), *part));
        }
    }
    let (year, month) = (parts[0], parts[1] as u32);
    let day_count = days_of_month(year as i32, month);
    if parts[2] > i64::from(day_count) {
        let expected = format!("a day of {year:04}-{month:02}, which has {day_count} days");
        return Err(misfit(expected, parts[2]));
    }
    Ok(civil::days_from_civil(year, month, parts[2] as u32))
}

fn misfit(expected: String, found: i64) -> Error {
    Error::mismatch(ErrorKind::BadCast, expected, found.to_string())
        .hint("the form with try_ gives null where there is no such day or time")
}

fn beyond(parts: &[i64; 7], dtype: &str) -> Error {
    let [year, month, day, ..] = parts;
    super::overflow(&format!("{year:04}-{month:02}-{day:02}"), dtype)
}
