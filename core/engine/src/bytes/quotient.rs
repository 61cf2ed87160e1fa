//! Quotients of ticks by units of time, without a division: loops over many become code for whole
//! vectors, which have no division of 64 bits.
//!
//! ```text
//! floor(n / d) = round((n + 1/2) * (1 / d) - 1/2)    n whole, as a float; d up to 2^24
//! ```
//! The middle between two multiples of `d` is never met, so that rounding decides nothing:
//! `n + 1/2` is `1 / 2d` away from the nearest multiple at least, and the error of product and
//! difference is below `n / d / 2^51`. Ticks of more than 51 bits are cut by the power of two that
//! days have.

use super::civil::DAY_MICROSECONDS;

/// 2^52 + 2^51: added to a float below 2^51 in size, it leaves a whole number in the low bits.
const MAGIC: f64 = 6_755_399_441_055_744.0;
const MAGIC_BITS: i64 = 0x4338_0000_0000_0000;

/// Microseconds of a day are this power of two by an odd number.
const DAY_SHIFT: u32 = DAY_MICROSECONDS.trailing_zeros();
const DAY_REST: f64 = (DAY_MICROSECONDS >> DAY_SHIFT) as f64;

/// A whole number below 2^51 in size as a float.
#[inline(always)]
fn float(number: i64) -> f64 {
    f64::from_bits(number.wrapping_add(MAGIC_BITS) as u64) - MAGIC
}

/// A whole float below 2^51 in size as a number.
#[inline(always)]
fn whole(float: f64) -> i64 {
    ((float + MAGIC).to_bits() as i64).wrapping_sub(MAGIC_BITS)
}

/// The quotient of whole floats, rounded down.
#[inline(always)]
fn floor_quotient(number: f64, divisor: f64) -> f64 {
    ((number + 0.5) * (1.0 / divisor) - 0.5 + MAGIC) - MAGIC
}

/// Days since 1970, and the microseconds of that day.
#[inline(always)]
pub fn split_day(ticks: i64) -> (i32, i64) {
    let coarse = float(ticks >> DAY_SHIFT);
    let days = floor_quotient(coarse, DAY_REST);
    let rest = whole(coarse - days * DAY_REST) << DAY_SHIFT;
    // All microseconds are within 300,000 years.
    (whole(days) as i32, rest | (ticks & ((1 << DAY_SHIFT) - 1)))
}

/// How many whole spans of `LENGTH` microseconds there are in some of a day.
#[inline(always)]
pub fn spans_of_day<const LENGTH: i64>(rest: i64) -> i64 {
    whole(floor_quotient(float(rest), LENGTH as f64))
}

/// A number below 2^40 that is not negative, modulo `COUNT`.
#[inline(always)]
pub fn modulo<const COUNT: i64>(number: i64) -> i64 {
    let number = float(number);
    whole(number - floor_quotient(number, COUNT as f64) * COUNT as f64)
}

/// From 1 for Monday to 7 for Sunday, of days since 1970.
#[inline(always)]
pub fn weekday(days: i32) -> i64 {
    // 1970-01-01 is a Thursday.
    let from_monday = f64::from(days) + 3.0;
    whole(from_monday - floor_quotient(from_monday, 7.0) * 7.0 + 1.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Ticks around each border of days and hours near a number of days.
    fn around(days: i64) -> impl Iterator<Item = i64> {
        let midnight = i128::from(days) * i128::from(DAY_MICROSECONDS);
        let steps = [0_i64, 1, 999, 1_000, 999_999, 1_000_000, 60_000_000, 3_600_000_000];
        steps
            .into_iter()
            .flat_map(move |step| [midnight + i128::from(step), midnight - i128::from(step)])
            .filter_map(|ticks| i64::try_from(ticks).ok())
    }

    fn check(ticks: i64) {
        let (days, rest) = split_day(ticks);
        let expected = (ticks.div_euclid(DAY_MICROSECONDS), ticks.rem_euclid(DAY_MICROSECONDS));
        assert_eq!((i64::from(days), rest), expected, "{ticks}");
        assert_eq!(spans_of_day::<3_600_000_000>(rest), rest / 3_600_000_000, "{ticks}");
        assert_eq!(spans_of_day::<60_000_000>(rest), rest / 60_000_000, "{ticks}");
        assert_eq!(spans_of_day::<1_000_000>(rest), rest / 1_000_000, "{ticks}");
        assert_eq!(spans_of_day::<1_000>(rest), rest / 1_000, "{ticks}");
        assert_eq!(spans_of_day::<1>(rest), rest, "{ticks}");
        assert_eq!(modulo::<60>(rest), rest % 60, "{ticks}");
        assert_eq!(modulo::<1_000_000>(rest), rest % 1_000_000, "{ticks}");
    }

    #[test]
    fn quotients_are_those_of_divisions() {
        let first = i64::MIN.div_euclid(DAY_MICROSECONDS);
        for days in (first..=-first).step_by(9_973).chain(-1_000..1_000).chain([first, -first]) {
            around(days).for_each(check);
        }
        let mut seed = 42_u64;
        for _ in 0..200_000 {
            seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
            check(seed as i64);
            check((seed as i64) >> 20);
        }
        [i64::MIN, i64::MAX, i64::MIN + 1, -1, 0, 1].into_iter().for_each(check);
    }

    #[test]
    fn weekdays_are_those_of_the_remainder() {
        let days = (i32::MIN..=i32::MAX).step_by(99_991).chain(-3_000..3_000);
        for days in days.chain([i32::MIN, i32::MAX]) {
            assert_eq!(weekday(days), (i64::from(days) + 3).rem_euclid(7) + 1, "{days}");
        }
    }
}
