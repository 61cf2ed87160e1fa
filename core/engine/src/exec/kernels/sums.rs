//! Running sums that lose less than plain additions do: of floats, and the mean of whole numbers.

use super::cpu::{self, Work};
use crate::bytes::scan::Level;
use crate::column::Bitmap;

/// A sum of floats, what its additions cut off, and how often it left the range.
///
/// The exact sum is about `sum + rest + carry * 2^1024`. It starts from 0.0, so that -0.0 alone
/// gives 0.0.
///
/// Source: D. Knuth, The Art of Computer Programming, 4.2.2, theorem B (exact error of a sum).
#[derive(Clone, Copy, Debug, Default)]
pub struct FloatSum {
    sum: f64,
    rest: f64,
    carry: i64,
    count: u64,
}

/// 2 to the power of an exponent from -1022 to 1023.
pub const fn power_of_two(exponent: i32) -> f64 {
    f64::from_bits(((exponent + 1023) as u64) << 52)
}

/// A sum of fewer than 2^63 floats, times this, is in the range.
const DOWN: f64 = power_of_two(-64);
const UP: f64 = power_of_two(64);

impl FloatSum {
    /// Adds a value, and counts nothing. Past the range `sum` and `rest` mean nothing: a caller
    /// looks at `is_in_range` in the end, and where it is false begins anew with `add_carrying`.
    #[inline(always)]
    fn add(&mut self, value: f64) {
        let sum = self.sum + value;
        let part = sum - self.sum;
        self.rest += (self.sum - (sum - part)) + (value - part);
        self.sum = sum;
    }

    fn is_in_range(&self) -> bool {
        self.sum.is_finite() && self.rest.is_finite()
    }

    /// As `add`, to the same bits, and where finite operands leave the range 2^1024 is carried.
    /// With an infinity or a NaN the sum is that of IEEE 754.
    fn add_carrying(&mut self, value: f64) {
        let (a, b) = (self.sum, value);
        let sum = a + b;
        if sum.is_infinite() && a.is_finite() && b.is_finite() {
            // Both are far above the smallest steps, so halves are exact; and half the sum lies
            // from 2^1023 to the end of the range, so that what is left above 2^1023 is exact too.
            let (a, b) = (a / 2.0, b / 2.0);
            let half = a + b;
            self.rest += 2.0 * cut_off(a, b, half);
            self.sum = 2.0 * (half - power_of_two(1023).copysign(half));
            self.carry += if half > 0.0 { 1 } else { -1 };
        } else {
            self.rest += cut_off(a, b, sum);
            self.sum = sum;
        }
    }

    /// Adds the sum of later values.
    pub fn merge(&mut self, other: FloatSum) {
        self.add_carrying(other.sum);
        self.rest += other.rest;
        self.carry += other.carry;
        self.count += other.count;
    }

    /// The sum; infinite where it is outside the range, `None` of nothing.
    pub fn total(self) -> Option<f64> {
        (self.count > 0).then(|| match self.carry {
            // Beside an infinity or a NaN the rest means nothing.
            _ if !self.sum.is_finite() => self.sum,
            0 => self.sum + self.rest,
            _ => self.scaled_down().0 * UP,
        })
    }

    /// The sum by the count; where the sum is outside the range, the exact one by the count.
    pub fn mean(self) -> Option<f64> {
        let total = self.total()?;
        let count = self.count as f64;
        if total.is_finite() || !self.sum.is_finite() {
            return Some(total / count);
        }
        let (sum, rest) = self.scaled_down();
        let mean = sum / count;
        let left = (-mean).mul_add(count, sum) + rest;
        Some((mean + left / count) * UP)
    }

    /// How many values there are.
    pub fn count(self) -> u64 {
        self.count
    }

    /// The sum times `DOWN`, and what it cuts off.
    fn scaled_down(self) -> (f64, f64) {
        let (a, b) = (self.carry as f64 * power_of_two(960), self.sum * DOWN);
        let high = a + b;
        let low = cut_off(a, b, high) + self.rest * DOWN;
        let sum = high + low;
        (sum, cut_off(high, low, sum))
    }
}

/// What `sum`, the float nearest to `a + b`, leaves of it; no step of this leaves the range.
///
/// Source: T. Dekker, "A Floating-Point Technique for Extending the Available Precision", 1971.
fn cut_off(a: f64, b: f64, sum: f64) -> f64 {
    if a.abs() >= b.abs() { b - (sum - a) } else { a - (sum - b) }
}

