//! Calendar text: ISO 8601 dates and times in ASCII to days and microseconds since 1970, and back.
//!
//! Days are counted in the proleptic Gregorian calendar, whose year 0 is 1 BC.

/// Microseconds of one day.
pub const DAY_MICROSECONDS: i64 = 86_400_000_000;

/// Longest text of a date or a timestamp that `write_date` and `write_timestamp` append.
pub const TEXT_BYTES_MAX: usize = 40;

/// Days since 1970-01-01 of a day of the calendar; month from 1 to 12, day from 1 to 31.
///
/// Source: Howard Hinnant, "chrono-Compatible Low-Level Date Algorithms", `days_from_civil`.
pub fn days_from_civil(year: i64, month: u32, day: u32) -> i64 {
    let year = year - i64::from(month <= 2);
    let era = year.div_euclid(400);
    let year_of_era = year.rem_euclid(400);
    let month_from_march = i64::from((month + 9) % 12);
    let day_of_year = (153 * month_from_march + 2) / 5 + i64::from(day) - 1;
    let day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
    era * 146_097 + day_of_era - 719_468
}

/// Year, month and day of days since 1970-01-01.
///
/// Source: as `days_from_civil`, `civil_from_days`.
pub fn civil_from_days(days: i64) -> (i64, u32, u32) {
    let days = days + 719_468;
    let era = days.div_euclid(146_097);
    let day_of_era = days.rem_euclid(146_097);
    let year_of_era =
        (day_of_era - day_of_era / 1_460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
    let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let month_from_march = (5 * day_of_year + 2) / 153;
    let day = (day_of_year - (153 * month_from_march + 2) / 5 + 1) as u32;
    let month = if month_from_march < 10 { month_from_march + 3 } else { month_from_march - 9 };
    (year_of_era + era * 400 + i64::from(month <= 2), month as u32, day)
}

/// Days since 1970-01-01 of `YYYY-MM-DD`; `None` for another form or a day that does not exist.
#[inline]
pub fn parse_date(text: &[u8]) -> Option<i32> {
    let (year, month, day) = date_numbers(text)?;
    let is_day = (1..=12).contains(&month) && day >= 1 && day <= days_of_month(year, month);
    is_day.then(|| days_from_year(year, month, day))
}

#[inline(always)]
fn date_numbers(text: &[u8]) -> Option<(u32, u32, u32)> {
    let text: &[u8; 10] = text.try_into().ok()?;
    let [y0, y1, y2, y3, b'-', m0, m1, b'-', d0, d1] = *text else { return None };
    let year = two_digits(y0, y1)? * 100 + two_digits(y2, y3)?;
    Some((year, two_digits(m0, m1)?, two_digits(d0, d1)?))
}

/// What a text of the form `YYYY-MM-DD` should have had, for messages; `None` for another form and
/// for a day that exists.
pub fn missing_in_date(text: &[u8]) -> Option<String> {
    let (year, month, day) = date_numbers(text)?;
    if !(1..=12).contains(&month) {
        return Some("a month from 01 to 12".to_owned());
    }
    let day_count = days_of_month(year, month);
    (!(1..=day_count).contains(&day))
        .then(|| format!("a day of {year:04}-{month:02}, which has {day_count} days"))
}

/// As [`missing_in_date`], of the forms that `parse_timestamp` takes.
pub fn missing_in_timestamp(text: &[u8]) -> Option<String> {
    let (date, time) = text.split_at_checked(10)?;
    if time.is_empty() {
        return missing_in_date(date);
    }
    let (hour, minute, second, _) = time_numbers(time)?;
    date_numbers(date)?;
    let parts = [(hour, 23, "an hour"), (minute, 59, "a minute"), (second, 59, "a second")];
    missing_in_date(date).or_else(|| {
        let (_, last, what) = parts.into_iter().find(|(number, last, _)| number > last)?;
        Some(format!("{what} from 00 to {last}"))
    })
}

/// As `days_from_civil`, for years from 0 to 9999: no division of signed or wide numbers.
#[inline]
pub(super) fn days_from_year(year: u32, month: u32, day: u32) -> i32 {
    // Counted from March, so that the leap day ends a year; 4,800 years ahead, so that none is
    // below 0.
    let year = year + 4_800 - u32::from(month <= 2);
    let month_from_march = (month + 9) % 12;
    let day_of_year = (153 * month_from_march + 2) / 5 + day - 1;
    let days = year * 365 + year / 4 - year / 100 + year / 400 + day_of_year;
    // Days from 1 March of year -4800 to 1970-01-01.
    days as i32 - 2_472_632
}

/// Microseconds since 1970 of `YYYY-MM-DD[T ]HH:MM:SS[.f{1,6}]`, or of a date alone (its midnight).
///
/// `None` for another form, a time that does not exist, a zone, or more than six fraction digits.
#[inline]
pub fn parse_timestamp(text: &[u8]) -> Option<i64> {
    let (date, time) = text.split_at_checked(10)?;
    let midnight = i64::from(parse_date(date)?) * DAY_MICROSECONDS;
    if time.is_empty() {
        return Some(midnight);
    }
    Some(midnight + parse_clock(time)?)
}

/// Microseconds of the day of `[T ]HH:MM:SS[.f{1,6}]`; `None` for another form or a time that does
/// not exist.
#[inline]
pub fn parse_clock(text: &[u8]) -> Option<i64> {
    let (hour, minute, second, microsecond) = time_numbers(text)?;
    let seconds = i64::from(hour * 3_600 + minute * 60 + second);
    (hour <= 23 && minute <= 59 && second <= 59).then_some(seconds * 1_000_000 + microsecond)
}

/// Hour, minute, second and microsecond of `[T ]HH:MM:SS[.f{1,6}]`.
#[inline(always)]
fn time_numbers(text: &[u8]) -> Option<(u32, u32, u32, i64)> {
    let (time, fraction) = text.split_at_checked(9)?;
    let [b'T' | b' ', h0, h1, b':', m0, m1, b':', s0, s1] = *time else { return None };
    let (hour, minute, second) = (two_digits(h0, h1)?, two_digits(m0, m1)?, two_digits(s0, s1)?);
    Some((hour, minute, second, parse_fraction(fraction)?))
}

/// `.f{1,6}` or nothing, in microseconds.
fn parse_fraction(text: &[u8]) -> Option<i64> {
    let Some((b'.', digits)) = text.split_first() else { return text.is_empty().then_some(0) };
    if digits.is_empty() || digits.len() > 6 || !digits.iter().all(u8::is_ascii_digit) {
        return None;
    }
    let value = digits.iter().fold(0, |value, digit| value * 10 + i64::from(digit - b'0'));
    Some(value * 10_i64.pow(6 - digits.len() as u32))
}

#[inline]
fn two_digits(tens: u8, ones: u8) -> Option<u32> {
    let (tens, ones) = (tens.wrapping_sub(b'0'), ones.wrapping_sub(b'0'));
    (tens < 10 && ones < 10).then(|| u32::from(tens) * 10 + u32::from(ones))
}

#[inline]
pub(super) fn days_of_month(year: u32, month: u32) -> u32 {
    let is_leap = year.is_multiple_of(4) && (!year.is_multiple_of(100) || year.is_multiple_of(400));
    match month {
        2 if is_leap => 29,
        2 => 28,
        4 | 6 | 9 | 11 => 30,
        _ => 31,
    }
}

/// Appends `YYYY-MM-DD`; a year outside 0 to 9999 takes a sign and as many digits as it needs, as
/// ISO 8601 has it (such a date does not parse).
pub fn write_date(days: i32, out: &mut Vec<u8>) {
    let (year, month, day) = civil_from_days(i64::from(days));
    write_civil(year, month, day, out);
}

/// Appends `MM/DD/YYYY` or, with `is_day_first`, `DD/MM/YYYY`; the year as `write_date` has it.
pub fn write_date_slashed(days: i32, is_day_first: bool, out: &mut Vec<u8>) {
    let (year, month, day) = civil_from_days(i64::from(days));
    let (first, second) = if is_day_first { (day, month) } else { (month, day) };
    let ([a, b], [c, d]) = (digits(first), digits(second));
    out.extend_from_slice(&[a, b, b'/', c, d, b'/']);
    write_year(year, out);
}

fn write_civil(year: i64, month: u32, day: u32, out: &mut Vec<u8>) {
    write_year(year, out);
    let ([a, b], [c, d]) = (digits(month), digits(day));
    out.extend_from_slice(&[b'-', a, b, b'-', c, d]);
}

fn write_year(year: i64, out: &mut Vec<u8>) {
    use std::io::Write;
    if let 0..=9999 = year {
        let year = year as u32;
        let ([a, b], [c, d]) = (digits(year / 100), digits(year % 100));
        return out.extend_from_slice(&[a, b, c, d]);
    }
    let outcome = write!(out, "{year:+05}");
    debug_assert!(outcome.is_ok());
}

/// The two digits of a number below 100.
fn digits(number: u32) -> [u8; 2] {
    [b'0' + (number / 10) as u8, b'0' + (number % 10) as u8]
}

/// Days since 1970, and microseconds of that day.
pub fn split_timestamp(microseconds: i64) -> (i32, i64) {
    // All microseconds are within 300,000 years.
    let days = microseconds.div_euclid(DAY_MICROSECONDS) as i32;
    (days, microseconds.rem_euclid(DAY_MICROSECONDS))
}

/// Appends `YYYY-MM-DDTHH:MM:SS`, and `.ffffff` where the microseconds are not 0.
pub fn write_timestamp(microseconds: i64, out: &mut Vec<u8>) {
    let (days, time) = split_timestamp(microseconds);
    write_date(days, out);
    out.push(b'T');
    write_time(time, out);
}

/// Appends `HH:MM:SS` of microseconds of a day, and `.ffffff` where there is a fraction.
pub fn write_time(microseconds: i64, out: &mut Vec<u8>) {
    let (seconds, fraction) =
        ((microseconds / 1_000_000) as u32, (microseconds % 1_000_000) as u32);
    let ([a, b], [c, d]) = (digits(seconds / 3_600), digits(seconds / 60 % 60));
    let [e, f] = digits(seconds % 60);
    out.extend_from_slice(&[a, b, b':', c, d, b':', e, f]);
    if fraction != 0 {
        let ([a, b], [c, d]) = (digits(fraction / 10_000), digits(fraction / 100 % 100));
        let [e, f] = digits(fraction % 100);
        out.extend_from_slice(&[b'.', a, b, c, d, e, f]);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_day_of_ten_thousand_years_comes_back() {
        let mut expected = (0, 1, 1);
        for days in days_from_civil(0, 1, 1)..=days_from_civil(9999, 12, 31) {
            assert_eq!(civil_from_days(days), expected);
            assert_eq!(days_from_civil(expected.0, expected.1, expected.2), days);
            assert_eq!(days_from_year(expected.0 as u32, expected.1, expected.2), days as i32);
            let (year, month, day) = expected;
            expected = match (day < days_of_month(year as u32, month), month) {
                (true, _) => (year, month, day + 1),
                (false, 12) => (year + 1, 1, 1),
                (false, _) => (year, month + 1, 1),
            };
        }
        assert_eq!(expected, (10_000, 1, 1));
        assert_eq!(days_from_civil(1970, 1, 1), 0);
    }

    #[test]
    fn dates_parse_or_are_refused() {
        // Expected values: Python 3.11 datetime.date.toordinal() - 719163.
        for (text, days) in [
            ("1970-01-01", 0),
            ("2000-02-29", 11_016),
            ("1969-12-31", -1),
            ("0001-01-01", -719_162),
            ("9999-12-31", 2_932_896),
        ] {
            assert_eq!(parse_date(text.as_bytes()), Some(days), "{text}");
            let mut out = Vec::new();
            write_date(days, &mut out);
            assert_eq!(String::from_utf8_lossy(&out), text);
        }
        for text in [
            "",
            "1970-1-1",
            "1970-01-00",
            "1970-13-01",
            "1970-00-01",
            "1900-02-29",
            "2023-04-31",
            "1970-01-01 ",
            "1970/01/01",
            "197a-01-01",
            "-970-01-01",
            "19700101",
        ] {
            assert_eq!(parse_date(text.as_bytes()), None, "{text}");
        }
    }

    #[test]
    fn timestamps_parse_or_are_refused() {
        // Expected values: Python 3.11 datetime differences, in microseconds.
        for (text, microseconds, written) in [
            ("1970-01-01", 0, "1970-01-01T00:00:00"),
            ("1970-01-01 00:00:00", 0, "1970-01-01T00:00:00"),
            ("1969-12-31T23:59:59.999999", -1, "1969-12-31T23:59:59.999999"),
            ("2024-02-29T12:34:56.7", 1_709_210_096_700_000, "2024-02-29T12:34:56.700000"),
            ("0000-01-01T00:00:00", -62_167_219_200_000_000, "0000-01-01T00:00:00"),
        ] {
            assert_eq!(parse_timestamp(text.as_bytes()), Some(microseconds), "{text}");
            let mut out = Vec::new();
            write_timestamp(microseconds, &mut out);
            assert_eq!(String::from_utf8_lossy(&out), written);
        }
        for text in [
            "1970-01-01T",
            "1970-01-01T00:00",
            "1970-01-01T24:00:00",
            "1970-01-01T00:60:00",
            "1970-01-01T00:00:60",
            "1970-01-01T00:00:00.",
            "1970-01-01T00:00:00.1234567",
            "1970-01-01T00:00:00Z",
            "1970-01-01T00:00:00+01:00",
            "1970-01-01t00:00:00",
            "1970-01-01  00:00:00",
            "1970-01-01T00:00:00,5",
            "12:00:00",
        ] {
            assert_eq!(parse_timestamp(text.as_bytes()), None, "{text}");
        }
    }

    #[test]
    fn a_day_or_a_time_that_does_not_exist_is_told_from_another_form() {
        for (text, expected) in [
            ("2024-02-30", Some("a day of 2024-02, which has 29 days")),
            ("1900-02-29", Some("a day of 1900-02, which has 28 days")),
            ("2023-04-31T00:00:00", Some("a day of 2023-04, which has 30 days")),
            ("0000-12-00", Some("a day of 0000-12, which has 31 days")),
            ("1970-13-01 25:00:00", Some("a month from 01 to 12")),
            ("1970-00-01", Some("a month from 01 to 12")),
            ("1970-01-01T24:00:00", Some("an hour from 00 to 23")),
            ("1970-01-01T00:60:00", Some("a minute from 00 to 59")),
            ("1970-01-01 23:59:60.25", Some("a second from 00 to 59")),
            ("1970-01-01T00:00:00", None),
            ("2024-02-30T", None),
            ("2024-02-30T00:00:00Z", None),
            ("2024-2-30", None),
            ("", None),
        ] {
            assert_eq!(missing_in_timestamp(text.as_bytes()).as_deref(), expected, "{text}");
            if text.len() <= 10 {
                assert_eq!(missing_in_date(text.as_bytes()).as_deref(), expected, "{text}");
            }
        }
        assert_eq!(missing_in_date(b"2024-02-30T00:00:00"), None);
    }

    #[test]
    fn years_beyond_four_digits_are_signed() {
        for (days, text) in [(2_932_897, "+10000-01-01"), (-719_529, "-0001-12-31")] {
            let mut out = Vec::new();
            write_date(days, &mut out);
            assert_eq!(String::from_utf8_lossy(&out), text);
        }
        let mut out = Vec::new();
        write_timestamp(i64::MIN, &mut out);
        write_timestamp(i64::MAX, &mut out);
        write_date(i32::MIN, &mut out);
        write_date(i32::MAX, &mut out);
        assert!(out.len() <= 4 * TEXT_BYTES_MAX);
    }
}
