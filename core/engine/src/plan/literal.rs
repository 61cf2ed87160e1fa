//! Values between their text and the engine: wire literals, values tables, text read as dates.
//!
//! The text forms are those of `read_csv`: strict ISO 8601, no blanks, nothing rounded but the
//! decimal digits that a binary64 cannot hold.

use super::document::Literal;
use crate::column::{DataType, Scalar};
use crate::error::{Error, ErrorKind, Result};

const MICROS_PER_DAY: i64 = 86_400_000_000;

/// The value of a wire literal.
///
/// Errors: `InvalidPlan` for text that is not a value of its type, or does not fit it.
pub fn scalar(literal: &Literal) -> Result<Scalar> {
    let (dtype, text) = match literal {
        Literal::Null => return Ok(Scalar::Null),
        Literal::Bool(value) => return Ok(Scalar::Bool(*value)),
        Literal::Utf8(text) => return Ok(Scalar::Utf8(text.clone())),
        Literal::Int64(text) => (DataType::Int64, text),
        Literal::Float64(text) => (DataType::Float64, text),
        Literal::Date(text) => (DataType::Date, text),
        Literal::Timestamp(text) => (DataType::Timestamp, text),
    };
    parse_value(text, dtype)
        .ok_or_else(|| Error::mismatch(ErrorKind::InvalidPlan, form(dtype), format!("{text:?}")))
}

/// The wire literal of a value: the shortest text that reads back to the same bits.
pub fn literal(value: &Scalar) -> Literal {
    match value {
        Scalar::Null => Literal::Null,
        Scalar::Bool(value) => Literal::Bool(*value),
        Scalar::Int64(value) => Literal::Int64(value.to_string()),
        Scalar::Float64(value) => Literal::Float64(float_text(*value)),
        Scalar::Date(days) => Literal::Date(date_text(*days)),
        Scalar::Timestamp(micros) => Literal::Timestamp(timestamp_text(*micros)),
        Scalar::Utf8(text) => Literal::Utf8(text.clone()),
    }
}

/// What text of a type looks like, for messages.
pub fn form(dtype: DataType) -> &'static str {
    match dtype {
        DataType::Bool => "true or false",
        DataType::Int64 => "a whole number from -9223372036854775808 to 9223372036854775807",
        DataType::Float64 => "a decimal number, NaN, inf or -inf",
        DataType::Date => "a date as YYYY-MM-DD",
        DataType::Timestamp => "a timestamp as YYYY-MM-DDTHH:MM:SS[.ffffff]",
        DataType::Utf8 => "text",
    }
}

/// Reads text as a value of a type; `None` where it is not one.
pub fn parse_value(text: &str, dtype: DataType) -> Option<Scalar> {
    match dtype {
        DataType::Bool => match text {
            "true" => Some(Scalar::Bool(true)),
            "false" => Some(Scalar::Bool(false)),
            _ => None,
        },
        DataType::Int64 if text.starts_with('+') => None,
        DataType::Int64 => text.parse().ok().map(Scalar::Int64),
        DataType::Float64 => parse_float(text).map(Scalar::Float64),
        DataType::Date => parse_date(text).map(Scalar::Date),
        DataType::Timestamp => parse_timestamp(text).map(Scalar::Timestamp),
        DataType::Utf8 => Some(Scalar::Utf8(text.to_owned())),
    }
}

/// Reads a float; Rust's conversion rounds correctly. Numbers beyond the range are refused rather
/// than made infinite.
fn parse_float(text: &str) -> Option<f64> {
    match text {
        "NaN" => return Some(f64::NAN),
        "inf" => return Some(f64::INFINITY),
        "-inf" => return Some(f64::NEG_INFINITY),
        _ => {}
    }
    let is_numeric =
        text.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'.' | b'-' | b'e' | b'E' | b'+'));
    let number: f64 = (is_numeric && !text.starts_with('+')).then(|| text.parse().ok())??;
    number.is_finite().then_some(number)
}

