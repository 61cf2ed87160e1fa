//! `date_diff` and `date_age`: how many units lie between two values.
//!
//! `date_diff` counts the borders of units that are crossed: from 31 December to 1 January it is
//! one year. `date_age` counts whole units: the largest `n` for which `date_add(a, n, unit)` is not
//! beyond `b`; where `b` is before `a`, the same the other way round, negative.

use super::{Datum, Misfit, Moments, Step, int64s, null, overflow, split, sweep};
use crate::bytes::calendar::{self, Day};
use crate::bytes::civil::DAY_MICROSECONDS;
use crate::bytes::scan::Level;
use crate::column::bitmap::intersect;
use crate::error::{Error, Result};
use crate::plan::unit::{Length, Unit};

/// `date_diff(unit, from, to)`, operands of one type.
///
/// Nulls: a null operand gives null.
/// Errors: `Overflow` with the operands where the count is outside int64.
pub fn borders(unit: Unit, from: &Datum, to: &Datum, len: usize, level: Level) -> Result<Datum> {
    match unit.length() {
        Length::Months(months) => between(MonthBorders(months), unit, from, to, len, level),
        Length::Days(7) => between(DayBorders::<7, 3>, unit, from, to, len, level),
        Length::Days(_) => between(DayBorders::<1, 0>, unit, from, to, len, level),
        Length::Microseconds(ticks) => between(TickBorders(ticks), unit, from, to, len, level),
    }
}

/// `date_age(unit, from, to)`, operands of one type.
///
/// Nulls, errors: as `borders`.
pub fn whole(unit: Unit, from: &Datum, to: &Datum, len: usize, level: Level) -> Result<Datum> {
    match unit.length() {
        Length::Months(months) => between(WholeMonths(months), unit, from, to, len, level),
        Length::Days(days) => {
            between(WholeTicks(days * DAY_MICROSECONDS), unit, from, to, len, level)
        }
        Length::Microseconds(ticks) => between(WholeTicks(ticks), unit, from, to, len, level),
    }
}

/// A difference, of days and of microseconds.
trait Difference: Step<i32, i32, i64> + Step<i64, i64, i64> {
    const NAME: &'static str;
}

fn between<S: Difference>(
    step: S,
    unit: Unit,
    from: &Datum,
    to: &Datum,
    len: usize,
    level: Level,
) -> Result<Datum> {
    if from.is_null_value() || to.is_null_value() {
        return Ok(null());
    }
    let validity = intersect(from.validity(), to.validity());
    let (a, b) = (Moments::of(from), Moments::of(to));
    let refuse = |row| misfit(S::NAME, unit, (a, b), row);
    let misfit = Misfit::Refuse(&refuse);
    let (values, validity) = match (a, b) {
        (Moments::Dates(a), Moments::Dates(b)) => {
            sweep(step, (a, b), validity, len, level, misfit)?
        }
        (Moments::Timestamps(a), Moments::Timestamps(b)) => {
            sweep(step, (a, b), validity, len, level, misfit)?
        }
        _ => panic!("the operands of {} differ in type", S::NAME),
    };
    Ok(int64s(values, validity))
}

fn misfit(name: &str, unit: Unit, (a, b): (Moments<'_>, Moments<'_>), row: usize) -> Error {
    let term = format!("{name}('{}', {}, {})", unit.name(), a.text(row), b.text(row));
    overflow(&term, "int64")
}

/// Months from year 0 to a day's month.
#[inline(always)]
fn months_of(day: Day) -> i64 {
    i64::from(day.year) * 12 + i64::from(day.month) - 1
}

#[derive(Clone, Copy)]
struct MonthBorders(i64);

impl MonthBorders {
    #[inline(always)]
    fn of(self, a: Day, b: Day) -> i64 {
        match self.0 {
            12 => i64::from(b.year) - i64::from(a.year),
            months => months_of(b).div_euclid(months) - months_of(a).div_euclid(months),
        }
    }
}

impl Difference for MonthBorders {
    const NAME: &'static str = "date_diff";
}

impl Step<i32, i32, i64> for MonthBorders {
    #[inline(always)]
    fn quick(self, a: i32, b: i32) -> (i64, i64) {
        (self.of(Day::of(a), Day::of(b)), Day::quick(a) | Day::quick(b))
    }

    fn exact(self, a: i32, b: i32) -> Option<i64> {
        Some(self.of(Day::exact(a), Day::exact(b)))
    }
}

impl Step<i64, i64, i64> for MonthBorders {
    #[inline(always)]
    fn quick(self, a: i64, b: i64) -> (i64, i64) {
        (self.of(Day::of(split(a).0), Day::of(split(b).0)), 0)
    }

    fn exact(self, a: i64, b: i64) -> Option<i64> {
        Some(self.quick(a, b).0)
    }
}

/// Borders every `DAYS` days, one of them `AHEAD` days before 1970.
#[derive(Clone, Copy)]
struct DayBorders<const DAYS: i64, const AHEAD: i64>;

impl<const DAYS: i64, const AHEAD: i64> Difference for DayBorders<DAYS, AHEAD> {
    const NAME: &'static str = "date_diff";
}