/// The sums of one unit's groups.
pub fn of_unit(
    values: &[f64],
    validity: Option<&Bitmap>,
    ids: &[u32],
    group_count: usize,
    level: Level,
) -> Vec<FloatSum> {
    if group_count == 1 {
        return vec![of_one_group(values, validity, level)];
    }
    let mut sums = vec![FloatSum::default(); group_count];
    present(validity, ids, |row, id| {
        sums[id].add(values[row]);
        sums[id].count += 1;
    });
    let is_beyond: Vec<bool> = sums.iter().map(|sum| !sum.is_in_range()).collect();
    if is_beyond.contains(&true) {
        for (sum, _) in sums.iter_mut().zip(&is_beyond).filter(|(_, is_beyond)| **is_beyond) {
            *sum = FloatSum { count: sum.count, ..FloatSum::default() };
        }
        present(validity, ids, |row, id| {
            if is_beyond[id] {
                sums[id].add_carrying(values[row]);
            }
        });
    }
    sums
}

/// Calls `each(row, group)` for the rows that have a value.
#[inline(always)]
pub fn present(validity: Option<&Bitmap>, ids: &[u32], mut each: impl FnMut(usize, usize)) {
    match validity {
        None => {
            for (row, id) in ids.iter().enumerate() {
                each(row, *id as usize);
            }
        }
        Some(valid) => {
            for (row, id) in ids.iter().enumerate() {
                if valid.get(row) {
                    each(row, *id as usize);
                }
            }
        }
    }
}

/// Rows summed side by side: row `i` of the unit belongs to lane `i % LANES`.
const LANES: usize = 8;

/// The sum of one group's unit: lanes side by side, then one after the other. Lanes follow from row
/// numbers alone, so that the sum is the same at every level of the CPU.
fn of_one_group(values: &[f64], validity: Option<&Bitmap>, level: Level) -> FloatSum {
    let present: Vec<f64>;
    let mut count = values.len();
    let values = match validity {
        None => values,
        Some(valid) => {
            // 0.0 adds nothing, as a sum is never -0.0.
            let value = |(row, value): (usize, &f64)| if valid.get(row) { *value } else { 0.0 };
            present = values.iter().enumerate().map(value).collect();
            count = valid.count_ones();
            &present
        }
    };
    let count = count as u64;
    let (sums, rests) = cpu::run(level, Lanes { values });
    let mut total = FloatSum { count, ..FloatSum::default() };
    for (sum, rest) in sums.into_iter().zip(rests) {
        total.add(sum);
        total.rest += rest;
    }
    if total.is_in_range() {
        return total;
    }
    let mut total = FloatSum { count, ..FloatSum::default() };
    if values.iter().all(|value| value.is_finite()) {
        values.iter().for_each(|value| total.add_carrying(*value));
    } else {
        // Infinities and NaNs decide alone, whatever the sum of the others is.
        total.sum = values.iter().filter(|value| !value.is_finite()).sum();
    }
    total
}

struct Lanes<'a> {
    values: &'a [f64],
}

impl Work for Lanes<'_> {
    type Output = ([f64; LANES], [f64; LANES]);

    #[inline(always)]
    fn run(self) -> Self::Output {
        let (mut sums, mut rests) = ([0.0; LANES], [0.0; LANES]);
        let (chunks, tail) = self.values.as_chunks::<LANES>();
        let mut last = [0.0; LANES];
        last[..tail.len()].copy_from_slice(tail);
        for chunk in chunks.iter().chain([&last]) {
            for lane in 0..LANES {
                let sum = sums[lane] + chunk[lane];
                let part = sum - sums[lane];
                rests[lane] += (sums[lane] - (sum - part)) + (chunk[lane] - part);
                sums[lane] = sum;
            }
        }
        (sums, rests)
    }
}

/// The float nearest to the exact quotient `sum / count`; `None` of nothing.
pub fn exact_mean(sum: i128, count: u64) -> Option<f64> {
    const EXACT_MAX: u128 = 1 << 53;
    if count == 0 {
        return None;
    }
    let size = sum.unsigned_abs();
    if size <= EXACT_MAX && u128::from(count) <= EXACT_MAX {
        return Some(sum as f64 / count as f64);
    }
    // At least 63 bits of the quotient; what is left over makes the last of them odd, so that the
    // conversion to 53 bits rounds the exact value.
    let shift = size.leading_zeros();
    let scaled = size << shift;
    let (quotient, rest) = (scaled / u128::from(count), scaled % u128::from(count));
    let quotient = (quotient | u128::from(rest != 0)) as f64 * 0.5_f64.powi(shift as i32);
    Some(if sum < 0 { -quotient } else { quotient })
}

#[cfg(test)]
mod tests {
    use super::*;

