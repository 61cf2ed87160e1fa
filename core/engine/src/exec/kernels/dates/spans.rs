//! `date_add` and `date_sub`: values moved by spans of time.
//!
//! A span of months moves the month and keeps the day, or takes the last day of a shorter month:
//! 31 January and one month is 28 or 29 February. Other spans have a fixed length.

use super::{Datum, Misfit, Moments, Step, dates, null, overflow, split, sweep, timestamps};
use crate::bytes::calendar::{self, Day};
use crate::bytes::civil::{self, DAY_MICROSECONDS};
use crate::bytes::scan::Level;
use crate::column::bitmap::intersect;
use crate::error::{Error, Result};
use crate::exec::kernels::Operand;
use crate::plan::unit::{Length, Unit};

/// How a value is moved.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Move {
    /// What is counted.
    pub unit: Unit,
    /// Whether the span is taken away.
    pub is_back: bool,
    /// Whether a result that does not fit is null.
    pub is_try: bool,
}

/// A value moved by `count` units, in its own type. A date takes units of days only.
///
/// Nulls: a null operand gives null.
/// Errors: `Overflow` with the operands, unless `is_try`.
pub fn shift(how: Move, input: &Datum, count: &Datum, len: usize, level: Level) -> Result<Datum> {
    if input.is_null_value() || count.is_null_value() {
        return Ok(null());
    }
    let validity = intersect(input.validity(), count.validity());
    let (moments, counts) = (Moments::of(input), count.values::<i64>());
    let refuse = |row| misfit(how, moments, counts, row);
    let misfit = if how.is_try { Misfit::Null } else { Misfit::Refuse(&refuse) };
    let sign = if how.is_back { -1 } else { 1 };
    match moments {
        Moments::Dates(days) => {
            let operands = (days, counts);
            let (values, validity) = match how.unit.length() {
                Length::Months(months) => {
                    sweep(Months(sign * months), operands, validity, len, level, misfit)?
                }
                Length::Days(days) => {
                    sweep(Days(sign * days), operands, validity, len, level, misfit)?
                }
                Length::Microseconds(_) => panic!("a date moved by {}s", how.unit.name()),
            };
            Ok(dates(values, validity))
        }
        Moments::Timestamps(ticks) => {
            let operands = (ticks, counts);
            let length = match how.unit.length() {
                Length::Months(months) => {
                    let step = Months(sign * months);
                    let (values, validity) = sweep(step, operands, validity, len, level, misfit)?;
                    return Ok(timestamps(values, validity));
                }
                Length::Days(days) => days * DAY_MICROSECONDS,
                Length::Microseconds(microseconds) => microseconds,
            };
            let step = Ticks(sign * length);
            let (values, validity) = sweep(step, operands, validity, len, level, misfit)?;
            Ok(timestamps(values, validity))
        }
    }
}

fn misfit(how: Move, moments: Moments<'_>, counts: Operand<'_, i64>, row: usize) -> Error {
    let name = if how.is_back { "date_sub" } else { "date_add" };
    let (count, unit) = (counts.get(row), how.unit.name());
    let term = format!("{name}({}, {count}, '{unit}')", moments.text(row));
    overflow(&term, moments.name()).hint(format!("try_{name} gives null there"))
}

/// Units that the quick form moves by: 2^20 years are within what it knows of days.
const QUICK_COUNT: i64 = 1 << 20;
/// Years of a result that the quick form knows.
const QUICK_YEARS: i64 = 1_460_000;
/// Years that are added so that none is negative.
const YEARS_AHEAD: i32 = 4_000_000;

/// Moves by `n` times that many months.
#[derive(Clone, Copy)]
struct Months(i64);

impl Months {
    /// The day so many months away, and a flag.
    #[inline(always)]
    fn quick_days(self, days: i32, count: i64) -> (i32, i64) {
        let day = Day::of(days);
        let moved = (count as i32).wrapping_mul(self.0 as i32);
        let months = day.year.wrapping_add(YEARS_AHEAD).wrapping_mul(12);
        let months = months.wrapping_add(day.month as i32 - 1).wrapping_add(moved) as u32;
        let (year, month) = ((months / 12) as i32 - YEARS_AHEAD, months % 12 + 1);
        let last = calendar::days_of_month(year, month);
        let flag = Day::quick(days) | within(count, QUICK_COUNT) | within(year.into(), QUICK_YEARS);
        (calendar::number_of(year, month, day.day.min(last)), flag)
    }

