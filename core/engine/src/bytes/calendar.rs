//! The calendar in plain arithmetic: days since 1970 to years, months and days, and back, without
//! branches or tables, so that loops over many days become code for whole vectors.
//!
//! Days are counted in the proleptic Gregorian calendar, whose year 0 is 1 BC.
//!
//! ```text
//! century = 4 n + 3 over 146097        n: days from 1 March of a year far before
//! year    = 4 r + 3 over 1461          r: days of that century; the quotient by a multiplication,
//!                                         whose low half is the day of the year
//! month   = 2141 d + 197913 over 65536 d: days of that year from 1 March; likewise
//! ```
//!
//! Source: Cassio Neri, Lorenz Schneider, "Euclidean affine functions and their application to
//! calendar algorithms" (2022), figures 12 and 13.

use super::civil;

/// A day of the calendar.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Day {
    /// Year; 0 is 1 BC.
    pub year: i32,
    /// From 1 to 12.
    pub month: u32,
    /// From 1 to 31.
    pub day: u32,
    /// Days since 1970-01-01.
    pub number: i32,
}

/// Years that `Day::of` counts ahead, in eras of 400 years.
const YEARS_AHEAD: u32 = 400 * 3_670;
/// Days from 1 March of year `-YEARS_AHEAD` to 1970-01-01.
const DAYS_AHEAD: u32 = 719_468 + 146_097 * 3_670;
/// Days before and after 1970 that `Day::of` knows: about 1,467,000 years.
pub const QUICK_DAYS: std::ops::RangeInclusive<i32> = -536_000_000..=536_000_000;

impl Day {
    /// The day of a number of days since 1970, within [`QUICK_DAYS`]; of others nothing is meant.
    #[inline(always)]
    pub fn of(number: i32) -> Day {
        let n1 = (number as u32).wrapping_add(DAYS_AHEAD).wrapping_mul(4) | 3;
        let century = n1 / 146_097;
        let n2 = (n1 % 146_097) | 3;
        let product = 2_939_745 * u64::from(n2);
        let day_of_year = product as u32 / 2_939_745 / 4;
        let n3 = 2_141 * day_of_year + 197_913;
        let is_next = u32::from(day_of_year >= 306);
        let year = 100 * century + (product >> 32) as u32 + is_next;
        Day {
            year: year.wrapping_sub(YEARS_AHEAD) as i32,
            month: (n3 >> 16) - 12 * is_next,
            day: (n3 & 0xFFFF) / 2_141 + 1,
            number,
        }
    }

    /// As [`Day::of`], for every number.
    pub fn exact(number: i32) -> Day {
        let (year, month, day) = civil::civil_from_days(i64::from(number));
        Day { year: year as i32, month, day, number }
    }

    /// Whether `Day::of` knows that number: not negative where it does.
    #[inline(always)]
    pub fn quick(number: i32) -> i64 {
        let number = i64::from(number);
        (number - *QUICK_DAYS.start() as i64) | (*QUICK_DAYS.end() as i64 - number)
    }

    /// From 1 for Monday to 7 for Sunday, as ISO 8601 has it.
    #[inline(always)]
    pub fn weekday(self) -> u32 {
        // 1970-01-01 is a Thursday, and 2^31 is 2 above a multiple of 7.
        let rest = (self.number as u32 ^ 0x8000_0000) % 7;
        if rest == 6 { 1 } else { rest + 2 }
    }

    /// From 1 to 366.
    #[inline(always)]
    pub fn day_of_year(self) -> u32 {
        let before = (367 * self.month - 362) / 12;
        let short = u32::from(self.month > 2) * (2 - u32::from(is_leap(self.year)));
        before - short + self.day
    }

    /// Days since 1970 of 1 January of the year.
    #[inline(always)]
    pub fn new_year(self) -> i32 {
        self.number.wrapping_sub(self.day_of_year() as i32 - 1)
    }

    /// The year that the week belongs to, and the week's number, from 1 to 53: a week belongs to
    /// the year of its Thursday.
    ///
    /// Source: ISO 8601.
    #[inline(always)]
    pub fn iso_week(self) -> (i32, u32) {
        // Day of the year of this week's Thursday, seen from this day's year.
        let thursday = self.day_of_year() as i32 + 4 - self.weekday() as i32;
        let length = 365 + i32::from(is_leap(self.year));
        let length_before = 365 + i32::from(is_leap(self.year.wrapping_sub(1)));
        let is_before = thursday < 1;
        let is_after = thursday > length;
        let year = self.year.wrapping_sub(i32::from(is_before)).wrapping_add(i32::from(is_after));
        let day = thursday + i32::from(is_before) * length_before - i32::from(is_after) * length;
        (year, (day as u32 - 1) / 7 + 1)
    }
}

