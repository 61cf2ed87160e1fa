//! `date_trunc`: the start of the unit of time that a value lies in.

use super::{Datum, Misfit, Moments, Step, dates, null, overflow, split, sweep, timestamps};
use crate::bytes::calendar::{self, Day};
use crate::bytes::civil::DAY_MICROSECONDS;
use crate::bytes::quotient;
use crate::bytes::scan::Level;
use crate::error::{Error, Result};
use crate::exec::kernels::Operand;
use crate::plan::unit::Unit;

/// The start of the unit, in the operand's type. A date takes units of days only.
///
/// Nulls: a null operand gives null.
/// Errors: `Overflow` where the start is before the first value of the type.
pub fn truncate(unit: Unit, input: &Datum, len: usize, level: Level) -> Result<Datum> {
    if input.is_null_value() {
        return Ok(null());
    }
    match unit {
        Unit::Year => by_day(YearStart, unit, input, len, level),
        Unit::Quarter => by_day(QuarterStart, unit, input, len, level),
        Unit::Month => by_day(MonthStart, unit, input, len, level),
        Unit::Week => by_day(WeekStart, unit, input, len, level),
        Unit::Day => match Moments::of(input) {
            Moments::Dates(_) => Ok(input.clone()),
            Moments::Timestamps(_) => by_day(DayStart, unit, input, len, level),
        },
        Unit::Hour => by_ticks::<3_600_000_000>(unit, input, len, level),
        Unit::Minute => by_ticks::<60_000_000>(unit, input, len, level),
        Unit::Second => by_ticks::<1_000_000>(unit, input, len, level),
        Unit::Millisecond => by_ticks::<1_000>(unit, input, len, level),
        Unit::Microsecond => Ok(input.clone()),
    }
}

/// The first day of something that a day lies in; at most 365 days before.
trait StartOfDay: Copy {
    fn back(day: Day) -> u32;
}

macro_rules! starts {
    ($($name:ident: $day:ident => $back:expr;)+) => {$(
        #[derive(Clone, Copy)]
        struct $name;

        impl StartOfDay for $name {
            #[inline(always)]
            fn back($day: Day) -> u32 {
                $back
            }
        }
    )+};
}

starts! {
    YearStart: day => day.day_of_year() - 1;
    QuarterStart: day => day.day_of_year() - first_of_quarter(day);
    MonthStart: day => day.day - 1;
    WeekStart: day => day.weekday() - 1;
    DayStart: _day => 0;
}

/// Day of the year of the first day of the quarter.
#[inline(always)]
fn first_of_quarter(day: Day) -> u32 {
    let leap = u32::from(calendar::is_leap(day.year));
    // 1 January, April, July and October.
    match (day.month - 1) / 3 {
        0 => 1,
        1 => 91 + leap,
        2 => 182 + leap,
        _ => 274 + leap,
    }
}

#[derive(Clone, Copy)]
struct Dates<S>(S);

#[derive(Clone, Copy)]
struct Timestamps<S>(S);

/// Microseconds from which on going back stays within the type.
const TICKS_SAFE_MIN: i64 = i64::MIN + 366 * DAY_MICROSECONDS;

impl<S: StartOfDay> Step<i32, (), i32> for Dates<S> {
    #[inline(always)]
    fn quick(self, days: i32, (): ()) -> (i32, i64) {
        (days.wrapping_sub(S::back(Day::of(days)) as i32), Day::quick(days))
    }

    fn exact(self, days: i32, (): ()) -> Option<i32> {
        days.checked_sub(S::back(Day::exact(days)) as i32)
    }
}

impl<S: StartOfDay> Step<i64, (), i64> for Timestamps<S> {
    #[inline(always)]
    fn quick(self, ticks: i64, (): ()) -> (i64, i64) {
        let (days, rest) = split(ticks);
        let back = i64::from(S::back(Day::of(days))) * DAY_MICROSECONDS + rest;
        (ticks.wrapping_sub(back), -i64::from(ticks < TICKS_SAFE_MIN))
    }

    fn exact(self, ticks: i64, (): ()) -> Option<i64> {
        let (days, rest) = split(ticks);
        ticks.checked_sub(i64::from(S::back(Day::of(days))) * DAY_MICROSECONDS + rest)
    }
}

#[derive(Clone, Copy)]
struct Ticks<const TICKS: i64>;

impl<const TICKS: i64> Step<i64, (), i64> for Ticks<TICKS> {
    #[inline(always)]
    fn quick(self, ticks: i64, (): ()) -> (i64, i64) {
        let rest = split(ticks).1;
        let start = quotient::spans_of_day::<TICKS>(rest) * TICKS;
        (ticks.wrapping_sub(rest - start), -i64::from(ticks < TICKS_SAFE_MIN))
    }

    fn exact(self, ticks: i64, (): ()) -> Option<i64> {
        ticks.checked_sub(ticks.rem_euclid(TICKS))
    }
}

fn by_day(
    start: impl StartOfDay,
    unit: Unit,
    input: &Datum,
    len: usize,
    level: Level,
) -> Result<Datum> {
    let (validity, none) = (input.validity().cloned(), Operand::Value(()));
    let moments = Moments::of(input);
    let refuse = |row| misfit(unit, moments, row);
    Ok(match moments {
        Moments::Dates(days) => {
            let (values, validity) =
                sweep(Dates(start), (days, none), validity, len, level, Misfit::Refuse(&refuse))?;
            dates(values, validity)
        }
        Moments::Timestamps(ticks) => {
            let (values, validity) = sweep(
                Timestamps(start),
                (ticks, none),
                validity,
                len,
                level,
                Misfit::Refuse(&refuse),
            )?;
            timestamps(values, validity)
        }
    })
}

fn by_ticks<const TICKS: i64>(
    unit: Unit,
    input: &Datum,
    len: usize,
    level: Level,
) -> Result<Datum> {
    let operands = (input.values::<i64>(), Operand::Value(()));
    let refuse = |row| misfit(unit, Moments::of(input), row);
    let validity = input.validity().cloned();
    let (values, validity) =
        sweep(Ticks::<TICKS>, operands, validity, len, level, Misfit::Refuse(&refuse))?;
    Ok(timestamps(values, validity))
}

fn misfit(unit: Unit, moments: Moments<'_>, row: usize) -> Error {
    let term = format!("date_trunc('{}', {})", unit.name(), moments.text(row));
    overflow(&term, moments.name())
}
