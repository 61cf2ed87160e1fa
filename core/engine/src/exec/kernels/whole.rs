//! Whole numbers of one group: exact sums, smallest and largest, in loops over whole columns.

use super::cpu::{self, Work};
use crate::bytes::scan::Level;
use crate::column::Bitmap;

/// The exact sum of the present values, and how many there are: of one unit, so that neither half
/// of the sum leaves 64 bits.
pub fn sum(values: &[i64], validity: Option<&Bitmap>, level: Level) -> (i128, u64) {
    let (low, high) = cpu::run(level, Halves { values, validity });
    let count = validity.map_or(values.len(), Bitmap::count_ones);
    ((i128::from(high) << 32) + i128::from(low), count as u64)
}

/// The smallest or the largest present value; `None` of nothing.
pub fn extreme(
    values: &[i64],
    validity: Option<&Bitmap>,
    wants_largest: bool,
    level: Level,
) -> Option<i64> {
    if validity.map_or(values.len(), Bitmap::count_ones) == 0 {
        return None;
    }
    // The order of the complements is the other way round.
    let flip = if wants_largest { -1 } else { 0 };
    Some(cpu::run(level, Smallest { values, validity, flip }) ^ flip)
}

const WORD_ROWS: usize = 64;

/// Bits of the present rows among the 64 of a word.
#[inline(always)]
fn present_bits(validity: Option<&Bitmap>, word: usize) -> u64 {
    validity.map_or(u64::MAX, |validity| validity.word(word))
}

/// Sums of the lower 32 bits, unsigned, and of the bits above them.
struct Halves<'a> {
    values: &'a [i64],
    validity: Option<&'a Bitmap>,
}

impl Work for Halves<'_> {
    type Output = (u64, i64);

    #[inline(always)]
    fn run(self) -> (u64, i64) {
        let (mut low, mut high) = (0, 0);
        for (word, rows) in self.values.chunks(WORD_ROWS).enumerate() {
            let present = present_bits(self.validity, word);
            if present == u64::MAX {
                for value in rows {
                    low += *value as u64 & u64::from(u32::MAX);
                    high += value >> 32;
                }
            } else {
                for (row, value) in rows.iter().enumerate() {
                    let value = value & -((present >> row & 1) as i64);
                    low += value as u64 & u64::from(u32::MAX);
                    high += value >> 32;
                }
            }
        }
        (low, high)
    }
}

/// The smallest of the values, each `xor flip`; the largest number there is of none.
struct Smallest<'a> {
    values: &'a [i64],
    validity: Option<&'a Bitmap>,
    flip: i64,
}

impl Work for Smallest<'_> {
    type Output = i64;

    #[inline(always)]
    fn run(self) -> i64 {
        let mut smallest = i64::MAX;
        for (word, rows) in self.values.chunks(WORD_ROWS).enumerate() {
            let present = present_bits(self.validity, word);
            if present == u64::MAX {
                for value in rows {
                    smallest = smallest.min(value ^ self.flip);
                }
            } else {
                for (row, value) in rows.iter().enumerate() {
                    let missing = (present >> row & 1) as i64 - 1;
                    // All bits but the sign's: the largest number, where the row is missing.
                    let value = (value ^ self.flip) & !missing | missing & i64::MAX;
                    smallest = smallest.min(value);
                }
            }
        }
        smallest
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Every length around the words, every third row missing, and values at the ends.
    #[test]
    fn each_level_gives_what_a_plain_loop_gives() {
        let mut seed = 7_u64;
        let mut random = || {
            seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
            (seed >> 3) as i64 - (1 << 60)
        };
        for len in (0..200).chain([65_535, 65_536]) {
            let mut values: Vec<i64> = (0..len).map(|_| random()).collect();
            for (row, end) in [(1, i64::MIN), (3, i64::MAX), (4, i64::MIN), (66, i64::MAX)] {
                if row < len {
                    values[row] = end;
                }
            }
            let thinned = Bitmap::from_fn(len, |row| row % 3 != 0);
            let empty = Bitmap::repeat(false, len);
            for validity in [None, Some(&thinned), Some(&empty)] {
                let is_present = |row: usize| validity.is_none_or(|bits| bits.get(row));
                let present: Vec<i64> =
                    (0..len).filter(|row| is_present(*row)).map(|row| values[row]).collect();
                let total: i128 = present.iter().map(|value| i128::from(*value)).sum();
                for level in Level::ALL {
                    let (sum, count) = sum(&values, validity, level);
                    assert_eq!((sum, count), (total, present.len() as u64), "{len} {level:?}");
                    let smallest = extreme(&values, validity, false, level);
                    assert_eq!(smallest, present.iter().copied().min(), "{len} {level:?}");
                    let largest = extreme(&values, validity, true, level);
                    assert_eq!(largest, present.iter().copied().max(), "{len} {level:?}");
                }
            }
        }
    }
}