    fn exact_days(self, days: i32, count: i64) -> Option<i64> {
        let day = Day::exact(days);
        let months = i64::from(day.year) * 12 + i64::from(day.month) - 1;
        let months = months.checked_add(count.checked_mul(self.0)?)?;
        let (year, month) = (months.div_euclid(12), months.rem_euclid(12) as u32 + 1);
        let last = calendar::days_of_month(i32::try_from(year).ok()?, month);
        Some(civil::days_from_civil(year, month, day.day.min(last)))
    }
}

/// Not negative where a number is from `-bound` to `bound`.
#[inline(always)]
fn within(number: i64, bound: i64) -> i64 {
    number.wrapping_add(bound) | bound.wrapping_sub(number)
}

impl Step<i32, i64, i32> for Months {
    #[inline(always)]
    fn quick(self, days: i32, count: i64) -> (i32, i64) {
        self.quick_days(days, count)
    }

    fn exact(self, days: i32, count: i64) -> Option<i32> {
        i32::try_from(self.exact_days(days, count)?).ok()
    }
}

impl Step<i64, i64, i64> for Months {
    #[inline(always)]
    fn quick(self, ticks: i64, count: i64) -> (i64, i64) {
        const QUICK_RESULT: i64 = i64::MAX / DAY_MICROSECONDS - 1;
        let (days, rest) = split(ticks);
        let (moved, flag) = self.quick_days(days, count);
        let flag = flag | within(i64::from(moved), QUICK_RESULT);
        (i64::from(moved).wrapping_mul(DAY_MICROSECONDS).wrapping_add(rest), flag)
    }

    fn exact(self, ticks: i64, count: i64) -> Option<i64> {
        let (days, rest) = split(ticks);
        let moved = self.exact_days(days, count)?;
        i64::try_from(i128::from(moved) * i128::from(DAY_MICROSECONDS) + i128::from(rest)).ok()
    }
}

/// Moves by `n` times that many days.
#[derive(Clone, Copy)]
struct Days(i64);

impl Step<i32, i64, i32> for Days {
    #[inline(always)]
    fn quick(self, days: i32, count: i64) -> (i32, i64) {
        let moved = i64::from(days).wrapping_add(count.wrapping_mul(self.0));
        let flag = within(count, 1 << 40) | -i64::from(i64::from(moved as i32) != moved);
        (moved as i32, flag)
    }

    fn exact(self, days: i32, count: i64) -> Option<i32> {
        i32::try_from(i64::from(days).checked_add(count.checked_mul(self.0)?)?).ok()
    }
}

/// Moves by `n` times that many microseconds.
#[derive(Clone, Copy)]
struct Ticks(i64);

impl Step<i64, i64, i64> for Ticks {
    #[inline(always)]
    fn quick(self, ticks: i64, count: i64) -> (i64, i64) {
        let span = count.wrapping_mul(self.0);
        let moved = ticks.wrapping_add(span);
        let flag = within(count, i64::MAX / self.0.abs()) | ((ticks ^ moved) & (span ^ moved));
        (moved, flag)
    }

    fn exact(self, ticks: i64, count: i64) -> Option<i64> {
        // The span alone may be beyond the range where the result is not.
        let span = i128::from(count) * i128::from(self.0);
        i64::try_from(i128::from(ticks) + span).ok()
    }
}

/// What `shift` makes of a timestamp, by the exact forms alone.
#[cfg(test)]
pub(super) fn exact_shift(how: Move, ticks: i64, count: i64) -> Option<i64> {
    let sign = if how.is_back { -1 } else { 1 };
    match how.unit.length() {
        Length::Months(months) => Months(sign * months).exact(ticks, count),
        Length::Days(days) => Ticks(sign * days * DAY_MICROSECONDS).exact(ticks, count),
        Length::Microseconds(length) => Ticks(sign * length).exact(ticks, count),
    }
}

/// As `exact_shift`, of a date.
#[cfg(test)]
pub(super) fn exact_shift_days(how: Move, days: i32, count: i64) -> Option<i32> {
    let sign = if how.is_back { -1 } else { 1 };
    match how.unit.length() {
        Length::Months(months) => Months(sign * months).exact(days, count),
        Length::Days(length) => Days(sign * length).exact(days, count),
        Length::Microseconds(_) => None,
    }
}
