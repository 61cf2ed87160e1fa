//! Patterns, read.

use super::{DAY_NAMES, Field, MONTH_NAMES, Pattern, Piece, SHORT_BYTES};
use crate::bytes::calendar::{self, Day};
use crate::bytes::civil::DAY_MICROSECONDS;

/// Why a text is not one of a pattern.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Miss {
    /// A piece of the pattern, by its place, is not found at a byte of the text.
    Piece(usize, usize),
    /// The text goes on at a byte where the pattern ends.
    Rest(usize),
    /// The month of that year has no such day, but so many.
    Day(i32, u32, u32),
    /// The year has no such day or week.
    OfYear(i32),
    /// A field, and another of the text, do not tell of one day.
    Clash(Field),
}

/// What is not said.
const UNSAID: i32 = -1;

/// What a text says, each number within the bounds of its field.
#[derive(Clone, Copy)]
struct Said {
    year: i32,
    year_of_century: i32,
    month: i32,
    day: i32,
    day_of_year: i32,
    iso_year: i32,
    iso_week: i32,
    weekday: i32,
    hour: i32,
    hour_of_half: i32,
    half: i32,
    minute: i32,
    second: i32,
    microsecond: i32,
    /// Seconds ahead of UTC, whole minutes, so never `UNSAID`.
    offset: i32,
}

const NOTHING: Said = Said {
    year: UNSAID,
    year_of_century: UNSAID,
    month: UNSAID,
    day: UNSAID,
    day_of_year: UNSAID,
    iso_year: UNSAID,
    iso_week: UNSAID,
    weekday: UNSAID,
    hour: UNSAID,
    hour_of_half: UNSAID,
    half: UNSAID,
    minute: UNSAID,
    second: UNSAID,
    microsecond: UNSAID,
    offset: UNSAID,
};

impl Pattern {
    /// Microseconds since 1970 of a text that is wholly of this pattern, which is one to read.
    pub fn read(&self, text: &[u8]) -> Result<i64, Miss> {
        let (mut said, mut at) = (NOTHING, 0);
        for (index, piece) in self.pieces.iter().enumerate() {
            let rest = &text[at..];
            let missing = Miss::Piece(index, at);
            at += match piece {
                Piece::Literal(bytes) => match rest.starts_with(bytes) {
                    true => bytes.len(),
                    false => return Err(missing),
                },
                Piece::Value { field, is_bare } => {
                    let (number, len) = read_field(*field, *is_bare, rest).ok_or(missing)?;
                    said.set(*field, number)?;
                    len
                }
            };
        }
        match at == text.len() {
            true => said.ticks(),
            false => Err(Miss::Rest(at)),
        }
    }

    /// As [`Pattern::read`], of a pattern without a time of day: days since 1970.
    pub fn read_days(&self, text: &[u8]) -> Result<i32, Miss> {
        // Years have four digits: all days are within the range.
        self.read(text).map(|ticks| (ticks / DAY_MICROSECONDS) as i32)
    }

    /// What the text should have had, for messages.
    pub fn explain(&self, miss: Miss) -> String {
        let pattern = &self.text;
        match miss {
            Miss::Piece(index, at) => match &self.pieces[index] {
                Piece::Literal(bytes) => {
                    format!("{:?} at byte {at}, by {pattern:?}", String::from_utf8_lossy(bytes))
                }
                Piece::Value { field, is_bare } => {
                    let bare = if *is_bare { "-" } else { "" };
                    let specifier = &field.specifier()[1..];
                    let what = wording(*field, *is_bare);
                    format!("{what} at byte {at}, for %{bare}{specifier} of {pattern:?}")
                }
            },
            Miss::Rest(at) => format!("nothing more from byte {at} on, by {pattern:?}"),
            Miss::Day(year, month, count) => {
                format!("a day of {year:04}-{month:02}, which has {count} days")
            }
            Miss::OfYear(year) => format!("a day or a week of the year {year:04}"),
            Miss::Clash(field) => {
                format!("one day, and {} of {pattern:?} is that of another", field.specifier())
            }
        }
    }
}

fn wording(field: Field, is_bare: bool) -> String {
    let (first, last) = match field {
        Field::MonthName => return "the name of a month".to_owned(),
        Field::MonthShort => return "the first three letters of a month".to_owned(),
        Field::DayName => return "the name of a day".to_owned(),
        Field::DayShort => return "the first three letters of a day".to_owned(),
        Field::Meridiem => return "AM or PM".to_owned(),
        Field::Fraction => return "one to six digits".to_owned(),
        Field::Offset => return "an offset as +0200, +02:00 or Z".to_owned(),
        _ => bounds(field),
    };
    let width = if is_bare { 1 } else { field.digit_count() };
    format!("{first:0width$} to {last:0width$}")
}

