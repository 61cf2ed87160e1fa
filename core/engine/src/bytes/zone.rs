//! Time zones by their names, from the database that ships inside: which offset a clock there
//! shows, and since when.
//!
//! ```text
//!              before          after           UTC ->
//! gap    ......01:59 | 03:00 ..........        no clock shows 02:30: both offsets may be meant
//! fold   ......02:59 | 02:00 ..........        02:30 is shown twice: so it is here
//! ```

use std::fmt;
use std::hash::{Hash, Hasher};
use std::ops::RangeInclusive;
use std::sync::Arc;

use jiff::Timestamp;
use jiff::tz::{AmbiguousOffset, Offset, TimeZone, TimeZoneDatabase};

/// A zone of the database, or an offset that never changes, as `+02:00`. Cheap to clone; equal
/// where the names are.
#[derive(Clone)]
pub struct Zone(Arc<Known>);

/// What is known of a zone.
struct Known {
    name: String,
    zone: TimeZone,
    /// Seconds east of UTC, where they never change.
    fixed: Option<i64>,
}

/// First and last second of moments in a zone: the years -9999 to 9999 in UTC.
pub const ZONED_SECONDS: RangeInclusive<i64> = -377_705_000_000..=253_402_300_799;

/// First and last second that the database is asked for. Where the years end, no offset changes.
const SECONDS: RangeInclusive<i64> = -377_705_000_000..=253_402_200_000;

/// First and last second of times that may be local ones of those moments.
const LOCAL_SECONDS: RangeInclusive<i64> = -377_705_200_000..=253_402_500_000;

/// More seconds than any offset has.
const OFFSET_BOUND: i64 = 26 * 3_600;

/// The offsets of a zone over some time, in order: each from its first second on.
#[derive(Clone, Debug)]
pub struct Eras {
    starts: Vec<i64>,
    /// Seconds east of UTC.
    offsets: Vec<i64>,
}

/// What a local time stands for: the second since 1970.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Moment {
    /// One moment.
    One(i64),
    /// None, the clock skips it; the earlier and the later reading.
    Gap(i64, i64),
    /// Two: the earlier and the later.
    Fold(i64, i64),
}

impl Zone {
    /// The zone of that name, as `Europe/Berlin`, in any case, or an offset, as `+02:00`.
    pub fn named(name: &str) -> Option<Zone> {
        if name.starts_with(['+', '-']) {
            let offset = parse_offset(name.as_bytes()).filter(|_| name.len() == 6)?;
            let zone = TimeZone::fixed(Offset::from_seconds(offset as i32).ok()?);
            return Some(Zone::of(name, zone, Some(offset)));
        }
        let zone = TimeZoneDatabase::bundled().get(name).ok()?;
        let fixed = zone.to_fixed_offset().ok().map(|offset| i64::from(offset.seconds()));
        let name = zone.iana_name().unwrap_or("UTC").to_owned();
        Some(Zone::of(&name, zone, fixed))
    }

    fn of(name: &str, zone: TimeZone, fixed: Option<i64>) -> Zone {
        Zone(Arc::new(Known { name: name.to_owned(), zone, fixed }))
    }

    /// UTC.
    pub fn utc() -> Zone {
        Zone::of("UTC", TimeZone::UTC, Some(0))
    }

    /// Its name, in the database's case.
    pub fn name(&self) -> &str {
        &self.0.name
    }

    /// Seconds east of UTC that its clocks show at a second since 1970.
    #[inline]
    pub fn offset(&self, second: i64) -> i64 {
        if let Some(fixed) = self.0.fixed {
            return fixed;
        }
        let known = second.clamp(*SECONDS.start(), *SECONDS.end());
        let timestamp = Timestamp::from_second(known).unwrap_or(Timestamp::UNIX_EPOCH);
        i64::from(self.0.zone.to_offset(timestamp).seconds())
    }

    /// What a local time stands for, in seconds as if it were UTC.
    pub fn of_local(&self, local: i64) -> Moment {
        if let Some(fixed) = self.0.fixed {
            return Moment::One(local - fixed);
        }
        let known = local.clamp(*SECONDS.start(), *SECONDS.end());
        let clock = Timestamp::from_second(known).unwrap_or(Timestamp::UNIX_EPOCH);
        let clock = Offset::UTC.to_datetime(clock);
        let at = |offset: Offset| local - i64::from(offset.seconds());
        match self.0.zone.to_ambiguous_timestamp(clock).offset() {
            AmbiguousOffset::Unambiguous { offset } => Moment::One(at(offset)),
            AmbiguousOffset::Gap { before, after } => Moment::Gap(at(after), at(before)),
            AmbiguousOffset::Fold { before, after } => Moment::Fold(at(before), at(after)),
        }
    }

    /// All names.
    pub fn names() -> Vec<String> {
        let names = TimeZoneDatabase::bundled();
        names.available().map(|name| name.as_str().to_owned()).collect()
    }