/// The shortest text that reads back to the same float.
pub fn float_text(value: f64) -> String {
    match value {
        _ if value.is_nan() => "NaN".to_owned(),
        _ => format!("{value:?}"),
    }
}

/// Reads `YYYY-MM-DD`, years 0001 to 9999, days that exist.
pub fn parse_date(text: &str) -> Option<i32> {
    let bytes = text.as_bytes();
    let is_formed = bytes.len() == 10 && bytes[4] == b'-' && bytes[7] == b'-';
    if !is_formed {
        return None;
    }
    let year = digits(&bytes[..4])?;
    let (month, day) = (digits(&bytes[5..7])?, digits(&bytes[8..])?);
    let is_real =
        year >= 1 && (1..=12).contains(&month) && (1..=month_days(year, month)).contains(&day);
    is_real.then(|| days_from_civil(year, month, day))
}

/// Reads `YYYY-MM-DD`, `T` or a blank, `HH:MM:SS`, and up to six digits of a second.
pub fn parse_timestamp(text: &str) -> Option<i64> {
    let (date, rest) = (text.get(..10)?, text.get(10..)?.as_bytes());
    let days = parse_date(date)?;
    let is_formed = rest.len() >= 9
        && matches!(rest[0], b'T' | b' ')
        && rest[3] == b':'
        && rest[6] == b':'
        && (rest.len() == 9 || ((11..=16).contains(&rest.len()) && rest[9] == b'.'));
    if !is_formed {
        return None;
    }
    let (hour, minute) = (digits(&rest[1..3])?, digits(&rest[4..6])?);
    let second = digits(&rest[7..9])?;
    if hour > 23 || minute > 59 || second > 59 {
        return None;
    }
    let mut micros = 0;
    if rest.len() > 9 {
        let fraction = &rest[10..];
        micros = i64::from(digits(fraction)?) * 10_i64.pow(6 - fraction.len() as u32);
    }
    let seconds = i64::from(hour * 3600 + minute * 60 + second);
    Some(i64::from(days) * MICROS_PER_DAY + seconds * 1_000_000 + micros)
}

/// `YYYY-MM-DD`; years outside 0000 to 9999 carry their sign and all digits.
pub fn date_text(days: i32) -> String {
    let (year, month, day) = civil_from_days(i64::from(days));
    match year {
        0..=9999 => format!("{year:04}-{month:02}-{day:02}"),
        _ => format!("{year:+}-{month:02}-{day:02}"),
    }
}

/// `YYYY-MM-DDTHH:MM:SS`, and the fraction where there is one.
pub fn timestamp_text(micros: i64) -> String {
    let (days, rest) = (micros.div_euclid(MICROS_PER_DAY), micros.rem_euclid(MICROS_PER_DAY));
    let (year, month, day) = civil_from_days(days);
    let (seconds, fraction) = (rest / 1_000_000, rest % 1_000_000);
    let date = match year {
        0..=9999 => format!("{year:04}-{month:02}-{day:02}"),
        _ => format!("{year:+}-{month:02}-{day:02}"),
    };
    let (hour, minute, second) = (seconds / 3600, seconds / 60 % 60, seconds % 60);
    let time = format!("{date}T{hour:02}:{minute:02}:{second:02}");
    match fraction {
        0 => time,
        _ => format!("{time}.{}", format!("{fraction:06}").trim_end_matches('0')),
    }
}

fn digits(bytes: &[u8]) -> Option<i32> {
    bytes.iter().try_fold(0, |number, byte| {
        byte.is_ascii_digit().then(|| number * 10 + i32::from(byte - b'0'))
    })
}

fn month_days(year: i32, month: i32) -> i32 {
    match month {
        4 | 6 | 9 | 11 => 30,
        2 if year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) => 29,
        2 => 28,
        _ => 31,
    }
}

