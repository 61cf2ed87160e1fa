//! Numbers of days, seconds and smaller units since 1970-01-01T00:00:00, and back.

use super::{Datum, Misfit, Moments, Step, dates, int64s, null, overflow, sweep, timestamps};
use crate::bytes::civil::DAY_MICROSECONDS;
use crate::bytes::scan::Level;
use crate::error::Result;
use crate::exec::kernels::Operand;
use crate::plan::unit::{Length, Unit};

/// Whole units since 1970, rounded down: of a timestamp, or of a date's midnight.
///
/// Nulls: a null operand gives null.
/// Errors: `Overflow` for microseconds of a date beyond the timestamps.
pub fn since(unit: Unit, input: &Datum, len: usize, level: Level) -> Result<Datum> {
    if input.is_null_value() {
        return Ok(null());
    }
    let (validity, none) = (input.validity().cloned(), Operand::Value(()));
    let (moments, ticks) = (Moments::of(input), ticks_of(unit));
    let refuse = |row| overflow(&format!("epoch of {}", moments.text(row)), "int64");
    let misfit = Misfit::Refuse(&refuse);
    let (values, validity) = match moments {
        Moments::Dates(days) => {
            let step = Times(DAY_MICROSECONDS / ticks);
            sweep(step, (days, none), validity, len, level, misfit)?
        }
        Moments::Timestamps(input) => {
            sweep(Over(ticks), (input, none), validity, len, level, misfit)?
        }
    };
    Ok(int64s(values, validity))
}

/// The timestamp so many units after 1970.
///
/// Nulls: a null operand gives null.
/// Errors: `Overflow` with the operand, unless `is_try`.
pub fn timestamp_at(
    unit: Unit,
    input: &Datum,
    is_try: bool,
    len: usize,
    level: Level,
) -> Result<Datum> {
    if input.is_null_value() {
        return Ok(null());
    }
    let counts = input.values::<i64>();
    let refuse = |row| {
        let term = format!("{} {}s since 1970", counts.get(row), unit.name());
        overflow(&term, "timestamp")
    };
    let misfit = if is_try { Misfit::Null } else { Misfit::Refuse(&refuse) };
    let (operands, validity) = ((counts, Operand::Value(())), input.validity().cloned());
    let step = Times(ticks_of(unit));
    let (values, validity) = sweep(step, operands, validity, len, level, misfit)?;
    Ok(timestamps(values, validity))
}

/// The date so many days after 1970-01-01.
///
/// Nulls, errors: as `timestamp_at`.
pub fn date_at(input: &Datum, is_try: bool, len: usize, level: Level) -> Result<Datum> {
    if input.is_null_value() {
        return Ok(null());
    }
    let counts = input.values::<i64>();
    let refuse = |row| overflow(&format!("{} days since 1970", counts.get(row)), "date");
    let misfit = if is_try { Misfit::Null } else { Misfit::Refuse(&refuse) };
    let (operands, validity) = ((counts, Operand::Value(())), input.validity().cloned());
    let (values, validity) = sweep(Narrow, operands, validity, len, level, misfit)?;
    Ok(dates(values, validity))
}

fn ticks_of(unit: Unit) -> i64 {
    match unit.length() {
        Length::Microseconds(ticks) => ticks,
        Length::Days(days) => days * DAY_MICROSECONDS,
        Length::Months(_) => panic!("{}s have no fixed length", unit.name()),
    }
}

/// Times a factor above 0.
#[derive(Clone, Copy)]
struct Times(i64);

impl Step<i64, (), i64> for Times {
    #[inline(always)]
    fn quick(self, a: i64, (): ()) -> (i64, i64) {
        let bound = i64::MAX / self.0;
        (a.wrapping_mul(self.0), a.wrapping_add(bound) | bound.wrapping_sub(a))
    }

    fn exact(self, a: i64, (): ()) -> Option<i64> {
        a.checked_mul(self.0)
    }
}

impl Step<i32, (), i64> for Times {
    #[inline(always)]
    fn quick(self, a: i32, (): ()) -> (i64, i64) {
        self.quick(i64::from(a), ())
    }

    fn exact(self, a: i32, (): ()) -> Option<i64> {
        self.exact(i64::from(a), ())
    }
}

/// Over a number above 0, rounded down.
#[derive(Clone, Copy)]
struct Over(i64);

impl Step<i64, (), i64> for Over {
    #[inline(always)]
    fn quick(self, a: i64, (): ()) -> (i64, i64) {
        (a.div_euclid(self.0), 0)
    }

    fn exact(self, a: i64, (): ()) -> Option<i64> {
        Some(a.div_euclid(self.0))
    }
}

#[derive(Clone, Copy)]
struct Narrow;

impl Step<i64, (), i32> for Narrow {
    #[inline(always)]
    fn quick(self, a: i64, (): ()) -> (i32, i64) {
        (a as i32, -i64::from(i64::from(a as i32) != a))
    }

    fn exact(self, a: i64, (): ()) -> Option<i32> {
        i32::try_from(a).ok()
    }
}