    /// The offsets from one second since 1970 to another, and two days around them; `None` beyond
    /// the years -9999 to 9999.
    pub fn eras(&self, first: i64, last: i64) -> Option<Eras> {
        if !LOCAL_SECONDS.contains(&first) || !LOCAL_SECONDS.contains(&last) {
            return None;
        }
        let first = first - 2 * OFFSET_BOUND;
        let last = last + 2 * OFFSET_BOUND;
        let start = Timestamp::from_second(first.max(*SECONDS.start())).ok()?;
        let offset = i64::from(self.0.zone.to_offset(start).seconds());
        let mut eras = Eras { starts: vec![first], offsets: vec![offset] };
        for transition in self.0.zone.following(start) {
            let second = transition.timestamp().as_second();
            if second > last {
                break;
            }
            eras.starts.push(second);
            eras.offsets.push(i64::from(transition.offset().seconds()));
        }
        Some(eras)
    }
}

impl fmt::Debug for Zone {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "Zone({})", self.0.name)
    }
}

impl PartialEq for Zone {
    fn eq(&self, other: &Zone) -> bool {
        self.0.name == other.0.name
    }
}

impl Eq for Zone {}

impl Hash for Zone {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.0.name.hash(state);
    }
}

/// Seconds east of UTC of `Z`, `+HH:MM` or `+HH:MM:SS`.
pub fn parse_offset(text: &[u8]) -> Option<i64> {
    let digits = |tens: u8, ones: u8, last: i64| {
        let (tens, ones) = (tens.wrapping_sub(b'0'), ones.wrapping_sub(b'0'));
        let number = i64::from(tens) * 10 + i64::from(ones);
        (tens < 10 && ones < 10 && number <= last).then_some(number)
    };
    let (sign, hours, minutes, seconds) = match *text {
        [b'Z'] => return Some(0),
        [sign, a, b, b':', c, d] => (sign, digits(a, b, 23)?, digits(c, d, 59)?, 0),
        [sign, a, b, b':', c, d, b':', e, f] => {
            (sign, digits(a, b, 23)?, digits(c, d, 59)?, digits(e, f, 59)?)
        }
        _ => return None,
    };
    let offset = (hours * 60 + minutes) * 60 + seconds;
    match sign {
        b'+' => Some(offset),
        b'-' => Some(-offset),
        _ => None,
    }
}

/// Appends `+HH:MM`, and `:SS` where there are seconds.
pub fn write_offset(offset: i64, out: &mut Vec<u8>) {
    let seconds = offset.unsigned_abs();
    let digits = |number: u64| [b'0' + (number / 10) as u8, b'0' + (number % 10) as u8];
    let ([a, b], [c, d]) = (digits(seconds / 3_600), digits(seconds / 60 % 60));
    out.extend_from_slice(&[if offset < 0 { b'-' } else { b'+' }, a, b, b':', c, d]);
    if !seconds.is_multiple_of(60) {
        let [e, f] = digits(seconds % 60);
        out.extend_from_slice(&[b':', e, f]);
    }
}

impl Eras {
    /// The era of a second within the time asked for; `hint` is one that is likely.
    #[inline]
    fn era(&self, second: i64, hint: usize) -> usize {
        let is_hit = self.starts[hint] <= second
            && self.starts.get(hint + 1).is_none_or(|next| second < *next);
        match is_hit {
            true => hint,
            false => self.starts.partition_point(|start| *start <= second).max(1) - 1,
        }
    }

    /// Seconds east of UTC at a second since 1970; `hint` is kept from call to call.
    #[inline]
    pub fn offset(&self, second: i64, hint: &mut usize) -> i64 {
        *hint = self.era(second, *hint);
        self.offsets[*hint]
    }

    /// What a local time stands for, in seconds as if it were UTC.
    #[inline]
    pub fn of_local(&self, local: i64, hint: &mut usize) -> Moment {
        let first = self.era(local - OFFSET_BOUND, *hint);
        *hint = first;
        let is_last = self.starts.get(first + 1).is_none_or(|next| local + OFFSET_BOUND < *next);
        match is_last {
            true => Moment::One(local - self.offsets[first]),
            false => self.near_border(local, first),
        }
    }