impl<const DAYS: i64, const AHEAD: i64> Step<i32, i32, i64> for DayBorders<DAYS, AHEAD> {
    #[inline(always)]
    fn quick(self, a: i32, b: i32) -> (i64, i64) {
        let unit = |days: i32| (i64::from(days) + AHEAD).div_euclid(DAYS);
        (unit(b) - unit(a), 0)
    }

    fn exact(self, a: i32, b: i32) -> Option<i64> {
        Some(self.quick(a, b).0)
    }
}

impl<const DAYS: i64, const AHEAD: i64> Step<i64, i64, i64> for DayBorders<DAYS, AHEAD> {
    #[inline(always)]
    fn quick(self, a: i64, b: i64) -> (i64, i64) {
        self.quick(split(a).0, split(b).0)
    }

    fn exact(self, a: i64, b: i64) -> Option<i64> {
        Some(self.quick(a, b).0)
    }
}

/// Borders every so many microseconds.
#[derive(Clone, Copy)]
struct TickBorders(i64);

impl Difference for TickBorders {
    const NAME: &'static str = "date_diff";
}

impl Step<i32, i32, i64> for TickBorders {
    #[inline(always)]
    fn quick(self, a: i32, b: i32) -> (i64, i64) {
        let (difference, per_day) = (i64::from(b) - i64::from(a), DAY_MICROSECONDS / self.0);
        let bound = i64::MAX / per_day;
        let flag = difference.wrapping_add(bound) | bound.wrapping_sub(difference);
        (difference.wrapping_mul(per_day), flag)
    }

    fn exact(self, a: i32, b: i32) -> Option<i64> {
        (i64::from(b) - i64::from(a)).checked_mul(DAY_MICROSECONDS / self.0)
    }
}

impl Step<i64, i64, i64> for TickBorders {
    #[inline(always)]
    fn quick(self, a: i64, b: i64) -> (i64, i64) {
        let (a, b) = (a.div_euclid(self.0), b.div_euclid(self.0));
        let difference = b.wrapping_sub(a);
        (difference, (b ^ a) & (b ^ difference))
    }

    fn exact(self, a: i64, b: i64) -> Option<i64> {
        b.div_euclid(self.0).checked_sub(a.div_euclid(self.0))
    }
}

/// Whole spans of so many months.
#[derive(Clone, Copy)]
struct WholeMonths(i64);

impl WholeMonths {
    #[inline(always)]
    fn of(self, (day_a, time_a): (Day, i64), (day_b, time_b): (Day, i64)) -> i64 {
        let is_back = (day_b.number, time_b) < (day_a.number, time_a);
        let (first, last) = if is_back {
            ((day_b, time_b), (day_a, time_a))
        } else {
            ((day_a, time_a), (day_b, time_b))
        };
        let ((first, first_time), (last, last_time)) = (first, last);
        // The day that `first` is moved to in the month of `last`.
        let moved = first.day.min(calendar::days_of_month(last.year, last.month));
        let is_short = (moved, first_time) > (last.day, last_time);
        let months = (months_of(last) - months_of(first) - i64::from(is_short)) / self.0;
        if is_back { -months } else { months }
    }
}

impl Difference for WholeMonths {
    const NAME: &'static str = "date_age";
}

impl Step<i32, i32, i64> for WholeMonths {
    #[inline(always)]
    fn quick(self, a: i32, b: i32) -> (i64, i64) {
        (self.of((Day::of(a), 0), (Day::of(b), 0)), Day::quick(a) | Day::quick(b))
    }

    fn exact(self, a: i32, b: i32) -> Option<i64> {
        Some(self.of((Day::exact(a), 0), (Day::exact(b), 0)))
    }
}

impl Step<i64, i64, i64> for WholeMonths {
    #[inline(always)]
    fn quick(self, a: i64, b: i64) -> (i64, i64) {
        let ((days_a, time_a), (days_b, time_b)) = (split(a), split(b));
        (self.of((Day::of(days_a), time_a), (Day::of(days_b), time_b)), 0)
    }

    fn exact(self, a: i64, b: i64) -> Option<i64> {
        Some(self.quick(a, b).0)
    }
}

/// Whole spans of so many microseconds.
#[derive(Clone, Copy)]
struct WholeTicks(i64);

impl Difference for WholeTicks {
    const NAME: &'static str = "date_age";
}

impl Step<i32, i32, i64> for WholeTicks {
    #[inline(always)]
    fn quick(self, a: i32, b: i32) -> (i64, i64) {
        let difference = i64::from(b) - i64::from(a);
        match self.0 % DAY_MICROSECONDS {
            0 => (difference / (self.0 / DAY_MICROSECONDS), 0),
            _ => TickBorders(self.0).quick(a, b),
        }
    }

    fn exact(self, a: i32, b: i32) -> Option<i64> {
        match self.0 % DAY_MICROSECONDS {
            0 => Some(self.quick(a, b).0),
            _ => TickBorders(self.0).exact(a, b),
        }
    }
}

impl Step<i64, i64, i64> for WholeTicks {
    #[inline(always)]
    fn quick(self, a: i64, b: i64) -> (i64, i64) {
        let difference = b.wrapping_sub(a);
        (difference / self.0, (b ^ a) & (b ^ difference))
    }

    fn exact(self, a: i64, b: i64) -> Option<i64> {
        i64::try_from((i128::from(b) - i128::from(a)) / i128::from(self.0)).ok()
    }
}