/// Days since 1970-01-01. Source: the civil calendar in eras of 400 years, which begin in March so
/// that the leap day is the last of its year.
fn days_from_civil(year: i32, month: i32, day: i32) -> i32 {
    let year = if month <= 2 { year - 1 } else { year };
    let era = year.div_euclid(400);
    let year_of_era = year.rem_euclid(400);
    let day_of_year = (153 * ((month + 9) % 12) + 2) / 5 + day - 1;
    let day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
    era * 146_097 + day_of_era - 719_468
}

fn civil_from_days(days: i64) -> (i64, i64, i64) {
    let days = days + 719_468;
    let era = days.div_euclid(146_097);
    let day_of_era = days.rem_euclid(146_097);
    let year_of_era =
        (day_of_era - day_of_era / 1_460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
    let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let month_from_march = (5 * day_of_year + 2) / 153;
    let day = day_of_year - (153 * month_from_march + 2) / 5 + 1;
    let month = (month_from_march + 2) % 12 + 1;
    let year = era * 400 + year_of_era + i64::from(month <= 2);
    (year, month, day)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_are_those_of_the_calendar() {
        // Day numbers by Python 3.11: (date(...) - date(1970, 1, 1)).days.
        for (text, days) in [
            ("1970-01-01", Some(0)),
            ("1969-12-31", Some(-1)),
            ("0001-01-01", Some(-719_162)),
            ("9999-12-31", Some(2_932_896)),
            ("2000-02-29", Some(11_016)),
            ("2013-01-01", Some(15_706)),
            ("1900-02-29", None),
            ("2013-02-30", None),
            ("2013-13-01", None),
            ("2013-00-01", None),
            ("2013-01-00", None),
            ("0000-01-01", None),
            ("2013-1-01", None),
            ("2013-01-01 ", None),
            ("２013-01-01", None),
        ] {
            assert_eq!(parse_date(text), days, "{text}");
            assert!(days.is_none_or(|days| date_text(days) == text), "{text}");
        }
        for days in (-719_162..2_932_896).step_by(97) {
            assert_eq!(parse_date(&date_text(days)), Some(days));
        }
    }

    #[test]
    fn timestamps_keep_microseconds() {
        for (text, micros) in [
            ("1970-01-01T00:00:00", Some(0)),
            ("1969-12-31T23:59:59.999999", Some(-1)),
            ("2013-01-01 05:15:00.5", Some(1_357_017_300_500_000)),
            ("2013-01-01T24:00:00", None),
            ("2013-01-01T23:59:60", None),
            ("2013-01-01T23:59", None),
            ("2013-01-01T23:59:59.", None),
            ("2013-01-01T23:59:59.1234567", None),
            ("2013-01-01T23:59:59Z", None),
            ("2013-01-0é 23:59:59", None),
        ] {
            assert_eq!(parse_timestamp(text), micros, "{text}");
        }
        assert_eq!(timestamp_text(1_357_017_300_500_000), "2013-01-01T05:15:00.5");
        assert_eq!(timestamp_text(-1), "1969-12-31T23:59:59.999999");
        assert_eq!(timestamp_text(i64::MAX), "+294247-01-10T04:00:54.775807");
    }

    #[test]
    fn numbers_are_exact_or_refused() {
        let int = |text: &str| parse_value(text, DataType::Int64);
        assert_eq!(int("9223372036854775807"), Some(Scalar::Int64(i64::MAX)));
        assert_eq!(int("-9223372036854775808"), Some(Scalar::Int64(i64::MIN)));
        for text in ["9223372036854775808", "1.0", "+1", "", " 1", "1e3", "0x1"] {
            assert_eq!(int(text), None, "{text}");
        }
        let float = |text: &str| parse_value(text, DataType::Float64);
        assert_eq!(float("0.1"), Some(Scalar::Float64(0.1)));
        assert_eq!(float("-0"), Some(Scalar::Float64(-0.0)));
        assert_eq!(float("NaN"), Some(Scalar::Float64(f64::NAN)));
        for text in ["1e400", "nan", "infinity", "+1", "", " 1", "1_0"] {
            assert_eq!(float(text), None, "{text}");
        }
    }
}
