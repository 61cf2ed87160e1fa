//! Time zones by their names, from the database that ships inside: which offset a clock there
//! shows, and since when.
//!
//! ```text
//!              before          after           UTC ->
//! gap    ......01:59 | 03:00 ..........        no clock shows 02:30: both offsets may be meant
//! fold   ......02:59 | 02:00 ..........        02:30 is shown twice: so it is here
//! ```

use jiff::Timestamp;
use jiff::tz::{TimeZone, TimeZoneDatabase};

/// A zone.
#[derive(Clone, Debug)]
pub struct Zone {
    zone: TimeZone,
}

/// First and last second that zones are known for: within the years -9999 to 9999.
const SECONDS: std::ops::RangeInclusive<i64> = -377_705_000_000..=253_402_200_000;

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
    /// The zone of that name, as `Europe/Berlin`, in any case.
    pub fn named(name: &str) -> Option<Zone> {
        TimeZoneDatabase::bundled().get(name).ok().map(|zone| Zone { zone })
    }

    /// Its name.
    pub fn name(&self) -> &str {
        self.zone.iana_name().unwrap_or("UTC")
    }

    /// All names.
    pub fn names() -> Vec<String> {
        let names = TimeZoneDatabase::bundled();
        names.available().map(|name| name.as_str().to_owned()).collect()
    }

    /// The offsets from one second since 1970 to another, and two days around them; `None` beyond
    /// the years -9999 to 9999.
    pub fn eras(&self, first: i64, last: i64) -> Option<Eras> {
        let first = first.checked_sub(2 * OFFSET_BOUND)?;
        let last = last.checked_add(2 * OFFSET_BOUND)?;
        if !SECONDS.contains(&first) || !SECONDS.contains(&last) {
            return None;
        }
        let start = Timestamp::from_second(first).ok()?;
        let offset = i64::from(self.zone.to_offset(start).seconds());
        let mut eras = Eras { starts: vec![first], offsets: vec![offset] };
        for transition in self.zone.following(start) {
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
                for second in found.into_iter().filter(|_| found[0] == found[1]) {
                    assert_eq!(second + eras.offset(second, &mut 0), local, "{name} {local}");
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
    }
}
