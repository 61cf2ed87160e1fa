//! Ticks: moments counted in seconds down to nanoseconds since 1970, as text and back.
//!
//! ```text
//! without a zone   2024-02-29T12:30:00.250     what a clock on the wall shows, no more
//! with a zone      2024-02-29T12:30:00+01:00   RFC 3339: the moment, as clocks of the zone show it
//! ```
//! A text with a zone may leave out the offset: then it is a local time, which the zone's clocks
//! must show exactly once.

use std::ops::RangeInclusive;

use super::civil;
use super::zone::{Moment, ZONED_SECONDS, Zone, parse_offset, write_offset};

/// Seconds of a day.
pub const DAY_SECONDS: i64 = 86_400;

/// Digits of a fraction of a second at most.
const FRACTION_DIGITS_MAX: usize = 9;

/// What a tick is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum TimeUnit {
    /// A second.
    Second,
    /// A thousandth of it.
    Millisecond,
    /// A millionth.
    Microsecond,
    /// A thousand-millionth.
    Nanosecond,
}

impl TimeUnit {
    /// Every unit, longest first.
    pub const ALL: [TimeUnit; 4] =
        [TimeUnit::Second, TimeUnit::Millisecond, TimeUnit::Microsecond, TimeUnit::Nanosecond];

    /// The name in types.
    pub fn name(self) -> &'static str {
        match self {
            TimeUnit::Second => "s",
            TimeUnit::Millisecond => "ms",
            TimeUnit::Microsecond => "us",
            TimeUnit::Nanosecond => "ns",
        }
    }

    /// The unit of that name.
    pub fn from_name(name: &str) -> Option<TimeUnit> {
        TimeUnit::ALL.into_iter().find(|unit| unit.name() == name)
    }

    /// Digits behind the point of a second.
    pub fn digits(self) -> usize {
        match self {
            TimeUnit::Second => 0,
            TimeUnit::Millisecond => 3,
            TimeUnit::Microsecond => 6,
            TimeUnit::Nanosecond => 9,
        }
    }

    /// Ticks of a second.
    pub fn per_second(self) -> i64 {
        match self {
            TimeUnit::Second => 1,
            TimeUnit::Millisecond => 1_000,
            TimeUnit::Microsecond => 1_000_000,
            TimeUnit::Nanosecond => 1_000_000_000,
        }
    }

    /// Ticks of a day.
    pub fn per_day(self) -> i64 {
        self.per_second() * DAY_SECONDS
    }

    /// First and last tick of moments: those of microseconds reach farthest, and with a zone the
    /// years -9999 to 9999, which zones are known for.
    pub fn range(self, is_zoned: bool) -> RangeInclusive<i64> {
        let second = self.per_second();
        let (first, last) = match is_zoned {
            true => (
                ZONED_SECONDS.start().saturating_mul(second),
                ZONED_SECONDS.end().saturating_mul(second).saturating_add(second - 1),
            ),
            false if self >= TimeUnit::Microsecond => (i64::MIN, i64::MAX),
            false => {
                let coarser = TimeUnit::Microsecond.per_second() / second;
                // The first tick of which every part is within the microseconds.
                (i64::MIN / coarser, i64::MAX.div_euclid(coarser))
            }
        };
        first..=last
    }

    /// Ticks of this unit as those of another; `None` where digits would be lost or the result is
    /// beyond 64 bits.
    #[inline]
    pub fn convert(self, ticks: i64, target: TimeUnit) -> Option<i64> {
        let (from, to) = (self.per_second(), target.per_second());
        match from <= to {
            true => ticks.checked_mul(to / from),
            false => (ticks % (from / to) == 0).then_some(ticks / (from / to)),
        }
    }
}

/// Seconds since 1970 that the clocks of a zone show, and the ticks of that second.
#[inline]
pub fn local(ticks: i64, unit: TimeUnit, zone: Option<&Zone>) -> (i64, i64) {
    let (second, rest) = (ticks.div_euclid(unit.per_second()), ticks.rem_euclid(unit.per_second()));
    (second + zone.map_or(0, |zone| zone.offset(second)), rest)
}

/// Appends a moment: see the module.
pub fn write(ticks: i64, unit: TimeUnit, zone: Option<&Zone>, out: &mut Vec<u8>) {
    write_with(ticks, unit, zone, b'T', civil::write_date, out);
}

/// As [`write`], the day written by `date` and a byte of choice between it and the time.
pub fn write_with(
    ticks: i64,
    unit: TimeUnit,
    zone: Option<&Zone>,
    between: u8,
    date: impl FnOnce(i32, &mut Vec<u8>),
    out: &mut Vec<u8>,
) {
    let (second, rest) = local(ticks, unit, zone);
    // Within 300,000 years.
    date(second.div_euclid(DAY_SECONDS) as i32, out);
    out.push(between);
    write_clock(second.rem_euclid(DAY_SECONDS), rest, unit, out);
    if zone.is_some() {
        write_offset(second - ticks.div_euclid(unit.per_second()), out);
    }
}