/// Whether a year has 366 days.
#[inline(always)]
pub fn is_leap(year: i32) -> bool {
    // A year is divisible by 400 where it is by 100 and by 16.
    let is_century = year % 100 == 0;
    year & (if is_century { 15 } else { 3 }) == 0
}

/// Days of a month.
#[inline(always)]
pub fn days_of_month(year: i32, month: u32) -> u32 {
    let long = 30 | (month ^ (month >> 3));
    if month == 2 { 28 + u32::from(is_leap(year)) } else { long }
}

/// Days since 1970 of a day of the calendar; month from 1 to 12, day from 1 to 31, the year such
/// that the result is within [`QUICK_DAYS`].
#[inline(always)]
pub fn number_of(year: i32, month: u32, day: u32) -> i32 {
    let is_early = u32::from(month <= 2);
    let year = (year as u32).wrapping_add(YEARS_AHEAD).wrapping_sub(is_early);
    let month = month + 12 * is_early;
    let century = year / 100;
    let years = (1_461_u32.wrapping_mul(year) / 4).wrapping_sub(century).wrapping_add(century / 4);
    let months = (979 * month).wrapping_sub(2_919) / 32;
    years.wrapping_add(months).wrapping_add(day).wrapping_sub(1 + DAYS_AHEAD) as i32
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(number: i32) {
        let day = Day::of(number);
        assert_eq!(day, Day::exact(number));
        assert_eq!(number_of(day.year, day.month, day.day), number);
        let new_year = civil::days_from_civil(i64::from(day.year), 1, 1);
        assert_eq!(i64::from(day.new_year()), new_year, "{day:?}");
        assert_eq!(i64::from(day.weekday()), (i64::from(number) + 3).rem_euclid(7) + 1);
    }

    #[test]
    fn every_day_is_that_of_the_plain_algorithm() {
        for number in -800_000..3_000_000 {
            check(number);
        }
        for number in (*QUICK_DAYS.start()..=*QUICK_DAYS.end()).step_by(9_973) {
            check(number);
        }
        check(*QUICK_DAYS.start());
        check(*QUICK_DAYS.end());
        for number in [*QUICK_DAYS.start() - 1, *QUICK_DAYS.end() + 1, i32::MIN, i32::MAX] {
            assert!(Day::quick(number) < 0);
        }
        assert!(Day::quick(*QUICK_DAYS.start()) >= 0 && Day::quick(*QUICK_DAYS.end()) >= 0);
        assert_eq!(Day::exact(i32::MAX).weekday(), 5);
    }

    #[test]
    fn months_have_their_days() {
        for year in -1_000..3_000 {
            let days: u32 = (1..=12).map(|month| days_of_month(year, month)).sum();
            assert_eq!(days, 365 + u32::from(is_leap(year)));
            for month in 1..=12 {
                let next = i64::from(month == 12);
                let last = civil::days_from_civil(i64::from(year) + next, month % 12 + 1, 1) - 1;
                assert_eq!(Day::of(last as i32).day, days_of_month(year, month));
            }
        }
    }

    /// Expected: Python 3.11 `datetime.date(y, m, d).isocalendar()`.
    #[test]
    fn weeks_belong_to_the_year_of_their_thursday() {
        for ((year, month, day), expected) in [
            ((2020, 12, 31), (2020, 53, 4)),
            ((2021, 1, 1), (2020, 53, 5)),
            ((2021, 1, 3), (2020, 53, 7)),
            ((2021, 1, 4), (2021, 1, 1)),
            ((2024, 12, 29), (2024, 52, 7)),
            ((2024, 12, 30), (2025, 1, 1)),
            ((2019, 12, 30), (2020, 1, 1)),
            ((2022, 1, 1), (2021, 52, 6)),
            ((1, 1, 1), (1, 1, 1)),
            ((9999, 12, 31), (9999, 52, 5)),
        ] {
            let day = Day::of(number_of(year, month, day));
            let (year, week) = day.iso_week();
            assert_eq!((year, week, day.weekday()), expected);
        }
    }
}