/// Least and greatest number of a field of digits.
fn bounds(field: Field) -> (i32, i32) {
    match field {
        Field::Year | Field::IsoYear => (0, 9999),
        Field::YearOfCentury => (0, 99),
        Field::Month | Field::HourOfHalf => (1, 12),
        Field::Day => (1, 31),
        Field::DayOfYear => (1, 366),
        Field::IsoWeek => (1, 53),
        Field::Weekday => (1, 7),
        Field::Hour => (0, 23),
        Field::Minute | Field::Second => (0, 59),
        Field::Milliseconds => (0, 999),
        _ => (0, 999_999),
    }
}

/// The number that a text begins with, and its length in bytes; names give their place from 1.
#[inline]
fn read_field(field: Field, is_bare: bool, text: &[u8]) -> Option<(i32, usize)> {
    match field {
        Field::MonthName => return read_name(&MONTH_NAMES, usize::MAX, text),
        Field::MonthShort => return read_name(&MONTH_NAMES, SHORT_BYTES, text),
        Field::DayName => return read_name(&DAY_NAMES, usize::MAX, text),
        Field::DayShort => return read_name(&DAY_NAMES, SHORT_BYTES, text),
        Field::Meridiem => {
            let (number, len) = read_name(&["AM", "PM"], usize::MAX, text)?;
            return Some((number - 1, len));
        }
        Field::Offset => return read_offset(text),
        Field::Fraction => {
            let (number, len) = digits(text, 6);
            let shift = 10_i32.pow(6 - len as u32);
            return (len > 0).then_some((number * shift, len));
        }
        _ => {}
    }
    let count = field.digit_count();
    let (number, len) = digits(text, count);
    let (first, last) = bounds(field);
    let is_whole = len == count || is_bare && len > 0;
    (is_whole && (first..=last).contains(&number)).then_some((number, len))
}

/// `+0200`, `+02:00` or `Z`, in seconds.
fn read_offset(text: &[u8]) -> Option<(i32, usize)> {
    let (first, rest) = text.split_first()?;
    let sign = match first {
        b'Z' => return Some((0, 1)),
        b'+' => 1,
        b'-' => -1,
        _ => return None,
    };
    let (hours, hour_len) = digits(rest, 2);
    let has_colon = rest.get(2) == Some(&b':');
    let (minutes, minute_len) = digits(rest.get(2 + usize::from(has_colon)..)?, 2);
    let is_offset = hour_len == 2 && minute_len == 2 && hours <= 23 && minutes <= 59;
    is_offset.then_some((sign * (hours * 60 + minutes) * 60, 5 + usize::from(has_colon)))
}

/// The number of the leading digits, at most so many, and how many they are.
#[inline]
fn digits(text: &[u8], count_max: usize) -> (i32, usize) {
    let (mut number, mut len) = (0, 0);
    for byte in text.iter().take(count_max) {
        let digit = byte.wrapping_sub(b'0');
        if digit > 9 {
            break;
        }
        number = number * 10 + i32::from(digit);
        len += 1;
    }
    (number, len)
}

fn read_name(names: &[&str], bytes_max: usize, text: &[u8]) -> Option<(i32, usize)> {
    let names = names.iter().map(|name| &name.as_bytes()[..name.len().min(bytes_max)]);
    let found = names.enumerate().find(|(_, name)| {
        text.get(..name.len()).is_some_and(|start| start.eq_ignore_ascii_case(name))
    });
    found.map(|(index, name)| (index as i32 + 1, name.len()))
}

impl Said {
    fn set(&mut self, field: Field, number: i32) -> Result<(), Miss> {
        let slot = match field {
            Field::Year => &mut self.year,
            Field::YearOfCentury => &mut self.year_of_century,
            Field::Month | Field::MonthName | Field::MonthShort => &mut self.month,
            Field::Day => &mut self.day,
            Field::DayOfYear => &mut self.day_of_year,
            Field::IsoYear => &mut self.iso_year,
            Field::IsoWeek => &mut self.iso_week,
            Field::Weekday | Field::DayName | Field::DayShort => &mut self.weekday,
            Field::Hour => &mut self.hour,
            Field::HourOfHalf => &mut self.hour_of_half,
            Field::Meridiem => &mut self.half,
            Field::Minute => &mut self.minute,
            Field::Second => &mut self.second,
            Field::Offset => &mut self.offset,
            Field::Fraction => &mut self.microsecond,
            Field::Milliseconds => {
                self.microsecond = number * 1_000;
                return Ok(());
            }
        };
        if *slot != UNSAID && *slot != number {
            return Err(Miss::Clash(field));
        }
        *slot = number;
        Ok(())
    }

