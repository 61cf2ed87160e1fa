//! Patterns, written.

use super::{DAY_NAMES, Field, MONTH_NAMES, Pattern, Piece, SHORT_BYTES};
use crate::bytes::calendar::Day;

impl Pattern {
    /// Appends a day and the microseconds of that day.
    pub fn write(&self, day: Day, microseconds: i64, out: &mut Vec<u8>) {
        self.write_at(day, microseconds, 0, out);
    }

    /// As [`Pattern::write`], with the seconds that the clock is ahead of UTC.
    pub fn write_at(&self, day: Day, microseconds: i64, offset: i64, out: &mut Vec<u8>) {
        for piece in &self.pieces {
            match piece {
                Piece::Literal(bytes) => out.extend_from_slice(bytes),
                Piece::Value { field: Field::Offset, .. } => write_offset(offset, out),
                Piece::Value { field, is_bare } => {
                    write_field(*field, *is_bare, day, microseconds, out);
                }
            }
        }
    }
}

fn write_field(field: Field, is_bare: bool, day: Day, microseconds: i64, out: &mut Vec<u8>) {
    // Below 86,400 x 10^6.
    let seconds = (microseconds / 1_000_000) as u32;
    let fraction = (microseconds % 1_000_000) as u32;
    let hour = seconds / 3_600;
    let number = match field {
        Field::Offset => return write_offset(0, out),
        Field::Year => return write_year(day.year, out),
        Field::IsoYear => return write_year(day.iso_week().0, out),
        Field::YearOfCentury => day.year.rem_euclid(100) as u32,
        Field::Month => day.month,
        Field::Day => day.day,
        Field::DayOfYear => day.day_of_year(),
        Field::IsoWeek => day.iso_week().1,
        Field::Weekday => day.weekday(),
        Field::MonthName => return push(MONTH_NAMES[day.month as usize - 1], out),
        Field::MonthShort => return push(&MONTH_NAMES[day.month as usize - 1][..SHORT_BYTES], out),
        Field::DayName => return push(DAY_NAMES[day.weekday() as usize - 1], out),
        Field::DayShort => return push(&DAY_NAMES[day.weekday() as usize - 1][..SHORT_BYTES], out),
        Field::Hour => hour,
        Field::HourOfHalf => (hour + 11) % 12 + 1,
        Field::Meridiem => return push(if hour < 12 { "AM" } else { "PM" }, out),
        Field::Minute => seconds / 60 % 60,
        Field::Second => seconds % 60,
        Field::Fraction => return write_padded(fraction, 6, out),
        Field::Milliseconds => fraction / 1_000,
    };
    match is_bare {
        true => write_bare(number, out),
        false => write_padded(number, field.digit_count(), out),
    }
}

/// `+0200`, and the seconds where there are some.
fn write_offset(offset: i64, out: &mut Vec<u8>) {
    let seconds = offset.unsigned_abs() as u32;
    out.push(if offset < 0 { b'-' } else { b'+' });
    write_padded(seconds / 3_600 * 100 + seconds / 60 % 60, 4, out);
    if !seconds.is_multiple_of(60) {
        write_padded(seconds % 60, 2, out);
    }
}

fn push(text: &str, out: &mut Vec<u8>) {
    out.extend_from_slice(text.as_bytes());
}

/// As `civil::write_date` has it.
fn write_year(year: i32, out: &mut Vec<u8>) {
    if !(0..=9999).contains(&year) {
        out.push(if year < 0 { b'-' } else { b'+' });
        if year.unsigned_abs() > 9999 {
            return write_bare(year.unsigned_abs(), out);
        }
    }
    write_padded(year.unsigned_abs(), 4, out);
}

fn write_bare(number: u32, out: &mut Vec<u8>) {
    let count = number.checked_ilog10().unwrap_or(0) as usize + 1;
    write_padded(number, count, out);
}

fn write_padded(mut number: u32, count: usize, out: &mut Vec<u8>) {
    let mut digits = [b'0'; 10];
    for digit in digits[..count].iter_mut().rev() {
        *digit = b'0' + (number % 10) as u8;
        number /= 10;
    }
    out.extend_from_slice(&digits[..count]);
}

#[cfg(test)]
mod tests {
    use super::super::Purpose;
    use super::*;
    use crate::bytes::civil;

    /// Expected: Python 3.11 `datetime.strftime` (with `%-d` and the like from glibc); `%3f` by
    /// hand.
    #[test]
    fn values_are_written_as_the_pattern_says() {
        let ticks = civil::parse_timestamp(b"2024-02-09T15:04:05.006070").expect("a timestamp");
        let (days, rest) = civil::split_timestamp(ticks);
        for (text, expected) in [
            ("%Y-%m-%d", "2024-02-09"),
            ("%F %T", "2024-02-09 15:04:05"),
            ("%R%%", "15:04%"),
            ("%d.%m.%y", "09.02.24"),
            ("%-d/%-m/%Y", "9/2/2024"),
            ("%A, %-d %B %Y", "Friday, 9 February 2024"),
            ("%a %b %j %-j", "Fri Feb 040 40"),
            ("%G-W%V-%u", "2024-W06-5"),
            ("%I:%M %p", "03:04 PM"),
            ("%-I.%-M.%-S", "3.4.5"),
            ("%f %3f", "006070 006"),
            ("é%H", "é15"),
            ("", ""),
        ] {
            let pattern = Pattern::new(text, Purpose::WriteTimestamp).expect(text);
            let mut out = Vec::new();
            pattern.write(Day::of(days), rest, &mut out);
            assert_eq!(String::from_utf8_lossy(&out), expected, "{text}");
        }
    }

    #[test]
    fn years_beyond_four_digits_are_signed() {
        let pattern = Pattern::new("%Y", Purpose::WriteDate).expect("a pattern");
        for days in [-719_529, -719_528, 2_932_896, 2_932_897, i32::MIN, i32::MAX] {
            let (mut out, mut expected) = (Vec::new(), Vec::new());
            pattern.write(Day::exact(days), 0, &mut out);
            civil::write_date(days, &mut expected);
            expected.truncate(expected.len() - 6);
            assert_eq!(out, expected);
        }
    }

    #[test]
    fn offsets_are_written_with_their_sign() {
        let pattern = Pattern::new("%H%z", Purpose::WriteZoned).expect("a pattern");
        for (offset, expected) in
            [(0, "00+0000"), (7_200, "00+0200"), (-12_600, "00-0330"), (3_208, "00+005328")]
        {
            let mut out = Vec::new();
            pattern.write_at(Day::of(0), 0, offset, &mut out);
            assert_eq!(String::from_utf8_lossy(&out), expected);
        }
    }

    #[test]
    fn midnight_and_noon_are_twelve() {
        let pattern = Pattern::new("%I%p", Purpose::WriteTimestamp).expect("a pattern");
        for (hour, expected) in [(0, "12AM"), (1, "01AM"), (11, "11AM"), (12, "12PM"), (23, "11PM")]
        {
            let mut out = Vec::new();
            pattern.write(Day::of(0), hour * 3_600_000_000, &mut out);
            assert_eq!(String::from_utf8_lossy(&out), expected);
        }
    }
}