    fn near_border(&self, local: i64, first: usize) -> Moment {
        let last = self.era(local + OFFSET_BOUND, first);
        let is_shown = |era: &usize| {
            let second = local - self.offsets[*era];
            (*era == first || self.starts[*era] <= second)
                && (*era == last || second < self.starts[*era + 1])
        };
        let shown: Vec<i64> =
            (first..=last).filter(is_shown).map(|era| local - self.offsets[era]).collect();
        match shown[..] {
            [one] => Moment::One(one),
            [] => {
                // The border that jumps over it: seen from before it is past, from behind not yet.
                let border = (first + 1..=last)
                    .find(|era| local - self.offsets[*era] < self.starts[*era])
                    .unwrap_or(last);
                let (before, after) = (self.offsets[border - 1], self.offsets[border]);
                Moment::Gap(local - after, local - before)
            }
            [one, .., other] if one == other => Moment::One(one),
            [one, .., other] => Moment::Fold(one.min(other), one.max(other)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::civil;
    use super::*;

    fn seconds(text: &str) -> i64 {
        civil::parse_timestamp(text.as_bytes()).expect(text).div_euclid(1_000_000)
    }

    /// Expected: Python 3.11 `zoneinfo` with tzdata 2026.6 (`fold` 0 and 1, and the way back).
    #[test]
    fn local_times_stand_for_one_moment_or_two() {
        for (name, local, expected) in [
            ("Europe/Berlin", "2024-02-29T12:00:00", ["2024-02-29T11:00:00"; 2]),
            ("Europe/Berlin", "2024-07-01T00:00:00", ["2024-06-30T22:00:00"; 2]),
            ("Europe/Berlin", "2024-03-31T01:59:59", ["2024-03-31T00:59:59"; 2]),
            (
                "Europe/Berlin",
                "2024-03-31T02:00:00",
                ["2024-03-31T00:00:00", "2024-03-31T01:00:00"],
            ),
            (
                "Europe/Berlin",
                "2024-03-31T02:59:59",
                ["2024-03-31T00:59:59", "2024-03-31T01:59:59"],
            ),
            ("Europe/Berlin", "2024-03-31T03:00:00", ["2024-03-31T01:00:00"; 2]),
            ("Europe/Berlin", "2024-10-27T01:59:59", ["2024-10-26T23:59:59"; 2]),
            (
                "Europe/Berlin",
                "2024-10-27T02:00:00",
                ["2024-10-27T00:00:00", "2024-10-27T01:00:00"],
            ),
            (
                "Europe/Berlin",
                "2024-10-27T02:59:59",
                ["2024-10-27T00:59:59", "2024-10-27T01:59:59"],
            ),
            ("Europe/Berlin", "2024-10-27T03:00:00", ["2024-10-27T02:00:00"; 2]),
            ("Europe/Berlin", "2090-07-01T00:00:00", ["2090-06-30T22:00:00"; 2]),
            (
                "America/New_York",
                "2024-03-10T02:30:00",
                ["2024-03-10T06:30:00", "2024-03-10T07:30:00"],
            ),
            ("Pacific/Apia", "2011-12-30T12:00:00", ["2011-12-29T22:00:00", "2011-12-30T22:00:00"]),
            ("Asia/Kathmandu", "2024-01-01T00:00:00", ["2023-12-31T18:15:00"; 2]),
            ("utc", "2024-01-01T00:00:00", ["2024-01-01T00:00:00"; 2]),
        ] {
            let zone = Zone::named(name).expect(name);
            let local = seconds(local);
            for reach in [0, 400 * 86_400, 9_000 * 86_400] {
                let eras = zone.eras(local - reach, local + reach).expect("within the years");
                let found = match eras.of_local(local, &mut 0) {
                    Moment::One(one) => [one; 2],
                    Moment::Gap(early, late) | Moment::Fold(early, late) => [early, late],
                };
                assert_eq!(found, expected.map(seconds), "{name} {local}");
                assert_eq!(zone.of_local(local), eras.of_local(local, &mut 0), "{name} {local}");
                for second in found.into_iter().filter(|_| found[0] == found[1]) {
                    assert_eq!(second + eras.offset(second, &mut 0), local, "{name} {local}");
                    assert_eq!(second + zone.offset(second), local, "{name} {local}");
                }
            }
        }
    }

    #[test]
    fn zones_are_named_and_known_for_many_years() {
        assert!(Zone::named("Europe/Berlim").is_none());
        assert!(Zone::names().iter().any(|name| name == "Europe/Berlin"));
        let zone = Zone::named("Europe/Berlin").expect("a zone");
        assert!(zone.eras(i64::MIN, 0).is_none());
        assert!(zone.eras(0, i64::MAX).is_none());
        assert!(zone.eras(0, 253_500_000_000).is_none());
        assert!(zone.eras(-60_000_000_000, 100_000_000_000).is_some());
        assert!(zone.eras(0, 253_402_300_799).is_some());
    }

    #[test]
    fn offsets_are_zones_too() {
        for (name, offset) in [("+02:00", 7_200), ("-00:30", -1_800), ("+05:45", 20_700)] {
            let zone = Zone::named(name).expect(name);
            assert_eq!((zone.name(), zone.offset(0)), (name, offset));
            assert_eq!(zone.of_local(0), Moment::One(-offset));
            let eras = zone.eras(0, 1).expect("within the years");
            assert_eq!(eras.offset(0, &mut 0), offset);
        }
        for name in ["+2:00", "+0200", "+24:00", "+02:60", "+02:00:00", "02:00", "+", "-"] {
            assert!(Zone::named(name).is_none(), "{name}");
        }
        assert_eq!(Zone::named("europe/BERLIN").map(|zone| zone.name().to_owned()).as_deref(), {
            Some("Europe/Berlin")
        });
    }
}