    fn ticks(&self) -> Result<i64, Miss> {
        let days = self.days()?;
        if self.says_more() {
            self.check(Day::of(days))?;
        }
        let hour = match self.hour_of_half {
            UNSAID => self.hour.max(0),
            hour => hour % 12 + 12 * self.half,
        };
        let seconds = (hour * 60 + self.minute.max(0)) * 60 + self.second.max(0);
        let seconds = if self.offset == UNSAID { seconds } else { seconds - self.offset };
        let ticks = i64::from(seconds) * 1_000_000 + i64::from(self.microsecond.max(0));
        Ok(i64::from(days) * DAY_MICROSECONDS + ticks)
    }

    fn days(&self) -> Result<i32, Miss> {
        let year = match (self.year, self.year_of_century) {
            (UNSAID, UNSAID) => UNSAID,
            // POSIX.
            (UNSAID, short) => short + if short < 69 { 2_000 } else { 1_900 },
            (year, _) => year,
        };
        if year != UNSAID && self.month != UNSAID && self.day != UNSAID {
            let month = self.month as u32;
            let count = calendar::days_of_month(year, month);
            return match self.day as u32 {
                day if day <= count => Ok(calendar::number_of(year, month, day)),
                _ => Err(Miss::Day(year, month, count)),
            };
        }
        if year != UNSAID && self.day_of_year != UNSAID {
            let is_day = self.day_of_year <= 365 + i32::from(calendar::is_leap(year));
            let new_year = calendar::number_of(year, 1, 1);
            return is_day.then_some(new_year + self.day_of_year - 1).ok_or(Miss::OfYear(year));
        }
        // 4 January is always in the first week.
        let fourth = Day::of(calendar::number_of(self.iso_year, 1, 4));
        let monday = fourth.number - fourth.weekday() as i32 + 1;
        let days = monday + (self.iso_week - 1) * 7 + self.weekday - 1;
        let is_week = Day::of(days).iso_week() == (self.iso_year, self.iso_week as u32);
        is_week.then_some(days).ok_or(Miss::OfYear(self.iso_year))
    }

    /// Whether more is said than year, month and day.
    fn says_more(&self) -> bool {
        let more =
            [self.year_of_century, self.day_of_year, self.iso_year, self.iso_week, self.weekday];
        more.iter().any(|number| *number != UNSAID)
    }

