//! Sums of decimals, exact whatever the order: 192 bits and a count.

use super::sums::present;
use crate::bytes::decimal::{POWERS, nearest};
use crate::column::Bitmap;
use crate::limits::BLOCK_ROWS_MAX;

/// `low + high * 2^128`, and how many values it is made of: 2^63 of them cannot leave its range.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct WideSum {
    low: u128,
    high: i64,
    count: u64,
}

impl WideSum {
    #[inline(always)]
    fn add(&mut self, value: i128) {
        self.add_sum(value);
        self.count += 1;
    }

    #[inline(always)]
    fn add_sum(&mut self, value: i128) {
        let (low, carry) = self.low.overflowing_add(value as u128);
        self.low = low;
        self.high += (value >> 127) as i64 + i64::from(carry);
    }

    /// Adds a sum of other values.
    pub fn merge(&mut self, other: WideSum) {
        let (low, carry) = self.low.overflowing_add(other.low);
        self.low = low;
        self.high += other.high + i64::from(carry);
        self.count += other.count;
    }

    /// How many values there are.
    pub fn count(self) -> u64 {
        self.count
    }

    /// The sum, where 128 bits hold it.
    pub fn total(self) -> Option<i128> {
        let value = self.low as i128;
        (self.high == (value >> 127) as i64).then_some(value)
    }

    /// The binary64 nearest to the exact sum by the count, of values of a scale; `None` of nothing.
    pub fn mean(self, scale: u8) -> Option<f64> {
        const EXACT_MAX: u128 = 1 << 53;
        if self.count == 0 {
            return None;
        }
        let count = u128::from(self.count);
        let power = POWERS[usize::from(scale)].unsigned_abs();
        if let (Some(total), Some(divisor)) = (self.total(), count.checked_mul(power))
            && total.unsigned_abs() <= EXACT_MAX
            && divisor <= EXACT_MAX
        {
            return Some(total as f64 / divisor as f64);
        }
        let is_negative = self.high < 0;
        let (low, high) = match is_negative {
            false => (self.low, self.high as u64),
            true => (self.low.wrapping_neg(), !self.high as u64 + u64::from(self.low == 0)),
        };
        // Long division, 64 bits at a time. No value has more than 127 bits, nor has their mean.
        let mut rest = 0;
        let mut whole = 0_u128;
        for limb in [high, (low >> 64) as u64, low as u64] {
            let part = rest << 64 | u128::from(limb);
            whole = (whole << 64) | (part / count);
            rest = part % count;
        }
        // 57 digits more, and one that says whether that was all: enough to know the nearest.
        let mut digits = whole.to_string();
        for _ in 0..3 {
            let part = rest * 10_u128.pow(19);
            digits.push_str(&format!("{:019}", part / count));
            rest = part % count;
        }
        digits.push(if rest == 0 { '0' } else { '1' });
        let mean = nearest(&digits, -58 - i64::from(scale));
        Some(if is_negative { -mean } else { mean })
    }
}

/// The sums of one unit's groups; values of at most `precision` digits.
pub fn of_unit(
    values: &[i128],
    precision: u8,
    validity: Option<&Bitmap>,
    ids: &[u32],
    group_count: usize,
) -> Vec<WideSum> {
    if group_count == 1 {
        return vec![of_one_group(values, precision, validity)];
    }
    let mut sums = vec![WideSum::default(); group_count];
    present(validity, ids, |row, id| sums[id].add(values[row]));
    sums
}

/// Precision up to which the values of one block add up within 128 bits: 65,536 * 10^33 < 2^127.
const PLAIN_PRECISION_MAX: u8 = 33;

fn of_one_group(values: &[i128], precision: u8, validity: Option<&Bitmap>) -> WideSum {
    let mut sum = WideSum::default();
    match validity {
        Some(valid) => {
            for (row, value) in values.iter().enumerate() {
                if valid.get(row) {
                    sum.add(*value);
                }
            }
        }
        None if precision <= PLAIN_PRECISION_MAX && values.len() <= BLOCK_ROWS_MAX => {
            sum.add_sum(plain_sum(values));
            sum.count = values.len() as u64;
        }
        None => values.iter().for_each(|value| sum.add(*value)),
    }
    sum
}

/// Additions side by side: each waits for its own lane's last one only.
fn plain_sum(values: &[i128]) -> i128 {
    let mut lanes = [0_i128; 4];
    let (chunks, tail) = values.as_chunks::<4>();
    for chunk in chunks {
        for (lane, value) in lanes.iter_mut().zip(chunk) {
            *lane = lane.wrapping_add(*value);
        }
    }
    lanes.iter().chain(tail).fold(0, |sum, value| sum.wrapping_add(*value))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sum(values: &[i128], precision: u8) -> WideSum {
        let one = of_unit(values, precision, None, &vec![0; values.len()], 1);
        let among = of_unit(values, precision, None, &vec![1; values.len()], 2);
        assert_eq!(one[0], among[1]);
        for cut in 0..=values.len() {
            let mut total = of_one_group(&values[..cut], precision, None);
            total.merge(of_one_group(&values[cut..], precision, None));
            assert_eq!(total, one[0], "cut at {cut}");
        }
        one[0]
    }

    #[test]
    fn sums_come_back_from_outside_the_range() {
        let large = POWERS[38] - 1;
        assert_eq!(sum(&[large, large, large, -large, -large, 1], 38).total(), Some(large + 1));
        assert_eq!(sum(&[-large, -large, -large, large, large], 38).total(), Some(-large));
        assert_eq!(sum(&[large, large], 38).total(), None);
        assert_eq!(sum(&[-large, -large], 38).total(), None);
        assert_eq!(sum(&[1, 2, 3, 4, 5, -6, 7], 18).total(), Some(16));
        assert_eq!((sum(&[], 18).total(), sum(&[], 18).count()), (Some(0), 0));
    }

    /// Expected: Python 3.11, `float(sum(map(Fraction, values)) / len(values) / 10**scale)`.
    #[test]
    fn means_are_rounded_once() {
        let large = POWERS[38] - 1;
        for (values, scale, expected) in [
            (&[150, 225][..], 2, 1.875),
            (&[1, 1, 2], 0, 1.333_333_333_333_333_3),
            (&[-1, -1, -2], 0, -1.333_333_333_333_333_3),
            (&[large, large, large], 0, 1e38),
            (&[-large, -large, -large], 38, -1.0),
            (&[-large, -large, -1], 10, -6.666_666_666_666_667e27),
            (&[9_007_199_254_740_993, 9_007_199_254_740_992], 0, 9_007_199_254_740_992.0),
            (&[9_007_199_254_740_993, 9_007_199_254_740_994], 0, 9_007_199_254_740_994.0),
            (&[1, 0, 0], 38, 3.333_333_333_333_333_4e-39),
        ] {
            let found = sum(values, 38).mean(scale).expect("some values");
            assert_eq!(found.to_bits(), f64::to_bits(expected), "{values:?} {found:?}");
        }
        assert_eq!(WideSum::default().mean(2), None);
    }
}