/// Appends `HH:MM:SS`, and the fraction with all digits of its unit where it is not 0.
fn write_clock(second: i64, rest: i64, unit: TimeUnit, out: &mut Vec<u8>) {
    civil::write_time(second * 1_000_000, out);
    if rest != 0 {
        let start = out.len();
        out.resize(start + 1 + unit.digits(), b'.');
        let mut left = rest;
        for digit in out[start + 1..].iter_mut().rev() {
            *digit = b'0' + (left % 10) as u8;
            left /= 10;
        }
    }
}

/// What stands in a text of a moment.
struct Said {
    /// Seconds since 1970 as the clock shows them.
    second: i64,
    /// Ticks of the second.
    rest: i64,
    /// Seconds east of UTC.
    offset: Option<i64>,
}

/// The moment that a text says; `None` where it says none of the unit and the zone: more digits
/// than the unit has, an offset without a zone, a local time that clocks skip or show twice.
pub fn parse(text: &[u8], unit: TimeUnit, zone: Option<&Zone>) -> Option<i64> {
    let said = said(text, unit)?;
    let second = match (zone, said.offset) {
        (None, None) => said.second,
        (None, Some(_)) => return None,
        (Some(_), Some(offset)) => said.second - offset,
        (Some(zone), None) => match zone.of_local(said.second) {
            Moment::One(second) => second,
            Moment::Gap(..) | Moment::Fold(..) => return None,
        },
    };
    let ticks = i128::from(second) * i128::from(unit.per_second()) + i128::from(said.rest);
    let ticks = i64::try_from(ticks).ok()?;
    unit.range(zone.is_some()).contains(&ticks).then_some(ticks)
}

/// What a text of the right form should have had, for messages; `None` for another form.
pub fn missing(text: &[u8], unit: TimeUnit, zone: Option<&Zone>) -> Option<String> {
    match (said(text, unit), zone) {
        (Some(said), None) if said.offset.is_some() => {
            Some("a time without an offset, for a type without a zone".to_owned())
        }
        (Some(said), Some(zone)) => match zone.of_local(said.second) {
            Moment::One(_) => None,
            Moment::Gap(..) | Moment::Fold(..) if said.offset.is_some() => None,
            Moment::Gap(..) => Some(format!("a time that the clocks of {} show", zone.name())),
            Moment::Fold(..) => {
                let name = zone.name();
                Some(format!("a time that the clocks of {name} show once, or its offset"))
            }
        },
        _ => {
            let end = text.len().min(19);
            civil::missing_in_timestamp(&text[..end])
        }
    }
}

/// Takes `YYYY-MM-DD[[T ]HH:MM:SS[.f{1,9}][Z|+HH:MM[:SS]]]` apart. Digits that the unit does not
/// have must be zeros.
fn said(text: &[u8], unit: TimeUnit) -> Option<Said> {
    let (date, time) = text.split_at_checked(10)?;
    let midnight = i64::from(civil::parse_date(date)?) * DAY_SECONDS;
    if time.is_empty() {
        return Some(Said { second: midnight, rest: 0, offset: None });
    }
    let (clock, mut behind) = time.split_at_checked(9)?;
    // Without a fraction, microseconds are whole seconds.
    let micros = civil::parse_clock(clock)?;
    let mut rest = 0;
    if let Some((b'.', digits)) = behind.split_first() {
        let count = digits.iter().take_while(|byte| byte.is_ascii_digit()).count();
        let (fraction, tail) = digits.split_at(count);
        rest = parse_fraction(fraction, unit)?;
        behind = tail;
    }
    let offset = match behind {
        [] => None,
        offset => Some(parse_offset(offset)?),
    };
    Some(Said { second: midnight + micros / 1_000_000, rest, offset })
}

/// Digits behind the point of a second, in ticks.
fn parse_fraction(digits: &[u8], unit: TimeUnit) -> Option<i64> {
    if digits.is_empty() || digits.len() > FRACTION_DIGITS_MAX {
        return None;
    }
    let (held, lost) = digits.split_at(digits.len().min(unit.digits()));
    if lost.iter().any(|digit| *digit != b'0') {
        return None;
    }
    let value = held.iter().fold(0_i64, |value, digit| value * 10 + i64::from(digit - b'0'));
    Some(value * 10_i64.pow((unit.digits() - held.len()) as u32))
}

#[cfg(test)]
mod tests {
    use super::TimeUnit::{Microsecond, Millisecond, Nanosecond, Second};
    use super::*;

    fn text(ticks: i64, unit: TimeUnit, zone: Option<&Zone>) -> String {
        let mut out = Vec::new();
        write(ticks, unit, zone, &mut out);
        String::from_utf8(out).expect("ASCII")
    }