    const MAX: f64 = f64::MAX;

    /// Expected: Python 3.11, `float(Fraction(sum, count))`.
    #[test]
    fn mean_of_whole_numbers_rounds_once() {
        for (sum, count, expected) in [
            (9_007_199_254_740_997, 3, 3_002_399_751_580_332.5),
            (18_446_744_073_709_551_612, 2, 9_223_372_036_854_775_806.0),
            (-9_007_199_254_740_997, 3, -3_002_399_751_580_332.5),
            (1, 3, 0.333_333_333_333_333_3),
            (i128::from(i64::MAX) * 1_000_003, 1_000_003, 9_223_372_036_854_775_807.0),
        ] {
            assert_eq!(exact_mean(sum, count), Some(expected), "{sum} / {count}");
        }
        assert_eq!(exact_mean(0, 0), None);
    }

    #[test]
    fn lanes_give_the_same_bits_at_every_level() {
        for len in [1, 7, 8, 9, 64, 1_001] {
            let numbers: Vec<f64> = (0..len).map(|row| 0.1 * f64::from(row) - 7.3).collect();
            let sum = |level| of_one_group(&numbers, None, level).total().expect("some values");
            let exact = sum(Level::Scalar);
            for level in Level::ALL.into_iter().filter(|level| *level <= Level::supported()) {
                assert_eq!(sum(level).to_bits(), exact.to_bits());
            }
            let mut plain = FloatSum { count: 1, ..FloatSum::default() };
            numbers.iter().for_each(|number| plain.add(*number));
            assert!((plain.total().unwrap() - exact).abs() <= 1e-12 * exact.abs(), "{len}");
        }
    }

    /// Sum and mean in all the ways there are: lanes, a group among others, and merged from two
    /// parts cut anywhere.
    fn check(values: &[f64], sum: f64, mean: f64) {
        let one = |values: &[f64]| of_one_group(values, None, Level::current());
        let among = |values: &[f64]| of_unit(values, None, &vec![1; values.len()], 3, Level::V2)[1];
        for unit in [&one as &dyn Fn(&[f64]) -> FloatSum, &among] {
            for cut in 0..=values.len() {
                let mut total = unit(&values[..cut]);
                total.merge(unit(&values[cut..]));
                let found = [total.total().expect("some"), total.mean().expect("some")];
                for (found, expected) in found.into_iter().zip([sum, mean]) {
                    let is_same = found.to_bits() == expected.to_bits();
                    let are_nan = found.is_nan() && expected.is_nan();
                    assert!(is_same || are_nan, "{values:?} at {cut}: {found:?} {expected:?}");
                }
            }
        }
    }

    /// Expected: Python 3.11, `float(sum(map(Fraction, values)))`, inf where that is OverflowError,
    /// and the same by the count.
    #[test]
    fn sums_come_back_from_outside_the_range() {
        check(&[1e308, 1e308, -1e308], 1e308, 1e308 / 3.0);
        check(&[1.7e308, 1.7e308], f64::INFINITY, 1.7e308);
        check(&[-1.7e308, -1.7e308, -1.7e308], f64::NEG_INFINITY, -1.7e308);
        check(&[MAX, MAX, -MAX, -MAX, 1e-310], 1e-310, 2e-311);
        check(&[MAX, MAX, MAX, -MAX, -MAX, 1.0], MAX, MAX / 6.0);
        check(&[-MAX, 1e292, -MAX, MAX, MAX, 0.5], 1e292, 1e292 / 6.0);
        check(&[1e100, 1.0, -1e100], 1.0, 1.0 / 3.0);
        // Half a last digit above the largest float, and a little less.
        check(&[MAX, power_of_two(970)], f64::INFINITY, power_of_two(1023));
        check(&[MAX, power_of_two(969)], MAX, MAX / 2.0);
    }

    /// Expected: IEEE 754, whatever the other values add up to on the way.
    #[test]
    fn infinities_stay() {
        let (inf, nan) = (f64::INFINITY, f64::NAN);
        check(&[1e308, 1e308, -inf], -inf, -inf);
        check(&[inf, -1e308, -1e308, 1.0], inf, inf);
        check(&[inf, 1.0, -inf], nan, nan);
        check(&[1e308, nan, 1e308, inf], nan, nan);
    }

    /// Expected: NumPy 2.4.6, Polars 2.1.0 and DuckDB 2.0.0, which all give 0.0.
    #[test]
    fn negative_zeros_add_up_to_zero() {
        check(&[-0.0, -0.0], 0.0, 0.0);
        check(&[-0.0; 20], 0.0, 0.0);
    }
}
