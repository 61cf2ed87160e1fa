//! Parts of dates and timestamps, as int64.

use super::{Datum, Misfit, Moments, Step, int64s, null, split, sweep};
use crate::bytes::calendar::{self, Day};
use crate::bytes::quotient;
use crate::bytes::scan::Level;
use crate::column::{Array, ArrayData, Bitmap};
use crate::error::Result;
use crate::exec::kernels::Operand;

/// A part of a day of the calendar.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DayPart {
    /// The year; 0 is 1 BC.
    Year,
    /// 1 to 4.
    Quarter,
    /// 1 to 12.
    Month,
    /// 1 to 31.
    Day,
    /// 1 for Monday to 7 for Sunday.
    DayOfWeek,
    /// 1 to 366.
    DayOfYear,
    /// 1 to 53, by ISO 8601.
    Week,
    /// The year that the week belongs to.
    IsoYear,
    /// 28 to 31.
    DaysInMonth,
}

/// A part of the time of day.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ClockPart {
    /// 0 to 23.
    Hour,
    /// 0 to 59.
    Minute,
    /// 0 to 59.
    Second,
    /// Whole milliseconds of the second, 0 to 999.
    Millisecond,
    /// Microseconds of the second, 0 to 999,999.
    Microsecond,
}

/// A part of the day, of dates and timestamps.
///
/// Nulls: a null operand gives null.
pub fn of_day(part: DayPart, input: &Datum, len: usize, level: Level) -> Result<Datum> {
    if input.is_null_value() {
        return Ok(null());
    }
    match part {
        DayPart::Year => day_part(YearOf, input, len, level),
        DayPart::Quarter => day_part(QuarterOf, input, len, level),
        DayPart::Month => day_part(MonthOf, input, len, level),
        DayPart::Day => day_part(DayOf, input, len, level),
        DayPart::DayOfWeek => day_of_week(input, len, level),
        DayPart::DayOfYear => day_part(DayOfYearOf, input, len, level),
        DayPart::Week => day_part(WeekOf, input, len, level),
        DayPart::IsoYear => day_part(IsoYearOf, input, len, level),
        DayPart::DaysInMonth => day_part(DaysInMonthOf, input, len, level),
    }
}

/// A part of the time of day, of timestamps.
///
/// Nulls: a null operand gives null.
pub fn of_clock(part: ClockPart, input: &Datum, len: usize, level: Level) -> Result<Datum> {
    if input.is_null_value() {
        return Ok(null());
    }
    match part {
        ClockPart::Hour => clock_part(Clock::<3_600_000_000, 24>, input, len, level),
        ClockPart::Minute => clock_part(Clock::<60_000_000, 60>, input, len, level),
        ClockPart::Second => clock_part(Clock::<1_000_000, 60>, input, len, level),
        ClockPart::Millisecond => clock_part(Clock::<1_000, 1_000>, input, len, level),
        ClockPart::Microsecond => clock_part(Clock::<1, 1_000_000>, input, len, level),
    }
}

/// Whether the year has 366 days.
///
/// Nulls: a null operand gives null.
pub fn is_leap_year(input: &Datum, len: usize, level: Level) -> Result<Datum> {
    let Datum::Array(years) = of_day(DayPart::Year, input, len, level)? else { return Ok(null()) };
    let ArrayData::Int64(values) = years.data() else { panic!("years are int64") };
    let bits = Bitmap::from_fn(len, |row| calendar::is_leap(values[row] as i32));
    Ok(Datum::Array(Array::new(ArrayData::Bool(bits), years.validity().cloned())))
}

/// A number that a day has.
trait NumberOfDay: Copy {
    fn of(day: Day) -> i64;
}

/// As a step over days.
#[derive(Clone, Copy)]
struct Dates<P>(P);

/// As a step over microseconds.
#[derive(Clone, Copy)]
struct Timestamps<P>(P);

impl<P: NumberOfDay> Step<i32, (), i64> for Dates<P> {
    #[inline(always)]
    fn quick(self, days: i32, (): ()) -> (i64, i64) {
        (P::of(Day::of(days)), Day::quick(days))
    }

    fn exact(self, days: i32, (): ()) -> Option<i64> {
        Some(P::of(Day::exact(days)))
    }
}