    /// Expected: Python 3.11 `datetime` and `zoneinfo` with tzdata 2026.6, `isoformat`.
    #[test]
    fn moments_of_every_unit_and_zone_are_written_and_read_again() {
        let berlin = Zone::named("Europe/Berlin");
        let kathmandu = Zone::named("Asia/Kathmandu");
        let fixed = Zone::named("-03:30");
        for (ticks, unit, zone, expected) in [
            (1_709_210_096, Second, &None, "2024-02-29T12:34:56"),
            (-1, Second, &None, "1969-12-31T23:59:59"),
            (-1, Millisecond, &None, "1969-12-31T23:59:59.999"),
            (1_709_210_096_000, Millisecond, &None, "2024-02-29T12:34:56"),
            (-1, Nanosecond, &None, "1969-12-31T23:59:59.999999999"),
            (i64::MIN, Nanosecond, &None, "1677-09-21T00:12:43.145224192"),
            (i64::MAX, Nanosecond, &None, "2262-04-11T23:47:16.854775807"),
            (1_709_210_096_000_001, Microsecond, &berlin, "2024-02-29T13:34:56.000001+01:00"),
            (1_729_990_800, Second, &berlin, "2024-10-27T02:00:00+01:00"),
            (1_729_987_200, Second, &berlin, "2024-10-27T02:00:00+02:00"),
            (-2_840_140_800, Second, &berlin, "1880-01-01T00:53:28+00:53:28"),
            (1_704_046_500, Second, &kathmandu, "2024-01-01T00:00:00+05:45"),
            (0, Nanosecond, &fixed, "1969-12-31T20:30:00-03:30"),
        ] {
            let zone = zone.as_ref();
            assert_eq!(text(ticks, unit, zone), expected);
            assert_eq!(parse(expected.as_bytes(), unit, zone), Some(ticks), "{expected}");
        }
    }

    #[test]
    fn texts_with_a_zone_may_leave_out_an_offset_that_is_clear() {
        let berlin = Zone::named("Europe/Berlin").expect("a zone");
        let parse = |text: &str| parse(text.as_bytes(), Second, Some(&berlin));
        assert_eq!(parse("2024-07-01T14:00:00"), Some(1_719_835_200));
        assert_eq!(parse("2024-07-01 14:00:00"), Some(1_719_835_200));
        assert_eq!(parse("2024-07-01T12:00:00Z"), Some(1_719_835_200));
        assert_eq!(parse("2024-07-01T07:00:00-05:00"), Some(1_719_835_200));
        assert_eq!(parse("2024-07-01"), Some(1_719_784_800));
        for text in [
            "2024-03-31T02:30:00",
            "2024-10-27T02:30:00",
            "2024-07-01T14:00:00.5",
            "2024-07-01T14:00:00+2:00",
            "2024-07-01T14:00:00 +02:00",
            "2024-07-01T14:00:00z",
            "2024-07-01+02:00",
            "2024-07-01T14:00Z",
        ] {
            assert_eq!(parse(text), None, "{text}");
        }
        let missing = |text: &str| missing(text.as_bytes(), Second, Some(&berlin));
        let gap = missing("2024-03-31T02:30:00");
        assert_eq!(gap.as_deref(), Some("a time that the clocks of Europe/Berlin show"));
        let fold = missing("2024-10-27T02:30:00").unwrap_or_default();
        assert_eq!(fold, "a time that the clocks of Europe/Berlin show once, or its offset");
        let day = missing("2024-02-30T00:00:00Z");
        assert_eq!(day.as_deref(), Some("a day of 2024-02, which has 29 days"));
    }

    #[test]
    fn fractions_keep_to_the_unit() {
        for (text, unit, expected) in [
            ("1970-01-01T00:00:00.25", Millisecond, Some(250)),
            ("1970-01-01T00:00:00.250000000", Millisecond, Some(250)),
            ("1970-01-01T00:00:00.2501", Millisecond, None),
            ("1970-01-01T00:00:00.000", Second, Some(0)),
            ("1970-01-01T00:00:00.001", Second, None),
            ("1970-01-01T00:00:00.000000001", Nanosecond, Some(1)),
            ("1970-01-01T00:00:00.0000000010", Nanosecond, None),
            ("1970-01-01T00:00:00.", Nanosecond, None),
            ("2262-04-11T23:47:16.854775808", Nanosecond, None),
            ("1970-01-01T00:00:00Z", Nanosecond, None),
        ] {
            assert_eq!(parse(text.as_bytes(), unit, None), expected, "{text}");
        }
    }

    #[test]
    fn units_convert_where_nothing_is_lost() {
        assert_eq!(Second.convert(-2, Nanosecond), Some(-2_000_000_000));
        assert_eq!(Second.convert(i64::MAX, Millisecond), None);
        assert_eq!(Nanosecond.convert(-3_000_000, Millisecond), Some(-3));
        assert_eq!(Nanosecond.convert(-3_000_001, Millisecond), None);
        assert_eq!(Microsecond.convert(i64::MIN, Microsecond), Some(i64::MIN));
        for unit in [Second, Millisecond] {
            let range = unit.range(false);
            for end in [*range.start(), *range.end()] {
                assert!(unit.convert(end, Microsecond).is_some());
                let beyond = end + end.signum();
                assert!(unit.convert(beyond, Microsecond).is_none());
            }
        }
    }
}