    fn check(&self, day: Day) -> Result<(), Miss> {
        let (iso_year, iso_week) = day.iso_week();
        for (said, number, field) in [
            (self.year, day.year, Field::Year),
            (self.year_of_century, day.year.rem_euclid(100), Field::YearOfCentury),
            (self.month, day.month as i32, Field::Month),
            (self.day, day.day as i32, Field::Day),
            (self.day_of_year, day.day_of_year() as i32, Field::DayOfYear),
            (self.iso_year, iso_year, Field::IsoYear),
            (self.iso_week, iso_week as i32, Field::IsoWeek),
            (self.weekday, day.weekday() as i32, Field::Weekday),
        ] {
            if said != UNSAID && said != number {
                return Err(Miss::Clash(field));
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::super::Purpose;
    use super::*;
    use crate::bytes::civil;

    fn read(pattern: &str, text: &str) -> Result<String, String> {
        let pattern = Pattern::new(pattern, Purpose::ReadTimestamp).expect(pattern);
        match pattern.read(text.as_bytes()) {
            Ok(ticks) => {
                let mut out = Vec::new();
                civil::write_timestamp(ticks, &mut out);
                Ok(String::from_utf8_lossy(&out).into_owned())
            }
            Err(miss) => Err(pattern.explain(miss)),
        }
    }

    /// Expected: Python 3.11 `datetime.strptime`; `%3f` and `%-d` by hand.
    #[test]
    fn texts_of_the_pattern_are_read() {
        for (pattern, text, expected) in [
            ("%Y-%m-%d", "2024-02-29", "2024-02-29T00:00:00"),
            ("%d/%m/%Y %H:%M", "29/02/2024 23:59", "2024-02-29T23:59:00"),
            ("%d.%m.%y", "01.01.68", "2068-01-01T00:00:00"),
            ("%d.%m.%y", "01.01.69", "1969-01-01T00:00:00"),
            ("%-d/%-m/%Y", "9/12/2024", "2024-12-09T00:00:00"),
            ("%-d/%-m/%Y", "09/2/2024", "2024-02-09T00:00:00"),
            ("%Y%m%d%H%M%S", "20240229010203", "2024-02-29T01:02:03"),
            ("%A, %-d %B %Y", "friday, 9 FEBRUARY 2024", "2024-02-09T00:00:00"),
            ("%a %b %d %T %Y", "Fri Feb 09 15:04:05 2024", "2024-02-09T15:04:05"),
            ("%Y %j", "2024 366", "2024-12-31T00:00:00"),
            ("%G-W%V-%u", "2020-W53-5", "2021-01-01T00:00:00"),
            ("%F %I:%M %p", "2024-02-29 12:05 am", "2024-02-29T00:05:00"),
            ("%F %I:%M %p", "2024-02-29 12:05 PM", "2024-02-29T12:05:00"),
            ("%FT%T.%f", "2024-02-29T01:02:03.5", "2024-02-29T01:02:03.500000"),
            ("%FT%T.%3f", "2024-02-29T01:02:03.005", "2024-02-29T01:02:03.005000"),
            ("%F %R%z", "2024-07-01 14:00+0200", "2024-07-01T12:00:00"),
            ("%z %F %R", "-03:30 2024-07-01 22:00", "2024-07-02T01:30:00"),
            ("%F %R%z", "2024-07-01 14:00Z", "2024-07-01T14:00:00"),
            ("%%%F", "%1969-12-31", "1969-12-31T00:00:00"),
            ("%F%y", "2024-02-2924", "2024-02-29T00:00:00"),
        ] {
            assert_eq!(read(pattern, text).as_deref(), Ok(expected), "{pattern} {text}");
        }
    }

    #[test]
    fn other_texts_are_refused_with_what_was_missing() {
        for (pattern, text, expected) in [
            ("%Y-%m-%d", "2024-02-30", "a day of 2024-02, which has 29 days"),
            ("%Y-%m-%d", "2024-2-03", "01 to 12 at byte 5, for %m of \"%Y-%m-%d\""),
            ("%Y-%m-%d", "2024-13-03", "01 to 12 at byte 5, for %m of \"%Y-%m-%d\""),
            ("%Y-%m-%d", "2024-02-03 ", "nothing more from byte 10 on, by \"%Y-%m-%d\""),
            ("%Y-%m-%d", "", "0000 to 9999 at byte 0, for %Y of \"%Y-%m-%d\""),
            ("%Y/%m/%d", "2024-02-03", "\"/\" at byte 4, by \"%Y/%m/%d\""),
            ("%-d.%m.%Y", ".02.2024", "1 to 31 at byte 0, for %-d of \"%-d.%m.%Y\""),
            ("%Y %j", "2023 366", "a day or a week of the year 2023"),
            ("%G-W%V-%u", "2021-W53-5", "a day or a week of the year 2021"),
            ("%F %A", "2024-02-29 Friday", "one day, and %u of \"%F %A\" is that of another"),
            ("%F %y", "2024-02-29 23", "one day, and %y of \"%F %y\" is that of another"),
            (
                "%F %T.%f",
                "2024-02-29 00:00:00.",
                "one to six digits at byte 20, for %f of \"%F %T.%f\"",
            ),
            (
                "%F %T.%f",
                "2024-02-29 00:00:00.1234567",
                "nothing more from byte 26 on, by \"%F %T.%f\"",
            ),
            (
                "%F %R %z",
                "2024-07-01 14:00 +2",
                "an offset as +0200, +02:00 or Z at byte 17, for %z of \"%F %R %z\"",
            ),
            ("%F %T", "2024-02-29 24:00:00", "00 to 23 at byte 11, for %H of \"%F %T\""),
            ("%F %B", "2024-02-29 Febr", "the name of a month at byte 11, for %B of \"%F %B\""),
        ] {
            assert_eq!(read(pattern, text), Err(expected.to_owned()), "{pattern} {text}");
        }
    }
}