impl<P: NumberOfDay> Step<i64, (), i64> for Timestamps<P> {
    #[inline(always)]
    fn quick(self, ticks: i64, (): ()) -> (i64, i64) {
        // All days of microseconds are known to the quick form.
        (P::of(Day::of(split(ticks).0)), 0)
    }

    fn exact(self, ticks: i64, (): ()) -> Option<i64> {
        Some(P::of(Day::of(split(ticks).0)))
    }
}

fn day_part(part: impl NumberOfDay, input: &Datum, len: usize, level: Level) -> Result<Datum> {
    let (validity, unit) = (input.validity().cloned(), Operand::Value(()));
    let (values, validity) = match Moments::of(input) {
        Moments::Dates(days) => {
            sweep(Dates(part), (days, unit), validity, len, level, Misfit::Null)?
        }
        Moments::Timestamps(ticks) => {
            sweep(Timestamps(part), (ticks, unit), validity, len, level, Misfit::Null)?
        }
    };
    Ok(int64s(values, validity))
}

/// The day of the week, of any number of days: no year, month or day is needed for it.
#[derive(Clone, Copy)]
struct Weekday;

impl Step<i32, (), i64> for Weekday {
    #[inline(always)]
    fn quick(self, days: i32, (): ()) -> (i64, i64) {
        (quotient::weekday(days), 0)
    }

    fn exact(self, days: i32, (): ()) -> Option<i64> {
        Some(quotient::weekday(days))
    }
}

impl Step<i64, (), i64> for Weekday {
    #[inline(always)]
    fn quick(self, ticks: i64, (): ()) -> (i64, i64) {
        (quotient::weekday(split(ticks).0), 0)
    }

    fn exact(self, ticks: i64, (): ()) -> Option<i64> {
        Some(quotient::weekday(split(ticks).0))
    }
}

fn day_of_week(input: &Datum, len: usize, level: Level) -> Result<Datum> {
    let (validity, none) = (input.validity().cloned(), Operand::Value(()));
    let (values, validity) = match Moments::of(input) {
        Moments::Dates(days) => sweep(Weekday, (days, none), validity, len, level, Misfit::Null)?,
        Moments::Timestamps(ticks) => {
            sweep(Weekday, (ticks, none), validity, len, level, Misfit::Null)?
        }
    };
    Ok(int64s(values, validity))
}

macro_rules! numbers_of_day {
    ($($name:ident: $day:ident => $number:expr;)+) => {$(
        #[derive(Clone, Copy)]
        struct $name;

        impl NumberOfDay for $name {
            #[inline(always)]
            fn of($day: Day) -> i64 {
                i64::from($number)
            }
        }
    )+};
}

numbers_of_day! {
    YearOf: day => day.year;
    QuarterOf: day => day.month.div_ceil(3);
    MonthOf: day => day.month;
    DayOf: day => day.day;
    DayOfYearOf: day => day.day_of_year();
    WeekOf: day => day.iso_week().1;
    IsoYearOf: day => day.iso_week().0;
    DaysInMonthOf: day => calendar::days_of_month(day.year, day.month);
}

/// `ticks / TICKS mod COUNT`, rounded down.
#[derive(Clone, Copy)]
struct Clock<const TICKS: i64, const COUNT: i64>;

impl<const TICKS: i64, const COUNT: i64> Step<i64, (), i64> for Clock<TICKS, COUNT> {
    #[inline(always)]
    fn quick(self, ticks: i64, (): ()) -> (i64, i64) {
        let spans = quotient::spans_of_day::<TICKS>(split(ticks).1);
        // A day has 24 hours: no modulo for those.
        (if COUNT == 24 { spans } else { quotient::modulo::<COUNT>(spans) }, 0)
    }

    fn exact(self, ticks: i64, (): ()) -> Option<i64> {
        Some(self.quick(ticks, ()).0)
    }
}

fn clock_part(
    part: impl Step<i64, (), i64>,
    input: &Datum,
    len: usize,
    level: Level,
) -> Result<Datum> {
    let operands = (input.values::<i64>(), Operand::Value(()));
    let (values, validity) =
        sweep(part, operands, input.validity().cloned(), len, level, Misfit::Null)?;
    Ok(int64s(values, validity))
}
